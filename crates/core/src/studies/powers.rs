//! The eigenvalues of M^k, found from the multiplied matrix, beside λ_i^k.
use super::MatrixConfig;
use crate::math;
use crate::spectral::{MatrixPower, Squares, SymmetricMatrix, log10_abs_eigenvalues};

/// What to multiply, and how often.
#[derive(Clone, Debug, PartialEq)]
pub struct PowersConfig {
    /// M: spectrum and seed of the eigenvectors.
    pub matrix: MatrixConfig,
    /// The powers k, rising.
    pub ks: Vec<u64>,
}

/// The eigenvalues of one power.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerPoint {
    /// k: how often M was multiplied, from 0.
    pub k: u64,
    /// (sign, log10 |μ_i|) of the eigenvalues of the multiplied matrix M^k, by falling magnitude. Empty where this
    /// power was not decomposed (see [`measured_at`]).
    pub measured: Vec<(f64, f64)>,
    /// log10 |λ_i|^k, in the same order.
    pub theory: Vec<f64>,
    /// log10 of the size below which eigenvalues of M^k are rounding: n · 2^-52 · |λ_1|^k.
    pub rounding_floor: f64,
}

/// The eigenvalues of M^k for every k that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Powers {
    /// λ_i by falling magnitude.
    pub eigenvalues: Vec<f64>,
    /// In the order of the configuration.
    pub points: Vec<PowerPoint>,
}

/// Which of the powers are multiplied out and decomposed: all of them for small matrices; for large ones, where a
/// decomposition costs n³, some, evenly over the list, first and last included.
pub fn measured_at(n: usize, count: usize) -> Vec<usize> {
    let affordable = (140_000.0 / (n * n * n) as f64 * 10.0).max(6.0) as usize;
    let wanted = count.min(affordable);
    if wanted < 2 {
        return (0..count.min(1)).collect();
    }
    let mut chosen: Vec<usize> = (0..wanted).map(|i| i * (count - 1) / (wanted - 1)).collect();
    chosen.dedup();
    chosen
}

/// As [`run_on`], building the matrix.
pub fn run(config: &PowersConfig) -> Powers {
    run_on(&config.matrix.build(), config)
}

/// Multiplies M out and takes the eigenvalues of its powers.
pub fn run_on(m: &SymmetricMatrix, config: &PowersConfig) -> Powers {
    let n = m.size();
    let measured_at = measured_at(n, config.ks.len());
    let mut squares = Squares::new(&m.matrix);
    let mut power = MatrixPower::identity(n);
    let mut last = 0;
    let mut points = Vec::with_capacity(config.ks.len());
    for (index, k) in config.ks.iter().copied().enumerate() {
        let point = PowerPoint::unmeasured(m, k);
        points.push(if measured_at.binary_search(&index).is_ok() {
            power = squares.raise(power, k - last);
            last = k;
            PowerPoint { measured: log10_abs_eigenvalues(&power), ..point }
        } else {
            point
        });
    }
    Powers { eigenvalues: m.eigenvalues.clone(), points }
}

impl PowerPoint {
    /// The eigenvalues of M^k, given M^k as multiplied out.
    pub fn new(m: &SymmetricMatrix, k: u64, power: &MatrixPower) -> Self {
        Self { measured: log10_abs_eigenvalues(power), ..Self::unmeasured(m, k) }
    }

    fn unmeasured(m: &SymmetricMatrix, k: u64) -> Self {
        let raised = |l: &f64| if k == 0 { 0.0 } else { k as f64 * math::log10(l.abs()) };
        let theory: Vec<f64> = m.eigenvalues.iter().map(raised).collect();
        let largest = theory.first().copied().unwrap_or(f64::NEG_INFINITY);
        let rounding_floor = largest + math::log10(m.size() as f64 * f64::EPSILON);
        Self { k, theory, measured: Vec::new(), rounding_floor }
    }

    /// The largest relative disagreement | |μ_i| / |λ_i|^k - 1 |; `None` where nothing was measured. Where small
    /// eigenvalues lie below the rounding error of the large one it is infinite or of the order of 1.
    pub fn largest_disagreement(&self) -> Option<f64> {
        let pairs = || self.measured.iter().zip(&self.theory).map(|((_, found), theory)| (*found, *theory));
        let errors = pairs().map(|(found, theory)| match (found, theory) {
            (f64::NEG_INFINITY, f64::NEG_INFINITY) => 0.0,
            (_, f64::NEG_INFINITY) => f64::INFINITY,
            _ => math::exp_m1((found - theory) * math::LN_10).abs(),
        });
        errors.reduce(f64::max)
    }

    /// How many eigenvalues λ_i^k, other than exact zeros, lie below [`Self::rounding_floor`]: their measured value is noise.
    pub fn below_rounding_error(&self) -> usize {
        self.theory.iter().filter(|log10| log10.is_finite() && **log10 < self.rounding_floor).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn study(eigenvalues: &[f64], steps: u64) -> Powers {
        let matrix = MatrixConfig { eigenvalues: eigenvalues.to_vec(), seed: 1 };
        run(&PowersConfig { matrix, ks: (0..=steps).collect() })
    }

    #[test]
    fn points_lie_on_the_theory_where_they_are_above_the_rounding_floor() {
        let powers = study(&[1.1, -0.8, 0.5], 60);
        assert_eq!(powers.points.len(), 61);
        for point in &powers.points {
            for ((_, found), theory) in point.measured.iter().zip(&point.theory) {
                // An eigenvalue of size s beside one of size 1 has the relative error 1e-15 / s.
                let allowed = 1e-14 * 10f64.powf(point.measured[0].1 - theory);
                let error = (10f64.powf(found - theory) - 1.0).abs();
                assert!(error < allowed.max(1e-13) || *theory <= point.rounding_floor, "k = {}: {error}", point.k);
            }
        }
        assert!(powers.points[5].largest_disagreement().unwrap() < 1e-12);
    }

    #[test]
    fn small_eigenvalues_fall_below_the_rounding_error_of_the_large_one() {
        let last = study(&[1.5, 0.1], 40).points.pop().unwrap();
        // 0.1^40 beside 1.5^40: 47 decades apart, of which double precision holds 16.
        assert!((last.measured[1].1 - last.theory[1]).abs() > 10.0, "{last:?}");
        assert_eq!(last.below_rounding_error(), 1);
        assert!(last.largest_disagreement().unwrap() >= 1.0);
    }

    #[test]
    fn large_matrices_are_decomposed_at_a_few_powers_with_the_first_and_the_last() {
        assert_eq!(measured_at(8, 51).len(), 51);
        let chosen = measured_at(64, 101);
        assert!(chosen.len() >= 5 && chosen.len() <= 8);
        assert_eq!((chosen.first(), chosen.last()), (Some(&0), Some(&100)));
        assert_eq!(measured_at(64, 1), [0]);
    }
}
