//! The map x → w sigm(x) + b of the network with one unit, its fixed points, and the way of the state from x_0.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Dash, Mark, Marker, Panel, Scene, Series, Tone};
use vanishing_core::math;
use vanishing_core::studies::cliff::{self, FixedPoint};

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "cliff-attractors", title: "Where the state goes", aspect: 1.25, scene };

/// The states that are shown.
const SHOWN: (f64, f64) = (-3.6, 4.6);
/// Points of the curve.
const POINTS: usize = 120;

fn scene(model: &Model) -> Scene {
    let (w, b) = model.cliff_config().start;
    let mut panel = Panel::new(
        Axis::linear("state x", SHOWN.0, SHOWN.1),
        Axis::linear("next state w sigm(x) + b", SHOWN.0, SHOWN.1),
    );
    panel.equal_units = true;
    let ticks = || [-2.0, 0.0, 2.0, 4.0].map(|x| (x, format::tick(x, 1.0))).to_vec();
    (panel.x.ticks, panel.y.ticks) = (Some(ticks()), Some(ticks()));
    panel.title = format!("at w = {}, b = {}", format::short(w), format::short(b));
    let ends = vec![(SHOWN.0, SHOWN.0), (SHOWN.1, SHOWN.1)];
    panel.marks.push(Mark::Series(Series::line("", Tone::Muted, ends).dashed(Dash::Dashed)));
    let x = |i: usize| SHOWN.0 + (SHOWN.1 - SHOWN.0) * i as f64 / POINTS as f64;
    let curve = (0..=POINTS).map(|i| (x(i), w * math::sigmoid(x(i)) + b)).collect();
    panel.marks.push(Mark::Series(Series::line("next state", Tone::Ink, curve).unlabelled()));
    let mut way = Series::line("", Tone::Series(0), cobweb(&cliff::orbit(w, b)));
    way.line = Some((Dash::Solid, 1.4));
    panel.marks.push(Mark::Series(way));
    let start = vec![(cliff::START, SHOWN.0), (cliff::START, cliff::START)];
    panel.marks.push(Mark::Series(Series::line("", Tone::Series(0), start).dashed(Dash::Dotted)));
    let at = (cliff::START + 0.12, SHOWN.0 + 0.7);
    panel.marks.push(Mark::Text { at, text: "x₀ = 0.5".to_owned(), tone: Tone::Series(0), anchor: 1 });
    let points = cliff::fixed_points(w, b);
    for (name, attracts, marker, radius) in [("attracts", true, Marker::Dot, 5.0), ("repels", false, Marker::Ring, 5.0)]
    {
        let of_kind: Vec<&FixedPoint> = points.iter().filter(|point| point.attracts() == attracts).collect();
        let places = of_kind.iter().map(|point| (point.x, point.x)).collect();
        let mut series = Series::markers(name, Tone::Ink, marker, places).unlabelled();
        series.marker = Some((marker, radius));
        panel.marks.push(Mark::Series(series));
        for point in of_kind {
            let at = (point.x - 0.28, point.x + 0.28);
            panel.marks.push(Mark::Text { at, text: name.to_owned(), tone: Tone::Ink, anchor: -1 });
        }
    }
    Scene { panels: vec![panel], summary: summary(model, &points), remark: String::new() }
}

/// From the diagonal up or down to the curve, across to the diagonal, and so on.
fn cobweb(orbit: &[f64]) -> Vec<(f64, f64)> {
    orbit.windows(2).flat_map(|pair| [(pair[0], pair[0]), (pair[0], pair[1]), (pair[1], pair[1])]).collect()
}

fn summary(model: &Model, points: &[FixedPoint]) -> String {
    let (w, b) = model.cliff_config().start;
    let kind = |point: &FixedPoint| {
        format!("one at {} that {}", format::short(point.x), if point.attracts() { "attracts" } else { "repels" })
    };
    let kinds: Vec<String> = points.iter().map(kind).collect();
    let last = cliff::orbit(w, b).last().copied().unwrap_or(f64::NAN);
    format!(
        "The next state over the state, at w = {}, b = {}. Fixed points: {}. From x = 0.5 the state comes to {} in {} steps, an output of {}.",
        format::short(w),
        format::short(b),
        kinds.join(", "),
        format::short(last),
        cliff::STEPS,
        format::short(math::sigmoid(last)),
    )
}
