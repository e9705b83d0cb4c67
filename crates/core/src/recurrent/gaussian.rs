//! Independent normal entries.
//!
//! ```text
//! W_ij ~ N(0, g²/n)
//! ```
//!
//! Sompolinsky, Crisanti and Sommers, "Chaos in random neural networks" (1988), where g = 1 is the edge of chaos of a
//! large tanh network without input. The eigenvalues fill a disc of radius g (Girko's circular law) and the largest
//! singular value tends to 2 g: at n = 256 they are about 1.03 g and 1.97 g. A matrix with `columns` ≠ n has N(0,
//! g²/columns), so that W h is as large as h.
use super::spec::{Distribution, Ingredient, RecurrentSpec};

/// Registry entry.
pub const SPEC: RecurrentSpec = RecurrentSpec {
    slug: "gaussian",
    title: "Gaussian",
    equation: "W_ij ~ N(0, g²/n)",
    source: "Sompolinsky, Crisanti and Sommers 1988",
    help: "Eigenvalues fill a disc of radius about g; the largest singular value is near 2 g: far from normal.",
    uses: &[Ingredient::Gain],
    distribution: Some(distribution),
    build: |recipe, n, stream| distribution(n, n, recipe.gain).sample(n, n, stream),
};

fn distribution(_rows: usize, columns: usize, gain: f64) -> Distribution {
    Distribution::Normal { standard_deviation: gain * (1.0 / columns as f64).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;
    use crate::recurrent::{Recipe, bound_and_std, xavier_normal};

    #[test]
    fn worked_deviation() {
        assert_eq!(bound_and_std("gaussian", 7, 64, 2.0), Some((None, 0.25)));
    }

    #[test]
    fn a_square_block_is_that_of_xavier_with_normal_entries_and_its_first_entries_never_change() {
        let recipe = Recipe { gain: 1.0, eigenvalues: Vec::new(), pairs: Vec::new(), departure: 0.0 };
        for n in [1, 3, 10] {
            let made = |spec: &RecurrentSpec| (spec.build)(&recipe, n, &mut Stream::new(1, "test"));
            assert_eq!(made(&SPEC), made(&xavier_normal::SPEC));
        }
        let w = (SPEC.build)(&recipe, 4, &mut Stream::new(1, "pinned"));
        assert_eq!([w[(0, 0)], w[(0, 1)], w[(3, 3)]], [-0.7212627539905312, 0.09077595335578502, -0.01673689057308058]);
    }
}
