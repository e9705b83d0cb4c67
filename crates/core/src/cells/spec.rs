//! What every cell of the registry is: a step forward, a step backward, and the data that menus are made from.
use crate::param::{ParamSpec, Settings, Value};
use crate::real::Real;
use crate::scaled::Wide;

/// How many constants a cell may have.
pub const CONSTANTS: usize = 2;

/// The constants of a cell, in the order of [`CellSpec::params`]: numbers that are chosen and not trained. What a cell does not
/// have is 0.
pub type Constants = [f64; CONSTANTS];

/// One time step of a whole batch, forward: each slice holds the rows of all its sequences, one after the other. Rows are
/// of `hidden_size` numbers unless said otherwise.
pub struct ForwardStep<'a, R> {
    /// Units of the state.
    pub hidden_size: usize,
    /// The cell's constants.
    pub constants: Constants,
    /// u + v, or u alone for a cell that tells them apart ([`CellSpec::separate`]): rows of gates * hidden_size. The step
    /// leaves the gates after their activations here, which are kept for the backward step and for figures.
    pub pre_activation: &'a mut [R],
    /// v, for a cell that tells it from u; else empty. Rows of gates * hidden_size.
    pub recurrent: &'a [R],
    /// h_{t-1}: a row for each sequence.
    pub hidden_before: &'a [R],
    /// c_{t-1}; empty for cells without one.
    pub cell_before: &'a [R],
    /// What else the backward step will need: rows of saved * hidden_size.
    pub saved: &'a mut [R],
    /// h_t, to be written.
    pub hidden: &'a mut [R],
    /// c_t; empty for cells without one.
    pub cell: &'a mut [R],
}

/// One time step of a whole batch, backward; rows as in [`ForwardStep`].
pub struct BackwardStep<'a, R> {
    /// Units of the state.
    pub hidden_size: usize,
    /// The cell's constants.
    pub constants: Constants,
    /// dL/dh_t, total.
    pub hidden_gradient: &'a [R],
    /// dL/dc_t through c_{t+1}; the step adds what comes through h_t, so that it is total afterwards.
    pub cell_gradient: &'a mut [R],
    /// dL/dc_t through h_t alone, where the cell state is normalised on its way there; else empty, and the step finds it.
    pub through_output: &'a [R],
    /// h_{t-1}, as the forward step had it.
    pub hidden_before: &'a [R],
    /// c_{t-1}, as the forward step had it; empty for cells without one.
    pub cell_before: &'a [R],
    /// h_t, as the forward step wrote it.
    pub hidden: &'a [R],
    /// The gates after their activations, as the forward step left them in place of `pre_activation`.
    pub blocks: &'a [R],
    /// What the forward step saved.
    pub saved: &'a [R],
    /// dL/du, to be written.
    pub input: &'a mut [R],
    /// dL/dv, to be written by a cell that tells v from u; else empty, because it is dL/du.
    pub recurrent: &'a mut [R],
    /// What flows into dL/dh_{t-1} past the matrix W_hh, to be written (zero for RNN and LSTM).
    pub direct: &'a mut [R],
    /// dL/dc_{t-1}, to be written.
    pub cell_gradient_before: &'a mut [R],
}

/// The two halves of a cell's step, in one number type.
#[derive(Clone, Copy)]
pub struct Steps<R: 'static> {
    /// h_t (and c_t) from the pre-activations and the state before.
    pub forward: fn(ForwardStep<'_, R>),
    /// dL/du, dL/dv and what flows past W_hh, from dL/dh_t (and dL/dc_t).
    pub backward: fn(BackwardStep<'_, R>),
}

/// A cell, as data.
pub struct CellSpec {
    /// The name in registries and tests.
    pub slug: &'static str,
    /// The kind of cell, as PyTorch's modules are named: `rnn`, `lstm`, `gru`.
    pub kind: &'static str,
    /// The kind's name in menus.
    pub kind_title: &'static str,
    /// The activation, where the kind has several to choose from.
    pub activation: Option<&'static str>,
    /// The name in words.
    pub title: &'static str,
    /// The equation and its source.
    pub equation: &'static str,
    /// What keeps its gradient alive, or fails to, in a sentence.
    pub does: &'static str,
    /// Its constants, at most [`CONSTANTS`]: real numbers, offered where the cell is chosen.
    pub params: &'static [&'static ParamSpec],
    /// What stands between h_{t-1} and v.
    pub recurrence: Recurrence,
    /// How many blocks of hidden_size rows its matrices have.
    pub gates: usize,
    /// What the forward step leaves in place of the pre-activations, block by block.
    pub blocks: &'static [Block],
    /// Whether W_ih x_t and W_hh h_{t-1} enter otherwise than by their sum.
    pub separate: bool,
    /// Vectors of hidden_size numbers that a forward step saves for the backward step besides.
    pub saved: usize,
    /// Whether it has a cell state c beside h.
    pub has_cell_state: bool,
    /// sup |phi'|, the γ of Pascanu, Mikolov and Bengio (2013), where the cell is h = phi(a).
    pub derivative_bound: Option<f64>,
    /// Whether each unit of h stays within -1..=1, whatever the weights.
    pub bounded: bool,
    /// What PyTorch's `nn.init.calculate_gain` recommends for Xavier's initialisation, where the cell is h = phi(a).
    pub xavier_gain: Option<f64>,
    /// The module of `torch.nn` that computes this cell, if there is one: `RNN`, `LSTM`, `GRU`.
    pub module: Option<&'static str>,
    /// The step in PyTorch.
    pub python: Python,
    /// The step in f32.
    pub single: Steps<f32>,
    /// The step in f64.
    pub double: Steps<f64>,
    /// The step in [`Wide`].
    pub wide: Steps<Wide>,
}

/// What makes v of h_{t-1}, besides adding b_hh.
#[derive(Clone, Copy)]
pub enum Recurrence {
    /// W_hh itself.
    Free,
    /// A matrix that is made from W_hh, which holds the free parameters: everything that looks at the recurrent matrix sees the
    /// one that was made, everything that acts on parameters (initialisation, optimiser, penalties, clipping) has W_hh.
    Made(Effective),
    /// Nothing: h_{t-1} acts on its own unit alone, and W_hh has no rows. What is added is then b_hh, as a parameter of each unit, for
    /// a cell that tells v from u; for others b_hh has no rows either.
    Without,
}

/// The recurrent matrix as a function of W_hh, block by block (n rows of n numbers).
#[derive(Clone, Copy)]
pub struct Effective {
    /// W from W_hh.
    pub make: fn(&[f64], usize, Constants) -> Vec<f64>,
    /// dL/dW_hh from W_hh and dL/dW: linear in the latter.
    pub back: fn(&[f64], usize, &[f64]) -> Vec<f64>,
}

/// The step of a cell as Python with PyTorch, for scripts that compute a figure anew.
pub struct Python {
    /// The definition that [`Self::step`] refers to, with a final line break; cells of one kind share it. It may call `sums(layer,
    /// x, h)`, which gives u and v.
    pub definition: &'static str,
    /// An expression for the function (layer, x, h, c) → (h, c); of a cell with constants, for what makes it of them.
    pub step: &'static str,
}

/// One block of hidden_size rows of a cell: a gate, a candidate, or the plain RNN's state itself.
#[derive(Clone, Copy)]
pub struct Block {
    /// i, f, g, o, r, z, n; h for the plain RNN.
    pub symbol: &'static str,
    /// The name in words.
    pub name: &'static str,
    /// Whether it is a gate, in 0..=1, by which something else is multiplied.
    pub gate: bool,
    /// φ' as a function of the value φ(a).
    pub slope: fn(f64) -> f64,
}

impl Block {
    /// sigm(a) as a gate.
    pub const fn gate(symbol: &'static str, name: &'static str) -> Self {
        Self { symbol, name, gate: true, slope: sigmoid_slope }
    }

    /// tanh(a) as a candidate for the state.
    pub const fn candidate(symbol: &'static str, name: &'static str) -> Self {
        Self { symbol, name, gate: false, slope: tanh_slope }
    }
}

/// sigm' = s (1 - s), from s = sigm(a).
fn sigmoid_slope(value: f64) -> f64 {
    value * (1.0 - value)
}

/// tanh' from tanh.
fn tanh_slope(value: f64) -> f64 {
    1.0 - value * value
}

impl CellSpec {
    /// The constants in these settings.
    pub fn constants(&self, settings: &Settings) -> Constants {
        let mut constants = [0.0; CONSTANTS];
        for (constant, spec) in constants.iter_mut().zip(self.params) {
            if let Value::Real(value) = settings.value(spec) {
                *constant = value;
            }
        }
        constants
    }

    /// The constants that it has unless others are chosen.
    pub fn usual_constants(&self) -> Constants {
        self.constants(&Settings::default())
    }

    /// Whether something in it is multiplied by a gate.
    pub fn is_gated(&self) -> bool {
        self.blocks.iter().any(|block| block.gate)
    }

    /// Whether v depends on h_{t-1} by a matrix, and not unit by unit.
    pub fn has_matrix(&self) -> bool {
        !matches!(self.recurrence, Recurrence::Without)
    }

    /// Rows of W_hh, as blocks of hidden_size.
    pub fn recurrent_gates(&self) -> usize {
        if self.has_matrix() { self.gates } else { 0 }
    }

    /// Numbers in b_hh, as blocks of hidden_size.
    pub fn recurrent_biases(&self) -> usize {
        if self.separate { self.gates } else { self.recurrent_gates() }
    }

    /// The recurrent matrix of a layer, block after block, as h_{t-1} meets it.
    pub fn effective(&self, w_hh: &[f64], n: usize, constants: Constants) -> Vec<f64> {
        match self.recurrence {
            Recurrence::Made(made) => {
                w_hh.chunks_exact((n * n).max(1)).flat_map(|block| (made.make)(block, n, constants)).collect()
            }
            Recurrence::Free | Recurrence::Without => w_hh.to_vec(),
        }
    }

    /// The block that is the forget gate, in cells that have one.
    pub fn forget_gate(&self) -> Option<usize> {
        self.blocks.iter().position(|block| block.symbol == FORGET_GATE)
    }

    /// The block by which tanh(c_t) is multiplied to h_t, in cells with a cell state.
    pub fn output_gate(&self) -> Option<usize> {
        self.blocks.iter().position(|block| block.symbol == OUTPUT_GATE).filter(|_| self.has_cell_state)
    }

    /// The block by which the state's own past is multiplied, unit by unit: f of the LSTM, z of the GRU.
    pub fn carry_gate(&self) -> Option<usize> {
        self.forget_gate().or_else(|| self.blocks.iter().position(|block| block.symbol == UPDATE_GATE))
    }
}

/// The symbol of a gate that the state's own past is multiplied by, with the bias of which it is kept at the start.
const FORGET_GATE: &str = "f";
/// The symbol of the gate between the cell state and h.
const OUTPUT_GATE: &str = "o";
/// The symbol of the gate between the state's own past and a candidate.
const UPDATE_GATE: &str = "z";

impl std::fmt::Debug for CellSpec {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.slug)
    }
}

impl PartialEq for CellSpec {
    fn eq(&self, other: &Self) -> bool {
        self.slug == other.slug
    }
}

/// Number types that have steps in every cell.
pub trait CellReal: Real {
    /// The steps of a cell in this type.
    fn steps(cell: &CellSpec) -> Steps<Self>;
}

impl CellReal for f32 {
    fn steps(cell: &CellSpec) -> Steps<Self> {
        cell.single
    }
}

impl CellReal for f64 {
    fn steps(cell: &CellSpec) -> Steps<Self> {
        cell.double
    }
}

impl CellReal for Wide {
    fn steps(cell: &CellSpec) -> Steps<Self> {
        cell.wide
    }
}
