//! P(θ_k <= ε) over random starts: exact, the bound from the gap, and the share of simulated starts; and its complement.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Dash, Mark, Panel, Scale, Scene, Series, Tone};
use vanishing_core::math;

/// Registry entry.
pub const SPEC: FigureSpec = FigureSpec {
    slug: "alignment-probability",
    title: "The probability that a random start is aligned",
    aspect: 2.1,
    scene,
};

/// Simulated shares that are drawn, at the most: more would cover the curve.
const INTERVALS: usize = 18;

fn scene(model: &Model) -> Scene {
    let study = model.probability();
    let last = study.points.last().map_or(0, |point| point.k) as f64;
    let delta = model.probability_config().delta;
    let panel = |title: &str, y: Axis| {
        let mut panel = Panel::new(Axis::linear("power k", 0.0, last), y);
        panel.title = title.to_owned();
        panel.cursor = Some(model.power() as f64);
        panel.scrubs = Some("power".to_owned());
        panel
    };
    let mut success = panel(&format!("P({})", model.view().aligned_when), Axis::linear("", 0.0, 1.0));
    let over_k = |value: &dyn Fn(&vanishing_core::studies::probability::ProbabilityPoint) -> f64| {
        study.points.iter().map(|point| (point.k as f64, value(point))).collect::<Vec<_>>()
    };
    let exact = over_k(&|point| point.exact.map_or(f64::NAN, |p| p.p));
    let bound = over_k(&|point| point.bound.p);
    success.marks.push(horizontal(1.0 - delta, "1 − δ"));
    success.marks.push(Mark::Intervals {
        name: "simulated (95 %)".to_owned(),
        tone: Tone::Series(0),
        points: simulated(model),
    });
    success.marks.push(Mark::Series(Series::line("guaranteed by n and r", Tone::Muted, bound).dashed(Dash::Dashed)));
    success.marks.push(Mark::Series(Series::line("this spectrum", Tone::Ink, exact)));
    let mut verticals = vec![(study.exact_steps, "reached"), (study.theorem_steps, "theorem")];
    if study.exact_steps == study.theorem_steps {
        verticals = vec![(study.exact_steps, "reached, as by the theorem")];
    }
    for (k, word) in verticals {
        if let Some(k) = k.filter(|k| *k as f64 <= last) {
            success.marks.push(Mark::Vertical {
                x: k as f64,
                label: format!("{word}: k = {k}"),
                tone: Tone::Muted,
                dash: Dash::Dotted,
            });
        }
    }
    let y = Axis { scale: Scale::Log10, range: None, ..Axis::log("") };
    let mut failure = panel("P(not aligned), on a logarithmic axis", y);
    failure.marks.push(horizontal(math::log10(delta), "δ"));
    let bound = over_k(&|point| math::log10(point.bound.complement));
    failure.marks.push(Mark::Series(Series::line("guaranteed by n and r", Tone::Muted, bound).dashed(Dash::Dashed)));
    let exact = over_k(&|point| point.exact.map_or(f64::NAN, |p| math::log10(p.complement)));
    failure.marks.push(Mark::Series(Series::line("this spectrum", Tone::Ink, exact)));
    Scene { panels: vec![success, failure], summary: summary(model), remark: remark(model) }
}

fn horizontal(y: f64, label: &str) -> Mark {
    Mark::Horizontal { y, label: label.to_owned(), tone: Tone::Preserved, dash: Dash::Dotted }
}

/// (k, low, share, high), thinned.
fn simulated(model: &Model) -> Vec<(f64, f64, f64, f64)> {
    let points = &model.ensemble().points;
    let every = points.len().div_ceil(INTERVALS).max(1);
    let of = |point: &vanishing_core::studies::ensemble::EnsemblePoint| {
        let [low, share, high] = point.aligned;
        (point.k as f64, low, share, high)
    };
    points.iter().step_by(every).map(of).collect()
}

fn summary(model: &Model) -> String {
    let study = model.probability();
    let k = model.power();
    let point = study.points.iter().rev().find(|point| point.k <= k);
    let now = match point.and_then(|point| point.exact) {
        Some(p) => format!("At k = {k} it is {}.", format::short(p.p)),
        None => format!("At k = {k} it is undefined, for M to the k is zero."),
    };
    let delta = format::short(1.0 - model.probability_config().delta);
    let enough = match (study.exact_steps, study.theorem_steps) {
        (Some(exact), Some(theorem)) => {
            format!("It reaches {delta} at k = {exact}; the theorem promises it from k = {theorem} on.")
        }
        (Some(exact), None) => {
            format!("It reaches {delta} at k = {exact}; without a gap the theorem promises nothing.")
        }
        _ => format!("It never reaches {delta}."),
    };
    format!(
        "Probability over random starts that M to the k times x is aligned ({}). {now} {enough}",
        model.view().aligned_when
    )
}

fn remark(model: &Model) -> String {
    let study = model.probability();
    if study.rate.is_nan() {
        return "M = 0: from k = 1 on there is no direction, and no probability.".to_owned();
    }
    if study.rate >= 1.0 && study.exact_steps.is_none() {
        return "|λ₂| = |λ₁|: there is no gap, and the probability never reaches 1 − δ.".to_owned();
    }
    String::new()
}
