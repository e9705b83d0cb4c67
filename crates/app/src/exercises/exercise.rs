//! What an exercise is: a guess, what is true, and why.
use crate::schema::guesses::{Answer, Guess};
use vanishing_charts::format;
use vanishing_core::math;
use vanishing_core::param::{Settings, Value};

/// An exercise. The question is on the page, beside `data-controls` with the key of the guess.
pub struct Exercise {
    /// The name in actions and readouts: the chapter's, and a number: `powers-1`.
    pub slug: &'static str,
    /// Its parameters.
    pub guess: &'static Guess,
    /// The readout of the comparison.
    pub readout: &'static str,
    /// What is true: a number, or the place of the right choice. Computed by core, from an actual matrix, network or run; it may take
    /// a second.
    pub truth: fn() -> f64,
    /// Why, in a sentence; its argument is what is true.
    pub because: fn(f64) -> String,
}

impl Exercise {
    /// Presses its button: the comparison is shown, or hidden. Without a guess, a sentence and nothing else.
    pub fn press(&self, settings: &mut Settings) -> Option<String> {
        let compare = &self.guess.compare;
        if self.guess.number(settings).is_none() {
            settings.set(&compare.spec, Value::Flag(false));
            return Some("Guess first: choose an answer, or move the slider.".to_owned());
        }
        let shown = settings.get(compare);
        settings.set(&compare.spec, Value::Flag(!shown));
        None
    }

    /// What is true, and why; of sentences to choose from, the right one first.
    pub fn solution(&self, truth: f64) -> String {
        let because = (self.because)(truth);
        match self.guess.right(truth) {
            Some(choice) => format!("“{choice}”. {because}"),
            None => because,
        }
    }

    /// Guess and truth in words; nothing before it is asked for. `truth` is called only then.
    pub fn compared(&self, settings: &Settings, truth: impl FnOnce() -> f64) -> String {
        let guess = self.guess.number(settings).filter(|_| settings.get(&self.guess.compare));
        let Some(guess) = guess else { return String::new() };
        let truth = truth();
        let because = (self.because)(truth);
        match self.guess.answer {
            Answer::Choice(_) if guess == truth => format!("Right. {because}"),
            Answer::Choice(_) => format!("Not quite. {because}"),
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

    #[test]
    fn how_near_a_guess_is() {
        assert_eq!(nearness(50.0, 48.0), "Very near.");
        assert_eq!(nearness(30.0, 48.0), "Near, and a little too low.");
        assert_eq!(nearness(480.0, 48.0), "Too high, by a factor of 10.");
        assert_eq!(nearness(1.0, 1e6), "Too low, by 6 powers of ten.");
    }
}
