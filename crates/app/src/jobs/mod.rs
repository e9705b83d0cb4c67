//! All work in the background: what is to be done next, by whom, and what came of it.
//!
//! Nothing here works. Orders go out as data ([`Work`]), replies come back as numbers ([`Reply`]); the other end is
//! [`Worker`]. What there is to do is known by its owners (`training`, `experiment`, `spectrum`, `jacobians`). Each kind of
//! work has slots; `pool` says which thread a slot uses, how many orders may be out, and what a thread's death means.
pub(crate) mod experiment;
mod here;
mod jacobians;
mod look;
mod map;
mod order;
mod pool;
mod read_on;
pub(crate) mod reading;
mod reply;
mod slice;
mod spectrum;
mod texts;
pub(crate) mod training;
mod trials;
mod wire;
mod worker;

pub use order::Order;
pub use pool::{JobId, PAGE_SLICE, SLICE, Where, Work, WorkerId};
pub use reply::Reply;
pub use worker::Worker;

use crate::address::Chosen;
use experiment::Experiment;
use jacobians::Jacobians;
use map::Map;
use pool::{Generations, Pool, READERS, WAYS};
use reading::Readings;
use spectrum::Spectrum;
use training::Training;
use trials::Trials;
use vanishing_charts::laboratory::Laboratory;
use vanishing_charts::model::Search;
use vanishing_charts::workbench::Workbench;
use vanishing_core::param::Settings;
use vanishing_core::remedies::RemedySpec;
use vanishing_core::studies::jacobians::JacobianStudy;
use vanishing_core::studies::network::NetworkConfig;
use vanishing_core::studies::opened::SharedNetwork;
use vanishing_core::studies::recurrence::RecurrenceStudy;
use vanishing_core::training::Start;

/// Milliseconds between two looks at runs that go on.
const LOOK_INTERVAL: f64 = 200.0;

/// What somebody looks for, besides the runs.
#[derive(Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// The opened network, while its spectrum is not known.
    pub spectrum: Option<&'a SharedNetwork>,
    /// The network whose Jacobians' singular values are looked at, while they are not known.
    pub jacobians: Option<&'a NetworkConfig>,
    /// Whether somebody looks at the short runs.
    pub trials: bool,
}

/// What the page shows of work in the background.
pub struct Shown<'a> {
    /// The lanes' runs and the experiment.
    pub laboratory: &'a mut Laboratory,
    /// The short runs of the workbench.
    pub workbench: &'a mut Workbench,
}

/// What a reply changes.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// Nothing that is to be seen now.
    Nothing,
    /// Of the lanes or of the experiment, and it is time to show it.
    Runs,
    /// A further share of the spectrum is done.
    SpectrumProgress,
    /// The spectrum of the opened network.
    Spectrum(RecurrenceStudy),
    /// A further share of the singular values is done.
    JacobiansProgress,
    /// The singular values, for [`vanishing_charts::Model::set_jacobians`].
    Jacobians(JacobianStudy),
}

/// All work in the background.
pub struct Jobs {
    pool: Pool,
    generations: Generations,
    training: Training,
    experiment: Experiment,
    map: Map,
    spectrum: Spectrum,
    jacobians: Jacobians,
    trials: Trials,
    readings: Readings,
    /// Changes of what is to be seen of the networks that learn a text, and when that was last, in milliseconds.
    read: (u64, f64),
    /// Changes of what is to be seen of the short runs.
    tried: u64,
    /// Whose turn it is among the spectrum, the Jacobians and the lanes.
    turn: JobId,
    /// When the runs were last looked at, in milliseconds, and whether there is news of them since.
    looked: (f64, bool),
    revision: u64,
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            pool: Pool::default(),
            generations: Generations::default(),
            training: Training::default(),
            experiment: Experiment::default(),
            map: Map::default(),
            spectrum: Spectrum::default(),
            jacobians: Jacobians::default(),
            trials: Trials::default(),
            readings: Readings::default(),
            read: (0, f64::NEG_INFINITY),
            tried: 0,
            turn: JobId::Spectrum,
            looked: (f64::NEG_INFINITY, false),
            revision: 0,
        }
    }
}

impl Jobs {
    /// Another number whenever something that is shown of the runs, of the experiment or of the opened network's spectrum
    /// changed and is due to be seen.
    pub fn revision(&self) -> u64 {
        self.revision + self.map.revision
    }

    /// Another number whenever something that is shown of the short runs changed.
    pub fn tried(&self) -> u64 {
        self.tried
    }

    /// Takes what the workbench trains: the network without remedies, and with them if any is on.
    pub fn try_out(&mut self, wanted: [Option<Settings>; WAYS], shown: &mut Workbench) {
        self.tried += u64::from(self.trials.configure(wanted, shown));
    }

    /// Whether a short run that is quick enough to follow a hand has not come to its end.
    pub fn follows(&self) -> bool {
        self.trials.follows()
    }

    /// The lanes' runs.
    pub fn training(&self) -> &Training {
        &self.training
    }

    /// The experiment.
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// The map.
    pub fn map(&self) -> &Map {
        &self.map
    }

    /// The same, to start or to stop it, or to look at others.
    pub fn map_mut(&mut self) -> &mut Map {
        &mut self.map
    }

    /// How far the spectrum of the opened network is.
    pub fn spectrum(&self) -> Search {
        self.spectrum.state()
    }

    /// How far the singular values of that network's Jacobians are.
    pub fn jacobians(&self, of: Option<&NetworkConfig>) -> Search {
        self.jacobians.state(of)
    }

    /// Why work is done on the page's own thread, as the end of a sentence with "because"; `None`: it is not.
    pub fn on_page(&self) -> Option<&str> {
        self.pool.on_page()
    }

    /// The most orders that are out at a time.
    pub fn cores(&self) -> usize {
        self.pool.cores()
    }

    /// Cores of the machine.
    pub fn set_cores(&mut self, cores: usize) {
        self.pool.set_cores(cores);
        self.revision += 1;
    }

    /// From now on one thread does everything: a page may have many embedded figures, each with a program of its own.
    pub fn share_one_thread(&mut self) {
        self.pool.share_one_thread();
        self.revision += 1;
    }

    /// Brings the lanes in line with the settings: a lane whose settings changed starts afresh. `stop`: the last update, and
    /// the loss below which a run ends; `in_workers`: unless the page is to do all work itself. Whether a lane changed.
    pub fn configure(
        &mut self,
        chosen: &Chosen,
        count: usize,
        stop: (u64, f64),
        in_workers: bool,
        shown: &mut Laboratory,
    ) -> bool {
        let before = self.pool.on_page().map(str::to_owned);
        self.pool.allow_workers(in_workers);
        let changed = self.training.configure(chosen, count, stop, &mut self.generations, shown);
        if changed || self.pool.on_page() != before.as_deref() {
            self.revision += 1;
        }
        changed
    }

    /// Lets the lanes and the short runs start from given weights, or from drawn ones. The experiment draws its own.
    pub fn start_from(&mut self, start: Option<&Start>, shown: Shown<'_>) {
        if self.training.start_from(start, &mut self.generations, shown.laboratory) {
            self.revision += 1;
        }
        self.tried += u64::from(self.trials.start_from(start, shown.workbench));
    }

    /// All lanes from their first update.
    pub fn reset(&mut self, shown: &mut Laboratory) {
        self.training.reset(&mut self.generations, shown);
        self.revision += 1;
    }

    /// Lets the lanes train, or not. Where all are at their end they start afresh.
    pub fn run(&mut self, running: bool, shown: &mut Laboratory) {
        self.training.run(running, &mut self.generations, shown);
        self.revision += 1;
    }

    /// Lets train what has not come to its end.
    pub fn go_on(&mut self) {
        self.training.go_on();
        self.revision += 1;
    }

    /// One update of every lane.
    pub fn single_step(&mut self) {
        self.training.single_step();
        self.revision += 1;
    }

    /// Starts an experiment with the settings of lane A: the runs without a remedy, and those with each of them, from so
    /// many seeds.
    pub fn start_experiment(&mut self, tried: &[&'static RemedySpec], seeds: usize, shown: &mut Laboratory) {
        let Some(settings) = self.training.runner(0).map(|runner| runner.settings.clone()) else { return };
        let (updates, _) = self.training.stop();
        self.experiment.start(settings, updates, tried, seeds, shown);
        self.revision += 1;
    }

    /// Stops the experiment; what it found stays.
    pub fn cancel_experiment(&mut self) {
        if self.experiment.cancel() {
            self.revision += 1;
        }
    }

    /// Gives up the spectrum and the singular values, until another network is opened or looked at.
    pub fn give_up_searches(&mut self) {
        self.jacobians.give_up();
        if self.spectrum.give_up() {
            self.revision += 1;
        }
    }

    /// The orders that are due now; `held`: a hand moves something, and only one may be out.
    ///
    /// Spectrum, Jacobians, lanes and the networks that learn a text take turns. The experiment has what they leave, the map what that leaves.
    pub fn dispatch(&mut self, held: bool, wanted: Wanted<'_>, shown: Shown<'_>) -> Vec<Work> {
        let Shown { laboratory, workbench: shown } = shown;
        self.jacobians.want(wanted.jacobians, &mut self.generations);
        if self.spectrum.want(wanted.spectrum, &mut self.generations) {
            self.revision += 1;
        }
        let mut orders = Vec::new();
        // Somebody waits for the short runs, while the hand still moves.
        if wanted.trials {
            self.tried += u64::from(self.trials.say_what_waits(held, shown));
            for way in self.trials.turns() {
                orders.extend(self.next_trial(way, held, shown));
            }
        }
        let mut first: Vec<JobId> = vec![JobId::Spectrum, JobId::Jacobians];
        first.extend((0..self.training.count()).map(JobId::Lane));
        first.extend((0..READERS).map(JobId::Read));
        let turn = first.iter().position(|job| *job == self.turn).unwrap_or(0);
        first.rotate_left(turn);
        for (i, job) in first.iter().enumerate() {
            if let Some(work) = self.next(*job, held, laboratory) {
                orders.push(work);
                self.turn = first[(i + 1) % first.len()];
            }
        }
        for slot in self.experiment.slots(self.pool.cores()) {
            orders.extend(self.next(JobId::Experiment(slot), held, laboratory));
        }
        for slot in self.map.slots(self.pool.cores()) {
            orders.extend(self.next(JobId::Map(slot), held, laboratory));
        }
        orders
    }

    /// The order that is due for a way of the short runs, if it may go out: one of them may be out besides others, though a hand
    /// moves something.
    fn next_trial(&mut self, way: usize, held: bool, shown: &mut Workbench) -> Option<Work> {
        let job = JobId::Trial(way);
        // When the hand rests, a core is left to the page, or the curve that is waited for would come no sooner than both. While
        // it moves, one run goes on where the other waits for the page to take what it said.
        let other_first = !held
            && self.pool.cores() <= WAYS
            && self.trials.is_waited_for()
            && (0..WAYS).any(|way| self.pool.is_busy(JobId::Trial(way)));
        if self.pool.is_full(false) || self.pool.is_busy(job) || other_first {
            return None;
        }
        let (generation, order) = self.trials.order(way, held, &mut self.generations, shown)?;
        let slice = self.trials.slice(way, held);
        Some(self.pool.send((job, slice), generation, order.text(), || self.trials.numbers()))
    }

    /// The order that is due for a slot, if it may go out.
    fn next(&mut self, job: JobId, held: bool, shown: &Laboratory) -> Option<Work> {
        if self.pool.is_full(held) || self.pool.is_busy(job) {
            return None;
        }
        let (generation, order) = match job {
            JobId::Lane(lane) => self.training.order(lane),
            JobId::Spectrum => self.spectrum.order(),
            JobId::Jacobians => self.jacobians.order(),
            JobId::Read(reader) => self.readings.order(reader),
            JobId::Experiment(slot) => self.experiment.order(slot, &mut self.generations),
            JobId::Map(slot) => self.map.order(slot, &mut self.generations, &shown.map.sides),
            JobId::Trial(_) => None,
        }?;
        let numbers = || match job {
            JobId::Spectrum => self.spectrum.numbers(),
            JobId::Jacobians => self.jacobians.numbers(),
            JobId::Lane(_) => self.training.numbers(),
            JobId::Read(_) => self.readings.numbers(),
            JobId::Experiment(_) | JobId::Map(_) | JobId::Trial(_) => Vec::new(),
        };
        Some(self.pool.send((job, SLICE), generation, order.text(), numbers))
    }

    /// Takes a reply, at a time in milliseconds; the slot is free again, whatever the reply is about.
    pub fn worked(&mut self, job: JobId, reply: &[f64], now: f64, shown: Shown<'_>) -> News {
        self.pool.answered(job);
        let Shown { laboratory: shown, workbench } = shown;
        let changed = match (job, Reply::read(reply)) {
            (_, None) => {
                // The order could not be carried out: perhaps the numbers were missing.
                self.pool.forget(job);
                return News::Nothing;
            }
            (JobId::Lane(lane), Some(reply)) => self.training.worked(lane, reply, shown),
            (JobId::Experiment(slot), Some(Reply::Ran { generation, progress, outcome })) => {
                self.experiment.worked((slot, generation), progress, outcome, now, shown)
            }
            (JobId::Map(slot), Some(Reply::Mapped { generation, progress, found })) => {
                self.map.worked((slot, generation), progress, found, now, &mut shown.map.sides)
            }
            (JobId::Trial(way), Some(reply)) => {
                self.tried += u64::from(self.trials.worked(way, reply, workbench));
                return News::Nothing;
            }
            (JobId::Read(reader), Some(reply)) => {
                self.take_read(reader, reply, now);
                return News::Nothing;
            }
            (JobId::Spectrum, Some(Reply::Looked { generation, progress, study })) => {
                return self.spectrum_worked(generation, progress, study);
            }
            (JobId::Jacobians, Some(Reply::Multiplied { generation, progress, study })) => {
                return match self.jacobians.worked(generation, progress, study) {
                    None => News::Nothing,
                    Some(None) => News::JacobiansProgress,
                    Some(Some(study)) => News::Jacobians(study),
                };
            }
            _ => false,
        };
        let (looked, news) = self.looked;
        self.looked.1 = news || changed;
        let is_settled = !self.training.is_running() && self.experiment.going().is_none() && !self.map.goes();
        if !self.looked.1 || now - looked < LOOK_INTERVAL && !is_settled {
            return News::Nothing;
        }
        self.looked = (now, false);
        self.revision += 1;
        News::Runs
    }

    fn spectrum_worked(&mut self, generation: u64, progress: f64, study: Option<RecurrenceStudy>) -> News {
        /// What of a share is shown: whole per cent.
        fn percent(state: Search) -> Option<f64> {
            match state {
                Search::Going(share) => Some((100.0 * share).floor()),
                Search::Idle | Search::GivenUp => None,
            }
        }
        let before = percent(self.spectrum.state());
        let Some(study) = self.spectrum.worked(generation, progress, study) else { return News::Nothing };
        if percent(self.spectrum.state()) != before {
            self.revision += 1;
        }
        study.map_or(News::SpectrumProgress, News::Spectrum)
    }

    /// A thread could not be made, failed, or died: every slot that it had is free again.
    pub fn trouble(&mut self, worker: WorkerId, why: &str) {
        for job in self.pool.died(worker, why) {
            match job {
                JobId::Experiment(slot) => self.experiment.put_back(slot),
                JobId::Map(slot) => self.map.put_back(slot),
                JobId::Spectrum => self.spectrum.begin_anew(),
                JobId::Jacobians => self.jacobians.begin_anew(),
                JobId::Lane(_) | JobId::Trial(_) | JobId::Read(_) => {}
            }
        }
        self.revision += 1;
    }
}

#[cfg(test)]
mod tests;
