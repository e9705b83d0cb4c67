//! Xavier initialisation with normal entries.
//!
//! ```text
//! W_ij ~ N(0, g² · 2 / (fan_in + fan_out))
//! ```
//!
//! Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010), equation 12,
//! which asks for this variance; the paper draws it uniformly (equation 16), PyTorch offers both, with the factor g. In a
//! recurrent block fan_in = fan_out = n, and it is the Gaussian N(0, g²/n) to the last bit.
use super::spec::{Distribution, Ingredient, RecurrentSpec};

/// Registry entry.
pub const SPEC: RecurrentSpec = RecurrentSpec {
    slug: "xavier-normal",
    title: "Xavier, normal",
    equation: "W_ij ~ N(0, 2g²/(fan_in + fan_out))",
    source: "Glorot and Bengio 2010, equation 12",
    help: "A square block is the Gaussian one: eigenvalues fill a disc of radius about g, the norm is near 2 g.",
    uses: &[Ingredient::Gain],
    distribution: Some(distribution),
    build: |recipe, n, stream| distribution(n, n, recipe.gain).sample(n, n, stream),
};

fn distribution(rows: usize, columns: usize, gain: f64) -> Distribution {
    Distribution::Normal { standard_deviation: gain * (2.0 / (rows + columns) as f64).sqrt() }
}

#[cfg(test)]
mod tests {
    use crate::recurrent::bound_and_std;

    #[test]
    fn worked_deviations_of_square_and_rectangular_matrices() {
        assert_eq!(bound_and_std("xavier-normal", 64, 64, 1.0), Some((None, 0.125)));
        assert_eq!(bound_and_std("xavier-normal", 30, 2, 2.0), Some((None, 0.5)));
    }
}
