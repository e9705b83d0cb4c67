//! M = Q diag(λ) Qᵀ with Q uniform over the orthogonal group.
use crate::order::order_by;
use crate::random::Stream;
use crate::vector::euclidean_norm;
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
    for row in 0..n {
        for column in row..n {
            let mut sum = 0.0;
            for (i, lambda) in eigenvalues.iter().enumerate() {
                sum += eigenvectors[(row, i)] * lambda * eigenvectors[(column, i)];
            }
            matrix[(row, column)] = sum;
            matrix[(column, row)] = sum;
        }
    }
    matrix
}

/// Indices by falling |λ|; ties keep their order.
pub fn order_by_magnitude(eigenvalues: &[f64]) -> Vec<usize> {
    order_by(eigenvalues.len(), &|a, b| eigenvalues[b].abs().total_cmp(&eigenvalues[a].abs()))
}

/// An orthogonal matrix uniform over the orthogonal group (Haar measure).
///
/// Gram and Schmidt on the columns of a matrix of independent normals, each column twice for full orthogonality: the Q
/// of its QR decomposition with positive diagonal of R, which is the choice that makes Q uniform (Mezzadri 2007,
/// "How to generate random matrices from the classical compact groups", section 5).
pub fn haar_orthogonal(n: usize, stream: &mut Stream) -> DMatrix<f64> {
    let mut columns: Vec<Vec<f64>> = Vec::with_capacity(n);
    while columns.len() < n {
        let mut column = stream.normals(n);
        for _ in 0..2 {
            for previous in &columns {
                let overlap: f64 = column.iter().zip(previous).map(|(a, b)| a * b).sum();
                for (value, other) in column.iter_mut().zip(previous) {
                    *value -= overlap * other;
                }
            }
        }
        let norm = euclidean_norm(&column);
        // A column in the span of the others has probability zero; a new one is drawn.
        if norm > 1e-8 {
            columns.push(column.iter().map(|value| value / norm).collect());
        }
    }
    DMatrix::from_fn(n, n, |row, column| columns[column][row])
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
    fn haar_entries_have_the_variance_of_a_uniform_unit_vector() {
        // E q_11^2 = 1/n, and both signs are equally likely (the sign of R's diagonal matters here).
        let (n, draws) = (3, 4_000);
        let entries: Vec<f64> =
            (0..draws).map(|seed| haar_orthogonal(n, &mut Stream::new(seed, "haar"))[(0, 0)]).collect();
        let mean = entries.iter().sum::<f64>() / draws as f64;
        let square = entries.iter().map(|x| x * x).sum::<f64>() / draws as f64;
        assert!(mean.abs() < 0.04, "{mean}");
        assert!((square - 1.0 / 3.0).abs() < 0.02, "{square}");
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
