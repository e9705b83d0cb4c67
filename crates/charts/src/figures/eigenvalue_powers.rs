//! The eigenvalues of M^k, found from the multiplied matrix, on the lines λ_i^k.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Dash, Mark, Marker, Panel, Scene, Series, Tone};
use vanishing_core::studies::powers::PowerPoint;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "eigenvalue-powers", title: "The eigenvalues of Mᵏ", aspect: 1.7, scene };

/// How far below the rounding floor the axis reaches, in decades.
const BELOW_FLOOR: f64 = 3.0;

fn scene(model: &Model) -> Scene {
    let powers = model.powers();
    let last = powers.points.last().map_or(0, |point| point.k) as f64;
    let mut panel = Panel::new(Axis::linear("power k", 0.0, last), Axis::log("|eigenvalue of Mᵏ|"));
    panel.cursor = Some(model.power() as f64);
    panel.scrubs = Some("power".to_owned());
    panel.y.range = Some(range(&powers.points));
    panel.marks.push(Mark::Horizontal { y: 0.0, label: String::new(), tone: Tone::Muted, dash: Dash::Solid });
    let shown = shown(powers.eigenvalues.len());
    for (i, lambda) in powers.eigenvalues.iter().enumerate().filter(|(i, _)| shown.contains(i)) {
        let tone = Tone::of_factor(lambda.abs(), 0.0);
        let name = format!("λ{} = {}", format::subscript(i + 1), format::short(*lambda));
        let theory = powers.points.iter().map(|point| (point.k as f64, point.theory[i])).collect();
        let mut line = Series::line(name.clone(), tone, theory);
        line.line = Some((Dash::Dashed, 1.0));
        panel.marks.push(Mark::Series(line.faint(0.8)));
        panel.marks.extend(measured(&powers.points, (i, *lambda), &name, tone));
    }
    Scene { panels: vec![panel], summary: summary(model), remark: remark(model) }
}

/// The eigenvalues that are drawn, by their place in the order of magnitude: all of a small matrix; of a large one the
/// first four, the last, and some between.
fn shown(n: usize) -> Vec<usize> {
    if n <= MOST_SHOWN {
        return (0..n).collect();
    }
    let between = (0..4).map(|i| 4 + i * (n - 5) / 4);
    let mut shown: Vec<usize> = (0..4).chain(between).chain([n - 1]).collect();
    shown.dedup();
    shown
}

/// Up to so many eigenvalues all are drawn.
const MOST_SHOWN: usize = 8;

/// From three decades under the last rounding floor (or the smallest value, if that is higher) to the largest value.
fn range(points: &[PowerPoint]) -> (f64, f64) {
    let measured = points.iter().flat_map(|point| point.measured.iter().map(|(_, log10)| *log10));
    let theory = points.iter().flat_map(|point| point.theory.iter().copied());
    let (mut lowest, mut highest) = (0.0f64, 0.0f64);
    for value in measured.chain(theory).filter(|x| x.is_finite()) {
        lowest = lowest.min(value);
        highest = highest.max(value);
    }
    let floors = points.iter().map(|point| point.rounding_floor).filter(|x| x.is_finite());
    let low = lowest.max(floors.fold(0.0, f64::min) - BELOW_FLOOR);
    let room = ((highest - low) * 0.04).max(0.2);
    (low - room, highest + room)
}

/// The measured eigenvalue number i: dots; plus and minus signs where λ_i < 0; rings, fainter, where what was measured
/// is rounding.
fn measured(points: &[PowerPoint], (i, lambda): (usize, f64), name: &str, tone: Tone) -> Vec<Mark> {
    let chosen = |wanted: &dyn Fn(&PowerPoint, f64) -> bool| {
        let found = points.iter().filter_map(|point| point.measured.get(i).map(|found| (point, *found)));
        found
            .filter(|(point, (sign, _))| wanted(point, *sign))
            .map(|(point, (_, log10))| (point.k as f64, log10))
            .collect()
    };
    let is_noise = |point: &PowerPoint| {
        point.theory.get(i).is_some_and(|log10| log10.is_finite() && *log10 < point.rounding_floor)
    };
    let positive: Vec<(f64, f64)> = chosen(&|point, sign| !is_noise(point) && sign >= 0.0);
    let negative: Vec<(f64, f64)> = chosen(&|point, sign| !is_noise(point) && sign < 0.0);
    let noise: Vec<(f64, f64)> = chosen(&|point, _| is_noise(point));
    let plus = if lambda < 0.0 { Marker::Plus } else { Marker::Dot };
    let kinds = [
        ("measured", plus, positive, 1.0),
        ("measured, negative", Marker::Minus, negative, 1.0),
        ("rounding", Marker::Ring, noise, 0.45),
    ];
    let drawn = kinds.into_iter().filter(|(_, _, points, _)| !points.is_empty());
    drawn
        .map(|(word, marker, points, opacity)| {
            Mark::Series(Series::markers(format!("{name}, {word}"), tone, marker, points).unlabelled().faint(opacity))
        })
        .collect()
}

fn summary(model: &Model) -> String {
    let powers = model.powers();
    let last = powers.points.last().map_or(0, |point| point.k);
    let growing = powers.eigenvalues.iter().filter(|lambda| lambda.abs() > 1.0).count();
    let shrinking = powers.eigenvalues.iter().filter(|lambda| lambda.abs() < 1.0).count();
    let point = powers.points.iter().rev().find(|point| point.k <= model.power());
    let now = point.map_or(String::new(), |point| {
        let listed: Vec<String> =
            point.theory.iter().take(MOST_SHOWN).map(|log10| format::log10_value(*log10)).collect();
        format!(" At k = {} their sizes are {}.", point.k, listed.join(", "))
    });
    format!(
        "Sizes of the eigenvalues of M to the power k, from k = 0 to {last}, on a logarithmic axis: {growing} growing, {shrinking} shrinking.{now}"
    )
}

fn remark(model: &Model) -> String {
    match model.powers().points.iter().find(|point| point.below_rounding_error() > 0) {
        Some(point) => format!(
            "From k = {} on the smallest eigenvalues lie below the rounding of the largest (about 10⁻¹⁵ of it): the multiplied matrix no longer holds them.",
            point.k
        ),
        None => String::new(),
    }
}
