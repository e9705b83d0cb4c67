//! The plain (Elman) recurrent cell, with four activations.
//!
//! ```text
//! h_t = φ(a_t),  a_t = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh
//! dL/da_t = φ'(a_t) ⊙ dL/dh_t,  dL/dh_{t-1} = W_hhᵀ dL/da_t
//! ```
//!
//! Elman, "Finding structure in time" (1990), eq. as in PyTorch's `nn.RNN`. φ' is computed from h_t = φ(a_t): 1 - h²
//! for tanh, h (1 - h) for the sigmoid, [h > 0] for ReLU (so that ReLU'(0) = 0, as in PyTorch), 1 for the linear cell.
use super::{BackwardStep, CellSpec, ForwardStep, Steps};
use crate::network::Real;

/// φ(a) = a.
pub const LINEAR: CellSpec = spec::<Linear>("linear", "linear RNN", "h_t = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh");
/// φ = tanh.
pub const TANH: CellSpec = spec::<Tanh>("tanh", "tanh RNN", "h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)");
/// φ(a) = max(a, 0).
pub const RELU: CellSpec = spec::<Relu>("relu", "ReLU RNN", "h_t = max(0, W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)");
/// φ(a) = 1 / (1 + e^-a).
pub const SIGMOID: CellSpec =
    spec::<Sigmoid>("sigmoid", "sigmoid RNN", "h_t = σ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)");

/// An activation and its derivative as a function of the activation's value.
trait Activation {
    /// sup |φ'|.
    const DERIVATIVE_BOUND: f64;
    /// φ(a).
    fn value<R: Real>(a: R) -> R;
    /// φ'(a), from h = φ(a).
    fn derivative<R: Real>(h: R) -> R;
}

struct Linear;
struct Tanh;
struct Relu;
struct Sigmoid;

impl Activation for Linear {
    const DERIVATIVE_BOUND: f64 = 1.0;
    fn value<R: Real>(a: R) -> R {
        a
    }
    fn derivative<R: Real>(_: R) -> R {
        R::ONE
    }
}

impl Activation for Tanh {
    const DERIVATIVE_BOUND: f64 = 1.0;
    fn value<R: Real>(a: R) -> R {
        a.tanh()
    }
    fn derivative<R: Real>(h: R) -> R {
        R::ONE - h * h
    }
}

impl Activation for Relu {
    const DERIVATIVE_BOUND: f64 = 1.0;
    fn value<R: Real>(a: R) -> R {
        // NaN stays NaN: an overflow must not be hidden.
        if a > R::ZERO || a.is_nan() { a } else { R::ZERO }
    }
    fn derivative<R: Real>(h: R) -> R {
        if h > R::ZERO { R::ONE } else { R::ZERO }
    }
}

impl Activation for Sigmoid {
    const DERIVATIVE_BOUND: f64 = 0.25;
    fn value<R: Real>(a: R) -> R {
        a.sigmoid()
    }
    fn derivative<R: Real>(h: R) -> R {
        h * (R::ONE - h)
    }
}

const fn spec<A: Activation>(slug: &'static str, title: &'static str, equation: &'static str) -> CellSpec {
    CellSpec {
        slug,
        title,
        equation,
        gates: 1,
        saved: 0,
        has_cell_state: false,
        derivative_bound: Some(A::DERIVATIVE_BOUND),
        single: Steps { forward: forward::<A, f32>, backward: backward::<A, f32> },
        double: Steps { forward: forward::<A, f64>, backward: backward::<A, f64> },
        wide: Steps { forward: forward::<A, crate::scaled::Wide>, backward: backward::<A, crate::scaled::Wide> },
    }
}

fn forward<A: Activation, R: Real>(step: ForwardStep<'_, R>) {
    for ((h, u), v) in step.hidden.iter_mut().zip(step.input).zip(step.recurrent) {
        *h = A::value(*u + *v);
    }
}

fn backward<A: Activation, R: Real>(step: BackwardStep<'_, R>) {
    for (j, (gradient, h)) in step.hidden_gradient.iter().zip(step.hidden).enumerate() {
        let through = *gradient * A::derivative(*h);
        step.input[j] = through;
        step.recurrent[j] = through;
        step.direct[j] = R::ZERO;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_agree_with_differences_and_stay_under_their_bound() {
        fn check<A: Activation>() {
            for a in [-3.0, -0.7, 0.4, 2.1] {
                let difference = (A::value(a + 1e-6) - A::value(a - 1e-6)) / 2e-6;
                let derivative = A::derivative(A::value(a));
                assert!((difference - derivative).abs() < 1e-9, "{a}: {difference} {derivative}");
                assert!(derivative.abs() <= A::DERIVATIVE_BOUND);
            }
        }
        check::<Linear>();
        check::<Tanh>();
        check::<Relu>();
        check::<Sigmoid>();
    }

    #[test]
    fn relu_has_no_slope_at_its_kink_and_keeps_nan() {
        assert_eq!(Relu::derivative(Relu::value(0.0f64)), 0.0);
        assert!(Relu::value(f64::NAN).is_nan());
    }
}
