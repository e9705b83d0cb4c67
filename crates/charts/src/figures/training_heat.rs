//! ‖dL/dh_t‖ over the time steps and over training: one map for each lane.
//!
//! ```text
//! colour: log10 (‖dL/dh_t‖ / ‖dL/dh_T‖) of an update: how much of the gradient is left on its way back to step t
//! ```
use super::spec::FigureSpec;
use crate::format;
use crate::laboratory::Lane;
use crate::model::Model;
use crate::over_training as over;
use crate::scene::{Axis, Dash, Mark, Panel, Scene, Shades, Tone};
use vanishing_core::training::PROFILE;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "training-heat", title: "The gradient at every time step, over training", aspect: 2.2, scene };

/// Where the colours end: a factor of ten thousand.
const LIMIT: f64 = 4.0;

fn scene(model: &Model) -> Scene {
    let laboratory = model.laboratory();
    let panels = match &laboratory.lanes[..] {
        [] => vec![over::panel(laboratory, Axis::linear("time step t", 0.0, 1.0))],
        lanes => lanes.iter().map(|lane| map(lane, lanes.len())).collect(),
    };
    let summary = over::summary(
        laboratory,
        "Gradient at every time step over training, relative to that at the last step",
        |lane| {
            let left = lane.history.heat.last().map(|row| relative(&row.profile, 0));
            format!("at the first state {} of it is left", over::value(left))
        },
    );
    let remark =
        "Blue: shrunk on its way back from T, orange: grown; each shade a power of ten, the deepest 10⁴ and more.";
    Scene { panels, summary, remark: remark.to_owned() }
}

fn map(lane: &Lane, lanes: usize) -> Panel {
    let history = &lane.history;
    // Of a run that is not looked at in every update, the rows are as far apart as the looks.
    let stride = match &history.heat[..] {
        [first, second, ..] => second.step.abs_diff(first.step),
        _ => history.heat_stride(),
    };
    let last = history.heat.last().map_or(10.0, |row| (row.step + stride) as f64);
    let steps = (lane.task.steps)(lane.sequence_length) as f64;
    let x = Axis::linear("update", 0.0, last);
    let mut panel = Panel::new(x, Axis::linear("time step t", 0.0, steps));
    panel.title = if lanes > 2 { lane.letter.to_owned() } else { over::name(lane) };
    if let Some(breakdown) = &lane.breakdown {
        panel.title += &format!(", diverged at {}", format::count(breakdown.step));
    }
    if history.heat.is_empty() {
        let text = "no update yet".to_owned();
        panel.marks.push(Mark::Text { at: (last / 2.0, steps / 2.0), text, tone: Tone::Muted, anchor: 0 });
        return panel;
    }
    let columns = history.heat.len();
    // Row 0 is at the top: the last time step.
    let value = |row: usize, column: usize| relative(&history.heat[column].profile, PROFILE - 1 - row);
    let values = (0..PROFILE).flat_map(|row| (0..columns).map(move |column| (row, column)));
    panel.marks.push(Mark::Heatmap {
        name: "log₁₀ of what is left".to_owned(),
        rows: PROFILE,
        columns,
        values: values.map(|(row, column)| value(row, column)).collect(),
        limit: LIMIT,
        shades: Shades::Signed,
    });
    if let Some(breakdown) = &lane.breakdown {
        let (x, label) = (breakdown.step as f64, String::new());
        panel.marks.push(Mark::Vertical { x, label, tone: Tone::Exploding, dash: Dash::Solid });
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
