//! Bits a character on the part of a text that is held out, beside what counts cost there.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Dash, Mark, Marker, Panel, Scene, Series, Tone};
use crate::text_runs::{TextLane, TextRuns};

/// Registry entry.
pub const SPEC: FigureSpec = FigureSpec { slug: "text-bits", title: "Bits a character", aspect: 1.9, scene };

const TONES: [Tone; 3] = [Tone::Ink, Tone::Series(0), Tone::Series(1)];

fn scene(model: &Model) -> Scene {
    let Some(runs) = model.text() else {
        let mut panel = Panel::new(Axis::linear("update", 0.0, 10.0), Axis::linear("bits a character", 0.0, 1.0));
        panel.y.ticks = Some(Vec::new());
        panel.marks.push(nothing(5.0));
        let summary = "Bits a character: nothing has been read yet.".to_owned();
        return Scene { panels: vec![panel], summary, remark: String::new() };
    };
    let last = runs.lanes.iter().map(|lane| lane.updates).max().unwrap_or(0).max(50);
    let found = || runs.lanes.iter().flat_map(|lane| &lane.bits).map(|(_, bits)| *bits).filter(|bits| bits.is_finite());
    let most = found().fold(runs.baselines.unigram, f64::max);
    let mut panel = Panel::new(Axis::linear("update", 0.0, last as f64), Axis::linear("bits a character", 0.0, most));
    // A network that does worse than at the start, by far, is not what is looked at.
    panel.y.range = Some((0.0, (1.08 * most).min(8.0)));
    for (bits, name) in [(runs.baselines.unigram, "single characters"), (runs.baselines.bigram, "pairs")] {
        let label = format!("counts of {name}: {bits:.2}");
        panel.marks.push(Mark::Horizontal { y: bits, label, tone: Tone::Muted, dash: Dash::Dashed });
    }
    if !runs.has_begun() {
        panel.marks.push(nothing(0.5 * last as f64));
    }
    for (lane, tone) in runs.lanes.iter().zip(TONES).filter(|(lane, _)| !lane.bits.is_empty()) {
        let points: Vec<(f64, f64)> = lane.bits.iter().map(|(update, bits)| (*update as f64, *bits)).collect();
        let mut line = Series::line(lane.cell.1.to_owned(), tone, points);
        line.line = Some((Dash::Solid, 1.8));
        let line = if lane.bits.len() < 40 { line.with_marker(Marker::Dot, 2.5) } else { line };
        panel.marks.push(Mark::Series(line));
    }
    Scene { panels: vec![panel], summary: summary(runs), remark: String::new() }
}

fn nothing(x: f64) -> Mark {
    let text = "Press “Start”: nothing has been read yet.".to_owned();
    Mark::Text { at: (x, 0.5), text, tone: Tone::Muted, anchor: 0 }
}

fn summary(runs: &TextRuns) -> String {
    let counts = format!(
        "counts of single characters come to {:.2}, counts of pairs to {:.2}",
        runs.baselines.unigram, runs.baselines.bigram
    );
    if !runs.has_begun() {
        return format!(
            "Bits a character on the part of the text that is held out: {counts}; nothing has been read yet."
        );
    }
    let of = |lane: &TextLane| {
        let name = lane.cell.1;
        match lane.bits.last() {
            None => format!("the {name} has not begun"),
            Some((_, bits)) if !bits.is_finite() => format!("the {name} diverged"),
            Some((update, bits)) => format!("the {name} to {bits:.2} after {} updates", format::count(*update)),
        }
    };
    let lanes: Vec<String> = runs.lanes.iter().map(of).collect();
    format!("Bits a character on the part of the text that is held out: {counts}; {}.", lanes.join("; "))
}
