//! How far the units are saturated: the mean slope φ'(a_t) that a step leaves of a gradient, and the states themselves
//! as a heat map over time.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::over_time::{self, points};
use crate::scene::{Axis, Dash, Mark, Panel, Scene, Series, Shades, Tone};
use vanishing_core::cells::CellSpec;
use vanishing_core::studies::hidden_states::mean_slope;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "saturation", title: "How far the units are saturated", aspect: 2.0, scene };

/// Below this the largest state is the end of the colours.
const SMALL: f64 = 0.5;
/// At most so many units are rows of the heat map.
const MOST_UNITS: usize = 32;

fn scene(model: &Model) -> Scene {
    Scene {
        panels: vec![slopes(model), states(model)],
        summary: summary(model),
        remark: over_time::of_part(model, remark(model)),
    }
}

/// φ' averaged over the units, under its bound.
fn slopes(model: &Model) -> Panel {
    let bound = bound(model);
    let gated = cell(model).gates > 1;
    let title = if gated { "mean slope φ′ of the candidate" } else { "mean slope φ′(aₜ) over the units" };
    let mut panel = over_time::panel(model, over_time::FORWARDS, Axis::linear(title, 0.0, bound * 1.12));
    panel.x.range = Some(across(model));
    let label =
        if gated { format!("at most {}", format::short(bound)) } else { format!("γ = {}", format::short(bound)) };
    panel.marks.push(Mark::Horizontal { y: bound, label, tone: Tone::Muted, dash: Dash::Dashed });
    let mean = values(model);
    let low = mean.iter().copied().fold(f64::INFINITY, f64::min);
    let tone = if low < 0.5 * bound { Tone::Vanishing } else { Tone::Preserved };
    panel.marks.push(Mark::Series(Series::line("mean slope", tone, points(1, &mean)).unlabelled()));
    panel
}

/// (1/H) Σ φ' at t = 1..=T of the pass that is in force.
fn values(model: &Model) -> Vec<f64> {
    let pass = model.gradients().in_force();
    mean_slope(&pass.network, pass.backward_pass.top())
}

/// The cell that is run: a remedy may have put in another than the chosen one.
fn cell(model: &Model) -> &'static CellSpec {
    model.gradients().in_force().network.cell
}

/// sup φ' of the cell, or of its candidate (tanh).
fn bound(model: &Model) -> f64 {
    cell(model).derivative_bound.unwrap_or(1.0)
}

/// The ends of both axes of time: every column of the heat map has its t in its middle.
fn across(model: &Model) -> (f64, f64) {
    (-0.5, model.gradients().steps as f64 + 0.5)
}

/// The units that are shown, by their numbers from 0: all, or evenly chosen ones.
fn shown(units: usize) -> Vec<usize> {
    let rows = units.min(MOST_UNITS);
    (0..rows).map(|row| row * units / rows.max(1)).collect()
}

/// h_t of the units, t = 0..=T.
fn states(model: &Model) -> Panel {
    let study = model.gradients();
    let (units, layer) = (study.network.hidden_size, study.in_force().backward_pass.top());
    let shown = shown(units);
    let columns = study.steps + 1;
    let value = |unit: usize, t: usize| layer.hidden.get(t * units + unit).copied().unwrap_or(f64::NAN);
    let values = shown.iter().flat_map(|unit| (0..columns).map(move |t| value(*unit, t))).collect();
    let rows = shown.len() as f64;
    let mut panel = over_time::panel(model, over_time::FORWARDS, Axis::linear("hidden unit j", rows + 0.5, 0.5));
    panel.x.range = Some(across(model));
    panel.y.ticks =
        Some(shown.iter().enumerate().map(|(row, unit)| (row as f64 + 1.0, (unit + 1).to_string())).collect());
    panel.marks.push(Mark::Heatmap {
        name: "state h".to_owned(),
        rows: shown.len(),
        columns,
        values,
        shades: Shades::Signed,
        limit: limit(model),
        words: Vec::new(),
    });
    panel
}

/// Where the colours end: at 1, where a cell saturates; nearer, at the largest state after the start, where all states
/// are so small that nothing would be seen.
fn limit(model: &Model) -> f64 {
    let study = model.gradients();
    let later = study.in_force().backward_pass.top().hidden.get(study.network.hidden_size..).unwrap_or(&[]);
    let largest = later.iter().map(|h| h.abs()).filter(|h| h.is_finite()).fold(0.0, f64::max);
    if largest > 0.0 && largest < SMALL { largest } else { 1.0 }
}

/// How many of the state's values, over all units and times, lie beyond `limit`, as a share.
fn share_beyond(model: &Model, limit: f64) -> f64 {
    let hidden = &model.gradients().in_force().backward_pass.top().hidden;
    hidden.iter().filter(|h| h.abs() > limit).count() as f64 / hidden.len().max(1) as f64
}

fn summary(model: &Model) -> String {
    let study = model.gradients();
    let values = values(model);
    let mean = over_time::mean(values.iter().copied());
    let slope = format!(
        "Mean slope of the activation over {}: {} on average, at most {} is possible; {} at the last step.",
        over_time::steps(study.steps),
        format::short(mean),
        format::short(bound(model)),
        format::short(values.last().copied().unwrap_or(f64::NAN)),
    );
    let map = format!(
        "Heat map of the states of {} hidden units over time, blue for negative and orange for positive values; the colours end at plus and minus {}.",
        shown(study.network.hidden_size).len(),
        format::short(limit(model)),
    );
    format!("{slope} {map}")
}

fn remark(model: &Model) -> String {
    let units = model.gradients().network.hidden_size;
    let mut sentences = Vec::new();
    if units > MOST_UNITS {
        sentences.push(format!("{MOST_UNITS} of {units} units are shown, evenly chosen."));
    }
    let beyond = share_beyond(model, 1.0);
    if !cell(model).bounded && beyond > 0.0 {
        let percent = format::short((beyond * 100.0).max(0.1));
        sentences.push(format!("The colours end at ±1; {percent} % of the states lie beyond: this cell has no limit."));
    }
    if limit(model) < 1.0 {
        sentences.push(format!("The colours end at ±{}: all states are small.", format::short(limit(model))));
    }
    if cell(model).is_linear() {
        sentences.push("A linear cell never saturates: its slope is 1 everywhere.".to_owned());
    }
    sentences.join(" ")
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn few_units_are_all_shown_and_many_evenly() {
        assert_eq!(shown(3), [0, 1, 2]);
        let of_many = shown(256);
        assert_eq!((of_many.len(), of_many[1], of_many[31]), (32, 8, 248));
        assert_eq!(shown(0), [0usize; 0]);
    }
}
