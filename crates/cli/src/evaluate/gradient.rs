//! Kinds `rnn_grad`, `lstm_grad`, `gru_grad` and `tbptt`: a network given by its weights, run forward and backward.
use serde_json::{Value, json};
use vanishing_core::bptt::{self, Sequences, Truncation};
use vanishing_core::network::{Network, Weights};
use vanishing_core::scaled::log10_norm;
use vanishing_weights::case::{self, NAMES};
use vanishing_weights::json::{Node, nested, number, numbers, object};

/// Gradients of a network.
pub fn gradient(inputs: &Node) -> Result<Value, String> {
    answer(inputs, Truncation::FULL)
}

/// Gradients that are followed only so far back.
pub fn truncated_gradient(inputs: &Node) -> Result<Value, String> {
    let tbptt = inputs.field("tbptt")?;
    let k = tbptt.field("k")?.size()?;
    let truncation = match tbptt.field("mode")?.text()? {
        "detach_chunks" => Truncation::chunks(k),
        "last_k" => Truncation::last(k),
        "sliding" => Truncation::sliding(k),
        other => return Err(format!("tbptt.mode: “{other}” is not detach_chunks, last_k or sliding")),
    };
    answer(inputs, truncation)
}

fn answer(inputs: &Node, truncation: Truncation) -> Result<Value, String> {
    let (network, weights, sequences) = case::read(inputs)?;
    let backward_pass = bptt::truncated_study(&network, &weights, &sequences, truncation);
    let gradient = backward_pass.weights_gradient(&network);
    let power_of_ten = |x: f64| vanishing_core::math::powf(10.0, x);
    let norms = backward_pass.gradient.iter().map(|part| power_of_ten(part.log10_norm()));
    let mut answer = states(&backward_pass, &network, &sequences);
    answer["grad_params"] = named(&gradient);
    answer["grad_param_norms"] = object(NAMES.iter().zip(norms).map(|(name, norm)| ((*name).to_owned(), number(norm))));
    let logarithms = NAMES.iter().zip(&backward_pass.gradient);
    answer["grad_params_log10_norm_true"] =
        object(logarithms.map(|(name, part)| ((*name).to_owned(), number(part.log10_norm()))));
    answer["total_grad_norm"] = number(power_of_ten(bptt::log10_global_norm(&backward_pass.gradient)));
    Ok(answer)
}

/// Loss, last states and outputs, and the norms of the states' gradients.
pub(super) fn states(backward_pass: &bptt::BackwardPass, network: &Network, sequences: &Sequences) -> Value {
    let top = backward_pass.top();
    let (batch, hidden) = (sequences.batch_size, network.hidden_size);
    let power_of_ten = |x: f64| vanishing_core::math::powf(10.0, x);
    let per_sample = top
        .hidden_gradients
        .iter()
        .map(|g| numbers(g.values.chunks(hidden).map(|sample| power_of_ten(log10_norm(sample, g.exponent)))));
    let mut answer = json!({
        "loss": number(backward_pass.loss),
        "loss_true": number(backward_pass.loss),
        "h_last": nested(&top.hidden[sequences.steps * batch * hidden..], &[batch, hidden]),
        "y_last": nested(&backward_pass.output_last, &[batch, network.output_size]),
        "grad_h_norm": numbers(top.hidden_gradient_log10.iter().map(|x| power_of_ten(*x))),
        "grad_h_log10_norm_true": numbers(top.hidden_gradient_log10.iter().copied()),
        "grad_h_norm_per_sample": Value::Array(per_sample.collect()),
    });
    if network.cell.has_cell_state {
        answer["c_last"] = nested(&top.cell[sequences.steps * batch * hidden..], &[batch, hidden]);
        answer["grad_c_norm"] = numbers(top.cell_gradient_log10.iter().map(|x| power_of_ten(*x)));
        answer["grad_c_log10_norm_true"] = numbers(top.cell_gradient_log10.iter().copied());
    }
    answer
}

/// The six tensors by the reference's names.
pub(super) fn named(gradient: &Weights<f64>) -> Value {
    object(gradient.tensors.iter().zip(NAMES).map(|(tensor, name)| {
        let shape = if name.starts_with('b') { vec![tensor.rows] } else { vec![tensor.rows, tensor.columns] };
        (name.to_owned(), nested(&tensor.values, &shape))
    }))
}
