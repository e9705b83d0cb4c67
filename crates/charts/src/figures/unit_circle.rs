//! The unit circle in the plane of v_1 and v_2, and its image under M^k.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Dash, Mark, Panel, Scene, Tone};
use vanishing_core::math;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "unit-circle", title: "What Mᵏ does to a circle", aspect: 1.25, scene };

/// Corners of the circle.
const CORNERS: usize = 96;
/// Half the side of the picture, in radii.
const REACH: f64 = 1.32;

fn scene(model: &Model) -> Scene {
    let study = model.matrix_power();
    let axis = || Axis::linear("", -REACH, REACH).hidden();
    let mut panel = Panel::new(axis(), axis());
    panel.equal_units = true;
    let k = format::superscript(model.power() as i64);
    let size = format::log10_value(study.spectral_norm_log10);
    panel.title = format!("scaled by |λ₁|{k} = {size}");
    panel.marks.push(Mark::Outline { points: circle(), tone: Tone::Muted, opacity: 0.0, dash: Dash::Dotted });
    let tone = Tone::of_factor(study.leading.0.abs(), 0.0);
    let image = study.image.iter().map(|(along, across)| (*along, *across)).collect();
    panel.marks.push(Mark::Outline { points: image, tone, opacity: 0.16, dash: Dash::Solid });
    for (to, label) in [((1.0, 0.0), "v₁"), ((0.0, 1.0), "v₂")] {
        let label = label.to_owned();
        panel.marks.push(Mark::Arrow { from: (0.0, 0.0), to, tone: Tone::Muted, label, width: 1.5 });
    }
    let end = |i: usize| study.image.get(i).copied().unwrap_or((0.0, 0.0));
    let (first, second) = (end(0), end(study.image.len() / 4));
    for (to, label) in [(first, format!("M{k}v₁")), (second, format!("M{k}v₂"))] {
        if math::hypot(to.0, to.1) > 0.03 {
            panel.marks.push(Mark::Arrow { from: (0.0, 0.0), to, tone: Tone::Ink, label, width: 2.5 });
        }
    }
    let ratio = if study.leading.0 == 0.0 {
        f64::NAN
    } else {
        model.power() as f64 * math::log10((study.leading.1 / study.leading.0).abs())
    };
    let shape = if study.spectral_norm_log10 == f64::NEG_INFINITY {
        "The image is the origin alone.".to_owned()
    } else if study.leading.1 == 0.0 && model.power() > 0 {
        "The image is a line segment along v₁.".to_owned()
    } else {
        format!("The image is an ellipse whose second half-axis is {} of the first.", format::log10_value(ratio))
    };
    Scene {
        panels: vec![panel],
        summary: format!(
            "Unit circle in the plane of the first two eigenvectors and its image under M to the power {}, scaled to the same size; the true size is {size}. {shape}",
            model.power()
        ),
        remark: if study.spectral_norm_log10 == f64::NEG_INFINITY {
            "Mᵏ = 0: the whole circle goes to the origin.".to_owned()
        } else {
            String::new()
        },
    }
}

/// The corners of the unit circle.
pub fn circle() -> Vec<(f64, f64)> {
    (0..=CORNERS).map(|i| 2.0 * math::PI * i as f64 / CORNERS as f64).map(|a| (math::cos(a), math::sin(a))).collect()
}
