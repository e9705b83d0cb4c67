//! One number, applied again and again: the cobweb of x → κ x (1 − x), and f applied k times as a function of its start.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Dash, Mark, Marker, Panel, Scene, Series, Tone};
use vanishing_core::studies::iterated;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "iterated", title: "One number, applied again and again", aspect: 2.0, scene };

/// Points of the curve of f.
const POINTS: usize = 100;

fn scene(model: &Model) -> Scene {
    Scene { panels: vec![cobweb(model), applied(model)], summary: words(model), remark: String::new() }
}

/// What the slope of f^k at the start says.
fn tone(model: &Model) -> Tone {
    match model.iterated().slope_log10.last() {
        Some(slope) if *slope < -0.02 => Tone::Vanishing,
        Some(slope) if *slope > 0.02 => Tone::Exploding,
        _ => Tone::Preserved,
    }
}

fn unit(title: &str) -> Axis {
    let mut axis = Axis::linear(title, -0.02, 1.02);
    axis.ticks = Some([0.0, 0.5, 1.0].map(|x| (x, format::tick(x, 0.5))).to_vec());
    axis
}

fn cobweb(model: &Model) -> Panel {
    let (config, study) = (model.iterated_config(), model.iterated());
    let mut panel = Panel::new(unit("x"), unit("f(x)"));
    panel.title = format!("f(x) = κ x (1 − x), κ = {}", format::short(config.kappa));
    panel.marks.push(Mark::Series(Series::line("", Tone::Muted, vec![(0.0, 0.0), (1.0, 1.0)]).dashed(Dash::Dashed)));
    let x = |i: usize| i as f64 / POINTS as f64;
    let curve = (0..=POINTS).map(|i| (x(i), iterated::apply(config.kappa, x(i)))).collect();
    panel.marks.push(Mark::Series(Series::line("f", Tone::Ink, curve).unlabelled()));
    let mut way: Vec<(f64, f64)> = vec![(config.start, 0.0)];
    for pair in study.path.windows(2) {
        way.extend([(pair[0], pair[1]), (pair[1], pair[1])]);
    }
    let mut way = Series::line("x₀, x₁, …", Tone::Series(0), way).unlabelled();
    way.line = Some((Dash::Solid, 1.2));
    panel.marks.push(Mark::Series(way));
    let start = vec![(config.start, 0.0)];
    panel.marks.push(Mark::Series(Series::markers("x₀", Tone::Series(0), Marker::Dot, start).unlabelled()));
    panel
}

fn applied(model: &Model) -> Panel {
    let (config, study) = (model.iterated_config(), model.iterated());
    let mut panel = Panel::new(unit("start x₀"), unit("after k times"));
    panel.title = format!("f applied k = {} times", config.times);
    let curve = Series::line("f applied k times", tone(model), study.curve.clone()).unlabelled();
    panel.marks.push(Mark::Series(curve));
    let label = "x₀".to_owned();
    panel.marks.push(Mark::Vertical { x: config.start, label, tone: Tone::Series(0), dash: Dash::Dotted });
    let end = study.path.last().map(|x| (config.start, *x)).into_iter().collect();
    panel.marks.push(Mark::Series(Series::markers("end", Tone::Series(0), Marker::Dot, end).unlabelled()));
    panel
}

/// How much a small change of the start is multiplied by.
pub fn words(model: &Model) -> String {
    let (config, study) = (model.iterated_config(), model.iterated());
    let slope = study.slope_log10.last().copied().unwrap_or(0.0);
    let means = match tone(model) {
        Tone::Vanishing => "the end hardly depends on the start",
        Tone::Exploding => "near starts end far apart",
        _ => "the change keeps its size",
    };
    format!(
        "Applied {} times from x₀ = {}, a small change of x₀ is multiplied by {}: {means}.",
        config.times,
        format::short(config.start),
        format::log10_value(slope),
    )
}
