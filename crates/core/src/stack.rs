//! Recurrent layers that run in both directions, or whose states are projected: one-layer networks, put together.
//!
//! ```text
//! both directions   the layers above the first read both states: x_t^{l+1} = (h_t^{l,→}, h_t^{l,←})
//! projection        h_t = W_hr h'_t,  h'_t = o ⊙ tanh(c_t):  an LSTM of the state h' with the recurrent matrix W_hh W_hr
//! ```
//!
//! As `nn.LSTM(bidirectional=True)` and `nn.LSTM(proj_size=...)` of PyTorch; Sak, Senior and Beaufays, "Long short-term memory
//! recurrent neural network architectures for large scale acoustic modeling" (2014), equations 7 to 14. [`crate::bptt`] runs
//! each layer in each direction by itself ([`Unit`]).
use crate::cells::CellSpec;
use crate::kernel;
use crate::network::{Network, Tensor, Weights, index};

/// A network of such layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// Number of layers, at least 1.
    pub layers: usize,
    /// 1: forwards in time alone; 2: also backwards.
    pub directions: usize,
    /// Features of an input.
    pub input_size: usize,
    /// Units of a layer in one direction: of c, and of h where nothing is projected.
    pub hidden_size: usize,
    /// Numbers in h of a layer in one direction: fewer than the units where it is projected.
    pub state_size: usize,
    /// Layer by layer, forwards and then backwards: see [`Stack::unit`].
    pub units: Vec<Unit>,
    /// W_out (output size by directions × state size) and b_out, if y is not the states themselves.
    pub readout: Option<[Tensor<f64>; 2]>,
    /// Whether each of the two was given; what was not is no parameter.
    pub readout_given: [bool; 2],
}

/// One layer in one direction.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// The weights of a one-layer network without a readout, in the order of [`index`]. Where its state is projected, W_hh
    /// is W_hh W_hr: hidden_size columns.
    pub weights: Weights<f64>,
    /// Which of W_ih, W_hh, b_ih and b_hh were given; what was not is no parameter.
    pub given: [bool; index::PER_LAYER],
    /// What its state is projected by.
    pub projection: Option<Projection>,
}

/// The projection of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    /// W_hr: state size by hidden_size.
    pub matrix: Tensor<f64>,
    /// W_hh as it was given: gates × hidden_size by state size.
    pub recurrent: Tensor<f64>,
}

/// What stands behind the names of the tensors of the direction backwards in time.
pub const REVERSE: &str = "_reverse";

impl Stack {
    /// The unit of a layer, in the direction 0 (forwards) or 1 (backwards).
    pub fn unit(&self, layer: usize, direction: usize) -> &Unit {
        &self.units[layer * self.directions + direction]
    }

    /// Numbers that a layer reads at one time step.
    pub fn layer_input_size(&self, layer: usize) -> usize {
        if layer == 0 { self.input_size } else { self.directions * self.state_size }
    }

    /// Numbers in y_t: of the readout, or of all directions' states of the top layer.
    pub fn output_size(&self) -> usize {
        self.readout.as_ref().map_or(self.directions * self.state_size, |[w_out, _]| w_out.rows)
    }

    /// A layer in one direction as a network of its own, without a readout.
    pub fn network(&self, layer: usize, cell: &'static CellSpec) -> Network {
        Network {
            cell,
            layers: 1,
            input_size: self.layer_input_size(layer),
            hidden_size: self.hidden_size,
            output_size: 0,
            normalization: None,
            constants: cell.usual_constants(),
        }
    }

    /// Whether h is a projection of o ⊙ tanh(c).
    pub fn is_projected(&self) -> bool {
        self.units.iter().any(|unit| unit.projection.is_some())
    }

    /// All tensors as they were given, unit by unit (W_hr last), then the readout's; each with whether it was given.
    pub fn parameters(&self) -> impl Iterator<Item = (&Tensor<f64>, bool)> {
        let readout = self.readout.iter().flatten().zip(self.readout_given);
        self.units.iter().flat_map(Unit::parameters).chain(readout)
    }

    /// How many numbers they have.
    pub fn numbers(&self) -> usize {
        self.parameters().map(|(tensor, _)| tensor.values.len()).sum()
    }
}

impl Unit {
    fn parameters(&self) -> Vec<(&Tensor<f64>, bool)> {
        let mut tensors: Vec<(&Tensor<f64>, bool)> = self.weights.tensors.iter().zip(self.given).collect();
        if let Some(projection) = &self.projection {
            tensors[index::W_HH].0 = &projection.recurrent;
            tensors.push((&projection.matrix, true));
        }
        tensors
    }

    /// Takes W_hh as its weights have it now, for hidden_size columns, in the place of what it was: of a projected state the
    /// first columns, as many as the state has numbers.
    pub fn adopt_recurrent(&mut self) {
        let Some(projection) = &mut self.projection else { return };
        let w_hh = &mut self.weights.tensors[index::W_HH];
        let columns = projection.recurrent.columns;
        let rows = projection.recurrent.values.chunks_exact_mut(columns).zip(w_hh.values.chunks_exact(w_hh.columns));
        rows.for_each(|(to, from)| to.copy_from_slice(&from[..columns]));
        w_hh.values = projection.product();
    }
}

impl Projection {
    /// h of rows of h' = o ⊙ tanh(c).
    pub fn states(&self, before: &[f64]) -> Vec<f64> {
        let (size, columns) = (self.matrix.rows, self.matrix.columns);
        let mut turned = vec![0.0; size * columns];
        kernel::transpose(&self.matrix.values, size, columns, &mut turned);
        let rows = before.len() / columns;
        let mut states = vec![0.0; rows * size];
        kernel::add_product(before, &turned, &mut states, rows, columns, size);
        states
    }

    /// W_hh W_hr: gates × hidden_size by hidden_size.
    pub fn product(&self) -> Vec<f64> {
        let (rows, size, columns) = (self.recurrent.rows, self.matrix.rows, self.matrix.columns);
        let mut product = vec![0.0; rows * columns];
        kernel::add_product(&self.recurrent.values, &self.matrix.values, &mut product, rows, size, columns);
        product
    }
}
