//! The angle between powers of the recurrent matrix, applied to random starts, and its leading direction.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::over_steps as over;
use crate::over_time::span;
use crate::scene::{Axis, Dash, Mark, Scene, Series, Tone};
use vanishing_core::math;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "workbench-angle", title: "The angle to the leading direction", aspect: 1.6, scene };

/// What counts as aligned here, in radians.
const ALIGNED: f64 = 0.1;

fn scene(model: &Model) -> Scene {
    let study = model.directions();
    let mut panel = over::panel(model, Axis::log(""));
    if study.quantiles.is_empty() {
        panel.y.range = Some((-2.0, 0.3));
        panel.y.ticks = Some(Vec::new());
        let middle = over::steps(model) as f64 / 2.0;
        let text = "no direction leads".to_owned();
        panel.marks.push(Mark::Text { at: (middle, -0.8), text, tone: Tone::Muted, anchor: 0 });
        let summary = "Angle to the leading direction: no eigenvalue leads, so there is none.".to_owned();
        return Scene { panels: vec![panel], summary, remark: String::new() };
    }
    let right = math::log10(math::PI / 2.0);
    let lowest = span(study.quantiles.iter().map(|point| point[1])).map_or(-1.0, |(low, _)| low);
    panel.y.range = Some((lowest.clamp(-8.0, -1.0) - 0.2, right + 0.15));
    let over_k = |q: usize| study.quantiles.iter().enumerate().map(move |(k, point)| (k as f64, point[q]));
    for (name, low, high, opacity) in [("90 % of random starts", 0, 4, 0.14), ("half of them", 1, 3, 0.2)] {
        let points = over_k(low).zip(over_k(high)).map(|((k, low), (_, high))| (k, low, high)).collect();
        panel.marks.push(Mark::Band { name: name.to_owned(), tone: Tone::Series(0), opacity, points });
    }
    let label = format!("aligned: {} rad", format::short(ALIGNED));
    panel.marks.push(Mark::Horizontal { y: math::log10(ALIGNED), label, tone: Tone::Preserved, dash: Dash::Dotted });
    panel.marks.push(Mark::Series(Series::line("median", Tone::Series(0), over_k(2).collect()).unlabelled()));
    let path = study.path.iter().enumerate().map(|(k, y)| (k as f64, *y)).collect();
    let mut line = Series::line("one start", Tone::Ink, path).unlabelled();
    line.line = Some((Dash::Solid, 1.2));
    panel.marks.push(Mark::Series(line));
    let summary = format!(
        "Angle between powers of the recurrent matrix, applied to random vectors, and its leading direction, on a logarithmic axis: {}.",
        words(model)
    );
    Scene { panels: vec![panel], summary, remark: String::new() }
}

/// Whether random vectors align, in words.
pub fn words(model: &Model) -> String {
    let study = model.directions();
    let space = if study.is_plane { "a plane" } else { "v₁" };
    let Some(last) = study.quantiles.last() else {
        return if model.recurrence().blocks.len() > 1 {
            "no single matrix leads in a cell with gates".to_owned()
        } else {
            "nothing leads: directions are only turned".to_owned()
        };
    };
    let aligned = math::log10(ALIGNED);
    // From where on half of the starts are aligned.
    let since = study.quantiles.iter().rposition(|point| point[2].is_nan() || point[2] > aligned).map_or(0, |k| k + 1);
    if last[2].is_nan() {
        "Mᵏx becomes exactly 0".to_owned()
    } else if since < study.quantiles.len() {
        format!("aligns with {space}: half of the starts within 0.1 rad from k = {since}")
    } else {
        format!("not aligned with {space} yet: {} rad", format::log10_value(last[2]))
    }
}
