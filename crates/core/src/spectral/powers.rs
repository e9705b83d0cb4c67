//! M^k without overflow: a matrix of moderate size and a power of two.
//!
//! M^k v_i = λ_i^k v_i: the eigenvalues of M^k are λ_i^k, its eigenvectors those of M. For symmetric M, ‖M^k‖₂ = |λ_1|^k.
use super::symmetric::{compose, eigenvalues};
use crate::math;
use nalgebra::DMatrix;
use std::f64::consts::LOG10_2;

/// matrix * 2^exponent.
#[derive(Clone, Debug, PartialEq)]
pub struct MatrixPower {
    /// Of moderate size.
    pub matrix: DMatrix<f64>,
    /// The power of two.
    pub exponent: i64,
}

impl MatrixPower {
    /// M^0 = I, n by n.
    pub fn identity(n: usize) -> Self {
        Self { matrix: DMatrix::identity(n, n), exponent: 0 }
    }

    /// This times M, brought back to the order of 1 and kept exactly symmetric.
    pub fn times(&self, other: &MatrixPower) -> Self {
        let mut product = &self.matrix * &other.matrix;
        let n = product.nrows();
        let entries = product.as_mut_slice();
        for row in 0..n {
            for column in 0..row {
                // Powers of one matrix commute: the product is symmetric but for rounding.
                let (one, other) = (row + n * column, column + n * row);
                let mean = 0.5 * (entries[one] + entries[other]);
                entries[one] = mean;
                entries[other] = mean;
            }
        }
        let mut next = Self { matrix: product, exponent: self.exponent + other.exponent };
        next.normalize();
        next
    }

    fn normalize(&mut self) {
        if let Some(e) = math::binary_exponent(self.matrix.amax()) {
            let factor = math::scale_by_power_of_two(1.0, -e);
            if factor.is_normal() {
                self.matrix *= factor;
            } else {
                self.matrix.iter_mut().for_each(|x| *x = math::scale_by_power_of_two(*x, -e));
            }
            self.exponent += e;
        }
    }

    /// log10 max_ij |M^k|_ij; -∞ for the zero matrix.
    pub fn log10_max_abs(&self) -> f64 {
        math::log10(self.matrix.amax()) + self.exponent as f64 * LOG10_2
    }
}

/// M^k by repeated squaring.
pub fn power(matrix: &DMatrix<f64>, k: u64) -> MatrixPower {
    let mut squares = Squares::new(matrix);
    squares.raise(MatrixPower::identity(matrix.nrows()), k)
}

/// M, M², M⁴, ...: as many as were asked for.
pub struct Squares {
    squares: Vec<MatrixPower>,
}

impl Squares {
    /// M itself, the first of them.
    pub fn new(matrix: &DMatrix<f64>) -> Self {
        let mut first = MatrixPower { matrix: matrix.clone(), exponent: 0 };
        first.normalize();
        Self { squares: vec![first] }
    }

    /// `power` times M^k.
    pub fn raise(&mut self, mut power: MatrixPower, k: u64) -> MatrixPower {
        for bit in 0..(64 - k.leading_zeros()) as usize {
            while self.squares.len() <= bit {
                let last = &self.squares[self.squares.len() - 1];
                self.squares.push(last.times(last));
            }
            if k >> bit & 1 == 1 {
                power = power.times(&self.squares[bit]);
            }
        }
        power
    }
}

/// (sign, log10 |μ_i|) of the eigenvalues μ_i of a power, by falling magnitude, found from the multiplied matrix.
pub fn log10_abs_eigenvalues(power: &MatrixPower) -> Vec<(f64, f64)> {
    let shift = power.exponent as f64 * LOG10_2;
    let found = eigenvalues(&power.matrix);
    found.iter().map(|value| (value.signum(), math::log10(value.abs()) + shift)).collect()
}

/// Q diag(λ^k) Qᵀ from eigenvectors and eigenvalues: M^k / 2^e with the power of two e chosen so that the largest
/// |λ_i|^k is of the order of 1. 0^0 = 1.
pub fn scaled_spectral_power(eigenvectors: &DMatrix<f64>, eigenvalues: &[f64], k: u64) -> MatrixPower {
    let log2 = |x: f64| if k == 0 { 0.0 } else { k as f64 * (math::ln(x.abs()) / math::LN_2) };
    let largest = eigenvalues.iter().map(|x| log2(*x)).fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        let n = eigenvectors.nrows();
        return MatrixPower { matrix: DMatrix::zeros(n, n), exponent: 0 };
    }
    let exponent = largest.floor();
    let powers: Vec<f64> = eigenvalues
        .iter()
        .map(|x| {
            let magnitude = math::exp((log2(*x) - exponent) * math::LN_2);
            if *x < 0.0 && k % 2 == 1 { -magnitude } else { magnitude }
        })
        .collect();
    MatrixPower { matrix: compose(eigenvectors, &powers), exponent: exponent as i64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;
    use crate::spectral::SymmetricMatrix;

    /// Rounding of k multiplications, relative to the largest entry.
    const PER_STEP: f64 = 1e-15;

    #[test]
    fn a_worked_power() {
        // [[2, 1], [1, 2]]^3 = [[14, 13], [13, 14]], eigenvalues 27 and 1.
        let cube = power(&DMatrix::from_row_slice(2, 2, &[2.0, 1.0, 1.0, 2.0]), 3);
        let scale = math::scale_by_power_of_two(1.0, cube.exponent);
        assert_eq!(cube.matrix * scale, DMatrix::from_row_slice(2, 2, &[14.0, 13.0, 13.0, 14.0]));
    }

    #[test]
    fn powers_agree_with_the_spectrum_far_outside_the_range_of_f64() {
        let m = SymmetricMatrix::new(&[1.5, -1.4, 0.2], &mut Stream::new(2, "test"));
        for k in [0, 1, 7, 1_000, 100_000] {
            let multiplied = power(&m.matrix, k);
            let spectral = scaled_spectral_power(&m.eigenvectors, &m.eigenvalues, k);
            let shift = math::scale_by_power_of_two(1.0, spectral.exponent - multiplied.exponent);
            let error = (multiplied.matrix - spectral.matrix * shift).amax();
            assert!(error < PER_STEP * (k + 10) as f64, "k = {k}: {error}");
        }
    }

    #[test]
    fn eigenvalues_of_the_power_are_powers_of_the_eigenvalues() {
        let m = SymmetricMatrix::new(&[-1.2, 0.9, 0.5], &mut Stream::new(3, "test"));
        let found = log10_abs_eigenvalues(&power(&m.matrix, 9));
        for ((sign, log10), lambda) in found.iter().zip(&m.eigenvalues) {
            assert!((log10 - 9.0 * lambda.abs().log10()).abs() < 1e-12, "{log10} {lambda}");
            assert_eq!(*sign, lambda.signum());
        }
    }

    #[test]
    fn the_zero_matrix_to_the_power_zero_is_the_identity() {
        assert_eq!(power(&DMatrix::zeros(2, 2), 0).matrix, DMatrix::identity(2, 2));
        assert_eq!(power(&DMatrix::zeros(2, 2), 3).log10_max_abs(), f64::NEG_INFINITY);
    }
}
