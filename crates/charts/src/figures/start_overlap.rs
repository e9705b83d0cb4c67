//! |<x, v_1>| of random starts as a histogram, against its density.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Dash, Mark, Panel, Scene, Series, Tone};
use vanishing_core::order::median;
use vanishing_core::spectral::first_coordinate_density;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "start-overlap", title: "How much of v₁ is in a random start", aspect: 1.9, scene };

/// Points of the density's curve.
const CURVE: usize = 160;

fn scene(model: &Model) -> Scene {
    let overlaps = &model.ensemble().overlaps;
    let n = model.matrix().size();
    // Nearly all starts lie below this; the axis need not show the empty rest of a high-dimensional sphere.
    let reach = (4.0 / (n as f64).sqrt()).min(1.0);
    let bins = ((overlaps.len() as f64).sqrt().ceil() as usize).clamp(8, 40);
    let width = reach / bins as f64;
    let mut counts = vec![0usize; bins];
    for overlap in overlaps {
        if let Some(count) = counts.get_mut((overlap / width) as usize) {
            *count += 1;
        }
    }
    let density = |count: usize| count as f64 / (overlaps.len().max(1) as f64 * width);
    let highest = counts.iter().map(|count| density(*count)).fold(0.0, f64::max);
    let top = highest.max(first_coordinate_density(n, 0.0)) * 1.15;
    let mut panel = Panel::new(Axis::linear("|⟨x, v₁⟩|", 0.0, reach), Axis::linear("density", 0.0, top));
    let bars = counts.iter().enumerate().map(|(i, count)| (i as f64 * width, (i + 1) as f64 * width, density(*count)));
    panel.marks.push(Mark::Bars {
        name: format!("{} random starts", overlaps.len()),
        tone: Tone::Series(0),
        bars: bars.collect(),
    });
    let curve = (0..CURVE).map(|i| (i as f64 + 0.5) / CURVE as f64 * reach);
    let curve: Vec<(f64, f64)> =
        curve.map(|c| (c, first_coordinate_density(n, c))).filter(|(_, y)| *y <= top).collect();
    panel.marks.push(Mark::Series(Series::line("exact density", Tone::Ink, curve)));
    let median = median(overlaps);
    panel.marks.push(Mark::Vertical {
        x: median,
        label: format!("median {}", format::short(median)),
        tone: Tone::Series(0),
        dash: Dash::Dotted,
    });
    let overlap = model.alignment().overlap;
    if overlap <= reach {
        panel.marks.push(Mark::Vertical { x: overlap, label: "this x".to_owned(), tone: Tone::Ink, dash: Dash::Solid });
    }
    let summary = format!(
        "Histogram of the share of the leading eigenvector in {} random starts in {n} dimensions, with its exact density. The median is {}; zero has probability zero.",
        overlaps.len(),
        format::short(median),
    );
    Scene { panels: vec![panel], summary, remark: String::new() }
}
