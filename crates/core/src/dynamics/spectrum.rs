//! Eigenvalues, singular values and how far a square matrix is from normal.
//!
//! ```text
//! A = U (Λ + N) U*,   departure = ‖N‖_F = sqrt(‖A‖_F² - Σ |λ_i|²)
//! ```
//!
//! N is the strictly upper part of the Schur form (Henrici 1962, "Bounds for iterates, inverses, spectral variation and
//! fields of values of non-normal matrices"); the norm is taken of N itself, where the difference would cancel. It is 0
//! exactly for normal matrices: symmetric, orthogonal, skew. Every matrix is first scaled by a power of two, so that
//! entries of any size do; one with a NaN or an infinity has NaN for everything.
use super::jacobi;
use super::schur::{Block, Computation, Part, Schur, magnitude};
use crate::math;
use crate::order::order_by;
use crate::spectral::euclidean_norm;
use nalgebra::DMatrix;

/// The rows one after the other, divided by 2^exponent so that the largest entry is of the order of 1; `None` where an
/// entry is not finite.
fn scaled_rows(matrix: &DMatrix<f64>) -> Option<(Vec<f64>, i64)> {
    if matrix.iter().any(|x| !x.is_finite()) {
        return None;
    }
    let exponent = math::binary_exponent(matrix.iter().fold(0.0f64, |largest, x| largest.max(x.abs()))).unwrap_or(0);
    let rows = matrix.transpose().iter().map(|x| math::scale_by_power_of_two(*x, -exponent)).collect();
    Some((rows, exponent))
}

/// The eigenvalues as (real part, imaginary part), by falling magnitude; conjugates are adjacent, the one with the
/// positive imaginary part first. Of equal magnitudes the larger real part comes first.
///
/// Their errors are those of a matrix that differs by rounding, which for matrices far from normal can be large: the
/// eigenvalues of a Jordan block of size m have errors of ε^(1/m).
pub fn eigenvalues(matrix: &DMatrix<f64>) -> Vec<(f64, f64)> {
    let n = matrix.nrows();
    let Some((rows, exponent)) = scaled_rows(matrix) else { return vec![(f64::NAN, f64::NAN); n] };
    sorted(&Schur::new(n, rows, Part::Eigenvalues), exponent)
}

/// The eigenvalues of a Schur form times a power of two, in their order.
fn sorted(schur: &Schur, exponent: i64) -> Vec<(f64, f64)> {
    // Conjugates as one.
    let mut groups: Vec<(f64, f64)> = Vec::new();
    for (_, block) in schur.blocks() {
        match block {
            Block::Single(x) => groups.push((x, 0.0)),
            Block::Real(x, y) => groups.extend([(x, 0.0), (y, 0.0)]),
            Block::Conjugate(real, imaginary) => groups.push((real, imaginary)),
        }
    }
    let sizes: Vec<f64> = groups.iter().map(|group| magnitude(*group)).collect();
    let order = order_by(groups.len(), &|a, b| sizes[b].total_cmp(&sizes[a]).then(groups[b].0.total_cmp(&groups[a].0)));
    let scale = |x: f64| math::scale_by_power_of_two(x, exponent);
    let mut found = Vec::with_capacity(groups.len());
    for (real, imaginary) in order.into_iter().map(|i| groups[i]) {
        found.push((scale(real), scale(imaginary)));
        if imaginary != 0.0 {
            found.push((scale(real), -scale(imaginary)));
        }
    }
    found
}

/// ρ = max |λ_i|; 0 for a matrix without rows.
pub fn spectral_radius(matrix: &DMatrix<f64>) -> f64 {
    eigenvalues(matrix).first().map_or(0.0, |value| magnitude(*value))
}

/// The singular values, falling, each right to many digits of the largest at least, and of itself where the rows of
/// the matrix differ in size only.
pub fn singular_values(matrix: &DMatrix<f64>) -> Vec<f64> {
    let n = matrix.nrows();
    let Some((rows, exponent)) = scaled_rows(matrix) else { return vec![f64::NAN; n] };
    let found = jacobi::singular_values(&rows, matrix.ncols(), &vec![exponent; n]);
    found.into_iter().map(|value| math::scale_by_power_of_two(value.mantissa, value.exponent)).collect()
}

/// σ_1 = max ‖Ax‖/‖x‖, as the square root of the largest eigenvalue of AᵀA, which is right to the last digits.
pub fn spectral_norm(matrix: &DMatrix<f64>) -> f64 {
    let Some((rows, exponent)) = scaled_rows(matrix) else { return f64::NAN };
    let (n, mut gram) = (matrix.ncols(), DMatrix::zeros(matrix.ncols(), matrix.ncols()));
    for row in rows.chunks_exact(n.max(1)) {
        for (column, x) in gram.as_mut_slice().chunks_exact_mut(n).zip(row) {
            super::kernels::add_multiple(column, *x, row);
        }
    }
    let largest = crate::spectral::eigenvalues(&gram).first().map_or(0.0, |value| value.max(0.0));
    math::scale_by_power_of_two(largest.sqrt(), exponent)
}

/// Henrici's departure from normality, ‖N‖_F. As sensitive as the eigenvalues are.
pub fn departure_from_normality(matrix: &DMatrix<f64>) -> f64 {
    let Some((rows, exponent)) = scaled_rows(matrix) else { return f64::NAN };
    math::scale_by_power_of_two(Schur::new(matrix.nrows(), rows, Part::Whole).strictly_upper_norm(), exponent)
}

/// ‖N‖_F / ‖A‖_F: 0 for normal, 1 for nilpotent matrices. 0 for the zero matrix.
pub fn relative_departure_from_normality(matrix: &DMatrix<f64>) -> f64 {
    let Some((rows, _)) = scaled_rows(matrix) else { return f64::NAN };
    let norm = euclidean_norm(&rows);
    if norm == 0.0 { 0.0 } else { Schur::new(matrix.nrows(), rows, Part::Whole).strictly_upper_norm() / norm }
}

/// What [`SpectrumRun`] finds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MatrixSpectrum {
    /// As [`eigenvalues`] gives them.
    pub eigenvalues: Vec<(f64, f64)>,
    /// σ_1, the largest singular value.
    pub spectral_norm: f64,
    /// Henrici's departure from normality.
    pub departure: f64,
}

/// The sizes between which a symmetric matrix has a way of its own: below, the general one is quick enough; above, this one is too
/// long for one piece.
const SYMMETRIC: std::ops::RangeInclusive<usize> = 64..=256;

/// The same of a large matrix that is exactly symmetric: its eigenvalues are real, σ_1 = |λ_1|, and nothing departs from normality.
/// `None` for other matrices.
pub fn symmetric_spectrum(matrix: &DMatrix<f64>) -> Option<MatrixSpectrum> {
    let n = matrix.nrows();
    let is_symmetric = || (0..n).all(|row| (0..row).all(|column| matrix[(row, column)] == matrix[(column, row)]));
    if !SYMMETRIC.contains(&n) || scaled_rows(matrix).is_none() || !is_symmetric() {
        return None;
    }
    let eigenvalues: Vec<(f64, f64)> = crate::spectral::eigenvalues(matrix).into_iter().map(|x| (x, 0.0)).collect();
    let spectral_norm = eigenvalues.first().map_or(0.0, |value| value.0.abs());
    Some(MatrixSpectrum { eigenvalues, spectral_norm, departure: 0.0 })
}

/// Eigenvalues, σ_1 and departure from normality of one matrix, a piece at a time: of a thousand rows they take minutes,
/// in which somebody may want to hear how far they are, or change their mind.
#[derive(Clone, Debug)]
pub struct SpectrumRun {
    matrix: DMatrix<f64>,
    /// The Schur form on its way, and the power of two that was taken out; none of a matrix that is not finite.
    schur: Option<(Computation, i64)>,
    going: bool,
    norm: Option<f64>,
}

impl SpectrumRun {
    /// At its beginning.
    pub fn new(matrix: DMatrix<f64>) -> Self {
        let rows = scaled_rows(&matrix);
        let schur = rows.map(|(rows, exponent)| (Computation::new(matrix.nrows(), rows, Part::Whole), exponent));
        Self { matrix, schur, going: true, norm: None }
    }

    /// Does a piece of it; `false`: there was nothing left to do.
    pub fn advance(&mut self) -> bool {
        if self.norm.is_none() {
            self.norm = Some(spectral_norm(&self.matrix));
        } else {
            self.going = self.schur.as_mut().is_some_and(|(schur, _)| schur.advance());
        }
        self.going
    }

    /// The share that is done, about.
    pub fn progress(&self) -> f64 {
        match &self.schur {
            Some((schur, _)) if self.going => schur.progress(),
            _ => 1.0,
        }
    }

    /// What was found; what is left is done.
    pub fn finish(mut self) -> MatrixSpectrum {
        while self.advance() {}
        let n = self.matrix.nrows();
        let spectral_norm = self.norm.unwrap_or(f64::NAN);
        let Some((schur, exponent)) = self.schur else {
            return MatrixSpectrum { eigenvalues: vec![(f64::NAN, f64::NAN); n], spectral_norm, departure: f64::NAN };
        };
        let schur = schur.finish();
        let departure = math::scale_by_power_of_two(schur.strictly_upper_norm(), exponent);
        MatrixSpectrum { eigenvalues: sorted(&schur, exponent), spectral_norm, departure }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;
    use crate::spectral::{SymmetricMatrix, haar_orthogonal};

    fn random(n: usize, seed: u64) -> DMatrix<f64> {
        DMatrix::from_vec(n, n, Stream::new(seed, "test").normals(n * n))
    }

    #[test]
    fn a_symmetric_matrix_has_the_same_spectrum_both_ways() {
        let chosen: Vec<f64> = (0..64).map(|i| 1.2 - 0.037 * f64::from(i)).collect();
        let matrix = SymmetricMatrix::new(&chosen, &mut Stream::new(1, "test")).matrix;
        let (short, long) =
            (symmetric_spectrum(&matrix).expect("symmetric"), SpectrumRun::new(matrix.clone()).finish());
        assert!((short.spectral_norm - 1.2).abs() < 1e-14 && (long.spectral_norm - 1.2).abs() < 1e-14);
        for (one, other) in short.eigenvalues.iter().zip(&long.eigenvalues) {
            assert!((one.0 - other.0).abs() < 1e-13 && one.1 == 0.0, "{one:?} {other:?}");
        }
        assert!(long.departure < 1e-12);
        let mut other = matrix;
        other[(0, 1)] += 1e-15;
        assert_eq!(symmetric_spectrum(&other), None);
        assert_eq!(symmetric_spectrum(&random(64, 1)), None);
    }

    #[test]
    fn a_spectrum_made_piece_by_piece_has_the_bits_of_one_made_at_once() {
        for (n, seed) in [(1, 1), (2, 2), (3, 3), (17, 4), (40, 5)] {
            let matrix = random(n, seed);
            let mut run = SpectrumRun::new(matrix.clone());
            let mut last = run.progress();
            let mut pieces = 0;
            while run.advance() {
                assert!((last..=1.0).contains(&run.progress()), "{last} {}", run.progress());
                last = run.progress();
                pieces += 1;
            }
            assert!(pieces >= n / 2, "{n}: {pieces} pieces");
            let found = run.finish();
            assert_eq!(found.eigenvalues, eigenvalues(&matrix));
            assert_eq!(found.spectral_norm, spectral_norm(&matrix));
            assert_eq!(found.departure, departure_from_normality(&matrix));
        }
        let broken = SpectrumRun::new(DMatrix::from_element(3, 3, f64::NAN)).finish();
        assert!(broken.departure.is_nan() && broken.eigenvalues.iter().all(|(re, _)| re.is_nan()));
    }

    fn assert_close(found: &[(f64, f64)], wanted: &[(f64, f64)], tolerance: f64) {
        assert_eq!(found.len(), wanted.len());
        for (f, w) in found.iter().zip(wanted) {
            assert!((f.0 - w.0).abs() <= tolerance && (f.1 - w.1).abs() <= tolerance, "{found:?} {wanted:?}");
        }
    }

    #[test]
    fn worked_eigenvalues() {
        // A rotation by 90 degrees times 2, beside -3 and 1/2.
        let m = [0.0, -2.0, 7.0, 1.0, 2.0, 0.0, 5.0, -4.0, 0.0, 0.0, -3.0, 9.0, 0.0, 0.0, 0.0, 0.5];
        let found = eigenvalues(&DMatrix::from_row_slice(4, 4, &m));
        assert_close(&found, &[(-3.0, 0.0), (0.0, 2.0), (0.0, -2.0), (0.5, 0.0)], 1e-14);
        assert_eq!(eigenvalues(&DMatrix::zeros(3, 3)), [(0.0, 0.0); 3]);
        assert_eq!(eigenvalues(&DMatrix::from_element(1, 1, -4.0)), [(-4.0, 0.0)]);
    }

    #[test]
    fn eigenvalues_scale_with_the_matrix_to_both_ends_of_the_range() {
        for scale in [1e200, 1e-200, 1e-300] {
            let found = eigenvalues(&(random(7, 1) * scale));
            for (f, w) in found.iter().zip(eigenvalues(&random(7, 1))) {
                assert!((f.0 / scale - w.0).abs() < 1e-13 && (f.1 / scale - w.1).abs() < 1e-13);
            }
        }
    }

    #[test]
    fn cyclic_permutations_have_the_roots_of_one() {
        for n in [2, 3, 4, 8, 31, 64] {
            let m = DMatrix::from_fn(n, n, |i, j| if (j + 1) % n == i { 1.0 } else { 0.0 });
            let found = eigenvalues(&m);
            for (real, imaginary) in &found {
                let angle = imaginary.atan2(*real) * n as f64 / std::f64::consts::TAU;
                assert!((magnitude((*real, *imaginary)) - 1.0).abs() < 1e-13 && (angle - angle.round()).abs() < 1e-12);
            }
            assert!(found.iter().map(|x| x.0).sum::<f64>().abs() < 1e-12);
            assert!(departure_from_normality(&m) < 1e-13 * n as f64);
        }
    }

    #[test]
    fn defective_matrices_end_with_the_errors_that_are_theirs() {
        for n in [2, 5, 20, 64] {
            let jordan = DMatrix::from_fn(n, n, |i, j| {
                if i == j {
                    0.9
                } else if i + 1 == j {
                    5.0
                } else {
                    0.0
                }
            });
            assert!(eigenvalues(&jordan).iter().all(|value| *value == (0.9, 0.0)));
            assert!((departure_from_normality(&jordan) - 5.0 * (n as f64 - 1.0).sqrt()).abs() < 1e-12);
            // Turned, the block is no longer seen: |λ - .9| <= C ε^(1/n).
            let q = haar_orthogonal(n, &mut Stream::new(1, "test"));
            let turned = &q * &jordan * q.transpose();
            let mean = eigenvalues(&turned).iter().map(|x| x.0).sum::<f64>() / n as f64;
            assert!((mean - 0.9).abs() < 1e-13, "{n} {mean}");
            let change = relative_departure_from_normality(&turned) - relative_departure_from_normality(&jordan);
            assert!(n > 5 || change.abs() < 1e-2, "{n} {change}");
        }
        // The companion matrix of (x - 1)^4.
        let companion = [4.0, -6.0, 4.0, -1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0];
        let found = eigenvalues(&DMatrix::from_row_slice(4, 4, &companion));
        assert!(found.iter().all(|x| magnitude((x.0 - 1.0, x.1)) < 1e-3), "{found:?}");
    }

    #[test]
    fn symmetric_matrices_are_normal_and_agree_with_the_symmetric_solver() {
        let m = SymmetricMatrix::new(&[1.5, -1.4, 0.2, 0.2, 0.0], &mut Stream::new(2, "test"));
        let wanted: Vec<(f64, f64)> = m.eigenvalues.iter().map(|x| (*x, 0.0)).collect();
        assert_close(&eigenvalues(&m.matrix), &wanted, 1e-14);
        assert!(departure_from_normality(&m.matrix) < 1e-14);
        assert!((spectral_norm(&m.matrix) - 1.5).abs() < 1e-14 && (spectral_radius(&m.matrix) - 1.5).abs() < 1e-14);
    }

    #[test]
    fn invariants_of_random_matrices() {
        for (n, seed) in [(1, 1), (2, 1), (3, 1), (10, 1), (10, 2), (50, 3), (100, 4)] {
            let m = random(n, seed);
            let values = eigenvalues(&m);
            let (norm, squares) = (m.norm(), values.iter().map(|x| x.0 * x.0 + x.1 * x.1).sum::<f64>());
            let trace = values.iter().map(|x| x.0).sum::<f64>();
            let trace_of_square = values.iter().map(|x| x.0 * x.0 - x.1 * x.1).sum::<f64>();
            assert!((trace - m.trace()).abs() < 1e-13 * n as f64 * norm);
            assert!((trace_of_square - (&m * &m).trace()).abs() < 1e-13 * norm * norm);
            assert!((departure_from_normality(&m).powi(2) - (norm * norm - squares)).abs() < 1e-13 * norm * norm);
            let singular = singular_values(&m);
            assert!((singular.iter().map(|x| x * x).sum::<f64>().sqrt() / norm - 1.0).abs() < 1e-13);
            assert!((spectral_norm(&m) / singular[0] - 1.0).abs() < 1e-13);
            let log_det = |sizes: &[f64]| sizes.iter().map(|x| x.ln()).sum::<f64>();
            let sizes: Vec<f64> = values.iter().map(|x| magnitude(*x)).collect();
            assert!((log_det(&singular) - log_det(&sizes)).abs() < 1e-11);
            assert!(values.windows(2).all(|pair| magnitude(pair[0]) >= magnitude(pair[1]) * (1.0 - 1e-15)));
        }
    }

    #[test]
    fn close_singular_values_do_not_hurt_the_spectral_norm() {
        // Q diag(1, 1 - 1e-10, ...) Zᵀ.
        let (q, z) = (haar_orthogonal(6, &mut Stream::new(1, "a")), haar_orthogonal(6, &mut Stream::new(1, "b")));
        let values = [1.0, 1.0 - 1e-10, 0.5, 0.5, 1e-3, 0.0];
        let m = q * DMatrix::from_diagonal(&values.to_vec().into()) * z.transpose() * 1e-200;
        assert!((spectral_norm(&m) / 1e-200 - 1.0).abs() < 1e-14);
        for (found, wanted) in singular_values(&m).iter().zip(values) {
            assert!((found / 1e-200 - wanted).abs() < 1e-14);
        }
    }

    #[test]
    fn what_is_not_finite_has_nan_for_everything() {
        for bad in [f64::NAN, f64::INFINITY] {
            let m = DMatrix::from_row_slice(2, 2, &[1.0, bad, 0.0, 1.0]);
            assert!(eigenvalues(&m).iter().all(|x| x.0.is_nan()) && singular_values(&m).iter().all(|x| x.is_nan()));
            assert!([spectral_norm(&m), spectral_radius(&m), departure_from_normality(&m)].iter().all(|x| x.is_nan()));
        }
    }
}
