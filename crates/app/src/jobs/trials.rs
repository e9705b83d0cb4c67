//! The short runs of the workbench: the network of the page without its remedies and with them, again at every change.
//!
//! A newer order takes the place of an older one. While a hand moves on, a short run that has begun is let to its end, or no
//! curve would ever be complete; one that is too long to follow the hand waits until it rests ([`FOLLOWS`]). When the hand
//! rests, the same runs are made from further seeds, for what one run does not prove.
use crate::jobs::order::{Order, query_of};
use crate::jobs::pool::{Generations, WAYS};
use crate::jobs::reply::Reply;
use crate::jobs::worker::Worker;
use vanishing_charts::format;
use vanishing_charts::workbench::{SEEDS, Trace, Trial, UPDATES, Workbench};
use vanishing_core::param::Settings;
use vanishing_core::tasks;
use vanishing_core::training::{OWN, Start, Verdict, params};

/// A run that takes no longer, in milliseconds, follows the hand: while it moves on, a run that was begun is let to its end. One
/// that takes longer is not begun before the hand rests.
const FOLLOWS: f64 = 1_000.0;
/// Milliseconds of work of an order: a run that a hand waits for may be replaced by a newer one after that time.
const SLICE: f64 = 100.0;
/// The same while the hand moves on, when a run is let to its end: an answer waits until the page has drawn its frame.
const MOVING_SLICE: f64 = 250.0;
/// The same of further seeds, which nobody waits for.
const SEED_SLICE: f64 = 25.0;
/// Milliseconds for a multiplication and an addition, before anything was measured.
const GUESS: f64 = 1e-7;

/// A run that was begun.
struct Run {
    settings: Settings,
    generation: u64,
    /// The place of its seed among the [`SEEDS`]; 0 is the page's own.
    seed: usize,
    trace: Trace,
}

/// One way of training.
#[derive(Default)]
struct Way {
    /// What is to be run; `None`: nothing.
    wanted: Option<Settings>,
    running: Option<Run>,
    /// Whether the page's own seed was run to its end with what is wanted.
    is_done: bool,
}

/// The runs of both ways.
#[derive(Default)]
pub struct Trials {
    ways: [Way; WAYS],
    /// The way whose run from the page's own seed ended last, as long as there is something to wait for.
    ended: Option<usize>,
    /// Milliseconds for a multiplication and an addition, as measured.
    pace: Option<f64>,
    /// What they start from; `None`: each draws its weights.
    start: Option<Start>,
}

/// About as many multiplications and additions as an update takes.
fn cost(settings: &Settings, start: Option<&Start>) -> f64 {
    let network = start.map(Start::network);
    let own = start.and_then(Start::own);
    let n = network.map_or_else(|| settings.get(&params::HIDDEN_SIZE), |network| network.hidden_size) as f64;
    let layers = network.map_or_else(|| settings.get(&params::LAYERS), |network| network.layers) as f64;
    let length = settings.get(&params::SEQUENCE_LENGTH);
    let of_task = || tasks::find(settings.get(&params::TASK)).map_or(length, |task| (task.steps)(length));
    let steps = own.map_or_else(of_task, |own| own.steps()) as f64;
    let batch = settings.get(&params::BATCH_SIZE).min(own.map_or(usize::MAX, |own| own.count())) as f64;
    // Small networks cost their activations, not their products.
    let gates = network.map_or_else(|| params::cell(settings), |network| network.cell).gates as f64;
    3.0 * gates * layers * batch * steps * (n * n + 30.0 * n)
}

impl Trials {
    /// How long a whole run takes, in milliseconds.
    fn estimate(&self, settings: &Settings) -> f64 {
        UPDATES as f64 * cost(settings, self.start.as_ref()) * self.pace.unwrap_or(GUESS)
    }

    /// Lets all runs start from these weights, or from drawn ones; what was run is to be run again. Whether that is something
    /// else than before.
    pub fn start_from(&mut self, start: Option<&Start>, shown: &mut Workbench) -> bool {
        let changed = self.start.as_ref() != start;
        if changed {
            self.start = start.cloned();
            for way in &mut self.ways {
                (way.running, way.is_done) = (None, false);
            }
            self.say_what_is_learned(shown);
            self.say_what_waits(false, shown);
        }
        changed
    }

    /// What a worker has to be given for a run.
    pub fn numbers(&self) -> Vec<f64> {
        self.start.as_ref().map_or_else(Vec::new, Start::numbers)
    }

    fn say_what_is_learned(&self, shown: &mut Workbench) {
        let settings = self.ways[0].wanted.as_ref();
        let task = settings.and_then(|settings| tasks::find(settings.get(&params::TASK))).unwrap_or(tasks::ALL[0]);
        let own = self.start.as_ref().and_then(Start::own);
        (shown.task, shown.chance) = match own {
            Some(own) => (&OWN, own.guess().accuracy),
            None => (task, task.chance_accuracy),
        };
    }

    /// Takes what is to be run: without the remedies, and with them if any is on. Whether that is something else than before.
    pub fn configure(&mut self, wanted: [Option<Settings>; WAYS], shown: &mut Workbench) -> bool {
        let mut changed = false;
        for (number, (way, wanted)) in self.ways.iter_mut().zip(wanted).enumerate() {
            if way.wanted != wanted {
                (way.wanted, way.is_done, changed) = (wanted, false, true);
                // What came of other runs says nothing of these.
                if let Some(trial) = trial(shown, number) {
                    trial.seeds = [None; SEEDS];
                }
            }
        }
        if changed {
            self.say_what_is_learned(shown);
            match (&self.ways[1].wanted, &mut shown.with) {
                (None, with) => *with = None,
                (Some(_), with @ None) => *with = Some(Trial::default()),
                _ => {}
            }
            if self.ways[1].wanted.is_none() {
                self.ways[1].running = None;
            }
            self.say_what_waits(false, shown);
        }
        changed
    }

    /// Whether the page's own seed is still to be run to its end, in some way.
    pub fn is_waited_for(&self) -> bool {
        self.ways.iter().any(|way| way.wanted.is_some() && !way.is_done)
    }

    /// Whether what is waited for is quick enough to follow a hand.
    pub fn follows(&self) -> bool {
        let waiting = self.ways.iter().filter(|way| !way.is_done).filter_map(|way| way.wanted.as_ref());
        waiting.map(|settings| self.estimate(settings)).reduce(f64::max).is_some_and(|longest| longest <= FOLLOWS)
    }

    /// The ways in the order in which they are served: what is in force first, and then in turn.
    pub fn turns(&self) -> [usize; WAYS] {
        if self.ended == Some(WAYS - 1) { [0, 1] } else { [1, 0] }
    }

    /// Milliseconds of work of the next order for a way; `moving`: a hand moves something.
    pub fn slice(&self, number: usize, moving: bool) -> f64 {
        match self.ways[number].running.as_ref() {
            Some(run) if run.seed > 0 => SEED_SLICE,
            _ if moving => MOVING_SLICE,
            _ => SLICE,
        }
    }

    /// The order that is due for a way, with its generation; `moving`: a hand moves something.
    pub fn order(
        &mut self,
        number: usize,
        moving: bool,
        generations: &mut Generations,
        shown: &mut Workbench,
    ) -> Option<(u64, Order)> {
        let way = self.ways.get(number)?;
        let wanted = way.wanted.clone()?;
        let goes_on = way.running.as_ref().is_some_and(|run| {
            let is_wanted = run.settings == seeded(&wanted, run.seed);
            let may_end = moving && run.seed == 0 && self.estimate(&run.settings) <= FOLLOWS;
            if run.seed > 0 { is_wanted && !moving } else { is_wanted || may_end }
        });
        if !goes_on {
            let seed = match (way.is_done, moving) {
                (false, false) => 0,
                (false, true) if self.estimate(&wanted) <= FOLLOWS => 0,
                (true, false) => trial(shown, number)?.seeds.iter().position(Option::is_none)?,
                _ => return None,
            };
            let run = Run {
                settings: seeded(&wanted, seed),
                generation: generations.another(),
                seed,
                trace: Trace::default(),
            };
            if seed == 0 {
                trial(shown, number)?.begin();
            }
            self.ways[number].running = Some(run);
        }
        let run = self.ways[number].running.as_ref()?;
        let known = run.trace.loss.len() as u64;
        let query = query_of(&run.settings, self.start.is_some());
        Some((run.generation, Order::Try { generation: run.generation, known, until: UPDATES, query }))
    }

    /// Takes what was said of a run. Whether something that is seen changed.
    pub fn worked(&mut self, number: usize, reply: Reply, shown: &mut Workbench) -> bool {
        let Reply::Tried { generation, milliseconds, first, rows, breakdown } = reply else { return false };
        let Some(way) = self.ways.get_mut(number) else { return false };
        let Some(run) = way.running.as_mut().filter(|run| run.generation == generation) else { return false };
        if milliseconds.is_finite() {
            let pace = milliseconds / cost(&run.settings, self.start.as_ref());
            self.pace = Some(self.pace.map_or(pace, |old| 0.7 * old + 0.3 * pace));
        }
        let known = run.trace.loss.len();
        for [loss, accuracy, gradient] in rows.into_iter().skip(known.saturating_sub(first as usize)) {
            run.trace.push(loss, accuracy, gradient);
        }
        run.trace.breakdown = breakdown;
        let is_complete = run.trace.breakdown.is_some() || run.trace.loss.len() as u64 >= UPDATES;
        let seed = run.seed;
        let Some(trial) = trial(shown, number) else { return false };
        if seed == 0 {
            trial.now = run.trace.clone();
        }
        if !is_complete {
            return seed == 0;
        }
        let task = tasks::find(run.settings.get(&params::TASK)).unwrap_or(tasks::ALL[0]);
        let own = self.start.as_ref().and_then(Start::own);
        let chance = own.map_or(task.chance_accuracy, |own| own.guess().accuracy);
        let verdict = Verdict::of(&run.trace.accuracies(), chance, run.trace.breakdown.as_ref());
        let is_wanted = way.wanted.as_ref().is_some_and(|wanted| run.settings == seeded(wanted, seed));
        if seed == 0 {
            trial.end(verdict);
            way.is_done = is_wanted;
            self.ended = Some(number);
        } else if is_wanted {
            trial.seeds[seed] = Some(verdict);
        }
        way.running = None;
        if !self.is_waited_for() {
            self.ended = None;
        }
        self.mark_late(shown);
        true
    }

    /// Says why no run is to be seen, where it is too long to follow the hand. Whether that is something else than before.
    pub fn say_what_waits(&self, moving: bool, shown: &mut Workbench) -> bool {
        let waiting = self.ways.iter().filter(|way| !way.is_done).filter_map(|way| way.wanted.as_ref());
        let longest = waiting.map(|settings| self.estimate(settings)).fold(0.0, f64::max);
        let waits = (moving && longest > FOLLOWS).then(|| {
            let seconds = (longest / 1_000.0).ceil();
            format!("about {} s: runs when you let go or pause", format::short(seconds))
        });
        let changed = waits != shown.waits;
        shown.waits = waits;
        self.mark_late(shown) || changed
    }

    /// Marks the ways whose run is still to come and takes too long to follow a hand. Whether that is something else than before.
    fn mark_late(&self, shown: &mut Workbench) -> bool {
        let mut changed = false;
        for (number, way) in self.ways.iter().enumerate() {
            let is_long = way.wanted.as_ref().is_some_and(|settings| self.estimate(settings) > FOLLOWS);
            let Some(trial) = trial(shown, number) else { continue };
            let is_late = is_long && !way.is_done;
            changed |= trial.is_late != is_late;
            trial.is_late = is_late;
        }
        changed
    }

    /// Makes all runs in this thread, those of the page's own seed or of all; without a browser.
    pub fn run_here(&mut self, seeds: usize, generations: &mut Generations, shown: &mut Workbench) {
        for number in 0..WAYS {
            let mut worker = Worker::default();
            let is_left = |trials: &Self, shown: &mut Workbench| {
                let unknown = |trial: &mut Trial| trial.seeds.iter().take(seeds).any(Option::is_none);
                !trials.ways[number].is_done || trial(shown, number).is_some_and(unknown)
            };
            while is_left(self, shown) {
                let Some((_, order)) = self.order(number, false, generations, shown) else { break };
                worker.give(self.numbers());
                let Some(reply) = worker.work(&order.text(), &|| 0.0, f64::INFINITY) else { break };
                self.worked(number, reply, shown);
            }
        }
    }
}

/// The settings with the seed so many after their own.
fn seeded(settings: &Settings, place: usize) -> Settings {
    let mut settings = settings.clone();
    // Seeds are 32 bits; the last is followed by the first.
    let seed = (settings.get(&params::SEED) + place as u64) % (1 << 32);
    settings.set(&params::SEED.spec, vanishing_core::param::Value::Int(seed as i64));
    settings
}

fn trial(shown: &mut Workbench, number: usize) -> Option<&mut Trial> {
    if number == 0 { Some(&mut shown.without) } else { shown.with.as_mut() }
}

const _: () = assert!(SEEDS == 8);
