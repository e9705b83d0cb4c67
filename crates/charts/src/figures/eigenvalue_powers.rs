//! The eigenvalues of M^k, found from the multiplied matrix, on the lines λ_i^k.
use super::FigureSpec;
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
    let steps = powers.points.len().saturating_sub(1) as f64;
    let mut panel = Panel::new(Axis::linear("power k", 0.0, steps), Axis::log("|eigenvalue of Mᵏ|"));
    panel.cursor = Some(model.power() as f64);
    panel.scrubs = Some("power".to_owned());
    let (low, high) = range(&powers.points);
    panel.y.range = Some((low, high));
    panel.marks.push(Mark::Horizontal { y: 0.0, label: String::new(), tone: Tone::Muted, dash: Dash::Solid });
    for (i, lambda) in powers.eigenvalues.iter().enumerate() {
        let tone = Tone::of_factor(lambda.abs(), 0.0);
        let name = format!("λ{} = {}", format::subscript(i + 1), format::short(*lambda));
        let theory = powers.points.iter().map(|point| (point.k as f64, point.theory[i])).collect();
        let mut line = Series::line(format!("{name}, λᵏ"), tone, theory).dashed(Dash::Dashed).unlabelled();
        line.line = Some((Dash::Dashed, 1.0));
        panel.marks.push(Mark::Series(line.faint(0.8)));
        panel.marks.extend(measured(&powers.points, i, &name, tone));
    }
    Scene { panels: vec![panel], summary: summary(model), remark: remark(model) }
}

/// From three decades under the last rounding floor (or the smallest value, if that is higher) to the largest value.
fn range(points: &[PowerPoint]) -> (f64, f64) {
    let values = || {
        points
            .iter()
            .flat_map(|point| point.measured.iter().map(|(_, log10)| *log10).chain(point.theory.iter().copied()))
    };
    let finite = || values().filter(|x| x.is_finite());
    let floor = points.iter().map(|point| point.rounding_floor).filter(|x| x.is_finite()).fold(f64::INFINITY, f64::min);
    let low = finite().fold(0.0, f64::min).max(floor.min(0.0) - BELOW_FLOOR);
    let high = finite().fold(0.0, f64::max);
    let room = ((high - low) * 0.04).max(0.2);
    (low - room, high + room)
}

/// The measured eigenvalue number i: a plus sign where it is positive, a minus sign where it is negative.
fn measured(points: &[PowerPoint], i: usize, name: &str, tone: Tone) -> Vec<Mark> {
    let of_sign = |wanted: bool| {
        let chosen = points.iter().filter_map(|point| point.measured.get(i).map(|found| (point.k as f64, *found)));
        chosen.filter(|(_, (sign, _))| (*sign >= 0.0) == wanted).map(|(k, (_, log10))| (k, log10)).collect::<Vec<_>>()
    };
    let (positive, negative) = (of_sign(true), of_sign(false));
    let mut marks = Vec::new();
    let mixed = !negative.is_empty();
    if !positive.is_empty() {
        marks.push(Mark::Series(Series::markers(name, tone, if mixed { Marker::Plus } else { Marker::Dot }, positive)));
    }
    if mixed {
        let series = Series::markers(format!("{name} (negative)"), tone, Marker::Minus, negative);
        marks.push(Mark::Series(if marks.is_empty() { series } else { series.unlabelled() }));
    }
    marks
}

fn summary(model: &Model) -> String {
    let powers = model.powers();
    let k = model.power();
    let Some(point) = powers.points.get(k) else { return String::new() };
    let listed: Vec<String> = point
        .measured
        .iter()
        .map(|(sign, log10)| format!("{}{}", if *sign < 0.0 { "−" } else { "" }, format::log10_value(*log10)))
        .collect();
    let growing = powers.eigenvalues.iter().filter(|lambda| lambda.abs() > 1.0).count();
    let shrinking = powers.eigenvalues.iter().filter(|lambda| lambda.abs() < 1.0).count();
    format!(
        "Eigenvalues of M to the power k, from k = 0 to {}, on a logarithmic axis: {growing} growing, {shrinking} shrinking. At k = {k} they are {}.",
        powers.points.len().saturating_sub(1),
        listed.join(", ")
    )
}

fn remark(model: &Model) -> String {
    let lost =
        |point: &&PowerPoint| point.theory.iter().any(|log10| log10.is_finite() && *log10 < point.rounding_floor);
    match model.powers().points.iter().find(lost) {
        Some(point) => format!(
            "From k = {} on the smallest eigenvalues lie below the rounding of the largest (about 10⁻¹⁶ of it): the multiplied matrix no longer holds them.",
            point.k
        ),
        None => String::new(),
    }
}
