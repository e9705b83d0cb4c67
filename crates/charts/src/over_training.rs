//! What the figures over the updates of a training run share: the axis, a lane's colour and name, its curve and its end.
use crate::format;
use crate::laboratory::{Laboratory, Lane};
use crate::over_time::{roomy, span};
use crate::scene::{Axis, Dash, Mark, Marker, Panel, Series, Tone};
use vanishing_core::training::Curve;

/// The colour of a lane: the baseline in the colour of the text, the others apart.
pub fn tone(lane: usize) -> Tone {
    match lane {
        0 => Tone::Ink,
        1 => Tone::Series(0),
        2 => Tone::Series(1),
        _ => Tone::Series(2),
    }
}

/// A lane's name at the end of its line: `B clip by global norm`.
pub fn name(lane: &Lane) -> String {
    format!("{} {}", lane.letter, lane.name).trim_start().to_owned()
}

/// An empty panel over the updates that any lane has made.
pub fn panel(laboratory: &Laboratory, y: Axis) -> Panel {
    let last = laboratory.lanes.iter().chain(&laboratory.ghost).map(|lane| lane.history.updates).max().unwrap_or(0);
    let mut panel = Panel::new(Axis::linear("update", 0.0, (last.max(10)) as f64), y);
    if !has_begun(laboratory) {
        panel.y.range = Some((0.0, 1.0));
        panel.y.ticks = Some(Vec::new());
        panel.marks.push(Mark::Text {
            at: (last.max(10) as f64 / 2.0, 0.5),
            text: "Press “Start”: nothing has been trained yet.".to_owned(),
            tone: Tone::Muted,
            anchor: 0,
        });
    }
    panel
}

/// Whether any lane has made an update.
pub fn has_begun(laboratory: &Laboratory) -> bool {
    laboratory.lanes.iter().any(|lane| lane.history.updates > 0)
}

/// The means of a curve.
pub fn means(curve: &Curve) -> Vec<(f64, f64)> {
    curve.points().iter().map(|point| (point.step, point.mean)).collect()
}

/// From the least to the largest value of each point, where a point stands for several updates.
pub fn band(curve: &Curve, tone: Tone) -> Option<Mark> {
    let points = curve.points().iter().filter(|point| point.low.is_finite() && point.high.is_finite());
    (curve.stride() > 1).then(|| Mark::Band {
        name: String::new(),
        tone,
        opacity: 0.16,
        points: points.map(|point| (point.step, point.low, point.high)).collect(),
    })
}

/// A lane's line with its name at the end.
pub fn line(lane: usize, shown: &Lane, curve: &Curve) -> Series {
    let mut line = Series::line(name(shown), tone(lane), means(curve));
    line.line = Some((Dash::Solid, if lane == 0 { 1.4 } else { 1.8 }));
    line
}

/// The run of a lane before it was changed.
pub fn ghost(laboratory: &Laboratory, curve: impl Fn(&Lane) -> &Curve) -> Option<Mark> {
    let before = laboratory.ghost.as_ref()?;
    let name = format!("{} before: {}", before.letter, before.name);
    let line = Series::line(name, Tone::Muted, means(curve(before)));
    Some(Mark::Series(line.dashed(Dash::Dotted)))
}

/// The update at which a lane became non-finite, as a cross at the end of its curve.
pub fn end(lane: usize, shown: &Lane, curve: &Curve) -> Option<Mark> {
    let breakdown = shown.breakdown.as_ref()?;
    // At the height of its last finite value.
    let height = curve.points().iter().rev().map(|point| point.mean).find(|y| y.is_finite())?;
    let mut cross = Series::markers(String::new(), tone(lane), Marker::Cross, vec![(breakdown.step as f64, height)]);
    cross.marker = Some((Marker::Cross, 5.0));
    Some(Mark::Series(cross))
}

/// A range that holds the finite values of curves on a logarithmic axis, and some values more.
pub fn log_range<'a>(curves: impl IntoIterator<Item = &'a Curve>, more: &[f64]) -> Option<(f64, f64)> {
    let values = curves.into_iter().flat_map(|curve| curve.points().iter().map(|point| point.mean));
    span(values.chain(more.iter().copied())).map(roomy)
}

/// What became of each lane, for a summary: `after 240 updates`, `diverged at update 57`.
pub fn stand(lane: &Lane) -> String {
    match &lane.breakdown {
        Some(breakdown) => format!("diverged at update {}", format::count(breakdown.step)),
        None => format!("after {} updates", format::count(lane.history.updates)),
    }
}

/// One sentence over all lanes; `of`: what is said of one.
pub fn summary(laboratory: &Laboratory, what: &str, of: impl Fn(&Lane) -> String) -> String {
    if !has_begun(laboratory) {
        return format!("{what}: nothing has been trained yet.");
    }
    let lanes: Vec<String> = laboratory
        .lanes
        .iter()
        .filter(|lane| lane.history.updates > 0)
        .map(|lane| format!("{}, {}, {}", name(lane), stand(lane), of(lane)))
        .collect();
    format!("{what}: {}.", lanes.join("; "))
}

/// The value of a logarithm, or a word where there is none.
pub fn value(log10: Option<f64>) -> String {
    log10.map_or("no value yet".to_owned(), format::log10_value)
}
