//! The learning rate falls along half a cosine.
//!
//! ```text
//! η_i = η_min + (η - η_min) (1 + cos(π i / T)) / 2
//! ```
//!
//! Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017), equation 5, without restarts:
//! PyTorch's `CosineAnnealingLR`. After T steps the rate rises again along the same cosine, as it does there.
use super::spec::{Schedule, ScheduleSpec};
use crate::math;
use crate::param::Param;

/// Registry entry.
pub const SPEC: ScheduleSpec = ScheduleSpec {
    slug: "cosine",
    title: "cosine",
    equation: "η_i = η_min + (η − η_min)(1 + cos(π i/T))/2",
    source: "Loshchilov and Hutter 2017, equation 5; PyTorch, CosineAnnealingLR",
    help: "Falls slowly, quickly, slowly to its minimum at step T; after T it rises again, as in PyTorch.",
    params: &[&STEPS.spec, &MINIMUM.spec],
    build: |settings| Box::new(Cosine { steps: settings.get(&STEPS) as u64, minimum: settings.get(&MINIMUM) }),
};

/// T: shared with the cosine after a warm-up.
pub static STEPS: Param<usize> = Param::count("cosine-steps", "steps of the fall", 5_000, 1, 100_000)
    .fine_until(50)
    .symbol("T")
    .help("The number of training steps after which the cosine is at its minimum.");

/// η_min: shared with the cosine after a warm-up.
pub static MINIMUM: Param<f64> = Param::real("cosine-minimum", "smallest rate", 0.0, 0.0, 0.1, 0.0001)
    .symbol("η*")
    .help("The learning rate at the foot of the cosine.");

/// Half a cosine down, and up again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cosine {
    /// T: steps from the top to the foot, at least 1.
    pub steps: u64,
    /// η_min, the rate at the foot.
    pub minimum: f64,
}

impl Schedule for Cosine {
    fn rate(&self, base: f64, step: u64) -> f64 {
        let steps = self.steps.max(1);
        // The cosine has the period 2 T; a small argument keeps it exact.
        let turn = math::PI * (step % (2 * steps)) as f64 / steps as f64;
        self.minimum + (base - self.minimum) * (1.0 + math::cos(turn)) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_rates_at_the_top_a_third_half_way_and_at_the_foot() {
        // cos(π/3) = 1/2, cos(π/2) = 0, cos π = -1.
        let schedule = Cosine { steps: 6, minimum: 0.2 };
        for (step, expected) in [(0, 1.0), (2, 0.8), (3, 0.6), (6, 0.2), (9, 0.6), (12, 1.0), (12_006, 0.2)] {
            assert!((schedule.rate(1.0, step) - expected).abs() < 1e-15, "{step}");
        }
    }

    #[test]
    fn the_foot_is_exactly_the_minimum() {
        assert_eq!(Cosine { steps: 10, minimum: 0.0 }.rate(0.3, 10), 0.0);
    }
}
