//! The program on networks that PyTorch saved: the norms that it prints, and what it says beside them.

use std::path::PathBuf;
use std::process::{Command, Output};

/// `vanishing data gradient-norms --weights FILE`, with further arguments.
fn norms(file: &str, arguments: &[&str]) -> Output {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/networks/forms").join(file);
    let mut program = Command::new(env!("CARGO_BIN_EXE_vanishing"));
    program.args(["data", "gradient-norms", "--weights"]).arg(path).args(arguments);
    program.output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[test]
fn an_activation_that_nobody_named_is_said_on_standard_error_and_a_named_one_is_used() {
    let assumed = norms("rnn-relu.safetensors", &[]);
    assert!(assumed.status.success());
    assert_eq!(
        text(&assumed.stderr),
        "vanishing: tanh is assumed; a state dict does not say: --query activation=relu\n"
    );
    let tanh = norms("rnn-relu.safetensors", &["--activation", "tanh"]);
    assert_eq!((text(&tanh.stderr), text(&tanh.stdout)), (String::new(), text(&assumed.stdout)));
    let relu = norms("rnn-relu.safetensors", &["--query", "activation=relu"]);
    assert_eq!(text(&relu.stderr), "");
    assert_ne!(text(&relu.stdout), text(&assumed.stdout));
    assert_eq!(text(&norms("rnn-relu.safetensors", &["--activation", "relu"]).stdout), text(&relu.stdout));
    // One that no module of PyTorch has, for whoever wrote it by hand.
    let linear = norms("rnn-relu.safetensors", &["--query", "activation=linear"]);
    assert_ne!(text(&linear.stdout), text(&relu.stdout));
}

/// A column of the numbers that were printed.
fn column(csv: &str, name: &str) -> Vec<f64> {
    let mut lines = csv.split("\r\n").filter(|line| !line.is_empty());
    // A heading with a comma stands in quotation marks, and is the only part that has any.
    let heading = lines.next().expect("headings").replace(", reverse", " reverse").replace('"', "");
    let place = heading.split(',').position(|found| found == format!("log10 {name}"));
    let place = place.unwrap_or_else(|| panic!("there is no {name} in {heading}"));
    lines.map(|line| line.split(',').nth(place).and_then(|x| x.parse().ok()).expect("a number")).collect()
}

#[test]
fn the_norms_of_every_layer_and_direction_are_printed_as_pytorch_has_them() {
    let expected = include_str!("../../../tests/networks/forms/expected.json");
    let expected: serde_json::Value = serde_json::from_str(expected).expect("JSON");
    for (file, arguments, columns) in [
        ("rnn-relu", &["--query", "activation=relu"][..], &[&["layer 1"][..], &["layer 2"]][..]),
        ("lstm-bidirectional-2-layers", &[], &[&["layer 1", "layer 1 reverse"], &["‖∂L/∂hₜ‖", "layer 2 reverse"]]),
        ("lstm-projection", &[], &[&["‖∂L/∂hₜ‖"]]),
    ] {
        let answer = norms(&format!("{file}.safetensors"), arguments);
        assert!(answer.status.success() && answer.stderr.is_empty(), "{file}: {}", text(&answer.stderr));
        let csv = text(&answer.stdout);
        for (layer, names) in columns.iter().enumerate() {
            for (direction, name) in names.iter().enumerate() {
                let wanted = &expected[file]["log10_norms"][layer][direction];
                let wanted: Vec<f64> = wanted.as_array().expect("norms").iter().filter_map(|x| x.as_f64()).collect();
                let found = column(&csv, name);
                assert_eq!(found.len(), wanted.len());
                for (t, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
                    assert!((found - wanted).abs() < 1e-10, "{file}, {name}, step {t}: {found} {wanted}");
                }
            }
        }
    }
}
