//! The leaky recurrent cell: a part of the state is kept, and the rest is new.
//!
//! ```text
//! h_t = (1 - α) h_{t-1} + α n_t,  n_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)
//! dL/da_t = α (1 - n_t²) ⊙ dL/dh_t,  dL/dh_{t-1} = W_hhᵀ dL/da_t + (1 - α) dL/dh_t
//! ```
//!
//! Jaeger, Lukoševičius, Popovici and Siewert, "Optimization and applications of echo state networks with leaky-integrator neurons"
//! (2007), section 2, with a step of 1 and the leaking rate α; Bengio, Boulanger-Lewandowski and Pascanu, "Advances in optimizing
//! recurrent networks" (2013), section 3.1. The term (1 - α) dL/dh_t comes back past W_hh: where tanh' = 0, so that a plain cell stops
//! the gradient, (1 - α)^k of it is left after k steps. α = 1 is the tanh cell.
use super::spec::{BackwardStep, Block, CellSpec, ForwardStep, Python, Recurrence, Steps};
use crate::param::Param;
use crate::real::Real;

/// Registry entry.
pub const LEAKY: CellSpec = CellSpec {
    slug: "leaky",
    kind: "leaky",
    kind_title: "leaky RNN",
    activation: None,
    title: "leaky RNN",
    equation: "hₜ = (1 − α) hₜ₋₁ + α tanh(Wₕₕ hₜ₋₁ + Wᵢₕ xₜ + b)",
    does: "Keeps 1 − α of the state at every step: as much of the gradient comes back past Wₕₕ and tanh′, unit by unit.",
    params: &[&ALPHA.spec],
    recurrence: Recurrence::Free,
    gates: 1,
    blocks: &[Block::candidate("n", "candidate")],
    separate: false,
    saved: 0,
    has_cell_state: false,
    derivative_bound: None,
    bounded: true,
    xavier_gain: None,
    module: None,
    python: Python { definition: DEFINITION, step: "leaky" },
    single: Steps { forward: forward::<true, f32>, backward: backward::<true, f32> },
    double: Steps { forward: forward::<true, f64>, backward: backward::<true, f64> },
    wide: Steps { forward: forward::<true, crate::scaled::Wide>, backward: backward::<true, crate::scaled::Wide> },
};

/// α: the share of the state that is new at each step.
pub static ALPHA: Param<f64> = Param::real("cell-alpha", "leaking rate", 0.1, 0.0, 1.0, 0.01)
    .symbol("α")
    .help("The share of the state that is new at each step; 1 − α of it is kept. At 1 it is the plain tanh cell.");

const DEFINITION: &str = r#"def leaky(alpha):
    def step(layer, x, h, c):
        u, v = sums(layer, x, h)
        return (1 - alpha) * h + alpha * torch.tanh(u + v), c

    return step
"#;

/// What is kept of h_{t-1}, and what n_t is multiplied by: 1 - α and α of a cell that leaks, else 1 and the first constant.
fn shares<const LEAKS: bool, R: Real>(of_new: f64) -> [R; 2] {
    [if LEAKS { 1.0 - of_new } else { 1.0 }, of_new].map(R::from_f64)
}

pub(super) fn forward<const LEAKS: bool, R: Real>(step: ForwardStep<'_, R>) {
    mix(shares::<LEAKS, R>(step.constants[0]), step);
}

pub(super) fn backward<const LEAKS: bool, R: Real>(step: BackwardStep<'_, R>) {
    mix_back(shares::<LEAKS, R>(step.constants[0]), step);
}

/// h_t = keep h_{t-1} + add tanh(a_t). Once in the program for both cells that do so.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn mix<R: Real>([keep, add]: [R; 2], step: ForwardStep<'_, R>) {
    R::tanh_all(step.pre_activation);
    for ((hidden, before), new) in step.hidden.iter_mut().zip(step.hidden_before).zip(step.pre_activation) {
        *hidden = keep * *before + add * *new;
    }
}

/// dL/da_t = add tanh'(a_t) ⊙ dL/dh_t, and keep dL/dh_t past the matrix.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn mix_back<R: Real>([keep, add]: [R; 2], step: BackwardStep<'_, R>) {
    let out = step.input.iter_mut().zip(step.direct);
    for (((through, direct), gradient), new) in out.zip(step.hidden_gradient).zip(step.blocks) {
        *through = *gradient * add * (R::ONE - *new * *new);
        *direct = keep * *gradient;
    }
}
