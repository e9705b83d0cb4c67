//! The report on an opened network: what was found, in sentences and as numbers, for a file and for the page.
mod json;
mod markdown;
mod sentences;

use vanishing_core::studies::diagnosis::{Diagnosis, Effect};

pub use sentences::{Advice, advice, headline, in_short};

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
    /// The report for people. `figures`: pictures beside it, as (file, what is seen).
    pub fn markdown(&self, figures: &[(String, String)]) -> String {
        markdown::write(self, figures)
    }

    /// The curves of proposals by their names in the picture: log10 ‖dL/dh_t‖ of the top layer. `wanted`: which, by the slug.
    pub fn curves(&self, wanted: impl Fn(&str) -> bool) -> Vec<(String, Vec<f64>)> {
        let all = self.diagnosis.treatments.iter().filter(|treatment| wanted(treatment.proposal.slug()));
        let curves = all.filter_map(|treatment| match &treatment.effect {
            Effect::Curve(course) => Some((sentences::short_name(treatment.proposal), course.norms_log10.clone())),
            _ => None,
        });
        curves.collect()
    }

    /// The report for programs: numbers of any size as they are, `null` for what is undefined or was left out, `"inf"` and `"-inf"`
    /// for infinite logarithms.
    pub fn json(&self) -> String {
        json::write(self)
    }
}
