//! What one update found.
use crate::remedies::Alarm;

/// Places of a profile: evenly spaced times from 0 to T.
pub const PROFILE: usize = 64;

/// What one update found. Norms are base-10 logarithms; -∞ is a norm of zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The number of the update, from 0.
    pub step: u64,
    /// The loss of its batch, before the update. The batch is fresh, so this is a test loss too.
    pub loss: f64,
    /// The share of right answers on the same batch.
    pub accuracy: f64,
    /// The learning rate that was used.
    pub learning_rate: f64,
    /// Time steps of the batch.
    pub steps: usize,
    /// log10 ‖dL/dθ‖ as backpropagation gave it, then after each remedy that acts on it, by the remedy's slug. The first
    /// one's name is empty.
    pub norms: Vec<(&'static str, f64)>,
    /// log10 of the size of the update: -∞ where it was left out, NaN where there was none any more.
    pub update_log10: f64,
    /// log10 ‖dL/dh_t‖ of the top layer at [`PROFILE`] times, evenly from 0 to the full T, as it flowed on. A batch
    /// that is shorter than T lies at the end; NaN before it. Empty of a run that does not look ([`super::Trainer::look`]).
    pub profile: Vec<f32>,
    /// Of the top layer's W_hh, before the update: now and then.
    pub spectrum: Option<Spectrum>,
    /// On sequences that are kept for it, before the update: now and then.
    pub test: Option<Test>,
    /// What a watching remedy said.
    pub alarm: Option<Alarm>,
    /// Whether the update was left out.
    pub skipped: bool,
    /// Bytes of the buffers of the passes.
    pub bytes: usize,
    /// Time steps whose forward pass was repeated.
    pub recomputed: u64,
}

impl Report {
    /// log10 ‖dL/dθ‖ as backpropagation gave it.
    pub fn gradient_log10(&self) -> f64 {
        self.norms.first().map_or(f64::NAN, |(_, norm)| *norm)
    }

    /// log10 ‖dL/dθ‖ as the optimiser got it.
    pub fn gradient_after_log10(&self) -> f64 {
        self.norms.last().map_or(f64::NAN, |(_, norm)| *norm)
    }
}

/// What the recurrent matrix is like: of several gates' blocks, the largest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spectrum {
    /// ρ = max |λ| of a block.
    pub radius: f64,
    /// σ₁, the largest singular value of a block.
    pub norm: f64,
}

/// A test on sequences that are never trained on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Test {
    /// The mean loss over these sequences.
    pub loss: f64,
    /// The share of right answers.
    pub accuracy: f64,
}
