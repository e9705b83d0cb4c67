//! The learning rate falls by the same factor at every step.
//!
//! ```text
//! η_i = η γ^i
//! ```
//!
//! PyTorch's `ExponentialLR`. The sum of all rates is η/(1 - γ): with γ = 0.999, no more than 1,000 steps at full rate,
//! however long the training.
use super::spec::{Schedule, ScheduleSpec};
use crate::math;
use crate::param::Param;

/// Registry entry.
pub const SPEC: ScheduleSpec = ScheduleSpec {
    slug: "exponential",
    title: "exponential",
    equation: "η_i = η γ^i",
    source: "PyTorch, ExponentialLR",
    help: "Each step uses γ times the rate of the one before: all steps together are worth 1/(1 − γ) at full rate.",
    params: &[&FACTOR.spec],
    build: |settings| Box::new(Exponential { factor: settings.get(&FACTOR) }),
};

/// γ: what the rate is multiplied by at each update; 1 is no fall.
pub static FACTOR: Param<f64> = Param::real("exponential-factor", "factor of a step", 0.999, 0.9, 1.0, 0.0001)
    .symbol("γ")
    .help("What the learning rate is multiplied by at each step; 0.999 halves it every 693 steps.");

/// A fall by a factor at every step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    /// γ: what the rate is multiplied by at each step.
    pub factor: f64,
}

impl Schedule for Exponential {
    fn rate(&self, base: f64, step: u64) -> f64 {
        base * math::powf(self.factor, step as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_powers_and_a_rate_that_is_almost_gone() {
        let schedule = Exponential { factor: 0.5 };
        assert_eq!([0, 1, 2, 10].map(|step| schedule.rate(1.0, step)), [1.0, 0.5, 0.25, 1.0 / 1_024.0]);
        assert_eq!(schedule.rate(1.0, 5_000), 0.0);
    }

    #[test]
    fn the_help_is_right_about_half_a_rate() {
        assert!((Exponential { factor: 0.999 }.rate(1.0, 693) - 0.5).abs() < 3e-4);
    }
}
