//! P(θ_k <= ε) over random starts: exact, and the bound that the gap alone gives.
use crate::spectral::{
    Probability, alignment_probability, exact_steps, gap_bound, gap_steps, order_by_magnitude, theorem_steps,
};

/// Which spectrum, which probability.
#[derive(Clone, Debug, PartialEq)]
pub struct ProbabilityConfig {
    /// The spectrum, in any order.
    pub eigenvalues: Vec<f64>,
    /// The powers k, rising.
    pub ks: Vec<u64>,
    /// τ: aligned means tan θ_k <= τ.
    pub tangent: f64,
    /// δ: the probability of failure that is allowed.
    pub delta: f64,
}

/// P(tan θ_k <= τ) at one k.
#[derive(Clone, Debug, PartialEq)]
pub struct ProbabilityPoint {
    /// k: how often M was multiplied, from 0.
    pub k: u64,
    /// For this spectrum; `None` where M^k x = 0 for every x.
    pub exact: Option<Probability>,
    /// From n and r alone.
    pub bound: Probability,
}

/// P(tan θ_k <= τ) over k, and the k from which on it is at least 1 - δ.
#[derive(Clone, Debug, PartialEq)]
pub struct ProbabilityStudy {
    /// n: rows of M, and the dimension of the sphere's space.
    pub size: usize,
    /// r = |λ_2/λ_1|; NaN for λ_1 = 0.
    pub rate: f64,
    /// In the order of the configuration.
    pub points: Vec<ProbabilityPoint>,
    /// The smallest k with P >= 1 - δ, for this spectrum.
    pub exact_steps: Option<u64>,
    /// The smallest k with the gap's bound >= 1 - δ.
    pub gap_steps: Option<u64>,
    /// The k of the theorem.
    pub theorem_steps: Option<u64>,
}

/// Computes the curves.
pub fn run(config: &ProbabilityConfig) -> ProbabilityStudy {
    let order = order_by_magnitude(&config.eigenvalues);
    let eigenvalues: Vec<f64> = order.iter().map(|i| config.eigenvalues[*i]).collect();
    let size = eigenvalues.len();
    let magnitude = |i: usize| eigenvalues.get(i).map_or(0.0, |lambda| lambda.abs());
    let (tau, delta) = (config.tangent, config.delta);
    let rate = if magnitude(0) > 0.0 { magnitude(1) / magnitude(0) } else { f64::NAN };
    let points = config.ks.iter().map(|k| ProbabilityPoint {
        k: *k,
        exact: alignment_probability(&eigenvalues, 0, tau, *k),
        bound: if rate.is_nan() { Probability::ZERO } else { gap_bound(size, rate, tau, *k) },
    });
    let decided = rate < 1.0;
    ProbabilityStudy {
        size,
        rate,
        points: points.collect(),
        exact_steps: if rate.is_nan() { None } else { exact_steps(&eigenvalues, 0, tau, delta) },
        gap_steps: if decided { gap_steps(size, rate, tau, delta) } else { None },
        theorem_steps: if decided { theorem_steps(size, rate, tau, delta) } else { None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exact_number_of_steps_is_at_most_the_gaps_and_that_at_most_the_theorems() {
        for eigenvalues in [&[1.0, 0.9, 0.2][..], &[-1.3, 1.2, 0.4, 0.4], &[1.0, 0.99], &[0.5, 0.0]] {
            let ks = vec![0, 1, 10];
            let found = run(&ProbabilityConfig { eigenvalues: eigenvalues.to_vec(), ks, tangent: 0.1, delta: 0.05 });
            assert!(found.exact_steps <= found.gap_steps, "{found:?}");
            assert!(found.gap_steps <= found.theorem_steps, "{found:?}");
        }
    }

    #[test]
    fn without_a_gap_or_a_direction_there_is_no_number_of_steps() {
        for eigenvalues in [vec![1.0, -1.0], vec![0.0, 0.0]] {
            let found = run(&ProbabilityConfig { eigenvalues, ks: vec![0, 1], tangent: 0.1, delta: 0.05 });
            assert_eq!((found.exact_steps, found.gap_steps, found.theorem_steps), (None, None, None));
        }
    }
}
