//! The learning rate falls by a factor, every so many steps.
//!
//! ```text
//! η_i = η γ^⌊i / every⌋
//! ```
//!
//! PyTorch's `StepLR`.
use super::spec::{Schedule, ScheduleSpec};
use crate::math;
use crate::param::Param;

/// Registry entry.
pub const SPEC: ScheduleSpec = ScheduleSpec {
    slug: "step-decay",
    title: "in steps",
    equation: "η_i = η γ^⌊i/n⌋",
    source: "PyTorch, StepLR",
    help: "Constant for n steps, then γ times as much, and so on.",
    params: &[&EVERY.spec, &FACTOR.spec],
    build: |settings| Box::new(StepDecay { every: settings.get(&EVERY) as u64, factor: settings.get(&FACTOR) }),
};

/// n: updates between two falls.
pub static EVERY: Param<usize> = Param::count("step-decay-every", "steps between falls", 1_000, 1, 100_000)
    .fine_until(50)
    .symbol("n")
    .help("How many training steps the learning rate stays the same.");

/// γ: what the rate is multiplied by at each fall; 1 is no fall.
pub static FACTOR: Param<f64> = Param::real("step-decay-factor", "factor of a fall", 0.5, 0.01, 1.0, 0.01)
    .symbol("γ")
    .help("What the learning rate is multiplied by at each fall.");

/// A fall by a factor, every so many steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepDecay {
    /// Steps between two falls, at least 1.
    pub every: u64,
    /// γ: what the rate is multiplied by at each fall.
    pub factor: f64,
}

impl Schedule for StepDecay {
    fn rate(&self, base: f64, step: u64) -> f64 {
        base * math::powf(self.factor, (step / self.every.max(1)) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_fall_is_at_the_step_of_that_number() {
        let schedule = StepDecay { every: 3, factor: 0.5 };
        let rates: Vec<f64> = (0..8).map(|step| schedule.rate(8.0, step)).collect();
        assert_eq!(rates, [8.0, 8.0, 8.0, 4.0, 4.0, 4.0, 2.0, 2.0]);
    }
}
