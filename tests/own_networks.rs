//! Networks saved by PyTorch, opened as a reader's file, against PyTorch's own gradients in single precision.
//!
//! `tests/networks/make.py` saved them; nothing of PyTorch is needed here.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use vanishing_app::{Lab, model};
use vanishing_core::math;
use vanishing_core::studies::gradients;
use vanishing_weights::{Choice, open_all};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("networks")
}

fn near(found: f64, expected: f64) -> bool {
    (found / expected - 1.0).abs() < 1e-5
}

#[test]
fn gradients_of_state_dicts_are_those_of_pytorch() -> Result<()> {
    let expected: Value = serde_json::from_slice(&std::fs::read(folder().join("expected.json"))?)?;
    let expected = expected.as_object().context("no object")?;
    ensure!(expected.len() == 5, "there are {} networks", expected.len());
    for (name, wanted) in expected {
        let file = format!("{name}.safetensors");
        let content = std::fs::read(folder().join(&file))?;
        // A state dict does not have the activation.
        let query = if name.ends_with("relu") { "activation=relu" } else { "" };
        let mut lab = Lab::new("").0;
        lab.open_network(&file, &content).map_err(anyhow::Error::msg)?;
        if !query.is_empty() {
            lab.update(vanishing_app::Msg::Input {
                key: "activation".to_owned(),
                value: "relu".to_owned(),
                phase: vanishing_app::Phase::Done,
            });
        }
        let norms = wanted["state_gradient_norms"].as_array().context("no norms")?;
        let found = lab.gradient_norms();
        ensure!(found.len() == norms.len(), "{name}: {} of {} steps", found.len(), norms.len());
        for (t, (log10, norm)) in found.iter().zip(norms).enumerate() {
            let (found, norm) = (math::exp(log10 * math::LN_10), norm.as_f64().context("no number")?);
            ensure!(near(found, norm), "{name}, step {t}: {found} here, {norm} in PyTorch");
        }
        let study = gradients::run(&model::configs_with(lab.settings(), lab.opened_network()).network);
        let (found, norm) = (math::exp(study.plain.gradient_log10 * math::LN_10), &wanted["gradient_norm"]);
        let norm = norm.as_f64().context("no number")?;
        ensure!(near(found, norm), "{name}: the parameters' gradient is {found} here, {norm} in PyTorch");
    }
    Ok(())
}

/// Both directions, projected states, a chosen activation, in double precision: every norm of every layer and the loss.
#[test]
fn networks_of_every_form_have_the_norms_of_pytorch_to_ten_digits() -> Result<()> {
    let folder = folder().join("forms");
    let expected: Value = serde_json::from_slice(&std::fs::read(folder.join("expected.json"))?)?;
    let expected = expected.as_object().context("no object")?;
    ensure!(expected.len() == 3, "there are {} networks", expected.len());
    for (name, wanted) in expected {
        let file = format!("{name}.safetensors");
        let query = if name.ends_with("relu") { "activation=relu" } else { "" };
        let mut lab = Lab::new(query).0;
        lab.open_network(&file, &std::fs::read(folder.join(&file))?).map_err(anyhow::Error::msg)?;
        let study = gradients::run(&model::configs_with(lab.settings(), lab.opened_network()).network);
        let pass = &study.plain;
        let loss = wanted["loss"].as_f64().context("no loss")?;
        ensure!((pass.backward_pass.loss / loss - 1.0).abs() < 1e-12, "{name}: {}", pass.backward_pass.loss);
        let layers = wanted["log10_norms"].as_array().context("no layers")?;
        ensure!(layers.len() == pass.backward_pass.layers.len(), "{name}: {} layers", layers.len());
        for (number, layer) in layers.iter().enumerate() {
            let directions = layer.as_array().context("no directions")?;
            ensure!(directions.len() == if pass.reverse.is_empty() { 1 } else { 2 }, "{name}: directions");
            let found = [Some(&pass.backward_pass.layers[number]), pass.reverse.get(number)];
            for (found, norms) in found.into_iter().flatten().zip(directions) {
                let norms = norms.as_array().context("no norms")?;
                ensure!(norms.len() == found.hidden_gradient_log10.len(), "{name}: {} norms", norms.len());
                for (t, (found, norm)) in found.hidden_gradient_log10.iter().zip(norms).enumerate() {
                    let norm = norm.as_f64().context("no number")?;
                    ensure!(
                        (found - norm).abs() < 1e-10,
                        "{name}, layer {number}, step {t}: {found} here, {norm} there"
                    );
                }
            }
        }
    }
    Ok(())
}

#[test]
fn networks_in_other_layouts_are_those_that_pytorch_differentiated() -> Result<()> {
    let expected: Value = serde_json::from_slice(&std::fs::read(folder().join("layouts.json"))?)?;
    let expected = expected.as_object().context("no object")?;
    ensure!(expected.len() == 5, "there are {} networks", expected.len());
    for (name, wanted) in expected {
        let content = std::fs::read(folder().join(format!("{name}.safetensors")))?;
        let networks: Vec<(Option<&str>, &Value)> = match wanted.get("encoder") {
            Some(encoder) => vec![(Some("decoder"), wanted), (Some("encoder"), encoder)],
            None => vec![(None, wanted)],
        };
        for (prefix, wanted) in networks {
            let choice = Choice { network: prefix.map(str::to_owned), readout: None };
            let files = [(name.clone(), content.len() as u64)];
            let opened = open_all(&files, choice, &mut |range| {
                Ok(content.get(range.start as usize..range.end as usize).unwrap_or_default().to_vec())
            });
            let mut lab = Lab::new("").0;
            lab.show_network(opened.map_err(anyhow::Error::msg)?);
            let norms = wanted["log10_norms"][0][0].as_array().context("no norms")?;
            let found = lab.gradient_norms();
            ensure!(found.len() == norms.len(), "{name}: {} of {} steps", found.len(), norms.len());
            for (t, (found, norm)) in found.iter().zip(norms).enumerate() {
                let norm = norm.as_f64().context("no number")?;
                ensure!((found - norm).abs() < 1e-10, "{name}, step {t}: {found} here, {norm} in PyTorch");
            }
        }
    }
    Ok(())
}
