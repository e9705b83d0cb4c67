//! The singular values of a product of many matrices, each right to many digits of ITSELF however small it is.
//!
//! ```text
//! P_d = J_T J_{T-1} ··· J_{T-d+1},   P_dᵀ = Q_d T_d,   J_{T-d}ᵀ Q_d = Q_{d+1} R_{d+1},   T_{d+1} = R_{d+1} T_d
//! ```
//!
//! Multiplied out, P_d would hold nothing but its largest singular values: what is 1e-16 of them is lost in rounding.
//! As orthogonal times triangular it keeps them all (Stewart 1997, "On graded QR decompositions of products of
//! matrices"; Oliveira and Stewart 2000, "Exponential splittings of products of matrices and accurately computing
//! singular values of long products"): the rows of T separate by size, one for each singular value, and each row has a
//! power of two of its own, so that neither end of f64's range is met. The singular values of such a T are found by
//! one-sided Jacobi rotations. Differences from the source: Q_0 is random, since from the identity a triangular factor
//! would never bring the rows into falling order; and factors with rows of very different size are taken apart first.
use super::frame::{Frame, Triangle};
use super::jacobi::singular_values;
use super::kernels::{add_multiple, largest_exponent, rough_exponent, scaled};
use crate::math;
use crate::random::Stream;

/// Rows of T are brought back to the order of 1 when they leave 2^-MODERATE..2^MODERATE.
const MODERATE: i64 = 100;

/// A product of n by n matrices that grows to the right, known by its singular values.
#[derive(Clone, Debug)]
pub struct ProductSingularValues {
    frame: Frame,
    rows: GradedRows,
    /// Whether all factors were finite.
    finite: bool,
}

/// The rows of T: row i is 2^{exponents[i]} times n values.
#[derive(Clone, Debug)]
pub(super) struct GradedRows {
    n: usize,
    values: Vec<f64>,
    exponents: Vec<i64>,
    spare: Vec<f64>,
}

impl ProductSingularValues {
    /// The empty product: the identity.
    pub fn new(n: usize) -> Self {
        Self { frame: Frame::random(n, &mut Stream::new(0, "product")), rows: GradedRows::identity(n), finite: true }
    }

    /// P ← P J for the n by n matrix J, given by rows. Once a factor with a NaN or an infinity was there (or one of
    /// another size), everything is NaN.
    pub fn push(&mut self, factor: &[f64]) {
        self.finite &= factor.len() == self.rows.n * self.rows.n && factor.iter().all(|x| x.is_finite());
        if self.finite {
            let shift = self.frame.push(factor, &mut |triangle| self.rows.multiply_from_left(&triangle));
            self.rows.shift(shift);
        }
    }

    /// log10 σ_i, falling, n of them; -∞ for zeros, NaN if a factor was not finite.
    pub fn log10_singular_values(&self) -> Vec<f64> {
        let n = self.rows.n;
        if !self.finite {
            return vec![f64::NAN; n];
        }
        self.rows.log10_singular_values(self.frame.rank())
    }
}

impl GradedRows {
    /// n unit vectors.
    pub fn identity(n: usize) -> Self {
        let mut values = vec![0.0; n * n];
        values.iter_mut().step_by(n + 1).for_each(|x| *x = 1.0);
        Self { n, values, exponents: vec![0; n], spare: vec![0.0; n] }
    }

    /// T ← 2^exponent T.
    pub fn shift(&mut self, exponent: i64) {
        self.exponents.iter_mut().for_each(|e| *e += exponent);
    }

    /// log10 σ_i of the first `rank` rows, falling, n of them; -∞ for zeros.
    pub fn log10_singular_values(&self, rank: usize) -> Vec<f64> {
        let n = self.n;
        let found = singular_values(&self.values[..rank * n], n, &self.exponents[..rank]);
        let mut logarithms: Vec<f64> = found.into_iter().map(|value| value.log10()).collect();
        logarithms.resize(n, f64::NEG_INFINITY);
        logarithms
    }

    /// T ← R T, in place: row i of the result needs only the rows from i on.
    pub fn multiply_from_left(&mut self, triangle: &Triangle) {
        let n = self.n;
        for i in 0..triangle.rank {
            // In units of the largest term.
            let others = (i..triangle.count).filter(|j| triangle.at(i, *j) != 0.0);
            let size = |j: usize| self.exponents[j] + rough_exponent(triangle.at(i, j));
            let Some(unit) = others.map(size).max() else { continue };
            self.spare.fill(0.0);
            for j in i..triangle.count {
                let factor = scaled(triangle.at(i, j), self.exponents[j] - unit);
                if factor.abs() > 0.0 {
                    add_multiple(&mut self.spare, factor, &self.values[j * n..(j + 1) * n]);
                }
            }
            let size = largest_exponent(&self.spare).unwrap_or(0);
            let target = &mut self.values[i * n..(i + 1) * n];
            if size.abs() < MODERATE {
                target.copy_from_slice(&self.spare);
                self.exponents[i] = unit;
            } else {
                target.iter_mut().zip(&self.spare).for_each(|(x, y)| *x = math::scale_by_power_of_two(*y, -size));
                self.exponents[i] = unit + size;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectral::haar_orthogonal;

    /// The product of `count` times the same factor.
    fn power(n: usize, factor: &[f64], count: usize) -> Vec<f64> {
        let mut product = ProductSingularValues::new(n);
        (0..count).for_each(|_| product.push(factor));
        product.log10_singular_values()
    }

    fn assert_close(found: &[f64], wanted: &[f64], tolerance: f64) {
        assert_eq!(found.len(), wanted.len());
        for (found, wanted) in found.iter().zip(wanted) {
            assert!(found == wanted || (found - wanted).abs() < tolerance, "{found} {wanted}");
        }
    }

    /// Against 1,500-digit arithmetic: rows of a factor that differ by up to 2^20 cost some of the digits.
    const ACCURACY: f64 = 1e-9;

    #[test]
    fn a_product_of_a_hundred_gaussian_factors_agrees_with_many_digits() {
        let (n, mut stream) = (8, Stream::new(1, "bench"));
        let mut product = ProductSingularValues::new(n);
        for _ in 0..100 {
            let factor: Vec<f64> = stream.normals(n * n).iter().map(|x| x * (1.0 / 8f64.sqrt())).collect();
            product.push(&factor);
        }
        let wanted = [
            -2.984767016996698,
            -3.706631552097372,
            -10.167486507930901,
            -16.957626591079469,
            -18.968875489833575,
            -31.75119234962413,
            -45.81643297361309,
            -76.79376128576038,
        ];
        assert_close(&product.log10_singular_values(), &wanted, 1e-12);
    }

    #[test]
    fn the_jacobians_of_a_saturated_network_agree_with_many_digits() {
        // h = tanh(W h), gain 5: singular values of the first factor down to 1e-9, of the product down to 1e-665.
        let (n, mut stream) = (8, Stream::new(1, "bench"));
        let w: Vec<f64> = stream.normals(n * n).iter().map(|x| 5.0 * x * (1.0 / 8f64.sqrt())).collect();
        let (mut h, mut product) = (stream.normals(n), ProductSingularValues::new(n));
        for _ in 0..100 {
            h = (0..n).map(|i| math::tanh((0..n).map(|j| w[i * n + j] * h[j]).sum())).collect();
            let jacobian: Vec<f64> = (0..n * n).map(|k| w[k] * (1.0 - h[k / n] * h[k / n])).collect();
            product.push(&jacobian);
        }
        let wanted = [
            10.93214050776274,
            -23.734782195554204,
            -66.92193195542024,
            -136.63256547812082,
            -198.81718832055646,
            -282.3527952556669,
            -429.412003310401,
            -665.5171405857322,
        ];
        assert_close(&product.log10_singular_values(), &wanted, ACCURACY);
    }

    #[test]
    fn gaussian_products_of_a_hundred_units_have_their_known_medians() {
        // Medians of all singular values: .81, .18, 9.5e-4 and 1e-15 for 1, 5, 20 and 100 factors.
        let (n, mut stream) = (100, Stream::new(2, "test"));
        let mut product = ProductSingularValues::new(n);
        for length in 1..=100 {
            let factor: Vec<f64> = stream.normals(n * n).iter().map(|x| x * 0.1).collect();
            product.push(&factor);
            let known = [(1, 0.81), (5, 0.18), (20, 9.5e-4), (100, 1e-15)].into_iter().find(|known| known.0 == length);
            if let Some((_, median)) = known {
                let found = product.log10_singular_values();
                let found = 0.5 * (found[49] + found[50]);
                assert!((found - f64::log10(median)).abs() < 0.04 + 0.008 * length as f64, "{length}: {found}");
            }
        }
    }

    #[test]
    fn powers_of_a_diagonal_matrix_far_beyond_the_range() {
        let found = power(3, &[1e-3, 0.0, 0.0, 0.0, 0.9, 0.0, 0.0, 0.0, 2.0], 1_000);
        assert_close(&found, &[1e3 * 2f64.log10(), 1e3 * 0.9f64.log10(), -3e3], 1e-9);
        assert_close(&power(2, &[1e-300, 0.0, 0.0, 1e300], 7), &[2_100.0, -2_100.0], 1e-9);
    }

    #[test]
    fn a_jordan_block_grows_before_it_decays() {
        for factor in [[0.9, 5.0, 0.0, 0.9], [0.9, 0.0, 5.0, 0.9]] {
            for (k, norm) in [(1, 5.2), (2, 9.1), (5, 16.4), (9, 19.4), (20, 13.5)] {
                let found = power(2, &factor, k);
                assert!((10f64.powf(found[0]) - norm).abs() < 0.05, "k = {k}");
                assert!((found[0] + found[1] - 2.0 * k as f64 * 0.9f64.log10()).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn a_triangular_factor_is_turned_into_falling_order() {
        // Eigenvalues .1 and .9: σ_1 σ_2 = .09^k.
        for factor in [[0.1, 1.0, 0.0, 0.9], [0.1, 0.0, 1.0, 0.9], [0.9, 1.0, 0.0, 0.1], [0.9, 0.0, 1.0, 0.1]] {
            let found = power(2, &factor, 100);
            assert!((found[0] + found[1] - 100.0 * 0.09f64.log10()).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn orthogonal_factors_leave_all_singular_values_at_one() {
        let n = 20;
        let mut product = ProductSingularValues::new(n);
        for seed in 0..100 {
            product.push(haar_orthogonal(n, &mut Stream::new(seed, "test")).as_slice());
        }
        assert_close(&product.log10_singular_values(), &vec![0.0; n], 1e-12);
    }

    #[test]
    fn units_that_are_off_lower_the_rank_exactly() {
        let (n, mut stream) = (8, Stream::new(3, "test"));
        let mut product = ProductSingularValues::new(n);
        for step in 0..30 {
            let mut factor = stream.normals(n * n);
            for unit in [step % 8, (3 * step + 1) % 8] {
                factor[unit * n..(unit + 1) * n].fill(0.0);
            }
            product.push(&factor);
        }
        let found = product.log10_singular_values();
        assert!(found[5].is_finite() && found[6..].iter().all(|x| *x == f64::NEG_INFINITY), "{found:?}");
    }

    #[test]
    fn a_product_can_become_zero_and_stays_so() {
        let mut product = ProductSingularValues::new(2);
        product.push(&[1.0, 0.0, 0.0, 0.0]);
        assert_close(&product.log10_singular_values(), &[0.0, f64::NEG_INFINITY], 1e-15);
        product.push(&[0.0, 0.0, 0.0, 1.0]);
        assert_eq!(product.log10_singular_values(), [f64::NEG_INFINITY; 2]);
        product.push(&[1.0, 0.0, 0.0, 1.0]);
        assert_eq!(product.log10_singular_values(), [f64::NEG_INFINITY; 2]);
        // A shift is nilpotent: n times it is zero.
        let shift = [0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0];
        assert_close(&power(3, &shift, 2), &[0.0, f64::NEG_INFINITY, f64::NEG_INFINITY], 1e-15);
        assert_eq!(power(3, &shift, 3), [f64::NEG_INFINITY; 3]);
    }

    #[test]
    fn nothing_that_is_not_finite_passes_unnoticed() {
        for bad in [f64::NAN, f64::INFINITY] {
            let mut product = ProductSingularValues::new(2);
            product.push(&[1.0, bad, 0.0, 1.0]);
            product.push(&[0.0; 4]);
            assert!(product.log10_singular_values().iter().all(|x| x.is_nan()));
        }
    }

    #[test]
    fn the_empty_product_is_the_identity() {
        assert_eq!(ProductSingularValues::new(3).log10_singular_values(), [0.0; 3]);
    }
}
