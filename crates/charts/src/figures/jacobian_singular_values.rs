//! The singular values of the product of Jacobians from T back to t, and the measured gradient among them: all of them, or
//! the largest of a large state.
//!
//! ```text
//! P = J_T J_{T-1} ... J_{t+1},   σ_n(P) <= ‖dL/ds_t‖ / ‖dL/ds_T‖ <= σ_1(P)   (s: the state; a loss at T only)
//! ```
use super::spec::FigureSpec;
use crate::format;
use crate::model::{Model, Search};
use crate::over_time::{self, points, roomy, span};
use crate::scene::{Axis, Dash, Mark, Panel, Scene, Series, Tone};
use vanishing_core::studies::jacobians::{self, JacobianStudy, LEADING};

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "jacobian-singular-values", title: "Every direction on its way back", aspect: 1.7, scene };

/// The title of the axis: the distance runs from right to left.
const X_TITLE: &str = "time step t   (distance back in time: T − t, from right to left)";

fn scene(model: &Model) -> Scene {
    let mut panel =
        over_time::panel(model, X_TITLE, Axis::log("singular values of the Jacobians' product, from T back to t"));
    panel.marks.push(Mark::Horizontal { y: 0.0, label: String::new(), tone: Tone::Muted, dash: Dash::Solid });
    if let Some(study) = model.jacobians() {
        add_lines(&mut panel, model, study);
    }
    let gradient = gradient(model);
    let measured = Series::line("gradient", Tone::Ink, points(0, &gradient)).unlabelled();
    panel.marks.push(Mark::Series(measured));
    panel.y.range = span(panel.marks.iter().flat_map(heights)).map(readable).map(roomy);
    if let Some(study) = model.jacobians() {
        add_names(&mut panel, model, study);
    }
    Scene { panels: vec![panel], summary: summary(model), remark: over_time::of_part(model, remark(model)) }
}

/// What has shrunk by more decades than this below what grows is gone for any purpose: shown, it would squeeze what
/// matters into a hair.
const DECADES: f64 = 30.0;

/// The part of a range in which growth and decay are both seen.
fn readable((low, high): (f64, f64)) -> (f64, f64) {
    (low.max(high.max(0.0) - DECADES.max(1.5 * high)), high)
}

/// Every value of a line.
fn heights(mark: &Mark) -> Vec<f64> {
    match mark {
        Mark::Series(series) => series.points.iter().map(|point| point.1).collect(),
        Mark::Horizontal { y, .. } => vec![*y],
        _ => Vec::new(),
    }
}

/// log10 ‖g_t‖ / ‖g_T‖ of the pass that is in force.
fn gradient(model: &Model) -> Vec<f64> {
    let norms = model.gradients().in_force().state_gradient_log10();
    let last = norms.last().copied().unwrap_or(0.0);
    norms.iter().map(|norm| norm - last).collect()
}

/// One line for each singular value, from 1 at t = T to the left.
fn add_lines(panel: &mut Panel, model: &Model, study: &JacobianStudy) {
    let steps = model.gradients().steps;
    let count = study.singular_values_log10.first().map_or(0, Vec::len);
    let faint = if count > 12 { 0.5 } else { 0.8 };
    for i in 0..count {
        let at_distance = study.distances.iter().zip(&study.singular_values_log10);
        let line = at_distance.rev().filter_map(|(d, values)| Some((steps.checked_sub(*d)? as f64, *values.get(i)?)));
        let line: Vec<(f64, f64)> = line.chain([(steps as f64, 0.0)]).collect();
        let tone = over_time::tone(line.first().map_or(0.0, |point| point.1));
        let mut series = Series::line(format!("σ{}", format::subscript(i + 1)), tone, line).unlabelled();
        let outermost = i == 0 || i + 1 == count;
        series.line = Some((Dash::Solid, if outermost { 1.6 } else { 1.0 }));
        panel.marks.push(Mark::Series(if outermost { series } else { series.faint(faint) }));
    }
}

/// The names of the largest, the smallest and the measured, at their left ends.
fn add_names(panel: &mut Panel, model: &Model, study: &JacobianStudy) {
    let Some((low, high)) = panel.y.range else { return };
    let room = (high - low) * 0.045;
    let length = model.gradients().steps as f64;
    let lines: Vec<(f64, Tone)> = panel.marks.iter().filter_map(first_of_line).collect();
    let name = |y: f64, above: bool, text: String, tone: Tone| {
        let y = if y.is_finite() { (y + if above { room } else { -room }).clamp(low + room, high - room) } else { y };
        Mark::Text { at: (length * 0.012, y), text, tone, anchor: 1 }
    };
    let [.., gradient] = &lines[..] else { return };
    let count = lines.len() - 1;
    // Not where it has left the picture below.
    let is_seen = |y: f64| y >= low || !y.is_finite();
    if let (Some(first), true) = (lines.first().filter(|line| is_seen(line.0)), count > 0) {
        panel.marks.push(name(first.0, true, "largest".to_owned(), first.1));
    }
    let smallest = lines.get(count.saturating_sub(1)).filter(|line| is_seen(line.0));
    if let (Some(last), true) = (smallest, count > 1) {
        let text = if count < study.state_size { format!("{count}th") } else { "smallest".to_owned() };
        panel.marks.push(name(last.0, true, text, last.1));
    }
    if is_seen(gradient.0) {
        // Beneath its line where the largest is close above.
        let close = lines.first().is_some_and(|first| (first.0 - gradient.0).abs() < 2.5 * room);
        panel.marks.push(name(gradient.0, count == 0 || !close, "gradient".to_owned(), gradient.1));
    }
}

/// Height of the left end of a line, and its tone.
fn first_of_line(mark: &Mark) -> Option<(f64, Tone)> {
    match mark {
        Mark::Series(series) => series.points.first().map(|point| (point.1, series.tone)),
        _ => None,
    }
}

fn summary(model: &Model) -> String {
    let gradient = gradient(model).first().copied().unwrap_or(f64::NAN);
    let steps = model.gradients().steps;
    let measured = format!("The gradient itself is multiplied by {} on the way.", format::log10_value(gradient));
    let ends = model.jacobians().and_then(|study| Some((study.state_size, study.singular_values_log10.last()?)));
    let Some((size, values)) = ends else { return format!("{} {measured}", waiting(model)) };
    let [largest, last] =
        [values.first(), values.last()].map(|value| format::log10_value(value.copied().unwrap_or(f64::NAN)));
    let over = over_time::steps(steps);
    let count = values.len();
    if count < size {
        let all = format::count(size as u64);
        return format!(
            "The {count} largest of {all} singular values of the product of Jacobians over {over}: the first becomes {largest}, the {count}th {last}. {measured}"
        );
    }
    format!(
        "{count} singular values of the product of Jacobians over {over}: the largest becomes {largest}, the smallest {last}. {measured}"
    )
}

/// What is to be said where they are not there yet.
fn waiting(model: &Model) -> String {
    if !jacobians::has_factors(model.network()) {
        return "With a normalisation the singular values of so large a state are not computed.".to_owned();
    }
    if jacobians::is_too_large(model.network()) {
        return "Of so large a matrix the singular values would take hours: they are left out.".to_owned();
    }
    match model.search() {
        Search::Going(progress) => {
            format!("The {LEADING} largest singular values are being computed: {} %.", (100.0 * progress).round())
        }
        Search::GivenUp => "The singular values were given up; another network has them computed again.".to_owned(),
        Search::Idle => {
            format!("Of so large a state the {LEADING} largest singular values are computed while they are looked at.")
        }
    }
}

fn remark(model: &Model) -> String {
    let Some(study) = model.jacobians() else {
        let comes = jacobians::has_factors(model.network()) && !jacobians::is_too_large(model.network());
        let until = if comes { "Until then the" } else { "The" };
        return format!("{} {until} gradient is shown alone.", waiting(model));
    };
    let values = study.singular_values_log10.last();
    let Some((largest, smallest)) = values.and_then(|values| Some((values.first()?, values.last()?))) else {
        return String::new();
    };
    let exponent = study.exponents().first().copied().unwrap_or(f64::NAN);
    let size = format::count(study.state_size as u64);
    let all = values.is_some_and(|values| values.len() == study.state_size);
    let found = if *largest < -0.25 {
        "Even the largest singular value shrinks: from so far back nothing that the state held reaches the loss."
            .to_owned()
    } else if *largest > 0.25 && *smallest < -0.25 {
        let growing = values.map_or(0, |values| values.iter().filter(|value| **value > 0.0).count());
        let grow = if growing == 1 { "grows" } else { "grow" };
        format!("{growing} of {size} directions {grow}, the others shrink: exploding and vanishing at once.")
    } else if *smallest > 0.25 && !all {
        format!("At least {LEADING} of {size} directions grow.")
    } else if !all {
        format!("Shown are the {LEADING} largest of {size}; all others are smaller.")
    } else {
        String::new()
    };
    // What is only rounding is written as the zero that it stands for.
    let exponent = if exponent.abs() < 1e-12 { 0.0 } else { exponent };
    let exponent = format!("Largest Lyapunov exponent over these steps: {} per step.", format::short(exponent));
    [found, exponent].join(" ").trim().to_owned()
}
