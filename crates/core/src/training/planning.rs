//! From settings to the plan of a run.
//!
//! Apart from [`Plan`], which the remedies change and which therefore must not know the list of all parameters: theirs
//! are among them.
use super::plan::Plan;
use super::{matrix, params};
use crate::bptt::Truncation;
use crate::param::Settings;
use crate::schedules;
use crate::tasks;

impl Plan {
    /// What the settings say, before any remedy.
    pub fn new(settings: &Settings) -> Self {
        Self {
            task: tasks::find(settings.get(&params::TASK)).unwrap_or(tasks::ALL[0]),
            own: None,
            sequence_length: settings.get(&params::SEQUENCE_LENGTH),
            batch_size: settings.get(&params::BATCH_SIZE),
            cell: params::cell(settings),
            constants: params::cell(settings).constants(settings),
            hidden_size: settings.get(&params::HIDDEN_SIZE),
            layers: settings.get(&params::LAYERS),
            recurrent: matrix::kind(settings),
            recipe: matrix::recipe(settings),
            spectral_radius: matrix::spectral_radius(settings),
            normalization: None,
            forget_bias: 0.0,
            truncation: Truncation::FULL,
            segment: None,
            omega: None,
            curriculum: None,
            schedule: (schedules::ALL[0].build)(settings),
        }
    }
}
