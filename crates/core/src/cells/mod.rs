//! The REGISTRY of recurrent cells: one file and one line each.
//!
//! A cell is what happens at one time step after the matrix products. With u = W_ih x_t + b_ih and
//! v = W_hh h_{t-1} + b_hh (gates * hidden_size numbers each), it gives h_t (and c_t) from u, v and the previous state,
//! and, backward, dL/du, dL/dv and what flows directly into dL/dh_{t-1} and dL/dc_{t-1}. The matrix products, the
//! passage through time and the parameter gradients are [`crate::bptt`]'s and the same for all.
mod gru;
mod lstm;
mod rnn;

use crate::network::Real;
use crate::scaled::Wide;

pub use gru::GRU;
pub use lstm::LSTM;
pub use rnn::{LINEAR, RELU, SIGMOID, TANH};

/// One time step of one sequence, forward. Slices of `hidden_size` numbers unless said otherwise.
pub struct ForwardStep<'a, R> {
    /// W_ih x_t + b_ih: gates * hidden_size.
    pub input: &'a [R],
    /// W_hh h_{t-1} + b_hh: gates * hidden_size.
    pub recurrent: &'a [R],
    /// h_{t-1}.
    pub hidden_before: &'a [R],
    /// c_{t-1}; empty for cells without one.
    pub cell_before: &'a [R],
    /// What the backward step will need: saved * hidden_size.
    pub saved: &'a mut [R],
    /// h_t.
    pub hidden: &'a mut [R],
    /// c_t; empty for cells without one.
    pub cell: &'a mut [R],
}

/// One time step of one sequence, backward.
pub struct BackwardStep<'a, R> {
    /// dL/dh_t, total.
    pub hidden_gradient: &'a [R],
    /// dL/dc_t through c_{t+1}; the step adds what comes through h_t, so that it is total afterwards.
    pub cell_gradient: &'a mut [R],
    /// h_{t-1}.
    pub hidden_before: &'a [R],
    /// c_{t-1}.
    pub cell_before: &'a [R],
    /// h_t.
    pub hidden: &'a [R],
    /// c_t.
    pub cell: &'a [R],
    /// What the forward step saved.
    pub saved: &'a [R],
    /// dL/du, to be written: gates * hidden_size.
    pub input: &'a mut [R],
    /// dL/dv, to be written: gates * hidden_size.
    pub recurrent: &'a mut [R],
    /// What flows into dL/dh_{t-1} past the matrix W_hh, to be written (zero for RNN and LSTM).
    pub direct: &'a mut [R],
    /// dL/dc_{t-1}, to be written.
    pub cell_gradient_before: &'a mut [R],
}

/// The two halves of a cell's step, in one number type.
#[derive(Clone, Copy)]
pub struct Steps<R: 'static> {
    /// Forward.
    pub forward: fn(ForwardStep<'_, R>),
    /// Backward.
    pub backward: fn(BackwardStep<'_, R>),
}

/// A cell, as data.
pub struct CellSpec {
    /// The name in addresses and on the command line.
    pub slug: &'static str,
    /// The name in menus.
    pub title: &'static str,
    /// The equation and its source.
    pub equation: &'static str,
    /// How many blocks of hidden_size rows its matrices have.
    pub gates: usize,
    /// Vectors of hidden_size numbers that a forward step saves for the backward step.
    pub saved: usize,
    /// Whether it has a cell state c beside h.
    pub has_cell_state: bool,
    /// sup |phi'|, the γ of Pascanu, Mikolov and Bengio (2013), where the cell is h = phi(a).
    pub derivative_bound: Option<f64>,
    /// The step in f32.
    pub single: Steps<f32>,
    /// The step in f64.
    pub double: Steps<f64>,
    /// The step in [`Wide`].
    pub wide: Steps<Wide>,
}

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

/// All cells, in the order of the menu.
pub static ALL: &[&CellSpec] = &[&LINEAR, &TANH, &RELU, &SIGMOID, &LSTM, &GRU];

/// The cell of that slug.
pub fn find(slug: &str) -> Option<&'static CellSpec> {
    ALL.iter().find(|cell| cell.slug == slug).copied()
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
