//! ‖dL/dh_t‖ at every time step of a real backward pass, beside the slope that the leading eigenvalue sets.
use super::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Dash, Mark, Panel, Scene, Series, Tone};
use vanishing_core::math;
use vanishing_core::studies::gradients::Pass;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "gradient-norms", title: "The gradient at every time step", aspect: 1.7, scene };

fn scene(model: &Model) -> Scene {
    let study = model.gradients();
    let steps = study.steps;
    let mut panel = Panel::new(
        Axis::linear("time step t   (backpropagation runs from right to left)", 0.0, steps as f64),
        Axis::log("‖∂L/∂hₜ‖"),
    );
    let by_t = |values: &[f64]| values.iter().enumerate().map(|(t, y)| (t as f64, *y)).collect::<Vec<_>>();
    let last = study.plain.state_gradient_log10().last().copied().unwrap_or(0.0);
    let slope = math::log10(model.recurrence().blocks.first().map_or(f64::NAN, |block| block.spectral_radius));
    let theory = (0..=steps).map(|t| (t as f64, if t == steps { last } else { last + slope * (steps - t) as f64 }));
    panel.marks.push(Mark::Series(Series::line("slope ln|λ₁|", Tone::Muted, theory.collect()).dashed(Dash::Dashed)));
    let (plain_name, plain_opacity) =
        if study.treated.is_some() { ("without remedies", 0.55) } else { ("measured", 1.0) };
    let line = Series::line(plain_name, tone(&study.plain), by_t(study.plain.state_gradient_log10()));
    panel.marks.push(Mark::Series(if study.treated.is_some() {
        line.dashed(Dash::Dotted).faint(plain_opacity)
    } else {
        line
    }));
    if let Some(treated) = &study.treated {
        let series = Series::line("with remedies", tone(treated), by_t(treated.state_gradient_log10()));
        panel.marks.push(Mark::Series(series));
    }
    Scene { panels: vec![panel], summary: summary(model), remark: remark(model) }
}

/// What the gradient does in the long run, which is the half of the way that it travels last: less than half a decade
/// over it, going on like that, counts as preserved.
fn tone(pass: &Pass) -> Tone {
    match pass.log10_ratio_of_late_half() {
        ratio if ratio > 0.25 => Tone::Exploding,
        ratio if ratio < -0.25 => Tone::Vanishing,
        _ => Tone::Preserved,
    }
}

/// Going back, by what factor the gradient changes, and what it does in the long run, in words.
pub fn verdict(pass: &Pass) -> String {
    let ratio = pass.log10_ratio();
    let steps = pass.state_gradient_log10().len().saturating_sub(1);
    if ratio.is_nan() {
        return format!("over {steps} steps back the gradient is zero throughout");
    }
    if ratio == f64::NEG_INFINITY {
        return format!("over {steps} steps back the gradient becomes exactly zero: vanished");
    }
    let change = match ratio {
        ratio if ratio.abs() < 0.005 => "keeps its size".to_owned(),
        ratio if ratio > 0.0 => format!("grows by a factor of {}", format::log10_value(ratio)),
        ratio => format!("shrinks by a factor of {}", format::log10_value(-ratio)),
    };
    let (word, settles) = match tone(pass) {
        Tone::Exploding => ("exploding", false),
        Tone::Vanishing => ("vanishing", false),
        _ => ("preserved", ratio.abs() >= 0.25),
    };
    let settles = if settles { ", then keeps its size" } else { "" };
    format!("over {steps} steps back the gradient {change}{settles}: {word}")
}

fn summary(model: &Model) -> String {
    let study = model.gradients();
    let plain = format!("Norm of the gradient at every time step, on a logarithmic axis: {}.", verdict(&study.plain));
    match &study.treated {
        Some(treated) => format!("{plain} With the chosen remedies, {}.", verdict(treated)),
        None => plain,
    }
}

fn remark(model: &Model) -> String {
    let study = model.gradients();
    let Some(treated) = &study.treated else { return String::new() };
    let same = treated.state_gradient_log10() == study.plain.state_gradient_log10();
    if same && treated.gradient_after_log10 != treated.gradient_log10 {
        format!(
            "Clipping acts after backpropagation: the curve stays, the parameter gradient is cut from {} to {}.",
            format::log10_value(treated.gradient_log10),
            format::log10_value(treated.gradient_after_log10)
        )
    } else if same {
        "The chosen remedy changes nothing here: the curves coincide.".to_owned()
    } else {
        String::new()
    }
}
