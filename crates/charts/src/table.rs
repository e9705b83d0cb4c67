//! The numbers of a scene as a table: for people (HTML) and for programs (CSV).
//!
//! One table for a whole figure. Panels with the same x axis share their rows (the union of their x); panels with
//! another x axis follow below with columns of their own, so that the file stays one rectangle. Rows are sorted by x,
//! unless a series runs back and forth (a path in a plane), which keeps its order. Equal x in one series make several
//! rows.
//!
//! Of rows with names the names are listed, and what stands in them lies along x.
//!
//! On a logarithmic axis a column holds the base-10 logarithm, because 1e-5000 is no double: it is named `log10 NAME` in
//! the file, and for people the number itself is written (`3.1 × 10⁻⁵⁰⁰⁰`). No value: blank. Undefined: `nan`.
use crate::format;
use crate::scene::{Axis, Mark, Panel, Scale, Scene};

/// A column of a [`Table`].
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The heading: the title of an axis, or a mark's name.
    pub name: String,
    /// Whether its numbers are base-10 logarithms.
    pub log10: bool,
    /// The names that its numbers are the places of, from 0; none: they are numbers.
    pub names: Vec<String>,
}

impl Column {
    /// The name that a cell is the place of.
    fn name_of(&self, cell: f64) -> Option<&str> {
        self.names.get(cell.max(0.0) as usize).map(String::as_str)
    }
}

/// Columns and rows; every row has one cell for each column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What the columns hold.
    pub columns: Vec<Column>,
    /// The rows; `None` is a blank.
    pub rows: Vec<Vec<Option<f64>>>,
}

impl Table {
    /// All named values of a scene.
    pub fn new(scene: &Scene) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for panel in &scene.panels {
            for mark in &panel.marks {
                add_mark(&mut groups, scene, panel, mark);
            }
        }
        let mut table = Self::default();
        let width = groups.iter().map(|group| group.columns.len()).sum();
        for mut group in groups {
            let first = table.columns.len();
            group.sort();
            table.columns.append(&mut group.columns);
            for (_, cells) in group.rows {
                let mut row = vec![None; width];
                for (place, cell) in row.iter_mut().skip(first).zip(cells) {
                    *place = cell;
                }
                table.rows.push(row);
            }
        }
        table
    }

    /// The headings for people.
    pub fn headings(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// The cells for people: three significant digits, powers of ten.
    pub fn text_rows(&self) -> Vec<Vec<String>> {
        let text = |(cell, column): (&Option<f64>, &Column)| match cell {
            None => String::new(),
            Some(value) if !column.names.is_empty() => column.name_of(*value).unwrap_or_default().to_owned(),
            Some(value) if column.log10 => format::log10_value(*value),
            Some(value) => format::short(*value),
        };
        self.rows.iter().map(|row| row.iter().zip(&self.columns).map(text).collect()).collect()
    }

    /// The table as CSV (RFC 4180): a header, CRLF, shortest numbers that read back exactly.
    pub fn to_csv(&self) -> String {
        let header = self
            .columns
            .iter()
            .map(|column| quoted(&if column.log10 { format!("log10 {}", column.name) } else { column.name.clone() }));
        let mut csv = joined(header);
        for row in &self.rows {
            csv += &joined(row.iter().zip(&self.columns).map(|(cell, column)| match cell {
                Some(value) if !column.names.is_empty() => quoted(column.name_of(*value).unwrap_or_default()),
                cell => cell.map(format::plain).unwrap_or_default(),
            }));
        }
        csv
    }
}

fn joined(cells: impl Iterator<Item = String>) -> String {
    cells.collect::<Vec<_>>().join(",") + "\r\n"
}

/// A field in quotation marks where RFC 4180 asks for them.
fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.into() }
}

/// What tells a row from others: x, and how often that x occurred before in the same series.
type Key = (f64, usize);
/// A row by its key.
type Row = (Key, Vec<Option<f64>>);
/// New columns: each with its name, whether it holds logarithms, and the names that its values are the places of.
type Names = Vec<(String, bool, Vec<String>)>;
/// The values of new columns at each x.
type Values = Vec<(f64, Vec<f64>)>;

/// Panels with the same x axis.
struct Group {
    title: String,
    scale: Scale,
    columns: Vec<Column>,
    rows: Vec<Row>,
    sorted: bool,
}

impl Group {
    /// Adds columns with their values at x; the order of `values` is the order of the points.
    fn add(&mut self, names: Names, values: &[(f64, Vec<f64>)]) {
        let first = self.columns.len();
        self.columns.extend(names.into_iter().map(|(name, log10, names)| Column { name, log10, names }));
        let width = self.columns.len();
        self.rows.iter_mut().for_each(|row| row.1.resize(width, None));
        self.sorted &= values.is_sorted_by(|one, two| one.0 <= two.0);
        let same = |one: f64, two: f64| one == two || (one.is_nan() && two.is_nan());
        let first_of_all = self.rows.is_empty();
        let mut hint = 0;
        for (index, (x, cells)) in values.iter().enumerate() {
            // In a sorted series equal places are neighbours.
            let before = values.iter().take(index).rev();
            let occurrence = if self.sorted {
                before.take_while(|other| same(other.0, *x)).count()
            } else {
                before.filter(|other| same(other.0, *x)).count()
            };
            let key = (*x, occurrence);
            let is_key = |row: &Row| same(row.0.0, key.0) && row.0.1 == key.1;
            // Series over the same x find their rows one after the other.
            let found = match self.rows.get(hint) {
                // Nothing is there that it could share a row with.
                None if first_of_all => None,
                Some(row) if is_key(row) => Some(hint),
                _ => self.rows.iter().position(is_key),
            };
            let place = found.unwrap_or_else(|| {
                let mut row = vec![None; width];
                if let Some(cell) = row.first_mut() {
                    *cell = Some(*x);
                }
                self.rows.push((key, row));
                self.rows.len() - 1
            });
            hint = place + 1;
            if let Some((_, row)) = self.rows.get_mut(place) {
                row.iter_mut().skip(first).zip(cells).for_each(|(to, value)| *to = Some(*value));
            }
        }
    }

    fn sort(&mut self) {
        if self.sorted {
            // By place, then by occurrence: the second sort keeps the order of the first.
            let rows = std::mem::take(&mut self.rows);
            let rows = vanishing_core::order::sorted_by_key(rows, |(place, _)| place.1 as f64);
            self.rows = vanishing_core::order::sorted_by_key(rows, |(place, _)| place.0);
        }
    }
}

fn add_mark(groups: &mut Vec<Group>, scene: &Scene, panel: &Panel, mark: &Mark) {
    let log = panel.y.scale == Scale::Log10;
    let names_of = |axis: &Axis| -> Vec<String> {
        axis.ticks.iter().flatten().filter(|_| axis.names).map(|(_, name)| name.clone()).collect()
    };
    let full = |name: &str| full_name(scene, panel, name);
    let (names, values): (Names, Values) = match mark {
        // Rows with names: the names are what is listed, and the values lie along x.
        Mark::Series(series) if !series.name.is_empty() && panel.y.names => {
            let place = |(x, y): &(f64, f64)| Some((panel.y.place_of_name(*y)? as f64, vec![*x]));
            let values: Values = series.points.iter().filter_map(place).collect();
            let column = (full(&series.name), panel.x.scale == Scale::Log10, Vec::new());
            return group(groups, &panel.y, names_of(&panel.y)).add(vec![column], &values);
        }
        Mark::Series(series) if !series.name.is_empty() => {
            (vec![(full(&series.name), log, Vec::new())], series.points.iter().map(|(x, y)| (*x, vec![*y])).collect())
        }
        Mark::Band { name, points, .. } if !name.is_empty() => (
            ["low", "high"].map(|end| (format!("{} {end}", full(name)), log, Vec::new())).into(),
            points.iter().map(|(x, low, high)| (*x, vec![*low, *high])).collect(),
        ),
        Mark::Intervals { name, points, .. } if !name.is_empty() => (
            ["low", "middle", "high"].map(|part| (format!("{} {part}", full(name)), log, Vec::new())).into(),
            points.iter().map(|(x, low, middle, high)| (*x, vec![*low, *middle, *high])).collect(),
        ),
        Mark::Bars { name, bars, .. } if !name.is_empty() => (
            vec![
                (format!("{} right edge", full(name)), panel.x.scale == Scale::Log10, Vec::new()),
                (full(name), log, Vec::new()),
            ],
            bars.iter().map(|(from, to, height)| (*from, vec![*to, *height])).collect(),
        ),
        Mark::Heatmap { name, columns, values, .. } => {
            let name = if name.is_empty() { "value".into() } else { full(name) };
            let width = (*columns).max(1);
            let (down, across) = matrix_places(panel, values.len() / width, width);
            let cells = values.iter().enumerate().filter_map(|(index, value)| {
                Some((*down.get(index / width)?, vec![*across.get(index % width)?, *value]))
            });
            let (row, column) = if panel.names_cells() {
                (panel.y.title.clone(), panel.x.title.clone())
            } else {
                (format!("{name} row"), format!("{name} column"))
            };
            let axis = Axis { title: row, ..panel.y.clone() };
            let axis = if panel.names_cells() { axis } else { Axis::linear(axis.title, 0.0, 1.0) };
            let cells: Vec<_> = cells.collect();
            return group(groups, &axis, names_of(&axis))
                .add(vec![(column, false, names_of(&panel.x)), (name, false, Vec::new())], &cells);
        }
        _ => return,
    };
    group(groups, &panel.x, Vec::new()).add(names, &values);
}

/// The numbers of a matrix' rows and columns: those on the axes where these are shown (a tick's text where it is a
/// number), else 1, 2, 3, ...
fn matrix_places(panel: &Panel, rows: usize, columns: usize) -> (Vec<f64>, Vec<f64>) {
    let shown = panel.names_cells();
    let places = |axis: &Axis, count: usize, downwards: bool| -> Vec<f64> {
        let place = |index: usize| match axis.range {
            _ if axis.names && shown => index as f64,
            Some((from, to)) if shown => {
                let share = (index as f64 + 0.5) / count as f64;
                let place = if downwards { to + (from - to) * share } else { from + (to - from) * share };
                let place = (place * 1e6).round() / 1e6;
                let tick = axis.ticks.iter().flatten().find(|(at, _)| (at - place).abs() < 1e-6);
                tick.and_then(|(_, text)| text.parse().ok()).unwrap_or(place)
            }
            _ => (index + 1) as f64,
        };
        (0..count).map(place).collect()
    };
    (places(&panel.y, rows, true), places(&panel.x, columns, false))
}

/// The group of an axis, made if it is the first.
fn group<'a>(groups: &'a mut Vec<Group>, axis: &Axis, names: Vec<String>) -> &'a mut Group {
    let same = |group: &Group| group.title == axis.title && group.scale == axis.scale;
    let place = groups.iter().position(same);
    let place = place.unwrap_or_else(|| {
        let name = if axis.title.is_empty() { "x".into() } else { axis.title.clone() };
        groups.push(Group {
            title: axis.title.clone(),
            scale: axis.scale,
            columns: vec![Column { name, log10: axis.scale == Scale::Log10, names }],
            rows: Vec::new(),
            sorted: true,
        });
        groups.len() - 1
    });
    &mut groups[place]
}

/// The name, with the panel's title where several panels use it.
fn full_name(scene: &Scene, panel: &Panel, name: &str) -> String {
    let uses = |other: &&Panel| {
        other.marks.iter().any(|mark| match mark {
            Mark::Series(series) => series.name == name,
            Mark::Band { name: other, .. } | Mark::Bars { name: other, .. } | Mark::Intervals { name: other, .. } => {
                other == name
            }
            Mark::Heatmap { name: other, .. } => other == name,
            _ => false,
        })
    };
    let place = if panel.title.is_empty() { &panel.y.title } else { &panel.title };
    if scene.panels.iter().filter(uses).count() > 1 && !place.is_empty() {
        format!("{place}: {name}")
    } else {
        name.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Series, Shades, Tone};

    fn panel(title: &str, marks: Vec<Mark>) -> Panel {
        Panel { marks, ..Panel::new(Axis::linear(title, 0.0, 1.0), Axis::log("norm")) }
    }

    fn line(name: &str, points: &[(f64, f64)]) -> Mark {
        Mark::Series(Series::line(name, Tone::Ink, points.to_vec()))
    }

    fn scene(panels: Vec<Panel>) -> Scene {
        Scene { panels, summary: String::new(), remark: String::new() }
    }

    #[test]
    fn series_over_different_steps_share_one_column_of_steps() {
        let one = line("a", &[(0.0, 0.0), (2.0, -5_000.0)]);
        let two = line("b, \"two\"", &[(1.0, f64::NAN), (2.0, f64::NEG_INFINITY)]);
        let table = Table::new(&scene(vec![panel("step", vec![one, two])]));
        assert_eq!(table.to_csv(), "step,log10 a,\"log10 b, \"\"two\"\"\"\r\n0,0,\r\n1,,nan\r\n2,-5000,-inf\r\n");
        assert_eq!(table.headings(), ["step", "a", "b, \"two\""]);
        assert_eq!(table.text_rows().last().unwrap(), &["2", "10⁻⁵⁰⁰⁰", "0"]);
    }

    #[test]
    fn panels_over_other_axes_follow_below() {
        let table = Table::new(&scene(vec![
            panel("k", vec![line("a", &[(1.0, 2.0)])]),
            panel("t", vec![line("a", &[(7.0, 8.0)])]),
        ]));
        assert_eq!(table.to_csv(), "k,log10 norm: a,t,log10 norm: a\r\n1,2,,\r\n,,7,8\r\n");
    }

    #[test]
    fn a_path_keeps_its_order_and_its_repeated_places() {
        let table = Table::new(&scene(vec![panel("x", vec![line("path", &[(1.0, 0.0), (0.0, 1.0), (1.0, 2.0)])])]));
        let column: Vec<_> = table.rows.iter().map(|row| row.get(1).copied().flatten()).collect();
        assert_eq!(column, [Some(0.0), Some(1.0), Some(2.0)]);
    }

    #[test]
    fn a_matrix_is_listed_by_row_and_column() {
        let map = Mark::Heatmap {
            name: "W".into(),
            rows: 1,
            columns: 2,
            values: vec![0.5, -1.0],
            shades: Shades::Signed,
            limit: 1.0,
            words: Vec::new(),
        };
        let table = Table::new(&scene(vec![panel("", vec![map])]));
        assert_eq!(table.to_csv(), "W row,W column,W\r\n1,1,0.5\r\n1,2,-1\r\n");
    }

    #[test]
    fn nothing_named_makes_an_empty_table() {
        assert_eq!(Table::new(&scene(vec![panel("x", vec![line("", &[(1.0, 1.0)])])])), Table::default());
    }
}
