//! Where a run became non-finite, and what happened just before.
use super::{Report, Spectrum};
use crate::network::Weights;
use crate::real::Real;
use std::collections::VecDeque;

/// Updates that are remembered for an explanation.
const REMEMBERED: usize = 10;

/// The first number that was not finite.
#[derive(Clone, Debug, PartialEq)]
pub struct Breakdown {
    /// The update in which it came up, from 0.
    pub step: u64,
    /// Where it was found; states are looked at before the gradient, and that before the weights.
    pub place: Place,
    /// The updates before it, oldest first.
    pub before: Vec<Moment>,
    /// The largest log10 ‖dL/dθ‖ that was finite, and its update.
    pub largest: Option<(u64, f64)>,
}

/// Where a number was not finite.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// In a state, on the way forward.
    State {
        /// The recurrent layer, counted from 0 at the input.
        layer: usize,
        /// The time of the state: 1 for the first that was computed, T for the last.
        t: usize,
    },
    /// In the outputs, or in the loss made of them.
    Loss,
    /// In the gradient of a tensor, by its name.
    Gradient(String),
    /// In the weights after the update, by the tensor's name.
    Weights(String),
}

/// An update in short. Norms as base-10 logarithms.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// The number of the update, from 0.
    pub step: u64,
    /// The loss before it.
    pub loss: f64,
    /// ‖dL/dθ‖ as backpropagation gave it.
    pub gradient_log10: f64,
    /// The same as the optimiser got it.
    pub after_log10: f64,
    /// The size of the update.
    pub update_log10: f64,
    /// Of the recurrent matrix before it; `None` of a network that is too large for that, or of a run that does not look.
    pub spectrum: Option<Spectrum>,
    /// log10 ‖dL/dh_t‖, as [`Report::profile`].
    pub profile: Vec<f32>,
}

impl Moment {
    pub(super) fn of(report: &Report) -> Self {
        Self {
            step: report.step,
            loss: report.loss,
            gradient_log10: report.gradient_log10(),
            after_log10: report.gradient_after_log10(),
            update_log10: report.update_log10,
            spectrum: None,
            profile: report.profile.clone(),
        }
    }
}

/// The last updates of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    last: VecDeque<Moment>,
    /// W_hh of the top layer before each of these updates, and before the one that goes on.
    matrices: VecDeque<Vec<f32>>,
    largest: Option<(u64, f64)>,
}

impl Memory {
    /// Takes note of the recurrent matrix before an update.
    pub fn keep(&mut self, matrix: &[f32]) {
        let mut kept = match self.matrices.len() {
            len if len > REMEMBERED => self.matrices.pop_front().unwrap_or_default(),
            _ => Vec::new(),
        };
        kept.clear();
        kept.extend_from_slice(matrix);
        self.matrices.push_back(kept);
    }

    /// Takes note of an update.
    pub fn push(&mut self, moment: Moment) {
        if moment.gradient_log10.is_finite() && self.largest.is_none_or(|(_, norm)| moment.gradient_log10 > norm) {
            self.largest = Some((moment.step, moment.gradient_log10));
        }
        self.last.push_back(moment);
        if self.last.len() > REMEMBERED {
            self.last.pop_front();
        }
    }

    /// The end of the run; `spectrum`: that of a matrix that was kept.
    pub fn breakdown(&self, step: u64, place: Place, spectrum: impl Fn(&[f32]) -> Option<Spectrum>) -> Breakdown {
        let mut before: Vec<Moment> = self.last.iter().cloned().collect();
        for (moment, matrix) in before.iter_mut().zip(&self.matrices) {
            moment.spectrum = spectrum(matrix);
        }
        Breakdown { step, place, before, largest: self.largest }
    }
}

/// The first tensor with a number that is not finite.
pub(super) fn first_broken<R: Real>(tensors: &Weights<R>) -> Option<String> {
    let broken = tensors.tensors.iter().find(|tensor| tensor.values.iter().any(|x| !x.is_finite()));
    broken.map(|tensor| tensor.name.clone())
}
