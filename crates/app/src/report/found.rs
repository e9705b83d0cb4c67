//! What a report is made from.
use super::sentences;
use vanishing_core::studies::diagnosis::{Diagnosis, Effect};

/// A diagnosis, and what was said of the network when it was opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The file.
    pub name: String,
    /// What was said of it: what was left out, what was assumed.
    pub remarks: Vec<String>,
    /// What it was run on, as a sentence.
    pub run_on: String,
    /// What was found.
    pub diagnosis: Diagnosis,
}

impl Report {
    /// The curves of proposals by their names in the picture: log10 ‖dL/dh_t‖ of the top layer. `wanted`: which, by the slug.
    pub fn curves(&self, wanted: impl Fn(&str) -> bool) -> Vec<(String, Vec<f64>)> {
        let all = self.diagnosis.treatments.iter().filter(|treatment| wanted(treatment.proposal.slug()));
        let curves = all.filter_map(|treatment| match &treatment.effect {
            Effect::Curve(course) => Some((sentences::short_name(treatment.proposal), course.norms_log10.clone())),
            _ => None,
        });
        curves.collect()
    }
}
