//! What the figures over time share: the axis, the marked t, the way back as a factor and as words.
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Panel, Tone};
use vanishing_core::studies::diagnosis::Fate;

/// The parameter that a press on any of these figures sets.
pub const TIME: &str = "time";

/// Up to so many time steps every one has its tick: there is none between them.
const WHOLE: f64 = 8.0;

/// An empty panel over t = 0..=T, with the marked time step.
pub fn panel(model: &Model, title: &str, y: Axis) -> Panel {
    let steps = model.gradients().steps as f64;
    let mut panel = Panel::new(Axis::linear(title, 0.0, steps), y);
    if steps <= WHOLE {
        panel.x.ticks = Some((0..=steps as usize).map(|t| (t as f64, t.to_string())).collect());
    }
    panel.cursor = Some(model.time() as f64);
    panel.scrubs = Some(TIME.to_owned());
    panel
}

/// The title of the axis where the picture needs the direction of the way back.
pub const BACKWARDS: &str = "time step t   (backpropagation runs from right to left)";
/// The title of the axis elsewhere.
pub const FORWARDS: &str = "time step t";

/// Values at t = first, first + 1, ...
pub fn points(first: usize, values: &[f64]) -> Vec<(f64, f64)> {
    values.iter().enumerate().map(|(i, y)| ((first + i) as f64, *y)).collect()
}

/// The tone of a change, as log10 of a factor.
pub fn tone(log10_ratio: f64) -> Tone {
    tone_of(Fate::of_change(log10_ratio))
}

/// The tone of what becomes of a gradient.
pub fn tone_of(fate: Fate) -> Tone {
    match fate {
        Fate::Exploding => Tone::Exploding,
        Fate::Vanishing => Tone::Vanishing,
        Fate::Preserved => Tone::Preserved,
    }
}

/// The least and the largest finite value; `None` if there is none.
pub fn span(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = values.into_iter().filter(|y| y.is_finite());
    finite.fold(None, |span, y| Some(span.map_or((y, y), |(low, high): (f64, f64)| (low.min(y), high.max(y)))))
}

/// A range that holds a span of logarithms: at least a decade, with room at both ends.
pub fn roomy((low, high): (f64, f64)) -> (f64, f64) {
    let short = (1.0 - (high - low)).max(0.0) / 2.0;
    let (low, high) = (low - short, high + short);
    // Where one unit no longer moves the number, a share of it does.
    let room = ((high - low) * 0.05).max(low.abs().max(high.abs()) * 1e-6);
    (low - room, high + room)
}

/// A remark, with what part of an opened network it is about, where the figure shows a part alone.
pub fn of_part(model: &Model, remark: String) -> String {
    let opened = model.network().recurrence.opened.as_ref();
    let Some(stack) = opened.and_then(|opened| opened.stack.as_ref()) else { return remark };
    let mut sentences = Vec::new();
    if stack.directions > 1 {
        sentences.push("Shown is the direction forwards in time.");
    }
    if stack.is_projected() {
        sentences.push("The state is the one before the projection, o ⊙ tanh c, which comes back by Wₕₕ times the matrix of the projection.");
    }
    sentences.extend(Some(remark.as_str()).filter(|remark| !remark.is_empty()));
    sentences.join(" ")
}

/// `1 time step`, `12 time steps`.
pub fn steps(count: usize) -> String {
    if count == 1 { "1 time step".to_owned() } else { format!("{} time steps", format::count(count as u64)) }
}

/// The mean of what is defined; NaN if nothing is.
pub fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.filter(|x| !x.is_nan()).fold((0.0, 0usize), |(sum, count), x| (sum + x, count + 1));
    if count == 0 { f64::NAN } else { sum / count as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_one_value_is_a_decade_around_it() {
        let (low, high) = roomy((3.0, 3.0));
        assert!(low < 2.5 && high > 3.5 && high - low < 1.2);
        assert_eq!(span([f64::NAN, f64::INFINITY]), None);
        assert_eq!(span([2.0, f64::NEG_INFINITY, -1.0]), Some((-1.0, 2.0)));
    }

    #[test]
    fn a_mean_passes_over_what_is_undefined() {
        assert_eq!(mean([1.0, f64::NAN, 3.0].into_iter()), 2.0);
        assert!(mean(std::iter::empty()).is_nan());
    }
}
