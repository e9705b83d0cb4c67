//! One run of an experiment, and what became of it.
use crate::order::median;
use crate::param::{Settings, Value};
use crate::remedies::RemedySpec;
use crate::tasks;
use crate::training::{Trainer, params};

/// What became of one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The seed of its first weights and of its batches.
    pub seed: u64,
    /// The update at which it became non-finite; `None` if it never did.
    pub broke_down: Option<u64>,
    /// The first update whose gradient, before any remedy, was longer than [`EXPLOSION`].
    pub exploded: Option<u64>,
    /// The median of log10 ‖dL/dθ‖ over its updates, as backpropagation gave it.
    pub gradient_log10: f64,
    /// The median of log10 (‖dL/dh_0‖ / ‖dL/dh_T‖) over its updates: how much of the gradient arrives at the beginning.
    pub arriving_log10: f64,
    /// The loss at the end, on the sequences that are kept for tests; infinite after a breakdown.
    pub loss: f64,
    /// The share of right answers there; 0 after a breakdown.
    pub accuracy: f64,
}

/// A loss below this share of what guessing without memory costs is learning.
pub const LEARNT: f64 = 0.5;

impl Outcome {
    /// Whether the run learned; `guess`: what guessing without memory costs.
    pub fn has_learned(&self, guess: f64) -> bool {
        self.loss < LEARNT * guess
    }
}

/// What guessing without memory costs in the task of these settings.
pub fn guess(settings: &Settings) -> f64 {
    let task = tasks::find(settings.get(&params::TASK)).unwrap_or(tasks::ALL[0]);
    (task.baseline)(settings.get(&params::SEQUENCE_LENGTH))
}

/// log10 of the norm from which on a gradient counts as exploding.
pub const EXPLOSION: f64 = 2.0;

/// A run of an experiment, which can be made in slices.
pub struct Run {
    trainer: Trainer,
    seed: u64,
    updates: u64,
    gradients: Vec<f64>,
    arriving: Vec<f64>,
    exploded: Option<u64>,
    bytes: usize,
}

impl Run {
    /// A run of so many updates, with one more remedy (or none), from this seed.
    pub fn new(settings: &Settings, remedy: Option<&'static RemedySpec>, seed: u64, updates: u64) -> Self {
        let settings = with_remedy(settings, remedy, seed);
        Self {
            trainer: Trainer::new(&settings),
            seed,
            updates,
            gradients: Vec::new(),
            arriving: Vec::new(),
            exploded: None,
            bytes: 0,
        }
    }

    /// The share of its updates that are made.
    pub fn progress(&self) -> f64 {
        self.trainer.updates() as f64 / self.updates.max(1) as f64
    }

    /// Updates that are made.
    pub fn updates(&self) -> u64 {
        self.trainer.updates()
    }

    /// The most bytes that the buffers of its passes held, so far.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// One update; what became of the run, when it is over.
    pub fn advance(&mut self) -> Option<Outcome> {
        if self.trainer.updates() < self.updates
            && let Some(report) = self.trainer.step()
        {
            self.bytes = self.bytes.max(report.bytes);
            let norm = report.gradient_log10();
            self.gradients.push(norm);
            if norm.is_nan() || norm > EXPLOSION {
                self.exploded.get_or_insert(report.step);
            }
            if let (Some(first), Some(last)) = (report.profile.first(), report.profile.last()) {
                self.arriving.push(f64::from(*first) - f64::from(*last));
            }
            return None;
        }
        let broke_down = self.trainer.breakdown().map(|breakdown| breakdown.step);
        let test = broke_down.is_none().then(|| self.trainer.test());
        Some(Outcome {
            seed: self.seed,
            broke_down,
            exploded: self.exploded,
            gradient_log10: median(&self.gradients),
            arriving_log10: median(&self.arriving),
            loss: test.map_or(f64::INFINITY, |test| test.loss),
            accuracy: test.map_or(0.0, |test| test.accuracy),
        })
    }
}

/// The settings of a run: those of the experiment with one remedy switched on, and another seed.
pub fn with_remedy(settings: &Settings, remedy: Option<&'static RemedySpec>, seed: u64) -> Settings {
    let mut settings = settings.clone();
    if let Some(remedy) = remedy {
        settings.set(&remedy.toggle.spec, Value::Flag(true));
    }
    settings.set(&params::SEED.spec, Value::Int(i64::try_from(seed).unwrap_or(i64::MAX)));
    settings
}
