//! A browser's threads without a browser: orders wait, are carried out, and are lost with the thread that had them.
use std::cell::Cell;
use std::collections::BTreeMap;
use vanishing_app::jobs::Worker;
use vanishing_app::{Effects, JobId, Lab, Msg, Where, Work, WorkerId};

/// What works on jobs: each has a worker of its own there.
type Thread = BTreeMap<JobId, Worker>;

/// Carries orders out like the shell of the page.
#[derive(Default)]
pub struct Shell {
    pub threads: BTreeMap<WorkerId, Thread>,
    page: Thread,
    /// Orders that are out.
    pub orders: Vec<Work>,
    /// All effects since somebody took them away.
    pub heard: Effects,
    now: f64,
    /// The most orders that were out at a time.
    pub most: usize,
}

impl Shell {
    pub fn new(effects: Effects) -> Self {
        let mut shell = Self::default();
        shell.take(effects);
        shell
    }

    /// Takes new orders, and makes the threads that they are for.
    pub fn take(&mut self, effects: Effects) {
        self.heard.merge(Effects { work: Vec::new(), ..effects.clone() });
        for work in effects.work {
            match work.place {
                Where::Page => {}
                Where::NewWorker => {
                    self.threads.insert(work.worker, Thread::default());
                }
                Where::Worker => {
                    self.threads.entry(work.worker).or_default();
                }
            }
            self.orders.push(work);
        }
        self.most = self.most.max(self.orders.len());
    }

    /// Carries out the oldest order; false when there is none.
    pub fn work(&mut self, lab: &mut Lab) -> bool {
        !self.orders.is_empty() && self.answer(lab, 0)
    }

    /// Carries out one of the orders; the page has the reply.
    pub fn answer(&mut self, lab: &mut Lab, index: usize) -> bool {
        let work = self.orders.remove(index);
        let thread = match work.place {
            Where::Page => &mut self.page,
            Where::Worker | Where::NewWorker => self.threads.get_mut(&work.worker).expect("its thread"),
        };
        let worker = thread.entry(work.job).or_default();
        if !work.numbers.is_empty() {
            worker.give(work.numbers);
        }
        // Ten milliseconds pass between two looks at the clock.
        let start = Cell::new(0.0);
        let clock = || {
            start.set(start.get() + 10.0);
            start.get()
        };
        let reply = worker.work(&work.order, &clock, work.budget).expect("an order that can be carried out").numbers();
        self.now += 40.0;
        let effects = lab.update(Msg::Worked { job: work.job, reply, now: self.now });
        self.take(effects);
        true
    }

    /// Ends a thread: its orders are not answered. What the page says of it.
    pub fn kill(&mut self, lab: &mut Lab, worker: WorkerId) {
        self.threads.remove(&worker);
        self.orders.retain(|work| work.place == Where::Page || work.worker != worker);
        let effects = lab.update(Msg::WorkerTrouble { worker, why: "it ended".to_owned() });
        self.take(effects);
    }

    /// Carries out all orders and what follows from them, with frames for what waits for one.
    pub fn finish(&mut self, lab: &mut Lab) {
        for _ in 0..10_000 {
            if self.work(lab) {
                continue;
            }
            if !lab.view().animate {
                return;
            }
            self.now += 16.0;
            let effects = lab.update(Msg::Frame { now: self.now });
            self.take(effects);
        }
        panic!("it does not end");
    }
}
