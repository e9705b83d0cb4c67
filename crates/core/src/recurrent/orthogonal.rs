//! A multiple of a random orthogonal matrix.
//!
//! ```text
//! W = g Q,   Q Haar-distributed, QᵀQ = I: all singular values are g, all eigenvalues lie on the circle of radius g
//! ```
//!
//! Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks"
//! (2014). In a linear cell at g = 1 the norm of the gradient is kept, and no direction dominates.
use super::spec::{Ingredient, RecurrentSpec};
use crate::spectral::haar_orthogonal;

/// Registry entry.
pub const SPEC: RecurrentSpec = RecurrentSpec {
    slug: "orthogonal",
    title: "orthogonal",
    equation: "W = g Q, QᵀQ = I",
    source: "Saxe, McClelland and Ganguli 2014",
    help: "Every singular value is the gain g and every eigenvalue lies on the circle of radius g.",
    uses: &[Ingredient::Gain],
    distribution: None,
    build: |recipe, n, stream| haar_orthogonal(n, stream) * recipe.gain,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;
    use crate::recurrent::Recipe;
    use nalgebra::DMatrix;

    fn made(gain: f64, n: usize, seed: u64) -> DMatrix<f64> {
        let recipe = Recipe { gain, eigenvalues: Vec::new(), pairs: Vec::new(), departure: 0.0 };
        (SPEC.build)(&recipe, n, &mut Stream::new(seed, "test"))
    }

    #[test]
    fn the_gram_matrix_is_the_square_of_the_gain() {
        for seed in 0..5 {
            let w = made(1.1, 8, seed);
            assert!((w.transpose() * &w - DMatrix::identity(8, 8) * 1.21).amax() < 1e-14);
        }
    }

    #[test]
    fn a_block_of_one_is_plus_or_minus_the_gain() {
        let signs: Vec<f64> = (0..40).map(|seed| made(1.5, 1, seed)[(0, 0)]).collect();
        assert!(signs.iter().all(|x| x.abs() == 1.5));
        assert!(signs.contains(&1.5) && signs.contains(&-1.5));
    }
}
