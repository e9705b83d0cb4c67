//! How much of dL/dW_hh each time step contributes, and what truncation would cut.
//!
//! ```text
//! dL/dW_hh = Σ_t C_t,   A_t = Σ_{s >= t} C_s,   cut before t: ‖dL/dW_hh - A_t‖ / ‖dL/dW_hh‖
//! ```
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::over_time::{self, points, roomy, span};
use crate::scene::{Axis, Dash, Mark, Panel, Scene, Series, Tone};
use vanishing_core::math;
use vanishing_core::studies::weight_gradient::WeightGradient;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "weight-gradient", title: "Which time steps the weights learn from", aspect: 1.9, scene };

/// The share that counts as nearly all.
const NEARLY_ALL: f64 = 0.99;

fn scene(model: &Model) -> Scene {
    Scene {
        panels: vec![norms(model), shares(model)],
        summary: summary(model),
        remark: over_time::of_part(model, remark(model)),
    }
}

/// ‖C_t‖ and ‖A_t‖.
fn norms(model: &Model) -> Panel {
    let study = model.weight_gradient();
    let mut panel = over_time::panel(model, over_time::FORWARDS, Axis::log("size of its part of ∂L/∂W"));
    let (one, all) = (points(1, &study.contribution), points(1, &study.accumulated));
    panel.y.range = span(one.iter().chain(&all).map(|point| point.1)).map(roomy);
    panel.marks.push(Mark::Series(Series::line("step t alone", Tone::Series(0), one)));
    let mut all = Series::line("t and later", Tone::Ink, all);
    all.line = Some((Dash::Solid, 1.5));
    panel.marks.push(Mark::Series(all));
    panel
}

/// The share that truncation before t would cut; above 1 where the parts cancel.
fn shares(model: &Model) -> Panel {
    let study = model.weight_gradient();
    // Of a gradient that is zero or infinite there are no shares.
    let whole = study.accumulated.first().is_some_and(|whole| whole.is_finite());
    let share = |cut: &f64| if whole { math::powf(10.0, *cut) } else { f64::NAN };
    let cut: Vec<f64> = study.cut.iter().map(share).collect();
    let top = cut.iter().copied().filter(|x| x.is_finite()).fold(1.0, f64::max).min(2.0);
    let axis = Axis::linear("share lost if cut before t", 0.0, top * 1.16);
    let mut panel = over_time::panel(model, over_time::FORWARDS, axis);
    let steps = model.gradients().steps;
    if let Some(held) = held(model).filter(|held| !nearly_all_steps(*held, steps)) {
        let from = (steps - held) as f64;
        panel.marks.push(Mark::Zone {
            x: (from, steps as f64),
            y: (f64::NEG_INFINITY, f64::INFINITY),
            label: String::new(),
            tone: Tone::Preserved,
        });
        let label = format!("last {held}: {} %", NEARLY_ALL * 100.0);
        panel.marks.push(Mark::Vertical { x: from, label, tone: Tone::Preserved, dash: Dash::Dashed });
    }
    panel.marks.push(Mark::Horizontal { y: 1.0, label: String::new(), tone: Tone::Muted, dash: Dash::Solid });
    panel.marks.push(Mark::Series(Series::line("share lost", Tone::Exploding, points(1, &cut)).unlabelled()));
    panel
}

/// Whether so many steps are so nearly all that no truncation is worth a word.
fn nearly_all_steps(held: usize, steps: usize) -> bool {
    held as f64 > 0.9 * steps as f64
}

/// How many of the last steps hold nearly all of the gradient: cutting before them loses less than the rest, and so
/// does cutting anywhere earlier. `None` where the gradient is zero or undefined.
fn held(model: &Model) -> Option<usize> {
    let WeightGradient { cut, accumulated, .. } = model.weight_gradient();
    let limit = math::log10(1.0 - NEARLY_ALL);
    let whole = accumulated.first().is_some_and(|whole| whole.is_finite());
    if !whole || cut.iter().any(|cut| cut.is_nan() || *cut == f64::INFINITY) {
        return None;
    }
    // The first step at which a cut would lose too much; before it every cut is harmless.
    let harmless = cut.iter().position(|cut| *cut > limit).unwrap_or(cut.len());
    Some(cut.len() - harmless.saturating_sub(1))
}

/// How many of the first steps hold nearly all of the gradient, where the last ones do not: the parts of an exploding
/// gradient.
fn held_by_first(model: &Model) -> Option<usize> {
    let accumulated = &model.weight_gradient().accumulated;
    let whole = accumulated.first().copied().filter(|whole| whole.is_finite())?;
    let limit = whole + math::log10(1.0 - NEARLY_ALL);
    // Behind the last cut that leaves too much to its right.
    let needed = accumulated.iter().rposition(|rest| *rest > limit).map_or(0, |i| i + 1);
    (!nearly_all_steps(needed, accumulated.len())).then_some(needed)
}

/// Which steps hold nearly all of the gradient, in words: `the last 12 of 100 steps`. `None` where it is zero or
/// undefined.
pub fn holders(model: &Model) -> Option<String> {
    let (held, steps) = (held(model)?, model.weight_gradient().cut.len());
    let of_steps = over_time::steps(steps);
    Some(match (nearly_all_steps(held, steps), held_by_first(model)) {
        (false, _) if held == 1 => format!("the last of {of_steps}"),
        (false, _) => format!("the last {held} of {of_steps}"),
        (true, Some(1)) => format!("the first of {of_steps}"),
        (true, Some(first)) => format!("the first {first} of {of_steps}"),
        (true, None) => format!("nearly all {of_steps}"),
    })
}

/// Whether the matrix is so large that the steps' parts are not summed.
fn is_too_large(model: &Model) -> bool {
    let study = model.weight_gradient();
    study.accumulated.is_empty() && !study.contribution.is_empty()
}

fn summary(model: &Model) -> String {
    let study = model.weight_gradient();
    let size = |values: &[f64]| values.first().copied().map_or("undefined".to_owned(), format::log10_value);
    let ends = format!(
        "The last step contributes {}, the first {}.",
        study.contribution.last().copied().map_or("undefined".to_owned(), format::log10_value),
        size(&study.contribution),
    );
    if is_too_large(model) {
        return format!("What each time step alone adds to the gradient of the recurrent matrix. {ends}");
    }
    match holders(model) {
        Some(holders) => format!(
            "{} % of the gradient of the recurrent matrix, whose size is {}, come from {holders}. {ends}",
            NEARLY_ALL * 100.0,
            size(&study.accumulated),
        ),
        None => format!(
            "The gradient of the recurrent matrix is {}: no share can be given. {ends}",
            size(&study.accumulated)
        ),
    }
}

fn remark(model: &Model) -> String {
    let steps = model.gradients().steps;
    if is_too_large(model) {
        return "Of so large a matrix the parts of the steps are not summed: what each adds alone is shown.".to_owned();
    }
    let Some(held) = held(model) else {
        return "The gradient is zero or leaves the range of numbers: no share of it can be given.".to_owned();
    };
    if steps == 1 {
        return "There is one time step, and it holds all of ∂L/∂W.".to_owned();
    }
    let cancel = model.weight_gradient().cut.iter().any(|cut| *cut > 0.05);
    let cancel = if cancel { " Above 1 the parts of single steps cancel each other." } else { "" };
    if let (true, Some(first)) = (nearly_all_steps(held, steps), held_by_first(model)) {
        return format!(
            "The first {} hold {} % of ∂L/∂W: the gradient explodes, and truncation would cut just these.{cancel}",
            over_time::steps(first),
            NEARLY_ALL * 100.0
        );
    }
    if nearly_all_steps(held, steps) {
        return format!(
            "Nearly all {} count: truncation would lose what is learned from the earliest.{cancel}",
            over_time::steps(steps)
        );
    }
    let last = if held == 1 {
        "The last time step holds".to_owned()
    } else {
        format!("The last {} hold", over_time::steps(held))
    };
    format!("{last} {} % of ∂L/∂W: what came earlier is hardly learned from.{cancel}", NEARLY_ALL * 100.0)
}
