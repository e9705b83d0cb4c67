//! Networks that other libraries saved, against the loss that these compute; `tests/networks/formats/make.py` made them.
use serde_json::Value;
use std::path::PathBuf;
use vanishing_core::bptt::{self, Sequences, Targets};
use vanishing_weights::{Opened, open};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/networks/formats")
}

pub fn read(file: &str) -> Vec<u8> {
    std::fs::read(folder().join(file)).expect("a file")
}

fn opened(file: &str) -> Opened {
    open(file, &read(file)).expect("it opens")
}

/// ½ ‖h_T‖² of the top layer.
fn loss(opened: &Opened) -> f64 {
    let network = &opened.network;
    let inputs = network.inputs.clone().expect("inputs");
    let sequences = Sequences {
        steps: inputs.len() / network.network.input_size,
        batch_size: 1,
        inputs,
        hidden_start: Vec::new(),
        cell_start: Vec::new(),
        targets: Targets::SquaredErrorLast(vec![0.0; network.network.output_size]),
        loss_scale: 0.5,
    };
    bptt::study(&network.network, &network.weights, &sequences).loss
}

/// The files of which the loss is known, but for those that do not open or run in both directions.
fn known() -> Vec<(String, f64)> {
    let expected: Value = serde_json::from_slice(&read("expected.json")).expect("JSON");
    let all = expected.as_object().expect("an object").iter();
    let one_way = all.filter(|(name, _)| !name.ends_with("-before") && !name.ends_with("bidirectional"));
    one_way.map(|(name, loss)| (name.clone(), loss.as_f64().expect("a number"))).collect()
}

#[test]
fn the_loss_is_that_of_the_library_that_saved_it() {
    let endings = [("keras", "npz"), ("numpy", "npz"), ("flax", "json"), ("onnx", "onnx")];
    let mut count = 0;
    for (name, expected) in known() {
        let (_, ending) = endings.iter().find(|(start, _)| name.starts_with(start)).expect("a library");
        let ending = if name.ends_with("flat") { "npz" } else { ending };
        if !folder().join(format!("{name}.{ending}")).exists() {
            continue;
        }
        let found = loss(&opened(&format!("{name}.{ending}")));
        // Keras computes in single precision on the way.
        let tolerance = if name.starts_with("keras") { 1e-6 } else { 1e-12 };
        assert!((found / expected - 1.0).abs() < tolerance, "{name}: {found}, expected {expected}");
        count += 1;
    }
    assert_eq!(count, 20, "of every library that has files here");
}

#[test]
fn all_ways_in_which_numpy_writes_arrays_give_the_same_network() {
    let first = opened("numpy-stored.npz").network;
    for file in ["deflated", "f4", "f2", "big-endian", "big-endian-f4", "fortran"] {
        let other = opened(&format!("numpy-{file}.npz")).network;
        assert_eq!(other, first, "{file}");
    }
    let kinds = |file: &str| opened(file).found.iter().map(|found| found.kind.clone()).collect::<Vec<_>>();
    assert!(kinds("numpy-big-endian-f4.npz").iter().all(|kind| kind == ">f4"));
}

#[test]
fn what_was_done_to_other_layouts_is_said() {
    for (file, part) in [
        ("keras-lstm.npz", "Keras’s kernels were transposed"),
        ("keras-rnn.npz", "Keras’s kernels were transposed."),
        ("flax-gru.json", "Flax’s gates were put together"),
    ] {
        let remarks = opened(file).remarks;
        assert!(remarks.len() == 1 && remarks[0].contains(part), "{file}: {remarks:?}");
    }
    let layers = opened("onnx-two-layers.onnx");
    assert_eq!((layers.network.network.layers, layers.networks.len()), (2, 1));
    assert_eq!(layers.remarks, ["ONNX’s LSTM was given PyTorch’s names and order of gates."]);
    for (file, slug) in [("onnx-rnn.onnx", "tanh"), ("onnx-rnn-relu.onnx", "relu")] {
        let network = opened(file).network;
        assert_eq!((network.network.cell.slug, network.says_activation), (slug, true));
    }
    let both = opened("keras-bidirectional.npz");
    assert!(both.network.stack.is_some_and(|stack| stack.directions == 2));
    assert_eq!(both.networks.len(), 1);
}

#[test]
fn what_is_another_equation_or_has_no_names_is_refused_with_the_reason() {
    for (file, part) in [
        ("keras-gru-reset-before.npz", "has the shape (12,): this GRU was made with reset_after=False"),
        ("onnx-gru-reset-before.onnx", "layer/: this GRU has linear_before_reset = 0"),
        ("numpy-nameless.npz", "arrays called arr_0, arr_1, ... say nothing of what they are"),
        ("numpy-objects.npz", "weight_hh_l0 has the shape (2,); expected a matrix"),
    ] {
        let why = open(file, &read(file)).expect_err("it should not open");
        assert!(why.starts_with(file) && why.contains(part) && !why.contains('\n'), "{why}");
    }
}
