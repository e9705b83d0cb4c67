//! Calls of `gradientNorms` for both directions and for projected states.
use super::case::{Case, array, number, result};
use serde_json::{Map, Value, json};
use vanishing_core::bptt::{self, Changes, LayerPass, Sequences, Targets, Truncation, Unwatched};
use vanishing_core::cells::{self, CellSpec};
use vanishing_core::given::{GivenStack, Named};
use vanishing_core::network::log10_sum_of_squares;
use vanishing_core::random::Stream;
use vanishing_core::stack::Stack;

const STEPS: usize = 7;
const BATCH: usize = 2;
const FEATURES: usize = 3;
const UNITS: usize = 4;
const OUTPUTS: usize = 2;

pub(super) fn stacks() -> Result<Vec<Case>, String> {
    let cases = [
        (&cells::LSTM, true, None, 2, true, Truncation::FULL),
        (&cells::GRU, true, None, 1, false, Truncation::last(3)),
        (&cells::RELU, true, None, 3, true, Truncation::sliding(4)),
        (&cells::LSTM, false, Some(3), 2, false, Truncation::FULL),
        (&cells::LSTM, true, Some(2), 2, true, Truncation::chunks(4)),
    ];
    cases
        .into_iter()
        .map(|(cell, both, size, layers, readout, cut)| stack(cell, both, size, layers, readout, cut))
        .collect()
}

fn tensors(directions: usize, gates: usize, projection: Option<usize>, layers: usize, readout: bool) -> Vec<Named> {
    let (mut stream, mut tensors) = (Stream::new(8, "test"), Vec::new());
    let (state, rows) = (projection.unwrap_or(UNITS), gates * UNITS);
    let mut add = |name: String, count: usize| {
        let values = stream.normals(count).iter().map(|x| 0.5 * x).collect();
        tensors.push(Named { name, values });
    };
    for layer in 0..layers {
        for suffix in ["", "_reverse"].into_iter().take(directions) {
            let inputs = if layer == 0 { FEATURES } else { directions * state };
            add(format!("weight_ih_l{layer}{suffix}"), rows * inputs);
            add(format!("weight_hh_l{layer}{suffix}"), rows * state);
            add(format!("bias_ih_l{layer}{suffix}"), rows);
            projection.into_iter().for_each(|size| add(format!("weight_hr_l{layer}{suffix}"), size * UNITS));
        }
    }
    if readout {
        add("weight_out".to_owned(), OUTPUTS * directions * state);
    }
    tensors
}

fn stack(
    cell: &'static CellSpec,
    both: bool,
    projection: Option<usize>,
    layers: usize,
    readout: bool,
    truncation: Truncation,
) -> Result<Case, String> {
    let tensors = tensors(if both { 2 } else { 1 }, cell.gates, projection, layers, readout);
    let weights: Map<String, Value> =
        tensors.iter().map(|tensor| (tensor.name.clone(), array(tensor.values.iter().copied()))).collect();
    let given = GivenStack {
        cell,
        layers,
        bidirectional: both,
        projection,
        input_size: FEATURES,
        hidden_size: UNITS,
        output_size: readout.then_some(OUTPUTS),
        tensors,
    };
    let stack = given.build()?;
    let mut stream = Stream::new(9, "test");
    let starts = stack.units.len() * BATCH * UNITS;
    let sequences = Sequences {
        steps: STEPS,
        batch_size: BATCH,
        inputs: stream.normals(STEPS * BATCH * FEATURES),
        hidden_start: if projection.is_some() { Vec::new() } else { stream.normals(starts) },
        cell_start: if cell.has_cell_state { stream.normals(starts) } else { Vec::new() },
        targets: Targets::SquaredErrorAll(stream.normals(STEPS * BATCH * stack.output_size())),
        loss_scale: 0.5,
    };
    let mut changes = Changes { truncation, omega: None, watch: &mut Unwatched };
    let found = bptt::stack_study(&stack, cell, &sequences, &mut changes, true);
    let Targets::SquaredErrorAll(targets) = &sequences.targets else { return Err("no targets".to_owned()) };
    let kind = if truncation.stride == 1 {
        "sliding"
    } else if truncation.stride == usize::MAX {
        "last"
    } else {
        "chunks"
    };
    let cut = (truncation != Truncation::FULL).then(|| json!({ "kind": kind, "steps": truncation.window }));
    let optional = |values: &[f64]| if values.is_empty() { Value::Null } else { array(values.iter().copied()) };
    let options = json!({
        "cell": cell.kind,
        "activation": cell.activation,
        "weights": weights,
        "bidirectional": both,
        "projectionSize": projection,
        "inputSize": FEATURES,
        "hiddenSize": UNITS,
        "outputSize": readout.then_some(OUTPUTS),
        "layers": layers,
        "sequenceLength": STEPS,
        "batchSize": BATCH,
        "inputs": array(sequences.inputs.iter().copied()),
        "hiddenStart": optional(&sequences.hidden_start),
        "cellStart": optional(&sequences.cell_start),
        "loss": "squared-error-all",
        "lossScale": 0.5,
        "targets": array(targets.iter().copied()),
        "truncation": cut,
    });
    let about =
        format!("{} in {layers} layers, both directions {both}, projected to {projection:?}, {kind}", cell.title);
    Ok(result(about, "gradientNorms", options, expected(&stack, cell, &found)))
}

fn expected(stack: &Stack, cell: &CellSpec, found: &bptt::StackPass) -> Value {
    let of_unit = |unit: &LayerPass, place: usize, reverse: Value| {
        let of_cell = |values: &[f64]| if cell.has_cell_state { array(values.iter().copied()) } else { Value::Null };
        let hidden = match &stack.units[place].projection {
            Some(projection) => projection.states(&unit.hidden),
            None => unit.hidden.clone(),
        };
        json!({
            "log10HiddenGradientNorms": array(unit.hidden_gradient_log10.iter().copied()),
            "log10CellGradientNorms": of_cell(&unit.cell_gradient_log10),
            "hidden": array(hidden),
            "cell": of_cell(&unit.cell),
            "reverse": reverse,
        })
    };
    let layers = found.units.chunks_exact(stack.directions).enumerate().map(|(layer, units)| {
        let place = layer * stack.directions;
        let reverse = units.get(1).map_or(Value::Null, |unit| of_unit(unit, place + 1, Value::Null));
        of_unit(&units[0], place, reverse)
    });
    let given = || {
        let all = stack.parameters().zip(&found.gradient);
        all.filter(|((_, given), _)| *given).map(|((tensor, _), gradient)| (tensor.name.clone(), gradient))
    };
    let norms: Vec<f64> = given().map(|(_, gradient)| gradient.log10_norm()).collect();
    json!({
        "loss": number(found.loss),
        "outputLast": array(found.output_last.iter().copied()),
        "layers": Value::from_iter(layers),
        "gradients": given().map(|(name, gradient)| (name, array(gradient.unscaled()))).collect::<Map<_, _>>(),
        "log10GradientNorms": given().map(|(name, gradient)| (name, number(gradient.log10_norm()))).collect::<Map<_, _>>(),
        "log10GlobalNorm": number(log10_sum_of_squares(norms.into_iter())),
    })
}
