//! What an update costs: memory of the passes' buffers, and time.
use super::spec::FigureSpec;
use crate::format;
use crate::laboratory::Lane;
use crate::model::Model;
use crate::over_training as over;
use crate::scene::{Axis, Mark, Panel, Scene, Tone};

/// Registry entry.
pub const SPEC: FigureSpec = FigureSpec { slug: "training-cost", title: "Memory and time", aspect: 2.4, scene };

fn scene(model: &Model) -> Scene {
    let laboratory = model.laboratory();
    let bytes = |lane: &Lane| lane.history.newest.as_ref().map(|report| report.bytes as f64 / 1024.0);
    let recomputed = |lane: &Lane| lane.history.newest.as_ref().map_or(0, |report| report.recomputed);
    let memory = bars(&laboratory.lanes, "memory of the passes, KiB", bytes);
    let time = bars(&laboratory.lanes, "milliseconds per update, here and now", |lane| lane.milliseconds);
    let twice = laboratory.lanes.iter().filter(|lane| recomputed(lane) > 0);
    let twice =
        twice.map(|lane| format!("{} computes {} of its {} steps twice", lane.letter, recomputed(lane), steps(lane)));
    let remark = twice.collect::<Vec<_>>().join("; ");
    let remark = if remark.is_empty() { remark } else { format!("{remark}.") };
    let summary = over::summary(laboratory, "Memory of the passes and time of an update", |lane| {
        let memory = bytes(lane).map_or("unknown".to_owned(), |x| format!("{} KiB", format::short(x)));
        let time =
            lane.milliseconds.map_or("not measured".to_owned(), |x| format!("{} milliseconds", format::short(x)));
        format!("{memory}, {time}, {} time steps computed twice", recomputed(lane))
    });
    Scene { panels: vec![memory, time], summary, remark }
}

/// Time steps of a batch.
fn steps(lane: &Lane) -> usize {
    lane.history.newest.as_ref().map_or(0, |report| report.steps)
}

/// A bar for every lane, with its value above it.
fn bars(lanes: &[Lane], title: &str, value: impl Fn(&Lane) -> Option<f64>) -> Panel {
    let values: Vec<Option<f64>> = lanes.iter().map(|lane| value(lane).filter(|x| x.is_finite())).collect();
    let high = values.iter().flatten().copied().fold(0.0, f64::max);
    let count = lanes.len().max(1) as f64;
    let mut x = Axis::linear("lane", -0.5, count - 0.5);
    x.ticks = Some(lanes.iter().enumerate().map(|(i, lane)| (i as f64, lane.letter.to_owned())).collect());
    let mut panel = Panel::new(x, Axis::linear(title, 0.0, if high > 0.0 { high * 1.18 } else { 1.0 }));
    if high == 0.0 {
        panel.y.ticks = Some(Vec::new());
        let at = ((count - 1.0) / 2.0, 0.5);
        panel.marks.push(Mark::Text { at, text: "nothing measured yet".to_owned(), tone: Tone::Muted, anchor: 0 });
        return panel;
    }
    for (i, (lane, value)) in lanes.iter().zip(values).enumerate() {
        let Some(value) = value else { continue };
        let x = i as f64;
        panel.marks.push(Mark::Bars {
            name: lane.letter.to_owned(),
            tone: over::tone(i),
            bars: vec![(x - 0.3, x + 0.3, value)],
        });
        let at = (x, value + high * 0.05);
        panel.marks.push(Mark::Text { at, text: format::short(value), tone: Tone::Ink, anchor: 0 });
    }
    panel
}
