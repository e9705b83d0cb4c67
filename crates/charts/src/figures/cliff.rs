//! The error surface of one unit over (w, b), its cliff, and two descents.
use super::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Dash, Handle, Mark, Marker, Moves, Panel, Scene, Series, Tone};
use vanishing_core::studies::cliff::{self, CliffPoint};

/// Registry entry.
pub const SPEC: FigureSpec = FigureSpec { slug: "cliff", title: "The cliff", aspect: 1.45, scene };

/// What is drawn of the plane.
const W: (f64, f64) = (3.0, 7.0);
const B: (f64, f64) = (-4.5, -0.5);
/// Cells of the map.
const ROWS: usize = 72;
const COLUMNS: usize = 90;

fn scene(model: &Model) -> Scene {
    let mut panel = Panel::new(Axis::linear("weight w", W.0, W.1), Axis::linear("bias b", B.0, B.1));
    panel.marks.push(Mark::Heatmap {
        name: "error E".to_owned(),
        rows: ROWS,
        columns: COLUMNS,
        values: surface(),
        // The largest error is 0.49; half the colour keeps the lines on it readable.
        limit: 0.9,
    });
    let steps = (0..=120).map(|i| W.0 + (W.1 - W.0) * f64::from(i) / 120.0);
    let fold = |side: fn((f64, f64)) -> f64| -> Vec<(f64, f64)> {
        steps.clone().filter_map(|w| cliff::two_attractors(w).map(|ends| (w, side(ends)))).collect()
    };
    for points in [fold(|ends| ends.0), fold(|ends| ends.1)] {
        let line = Series::line(String::new(), Tone::Muted, points).dashed(Dash::Dotted);
        panel.marks.push(Mark::Series(line));
    }
    let text = |at, text: &str, tone, anchor| Mark::Text { at, text: text.to_owned(), tone, anchor };
    let line: Vec<(f64, f64)> = steps.clone().filter_map(|w| cliff::cliff(w).map(|b| (w, b))).collect();
    let mut line = Series::line("the cliff".to_owned(), Tone::Ink, line).unlabelled();
    line.line = Some((Dash::Solid, 2.2));
    panel.marks.push(Mark::Series(line));
    panel.marks.push(text((6.9, -3.55), "the cliff", Tone::Ink, -1));
    panel.marks.push(text((6.95, -2.35), "two attractors between the dotted lines", Tone::Muted, -1));
    let (study, step) = (model.cliff(), model.view().cliff_step);
    panel.marks.extend(path(&study.plain, step, Tone::Exploding, "unclipped"));
    panel.marks.extend(path(&study.clipped, step, Tone::Preserved, "clipped"));
    let (w, b) = model.cliff_config().start;
    let [w_key, b_key] = model.view().cliff_keys;
    panel.handles.push(Handle {
        at: (w, b),
        moves: Moves::Both(w_key.to_owned(), b_key.to_owned()),
        label: format!("start, w = {}, b = {}", format::short(w), format::short(b)),
        tone: Tone::Ink,
    });
    Scene { panels: vec![panel], summary: summary(model), remark: remark(study.plain.get(step)) }
}

/// E at the middle of every cell, row 0 at the top. It depends on nothing.
fn surface() -> Vec<f64> {
    static SURFACE: std::sync::OnceLock<Vec<f64>> = std::sync::OnceLock::new();
    let made = SURFACE.get_or_init(|| {
        let middle =
            |(low, high): (f64, f64), i: usize, count: usize| low + (high - low) * (i as f64 + 0.5) / count as f64;
        let cells = (0..ROWS).flat_map(|row| (0..COLUMNS).map(move |column| (row, column)));
        cells
            .map(|(row, column)| cliff::error(middle(W, column, COLUMNS), middle(B, ROWS - 1 - row, ROWS)).error)
            .collect()
    });
    made.clone()
}

fn inside(point: &CliffPoint) -> bool {
    (W.0..=W.1).contains(&point.w) && (B.0..=B.1).contains(&point.b)
}

/// The way so far. Where it leaves the picture an arrow points after it.
fn path(points: &[CliffPoint], step: usize, tone: Tone, name: &str) -> Vec<Mark> {
    let way = points.get(..=step.min(points.len().saturating_sub(1))).unwrap_or(points);
    let shown = way.iter().position(|point| !inside(point)).unwrap_or(way.len());
    let drawn: Vec<(f64, f64)> = way.iter().take(shown).map(|point| (point.w, point.b)).collect();
    let mut marks = Vec::new();
    let last = drawn.last().copied();
    let mut line = Series::line(name.to_owned(), tone, drawn).with_marker(Marker::Dot, 2.2).unlabelled();
    line.line = Some((Dash::Solid, 1.4));
    marks.push(Mark::Series(line));
    if let (Some(from), Some(gone)) = (last, way.get(shown)) {
        // To the edge of the picture, in the direction in which it went.
        let (dw, db) = (gone.w - from.0, gone.b - from.1);
        let reach = |from: f64, d: f64, (low, high): (f64, f64)| match d {
            d if d > 0.0 => (high - from) / d,
            d if d < 0.0 => (low - from) / d,
            _ => f64::INFINITY,
        };
        let share = 0.96 * reach(from.0, dw, W).min(reach(from.1, db, B)).min(1.0);
        let to = (from.0 + share * dw, from.1 + share * db);
        marks.push(Mark::Arrow { from, to, tone, label: format!("{name}: thrown off"), width: 2.0 });
    } else if let Some(at) = last {
        let above = if name == "clipped" { 0.12 } else { -0.12 };
        marks.push(Mark::Text { at: (at.0 + 0.06, at.1 + above), text: name.to_owned(), tone, anchor: 1 });
    }
    marks
}

fn summary(model: &Model) -> String {
    let (study, step) = (model.cliff(), model.view().cliff_step);
    let say = |points: &[CliffPoint]| {
        points.get(step).map_or(String::new(), |point| {
            format!(
                "w = {}, b = {}, error {}",
                format::short(point.w),
                format::short(point.b),
                format::short(point.error)
            )
        })
    };
    format!(
        "Error of a network of one unit over its weight and bias, with a cliff along b = 0.5 − 0.622 w. After {step} updates the unclipped descent is at {}; the clipped one at {}.",
        say(&study.plain),
        say(&study.clipped)
    )
}

fn remark(point: Option<&CliffPoint>) -> String {
    match point {
        Some(point) if !inside(point) => {
            format!(
                "The unclipped descent is at w = {}, b = {}, outside the picture.",
                format::short(point.w),
                format::short(point.b)
            )
        }
        _ => String::new(),
    }
}
