//! The error of the network with one unit over (w, b): its cliff, where it has two attractors, and two descents.
//!
//! The cliff is far thinner than a pixel, so it is not found on the grid of the heat map but drawn along its own
//! equation.
use super::spec::FigureSpec;
use crate::format;
use crate::model::{CLIFF_CELLS, Model};
use crate::scene::{Axis, Dash, Handle, Mark, Marker, Moves, Panel, Scene, Series, Shades, Tone};
use vanishing_core::studies::cliff::{self, Stop};

/// Registry entry.
pub const SPEC: FigureSpec = FigureSpec { slug: "cliff", title: "The cliff", aspect: 1.45, scene };

/// The parameter that a press on the figures over the steps sets.
pub const STEP: &str = "cliff-step";
/// The names of the descents.
pub const NAMES: [&str; 2] = ["unclipped", "clipped"];
/// The tones of the descents, in the order of their names.
pub const TONES: [Tone; 2] = [Tone::Exploding, Tone::Preserved];
/// The error whose colour would be that of the tone itself: twice the largest there is, so that words can be read on it.
const DARKEST: f64 = 0.98;
/// Points of a curve.
const POINTS: usize = 160;

fn scene(model: &Model) -> Scene {
    let axis = |title: &str, (low, high): (f64, f64)| Axis::linear(title, low, high);
    let mut panel = Panel::new(axis("weight w", cliff::SHOWN_W), axis("bias b", cliff::SHOWN_B));
    panel.marks.push(Mark::Heatmap {
        name: "error E".to_owned(),
        rows: CLIFF_CELLS.0,
        columns: CLIFF_CELLS.1,
        values: model.cliff_surface().to_vec(),
        shades: Shades::Size(Tone::Muted),
        limit: DARKEST,
        words: Vec::new(),
    });
    ground(&mut panel);
    let taken = taken(model);
    // The first is wider: where both are the same, both are seen.
    for (((stops, name), tone), width) in taken.iter().zip(NAMES).zip(TONES).zip([3.0, 1.4]) {
        descent(&mut panel, stops, (name, tone), width);
    }
    name_ends(&mut panel, taken);
    let (w, b) = model.cliff_config().start;
    let [w_key, b_key] = model.view().cliff_keys;
    panel.handles.push(Handle {
        at: (w, b),
        moves: Moves::Both(w_key.to_owned(), b_key.to_owned()),
        label: format!("start: w = {}, b = {}", format::short(w), format::short(b)),
        tone: Tone::Ink,
    });
    Scene { panels: vec![panel], summary: summary(model), remark: remark(model) }
}

/// What both descents have passed by now.
fn taken(model: &Model) -> [&[Stop]; 2] {
    let study = model.cliff();
    [&study.unclipped, &study.clipped]
        .map(|stops| &stops[..=model.view().cliff_step.min(stops.len().saturating_sub(1))])
}

/// A curve b(w) over a range of w; both ends are met.
fn curve((from, to): (f64, f64), b: impl Fn(f64) -> Option<f64>) -> Vec<(f64, f64)> {
    let w = |i: usize| from + (to - from) * i as f64 / POINTS as f64;
    (0..=POINTS).filter_map(|i| Some((w(i), b(w(i))?))).collect()
}

/// The region of two attractors, the valley, the cliff.
fn ground(panel: &mut Panel) {
    let beyond_cusp = (cliff::CUSP.0, cliff::SHOWN_W.1);
    let mut region = curve(beyond_cusp, |w| Some(cliff::folds(w)?.0.b));
    region.extend(curve(beyond_cusp, |w| Some(cliff::folds(w)?.1.b)).into_iter().rev());
    panel.marks.push(Mark::Outline { points: region, tone: Tone::Series(0), opacity: 0.07, dash: Dash::Dotted });
    let text = |at, text: &str, tone, anchor| Mark::Text { at, text: text.to_owned(), tone, anchor };
    panel.marks.push(text((5.77, -2.38), "two attractors", Tone::Series(0), -1));
    let valley = curve((cliff::SHOWN_W.0, cliff::valley_ends()), cliff::valley);
    panel.marks.push(Mark::Series(Series { line: Some((Dash::Dashed, 1.2)), ..Series::line("", Tone::Ink, valley) }));
    panel.marks.push(text((4.06, -1.86), "E ≈ 0", Tone::Ink, 1));
    let mut edge = Series::line("", Tone::Ink, curve(beyond_cusp, cliff::cliff));
    edge.line = Some((Dash::Solid, 2.5));
    panel.marks.push(Mark::Series(edge));
    panel.marks.push(text((5.33, -2.75), "the cliff", Tone::Ink, 1));
}

/// Whether a place is in the picture.
fn in_sight(stop: &Stop) -> bool {
    let within = |x: f64, (low, high): (f64, f64)| (low..=high).contains(&x);
    within(stop.w, cliff::SHOWN_W) && within(stop.b, cliff::SHOWN_B)
}

/// The first step that leads out of the picture: from where to where.
fn leaves(stops: &[Stop]) -> Option<(usize, &Stop, &Stop)> {
    let steps = stops.iter().zip(stops.iter().skip(1)).enumerate();
    steps.map(|(step, (from, to))| (step + 1, from, to)).find(|(_, from, to)| in_sight(from) && !in_sight(to))
}

/// The path so far, where it stands, and where it leaves the picture.
fn descent(panel: &mut Panel, stops: &[Stop], (name, tone): (&str, Tone), width: f64) {
    let points: Vec<(f64, f64)> = stops.iter().map(|stop| (stop.w, stop.b)).collect();
    let mut path = Series::line(name, tone, points.clone()).with_marker(Marker::Dot, 1.0 + width * 0.8).unlabelled();
    path.line = Some((Dash::Solid, width));
    panel.marks.push(Mark::Series(path));
    let [.., last] = stops else { return };
    if stops.len() > 1 && in_sight(last) {
        let mut now = Series::markers("", tone, Marker::Square, points.last().copied().into_iter().collect());
        now.marker = Some((Marker::Square, 5.5));
        panel.marks.push(Mark::Series(now));
    }
    if let Some((_, from, to)) = leaves(stops) {
        panel.marks.push(Mark::Arrow {
            from: (from.w, from.b),
            to: (to.w, to.b),
            tone,
            label: String::new(),
            width: 2.5,
        });
        let (w, b) = edge((from.w, from.b), (to.w, to.b));
        let (beside, anchor) = if w > (cliff::SHOWN_W.0 + cliff::SHOWN_W.1) / 2.0 { (-0.12, -1) } else { (0.12, 1) };
        let below = if b > from.b { -0.1 } else { 0.1 };
        panel.marks.push(Mark::Text {
            at: (w + beside, b + below),
            text: format!("{name}: to {}", place(to)),
            tone,
            anchor,
        });
    }
}

/// The names of the descents where they stand; one for both where they stand at the same place.
fn name_ends(panel: &mut Panel, taken: [&[Stop]; 2]) {
    let mut name = |stop: &Stop, text: &str, tone, (across, up, anchor)| {
        let at = (stop.w + across, stop.b + up);
        panel.marks.push(Mark::Text { at, text: text.to_owned(), tone, anchor });
    };
    let ends = taken.map(|stops| stops.last().filter(|last| stops.len() > 1 && in_sight(last)));
    if let [Some(one), Some(other)] = ends
        && one == other
    {
        name(one, "both", Tone::Ink, (-0.04, -0.09, -1));
        return;
    }
    for ((end, text), tone) in ends.into_iter().zip(NAMES).zip(TONES) {
        if let Some(end) = end {
            name(end, text, tone, (0.03, 0.07, 1));
        }
    }
}

/// Where the way from a place in the picture to one outside crosses the edge.
fn edge(from: (f64, f64), to: (f64, f64)) -> (f64, f64) {
    let share = |from: f64, to: f64, (low, high): (f64, f64)| {
        let end = if to > from { high } else { low };
        if to == from { f64::INFINITY } else { (end - from) / (to - from) }
    };
    let share = share(from.0, to.0, cliff::SHOWN_W).min(share(from.1, to.1, cliff::SHOWN_B)).min(1.0);
    (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
}

/// `w = 5, b = −2.34`.
fn place(stop: &Stop) -> String {
    format!("w = {}, b = {}", format::short(stop.w), format::short(stop.b))
}

fn summary(model: &Model) -> String {
    let taken = taken(model);
    let stands = taken.iter().zip(NAMES).filter_map(|(stops, name)| {
        let [.., last] = stops else { return None };
        let out = leaves(stops).map_or(String::new(), |(step, from, _)| {
            format!(
                ", after a step of length {} (number {step}) that led out of the picture",
                format::short(from.stride)
            )
        });
        Some(format!("the {name} one at {} with an error of {}{out}", place(last), format::short(last.error)))
    });
    let (w, b) = model.cliff_config().start;
    format!(
        "The error of a network with one unit over its weight and its bias. A cliff runs from w = 4, b = −2 down to the right: above it the error is small, below it large. After {} steps of descent from w = {}, b = {}, {}.",
        taken[0].len().saturating_sub(1),
        format::short(w),
        format::short(b),
        stands.collect::<Vec<_>>().join("; "),
    )
}

/// What threw a descent out of the picture.
fn remark(model: &Model) -> String {
    let thrown = taken(model).into_iter().zip(NAMES).filter_map(|(stops, name)| {
        let (step, from, _) = leaves(stops)?;
        Some(format!(
            "Step {step} of the {name} descent led out of the picture: the gradient was {}, the step {} long.",
            format::short(from.norm),
            format::short(from.stride)
        ))
    });
    thrown.collect::<Vec<_>>().join(" ")
}
