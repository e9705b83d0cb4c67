//! Orthogonal times triangular: the two decompositions that carry a basis through a sequence of matrices.
//!
//! ```text
//! y_j = Σ_{i<=j} r_ij q_i,   <q_i, q_j> = δ_ij
//! ```
//!
//! [`orthonormalize`] is the method of Gram and Schmidt, modified, with a second pass for a vector that lost most of its
//! length in the first ("twice is enough": Parlett, "The symmetric eigenvalue problem", section 6-9). Its errors are
//! small beside each vector. [`scale_and_orthonormalize`] is for vectors whose COMPONENTS are of very different size,
//! D y_j with a diagonal D, such as the slopes of saturated units: Householder's reflections with the components sorted
//! by size, whose errors are small beside each row of components (Cox and Higham 1998, "Stability of Householder QR
//! factorization for weighted least squares problems").
//!
//! A vector that depends on those before it up to rounding counts as dependent: it has coefficients and gives no q.
use super::kernels::{add_multiple, dot, power_of_two, project_out};
use crate::order::order_by;
use crate::random::Stream;
use crate::spectral::euclidean_norm;

/// Below this share of its size what is left of a vector is rounding: a few units of the last place for each component.
pub(super) fn rounding(n: usize) -> f64 {
    4.0 * n as f64 * f64::EPSILON
}

/// A second pass where the first has left less than this share of the squared length.
const SECOND_PASS: f64 = 0.01;

/// Replaces the `count` rows of length n by an orthonormal basis of what they span, in their first rows, and returns its
/// size. `coefficients[j * count + i]` = r_ij. What is left below `negligible` counts as nothing.
pub(super) fn orthonormalize(
    rows: &mut [f64],
    n: usize,
    count: usize,
    negligible: f64,
    coefficients: &mut Vec<f64>,
) -> usize {
    coefficients.clear();
    coefficients.resize(count * count, 0.0);
    let mut rank = 0;
    for (j, coefficients) in coefficients.chunks_exact_mut(count.max(1)).enumerate() {
        if rank == n {
            // The basis is complete.
            let (basis, rest) = rows.split_at_mut(rank * n);
            project_out(&mut rest[(j - rank) * n..][..n], basis, &mut coefficients[..rank]);
            continue;
        }
        if rank < j {
            rows.copy_within(j * n..(j + 1) * n, rank * n);
        }
        let (basis, rest) = rows.split_at_mut(rank * n);
        let y = &mut rest[..n];
        let before = dot(y, y);
        project_out(y, basis, &mut coefficients[..rank]);
        let mut square = dot(y, y);
        if square < SECOND_PASS * before {
            project_out(y, basis, &mut coefficients[..rank]);
            square = dot(y, y);
        }
        let length = square.sqrt();
        if length > negligible {
            let inverse = 1.0 / length;
            y.iter_mut().for_each(|x| *x *= inverse);
            coefficients[rank] = length;
            rank += 1;
        }
    }
    rank
}

/// The length of the longest of the rows.
pub(super) fn longest(rows: &[f64], n: usize) -> f64 {
    rows.chunks_exact(n).map(|row| dot(row, row)).fold(0.0, f64::max).sqrt()
}

/// As [`orthonormalize`] for D y_j, with orthonormal y_j and D = diag(2^exponent), exponents at most 0; `None` is zero.
/// So is what is smaller than 2^-1000.
pub(super) fn scale_and_orthonormalize(
    rows: &mut [f64],
    n: usize,
    count: usize,
    exponents: &[Option<i64>],
    coefficients: &mut Vec<f64>,
) -> usize {
    coefficients.clear();
    coefficients.resize(count * count, 0.0);
    let scale: Vec<f64> = exponents.iter().map(|e| e.filter(|e| *e > -1_000).map_or(0.0, power_of_two)).collect();
    // Component s of the sorted vectors is component place[s]; what is zero in all of them is left out.
    let mut place = order_by(n, &|a, b| scale[b].total_cmp(&scale[a]));
    place.retain(|i| scale[*i] > 0.0 && rows.chunks_exact(n).take(count).any(|row| row[*i] != 0.0));
    let height = place.len();
    let mut sorted = vec![0.0; count * height];
    for (j, row) in rows.chunks_exact(n).take(count).enumerate() {
        for (s, i) in place.iter().enumerate() {
            sorted[j * height + s] = row[*i] * scale[*i];
        }
    }
    // Reflection k is 1 - τ v vᵀ on the components from k on, with v_k = 1; the v are kept where the vectors were.
    let mut reflections: Vec<(usize, f64)> = Vec::new();
    for j in 0..count {
        let rank = reflections.len();
        let (before, rest) = sorted.split_at_mut(j * height);
        let y = &mut rest[..height];
        for (k, (column, factor)) in reflections.iter().enumerate() {
            reflect(&mut y[k..], &before[column * height + k..(column + 1) * height], *factor);
        }
        coefficients[j * count..j * count + rank].copy_from_slice(&y[..rank]);
        let nothing = (rank..height).all(|s| y[s].abs() <= rounding(n) * scale[place[s]]);
        if !nothing {
            let (value, factor) = make_reflection(&mut y[rank..]);
            coefficients[j * count + rank] = value;
            reflections.push((j, factor));
        }
    }
    // q_i = H_0 ... H_i e_i, back at their places.
    let mut unit = vec![0.0; height];
    for i in 0..reflections.len() {
        unit.fill(0.0);
        unit[i] = 1.0;
        for (k, (column, factor)) in reflections.iter().enumerate().take(i + 1).rev() {
            reflect(&mut unit[k..], &sorted[column * height + k..(column + 1) * height], *factor);
        }
        let row = &mut rows[i * n..(i + 1) * n];
        row.fill(0.0);
        for (s, i) in place.iter().enumerate() {
            row[*i] = unit[s];
        }
    }
    reflections.len()
}

/// x - τ v <v, x>.
fn reflect(x: &mut [f64], v: &[f64], factor: f64) {
    let along = dot(x, v);
    add_multiple(x, -factor * along, v);
}

/// Turns x into v with v_0 = 1 and returns (r, τ) with (1 - τ v vᵀ) x = r e_0. r has the sign that does not cancel.
fn make_reflection(x: &mut [f64]) -> (f64, f64) {
    let norm = euclidean_norm(x);
    let value = if x[0] > 0.0 { -norm } else { norm };
    let (first, factor) = (x[0] - value, (value - x[0]) / value);
    x.iter_mut().for_each(|component| *component /= first);
    x[0] = 1.0;
    (value, factor)
}

/// An orthonormal basis of n-space in rows, uniform over the orthogonal group up to signs.
pub(super) fn random_basis(n: usize, stream: &mut Stream) -> Vec<f64> {
    let mut coefficients = Vec::new();
    loop {
        let mut rows = stream.normals(n * n);
        if orthonormalize(&mut rows, n, n, 1e-8, &mut coefficients) == n {
            return rows;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// max |Σ_i r_ij q_i - y_j| / scale and max |<q_i, q_j> - δ_ij|.
    fn errors(y: &[f64], q: &[f64], coefficients: &[f64], n: usize, rank: usize, scale: &[f64]) -> (f64, f64) {
        let count = y.len() / n;
        let mut residual = 0.0f64;
        for j in 0..count {
            for c in 0..n {
                let sum: f64 = (0..rank).map(|i| coefficients[j * count + i] * q[i * n + c]).sum();
                residual = residual.max((sum - y[j * n + c]).abs() / scale[c]);
            }
        }
        let mut skewness = 0.0f64;
        for i in 0..rank {
            for j in 0..rank {
                let wanted = if i == j { 1.0 } else { 0.0 };
                skewness = skewness.max((dot(&q[i * n..(i + 1) * n], &q[j * n..(j + 1) * n]) - wanted).abs());
            }
        }
        (residual, skewness)
    }

    #[test]
    fn a_worked_decomposition() {
        // (3, 4) = 5 q_0; (1, 2) = 11/5 q_0 + 2/5 q_1, q_0 = (3, 4)/5, q_1 = (-4, 3)/5.
        let (mut rows, mut coefficients) = (vec![3.0, 4.0, 1.0, 2.0], Vec::new());
        assert_eq!(orthonormalize(&mut rows, 2, 2, 1e-15, &mut coefficients), 2);
        for (found, wanted) in rows.iter().chain(&coefficients).zip([0.6, 0.8, -0.8, 0.6, 5.0, 0.0, 2.2, 0.4]) {
            assert!((found - wanted).abs() < 1e-15, "{rows:?} {coefficients:?}");
        }
    }

    #[test]
    fn random_vectors_come_back_from_basis_and_coefficients() {
        for n in [1, 2, 5, 33] {
            let y = Stream::new(1, "test").normals(n * n);
            let (mut q, mut coefficients) = (y.clone(), Vec::new());
            let rank = orthonormalize(&mut q, n, n, 1e-12, &mut coefficients);
            let (residual, skewness) = errors(&y, &q, &coefficients, n, rank, &vec![1.0; n]);
            assert!(rank == n && residual < 1e-14 && skewness < 1e-13, "{n}: {residual} {skewness}");
        }
    }

    #[test]
    fn dependent_vectors_have_coefficients_and_no_place_in_the_basis() {
        let y = [1.0, 0.0, 1.0, 2.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 3.0, 0.0];
        let (mut q, mut coefficients) = (y.to_vec(), Vec::new());
        let rank = orthonormalize(&mut q, 3, 4, 1e-14, &mut coefficients);
        let (residual, skewness) = errors(&y, &q, &coefficients, 3, rank, &[1.0; 3]);
        assert!(rank == 2 && residual < 1e-15 && skewness < 1e-15, "{rank} {residual} {skewness}");
    }

    #[test]
    fn scaled_components_keep_their_own_accuracy() {
        let n = 12;
        let basis = random_basis(n, &mut Stream::new(4, "test"));
        let exponents: Vec<Option<i64>> = (0..n).map(|i| (i != 5).then_some(-40 * ((7 * i % n) as i64))).collect();
        let scale: Vec<f64> = exponents.iter().map(|e| e.map_or(0.0, power_of_two)).collect();
        let scaled: Vec<f64> = basis.iter().enumerate().map(|(k, x)| x * scale[k % n]).collect();
        let (mut q, mut coefficients) = (basis.clone(), Vec::new());
        let rank = scale_and_orthonormalize(&mut q, n, n, &exponents, &mut coefficients);
        let by_row: Vec<f64> = scale.iter().map(|x| x.max(f64::MIN_POSITIVE)).collect();
        let (residual, skewness) = errors(&scaled, &q, &coefficients, n, rank, &by_row);
        assert_eq!(rank, n - 1);
        assert!(residual < 1e-13 && skewness < 1e-14, "{residual} {skewness}");
    }
}
