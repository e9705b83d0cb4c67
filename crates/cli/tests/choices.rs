//! The program on files of which something is to be chosen: what it says on standard error, and what is a mistake.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use safetensors::tensor::{Dtype, TensorView, serialize};

fn fixture(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/networks").join(file)
}

fn norms(files: &[&Path], arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_vanishing"));
    program.args(["data", "gradient-norms"]);
    for file in files {
        program.arg("--weights").arg(file);
    }
    program.args(arguments).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// The lines on standard error, without the program's and the file's name.
fn said(output: &Output, file: &Path) -> Vec<String> {
    let name = file.file_name().expect("a name").to_string_lossy();
    let before = format!("vanishing: {name}: ");
    text(&output.stderr).lines().map(|line| line.replacen(&before, "", 1)).collect()
}

/// A file of its own for a test, with these tensors of single precision.
fn written(name: &str, tensors: &[(&str, &[usize])]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("vanishing-{}-{name}.safetensors", std::process::id()));
    let bytes: Vec<Vec<u8>> = tensors.iter().map(|(_, shape)| vec![0; 4 * shape.iter().product::<usize>()]).collect();
    let views = tensors
        .iter()
        .zip(&bytes)
        .map(|((name, shape), bytes)| (*name, TensorView::new(Dtype::F32, shape.to_vec(), bytes).expect("a tensor")));
    std::fs::write(&path, serialize(views, None).expect("a file")).expect("written");
    path
}

const GRU: [(&str, &[usize]); 2] = [("rnn.weight_ih_l0", &[9, 2]), ("rnn.weight_hh_l0", &[9, 3])];

#[test]
fn every_choice_is_a_line_on_standard_error_and_can_be_made() {
    let file = fixture("two-networks-decoder.safetensors");
    let largest = norms(&[&file], &[]);
    assert!(largest.status.success());
    assert_eq!(
        said(&largest, &file),
        ["The file has 2 recurrent networks; “encoder.”, one of the largest, was opened, and not “decoder.”."]
    );
    let encoder = norms(&[&file], &["--network", "encoder"]);
    let decoder = norms(&[&file], &["--network", "decoder."]);
    assert_eq!((text(&encoder.stderr), text(&decoder.stderr)), (String::new(), String::new()));
    assert_eq!(text(&encoder.stdout), text(&largest.stdout));
    assert_ne!(text(&encoder.stdout), text(&decoder.stdout));
    let wrong = norms(&[&file], &["--network", "attention"]);
    assert!(!wrong.status.success() && wrong.stdout.is_empty());
    assert_eq!(said(&wrong, &file), ["it has no recurrent network “attention”; there are “decoder.”, “encoder.”"]);
    let alone = norms(&[], &["--network", "encoder"]);
    assert!(!alone.status.success() && text(&alone.stderr).contains("--weights"), "{}", text(&alone.stderr));
}

#[test]
fn an_input_of_a_wrong_shape_is_a_mistake_and_no_reason_for_random_numbers() {
    let path = written("input", &[&GRU[..], &[("input", &[5, 3])]].concat());
    let found = norms(&[&path], &[]);
    assert!(!found.status.success() && found.stdout.is_empty());
    assert_eq!(
        said(&found, &path),
        [
            "“input” has the shape (5, 3) and is not taken for inputs; expected (T, 2), or with a tensor “target” (T, sequences, \
          2), with T from 1 to 2000"
        ]
    );
    let path = written("no-target", &[&GRU[..], &[("input", &[5, 2]), ("fc.weight", &[4, 3])]].concat());
    let found = norms(&[&path], &["--readout", "fc"]);
    assert_eq!(said(&found, &path), ["a readout is of use only with a tensor “target”, and the file has none"]);
    std::fs::remove_file(path).expect("removed");
}

#[test]
fn the_loss_of_a_target_is_said_and_its_readout_chosen() {
    let more: [(&str, &[usize]); 4] =
        [("input", &[5, 2]), ("target", &[5, 4]), ("fc.weight", &[4, 3]), ("head.weight", &[4, 3])];
    let path = written("target", &[&GRU[..], &more].concat());
    let open = norms(&[&path], &[]);
    assert!(!open.status.success());
    let part = "choose the readout among “fc.” with 4, “head.” with 4";
    assert!(said(&open, &path)[0].contains(part), "{:?}", said(&open, &path));
    let found = norms(&[&path], &["--readout", "head"]);
    assert!(found.status.success(), "{}", text(&found.stderr));
    assert_eq!(
        said(&found, &path),
        [
            "The loss compares what “head.” makes of its output with “target” at every step: half the squared error, a mean over \
          sequences."
        ]
    );
    std::fs::remove_file(path).expect("removed");
}

#[test]
fn the_parts_of_a_model_are_given_one_by_one_or_by_their_index() {
    let folder = std::env::temp_dir().join(format!("vanishing-{}-parts", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let whole = written("whole", &GRU);
    let mut parts = Vec::new();
    for (number, tensor) in GRU.iter().enumerate() {
        let part = folder.join(format!("m-{}-of-2.safetensors", number + 1));
        std::fs::rename(written("part", &[*tensor]), &part).expect("moved");
        parts.push(part);
    }
    let index = folder.join("m.safetensors.index.json");
    let map =
        r#"{"weight_map": {"rnn.weight_ih_l0": "m-1-of-2.safetensors", "rnn.weight_hh_l0": "m-2-of-2.safetensors"}}"#;
    std::fs::write(&index, map).expect("written");
    let wanted = text(&norms(&[&whole], &[]).stdout);
    assert!(wanted.lines().count() > 2, "{wanted}");
    assert_eq!(text(&norms(&[&parts[0], &parts[1]], &[]).stdout), wanted);
    let by_index = norms(&[&index], &[]);
    assert_eq!((text(&by_index.stdout), text(&by_index.stderr)), (wanted, String::new()));
    let half = norms(&[&parts[0]], &[]);
    assert!(!half.status.success() && text(&half.stderr).contains("it is one of 2 files of a model"));
    std::fs::remove_file(&parts[1]).expect("removed");
    let lost = norms(&[&index], &[]);
    assert!(text(&lost.stderr).contains("1 of them is missing (m-2-of-2.safetensors)"), "{}", text(&lost.stderr));
    std::fs::remove_dir_all(folder).expect("removed");
    std::fs::remove_file(whole).expect("removed");
}

#[test]
fn what_has_no_effect_on_the_opened_network_is_said_and_other_inputs_can_be_wanted() {
    let file = fixture("lstm-keras.safetensors");
    let own = norms(&[&file], &["--query", "sequence-length=40"]);
    assert!(own.status.success());
    assert!(text(&own.stderr).contains("sequence-length has no effect"), "{}", text(&own.stderr));
    let other = norms(&[&file], &["--query", "sequence-length=40&own-inputs=0"]);
    assert!(!text(&other.stderr).contains("no effect"), "{}", text(&other.stderr));
    assert_eq!(text(&other.stdout).lines().count(), 1 + 41);
    let odd = norms(&[&file], &["--query", "sequence-length=a; b"]);
    assert!(text(&odd.stderr).contains("“a; b” is not a whole number from 1 to"), "{}", text(&odd.stderr));
    let wrong = norms(&[&file], &["--query", "sequence-length=2000"]);
    let said = text(&wrong.stderr);
    assert!(
        !wrong.status.success() && said.contains("“2000” is not a whole number") && !said.contains("instead"),
        "{said}"
    );
}
