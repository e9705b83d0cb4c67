//! Singular values to high relative accuracy, by rotations of pairs of rows (one-sided Jacobi), for rows of any scale.
//!
//! The rows are made orthogonal; their lengths are then the singular values. For a matrix D B, D diagonal of any range,
//! every singular value is right to about ε κ(B) of ITSELF (Demmel and Veselić 1992, "Jacobi's method is more accurate
//! than QR"). Row i is stored as w_i 2^{e_i}; with ρ = 2^{e_j - e_i} <= 1, a = ‖w_i‖², b = ‖w_j‖², γ = <w_i, w_j>, the
//! rotation that makes rows i and j orthogonal is
//!
//! ```text
//! τ = 2γ / (δ ± sqrt(δ² + (2ργ)²)),   δ = a - ρ² b,   c = 1 / sqrt(1 + ρ²τ²)
//! w_i <- c (w_i + ρ²τ w_j),   w_j <- c (w_j - τ w_i)
//! ```
//!
//! in which nothing overflows, however far apart the two rows are. First the rows are sorted by length and decomposed
//! into triangular times orthogonal; the transposed triangle has rows that are nearly orthogonal already (Drmač and
//! Veselić 2008, "New fast and accurate Jacobi SVD algorithm").
use super::kernels::{add_multiple, dot, largest_exponent, power_of_two};
use super::orthogonal::orthonormalize;
use crate::math;
use crate::order::order_by;
use std::f64::consts::LOG10_2;

/// A pair is left alone where its rotation would change its two singular values by less than this share of themselves.
const TOLERANCE: f64 = 1e-14;

/// Errors fall quadratically: a sweep that met nothing above this is the last.
const LAST_SWEEP: f64 = 1e-6;

/// What is smaller than this power of two beside the rest of its row is left out: products of such numbers would be
/// subnormal, with which processors are slow.
const NEGLIGIBLE: i64 = -120;

/// Far more than ever needed (ten at most); with these the result is as good as it gets.
const MAX_SWEEPS: usize = 40;

/// A positive number mantissa * 2^exponent, or zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Magnitude {
    pub mantissa: f64,
    pub exponent: i64,
}

impl Magnitude {
    /// Its logarithm to base 10; -∞ for zero.
    pub fn log10(self) -> f64 {
        if self.mantissa == 0.0 {
            f64::NEG_INFINITY
        } else {
            math::log10(self.mantissa) + self.exponent as f64 * LOG10_2
        }
    }
}

/// The singular values, falling, of the matrix whose row i is 2^{exponents[i]} times the i-th n values of `rows`: as
/// many as there are rows. All values finite.
pub(super) fn singular_values(rows: &[f64], n: usize, exponents: &[i64]) -> Vec<Magnitude> {
    let count = exponents.len();
    if n == 0 || count == 0 {
        return Vec::new();
    }
    let zero = Magnitude { mantissa: 0.0, exponent: 0 };
    // Each row to a length of about 1, longest first.
    let sizes: Vec<Option<i64>> = rows.chunks_exact(n).map(largest_exponent).collect();
    let key = |i: usize| sizes[i].map_or(i64::MIN, |size| size + exponents[i]);
    let lengths: Vec<f64> = rows
        .chunks_exact(n)
        .zip(&sizes)
        .map(|(row, size)| {
            let factor = math::scale_by_power_of_two(1.0, -size.unwrap_or(0));
            row.iter().map(|x| (x * factor) * (x * factor)).sum()
        })
        .collect();
    let order = order_by(count, &|a, b| key(b).cmp(&key(a)).then(lengths[b].total_cmp(&lengths[a])));
    let order: Vec<usize> = order.into_iter().filter(|i| sizes[*i].is_some()).collect();
    let mut sorted = Vec::with_capacity(order.len() * n);
    for i in &order {
        let size = sizes[*i].unwrap_or(0);
        let row = &rows[i * n..(i + 1) * n];
        sorted.extend(row.iter().map(|x| math::scale_by_power_of_two(*x, -size)));
    }
    let exponents: Vec<i64> = order.iter().map(|i| key(*i)).collect();
    let mut found = of_sorted_rows(&mut sorted, n, &exponents);
    let order = order_by(found.len(), &|a, b| found[b].log10().total_cmp(&found[a].log10()));
    found = order.into_iter().map(|i| found[i]).collect();
    found.resize(count, zero);
    found
}

/// For rows with a largest value of about 1 and falling exponents.
fn of_sorted_rows(rows: &mut [f64], n: usize, exponents: &[i64]) -> Vec<Magnitude> {
    let count = exponents.len();
    if count == 0 {
        return Vec::new();
    }
    let mut coefficients = Vec::new();
    let rank = orthonormalize(rows, n, count, 0.0, &mut coefficients);
    // Row i of the transposed triangle: r_ij 2^{e_j}, in units of its first entry's, which is at j = i unless a row
    // depended on those before it.
    let (mut triangle, mut scaled) = (vec![0.0; rank * count], Vec::with_capacity(rank));
    for (i, row) in triangle.chunks_exact_mut(count).enumerate() {
        let of = |j: usize| coefficients[j * count + i];
        let first = (i..count).find(|j| of(*j) != 0.0).unwrap_or(i);
        for j in first..count {
            let drop = exponents[j] - exponents[first];
            row[j] = if drop > NEGLIGIBLE { of(j) * power_of_two(drop) } else { 0.0 };
        }
        let size = largest_exponent(row).unwrap_or(0);
        row.iter_mut().for_each(|x| *x = math::scale_by_power_of_two(*x, -size));
        scaled.push(exponents[first] + size);
    }
    rotate_rows(&mut triangle, count, &scaled);
    triangle
        .chunks_exact(count)
        .zip(&scaled)
        .map(|(row, exponent)| Magnitude { mantissa: dot(row, row).sqrt(), exponent: *exponent })
        .collect()
}

/// Makes the rows orthogonal, in place.
fn rotate_rows(rows: &mut [f64], n: usize, exponents: &[i64]) {
    let count = exponents.len();
    let mut squares = vec![0.0; count];
    for _ in 0..MAX_SWEEPS {
        for (square, row) in squares.iter_mut().zip(rows.chunks_exact(n)) {
            *square = dot(row, row);
        }
        let mut worst = 0.0f64;
        for i in 0..count {
            for j in i + 1..count {
                let (before, from) = rows.split_at_mut(j * n);
                let (x, y) = (&mut before[i * n..(i + 1) * n], &mut from[..n]);
                let gamma = dot(x, y);
                if gamma == 0.0 {
                    continue;
                }
                let rise = exponents[j] - exponents[i];
                let (mut a, mut b) = (squares[i], squares[j]);
                let change = if rise <= 0 {
                    rotate_pair(x, y, (&mut a, &mut b), gamma, power_of_two(rise))
                } else {
                    rotate_pair(y, x, (&mut b, &mut a), gamma, power_of_two(-rise))
                };
                worst = worst.max(change);
                // What most of a length was taken from is measured again.
                (squares[i], squares[j]) = if change < 0.5 { (a, b) } else { (dot(x, x), dot(y, y)) };
            }
        }
        if worst < LAST_SWEEP {
            return;
        }
    }
}

/// Makes x and ρ y orthogonal, with squared lengths a and ρ² b, and returns by which share these changed; below the
/// tolerance nothing is done, and the share is 0.
fn rotate_pair(x: &mut [f64], y: &mut [f64], (a, b): (&mut f64, &mut f64), gamma: f64, rho: f64) -> f64 {
    let delta = *a - rho * rho * *b;
    let twice = 2.0 * rho * gamma;
    let root = (delta * delta + twice * twice).sqrt();
    let tau = 2.0 * gamma / (delta + if delta < 0.0 { -root } else { root });
    // a grows by as much as ρ² b shrinks.
    let (rise, fall) = (rho * rho * (gamma * tau), gamma * tau);
    let change = (rise / *a).abs().max((fall / *b).abs());
    if change <= TOLERANCE {
        return 0.0;
    }
    *a += rise;
    *b -= fall;
    if (rho * tau).abs() < 1e-9 {
        // The cosine is 1, and what x would change by is beyond its last digit.
        add_multiple(y, -tau, x);
    } else {
        let back = rho * rho * tau;
        let cosine = 1.0 / (1.0 + (rho * tau) * (rho * tau)).sqrt();
        for (p, q) in x.iter_mut().zip(y) {
            let (old_p, old_q) = (*p, *q);
            *p = cosine * (old_p + back * old_q);
            *q = cosine * (old_q - tau * old_p);
        }
    }
    change
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    #[test]
    fn a_worked_pair() {
        // [[1, 1], [0, 1]]: σ = (√5 ± 1) / 2.
        let found = singular_values(&[1.0, 1.0, 0.0, 1.0], 2, &[0, 0]);
        for (value, wanted) in found.iter().zip([(5f64.sqrt() + 1.0) / 2.0, (5f64.sqrt() - 1.0) / 2.0]) {
            assert!((value.log10() - wanted.log10()).abs() < 1e-15);
        }
    }

    #[test]
    fn rows_far_beyond_the_range_keep_their_own_accuracy() {
        // [[1, 1], [ρ, -2ρ]], ρ = 2^-5000: σ_1 = √2, σ_1 σ_2 = 3ρ.
        let found = singular_values(&[1.0, 1.0, 1.0, -2.0], 2, &[0, -5_000]);
        assert!((found[0].log10() - 0.5 * LOG10_2).abs() < 1e-15);
        assert!((found[1].log10() - (3f64.log10() - 0.5 * LOG10_2 - 5_000.0 * LOG10_2)).abs() < 1e-12);
    }

    #[test]
    fn scaled_rows_agree_with_their_determinant_and_zeros_are_zeros() {
        let n = 6;
        let rows = Stream::new(2, "test").normals(n * n);
        let flat = singular_values(&rows, n, &[0; 6]);
        let steep = singular_values(&rows, n, &[-300, 200, 0, 900, -50, 20]);
        let sum = |values: &[Magnitude]| values.iter().map(|value| value.log10()).sum::<f64>();
        assert!((sum(&steep) - sum(&flat) - 770.0 * LOG10_2).abs() < 1e-11);
        let zeros = singular_values(&[0.0, 0.0, 3.0, 4.0], 2, &[0, 1]);
        assert_eq!(zeros[0].log10(), 10f64.log10());
        assert_eq!(zeros[1].log10(), f64::NEG_INFINITY);
        // The second row depends on the first, the third is far below.
        let dependent = singular_values(&[1.0, 0.0, 1.0, 0.0, 0.0, 1.0], 2, &[1, 0, -900]);
        assert!((dependent[1].log10() + 900.0 * LOG10_2).abs() < 1e-12, "{dependent:?}");
        assert_eq!(dependent[2].log10(), f64::NEG_INFINITY);
    }
}
