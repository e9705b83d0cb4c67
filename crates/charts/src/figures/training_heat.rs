//! ‖dL/dh_t‖ over the time steps and over training: one map for each lane.
//!
//! ```text
//! colour: log10 (‖dL/dh_t‖ / ‖dL/dh_T‖) of an update: how much of the gradient is left on its way back to step t
//! strip:  ‖dL/dθ‖ > 1000: blue below it is not a small gradient
//! ```
use super::spec::FigureSpec;
use crate::format;
use crate::laboratory::Lane;
use crate::model::Model;
use crate::over_training as over;
use crate::scene::{Axis, Mark, Panel, Scene, Series, Shades, Tone};
use vanishing_core::training::{HeatRow, PROFILE};

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "training-heat", title: "The gradient at every time step, over training", aspect: 2.2, scene };

/// Where the colours end: a factor of ten thousand.
const LIMIT: f64 = 4.0;
/// log10 of the norm of the gradient of all weights above which an update is marked along the top.
const LOUD: f64 = 3.0;
/// The height of these marks, as a share of the map's. There, near T, every map is white.
const STRIP: f64 = 0.05;
/// How much wider the map of a run that diverged is, for the part without numbers.
const WITHOUT_NUMBERS: f64 = 0.18;

fn scene(model: &Model) -> Scene {
    let laboratory = model.laboratory();
    let panels = match &laboratory.lanes[..] {
        // Before any run there is little room, and nothing to be told apart.
        lanes if lanes.iter().all(|lane| lane.history.heat.is_empty() && lane.breakdown.is_none()) => {
            vec![nothing_yet()]
        }
        lanes => lanes.iter().map(|lane| map(lane, lanes.len())).collect(),
    };
    let summary = over::summary(
        laboratory,
        "Gradient at every time step over training, relative to that at the last step",
        |lane| {
            let left = known(lane).last().map(|row| relative(&row.profile, 0));
            let loud = if loud(lane).contains(&true) {
                ", the gradient of all weights was longer than 1000 at times"
            } else {
                ""
            };
            format!("at the first state {} of it is left{loud}", over::value(left))
        },
    );
    let mut remark =
        "Blue: shrunk on its way back from T, orange: grown; each shade a power of ten, the deepest 10⁴ and more."
            .to_owned();
    if laboratory.lanes.iter().all(|lane| lane.history.heat.is_empty()) {
        remark.clear();
    }
    if laboratory.lanes.iter().any(|lane| loud(lane).contains(&true)) {
        remark += " Orange along the top: the gradient of all weights is longer than 1000; blue below it is a small share of a large gradient.";
    }
    if laboratory.lanes.iter().any(|lane| lane.breakdown.is_some()) {
        remark += " Hatched: diverged.";
    }
    Scene { panels, summary, remark }
}

fn nothing_yet() -> Panel {
    let mut panel = Panel::new(Axis::linear("update", 0.0, 10.0), Axis::linear("time step t", 0.0, 1.0));
    let text = "no update yet".to_owned();
    panel.marks.push(Mark::Text { at: (5.0, 0.5), text, tone: Tone::Muted, anchor: 0 });
    panel
}

/// The rows before the run diverged.
fn known(lane: &Lane) -> &[HeatRow] {
    let heat = &lane.history.heat;
    let end = lane.breakdown.as_ref().and_then(|end| heat.iter().position(|row| row.step >= end.step));
    &heat[..end.unwrap_or(heat.len())]
}

/// How many updates a row stands for. Those of a run that is not looked at in every update are as far apart as the looks.
fn stride(lane: &Lane) -> f64 {
    let apart = match &lane.history.heat[..] {
        [first, second, ..] => second.step.abs_diff(first.step),
        _ => lane.history.heat_stride(),
    };
    apart.max(1) as f64
}

/// For each of these rows, whether the gradient of all weights was longer than 10^[`LOUD`] in one of its updates.
fn loud(lane: &Lane) -> Vec<bool> {
    let (curve, stride) = (&lane.history.gradient, stride(lane));
    let mut loud = vec![false; known(lane).len()];
    for point in curve.points().iter().filter(|point| point.high > LOUD) {
        let (first, last) = (point.step, point.step + curve.stride() as f64 - 1.0);
        for row in (first / stride) as usize..=(last / stride) as usize {
            if let Some(row) = loud.get_mut(row) {
                *row = true;
            }
        }
    }
    loud
}

fn map(lane: &Lane, lanes: usize) -> Panel {
    let history = &lane.history;
    let (known, stride) = (known(lane), stride(lane));
    let without = lane.breakdown.as_ref().map_or(0, |_| ((known.len() as f64 * WITHOUT_NUMBERS) as usize).max(1));
    let columns = known.len() + without;
    let last = match history.heat.first() {
        Some(first) => first.step as f64 + columns as f64 * stride,
        None if columns > 0 => columns as f64 * stride,
        None => 10.0,
    };
    let steps = (lane.task.steps)(lane.sequence_length) as f64;
    let x = Axis::linear("update", 0.0, last);
    let mut panel = Panel::new(x, Axis::linear("time step t", 0.0, steps));
    panel.title = if lanes > 2 { lane.letter.to_owned() } else { over::name(lane) };
    if let Some(breakdown) = &lane.breakdown {
        panel.title += &format!(", diverged at {}", format::count(breakdown.step));
    }
    if columns == 0 {
        let text = "no update yet".to_owned();
        panel.marks.push(Mark::Text { at: (last / 2.0, steps / 2.0), text, tone: Tone::Muted, anchor: 0 });
        return panel;
    }
    // Row 0 is at the top: the last time step.
    let value = |row: usize, column: usize| {
        known.get(column).map_or(f64::NAN, |column| relative(&column.profile, PROFILE - 1 - row))
    };
    let values = (0..PROFILE).flat_map(|row| (0..columns).map(move |column| (row, column)));
    panel.marks.push(Mark::Heatmap {
        name: "log₁₀ of what is left".to_owned(),
        rows: PROFILE,
        columns,
        values: values.map(|(row, column)| value(row, column)).collect(),
        limit: LIMIT,
        shades: Shades::Signed,
        words: Vec::new(),
    });
    for (column, _) in loud(lane).into_iter().enumerate().filter(|(_, loud)| *loud) {
        let (low, from) = (steps * (1.0 - STRIP), column as f64 * stride);
        let points = vec![(from, low, steps), (from + stride, low, steps)];
        panel.marks.push(Mark::Band { name: String::new(), tone: Tone::Exploding, opacity: 1.0, points });
    }
    if let Some(breakdown) = &lane.breakdown {
        let x = breakdown.step as f64;
        // A line of points, so that the word across it has paper behind it.
        panel.marks.push(Mark::Series(Series::line("", Tone::Exploding, vec![(x, 0.0), (x, steps)])));
        let step = format::count(breakdown.step);
        let text = if lanes > 2 { "diverged".to_owned() } else { format!("diverged at update {step}") };
        panel.marks.push(Mark::Text { at: (x, 0.5 * steps), text, tone: Tone::Exploding, anchor: 0 });
    }
    panel
}

/// log10 of what is left at a place of the profile. Nothing left is less than any factor.
fn relative(profile: &[f32], place: usize) -> f64 {
    match (profile.get(place), profile.last()) {
        (Some(here), Some(last)) if last.is_finite() => f64::from(*here) - f64::from(*last),
        // The gradient is zero, infinite or undefined where it starts: it has no defined share.
        _ => f64::NAN,
    }
}
