//! What is said to a person whose input could not be taken as it was.

/// What was done about something that is not known.
pub const IGNORED: &str = "it was ignored";

/// One sentence about one input: it names the value and what is allowed. Nothing is lost by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The key that the sentence speaks of, or an empty string.
    pub key: String,
    /// The sentence, for people; plain text, never HTML.
    pub text: String,
    /// The same without what was done about it, for who does nothing.
    pub refusal: String,
}

impl Notice {
    /// A notice about `key`.
    pub fn new(key: &str, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { key: key.to_owned(), refusal: text.clone(), text }
    }

    /// A notice about `key`: what is wrong, and what was done about it, a part of a sentence each.
    pub fn refused(key: &str, wrong: String, done: &str) -> Self {
        Self { key: key.to_owned(), text: format!("{wrong}; {done}."), refusal: wrong }
    }
}

/// A person's input for quoting in a sentence: at most 40 characters, control characters shown as `?`.
pub fn quoted(input: &str) -> String {
    let mut shown: String = input.chars().take(40).map(|c| if c.is_control() { '?' } else { c }).collect();
    if input.chars().count() > 40 {
        shown.push('…');
    }
    format!("“{shown}”")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_odd_input_is_quoted_short_and_plain() {
        assert_eq!(quoted("a\u{7}b"), "“a?b”");
        assert_eq!(quoted(&"x".repeat(50)).chars().count(), 43);
    }
}
