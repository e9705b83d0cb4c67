//! Kinds `rnn_grad`, `lstm_grad`, `gru_grad` and `tbptt`: a network given by its weights, run forward and backward.
use super::json::{Node, nested, number, numbers, object};
use serde_json::{Value, json};
use vanishing_core::bptt::{self, Sequences, Targets, Truncation};
use vanishing_core::cells;
use vanishing_core::network::{Network, Normalization, Weights};
use vanishing_core::scaled::log10_norm;

/// The reference's names of the tensors, in the network's order.
const NAMES: [&str; 6] = ["W_ih", "W_hh", "b_ih", "b_hh", "W_out", "b_out"];

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
    let (network, weights, sequences) = read(inputs)?;
    let passage = bptt::truncated_study(&network, &weights, &sequences, truncation);
    let gradient = passage.weights_gradient(&network);
    let power_of_ten = |x: f64| vanishing_core::math::powf(10.0, x);
    let norms = passage.gradient.iter().map(|part| power_of_ten(part.log10_norm()));
    let mut answer = states(&passage, &network, &sequences);
    answer["grad_params"] = named(&gradient);
    answer["grad_param_norms"] = object(NAMES.iter().zip(norms).map(|(name, norm)| ((*name).to_owned(), number(norm))));
    let logarithms = NAMES.iter().zip(&passage.gradient);
    answer["grad_params_log10_norm_true"] =
        object(logarithms.map(|(name, part)| ((*name).to_owned(), number(part.log10_norm()))));
    answer["total_grad_norm"] = number(power_of_ten(bptt::log10_global_norm(&passage.gradient)));
    Ok(answer)
}

/// Loss, last states and outputs, and the norms of the states' gradients.
pub(super) fn states(passage: &bptt::Passage, network: &Network, sequences: &Sequences) -> Value {
    let top = passage.top();
    let (batch, hidden) = (sequences.batch_size, network.hidden_size);
    let power_of_ten = |x: f64| vanishing_core::math::powf(10.0, x);
    let per_sample = top
        .hidden_gradients
        .iter()
        .map(|g| numbers(g.values.chunks(hidden).map(|sample| power_of_ten(log10_norm(sample, g.exponent)))));
    let mut answer = json!({
        "loss": number(passage.loss),
        "loss_true": number(passage.loss),
        "h_last": nested(&top.hidden[sequences.steps * batch * hidden..], &[batch, hidden]),
        "y_last": nested(&passage.output_last, &[batch, network.output_size]),
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

/// What a network is run on, as far as it is said in numbers.
pub(super) struct GivenShape {
    /// Cell and sizes.
    pub network: Network,
    steps: usize,
    batch: usize,
}

/// The sizes of a case; a plain cell's activation is `usual` where it does not say.
pub(super) fn shape(
    inputs: &Node,
    usual: Option<&'static str>,
    normalization: Option<Normalization>,
) -> Result<GivenShape, String> {
    let size = |name: &str| inputs.field(name)?.size();
    let (steps, batch, features, hidden, outputs) = (size("T")?, size("B")?, size("D")?, size("H")?, size("O")?);
    let cell_name = inputs.field("cell")?.text()?;
    let slug = match (cell_name, usual, inputs.optional("activation")) {
        ("rnn", Some(usual), None) => usual,
        ("rnn", ..) => inputs.field("activation")?.text()?,
        _ => cell_name,
    };
    let cell = cells::find(slug).ok_or_else(|| {
        let known: Vec<&str> = cells::ALL.iter().map(|cell| cell.slug).collect();
        format!("cell: “{slug}” is not one of {}", known.join(", "))
    })?;
    if let Some(node) = inputs.optional("activation").filter(|_| cell_name != "rnn") {
        return Err(node.refusal(&format!("the cell {cell_name} has none to choose")));
    }
    let network =
        Network { cell, layers: 1, input_size: features, hidden_size: hidden, output_size: outputs, normalization };
    Ok(GivenShape { network, steps, batch })
}

impl GivenShape {
    /// Inputs, start and targets.
    pub fn sequences(&self, inputs: &Node) -> Result<Sequences, String> {
        let Self { network, steps, batch } = *self;
        let (features, hidden, outputs, cell) =
            (network.input_size, network.hidden_size, network.output_size, network.cell);
        let loss = inputs.field("loss")?;
        let targets = inputs.field("targets")?;
        if let Some(node) = inputs.optional("c0").filter(|_| !cell.has_cell_state) {
            return Err(node.refusal(&format!("the cell {} has no cell state", cell.slug)));
        }
        let targets = match loss.field("type")?.text()? {
            "se_last" => Targets::SquaredErrorLast(targets.finite_array(&[batch, outputs])?),
            "se_all" => Targets::SquaredErrorAll(targets.finite_array(&[steps, batch, outputs])?),
            "ce_last" => {
                let classes = targets.list_of(batch)?;
                let class = |node: &Node| match node.count()? as usize {
                    class if class < outputs => Ok(class),
                    class => Err(format!("targets: class {class} is not below O = {outputs}")),
                };
                Targets::CrossEntropyLast(classes.iter().map(class).collect::<Result<_, String>>()?)
            }
            other => return Err(format!("loss.type: “{other}” is not se_last, se_all or ce_last")),
        };
        Ok(Sequences {
            steps,
            batch_size: batch,
            inputs: inputs.field("x")?.finite_array(&[steps, batch, features])?,
            hidden_start: inputs.field("h0")?.finite_array(&[batch, hidden])?,
            cell_start: if cell.has_cell_state {
                inputs.field("c0")?.finite_array(&[batch, hidden])?
            } else {
                Vec::new()
            },
            targets,
            loss_scale: loss.field("scale")?.number()?,
        })
    }
}

/// Network, weights and sequences of a case.
pub(super) fn read(inputs: &Node) -> Result<(Network, Weights<f64>, Sequences), String> {
    let shape = shape(inputs, None, None)?;
    let mut weights = shape.network.zeros::<f64>();
    let params = inputs.field("params")?;
    for (tensor, name) in weights.tensors.iter_mut().zip(NAMES) {
        let shape = if name.starts_with('b') { vec![tensor.rows] } else { vec![tensor.rows, tensor.columns] };
        tensor.values = params.field(name)?.finite_array(&shape)?;
    }
    Ok((shape.network, weights, shape.sequences(inputs)?))
}
