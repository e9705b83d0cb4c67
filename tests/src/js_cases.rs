//! Calls of the JavaScript package, and what native code makes of the same: every bit of a result, every word of an error.
//!
//! The cases are JSON, in the notation that `scripts/answer_cases.js` explains, so that one list is answered in Node and
//! in every browser.

use serde_json::{Map, Value, json};
use vanishing_core::bptt::{self, Truncation};
use vanishing_core::cells::{self, CellSpec};
use vanishing_core::given::{self, GivenLoss, GivenNetwork, GivenSequences, Named};
use vanishing_core::network::Network;
use vanishing_core::param::Settings;
use vanishing_core::random::Stream;
use vanishing_core::spectral::{self, SymmetricMatrix, Threshold};
use vanishing_core::training::{Place, Report, Trainer, params};

/// One call.
pub struct Case {
    /// What is asked, for the report.
    pub sentence: String,
    /// The function.
    pub call: &'static str,
    /// Its options.
    pub options: Value,
    /// {result} or {error}.
    pub expected: Value,
}

/// The calls as the scripts read them.
pub fn to_text(cases: &[Case]) -> String {
    Value::from_iter(cases.iter().map(|case| json!({ "call": case.call, "options": case.options }))).to_string()
}

/// The sentences of all cases that were not answered as expected, with what was answered.
///
/// # Errors
/// When the answers are not JSON, or not as many as the cases.
pub fn differences(cases: &[Case], answers: &str) -> Result<Vec<String>, String> {
    let answers: Vec<Value> = serde_json::from_str(answers).map_err(|error| format!("no JSON: {error}"))?;
    if answers.len() != cases.len() {
        return Err(format!("{} cases, {} answers", cases.len(), answers.len()));
    }
    let pairs = cases.iter().zip(&answers);
    Ok(pairs
        .filter_map(|(case, answer)| Some(format!("{}: {}", case.sentence, difference(&case.expected, answer)?)))
        .collect())
}

/// Where two values differ first, if they do; numbers must agree in every bit.
fn difference(expected: &Value, found: &Value) -> Option<String> {
    let within = |key: &str, rest: String| Some(format!("{key}: {rest}"));
    match (expected, found) {
        (Value::Number(a), Value::Number(b)) if a.as_f64().map(f64::to_bits) == b.as_f64().map(f64::to_bits) => None,
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut entries = a.iter().zip(b).enumerate();
            entries.find_map(|(i, (a, b))| within(&i.to_string(), difference(a, b)?))
        }
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => a.iter().find_map(|(key, a)| match b.get(key) {
            Some(b) => within(key, difference(a, b)?),
            None => within(key, "missing".to_owned()),
        }),
        (a, b) if a == b => None,
        (a, b) => Some(format!("expected {a}, found {b}")),
    }
}

/// A number as the scripts write it.
fn number(x: f64) -> Value {
    if x.is_nan() {
        json!("NaN")
    } else if x.is_infinite() {
        json!(if x > 0.0 { "Infinity" } else { "-Infinity" })
    } else if x == 0.0 && x.is_sign_negative() {
        json!("-0")
    } else {
        json!(x)
    }
}

fn list(values: impl IntoIterator<Item = f64>) -> Value {
    values.into_iter().map(number).collect()
}

fn array(values: impl IntoIterator<Item = f64>) -> Value {
    json!({ "Float64Array": list(values) })
}

/// Numbers with signs and logarithms.
fn signed(values: &[(f64, f64)]) -> Value {
    let sign = |(sign, log10): &(f64, f64)| if *log10 == f64::NEG_INFINITY { 0.0 } else { *sign };
    json!({
        "sign": { "Int8Array": list(values.iter().map(sign)) },
        "log10Abs": array(values.iter().map(|(_, log10)| *log10)),
    })
}

/// All calls that have a result.
///
/// # Errors
/// When native code refuses what was meant to be right.
pub fn with_results() -> Result<Vec<Case>, String> {
    let mut cases = matrices()?;
    cases.extend(alignments()?);
    cases.extend(probabilities());
    cases.extend(networks()?);
    cases.extend(trainings());
    Ok(cases)
}

/// Runs of training: of a cell each, with a remedy each, one of which breaks down.
fn trainings() -> Vec<Case> {
    let runs = [
        (
            "a clipped tanh network",
            json!({ "hiddenSize": 9, "sequenceLength": 12, "clipNorm": true, "maxNorm": 0.5 }),
            60,
        ),
        ("an LSTM with Adam", json!({ "cell": "lstm", "hidden-size": 5, "optimizer": "adam", "task": "adding" }), 5),
        ("a GRU in segments", json!({ "cell": "gru", "hiddenSize": 5, "checkpointing": true, "batchNorm": true }), 3),
        ("a run that breaks down", json!({ "activation": "relu", "learningRate": 1e6, "task": "adding" }), 60),
    ];
    runs.into_iter().map(|(sentence, options, steps)| training(sentence, &options, steps)).collect()
}

fn training(sentence: &str, options: &Value, steps: usize) -> Case {
    let kebab = |key: &str| -> String {
        key.chars()
            .map(|c| if c.is_ascii_uppercase() { format!("-{}", c.to_ascii_lowercase()) } else { c.to_string() })
            .collect()
    };
    let pairs: Vec<(String, String)> = options
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (kebab(key), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let pairs = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let mut trainer = Trainer::new(&Settings::from_pairs(params::all(), pairs).0);
    let reports: Vec<Report> = (0..steps).map_while(|_| trainer.step()).collect();
    let column = |of: &dyn Fn(&Report) -> f64| array(reports.iter().map(of).collect::<Vec<f64>>());
    let breakdown = trainer.breakdown().map_or(Value::Null, |breakdown| {
        let (place, tensor) = match &breakdown.place {
            Place::State { .. } => ("state", Value::Null),
            Place::Loss => ("loss", Value::Null),
            Place::Gradient(name) => ("gradient", json!(name)),
            Place::Weights(name) => ("weights", json!(name)),
        };
        json!({ "step": number(breakdown.step as f64), "place": place, "tensor": tensor })
    });
    let newest = reports.last();
    let report = json!({
        "step": column(&|report| report.step as f64),
        "loss": column(&|report| report.loss),
        "accuracy": column(&|report| report.accuracy),
        "learningRate": column(&|report| report.learning_rate),
        "log10GradientNorm": column(&Report::gradient_log10),
        "log10GradientNormAfter": column(&Report::gradient_after_log10),
        "log10UpdateNorm": column(&|report| report.update_log10),
        "bytes": number(newest.map_or(0.0, |report| report.bytes as f64)),
        "recomputedSteps": number(newest.map_or(0.0, |report| report.recomputed as f64)),
        "breakdown": breakdown,
    });
    let test = trainer.test();
    let weights: Map<String, Value> = (trainer.weights().tensors.iter())
        .map(|tensor| {
            let values = list(tensor.values.iter().map(|w| f64::from(*w)));
            (tensor.name.clone(), json!({ "Float32Array": values }))
        })
        .collect();
    let found = json!({
        "report": report,
        "test": { "loss": number(test.loss), "accuracy": number(test.accuracy) },
        "weights": weights,
        "updates": number(trainer.updates() as f64),
    });
    result(format!("{sentence}, {steps} updates"), "Trainer", json!({ "options": options, "steps": steps }), found)
}

fn result(sentence: String, call: &'static str, options: Value, result: Value) -> Case {
    Case { sentence, call, options, expected: json!({ "result": result }) }
}

fn matrix(eigenvalues: &[f64]) -> SymmetricMatrix {
    SymmetricMatrix::new(eigenvalues, &mut Stream::new(11, "test"))
}

fn matrices() -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for eigenvalues in [&[1.3, -0.8, 0.2][..], &[0.0, 0.0], &[-2.0]] {
        let m = matrix(eigenvalues).matrix;
        let found = spectral::eigenvalues(&m);
        for k in [0, 1, 7, 1_000] {
            let power = spectral::power(&m, k);
            let exponent = power.exponent as f64;
            cases.push(result(
                format!("the eigenvalues {eigenvalues:?} to the power {k}"),
                "matrixPower",
                json!({ "matrix": array(m.iter().copied()), "size": m.nrows(), "power": k }),
                json!({
                    "matrix": array(power.matrix.transpose().iter().copied()),
                    "exponent": number(exponent),
                    "log10Scale": number(exponent * std::f64::consts::LOG10_2),
                    "log10MaxAbs": number(power.log10_max_abs()),
                    "eigenvalues": array(found.iter().copied()),
                    "eigenvaluePowers": signed(&given::eigenvalue_powers(&found, k)),
                    "measuredEigenvalues": signed(&spectral::log10_abs_eigenvalues(&power)),
                }),
            ));
        }
    }
    // Single precision in, and an ordinary array: 1.1 is another number in single precision.
    for (kind, values) in [("Float32Array", [f64::from(1.1f32), 0.5, 0.5, 0.25]), ("", [1.1, 0.5, 0.5, 0.25])] {
        let options = if kind.is_empty() { list(values) } else { json!({ kind: list(values) }) };
        let m = given::symmetric_matrix(Named { name: String::new(), values: values.to_vec() }, 2)?;
        cases.push(result(
            format!("eigenvalues of numbers of kind {kind:?}"),
            "symmetricEigenvalues",
            json!({ "matrix": options, "size": 2 }),
            json!({ "eigenvalues": array(spectral::eigenvalues(&m)) }),
        ));
    }
    Ok(cases)
}

fn alignments() -> Result<Vec<Case>, String> {
    let ks = [0u64, 1, 2, 50, 100_000];
    let answer = |eigenvalues: &[f64], coefficients: &[f64], target: usize| {
        let found: Vec<_> = ks.iter().map(|k| spectral::align(eigenvalues, coefficients, target, *k)).collect();
        let each = |part: fn(&spectral::Alignment) -> f64| {
            array(found.iter().map(|(_, found)| found.as_ref().map_or(f64::NAN, part)))
        };
        json!({
            "angle": each(|a| a.angle),
            "signedAngle": each(|a| a.signed_angle),
            "dominantSpaceAngle": each(|a| a.dominant_space_angle),
            "log10Tan": each(|a| a.log10_tan),
            "log10Norm": array(found.iter().map(|(norm, _)| *norm)),
            "eigenvalues": array(eigenvalues.iter().copied()),
            "coefficients": array(coefficients.iter().copied()),
            "target": target,
        })
    };
    let mut cases = Vec::new();
    for (eigenvalues, start, target) in [
        (&[0.5, -1.2, 0.9][..], &[1.0, 0.01, -2.0][..], 1),
        (&[2.0, 1.0], &[0.0, 1.0], 0),
        (&[0.0, 0.0], &[1.0, 1.0], 0),
    ] {
        cases.push(result(
            format!("alignment with the eigenvalues {eigenvalues:?}"),
            "alignment",
            json!({ "eigenvalues": list(eigenvalues.iter().copied()), "start": array(start.iter().copied()), "powers": ks }),
            answer(eigenvalues, start, target),
        ));
    }
    let m = matrix(&[1.1, 0.9, -0.4]);
    let found = given::decompose(&m.matrix);
    let start = Stream::new(3, "test").normals(3);
    let column = |i: usize| found.eigenvectors.column(i).iter().copied().collect::<Vec<f64>>();
    let coefficients: Vec<f64> = (0..3).map(|i| spectral::accurate_dot(&start, &column(i))).collect();
    cases.push(result(
        "alignment with a matrix".to_owned(),
        "alignment",
        json!({ "matrix": array(m.matrix.iter().copied()), "size": 3, "start": list(start), "powers": ks, "target": 2 }),
        answer(&found.eigenvalues, &coefficients, 2),
    ));
    Ok(cases)
}

fn probabilities() -> Vec<Case> {
    let ks = [0u64, 1, 10, 1_000];
    let eigenvalues = [0.9, -1.1, 0.3, 0.3];
    let metrics = [("angle", Threshold::Angle), ("cosine", Threshold::Cosine), ("sine", Threshold::Sine)];
    let case = |(name, threshold): (&str, Threshold)| {
        let tangent = threshold.tangent(0.1);
        let found = ks.map(|k| spectral::alignment_probability(&eigenvalues, 1, tangent, k));
        let each = |part: fn(&spectral::Probability) -> f64| {
            array(found.iter().map(|found| found.as_ref().map_or(f64::NAN, part)))
        };
        result(
            format!("the probability of alignment by {name}"),
            "alignmentProbability",
            json!({ "eigenvalues": eigenvalues, "powers": { "Uint32Array": ks }, "epsilon": 0.1, "metric": name }),
            json!({
                "probability": each(|p| p.p),
                "complement": each(|p| p.complement),
                "tangent": number(tangent),
                "target": 1,
            }),
        )
    };
    metrics.into_iter().map(case).collect()
}

/// What distinguishes one call of `gradientNorms` from another.
struct Pass {
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

const LAST: (&str, GivenLoss) = ("squared-error-last", GivenLoss::SquaredErrorLast);
const ALL: (&str, GivenLoss) = ("squared-error-all", GivenLoss::SquaredErrorAll);
const CLASS_LAST: (&str, GivenLoss) = ("cross-entropy-last", GivenLoss::CrossEntropyLast);
const CLASS_ALL: (&str, GivenLoss) = ("cross-entropy-all", GivenLoss::CrossEntropyAll);

fn networks() -> Result<Vec<Case>, String> {
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
fn gradient_norms(pass: Pass) -> Result<Case, String> {
    let (input_size, hidden_size, batch_size) = (2, 4, 2);
    let has_readout = !pass.without.contains(&"weight_out");
    let output_size = if has_readout { 3 } else { hidden_size };
    let shapes =
        Network { cell: pass.cell, layers: pass.layers, input_size, hidden_size, output_size, normalization: None };
    let mut stream = Stream::new(5, "test");
    let mut tensors = Vec::new();
    for tensor in shapes.zeros::<f64>().tensors {
        let scale = if tensor.name.starts_with("weight_hh") { pass.gain } else { 1.0 };
        let values = stream.normals(tensor.values.len()).iter().map(|x| scale * x).collect();
        if !pass.without.contains(&tensor.name.as_str()) {
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

/// Calls that are refused, each with its sentence.
pub fn with_errors() -> Vec<Case> {
    let network = json!({
        "cell": "lstm", "inputSize": 1, "hiddenSize": 2, "outputSize": 1, "sequenceLength": 3,
        "weights": {
            "weight_ih_l0": vec![0.1; 8], "weight_hh_l0": vec![0.1; 16],
            "weight_out": [1, 1],
        },
        "inputs": [1, 2, 3], "loss": "squared-error-last", "targets": [0],
    });
    let with_weight = |name: &str, value: Value| {
        let mut weights = network["weights"].clone();
        weights[name] = value;
        json!({ "weights": weights })
    };
    let mut wrong = vec![f64::from(0.1f32); 16];
    wrong[5] = f64::NAN;
    let changes = [
        (
            with_weight("weight_hh_l0", json!(vec![0.1; 15])),
            "weight_hh_l0 has 15 numbers; expected 16, of shape (8, 2) = (4 gates × hidden size, hidden size)",
        ),
        (
            with_weight("weight_hh_l0", array(wrong)),
            "weight_hh_l0: entry (2, 1) is not a number (NaN); expected finite numbers of shape (8, 2) = (4 gates × hidden size, hidden size)",
        ),
        (
            with_weight("weight_out", json!(["Infinity", 1])),
            "weight_out: entry (0, 0) is infinity; expected finite numbers of shape (1, 2) = (output size, hidden size)",
        ),
        (
            with_weight("bias_hh_l0", json!({ "Float32Array": [1, 2] })),
            "bias_hh_l0 has 2 numbers; expected 8, of shape (8) = (4 gates × hidden size)",
        ),
        (
            with_weight("weight_hh_l0", json!([[1, 2], [3, 4]])),
            "weight_hh_l0: entry 0 is an array; expected numbers, row by row in one flat array",
        ),
        (
            with_weight("weight_hh_l0", json!({ "BigInt64Array": [] })),
            "weight_hh_l0 is a view of something else than numbers; expected an array of numbers or a typed array",
        ),
        (
            with_weight("weight_hh_l0", Value::Null),
            "weight_hh_l0 is missing; expected shape (8, 2) = (4 gates × hidden size, hidden size)",
        ),
        (
            with_weight("weight_hh_l1", json!([1])),
            "weight_hh_l1: the cell lstm of 1 layer has no such tensor; expected weight_ih_lK, weight_hh_lK, bias_ih_lK, bias_hh_lK with the layer K from 0 to 0, weight_out, bias_out",
        ),
        (json!({ "sequenceLength": 0 }), "sequence length is 0; expected a whole number from 1 on"),
        (json!({ "hiddenSize": 0 }), "hidden size is 0; expected a whole number from 1 on"),
        (json!({ "batchSize": 0 }), "batch size is 0; expected a whole number from 1 on"),
        (json!({ "hiddenSize": -1 }), "hiddenSize is -1; expected a whole number from 1 to 1000000000"),
        (
            json!({ "hiddenSize": 1e9 }),
            "weight_ih_l0 has 8 numbers; expected 4000000000, of shape (4000000000, 1) = (4 gates × hidden size, input size)",
        ),
        (json!({ "hiddenSize": "2" }), "hiddenSize is the text “2”; expected a whole number from 1 to 1000000000"),
        (json!({ "hiddenSize": "undefined" }), "hiddenSize is missing; expected a whole number from 1 on"),
        (
            json!({ "inputs": [1, 2] }),
            "inputs has 2 numbers; expected 3, of shape (3, 1, 1) = (sequence length, batch size, input size)",
        ),
        (
            json!({ "cellStart": [1] }),
            "cellStart has 1 number; expected 2, of shape (1, 1, 2) = (layers, batch size, hidden size)",
        ),
        (
            json!({ "cell": "gru" }),
            "weight_ih_l0 has 8 numbers; expected 6, of shape (6, 1) = (3 gates × hidden size, input size)",
        ),
        (json!({ "cell": "elman" }), "cell: “elman” is not one of rnn, lstm, gru"),
        (json!({ "activation": "relu" }), "activation: the cell lstm has none to choose from"),
        (
            json!({ "loss": "cross-entropy-last", "targets": [1] }),
            "targets: entry 0 is 1; expected whole numbers from 0 to 0, below the output size",
        ),
        (
            json!({ "truncation": { "kind": "last", "steps": 0 } }),
            "truncation.steps is 0; expected a whole number from 1 on",
        ),
        (
            json!({ "truncation": { "kind": "none", "steps": 1 } }),
            "truncation.kind: “none” is not one of chunks, last, sliding",
        ),
        (json!({ "lossScale": "NaN" }), "lossScale is not a number (NaN); expected a finite number"),
        (
            json!({ "hiddensize": 2 }),
            "hiddensize: there is no such option; expected cell, activation, weights, inputSize, hiddenSize, outputSize, layers, sequenceLength, batchSize, inputs, hiddenStart, cellStart, loss, lossScale, targets, truncation",
        ),
    ];
    let change = |change: Value| {
        let mut options = network.clone();
        if let (Value::Object(options), Value::Object(change)) = (&mut options, change) {
            options.extend(change);
        }
        options
    };
    let of_network = changes.into_iter().map(|(changed, sentence)| ("gradientNorms", change(changed), sentence));
    let others = [
        ("matrixPower", json!(3), "the argument is 3; expected an object of options"),
        (
            "matrixPower",
            json!({ "matrix": [1, 2, 3], "size": 2, "power": 1 }),
            "matrix has 3 numbers; expected 4, of shape (2, 2) = (size, size)",
        ),
        (
            "matrixPower",
            json!({ "matrix": [1, 2, 3, 4], "size": 2, "power": 1 }),
            "matrix: entry (1, 0) is 3 and entry (0, 1) is 2; expected a symmetric matrix of shape (2, 2)",
        ),
        (
            "matrixPower",
            json!({ "matrix": [1], "size": 1, "power": 0.5 }),
            "power is 0.5; expected a whole number from 0 to 1000000000000",
        ),
        ("symmetricEigenvalues", json!({ "matrix": [], "size": 0 }), "size is 0; expected a whole number from 1 on"),
        (
            "symmetricEigenvalues",
            json!({ "matrix": ["NaN"], "size": 1 }),
            "matrix: entry (0, 0) is not a number (NaN); expected finite numbers of shape (1, 1) = (size, size)",
        ),
        (
            "alignment",
            json!({ "start": [1], "powers": [1] }),
            "matrix is missing, and so are eigenvalues; expected one of them",
        ),
        (
            "alignment",
            json!({ "eigenvalues": [1, 2], "start": [1], "powers": [1] }),
            "start has 1 number; expected 2, of shape (2) = (size)",
        ),
        (
            "alignment",
            json!({ "eigenvalues": [1], "start": [1], "powers": [1], "target": 1 }),
            "target is 1; expected an index of the 1 eigenvalues",
        ),
        (
            "alignmentProbability",
            json!({ "eigenvalues": [], "powers": [1], "epsilon": 0.1 }),
            "eigenvalues has 0 numbers; expected at least 1",
        ),
        (
            "alignmentProbability",
            json!({ "eigenvalues": [1], "powers": [-1], "epsilon": 0.1 }),
            "powers: entry 0 is -1; expected whole numbers from 0 to 1000000000000",
        ),
        (
            "alignmentProbability",
            json!({ "eigenvalues": [1], "powers": [1], "epsilon": -1 }),
            "epsilon is -1; expected a number from 0 on",
        ),
    ];
    let case = |(call, options, sentence): (&'static str, Value, &str)| Case {
        sentence: format!("{call}: “{sentence}”"),
        call,
        options,
        expected: json!({ "error": { "name": "Error", "message": sentence } }),
    };
    of_network.chain(others).map(case).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_bit_and_a_last_word_make_a_difference() {
        assert_eq!(difference(&json!({ "a": [1, 0.1] }), &json!({ "a": [1.0, 0.1] })), None);
        let next = f64::from_bits(0.1f64.to_bits() + 1);
        let told = difference(&json!({ "a": [1, 0.1] }), &json!({ "a": [1, next] }));
        assert_eq!(told.as_deref(), Some("a: 1: expected 0.1, found 0.10000000000000002"));
        assert!(difference(&json!("a"), &json!("b")).is_some() && difference(&json!([1]), &json!([])).is_some());
    }
}
