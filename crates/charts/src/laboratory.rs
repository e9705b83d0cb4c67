//! What the figures of chapter 4 show: what was reported of the runs that are trained now, and of an experiment.
use crate::learning_map::LearningMap;
use vanishing_core::tasks::{self, TaskSpec};
use vanishing_core::training::experiment::{Asked, Evidence, NamedCost};
use vanishing_core::training::{Breakdown, Guess, History, OWN, OwnSequences};

/// Up to four runs side by side.
#[derive(Clone, Debug, Default)]
pub struct Laboratory {
    /// The runs: the baseline first.
    pub lanes: Vec<Lane>,
    /// The one that is looked at in figures that show only one.
    pub selected: usize,
    /// A lane as it was before it was last changed, on the same task.
    pub ghost: Option<Lane>,
    /// Of a run that diverged, the update that is looked at: 1 for the last before the end, and so on back. 0 counts as 1.
    pub before_end: usize,
    /// What the experiment found so far.
    pub evidence: Evidence,
    /// What guessing without memory costs in the experiment's task.
    pub guess: f64,
    /// What the rows of the evidence are sorted by.
    pub asked: Asked,
    /// What the experiment's runs cost.
    pub costs: Vec<NamedCost>,
    /// The map of what can be learned.
    pub map: LearningMap,
}

impl Laboratory {
    /// The run that diverged and is looked at: the selected one, or else the first of those that did, with its place.
    pub fn diverged(&self) -> Option<(usize, &Lane, &Breakdown)> {
        let of = |(place, lane): (usize, &'_ Lane)| lane.breakdown.as_ref().map(|_| place);
        let selected = self.lanes.get(self.selected).and_then(|lane| of((self.selected, lane)));
        let place = selected.or_else(|| self.lanes.iter().enumerate().find_map(of))?;
        let lane = &self.lanes[place];
        Some((place, lane, lane.breakdown.as_ref()?))
    }
}

/// What the loss of a run is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Yardstick {
    /// The best prediction without memory of the task that it learns.
    Task,
    /// What guessing without memory costs in somebody's own task.
    Guessing(f64),
    /// The best prediction without a look at the inputs, of the sequences of an opened network.
    Constant(f64),
    /// The loss of the first update, where no more is known of the task.
    First(f64),
}

/// One run, as far as it was reported.
#[derive(Clone, Debug)]
pub struct Lane {
    /// The lane's letter, `A` to `D`.
    pub letter: &'static str,
    /// What sets it apart, short enough for the end of a line: `no remedy`, `clip by global norm`.
    pub name: String,
    /// What it learns.
    pub task: &'static TaskSpec,
    /// T, in the unit that the task names: time steps, or a delay.
    pub sequence_length: usize,
    /// What its loss is held against.
    pub yardstick: Yardstick,
    /// The share of right answers of the best prediction without memory.
    pub chance: f64,
    /// What was reported.
    pub history: History,
    /// Where it became non-finite, if it did.
    pub breakdown: Option<Breakdown>,
    /// Milliseconds of an update, as measured where it runs; `None` before the first report.
    pub milliseconds: Option<f64>,
}

impl Lane {
    /// A run before its first report.
    pub fn new(letter: &'static str, name: String, task: &'static TaskSpec, sequence_length: usize) -> Self {
        Self {
            letter,
            name,
            task,
            sequence_length,
            yardstick: Yardstick::Task,
            chance: task.chance_accuracy,
            history: History::default(),
            breakdown: None,
            milliseconds: None,
        }
    }

    /// A run on the sequences of an opened network, before its first report.
    pub fn own(letter: &'static str, name: String, own: &OwnSequences) -> Self {
        let Guess { loss, accuracy } = own.guess();
        let lane = Self::new(letter, name, &OWN, own.steps());
        Self { yardstick: Yardstick::Constant(loss), chance: accuracy, ..lane }
    }

    /// The loss of the best prediction without memory; of somebody's own task it may be the first loss.
    pub fn baseline(&self) -> f64 {
        match self.yardstick {
            Yardstick::Task => (self.task.baseline)(self.sequence_length),
            Yardstick::Guessing(loss) | Yardstick::Constant(loss) | Yardstick::First(loss) => loss,
        }
    }

    /// What is predicted at that price: `always predicting 1`.
    pub fn baseline_words(&self) -> &'static str {
        match self.yardstick {
            Yardstick::Task | Yardstick::Constant(_) => self.task.baseline_words,
            Yardstick::Guessing(_) => "guessing without memory",
            Yardstick::First(_) => "the first loss",
        }
    }
}

impl Default for Lane {
    fn default() -> Self {
        Self::new("A", "no remedy".to_owned(), tasks::ALL[0], 30)
    }
}
