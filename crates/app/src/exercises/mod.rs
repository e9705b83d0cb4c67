//! The REGISTRY of exercises: predict first, then compare. Three at the end of each chapter, one file a chapter.
//!
//! A guess is a parameter like any other: it stands in the address, has its control, and is sent nowhere. What it is
//! compared with is computed by core, from an actual matrix, network or run, when it is first asked for.
mod alignment;
mod cliff;
mod gradients;
mod laboratory;
mod powers;

use std::sync::OnceLock;
use vanishing_charts::format;
use vanishing_core::math;
use vanishing_core::param::{Choice, Param, ParamSpec, Settings, Value};

/// An exercise. The question is on the page, beside `data-controls` with the key of the guess.
pub struct Exercise {
    /// The name in actions and readouts: `powers-1`.
    pub slug: &'static str,
    /// The guess. Its default stands for "no guess yet".
    pub guess: Guess,
    /// Whether it is compared with what is true.
    pub shown: &'static Param<bool>,
    /// The readout of the comparison.
    pub readout: &'static str,
    /// What is true: a number, or the place of the right choice.
    pub truth: fn() -> f64,
    /// Why, in a sentence; it is told what is true.
    pub because: fn(f64) -> String,
}

/// How an answer is given.
#[derive(Clone, Copy)]
pub enum Guess {
    /// One of some sentences; the first of the choices says that none is chosen.
    Choice(&'static Param<&'static str>),
    /// A number over several powers of ten.
    Number(&'static Param<f64>),
    /// A count.
    Count(&'static Param<usize>),
}

impl Guess {
    /// The parameter.
    pub fn spec(&self) -> &'static ParamSpec {
        match self {
            Self::Choice(param) => &param.spec,
            Self::Number(param) => &param.spec,
            Self::Count(param) => &param.spec,
        }
    }

    /// The answer as a number; `None`: no guess yet.
    fn number(&self, settings: &Settings) -> Option<f64> {
        let spec = self.spec();
        if !settings.is_chosen(spec) || settings.value(spec) == spec.default {
            return None;
        }
        match self {
            Self::Choice(param) => {
                let slug = settings.get(param);
                CHOICES.iter().position(|own| *own == slug).map(|place| place as f64)
            }
            _ => settings.value(spec).number(),
        }
    }
}

/// The slugs of what can be chosen.
const CHOICES: [&str; 4] = ["a", "b", "c", "d"];
const NONE: Choice = Choice { slug: "none", label: "your guess" };

const fn choice(slug: &'static str, label: &'static str) -> Choice {
    Choice { slug, label }
}

/// A number that is guessed, from `low` to 1 or from 1 to `high`; 1 says that there is no guess yet.
const fn number(key: &'static str, low: f64, high: f64) -> Param<f64> {
    Param::log(key, "your guess", 1.0, low, high, 0.02).help(HELP)
}

const fn count(key: &'static str, most: usize) -> Param<usize> {
    Param::count(key, "your guess", 0, 0, most).help(HELP)
}

const fn one_of(key: &'static str, choices: &'static [Choice]) -> Param<&'static str> {
    Param::choice(key, "your guess", "none", choices).help(HELP)
}

const fn flag(key: &'static str) -> Param<bool> {
    Param::flag(key, "compare", false).help("Compare the guess with what is true.")
}

const HELP: &str = "Your guess, before you compare. It stands in the address and is sent nowhere.";

/// All exercises, in the order of the page.
pub fn all() -> impl Iterator<Item = &'static Exercise> {
    [&powers::ALL, &alignment::ALL, &gradients::ALL, &laboratory::ALL, &cliff::ALL].into_iter().flatten()
}

/// The exercise of that name.
pub fn find(slug: &str) -> Option<&'static Exercise> {
    all().find(|exercise| exercise.slug == slug)
}

/// Their parameters, in the order of the page.
pub fn params() -> impl Iterator<Item = &'static ParamSpec> {
    all().flat_map(|exercise| [exercise.guess.spec(), &exercise.shown.spec])
}

/// The readouts of all comparisons.
pub fn readouts(settings: &Settings) -> Vec<(&'static str, String)> {
    all().map(|exercise| (exercise.readout, exercise.compared(settings))).collect()
}

impl Exercise {
    /// Presses its button: the comparison is shown, or hidden. Without a guess, a sentence and nothing else.
    pub fn press(&self, settings: &mut Settings) -> Option<String> {
        if self.guess.number(settings).is_none() {
            settings.set(&self.shown.spec, Value::Flag(false));
            return Some("Guess first: choose an answer, or move the slider.".to_owned());
        }
        let shown = settings.get(self.shown);
        settings.set(&self.shown.spec, Value::Flag(!shown));
        None
    }

    /// What is true, computed once.
    fn true_number(&self) -> f64 {
        static FOUND: OnceLock<Vec<OnceLock<f64>>> = OnceLock::new();
        let found = FOUND.get_or_init(|| all().map(|_| OnceLock::new()).collect());
        let place = all().position(|own| own.slug == self.slug);
        match place.and_then(|place| found.get(place)) {
            Some(kept) => *kept.get_or_init(self.truth),
            None => (self.truth)(),
        }
    }

    /// Guess and truth in words; nothing before it is asked for.
    fn compared(&self, settings: &Settings) -> String {
        let guess = self.guess.number(settings).filter(|_| settings.get(self.shown));
        let Some(guess) = guess else { return String::new() };
        let truth = self.true_number();
        let because = (self.because)(truth);
        match self.guess {
            Guess::Choice(_) if guess == truth => format!("Right. {because}"),
            Guess::Choice(_) => format!("Wrong. {because}"),
            _ => format!("{} {because}", nearness(guess, truth)),
        }
    }
}

/// How near a guessed number is.
fn nearness(guess: f64, truth: f64) -> String {
    let factor = math::exp((math::log10(guess) - math::log10(truth)).abs() * math::LN_10);
    let way = if guess < truth { "low" } else { "high" };
    if factor <= 1.1 {
        "Very near.".to_owned()
    } else if factor <= 2.0 {
        format!("Near, and a little too {way}.")
    } else if factor < 1e4 {
        format!("Too {way}, by a factor of {}.", format::short(factor))
    } else {
        format!("Too {way}, by {} powers of ten.", format::short(math::log10(factor).round()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(exercise.shown.spec.key, format!("compare-{}", exercise.slug));
            assert_eq!(exercise.readout, format!("answer-{}", exercise.slug));
            let truth = exercise.true_number();
            let right = match exercise.guess {
                Guess::Choice(_) => CHOICES[truth as usize].to_owned(),
                Guess::Number(_) => format!("{truth}"),
                Guess::Count(_) => format!("{}", truth as u64),
            };
            let text = exercise.compared(&answered(exercise, &right));
            let word = if matches!(exercise.guess, Guess::Choice(_)) { "Right. " } else { "Very near. " };
            assert!(text.starts_with(word), "{}: {text}", exercise.slug);
            assert!(text.len() > word.len() + 40, "{}: no reason is given: {text}", exercise.slug);
        }
        assert_eq!(all().count(), 15);
    }

    #[test]
    fn a_wrong_answer_is_called_wrong_and_told_why() {
        let exercise = find("powers-1").unwrap();
        let text = exercise.compared(&answered(exercise, "0.5"));
        assert!(text.starts_with("Too high, by a factor of 97") && text.contains("0.00515"), "{text}");
        let exercise = find("alignment-3").unwrap();
        assert!(exercise.compared(&answered(exercise, "a")).starts_with("Wrong. "));
    }

    #[test]
    fn nothing_is_compared_before_a_guess() {
        let mut settings = Settings::default();
        for exercise in all() {
            assert!(exercise.press(&mut settings).is_some_and(|text| text.starts_with("Guess first")));
            assert_eq!(exercise.compared(&settings), "");
        }
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn pressed_again_it_is_hidden() {
        let exercise = find("powers-3").unwrap();
        let mut settings = answered(exercise, "40");
        assert!(!exercise.compared(&settings).is_empty());
        exercise.press(&mut settings);
        assert_eq!(exercise.compared(&settings), "");
    }

    #[test]
    fn how_near_a_guess_is() {
        assert_eq!(nearness(50.0, 48.0), "Very near.");
        assert_eq!(nearness(30.0, 48.0), "Near, and a little too low.");
        assert_eq!(nearness(480.0, 48.0), "Too high, by a factor of 10.");
        assert_eq!(nearness(1.0, 1e6), "Too low, by 6 powers of ten.");
    }
}
