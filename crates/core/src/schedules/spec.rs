//! What every schedule of the registry is: a rate for each step, and the data that menus and settings are made from.
use crate::param::{ParamSpec, Settings};

/// The learning rate over the steps of a training run.
pub trait Schedule {
    /// The rate of a step, counted from 0, where `base` is the learning rate that was chosen.
    fn rate(&self, base: f64, step: u64) -> f64;

    /// Takes note of the loss of a step, after it: each step once, in their order.
    fn observe(&mut self, _base: f64, _step: u64, _loss: f64) {}
}

/// A schedule, as data.
pub struct ScheduleSpec {
    /// The name in addresses and on the command line.
    pub slug: &'static str,
    /// The name in menus.
    pub title: &'static str,
    /// The equation: η is the chosen rate, η_i that of step i.
    pub equation: &'static str,
    /// Paper, and PyTorch's name.
    pub source: &'static str,
    /// What it does to the rate, in a sentence.
    pub help: &'static str,
    /// Its parameters; several schedules may share one.
    pub params: &'static [&'static ParamSpec],
    /// Makes it, at its start.
    pub build: fn(&Settings) -> Box<dyn Schedule>,
}

impl std::fmt::Debug for ScheduleSpec {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.slug)
    }
}

impl PartialEq for ScheduleSpec {
    fn eq(&self, other: &Self) -> bool {
        self.slug == other.slug
    }
}
