//! The norm of the gradient of the real network on its way back, with the remedies and without.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::over_steps as over;
use crate::over_time::{self, roomy, span};
use crate::scene::{Axis, Dash, Mark, Scene, Series, Tone};
use vanishing_core::math;
use vanishing_core::studies::gradients::Pass;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "workbench-gradient", title: "The gradient on its way back", aspect: 1.6, scene };

/// Decades within which a gradient keeps its size, as in chapter 3, and beyond which it has vanished or exploded.
const NEAR: f64 = 0.5;
/// See [`NEAR`].
const FAR: f64 = 1.5;

/// log10 ‖dL/dh_{T-k}‖ over k.
fn backwards(pass: &Pass) -> Vec<(f64, f64)> {
    pass.state_gradient_log10().iter().rev().enumerate().map(|(k, y)| (k as f64, *y)).collect()
}

fn scene(model: &Model) -> Scene {
    let study = model.gradients();
    let mut panel = over::panel(model, Axis::log(""));
    let line = |name: &str, tone, pass| Series::line(name, tone, backwards(pass));
    let mut lines = Vec::new();
    if study.treated.is_some() {
        let mut plain = line("without remedies", Tone::Muted, &study.plain);
        plain.line = Some((Dash::Solid, 1.6));
        lines.push(plain);
    }
    let name = if study.treated.is_some() { "with remedies" } else { "‖∂L/∂h‖" };
    let mut shown = line(name, over_time::tone(0.5 * study.in_force().log10_ratio()), study.in_force());
    shown.line = Some((Dash::Solid, 2.4));
    shown.labelled = study.treated.is_some();
    lines.push(shown);
    let values = || lines.iter().flat_map(|line| line.points.iter().map(|(_, y)| *y));
    panel.y.range = span(values()).map(roomy);
    // What a linear cell would do in the long run.
    if let ([block], Some(last)) = (&model.recurrence().blocks[..], study.plain.state_gradient_log10().last()) {
        let slope = math::log10(block.spectral_radius);
        if slope.is_finite() && last.is_finite() {
            let points = (0..=study.steps).map(|k| (k as f64, last + slope * k as f64)).collect();
            let theory = Series::line("|λ₁|ᵏ", Tone::Muted, points).dashed(Dash::Dashed).unlabelled();
            panel.marks.push(Mark::Series(Series { line: Some((Dash::Dashed, 1.2)), ..theory.faint(0.7) }));
        }
    }
    panel.marks.extend(lines.into_iter().map(Mark::Series));
    let summary = format!(
        "Norm of the gradient with respect to the state, over the steps that it has travelled back, on a logarithmic axis: {}.",
        words(model)
    );
    Scene { panels: vec![panel], summary, remark: String::new() }
}

/// What of the gradient reaches the first step, in words.
pub fn words(model: &Model) -> String {
    let study = model.gradients();
    let ratio = |pass: &Pass| pass.log10_ratio();
    let now = ratio(study.in_force());
    let mut words = verdict(now);
    if let Some(treated) = &study.treated {
        let same = treated.state_gradient_log10() == study.plain.state_gradient_log10();
        words += &if same {
            "; as without".to_owned()
        } else {
            format!("; without, {}", format::log10_value(ratio(&study.plain)))
        };
    }
    words
}

/// The same of log10 of what is left.
fn verdict(log10_ratio: f64) -> String {
    if log10_ratio.is_nan() {
        return "there is none to travel".to_owned();
    }
    let left = format::log10_value(log10_ratio);
    match log10_ratio {
        ratio if ratio < -FAR => format!("vanishes: {left} of it reaches the first step"),
        ratio if ratio < -NEAR => format!("shrinks: {left} of it reaches the first step"),
        ratio if ratio <= 0.0 => format!("arrives: {left} of it reaches the first step"),
        ratio if ratio <= NEAR => format!("arrives: {left} times as much at the first step"),
        ratio if ratio <= FAR => format!("grows: {left} times as much at the first step"),
        _ => format!("explodes: {left} times as much at the first step"),
    }
}
