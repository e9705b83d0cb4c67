//! Networks as data: sizes, tensors by role, PyTorch's names and layout.
use crate::cells::{CellSpec, Constants};
use crate::math;
use crate::scaled;

use crate::real::Real;

/// What a tensor does: remedies address tensors by role, never by a cell's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// W_ih: from the layer's input, gates * hidden_size by input_size.
    Input,
    /// W_hh: from the previous state, gates * hidden_size by hidden_size; no rows where the cell has no such matrix.
    Recurrent,
    /// b_ih: added to W_ih x_t, one number for each row of W_ih.
    InputBias,
    /// b_hh: added to W_hh h_{t-1}, one number for each row of W_hh.
    RecurrentBias,
    /// W_hr: the projection of o ⊙ tanh(c) to h, the size of h by hidden_size.
    Projection,
    /// W_out: the linear readout, output_size by hidden_size.
    Readout,
    /// b_out: one number for each feature of the output.
    ReadoutBias,
    /// γ of the normalised W_ih x_t.
    InputGain,
    /// γ of the normalised W_hh h_{t-1}.
    RecurrentGain,
    /// γ_c of the normalised cell state, one number for each unit.
    CellGain,
    /// β_c, which is added to it.
    CellBias,
}

impl Role {
    /// Whether it is a gain, whose usual value is 1.
    pub fn is_gain(self) -> bool {
        matches!(self, Self::InputGain | Self::RecurrentGain | Self::CellGain)
    }
}

/// What W_ih x_t and W_hh h_{t-1} are normalised over, each by itself: subtract the mean, divide by √(variance + 1e-5),
/// multiply by the gain γ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Normalization {
    /// Each unit over the batch, at every time step anew: Cooijmans et al., "Recurrent batch normalization" (2016).
    Batch,
    /// The same, and of a cell that has one the cell state on its way to h: h_t = o ⊙ tanh(γ_c ⊙ N(c_t) + β_c), equation 8 of the
    /// same paper. What c_(t+1) is made of is c_t itself.
    BatchWithCell,
    /// Each sequence over its units, at every time step anew: Ba, Kiros and Hinton, "Layer normalization" (2016).
    Layer,
}

/// A named matrix (row-major; a bias has one column) of weights, or of their gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor<R> {
    /// PyTorch's name: `weight_hh_l0`.
    pub name: String,
    /// What it does in the network, whatever the cell.
    pub role: Role,
    /// The recurrent layer that it belongs to, from 0; `None` for the readout.
    pub layer: Option<usize>,
    /// Number of rows: gates * hidden_size for a cell's tensors.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// rows * columns values, row by row.
    pub values: Vec<R>,
}

impl<R: Real> Tensor<R> {
    /// Adds to the bias of the cell's forget gate, if it has one and this is the bias that holds it.
    pub fn add_to_forget_bias(&mut self, cell: &CellSpec, bias: f64) {
        let Some(gate) = cell.forget_gate().filter(|_| self.role == Role::InputBias) else { return };
        let n = self.values.len() / cell.gates;
        self.values[gate * n..(gate + 1) * n].iter_mut().for_each(|value| *value += R::from_f64(bias));
    }

    /// A tensor of zeros of the same name, role and shape.
    pub fn zeros_like(&self) -> Self {
        Self { values: vec![R::ZERO; self.values.len()], ..self.clone() }
    }

    /// The same values in another number type.
    pub fn cast<S: Real>(&self) -> Tensor<S> {
        Tensor {
            name: self.name.clone(),
            role: self.role,
            layer: self.layer,
            rows: self.rows,
            columns: self.columns,
            values: self.values.iter().map(|x| S::from_f64(x.to_f64())).collect(),
        }
    }
}

/// The sizes of a network: recurrent layers, each fed with the states of the one below it, and a linear readout
/// y_t = W_out h_t + b_out of the top one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Network {
    /// The cell of every layer.
    pub cell: &'static CellSpec,
    /// Number of layers, at least 1.
    pub layers: usize,
    /// Features of an input.
    pub input_size: usize,
    /// Units of the state of each layer.
    pub hidden_size: usize,
    /// Features of the output.
    pub output_size: usize,
    /// Whether the cell's two products are normalised.
    pub normalization: Option<Normalization>,
    /// The cell's constants.
    pub constants: Constants,
}

/// Indices of the first layer's tensors in [`Weights::tensors`]; those of layer l stand 4 l further on.
pub mod index {
    /// W_ih: (gates * hidden_size, input_size), of a higher layer (gates * hidden_size, hidden_size).
    pub const W_IH: usize = 0;
    /// W_hh: (gates * hidden_size, hidden_size).
    pub const W_HH: usize = 1;
    /// b_ih: gates * hidden_size numbers.
    pub const B_IH: usize = 2;
    /// b_hh: gates * hidden_size numbers.
    pub const B_HH: usize = 3;
    /// Tensors of a layer.
    pub const PER_LAYER: usize = 4;
}

impl Network {
    /// Blocks of hidden_size rows that a tensor of a layer has; 0 where the cell has no such tensor.
    pub fn blocks_of(cell: &CellSpec, role: Role) -> usize {
        match role {
            Role::Recurrent | Role::RecurrentGain => cell.recurrent_gates(),
            Role::CellGain | Role::CellBias => usize::from(cell.has_cell_state),
            Role::RecurrentBias => cell.recurrent_biases(),
            _ => cell.gates,
        }
    }

    /// The index of a layer's tensor in [`Weights::tensors`]: `network.index(1, index::W_HH)`.
    pub fn index(&self, layer: usize, tensor: usize) -> usize {
        layer * index::PER_LAYER + tensor
    }

    /// The index of W_out.
    pub fn w_out(&self) -> usize {
        self.layers * index::PER_LAYER
    }

    /// The index of b_out.
    pub fn b_out(&self) -> usize {
        self.w_out() + 1
    }

    /// Whether the cell state is normalised on its way to h.
    pub fn normalizes_cell(&self) -> bool {
        self.normalization == Some(Normalization::BatchWithCell) && self.cell.has_cell_state
    }

    /// The indices of a layer's γ_c and β_c, if its cell state is normalised.
    pub fn cell_affine(&self, layer: usize) -> Option<[usize; 2]> {
        let first = self.b_out() + 1 + 2 * self.layers + 2 * layer;
        self.normalizes_cell().then_some([first, first + 1])
    }

    /// The indices of a layer's gains, of W_ih x_t and of W_hh h_{t-1}; they exist only with a normalisation.
    pub fn gains(&self, layer: usize) -> [usize; 2] {
        let first = self.b_out() + 1 + 2 * layer;
        [first, first + 1]
    }

    /// Numbers that a layer's input has at one time step.
    pub fn layer_input_size(&self, layer: usize) -> usize {
        if layer == 0 { self.input_size } else { self.hidden_size }
    }

    /// All weights zero, gains too; PyTorch's names, roles and shapes.
    pub fn zeros<R: Real>(&self) -> Weights<R> {
        let rows = |role| Self::blocks_of(self.cell, role) * self.hidden_size;
        let tensor = |name: String, role, layer, rows, columns| Tensor {
            name,
            role,
            layer,
            rows,
            columns,
            values: vec![R::ZERO; rows * columns],
        };
        let mut tensors = Vec::with_capacity(self.b_out() + 1);
        for layer in 0..self.layers {
            let shapes = [
                ("weight_ih", Role::Input, self.layer_input_size(layer)),
                ("weight_hh", Role::Recurrent, self.hidden_size),
                ("bias_ih", Role::InputBias, 1),
                ("bias_hh", Role::RecurrentBias, 1),
            ];
            for (name, role, columns) in shapes {
                let rows = rows(role);
                tensors.push(tensor(format!("{name}_l{layer}"), role, Some(layer), rows, columns));
            }
        }
        tensors.push(tensor("weight_out".to_owned(), Role::Readout, None, self.output_size, self.hidden_size));
        tensors.push(tensor("bias_out".to_owned(), Role::ReadoutBias, None, self.output_size, 1));
        let normalised = if self.normalization.is_some() { self.layers } else { 0 };
        for layer in 0..normalised {
            for (name, role) in [("norm_ih", Role::InputGain), ("norm_hh", Role::RecurrentGain)] {
                tensors.push(tensor(format!("{name}_l{layer}"), role, Some(layer), rows(role), 1));
            }
        }
        let with_cell = if self.normalizes_cell() { self.layers } else { 0 };
        for layer in 0..with_cell {
            for (name, role) in [("norm_c", Role::CellGain), ("norm_c_bias", Role::CellBias)] {
                tensors.push(tensor(format!("{name}_l{layer}"), role, Some(layer), rows(role), 1));
            }
        }
        Weights { tensors }
    }
}

/// All tensors of a network, layer by layer in the order of [`index`], then the readout, then the gains, then γ_c and β_c: its weights, or the gradient of the loss with respect to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights<R> {
    /// In the order that [`Network::index`] and its neighbours tell.
    pub tensors: Vec<Tensor<R>>,
}

impl<R: Real> Weights<R> {
    /// Zeros of the same names, roles and shapes.
    pub fn zeros_like(&self) -> Self {
        Self { tensors: self.tensors.iter().map(Tensor::zeros_like).collect() }
    }

    /// The same values in another number type.
    pub fn cast<S: Real>(&self) -> Weights<S> {
        Weights { tensors: self.tensors.iter().map(Tensor::cast).collect() }
    }

    /// Adds to the bias of the cell's forget gate in every layer, if it has one.
    pub fn add_to_forget_bias(&mut self, cell: &CellSpec, bias: f64) {
        self.tensors.iter_mut().for_each(|tensor| tensor.add_to_forget_bias(cell, bias));
    }

    /// The global norm: the Euclidean norm of all values of all tensors together, as log10.
    pub fn log10_global_norm(&self) -> f64 {
        let norms = self.tensors.iter().map(|tensor| scaled::log10_norm(&tensor.values, 0));
        log10_sum_of_squares(norms)
    }
}

/// log10 of the root of a sum of squares, from the log10 of the summands' roots.
pub fn log10_sum_of_squares(log10_norms: impl Iterator<Item = f64> + Clone) -> f64 {
    if log10_norms.clone().any(f64::is_nan) {
        return f64::NAN;
    }
    let largest = log10_norms.clone().fold(f64::NEG_INFINITY, f64::max);
    if !largest.is_finite() {
        return largest;
    }
    let sum: f64 = log10_norms.map(|x| math::exp(2.0 * (x - largest) * math::LN_10)).sum();
    largest + 0.5 * math::log10(sum)
}
