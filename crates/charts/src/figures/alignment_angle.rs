//! The angle between M^k x and the line of v_1, as power iteration finds it, beside the exact one and the bound.
use super::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Dash, Mark, Marker, Panel, Scene, Series, Tone};
use vanishing_core::math;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "alignment-angle", title: "The angle between Mᵏx and v₁", aspect: 1.7, scene };

fn scene(model: &Model) -> Scene {
    let study = model.alignment();
    let steps = study.iterates.len().saturating_sub(1) as f64;
    let mut panel = Panel::new(Axis::linear("power k", 0.0, steps), Axis::log("angle θₖ to the line of v₁ (radians)"));
    panel.cursor = Some(model.power() as f64);
    panel.scrubs = Some("power".to_owned());
    let by_k = |values: &[f64]| values.iter().enumerate().map(|(k, y)| (k as f64, *y)).collect::<Vec<_>>();
    let angles: Vec<f64> = study.iterates.iter().map(|iterate| iterate.angle.map_or(f64::NAN, math::log10)).collect();
    let exact: Vec<f64> = study.exact_log10_tan.iter().map(|x| log10_angle(*x)).collect();
    let bound: Vec<f64> = study.bound_log10_tan.iter().map(|x| log10_angle(*x)).collect();
    let tau = math::log10(math::atan(model.alignment_config().tangent));
    panel.marks.push(Mark::Horizontal {
        y: tau,
        label: "ε: aligned below".to_owned(),
        tone: Tone::Muted,
        dash: Dash::Dotted,
    });
    panel.marks.push(Mark::Series(Series::line("bound rᵏ tan θ₀", Tone::Muted, by_k(&bound)).dashed(Dash::Dashed)));
    panel.marks.push(Mark::Series(Series::line("exact", Tone::Ink, by_k(&exact)).faint(0.7)));
    let measured = Series::markers("by multiplication", Tone::Series(0), Marker::Dot, by_k(&angles));
    panel.marks.push(Mark::Series(measured));
    if let Some(k) = study.steps_to_align.filter(|k| *k as f64 <= steps) {
        panel.marks.push(Mark::Vertical {
            x: k as f64,
            label: format!("K = {k}"),
            tone: Tone::Muted,
            dash: Dash::Dotted,
        });
    }
    Scene { panels: vec![panel], summary: summary(model), remark: remark(model) }
}

/// log10 θ from log10 tan θ: the same number below 1e-8.
fn log10_angle(log10_tan: f64) -> f64 {
    if log10_tan < -8.0 { log10_tan } else { math::log10(math::atan(math::exp(log10_tan * math::LN_10))) }
}

fn summary(model: &Model) -> String {
    let study = model.alignment();
    let k = model.power();
    let now = match study.iterates.get(k).and_then(|iterate| iterate.angle) {
        Some(angle) => format!("At k = {k} the angle is {} radians.", format::short(angle)),
        None => format!("At k = {k} the iterate is zero and has no direction."),
    };
    let when = match study.steps_to_align {
        Some(k) => format!("It is aligned from k = {k} on."),
        None => "It never aligns.".to_owned(),
    };
    format!(
        "Angle between M to the k times x and the line of the leading eigenvector, on a logarithmic axis. {now} {when}"
    )
}

fn remark(model: &Model) -> String {
    let study = model.alignment();
    match study.exact_log10_tan.last() {
        Some(last) if *last < -17.0 => {
            "Multiplication in double precision stops near 10⁻¹⁶; the exact angle goes on falling.".to_owned()
        }
        Some(last) if last.is_nan() => "Mᵏx = 0 has no direction, so no angle is drawn.".to_owned(),
        _ => String::new(),
    }
}
