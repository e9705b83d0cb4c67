//! M = Q diag(λ) Qᵀ with Q uniform over the orthogonal group.
use super::haar::haar_orthogonal;
use crate::order::order_by;
use crate::random::Stream;
use nalgebra::DMatrix;

/// A symmetric matrix made from its spectrum, with what it was made from.
#[derive(Clone, Debug, PartialEq)]
pub struct SymmetricMatrix {
    /// λ_i, in the order |λ_1| >= |λ_2| >= ...
    pub eigenvalues: Vec<f64>,
    /// Column i is v_i.
    pub eigenvectors: DMatrix<f64>,
    /// M, exactly symmetric.
    pub matrix: DMatrix<f64>,
}

impl SymmetricMatrix {
    /// M = Q diag(λ) Qᵀ with Q Haar-distributed from the stream. The eigenvalues may come in any order.
    pub fn new(eigenvalues: &[f64], stream: &mut Stream) -> Self {
        let order = order_by_magnitude(eigenvalues);
        let eigenvalues: Vec<f64> = order.iter().map(|i| eigenvalues[*i]).collect();
        let eigenvectors = haar_orthogonal(eigenvalues.len(), stream);
        let matrix = compose(&eigenvectors, &eigenvalues);
        Self { eigenvalues, eigenvectors, matrix }
    }

    /// n: rows, and columns, of M.
    pub fn size(&self) -> usize {
        self.eigenvalues.len()
    }

    /// |λ_2 / λ_1|, the rate of alignment; `None` for n < 2 or λ_1 = 0.
    pub fn rate(&self) -> Option<f64> {
        let first = self.eigenvalues.first()?.abs();
        let second = self.eigenvalues.get(1)?.abs();
        (first > 0.0).then(|| second / first)
    }
}

/// Q diag(λ) Qᵀ, summed so that it is exactly symmetric.
pub fn compose(eigenvectors: &DMatrix<f64>, eigenvalues: &[f64]) -> DMatrix<f64> {
    let n = eigenvectors.nrows();
    let mut matrix = DMatrix::zeros(n, n);
    let mut scaled = eigenvectors.clone();
    scaled.column_iter_mut().zip(eigenvalues).for_each(|(mut column, lambda)| column *= *lambda);
    // Each entry is summed over the eigenvalues in their order, many entries of a column at once.
    let mut sums = vec![0.0; n];
    for column in 0..n {
        let upper = &mut sums[..=column];
        upper.fill(0.0);
        for (i, column_of_scaled) in scaled.column_iter().enumerate() {
            let factor = eigenvectors[(column, i)];
            upper.iter_mut().zip(column_of_scaled.iter()).for_each(|(sum, entry)| *sum += entry * factor);
        }
        for (row, sum) in upper.iter().enumerate() {
            matrix[(row, column)] = *sum;
            matrix[(column, row)] = *sum;
        }
    }
    matrix
}

/// Indices by falling |λ|; ties keep their order.
pub fn order_by_magnitude(eigenvalues: &[f64]) -> Vec<usize> {
    order_by(eigenvalues.len(), &|a, b| eigenvalues[b].abs().total_cmp(&eigenvalues[a].abs()))
}

/// The eigenvalues of a symmetric matrix by falling magnitude. Their errors are of the order of 1e-16 of the largest:
/// eigenvalues smaller than that beside the largest are rounding.
pub fn eigenvalues(matrix: &DMatrix<f64>) -> Vec<f64> {
    let largest = matrix.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return vec![largest; matrix.nrows()];
    }
    let values: Vec<f64> = (matrix / largest).symmetric_eigenvalues().iter().map(|x| x * largest).collect();
    order_by_magnitude(&values).iter().map(|i| values[*i]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_haar_matrix_is_orthogonal_to_the_last_bits() {
        for n in [1, 2, 8, 64] {
            let q = haar_orthogonal(n, &mut Stream::new(5, "test"));
            let error = (q.transpose() * &q - DMatrix::identity(n, n)).amax();
            assert!(error < 1e-14, "{n}: {error}");
        }
    }

    #[test]
    fn the_matrix_has_the_chosen_spectrum() {
        let chosen = [0.5, -1.2, 0.9, 0.0];
        let m = SymmetricMatrix::new(&chosen, &mut Stream::new(1, "test"));
        assert_eq!(m.eigenvalues, [-1.2, 0.9, 0.5, 0.0]);
        assert_eq!(m.matrix, m.matrix.transpose());
        for (found, chosen) in eigenvalues(&m.matrix).iter().zip(&m.eigenvalues) {
            assert!((found - chosen).abs() < 4e-15, "{found} {chosen}");
        }
    }

    #[test]
    fn the_zero_matrix_has_zero_eigenvalues() {
        assert_eq!(eigenvalues(&DMatrix::zeros(3, 3)), [0.0; 3]);
    }
}
