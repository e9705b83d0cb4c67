//! Xavier initialisation with uniform entries, and the gains that go with activations.
//!
//! ```text
//! W_ij ~ U(-a, a),   a = g √(6 / (fan_in + fan_out))
//! ```
//!
//! Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010), equation 16,
//! with PyTorch's factor g. fan_in is the number of columns, fan_out that of rows; both are n for a recurrent block, whose
//! entries then have the variance g²/n: radius about 1.03 g and largest singular value about 1.97 g at n = 256.
use super::spec::{Distribution, Ingredient, RecurrentSpec};

/// Registry entry.
pub const SPEC: RecurrentSpec = RecurrentSpec {
    slug: "xavier-uniform",
    title: "Xavier, uniform",
    equation: "W_ij ~ U(±g √(6/(fan_in + fan_out)))",
    source: "Glorot and Bengio 2010, equation 16",
    help: "As a Gaussian matrix of gain g: eigenvalues fill a disc of radius about g, the norm is near 2 g.",
    uses: &[Ingredient::Gain],
    distribution: Some(distribution),
    build: |recipe, n, stream| distribution(n, n, recipe.gain).sample(n, n, stream),
};

fn distribution(rows: usize, columns: usize, gain: f64) -> Distribution {
    Distribution::Uniform { bound: gain * (6.0 / (rows + columns) as f64).sqrt() }
}

#[cfg(test)]
mod tests {
    use crate::recurrent::bound_and_std;

    #[test]
    fn worked_bounds_of_square_and_rectangular_matrices() {
        // √(6/128) and √(2/128) = 1/8; √(6/54) = 1/3.
        let (bound, deviation) = bound_and_std("xavier-uniform", 64, 64, 1.0).unwrap();
        assert!((bound.unwrap() - 0.21650635094610965).abs() < 1e-16);
        assert!((deviation - 0.125).abs() < 1e-16);
        let (bound, deviation) = bound_and_std("xavier-uniform", 50, 4, 3.0).unwrap();
        assert!((bound.unwrap() - 1.0).abs() < 1e-15);
        assert!((deviation - 1.0 / 3.0f64.sqrt()).abs() < 1e-15);
    }
}
