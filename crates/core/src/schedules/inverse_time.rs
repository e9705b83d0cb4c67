//! The learning rate falls like one over the number of the update.
//!
//! ```text
//! η_i = η / (1 + k i / s)
//! ```
//!
//! Robbins and Monro, "A stochastic approximation method" (1951), who ask for Σ η_i = ∞ and Σ η_i² < ∞; this fall has both.
//! TensorFlow's `InverseTimeDecay` with decay_rate = k and decay_steps = s, not in stairs. After s steps the rate is
//! η/(1 + k), half of η at k = 1; unlike an exponential fall it never comes to an end: the sum of all rates is infinite.
use super::spec::{Schedule, ScheduleSpec};
use crate::param::Param;

/// Registry entry.
pub const SPEC: ScheduleSpec = ScheduleSpec {
    slug: "inverse-time",
    title: "inverse time",
    equation: "η_i = η/(1 + k i/s)",
    source: "Robbins and Monro 1951; TensorFlow, InverseTimeDecay",
    help: "Divides the rate by 1 + k after s steps, by 1 + 2k after 2s, and so on: the sum of all rates has no bound.",
    params: &[&FACTOR.spec, &STEPS.spec],
    build: |settings| Box::new(InverseTime { factor: settings.get(&FACTOR), steps: settings.get(&STEPS) as u64 }),
};

/// k: by how much the divisor grows in s updates; 0 is no fall.
pub static FACTOR: Param<f64> = Param::real("inverse-time-factor", "growth of the divisor", 1.0, 0.0, 10.0, 0.1)
    .symbol("k")
    .help("By how much the divisor of the learning rate grows in s steps; at 1 the rate is half of the first after s.");

/// s: the updates in which the divisor grows by k.
pub static STEPS: Param<usize> = Param::count("inverse-time-steps", "steps of the growth", 1_000, 1, 100_000)
    .fine_until(50)
    .symbol("s")
    .help("The number of training steps in which the divisor of the learning rate grows by k.");

/// A fall like one over the number of the update.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InverseTime {
    /// k: by how much the divisor grows in `steps` updates.
    pub factor: f64,
    /// s, at least 1.
    pub steps: u64,
}

impl Schedule for InverseTime {
    fn rate(&self, base: f64, step: u64) -> f64 {
        base / (1.0 + self.factor * (step as f64 / self.steps.max(1) as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_rates_and_a_sum_that_grows_like_a_logarithm() {
        let schedule = InverseTime { factor: 1.0, steps: 4 };
        for (step, expected) in [(0, 8.0), (4, 4.0), (12, 2.0), (28, 1.0)] {
            assert_eq!(schedule.rate(8.0, step), expected, "{step}");
        }
        assert_eq!(InverseTime { factor: 0.5, steps: 1 }.rate(3.0, 4), 1.0);
        // From step s (2^n - 1) to s (2^(n+1) - 1) the rates add up to about η s ln 2 / k, whatever n.
        let sum = |n: u32| {
            let (from, to) = (4 * (2u64.pow(n) - 1), 4 * (2u64.pow(n + 1) - 1));
            (from..to).map(|step| schedule.rate(1.0, step)).sum::<f64>()
        };
        assert!((4..14).all(|n| (sum(n) / (4.0 * 2f64.ln()) - 1.0).abs() < 0.02));
    }

    #[test]
    fn without_growth_every_step_has_the_chosen_rate() {
        assert_eq!(InverseTime { factor: 0.0, steps: 7 }.rate(0.3, 1_000_000), 0.3);
    }
}
