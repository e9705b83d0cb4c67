//! Many random starts at once, in the eigenbasis, where a step costs n and not n².
//!
//! ```text
//! tan θ_k = r^k · sqrt( Σ_{i≥2} (λ_i/λ_2)^{2k} c_i² ) / |c_1|,   r = |λ_2/λ_1|
//! ```
//!
//! With r^k taken out, nothing underflows: angles are right down to 1e-300 and beyond.
use crate::math;
use crate::random::Stream;

/// tan θ_k of every start, for every k.
#[derive(Clone, Debug, PartialEq)]
pub struct Ensemble {
    /// |c_1| = |<x, v_1>| of every start.
    pub overlaps: Vec<f64>,
    /// At every power of `ks`.
    pub powers: Vec<EnsemblePower>,
}

/// tan θ_k of every start at one k, as tan² θ_k / r^{2k}, which no k brings near the ends of the range, beside k log10 r:
/// a logarithm is taken of those that are asked for only.
#[derive(Clone, Debug, PartialEq)]
pub struct EnsemblePower {
    /// k log10 r; NaN where M^k x = 0.
    pub rate_log10: f64,
    /// tan² θ_k / r^{2k} of every start; 0 when aligned exactly.
    pub squares: Vec<f64>,
}

impl EnsemblePower {
    /// log10 tan θ_k from one of the squares: -∞ when aligned exactly, NaN where M^k x = 0.
    pub fn log10_tan(&self, square: f64) -> f64 {
        self.rate_log10 + 0.5 * math::log10(square)
    }

    /// The square whose tan θ_k has this logarithm.
    pub fn square_of(&self, log10_tan: f64) -> f64 {
        math::exp(2.0 * (log10_tan - self.rate_log10) * math::LN_10)
    }
}

/// A share of this size changes the sum only where |c_2| is below 1e-12 of the others.
const NEGLIGIBLE: f64 = 1e-40;

/// Starts that go through all powers together: the squares of so many stay in the nearest cache.
const BLOCK: usize = 32;

/// Runs `starts` vectors, uniform on the unit sphere, through the powers `ks` of a matrix with these eigenvalues (by
/// falling magnitude). Their coefficients are drawn in the eigenbasis directly: the uniform law is the same in every
/// orthonormal basis.
pub fn ensemble(eigenvalues: &[f64], ks: &[u64], starts: usize, stream: &mut Stream) -> Ensemble {
    let (leading, second) = (value(eigenvalues, 0), value(eigenvalues, 1));
    let mut powers: Vec<EnsemblePower> = ks.iter().map(|k| EnsemblePower::new(*k, second / leading, starts)).collect();
    // (|λ_i| / |λ_2|)^{2k} for i >= 2: falling with i, and cut off where too small to change a double beside λ_2's share.
    let weights: Vec<Vec<f64>> = ks
        .iter()
        .map(|k| {
            let of_k = eigenvalues.iter().skip(1).map(|lambda| power_of_ratio(lambda.abs(), second, *k));
            of_k.take_while(|weight| *weight >= NEGLIGIBLE).collect()
        })
        .collect();
    let mut overlaps = Vec::with_capacity(starts);
    // rows[i][s] = g_i², of independent normals: θ does not depend on the length of x.
    let mut rows = vec![[0.0; BLOCK]; eigenvalues.len()];
    for from in (0..starts).step_by(BLOCK) {
        let block = BLOCK.min(starts - from);
        for s in 0..block {
            let mut total = 0.0;
            for row in &mut rows {
                let g = stream.normal();
                row[s] = g * g;
                total += g * g;
            }
            overlaps.push(rows.first().map_or(0.0, |first| (first[s] / total).sqrt()));
        }
        let Some((first, rest)) = rows.split_first() else { continue };
        for (power, weights) in powers.iter_mut().zip(&weights) {
            let sums = weighted_sum(weights, rest);
            for ((square, sum), first) in power.squares[from..from + block].iter_mut().zip(&sums).zip(first) {
                *square = sum / first;
            }
        }
    }
    Ensemble { overlaps, powers }
}

/// Σ_i weight_i row_i, each sum from the first row on. Four rows at a time: the sums need not go through memory for each.
fn weighted_sum(weights: &[f64], rows: &[[f64; BLOCK]]) -> [f64; BLOCK] {
    let mut sums = [0.0; BLOCK];
    let (fours, rest) = weights.as_chunks::<4>();
    let (rows_of_fours, rows_of_rest) = rows.split_at(4 * fours.len());
    for ([a, b, c, d], four) in fours.iter().zip(rows_of_fours.as_chunks::<4>().0) {
        for s in 0..BLOCK {
            sums[s] = (((sums[s] + a * four[0][s]) + b * four[1][s]) + c * four[2][s]) + d * four[3][s];
        }
    }
    for (weight, row) in rest.iter().zip(rows_of_rest) {
        for s in 0..BLOCK {
            sums[s] += weight * row[s];
        }
    }
    sums
}

impl EnsemblePower {
    fn new(k: u64, rate: f64, starts: usize) -> Self {
        let rate_log10 = if k == 0 { 0.0 } else { k as f64 * math::log10(rate) };
        Self { rate_log10, squares: vec![0.0; starts] }
    }
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
                let power = &found.powers[j];
                let log10_tan = power.log10_tan(power.squares[s]);
                assert!((log10_tan - exact).abs() < 1e-11, "k = {k}: {log10_tan} {exact}");
            }
        }
    }

    #[test]
    fn the_share_of_aligned_starts_is_the_exact_probability() {
        let eigenvalues = [1.0, 0.9, -0.7, 0.4];
        let (starts, tangent) = (4_000, 0.3f64);
        let found = ensemble(&eigenvalues, &[0, 5, 20], starts, &mut Stream::new(9, "test"));
        for (j, k) in [0, 5, 20].into_iter().enumerate() {
            let limit = found.powers[j].square_of(math::log10(tangent));
            let hits = found.powers[j].squares.iter().filter(|square| **square <= limit).count();
            let p = alignment_probability(&eigenvalues, 0, tangent, k).unwrap().p;
            let deviation = (p * (1.0 - p) / starts as f64).sqrt();
            assert!((hits as f64 / starts as f64 - p).abs() < 4.0 * deviation, "k = {k}");
        }
    }

    #[test]
    fn the_zero_matrix_has_no_angles_after_the_first_step() {
        let found = ensemble(&[0.0, 0.0], &[0, 1], 2, &mut Stream::new(1, "test"));
        let of = |power: &EnsemblePower| power.log10_tan(power.squares[0]);
        assert!(of(&found.powers[0]).is_finite() && of(&found.powers[1]).is_nan());
    }
}
