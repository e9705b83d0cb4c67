//! All runs of an experiment, remedy by remedy.
use super::run::{LEARNT, Outcome};
use crate::math;
use crate::order::median;
use crate::remedies;

/// A run of a file: its remedy's slug, or an empty one, and what became of it.
pub type NamedOutcome = (&'static str, Outcome);

/// All runs of one remedy.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The remedy's slug; empty for the runs without one.
    pub slug: &'static str,
    /// Its runs, in the order of their seeds.
    pub outcomes: Vec<Outcome>,
}

/// What an experiment found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// The runs without a remedy first, then remedy by remedy.
    pub rows: Vec<Row>,
}

impl Row {
    /// Its name in tables.
    pub fn title(&self) -> &'static str {
        remedies::find(self.slug).map_or("no remedy", |spec| spec.title)
    }

    /// The number of runs that became non-finite.
    pub fn broken(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.broke_down.is_some()).count()
    }

    /// The median, and the smallest and largest value, of a number of each run.
    pub fn spread(&self, of: impl Fn(&Outcome) -> f64) -> [f64; 3] {
        let values: Vec<f64> = self.outcomes.iter().map(of).filter(|x| !x.is_nan()).collect();
        let low = values.iter().copied().fold(f64::NAN, f64::min);
        let high = values.iter().copied().fold(f64::NAN, f64::max);
        [median(&values), low, high]
    }

    /// log10 of the loss at the end, over its runs.
    pub fn loss_log10(&self) -> [f64; 3] {
        self.spread(|outcome| outcome.loss).map(math::log10)
    }

    /// Whether it learns, in the median run; `guess`: what guessing without memory costs.
    pub fn learns(&self, guess: f64) -> bool {
        self.spread(|outcome| outcome.loss)[0] < LEARNT * guess
    }

    /// The number of runs that learned; `guess`: what guessing without memory costs.
    pub fn learned(&self, guess: f64) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.has_learned(guess)).count()
    }

    /// Runs whose gradient was longer than [`EXPLOSION`](super::run::EXPLOSION) once.
    pub(super) fn exploded(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.exploded.is_some()).count()
    }
}

impl Evidence {
    /// Runs in rows: those without a remedy first, then in the registry's order, by their seeds.
    pub fn of_runs(runs: &[NamedOutcome]) -> Self {
        let slugs = std::iter::once("").chain(remedies::ALL.iter().map(|spec| spec.slug));
        let mut rows: Vec<Row> = slugs.map(|slug| Row { slug, outcomes: Vec::new() }).collect();
        for (slug, outcome) in runs {
            if let Some(row) = rows.iter_mut().find(|row| row.slug == *slug) {
                let at = row.outcomes.partition_point(|other| other.seed < outcome.seed);
                row.outcomes.insert(at, *outcome);
            }
        }
        rows.retain(|row| !row.outcomes.is_empty());
        Self { rows }
    }
}
