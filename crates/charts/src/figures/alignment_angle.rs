//! The angle between M^k x and the line of v_1: by multiplication, exactly, its bound, and the spread over many starts.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Dash, Mark, Marker, Panel, Scene, Series, Tone};
use vanishing_core::math;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "alignment-angle", title: "The angle between Mᵏx and v₁", aspect: 1.7, scene };

fn scene(model: &Model) -> Scene {
    let study = model.alignment();
    let last = study.points.last().map_or(0, |point| point.k) as f64;
    let mut panel = Panel::new(Axis::linear("power k", 0.0, last), Axis::log("angle θₖ to the line of v₁ (radians)"));
    panel.cursor = Some(model.power() as f64);
    panel.scrubs = Some("power".to_owned());
    spread(&mut panel, model);
    let over_k = |value: fn(&vanishing_core::studies::alignment::AlignmentPoint) -> f64| {
        study.points.iter().map(|point| (point.k as f64, value(point))).collect::<Vec<_>>()
    };
    let tau = math::log10(math::atan(model.alignment_config().tangent));
    let aligned = format!("aligned: {}", model.view().aligned_when);
    panel.marks.push(Mark::Horizontal { y: tau, label: aligned, tone: Tone::Preserved, dash: Dash::Dotted });
    panel.marks.push(Mark::Series(
        Series::line("bound rᵏ tan θ₀", Tone::Muted, over_k(|point| point.bound)).dashed(Dash::Dashed),
    ));
    panel.marks.push(Mark::Series(Series::line("this x, exactly", Tone::Ink, over_k(|point| point.exact))));
    if study.multiplicity.0 + study.multiplicity.1 > 1 {
        let to_space = over_k(|point| point.to_dominant_space);
        panel.marks.push(Mark::Series(Series::line("to the eigenspace", Tone::Series(1), to_space)));
    }
    let measured = Series::markers("by multiplication", Tone::Series(0), Marker::Dot, over_k(|point| point.measured));
    panel.marks.push(Mark::Series(measured));
    if let Some(k) = study.steps_to_align.filter(|k| *k as f64 <= last) {
        panel.marks.push(Mark::Vertical {
            x: k as f64,
            label: format!("K = {k} for this x"),
            tone: Tone::Muted,
            dash: Dash::Dotted,
        });
    }
    Scene { panels: vec![panel], summary: summary(model), remark: remark(model) }
}

/// Bands of the quantiles over many starts, and a few of their paths.
fn spread(panel: &mut Panel, model: &Model) {
    let study = model.ensemble();
    for (name, low, high, opacity) in [("90 % of random starts", 0, 4, 0.10), ("half of them", 1, 3, 0.14)] {
        let band = study.points.iter().map(|point| (point.k as f64, point.quantiles[low], point.quantiles[high]));
        let points = band.collect();
        panel.marks.push(Mark::Band { name: name.to_owned(), tone: Tone::Series(0), opacity, points });
    }
    for path in &study.paths {
        let points = study.points.iter().zip(path).map(|(point, angle)| (point.k as f64, *angle)).collect();
        let mut line = Series::line("", Tone::Series(0), points).faint(0.35);
        line.line = Some((Dash::Solid, 1.0));
        panel.marks.push(Mark::Series(line));
    }
}

fn summary(model: &Model) -> String {
    let study = model.alignment();
    let now = study.points.iter().rev().find(|point| point.k <= model.power());
    let now = match now {
        Some(point) if !point.exact.is_nan() => {
            format!("At k = {} the angle is {} radians.", point.k, format::log10_value(point.exact))
        }
        Some(point) => format!("At k = {} the iterate is zero and has no direction.", point.k),
        None => String::new(),
    };
    let when = match study.steps_to_align {
        Some(k) => format!("It is aligned ({}) from k = {k} on.", model.view().aligned_when),
        None => format!("It is never aligned ({}).", model.view().aligned_when),
    };
    let median = model.ensemble().points.last().map_or(f64::NAN, |point| point.quantiles[2]);
    let starts = model.ensemble().overlaps.len();
    let spread = if median.is_nan() {
        String::new()
    } else {
        format!(" Of {starts} random starts half are below {} radians at the end.", format::log10_value(median))
    };
    format!(
        "Angle between M to the k times x and the line of the leading eigenvector, on a logarithmic axis. {now} {when}{spread}"
    )
}

fn remark(model: &Model) -> String {
    let study = model.alignment();
    if study.overlap.is_nan() {
        return "x = 0 has no direction: there is no angle to draw for it. The bands are random starts.".to_owned();
    }
    if study.leading_eigenvalue == 0.0 {
        return "M = 0: from k = 1 on Mᵏx = 0 has no direction, so no angle is drawn.".to_owned();
    }
    if study.overlap == 0.0 {
        return "x is exactly orthogonal to v₁. The exact angle stays at 90°; by multiplication, rounding brings in a little of v₁, and it grows.".to_owned();
    }
    match study.points.last() {
        Some(last) if last.exact < -17.0 => {
            "Multiplication in double precision stops near 10⁻¹⁶; the exact angle, from logarithms, goes on falling."
                .to_owned()
        }
        _ => String::new(),
    }
}
