//! A symmetric recurrent matrix with a chosen spectrum.
//!
//! ```text
//! W = Q diag(λ) Qᵀ,   Q Haar-distributed: W = Wᵀ, its eigenvectors are the columns of Q, its singular values are |λ_i|
//! ```
//!
//! The matrix of the proof: powers of W align a vector with v_1. Fewer eigenvalues than n are filled up by
//! [`symmetric_spectrum`]. [`SymmetricMatrix::new`] with that spectrum and the same stream is the same matrix together
//! with its eigenvectors.
use super::spec::{Ingredient, RecurrentSpec};
use crate::spectral::{SymmetricMatrix, order_by_magnitude};

/// Registry entry.
pub const SPEC: RecurrentSpec = RecurrentSpec {
    slug: "symmetric",
    title: "symmetric",
    equation: "W = Q diag(λ) Qᵀ, QᵀQ = I",
    source: "spectral theorem; Q as in Mezzadri 2007, section 5",
    help: "All eigenvalues are real and chosen; eigenvectors are orthogonal, so that the radius is also the norm.",
    uses: &[Ingredient::Eigenvalues],
    distribution: None,
    build: |recipe, n, stream| SymmetricMatrix::new(&symmetric_spectrum(&recipe.eigenvalues, n), stream).matrix,
};

/// The n eigenvalues that the chosen ones stand for, by falling magnitude.
///
/// Of more than n, the n largest in magnitude are taken. Fewer are followed by m others, evenly spread strictly between
/// ± the smallest chosen magnitude s: s (2i - m - 1)/(m + 1) for i = 1..=m. If none is chosen, all are 0.
///
/// Worked: of (0.9, -1.1) for n = 4 the rest are ±0.9/3: -1.1, 0.9, -0.3, 0.3.
pub fn symmetric_spectrum(chosen: &[f64], n: usize) -> Vec<f64> {
    let mut spectrum: Vec<f64> = order_by_magnitude(chosen).into_iter().take(n).map(|i| chosen[i]).collect();
    let smallest = spectrum.last().map_or(0.0, |lambda| lambda.abs());
    let rest = n - spectrum.len();
    let middle = rest as f64 + 1.0;
    let filled: Vec<f64> = (1..=rest).map(|i| smallest * ((2.0 * i as f64 - middle) / middle)).collect();
    spectrum.extend(order_by_magnitude(&filled).into_iter().map(|i| filled[i]));
    spectrum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;
    use crate::recurrent::Recipe;
    use crate::spectral::eigenvalues;

    fn recipe(eigenvalues: &[f64]) -> Recipe {
        Recipe { gain: 1.0, eigenvalues: eigenvalues.to_vec(), pairs: Vec::new(), departure: 0.0 }
    }

    #[test]
    fn worked_spectra() {
        assert_eq!(symmetric_spectrum(&[0.9, -1.1], 4), [-1.1, 0.9, -0.9 / 3.0, 0.9 / 3.0]);
        assert_eq!(symmetric_spectrum(&[0.5, -2.0, 1.0], 2), [-2.0, 1.0]);
        assert_eq!(symmetric_spectrum(&[0.8], 4), [0.8, -0.4, 0.4, 0.0]);
        assert_eq!(symmetric_spectrum(&[], 2), [0.0, 0.0]);
        assert_eq!(symmetric_spectrum(&[1.0], 0), [0.0; 0]);
    }

    #[test]
    fn the_rest_lies_strictly_inside_and_sums_to_zero() {
        for n in [3, 8, 50] {
            let spectrum = symmetric_spectrum(&[1.2, -0.7], n);
            assert_eq!(spectrum.len(), n);
            assert!(spectrum[2..].iter().all(|x| x.abs() < 0.7));
            assert!(spectrum[2..].iter().sum::<f64>().abs() < 1e-14);
            assert!(spectrum.windows(2).all(|pair| pair[0].abs() >= pair[1].abs()));
        }
    }

    #[test]
    fn the_matrix_is_symmetric_and_has_the_spectrum_for_every_seed() {
        for seed in 0..20 {
            let w = (SPEC.build)(&recipe(&[1.1, 0.9, -0.9]), 6, &mut Stream::new(seed, "test"));
            assert_eq!(w, w.transpose());
            for (found, wanted) in eigenvalues(&w).iter().zip(symmetric_spectrum(&[1.1, 0.9, -0.9], 6)) {
                assert!((found.abs() - wanted.abs()).abs() < 1e-14, "{found} {wanted}");
            }
        }
    }

    #[test]
    fn a_block_of_one_is_its_eigenvalue() {
        let w = (SPEC.build)(&recipe(&[0.5, -0.9]), 1, &mut Stream::new(1, "test"));
        assert!((w[(0, 0)] + 0.9).abs() < 1e-15);
    }
}
