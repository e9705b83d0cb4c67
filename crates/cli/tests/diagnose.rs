//! `vanishing diagnose` on networks that PyTorch saved, and on one whose numbers are known by hand.

use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Output};
use vanishing_core::math;

fn diagnose(arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_vanishing"));
    program.arg("diagnose").args(arguments);
    program.output().expect("the program runs")
}

fn network(file: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/networks").join(file);
    path.to_string_lossy().into_owned()
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// The JSON report, the status, and what was said on standard error.
fn report(name: &str, arguments: &[&str]) -> (Value, Option<i32>, String) {
    let file = folder(name).join("report.json");
    let path = file.to_string_lossy().into_owned();
    let output = diagnose(&[arguments, &["--json", &path]].concat());
    let text = std::fs::read_to_string(&file).expect("a report");
    let said = String::from_utf8(output.stderr).expect("text");
    (serde_json::from_str(&text).expect("JSON"), output.status.code(), said)
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("numbers").iter().map(|x| x.as_f64().expect("a number")).collect()
}

/// One linear unit h_t = w h_{t-1} + x_t, x = (1, 0, 0, ...), as safetensors; its path.
fn one_unit(name: &str, w: f32, steps: usize) -> String {
    let mut inputs = vec![0.0f32; steps];
    inputs[0] = 1.0;
    let tensors = [("weight_ih_l0", vec![1, 1], vec![1.0]), ("weight_hh_l0", vec![1, 1], vec![w])];
    written(name, &[&tensors[..], &[("input", vec![steps, 1], inputs)]].concat())
}

/// A safetensors file of these; its path.
fn written(name: &str, tensors: &[(&str, Vec<usize>, Vec<f32>)]) -> String {
    let (mut entries, mut data) = (Vec::new(), Vec::new());
    for (name, shape, values) in tensors {
        let from = data.len();
        data.extend(values.iter().flat_map(|x| x.to_le_bytes()));
        entries.push(format!(r#""{name}":{{"dtype":"F32","shape":{shape:?},"data_offsets":[{from},{}]}}"#, data.len()));
    }
    let header = format!("{{{}}}", entries.join(","));
    let path = folder(name).join("units.safetensors");
    let content = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &data].concat();
    std::fs::write(&path, content).expect("a file");
    path.to_string_lossy().into_owned()
}

#[test]
fn the_norms_of_the_report_are_pytorchs_and_the_half_life_is_fitted_to_them() {
    let expected = include_str!("../../../tests/networks/forms/expected.json");
    let expected: Value = serde_json::from_str(expected).expect("JSON");
    let file = network("forms/rnn-relu.safetensors");
    let (found, status, said) = report("relu", &[&file, "--query", "activation=relu"]);
    assert_eq!((status, said.as_str()), (Some(0), ""));
    let (norms, wanted) =
        (numbers(&found["gradient"]["log10_norms"]), numbers(&expected["rnn-relu"]["log10_norms"][1][0]));
    assert_eq!(norms.len(), wanted.len());
    assert!(norms.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-10), "{norms:?}");
    // Least squares through t = 0..=T/2, by the textbook.
    let far: Vec<(f64, f64)> = (0..=(wanted.len() - 1) / 2).map(|t| (t as f64, wanted[t])).collect();
    let n = far.len() as f64;
    let sum = |of: &dyn Fn(&(f64, f64)) -> f64| far.iter().map(of).sum::<f64>();
    let (x, y, xy, xx) = (sum(&|p| p.0), sum(&|p| p.1), sum(&|p| p.0 * p.1), sum(&|p| p.0 * p.0));
    let half_life = math::log10(2.0) / ((n * xy - x * y) / (n * xx - x * x));
    assert!((found["gradient"]["half_life"].as_f64().expect("it decays") / half_life - 1.0).abs() < 1e-9);
    assert_eq!((found["verdict"].as_str(), found["cell"].as_str()), (Some("vanishing"), Some("rnn")));
}

#[test]
fn one_linear_unit_has_the_numbers_that_are_worked_by_hand() {
    for (name, w, fate, key) in
        [("shrinks", 0.875f32, "vanishing", "half_life"), ("grows", 1.125, "exploding", "doubling_time")]
    {
        let file = one_unit(name, w, 80);
        let (found, status, said) = report(name, &[&file, "--query", "activation=linear", "--fail-on", fate]);
        assert_eq!((status, found["verdict"].as_str()), (Some(1), Some(fate)), "{said}");
        assert!(said.contains(&format!("the gradient is {fate}")), "{said}");
        let other = if fate == "vanishing" { "exploding" } else { "vanishing" };
        assert_eq!(report(name, &[&file, "--query", "activation=linear", "--fail-on", other]).1, Some(0));
        let wanted = math::ln(2.0) / math::ln(f64::from(w)).abs();
        assert!((found["gradient"][key].as_f64().expect("a pace") / wanted - 1.0).abs() < 1e-9);
        assert!((found["growth"]["per_step"].as_f64().expect("a growth") - math::ln(f64::from(w))).abs() < 1e-9);
        let block = &found["units"][0]["blocks"][0];
        assert!((block["spectral_radius"].as_f64().expect("a radius") - f64::from(w)).abs() < 1e-12);
        // Each of the 79 terms of ∂L/∂w is h_T w^(T-2); 35 of them are kept.
        let cut = &found["truncation"][0];
        assert_eq!((cut["window"].as_u64(), found["truncation"].as_array().expect("cuts").len()), (Some(35), 1));
        let lost = math::powf(10.0, cut["log10_left_out"].as_f64().expect("a share"));
        assert!((lost - 44.0 / 79.0).abs() < 1e-9, "{lost}");
        let proposals = found["proposals"].as_array().expect("proposals");
        let clip = proposals.iter().find(|proposal| proposal["proposal"] == "clip").expect("it is proposed");
        if fate == "exploding" {
            // ∂L/∂w = 79 h_T w^(T-2) is no measure: it is huge, and so would be the update.
            assert_eq!(clip["title"].as_str(), Some("Clip the gradient’s norm at 1"));
            let losses = &clip["gradient_norm"]["losses_before_plain_clipped"];
            let [before, clipped] = [0, 2].map(|i| losses[i].as_f64().expect("a loss"));
            let h = math::powf(f64::from(w), 79.0);
            assert!((before / (0.5 * h * h) - 1.0).abs() < 1e-9 && clipped < before, "{clip}");
            assert_eq!(losses[1].as_str(), Some("inf"));
            let says = clip["effect"].as_str().expect("an effect");
            assert!(
                says.contains("at a learning rate of 0.01") && says.contains("out of all bounds; clipped, to"),
                "{says}"
            );
        }
        let orthogonal =
            proposals.iter().find(|proposal| proposal["proposal"] == "orthogonal").expect("it is proposed");
        let norms = numbers(&orthogonal["gradient"]["log10_norms"]);
        assert!(norms.iter().all(|norm| norm.abs() < 1e-9), "{norms:?}");
    }
}

#[test]
fn the_report_and_its_figures_are_written_beside_each_other() {
    let folder = folder("written");
    let out = folder.join("network.md");
    let output = diagnose(&[&network("lstm.safetensors"), "--out", &out.to_string_lossy()]);
    assert!(output.status.success() && output.stdout.is_empty());
    let text = std::fs::read_to_string(&out).expect("a report");
    let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let wanted = ["What it is", "What the gradient does", "Layers", "Gates", "Truncation", "Verdict", "What to do"];
    assert_eq!(headings, wanted);
    for figure in ["network-gradient-norms.svg", "network-spectrum.svg"] {
        assert!(text.contains(&format!("]({figure})")), "{figure}");
        assert!(std::fs::read_to_string(folder.join(figure)).expect("a figure").starts_with("<svg"));
    }
    let picture = std::fs::read_to_string(folder.join("network-gradient-norms.svg")).expect("a figure");
    assert!(picture.contains("gate bias + 1") && picture.contains("orthogonal"));
    // Elsewhere, if that is wished.
    let elsewhere = folder.join("pictures");
    let arguments = [&network("lstm.safetensors")[..], "--figures", &elsewhere.to_string_lossy()];
    let output = diagnose(&arguments);
    assert!(elsewhere.join("spectrum.svg").exists() && String::from_utf8_lossy(&output.stdout).contains("## Verdict"));
}

#[test]
fn what_cannot_be_looked_at_is_one_sentence_and_status_two() {
    for arguments in [
        &["nowhere.safetensors"][..],
        &[&network("expected.json")],
        &[&network("lstm.safetensors"), "--network", "nothing"],
    ] {
        let output = diagnose(arguments);
        let said = String::from_utf8(output.stderr).expect("text");
        assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{said}");
        assert!(said.starts_with("vanishing: ") && output.stdout.is_empty(), "{said}");
    }
}

#[test]
fn a_network_in_both_directions_is_judged_in_both() {
    let (found, status, _) = report("both", &[&network("forms/lstm-bidirectional-2-layers.safetensors")]);
    assert_eq!((status, found["directions"].as_u64()), (Some(0), Some(2)));
    assert_eq!(found["units"].as_array().map(Vec::len), Some(4));
    let expected: Value =
        serde_json::from_str(include_str!("../../../tests/networks/forms/expected.json")).expect("JSON");
    let wanted = numbers(&expected["lstm-bidirectional-2-layers"]["log10_norms"][1][1]);
    let norms = numbers(&found["gradient_reverse"]["log10_norms"]);
    assert!(norms.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-10) && norms.len() == wanted.len());
}

#[test]
fn a_lower_layer_that_explodes_backwards_in_time_alone_is_a_fault_too() {
    let steps = 60;
    let mut tensors = Vec::new();
    for (end, radius) in [("l0", 0.5), ("l0_reverse", 1.25), ("l1", 0.5), ("l1_reverse", 0.5)] {
        // Above, the reverse direction reads the reverse one alone.
        let read = match end {
            "l1" => vec![0.5, 0.5],
            "l1_reverse" => vec![0.0, 0.5],
            _ => vec![0.5],
        };
        tensors.push((format!("weight_ih_{end}"), vec![1, read.len()], read));
        tensors.push((format!("weight_hh_{end}"), vec![1, 1], vec![radius]));
    }
    let tensors: Vec<_> =
        tensors.iter().map(|(name, shape, values)| (name.as_str(), shape.clone(), values.clone())).collect();
    let length = ["--query", &format!("activation=linear&sequence-length={steps}")].map(str::to_owned);
    let asked = |tensors: &[_], fate: &str| {
        let file = written("backwards", tensors);
        report("backwards", &[&file, &length[0], &length[1], "--fail-on", fate])
    };
    let (found, status, said) = asked(&tensors, "exploding");
    assert_eq!(status, Some(1), "{said}");
    let units = found["units"].as_array().expect("units");
    let exploding: Vec<(u64, bool)> = units
        .iter()
        .filter(|unit| unit["gradient"]["fate"] == "exploding")
        .map(|unit| (unit["layer"].as_u64().expect("a layer"), unit["reverse"] == true))
        .collect();
    assert_eq!(exploding, [(1, true)]);
    assert_eq!(found["gradient_reverse"]["log10_norms"], units[1]["gradient"]["log10_norms"]);
    // With a smaller matrix there nothing explodes.
    let mut tame = tensors.clone();
    tame[3].2 = vec![0.5];
    assert_eq!(asked(&tame, "exploding").1, Some(0));
}
