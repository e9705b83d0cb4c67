//! A text of the reader's own: its characters as classes, what is learned of it, what is held out.
//!
//! ```text
//! text        line breaks as \n, a tabulator as a space, other control characters left out; 1,000 to 200,000 characters
//! vocabulary  the V ≤ 96 characters by falling frequency, equal ones by their code; the rarest beyond 95 become one, "other"
//! held out    the last tenth, at most 5,000 characters; what stands before it is learned
//! window      T characters as one-hot vectors, and for each the character after it as the class that is to be predicted
//! ```
use crate::bptt::Targets;
use crate::random::Stream;
use crate::tasks::{Batch, TaskTargets};

/// Lewis Carroll, "Alice’s Adventures in Wonderland" (1865), chapter I, after the Millennium Fulcrum edition 2.9 of Project
/// Gutenberg, a line for each paragraph. In the public domain.
pub const ALICE: &str = include_str!("alice.txt");

/// The fewest characters of a text.
pub const LEAST: usize = 1_000;
/// The most.
pub const MOST: usize = 200_000;
/// The most classes.
pub const CLASSES: usize = 96;
/// The most characters that are held out.
pub const HELD_OUT: usize = 5_000;
/// The most characters of a window.
pub const WINDOW: usize = 400;
/// What the characters that became one are written as.
pub const OTHER: char = '\u{fffd}';

/// A text as classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Corpus {
    /// The characters of the classes.
    characters: Vec<char>,
    codes: Vec<u16>,
    /// Characters that are learned.
    split: usize,
    /// How many kinds of characters became "other", and how often they stand in the text.
    others: (usize, usize),
}

impl Corpus {
    /// Takes a text.
    ///
    /// # Errors
    /// A sentence for a text that is too short, too long, or has one character only.
    pub fn new(text: &str) -> Result<Self, String> {
        let text = cleaned(text);
        let length = text.len();
        if length < LEAST {
            return Err(format!(
                "The text has {} characters; at least 1,000 are needed, or there is too little to learn.",
                thousands(length)
            ));
        }
        if length > MOST {
            return Err(format!("The text has {} characters; at most 200,000 are taken.", thousands(length)));
        }
        // By their code; few enough to be kept in order one by one, without the weight of a sort in the program.
        let mut counts: Vec<(char, usize)> = Vec::new();
        for character in &text {
            match counts.binary_search_by_key(character, |(known, _)| *known) {
                Ok(place) => counts[place].1 += 1,
                Err(place) => counts.insert(place, (*character, 1)),
            }
        }
        if counts.len() < 2 {
            return Err("The text is one character again and again: there is nothing to predict.".to_owned());
        }
        let kept = if counts.len() > CLASSES { CLASSES - 1 } else { counts.len() };
        let rest = kept as u16;
        let mut classes = vec![rest; counts.len()];
        let mut characters = Vec::with_capacity(CLASSES);
        while characters.len() < kept {
            let open = (0..counts.len()).filter(|place| classes[*place] == rest);
            // Of equal counts the first.
            let Some(next) = open.rev().max_by_key(|place| counts[*place].1) else { break };
            classes[next] = characters.len() as u16;
            characters.push(counts[next].0);
        }
        let rare = || counts.iter().zip(&classes).filter(|(_, class)| **class == rest).map(|((_, count), _)| count);
        let others = (rare().count(), rare().sum());
        if others.0 > 0 {
            characters.push(OTHER);
        }
        let code = |character: &char| {
            let place = counts.binary_search_by_key(character, |(known, _)| *known);
            place.map_or(rest, |place| classes[place])
        };
        let codes = text.iter().map(code).collect();
        let split = length - (length / 10).min(HELD_OUT);
        Ok(Self { characters, codes, split, others })
    }

    /// V: classes.
    pub fn classes(&self) -> usize {
        self.characters.len()
    }

    /// The class of each character of the text.
    pub fn codes(&self) -> &[u16] {
        &self.codes
    }

    /// How many characters are learned: those before this place.
    pub fn split(&self) -> usize {
        self.split
    }

    /// The character of a class; a place that is none is "other".
    pub fn character(&self, class: usize) -> char {
        self.characters.get(class).copied().unwrap_or(OTHER)
    }

    /// A stretch of the text as its classes write it.
    pub fn text(&self, from: usize, to: usize) -> String {
        let codes = self.codes.get(from..to.min(self.codes.len())).unwrap_or(&[]);
        codes.iter().map(|code| self.character(usize::from(*code))).collect()
    }

    /// The length of windows that is possible, where so much is wished: at most [`WINDOW`], and a fifth of the text.
    pub fn window(&self, wished: usize) -> usize {
        wished.clamp(2, WINDOW.min(self.codes.len() / 5))
    }

    /// What was made of the text, in a sentence or two.
    pub fn sentence(&self) -> String {
        let mut text = format!(
            "{} characters of {} kinds; the first {} are learned, the last {} are held out.",
            thousands(self.codes.len()),
            self.classes() - usize::from(self.others.0 > 0) + self.others.0,
            thousands(self.split),
            thousands(self.codes.len() - self.split)
        );
        if self.others.0 > 0 {
            let (kinds, count) = self.others;
            text += &format!(
                " The {kinds} rarest kinds, {} characters in all, count as one, written {OTHER}.",
                thousands(count)
            );
        }
        text
    }

    /// x_t as one-hot vectors for windows that begin there, time by time.
    pub fn one_hot(&self, starts: &[usize], steps: usize) -> Vec<f64> {
        let (classes, size) = (self.classes(), starts.len());
        let mut inputs = vec![0.0; steps * size * classes];
        for (row, vector) in inputs.chunks_exact_mut(classes).enumerate() {
            vector[usize::from(self.codes[starts[row % size] + row / size])] = 1.0;
        }
        inputs
    }

    /// The class after each character of windows that begin there, time by time.
    pub fn classes_after(&self, starts: &[usize], steps: usize) -> Vec<usize> {
        let at = |t: usize| starts.iter().map(move |start| usize::from(self.codes[start + t + 1]));
        (0..steps).flat_map(at).collect()
    }

    /// Windows of the learned part for an update, drawn from (seed, step): inputs, targets, and the factor before the loss.
    pub fn batch(&self, length: usize, batch_size: usize, seed: u64, step: u64) -> (Batch, Targets, f64) {
        let mut stream = Stream::new(seed, &format!("windows of a text step {step}"));
        let length = self.window(length);
        let places = self.split.saturating_sub(length);
        let start = |_| ((stream.uniform() * places as f64) as usize).min(places.saturating_sub(1));
        self.windows(&(0..batch_size).map(start).collect::<Vec<_>>(), length)
    }

    /// At most so many windows of the held-out part, evenly spaced; in a short text they begin before it.
    pub fn held_out(&self, length: usize, most: usize) -> (Batch, Targets, f64) {
        let length = self.window(length);
        let last = self.codes.len() - 1 - length;
        let first = (self.split - 1).min(last);
        let count = most.clamp(1, last - first + 1);
        let starts: Vec<usize> =
            (0..count).map(|i| first + (last - first) * i / count.max(2).saturating_sub(1)).collect();
        self.windows(&starts, length)
    }

    fn windows(&self, starts: &[usize], steps: usize) -> (Batch, Targets, f64) {
        let batch = Batch {
            steps,
            batch_size: starts.len(),
            inputs: self.one_hot(starts, steps),
            targets: TaskTargets::Values(Vec::new()),
            mask: Vec::new(),
        };
        let targets = Targets::CrossEntropyAll(self.classes_after(starts, steps));
        (batch, targets, 1.0 / (steps * starts.len()) as f64)
    }
}

/// The share of the rows whose largest number is that of its class; nothing where a number is not one.
pub fn share_right(classes: &[usize], outputs: &[f64], width: usize) -> f64 {
    let is_right = |(y, class): &(&[f64], &usize)| y.iter().all(|other| *other <= y[**class]);
    let right = outputs.chunks_exact(width.max(1)).zip(classes).filter(is_right).count();
    right as f64 / classes.len().max(1) as f64
}

fn cleaned(text: &str) -> Vec<char> {
    let mut cleaned: Vec<char> = Vec::with_capacity(text.len());
    let mut after_return = false;
    for character in text.chars() {
        match character {
            '\n' if after_return => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => cleaned.push('\n'),
            '\t' | '\u{a0}' => cleaned.push(' '),
            '\u{feff}' => {}
            other if other.is_control() => {}
            other => cleaned.push(other),
        }
        after_return = character == '\r';
    }
    cleaned
}

/// 12345 as 12,345.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_classes_by_falling_frequency_and_the_last_tenth_is_held_out() {
        let corpus = Corpus::new(&"aab\r\n".repeat(300)).expect("a text");
        assert_eq!((corpus.codes().len(), corpus.split(), corpus.classes()), (1_200, 1_080, 3));
        assert_eq!(corpus.codes()[..5], [0, 0, 2, 1, 0]);
        assert_eq!(corpus.text(0, 5), "aab\na");
        assert_eq!(
            corpus.sentence(),
            "1,200 characters of 3 kinds; the first 1,080 are learned, the last 120 are held out."
        );
        let long = Corpus::new(&"ab".repeat(100_000)).expect("a text");
        assert_eq!(long.split(), 195_000);
    }

    #[test]
    fn the_rarest_of_many_kinds_become_one() {
        let rare: String = ('\u{4e00}'..'\u{4e64}').collect();
        let corpus = Corpus::new(&format!("{}{rare}", "ab".repeat(600))).expect("a text");
        assert_eq!(corpus.classes(), CLASSES);
        assert_eq!(corpus.character(CLASSES - 1), OTHER);
        // 100 rare kinds: 93 of them keep a class beside a and b, 7 become one.
        assert!(corpus.sentence().contains("of 102 kinds") && corpus.sentence().contains("The 7 rarest kinds, 7 "));
        assert_eq!(corpus.codes().iter().filter(|code| usize::from(**code) == CLASSES - 1).count(), 7);
    }

    #[test]
    fn what_is_too_short_or_too_long_is_refused_in_a_sentence() {
        let why = |text: String| Corpus::new(&text).expect_err("refused");
        assert!(why("tea".to_owned()).contains("has 3 characters; at least 1,000"));
        assert!(why("ab".repeat(100_001)).contains("has 200,002 characters; at most 200,000"));
        assert!(why("a".repeat(5_000)).contains("nothing to predict"));
    }

    #[test]
    fn windows_are_the_text_and_the_character_after_each() {
        let corpus = Corpus::new(&"abcd".repeat(500)).expect("a text");
        let (batch, targets, scale) = corpus.batch(7, 3, 1, 4);
        assert_eq!((batch.steps, batch.batch_size, scale), (7, 3, 1.0 / 21.0));
        assert_eq!(corpus.batch(7, 3, 1, 4).0, batch);
        assert_ne!(corpus.batch(7, 3, 1, 5).0, batch);
        let Targets::CrossEntropyAll(classes) = targets else { panic!("classes") };
        for (row, class) in batch.inputs.chunks_exact(4).zip(&classes) {
            let read = row.iter().position(|x| *x == 1.0).expect("a character");
            assert_eq!((read + 1) % 4, *class);
        }
        let (held, _, _) = corpus.held_out(7, 100);
        assert_eq!((held.steps, held.batch_size), (7, 100));
        assert_eq!(corpus.window(1_000), 400);
    }

    #[test]
    fn numbers_have_their_thousands_apart() {
        assert_eq!([0, 999, 1_000, 200_000].map(thousands), ["0", "999", "1,000", "200,000"]);
    }
}
