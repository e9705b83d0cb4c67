//! `gradientNorms`.
use crate::answer::{Answer, list, numbers, object, set};
use crate::options::{Options, error};
use js_sys::Object;
use vanishing_core::bptt::{self, BackwardPass, LayerPass, Truncation};
use vanishing_core::given::{BuiltNetwork, GivenLoss, GivenNetwork, GivenSequences, bytes_needed, cell};
use vanishing_core::network::Network;
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
    let built = network(&options)?;
    let given = GivenSequences {
        steps: options.size("sequenceLength")?,
        batch_size: options.optional_size("batchSize")?.unwrap_or(1),
        inputs: options.numbers("inputs")?,
        hidden_start: options.optional_numbers("hiddenStart")?,
        cell_start: options.optional_numbers("cellStart")?,
        loss: options.required_choice("loss", &LOSSES)?,
        targets: options.numbers("targets")?,
        loss_scale: options.optional_number("lossScale")?.unwrap_or(1.0),
    };
    let sequences = given.build(&built.network).map_err(|sentence| error(&sentence))?;
    let truncation = truncation(&options)?;
    let bytes = bytes_needed(&built.network, sequences.steps, sequences.batch_size);
    if bytes > MOST_BYTES {
        return Err(error(&format!(
            "a pass over {} time steps of {} sequences may need {} MiB of memory; expected at most {} MiB",
            sequences.steps,
            sequences.batch_size,
            bytes >> 20,
            MOST_BYTES >> 20
        )));
    }
    let backward_pass = bptt::truncated_study(&built.network, &built.weights, &sequences, truncation);
    Ok(answer(&built, &backward_pass))
}

fn network(options: &Options) -> Result<BuiltNetwork, JsValue> {
    let kind =
        options.optional_text("cell")?.ok_or_else(|| error("cell is missing; expected one of rnn, lstm, gru"))?;
    let activation = options.optional_text("activation")?;
    let given = GivenNetwork {
        cell: cell(&kind, activation.as_deref()).map_err(|sentence| error(&sentence))?,
        layers: options.optional_size("layers")?.unwrap_or(1),
        input_size: options.size("inputSize")?,
        hidden_size: options.size("hiddenSize")?,
        output_size: options.optional_size("outputSize")?,
        tensors: options.arrays("weights")?,
    };
    given.build().map_err(|sentence| error(&sentence))
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

fn answer(built: &BuiltNetwork, backward_pass: &BackwardPass) -> Object {
    let (gradients, norms) = (Object::new(), Object::new());
    for (tensor, gradient) in built.gradients(backward_pass) {
        set(&gradients, &tensor.name, &numbers(&gradient.unscaled()));
        set(&norms, &tensor.name, &gradient.log10_norm().into());
    }
    object([
        ("loss", backward_pass.loss.into()),
        ("outputLast", numbers(&backward_pass.output_last)),
        ("layers", list(backward_pass.layers.iter().map(|found| layer(&built.network, found)))),
        ("gradients", gradients.into()),
        ("log10GradientNorms", norms.into()),
        ("log10GlobalNorm", built.log10_global_norm(backward_pass).into()),
    ])
}

fn layer(network: &Network, found: &LayerPass) -> Object {
    let of_cell = |values: &[f64]| if network.cell.has_cell_state { numbers(values) } else { JsValue::NULL };
    object([
        ("log10HiddenGradientNorms", numbers(&found.hidden_gradient_log10)),
        ("log10CellGradientNorms", of_cell(&found.cell_gradient_log10)),
        ("hidden", numbers(&found.hidden)),
        ("cell", of_cell(&found.cell)),
    ])
}
