//! What cannot be together, and what is shown instead.
use super::matrix::{GAIN, HIDDEN_SIZE, PAIRS, RESCALE, SPECTRAL_RADIUS, room_for_pairs, uses};
use super::network::{SEQUENCE_LENGTH, TASK, TIME, task};
use vanishing_core::param::{Notice, Param, Settings, Value};
use vanishing_core::recurrent::Ingredient;
use vanishing_core::tasks;
use vanishing_core::training::matrix;

/// What cannot be together, in sentences: the settings stay as they are, and something else is shown.
pub fn conflicts(settings: &Settings) -> Vec<Notice> {
    [time_conflict(settings), length_conflict(settings), room_conflict(settings), rescale_conflict(settings)]
        .into_iter()
        .flatten()
        .collect()
}

/// The marked time step lies beyond the last.
fn time_conflict(settings: &Settings) -> Option<Notice> {
    let (time, length) = (settings.get(&TIME), settings.get(&SEQUENCE_LENGTH));
    let steps = task(settings).map_or(length, |task| (task.steps)(length.max(task.minimum_length)));
    (time > steps && settings.is_chosen(&TIME.spec)).then(|| {
        let text = format!("time: the network runs {steps} steps, so step {steps} is marked instead of {time}.");
        Notice::new("time", text)
    })
}

/// The sequences of a task cannot be as short as that.
fn length_conflict(settings: &Settings) -> Option<Notice> {
    let (task, length) = (tasks::find(settings.get(&TASK))?, settings.get(&SEQUENCE_LENGTH));
    let minimum = task.minimum_length;
    (length < minimum).then(|| {
        let text = format!(
            "sequence-length: the task “{}” needs a length of {minimum}, which is used instead of {length}.",
            task.title
        );
        Notice::new("sequence-length", text)
    })
}

/// More pairs of eigenvalues were chosen than the recurrent matrix has room for.
fn room_conflict(settings: &Settings) -> Option<Notice> {
    let (rows, room) = (settings.get(&HIDDEN_SIZE), room_for_pairs(settings));
    let was_moved = |param: &Param<f64>| Value::Real(settings.get(param)) != param.spec.default;
    let is_lost = PAIRS.iter().skip(room).any(|(re, im)| was_moved(re) || was_moved(im));
    (uses(Ingredient::Pairs, settings) && is_lost).then(|| {
        let text = format!(
            "hidden-size: a recurrent matrix of {rows} rows has room for {room} of the chosen pairs; the others are not used."
        );
        Notice::new("hidden-size", text)
    })
}

/// A matrix of zeros cannot be scaled.
fn rescale_conflict(settings: &Settings) -> Option<Notice> {
    let text = if uses(Ingredient::Gain, settings) && settings.get(&GAIN) == 0.0 {
        "rescale: with a gain of 0 the recurrent matrix is zero, and no factor gives it a spectral radius."
    } else if matrix::chosen_radius(settings) == Some(0.0) && settings.get(&SPECTRAL_RADIUS) != 0.0 {
        "rescale: all eigenvalues are 0, and no factor gives such a matrix a spectral radius."
    } else {
        return None;
    };
    settings.get(&RESCALE).then(|| Notice::new("rescale", text.to_owned()))
}
