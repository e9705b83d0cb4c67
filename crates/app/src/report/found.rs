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
    /// The curves of proposals by their names in the picture: log10 ‖dL/dh_t‖ of the layer that decides. `wanted`: which, by the slug.
    /// Where that is not the picture's own curve, the network's as it is stands before them.
    pub fn curves(&self, wanted: impl Fn(&str) -> bool) -> Vec<(String, Vec<f64>)> {
        let found = &self.diagnosis;
        let all = found.treatments.iter().filter(|treatment| wanted(treatment.proposal.slug()));
        let curves = all.filter_map(|treatment| match &treatment.effect {
            Effect::Curve(course) => Some((sentences::short_name(treatment.proposal), course.norms_log10.clone())),
            _ => None,
        });
        let mut curves: Vec<_> = curves.collect();
        if let (false, Some(name)) = (curves.is_empty(), sentences::followed_name(found)) {
            curves.insert(0, (name, found.course.norms_log10.clone()));
        }
        curves
    }
}
