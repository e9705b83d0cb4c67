//! The plain (Elman) recurrent cell, with four activations.
//!
//! ```text
//! h_t = φ(a_t),  a_t = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh
//! dL/da_t = φ'(a_t) ⊙ dL/dh_t,  dL/dh_{t-1} = W_hhᵀ dL/da_t
//! ```
//!
//! Elman, "Finding structure in time" (1990), eq. as in PyTorch's `nn.RNN`. φ' is computed from h_t = φ(a_t): 1 - h²
//! for tanh, h (1 - h) for the sigmoid, [h > 0] for ReLU (so that ReLU'(0) = 0, as in PyTorch), 1 for the linear cell.
use super::spec::{BackwardStep, Block, CellSpec, ForwardStep, Python, Recurrence, Steps};
use crate::real::Real;
use crate::scaled::Wide;

/// φ(a) = a: the gradient is multiplied by W_hhᵀ and nothing else.
pub const LINEAR: CellSpec = spec::<Linear>("linear", "linear RNN", "hₜ = Wᵢₕ xₜ + bᵢₕ + Wₕₕ hₜ₋₁ + bₕₕ");
/// φ = tanh, PyTorch's default for `nn.RNN`.
pub const TANH: CellSpec = spec::<Tanh>("tanh", "tanh RNN", "hₜ = tanh(Wᵢₕ xₜ + bᵢₕ + Wₕₕ hₜ₋₁ + bₕₕ)");
/// φ(a) = max(a, 0).
pub const RELU: CellSpec = spec::<Relu>("relu", "ReLU RNN", "hₜ = max(0, Wᵢₕ xₜ + bᵢₕ + Wₕₕ hₜ₋₁ + bₕₕ)");
/// φ(a) = 1 / (1 + e^-a).
pub const SIGMOID: CellSpec = spec::<Sigmoid>("sigmoid", "sigmoid RNN", "hₜ = sigm(Wᵢₕ xₜ + bᵢₕ + Wₕₕ hₜ₋₁ + bₕₕ)");

/// An activation and its derivative as a function of the activation's value.
trait Activation {
    /// sup |φ'| over all pre-activations.
    const DERIVATIVE_BOUND: f64;
    /// Whether φ stays within -1..=1.
    const BOUNDED: bool;
    /// `nn.init.calculate_gain`.
    const XAVIER_GAIN: f64;
    /// Whether PyTorch's `nn.RNN` has it.
    const IN_PYTORCH: bool;
    /// The step as an expression in Python: see [`Python::step`].
    const PYTHON: &'static str;
    /// The only block: the state.
    const BLOCKS: &'static [Block];
    /// a → φ(a), each.
    fn apply<R: Real>(values: &mut [R]);
    /// φ'(a), from h = φ(a).
    fn derivative<R: Real>(h: R) -> R;
}

/// The state as a block with that slope.
const fn state(slope: fn(f64) -> f64) -> Block {
    Block { symbol: "h", name: "state", gate: false, slope }
}

struct Linear;
struct Tanh;
struct Relu;
struct Sigmoid;

impl Activation for Linear {
    const DERIVATIVE_BOUND: f64 = 1.0;
    const BOUNDED: bool = false;
    const XAVIER_GAIN: f64 = 1.0;
    const IN_PYTORCH: bool = false;
    const PYTHON: &'static str = "rnn(lambda a: a)";
    const BLOCKS: &'static [Block] = &[state(Self::derivative::<f64>)];
    fn apply<R: Real>(_: &mut [R]) {}
    fn derivative<R: Real>(_: R) -> R {
        R::ONE
    }
}

impl Activation for Tanh {
    const DERIVATIVE_BOUND: f64 = 1.0;
    const BOUNDED: bool = true;
    const XAVIER_GAIN: f64 = 5.0 / 3.0;
    const IN_PYTORCH: bool = true;
    const PYTHON: &'static str = "rnn(torch.tanh)";
    const BLOCKS: &'static [Block] = &[state(Self::derivative::<f64>)];
    fn apply<R: Real>(values: &mut [R]) {
        R::tanh_all(values);
    }
    fn derivative<R: Real>(h: R) -> R {
        R::ONE - h * h
    }
}

impl Activation for Relu {
    const DERIVATIVE_BOUND: f64 = 1.0;
    const BOUNDED: bool = false;
    const XAVIER_GAIN: f64 = std::f64::consts::SQRT_2;
    const IN_PYTORCH: bool = true;
    const PYTHON: &'static str = "rnn(torch.relu)";
    const BLOCKS: &'static [Block] = &[state(Self::derivative::<f64>)];
    fn apply<R: Real>(values: &mut [R]) {
        // NaN stays NaN, because it is not below zero: an overflow must not be hidden.
        values.iter_mut().for_each(|a| *a = if *a < R::ZERO { R::ZERO } else { *a });
    }
    fn derivative<R: Real>(h: R) -> R {
        if h > R::ZERO { R::ONE } else { R::ZERO }
    }
}

impl Activation for Sigmoid {
    const DERIVATIVE_BOUND: f64 = 0.25;
    const BOUNDED: bool = true;
    const XAVIER_GAIN: f64 = 1.0;
    const IN_PYTORCH: bool = false;
    const PYTHON: &'static str = "rnn(torch.sigmoid)";
    const BLOCKS: &'static [Block] = &[state(Self::derivative::<f64>)];
    fn apply<R: Real>(values: &mut [R]) {
        R::sigmoid_all(values);
    }
    fn derivative<R: Real>(h: R) -> R {
        h * (R::ONE - h)
    }
}

const fn spec<A: Activation>(slug: &'static str, title: &'static str, equation: &'static str) -> CellSpec {
    CellSpec {
        slug,
        kind: "rnn",
        kind_title: "RNN",
        activation: Some(slug),
        title,
        equation,
        does: "Has no way back but Wₕₕ and φ′, at every step anew.",
        params: &[],
        recurrence: Recurrence::Free,
        gates: 1,
        blocks: A::BLOCKS,
        separate: false,
        saved: 0,
        has_cell_state: false,
        derivative_bound: Some(A::DERIVATIVE_BOUND),
        bounded: A::BOUNDED,
        xavier_gain: Some(A::XAVIER_GAIN),
        module: if A::IN_PYTORCH { Some("RNN") } else { None },
        python: Python { definition: DEFINITION, step: A::PYTHON },
        single: Steps { forward: forward::<A, f32>, backward: backward::<A, f32> },
        double: Steps { forward: forward::<A, f64>, backward: backward::<A, f64> },
        wide: Steps { forward: forward::<A, Wide>, backward: backward::<A, Wide> },
    }
}

const DEFINITION: &str = r#"def rnn(activation):
    def step(layer, x, h, c):
        u, v = sums(layer, x, h)
        return activation(u + v), c

    return step
"#;

impl CellSpec {
    /// Whether h_t is a linear function of h_{t-1}, so that the eigenvalues of W_hh alone decide.
    pub fn is_linear(&self) -> bool {
        *self == LINEAR
    }
}

#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn forward<A: Activation, R: Real>(step: ForwardStep<'_, R>) {
    A::apply(step.pre_activation);
    step.hidden.copy_from_slice(step.pre_activation);
}

#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn backward<A: Activation, R: Real>(step: BackwardStep<'_, R>) {
    for ((through, gradient), h) in step.input.iter_mut().zip(step.hidden_gradient).zip(step.hidden) {
        *through = *gradient * A::derivative(*h);
    }
    step.direct.fill(R::ZERO);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value<A: Activation>(a: f64) -> f64 {
        let mut values = [a];
        A::apply(&mut values);
        values[0]
    }

    #[test]
    fn derivatives_agree_with_differences_and_stay_under_their_bound() {
        fn check<A: Activation>() {
            for a in [-3.0, -0.7, 0.4, 2.1] {
                let difference = (value::<A>(a + 1e-6) - value::<A>(a - 1e-6)) / 2e-6;
                let derivative = A::derivative(value::<A>(a));
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
    fn an_activation_stays_within_one_if_it_says_so() {
        fn check<A: Activation>() {
            let largest = [-1e3, -2.0, 2.0, 1e3].map(|a| value::<A>(a).abs()).into_iter().fold(0.0, f64::max);
            assert_eq!(largest <= 1.0, A::BOUNDED, "{largest}");
        }
        check::<Linear>();
        check::<Tanh>();
        check::<Relu>();
        check::<Sigmoid>();
        assert!(LINEAR.is_linear() && !TANH.is_linear() && !RELU.is_linear() && !crate::cells::LSTM.is_linear());
    }

    #[test]
    fn relu_has_no_slope_at_its_kink_and_keeps_nan() {
        assert_eq!(Relu::derivative(value::<Relu>(0.0)), 0.0);
        assert!(value::<Relu>(f64::NAN).is_nan());
    }
}
