//! The points of a map.
use crate::param::{Settings, Value};
use crate::training::params;

/// Rows: spectral radii.
pub const ROWS: usize = 16;
/// Columns: sequence lengths.
pub const COLUMNS: usize = 20;
/// Points of a map.
pub const POINTS: usize = ROWS * COLUMNS;

/// ρ of each row, from the lowest: evenly on a logarithmic scale from 0.3 to 3, to the hundredths that an address holds.
pub const RADII: [f64; ROWS] =
    [0.3, 0.35, 0.41, 0.48, 0.55, 0.65, 0.75, 0.88, 1.02, 1.19, 1.39, 1.62, 1.89, 2.21, 2.57, 3.0];

/// T of each column: evenly on a logarithmic scale from 5 to 200, in whole steps.
pub const LENGTHS: [usize; COLUMNS] = [5, 6, 7, 9, 11, 13, 16, 19, 24, 29, 35, 42, 51, 62, 76, 92, 112, 136, 165, 200];

/// A point of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Its place in [`RADII`].
    pub row: usize,
    /// Its place in [`LENGTHS`].
    pub column: usize,
}

impl Point {
    /// The point of an index below [`POINTS`].
    pub fn new(index: usize) -> Self {
        Self { row: index / COLUMNS % ROWS, column: index % COLUMNS }
    }

    /// Row by row from the smallest radius, in each from the shortest sequences.
    pub fn index(self) -> usize {
        self.row * COLUMNS + self.column
    }

    /// ρ.
    pub fn radius(self) -> f64 {
        RADII[self.row]
    }

    /// T.
    pub fn length(self) -> usize {
        LENGTHS[self.column]
    }

    /// The settings of its run: those of the map with its radius and its length.
    pub fn settings(self, of_map: &Settings) -> Settings {
        at(of_map, self.radius(), self.length())
    }
}

/// Settings with another spectral radius and another sequence length.
pub fn at(settings: &Settings, radius: f64, length: usize) -> Settings {
    let mut settings = settings.clone();
    let changes = [
        (&params::RESCALE.spec, Value::Flag(true)),
        (&params::SPECTRAL_RADIUS.spec, Value::Real(radius)),
        (&params::SEQUENCE_LENGTH.spec, Value::Int(length as i64)),
    ];
    for (spec, value) in changes {
        settings.set(spec, value);
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_is_even_on_logarithmic_scales_up_to_rounding() {
        for (row, radius) in RADII.iter().enumerate() {
            assert!((0.3 * 10f64.powf(row as f64 / 15.0) - radius).abs() <= 0.005 + 1e-9, "{radius}");
        }
        for (column, length) in LENGTHS.iter().enumerate() {
            assert!((5.0 * 40f64.powf(column as f64 / 19.0) - *length as f64).abs() <= 0.5, "{length}");
        }
        assert!((0..POINTS).all(|index| Point::new(index).index() == index));
    }
}
