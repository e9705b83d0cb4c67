//! The spectral radius and the largest singular value of W_hh over training.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::over_time::span;
use crate::over_training as over;
use crate::scene::{Axis, Dash, Mark, Scene, Series, Tone};

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "training-spectrum", title: "W’s spectral radius and norm over training", aspect: 1.9, scene };

/// Where the axis ends, for runs that blow up: they leave the picture there.
const HIGHEST: f64 = 16.0;

fn scene(model: &Model) -> Scene {
    let laboratory = model.laboratory();
    let mut panel = over::panel(laboratory, Axis::linear("ρ (solid) and σ₁ (dashed) of Wₕₕ", 0.0, 1.0));
    if over::has_begun(laboratory) {
        let curves = laboratory.lanes.iter().flat_map(|lane| [&lane.history.radius, &lane.history.norm]);
        let values = curves.flat_map(|curve| curve.points().iter().map(|point| point.mean));
        let high = span(values).map_or(2.0, |(_, high)| high.clamp(1.2, HIGHEST));
        panel.y.range = Some((0.0, high * 1.08));
        panel.marks.push(Mark::Horizontal { y: 1.0, label: "1".to_owned(), tone: Tone::Preserved, dash: Dash::Dashed });
        for (i, lane) in laboratory.lanes.iter().enumerate() {
            let mut radius = over::line(i, lane, &lane.history.radius);
            radius.name = format!("{} ρ", lane.letter);
            let mut norm = Series::line(format!("{} σ₁", lane.letter), over::tone(i), over::means(&lane.history.norm))
                .unlabelled();
            norm.line = Some((Dash::Dashed, 1.4));
            panel.marks.push(Mark::Series(norm));
            panel.marks.push(Mark::Series(radius));
        }
    }
    let summary =
        over::summary(laboratory, "Spectral radius and largest singular value of the recurrent matrix", |lane| {
            let of = |value: Option<f64>| value.map_or("unknown".to_owned(), format::short);
            format!("radius {}, norm {}", of(lane.history.radius.last()), of(lane.history.norm.last()))
        });
    Scene { panels: vec![panel], summary, remark: String::new() }
}
