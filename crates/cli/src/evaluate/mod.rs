//! `evaluate FILE`: answers a reference case, {"kind": ..., "inputs": ...}, as one JSON object.
mod alignment;
mod gradient;
mod json;
mod matrix;
mod probability;

use clap::ArgMatches;
use json::Node;
use serde_json::Value;
use std::path::PathBuf;

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
}
