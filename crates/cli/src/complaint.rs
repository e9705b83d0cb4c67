//! Sentences for the person at the keyboard, beside what is printed.
use std::io::{self, Write};

/// Says a sentence on standard error. Where nobody reads it, it is lost.
pub fn complain(sentence: &str) {
    let _ = writeln!(io::stderr(), "{sentence}");
}
