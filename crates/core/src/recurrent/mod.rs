//! The REGISTRY of ways to make a recurrent matrix: one file and one line each.
//!
//! W_hh is one square n by n block in a plain cell; in an LSTM or a GRU every gate has a block of its own, each made by
//! a call of [`RecurrentSpec::build`] on one stream, gate after gate. So fan_in = fan_out = n; PyTorch's initialisers,
//! called on the whole stack of `gates` blocks at once, would count fan_out = gates · n and make smaller weights.
//!
//! What the random kinds do to the spectrum at n = 256 and gain 1 (ρ = max |λ|, σ₁ = the largest singular value):
//!
//! | kind | ρ | σ₁ |
//! |---|---|---|
//! | Gaussian N(0, 1/n), square Xavier (uniform or normal) | about 1.03 | about 1.97 |
//! | PyTorch's default U(±1/√n), which is 1/√3 of that | about 0.60 | about 1.14 |
//! | orthogonal, identity | 1 | 1 |
mod gaussian;
mod identity;
mod orthogonal;
mod pytorch;
mod spec;
mod spectrum;
mod symmetric;
mod xavier_normal;
mod xavier_uniform;

use nalgebra::DMatrix;

pub use gaussian::SPEC as GAUSSIAN;
pub use orthogonal::SPEC as ORTHOGONAL;
pub use spec::{Distribution, Ingredient, Recipe, RecurrentSpec};
pub use spectrum::complex_spectrum;
pub use symmetric::symmetric_spectrum;
pub use xavier_uniform::SPEC as XAVIER_UNIFORM;

/// All kinds, in the order of the menu.
pub static ALL: &[&RecurrentSpec] = &[
    &symmetric::SPEC,
    &spectrum::SPEC,
    &orthogonal::SPEC,
    &identity::SPEC,
    &gaussian::SPEC,
    &xavier_uniform::SPEC,
    &xavier_normal::SPEC,
    &pytorch::SPEC,
];

/// The kind of that slug.
pub fn find(slug: &str) -> Option<&'static RecurrentSpec> {
    ALL.iter().find(|spec| spec.slug == slug).copied()
}

/// The bound (if there is one) and the standard deviation of the entries of a `rows` (fan_out) by `columns` (fan_in)
/// matrix of that kind; `None` if its entries are not independent of one law.
pub fn bound_and_std(slug: &str, rows: usize, columns: usize, gain: f64) -> Option<(Option<f64>, f64)> {
    let distribution = (find(slug)?.distribution?)(rows, columns, gain);
    Some((distribution.bound(), distribution.standard_deviation()))
}

/// W · target / ρ, whose spectral radius is the target, from the spectral radius ρ that W has; `None` if there is no
/// such factor: ρ = 0 (a nilpotent matrix keeps ρ = 0 at any factor), or one that is not finite.
pub fn rescale_spectral_radius(matrix: &DMatrix<f64>, target: f64, current_radius: f64) -> Option<DMatrix<f64>> {
    let factor = target / current_radius;
    (current_radius > 0.0 && factor.is_finite()).then(|| matrix * factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    fn recipe() -> Recipe {
        Recipe { gain: 1.1, eigenvalues: vec![1.05, -0.7], pairs: vec![(0.6, 0.7), (-0.3, 0.1)], departure: 0.8 }
    }

    fn built(spec: &RecurrentSpec, recipe: &Recipe, n: usize, seed: u64) -> DMatrix<f64> {
        (spec.build)(recipe, n, &mut Stream::new(seed, "test"))
    }

    fn radius_and_norm(w: &DMatrix<f64>) -> (f64, f64) {
        let radius = w.complex_eigenvalues().iter().map(|z| z.re.hypot(z.im)).fold(0.0, f64::max);
        (radius, w.singular_values().max())
    }

    #[test]
    fn every_kind_makes_finite_square_matrices_of_every_size_and_the_same_ones_again() {
        for spec in ALL {
            for n in [0, 1, 2, 3, 4, 7, 16] {
                let w = built(spec, &recipe(), n, 1);
                assert_eq!(w.shape(), (n, n), "{spec:?}");
                assert!(w.iter().all(|x| x.is_finite()), "{spec:?}");
                assert_eq!(w, built(spec, &recipe(), n, 1), "{spec:?}");
            }
        }
    }

    #[test]
    fn a_matrix_changes_with_the_ingredients_that_its_kind_names_and_with_no_other() {
        let changed = [
            (Ingredient::Gain, Recipe { gain: 0.9, ..recipe() }),
            (Ingredient::Eigenvalues, Recipe { eigenvalues: vec![0.5], ..recipe() }),
            (Ingredient::Pairs, Recipe { pairs: vec![(0.1, 0.2)], ..recipe() }),
            (Ingredient::Departure, Recipe { departure: 0.0, ..recipe() }),
        ];
        for spec in ALL {
            for (ingredient, changed) in &changed {
                let differs = built(spec, &recipe(), 5, 2) != built(spec, changed, 5, 2);
                assert_eq!(differs, spec.uses.contains(ingredient), "{spec:?} {ingredient:?}");
            }
        }
    }

    #[test]
    fn every_kind_is_documented_and_found_by_its_name() {
        for spec in ALL {
            assert_eq!(find(spec.slug), Some(*spec));
            for text in [spec.title, spec.equation, spec.source, spec.help] {
                assert!(!text.is_empty(), "{spec:?}");
            }
        }
        assert_eq!(find("tea"), None);
    }

    #[test]
    fn gaussian_and_xavier_matrices_have_a_radius_near_one_and_a_norm_near_two() {
        let recipe = Recipe { gain: 1.0, ..recipe() };
        for slug in ["gaussian", "xavier-uniform", "xavier-normal"] {
            let (radius, norm) = radius_and_norm(&built(find(slug).unwrap(), &recipe, 256, 3));
            assert!((radius - 1.03).abs() < 0.07, "{slug}: {radius}");
            assert!((norm - 1.97).abs() < 0.08, "{slug}: {norm}");
        }
        let (radius, norm) = radius_and_norm(&built(&pytorch::SPEC, &recipe, 256, 3));
        assert!((radius - 0.60).abs() < 0.04, "{radius}");
        assert!((norm - 1.14).abs() < 0.05, "{norm}");
    }

    #[test]
    fn samples_have_the_bound_and_the_standard_deviation_that_are_promised() {
        for spec in ALL.iter().filter(|spec| spec.distribution.is_some()) {
            for (rows, columns) in [(64, 64), (120, 40)] {
                let (bound, deviation) = bound_and_std(spec.slug, rows, columns, 1.3).unwrap();
                let law = spec.distribution.unwrap()(rows, columns, 1.3);
                let w = law.sample(rows, columns, &mut Stream::new(4, "test"));
                let count = w.len() as f64;
                // Four standard errors; that of the deviation is at most deviation/√(2 count), the normal law's.
                assert!(w.mean().abs() < 4.0 * deviation / count.sqrt(), "{spec:?}");
                assert!((w.norm() / count.sqrt() / deviation - 1.0).abs() < 4.0 / (2.0 * count).sqrt(), "{spec:?}");
                assert!(bound.is_none_or(|bound| w.amax() <= bound && w.amax() > 0.99 * bound), "{spec:?}");
                assert_eq!(law.bound(), bound);
            }
        }
        assert_eq!(bound_and_std("orthogonal", 8, 8, 1.0), None);
    }

    #[test]
    fn a_rescaled_matrix_has_the_radius_asked_for_and_a_nilpotent_one_cannot() {
        let w = built(&gaussian::SPEC, &recipe(), 20, 5);
        let rescaled = rescale_spectral_radius(&w, 0.95, radius_and_norm(&w).0).unwrap();
        assert!((radius_and_norm(&rescaled).0 - 0.95).abs() < 1e-12);
        let nilpotent = DMatrix::from_row_slice(2, 2, &[0.0, 1.0, 0.0, 0.0]);
        assert_eq!(rescale_spectral_radius(&nilpotent, 0.95, 0.0), None);
        assert_eq!(rescale_spectral_radius(&w, 1.0, f64::NAN), None);
    }
}
