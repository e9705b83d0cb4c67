//! The experiment as a map: a row for each remedy, a column for each measure.
//!
//! ```text
//! colour: how the runs with the remedy differ from those without it: blue better, orange worse; a norm is neither
//! ```
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Mark, Panel, Scene, Shades, Tone};
use vanishing_core::training::experiment::Row;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "evidence-heat", title: "What each remedy changes", aspect: 1.35, scene };

/// A measure: its name, its value in a row, by how much more is worse by a full colour (less than 0: better; infinity: neither), and
/// how it is written.
struct Measure {
    name: &'static str,
    value: fn(&Row) -> f64,
    worse: f64,
    text: fn(f64) -> String,
}

const MEASURES: [Measure; 5] = [
    Measure {
        name: "broke down",
        value: |row| row.broken() as f64 / row.outcomes.len().max(1) as f64,
        worse: 1.0,
        text: |x| format!("{:.0} %", 100.0 * x),
    },
    Measure {
        name: "gradient norm",
        value: |row| row.spread(|outcome| outcome.gradient_log10)[0],
        worse: f64::INFINITY,
        text: format::log10_value,
    },
    Measure {
        name: "left at h₀",
        value: |row| row.spread(|outcome| outcome.arriving_log10)[0],
        worse: f64::INFINITY,
        text: format::log10_value,
    },
    Measure { name: "final loss", value: |row| row.loss_log10()[0], worse: 2.0, text: format::log10_value },
    Measure {
        name: "right answers",
        value: |row| row.spread(|outcome| outcome.accuracy)[0],
        worse: -1.0,
        text: |x| format!("{:.0} %", 100.0 * x),
    },
];

/// From -1, better, to 1, worse.
fn judged(difference: f64, worse: f64) -> f64 {
    if worse.is_infinite() { 0.0 } else { (difference / worse).clamp(-1.0, 1.0) }
}

fn scene(model: &Model) -> Scene {
    let rows: Vec<&Row> = model.laboratory().evidence.rows.iter().filter(|row| !row.outcomes.is_empty()).collect();
    let (height, width) = (rows.len().max(1) as f64, MEASURES.len() as f64);
    let mut x = Axis::linear("measure (medians over the seeds)", 0.0, width);
    x.ticks = Some(MEASURES.iter().enumerate().map(|(i, measure)| (i as f64 + 0.5, measure.name.to_owned())).collect());
    let mut y = Axis::linear("remedy", 0.0, height);
    y.ticks = Some(rows.iter().enumerate().map(|(i, row)| (height - i as f64 - 0.5, row.title().to_owned())).collect());
    let mut panel = Panel::new(x, y);
    if rows.is_empty() {
        let text = "Run the experiment to fill this map.".to_owned();
        panel.marks.push(Mark::Text { at: (width / 2.0, 0.5), text, tone: Tone::Muted, anchor: 0 });
        panel.x.ticks = Some(Vec::new());
        let summary = "What each remedy changes: no experiment has been run yet.".to_owned();
        return Scene { panels: vec![panel], summary, remark: String::new() };
    }
    let base = rows.first().filter(|row| row.slug.is_empty());
    let differences = rows.iter().flat_map(|row| {
        MEASURES.iter().map(move |measure| {
            let (here, there) = ((measure.value)(row), base.map_or(f64::NAN, |base| (measure.value)(base)));
            // Two infinities are alike.
            if here == there { 0.0 } else { judged(here - there, measure.worse) }
        })
    });
    panel.marks.push(Mark::Heatmap {
        name: "difference from no remedy, as a share of the full colour".to_owned(),
        rows: rows.len(),
        columns: MEASURES.len(),
        values: differences.collect(),
        limit: 1.6,
        shades: Shades::Signed,
    });
    for (i, row) in rows.iter().enumerate() {
        for (j, measure) in MEASURES.iter().enumerate() {
            let value = (measure.value)(row);
            let text = if value.is_nan() { "–".to_owned() } else { (measure.text)(value) };
            let at = (j as f64 + 0.5, height - i as f64 - 0.5);
            panel.marks.push(Mark::Text { at, text, tone: Tone::Ink, anchor: 0 });
        }
    }
    let of = |row: &&Row| {
        let values: Vec<String> = MEASURES
            .iter()
            .map(|measure| format!("{} {}", measure.name, (measure.text)((measure.value)(row))))
            .collect();
        format!("{}: {}", row.title(), values.join(", "))
    };
    let summary = format!("What each remedy changes. {}.", rows.iter().map(of).collect::<Vec<_>>().join("; "));
    let remark =
        "Blue: better than with no remedy, orange: worse. A gradient norm is neither. The numbers, where there is room for them, are medians over the seeds.".to_owned();
    Scene { panels: vec![panel], summary, remark }
}
