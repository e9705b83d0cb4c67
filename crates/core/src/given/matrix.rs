//! Symmetric matrices that somebody else made.
use super::shape::{Named, at_least_one};
use crate::math;
use crate::scaled::largest_magnitude;
use crate::spectral::{SymmetricMatrix, order_by_magnitude};
use nalgebra::DMatrix;

/// How far a_ij and a_ji may lie apart, relative to the largest entry: what Q diag(λ) Qᵀ computed in single precision
/// is off by. What lies nearer is taken for rounding, and the mean of the two for both.
const ROUNDING: f64 = 1e-6;

/// The matrix of `size` rows, exactly symmetric.
///
/// # Errors
/// One sentence when the numbers are too few, too many, not finite, or not symmetric.
pub fn symmetric_matrix(given: Named, size: usize) -> Result<DMatrix<f64>, String> {
    at_least_one("size", size)?;
    let name = given.name.clone();
    let values = given.of_shape(&[("size", size), ("size", size)])?;
    let largest = largest_magnitude(&values);
    let mut matrix = DMatrix::from_row_slice(size, size, &values);
    for row in 0..size {
        for column in 0..row {
            let (one, other) = (matrix[(row, column)], matrix[(column, row)]);
            if one == other {
                continue;
            }
            if (one - other).abs() > ROUNDING * largest {
                return Err(format!(
                    "{name}: entry ({row}, {column}) is {one} and entry ({column}, {row}) is {other}; expected a symmetric \
                     matrix of shape ({size}, {size})"
                ));
            }
            let mean = 0.5 * one + 0.5 * other;
            matrix[(row, column)] = mean;
            matrix[(column, row)] = mean;
        }
    }
    Ok(matrix)
}

/// M = Q diag(λ) Qᵀ, found from M. The eigenvectors of eigenvalues that lie closer together than rounding are any
/// orthonormal basis of their common space.
pub fn decompose(matrix: &DMatrix<f64>) -> SymmetricMatrix {
    let largest = matrix.amax();
    let scale = if largest > 0.0 { largest } else { 1.0 };
    let found = (matrix / scale).symmetric_eigen();
    let values: Vec<f64> = found.eigenvalues.iter().map(|x| x * scale).collect();
    let order = order_by_magnitude(&values);
    SymmetricMatrix {
        eigenvalues: order.iter().map(|i| values[*i]).collect(),
        eigenvectors: found.eigenvectors.select_columns(&order),
        matrix: matrix.clone(),
    }
}

/// (sign, log10 |λ_i^k|) of each eigenvalue of M^k, from those of M: the sign is -1, 0 or 1. 0^0 = 1.
pub fn eigenvalue_powers(eigenvalues: &[f64], k: u64) -> Vec<(f64, f64)> {
    let raised = |l: &f64| {
        if k == 0 {
            return (1.0, 0.0);
        }
        let sign = match *l {
            0.0 => 0.0,
            l if l < 0.0 && k % 2 == 1 => -1.0,
            _ => 1.0,
        };
        (sign, k as f64 * math::log10(l.abs()))
    };
    eigenvalues.iter().map(raised).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;
    use crate::spectral::eigenvalues;

    fn given(values: &[f64]) -> Named {
        Named { name: "matrix".to_owned(), values: values.to_vec() }
    }

    #[test]
    fn rounding_is_evened_out_and_a_matrix_that_is_not_symmetric_is_refused() {
        let matrix = symmetric_matrix(given(&[2.0, 1.0, 1.0 + 1e-12, 2.0]), 2).unwrap();
        assert_eq!(matrix[(0, 1)], matrix[(1, 0)]);
        assert_eq!(
            symmetric_matrix(given(&[2.0, 1.0, 0.5, 2.0]), 2).unwrap_err(),
            "matrix: entry (1, 0) is 0.5 and entry (0, 1) is 1; expected a symmetric matrix of shape (2, 2)"
        );
        assert_eq!(
            symmetric_matrix(given(&[2.0, 1.0]), 2).unwrap_err(),
            "matrix has 2 numbers; expected 4, of shape (2, 2) = (size, size)"
        );
        assert_eq!(symmetric_matrix(given(&[]), 0).unwrap_err(), "size is 0; expected a whole number from 1 on");
    }

    #[test]
    fn the_largest_numbers_there_are_overflow_nothing() {
        let matrix = symmetric_matrix(given(&[f64::MAX, 0.0, 0.0, -f64::MAX]), 2).unwrap();
        let mut found = decompose(&matrix).eigenvalues;
        found.sort_by(f64::total_cmp);
        assert_eq!(found, [-f64::MAX, f64::MAX]);
        assert!(symmetric_matrix(given(&[0.0, f64::MAX, -f64::MAX, 0.0]), 2).is_err());
    }

    #[test]
    fn a_matrix_is_what_its_eigenvectors_and_eigenvalues_make() {
        for (seed, chosen) in [&[1.2, -0.9, 0.5, 0.1][..], &[0.0, 0.0], &[1.0, 1.0, 1.0], &[-3.0]].iter().enumerate() {
            let n = chosen.len();
            let made = SymmetricMatrix::new(chosen, &mut Stream::new(seed as u64, "test"));
            let found = decompose(&made.matrix);
            let q = &found.eigenvectors;
            assert!((q.transpose() * q - DMatrix::identity(n, n)).amax() < 1e-14);
            for (i, lambda) in found.eigenvalues.iter().enumerate() {
                assert!((lambda - made.eigenvalues[i]).abs() < 1e-14);
                assert!((&made.matrix * q.column(i) - q.column(i) * *lambda).amax() < 1e-14);
            }
        }
    }

    #[test]
    fn powers_of_eigenvalues_have_a_sign_and_a_logarithm_of_any_size() {
        let found = eigenvalue_powers(&[10.0, -0.1, 0.0], 1_001);
        assert_eq!(found, [(1.0, 1_001.0), (-1.0, -1_001.0), (0.0, f64::NEG_INFINITY)]);
        assert_eq!(eigenvalue_powers(&[-2.0, 0.0], 0), [(1.0, 0.0), (1.0, 0.0)]);
        let m = SymmetricMatrix::new(&[1.1, -0.7], &mut Stream::new(1, "test"));
        let (first, exact) = (eigenvalues(&m.matrix), eigenvalue_powers(&m.eigenvalues, 3));
        assert!((exact[1].1 - 3.0 * math::log10(first[1].abs())).abs() < 1e-14);
    }
}
