//! `gradientNorms`.
use crate::answer::{Answer, list, numbers, object, set};
use crate::options::{Options, error};
use js_sys::Object;
use vanishing_core::bptt::{self, Changes, LayerPass, Sequences, Truncation, Unwatched};
use vanishing_core::cells::{self, CellSpec};
use vanishing_core::given::{GivenLoss, GivenNetwork, GivenSequences, GivenStack, bytes_needed, cell};
use vanishing_core::network::{Network, Tensor, log10_sum_of_squares};
use vanishing_core::scaled::Scaled;
use vanishing_core::stack::Projection;
use wasm_bindgen::JsValue;

/// The options of `gradientNorms`.
pub const NORMS: &[&str] = &[
    "cell",
    "activation",
    "weights",
    "inputSize",
    "hiddenSize",
    "outputSize",
    "layers",
    "bidirectional",
    "projectionSize",
    "sequenceLength",
    "batchSize",
    "inputs",
    "hiddenStart",
    "cellStart",
    "loss",
    "lossScale",
    "targets",
    "truncation",
];
/// The options of `truncation`.
pub const TRUNCATION: &[&str] = &["kind", "steps"];

const LOSSES: [(&str, GivenLoss); 4] = [
    ("squared-error-last", GivenLoss::SquaredErrorLast),
    ("squared-error-all", GivenLoss::SquaredErrorAll),
    ("cross-entropy-last", GivenLoss::CrossEntropyLast),
    ("cross-entropy-all", GivenLoss::CrossEntropyAll),
];

/// How the steps of a truncation are meant.
type Truncate = fn(usize) -> Truncation;

const TRUNCATIONS: [(&str, Truncate); 3] =
    [("chunks", Truncation::chunks), ("last", Truncation::last), ("sliding", Truncation::sliding)];

/// What a pass may need: WebAssembly has 4 GiB at the most, and the weights and copies need some of it.
const MOST_BYTES: u128 = 3 << 30;

/// One forward and backward pass.
pub fn norms(options: &JsValue) -> Answer {
    let options = Options::new(options, NORMS)?;
    let kind = options
        .optional_text("cell")?
        .ok_or_else(|| error(&format!("cell is missing; expected one of {}", cells::kinds())))?;
    let activation = options.optional_text("activation")?;
    let cell = cell(&kind, activation.as_deref()).map_err(|sentence| error(&sentence))?;
    let projection = options.optional_size("projectionSize")?;
    match options.flag("bidirectional")? || projection.is_some() {
        true => norms_of_stack(&options, cell, projection),
        false => norms_of_network(&options, cell),
    }
}

fn norms_of_network(options: &Options, cell: &'static CellSpec) -> Answer {
    let given = GivenNetwork {
        cell,
        layers: options.optional_size("layers")?.unwrap_or(1),
        input_size: options.size("inputSize")?,
        hidden_size: options.size("hiddenSize")?,
        output_size: options.optional_size("outputSize")?,
        tensors: options.arrays("weights")?,
    };
    let built = given.build().map_err(|sentence| error(&sentence))?;
    let given = sequences(options)?;
    let sequences = given.build(&built.network).map_err(|sentence| error(&sentence))?;
    let truncation = truncation(options)?;
    ensure_memory(&built.network, &sequences)?;
    let backward_pass = bptt::truncated_study(&built.network, &built.weights, &sequences, truncation);
    let parts = built.gradients(&backward_pass);
    let layers = backward_pass.layers.iter().map(|found| layer(cell, found, None, JsValue::NULL));
    Ok(answer(
        (backward_pass.loss, &backward_pass.output_last),
        list(layers),
        parts,
        built.log10_global_norm(&backward_pass),
    ))
}

fn norms_of_stack(options: &Options, cell: &'static CellSpec, projection: Option<usize>) -> Answer {
    let given = GivenStack {
        cell,
        layers: options.optional_size("layers")?.unwrap_or(1),
        bidirectional: options.flag("bidirectional")?,
        projection,
        input_size: options.size("inputSize")?,
        hidden_size: options.size("hiddenSize")?,
        output_size: options.optional_size("outputSize")?,
        tensors: options.arrays("weights")?,
    };
    let stack = given.build().map_err(|sentence| error(&sentence))?;
    let given = sequences(options)?;
    if let (Some(start), true) = (&given.hidden_start, stack.is_projected()) {
        return Err(error(&format!("{}: projected states start at h_0 = 0; leave it out", start.name)));
    }
    // As PyTorch has the states at the start: layer by layer, the direction backwards in time after the one forwards.
    let network = Network {
        cell,
        layers: stack.units.len(),
        input_size: stack.input_size,
        hidden_size: stack.hidden_size,
        output_size: stack.output_size(),
        normalization: None,
        constants: cell.usual_constants(),
    };
    let sequences = given.build(&network).map_err(|sentence| error(&sentence))?;
    let truncation = truncation(options)?;
    ensure_memory(&network, &sequences)?;
    let mut changes = Changes { truncation, omega: None, direction: None, watch: &mut Unwatched };
    let found = bptt::stack_study(&stack, cell, &sequences, &mut changes, true);
    let of_unit = |place: usize, reverse: JsValue| {
        layer(cell, &found.units[place], stack.units[place].projection.as_ref(), reverse)
    };
    let layers = (0..stack.layers).map(|number| {
        let place = number * stack.directions;
        let reverse = if stack.directions > 1 { of_unit(place + 1, JsValue::NULL).into() } else { JsValue::NULL };
        of_unit(place, reverse)
    });
    let parts = || {
        let all = stack.parameters().zip(&found.gradient);
        all.filter(|((_, given), _)| *given).map(|((tensor, _), gradient)| (tensor, gradient))
    };
    let norms: Vec<f64> = parts().map(|(_, gradient)| gradient.log10_norm()).collect();
    Ok(answer((found.loss, &found.output_last), list(layers), parts(), log10_sum_of_squares(norms.into_iter())))
}

fn sequences(options: &Options) -> Result<GivenSequences, JsValue> {
    Ok(GivenSequences {
        steps: options.size("sequenceLength")?,
        batch_size: options.optional_size("batchSize")?.unwrap_or(1),
        inputs: options.numbers("inputs")?,
        hidden_start: options.optional_numbers("hiddenStart")?,
        cell_start: options.optional_numbers("cellStart")?,
        loss: options.required_choice("loss", &LOSSES)?,
        targets: options.numbers("targets")?,
        loss_scale: options.optional_number("lossScale")?.unwrap_or(1.0),
    })
}

fn ensure_memory(network: &Network, sequences: &Sequences) -> Result<(), JsValue> {
    let bytes = bytes_needed(network, sequences.steps, sequences.batch_size);
    match bytes > MOST_BYTES {
        true => Err(error(&format!(
            "a pass over {} time steps of {} sequences may need {} MiB of memory; expected at most {} MiB",
            sequences.steps,
            sequences.batch_size,
            bytes >> 20,
            MOST_BYTES >> 20
        ))),
        false => Ok(()),
    }
}

fn truncation(options: &Options) -> Result<Truncation, JsValue> {
    let Some(value) = options.optional("truncation")? else { return Ok(Truncation::FULL) };
    let options = Options::within("truncation", &value, TRUNCATION)?;
    let truncate: Truncate = options.required_choice("kind", &TRUNCATIONS)?;
    match options.size("steps")? {
        0 => Err(error("truncation.steps is 0; expected a whole number from 1 on")),
        steps => Ok(truncate(steps)),
    }
}

fn answer<'a>(
    (loss, output_last): (f64, &[f64]),
    layers: JsValue,
    parts: impl Iterator<Item = (&'a Tensor<f64>, &'a Scaled<f64>)>,
    log10_global_norm: f64,
) -> Object {
    let (gradients, norms) = (Object::new(), Object::new());
    for (tensor, gradient) in parts {
        set(&gradients, &tensor.name, &numbers(&gradient.unscaled()));
        set(&norms, &tensor.name, &gradient.log10_norm().into());
    }
    object([
        ("loss", loss.into()),
        ("outputLast", numbers(output_last)),
        ("layers", layers),
        ("gradients", gradients.into()),
        ("log10GradientNorms", norms.into()),
        ("log10GlobalNorm", log10_global_norm.into()),
    ])
}

/// `reverse`: what the layer saw backwards in time.
fn layer(cell: &CellSpec, found: &LayerPass, projection: Option<&Projection>, reverse: JsValue) -> Object {
    let of_cell = |values: &[f64]| if cell.has_cell_state { numbers(values) } else { JsValue::NULL };
    object([
        ("log10HiddenGradientNorms", numbers(&found.hidden_gradient_log10)),
        ("log10CellGradientNorms", of_cell(&found.cell_gradient_log10)),
        ("hidden", projection.map_or_else(|| numbers(&found.hidden), |by| numbers(&by.states(&found.hidden)))),
        ("cell", of_cell(&found.cell)),
        ("reverse", reverse),
    ])
}
