//! Names, sizes and shapes from a file as they stand in sentences.

/// A name from a file, not longer than a reader wants it.
pub fn shortened(name: &str) -> String {
    const LONGEST: usize = 80;
    let clean = name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c });
    let mut short: String = clean.take(LONGEST + 1).collect();
    if short.chars().count() > LONGEST {
        short = short.chars().take(LONGEST - 1).chain("…".chars()).collect();
    }
    short
}

/// A number of bytes in words.
pub fn bytes(count: u64) -> String {
    match count {
        1 => "1 byte".to_owned(),
        0..1024 => format!("{count} bytes"),
        1024..1_048_576 => format!("{:.1} KB", count as f64 / 1024.0),
        1_048_576..1_073_741_824 => format!("{:.1} MB", count as f64 / 1_048_576.0),
        _ => format!("{:.1} GB", count as f64 / 1_073_741_824.0),
    }
}

/// A shape as PyTorch and NumPy write it: `(20, 5)`, `(20,)`, `()`.
pub fn shape_text(shape: &[usize]) -> String {
    match shape {
        [length] => format!("({length},)"),
        _ => format!("({})", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    }
}

/// The first few of these names, and how many more there are: `a, b and 3 more`.
pub fn some_of<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 4;
    let count = names.len();
    let shown: Vec<String> = names.take(SHOWN).map(shortened).collect();
    match count {
        0..=SHOWN => shown.join(", "),
        _ => format!("{} and {} more", shown.join(", "), count - SHOWN),
    }
}

/// A count with its noun.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_short_and_without_control_characters() {
        assert_eq!(shortened("a\nb\u{202e}"), "a\u{fffd}b\u{202e}");
        assert_eq!(shortened(&"x".repeat(500)).chars().count(), 80);
    }

    #[test]
    fn shapes_and_lists_of_names_are_short() {
        assert_eq!(
            (shape_text(&[]), shape_text(&[3]), shape_text(&[3, 2])),
            ("()".into(), "(3,)".into(), "(3, 2)".into())
        );
        assert_eq!(some_of(["a", "b"].into_iter()), "a, b");
        assert_eq!(some_of(["a", "b", "c", "d", "e", "f"].into_iter()), "a, b, c, d and 2 more");
    }
}
