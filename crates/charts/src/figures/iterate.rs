//! The iterate itself: M^k x as a direction, on the circle (n = 2), on the sphere (n = 3), in the half-plane of v_1 and
//! all the rest (n > 3). v_1 points up.
use super::spec::FigureSpec;
use super::unit_circle::circle;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Dash, Handle, Mark, Marker, Moves, Panel, Scene, Series, Tone};
use vanishing_core::math;
use vanishing_core::order::sorted_by_key;

/// Registry entry.
pub const SPEC: FigureSpec = FigureSpec { slug: "iterate", title: "The direction of Mᵏx", aspect: 1.25, scene };

/// Half the side of the picture, in radii.
const REACH: f64 = 1.36;
/// The latest iterates that leave a trace.
const TRACE: usize = 40;

fn scene(model: &Model) -> Scene {
    let study = model.alignment();
    let half_plane = study.size > 3;
    let left = if half_plane { -0.25 } else { -REACH };
    let mut panel = Panel::new(Axis::linear("", left, REACH).hidden(), Axis::linear("", -REACH, REACH).hidden());
    panel.equal_units = true;
    panel.title = match study.size {
        2 => "n = 2: the circle",
        3 => "n = 3: the sphere, seen along v₃",
        _ => "the half-plane of v₁ and all the rest",
    }
    .to_owned();
    ground(&mut panel, study.size, math::atan(model.alignment_config().tangent));
    // (across, along): v_1 up.
    let seen = |place: &[f64; 3]| (place[1], place[0]);
    let reached = study.points.iter().filter(|point| point.k <= model.power() && point.log10_norm.is_finite());
    let trace: Vec<(f64, f64)> = reached.clone().map(|point| seen(&point.place)).collect();
    let latest = trace[trace.len().saturating_sub(TRACE)..].to_vec();
    let mut path = Series::line("", Tone::Series(0), latest).with_marker(Marker::Dot, 2.5).faint(0.45);
    // With λ_1 < 0 the sign flips at every step: a line would cross the picture each time.
    if study.leading_eigenvalue < 0.0 {
        path.line = None;
    } else {
        path.line = Some((Dash::Solid, 1.0));
    }
    panel.marks.push(Mark::Series(path));
    let start = seen(&study.start);
    panel.marks.push(arrow(start, Tone::Muted, "", 1.5));
    if model.power() > 0 {
        let outside = (start.0 * 1.13 + 0.02, start.1 * 1.13);
        panel.marks.push(Mark::Text { at: outside, text: "x".to_owned(), tone: Tone::Ink, anchor: 0 });
    }
    let now = study.points.iter().rev().find(|point| point.k <= model.power());
    if let Some(point) = now.filter(|point| !point.measured.is_nan()) {
        let label = if point.k == 0 { "x".to_owned() } else { format!("M{}x", format::superscript(point.k as i64)) };
        panel.marks.push(arrow(seen(&point.place), Tone::Series(0), &label, 3.0));
    }
    let [along, across, _] = model.view().start_keys;
    panel.handles.push(Handle {
        at: start,
        moves: Moves::Both(across.to_owned(), along.to_owned()),
        label: format!("start x: {} along v₁, {} across", format::short(start.1), format::short(start.0)),
        tone: Tone::Ink,
    });
    Scene { panels: vec![panel], summary: summary(model), remark: remark(model) }
}

fn arrow(to: (f64, f64), tone: Tone, label: &str, width: f64) -> Mark {
    Mark::Arrow { from: (0.0, 0.0), to, tone, label: label.to_owned(), width }
}

/// The circle, the line of v_1 and the cone within which a direction counts as aligned.
fn ground(panel: &mut Panel, size: usize, angle: f64) {
    let half_plane = size > 3;
    let rim: Vec<(f64, f64)> = circle().into_iter().filter(|(x, _)| !half_plane || *x >= -1e-9).collect();
    let arc = |from: f64| {
        let steps = 24;
        let turn = move |i: usize| from + angle * (2.0 * i as f64 / steps as f64 - 1.0);
        let rim = (0..=steps).map(turn).filter(move |a| !half_plane || math::sin(*a) >= -1e-9);
        std::iter::once((0.0, 0.0)).chain(rim.map(|a| (math::sin(a), math::cos(a)))).collect::<Vec<_>>()
    };
    for from in [0.0, math::PI] {
        panel.marks.push(Mark::Outline { points: arc(from), tone: Tone::Preserved, opacity: 0.18, dash: Dash::Solid });
    }
    if half_plane {
        // From pole to pole: not closed along the axis twice.
        let line = Series::line("", Tone::Muted, sorted_by_key(rim, |point| point.1));
        panel.marks.push(Mark::Series(line));
    } else {
        panel.marks.push(Mark::Outline { points: rim, tone: Tone::Muted, opacity: 0.0, dash: Dash::Solid });
    }
    if size == 3 {
        for part in [0.35, 0.7] {
            let meridian = circle().into_iter().map(|(x, y)| (x * part, y)).collect();
            panel.marks.push(Mark::Outline { points: meridian, tone: Tone::Muted, opacity: 0.0, dash: Dash::Dotted });
        }
    }
    let axis = Series::line("", Tone::Muted, vec![(0.0, -1.2), (0.0, 1.2)]).dashed(Dash::Dashed);
    panel.marks.push(Mark::Series(axis));
    let text = |at, text: &str, anchor| Mark::Text { at, text: text.to_owned(), tone: Tone::Ink, anchor };
    panel.marks.push(text((0.05, 1.25), "v₁", 1));
    let across = match size {
        2 | 3 => "v₂",
        _ => "the rest",
    };
    panel.marks.push(text((1.05, -0.1), across, 1));
}

fn summary(model: &Model) -> String {
    let study = model.alignment();
    let now = study.points.iter().rev().find(|point| point.k <= model.power());
    let degrees = math::log10(180.0 / math::PI);
    match now {
        Some(point) if !point.exact.is_nan() => format!(
            "Direction of M to the power {} times x: {} degrees from the line of the leading eigenvector. The start was {} degrees from it.",
            point.k,
            format::log10_value(point.exact + degrees),
            study.points.first().map_or(String::new(), |first| format::log10_value(first.exact + degrees)),
        ),
        _ => "M to the power k times x is zero and has no direction.".to_owned(),
    }
}

fn remark(model: &Model) -> String {
    let study = model.alignment();
    if study.overlap.is_nan() {
        return "x = 0 has no direction, and neither has Mᵏx. Drag the start away from the origin.".to_owned();
    }
    if study.leading_eigenvalue == 0.0 {
        return "M = 0: after one step the vector is zero and has no direction.".to_owned();
    }
    let (same, opposite) = study.multiplicity;
    if opposite > 0 {
        return "λ₂ = −λ₁: even and odd steps point to two different directions for ever. A shift M + sI cures it."
            .to_owned();
    }
    if same > 1 {
        return format!("λ₁ occurs {same} times: Mᵏx settles in the eigenspace, wherever x pointed within it.");
    }
    if study.overlap == 0.0 {
        return "x is exactly orthogonal to v₁: in exact arithmetic it never aligns. Rounding brings it back."
            .to_owned();
    }
    if study.leading_eigenvalue < 0.0 {
        return "λ₁ < 0: the arrow flips at every step, its line converges.".to_owned();
    }
    String::new()
}
