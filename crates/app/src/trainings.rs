//! The runs of chapter 4 while they go on: who trains, how far, why it stopped; and the experiment.
//!
//! Nothing here trains: orders go out as data ([`Work`]), replies come back. At most as many workers are at work as the
//! machine has processors, and only one while a hand moves something on the page, so that the page stays quick.
use crate::lanes::{LETTERS, Lanes, NAMES};
use crate::work::{Order, Reply, query_of};
use std::collections::BTreeMap;
use vanishing_charts::format;
use vanishing_charts::laboratory::{Laboratory, Lane};
use vanishing_core::param::Settings;
use vanishing_core::remedies::{self, RemedySpec, Stage};
use vanishing_core::training::experiment::{Outcome, Row};
use vanishing_core::training::{Breakdown, Moment, Place, Rescued, params};
use vanishing_core::{math, tasks};

/// Milliseconds of work of an order.
pub const SLICE: f64 = 40.0;
/// The same on the page's own thread, which has other things to do in a frame.
pub const PAGE_SLICE: f64 = 8.0;
/// Workers of the experiment come after those of the lanes.
const FIRST_OF_EXPERIMENT: usize = 4;

/// Where an order is to be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// In the worker of that number, which is made if there is none.
    Worker,
    /// In a new worker of that number: the one before died.
    NewWorker,
    /// On the page's own thread, in a frame.
    Page,
}

/// So often a worker is replaced; then the page does its work itself.
const MOST_DEATHS: usize = 3;

/// Something for a worker to do. It is answered with [`crate::Msg::Worked`] or [`crate::Msg::WorkerTrouble`].
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// The worker's number.
    pub worker: usize,
    /// Where.
    pub place: Where,
    /// The order, for [`crate::work::Worker::work`].
    pub order: String,
    /// Numbers that the worker is given before it; mostly none.
    pub numbers: Vec<f64>,
    /// Milliseconds that it is to work.
    pub budget: f64,
}

/// How a lane stands.
#[derive(Clone, Debug, PartialEq)]
enum Status {
    /// It trains when the laboratory runs.
    Ready,
    /// It reached the last update.
    Finished,
    /// It reached its loss.
    Reached,
    /// It left the numbers.
    Broken,
}

/// One lane.
struct Runner {
    settings: Settings,
    generation: u64,
    updates: u64,
    status: Status,
    /// What was found by trying remedies on it; `None` before that begins.
    rescued: Vec<Rescued>,
    /// Remedies that are left to be tried, if it broke down.
    left: Option<u64>,
    /// Whether it is owed one update.
    single: bool,
}

/// An experiment that goes on.
struct Experiment {
    settings: Settings,
    updates: u64,
    /// Runs that no worker has.
    waiting: Vec<(&'static str, u64)>,
    /// What each worker does, by its number, and how far it is.
    running: BTreeMap<usize, (&'static str, u64, u64, f64)>,
    done: usize,
    all: usize,
    began: Option<f64>,
    now: f64,
}

/// What is trained, and by whom.
pub struct Trainings {
    runners: Vec<Runner>,
    running: bool,
    next_generation: u64,
    /// Workers that have an order.
    busy: BTreeMap<usize, u64>,
    /// Workers that have answered once.
    proven: Vec<usize>,
    /// Workers that died, once for each time.
    died: Vec<usize>,
    /// Those whose next order is to go to a new one.
    renew: Vec<usize>,
    /// Why work is done on the page's own thread.
    on_page: Option<String>,
    cores: usize,
    experiment: Option<Experiment>,
    /// What the last experiment came to: `done`, `cancelled`.
    ended: Option<&'static str>,
    /// Whose turn it is.
    turn: usize,
    stop_step: u64,
    stop_loss: f64,
}

impl Trainings {
    /// Nothing is trained yet, on a machine with so many processors.
    pub fn new() -> Self {
        Self {
            runners: Vec::new(),
            running: false,
            next_generation: 1,
            busy: BTreeMap::new(),
            proven: Vec::new(),
            died: Vec::new(),
            renew: Vec::new(),
            on_page: None,
            cores: 2,
            experiment: None,
            ended: None,
            turn: 0,
            stop_step: 0,
            stop_loss: 0.0,
        }
    }

    /// Processors of the machine.
    pub fn set_cores(&mut self, cores: usize) {
        self.cores = cores.max(1);
    }

    /// Whether the lanes train.
    pub fn is_running(&self) -> bool {
        self.running
    }

    /// Whether an experiment goes on.
    pub fn is_experimenting(&self) -> bool {
        self.experiment.is_some()
    }

    /// Brings the lanes in line with the settings: a lane whose settings changed starts afresh. Whether any did.
    pub fn configure(
        &mut self,
        lanes: &Lanes,
        count: usize,
        stop: (u64, f64),
        in_workers: bool,
        shown: &mut Laboratory,
    ) -> bool {
        let mut changed = false;
        self.on_page = match (in_workers, self.on_page.take()) {
            (false, _) => Some("the address says workers=0".to_owned()),
            (true, Some(why)) if why.starts_with("the address") => None,
            (true, why) => why,
        };
        if self.runners.len() > count {
            self.runners.truncate(count);
            shown.lanes.truncate(count);
            changed = true;
        }
        for lane in 0..count {
            let settings = lanes.settings(lane);
            let name = lanes.name(lane);
            match self.runners.get_mut(lane) {
                Some(runner) if runner.settings == settings => {}
                Some(_) => {
                    self.afresh(lane, settings, shown);
                    changed = true;
                }
                None => {
                    self.runners.push(Runner::new(Settings::default(), 0));
                    self.afresh(lane, settings, shown);
                    changed = true;
                }
            }
            if let Some(own) = shown.lanes.get_mut(lane).filter(|own| own.name != name) {
                own.name = name;
                changed = true;
            }
        }
        if (self.stop_step, self.stop_loss) != stop {
            (self.stop_step, self.stop_loss) = stop;
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

    fn afresh(&mut self, lane: usize, settings: Settings, shown: &mut Laboratory) {
        let runner = Runner::new(settings, self.next_generation);
        self.next_generation += 1;
        let task = tasks::find(runner.settings.get(&params::TASK)).unwrap_or(tasks::ALL[0]);
        let length = runner.settings.get(&params::SEQUENCE_LENGTH).max(task.minimum_length);
        let name = shown.lanes.get(lane).map_or(String::new(), |own| own.name.clone());
        let fresh = Lane::new(NAMES.get(lane).copied().unwrap_or_default(), name, task, length);
        match shown.lanes.get_mut(lane) {
            Some(own) => *own = fresh,
            None => shown.lanes.push(fresh),
        }
        if let Some(own) = self.runners.get_mut(lane) {
            *own = runner;
        }
    }

    /// All lanes from their first update.
    pub fn reset(&mut self, shown: &mut Laboratory) {
        for lane in 0..self.runners.len() {
            if let Some(settings) = self.runners.get(lane).map(|runner| runner.settings.clone()) {
                self.afresh(lane, settings, shown);
            }
        }
    }

    /// Lets the lanes train, or not. Where all are at their end they start afresh.
    pub fn run(&mut self, running: bool, shown: &mut Laboratory) {
        if running && self.runners.iter().all(|runner| runner.status != Status::Ready) {
            self.reset(shown);
        }
        self.running = running;
        self.runners.iter_mut().for_each(|runner| runner.single = false);
    }

    /// One update of every lane.
    pub fn single_step(&mut self) {
        self.running = false;
        for runner in self.runners.iter_mut().filter(|runner| runner.status == Status::Ready) {
            runner.single = true;
        }
    }

    /// Starts an experiment: the runs without a remedy, and those with each of them, from so many seeds.
    pub fn experiment(&mut self, tried: &[&'static RemedySpec], seeds: usize, shown: &mut Laboratory) {
        let Some(settings) = self.runners.first().map(|runner| runner.settings.clone()) else { return };
        let first = settings.get(&params::SEED);
        let rows = std::iter::once("").chain(tried.iter().map(|spec| spec.slug));
        shown.evidence.rows = rows.clone().map(|slug| Row { slug, outcomes: Vec::new() }).collect();
        // Seed after seed: after the first one every remedy has a run.
        let mut waiting: Vec<(&'static str, u64)> =
            (0..seeds as u64).flat_map(|i| rows.clone().map(move |slug| (slug, first + i))).collect();
        let all = waiting.len();
        waiting.reverse();
        self.ended = None;
        self.experiment = Some(Experiment {
            settings,
            updates: self.stop_step,
            waiting,
            running: BTreeMap::new(),
            done: 0,
            all,
            began: None,
            now: 0.0,
        });
    }

    /// Stops the experiment; what it found stays.
    pub fn cancel(&mut self) {
        if self.experiment.take().is_some() {
            self.ended = Some("cancelled");
        }
    }

    /// Takes a reply. Whether something that is seen changed.
    pub fn worked(&mut self, worker: usize, numbers: &[f64], now: f64, shown: &mut Laboratory) -> bool {
        self.busy.remove(&worker);
        if !self.proven.contains(&worker) {
            self.proven.push(worker);
        }
        match Reply::read(numbers) {
            Some(Reply::Trained { generation, milliseconds, reports, breakdown, reached }) => {
                let Some(lane) = self.runners.iter().position(|runner| runner.generation == generation) else {
                    return false;
                };
                let (Some(runner), Some(own)) = (self.runners.get_mut(lane), shown.lanes.get_mut(lane)) else {
                    return false;
                };
                if !milliseconds.is_nan() {
                    own.milliseconds =
                        Some(own.milliseconds.map_or(milliseconds, |old| 0.8 * old + 0.2 * milliseconds));
                }
                for report in reports {
                    runner.updates = report.step + 1;
                    own.history.push(report);
                }
                runner.single = false;
                if breakdown.is_some() {
                    runner.status = Status::Broken;
                    runner.left = Some(u64::MAX);
                    own.breakdown = breakdown;
                } else if reached {
                    runner.status = Status::Reached;
                } else if runner.updates >= self.stop_step {
                    runner.status = Status::Finished;
                }
                self.rest();
                true
            }
            Some(Reply::Rescued { generation, left, found }) => {
                let Some(runner) = self.runners.iter_mut().find(|runner| runner.generation == generation) else {
                    return false;
                };
                runner.rescued.extend(found);
                runner.left = Some(left);
                true
            }
            Some(Reply::Ran { generation, progress, outcome }) => {
                let Some(experiment) = &mut self.experiment else { return false };
                experiment.began.get_or_insert(now);
                experiment.now = now;
                let Some(run) = experiment.running.get_mut(&worker).filter(|run| run.2 == generation) else {
                    return false;
                };
                run.3 = progress;
                if let Some(outcome) = outcome {
                    let slug = run.0;
                    experiment.running.remove(&worker);
                    experiment.done += 1;
                    put(shown, slug, outcome);
                    if experiment.done == experiment.all {
                        self.experiment = None;
                        self.ended = Some("done");
                    }
                }
                true
            }
            None | Some(Reply::Looked { .. } | Reply::Multiplied { .. }) => false,
        }
    }

    /// A worker could not be made, or died.
    pub fn trouble(&mut self, worker: usize, why: &str) {
        self.busy.remove(&worker);
        if let Some(experiment) = &mut self.experiment
            && let Some((slug, seed, ..)) = experiment.running.remove(&worker)
        {
            experiment.waiting.push((slug, seed));
        }
        // One that has never answered will not; one that has may have met an accident, but not again and again.
        let deaths = self.died.iter().filter(|own| **own == worker).count();
        if self.proven.contains(&worker) && deaths < MOST_DEATHS {
            self.proven.retain(|proven| *proven != worker);
            self.died.push(worker);
            self.renew.push(worker);
        } else {
            self.on_page = Some(why.to_owned());
        }
    }

    /// Training is over when no lane can go on.
    fn rest(&mut self) {
        if self.runners.iter().all(|runner| runner.status != Status::Ready) {
            self.running = false;
        }
    }

    /// The orders that are due now; `held`: a hand moves something.
    pub fn dispatch(&mut self, held: bool) -> Vec<Work> {
        let most = if held || self.on_page.is_some() { 1 } else { self.cores };
        let mut orders = Vec::new();
        let (count, first) = (self.runners.len(), self.turn);
        for i in 0..count {
            if self.busy.len() >= most {
                return orders;
            }
            let lane = (first + i) % count;
            if self.busy.contains_key(&lane) {
                continue;
            }
            if let Some(order) = self.order_for(lane) {
                self.turn = (lane + 1) % count;
                orders.push(self.work(lane, &order));
            }
        }
        for worker in FIRST_OF_EXPERIMENT..FIRST_OF_EXPERIMENT + self.cores {
            if self.busy.len() >= most {
                return orders;
            }
            if self.busy.contains_key(&worker) {
                continue;
            }
            if let Some(order) = self.next_run(worker) {
                orders.push(self.work(worker, &order));
            }
        }
        orders
    }

    fn order_for(&self, lane: usize) -> Option<Order> {
        let runner = self.runners.get(lane)?;
        let query = query_of(&runner.settings);
        let generation = runner.generation;
        match runner.status {
            Status::Ready if self.running || runner.single => {
                let until = if runner.single { runner.updates + 1 } else { self.stop_step };
                Some(Order::Train { generation, known: runner.updates, until, stop_loss: self.stop_loss, query })
            }
            Status::Broken if runner.left.is_some_and(|left| left > 0) => {
                let step = runner.updates.saturating_sub(1);
                Some(Order::Rescue { generation, step, query })
            }
            _ => None,
        }
    }

    /// The run that a worker of the experiment goes on with, or begins.
    fn next_run(&mut self, worker: usize) -> Option<Order> {
        let generation = self.next_generation;
        let experiment = self.experiment.as_mut()?;
        if !experiment.running.contains_key(&worker) {
            let (slug, seed) = experiment.waiting.pop()?;
            self.next_generation += 1;
            experiment.running.insert(worker, (slug, seed, generation, 0.0));
        }
        let (slug, seed, generation, _) = experiment.running.get(&worker)?;
        Some(Order::Run {
            generation: *generation,
            updates: experiment.updates,
            seed: *seed,
            remedy: (*slug).to_owned(),
            query: query_of(&experiment.settings),
        })
    }

    fn work(&mut self, worker: usize, order: &Order) -> Work {
        self.busy.insert(worker, 0);
        let (place, budget) = match &self.on_page {
            Some(_) => (Where::Page, PAGE_SLICE),
            None if self.renew.contains(&worker) => {
                self.renew.retain(|renew| *renew != worker);
                (Where::NewWorker, SLICE)
            }
            None => (Where::Worker, SLICE),
        };
        Work { worker, place, order: order.text(), numbers: Vec::new(), budget }
    }

    /// How a lane stands, in words.
    pub fn state(&self, lane: usize) -> String {
        let Some(runner) = self.runners.get(lane) else { return "–".to_owned() };
        let updates = format::count(runner.updates);
        match runner.status {
            Status::Ready if self.running => format!("training, update {updates} of {}", format::count(self.stop_step)),
            Status::Ready if runner.updates == 0 => "not started".to_owned(),
            Status::Ready => format!("paused at update {updates}"),
            Status::Finished => format!("stopped at update {updates}"),
            Status::Reached => {
                format!("stopped at update {updates}: the loss is below {}", format::short(self.stop_loss))
            }
            Status::Broken => format!("left the numbers at update {}", format::count(runner.updates.saturating_sub(1))),
        }
    }

    /// The readouts of chapter 4, for the lane that is looked at.
    pub fn readouts(&self, lane: usize, shown: &Laboratory) -> Vec<(&'static str, String)> {
        let speed = |lane: &Lane| lane.milliseconds.filter(|ms| *ms > 0.0).map(|ms| 1e3 / ms);
        let speeds: Vec<f64> = shown.lanes.iter().filter_map(speed).collect();
        let own = shown.lanes.get(lane).and_then(speed).map_or("–".to_owned(), format::short);
        let speed = match speeds.len() {
            0 => String::new(),
            1 => format!(", at {own} updates per second"),
            _ => format!(", at {own} updates per second in this lane"),
        };
        let place = match &self.on_page {
            Some(why) => format!("on the page’s own thread, in slices, because {why}{speed}"),
            None => format!("in workers beside the page, at most {} at a time{speed}", self.cores),
        };
        vec![
            ("lab-lane", NAMES.get(lane).copied().unwrap_or_default().to_owned()),
            ("lab-state", self.state(lane)),
            ("lab-where", place),
            ("lab-verdict", shown.lanes.get(lane).map_or("–".to_owned(), verdict)),
            ("lab-explanation", self.explanation(lane, shown)),
            ("experiment-progress", self.experiment_progress()),
        ]
    }

    fn experiment_progress(&self) -> String {
        let Some(experiment) = &self.experiment else {
            return match self.ended {
                Some(how) => format!("{how}: the table below"),
                None => "not started".to_owned(),
            };
        };
        let part: f64 = experiment.running.values().map(|run| run.3).sum();
        let share = (experiment.done as f64 + part) / experiment.all.max(1) as f64;
        let left = match experiment.began {
            Some(began) if share > 0.01 && experiment.now > began => {
                let seconds = (experiment.now - began) / 1e3 * (1.0 - share) / share;
                if seconds < 90.0 {
                    format!(", about {} s left", format::short(seconds.ceil()))
                } else {
                    format!(", about {} min left", format::short((seconds / 60.0).ceil()))
                }
            }
            _ => String::new(),
        };
        format!("{} of {} runs, {:.0} %{left}", experiment.done, experiment.all, 100.0 * share)
    }

    /// The share of the experiment that is done.
    pub fn experiment_share(&self) -> Option<f64> {
        let experiment = self.experiment.as_ref()?;
        let part: f64 = experiment.running.values().map(|run| run.3).sum();
        Some((experiment.done as f64 + part) / experiment.all.max(1) as f64)
    }

    /// Why a lane ended as it did.
    fn explanation(&self, lane: usize, shown: &Laboratory) -> String {
        let (Some(runner), Some(own)) = (self.runners.get(lane), shown.lanes.get(lane)) else { return String::new() };
        let Some(breakdown) = &own.breakdown else {
            return match own.history.first_alarm {
                Some(first) => format!(
                    "The alarm was raised {} times, first at update {}; {} updates were left out. No number has left the range.",
                    format::count(own.history.alarms),
                    format::count(first),
                    format::count(own.history.skipped)
                ),
                None => "Nothing has left the range of the numbers in this lane.".to_owned(),
            };
        };
        let tried = match runner.left {
            None | Some(0) => saved(&runner.rescued),
            Some(left) => {
                let left = if left == u64::MAX { "some".to_owned() } else { left.to_string() };
                format!("Now the same run is made again with one remedy after the other: {left} left to try.")
            }
        };
        format!("{} {tried}", explain(breakdown))
    }

    /// The row of boxes of an update.
    pub fn pipeline(&self, lane: usize, shown: &Laboratory) -> Vec<PipelineBox> {
        let (Some(runner), Some(own)) = (self.runners.get(lane), shown.lanes.get(lane)) else { return Vec::new() };
        pipeline(&runner.settings, own)
    }
}

impl Runner {
    fn new(settings: Settings, generation: u64) -> Self {
        Self { settings, generation, updates: 0, status: Status::Ready, rescued: Vec::new(), left: None, single: false }
    }
}

/// Puts an outcome in its row, in the order of the seeds.
fn put(shown: &mut Laboratory, slug: &str, outcome: Outcome) {
    if let Some(row) = shown.evidence.rows.iter_mut().find(|row| row.slug == slug) {
        let at = row.outcomes.partition_point(|other| other.seed < outcome.seed);
        row.outcomes.insert(at, outcome);
    }
}

/// A norm, from its logarithm.
fn norm(log10: f64) -> String {
    if log10.is_nan() { "not a number".to_owned() } else { format::log10_value(log10) }
}

/// Which number left the range first, and what happened before.
fn explain(breakdown: &Breakdown) -> String {
    let place = match &breakdown.place {
        Place::State { layer, t } => format!("in the state h of layer {} at time step {t}", layer + 1),
        Place::Loss => "in the loss: the outputs had become too large to be squared".to_owned(),
        Place::Gradient(name) => format!("in the gradient of {name}"),
        Place::Weights(name) => format!("in {name}, after the update"),
    };
    let mut text = format!("At update {} the first number that is not finite came up {place}.", breakdown.step);
    let losses = |moments: &[Moment]| moments.iter().map(|m| format::short(m.loss)).collect::<Vec<_>>().join(", ");
    let norms = |moments: &[Moment]| moments.iter().map(|m| norm(m.gradient_log10)).collect::<Vec<_>>().join(", ");
    if let Some(last) = breakdown.before.last() {
        text += &format!(
            " In the update before, the gradient was {} long and moved the weights by {}.",
            norm(last.gradient_log10),
            norm(last.update_log10)
        );
        text += &format!(
            " Over the last {} updates the loss went {}, and the gradient’s norm {}.",
            breakdown.before.len(),
            losses(&breakdown.before),
            norms(&breakdown.before)
        );
    }
    text
}

/// Which remedies carried the same run further.
fn saved(rescued: &[Rescued]) -> String {
    let titles = |wanted: &dyn Fn(&Rescued) -> bool| {
        let titles = rescued.iter().filter(|r| wanted(r)).filter_map(|r| remedies::find(r.slug));
        titles.map(|spec| spec.title).collect::<Vec<_>>().join(", ")
    };
    let (kept, lost) = (titles(&|r| r.broke_down.is_none()), titles(&|r| r.broke_down.is_some()));
    match (kept.is_empty(), lost.is_empty()) {
        (true, true) => String::new(),
        (true, false) => {
            format!("The same run was made again with each of these remedies, and left the numbers each time: {lost}.")
        }
        (false, true) => {
            format!("The same run, made again with one of these remedies on from the start, stayed finite: {kept}.")
        }
        (false, false) => format!(
            "The same run from the same seed, made again with one remedy on from the start, stayed finite with {kept}; it left the numbers all the same with {lost}. Other seeds may differ: the evidence below has several."
        ),
    }
}

/// How a run does now, beside what can be done without memory.
fn verdict(lane: &Lane) -> String {
    let (Some(loss), baseline) = (lane.history.loss.last(), lane.baseline()) else { return "no update yet".to_owned() };
    if lane.breakdown.is_some() {
        let last = lane.history.loss.points().iter().map(|point| point.mean).rfind(|log10| log10.is_finite());
        let last =
            last.map_or(String::new(), |log10| format!(", and the last loss was {}", format::log10_value(log10)));
        return format!("nothing is left to train{last}");
    }
    let loss = math::exp(loss * math::LN_10);
    let accuracy = lane
        .history
        .test_accuracy
        .last()
        .map_or(String::new(), |share| format!(", {:.0} % right on test sequences", 100.0 * share));
    let words = match loss / baseline {
        ratio if ratio.is_nan() || ratio > 2.0 => "far worse than guessing without memory",
        ratio if ratio > 1.1 => "worse than guessing without memory",
        ratio if ratio > 0.9 => "no better than guessing without memory",
        ratio if ratio > 0.5 => "a little better than guessing without memory",
        ratio if ratio > 0.1 => "it learns: below half of what guessing costs",
        _ => "it has learnt: below a tenth of what guessing costs",
    };
    format!("loss {}, {words}{accuracy}", format::short(loss))
}

/// A box of the pipeline, and the gradient's norm behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct PipelineBox {
    /// Its name.
    pub title: String,
    /// Whether it is a remedy.
    pub remedy: bool,
    /// ‖dL/dθ‖ after it, where it has one; after the optimiser, the size of the update.
    pub norm: Option<String>,
}

fn pipeline(settings: &Settings, lane: &Lane) -> Vec<PipelineBox> {
    let plain = |title: &str, norm: Option<String>| PipelineBox { title: title.to_owned(), remedy: false, norm };
    let newest = lane.history.newest.as_ref();
    let text = |log10: f64| norm(log10);
    let after = |slug: &str| {
        let norms = newest.map(|report| &report.norms)?;
        norms.iter().find(|(own, _)| *own == slug).map(|(_, norm)| text(*norm))
    };
    let on: Vec<&RemedySpec> = remedies::switched_on(settings).collect();
    let of = |stage: Stage| on.iter().filter(move |spec| spec.stage == stage);
    let boxed =
        |spec: &&RemedySpec, norm: Option<String>| PipelineBox { title: spec.title.to_owned(), remedy: true, norm };
    let mut boxes = vec![plain("sequences", None)];
    boxes.extend(of(Stage::Data).map(|spec| boxed(spec, None)));
    boxes.push(plain("network", None));
    for stage in [Stage::Cell, Stage::Initialization] {
        boxes.extend(of(stage).map(|spec| boxed(spec, None)));
    }
    boxes.push(plain("forward", None));
    boxes.extend(of(Stage::Memory).map(|spec| boxed(spec, None)));
    boxes.push(plain("loss", newest.map(|report| format::short(report.loss))));
    boxes.extend(of(Stage::Backward).map(|spec| boxed(spec, None)));
    boxes.push(plain("backward", after("")));
    boxes.extend(of(Stage::Gradient).map(|spec| boxed(spec, after(spec.slug))));
    boxes.extend(
        of(Stage::Rate)
            .map(|spec| boxed(spec, newest.map(|report| format!("η = {}", format::short(report.learning_rate))))),
    );
    let moved = newest.map(|report| if report.skipped { "left out".to_owned() } else { text(report.update_log10) });
    boxes.push(plain("optimiser", moved));
    boxes.extend(of(Stage::Weights).map(|spec| boxed(spec, None)));
    boxes.push(plain("weights", None));
    boxes
}

/// The lane that a letter of an address stands for.
pub fn lane_of(letter: &str) -> usize {
    LETTERS.iter().position(|own| *own == letter).unwrap_or(0)
}

/// The names of the readouts of chapter 4.
pub fn readout_names() -> Vec<&'static str> {
    Trainings::new().readouts(0, &Laboratory::default()).into_iter().map(|(name, _)| name).collect()
}
