//! The REGISTRY of recurrent cells: one file and one line each.
//!
//! A cell is what happens at one time step besides the matrix products. With u = W_ih x_t + b_ih and
//! v = W_hh h_{t-1} + b_hh (gates * hidden_size numbers each), it gives h_t (and c_t) from u, v and the previous state,
//! and, backward, dL/du, dL/dv and what flows directly into dL/dh_{t-1} and dL/dc_{t-1}. The matrix products, the
//! passes through time and the parameter gradients are [`crate::bptt`]'s and the same for all.
mod antisymmetric;
mod gru;
mod leaky;
mod lstm;
mod min_gru;
mod orthogonal;
mod rnn;
mod spec;

pub use antisymmetric::ANTISYMMETRIC;
pub use gru::GRU;
pub use leaky::LEAKY;
pub use lstm::LSTM;
pub use min_gru::MIN_GRU;
pub use orthogonal::ORTHOGONAL;
pub use rnn::{LINEAR, RELU, SIGMOID, TANH};
pub use spec::{
    BackwardStep, Block, CONSTANTS, CellReal, CellSpec, Constants, Effective, ForwardStep, Recurrence, Steps,
};

use crate::param::{ParamSpec, each_once, is_of_chosen};

/// All cells, in the order of the menu.
pub const ALL: &[&CellSpec] =
    &[&LINEAR, &TANH, &RELU, &SIGMOID, &LSTM, &GRU, &LEAKY, &ANTISYMMETRIC, &ORTHOGONAL, &MIN_GRU];

/// How many kinds of cell there are, for menus.
pub const KINDS: usize = {
    let (mut i, mut kinds) = (0, 0);
    while i < ALL.len() {
        if is_first_of_its_kind(i) {
            kinds += 1;
        }
        i += 1;
    }
    kinds
};

/// How many cells are one activation of a kind.
pub const ACTIVATIONS: usize = {
    let (mut i, mut activations) = (0, 0);
    while i < ALL.len() {
        if ALL[i].activation.is_some() {
            activations += 1;
        }
        i += 1;
    }
    activations
};

/// Whether no cell before this one in [`ALL`] is of its kind. Cells of one kind stand together.
pub const fn is_first_of_its_kind(index: usize) -> bool {
    if index == 0 {
        return true;
    }
    let (kind, before) = (ALL[index].kind.as_bytes(), ALL[index - 1].kind.as_bytes());
    if kind.len() != before.len() {
        return true;
    }
    let mut i = 0;
    while i < kind.len() {
        if kind[i] != before[i] {
            return true;
        }
        i += 1;
    }
    false
}

/// The names of the kinds, with commas between them.
pub fn kinds() -> String {
    let mut kinds: Vec<&str> = ALL.iter().map(|cell| cell.kind).collect();
    kinds.dedup();
    kinds.join(", ")
}

/// The constants of all cells, each once.
pub fn params() -> impl Iterator<Item = &'static ParamSpec> {
    each_once(|| ALL.iter().flat_map(|cell| cell.params.iter().copied()))
}

/// Whether a parameter has an effect with that cell; it has where it is no cell's.
pub fn applies(spec: &ParamSpec, chosen: &CellSpec) -> bool {
    is_of_chosen(spec, ALL.iter().map(|cell| (*cell == chosen, cell.params)))
}

/// The cell of that slug.
pub fn find(slug: &str) -> Option<&'static CellSpec> {
    ALL.iter().find(|cell| cell.slug == slug).copied()
}

/// The cell of that kind, with that activation where the kind has a choice.
pub fn of_kind(kind: &str, activation: &str) -> Option<&'static CellSpec> {
    ALL.iter().find(|cell| cell.kind == kind && cell.activation.is_none_or(|of_cell| of_cell == activation)).copied()
}

/// Whether cells of that kind differ in an activation, which is to be chosen.
pub fn takes_activation(kind: &str) -> bool {
    ALL.iter().any(|cell| cell.kind == kind && cell.activation.is_some())
}

/// The cell whose matrices have that many gates in PyTorch, the first of the list; `None` if no module of PyTorch has.
pub fn of_gates(gates: usize) -> Option<&'static CellSpec> {
    ALL.iter().find(|cell| cell.module.is_some() && cell.gates == gates).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plain_cell_has_a_gain() {
        for cell in ALL {
            assert_eq!(cell.xavier_gain.is_some(), cell.derivative_bound.is_some(), "{}", cell.slug);
        }
        assert_eq!(TANH.xavier_gain, Some(1.6666666666666667));
        assert!((RELU.xavier_gain.unwrap() - 2.0f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn a_number_of_gates_names_one_module_of_pytorch() {
        for (gates, cell) in [(1, &TANH), (3, &GRU), (4, &LSTM)] {
            assert_eq!(of_gates(gates), Some(cell));
        }
        assert_eq!(of_gates(2), None);
        for cell in ALL.iter().filter(|cell| cell.module.is_some()) {
            assert_eq!(of_gates(cell.gates).and_then(|found| found.module), cell.module, "{}", cell.slug);
        }
    }

    #[test]
    fn a_forget_gate_is_a_gate_and_has_the_name() {
        let found: Vec<(&str, usize)> = ALL.iter().filter_map(|cell| Some((cell.slug, cell.forget_gate()?))).collect();
        assert_eq!(found, [(LSTM.slug, 1)]);
        assert!(LSTM.blocks[1].gate && LSTM.blocks[1].name == "forget gate");
    }
}
