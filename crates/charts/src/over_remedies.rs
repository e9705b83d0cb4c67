//! What the figures over the remedies of an experiment share: which rows, in which order, and what stands where there is none.
use crate::laboratory::Laboratory;
use crate::scene::{Mark, Panel, Scene, Tone};
use vanishing_core::training::experiment::Row;

/// The rows with a run, in the order that is asked for.
pub fn rows(laboratory: &Laboratory) -> Vec<&Row> {
    let mut rows = laboratory.evidence.sorted(laboratory.asked, laboratory.guess, &laboratory.costs);
    rows.retain(|row| !row.outcomes.is_empty());
    rows
}

/// A picture without a run.
pub fn empty(mut panel: Panel, summary: &str) -> Scene {
    let text = "Run the experiment to fill this picture.".to_owned();
    let middle = panel.x.range.map_or(0.5, |(from, to)| f64::midpoint(from, to));
    panel.y.names = false;
    panel.x.ticks = Some(Vec::new());
    panel.marks.push(Mark::Text { at: (middle, 0.5), text, tone: Tone::Muted, anchor: 0 });
    Scene { panels: vec![panel], summary: summary.to_owned(), remark: String::new() }
}
