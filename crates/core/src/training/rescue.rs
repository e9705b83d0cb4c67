//! Which remedies would have carried a broken run further: found by running them.
use super::{Start, Trainer};
use crate::param::{Settings, Value};
use crate::remedies::{self, RemedySpec, Stage, Treats};

/// Updates beyond the breakdown that a rescued run must survive.
const BEYOND: u64 = 20;

/// What became of the run with one more remedy.
#[derive(Clone, Debug, PartialEq)]
pub struct Rescued {
    /// The slug of the remedy that was switched on besides.
    pub slug: &'static str,
    /// The update at which it broke down too; `None` if it was still finite some updates after the first one's end.
    pub broke_down: Option<u64>,
}

/// The same run again with each remedy that acts on growing gradients and is off, one after the other.
pub struct Rescue {
    settings: Settings,
    start: Option<Start>,
    until: u64,
    waiting: Vec<&'static RemedySpec>,
    current: Option<(&'static RemedySpec, Trainer)>,
}

impl Rescue {
    /// For a run with these settings, from given weights or from drawn ones, that broke down at that update.
    pub fn new(settings: &Settings, start: Option<&Start>, step: u64) -> Self {
        let candidate = |spec: &&RemedySpec| {
            spec.treats != Treats::Vanishing
                && matches!(spec.stage, Stage::Gradient | Stage::Backward)
                && !settings.get(spec.toggle)
        };
        let mut waiting: Vec<_> = remedies::ALL.iter().filter(candidate).collect();
        waiting.reverse();
        Self { settings: settings.clone(), start: start.cloned(), until: step + BEYOND, waiting, current: None }
    }

    /// Remedies that are not tried out yet.
    pub fn left(&self) -> usize {
        self.waiting.len() + usize::from(self.current.is_some())
    }

    /// One update of the remedy that is tried now; what became of it, if that is known now.
    pub fn advance(&mut self) -> Option<Rescued> {
        if self.current.is_none() {
            let spec = self.waiting.pop()?;
            let mut settings = self.settings.clone();
            settings.set(&spec.toggle.spec, Value::Flag(true));
            self.current = Some((spec, Trainer::from_start(&settings, self.start.as_ref())));
        }
        let (spec, trainer) = self.current.as_mut()?;
        let slug = spec.slug;
        let survived = trainer.step().is_some() && trainer.updates() > self.until;
        let broke_down = trainer.breakdown().map(|breakdown| breakdown.step);
        (survived || broke_down.is_some()).then(|| {
            self.current = None;
            Rescued { slug, broke_down }
        })
    }
}
