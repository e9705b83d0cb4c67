//! The other end of a job: takes orders, works for a few milliseconds each time, and answers.
//!
//! A worker that hears nothing does nothing, so the page is never flooded. [`Worker`] is the same in a browser's worker, on
//! the page's own thread and on the command line; the caller brings the clock.
use crate::jobs::order::{Order, is_given, settings_of};
use crate::jobs::read_on::{begin_reading, read_on};
use crate::jobs::reply::Reply;
use crate::jobs::slice::Slice;
use nalgebra::DMatrix;
use vanishing_core::bptt::LayerFactors;
use vanishing_core::cells;
use vanishing_core::remedies::{self, RemedySpec};
use vanishing_core::studies::jacobians::LeadingJacobians;
use vanishing_core::studies::recurrence::RecurrenceRun;
use vanishing_core::text::Reading;
use vanishing_core::training::experiment::{Cost, Run};
use vanishing_core::training::map;
use vanishing_core::training::{Rescue, Start, Trainer};

/// What a worker works on.
enum Job {
    Lane(Box<Trainer>),
    Rescue(Box<Rescue>),
    /// With the milliseconds that its updates took.
    Run(Box<Run>, f64),
    Map(Box<map::Run>),
    Spectrum(Box<RecurrenceRun>),
    Jacobians(Box<LeadingJacobians>),
    Reading(Box<Reading>),
}

/// Keeps the run of its last order, and begins another when an order is about another. There is one for each job.
#[derive(Default)]
pub struct Worker {
    /// What kind of order, and which generation, the job belongs to.
    of: Option<(u8, u64)>,
    job: Option<Job>,
    /// Numbers for an order that is still to come.
    given: Vec<f64>,
    /// What the runs of a generation start from, if they do not draw it.
    start: Option<(u64, Start)>,
}

impl Worker {
    /// Takes numbers for the next order.
    pub fn give(&mut self, numbers: Vec<f64>) {
        self.given = numbers;
    }

    /// Works on an order for about so many milliseconds of the clock. `None` for an order that cannot be carried out.
    pub fn work(&mut self, order: &str, clock: &dyn Fn() -> f64, budget: f64) -> Option<Reply> {
        let order = Order::read(order)?;
        let slice = Slice { clock, start: clock(), budget };
        let of = match &order {
            Order::Train { generation, .. } => (0, *generation),
            Order::Rescue { generation, .. } => (1, *generation),
            Order::Run { generation, .. } => (2, *generation),
            Order::Spectrum { generation, .. } => (3, *generation),
            Order::Jacobians { generation } => (4, *generation),
            Order::Try { generation, .. } => (5, *generation),
            Order::Map { generation, .. } => (6, *generation),
            Order::Read { generation, .. } => (7, *generation),
        };
        if self.of != Some(of) {
            self.job = None;
            self.of = Some(of);
        }
        let job = match self.job.take() {
            Some(job) => job,
            None => self.begin(&order)?,
        };
        // What is over is not kept.
        let (reply, kept) = match (job, order) {
            (Job::Lane(mut trainer), Order::Train { generation, known, until, stop_loss, .. }) => {
                let reply = train(&mut trainer, generation, (known, until, stop_loss), &slice);
                (reply, Some(Job::Lane(trainer)))
            }
            (Job::Lane(mut trainer), Order::Try { generation, known, until, .. }) => {
                let reply = attempt(&mut trainer, generation, (known, until), &slice);
                (reply, Some(Job::Lane(trainer)))
            }
            (Job::Reading(mut reading), Order::Read { generation, known, until, .. }) => {
                let reply = read_on(&mut reading, generation, (known, until), &slice);
                (reply, Some(Job::Reading(reading)))
            }
            (Job::Rescue(mut rescue), Order::Rescue { generation, .. }) => {
                let mut found = Vec::new();
                slice.advance(|| {
                    found.extend(rescue.advance());
                    rescue.left() > 0
                });
                (Reply::Rescued { generation, left: rescue.left() as u64, found }, Some(Job::Rescue(rescue)))
            }
            (Job::Run(mut run, mut spent), Order::Run { generation, .. }) => {
                let mut outcome = None;
                slice.advance(|| {
                    let before = (slice.clock)();
                    outcome = run.advance();
                    // The last is no update, but the test.
                    spent += if outcome.is_none() { (slice.clock)() - before } else { 0.0 };
                    outcome.is_none()
                });
                let progress = if outcome.is_some() { 1.0 } else { run.progress() };
                let cost = Cost { bytes: run.bytes(), milliseconds: spent / run.updates() as f64 };
                let outcome = outcome.map(|outcome| (outcome, cost));
                (Reply::Ran { generation, progress, outcome }, outcome.is_none().then_some(Job::Run(run, spent)))
            }
            (Job::Map(mut run), Order::Map { generation, .. }) => {
                let mut found = None;
                slice.advance(|| {
                    found = run.advance();
                    found.is_none()
                });
                let progress = run.progress();
                (Reply::Mapped { generation, progress, found }, found.is_none().then_some(Job::Map(run)))
            }
            (Job::Spectrum(mut run), Order::Spectrum { generation, .. }) => match slice.advance(|| run.advance()) {
                true => (Reply::Looked { generation, progress: 1.0, study: Some(run.finish()) }, None),
                false => {
                    let progress = run.progress();
                    (Reply::Looked { generation, progress, study: None }, Some(Job::Spectrum(run)))
                }
            },
            (Job::Jacobians(mut run), Order::Jacobians { generation }) => match slice.advance(|| run.advance()) {
                true => (Reply::Multiplied { generation, progress: 1.0, study: Some(run.finish()) }, None),
                false => {
                    let progress = run.progress();
                    (Reply::Multiplied { generation, progress, study: None }, Some(Job::Jacobians(run)))
                }
            },
            _ => return None,
        };
        self.job = kept;
        Some(reply)
    }

    /// Begins with what an order is about.
    fn begin(&mut self, order: &Order) -> Option<Job> {
        Some(match order {
            Order::Train { generation, query, .. } => Job::Lane(Box::new(self.begin_run(*generation, query)?)),
            Order::Try { generation, query, .. } => {
                Job::Lane(Box::new(self.begin_run(*generation, query)?.look(false)))
            }
            Order::Rescue { generation, step, query } => {
                let start = self.start_of(*generation, query)?;
                Job::Rescue(Box::new(Rescue::new(&settings_of(query), start, *step)))
            }
            Order::Run { updates, seed, remedy, query, .. } => {
                let remedy: Option<&'static RemedySpec> = remedies::find(remedy);
                Job::Run(Box::new(Run::new(&settings_of(query), remedy, *seed, *updates)), 0.0)
            }
            Order::Map { query, .. } => Job::Map(Box::new(map::Run::new(&settings_of(query)))),
            Order::Spectrum { cell, size, .. } => Job::Spectrum(Box::new(self.begin_spectrum(cell, *size)?)),
            Order::Read { query, .. } => {
                Job::Reading(Box::new(begin_reading(query, &std::mem::take(&mut self.given))?))
            }
            Order::Jacobians { .. } => Job::Jacobians(Box::new(self.begin_jacobians()?)),
        })
    }

    fn begin_run(&mut self, generation: u64, query: &str) -> Option<Trainer> {
        let start = self.start_of(generation, query)?;
        Some(Trainer::from_start(&settings_of(query), start))
    }

    /// What a run starts from, if it does not draw it; `None` if that was not given.
    fn start_of(&mut self, generation: u64, query: &str) -> Option<Option<&Start>> {
        if !is_given(query) {
            return Some(None);
        }
        let numbers = std::mem::take(&mut self.given);
        if !numbers.is_empty() {
            self.start = Start::from_numbers(&numbers).map(|start| (generation, start));
        }
        let start = self.start.as_ref().filter(|(of, _)| *of == generation);
        start.map(|(_, start)| Some(start))
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
}

/// Trains a lane on: without a word up to the updates that are known, then to the last one or below its loss.
fn train(
    trainer: &mut Trainer,
    generation: u64,
    (known, until, stop_loss): (u64, u64, f64),
    slice: &Slice<'_>,
) -> Reply {
    catch_up(trainer, known, slice);
    let (mut reports, mut reached) = (Vec::new(), false);
    let began = (slice.clock)();
    while trainer.updates() >= known && trainer.updates() < until && !reached {
        let Some(report) = trainer.step() else { break };
        reached = report.loss < stop_loss;
        reports.push(report);
        if slice.is_over() {
            break;
        }
    }
    let milliseconds = ((slice.clock)() - began) / reports.len() as f64;
    Reply::Trained { generation, milliseconds, reports, breakdown: trainer.breakdown().cloned(), reached }
}

/// Makes the updates again that are known.
fn catch_up(trainer: &mut Trainer, known: u64, slice: &Slice<'_>) {
    while trainer.updates() < known {
        trainer.step();
        if slice.is_over() {
            break;
        }
    }
}

/// Goes on with a short run, to its end if there is time.
fn attempt(trainer: &mut Trainer, generation: u64, (known, until): (u64, u64), slice: &Slice<'_>) -> Reply {
    catch_up(trainer, known, slice);
    let (mut rows, first) = (Vec::new(), trainer.updates());
    let began = (slice.clock)();
    while trainer.updates() >= known && trainer.updates() < until {
        let Some(report) = trainer.step() else { break };
        rows.push([report.loss, report.accuracy, report.gradient_log10()]);
        if slice.is_over() {
            break;
        }
    }
    let milliseconds = ((slice.clock)() - began) / rows.len() as f64;
    Reply::Tried { generation, milliseconds, first, rows, breakdown: trainer.breakdown().cloned() }
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
    fn replies_cross_a_thread_bit_for_bit() {
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
    fn a_run_of_the_map_crosses_a_thread_in_slices() {
        let (order, mut worker, clock) =
            (Order::Map { generation: 3, query: SMALL.to_owned() }, Worker::default(), ticking());
        let found = loop {
            let reply = worker.work(&order.text(), &clock, 50.0).unwrap();
            assert_eq!(Reply::read(&reply.numbers()), Some(reply.clone()));
            match reply {
                Reply::Mapped { found: Some(found), progress: 1.0, .. } => break found,
                Reply::Mapped { found: None, progress, .. } => assert!(progress <= 1.0),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(found, map::Run::new(&settings_of(SMALL)).finish());
    }

    #[test]
    fn a_run_of_the_experiment_is_the_same_in_slices() {
        let order =
            Order::Run { generation: 1, updates: 20, seed: 5, remedy: "clip_norm".to_owned(), query: SMALL.to_owned() };
        let finish = |budget: f64| {
            let (mut worker, clock) = (Worker::default(), ticking());
            loop {
                match worker.work(&order.text(), &clock, budget).unwrap() {
                    Reply::Ran { outcome: Some((outcome, cost)), .. } => {
                        assert!(cost.bytes > 0 && cost.milliseconds > 0.0);
                        return (outcome, cost.bytes);
                    }
                    // 1: the test sequences are still to be read.
                    Reply::Ran { progress, .. } => assert!(progress <= 1.0),
                    other => panic!("{other:?}"),
                }
            }
        };
        assert_eq!(finish(3.0), finish(1e9));
    }
}
