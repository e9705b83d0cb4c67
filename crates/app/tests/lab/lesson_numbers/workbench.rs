//! What the lesson of the workbench says in numbers, of short runs that are made again from eight seeds.
use super::check::{Check, about, are, nearest, nothing, right, that};
use super::numerals;
use super::step::Step;
use nalgebra::DMatrix;
use vanishing_app::chapters::Chapter;
use vanishing_app::{lanes, page_figures};
use vanishing_charts::workbench::UPDATES;
use vanishing_core::math;
use vanishing_core::network::index;
use vanishing_core::order::median;
use vanishing_core::studies::hidden_states;
use vanishing_core::training::Trainer;

/// The numbers of a panel's words.
fn numbers(step: &Step, panel: &str) -> Vec<f64> {
    numerals::of(step.panel(panel)).iter().map(|numeral| numeral.value).collect()
}

/// On how many seeds it learns, of how many.
fn seeds(step: &Step) -> Vec<f64> {
    numbers(step, "workbench-seeds")[..2].to_vec()
}

/// On how many of them it diverges.
fn diverged(step: &Step) -> f64 {
    step.panel("workbench-squares").matches('✕').count() as f64
}

fn learns(step: &Step) -> bool {
    step.panel("workbench-training").starts_with("learns")
}

fn radius(step: &Step) -> f64 {
    step.model.recurrence().spectral_radius().expect("a radius")
}

/// What of the gradient arrives without the remedies.
fn left_without(step: &Step) -> f64 {
    math::powf(10.0, step.model.gradients().plain.log10_ratio())
}

/// How long each update of the page's own seed is without the remedies.
fn updates(step: &Step) -> Vec<f64> {
    let mut trainer = Trainer::new(&step.lane(lanes::WITHOUT));
    let made = std::iter::from_fn(|| trainer.step()).take(UPDATES as usize);
    made.map(|report| math::powf(10.0, report.update_log10)).collect()
}

/// The singular values of the W_hh that is trained with the remedies, before any update.
fn singular_values(step: &Step) -> Vec<f64> {
    let trainer = Trainer::new(&step.lane(lanes::WITH));
    let network = trainer.network();
    let recurrent = &trainer.weights().tensors[network.index(0, index::W_HH)];
    let recurrent = DMatrix::from_row_iterator(recurrent.rows, recurrent.columns, recurrent.values.iter().copied());
    recurrent.map(f64::from).singular_values().iter().copied().collect()
}

/// How far the forget gates are open on average over the units, over the time.
fn forget_gates(step: &Step) -> Vec<f64> {
    let gates = hidden_states::gates(&step.pass().network, step.pass().backward_pass.top());
    let forget = gates.iter().find(|gate| gate.name == "forget gate").expect("a forget gate");
    forget.spread.iter().map(|[mean, ..]| *mean).collect()
}

/// Clipping leaves the gradient on its way back as it is.
fn is_unchanged(step: &Step) -> bool {
    step.panel("workbench-gradient").ends_with("; as without")
}

pub const CHECKS: &[Check] = &[
    are(1, "is asked thirty steps later", |step| vec![step.value("sequence-length")]),
    are(1, "Its matrix has radius 0.8", |step| vec![radius(step)]),
    right(1, |step, answers| {
        let least = answers.iter().flatten().fold(f64::INFINITY, |least, answer| least.min(*answer));
        if step.left() < 0.5 * least { answers.len() - 1 } else { nearest(step.left(), answers) }
    }),
    are(1, "0.8³⁰ is 0.0012", |step| {
        let steps = step.value("sequence-length");
        vec![radius(step), steps, math::powf(radius(step), steps)]
    }),
    are(1, "with tanh it is less: 6 × 10⁻⁵", |step| vec![step.left()]),
    are(1, "right half of the time", |step| vec![numbers(step, "workbench-training")[0] / 100.0]),
    that(
        1,
        "on all eight seeds",
        |step| vec![step.panel("workbench-squares").matches('□').count() as f64],
        |said, found| said == found,
    ),
    nothing(1, "views of one network"),
    are(1, "are five views", |_| {
        let panels = page_figures::ALL.iter().filter(|figure| figure.chapter == Chapter::Workbench);
        vec![panels.count() as f64]
    }),
    right(2, |step, _| usize::from(!learns(step) && seeds(step)[0] == 0.0)),
    that(2, "nothing in it has moved", |step| vec![f64::from(u8::from(is_unchanged(step)))], |_, found| found == [1.0]),
    are(3, "Radius 1.05, no clipping: a fifth of the gradient arrives", |step| vec![radius(step), step.left()]),
    are(3, "learns on one seed of eight", seeds),
    that(
        3,
        "now and then an update is several times as long as the others",
        |step| {
            let (found, rate) = (updates(step), step.value("learning-rate"));
            // Clipped to 1, none is longer than the rate.
            let too_long = found.iter().filter(|update| **update > rate).count();
            vec![too_long as f64, found.iter().fold(0.0, |longest: f64, update| longest.max(*update)) / median(&found)]
        },
        |_, found| (1.0..30.0).contains(&found[0]) && found[1] > 4.0,
    ),
    right(4, |step, _| match (is_unchanged(step), numbers(step, "workbench-seeds")) {
        (true, seeds) if seeds[0] > seeds[2] => 1,
        (false, seeds) if seeds[0] > seeds[2] => 2,
        _ => 0,
    }),
    are(4, "it learns on seven seeds of eight", seeds),
    are(5, "Radius 2 and a linear cell", |step| vec![radius(step)]),
    about(5, "the gradient is about 50 million times as large as at the end", |step| vec![step.left()]),
    are(5, "On four seeds of eight the run diverges", |step| vec![diverged(step), seeds(step)[1]]),
    right(6, |step, _| match seeds(step)[..] {
        [learned, of] if learned == of => 0,
        [0.0, _] => 2,
        _ => 1,
    }),
    that(6, "It learns on all eight seeds", seeds, |said, found| found == [said[0], said[0]]),
    are(7, "tanh again, radius 1.2", |step| vec![radius(step)]),
    are(7, "seven tenths of the gradient arrive instead of a ninth", |step| vec![step.left(), left_without(step)]),
    are(7, "it learns on seven seeds of eight, without any clipping", seeds),
    that(7, "All singular values are 1 at the start", singular_values, |said, found| {
        found.len() == 32 && found.iter().all(|sigma| (sigma - said[0]).abs() < 1e-5)
    }),
    nothing(7, "shows the one that was replaced"),
    that(
        7,
        "that was replaced, and says so",
        |step| vec![f64::from(u8::from(step.panel("workbench-matrix").ends_with("without the remedies")))],
        |_, found| found == [1.0],
    ),
    right(8, |step, _| usize::from(seeds(step)[0] == 0.0)),
    that(8, "its forget gates start half closed", forget_gates, |said, found| {
        found.iter().all(|open| (open - said[0]).abs() < 0.1)
    }),
    are(8, "7 × 10⁻⁵ of the gradient arrives", |step| vec![step.left()]),
    are(8, "it learns on no seed in 300 updates", |_| vec![UPDATES as f64]),
    that(8, "it learns on no seed", seeds, |_, found| found == [0.0, 8.0]),
    that(8, "The gates start half closed", forget_gates, |said, found| {
        found.iter().all(|open| (open - said[0]).abs() < 0.1)
    }),
    are(9, "Forget gates open from the start (bias 3)", |step| vec![step.value("forget-bias")]),
    are(9, "the gradient arrives 1.4 times as large", |step| vec![step.left()]),
    that(9, "it learns on all eight seeds", seeds, |said, found| found == [said[0], said[0]]),
    that(9, "Forget gates open from the start", forget_gates, |_, found| found.iter().all(|open| *open > 0.9)),
];
