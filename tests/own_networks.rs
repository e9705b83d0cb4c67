//! Networks saved by PyTorch, opened as a reader's file, against PyTorch's own gradients in single precision.
//!
//! `tests/networks/make.py` saved them; nothing of PyTorch is needed here.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use vanishing_app::{Lab, model};
use vanishing_core::math;
use vanishing_core::studies::gradients;

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
