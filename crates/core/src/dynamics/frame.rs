//! An orthonormal basis that is carried through a sequence of matrices: Jᵀ Q = Q' R for one factor after the other.
//!
//! A factor with rows or columns of very different size is taken apart first, J = D_r J' D_c with powers of two in D_r
//! and D_c: saturated units keep the accuracy of their own slope, and units that are off (rows of zeros) lower the rank
//! exactly. Each part gives a triangular factor of its own.
use super::kernels::{largest_exponent, multiply, power_of_two};
use super::orthogonal::{longest, orthonormalize, random_basis, rounding, scale_and_orthonormalize};
use crate::math;
use crate::random::Stream;

/// Rows of a factor whose sizes differ by more than this power of two are scaled apart: six of
/// the sixteen digits may be lost, for the sake of speed, and no more.
const EVEN: i64 = 20;

/// A factor with larger or smaller entries than this power of two is brought back to the order of 1.
const MODERATE: i64 = 100;

/// A diagonal factor is applied in steps of at most this power of two.
const STEP: i64 = 900;

/// An orthonormal basis q_1 .. q_rank that is carried through a product of matrices.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    n: usize,
    rank: usize,
    /// Row i is q_i, n numbers.
    basis: Vec<f64>,
    coefficients: Vec<f64>,
    spare: Vec<f64>,
}

/// R of one step, from `count` vectors to `rank`: r_ij = coefficients[j * count + i].
pub(super) struct Triangle<'a> {
    coefficients: &'a [f64],
    /// How many vectors there were.
    pub count: usize,
    /// How many there are: fewer where some had become dependent.
    pub rank: usize,
}

impl<'a> Triangle<'a> {
    /// With those coefficients.
    pub fn new(coefficients: &'a [f64], count: usize, rank: usize) -> Self {
        Self { coefficients, count, rank }
    }

    /// r_ij, i < rank, j < count; zero for i > j.
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.coefficients[j * self.count + i]
    }
}

impl Frame {
    /// The unit vectors.
    pub fn identity(n: usize) -> Self {
        let mut basis = vec![0.0; n * n];
        basis.iter_mut().step_by(n + 1).for_each(|x| *x = 1.0);
        Self { n, rank: n, basis, coefficients: Vec::new(), spare: vec![0.0; n * n] }
    }

    /// Uniform over the orthogonal group.
    pub fn random(n: usize, stream: &mut Stream) -> Self {
        Self { basis: random_basis(n, stream), ..Self::identity(n) }
    }

    /// How many vectors the basis has.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// Q <- Q' for the finite n by n factor J, given by rows. Every R is handed to `visit`; the product of all of them,
    /// the last one leftmost, times 2^(what is returned) is the R of the factor.
    pub fn push(&mut self, factor: &[f64], visit: &mut dyn FnMut(Triangle)) -> i64 {
        let n = self.n;
        let rows: Vec<Option<i64>> = factor.chunks_exact(n.max(1)).map(largest_exponent).collect();
        let Some(largest) = rows.iter().flatten().copied().max() else {
            visit(Triangle { coefficients: &[], count: self.rank, rank: 0 });
            self.rank = 0;
            return 0;
        };
        let columns = column_exponents(factor, n, &rows);
        let (rows, columns) = (unevenness(&rows), unevenness(&columns));
        if rows.is_none() && columns.is_none() && largest.abs() < MODERATE {
            self.push_even(factor, visit);
            return 0;
        }
        if let Some(rows) = &rows {
            self.push_diagonal(rows, visit);
        }
        let of = |exponents: &Option<Vec<Option<i64>>>, i: usize| exponents.as_ref().and_then(|e| e[i]).unwrap_or(0);
        let inner: Vec<f64> = (0..n * n)
            .map(|k| math::scale_by_power_of_two(factor[k], -largest - of(&rows, k / n) - of(&columns, k % n)))
            .collect();
        self.push_even(&inner, visit);
        if let Some(columns) = &columns {
            self.push_diagonal(columns, visit);
        }
        largest
    }

    fn push_even(&mut self, factor: &[f64], visit: &mut dyn FnMut(Triangle)) {
        let (n, count) = (self.n, self.rank);
        multiply(&mut self.spare[..count * n], &self.basis[..count * n], factor, n, n);
        std::mem::swap(&mut self.basis, &mut self.spare);
        let rows = &mut self.basis[..count * n];
        let negligible = rounding(n) * longest(rows, n);
        self.rank = orthonormalize(rows, n, count, negligible, &mut self.coefficients);
        visit(Triangle { coefficients: &self.coefficients, count, rank: self.rank });
    }

    /// For D = diag(2^exponent), exponents at most 0; in several steps where they are beyond the range of f64.
    fn push_diagonal(&mut self, exponents: &[Option<i64>], visit: &mut dyn FnMut(Triangle)) {
        let mut left = exponents.to_vec();
        loop {
            let step: Vec<Option<i64>> = left.iter().map(|e| e.map(|e| e.max(-STEP))).collect();
            let count = self.rank;
            self.rank = scale_and_orthonormalize(&mut self.basis, self.n, count, &step, &mut self.coefficients);
            visit(Triangle { coefficients: &self.coefficients, count, rank: self.rank });
            left.iter_mut().for_each(|e| *e = e.map(|e| e + STEP.min(-e)));
            if left.iter().flatten().all(|e| *e == 0) {
                return;
            }
        }
    }
}

/// The same of the columns, once every row is brought to the order of 1.
fn column_exponents(factor: &[f64], n: usize, rows: &[Option<i64>]) -> Vec<Option<i64>> {
    let mut most = vec![0.0f64; n];
    for (row, e) in factor.chunks_exact(n).zip(rows) {
        let Some(e) = e else { continue };
        let (half, rest) = (power_of_two(-e / 2), power_of_two(-e - (-e / 2)));
        for (most, x) in most.iter_mut().zip(row) {
            let size = (x * half * rest).abs();
            *most = if size > *most { size } else { *most };
        }
    }
    most.into_iter().map(math::binary_exponent).collect()
}

/// Exponents relative to the largest; `None` where they are all about the same.
fn unevenness(exponents: &[Option<i64>]) -> Option<Vec<Option<i64>>> {
    let largest = exponents.iter().flatten().copied().max()?;
    let even = exponents.iter().all(|e| e.is_some_and(|e| e > largest - EVEN));
    (!even).then(|| exponents.iter().map(|e| e.map(|e| e - largest)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Σ ln |r_ii| over all triangles of some factors, and the exponents that were taken out.
    fn log2_volume(frame: &mut Frame, factor: &[f64]) -> f64 {
        let mut sum = 0.0;
        let shift = frame.push(factor, &mut |r| sum += (0..r.rank).map(|i| r.at(i, i).abs().log2()).sum::<f64>());
        sum + shift as f64 * frame.rank() as f64
    }

    #[test]
    fn the_volume_is_the_determinant_however_rows_and_columns_are_scaled() {
        let n = 5;
        let matrix = Stream::new(1, "test").normals(n * n);
        let wanted = log2_volume(&mut Frame::identity(n), &matrix);
        let (rows, columns) = ([0, -300, 7, 100, -20], [0, 0, -50, 200, 9]);
        let scaled: Vec<f64> =
            (0..n * n).map(|k| matrix[k] * power_of_two(rows[k / n]) * power_of_two(columns[k % n])).collect();
        for mut frame in [Frame::identity(n), Frame::random(n, &mut Stream::new(2, "test"))] {
            let found = log2_volume(&mut frame, &scaled);
            let shift: i64 = rows.iter().chain(&columns).sum();
            assert!((found - shift as f64 - wanted).abs() < 1e-10, "{found} {wanted}");
        }
    }

    #[test]
    fn rows_and_columns_of_zeros_lower_the_rank() {
        let mut frame = Frame::random(3, &mut Stream::new(1, "test"));
        frame.push(&[1.0, 2.0, 0.0, 3.0, 5.0, 0.0, 2.0, 1.0, 0.0], &mut |_| {});
        assert_eq!(frame.rank(), 2);
        frame.push(&[1.0, 2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], &mut |_| {});
        assert_eq!(frame.rank(), 1);
        frame.push(&[0.0; 9], &mut |_| {});
        assert_eq!(frame.rank(), 0);
    }
}
