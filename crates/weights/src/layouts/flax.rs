//! Flax's cells: a dense layer for each gate, `ii if ig io hi hf hg ho` (LSTMCell), `ir iz in hr hz hn` (GRUCell), `i h`
//! (SimpleCell), or one for all, `dense_i dense_h` (nnx), with `kernel` (inputs, units) and `bias`.
//!
//! The equations are PyTorch's. Sources: `flax/linen/recurrent.py`, `flax/nnx/nn/recurrent.py`.
use super::spec::{Layout, Tensors};
use crate::recipe::{How, Recipe};
use crate::tensors::count;

/// Registry entry.
pub const LAYOUT: Layout = Layout { title: "Flax", apply };

/// The dense layers from the input and from the state, gate after gate.
const CELLS: [(&[&str], &[&str]); 5] = [
    (&["ii", "if", "ig", "io"], &["hi", "hf", "hg", "ho"]),
    (&["ii", "if_", "ig", "io"], &["hi", "hf", "hg", "ho"]),
    (&["ir", "iz", "in"], &["hr", "hz", "hn"]),
    (&["dense_i"], &["dense_h"]),
    (&["i"], &["h"]),
];

fn apply(all: &mut Tensors) {
    for (input, recurrent) in CELLS {
        for separator in ['.', '/'] {
            let Some(last) = recurrent.last() else { continue };
            for prefix in all.before(&format!("{last}{separator}kernel")) {
                if prefix.is_empty() || prefix.ends_with(separator) {
                    translate(all, &prefix, separator, [input, recurrent]);
                }
            }
        }
    }
}

fn translate(all: &mut Tensors, prefix: &str, separator: char, sides: [&[&str]; 2]) {
    let name = |layer: &str, part: &str| format!("{prefix}{layer}{separator}{part}");
    let kernel = |layer: &&str| all.recipe(&name(layer, "kernel")).filter(|kernel| kernel.shape().len() == 2);
    let kernels = sides.map(|layers| layers.iter().map(kernel).collect::<Option<Vec<_>>>());
    let [Some(w_ih), Some(w_hh)] = kernels else { return };
    for (part, layers, kernels) in [("ih", sides[0], w_ih), ("hh", sides[1], w_hh)] {
        // Gates without a bias, beside some with one, have zeros.
        let biases: Vec<Option<Recipe>> = layers.iter().map(|layer| all.recipe(&name(layer, "bias"))).collect();
        if biases.iter().any(Option::is_some) {
            let rows = |kernel: &Recipe| kernel.shape().get(1).copied().unwrap_or(0);
            let zeros = kernels.iter().map(|kernel| Recipe::Zeros(vec![rows(kernel)]));
            let all_of_them = biases.into_iter().zip(zeros).map(|(bias, zeros)| bias.unwrap_or(zeros)).collect();
            let names: Vec<String> = layers.iter().map(|layer| name(layer, "bias")).collect();
            let taken: Vec<&str> = names.iter().map(String::as_str).collect();
            let made = Recipe::Made(How::Stacked, all_of_them);
            all.replace(&taken, format!("{prefix}bias_{part}_l0"), Ok(made), "");
        }
        let upright: Vec<Recipe> = kernels.into_iter().map(|kernel| kernel.then(How::Transposed)).collect();
        let names: Vec<String> = layers.iter().map(|layer| name(layer, "kernel")).collect();
        let taken: Vec<&str> = names.iter().map(String::as_str).collect();
        let says = "Flax’s gates were put together in PyTorch’s order, and transposed.";
        let made = Recipe::Made(How::Stacked, upright);
        // Parts of other widths would make a matrix of no shape.
        if same_columns(&made) {
            all.replace(&taken, format!("{prefix}weight_{part}_l0"), Ok(made), says);
        }
    }
}

fn same_columns(made: &Recipe) -> bool {
    let Recipe::Made(_, parts) = made else { return true };
    let total: usize = parts.iter().map(|part| count(&part.shape())).fold(0, usize::saturating_add);
    total == count(&made.shape())
}
