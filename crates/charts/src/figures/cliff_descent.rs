//! The error and the gradient's norm along the two descents beside the cliff.
use super::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Mark, Panel, Scene, Series, Tone};
use vanishing_core::math;
use vanishing_core::studies::cliff::CliffPoint;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "cliff-descent", title: "Two descents, update by update", aspect: 2.2, scene };

fn scene(model: &Model) -> Scene {
    let (study, step) = (model.cliff(), model.view().cliff_step);
    let panel = |title: &str, of: fn(&CliffPoint) -> f64| {
        let updates = study.plain.len().saturating_sub(1) as f64;
        let mut panel = Panel::new(Axis::linear("update", 0.0, updates), Axis::log(title));
        let line = |name: &str, tone, points: &[CliffPoint]| {
            let points = points.iter().enumerate().map(|(i, point)| (i as f64, math::log10(of(point))));
            Mark::Series(Series::line(name, tone, points.collect()))
        };
        panel.marks.push(line("unclipped", Tone::Exploding, &study.plain));
        panel.marks.push(line("clipped", Tone::Preserved, &study.clipped));
        panel.cursor = Some(step as f64);
        panel.scrubs = Some(model.view().cliff_step_key.to_owned());
        panel
    };
    let panels =
        vec![panel("error E", |point| point.error), panel("norm of the gradient", |point| point.gradient_norm)];
    let longest = |points: &[CliffPoint]| points.iter().map(|point| point.step).fold(0.0, f64::max);
    let last = |points: &[CliffPoint]| points.last().map_or("unknown".to_owned(), |point| format::short(point.error));
    let summary = format!(
        "Error and gradient norm of both descents over their updates. The unclipped one takes a step {} long and ends at an error of {}; the clipped one takes none longer than {} and ends at {}.",
        format::short(longest(&study.plain)),
        last(&study.plain),
        format::short(longest(&study.clipped)),
        last(&study.clipped)
    );
    Scene { panels, summary, remark: String::new() }
}
