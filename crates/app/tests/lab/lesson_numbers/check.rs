//! What holds a phrase of a lesson to what is computed.
use super::numerals::{self, Numeral};
use super::step::Step;
use std::ops::Range;
use vanishing_app::lessons::Beat;

/// A phrase of a step, word for word as it stands there, and what its numbers are held to.
pub struct Check {
    /// The step, from 1.
    pub step: usize,
    /// Empty where the answers of a vote are meant.
    pub phrase: &'static str,
    pub holds: Holds,
}

/// What is asked of a phrase.
pub enum Holds {
    /// Its numbers are these, to the digits that are shown.
    Are(fn(&Step) -> Vec<f64>),
    /// The same, where zeros at the end of a whole number are no digits.
    About(fn(&Step) -> Vec<f64>),
    /// They stand in this relation to what is computed: what is said comes first. A phrase without a number may claim something too.
    That(fn(&Step) -> Vec<f64>, fn(&[f64], &[f64]) -> bool),
    /// The answer that is right, from 0, among answers with these numbers.
    Right(fn(&Step, &[Option<f64>]) -> usize),
    /// A word such as `one` that counts nothing.
    Nothing,
}

/// The phrase's numbers are these, in order.
pub const fn are(step: usize, phrase: &'static str, values: fn(&Step) -> Vec<f64>) -> Check {
    Check { step, phrase, holds: Holds::Are(values) }
}

/// They are these when zeros at the end are no digits.
pub const fn about(step: usize, phrase: &'static str, values: fn(&Step) -> Vec<f64>) -> Check {
    Check { step, phrase, holds: Holds::About(values) }
}

/// What is said stands in this relation to what is found.
pub const fn that(
    step: usize,
    phrase: &'static str,
    found: fn(&Step) -> Vec<f64>,
    relation: fn(&[f64], &[f64]) -> bool,
) -> Check {
    Check { step, phrase, holds: Holds::That(found, relation) }
}

/// The answer of the step's vote that is right.
pub const fn right(step: usize, answer: fn(&Step, &[Option<f64>]) -> usize) -> Check {
    Check { step, phrase: "", holds: Holds::Right(answer) }
}

/// The word counts nothing.
pub const fn nothing(step: usize, phrase: &'static str) -> Check {
    Check { step, phrase, holds: Holds::Nothing }
}

/// The answer whose number is nearest to the truth by its ratio; one without a number stands for 1.
pub fn nearest(truth: f64, answers: &[Option<f64>]) -> usize {
    let far = |answer: &Option<f64>| vanishing_core::math::ln(truth / answer.unwrap_or(1.0)).abs();
    (0..answers.len()).min_by(|a, b| far(&answers[*a]).total_cmp(&far(&answers[*b]))).unwrap_or(usize::MAX)
}

/// What a phrase says that gives no more than the first digits.
const ABOUT: [&str; 4] = ["about ", "some ", "nearly ", " or so"];

/// The lines of a step in which numbers are held, with their words; all answers of a vote are one.
pub fn lines(beat: &Beat) -> Vec<(&'static str, String)> {
    let lines = [
        ("question", beat.ask.clone()),
        ("vote", beat.votes.join(" | ")),
        ("sentence", beat.say.clone()),
        ("note", beat.note.clone()),
    ];
    lines.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// Where a phrase stands in a text: nowhere, once or several times.
fn places<'a>(text: &'a str, phrase: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    text.match_indices(phrase).map(|(at, found)| at..at + found.len()).filter(|_| !phrase.is_empty())
}

impl Check {
    fn covers(&self, word: &str, text: &str, numeral: &Numeral) -> bool {
        if word == "vote" {
            return matches!(self.holds, Holds::Right(_));
        }
        let within = |place: Range<usize>| place.start <= numeral.at.start && numeral.at.end <= place.end;
        let may = !(matches!(self.holds, Holds::Nothing) && numeral.is_of_digits);
        may && places(text, self.phrase).any(within)
    }
}

/// What of a lesson's numbers no check holds, and which checks hold what is not there; each as a sentence.
pub fn gaps(lesson: &str, beats: &[Beat], checks: &[Check]) -> Vec<String> {
    let mut gaps = Vec::new();
    for (step, beat) in beats.iter().enumerate().map(|(i, beat)| (i + 1, beat)) {
        let own: Vec<&Check> = checks.iter().filter(|check| check.step == step).collect();
        let lines = lines(beat);
        for (word, text) in &lines {
            let free =
                numerals::of(text).into_iter().filter(|found| !own.iter().any(|own| own.covers(word, text, found)));
            gaps.extend(free.map(|numeral| {
                let said = &text[numeral.at];
                format!("{lesson}, step {step}: no check holds “{said}” in its {word} “{text}”")
            }));
        }
        for check in &own {
            let (is_vote, phrase) = (matches!(check.holds, Holds::Right(_)), check.phrase);
            if !is_vote && !lines.iter().any(|(_, text)| text.contains(phrase)) {
                gaps.push(format!("{lesson}, step {step}: a check holds “{phrase}”, which it does not say"));
            }
        }
        let votes = own.iter().filter(|check| matches!(check.holds, Holds::Right(_))).count();
        if votes != usize::from(!beat.votes.is_empty()) {
            gaps.push(format!("{lesson}, step {step}: {votes} checks say which answer of its vote is right"));
        }
    }
    let beyond = checks.iter().filter(|check| !(1..=beats.len()).contains(&check.step));
    gaps.extend(beyond.map(|check| format!("{lesson} has no step {} (“{}”)", check.step, check.phrase)));
    gaps
}

/// What a step says that is not so; each as a sentence.
pub fn faults(lesson: &str, step: &Step, checks: &[Check]) -> Vec<String> {
    let of_step = checks.iter().filter(|check| check.step == step.number);
    of_step
        .flat_map(|check| check.faults(step))
        .map(|fault| format!("{lesson}, step {}: {fault}", step.number))
        .collect()
}

/// Whether the relation would not hold of another number in this place.
fn decides(place: usize, said: &[f64], found: &[f64], relation: fn(&[f64], &[f64]) -> bool) -> bool {
    let others: [fn(f64) -> f64; 5] = [|x| 3.0 * x, |x| x / 3.0, |x| -x, |x| x + 1.0, |x| x - 1.0];
    others.iter().any(|other| {
        let mut said = said.to_vec();
        said[place] = other(said[place]);
        !relation(&said, found)
    })
}

impl Check {
    fn faults(&self, step: &Step) -> Vec<String> {
        if let Holds::Right(answer) = self.holds {
            let numbers = |answer: &String| numerals::of(answer).first().map(|numeral| numeral.value);
            let answers: Vec<Option<f64>> = step.beat.votes.iter().map(numbers).collect();
            let right = answer(step, &answers);
            let found = step.beat.votes.get(right);
            let fault = format!("right is answer {right}, {found:?}, and not {:?}", step.beat.right);
            return if step.beat.right == Some(right) { Vec::new() } else { vec![fault] };
        }
        let lines = lines(&step.beat);
        let stands = lines.iter().filter(|(word, _)| *word != "vote");
        let places = stands.flat_map(|(_, text)| places(text, self.phrase).map(move |place| (text, place)));
        places.filter_map(|(text, place)| self.fault(step, text, &place)).collect()
    }

    fn fault(&self, step: &Step, text: &str, place: &Range<usize>) -> Option<String> {
        let said: Vec<Numeral> = numerals::of(text)
            .into_iter()
            .filter(|numeral| numeral.at.start < place.end && place.start < numeral.at.end)
            .collect();
        let phrase = self.phrase;
        if said.iter().any(|numeral| numeral.at.start < place.start || place.end < numeral.at.end) {
            return Some(format!("“{phrase}” cuts a number in two"));
        }
        let values: Vec<f64> = said.iter().map(|numeral| numeral.value).collect();
        let (found, holds) = match self.holds {
            Holds::Are(found) | Holds::About(found) => {
                let found = found(step);
                let exactly = matches!(self.holds, Holds::Are(_));
                let same =
                    |(said, found): (&Numeral, &f64)| if exactly { said.is(*found) } else { said.is_about(*found) };
                let is_frank = exactly || ABOUT.iter().any(|word| phrase.contains(word));
                let all = !said.is_empty() && said.len() == found.len() && said.iter().zip(&found).all(same);
                let holds = is_frank && all;
                (found, holds)
            }
            Holds::That(found, relation) => {
                let found = found(step);
                if let Some(free) = (0..values.len()).find(|i| !decides(*i, &values, &found, relation)) {
                    return Some(format!("the check of “{phrase}” holds whatever its {} is", values[free]));
                }
                let holds = relation(&values, &found);
                (found, holds)
            }
            Holds::Right(_) => return None,
            Holds::Nothing => (Vec::new(), !said.is_empty() && said.iter().all(|numeral| !numeral.is_of_digits)),
        };
        (!holds).then(|| format!("“{phrase}” says {values:?}, and found is {found:?}"))
    }
}
