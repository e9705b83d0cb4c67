//! What a hand on a figure changes: which parameters, and how far.
use crate::msg::Phase;
use vanishing_charts::scene::{Moves, Press};
use vanishing_core::math;

/// How far a hand on a figure moves a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Move {
    /// To a value on the parameter's own scale; to be brought into its range.
    To(f64),
    /// By so many of the parameter's own steps.
    By(f64),
    /// Not at all: only the gesture ends.
    Stay,
}

/// A parameter that a hand on a figure changes.
pub struct Change {
    /// The parameter's key.
    pub key: String,
    /// How far it is moved.
    pub to: Move,
    /// Whether the gesture goes on.
    pub phase: Phase,
}

/// The changes of a handle that is dragged to a place.
pub fn moves(moves: &Moves, (x, y): (f64, f64), change: &dyn Fn(&str, f64) -> Change) -> Vec<Change> {
    match moves {
        Moves::X(key) => vec![change(key, x)],
        Moves::XLess(key, offset) => vec![change(key, x - offset)],
        Moves::Y(key) => vec![change(key, y)],
        Moves::Both(first, second) => vec![change(first, x), change(second, y)],
        Moves::Angle(key) => vec![change(key, math::atan2(y, x) * 180.0 / math::PI)],
    }
}

/// The changes of a handle that is pushed by steps of its parameters.
pub fn nudged(how: &Moves, (right, up): (f64, f64)) -> Vec<Change> {
    let by = |key: &str, steps: f64| Change { key: key.to_owned(), to: Move::By(steps), phase: Phase::Moving };
    match how {
        // On a single axis both pairs of arrows push: up and right are more.
        Moves::X(key) | Moves::XLess(key, _) | Moves::Y(key) | Moves::Angle(key) => vec![by(key, right + up)],
        Moves::Both(first, _) if up == 0.0 => vec![by(first, right)],
        Moves::Both(_, second) => vec![by(second, up)],
    }
}

/// The changes of a press at a place of a matrix.
pub fn pressed(press: &Press, at: (f64, f64), phase: Phase) -> Vec<Change> {
    press.at(at).map(|(key, value)| Change { key: key.to_owned(), to: Move::To(value), phase }).into()
}
