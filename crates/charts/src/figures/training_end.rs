//! The last updates of a run that diverged, and the gradient at every time step in one of them.
use super::spec::FigureSpec;
use crate::format;
use crate::laboratory::Lane;
use crate::model::Model;
use crate::over_time::{roomy, span};
use crate::over_training as over;
use crate::scene::{Axis, Dash, Mark, Marker, Panel, Scene, Series, Tone};
use vanishing_core::math;
use vanishing_core::training::{Breakdown, Moment, PROFILE};

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "training-end", title: "The last updates before it diverged", aspect: 2.2, scene };

fn scene(model: &Model) -> Scene {
    let laboratory = model.laboratory();
    let found = laboratory.diverged().and_then(|(place, lane, breakdown)| {
        let back = laboratory.before_end.max(1);
        let chosen = breakdown.before.len().checked_sub(back).unwrap_or(0);
        Some((place, lane, breakdown, breakdown.before.get(chosen)?))
    });
    let Some((place, lane, breakdown, chosen)) = found else {
        let mut panel = Panel::new(Axis::linear("update", 0.0, 10.0), Axis::linear("", 0.0, 1.0));
        panel.y.ticks = Some(Vec::new());
        let text = "No run has diverged.".to_owned();
        panel.marks.push(Mark::Text { at: (5.0, 0.5), text: text.clone(), tone: Tone::Muted, anchor: 0 });
        return Scene { panels: vec![panel], summary: text, remark: String::new() };
    };
    let words = words(lane, breakdown, chosen);
    Scene {
        panels: vec![course(place, lane, breakdown, chosen), profiles(lane, breakdown, chosen)],
        summary: format!(
            "The last {} updates of lane {} before it diverged. {words}",
            breakdown.before.len(),
            lane.letter
        ),
        remark: words,
    }
}

/// Loss, gradient, step and spectral radius over the last updates.
fn course(place: usize, lane: &Lane, breakdown: &Breakdown, chosen: &Moment) -> Panel {
    let before = &breakdown.before;
    let first = before.first().map_or(breakdown.step, |moment| moment.step);
    let mut panel = Panel::new(
        Axis::linear("update", first as f64 - 0.3, breakdown.step as f64 + 0.3),
        Axis::log("size, before the update"),
    );
    panel.title = format!("{}, diverged at {}", over::name(lane), format::count(breakdown.step));
    let every = before.len().div_ceil(5).max(1) as u64;
    let ticks = (first..=breakdown.step).filter(|step| (breakdown.step - step).is_multiple_of(every));
    panel.x.ticks = Some(ticks.map(|step| (step as f64, format::count(step))).collect());
    let curve = |of: &dyn Fn(&Moment) -> f64| -> Vec<(f64, f64)> {
        before.iter().map(|moment| (moment.step as f64, of(moment))).collect()
    };
    let curves = [
        ("‖∂L/∂θ‖", Tone::Exploding, Marker::Dot, curve(&|moment| moment.gradient_log10)),
        ("loss", over::tone(place), Marker::Square, curve(&|moment| math::log10(moment.loss))),
        ("update", Tone::Series(2), Marker::Triangle, curve(&|moment| moment.update_log10)),
        (
            "ρ",
            Tone::Preserved,
            Marker::Ring,
            curve(&|moment| moment.spectrum.map_or(f64::NAN, |s| math::log10(s.radius))),
        ),
    ];
    panel.y.range = span(curves.iter().flat_map(|(.., points)| points.iter().map(|(_, y)| *y))).map(roomy);
    for (name, tone, marker, points) in curves {
        if points.iter().any(|(_, y)| !y.is_nan()) {
            panel.marks.push(Mark::Series(Series::line(name, tone, points).with_marker(marker, 2.5)));
        }
    }
    let x = chosen.step as f64;
    panel.marks.push(Mark::Vertical { x, label: String::new(), tone: Tone::Ink, dash: Dash::Dotted });
    panel
}

/// ‖dL/dh_t‖ over the time steps in the chosen update, among those of the others.
fn profiles(lane: &Lane, breakdown: &Breakdown, chosen: &Moment) -> Panel {
    let steps = (lane.task.steps)(lane.sequence_length) as f64;
    let mut panel = Panel::new(Axis::linear("time step t", 0.0, steps), Axis::log("‖∂L/∂hₜ‖"));
    panel.title = format!("in update {}", format::count(chosen.step));
    let curve = |moment: &Moment| -> Vec<(f64, f64)> {
        let place = |i: usize| steps * i as f64 / (PROFILE - 1) as f64;
        moment.profile.iter().enumerate().map(|(i, norm)| (place(i), f64::from(*norm))).collect()
    };
    let values = breakdown.before.iter().flat_map(|moment| moment.profile.iter().map(|norm| f64::from(*norm)));
    panel.y.range = span(values).map(roomy);
    for moment in breakdown.before.iter().filter(|moment| moment.step != chosen.step) {
        let name = format!("update {}", format::count(moment.step));
        panel.marks.push(Mark::Series(Series::line(name, Tone::Muted, curve(moment)).unlabelled().faint(0.45)));
    }
    let name = format!("update {}", format::count(chosen.step));
    panel.marks.push(Mark::Series(Series::line(name, Tone::Exploding, curve(chosen))));
    panel
}

/// What happened in one of the updates.
fn words(lane: &Lane, breakdown: &Breakdown, chosen: &Moment) -> String {
    let back = breakdown.step - chosen.step;
    let when = if back == 1 { "the last before lane" } else { "before lane" };
    let ago = if back == 1 { String::new() } else { format!("{back} updates ") };
    let mut text = format!(
        "Update {}, {ago}{when} {} diverged: loss {}, gradient {} long, and the weights were moved by {}.",
        format::count(chosen.step),
        lane.letter,
        format::short(chosen.loss),
        format::log10_value(chosen.gradient_log10),
        format::log10_value(chosen.update_log10),
    );
    if let Some(spectrum) = chosen.spectrum {
        text += &format!(" Before it, W_hh had the spectral radius {}.", format::short(spectrum.radius));
    }
    let ends = (chosen.profile.iter().find(|norm| !norm.is_nan()), chosen.profile.last());
    if let (Some(first), Some(last)) = ends
        && first.is_finite()
        && last.is_finite()
    {
        let on_way = f64::from(*first) - f64::from(*last);
        let (factor, word) = (format::log10_value(on_way.abs()), if on_way < 0.0 { "shrank" } else { "grew" });
        text += &format!(" On its way back the gradient {word} by a factor of {factor}.");
    }
    text
}
