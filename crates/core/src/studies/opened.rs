//! The opened network: its weights are given, not drawn.
//!
//! Everything of chapter 3 runs on it as on a drawn one. What is not in the weights is still the page's: T, the inputs (if
//! the file has none), the start, the target of the loss.
use super::block_spectra::{LARGEST_WHOLE, RecurrenceStudy};
use crate::bptt::{BackwardPass, Sequences};
use crate::dynamics;
use crate::network::{Network, Weights, index};
use crate::spectral;
use crate::stack::Stack;
use nalgebra::DMatrix;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// Up to so many rows the spectrum of a block is computed where it is asked for; beyond that somebody computes it piece by
/// piece and puts it in, see [`SharedNetwork::with_spectrum`].
pub const AT_ONCE: usize = 128;

/// Up to so many numbers a network's gradient with respect to its own weights is found, which takes some times their memory.
pub const MOST_PARAMETERS: usize = 20_000_000;

/// So many eigenvalues of the symmetric part of a matrix are found that is too large for all.
const SYMMETRIC: usize = 64;

/// Weights that were given.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenedNetwork {
    /// Cell and sizes, of a stack those of one direction.
    pub network: Network,
    /// All weights; a readout that was not given is the identity. None where there is a stack.
    pub weights: Weights<f64>,
    /// The weights of a network in both directions, or with projected states, or that is too large for all that is found of
    /// others ([`MOST_PARAMETERS`]).
    pub stack: Option<Stack>,
    /// Which tensors were given, in the order of the weights; what was not is no parameter and has no gradient.
    pub given: Vec<bool>,
    /// Whether the file says which activation its cell has; a state dict does not.
    pub says_activation: bool,
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

    /// The eigenvalues of (W + Wᵀ)/2 of the first block of the top layer's W_hh, by falling size; computed once. Of a large one
    /// about the outermost.
    pub fn symmetric_eigenvalues(&self) -> &[f64] {
        self.symmetric.get_or_init(|| {
            let (n, top) = (self.network.network.hidden_size, self.network.network.layers - 1);
            if n > LARGEST_WHOLE {
                return dynamics::leading_symmetric(&self.recurrent(top)[..n * n], n, SYMMETRIC);
            }
            let blocks = self.blocks(top);
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
    /// W_hh of a layer, of a stack forwards in time, and as a state of hidden_size numbers comes back by it: W_hh W_hr where the
    /// state is projected.
    fn recurrent(&self, layer: usize) -> &[f64] {
        match &self.stack {
            Some(stack) => &stack.unit(layer, 0).weights.tensors[index::W_HH].values,
            None => &self.weights.tensors[self.network.index(layer, index::W_HH)].values,
        }
    }

    /// Its blocks as the state meets them ([`crate::cells::CellSpec::effective`]), gate after gate.
    pub fn blocks(&self, layer: usize) -> Vec<DMatrix<f64>> {
        let (n, cell, constants) = (self.network.hidden_size, self.network.cell, self.network.constants);
        let made = |block: &[f64]| DMatrix::from_row_slice(n, n, &cell.effective(block, n, constants));
        self.recurrent(layer).chunks_exact(n * n).map(made).collect()
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
