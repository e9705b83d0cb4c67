//! The inner loops: sums over contiguous rows, in an order that vectorises and is the same on every machine.
//!
//! A sum in one variable must be done one term after the other; with several partial sums, written out as such, the
//! compiler may use vector instructions and the result is still one and the same.

use crate::math;

/// Partial sums of a scalar product.
const LANES: usize = 8;

/// <x, y>, in eight partial sums for vector instructions.
pub(super) fn dot(x: &[f64], y: &[f64]) -> f64 {
    let (x_chunks, x_rest) = x.as_chunks::<LANES>();
    let (y_chunks, y_rest) = y.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a, b) in x_chunks.iter().zip(y_chunks) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = x_rest.iter().zip(y_rest).map(|(a, b)| a * b).sum();
    ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7])) + rest
}

/// max |x_i|; NaN is passed over.
fn largest(x: &[f64]) -> f64 {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let mut most = [0.0f64; LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            most[lane] = if chunk[lane].abs() > most[lane] { chunk[lane].abs() } else { most[lane] };
        }
    }
    most.iter().chain(rest).fold(0.0, |most, x| if x.abs() > most { x.abs() } else { most })
}

/// The binary exponent of the largest value; `None` for zeros.
pub(super) fn largest_exponent(row: &[f64]) -> Option<i64> {
    math::binary_exponent(largest(row))
}

/// y += a x, number by number.
pub(super) fn add_multiple(y: &mut [f64], a: f64, x: &[f64]) {
    for (value, other) in y.iter_mut().zip(x) {
        *value += a * other;
    }
}

/// The scalar products of four consecutive rows of `rows` (each as long as y) with y.
fn dot_four(rows: &[f64], y: &[f64]) -> [f64; 4] {
    const WIDTH: usize = 4;
    let n = y.len();
    let (y_chunks, y_rest) = y.as_chunks::<WIDTH>();
    let (first, rest) = rows.split_at(n);
    let (second, rest) = rest.split_at(n);
    let (third, fourth) = rest.split_at(n);
    let ((a, a_rest), (b, b_rest)) = (first.as_chunks::<WIDTH>(), second.as_chunks::<WIDTH>());
    let ((c, c_rest), (d, d_rest)) = (third.as_chunks::<WIDTH>(), fourth.as_chunks::<WIDTH>());
    let mut sums = [[0.0; WIDTH]; 4];
    for ((((y, a), b), c), d) in y_chunks.iter().zip(a).zip(b).zip(c).zip(d) {
        for lane in 0..WIDTH {
            sums[0][lane] += a[lane] * y[lane];
            sums[1][lane] += b[lane] * y[lane];
            sums[2][lane] += c[lane] * y[lane];
            sums[3][lane] += d[lane] * y[lane];
        }
    }
    let rests = [a_rest, b_rest, c_rest, d_rest];
    std::array::from_fn(|row| {
        let rest: f64 = rests[row].iter().zip(y_rest).map(|(x, y)| x * y).sum();
        ((sums[row][0] + sums[row][2]) + (sums[row][1] + sums[row][3])) + rest
    })
}

/// y += Σ_i a_i rows_i for the consecutive rows of `rows`, each as long as y.
pub(super) fn add_combination(y: &mut [f64], a: &[f64], rows: &[f64]) {
    let n = y.len();
    let (fours, rest) = a.as_chunks::<4>();
    for (four, rows) in fours.iter().zip(rows.chunks_exact(4 * n)) {
        let (first, others) = rows.split_at(n);
        let (second, others) = others.split_at(n);
        let (third, fourth) = others.split_at(n);
        for ((((y, p), q), r), s) in y.iter_mut().zip(first).zip(second).zip(third).zip(fourth) {
            *y = (((*y + four[0] * p) + four[1] * q) + four[2] * r) + four[3] * s;
        }
    }
    for (a, row) in rest.iter().zip(rows[4 * fours.len() * n..].chunks_exact(n)) {
        add_multiple(y, *a, row);
    }
}

/// out = a b, all in rows: `a` has rows of `inner` values, `b` `inner` rows of `n`.
pub(super) fn multiply(out: &mut [f64], a: &[f64], b: &[f64], inner: usize, n: usize) {
    out.fill(0.0);
    let mut out_pairs = out.chunks_exact_mut(2 * n);
    let mut a_pairs = a.chunks_exact(2 * inner);
    for (out, a) in out_pairs.by_ref().zip(a_pairs.by_ref()) {
        let (upper, lower) = out.split_at_mut(n);
        let (a_upper, a_lower) = a.split_at(inner);
        let ((fours, rest), (lower_fours, lower_rest)) = (a_upper.as_chunks::<4>(), a_lower.as_chunks::<4>());
        for ((u, l), rows) in fours.iter().zip(lower_fours).zip(b.chunks_exact(4 * n)) {
            add_four_to_two(upper, lower, u, l, rows);
        }
        let rows = &b[4 * fours.len() * n..inner * n];
        add_combination(upper, rest, rows);
        add_combination(lower, lower_rest, rows);
    }
    let (out, a) = (out_pairs.into_remainder(), a_pairs.remainder());
    if !out.is_empty() {
        add_combination(out, a, &b[..inner * n]);
    }
}

/// Four rows times two sets of factors: what is read once is used twice.
fn add_four_to_two(upper: &mut [f64], lower: &mut [f64], u: &[f64; 4], l: &[f64; 4], rows: &[f64]) {
    let n = upper.len();
    let (first, others) = rows.split_at(n);
    let (second, others) = others.split_at(n);
    let (third, fourth) = others.split_at(n);
    for (((((x, y), p), q), r), s) in
        upper.iter_mut().zip(lower.iter_mut()).zip(first).zip(second).zip(third).zip(fourth)
    {
        *x = (((*x + u[0] * p) + u[1] * q) + u[2] * r) + u[3] * s;
        *y = (((*y + l[0] * p) + l[1] * q) + l[2] * r) + l[3] * s;
    }
}

/// Takes out of y its parts along the consecutive orthonormal rows of `basis` and adds <row, y> to `coefficients`: four
/// rows at a time, each four from what the ones before have left (Gram and Schmidt, modified).
pub(super) fn project_out(y: &mut [f64], basis: &[f64], coefficients: &mut [f64]) {
    let n = y.len();
    let (fours, rest) = coefficients.as_chunks_mut::<4>();
    let done = 4 * fours.len() * n;
    for (four, rows) in fours.iter_mut().zip(basis.chunks_exact(4 * n)) {
        let along = dot_four(rows, y);
        add_combination(y, &along.map(|x| -x), rows);
        for (total, x) in four.iter_mut().zip(along) {
            *total += x;
        }
    }
    for (total, row) in rest.iter_mut().zip(basis[done..].chunks_exact(n)) {
        let along = dot(row, y);
        add_multiple(y, -along, row);
        *total += along;
    }
}

/// 2^exponent for any exponent: 0 and infinity outside the range of f64 (and 0 for what is not a normal number).
pub(super) fn power_of_two(exponent: i64) -> f64 {
    match exponent {
        -1022..=1023 => f64::from_bits(((exponent + 1023) as u64) << 52),
        1024.. => f64::INFINITY,
        _ => 0.0,
    }
}

/// x 2^exponent, exact but for overflow and underflow.
pub(super) fn scaled(x: f64, exponent: i64) -> f64 {
    match exponent {
        -1022..=1023 => x * power_of_two(exponent),
        _ => math::scale_by_power_of_two(x, exponent),
    }
}

/// The binary exponent of a number that is neither zero nor infinite nor NaN; -1023 for all that are not normal.
pub(super) fn rough_exponent(x: f64) -> i64 {
    (x.to_bits() >> 52 & 0x7ff) as i64 - 1023
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    #[test]
    fn a_product_is_the_product_whatever_the_remainders_of_its_sides() {
        let mut stream = Stream::new(1, "test");
        for (rows, inner, n) in [(1, 1, 1), (2, 3, 5), (5, 4, 8), (7, 9, 11), (8, 8, 8)] {
            let (a, b) = (stream.normals(rows * inner), stream.normals(inner * n));
            let mut out = vec![f64::NAN; rows * n];
            multiply(&mut out, &a, &b, inner, n);
            for i in 0..rows {
                for j in 0..n {
                    let wanted: f64 = (0..inner).map(|k| a[i * inner + k] * b[k * n + j]).sum();
                    assert!((out[i * n + j] - wanted).abs() < 1e-14, "{rows} {inner} {n}");
                }
            }
        }
    }

    #[test]
    fn what_is_left_is_orthogonal_to_the_basis() {
        // Five unit vectors out of seven: the last two components are left.
        let n = 7;
        let basis: Vec<f64> = (0..5 * n).map(|i| if i / n == i % n { 1.0 } else { 0.0 }).collect();
        let mut y = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
        let mut coefficients = [0.0; 5];
        project_out(&mut y, &basis, &mut coefficients);
        assert_eq!(y, [0.0, 0.0, 0.0, 0.0, 0.0, 6.0, 7.0]);
        assert_eq!(coefficients, [1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(dot(&y, &y), 85.0);
    }

    #[test]
    fn powers_of_two_are_exact() {
        assert_eq!([power_of_two(-1), power_of_two(10), power_of_two(-1022)], [0.5, 1024.0, f64::MIN_POSITIVE]);
        assert_eq!([power_of_two(-2_000), power_of_two(2_000)], [0.0, f64::INFINITY]);
    }
}
