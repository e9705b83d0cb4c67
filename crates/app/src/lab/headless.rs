//! What the command line asks for at once, and the page leaves to workers.
use super::Lab;
use super::sources::SINGULAR_VALUES;
use crate::effects::Effects;
use crate::report::Report;
use crate::schema;
use vanishing_charts::figures::workbench_training;
use vanishing_charts::laboratory::Lane;
use vanishing_core::studies::diagnosis::Effort;
use vanishing_core::studies::jacobians::{self, LeadingJacobians};
use vanishing_core::training::experiment::{self, Evidence};
use vanishing_weights::Opened;

impl Lab {
    /// Opens a network at once.
    ///
    /// # Errors
    /// One sentence, when there is none in the content.
    pub fn open_network(&mut self, name: &str, content: &[u8]) -> Result<(), String> {
        self.show_network(vanishing_weights::open(name, content)?);
        Ok(())
    }

    /// Shows a network that was read elsewhere.
    pub fn show_network(&mut self, opened: Opened) {
        self.opened.open(opened);
        self.opened.imply(&mut self.chosen.settings);
        // No worker is waited for.
        if let Some(study) = self.jobs.find_spectrum_here(self.opened.wants_spectrum()) {
            self.opened.bring_spectrum(study);
        }
        self.refresh(&mut Effects::default());
    }

    /// Diagnoses the opened network within an effort; `None` without one.
    pub fn report(&self, effort: Effort) -> Option<Report> {
        self.opened.report(&self.chosen.settings, self.model.network(), effort)
    }

    /// Draws the curves of these proposals of a report beside that of the network; of none: takes them away.
    pub fn show_proposals(&mut self, report: &Report, wanted: impl Fn(&str) -> bool) {
        self.model.set_proposals(report.curves(wanted));
    }

    /// Finds what a figure shows.
    pub fn complete(&mut self, slug: &str) {
        if slug == SINGULAR_VALUES
            && let Some(wanted) = self.model.jacobians_wanted()
        {
            let found = LeadingJacobians::new(jacobians::factors(wanted)).finish();
            self.take_jacobians(found);
        }
        if slug == workbench_training::SPEC.slug {
            self.try_out(1);
        }
    }

    /// Makes the short runs of the workbench from so many seeds; its readouts.
    pub fn try_out(&mut self, seeds: usize) -> Vec<(&'static str, String)> {
        self.jobs.try_here(seeds, self.model.workbench_mut());
        self.refresh(&mut Effects::default());
        self.readouts_of_workbench()
    }

    /// Shows what an experiment found elsewhere; `setting`: what its runs have in common, as their file says it.
    pub fn show_evidence(&mut self, setting: &str, evidence: Evidence) {
        let laboratory = self.model.laboratory_mut();
        laboratory.guess = experiment::guess(&experiment::settings_of(setting));
        laboratory.costs.clear();
        laboratory.evidence = evidence;
        self.runs += 1;
        self.refresh(&mut Effects::default());
    }

    /// Shows a run that was made elsewhere in the place of all lanes.
    pub fn show_run(&mut self, run: Lane) -> Effects {
        self.model.laboratory_mut().lanes = vec![run];
        self.runs += 1;
        let mut effects = Effects::default();
        self.refresh(&mut effects);
        effects
    }

    /// Lets the networks learn their text in this thread, to their ends.
    pub fn learn_text(&mut self) {
        self.jobs.read_here();
        self.refresh(&mut Effects::default());
    }

    /// Trains all lanes in this thread: so many updates, or to their ends.
    pub fn train(&mut self, updates: u64) {
        let settings = &self.chosen.settings;
        let stop = (updates.min(settings.get(&schema::STOP_STEP) as u64), settings.get(&schema::STOP_LOSS));
        let count = self.lane_count();
        self.jobs.configure(&self.chosen, count, stop, true, self.model.laboratory_mut());
        self.jobs.train_here(self.model.laboratory_mut());
        self.refresh(&mut Effects::default());
    }
}
