//! From settings to the plan of a run.
//!
//! Apart from [`Plan`], which the remedies change and which therefore must not know the list of all parameters: theirs
//! are among them.
use super::params;
use super::plan::Plan;
use crate::bptt::Truncation;
use crate::param::Settings;
use crate::recurrent;
use crate::schedules;
use crate::tasks;

impl Plan {
    /// What the settings say, before any remedy.
    pub fn new(settings: &Settings) -> Self {
        Self {
            task: tasks::find(settings.get(&params::TASK)).unwrap_or(tasks::ALL[0]),
            sequence_length: settings.get(&params::SEQUENCE_LENGTH),
            batch_size: settings.get(&params::BATCH_SIZE),
            cell: params::cell(settings),
            hidden_size: settings.get(&params::HIDDEN_SIZE),
            layers: settings.get(&params::LAYERS),
            recurrent: recurrent::find(settings.get(&params::RECURRENT)).unwrap_or(recurrent::ALL[0]),
            recipe: params::recipe(settings),
            spectral_radius: settings.get(&params::RESCALE).then(|| settings.get(&params::SPECTRAL_RADIUS)),
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
