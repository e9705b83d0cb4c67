//! The answers of `vanishing evaluate` against reference cases that other programs computed (see README.md).
#![allow(clippy::unwrap_used, reason = "a helper that finds nothing fails its test")]

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use vanishing_cli::evaluate::answer;
use vanishing_tests::compare::problems;

/// The kinds of which there must be cases.
const KINDS: [&str; 19] = [
    "matrix_power",
    "eigen_sym",
    "alignment",
    "align_probability",
    "rnn_grad",
    "lstm_grad",
    "gru_grad",
    "tbptt",
    "clip_value",
    "clip_norm",
    "grad_scale",
    "penalty",
    "optimizer",
    "lr_schedule",
    "init",
    "seq_mask",
    "batch_norm",
    "recurrent_batch_norm",
    "omega",
];

/// All cases, each with the name of its file.
fn cases() -> Vec<(String, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("reference");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let read = |path: &PathBuf| -> Vec<(String, Value)> {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let cases = file["cases"].as_array().unwrap().clone();
        assert_eq!(Some(cases.len() as u64), file["count"].as_u64(), "{name} is not whole");
        cases.into_iter().map(|case| (name.clone(), case)).collect()
    };
    files.iter().flat_map(read).collect()
}

/// What the program answers; it is told the kind and the inputs, and nothing of what is expected.
fn answered(case: &Value) -> Result<Value, String> {
    answer(&json!({ "kind": case["kind"], "inputs": inputs(case) }).to_string())
}

/// The inputs of a case. Which probabilities are asked for, the cases say only beside the probabilities themselves.
fn inputs(case: &Value) -> Value {
    let mut inputs = case["inputs"].clone();
    if case["kind"] == "align_probability" {
        let asked = |row: &Value| json!({ "metric": row["metric"], "eps": row["eps"], "k": row["k"] });
        inputs["rows"] = case["expected"]["rows"].as_array().unwrap().iter().map(asked).collect();
    }
    inputs
}

#[test]
fn every_reference_case_is_answered_as_other_programs_answer_it() {
    let mut failures = Vec::new();
    let cases = cases();
    for (file, case) in &cases {
        let wrong = answered(case).map_or_else(|refusal| vec![refusal], |answer| problems(case, &answer));
        failures.extend(wrong.iter().map(|problem| format!("{file}, {}: {problem}", case["name"])));
    }
    assert!(failures.is_empty(), "{} problems:\n{}", failures.len(), failures.join("\n"));
    for kind in KINDS {
        assert!(cases.iter().any(|(_, case)| case["kind"] == kind), "no case of the kind {kind} is left");
    }
}

#[test]
fn the_printed_answer_reads_back_to_the_same_bits() {
    for (file, case) in cases() {
        let answer = answered(&case).unwrap();
        let read: Value = serde_json::from_str(&answer.to_string()).unwrap();
        assert_eq!(read, answer, "{file}, {}", case["name"]);
    }
}

#[test]
fn an_answer_that_is_off_by_a_hundredth_is_wrong_in_every_case_that_is_not_chaotic() {
    // In a chaotic network no two programs agree; what its case allows says so.
    let chaotic = |case: &Value| case["tolerance"]["loss_rel"].as_f64().is_some_and(|relative| relative > 1.0);
    for (file, case) in cases().into_iter().filter(|(_, case)| !chaotic(case)) {
        let off = shifted(&answered(&case).unwrap());
        assert!(!problems(&case, &off).is_empty(), "{file}, {}: nothing was noticed", case["name"]);
    }
}

/// Every number off by a hundredth of itself, and by a hundredth.
fn shifted(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64().unwrap() * 1.01 + 0.01),
        Value::Array(list) => list.iter().map(shifted).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), shifted(value))).collect(),
        other => other.clone(),
    }
}

#[test]
fn a_case_with_a_damaged_input_is_refused_in_one_sentence() {
    for (file, case) in cases() {
        for name in case["inputs"].as_object().unwrap().keys() {
            let mut damaged = case.clone();
            damaged["inputs"][name] = json!({ "not": "what is wanted" });
            let refusal = answered(&damaged).expect_err(&format!("{file}, {}, {name}", case["name"]));
            assert!(refusal.lines().count() == 1 && refusal.contains(name.as_str()), "{name}: {refusal}");
        }
    }
}
