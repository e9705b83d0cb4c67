//! What the lesson on the cliff says in numbers.
use super::check::{Check, about, are, nothing, right, that};
use super::step::Step;
use vanishing_charts::figures;
use vanishing_charts::scene::Mark;
use vanishing_core::math;
use vanishing_core::studies::cliff::{self, FixedPoint, Stop};

/// The fixed points of the network that is shown, in rising order.
fn fixed_points(step: &Step) -> Vec<FixedPoint> {
    let (w, b) = step.model.cliff_config().start;
    cliff::fixed_points(w, b)
}

/// The steps that are taken.
fn taken(step: &Step) -> usize {
    step.value("cliff-step") as usize
}

/// Where the plain descent is, and the clipped one.
fn now<'a>(step: &'a Step) -> [&'a Stop; 2] {
    let study = step.model.cliff();
    [&study.unclipped[taken(step)], &study.clipped[taken(step)]]
}

/// The step that throws the plain descent out of the picture: from where, and to where each of the two goes.
fn throw<'a>(step: &'a Step) -> (&'a Stop, [&'a Stop; 2]) {
    let study = step.model.cliff();
    let place = study.unclipped.iter().position(|stop| !in_sight(stop)).expect("it is thrown out");
    (&study.unclipped[place - 1], [&study.unclipped[place], &study.clipped[place]])
}

fn in_sight(stop: &Stop) -> bool {
    let within = |x: f64, (low, high): (f64, f64)| low <= x && x <= high;
    within(stop.w, cliff::SHOWN_W) && within(stop.b, cliff::SHOWN_B)
}

/// From corner to corner.
fn picture() -> f64 {
    math::hypot(cliff::SHOWN_W.1 - cliff::SHOWN_W.0, cliff::SHOWN_B.1 - cliff::SHOWN_B.0)
}

pub const CHECKS: &[Check] = &[
    nothing(1, "A network with one unit"),
    that(
        1,
        "the middle crossing repels",
        |step| fixed_points(step).iter().map(|point| f64::from(u8::from(point.attracts()))).collect(),
        |_, found| found == [1.0, 0.0, 1.0],
    ),
    that(
        1,
        "Drag b until the purple path changes sides",
        |step| {
            let (w, b) = step.model.cliff_config().start;
            let end = |b: f64| cliff::orbit(w, b).last().copied().unwrap_or(f64::NAN);
            vec![end(b), end(b - 0.2)]
        },
        |_, found| found[0] > 0.0 && found[1] < 0.0,
    ),
    that(
        2,
        "On the solid line the state starts exactly at the repelling point",
        |step| {
            let (w, _) = step.model.cliff_config().start;
            cliff::cliff(w).map_or(Vec::new(), |b| cliff::fixed_points(w, b).iter().map(|point| point.x).collect())
        },
        |_, found| found.len() == 3 && (found[1] - cliff::START).abs() < 1e-9,
    ),
    about(3, "Its next gradient is about 3,000 long", |step| vec![now(step)[0].norm]),
    right(3, |step, _| {
        let study = step.model.cliff();
        let next = &study.unclipped[taken(step) + 1];
        // The edge is no further away than the picture is wide.
        let far = [next.w - cliff::SHOWN_W.1, next.b - cliff::SHOWN_B.1].into_iter().fold(0.0, f64::max);
        if far > picture() { 2 } else { usize::from(!in_sight(next)) }
    }),
    about(3, "about 0.1 × 3,000 = 300", |step| vec![step.value("cliff-rate"), now(step)[0].norm, now(step)[0].stride]),
    that(
        3,
        "is much longer than the picture is wide",
        |step| vec![now(step)[0].stride, picture()],
        |_, found| found[0] > found[1],
    ),
    are(4, "At w = 166", |step| vec![now(step)[0].w]),
    that(4, "There the computed gradient is exactly 0", |step| vec![now(step)[0].norm], |said, found| said == found),
    right(5, |step, _| match now(step)[1] {
        stop if !in_sight(stop) => 0,
        stop if (stop.b - cliff::cliff(stop.w).unwrap_or(f64::NAN)).abs() < 0.1 => 1,
        _ => 2,
    }),
    are(5, "Its step was 0.1 long", |step| vec![stride(step)]),
    that(
        5,
        "in the same direction",
        |step| {
            let (from, [plain, clipped]) = throw(step);
            let way = |to: &Stop| (to.w - from.w, to.b - from.b);
            let ((a, b), (c, d)) = (way(plain), way(clipped));
            vec![(a * c + b * d) / (math::hypot(a, b) * math::hypot(c, d))]
        },
        |_, found| (found[0] - 1.0).abs() < 1e-9,
    ),
    that(
        5,
        "the error falls",
        |step| {
            let study = step.model.cliff();
            let mean = |from: usize| study.clipped[from..from + 20].iter().map(|stop| stop.error).sum::<f64>() / 20.0;
            vec![mean(60), mean(taken(step) - 20), mean(taken(step))]
        },
        |_, found| found.windows(2).all(|pair| pair[1] < pair[0]),
    ),
    are(5, "0.1 long instead of 305", |step| vec![stride(step), throw(step).0.stride]),
    right(6, |step, _| match now(step)[0].error / step.model.cliff().unclipped[0].error {
        ratio if ratio < 0.9 => 0,
        ratio if ratio < 1.1 => 1,
        _ => 2,
    }),
    that(
        6,
        "one huge gradient",
        |step| vec![step.model.cliff().unclipped.iter().filter(|stop| stop.norm > 100.0).count() as f64],
        |said, found| said == found,
    ),
    are(6, "three times the error that it started with", |step| {
        vec![now(step)[0].error / step.model.cliff().unclipped[0].error]
    }),
    that(
        6,
        "The error of the clipped descent falls, in zigzags",
        |step| {
            let errors: Vec<f64> = step.model.cliff().clipped.iter().skip(44).map(|stop| stop.error).collect();
            let rises = errors.windows(2).filter(|pair| pair[1] > pair[0]).count();
            vec![rises as f64, errors[errors.len() - 1] / errors[0]]
        },
        |_, found| found[0] > 5.0 && found[1] < 0.1,
    ),
    nothing(6, "of one story"),
    are(6, "Two curves", |step| {
        let scene = (figures::find(&step.beat.figure).expect("a figure").scene)(&step.model);
        let is_curve = |mark: &&Mark| matches!(mark, Mark::Series(series) if !series.name.is_empty());
        vec![scene.panels[0].marks.iter().filter(is_curve).count() as f64]
    }),
    are(7, "The threshold is 100 now", |step| vec![step.value("cliff-threshold")]),
    right(7, |step, _| usize::from(!in_sight(now(step)[1]))),
    are(7, "0.1 × 100", |step| vec![step.value("cliff-rate"), step.value("cliff-threshold")]),
    that(
        7,
        "A step of 0.1 × 100 is longer than the whole picture",
        |_| vec![picture()],
        |said, found| said[0] * said[1] > found[0],
    ),
];

/// How long the clipped descent's step was when the plain one was thrown out.
fn stride(step: &Step) -> f64 {
    let (from, [_, clipped]) = throw(step);
    math::hypot(clipped.w - from.w, clipped.b - from.b)
}
