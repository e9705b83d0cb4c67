//! Backpropagation through time for any cell of the registry.
//!
//! ```text
//! forward    h_t, c_t = cell(W_ih x_t + b_ih, W_hh h_{t-1} + b_hh, h_{t-1}, c_{t-1}),  y_t = W_out h_t + b_out
//! backward   dL/dh_{t-1} = W_hhᵀ dL/dv_t + direct_t + (direct loss term at t-1)
//!            dL/dW_hh = Σ_t dL/dv_t h_{t-1}ᵀ,  dL/dW_ih = Σ_t dL/du_t x_tᵀ
//! ```
//!
//! Werbos, "Backpropagation through time: what it does and how to do it" (1990). Arrays are time-major and row-major:
//! `inputs[t][sequence][feature]`; the input of a higher layer is the state of the one below it. Training and studies use
//! the same passes ([`Workspace`]): training in f32 with plain numbers, studies in f64 with a power of two carried beside
//! the vectors that travel back, so that a norm of 1e-5000 is found as such. Where the forward pass itself overflows f64,
//! [`study`] repeats it in [`Wide`](crate::scaled::Wide).
mod alone;
mod backward;
mod effective;
mod factors;
mod forward;
mod jacobian;
mod loss;
pub mod normalize;
mod normalized;
mod omega;
mod range;
mod sequences;
mod stacked;
mod study;
mod truncation;
mod workspace;

pub use backward::{Gradient, Unwatched, Watch};
pub use factors::LayerFactors;
pub use loss::Targets;
pub use range::{LEAST, Range};
pub use sequences::Sequences;
pub use stacked::{StackPass, inputs_of_layer, stack_study};
pub use study::{BackwardPass, Changes, LayerPass, changed_study, log10_global_norm, study, truncated_study};
pub use truncation::{Segment, Truncation};
pub use workspace::Workspace;
