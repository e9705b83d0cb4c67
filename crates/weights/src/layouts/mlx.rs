//! MLX's layers: `Wx`, `Wh` and `bias` (LSTM), `Wx`, `Wh`, `b` and `bhn` (GRU), `Wxh`, `Whh` and `bias` (RNN).
//!
//! Rows and the order of the gates (i, f, g, o and r, z, n) are PyTorch's; b_hn stands inside the reset gate's product.
//! Before MLX 0.18 the matrices were stored transposed. Source: `mlx/nn/layers/recurrent.py`.
use super::spec::{Layout, Tensors};
use crate::recipe::{How, Recipe};

/// Registry entry.
pub const LAYOUT: Layout = Layout { title: "MLX", apply };

/// The names of W_ih and W_hh: of gated cells, and of the plain one.
const NAMES: [(&str, &str); 2] = [("Wx", "Wh"), ("Wxh", "Whh")];

fn apply(all: &mut Tensors) {
    for (input, recurrent) in NAMES {
        for prefix in all.before(recurrent) {
            if prefix.is_empty() || prefix.ends_with(['.', '/']) {
                translate(all, &prefix, input, recurrent);
            }
        }
    }
}

fn translate(all: &mut Tensors, prefix: &str, input: &str, recurrent: &str) {
    let name = |part: &str| format!("{prefix}{part}");
    let (of_input, of_recurrent) = (name(input), name(recurrent));
    let (Some(w_ih), Some(w_hh)) = (all.recipe(&of_input), all.recipe(&of_recurrent)) else { return };
    let ([a, b], [rows, columns]) = (&w_ih.shape()[..], &w_hh.shape()[..]) else { return };
    // A square W_hh says nothing; then W_ih does, unless it is square too.
    let old = rows < columns || rows == columns && a != rows && b == rows;
    let upright = |recipe: Recipe| if old { recipe.then(How::Transposed) } else { recipe };
    let says = if old {
        "MLX’s tensors were given PyTorch’s names, and transposed: before 0.18 MLX stored them so."
    } else {
        "MLX’s tensors were given PyTorch’s names."
    };
    all.replace(&[&of_input], name("weight_ih_l0"), Ok(upright(w_ih)), "");
    all.replace(&[&of_recurrent], name("weight_hh_l0"), Ok(upright(w_hh)), says);
    for bias in ["bias", "b"].map(name) {
        if let Some(recipe) = all.recipe(&bias) {
            all.replace(&[&bias], name("bias_ih_l0"), Ok(recipe), "");
        }
    }
    let of_candidate = name("bhn");
    if let Some(bhn) = all.recipe(&of_candidate) {
        let gates = bhn.shape().iter().map(|length| 2 * length).collect();
        let made = Recipe::Made(How::Stacked, vec![Recipe::Zeros(gates), bhn]);
        all.replace(&[&of_candidate], name("bias_hh_l0"), Ok(made), "");
    }
}
