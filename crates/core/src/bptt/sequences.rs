//! What a network is run on.
use super::loss::Targets;

/// What a network is run on: a batch of sequences of one length.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequences {
    /// T: number of time steps, at least 1.
    pub steps: usize,
    /// B: number of sequences, at least 1.
    pub batch_size: usize,
    /// x: T * B * input_size values.
    pub inputs: Vec<f64>,
    /// h_0: layers * B * hidden_size values, or empty for zeros.
    pub hidden_start: Vec<f64>,
    /// c_0: the same for cells that have one.
    pub cell_start: Vec<f64>,
    /// What the outputs should be.
    pub targets: Targets,
    /// The factor before the loss: 1/B for a mean over sequences.
    pub loss_scale: f64,
}
