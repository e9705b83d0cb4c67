//! Calls that are refused, and with which words.
use super::case::{Case, array};
use serde_json::{Value, json};

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
        (
            json!({ "cell": "elman" }),
            "cell: “elman” is not one of rnn, lstm, gru, leaky, antisymmetric, orthogonal, min-gru",
        ),
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
        (json!({ "hiddensize": 2 }), "hiddensize: write hiddenSize"),
        (json!({ "hidden_start": [0, 0] }), "hidden_start: write hiddenStart"),
        (
            json!({ "units": 2 }),
            "units: there is no such option; expected cell, activation, weights, inputSize, hiddenSize, outputSize, layers, bidirectional, projectionSize, sequenceLength, batchSize, inputs, hiddenStart, cellStart, loss, lossScale, targets, truncation",
        ),
        (json!({ "bidirectional": 1 }), "bidirectional is 1; expected true or false"),
        (
            json!({ "bidirectional": true }),
            "weight_ih_l0_reverse is missing; expected shape (8, 1) = (4 gates × hidden size, input size)",
        ),
        (
            json!({ "projectionSize": 1 }),
            "weight_hh_l0 has 16 numbers; expected 8, of shape (8, 1) = (4 gates × hidden size, state size)",
        ),
        (json!({ "projectionSize": 2 }), "the projection size is 2; expected fewer than the 2 hidden units"),
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
        (
            "matrixPower",
            json!({ "matrix": [1], "size": 1, "power": 1, "powers": [1] }),
            "power and powers are both given; expected one of them",
        ),
        ("matrixPower", json!({ "matrix": [1], "size": 1 }), "power is missing; expected a whole number from 0 on"),
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
            json!({ "eigenvalues": [1, 2], "start": [1, 2, 3], "starts": 2, "powers": [1] }),
            "start has 3 numbers; expected 4, of shape (2, 2) = (starts, size)",
        ),
        (
            "alignment",
            json!({ "eigenvalues": [1], "start": [], "starts": 0, "powers": [1] }),
            "starts is 0; expected a whole number from 1 on",
        ),
        ("Trainer", json!({ "options": { "clip_norm": true }, "steps": 1 }), "clip_norm: write clipNorm"),
        ("Trainer", json!({ "options": { "CLIP-NORM": true }, "steps": 1 }), "CLIP-NORM: write clipNorm"),
        (
            "freed",
            json!("steps"),
            "Trainer.steps: its memory was given back by free(); make another run with `new Trainer(options)`",
        ),
        (
            "freed",
            json!("updates"),
            "Trainer.updates: its memory was given back by free(); make another run with `new Trainer(options)`",
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
