//! Error and gradient of both descents on the cliff, over their steps.
use super::cliff::{NAMES, STEP, TONES};
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::over_time::{points, roomy, span};
use crate::scene::{Axis, Dash, Mark, Panel, Scene, Series, Tone};
use vanishing_core::math;
use vanishing_core::studies::cliff::Stop;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "cliff-descent", title: "Two descents, step by step", aspect: 1.9, scene };

/// The axes end here below (log10): what is smaller makes no difference to a descent any more.
const LOWEST: f64 = -6.0;

fn scene(model: &Model) -> Scene {
    let errors = panel(model, "error E", |stop| stop.error);
    let mut norms = panel(model, "norm of the gradient", |stop| stop.norm);
    let threshold = model.cliff_config().threshold;
    norms.marks.insert(
        0,
        Mark::Horizontal {
            y: math::log10(threshold),
            label: format!("clipped to {}", format::short(threshold)),
            tone: Tone::Muted,
            dash: Dash::Dashed,
        },
    );
    Scene { panels: vec![errors, norms], summary: summary(model), remark: String::new() }
}

/// One quantity of both.
fn panel(model: &Model, title: &str, of: impl Fn(&Stop) -> f64) -> Panel {
    let study = model.cliff();
    let steps = study.clipped.len().saturating_sub(1);
    let mut panel = Panel::new(Axis::linear("step", 0.0, steps as f64), Axis::log(title));
    panel.cursor = Some(model.view().cliff_step.min(steps) as f64);
    panel.scrubs = Some(STEP.to_owned());
    let lines = [&study.unclipped, &study.clipped].map(|stops| {
        let values: Vec<f64> = stops.iter().map(|stop| math::log10(of(stop))).collect();
        points(0, &values)
    });
    let values = lines.iter().flatten().map(|point| point.1);
    panel.y.range = span(values).map(|(low, high)| roomy((low.max(LOWEST), high.max(LOWEST))));
    if study.unclipped == study.clipped {
        let [_, line] = lines;
        panel.marks.push(Mark::Series(Series::line("both", Tone::Preserved, line)));
        return panel;
    }
    // The first is wider: where both are the same, both are seen.
    for (((line, name), tone), width) in lines.into_iter().zip(NAMES).zip(TONES).zip([3.0, 1.4]) {
        let mut line = Series::line(name, tone, line);
        line.line = Some((Dash::Solid, width));
        panel.marks.push(Mark::Series(line));
    }
    panel
}

fn summary(model: &Model) -> String {
    let study = model.cliff();
    let described = [&study.unclipped, &study.clipped].into_iter().zip(NAMES).map(|(stops, name)| {
        let longest = stops.iter().map(|stop| stop.norm).fold(0.0, f64::max);
        let last = stops.last().map_or(f64::NAN, |stop| stop.error);
        format!(
            "the {name} one meets a gradient of {} at most and ends with an error of {}",
            format::short(longest),
            format::short(last)
        )
    });
    let described: Vec<String> = described.collect();
    let step = model.view().cliff_step.min(study.clipped.len().saturating_sub(1));
    format!(
        "Error and norm of the gradient over the steps of two descents, on logarithmic axes: {}. Marked: step {step}.",
        described.join("; ")
    )
}
