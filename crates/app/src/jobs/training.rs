//! The lanes' runs: how far each is, and what is to be done for it next.
//!
//! Nothing here trains. A lane is known by what was reported of it, so that it does not matter whether its worker lives: one
//! that begins anew knows from its order how many updates are known, and is silent until it reaches them.
use crate::address::Chosen;
use crate::jobs::order::{Order, query_of};
use crate::jobs::pool::Generations;
use crate::jobs::reply::Reply;
use crate::lanes::NAMES;
use vanishing_charts::laboratory::{Laboratory, Lane};
use vanishing_core::param::Settings;
use vanishing_core::tasks;
use vanishing_core::training::{Rescued, Start, params};

/// What the lanes do, and so what their button does next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrainingState {
    /// They rest.
    #[default]
    Rests,
    /// They train.
    Goes,
    /// All are at their end, and one that did not diverge can be trained on.
    Ended,
}

/// How a lane stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It trains when the laboratory runs.
    Ready,
    /// It reached the last update.
    Finished,
    /// It reached its loss.
    Reached,
    /// It became non-finite.
    Broken,
}

/// One lane's run.
pub struct Runner {
    /// What it follows from.
    pub settings: Settings,
    /// Updates that were reported.
    pub updates: u64,
    /// Whether it can go on, and if not, why.
    pub status: Status,
    /// What was found by trying remedies on it, if it broke down.
    pub rescued: Vec<Rescued>,
    /// Remedies that are left to be tried: `None` unless it broke down, [`u64::MAX`] before that was counted.
    pub left: Option<u64>,
    generation: u64,
    /// Whether it is owed one update.
    single: bool,
}

impl Runner {
    fn new(settings: Settings, generation: u64) -> Self {
        Self { settings, generation, updates: 0, status: Status::Ready, rescued: Vec::new(), left: None, single: false }
    }
}

/// The runs of all lanes.
#[derive(Default)]
pub struct Training {
    runners: Vec<Runner>,
    is_running: bool,
    stop: (u64, f64),
    /// What all lanes start from; `None`: each draws its weights.
    start: Option<Start>,
}

/// Whether a run got so far that it stays in sight when its lane is changed: a tenth of the way, or to its end.
fn is_worth_a_ghost(run: &Lane, stop: u64) -> bool {
    run.breakdown.is_some() || 10 * run.history.updates as u64 >= stop
}

impl Training {
    /// Whether the lanes train.
    pub fn is_running(&self) -> bool {
        self.is_running && self.runners.iter().any(|runner| runner.status == Status::Ready)
    }

    /// How many lanes there are.
    pub fn count(&self) -> usize {
        self.runners.len()
    }

    /// The run of a lane, by its index from A = 0.
    pub fn runner(&self, lane: usize) -> Option<&Runner> {
        self.runners.get(lane)
    }

    /// The last update, and the loss below which a run ends before it.
    pub fn stop(&self) -> (u64, f64) {
        self.stop
    }

    /// Lets all lanes start from these weights, or from drawn ones: then all start afresh. Whether that is something else than
    /// before.
    pub fn start_from(&mut self, start: Option<&Start>, generations: &mut Generations, shown: &mut Laboratory) -> bool {
        let changed = self.start.as_ref() != start;
        if changed {
            self.start = start.cloned();
            self.reset(generations, shown);
        }
        changed
    }

    /// What a worker has to be given for a lane.
    pub fn numbers(&self) -> Vec<f64> {
        self.start.as_ref().map_or_else(Vec::new, Start::numbers)
    }

    /// Brings the lanes in line with the settings: a lane whose settings changed starts afresh. Whether anything did.
    pub fn configure(
        &mut self,
        chosen: &Chosen,
        count: usize,
        stop: (u64, f64),
        generations: &mut Generations,
        shown: &mut Laboratory,
    ) -> bool {
        let mut changed = false;
        if self.runners.len() > count {
            self.runners.truncate(count);
            shown.lanes.truncate(count);
            changed = true;
        }
        for lane in 0..count {
            let settings = chosen.lane(lane);
            let mut name = chosen.lanes.name(&chosen.settings, lane);
            // What is in no address is said wherever a lane is named.
            if self.start.is_some() {
                name += " (opened network)";
            }
            if self.runners.get(lane).is_none_or(|runner| runner.settings != settings) {
                let before = shown.lanes.get(lane).filter(|run| is_worth_a_ghost(run, self.stop.0)).cloned();
                self.afresh(lane, settings, generations, shown);
                let now = shown.lanes.get(lane).map(|run| (run.task.slug, run.sequence_length));
                let alike = |run: &Lane| now == Some((run.task.slug, run.sequence_length));
                shown.ghost = before.or(shown.ghost.take()).filter(alike);
                changed = true;
            }
            if let Some(shown) = shown.lanes.get_mut(lane).filter(|shown| shown.name != name) {
                shown.name = name;
                changed = true;
            }
        }
        if self.stop != stop {
            self.stop = stop;
            for runner in &mut self.runners {
                // A later end, or a lower loss: it can go on.
                if matches!(runner.status, Status::Finished | Status::Reached) {
                    runner.status = if runner.updates < stop.0 { Status::Ready } else { Status::Finished };
                }
            }
            changed = true;
        }
        changed
    }

    /// A lane from its first update; `lane` is at most the number of lanes.
    fn afresh(&mut self, lane: usize, settings: Settings, generations: &mut Generations, shown: &mut Laboratory) {
        let runner = Runner::new(settings, generations.another());
        let task = tasks::find(runner.settings.get(&params::TASK)).unwrap_or(tasks::ALL[0]);
        let length = runner.settings.get(&params::SEQUENCE_LENGTH).max(task.minimum_length);
        let name = shown.lanes.get(lane).map_or(String::new(), |shown| shown.name.clone());
        let letter = NAMES.get(lane).copied().unwrap_or_default();
        let fresh = match self.start.as_ref().and_then(Start::own) {
            Some(own) => Lane::own(letter, name, own),
            None => Lane::new(letter, name, task, length),
        };
        match shown.lanes.get_mut(lane) {
            Some(shown) => *shown = fresh,
            None => shown.lanes.push(fresh),
        }
        match self.runners.get_mut(lane) {
            Some(old) => *old = runner,
            None => self.runners.push(runner),
        }
    }

    /// All lanes from their first update.
    pub fn reset(&mut self, generations: &mut Generations, shown: &mut Laboratory) {
        shown.ghost = None;
        for lane in 0..self.runners.len() {
            if let Some(settings) = self.runners.get(lane).map(|runner| runner.settings.clone()) {
                self.afresh(lane, settings, generations, shown);
            }
        }
    }

    /// Lets the lanes train, or not. Where all are at their end they start afresh.
    pub fn run(&mut self, running: bool, generations: &mut Generations, shown: &mut Laboratory) {
        if running && self.runners.iter().all(|runner| runner.status != Status::Ready) {
            self.reset(generations, shown);
        }
        self.is_running = running;
        self.runners.iter_mut().for_each(|runner| runner.single = false);
    }

    /// What the lanes do.
    pub fn state(&self) -> TrainingState {
        let can_go_on = |runner: &Runner| matches!(runner.status, Status::Finished | Status::Reached);
        match self.is_running {
            true => TrainingState::Goes,
            false if self.runners.iter().any(|runner| runner.status == Status::Ready) => TrainingState::Rests,
            false if self.runners.iter().any(can_go_on) => TrainingState::Ended,
            false => TrainingState::Rests,
        }
    }

    /// Whether a lane ended because its loss was low enough.
    pub fn has_reached(&self) -> bool {
        self.runners.iter().any(|runner| runner.status == Status::Reached)
    }

    /// Lets train what has not come to its end; nothing starts afresh.
    pub fn go_on(&mut self) {
        self.is_running = true;
    }

    /// One update of every lane.
    pub fn single_step(&mut self) {
        self.is_running = false;
        for runner in self.runners.iter_mut().filter(|runner| runner.status == Status::Ready) {
            runner.single = true;
        }
    }

    /// The order that is due for a lane, with its generation.
    pub fn order(&self, lane: usize) -> Option<(u64, Order)> {
        let runner = self.runners.get(lane)?;
        let query = query_of(&runner.settings, self.start.is_some());
        let generation = runner.generation;
        let order = match runner.status {
            Status::Ready if self.is_running || runner.single => {
                let (stop_step, stop_loss) = self.stop;
                let until = if runner.single { runner.updates + 1 } else { stop_step };
                Order::Train { generation, known: runner.updates, until, stop_loss, query }
            }
            Status::Broken if runner.left.is_some_and(|left| left > 0) => {
                let step = runner.updates.saturating_sub(1);
                Order::Rescue { generation, step, query }
            }
            _ => return None,
        };
        Some((generation, order))
    }

    /// Takes a reply about a lane. Whether something that is seen changed.
    pub fn worked(&mut self, lane: usize, reply: Reply, shown: &mut Laboratory) -> bool {
        let (Some(runner), Some(shown)) = (self.runners.get_mut(lane), shown.lanes.get_mut(lane)) else {
            return false;
        };
        match reply {
            Reply::Trained { generation, milliseconds, reports, breakdown, reached }
                if generation == runner.generation =>
            {
                if !milliseconds.is_nan() {
                    shown.milliseconds =
                        Some(shown.milliseconds.map_or(milliseconds, |old| 0.8 * old + 0.2 * milliseconds));
                }
                // Each update enters the history once, whoever reports it.
                let known = runner.updates;
                for report in reports.into_iter().filter(|report| report.step >= known) {
                    runner.updates = report.step + 1;
                    shown.history.push(report);
                }
                runner.single = false;
                if breakdown.is_some() {
                    runner.status = Status::Broken;
                    runner.left = Some(u64::MAX);
                    shown.breakdown = breakdown;
                } else if reached {
                    runner.status = Status::Reached;
                } else if runner.updates >= self.stop.0 {
                    runner.status = Status::Finished;
                }
                // Training is over when no lane can go on.
                if self.runners.iter().all(|runner| runner.status != Status::Ready) {
                    self.is_running = false;
                }
                true
            }
            Reply::Rescued { generation, left, found } if generation == runner.generation => {
                // A worker that begins anew tries the same remedies again, in the same order.
                let known = |found: &Rescued| runner.rescued.iter().any(|rescued| rescued.slug == found.slug);
                let new: Vec<Rescued> = found.into_iter().filter(|found| !known(found)).collect();
                runner.rescued.extend(new);
                runner.left = Some(left);
                true
            }
            _ => false,
        }
    }
}
