//! `evaluate FILE`: answers a reference case, {"kind": ..., "inputs": ...}, as one JSON object.
mod alignment;
mod clipping;
mod gradient;
mod initial;
mod matrix;
mod normalized;
mod optimizer;
mod penalty;
mod probability;
mod schedule;
mod tensors;

use clap::ArgMatches;
use serde_json::Value;
use std::path::PathBuf;
use vanishing_weights::json::Node;

/// A kind of case and what answers it.
type Answer = fn(&Node) -> Result<Value, String>;

/// The kinds that are answered.
const KINDS: &[(&str, Answer)] = &[
    ("matrix_power", matrix::matrix_power),
    ("eigen_sym", matrix::eigen_sym),
    ("alignment", alignment::alignment),
    ("align_probability", probability::probability),
    ("rnn_grad", gradient::gradient),
    ("lstm_grad", gradient::gradient),
    ("gru_grad", gradient::gradient),
    ("tbptt", gradient::truncated_gradient),
    ("clip_value", clipping::clip_value),
    ("clip_norm", clipping::clip_norm),
    ("grad_scale", clipping::grad_scale),
    ("penalty", penalty::penalty),
    ("optimizer", optimizer::optimizer),
    ("lr_schedule", schedule::schedule),
    ("init", initial::initial),
    ("seq_mask", normalized::seq_mask),
    ("batch_norm", normalized::batch_norm),
    ("recurrent_batch_norm", normalized::recurrent_batch_norm),
    ("omega", normalized::omega),
];

/// Reads the file and answers it.
pub fn run(arguments: &ArgMatches) -> Result<String, String> {
    let path = arguments.get_one::<PathBuf>("FILE").cloned().unwrap_or_default();
    let text = std::fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    answer(&text).map(|value| format!("{value}\n"))
}

/// The answer to a case given as JSON text.
pub fn answer(text: &str) -> Result<Value, String> {
    let case: Value = serde_json::from_str(text).map_err(|error| format!("the case is not JSON: {error}"))?;
    let root = Node::new("case", &case);
    let kind = root.field("kind")?.text()?;
    let known = || KINDS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let answer = KINDS.iter().find(|(name, _)| *name == kind).map(|(_, answer)| answer);
    let answer = answer.ok_or_else(|| format!("kind: “{kind}” is not one of {}", known()))?;
    answer(&root.field("inputs")?)
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn a_malformed_case_is_one_sentence() {
        let sentence = |text: &str| answer(text).unwrap_err();
        assert!(sentence("{").starts_with("the case is not JSON"));
        assert_eq!(sentence("{}"), "case: “kind” is missing");
        assert!(sentence(r#"{"kind": "x", "inputs": {}}"#).starts_with("kind: “x” is not one of matrix_power"));
        assert_eq!(
            sentence(r#"{"kind": "matrix_power", "inputs": {"n": 2, "k": 1, "Q": [[1, 0], [0]], "lambda": [1, 1]}}"#),
            "Q[1] has 1 entries; expected 2"
        );
        assert_eq!(
            sentence(r#"{"kind": "eigen_sym", "inputs": {"n": 1, "M": [["x"]]}}"#),
            "M[0][0]: \"x\" is not a number"
        );
    }

    #[test]
    fn a_malformed_case_of_training_is_one_sentence() {
        let refused = |kind: &str, inputs: &str, sentence: &str| {
            assert_eq!(answer(&format!(r#"{{"kind": "{kind}", "inputs": {inputs}}}"#)).unwrap_err(), sentence);
        };
        refused("clip_value", r#"{"grads": {"a": [1]}, "clip": -1}"#, "clip: -1 is not a number from 0 on");
        refused("clip_value", r#"{"grads": {"a": [[1, 2], [3]]}, "clip": 1}"#, "grads.a[1] has 1 entries; expected 2");
        let clip =
            |groups: &str| format!(r#"{{"grads": {{"a": [1]}}, "max_norm": 1, "norm_type": 2, "groups": {groups}}}"#);
        refused("clip_norm", &clip(r#"{"all": ["b"]}"#), "groups.all: “b” is not one of a");
        refused("clip_norm", &clip(r#"{"x": ["a"], "y": ["a"]}"#), "groups.y: “a” stands in another group too");
        let each = |max_norm: &str| {
            format!(
                r#"{{"grads": {{"a": [1], "b": [1]}}, "max_norm": {max_norm}, "norm_type": 2, "groups": {{"x": ["a"], "y": ["b"]}}}}"#
            )
        };
        refused("clip_norm", &each(r#"{"x": 1}"#), "max_norm: “y” is missing");
        refused("clip_norm", &each(r#"{"x": 1, "y": 1, "z": 1}"#), "max_norm: “z” is not one of the groups x, y");
        refused("clip_norm", &each(r#"{"x": 1, "y": -1}"#), "max_norm.y: -1 is not a number from 0 on");
        let scale = r#"{"grads": {"a": [1]}, "mode": "x"}"#;
        refused("grad_scale", scale, "mode: “x” is not multiply, to_norm or mask");
        let optimizer = |hyper: &str, grads: &str| {
            format!(r#"{{"params": {{"a": [1]}}, "grads_per_step": {grads}, "hyper": {hyper}}}"#)
        };
        let adam = |more: &str| optimizer(&format!(r#"{{"opt": "adam", "lr": 1{more}}}"#), "[]");
        refused("optimizer", &adam(r#", "amsgrad": true"#), "hyper: “amsgrad” is not known to adam");
        refused("optimizer", &adam(r#", "betas": [0.9, 1]"#), "betas[1]: 1 is not a number from 0 on and below 1");
        let sgd = r#"{"opt": "sgd", "lr": 0.1, "momentum": 0.5, "dampening": 0}"#;
        refused("optimizer", &optimizer(sgd, r#"[{"a": [1]}, {}]"#), "grads_per_step[1]: “a” is missing");
        refused("optimizer", &optimizer(sgd, r#"[{"a": [1], "b": 1}]"#), "grads_per_step[0]: “b” is not one of a");
        let schedule = |hyper: &str| format!(r#"{{"base_lr": 1, "n": 3, "hyper": {hyper}, "metrics": [1]}}"#);
        refused(
            "lr_schedule",
            &schedule(r#"{"type": "constant", "gamma": 2}"#),
            "hyper: “gamma” is not known to constant",
        );
        refused("lr_schedule", &schedule(r#"{"type": "plateau"}"#), "metrics has 1 entries; at least 2 are needed");
        refused(
            "init",
            r#"{"scheme": "tea"}"#,
            "scheme: “tea” is not one of gains, orthogonal, identity, gaussian, xavier_uniform, xavier_normal, pytorch",
        );
    }
}
