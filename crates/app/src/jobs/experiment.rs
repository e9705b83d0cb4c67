//! The experiment: the same run without a remedy and with each, from several seeds, a run in a slot.
use crate::jobs::order::{Order, query_of};
use crate::jobs::pool::Generations;
use vanishing_charts::laboratory::Laboratory;
use vanishing_core::param::Settings;
use vanishing_core::remedies::RemedySpec;
use vanishing_core::training::experiment::{self, Cost, Outcome, Row};
use vanishing_core::training::params;

/// How the last experiment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All its runs were made.
    Done,
    /// Somebody stopped it.
    Cancelled,
}

/// A run of an experiment: the remedy's slug, or nothing, and the seed.
type Run = (&'static str, u64);

/// A run in a slot.
struct Running {
    slot: usize,
    run: Run,
    generation: u64,
    /// The share of it that is done.
    progress: f64,
}

/// An experiment that goes on.
pub struct Going {
    settings: Settings,
    updates: u64,
    /// Runs that are in no slot; the next one is the last.
    waiting: Vec<Run>,
    running: Vec<Running>,
    /// Runs that are over.
    pub done: usize,
    /// Runs of the whole experiment: (1 + remedies) × seeds.
    pub all: usize,
    /// When the first reply came, in milliseconds.
    pub began: Option<f64>,
    /// When the last one came.
    pub now: f64,
}

impl Going {
    /// The share that is done, with the parts of runs that go on.
    pub fn share(&self) -> f64 {
        let part: f64 = self.running.iter().map(|running| running.progress).sum();
        (self.done as f64 + part) / self.all.max(1) as f64
    }
}

/// The experiment, if there is one.
#[derive(Default)]
pub struct Experiment {
    going: Option<Going>,
    ended: Option<End>,
    /// The share that was done when the last one was cancelled.
    cancelled_at: f64,
}

impl Experiment {
    /// The one that goes on.
    pub fn going(&self) -> Option<&Going> {
        self.going.as_ref()
    }

    /// Its progress bar: the share that is done, and whether it goes on. A bar that has come to its end stays there.
    pub fn bar(&self) -> (f64, bool) {
        match (&self.going, self.ended) {
            (Some(going), _) => (going.share(), true),
            (None, Some(End::Done)) => (1.0, false),
            (None, Some(End::Cancelled)) => (self.cancelled_at, false),
            (None, None) => (0.0, false),
        }
    }

    /// What the last one came to; `None` before the first.
    pub fn ended(&self) -> Option<End> {
        self.ended
    }

    /// Starts one: the runs without a remedy, and those with each of them, from so many seeds.
    pub fn start(
        &mut self,
        settings: Settings,
        updates: u64,
        tried: &[&'static RemedySpec],
        seeds: usize,
        shown: &mut Laboratory,
    ) {
        let first = settings.get(&params::SEED);
        let rows = std::iter::once("").chain(tried.iter().map(|spec| spec.slug));
        shown.guess = experiment::guess(&settings);
        shown.costs.clear();
        shown.evidence.rows = rows.clone().map(|slug| Row { slug, outcomes: Vec::new() }).collect();
        // Seed after seed: after the first one every remedy has a run.
        let mut waiting: Vec<Run> =
            (0..seeds as u64).flat_map(|i| rows.clone().map(move |slug| (slug, first + i))).collect();
        let all = waiting.len();
        waiting.reverse();
        self.ended = None;
        self.going =
            Some(Going { settings, updates, waiting, running: Vec::new(), done: 0, all, began: None, now: 0.0 });
    }

    /// Stops it; what it found stays. Whether there was one.
    pub fn cancel(&mut self) -> bool {
        let Some(going) = self.going.take() else { return false };
        self.cancelled_at = going.share();
        self.ended = Some(End::Cancelled);
        true
    }

    /// The slots that may have work, for a machine with so many cores: those with a run, then the free ones.
    pub fn slots(&self, cores: usize) -> Vec<usize> {
        let Some(going) = &self.going else { return Vec::new() };
        let mut slots: Vec<usize> = going.running.iter().map(|running| running.slot).collect();
        slots.sort_unstable();
        let free: Vec<usize> = (0..cores).filter(|slot| !slots.contains(slot)).collect();
        slots.extend(free);
        slots
    }

    /// The order for the run that a slot goes on with, or begins; with its generation.
    pub fn order(&mut self, slot: usize, generations: &mut Generations) -> Option<(u64, Order)> {
        let going = self.going.as_mut()?;
        if going.running.iter().all(|running| running.slot != slot) {
            let run = going.waiting.pop()?;
            going.running.push(Running { slot, run, generation: generations.another(), progress: 0.0 });
        }
        let running = going.running.iter().find(|running| running.slot == slot)?;
        let ((slug, seed), generation) = (running.run, running.generation);
        let (remedy, query) = (slug.to_owned(), query_of(&going.settings, false));
        Some((generation, Order::Run { generation, updates: going.updates, seed, remedy, query }))
    }

    /// Takes what was said of a slot's run at a time in milliseconds. Whether something that is seen changed.
    pub fn worked(
        &mut self,
        (slot, generation): (usize, u64),
        progress: f64,
        outcome: Option<(Outcome, Cost)>,
        now: f64,
        shown: &mut Laboratory,
    ) -> bool {
        let Some(going) = &mut self.going else { return false };
        going.began.get_or_insert(now);
        going.now = now;
        let at = going.running.iter().position(|run| (run.slot, run.generation) == (slot, generation));
        let Some(at) = at else { return false };
        match outcome {
            None => going.running[at].progress = progress,
            Some((outcome, cost)) => {
                let (slug, _) = going.running.remove(at).run;
                going.done += 1;
                shown.costs.push((slug, cost));
                put(shown, slug, outcome);
                if going.done == going.all {
                    self.going = None;
                    self.ended = Some(End::Done);
                }
            }
        }
        true
    }

    /// The slot's thread died: its run waits again, and is the next one.
    pub fn put_back(&mut self, slot: usize) {
        let Some(going) = &mut self.going else { return };
        if let Some(at) = going.running.iter().position(|running| running.slot == slot) {
            let running = going.running.remove(at);
            going.waiting.push(running.run);
        }
    }
}

/// Puts an outcome in its row, in the order of the seeds.
fn put(shown: &mut Laboratory, slug: &str, outcome: Outcome) {
    if let Some(row) = shown.evidence.rows.iter_mut().find(|row| row.slug == slug) {
        let at = row.outcomes.partition_point(|other| other.seed < outcome.seed);
        row.outcomes.insert(at, outcome);
    }
}
