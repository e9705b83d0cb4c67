//! What the command line asks for at once, and the page leaves to workers.
use super::Lab;
use crate::effects::Effects;
use crate::msg::Msg;
use crate::work::Worker;
use crate::{leading, own, schema};
use std::collections::BTreeMap;
use vanishing_core::studies::jacobians::{self, LeadingJacobians};
use vanishing_core::training::experiment::Evidence;

impl Lab {
    /// Opens a network at once.
    ///
    /// # Errors
    /// One sentence, when there is none in the content.
    pub fn open_network(&mut self, name: &str, content: &[u8]) -> Result<(), String> {
        self.opened.open(vanishing_weights::open(name, content)?);
        self.opened.imply(&mut self.chosen.settings);
        let mut effects = Effects::default();
        self.refresh(&mut effects);
        // No worker is waited for.
        let mut worker = Worker::default();
        for work in effects.work.into_iter().filter(|work| work.worker == own::WORKER) {
            worker.give(work.numbers);
            if let Some(reply) = worker.work(&work.order, &|| 0.0, f64::INFINITY) {
                self.update(Msg::Worked { worker: own::WORKER, reply: reply.numbers(), now: 0.0 });
            }
        }
        Ok(())
    }

    /// Finds what a figure shows.
    pub fn complete(&mut self, slug: &str) {
        if slug == leading::FIGURE
            && let Some(wanted) = self.model.jacobians_wanted()
        {
            let found = LeadingJacobians::new(jacobians::factors(wanted)).finish();
            self.model.bring_jacobians(found);
            self.jacobians_found += 1;
        }
    }

    /// Shows what an experiment found elsewhere.
    pub fn show_evidence(&mut self, evidence: Evidence) {
        self.model.laboratory_mut().evidence = evidence;
        self.runs += 1;
        self.refresh(&mut Effects::default());
    }

    /// Trains all lanes in this thread: so many updates, or to their ends.
    pub fn train(&mut self, updates: u64) {
        let settings = &self.chosen.settings;
        let stop = (updates.min(settings.get(&schema::STOP_STEP) as u64), settings.get(&schema::STOP_LOSS));
        let count = self.lane_count();
        self.trainings.configure(&self.chosen.lanes, count, stop, true, self.model.laboratory_mut());
        self.trainings.set_cores(1);
        self.trainings.run(true, self.model.laboratory_mut());
        let mut workers: BTreeMap<usize, Worker> = BTreeMap::new();
        loop {
            let orders = self.trainings.dispatch(false);
            if orders.is_empty() {
                break;
            }
            for work in orders {
                let worker = workers.entry(work.worker).or_default();
                // Without a clock: an order is carried out as a whole.
                let Some(reply) = worker.work(&work.order, &|| 0.0, 1.0) else { return };
                let numbers = reply.numbers();
                self.trainings.worked(work.worker, &numbers, 0.0, self.model.laboratory_mut());
            }
        }
        self.runs += 1;
        self.refresh(&mut Effects::default());
    }
}
