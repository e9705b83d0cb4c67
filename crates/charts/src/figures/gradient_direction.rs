//! |cos(g_t, v_1)|: chapter 2 at work on a gradient, g_t = dL/dh_t; and how far it turns at each step.
//!
//! v_1 is the eigenvector of Wᵀ that belongs to λ_1; where λ_1 is one of a complex pair, the plane that the pair spans.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::over_time::{self, points};
use crate::scene::{Axis, Dash, Mark, Scene, Series, Tone};
use vanishing_core::bptt::LayerPass;
use vanishing_core::math;
use vanishing_core::spectral::euclidean_norm;
use vanishing_core::studies::gradients::Pass;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "gradient-direction", title: "Where the gradient points", aspect: 1.9, scene };

/// From here on a direction is called aligned: 18 degrees.
const ALIGNED: f64 = 0.95;

fn scene(model: &Model) -> Scene {
    let study = model.gradients();
    let title = match model.recurrence().leading {
        None => "|cos| of the angle from gₜ₊₁ to gₜ = ∂L/∂hₜ",
        Some(_) if in_plane(model) => "|cos| of the angle from gₜ = ∂L/∂hₜ to the plane of λ₁",
        Some(_) => "|cos(gₜ, v₁)|,  gₜ = ∂L/∂hₜ",
    };
    let mut panel = over_time::panel(model, over_time::BACKWARDS, Axis::linear(title, 0.0, 1.05));
    let turn = points(0, &turns(study.in_force().backward_pass.top()));
    let mut turn = Series::line("to gₜ₊₁", Tone::Series(3), turn).faint(0.55);
    turn.line = Some((Dash::Solid, 1.2));
    panel.marks.push(Mark::Horizontal { y: 1.0, label: String::new(), tone: Tone::Muted, dash: Dash::Solid });
    panel.marks.push(Mark::Series(turn));
    if let Some(cosines) = cosines(model) {
        let series = if replaced(model) {
            let plain = Series::line("to v₁, without remedies", Tone::Series(0), points(0, &cosines));
            plain.dashed(Dash::Dotted)
        } else {
            Series::line(if in_plane(model) { "to the plane" } else { "to v₁" }, Tone::Series(0), points(0, &cosines))
        };
        panel.marks.push(Mark::Series(series));
    }
    Scene { panels: vec![panel], summary: summary(model), remark: over_time::of_part(model, remark(model)) }
}

/// |cos| of each g_t with v_1 of the matrix that was chosen, in the pass that used this matrix.
fn cosines(model: &Model) -> Option<Vec<f64>> {
    let leading = model.recurrence().leading.as_ref()?;
    let gradients = &model.gradients().plain.backward_pass.top().hidden_gradients;
    Some(gradients.iter().map(|gradient| leading.cosine(&gradient.values).clamp(0.0, 1.0)).collect())
}

/// Whether the leading eigenvalue is one of a complex pair.
fn in_plane(model: &Model) -> bool {
    model.recurrence().leading.as_ref().is_some_and(|leading| leading.basis.len() > 1)
}

/// |cos(g_t, g_{t+1})|, t = 0..T; NaN next to a zero gradient.
fn turns(layer: &LayerPass) -> Vec<f64> {
    let cosine = |one: &[f64], two: &[f64]| {
        let product: f64 = one.iter().zip(two).map(|(a, b)| a * b).sum();
        (product.abs() / (euclidean_norm(one) * euclidean_norm(two))).clamp(0.0, 1.0)
    };
    layer.hidden_gradients.array_windows().map(|[one, two]| cosine(&one.values, &two.values)).collect()
}

/// Whether a remedy put other weights in the place of the chosen ones, whose v_1 is not the chosen one's.
fn replaced(model: &Model) -> bool {
    let study = model.gradients();
    let differ = |treated: &Pass| {
        treated.spectral_norms != study.plain.spectral_norms
            || treated.backward_pass.top().hidden != study.plain.backward_pass.top().hidden
    };
    study.treated.as_ref().is_some_and(differ)
}

fn summary(model: &Model) -> String {
    let steps = model.gradients().steps;
    let line = if in_plane(model) { "the plane of the leading pair of eigenvalues" } else { "the leading eigenvector" };
    let Some(cosines) = cosines(model) else {
        let turns = turns(model.gradients().in_force().backward_pass.top());
        return format!(
            "How far the gradient turns at each step back: the mean cosine between neighbours is {} over {steps} steps. There is no single leading direction to compare it with.",
            format::short(over_time::mean(turns.into_iter())),
        );
    };
    let last = cosines.last().copied().unwrap_or(f64::NAN);
    let first = cosines.first().copied().unwrap_or(f64::NAN);
    if first.is_nan() {
        return format!(
            "The direction of the gradient against {line}: going back, the gradient becomes zero and has none."
        );
    }
    let since = match cosines.iter().position(|cosine| *cosine < ALIGNED || cosine.is_nan()) {
        Some(0) => String::new(),
        Some(t) => format!(" From {} back on it stays above {ALIGNED}.", over_time::steps(steps + 1 - t)),
        None => format!(" It stays above {ALIGNED} on the whole way."),
    };
    format!(
        "Direction of the gradient against {line}: the cosine goes from {} at the last step, {} degrees, to {} at the first, {} degrees.{since}",
        format::short(last),
        degrees(last),
        format::short(first),
        degrees(first),
    )
}

fn degrees(cosine: f64) -> String {
    let angle = math::atan2((1.0 - cosine * cosine).max(0.0).sqrt(), cosine) * 180.0 / math::PI;
    format::short((angle * 10.0).round() / 10.0)
}

fn remark(model: &Model) -> String {
    let cell = model.network().recurrence.cell;
    if cell.gates > 1 {
        return "A cell with gates goes back through several matrices and past them: no single v₁ leads. Choose the plain RNN to see one.".to_owned();
    }
    if model.recurrence().leading.is_none() {
        return "Several eigenvalues of W are equally large (or all are zero): no single direction leads, so there is no v₁ to turn to.".to_owned();
    }
    if model.gradients().in_force().network.cell != cell {
        return "A remedy put another cell in the place of this one: v₁ belongs to the network without it (dotted), the turn per step to the one with it.".to_owned();
    }
    if replaced(model) {
        return "A remedy replaced W: v₁ belongs to the matrix without it (dotted), the turn per step to the one with it."
            .to_owned();
    }
    if model.network().recurrence.hidden_size == 1 {
        return "With one hidden unit there is only one direction.".to_owned();
    }
    let zero = model.gradients().in_force().state_gradient_log10().contains(&f64::NEG_INFINITY);
    if zero { "Where the gradient is exactly zero it has no direction.".to_owned() } else { String::new() }
}
