//! What a worker does: orders in, replies out. Both cross a thread as plain data, a text and a list of numbers.
//!
//! A worker trains for a few milliseconds, answers, and waits for the next order: so the page is never flooded, and a
//! worker that hears nothing does nothing. [`Worker`] is the same in a browser's worker, on the page's own thread and on
//! the command line; the caller brings the clock.
use nalgebra::DMatrix;
use vanishing_core::bptt::LayerFactors;
use vanishing_core::cells;
use vanishing_core::network::Network;
use vanishing_core::param::Settings;
use vanishing_core::remedies::{self, Alarm, AlarmAction, RemedySpec};
use vanishing_core::studies::jacobians::{JacobianStudy, LeadingJacobians};
use vanishing_core::studies::recurrence::{BlockStudy, LeadingSpace, RecurrenceRun, RecurrenceStudy};
use vanishing_core::training::experiment::{Outcome, Run};
use vanishing_core::training::{Breakdown, Moment, Place, Report, Rescue, Rescued, Spectrum, Test, Trainer, params};

/// What is to be done next.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// Train a lane on.
    Train {
        /// Another number is another run.
        generation: u64,
        /// Updates that are known already: a worker that is behind makes them again without a word.
        known: u64,
        /// Where the run ends.
        until: u64,
        /// The loss below which it ends.
        stop_loss: f64,
        /// Its settings as pairs of an address.
        query: String,
    },
    /// Try the remedies on a run that broke down.
    Rescue {
        /// Whose.
        generation: u64,
        /// At which update it broke down.
        step: u64,
        /// Its settings.
        query: String,
    },
    /// Make a run of the experiment.
    Run {
        /// Which.
        generation: u64,
        /// Updates.
        updates: u64,
        /// The seed.
        seed: u64,
        /// The remedy's slug, or nothing.
        remedy: String,
        /// The settings without it.
        query: String,
    },
    /// Look at the recurrent matrix whose numbers were given before ([`Worker::give`]).
    Spectrum {
        /// Another number is another matrix.
        generation: u64,
        /// The cell's slug: how many blocks there are.
        cell: String,
        /// Rows of a block.
        size: u64,
    },
    /// Find the largest singular values of the Jacobians whose numbers were given before ([`Worker::give`]).
    Jacobians {
        /// Another number is another network.
        generation: u64,
    },
}

/// What was done.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Of a lane.
    Trained {
        /// Whose.
        generation: u64,
        /// Milliseconds of an update in this slice; NaN if there was none.
        milliseconds: f64,
        /// What the updates found.
        reports: Vec<Report>,
        /// Where it left the numbers.
        breakdown: Option<Breakdown>,
        /// Whether it reached its loss.
        reached: bool,
    },
    /// Of remedies tried on a broken run.
    Rescued {
        /// Whose.
        generation: u64,
        /// Remedies that are not tried yet.
        left: u64,
        /// Those that are known since the last reply.
        found: Vec<Rescued>,
    },
    /// Of a run of the experiment.
    Ran {
        /// Which.
        generation: u64,
        /// The share that is done.
        progress: f64,
        /// What became of it, when it is over.
        outcome: Option<Outcome>,
    },
    /// Of a recurrent matrix.
    Looked {
        /// Which.
        generation: u64,
        /// The share that is done.
        progress: f64,
        /// What was found, when it is over.
        study: Option<RecurrenceStudy>,
    },
    /// Of Jacobians.
    Multiplied {
        /// Which.
        generation: u64,
        /// The share that is done.
        progress: f64,
        /// What was found, when it is over.
        study: Option<JacobianStudy>,
    },
}

impl Order {
    /// As a text.
    pub fn text(&self) -> String {
        match self {
            Self::Train { generation, known, until, stop_loss, query } => {
                format!("train\n{generation}\n{known}\n{until}\n{stop_loss}\n{query}")
            }
            Self::Rescue { generation, step, query } => format!("rescue\n{generation}\n{step}\n{query}"),
            Self::Run { generation, updates, seed, remedy, query } => {
                format!("run\n{generation}\n{updates}\n{seed}\n{remedy}\n{query}")
            }
            Self::Spectrum { generation, cell, size } => format!("spectrum\n{generation}\n{cell}\n{size}"),
            Self::Jacobians { generation } => format!("jacobians\n{generation}"),
        }
    }

    /// From a text.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let kind = lines.next()?;
        let generation = lines.next()?.parse().ok()?;
        match kind {
            "train" => Some(Self::Train {
                generation,
                known: lines.next()?.parse().ok()?,
                until: lines.next()?.parse().ok()?,
                stop_loss: lines.next()?.parse().ok()?,
                query: lines.next()?.to_owned(),
            }),
            "rescue" => {
                Some(Self::Rescue { generation, step: lines.next()?.parse().ok()?, query: lines.next()?.to_owned() })
            }
            "spectrum" => {
                Some(Self::Spectrum { generation, cell: lines.next()?.to_owned(), size: lines.next()?.parse().ok()? })
            }
            "jacobians" => Some(Self::Jacobians { generation }),
            "run" => Some(Self::Run {
                generation,
                updates: lines.next()?.parse().ok()?,
                seed: lines.next()?.parse().ok()?,
                remedy: lines.next()?.to_owned(),
                query: lines.next()?.to_owned(),
            }),
            _ => None,
        }
    }
}

/// The settings of a run as pairs of an address.
pub fn query_of(settings: &Settings) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(settings.pairs(params::all())).finish()
}

/// The same back.
pub fn settings_of(query: &str) -> Settings {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    Settings::from_pairs(params::all(), pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()))).0
}

/// Numbers on their way.
#[derive(Default)]
struct Writer(Vec<f64>);

impl Writer {
    fn put(&mut self, x: f64) {
        self.0.push(x);
    }

    fn option(&mut self, values: Option<&[f64]>) {
        self.put(if values.is_some() { 1.0 } else { 0.0 });
        self.0.extend_from_slice(values.unwrap_or(&[]));
    }

    fn slug(&mut self, slug: &str) {
        self.put(remedies::ALL.iter().position(|spec| spec.slug == slug).map_or(-1.0, |i| i as f64));
    }
}

/// Numbers that arrived.
struct Reader<'a>(std::slice::Iter<'a, f64>);

impl Reader<'_> {
    fn take(&mut self) -> Option<f64> {
        self.0.next().copied()
    }

    fn whole(&mut self) -> Option<u64> {
        self.take().map(|x| x as u64)
    }

    fn option<const N: usize>(&mut self) -> Option<Option<[f64; N]>> {
        if self.take()? == 0.0 {
            return Some(None);
        }
        let mut values = [0.0; N];
        for value in &mut values {
            *value = self.take()?;
        }
        Some(Some(values))
    }

    fn slug(&mut self) -> Option<&'static str> {
        let index = self.take()?;
        Some(if index < 0.0 { "" } else { remedies::ALL.get(index as usize)?.slug })
    }
}

const ACTIONS: [AlarmAction; 4] = [AlarmAction::Noted, AlarmAction::Skipped, AlarmAction::Halved, AlarmAction::Clipped];

fn write_report(out: &mut Writer, report: &Report) {
    let fixed = [
        report.step as f64,
        report.loss,
        report.accuracy,
        report.learning_rate,
        report.steps as f64,
        report.update_log10,
        f64::from(u8::from(report.skipped)),
        report.bytes as f64,
        report.recomputed as f64,
    ];
    out.0.extend_from_slice(&fixed);
    let action = |alarm: &Alarm| ACTIONS.iter().position(|action| *action == alarm.action).unwrap_or(0) as f64;
    out.option(report.alarm.as_ref().map(|alarm| [alarm.log10_norm, action(alarm)]).as_ref().map(|values| &values[..]));
    out.option(report.spectrum.map(|spectrum| [spectrum.radius, spectrum.norm]).as_ref().map(|values| &values[..]));
    out.option(report.test.map(|test| [test.loss, test.accuracy]).as_ref().map(|values| &values[..]));
    out.put(report.norms.len() as f64);
    for (slug, norm) in &report.norms {
        out.slug(slug);
        out.put(*norm);
    }
    out.put(report.profile.len() as f64);
    out.0.extend(report.profile.iter().map(|x| f64::from(*x)));
}

fn read_report(from: &mut Reader<'_>) -> Option<Report> {
    let mut report = Report {
        step: from.whole()?,
        loss: from.take()?,
        accuracy: from.take()?,
        learning_rate: from.take()?,
        steps: from.whole()? as usize,
        update_log10: from.take()?,
        skipped: from.take()? != 0.0,
        bytes: from.whole()? as usize,
        recomputed: from.whole()?,
        alarm: None,
        spectrum: None,
        test: None,
        norms: Vec::new(),
        profile: Vec::new(),
    };
    let alarm = from.option::<2>()?;
    report.alarm = alarm.map(|[log10_norm, action]| Alarm {
        log10_norm,
        action: ACTIONS.get(action as usize).copied().unwrap_or(AlarmAction::Noted),
    });
    report.spectrum = from.option::<2>()?.map(|[radius, norm]| Spectrum { radius, norm });
    report.test = from.option::<2>()?.map(|[loss, accuracy]| Test { loss, accuracy });
    for _ in 0..from.whole()? {
        report.norms.push((from.slug()?, from.take()?));
    }
    for _ in 0..from.whole()? {
        report.profile.push(from.take()? as f32);
    }
    Some(report)
}

fn write_breakdown(out: &mut Writer, breakdown: &Breakdown) {
    out.put(breakdown.step as f64);
    let (kind, first, second, name) = match &breakdown.place {
        Place::State { layer, t } => (0.0, *layer, *t, ""),
        Place::Loss => (1.0, 0, 0, ""),
        Place::Gradient(name) => (2.0, 0, 0, name.as_str()),
        Place::Weights(name) => (3.0, 0, 0, name.as_str()),
    };
    out.0.extend_from_slice(&[kind, first as f64, second as f64, name.len() as f64]);
    out.0.extend(name.bytes().map(f64::from));
    out.put(breakdown.before.len() as f64);
    for moment in &breakdown.before {
        let Moment { step, loss, gradient_log10, after_log10, update_log10 } = *moment;
        out.0.extend_from_slice(&[step as f64, loss, gradient_log10, after_log10, update_log10]);
    }
    out.option(breakdown.largest.map(|(step, norm)| [step as f64, norm]).as_ref().map(|values| &values[..]));
}

fn read_breakdown(from: &mut Reader<'_>) -> Option<Breakdown> {
    let step = from.whole()?;
    let (kind, first, second, length) = (from.take()?, from.whole()? as usize, from.whole()? as usize, from.whole()?);
    let bytes: Vec<u8> = (0..length).filter_map(|_| from.take().map(|x| x as u8)).collect();
    let name = String::from_utf8(bytes).ok()?;
    let place = match kind as u8 {
        0 => Place::State { layer: first, t: second },
        1 => Place::Loss,
        2 => Place::Gradient(name),
        _ => Place::Weights(name),
    };
    let mut before = Vec::new();
    for _ in 0..from.whole()? {
        before.push(Moment {
            step: from.whole()?,
            loss: from.take()?,
            gradient_log10: from.take()?,
            after_log10: from.take()?,
            update_log10: from.take()?,
        });
    }
    let largest = from.option::<2>()?.map(|[step, norm]| (step as u64, norm));
    Some(Breakdown { step, place, before, largest })
}

fn write_study(out: &mut Writer, study: &RecurrenceStudy) {
    out.put(study.blocks.len() as f64);
    for block in &study.blocks {
        // The symbols are those of a cell, which has one of each.
        out.put(block.symbol.chars().next().map_or(0.0, |letter| f64::from(u32::from(letter))));
        out.0.extend_from_slice(&[block.spectral_radius, block.spectral_norm, block.departure]);
        out.put(block.eigenvalues.len() as f64);
        out.0.extend(block.eigenvalues.iter().flat_map(|(re, im)| [*re, *im]));
    }
    let basis = study.leading.as_ref().map_or(&[][..], |leading| &leading.basis);
    out.put(basis.len() as f64);
    for vector in basis {
        out.put(vector.len() as f64);
        out.0.extend_from_slice(vector);
    }
}

fn read_study(from: &mut Reader<'_>) -> Option<RecurrenceStudy> {
    let mut study = RecurrenceStudy::default();
    for _ in 0..from.whole()? {
        let letter = char::from_u32(from.whole()? as u32);
        let mut symbols = cells::ALL.iter().flat_map(|cell| cell.blocks).map(|block| block.symbol);
        let symbol = symbols.find(|symbol| symbol.chars().next() == letter).unwrap_or("");
        let [spectral_radius, spectral_norm, departure] = [from.take()?, from.take()?, from.take()?];
        let count = from.whole()?;
        let eigenvalues = (0..count).map(|_| Some((from.take()?, from.take()?))).collect::<Option<_>>()?;
        study.blocks.push(BlockStudy { symbol, eigenvalues, spectral_radius, spectral_norm, departure });
    }
    let mut basis = Vec::new();
    for _ in 0..from.whole()? {
        let count = from.whole()?;
        basis.push((0..count).map(|_| from.take()).collect::<Option<Vec<f64>>>()?);
    }
    study.leading = (!basis.is_empty()).then_some(LeadingSpace { basis });
    Some(study)
}

fn write_jacobians(out: &mut Writer, study: &JacobianStudy) {
    let most = study.singular_values_log10.first().map_or(0, Vec::len);
    out.0.extend_from_slice(&[study.state_size as f64, study.distances.len() as f64, most as f64]);
    for (d, values) in study.distances.iter().zip(&study.singular_values_log10) {
        out.put(*d as f64);
        out.0.extend_from_slice(values);
    }
}

fn read_jacobians(from: &mut Reader<'_>) -> Option<JacobianStudy> {
    let [state_size, count, most] = [from.whole()? as usize, from.whole()? as usize, from.whole()? as usize];
    let mut study = JacobianStudy { state_size, distances: Vec::new(), singular_values_log10: Vec::new() };
    for _ in 0..count {
        study.distances.push(from.whole()? as usize);
        study.singular_values_log10.push((0..most).map(|_| from.take()).collect::<Option<_>>()?);
    }
    Some(study)
}

impl Reply {
    /// As numbers.
    pub fn numbers(&self) -> Vec<f64> {
        let mut out = Writer::default();
        match self {
            Self::Trained { generation, milliseconds, reports, breakdown, reached } => {
                let head =
                    [0.0, *generation as f64, *milliseconds, f64::from(u8::from(*reached)), reports.len() as f64];
                out.0.extend_from_slice(&head);
                reports.iter().for_each(|report| write_report(&mut out, report));
                out.put(f64::from(u8::from(breakdown.is_some())));
                if let Some(breakdown) = breakdown {
                    write_breakdown(&mut out, breakdown);
                }
            }
            Self::Rescued { generation, left, found } => {
                out.0.extend_from_slice(&[1.0, *generation as f64, *left as f64, found.len() as f64]);
                for rescued in found {
                    out.slug(rescued.slug);
                    out.put(rescued.broke_down.map_or(-1.0, |step| step as f64));
                }
            }
            Self::Ran { generation, progress, outcome } => {
                out.0.extend_from_slice(&[2.0, *generation as f64, *progress]);
                let step = |step: Option<u64>| step.map_or(-1.0, |step| step as f64);
                let numbers = outcome.map(|o| {
                    let Outcome { seed, broke_down, exploded, gradient_log10, arriving_log10, loss, accuracy } = o;
                    [seed as f64, step(broke_down), step(exploded), gradient_log10, arriving_log10, loss, accuracy]
                });
                out.option(numbers.as_ref().map(|values| &values[..]));
            }
            Self::Looked { generation, progress, study } => {
                out.0.extend_from_slice(&[3.0, *generation as f64, *progress]);
                out.put(f64::from(u8::from(study.is_some())));
                if let Some(study) = study {
                    write_study(&mut out, study);
                }
            }
            Self::Multiplied { generation, progress, study } => {
                out.0.extend_from_slice(&[4.0, *generation as f64, *progress]);
                out.put(f64::from(u8::from(study.is_some())));
                if let Some(study) = study {
                    write_jacobians(&mut out, study);
                }
            }
        }
        out.0
    }

    /// From numbers.
    pub fn read(numbers: &[f64]) -> Option<Self> {
        let mut from = Reader(numbers.iter());
        let (kind, generation) = (from.take()?, from.whole()?);
        match kind as u8 {
            0 => {
                let (milliseconds, reached) = (from.take()?, from.take()? != 0.0);
                let count = from.whole()?;
                let reports = (0..count).map(|_| read_report(&mut from)).collect::<Option<_>>()?;
                let breakdown = if from.take()? == 0.0 { None } else { Some(read_breakdown(&mut from)?) };
                Some(Self::Trained { generation, milliseconds, reports, breakdown, reached })
            }
            1 => {
                let (left, count) = (from.whole()?, from.whole()?);
                let mut found = Vec::new();
                for _ in 0..count {
                    let slug = from.slug()?;
                    let step = from.take()?;
                    found.push(Rescued { slug, broke_down: (step >= 0.0).then_some(step as u64) });
                }
                Some(Self::Rescued { generation, left, found })
            }
            2 => {
                let progress = from.take()?;
                let step = |x: f64| (x >= 0.0).then_some(x as u64);
                let outcome =
                    from.option::<7>()?.map(|[seed, broke, exploded, gradient, arriving, loss, accuracy]| Outcome {
                        seed: seed as u64,
                        broke_down: step(broke),
                        exploded: step(exploded),
                        gradient_log10: gradient,
                        arriving_log10: arriving,
                        loss,
                        accuracy,
                    });
                Some(Self::Ran { generation, progress, outcome })
            }
            3 => {
                let progress = from.take()?;
                let study = if from.take()? == 0.0 { None } else { Some(read_study(&mut from)?) };
                Some(Self::Looked { generation, progress, study })
            }
            4 => {
                let progress = from.take()?;
                let study = if from.take()? == 0.0 { None } else { Some(read_jacobians(&mut from)?) };
                Some(Self::Multiplied { generation, progress, study })
            }
            _ => None,
        }
    }
}

/// What a worker works on.
enum Job {
    Lane(Box<Trainer>),
    Rescue(Box<Rescue>),
    Run(Box<Run>),
    Spectrum(Box<RecurrenceRun>),
    Jacobians(Box<LeadingJacobians>),
}

/// A worker: keeps the run of its last order, and starts another one when the order is about another.
#[derive(Default)]
pub struct Worker {
    /// What kind of order, and which generation, the job belongs to.
    of: Option<(u8, u64)>,
    job: Option<Job>,
    /// Numbers for an order that is still to come.
    given: Vec<f64>,
}

impl Worker {
    /// Takes numbers for the next order.
    pub fn give(&mut self, numbers: Vec<f64>) {
        self.given = numbers;
    }

    /// Works on an order for about so many milliseconds of the clock. `None` for an order that cannot be read.
    pub fn work(&mut self, order: &str, clock: &dyn Fn() -> f64, budget: f64) -> Option<Reply> {
        let order = Order::read(order)?;
        let start = clock();
        let in_time = || clock() - start < budget;
        let (kind, generation) = match &order {
            Order::Train { generation, .. } => (0, *generation),
            Order::Rescue { generation, .. } => (1, *generation),
            Order::Run { generation, .. } => (2, *generation),
            Order::Spectrum { generation, .. } => (3, *generation),
            Order::Jacobians { generation } => (4, *generation),
        };
        if self.of != Some((kind, generation)) {
            self.job = None;
            self.of = Some((kind, generation));
        }
        match order {
            Order::Train { known, until, stop_loss, query, .. } => {
                let job = self.job.get_or_insert_with(|| Job::Lane(Box::new(Trainer::new(&settings_of(&query)))));
                let Job::Lane(trainer) = job else { return None };
                while trainer.updates() < known {
                    trainer.step();
                    if !in_time() {
                        break;
                    }
                }
                let (mut reports, mut reached) = (Vec::new(), false);
                let began = clock();
                while trainer.updates() >= known && trainer.updates() < until && !reached {
                    let Some(report) = trainer.step() else { break };
                    reached = report.loss < stop_loss;
                    reports.push(report);
                    if !in_time() {
                        break;
                    }
                }
                let milliseconds = (clock() - began) / reports.len() as f64;
                let breakdown = trainer.breakdown().cloned();
                Some(Reply::Trained { generation, milliseconds, reports, breakdown, reached })
            }
            Order::Rescue { step, query, .. } => {
                let job =
                    self.job.get_or_insert_with(|| Job::Rescue(Box::new(Rescue::new(&settings_of(&query), step))));
                let Job::Rescue(rescue) = job else { return None };
                let mut found = Vec::new();
                while rescue.left() > 0 {
                    found.extend(rescue.advance());
                    if !in_time() {
                        break;
                    }
                }
                Some(Reply::Rescued { generation, left: rescue.left() as u64, found })
            }
            Order::Run { updates, seed, remedy, query, .. } => {
                let job = self.job.get_or_insert_with(|| {
                    let remedy: Option<&'static RemedySpec> = remedies::find(&remedy);
                    Job::Run(Box::new(Run::new(&settings_of(&query), remedy, seed, updates)))
                });
                let Job::Run(run) = job else { return None };
                let mut outcome = None;
                while outcome.is_none() {
                    outcome = run.advance();
                    if !in_time() {
                        break;
                    }
                }
                if outcome.is_some() {
                    self.of = None;
                    return Some(Reply::Ran { generation, progress: 1.0, outcome });
                }
                Some(Reply::Ran { generation, progress: run.progress(), outcome })
            }
            Order::Spectrum { cell, size, .. } => {
                if self.job.is_none() {
                    self.job = Some(Job::Spectrum(Box::new(self.begin_spectrum(&cell, size)?)));
                }
                let Some(Job::Spectrum(run)) = &mut self.job else { return None };
                while run.advance() {
                    if !in_time() {
                        return Some(Reply::Looked { generation, progress: run.progress(), study: None });
                    }
                }
                self.of = None;
                let Some(Job::Spectrum(run)) = self.job.take() else { return None };
                Some(Reply::Looked { generation, progress: 1.0, study: Some(run.finish()) })
            }
            Order::Jacobians { .. } => {
                if self.job.is_none() {
                    self.job = Some(Job::Jacobians(Box::new(self.begin_jacobians()?)));
                }
                let Some(Job::Jacobians(run)) = &mut self.job else { return None };
                while run.advance() {
                    if !in_time() {
                        return Some(Reply::Multiplied { generation, progress: run.progress(), study: None });
                    }
                }
                self.of = None;
                let Some(Job::Jacobians(run)) = self.job.take() else { return None };
                Some(Reply::Multiplied { generation, progress: 1.0, study: Some(run.finish()) })
            }
        }
    }

    /// Begins with the Jacobians that were given; `None` if they are none.
    fn begin_jacobians(&mut self) -> Option<LeadingJacobians> {
        LayerFactors::from_numbers(&std::mem::take(&mut self.given)).map(LeadingJacobians::new)
    }

    /// Begins with the matrix that was given; `None` if it does not fit the order.
    fn begin_spectrum(&mut self, cell: &str, size: u64) -> Option<RecurrenceRun> {
        let (cell, n) = (cells::find(cell)?, size as usize);
        let numbers = std::mem::take(&mut self.given);
        let fits = n > 0 && numbers.len() == cell.gates * n * n;
        let block = |rows: &[f64]| DMatrix::from_row_slice(n, n, rows);
        fits.then(|| RecurrenceRun::new(numbers.chunks_exact(n * n).map(block).collect(), cell))
    }

    /// The network of the lane that is trained.
    pub fn network(&self) -> Option<&Network> {
        match &self.job {
            Some(Job::Lane(trainer)) => Some(trainer.network()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use vanishing_core::studies::jacobians;

    const SMALL: &str = "hidden-size=5&sequence-length=8&batch-size=4";

    /// A clock that goes on by a millisecond at each look.
    fn ticking() -> impl Fn() -> f64 {
        let now = Cell::new(0.0);
        move || {
            now.set(now.get() + 1.0);
            now.get()
        }
    }

    fn train(generation: u64, known: u64, until: u64, query: &str) -> String {
        Order::Train { generation, known, until, stop_loss: 0.0, query: query.to_owned() }.text()
    }

    #[test]
    fn orders_and_replies_cross_a_thread_bit_for_bit() {
        let orders = [
            Order::Train { generation: 3, known: 2, until: 9, stop_loss: 1e-9, query: "a=b".to_owned() },
            Order::Rescue { generation: 1, step: 4, query: String::new() },
            Order::Run { generation: 7, updates: 5, seed: 2, remedy: "l2".to_owned(), query: "x=1".to_owned() },
            Order::Spectrum { generation: 8, cell: "lstm".to_owned(), size: 5 },
            Order::Jacobians { generation: 9 },
        ];
        for order in orders {
            assert_eq!(Order::read(&order.text()), Some(order));
        }
        let query =
            format!("{SMALL}&task=adding&clip-norm=1&detect=1&detect-threshold=0.01&curriculum=1&curriculum-first=3");
        let mut worker = Worker::default();
        let reply = worker.work(&train(1, 0, 60, &query), &ticking(), 1e9).unwrap();
        // NaN (no such time step) is not equal to itself: compared as text.
        assert_eq!(format!("{:?}", Reply::read(&reply.numbers()).unwrap()), format!("{reply:?}"));
        let broken = format!("{SMALL}&task=adding&activation=relu&learning-rate=1000000");
        let reply = worker.work(&train(2, 0, 60, &broken), &ticking(), 1e9).unwrap();
        assert!(matches!(&reply, Reply::Trained { breakdown: Some(_), .. }));
        assert_eq!(format!("{:?}", Reply::read(&reply.numbers()).unwrap()), format!("{reply:?}"));
        assert_eq!(Reply::read(&[]), None);
        assert_eq!(Reply::read(&[9.0, 1.0]), None);
    }

    #[test]
    fn a_run_in_slices_is_the_run_in_one_and_a_new_worker_takes_it_up_where_it_was() {
        let whole = match Worker::default().work(&train(1, 0, 30, SMALL), &ticking(), 1e9).unwrap() {
            Reply::Trained { reports, .. } => reports,
            other => panic!("{other:?}"),
        };
        let (mut worker, clock, mut reports, mut changed) = (Worker::default(), ticking(), Vec::new(), false);
        while reports.len() < 30 {
            if reports.len() >= 12 && !changed {
                (worker, changed) = (Worker::default(), true);
            }
            let order = train(1, reports.len() as u64, 30, SMALL);
            let Some(Reply::Trained { reports: more, .. }) = worker.work(&order, &clock, 4.0) else {
                panic!("a reply")
            };
            assert!(more.len() < 5);
            reports.extend(more);
        }
        assert_eq!(reports, whole);
    }

    /// Gives a worker the numbers of an order and has it done in slices; the last reply. Each crosses a thread bit for bit.
    fn done_in_slices(order: &str, numbers: &[f64]) -> Reply {
        let (mut worker, clock, mut slices) = (Worker::default(), ticking(), 0);
        assert_eq!(worker.work(order, &clock, 3.0), None, "it has no numbers yet");
        worker.give(numbers.to_vec());
        loop {
            slices += 1;
            let reply = worker.work(order, &clock, 3.0).unwrap();
            assert_eq!(Reply::read(&reply.numbers()), Some(reply.clone()));
            match &reply {
                Reply::Looked { study: Some(_), .. } | Reply::Multiplied { study: Some(_), .. } => {
                    assert!(slices > 3, "{slices}");
                    return reply;
                }
                Reply::Looked { progress, .. } | Reply::Multiplied { progress, .. } => assert!(*progress < 1.0),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_matrix_is_looked_at_in_slices_and_the_study_crosses_a_thread_bit_for_bit() {
        for (cell, n) in [("lstm", 7), ("tanh", 12)] {
            let gates = cells::find(cell).unwrap().gates;
            let numbers = vanishing_core::random::Stream::new(1, "test").normals(gates * n * n);
            let order = Order::Spectrum { generation: 4, cell: cell.to_owned(), size: n as u64 }.text();
            let Reply::Looked { study: Some(study), .. } = done_in_slices(&order, &numbers) else {
                panic!("a spectrum")
            };
            let blocks = numbers.chunks_exact(n * n).map(|rows| DMatrix::from_row_slice(n, n, rows)).collect();
            assert_eq!(study, RecurrenceRun::new(blocks, cells::find(cell).unwrap()).finish());
        }
    }

    #[test]
    fn jacobians_are_multiplied_in_slices_and_the_study_crosses_a_thread_bit_for_bit() {
        let query = "cell=lstm&hidden-size=40&sequence-length=7";
        let config = crate::model::configs(&crate::parse_link(query).0).network;
        let numbers = jacobians::factors(&config).numbers();
        let order = Order::Jacobians { generation: 4 }.text();
        let Reply::Multiplied { study: Some(study), .. } = done_in_slices(&order, &numbers) else {
            panic!("singular values")
        };
        assert_eq!(study, LeadingJacobians::new(LayerFactors::from_numbers(&numbers).unwrap()).finish());
        assert_eq!((study.state_size, study.distances.last()), (80, Some(&7)));
    }

    #[test]
    fn a_run_of_the_experiment_is_the_same_in_slices() {
        let order =
            Order::Run { generation: 1, updates: 20, seed: 5, remedy: "clip_norm".to_owned(), query: SMALL.to_owned() };
        let finish = |budget: f64| {
            let (mut worker, clock) = (Worker::default(), ticking());
            loop {
                match worker.work(&order.text(), &clock, budget).unwrap() {
                    Reply::Ran { outcome: Some(outcome), .. } => return outcome,
                    Reply::Ran { progress, .. } => assert!(progress < 1.0),
                    other => panic!("{other:?}"),
                }
            }
        };
        assert_eq!(finish(3.0), finish(1e9));
    }
}
