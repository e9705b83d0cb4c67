//! What was reported of the short runs of the workbench: the network of the page without its remedies and with them.
use vanishing_core::tasks::{self, TaskSpec};
use vanishing_core::training::{Breakdown, Verdict};

/// Updates of a short run.
pub const UPDATES: u64 = vanishing_core::training::map::UPDATES;
/// Runs from so many seeds say what one does not prove.
pub const SEEDS: usize = 8;

/// One run, update after update.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// The loss of each batch.
    pub loss: Vec<f32>,
    /// The share of right answers in it.
    pub accuracy: Vec<f32>,
    /// log10 ‖dL/dθ‖, before the remedies.
    pub gradient_log10: Vec<f32>,
    /// Where it became non-finite, if it did.
    pub breakdown: Option<Breakdown>,
}

impl Trace {
    /// Adds an update.
    pub fn push(&mut self, loss: f64, accuracy: f64, gradient_log10: f64) {
        self.loss.push(loss as f32);
        self.accuracy.push(accuracy as f32);
        self.gradient_log10.push(gradient_log10 as f32);
    }

    /// The accuracies, as a verdict wants them.
    pub fn accuracies(&self) -> Vec<f64> {
        self.accuracy.iter().map(|accuracy| f64::from(*accuracy)).collect()
    }

    /// Updates that were reported.
    pub fn updates(&self) -> usize {
        self.loss.len()
    }
}

/// A way of training, as far as it was reported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trial {
    /// The run that is reported now, from the page's own seed.
    pub now: Trace,
    /// The last complete run before it, as long as it is not complete itself.
    pub before: Option<Trace>,
    /// Whether `now` is a whole run.
    pub is_complete: bool,
    /// What came of each seed, the page's own first; `None`: not known yet.
    pub seeds: [Option<Verdict>; SEEDS],
    /// What came of the last complete run.
    pub verdict: Option<Verdict>,
    /// Whether what is wanted now takes too long to follow a hand: until it is complete, nothing is said of the run before.
    pub is_late: bool,
}

impl Trial {
    /// Another run begins: the last complete one is kept until this one is complete.
    pub fn begin(&mut self) {
        let old = std::mem::take(&mut self.now);
        if std::mem::take(&mut self.is_complete) {
            self.before = Some(old);
        }
    }

    /// The run is complete, and that came of it. The other seeds are still to be tried.
    pub fn end(&mut self, verdict: Verdict) {
        (self.is_complete, self.before, self.verdict) = (true, None, Some(verdict));
        self.seeds = [None; SEEDS];
        self.seeds[0] = Some(verdict);
    }

    /// What came of the last complete run, unless it is too old to be spoken of.
    pub fn verdict_now(&self) -> Option<Verdict> {
        self.verdict.filter(|_| !self.is_late)
    }

    /// On how many of the seeds that are known it learned, and how many those are.
    pub fn learned(&self) -> (usize, usize) {
        let known = self.seeds.iter().flatten();
        (known.clone().filter(|verdict| verdict.is_learned()).count(), known.count())
    }

    /// On how many of them it diverged: some value became infinite or not a number.
    pub fn diverged(&self) -> usize {
        self.seeds.iter().flatten().filter(|verdict| matches!(verdict, Verdict::Diverged { .. })).count()
    }
}

/// The short runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Workbench {
    /// What is learned.
    pub task: &'static TaskSpec,
    /// The share of right answers of the best prediction without memory.
    pub chance: f64,
    /// Without the remedies.
    pub without: Trial,
    /// With them; `None` while none is switched on.
    pub with: Option<Trial>,
    /// Why no run is made now, in words.
    pub waits: Option<String>,
}

impl Default for Workbench {
    fn default() -> Self {
        let task = tasks::ALL[0];
        Self { task, chance: task.chance_accuracy, without: Trial::default(), with: None, waits: None }
    }
}

impl Workbench {
    /// What is in force: with the remedies, if any is on.
    pub fn in_force(&self) -> &Trial {
        self.with.as_ref().unwrap_or(&self.without)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complete_run_is_kept_until_the_next_one_is_complete() {
        let mut trial = Trial::default();
        trial.begin();
        trial.now.push(0.7, 0.5, -1.0);
        assert_eq!(trial.before, None);
        trial.end(Verdict::Chance { accuracy: 0.5 });
        let first = trial.now.clone();
        trial.begin();
        assert_eq!((trial.now.updates(), trial.before.as_ref(), trial.is_complete), (0, Some(&first), false));
        trial.now.push(0.6, 0.75, 0.0);
        // Another one in its place: the last complete one is still kept.
        trial.begin();
        assert_eq!(trial.before.as_ref(), Some(&first));
        trial.end(Verdict::Learned { after: 3 });
        assert_eq!((trial.before.as_ref(), trial.learned()), (None, (1, 1)));
        trial.seeds[1] = Some(Verdict::Diverged { at: 3 });
        assert_eq!((trial.learned(), trial.diverged()), ((1, 2), 1));
    }
}
