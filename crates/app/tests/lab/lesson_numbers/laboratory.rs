//! What the lesson of the laboratory says in numbers, of runs that are made again.
use super::check::{Check, about, are, nothing, right, that};
use super::step::{Step, of_log10};
use vanishing_charts::laboratory::Lane;
use vanishing_core::order::median;
use vanishing_core::training::{HeatRow, Place};

/// The lanes.
const A: usize = 0;
const B: usize = 1;
const C: usize = 2;

/// The loss at the end, as a share of what guessing costs.
fn share_of_guess(lane: &Lane) -> f64 {
    of_log10(lane.history.loss.last().unwrap_or(f64::NAN)) / lane.baseline()
}

fn has_learned(lane: &Lane) -> bool {
    lane.breakdown.is_none() && share_of_guess(lane) < 0.1
}

/// How often it was right on the sequences of the test, over training.
fn accuracies(lane: &Lane) -> Vec<f64> {
    lane.history.test_accuracy.points().iter().map(|point| point.mean).collect()
}

/// The place of the only lane of which that is so, from 0.
fn only(lanes: &[Lane], is_so: impl Fn(&Lane) -> bool) -> usize {
    let found: Vec<usize> = (0..lanes.len()).filter(|i| is_so(&lanes[*i])).collect();
    if let [one] = found[..] { one } else { usize::MAX }
}

/// Norms of the gradient before clipping, up to the update from which on all answers are right.
fn while_it_learns(lane: &Lane) -> Vec<f64> {
    let tests = lane.history.test_accuracy.points();
    let end = tests.iter().find(|point| point.mean == 1.0).map_or(f64::INFINITY, |point| point.step);
    lane.history.gradient.points().iter().filter(|point| point.step < end).map(|point| of_log10(point.mean)).collect()
}

/// What is left of the gradient at the first state, over training.
fn left_over_training(lane: &Lane) -> Vec<f64> {
    lane.history.heat.iter().map(|row| f64::from(row.profile[0] - row.profile[row.profile.len() - 1])).collect()
}

/// By what each update multiplies the norm of the gradient, over the last twenty.
fn growth(lane: &Lane) -> Vec<f64> {
    let points = lane.history.gradient.points();
    let factors = points.windows(2).map(|pair| of_log10(pair[1].mean - pair[0].mean));
    factors.skip(points.len() - 21).collect()
}

/// The updates at which runs became infinite.
fn ends(lanes: &[&Lane]) -> Vec<f64> {
    lanes.iter().map(|lane| lane.breakdown.as_ref().map_or(f64::NAN, |end| end.step as f64)).collect()
}

/// The deepest colour of the map, as log10 of what is left.
const DEEPEST: f64 = -4.0;

pub const CHECKS: &[Check] = &[
    are(1, "Two networks", |step| vec![step.runs().len() as f64]),
    that(
        1,
        "the same seed and data",
        |step| [A, B].map(|lane| seed(step, lane)).to_vec(),
        |_, found| found[0] == found[1],
    ),
    are(1, "B clips its gradient to length 1", |step| vec![step.value("max-norm")]),
    nothing(1, "Which one learns?"),
    right(1, |step, _| only(&step.runs(), has_learned)),
    that(
        1,
        "The loss of A falls at times and comes back to guessing",
        |step| {
            let lane = &step.runs()[A];
            let least =
                lane.history.loss.points().iter().map(|point| of_log10(point.mean)).fold(f64::INFINITY, f64::min);
            vec![share_of_guess(lane), least / lane.baseline()]
        },
        |_, found| (0.9..1.1).contains(&found[0]) && found[1] < 0.8,
    ),
    about(2, "While B learns it is only ten or so", |step| vec![median(&while_it_learns(&step.runs()[B]))]),
    that(
        2,
        "a gradient of ten is too long here: times the rate 0.05 it moves the weights by a half",
        |step| vec![step.value("learning-rate")],
        |said, found| said[1] == found[0] && said[0] * found[0] == said[2],
    ),
    that(
        3,
        "By guessing one in four would be right",
        |step| vec![step.runs()[B].task.chance_accuracy],
        |said, found| said[0] / said[1] == found[0],
    ),
    that(
        3,
        "A comes above that now and then, and loses it again",
        |step| accuracies(&step.runs()[A]),
        |_, found| {
            let best = (0..found.len()).max_by(|a, b| found[*a].total_cmp(&found[*b])).unwrap_or(0);
            found[best] > 0.5 && found[best..].iter().any(|share| *share <= 0.25)
        },
    ),
    that(3, "B knows", |step| accuracies(&step.runs()[B]), |_, found| found[found.len() - 1] == 1.0),
    that(
        3,
        "Four answers are possible: a line at a quarter is guessing",
        |step| vec![step.runs()[B].task.chance_accuracy],
        |said, found| said[1] == found[0] && said[0] * said[1] == 1.0,
    ),
    are(4, "Adding, over a hundred steps, spectral radius 1.5", |step| {
        vec![step.value("sequence-length"), step.value("spectral-radius")]
    }),
    nothing(4, "Which one stays finite?"),
    right(4, |step, _| only(&step.runs(), |lane| lane.breakdown.is_none())),
    that(
        4,
        "A and C diverge within a hundred updates",
        |step| ends(&[&step.runs()[A], &step.runs()[C]]),
        |said, found| found.iter().all(|end| *end <= said[0]),
    ),
    that(
        4,
        "B stays finite, and does not learn either",
        |step| vec![share_of_guess(&step.runs()[B])],
        |_, found| (0.7..1.6).contains(&found[0]),
    ),
    are(5, "about four times as long", |step| vec![median(&growth(&step.runs()[A]))]),
    that(
        5,
        "each update makes the next gradient about four times as long",
        |step| growth(&step.runs()[C]),
        |said, found| found.iter().all(|factor| (factor - said[0]).abs() < 0.5),
    ),
    that(
        5,
        "until the loss overflows",
        |step| {
            let is_loss =
                |lane: usize| step.runs()[lane].breakdown.as_ref().is_some_and(|end| end.place == Place::Loss);
            [A, C].map(|lane| f64::from(u8::from(is_loss(lane)))).to_vec()
        },
        |_, found| found == [1.0, 1.0],
    ),
    are(6, "a tanh network with radius 0.5", |step| vec![step.value("spectral-radius")]),
    nothing(6, "Which one learns?"),
    right(6, |step, _| only(&step.runs(), has_learned)),
    that(
        6,
        "In A less than 10⁻¹⁵ of the gradient reaches the first step at the start",
        |step| vec![of_log10(left_over_training(&step.runs()[A])[0])],
        |said, found| found[0] < said[0],
    ),
    nothing(6, "The run of A is one that"),
    that(
        7,
        "A stays blue",
        |step| left_over_training(&step.runs()[A]),
        |_, found| found.iter().all(|left| *left < DEEPEST),
    ),
    that(
        7,
        "B begins blue too and fades as it learns",
        |step| left_over_training(&step.runs()[B]),
        |_, found| found[0] < DEEPEST && found[found.len() / 2..].iter().all(|left| *left > -2.5),
    ),
    are(7, "in the end 9 % comes through", |step| {
        vec![100.0 * of_log10(*left_over_training(&step.runs()[B]).last().expect("an update"))]
    }),
    that(
        7,
        "near T nothing is lost",
        |step| {
            let near =
                |row: &HeatRow| f64::from(row.profile[row.profile.len() - 2] - row.profile[row.profile.len() - 1]);
            step.runs().iter().flat_map(|lane| lane.history.heat.iter().map(near).collect::<Vec<_>>()).collect()
        },
        |_, found| found.iter().all(|left| *left > -1.0),
    ),
];

fn seed(step: &Step, lane: usize) -> f64 {
    step.lane(lane).get(&vanishing_app::schema::SEED) as f64
}
