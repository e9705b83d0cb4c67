//! The learning rate falls when the loss does not fall any more.
//!
//! ```text
//! a step is bad unless  loss < best (1 - threshold)
//! more than `patience` bad steps on end:  η_i ← max(γ η_(i-1), η_min), and for `cooldown` steps none counts as bad
//! ```
//!
//! PyTorch's `ReduceLROnPlateau` for a loss, which is to fall. A fall of 1e-8 or less is not made, as there. The losses
//! of single batches are noisy: the patience is counted in training steps here, in epochs there, and its default is
//! larger. A loss that is not a number is bad.
use super::spec::{Schedule, ScheduleSpec};
use crate::param::Param;

/// Registry entry.
pub const SPEC: ScheduleSpec = ScheduleSpec {
    slug: "plateau",
    title: "on a plateau",
    equation: "η ← γ η after more than p steps without loss < (1 − ϑ) · best",
    source: "PyTorch, ReduceLROnPlateau",
    help: "Multiplies the rate by γ when the loss has found no new best value for p steps.",
    params: &[&FACTOR.spec, &PATIENCE.spec, &THRESHOLD.spec, &COOLDOWN.spec, &MINIMUM.spec],
    build: |settings| {
        Box::new(ReduceOnPlateau::new(PlateauOptions {
            factor: settings.get(&FACTOR),
            patience: settings.get(&PATIENCE) as u64,
            improvement: Improvement::Relative(settings.get(&THRESHOLD)),
            cooldown: settings.get(&COOLDOWN) as u64,
            minimum: settings.get(&MINIMUM),
            ..PlateauOptions::default()
        }))
    },
};

/// γ: what the rate is multiplied by on a plateau, below 1.
pub static FACTOR: Param<f64> = Param::real("plateau-factor", "factor of a fall", 0.5, 0.01, 0.99, 0.01)
    .symbol("γ")
    .help("What the learning rate is multiplied by on a plateau.");

/// p: updates on end without a new best loss that are borne.
pub static PATIENCE: Param<usize> = Param::count("plateau-patience", "patience", 200, 0, 10_000)
    .fine_until(50)
    .symbol("p")
    .help("How many training steps on end may pass without a new best loss.");

/// ϑ: the share of the best loss by which a new best must lie below it.
pub static THRESHOLD: Param<f64> = Param::log("plateau-threshold", "least improvement", 1e-4, 1e-8, 0.5, 0.1)
    .symbol("ϑ")
    .help("A loss is a new best only if it is lower by more than this share.");

/// Updates after a fall of which none counts as bad.
pub static COOLDOWN: Param<usize> = Param::count("plateau-cooldown", "rest after a fall", 0, 0, 10_000)
    .fine_until(50)
    .help("How many training steps after a fall are not counted as bad.");

/// η_min: the rate that no fall goes below; 0 is no limit.
pub static MINIMUM: Param<f64> = Param::real("plateau-minimum", "smallest rate", 0.0, 0.0, 0.1, 0.0001)
    .symbol("η*")
    .help("The learning rate does not fall below this.");

/// By how much a loss must be below the best one to be a new best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Improvement {
    /// loss < best (1 - this).
    Relative(f64),
    /// loss < best - this.
    Absolute(f64),
}

/// The numbers of the rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlateauOptions {
    /// γ: what the rate is multiplied by on a plateau, below 1.
    pub factor: f64,
    /// Bad steps on end that are borne.
    pub patience: u64,
    /// What is a new best.
    pub improvement: Improvement,
    /// Steps after a fall of which none counts as bad.
    pub cooldown: u64,
    /// η_min: the rate that no fall goes below.
    pub minimum: f64,
    /// A fall of this or less is not made.
    pub smallest_fall: f64,
}

impl Default for PlateauOptions {
    /// PyTorch's defaults for `ReduceLROnPlateau`.
    fn default() -> Self {
        let improvement = Improvement::Relative(1e-4);
        Self { factor: 0.1, patience: 10, improvement, cooldown: 0, minimum: 0.0, smallest_fall: 1e-8 }
    }
}

/// Falls when the loss stays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReduceOnPlateau {
    options: PlateauOptions,
    /// γ for each fall so far: the rate follows a change of the base.
    share: f64,
    best: f64,
    bad_steps: u64,
    rest: u64,
}

impl ReduceOnPlateau {
    /// Before the first loss.
    pub fn new(options: PlateauOptions) -> Self {
        Self { options, share: 1.0, best: f64::INFINITY, bad_steps: 0, rest: 0 }
    }

    fn is_better(&self, loss: f64) -> bool {
        loss < match self.options.improvement {
            Improvement::Relative(threshold) => self.best * (1.0 - threshold),
            Improvement::Absolute(threshold) => self.best - threshold,
        }
    }

    /// A rate below the minimum was chosen to be so; only falls stop at the minimum.
    fn rate_at(&self, base: f64, share: f64) -> f64 {
        if share == 1.0 { base } else { (base * share).max(self.options.minimum) }
    }
}

impl Schedule for ReduceOnPlateau {
    fn rate(&self, base: f64, _step: u64) -> f64 {
        self.rate_at(base, self.share)
    }

    fn observe(&mut self, base: f64, _step: u64, loss: f64) {
        if self.is_better(loss) {
            self.best = loss;
            self.bad_steps = 0;
        } else {
            self.bad_steps += 1;
        }
        if self.rest > 0 {
            self.rest -= 1;
            self.bad_steps = 0;
        }
        if self.bad_steps > self.options.patience {
            let fallen = self.share * self.options.factor;
            if self.rate_at(base, self.share) - self.rate_at(base, fallen) > self.options.smallest_fall {
                self.share = fallen;
            }
            self.rest = self.options.cooldown;
            self.bad_steps = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rate of each step, from the losses of the steps before.
    fn rates(options: PlateauOptions, base: f64, losses: &[f64]) -> Vec<f64> {
        let mut schedule = ReduceOnPlateau::new(options);
        let mut rate = |(step, loss): (usize, &f64)| {
            let rate = schedule.rate(base, step as u64);
            schedule.observe(base, step as u64, *loss);
            rate
        };
        losses.iter().enumerate().map(&mut rate).collect()
    }

    /// Every step without a new best is one too many.
    fn impatient() -> PlateauOptions {
        let improvement = Improvement::Relative(0.0);
        PlateauOptions { factor: 0.5, patience: 0, improvement, ..PlateauOptions::default() }
    }

    #[test]
    fn the_rate_falls_after_one_bad_step_more_than_the_patience() {
        // Step 0 is the best, 1 and 2 are borne, 3 is too much: step 4 is the first with the lower rate.
        let options = PlateauOptions { patience: 2, improvement: Improvement::Relative(0.1), ..impatient() };
        assert_eq!(rates(options, 8.0, &[1.0; 8]), [8.0, 8.0, 8.0, 8.0, 4.0, 4.0, 4.0, 2.0]);
    }

    #[test]
    fn an_improvement_must_exceed_the_threshold() {
        let relative = PlateauOptions { improvement: Improvement::Relative(0.25), ..impatient() };
        assert_eq!(rates(relative, 1.0, &[4.0, 3.0, 2.99, 2.0]), [1.0, 1.0, 0.5, 0.5]);
        let absolute = PlateauOptions { improvement: Improvement::Absolute(0.5), ..impatient() };
        assert_eq!(rates(absolute, 1.0, &[4.0, 3.5, 3.0, 2.9]), [1.0, 1.0, 0.5, 0.5]);
    }

    #[test]
    fn after_a_fall_the_bad_steps_of_the_rest_do_not_count() {
        let options = PlateauOptions { cooldown: 2, ..impatient() };
        assert_eq!(rates(options, 8.0, &[1.0; 7]), [8.0, 8.0, 4.0, 4.0, 4.0, 2.0, 2.0]);
    }

    #[test]
    fn falls_stop_at_the_smallest_rate_and_where_they_are_too_small() {
        let options = PlateauOptions { minimum: 3.0, ..impatient() };
        assert_eq!(rates(options, 8.0, &[1.0; 6]), [8.0, 8.0, 4.0, 3.0, 3.0, 3.0]);
        assert_eq!(rates(options, 2.0, &[1.0; 4]), [2.0; 4]);
        assert_eq!(rates(impatient(), 2e-8, &[1.0; 4]), [2e-8; 4]);
    }

    #[test]
    fn a_loss_that_is_not_a_number_is_bad() {
        assert_eq!(rates(impatient(), 1.0, &[1.0, f64::NAN, f64::INFINITY, 0.5]), [1.0, 1.0, 0.5, 0.25]);
    }
}
