//! The learning rate rises linearly before another schedule begins.
//!
//! ```text
//! η_i = η (s + (1 - s) i / n)     for i < n
//! η_i = η'_(i - n)                from then on, where η' is what follows
//! ```
//!
//! Goyal and others, "Accurate, large minibatch SGD" (2017), section 2.2. PyTorch's `LinearLR` with total_iters = n and
//! end_factor = 1, and `SequentialLR` with a milestone at n where something other than a constant rate follows.
use super::constant::Constant;
use super::cosine::{Cosine, MINIMUM, STEPS as COSINE_STEPS};
use super::spec::{Schedule, ScheduleSpec};
use crate::param::{Param, Settings};

/// Registry entry.
pub const SPEC: ScheduleSpec = ScheduleSpec {
    slug: "warm-up",
    title: "linear warm-up",
    equation: "η_i = η (s + (1 − s) i/n) for i < n, then η",
    source: "Goyal and others 2017, section 2.2; PyTorch, LinearLR",
    help: "Rises linearly to the chosen rate in n steps, and stays there.",
    params: &[&STEPS.spec, &START_FACTOR.spec],
    build: |settings| Box::new(warm_up(settings, Constant)),
};

/// Registry entry.
pub const THEN_COSINE: ScheduleSpec = ScheduleSpec {
    slug: "warm-up-cosine",
    title: "linear warm-up, then cosine",
    equation: "η_i = η (s + (1 − s) i/n) for i < n, then η_min + (η − η_min)(1 + cos(π (i − n)/T))/2",
    source: "PyTorch, SequentialLR of LinearLR and CosineAnnealingLR",
    help: "Rises linearly to the chosen rate in n steps, and falls along half a cosine in the T steps after.",
    params: &[&STEPS.spec, &START_FACTOR.spec, &COSINE_STEPS.spec, &MINIMUM.spec],
    build: |settings| {
        let cosine = Cosine { steps: settings.get(&COSINE_STEPS) as u64, minimum: settings.get(&MINIMUM) };
        Box::new(warm_up(settings, cosine))
    },
};

/// n: updates until the chosen learning rate is reached.
pub static STEPS: Param<usize> = Param::count("warm-up-steps", "steps of the warm-up", 200, 0, 100_000)
    .fine_until(50)
    .symbol("n")
    .help("The number of training steps until the chosen learning rate is reached.");

/// s: the share of the learning rate in the first update, 0 to 1.
pub static START_FACTOR: Param<f64> = Param::real("warm-up-start", "start of the warm-up", 0.1, 0.0, 1.0, 0.01)
    .symbol("s")
    .help("The first step uses this share of the learning rate.");

fn warm_up(settings: &Settings, then: impl Schedule + 'static) -> WarmUp {
    WarmUp { steps: settings.get(&STEPS) as u64, start_factor: settings.get(&START_FACTOR), then: Box::new(then) }
}

/// A linear rise before another schedule.
pub struct WarmUp {
    /// n: the step at which the other schedule begins with its step 0.
    pub steps: u64,
    /// s: the share of the rate in the first step.
    pub start_factor: f64,
    /// The schedule that takes over at its own step 0.
    pub then: Box<dyn Schedule>,
}

impl Schedule for WarmUp {
    fn rate(&self, base: f64, step: u64) -> f64 {
        match step.checked_sub(self.steps) {
            Some(later) => self.then.rate(base, later),
            None => base * (self.start_factor + (1.0 - self.start_factor) * (step as f64 / self.steps as f64)),
        }
    }

    fn observe(&mut self, base: f64, step: u64, loss: f64) {
        if let Some(later) = step.checked_sub(self.steps) {
            self.then.observe(base, later, loss);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PlateauOptions, ReduceOnPlateau};
    use super::*;

    #[test]
    fn the_rise_reaches_the_chosen_rate_at_the_step_of_that_number() {
        let schedule = WarmUp { steps: 4, start_factor: 0.5, then: Box::new(Constant) };
        let rates: Vec<f64> = (0..6).map(|step| schedule.rate(8.0, step)).collect();
        assert_eq!(rates, [4.0, 5.0, 6.0, 7.0, 8.0, 8.0]);
        assert_eq!(WarmUp { steps: 0, ..schedule }.rate(8.0, 0), 8.0);
    }

    #[test]
    fn what_follows_begins_with_its_own_first_step() {
        let schedule = WarmUp { steps: 2, start_factor: 0.0, then: Box::new(Cosine { steps: 2, minimum: 0.0 }) };
        let rates: Vec<f64> = (0..5).map(|step| schedule.rate(1.0, step)).collect();
        assert_eq!(rates[..3], [0.0, 0.5, 1.0]);
        assert!((rates[3] - 0.5).abs() < 1e-15 && rates[4] == 0.0);
    }

    #[test]
    fn losses_of_the_warm_up_are_not_told_to_what_follows() {
        let plateau = ReduceOnPlateau::new(PlateauOptions { factor: 0.5, patience: 0, ..PlateauOptions::default() });
        let mut schedule = WarmUp { steps: 3, start_factor: 1.0, then: Box::new(plateau) };
        for step in 0..4 {
            schedule.observe(1.0, step, 1.0);
        }
        assert_eq!(schedule.rate(1.0, 4), 1.0);
        schedule.observe(1.0, 4, 1.0);
        assert_eq!(schedule.rate(1.0, 5), 0.5);
    }
}
