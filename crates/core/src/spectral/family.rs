//! Families of spectra: n eigenvalues from a few numbers.
use super::symmetric::{eigenvalues, order_by_magnitude};
use crate::random::Stream;
use nalgebra::DMatrix;

/// How the eigenvalues below the leading one are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// λ_i = λ_1 r^{i-1}.
    Geometric,
    /// Evenly spaced from r λ_1 down to 0, after λ_1.
    Linear,
    /// λ_1, and n - 1 times r λ_1: the spectrum for which the bound from the gap is exact.
    TwoLevel,
    /// λ_1, and n - 1 times r λ_1 u, u evenly spaced over (-1, 1]: the values of linspace(-1, 1, n) without the first.
    Even,
    /// Of a random symmetric matrix (Gaussian orthogonal ensemble), rescaled so that the eigenvalue of largest size is λ_1.
    RandomSymmetric,
    /// Of G Gᵀ with G Gaussian, n by n, rescaled likewise: all of λ_1's sign, or zero.
    PositiveSemidefinite,
}

impl Family {
    /// Whether r = |λ_2/λ_1| is chosen; the random families do not use it.
    pub fn uses_rate(self) -> bool {
        matches!(self, Self::Geometric | Self::Linear | Self::TwoLevel | Self::Even)
    }
}

/// The spectrum of a family, by falling magnitude. `rate` is r = |λ_2/λ_1|, which the random families do not use.
///
/// The random ensembles are orthogonally invariant: their eigenvectors are Haar-distributed and independent of their
/// eigenvalues, so that Q diag(λ) Qᵀ with a Haar Q has the law of the ensemble.
pub fn spectrum(family: Family, n: usize, leading: f64, rate: f64, stream: &mut Stream) -> Vec<f64> {
    let count = |i: usize| i as f64;
    match family {
        Family::Geometric => std::iter::successors(Some(leading), |previous| Some(previous * rate)).take(n).collect(),
        Family::Linear if n < 3 => (0..n).map(|i| if i == 0 { leading } else { leading * rate }).collect(),
        Family::Linear => {
            let below = |i: usize| leading * rate * (1.0 - count(i - 1) / count(n - 2));
            (0..n).map(|i| if i == 0 { leading } else { below(i) }).collect()
        }
        Family::TwoLevel => (0..n).map(|i| if i == 0 { leading } else { leading * rate }).collect(),
        Family::Even => {
            let below = |i: usize| leading * rate * (2.0 * count(i) / count(n - 1) - 1.0);
            let all: Vec<f64> = (0..n).map(|i| if i == 0 { leading } else { below(i) }).collect();
            order_by_magnitude(&all).iter().map(|i| all[*i]).collect()
        }
        Family::RandomSymmetric | Family::PositiveSemidefinite => {
            let g = DMatrix::from_row_slice(n, n, &stream.normals(n * n));
            let transposed = g.transpose();
            let matrix = if family == Family::RandomSymmetric { &g + transposed } else { &g * transposed };
            let found = eigenvalues(&matrix);
            let largest = found.first().map_or(1.0, |x| x.abs());
            // A product G Gᵀ has no negative eigenvalues; what rounding makes negative is zero.
            let lowest = if family == Family::RandomSymmetric { f64::NEG_INFINITY } else { 0.0 };
            // The ensemble and its negative have one law: the leading eigenvalue may have the sign that was asked for.
            let sign =
                if family == Family::RandomSymmetric && found.first().is_some_and(|x| *x < 0.0) { -1.0 } else { 1.0 };
            let scaled: Vec<f64> = found.iter().map(|x| (sign * x / largest).max(lowest) * leading).collect();
            order_by_magnitude(&scaled).iter().map(|i| scaled[*i]).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(family: Family, n: usize, seed: u64) -> Vec<f64> {
        spectrum(family, n, 1.2, 0.5, &mut Stream::new(seed, "test"))
    }

    #[test]
    fn worked_families() {
        assert_eq!(of(Family::Geometric, 3, 0), [1.2, 0.6, 0.3]);
        assert_eq!(of(Family::TwoLevel, 3, 0), [1.2, 0.6, 0.6]);
        assert_eq!(of(Family::Linear, 4, 0), [1.2, 0.6, 0.3, 0.0]);
        assert_eq!(of(Family::Linear, 2, 0), [1.2, 0.6]);
        assert_eq!(of(Family::Even, 5, 0), [1.2, 0.6, -0.3, 0.3, 0.0]);
        assert_eq!((of(Family::Even, 1, 0), of(Family::Even, 2, 0)), (vec![1.2], vec![1.2, 0.6]));
    }

    #[test]
    fn evenly_spaced_eigenvalues_are_on_both_sides_of_zero() {
        let mut found = of(Family::Even, 32, 0);
        assert!(found.windows(2).all(|pair| pair[0].abs() >= pair[1].abs()));
        assert_eq!((found.len(), found[0], found[1]), (32, 1.2, 0.6));
        found.remove(0);
        found.sort_by(f64::total_cmp);
        let gap = 2.0 * 0.6 / 31.0;
        assert!(found.windows(2).all(|pair| (pair[1] - pair[0] - gap).abs() < 1e-15));
        assert!((found[0] - (gap - 0.6)).abs() < 1e-15);
    }

    #[test]
    fn random_families_have_the_chosen_radius_in_falling_order() {
        for family in [Family::RandomSymmetric, Family::PositiveSemidefinite] {
            for n in [2, 3, 50] {
                let found = of(family, n, 7);
                assert!((found[0] - 1.2).abs() < 1e-15);
                assert!(found.windows(2).all(|pair| pair[0].abs() >= pair[1].abs()));
                assert!(family != Family::PositiveSemidefinite || found.iter().all(|x| *x >= 0.0));
            }
        }
    }

    #[test]
    fn random_symmetric_matrices_align_slowly() {
        // Medians of r = |λ_2/λ_1| over 200 draws: .38 (n = 2), .86 (n = 10), .96 (n = 50), to a few hundredths.
        for (n, expected, draws, tolerance) in [(2, 0.38, 600, 0.06), (10, 0.86, 300, 0.03), (50, 0.96, 60, 0.02)] {
            let mut rates: Vec<f64> =
                (0..draws).map(|seed| of(Family::RandomSymmetric, n, seed)).map(|l| (l[1] / l[0]).abs()).collect();
            rates.sort_by(f64::total_cmp);
            assert!((rates[draws as usize / 2] - expected).abs() < tolerance, "n = {n}: {}", rates[draws as usize / 2]);
        }
    }
}
