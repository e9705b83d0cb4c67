//! A map as a short text, and the maps that are shipped with the page, as `vanishing map` made them.
//!
//! ```text
//! updates=300&clip-norm=1
//! LLLLLLLLLLLLLLLLLLLL QRSTTUV...     ρ = 3: what came of each length, and the gradient of each
//! ...
//! vvvvvvvvvvvvvvvvvvvv A>:73...       ρ = 0.3
//! ```
//!
//! A gradient is a character of ASCII: its logarithm in quarters of a decade, from `!` for 10^-11.5 and less.
use super::grid::{COLUMNS, POINTS, Point, ROWS};
use super::run::{Found, Known, Outcome};

const SHIPPED: [&str; 4] = [
    include_str!("shipped/none.txt"),
    include_str!("shipped/clip-norm.txt"),
    include_str!("shipped/orthogonal-init.txt"),
    include_str!("shipped/lstm.txt"),
];

/// Parts of a decade.
const PARTS: f64 = 4.0;
/// The character of a gradient that keeps its size.
const KEPT: f64 = b'O' as f64;
/// The characters of the smallest and of the largest gradient.
const ENDS: (f64, f64) = (b'!' as f64, b'~' as f64);

/// A map as a text; `.` where nothing is known.
pub fn text(setting: &str, known: &[Option<Found>]) -> String {
    let mut text = format!("{setting}\n");
    for row in (0..ROWS).rev() {
        let found = |column| known.get(Point { row, column }.index()).copied().flatten();
        text.extend((0..COLUMNS).map(|column| found(column).map_or('.', |found| found.outcome.letter())));
        text.push(' ');
        let gradient = |found: Found| (KEPT + PARTS * found.gradient_log10).round().clamp(ENDS.0, ENDS.1) as u8;
        text.extend((0..COLUMNS).map(|column| found(column).map_or('.', |found| char::from(gradient(found)))));
        text.push('\n');
    }
    text
}

/// The map of that setting, if it is shipped.
pub fn shipped(setting: &str) -> Option<Known> {
    let rows = |text: &'static str| text.strip_prefix(setting)?.strip_prefix('\n');
    let rows = SHIPPED.into_iter().find_map(rows)?;
    let mut known = vec![None; POINTS];
    for (row, line) in (0..ROWS).rev().zip(rows.lines()) {
        let (outcomes, gradients) = line.split_once(' ')?;
        for (column, (letter, gradient)) in outcomes.chars().zip(gradients.bytes()).enumerate().take(COLUMNS) {
            let gradient_log10 = (f64::from(gradient) - KEPT) / PARTS;
            let found = |outcome| Found { outcome, gradient_log10, accuracy: f64::NAN };
            known[Point { row, column }.index()] = Outcome::of_letter(letter).map(found);
        }
    }
    Some(known)
}

#[cfg(test)]
mod tests {
    use super::super::{Run, setting};
    use super::*;
    use crate::param::Settings;
    use crate::training::params;

    const REMEDIES: [&[(&str, &str)]; 4] = [
        &[],
        &[("clip-norm", "1")],
        &[("orthogonal-init", "1")],
        &[("lstm", "1"), ("forget-bias-init", "1"), ("forget-bias", "3")],
    ];

    /// A few points of each, made again: short sequences, where a run is quick, on both sides of the shores.
    #[test]
    fn the_shipped_maps_are_what_is_made() {
        for remedies in REMEDIES {
            let settings = Settings::from_pairs(params::all(), remedies.iter().copied()).0;
            let setting = setting(&settings);
            let known = shipped(&setting).unwrap_or_else(|| panic!("{setting} is not shipped"));
            assert!(known.iter().all(Option::is_some), "{setting}");
            let whole = text(&setting, &known);
            assert!(SHIPPED.contains(&whole.as_str()) && whole.len() < 3_000, "{setting}");
            let mut again = known.clone();
            for point in [0, 26, 83, 105, 148, 167, 211, 249, 306].map(Point::new) {
                again[point.index()] = Some(Run::new(&point.settings(&settings)).finish());
            }
            assert_eq!(text(&setting, &again), whole);
        }
        assert_eq!(shipped("updates=300&seed=2"), None);
        assert_eq!(shipped("updates=30"), None);
    }
}
