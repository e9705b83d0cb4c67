//! What moves by itself when the page is opened: a gradient that travels back, and vanishes; then one that keeps its
//! size; then one that explodes. Nothing of it enters the settings until a hand takes it.
use crate::schema;

/// What each step multiplies by, one after the other, in equal times.
const GAINS: [f64; 3] = [0.9, 1.0, 1.1];
/// Milliseconds for the whole way back.
const TRAVEL: f64 = 1300.0;
/// Milliseconds that the whole beam is then seen.
const REST: f64 = 500.0;
/// A frame that came later than this was not seen, and counts no longer, in milliseconds.
const LONGEST_FRAME: f64 = 100.0;
/// The rounds after which it rests at the end of its first part.
const ROUNDS: f64 = 6.0;

/// The slug of its figure.
pub const FIGURE: &str = "opening";

/// The actions of its button.
pub const BUTTON: (&str, &str) = ("opening-play", "opening-pause");

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opening {
    elapsed: f64,
    last: Option<f64>,
}

impl Opening {
    /// At its beginning.
    pub fn new() -> Self {
        Self { elapsed: 0.0, last: None }
    }

    /// Time goes on; whether there is more to come.
    pub fn frame(&mut self, now: f64) -> bool {
        let passed = self.last.map_or(0.0, |last| (now - last).clamp(0.0, LONGEST_FRAME));
        self.last = Some(now);
        self.elapsed += passed;
        self.elapsed < ROUNDS * GAINS.len() as f64 * (TRAVEL + REST)
    }

    /// What each step multiplies by now.
    pub fn gain(&self) -> f64 {
        let part = (self.elapsed / (TRAVEL + REST)) as usize % GAINS.len();
        GAINS.get(part).copied().unwrap_or(1.0)
    }

    /// The share of the way that is done, of the part that is shown.
    pub fn share(&self) -> f64 {
        let share = (self.elapsed % (TRAVEL + REST)) / TRAVEL;
        // Ends are slow, so that the eye finds the head again.
        let share = share.clamp(0.0, 1.0);
        share * share * (3.0 - 2.0 * share)
    }
}

impl Default for Opening {
    fn default() -> Self {
        Self::new()
    }
}

/// The key of its parameter.
pub fn key() -> &'static str {
    schema::OPENING_GAIN.spec.key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn within_six_seconds_it_has_vanished_stayed_and_exploded() {
        let mut opening = Opening::new();
        let mut seen = Vec::new();
        let mut now = 0.0;
        while now < 5400.0 {
            assert!(opening.frame(now));
            if seen.last() != Some(&opening.gain()) {
                seen.push(opening.gain());
            }
            now += 16.0;
        }
        assert_eq!(seen, GAINS);
    }

    #[test]
    fn a_page_that_slept_goes_on_where_it_was_and_in_the_end_it_rests() {
        let mut opening = Opening::new();
        opening.frame(0.0);
        opening.frame(1e9);
        assert!(opening.share() < 0.1);
        let mut now = 1e9;
        while opening.frame(now) {
            now += 50.0;
        }
        assert!(now - 1e9 < 60_000.0);
    }
}
