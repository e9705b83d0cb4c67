//! The antisymmetric recurrent cell: a step of a differential equation whose linear part turns and does not stretch.
//!
//! ```text
//! h_t = h_{t-1} + ε tanh(W_ih x_t + b_ih + W h_{t-1} + b_hh),  W = U - Uᵀ - γ I
//! U: W_hh above its diagonal, all else of W_hh has no effect
//! dL/dh_{t-1} = dL/dh_t + ε Wᵀ (tanh'(a_t) ⊙ dL/dh_t),  dL/dU_ij = dL/dW_ij - dL/dW_ji for i < j
//! ```
//!
//! Chang, Chen, Haber and Chi, "AntisymmetricRNN: a dynamical system view on recurrent neural networks" (2019), section 3, which
//! recommends the strictly upper triangle as parameters. The eigenvalues of U - Uᵀ lie on the imaginary axis, so that the differential
//! equation h' = tanh(W h + ...) neither amplifies nor forgets; the Euler step makes 1 + iεω of each, slightly outside of the unit
//! circle, and γ > 0 (the paper's diffusion) brings it back. The 1 is the term dL/dh_t, which comes back undiminished.
use super::leaky::{backward, forward};
use super::spec::{Block, CellSpec, Constants, Effective, Python, Recurrence, Steps};
use crate::param::Param;
use crate::scaled::Wide;

/// Registry entry.
pub const ANTISYMMETRIC: CellSpec = CellSpec {
    slug: "antisymmetric",
    kind: "antisymmetric",
    kind_title: "antisymmetric RNN",
    activation: None,
    title: "antisymmetric RNN",
    equation: "hₜ = hₜ₋₁ + ε tanh((U − Uᵀ − γ I) hₜ₋₁ + Wᵢₕ xₜ + b), U: Wₕₕ above its diagonal",
    does: "Adds a small turn to the state: the gradient comes back whole, and U − Uᵀ turns it without making it longer or shorter, but for ε².",
    params: &[&EPSILON.spec, &GAMMA.spec],
    recurrence: Recurrence::Made(Effective { make, back }),
    gates: 1,
    blocks: &[Block::candidate("n", "candidate")],
    separate: false,
    saved: 0,
    has_cell_state: false,
    derivative_bound: None,
    bounded: false,
    xavier_gain: None,
    module: None,
    python: Python { definition: DEFINITION, step: "antisymmetric" },
    single: Steps { forward: forward::<false, f32>, backward: backward::<false, f32> },
    double: Steps { forward: forward::<false, f64>, backward: backward::<false, f64> },
    wide: Steps { forward: forward::<false, Wide>, backward: backward::<false, Wide> },
};

/// ε: the length of a step.
pub static EPSILON: Param<f64> = Param::real("cell-epsilon", "step size", 0.1, 0.01, 1.0, 0.01)
    .symbol("ε")
    .help("How far the state moves at each step; the smaller, the closer to the differential equation that keeps the gradient’s length.");

/// γ: the diffusion.
pub static GAMMA: Param<f64> = Param::real("cell-gamma", "diffusion", 0.0, 0.0, 2.0, 0.01)
    .symbol("γ")
    .help("What is taken off the diagonal of the recurrent matrix, against the growth that finite steps bring.");

const DEFINITION: &str = r#"def antisymmetric(epsilon, gamma):
    def step(layer, x, h, c):
        U = torch.triu(weights[f"weight_hh_l{layer}"], 1)
        v = (U - U.T) @ h - gamma * h + weights[f"bias_hh_l{layer}"]
        u = weights[f"weight_ih_l{layer}"] @ x + weights[f"bias_ih_l{layer}"]
        return h + epsilon * torch.tanh(u + v), c

    return step
"#;

fn make(w_hh: &[f64], n: usize, constants: Constants) -> Vec<f64> {
    let mut made = skew(w_hh, n);
    made.iter_mut().step_by(n + 1).for_each(|w| *w = -constants[1]);
    made
}

fn back(_: &[f64], n: usize, of_made: &[f64]) -> Vec<f64> {
    through_skew(of_made, n)
}

/// U - Uᵀ, with U the part of a matrix above its diagonal.
pub(super) fn skew(w_hh: &[f64], n: usize) -> Vec<f64> {
    let mut made = vec![0.0; n * n];
    for i in 0..n {
        for j in i + 1..n {
            (made[i * n + j], made[j * n + i]) = (w_hh[i * n + j], -w_hh[i * n + j]);
        }
    }
    made
}

/// dL/dW_hh from the gradient of U - Uᵀ: zero on and below the diagonal.
pub(super) fn through_skew(of_made: &[f64], n: usize) -> Vec<f64> {
    let mut of_free = vec![0.0; n * n];
    for i in 0..n {
        for j in i + 1..n {
            of_free[i * n + j] = of_made[i * n + j] - of_made[j * n + i];
        }
    }
    of_free
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamics;
    use crate::random::Stream;
    use nalgebra::DMatrix;

    #[test]
    fn the_matrix_has_minus_gamma_as_the_real_part_of_all_its_eigenvalues() {
        let made = make(&Stream::new(1, "test").normals(49), 7, [0.1, 0.3]);
        let eigenvalues = dynamics::eigenvalues(&DMatrix::from_row_slice(7, 7, &made));
        assert!(eigenvalues.iter().all(|(re, _)| (re + 0.3).abs() < 1e-12), "{eigenvalues:?}");
        assert!(eigenvalues.iter().any(|(_, im)| im.abs() > 1.0));
    }
}
