//! A map as a file of comma-separated values: every number reads back to the same bits.
use super::grid::Point;
use super::run::{Found, Outcome, UPDATES};
use crate::param::Settings;
use crate::training::experiment::read_lines;
use crate::training::params;

/// The first line of a file of a map: what its runs have in common.
const HEAD: &str = "# vanishing map 1, ";
/// The columns of such a file.
const COLUMNS: &str = "row,column,spectral_radius,sequence_length,outcome,gradient_log10,accuracy";

/// What all runs of a map have in common, as a text: the updates, and the settings without spectral radius and sequence length.
pub fn setting(settings: &Settings) -> String {
    let mut shared = settings.clone();
    for spec in [&params::RESCALE.spec, &params::SPECTRAL_RADIUS.spec, &params::SEQUENCE_LENGTH.spec] {
        shared.clear(spec);
    }
    let pairs = shared.pairs(params::all()).map(|(key, value)| format!("&{key}={value}"));
    format!("updates={UPDATES}{}", pairs.collect::<String>())
}

/// A map as a file, point by point.
pub fn csv(setting: &str, known: &[Option<Found>]) -> String {
    let lines =
        known.iter().enumerate().filter_map(|(index, found)| Some(line(Point::new(index), found.as_ref()?) + "\n"));
    format!("{HEAD}{setting}\n{COLUMNS}\n{}", lines.collect::<String>())
}

/// A point as a line of a file.
pub fn line(point: Point, found: &Found) -> String {
    let Found { outcome, gradient_log10, accuracy } = found;
    let (Point { row, column }, radius, length) = (point, point.radius(), point.length());
    format!("{row},{column},{radius},{length},{},{gradient_log10:?},{accuracy:?}", outcome.letter())
}

/// What a file has in common, and its points. A last line without an end is left out: its writing was interrupted.
///
/// # Errors
/// A sentence about the first line that is not one of such a file.
pub fn read_csv(text: &str) -> Result<(String, Vec<(Point, Found)>), String> {
    read_lines(text, HEAD, COLUMNS, |line| {
        let fields: Vec<&str> = line.split(',').collect();
        let [row, column, radius, length, outcome, gradient, accuracy] = fields[..] else { return None };
        let point = Point { row: row.parse().ok()?, column: column.parse().ok()? };
        let is_there = point == Point::new(point.index())
            && (radius.parse(), length.parse()) == (Ok(point.radius()), Ok(point.length()));
        let found = Found {
            outcome: Outcome::of_letter(outcome.parse().ok()?)?,
            gradient_log10: gradient.parse().ok()?,
            accuracy: accuracy.parse().ok()?,
        };
        is_there.then_some((point, found))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::map::POINTS;

    #[test]
    fn a_file_reads_back_to_the_same_bits_and_what_is_no_point_is_refused() {
        let settings =
            Settings::from_pairs(params::all(), [("clip-norm", "1"), ("sequence-length", "7"), ("seed", "2")]).0;
        let mut known = vec![None; POINTS];
        let found = Found { outcome: Outcome::Exploded, gradient_log10: 0.1 + 0.2, accuracy: 0.53 };
        known[45] = Some(found);
        known[319] = Some(Found { gradient_log10: f64::NEG_INFINITY, ..found });
        let text = csv(&setting(&settings), &known);
        let (setting, points) = read_csv(&text).expect("a file");
        assert_eq!(setting, "updates=300&seed=2&clip-norm=1");
        assert_eq!(points, [(Point::new(45), found), (Point::new(319), known[319].expect("a point"))]);
        assert_eq!(read_csv(&text[..text.len() - 3]).expect("a file").1.len(), 1);
        let moved = text.replace("2,5,0.41,13,", "2,5,0.42,13,");
        assert_eq!(read_csv(&moved).unwrap_err(), "line 3: “2,5,0.42,13,x,0.30000000000000004,0.53” is not a run");
        assert!(read_csv("tea\n").unwrap_err().starts_with("line 1: “tea” is not"));
    }
}
