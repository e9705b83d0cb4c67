//! A gradient on its way back through time, as a beam: its width at t is ‖dL/dh_t‖ of a real backward pass, as it is,
//! not its logarithm.
//!
//! ```text
//! linear cell, W_hh = g Q with Q orthogonal:   ‖dL/dh_t‖ = g^(T-t) ‖dL/dh_T‖
//! ```
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Dash, Mark, Marker, Panel, Scene, Series, Tone};
use vanishing_core::math;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "opening", title: "A gradient travels back through time", aspect: 3.1, scene };

/// Half the width of the beam where it begins, as a share of half the panel.
const START: f64 = 0.16;
/// A gradient that changes by less than this share over the whole way keeps its size.
const KEEPS: f64 = 0.05;
/// Every so many time steps a network is drawn.
const EVERY: usize = 5;

fn scene(model: &Model) -> Scene {
    let norms = model.opening().plain.state_gradient_log10();
    let steps = norms.len().saturating_sub(1);
    let last = norms.last().copied().unwrap_or(0.0);
    let length = steps as f64;
    // How far it has come: to time `front`.
    let front = (length - model.view().opening_travelled.unwrap_or(length)).clamp(0.0, length);
    let log10_at = |t: f64| {
        let (low, high) = (t.floor() as usize, t.ceil() as usize);
        let of = |t: usize| norms.get(t).copied().unwrap_or(last) - last;
        of(low) + (of(high) - of(low)) * (t - t.floor())
    };
    let width = |log10: f64| START * math::exp(log10.min(6.0) * math::LN_10);
    let ratio = log10_at(front);
    let tone = Tone::of_factor(math::exp(log10_at(0.0) * math::LN_10), KEEPS);

    let mut x = Axis::linear("time step t", -0.06 * length, 1.09 * length);
    x.ticks = Some((0..=steps).step_by(10).map(|t| (t as f64, t.to_string())).collect());
    let mut panel = Panel::new(x, Axis::linear("", -1.0, 1.0).hidden());
    let places: Vec<f64> = std::iter::once(front).chain((0..=steps).map(|t| t as f64).filter(|t| *t > front)).collect();
    let edge = |sign: f64| places.iter().map(|t| (*t, sign * width(log10_at(*t)).min(2.0))).collect::<Vec<_>>();
    let points = places.iter().map(|t| (*t, -width(log10_at(*t)).min(2.0), width(log10_at(*t)).min(2.0))).collect();
    panel.marks.push(Mark::Band { name: String::new(), tone, opacity: 0.28, points });
    for sign in [1.0, -1.0] {
        panel.marks.push(Mark::Series(Series::line("", tone, edge(sign))));
    }
    let units = (0..=steps).step_by(EVERY).map(|t| (t as f64, 0.0)).collect();
    let mut line = Series::line("", Tone::Muted, vec![(0.0, 0.0), (length, 0.0)]).dashed(Dash::Dotted);
    line.line = Some((Dash::Dotted, 1.0));
    panel.marks.push(Mark::Series(line));
    let mut units = Series::markers("", Tone::Muted, Marker::Ring, units);
    units.marker = Some((Marker::Ring, 3.0));
    panel.marks.push(Mark::Series(units));
    let mut head = Series::markers("", tone, Marker::Dot, vec![(front, 0.0)]);
    head.marker = Some((Marker::Dot, 5.5));
    panel.marks.push(Mark::Series(head));
    let text = |at: (f64, f64), text: String, tone: Tone, anchor: i8| Mark::Text { at, text, tone, anchor };
    panel.marks.push(text((1.015 * length, 0.0), "loss".to_owned(), Tone::Ink, 1));
    if let Some(t) = reaches(norms, last, 1.0).filter(|t| *t >= front.max(1.0)) {
        // In the beam if there is room, else beside it.
        let (at, words, anchor) = match t / length {
            share if share >= 0.45 => (t - 0.015 * length, "wider than the picture", -1),
            _ => (reaches(norms, last, 0.7).unwrap_or(t), "← wider than the picture", 1),
        };
        panel.marks.push(text((at, -0.84), words.to_owned(), tone, anchor));
    }
    let back = length - front;
    if back >= 1.0 {
        let words = format!("{} steps back: {}", format::count(back as u64), times(ratio));
        // Beside the head, above the beam where that is narrow; inside the picture in any case.
        let height = (width(ratio) + 0.14).clamp(0.3, 0.82);
        let anchor = if front < 0.5 * length { 1 } else { -1 };
        let at = front + if anchor > 0 { -0.02 } else { 0.05 } * length;
        panel.marks.push(text((at.max(-0.04 * length), height), words, Tone::Ink, anchor));
    }
    Scene { panels: vec![panel], summary: summary(model, log10_at(0.0), steps), remark: String::new() }
}

/// The time at which the beam, on its way back, becomes wider than this share of the picture, if it does.
fn reaches(norms: &[f64], last: f64, share: f64) -> Option<f64> {
    norms.iter().rposition(|norm| norm - last > math::log10(share / START)).map(|t| t as f64)
}

/// What has become of its length, in words.
fn times(log10: f64) -> String {
    if log10.abs() < 5e-4 {
        "as long as before".to_owned()
    } else {
        format!("{} times as long", format::log10_value(log10))
    }
}

fn summary(model: &Model, log10: f64, steps: usize) -> String {
    let gain = model.opening_gain();
    let norms = model.opening().plain.state_gradient_log10();
    let wide = reaches(norms, norms.last().copied().unwrap_or(0.0), 1.0).map_or(String::new(), |t| {
        format!(" From {} steps back on it is wider than the picture.", format::count((steps as f64 - t) as u64))
    });
    let word = match Tone::of_factor(math::exp(log10 * math::LN_10), KEEPS) {
        Tone::Exploding => "explodes",
        Tone::Vanishing => "vanishes",
        _ => "keeps its size",
    };
    format!(
        "A gradient travels from the loss back through {steps} time steps of a linear network, each of which multiplies it by {}: it {word}. At the first step it is {} times what it was at the last.{wide}",
        format::short(gain),
        format::log10_value(log10),
    )
}
