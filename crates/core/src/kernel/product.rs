//! Products of row-major matrices.
use crate::network::Real;
/// C (m x n) += A (m x k) B (k x n).
pub fn add_product<R: Real>(a: &[R], b: &[R], c: &mut [R], m: usize, k: usize, n: usize) {
    for i in 0..m {
        for l in 0..k {
            let x = a[i * k + l];
            for (c, b) in c[i * n..(i + 1) * n].iter_mut().zip(&b[l * n..(l + 1) * n]) {
                *c += x * *b;
            }
        }
    }
}
/// C (m x n) += A^T B, A (k x m), B (k x n).
pub fn add_transposed_product<R: Real>(a: &[R], b: &[R], c: &mut [R], m: usize, k: usize, n: usize) {
    for l in 0..k {
        for i in 0..m {
            let x = a[l * m + i];
            for (c, b) in c[i * n..(i + 1) * n].iter_mut().zip(&b[l * n..(l + 1) * n]) {
                *c += x * *b;
            }
        }
    }
}
/// out = A^T.
pub fn transpose<R: Real>(a: &[R], rows: usize, columns: usize, out: &mut [R]) {
    for i in 0..rows {
        for j in 0..columns {
            out[j * rows + i] = a[i * columns + j];
        }
    }
}
/// out_j += sum of column j.
pub fn add_column_sums<R: Real>(a: &[R], rows: usize, columns: usize, out: &mut [R]) {
    for row in a[..rows * columns].chunks_exact(columns.max(1)) {
        for (sum, x) in out.iter_mut().zip(row) {
            *sum += *x;
        }
    }
}
