//! The other end of a job: takes orders, works for a few milliseconds each time, and answers.
//!
//! A worker that hears nothing does nothing, so the page is never flooded. [`Worker`] is the same in a browser's worker, on
//! the page's own thread and on the command line; the caller brings the clock.
use crate::jobs::order::{Order, settings_of};
use crate::jobs::reply::Reply;
use nalgebra::DMatrix;
use vanishing_core::bptt::LayerFactors;
use vanishing_core::cells;
use vanishing_core::network::Network;
use vanishing_core::remedies::{self, RemedySpec};
use vanishing_core::studies::jacobians::LeadingJacobians;
use vanishing_core::studies::recurrence::RecurrenceRun;
use vanishing_core::training::experiment::Run;
use vanishing_core::training::{Rescue, Trainer};

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
