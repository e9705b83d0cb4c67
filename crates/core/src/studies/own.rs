//! A network that somebody brought: its weights are given, not drawn.
//!
//! Everything of chapter 3 runs on it as on a drawn one. What is not in the weights is still the page's: T, the inputs (if
//! none were brought along), the start, the target of the loss.
use super::recurrence::RecurrenceStudy;
use crate::bptt::{Passage, Sequences};
use crate::network::{Network, Weights, index};
use nalgebra::DMatrix;
use std::ops::Deref;
use std::sync::Arc;

/// Up to so many rows the spectrum of a block is computed where it is asked for; beyond that somebody computes it piece by
/// piece and puts it in, see [`OwnNetwork::spectrum`].
pub const AT_ONCE: usize = 128;

/// Weights that were given.
#[derive(Clone, Debug)]
pub struct OwnNetwork {
    /// Cell and sizes.
    pub network: Network,
    /// All weights.
    pub weights: Weights<f64>,
    /// Which tensors were given, in the order of the weights; what was not is no parameter and has no gradient.
    pub given: Vec<bool>,
    /// What it was given to be run on: inputs, start, targets and loss.
    pub sequences: Option<Sequences>,
    /// Inputs alone, T rows of the network's input size.
    pub inputs: Option<Vec<f64>>,
    /// What its recurrent matrix says by itself, where that was computed already.
    pub spectrum: Option<RecurrenceStudy>,
}

/// A shared one. Equal to itself and to nothing else: comparing millions of numbers for every move of a slider would be
/// felt.
#[derive(Clone, Debug)]
pub struct Own(Arc<OwnNetwork>);

impl Own {
    /// Shares a network.
    pub fn new(network: OwnNetwork) -> Self {
        Self(Arc::new(network))
    }

    /// The same with its spectrum.
    pub fn with_spectrum(&self, spectrum: RecurrenceStudy) -> Self {
        Self::new(OwnNetwork { spectrum: Some(spectrum), ..OwnNetwork::clone(&self.0) })
    }
}

impl PartialEq for Own {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Own {
    type Target = OwnNetwork;

    fn deref(&self) -> &OwnNetwork {
        &self.0
    }
}

impl OwnNetwork {
    /// The blocks of W_hh of a layer, gate after gate.
    pub fn blocks(&self, layer: usize) -> Vec<DMatrix<f64>> {
        let n = self.network.hidden_size;
        let recurrent = &self.weights.tensors[self.network.index(layer, index::W_HH)].values;
        recurrent.chunks_exact(n * n).map(|block| DMatrix::from_row_slice(n, n, block)).collect()
    }

    /// Takes the gradients of what is no parameter out of a passage.
    pub(crate) fn keep_parameters(&self, passage: &mut Passage) {
        for (gradient, given) in passage.gradient.iter_mut().zip(&self.given) {
            if !given {
                gradient.values.fill(0.0);
            }
        }
    }

    /// Whether its spectrum is known, or soon computed.
    pub fn has_spectrum(&self) -> bool {
        self.spectrum.is_some() || self.network.hidden_size <= AT_ONCE
    }
}
