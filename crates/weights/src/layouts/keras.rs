//! Keras's SimpleRNN, GRU and LSTM: `kernel` (inputs, g × units), `recurrent_kernel` (units, g × units), `bias`.
//!
//! Gates stand in the order i, f, c, o (LSTM) and z, r, h (GRU). A GRU with `reset_after` has a bias of the shape
//! (2, 3 × units), and is PyTorch's; one without multiplies by the reset gate before U, which is another equation.
//! Keras 2 ends its names with `:0`; a bidirectional layer has parts `forward_NAME` and `backward_NAME`.
use super::spec::{Layout, Tensors};
use crate::recipe::{How, Recipe};
use crate::words::{shape_text, shortened};

/// Registry entry.
pub const LAYOUT: Layout = Layout { title: "Keras", apply };

const RECURRENT: &str = "recurrent_kernel";

fn apply(all: &mut Tensors) {
    name_numbered(all);
    let mut cells = Vec::new();
    for end in ["", ":0"] {
        cells.extend(all.before(&format!("{RECURRENT}{end}")).into_iter().map(|prefix| (prefix, end)));
    }
    let prefixes: Vec<String> = cells.iter().map(|(prefix, _)| prefix.clone()).collect();
    for (prefix, end) in cells {
        let (to, reverse) = direction(&prefix, &prefixes);
        translate(all, &prefix, end, &to, if reverse { "_l0_reverse" } else { "_l0" });
    }
}

/// The names of what `.weights.h5` of Keras 3 only numbers, in the order in which a cell makes them: `NAME/cell/vars/0` is its kernel,
/// 1 its recurrent kernel, 2 its bias. Other layers have no second matrix.
fn name_numbered(all: &mut Tensors) {
    for prefix in all.before("vars/1") {
        let [kernel, recurrent, bias] = ["vars/0", "vars/1", "vars/2"].map(|part| format!("{prefix}{part}"));
        let (Some(w_ih), Some(w_hh)) = (all.recipe(&kernel), all.recipe(&recurrent)) else { continue };
        let ([_, columns], [units, same]) = (&w_ih.shape()[..], &w_hh.shape()[..]) else { continue };
        if columns != same || ![1, 3, 4].iter().any(|gates| gates * units == *columns) {
            continue;
        }
        let says = "Keras’s numbered tensors (vars/0, vars/1, …) were taken as kernel, recurrent kernel and bias.";
        all.replace(&[&recurrent], format!("{prefix}{RECURRENT}"), Ok(w_hh), says);
        all.replace(&[&kernel], format!("{prefix}kernel"), Ok(w_ih), "");
        if let Some(recipe) = all.recipe(&bias) {
            all.replace(&[&bias], format!("{prefix}bias"), Ok(recipe), "");
        }
    }
}

/// What stands before `forward_` or `backward_`, if there is one of each behind it, and whether it is the latter.
fn direction(prefix: &str, all: &[String]) -> (String, bool) {
    let split = |prefix: &str, word: &str| {
        let at = prefix.find(word)?;
        (at == 0 || prefix[..at].ends_with(['/', '.'])).then(|| prefix[..at].to_owned())
    };
    let words = ["forward_", "backward_"];
    for (word, reverse) in words.into_iter().zip([false, true]) {
        let Some(before) = split(prefix, word) else { continue };
        let count = |word: &str| all.iter().filter(|other| split(other, word).as_ref() == Some(&before)).count();
        if words.iter().all(|word| count(word) == 1) {
            return (before, reverse);
        }
    }
    (prefix.to_owned(), false)
}

fn translate(all: &mut Tensors, prefix: &str, end: &str, to: &str, layer: &str) {
    let name = |part: &str| format!("{prefix}{part}{end}");
    let [kernel, recurrent, bias] = ["kernel", RECURRENT, "bias"].map(name);
    let Some(w_hh) = all.recipe(&recurrent) else { return };
    let [units, columns] = w_hh.shape()[..] else { return };
    if units == 0 || !columns.is_multiple_of(units) {
        return;
    }
    let gates = columns / units;
    let is_gru = gates == 3;
    let in_order = |recipe: Recipe| if is_gru { recipe.then(How::Blocks(&[1, 0, 2])) } else { recipe };
    let of_bias = all.recipe(&bias);
    let shape = of_bias.as_ref().map(Recipe::shape);
    let mut says = match gates {
        1 => "Keras’s kernels were transposed.".to_owned(),
        _ => "Keras’s kernels were transposed, and its gates put into PyTorch’s order. That its activations are sigmoid and \
              tanh is assumed: the file does not say."
            .to_owned(),
    };
    if let Some(before) = all.get(&recurrent).and_then(|tensor| tensor.says.as_ref()) {
        says = format!("{before} {says}");
    }
    let why_not = match shape.as_deref() {
        Some([length]) if is_gru && *length == columns => Some(format!(
            "{} has the shape {}: this GRU was made with reset_after=False and takes tanh(W x + U (r ⊙ h) + b) for its \
             candidate, where PyTorch, cuDNN and this page have tanh(W x + b + r ⊙ (U h + c)); only the latter is run",
            shortened(&bias),
            shape_text(&[*length])
        )),
        Some([length]) if *length == 2 * columns => Some(format!(
            "{} has the shape {}, as that of a CuDNN layer of Keras, whose kernels lie in another way; load it into an \
             ordinary layer and save that",
            shortened(&bias),
            shape_text(&[*length])
        )),
        _ => None,
    };
    if is_gru && of_bias.is_none() {
        says += " Without a bias, nothing says whether this GRU was made with reset_after; Keras’s default, True, is taken.";
    }
    if let Some(w_ih) = all.recipe(&kernel) {
        let made = in_order(w_ih.then(How::Transposed));
        all.replace(&[&kernel], format!("{to}weight_ih{layer}"), Ok(made), "");
    }
    let target = format!("{to}weight_hh{layer}");
    all.replace(&[&recurrent], target.clone(), Ok(in_order(w_hh.then(How::Transposed))), &says);
    if let Some(why) = why_not {
        all.refuse(&target, &why);
    }
    let Some(of_bias) = of_bias else { return };
    if shape.is_some_and(|shape| is_gru && shape == [2, columns]) {
        let half = |index| Ok(in_order(of_bias.clone().then(How::Entry(index))));
        let (first, second) = (half(0), half(1));
        all.replace(&[&bias], format!("{to}bias_ih{layer}"), first, "");
        all.replace(&[], format!("{to}bias_hh{layer}"), second, "");
    } else {
        all.replace(&[&bias], format!("{to}bias_ih{layer}"), Ok(in_order(of_bias)), "");
    }
}
