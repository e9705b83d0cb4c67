//! Many random starts at once, in the eigenbasis, where a step costs n and not n².
//!
//! ```text
//! tan θ_k = r^k · sqrt( Σ_{i≥2} (λ_i/λ_2)^{2k} c_i² ) / |c_1|,   r = |λ_2/λ_1|
//! ```
//!
//! With r^k taken out, nothing underflows: angles are right down to 1e-300 and beyond.
use crate::math;
use crate::random::Stream;

/// log10 tan θ_k of every start, for every k.
#[derive(Clone, Debug, PartialEq)]
pub struct Ensemble {
    /// |c_1| = |<x, v_1>| of every start.
    pub overlaps: Vec<f64>,
    /// `log10_tan[j][s]`: of start s at the j-th power of `ks`. -∞ when aligned exactly, NaN where M^k x = 0.
    pub log10_tan: Vec<Vec<f64>>,
}

/// A share of this size changes the sum only where |c_2| is below 1e-12 of the others.
const NEGLIGIBLE: f64 = 1e-40;

/// Runs `starts` vectors, uniform on the unit sphere, through the powers `ks` of a matrix with these eigenvalues (by
/// falling magnitude). Their coefficients are drawn in the eigenbasis directly: the uniform law is the same in every
/// orthonormal basis.
pub fn ensemble(eigenvalues: &[f64], ks: &[u64], starts: usize, stream: &mut Stream) -> Ensemble {
    let n = eigenvalues.len();
    // squares[i][s] = g_i², of independent normals: θ does not depend on the length of x.
    let mut squares = vec![vec![0.0; starts]; n];
    let mut overlaps = Vec::with_capacity(starts);
    for s in 0..starts {
        let mut total = 0.0;
        for row in &mut squares {
            let g = stream.normal();
            row[s] = g * g;
            total += g * g;
        }
        overlaps.push(squares.first().map_or(0.0, |first| (first[s] / total).sqrt()));
    }
    let (leading, second) = (value(eigenvalues, 0), value(eigenvalues, 1));
    let log10_first: Vec<f64> =
        squares.first().map_or(Vec::new(), |first| first.iter().map(|x| 0.5 * math::log10(*x)).collect());
    let mut rest = vec![0.0; starts];
    let log10_tan = ks
        .iter()
        .map(|k| {
            if *k > 0 && leading == 0.0 {
                return vec![f64::NAN; starts];
            }
            rest.fill(0.0);
            for (lambda, row) in eigenvalues.iter().zip(&squares).skip(1) {
                let weight = power_of_ratio(lambda.abs(), second, *k);
                // Too small to change a double beside λ_2's own share.
                if weight < NEGLIGIBLE {
                    continue;
                }
                for (sum, square) in rest.iter_mut().zip(row) {
                    *sum += weight * square;
                }
            }
            let rate = if *k == 0 { 0.0 } else { *k as f64 * math::log10(second / leading) };
            rest.iter().zip(&log10_first).map(|(sum, first)| rate + 0.5 * math::log10(*sum) - first).collect()
        })
        .collect();
    Ensemble { overlaps, log10_tan }
}

fn value(eigenvalues: &[f64], index: usize) -> f64 {
    eigenvalues.get(index).map_or(0.0, |lambda| lambda.abs())
}

/// (|λ| / |λ_2|)^{2k}, with 0^0 = 1.
fn power_of_ratio(lambda: f64, second: f64, k: u64) -> f64 {
    if k == 0 || lambda == second { 1.0 } else { math::exp(2.0 * k as f64 * math::ln(lambda / second)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectral::{align, alignment_probability};

    #[test]
    fn the_ensemble_agrees_with_a_single_start() {
        let eigenvalues = [1.2, -0.9, 0.5, 0.0];
        let ks = [0, 1, 5, 50, 1_000];
        let found = ensemble(&eigenvalues, &ks, 3, &mut Stream::new(1, "test"));
        let mut stream = Stream::new(1, "test");
        for s in 0..3 {
            let c = stream.normals(4);
            for (j, k) in ks.iter().enumerate() {
                let exact = align(&eigenvalues, &c, 0, *k).1.unwrap().log10_tan;
                assert!((found.log10_tan[j][s] - exact).abs() < 1e-11, "k = {k}: {} {exact}", found.log10_tan[j][s]);
            }
        }
    }

    #[test]
    fn the_share_of_aligned_starts_is_the_exact_probability() {
        let eigenvalues = [1.0, 0.9, -0.7, 0.4];
        let (starts, tangent) = (4_000, 0.3f64);
        let found = ensemble(&eigenvalues, &[0, 5, 20], starts, &mut Stream::new(9, "test"));
        for (j, k) in [0, 5, 20].into_iter().enumerate() {
            let hits = found.log10_tan[j].iter().filter(|x| **x <= math::log10(tangent)).count();
            let p = alignment_probability(&eigenvalues, 0, tangent, k).unwrap().p;
            let deviation = (p * (1.0 - p) / starts as f64).sqrt();
            assert!((hits as f64 / starts as f64 - p).abs() < 4.0 * deviation, "k = {k}");
        }
    }

    #[test]
    fn the_zero_matrix_has_no_angles_after_the_first_step() {
        let found = ensemble(&[0.0, 0.0], &[0, 1], 2, &mut Stream::new(1, "test"));
        assert!(found.log10_tan[0][0].is_finite() && found.log10_tan[1][0].is_nan());
    }
}
