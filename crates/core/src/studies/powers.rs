//! The eigenvalues of M^k, found from the multiplied matrix, beside λ_i^k.
use super::MatrixConfig;
use crate::math;
use crate::spectral::{MatrixPower, log10_abs_eigenvalues};

/// What to multiply, and how often.
#[derive(Clone, Debug, PartialEq)]
pub struct PowersConfig {
    /// M.
    pub matrix: MatrixConfig,
    /// The largest k.
    pub steps: usize,
}

/// The eigenvalues of one power.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerPoint {
    /// k.
    pub k: usize,
    /// (sign, log10 |μ_i|) of the eigenvalues of the multiplied matrix M^k, by falling magnitude.
    pub measured: Vec<(f64, f64)>,
    /// log10 |λ_i|^k, in the same order.
    pub theory: Vec<f64>,
    /// log10 of the size below which eigenvalues of M^k are rounding: n · 2^-52 · |μ_1|.
    pub rounding_floor: f64,
}

/// All powers up to the largest k.
#[derive(Clone, Debug, PartialEq)]
pub struct Powers {
    /// λ_i by falling magnitude.
    pub eigenvalues: Vec<f64>,
    /// k = 0, 1, 2, ...
    pub points: Vec<PowerPoint>,
}

/// Multiplies M by itself step by step and takes the eigenvalues of each power.
pub fn run(config: &PowersConfig) -> Powers {
    let m = config.matrix.build();
    let n = m.size();
    let base = MatrixPower { matrix: m.matrix.clone(), exponent: 0 };
    let mut power = MatrixPower::identity(n);
    let mut points = Vec::with_capacity(config.steps + 1);
    for k in 0..=config.steps {
        if k > 0 {
            power = power.times(&base);
        }
        let measured = log10_abs_eigenvalues(&power);
        let theory = m.eigenvalues.iter().map(|l| if k == 0 { 0.0 } else { k as f64 * math::log10(l.abs()) });
        let largest = measured.first().map_or(f64::NEG_INFINITY, |(_, log10)| *log10);
        let rounding_floor = largest + math::log10(n as f64 * f64::EPSILON);
        points.push(PowerPoint { k, theory: theory.collect(), measured, rounding_floor });
    }
    Powers { eigenvalues: m.eigenvalues, points }
}

impl PowerPoint {
    /// The largest relative disagreement | |μ_i| / |λ_i|^k - 1 | among the eigenvalues above the rounding floor.
    pub fn largest_disagreement(&self) -> f64 {
        let above = self.measured.iter().zip(&self.theory).filter(|((_, found), _)| *found > self.rounding_floor);
        above.map(|((_, found), theory)| math::exp_m1((found - theory) * math::LN_10).abs()).fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_lie_on_the_theory_where_they_are_above_the_rounding_floor() {
        let matrix = MatrixConfig { eigenvalues: vec![1.1, -0.8, 0.5], seed: 1 };
        let powers = run(&PowersConfig { matrix, steps: 60 });
        assert_eq!(powers.points.len(), 61);
        for point in &powers.points {
            for ((_, found), theory) in point.measured.iter().zip(&point.theory) {
                // An eigenvalue of size s beside one of size 1 has the relative error 1e-15 / s.
                let allowed = 1e-14 * 10f64.powf(point.measured[0].1 - theory);
                let error = (10f64.powf(found - theory) - 1.0).abs();
                assert!(error < allowed.max(1e-13) || *found <= point.rounding_floor, "k = {}: {error}", point.k);
            }
        }
    }

    #[test]
    fn small_eigenvalues_drown_in_the_large_one() {
        let matrix = MatrixConfig { eigenvalues: vec![1.5, 0.1], seed: 1 };
        let last = run(&PowersConfig { matrix, steps: 40 }).points.pop().unwrap();
        // 0.1^40 beside 1.5^40: 47 decades apart, of which double precision holds 16.
        assert!((last.measured[1].1 - last.theory[1]).abs() > 10.0, "{last:?}");
        assert!(last.measured[1].1 < last.rounding_floor);
    }
}
