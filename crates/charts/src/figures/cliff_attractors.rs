//! One step of the one-unit network as a curve: its fixed points, and the way of x_0.
use super::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Dash, Mark, Marker, Panel, Scene, Series, Tone};
use vanishing_core::math;
use vanishing_core::studies::cliff;

/// Registry entry.
pub const SPEC: FigureSpec = FigureSpec { slug: "cliff-attractors", title: "Where x goes", aspect: 1.3, scene };

fn scene(model: &Model) -> Scene {
    let (study, step) = (model.cliff(), model.view().cliff_step);
    let (w, b) = study.clipped.get(step).map_or(model.cliff_config().start, |point| (point.w, point.b));
    let (low, high) = (b.min(w + b).min(0.0) - 0.5, b.max(w + b).max(1.0) + 0.5);
    let mut panel = Panel::new(Axis::linear("xₜ₋₁", low, high), Axis::linear("xₜ = w σ(xₜ₋₁) + b", low, high));
    panel.equal_units = true;
    let diagonal = Series::line(String::new(), Tone::Muted, vec![(low, low), (high, high)]).dashed(Dash::Dashed);
    panel.marks.push(Mark::Series(diagonal));
    let curve = (0..=100).map(|i| low + (high - low) * f64::from(i) / 100.0).map(|x| (x, w * math::sigmoid(x) + b));
    panel.marks.push(Mark::Series(Series::line("one step", Tone::Ink, curve.collect()).unlabelled()));
    let orbit = cliff::orbit(w, b);
    let web = orbit.windows(2).flat_map(|pair| [(pair[0], pair[0]), (pair[0], pair[1])]);
    let mut web = Series::line(String::new(), Tone::Series(0), web.collect()).faint(0.8);
    web.line = Some((Dash::Solid, 1.2));
    panel.marks.push(Mark::Series(web));
    let points = cliff::fixed_points(w, b);
    for (x, attracts) in &points {
        let (tone, marker) = if *attracts { (Tone::Preserved, Marker::Dot) } else { (Tone::Exploding, Marker::Ring) };
        let mut mark = Series::markers(String::new(), tone, marker, vec![(*x, *x)]);
        mark.marker = Some((marker, 5.0));
        panel.marks.push(Mark::Series(mark));
        let text = if *attracts { "attracts" } else { "repels" }.to_owned();
        panel.marks.push(Mark::Text { at: (*x + 0.25, *x - 0.3), text, tone, anchor: 1 });
    }
    let attractors = points.iter().filter(|point| point.1).count();
    let list: Vec<String> = points
        .iter()
        .map(|(x, attracts)| format!("{} ({})", format::short(*x), if *attracts { "attracts" } else { "repels" }))
        .collect();
    let last = orbit.last().copied().unwrap_or(f64::NAN);
    let summary = format!(
        "One step of the network at update {step} of the clipped descent, w = {}, b = {}: {attractors} attractors; fixed points at {}. From 0.5, x goes to {}.",
        format::short(w),
        format::short(b),
        list.join(", "),
        format::short(last)
    );
    Scene { panels: vec![panel], summary, remark: String::new() }
}
