//! Work in this thread, without a browser: for pictures and for tests.
use super::pool::READERS;
use super::{JobId, Jobs, News, Shown, Worker};
use vanishing_charts::laboratory::Laboratory;
use vanishing_charts::workbench::Workbench;
use vanishing_core::studies::opened::SharedNetwork;
use vanishing_core::studies::recurrence::RecurrenceStudy;

impl Jobs {
    /// Trains all lanes to their ends in this thread, one after the other, without a browser.
    pub fn train_here(&mut self, shown: &mut Laboratory) {
        self.run(true, shown);
        for lane in 0..self.training.count() {
            let mut worker = Worker::default();
            while let Some((_, order)) = self.training.order(lane) {
                worker.give(self.training.numbers());
                // Without a clock: an order is carried out as a whole.
                let Some(reply) = worker.work(&order.text(), &|| 0.0, f64::INFINITY) else { break };
                self.training.worked(lane, reply, shown);
            }
        }
        self.revision += 1;
    }

    /// Makes the short runs in this thread, from so many seeds, without a browser.
    pub fn try_here(&mut self, seeds: usize, shown: &mut Workbench) {
        self.trials.run_here(seeds, &mut self.generations, shown);
        self.tried += 1;
    }

    /// Lets the networks learn their text to their ends in this thread, without a browser.
    pub fn read_here(&mut self) {
        self.run_readings(true);
        for reader in 0..READERS {
            let mut worker = Worker::default();
            worker.give(self.readings.numbers());
            while let Some((_, order)) = self.readings.order(reader) {
                let Some(reply) = worker.work(&order.text(), &|| 0.0, f64::INFINITY) else { break };
                self.take_read(reader, reply, 0.0);
            }
        }
    }

    /// Finds the spectrum of an opened network in this thread, without a browser.
    pub fn find_spectrum_here(&mut self, wanted: Option<&SharedNetwork>) -> Option<RecurrenceStudy> {
        self.spectrum.want(wanted, &mut self.generations);
        let (_, order) = self.spectrum.order()?;
        let mut worker = Worker::default();
        worker.give(self.spectrum.numbers());
        let reply = worker.work(&order.text(), &|| 0.0, f64::INFINITY)?;
        let (laboratory, workbench) = (&mut Laboratory::default(), &mut Workbench::default());
        match self.worked(JobId::Spectrum, &reply.numbers(), 0.0, Shown { laboratory, workbench }) {
            News::Spectrum(study) => Some(study),
            _ => None,
        }
    }
}
