//! The opened network: its weights are given, not drawn.
//!
//! Everything of chapter 3 runs on it as on a drawn one. What is not in the weights is still the page's: T, the inputs (if
//! the file has none), the start, the target of the loss.
use super::block_spectra::RecurrenceStudy;
use crate::bptt::{BackwardPass, Sequences};
use crate::network::{Network, Weights, index};
use crate::spectral;
use nalgebra::DMatrix;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// Up to so many rows the spectrum of a block is computed where it is asked for; beyond that somebody computes it piece by
/// piece and puts it in, see [`SharedNetwork::with_spectrum`].
pub const AT_ONCE: usize = 128;

/// Weights that were given.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenedNetwork {
    /// Cell and sizes.
    pub network: Network,
    /// All weights; a readout that was not given is the identity.
    pub weights: Weights<f64>,
    /// Which tensors were given, in the order of the weights; what was not is no parameter and has no gradient.
    pub given: Vec<bool>,
    /// What it was given to be run on: inputs, start, targets and loss.
    pub sequences: Option<Sequences>,
    /// Inputs alone, T rows of the network's input size.
    pub inputs: Option<Vec<f64>>,
}

/// A shared one, with what was found out about it. Equal to itself and to nothing else: comparing millions of numbers for
/// every move of a slider would be felt.
#[derive(Clone, Debug)]
pub struct SharedNetwork {
    network: Arc<OpenedNetwork>,
    spectrum: Option<Arc<RecurrenceStudy>>,
    symmetric: Arc<OnceLock<Vec<f64>>>,
}

impl SharedNetwork {
    /// Shares a network.
    pub fn new(network: OpenedNetwork) -> Self {
        Self { network: Arc::new(network), spectrum: None, symmetric: Arc::default() }
    }

    /// The same network with its spectrum.
    #[must_use]
    pub fn with_spectrum(&self, spectrum: RecurrenceStudy) -> Self {
        Self { spectrum: Some(Arc::new(spectrum)), ..self.clone() }
    }

    /// The same network, as if nothing were known of its spectrum.
    #[must_use]
    pub fn without_spectrum(&self) -> Self {
        Self { spectrum: None, ..self.clone() }
    }

    /// What its recurrent matrix says by itself, where that was computed already.
    pub fn spectrum(&self) -> Option<&RecurrenceStudy> {
        self.spectrum.as_deref()
    }

    /// Whether its spectrum is known, or soon computed.
    pub fn has_spectrum(&self) -> bool {
        self.spectrum.is_some() || self.network.network.hidden_size <= AT_ONCE
    }

    /// The eigenvalues of (W + Wᵀ)/2 of the first block of the top layer's W_hh, by falling size; computed once.
    pub fn symmetric_eigenvalues(&self) -> &[f64] {
        self.symmetric.get_or_init(|| {
            let blocks = self.blocks(self.network.network.layers - 1);
            let symmetric = blocks.first().map(|block| (block + block.transpose()) * 0.5);
            let mut found = symmetric.map_or_else(Vec::new, |matrix| spectral::eigenvalues(&matrix));
            found.sort_by(|a, b| b.abs().total_cmp(&a.abs()));
            found
        })
    }
}

impl PartialEq for SharedNetwork {
    fn eq(&self, other: &Self) -> bool {
        let same_spectrum = match (&self.spectrum, &other.spectrum) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        Arc::ptr_eq(&self.network, &other.network) && same_spectrum
    }
}

impl Deref for SharedNetwork {
    type Target = OpenedNetwork;

    fn deref(&self) -> &OpenedNetwork {
        &self.network
    }
}

impl OpenedNetwork {
    /// The blocks of W_hh of a layer, gate after gate.
    pub fn blocks(&self, layer: usize) -> Vec<DMatrix<f64>> {
        let n = self.network.hidden_size;
        let recurrent = &self.weights.tensors[self.network.index(layer, index::W_HH)].values;
        recurrent.chunks_exact(n * n).map(|block| DMatrix::from_row_slice(n, n, block)).collect()
    }

    /// Sets the gradients of tensors that were not given, and so are no parameters, to zero.
    pub(crate) fn keep_parameters(&self, backward_pass: &mut BackwardPass) {
        for (gradient, given) in backward_pass.gradient.iter_mut().zip(&self.given) {
            if !given {
                gradient.values.fill(0.0);
            }
        }
    }
}
