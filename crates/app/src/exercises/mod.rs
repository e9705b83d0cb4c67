//! The REGISTRY of exercises: predict first, then compare. Three at the end of each chapter, one file a chapter.
//!
//! A guess is a parameter like any other ([`crate::schema::guesses`]): it stands in the address, has its control, and is sent
//! nowhere. What it is compared with is computed when it is first asked for.
mod alignment;
mod cliff;
mod exercise;
mod gradients;
mod laboratory;
mod powers;

use crate::chapters::Chapter;
use std::sync::OnceLock;
use vanishing_core::param::Settings;

pub use exercise::Exercise;

/// The exercises of each chapter, in the order of the page.
pub static ALL: [(Chapter, &[Exercise; 3]); 5] = [
    (Chapter::Powers, &powers::ALL),
    (Chapter::Alignment, &alignment::ALL),
    (Chapter::Gradients, &gradients::ALL),
    (Chapter::Laboratory, &laboratory::ALL),
    (Chapter::Cliff, &cliff::ALL),
];

/// All exercises, in the order of the page.
pub fn all() -> impl Iterator<Item = &'static Exercise> {
    ALL.iter().flat_map(|(_, exercises)| *exercises)
}

/// The exercise of that name.
pub fn find(slug: &str) -> Option<&'static Exercise> {
    all().find(|exercise| exercise.slug == slug)
}

/// The readouts of all comparisons.
pub fn readouts(settings: &Settings) -> Vec<(&'static str, String)> {
    let text = |exercise: &'static Exercise| exercise.compared(settings, || truth(exercise));
    all().map(|exercise| (exercise.readout, text(exercise))).collect()
}

/// What is true and why, as it is told on paper.
pub fn solution(exercise: &'static Exercise) -> String {
    exercise.solution(truth(exercise))
}

/// What is true, computed once.
fn truth(exercise: &Exercise) -> f64 {
    static FOUND: OnceLock<Vec<OnceLock<f64>>> = OnceLock::new();
    let found = FOUND.get_or_init(|| all().map(|_| OnceLock::new()).collect());
    let place = all().position(|other| other.slug == exercise.slug);
    match place.and_then(|place| found.get(place)) {
        Some(kept) => *kept.get_or_init(exercise.truth),
        None => (exercise.truth)(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::guesses::{Answer, CHOICES};

    fn compared(exercise: &Exercise, settings: &Settings) -> String {
        exercise.compared(settings, || truth(exercise))
    }

    fn answered(exercise: &Exercise, text: &str) -> Settings {
        let mut settings = Settings::default();
        assert_eq!(settings.set_text(exercise.guess.spec(), text), None, "{}", exercise.slug);
        assert_eq!(exercise.press(&mut settings), None);
        settings
    }

    #[test]
    fn each_exercise_has_names_of_its_own_and_a_right_answer_that_can_be_given() {
        for exercise in all() {
            let key = exercise.guess.spec().key;
            assert_eq!(key, format!("guess-{}", exercise.slug));
            assert_eq!(exercise.guess.compare.spec.key, format!("compare-{}", exercise.slug));
            assert_eq!(exercise.readout, format!("answer-{}", exercise.slug));
            let truth = super::truth(exercise);
            let right = match exercise.guess.answer {
                Answer::Choice(_) => CHOICES[truth as usize].to_owned(),
                Answer::Number(_) => format!("{truth}"),
                Answer::Count(_) => format!("{}", truth as u64),
            };
            let text = compared(exercise, &answered(exercise, &right));
            let word = if matches!(exercise.guess.answer, Answer::Choice(_)) { "Right. " } else { "Very near. " };
            assert!(text.starts_with(word), "{}: {text}", exercise.slug);
            assert!(text.len() > word.len() + 40, "{}: no reason is given: {text}", exercise.slug);
        }
        assert_eq!(all().count(), 15);
    }

    #[test]
    fn a_wrong_answer_is_called_wrong_and_told_why() {
        let exercise = find("powers-1").unwrap();
        let text = compared(exercise, &answered(exercise, "0.5"));
        assert!(text.starts_with("Too high, by a factor of 97") && text.contains("0.00515"), "{text}");
        let exercise = find("alignment-3").unwrap();
        assert!(compared(exercise, &answered(exercise, "a")).starts_with("Not quite. "));
    }

    #[test]
    fn nothing_is_compared_before_a_guess() {
        let mut settings = Settings::default();
        for exercise in all() {
            assert!(exercise.press(&mut settings).is_some_and(|text| text.starts_with("Guess first")));
            assert_eq!(compared(exercise, &settings), "");
        }
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn pressed_again_it_is_hidden() {
        let exercise = find("powers-3").unwrap();
        let mut settings = answered(exercise, "40");
        assert!(!compared(exercise, &settings).is_empty());
        exercise.press(&mut settings);
        assert_eq!(compared(exercise, &settings), "");
    }
}
