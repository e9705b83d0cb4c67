//! The experiment as a map: a row for each remedy, a column for each measure.
//!
//! ```text
//! colour: how the runs with the remedy differ from those without it: blue better, orange worse; a norm is neither
//! ```
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::over_remedies::{empty, rows};
use crate::scene::{Axis, Mark, Panel, Scene, Shades};
use vanishing_core::training::experiment::Row;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "evidence-heat", title: "What each remedy changes", aspect: 1.35, scene };

/// A measure: its name, what stands over its column, its value in a row, by how much more is worse by a full colour (less than 0:
/// better; infinity: neither), and
/// how it is written, and shorter.
struct Measure {
    name: &'static str,
    column: &'static str,
    value: fn(&Row) -> f64,
    worse: f64,
    text: fn(f64) -> String,
    brief: fn(f64) -> String,
}

const MEASURES: [Measure; 5] = [
    Measure {
        name: "broke down",
        column: "broke down %",
        value: |row| row.broken() as f64 / row.outcomes.len().max(1) as f64,
        worse: 1.0,
        text: percent,
        brief: per_cent,
    },
    Measure {
        name: "gradient norm",
        column: "grad. norm",
        value: |row| row.spread(|outcome| outcome.gradient_log10)[0],
        worse: f64::INFINITY,
        text: format::log10_value,
        brief: format::log10_brief,
    },
    Measure {
        name: "left at h₀",
        column: "left at h₀",
        value: |row| row.spread(|outcome| outcome.arriving_log10)[0],
        worse: f64::INFINITY,
        text: format::log10_value,
        brief: format::log10_brief,
    },
    Measure {
        name: "final loss",
        column: "final loss",
        value: |row| row.loss_log10()[0],
        worse: 2.0,
        text: format::log10_value,
        brief: format::log10_brief,
    },
    Measure {
        name: "right answers",
        column: "right %",
        value: |row| row.spread(|outcome| outcome.accuracy)[0],
        worse: -1.0,
        text: percent,
        brief: per_cent,
    },
];

/// A share in a sentence.
fn percent(share: f64) -> String {
    format!("{} %", per_cent(share))
}

/// The same where the unit is said above it.
fn per_cent(share: f64) -> String {
    format!("{:.0}", 100.0 * share)
}

impl Measure {
    /// A value as it is written, and shorter.
    fn words(&self, value: f64) -> [String; 2] {
        match value {
            value if value.is_nan() => ["–", "–"].map(str::to_owned),
            value => [(self.text)(value), (self.brief)(value)],
        }
    }
}

/// From -1, better, to 1, worse.
fn judged(difference: f64, worse: f64) -> f64 {
    if worse.is_infinite() { 0.0 } else { (difference / worse).clamp(-1.0, 1.0) }
}

fn scene(model: &Model) -> Scene {
    let laboratory = model.laboratory();
    let rows = rows(laboratory);
    let columns = MEASURES.iter().map(|measure| measure.column.to_owned()).collect();
    let x = Axis::of_names("measure (medians over the seeds)", columns, false);
    let y = Axis::of_names("remedy", rows.iter().map(|row| row.title().to_owned()).collect(), true);
    let mut panel = Panel::new(x, y);
    if rows.is_empty() {
        return empty(panel, "What each remedy changes: no experiment has been run yet.");
    }
    let base = rows.first().filter(|row| row.slug.is_empty());
    let differences = rows.iter().flat_map(|row| {
        MEASURES.iter().map(move |measure| {
            let (here, there) = ((measure.value)(row), base.map_or(f64::NAN, |base| (measure.value)(base)));
            // Two infinities are alike.
            if here == there { 0.0 } else { judged(here - there, measure.worse) }
        })
    });
    let words = rows.iter().flat_map(|row| MEASURES.iter().map(|measure| measure.words((measure.value)(row))));
    panel.marks.push(Mark::Heatmap {
        name: "difference from no remedy, as a share of the full colour".to_owned(),
        rows: rows.len(),
        columns: MEASURES.len(),
        values: differences.collect(),
        limit: 1.6,
        shades: Shades::Signed,
        words: words.collect(),
    });
    let of = |row: &&Row| {
        let values: Vec<String> = MEASURES
            .iter()
            .map(|measure| format!("{} {}", measure.name, (measure.text)((measure.value)(row))))
            .collect();
        format!("{}: {}", row.title(), values.join(", "))
    };
    let summary = format!("What each remedy changes. {}.", rows.iter().map(of).collect::<Vec<_>>().join("; "));
    let remark =
        "Blue: better than with no remedy, orange: worse. A gradient norm is neither. The numbers are medians over \
                  the seeds; where there is little room for them, to a power of ten."
            .to_owned();
    Scene { panels: vec![panel], summary, remark }
}
