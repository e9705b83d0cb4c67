//! Names and sizes from a file as they stand in sentences.

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
        0..1024 => format!("{count} bytes"),
        1024..1_048_576 => format!("{:.1} KB", count as f64 / 1024.0),
        1_048_576..1_073_741_824 => format!("{:.1} MB", count as f64 / 1_048_576.0),
        _ => format!("{:.1} GB", count as f64 / 1_073_741_824.0),
    }
}
