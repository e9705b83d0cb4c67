//! The guesses at the exercises: what is answered, and whether it is compared with what is true.
//!
//! A guess is a parameter like any other. Its default stands for "no guess yet". What is asked stands on the page, and what
//! is true in [`crate::exercises`].
use vanishing_core::param::{Choice, Domain, Param, ParamSpec, Settings};

/// The parameters of one exercise.
pub struct Guess {
    /// `guess-EXERCISE`.
    pub answer: Answer,
    /// `compare-EXERCISE`: whether it is compared with what is true.
    pub compare: Param<bool>,
}

/// How an answer is given.
pub enum Answer {
    /// One of some sentences; the first of the choices says that none is chosen.
    Choice(Param<&'static str>),
    /// A number over several powers of ten; 1 says that there is no guess yet.
    Number(Param<f64>),
    /// A count; 0 says that there is no guess yet.
    Count(Param<usize>),
}

/// The slugs of what can be chosen.
pub const CHOICES: [&str; 3] = ["a", "b", "c"];
const NONE: Choice = Choice { slug: "none", label: "your guess" };
const HELP: &str = "Your guess, before you compare. It stands in the address and is sent nowhere.";

macro_rules! guess {
    ($exercise:literal, $answer:expr) => {
        Guess {
            answer: $answer,
            compare: Param::flag(concat!("compare-", $exercise), "compare", false)
                .help("Compare the guess with what is true."),
        }
    };
}

/// A number from `low` to `high`, one of which is 1.
macro_rules! number {
    ($exercise:literal, $low:literal, $high:literal) => {
        guess!(
            $exercise,
            Answer::Number(Param::log(concat!("guess-", $exercise), "your guess", 1.0, $low, $high, 0.02).help(HELP))
        )
    };
}

macro_rules! count {
    ($exercise:literal, $most:literal) => {
        guess!(
            $exercise,
            Answer::Count(Param::count(concat!("guess-", $exercise), "your guess", 0, 0, $most).help(HELP))
        )
    };
}

/// One of the sentences, which are called a, b, c.
macro_rules! one_of {
    ($exercise:literal, $($label:literal),+) => {
        one_of!(@lettered $exercise, ["a", "b", "c"], [NONE], $($label),+)
    };
    (@lettered $exercise:literal, [$letter:literal $(, $letters:literal)*], [$($choice:expr),+], $label:literal $(, $labels:literal)*) => {
        one_of!(@lettered $exercise, [$($letters),*], [$($choice),+, Choice { slug: $letter, label: $label }], $($labels),*)
    };
    (@lettered $exercise:literal, [$($letters:literal),*], [$($choice:expr),+], ) => {
        guess!(
            $exercise,
            Answer::Choice(
                Param::choice(concat!("guess-", $exercise), "your guess", NONE.slug, &[$($choice),+]).help(HELP)
            )
        )
    };
}

/// The guesses of chapter 1, in the order of its exercises.
pub static POWERS: [Guess; 3] = [
    number!("powers-1", 1e-8, 1.0),
    one_of!(
        "powers-2",
        "it grows and keeps its sign",
        "it grows and changes its sign at every step",
        "it shrinks, because the eigenvalue is negative"
    ),
    count!("powers-3", 300),
];

/// The guesses of chapter 2, in the order of its exercises.
pub static ALIGNMENT: [Guess; 3] = [
    count!("alignment-1", 300),
    one_of!("alignment-2", "about twice as many", "about ten times as many", "about a hundred times as many"),
    one_of!("alignment-3", "yes, for nearly every x", "yes, but only at even k", "no, for hardly any x"),
];

/// The guesses of chapter 3, in the order of its exercises.
pub static GRADIENTS: [Guess; 3] = [
    number!("gradients-1", 1e-8, 1.0),
    one_of!(
        "gradients-2",
        "as much as in the linear network",
        "less than in the linear network",
        "more than in the linear network"
    ),
    one_of!("gradients-3", "it is at most 1", "it is as long as before", "something between"),
];

/// The guesses of chapter 4, in the order of its exercises.
pub static LABORATORY: [Guess; 3] = [
    one_of!("laboratory-1", "within a hundred updates", "after some hundred updates", "never, within a thousand"),
    one_of!("laboratory-2", "ten times shorter", "as long as before", "ten times longer"),
    number!("laboratory-3", 1e-3, 1.0),
];

/// The guesses of chapter 5, in the order of its exercises.
pub static CLIFF: [Guess; 3] = [
    number!("cliff-1", 1.0, 1e9),
    one_of!("cliff-2", "yes, it walks on down", "no, it is thrown off"),
    one_of!("cliff-3", "yes, it walks on down", "no, it is thrown off"),
];

/// All, in the order of the page.
pub fn all() -> impl Iterator<Item = &'static Guess> {
    [&POWERS, &ALIGNMENT, &GRADIENTS, &LABORATORY, &CLIFF].into_iter().flatten()
}

/// Their parameters, in the order of addresses.
pub fn params() -> impl Iterator<Item = &'static ParamSpec> {
    all().flat_map(|guess| [guess.spec(), &guess.compare.spec])
}

impl Guess {
    /// The parameter of the answer.
    pub fn spec(&'static self) -> &'static ParamSpec {
        match &self.answer {
            Answer::Choice(param) => &param.spec,
            Answer::Number(param) => &param.spec,
            Answer::Count(param) => &param.spec,
        }
    }

    /// The sentence that is right, where there are some to choose from.
    pub fn right(&'static self, truth: f64) -> Option<&'static str> {
        let Answer::Choice(param) = &self.answer else { return None };
        let slug = CHOICES.get(truth as usize)?;
        let Domain::Choice(choices) = param.spec.domain else { return None };
        choices.iter().find(|choice| choice.slug == *slug).map(|choice| choice.label)
    }

    /// The answer as a number, a choice as its place in [`CHOICES`]; `None`: no guess yet.
    pub fn number(&'static self, settings: &Settings) -> Option<f64> {
        if !settings.is_chosen(self.spec()) {
            return None;
        }
        match &self.answer {
            Answer::Choice(param) => {
                let slug = settings.get(param);
                CHOICES.iter().position(|choice| *choice == slug).map(|place| place as f64)
            }
            _ => settings.value(self.spec()).number(),
        }
    }
}
