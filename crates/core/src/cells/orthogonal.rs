//! The orthogonal recurrent cell: a plain tanh cell whose recurrent matrix is orthogonal by construction.
//!
//! ```text
//! h_t = tanh(W_ih x_t + b_ih + Q h_{t-1} + b_hh),  Q = (I + A)⁻¹ (I - A),  A = U - Uᵀ
//! U: W_hh above its diagonal, all else of W_hh has no effect
//! Q = 2 P - I,  P = (I + A)⁻¹,  dL/dA = -2 Pᵀ (dL/dQ) Pᵀ,  dL/dU_ij = dL/dA_ij - dL/dA_ji for i < j
//! ```
//!
//! Helfrich, Willmott and Ye, "Orthogonal recurrent neural networks with scaled Cayley transform" (2018), section 3, with D = I: so all
//! rotations but those with an eigenvalue -1, and none that reflect. Unitary matrices: Arjovsky, Shah and Bengio (2016). The paper's
//! activation is modReLU; here it is tanh, so that what is left to vanish is tanh' alone. All singular values of Q are 1 at every
//! update, where orthogonal initialisation has them so at the first.
use super::antisymmetric::{skew, through_skew};
use super::rnn::TANH;
use super::spec::{CellSpec, Constants, Effective, Python, Recurrence};

/// Registry entry.
pub const ORTHOGONAL: CellSpec = CellSpec {
    slug: "orthogonal",
    kind: "orthogonal",
    kind_title: "orthogonal RNN",
    activation: None,
    title: "orthogonal RNN",
    equation: "hₜ = tanh(Q hₜ₋₁ + Wᵢₕ xₜ + b), Q = (I + A)⁻¹ (I − A), A = U − Uᵀ, U: Wₕₕ above its diagonal",
    does: "Makes the recurrent matrix of an antisymmetric one, so that Qᵀ Q = I at every update: Qᵀ keeps the gradient’s length, and only tanh′ shortens it.",
    recurrence: Recurrence::Made(Effective { make, back }),
    module: None,
    python: Python { definition: DEFINITION, step: "orthogonal" },
    ..TANH
};

const DEFINITION: &str = r#"def orthogonal(layer, x, h, c):
    U = torch.triu(weights[f"weight_hh_l{layer}"], 1)
    A, I = U - U.T, torch.eye(len(U), dtype=U.dtype)
    v = torch.linalg.solve(I + A, I - A) @ h + weights[f"bias_hh_l{layer}"]
    u = weights[f"weight_ih_l{layer}"] @ x + weights[f"bias_ih_l{layer}"]
    return torch.tanh(u + v), c
"#;

/// (I + A)⁻¹ by elimination without pivoting: xᵀ (I + A) x = xᵀ x, so no pivot is below 1; what rounding leaves grows with the square of A.
fn inverse(w_hh: &[f64], n: usize) -> Vec<f64> {
    let mut p = skew(w_hh, n);
    p.iter_mut().step_by(n + 1).for_each(|x| *x = 1.0);
    for k in 0..n {
        let pivot = 1.0 / p[k * n + k];
        p[k * n + k] = 1.0;
        p[k * n..(k + 1) * n].iter_mut().for_each(|x| *x *= pivot);
        let row = p[k * n..(k + 1) * n].to_vec();
        for (_, other) in p.chunks_exact_mut(n).enumerate().filter(|(i, _)| *i != k) {
            let factor = std::mem::take(&mut other[k]);
            other.iter_mut().zip(&row).for_each(|(x, y)| *x -= factor * y);
        }
    }
    p
}

fn make(w_hh: &[f64], n: usize, _: Constants) -> Vec<f64> {
    let mut q = inverse(w_hh, n);
    q.iter_mut().for_each(|x| *x *= 2.0);
    q.iter_mut().step_by(n + 1).for_each(|x| *x -= 1.0);
    q
}

fn back(w_hh: &[f64], n: usize, of_made: &[f64]) -> Vec<f64> {
    let p = inverse(w_hh, n);
    // (Pᵀ G)_ij = Σ_k P_ki G_kj, and (· Pᵀ)_ij = Σ_k ·_ik P_jk.
    let mut left = vec![0.0; n * n];
    for (of_p, of_g) in p.chunks_exact(n).zip(of_made.chunks_exact(n)) {
        for (row, factor) in left.chunks_exact_mut(n).zip(of_p) {
            row.iter_mut().zip(of_g).for_each(|(x, g)| *x += factor * g);
        }
    }
    let entry = |row: &[f64], of_p: &[f64]| -2.0 * row.iter().zip(of_p).map(|(x, y)| x * y).sum::<f64>();
    let of_a: Vec<f64> =
        left.chunks_exact(n).flat_map(|row| p.chunks_exact(n).map(move |of_p| entry(row, of_p))).collect();
    through_skew(&of_a, n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;
    use nalgebra::DMatrix;

    #[test]
    fn the_matrix_is_orthogonal_however_large_the_parameters_and_the_identity_where_they_are_zero() {
        for size in [0.0, 0.3, 3.0, 30.0] {
            let free: Vec<f64> = Stream::new(1, "test").normals(81).iter().map(|x| size * x).collect();
            let q = DMatrix::from_row_slice(9, 9, &make(&free, 9, [0.0; 2]));
            let off = (q.transpose() * &q - DMatrix::identity(9, 9)).amax();
            assert!(off < 1e-11, "{size}: {off}");
            assert!(size > 0.0 || q == DMatrix::identity(9, 9));
        }
    }

    #[test]
    fn the_gradient_through_the_transform_is_its_slope() {
        let (mut stream, n) = (Stream::new(2, "test"), 5);
        let (free, weight) = (stream.normals(n * n), stream.normals(n * n));
        let value = |free: &[f64]| -> f64 { make(free, n, [0.0; 2]).iter().zip(&weight).map(|(q, w)| q * w).sum() };
        for (i, found) in back(&free, n, &weight).into_iter().enumerate() {
            let moved = |by: f64| {
                let mut free = free.clone();
                free[i] += by;
                value(&free)
            };
            let slope = (moved(1e-6) - moved(-1e-6)) / 2e-6;
            assert!((found - slope).abs() < 1e-8, "{i}: {found} {slope}");
        }
    }
}
