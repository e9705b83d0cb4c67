//! Calls of `gradientNorms`: cells, losses, truncation.
use super::case::{Case, array, number, result};
use serde_json::{Map, Value, json};
use vanishing_core::bptt::{self, Truncation};
use vanishing_core::cells::{self, CellSpec};
use vanishing_core::given::{GivenLoss, GivenNetwork, GivenSequences, Named};
use vanishing_core::network::Network;
use vanishing_core::random::Stream;

/// What distinguishes one call of `gradientNorms` from another.
pub(super) struct Pass {
    cell: &'static CellSpec,
    layers: usize,
    steps: usize,
    loss: (&'static str, GivenLoss),
    truncation: Option<(&'static str, usize)>,
    /// Factor of W_hh.
    gain: f64,
    /// Tensors that are left out.
    without: &'static [&'static str],
}

pub(super) const LAST: (&str, GivenLoss) = ("squared-error-last", GivenLoss::SquaredErrorLast);

pub(super) const ALL: (&str, GivenLoss) = ("squared-error-all", GivenLoss::SquaredErrorAll);

pub(super) const CLASS_LAST: (&str, GivenLoss) = ("cross-entropy-last", GivenLoss::CrossEntropyLast);

pub(super) const CLASS_ALL: (&str, GivenLoss) = ("cross-entropy-all", GivenLoss::CrossEntropyAll);

pub(super) fn networks() -> Result<Vec<Case>, String> {
    let plain = |cell| Pass { cell, layers: 1, steps: 12, loss: LAST, truncation: None, gain: 1.0, without: &[] };
    let mut passes: Vec<Pass> = cells::ALL.iter().map(|cell| plain(cell)).collect();
    for cell in [&cells::LSTM, &cells::GRU, &cells::TANH] {
        passes.push(Pass { layers: 2, loss: CLASS_ALL, ..plain(cell) });
        passes.push(Pass { loss: ALL, truncation: Some(("sliding", 3)), ..plain(cell) });
        passes.push(Pass { loss: CLASS_LAST, truncation: Some(("last", 5)), ..plain(cell) });
        passes.push(Pass { layers: 3, loss: ALL, truncation: Some(("chunks", 5)), ..plain(cell) });
        passes.push(Pass { without: &["weight_out", "bias_out", "bias_ih_l0"], ..plain(cell) });
        passes.push(Pass { steps: 300, gain: 0.02, ..plain(cell) });
    }
    // What overflows is no mistake: the last norms are near 10^45000.
    passes.push(Pass { steps: 150, gain: 1e300, ..plain(&cells::LINEAR) });
    passes.into_iter().map(gradient_norms).collect()
}

/// Two features in, four units, three out, two sequences.
pub(super) fn gradient_norms(pass: Pass) -> Result<Case, String> {
    let (input_size, hidden_size, batch_size) = (2, 4, 2);
    let has_readout = !pass.without.contains(&"weight_out");
    let output_size = if has_readout { 3 } else { hidden_size };
    let shapes = Network {
        cell: pass.cell,
        layers: pass.layers,
        input_size,
        hidden_size,
        output_size,
        normalization: None,
        constants: pass.cell.usual_constants(),
    };
    let mut stream = Stream::new(5, "test");
    let mut tensors = Vec::new();
    for tensor in shapes.zeros::<f64>().tensors {
        let scale = if tensor.name.starts_with("weight_hh") { pass.gain } else { 1.0 };
        let values = stream.normals(tensor.values.len()).iter().map(|x| scale * x).collect();
        // What a cell does not have has no numbers.
        if !tensor.values.is_empty() && !pass.without.contains(&tensor.name.as_str()) {
            tensors.push(Named { name: tensor.name, values });
        }
    }
    let mut named = |name: &str, count: usize| Named { name: name.to_owned(), values: stream.normals(count) };
    let times =
        if matches!(pass.loss.1, GivenLoss::SquaredErrorAll | GivenLoss::CrossEntropyAll) { pass.steps } else { 1 };
    let targets = match pass.loss.1 {
        GivenLoss::SquaredErrorLast | GivenLoss::SquaredErrorAll => named("targets", times * batch_size * output_size),
        _ => Named {
            name: "targets".to_owned(),
            values: (0..times * batch_size).map(|i| (i * i % output_size) as f64).collect(),
        },
    };
    let sequences = GivenSequences {
        steps: pass.steps,
        batch_size,
        inputs: named("inputs", pass.steps * batch_size * input_size),
        hidden_start: Some(named("hiddenStart", pass.layers * batch_size * hidden_size)),
        cell_start: pass.cell.has_cell_state.then(|| named("cellStart", pass.layers * batch_size * hidden_size)),
        loss: pass.loss.1,
        targets,
        loss_scale: 0.25,
    };
    let numbers = |given: &Named| array(given.values.iter().copied());
    let weights: Map<String, Value> = tensors.iter().map(|tensor| (tensor.name.clone(), numbers(tensor))).collect();
    let options = json!({
        "cell": pass.cell.kind,
        "activation": pass.cell.activation,
        "weights": weights,
        "inputSize": input_size,
        "hiddenSize": hidden_size,
        "outputSize": output_size,
        "layers": pass.layers,
        "sequenceLength": pass.steps,
        "batchSize": batch_size,
        "inputs": numbers(&sequences.inputs),
        "hiddenStart": sequences.hidden_start.as_ref().map(numbers),
        "cellStart": sequences.cell_start.as_ref().map(numbers),
        "loss": pass.loss.0,
        "lossScale": 0.25,
        "targets": numbers(&sequences.targets),
        "truncation": pass.truncation.map(|(kind, steps)| json!({ "kind": kind, "steps": steps })),
    });
    let truncation = match pass.truncation {
        Some(("chunks", steps)) => Truncation::chunks(steps),
        Some(("last", steps)) => Truncation::last(steps),
        Some((_, steps)) => Truncation::sliding(steps),
        None => Truncation::FULL,
    };
    let given = GivenNetwork {
        cell: pass.cell,
        layers: pass.layers,
        input_size,
        hidden_size,
        output_size: Some(output_size),
        tensors,
    };
    let built = given.build()?;
    let sequences = sequences.build(&built.network)?;
    let passage = bptt::truncated_study(&built.network, &built.weights, &sequences, truncation);
    let of_cell = |values: &[f64]| if pass.cell.has_cell_state { array(values.iter().copied()) } else { Value::Null };
    let layers = passage.layers.iter().map(|layer| {
        json!({
            "log10HiddenGradientNorms": array(layer.hidden_gradient_log10.iter().copied()),
            "log10CellGradientNorms": of_cell(&layer.cell_gradient_log10),
            "hidden": array(layer.hidden.iter().copied()),
            "cell": of_cell(&layer.cell),
            "reverse": Value::Null,
        })
    });
    let each = |part: &dyn Fn(&vanishing_core::scaled::Scaled<f64>) -> Value| -> Value {
        built.gradients(&passage).map(|(tensor, gradient)| (tensor.name.clone(), part(gradient))).collect()
    };
    let sentence = format!(
        "{} in {} layers over {} steps, {}, truncation {:?}, gain {}, without {:?}",
        pass.cell.title, pass.layers, pass.steps, pass.loss.0, pass.truncation, pass.gain, pass.without
    );
    let expected = json!({
        "loss": number(passage.loss),
        "outputLast": array(passage.output_last.iter().copied()),
        "layers": Value::from_iter(layers),
        "gradients": each(&|gradient| array(gradient.unscaled())),
        "log10GradientNorms": each(&|gradient| number(gradient.log10_norm())),
        "log10GlobalNorm": number(built.log10_global_norm(&passage)),
    });
    Ok(result(sentence, "gradientNorms", options, expected))
}
