//! What the lesson on gradients says in numbers.
use super::check::{Check, about, are, nearest, right, that};
use super::step::{Step, of_log10};
use vanishing_app::chapters::Chapter;
use vanishing_charts::Model;
use vanishing_core::math;
use vanishing_core::studies::hidden_states;
use vanishing_tests::markup;

fn radius(step: &Step) -> f64 {
    step.model.recurrence().spectral_radius().expect("a radius")
}

/// log10 ‖∂L/∂h‖ against its value at the last step, step after step back.
fn backwards(step: &Step) -> Vec<f64> {
    let norms = step.pass().state_gradient_log10();
    norms.iter().rev().map(|norm| norm - norms[norms.len() - 1]).collect()
}

/// By what each step back multiplies.
fn factors(step: &Step) -> Vec<f64> {
    backwards(step).windows(2).map(|pair| of_log10(pair[1] - pair[0])).collect()
}

/// Which of vanishing, keeping its size and exploding it does.
fn does(step: &Step, [vanishes, keeps, explodes]: [usize; 3]) -> usize {
    match step.pass().log10_ratio() {
        ratio if ratio < -1.0 => vanishes,
        ratio if ratio > 1.0 => explodes,
        _ => keeps,
    }
}

/// The mean slope φ′ of the units, over all of the time.
fn mean_slope(model: &Model) -> f64 {
    let pass = model.gradients().in_force();
    let slopes = hidden_states::mean_slope(&pass.network, pass.backward_pass.top());
    slopes.iter().sum::<f64>() / slopes.len() as f64
}

/// Of the cell state's gradient: what the gates alone leave of it on the whole way.
fn by_gates(step: &Step) -> f64 {
    let cell = &step.pass().backward_pass.top().cell_gradient_log10;
    of_log10(step.pass().gate_path_log10[0] - cell[cell.len() - 1])
}

/// A random matrix in the place of the symmetric one.
const RANDOM: &str = "recurrent=gaussian&gain=2";

pub const CHECKS: &[Check] = &[
    are(1, "whose recurrent matrix has radius 0.9", |step| vec![radius(step)]),
    are(1, "the first of a hundred steps", |step| vec![step.value("sequence-length")]),
    right(1, |step, answers| nearest(step.left(), answers)),
    about(1, "After some twenty steps", |step| {
        let factors = factors(step);
        // From there on each step loses what is rounded to a tenth.
        let late = factors.iter().rposition(|factor| !(0.895..0.905).contains(factor));
        vec![late.map_or(f64::NAN, |late| late as f64 + 1.0)]
    }),
    are(1, "it loses a tenth at every step, as 0.9 says", |step| {
        let last = *factors(step).last().expect("a step");
        vec![1.0 - last, last]
    }),
    are(1, "A millionth is left", |step| vec![step.left()]),
    are(1, "0.9 to the power 100 is 0.00003", |step| {
        let steps = step.value("sequence-length");
        vec![radius(step), steps, math::powf(radius(step), steps)]
    }),
    that(1, "less arrives", |step| vec![step.left(), math::powf(radius(step), 100.0)], |_, found| found[0] < found[1]),
    are(2, "At 1.1 the same gradient explodes", |step| vec![radius(step)]),
    that(2, "the same gradient explodes", |step| vec![step.left()], |_, found| found[0] > 100.0),
    that(2, "At first it falls", backwards, |_, found| found[10] < -0.5 && found[100] > 2.0),
    are(2, "Then 1.1 wins", |step| vec![*factors(step).last().expect("a step")]),
    right(3, |step, _| does(step, [1, 2, 0])),
    that(
        3,
        "a state that attracts its neighbours",
        // By what the steps back stretch, on average over the middle of the way.
        |step| vec![math::powf(of_log10(backwards(step)[60] - backwards(step)[20]), 1.0 / 40.0)],
        |_, found| found[0] < 0.9,
    ),
    are(4, "With λ₁ = 1.3", |step| vec![radius(step)]),
    are(4, "a random matrix with gain 2", |step| vec![step.with(RANDOM).network().recurrence.recipe.gain]),
    that(
        4,
        "saturates more and explodes",
        |step| {
            let random = step.with(RANDOM);
            vec![mean_slope(&step.model), mean_slope(&random), random.gradients().in_force().log10_ratio()]
        },
        |_, found| found[1] < found[0] && found[2] > 2.0,
    ),
    are(5, "with λ₁ = 1.05", |step| vec![radius(step)]),
    are(5, "as in chapter 2", |_| vec![Chapter::Alignment.number() as f64]),
    that(
        5,
        "its direction aligns with v₁",
        |step| {
            let leading = step.model.recurrence().leading.as_ref().expect("v₁");
            let gradients = &step.pass().backward_pass.top().hidden_gradients;
            [100, 0].map(|t| leading.cosine(&gradients[t].values).abs()).to_vec()
        },
        |_, found| found[0] < 0.1 && found[1] > 0.9999,
    ),
    that(
        5,
        "all that the loss asks for is one number",
        |step| vec![step.model.recurrence().leading.as_ref().map_or(0.0, |leading| leading.basis.len() as f64)],
        |said, found| said == found,
    ),
    that(5, "part 1.3 of the exercise", |_| Vec::new(), |said, _| is_of_exercise(said[0])),
    that(6, "All singular values are 1", singular_values, |said, found| {
        found.len() == 16 && found.iter().all(|sigma| (sigma - said[0]).abs() < 1e-9)
    }),
    right(6, |step, _| does(step, [0, 1, 2])),
    that(6, "It keeps its length exactly", backwards, |_, found| found.iter().all(|log10| log10.abs() < 1e-12)),
    are(6, "the gain is 1", |step| vec![step.value("gain")]),
    that(
        6,
        "with tanh only nearly",
        |step| vec![step.with("activation=tanh").gradients().in_force().log10_ratio()],
        |_, found| (-3.0..-0.01).contains(&found[0]),
    ),
    that(
        7,
        "About as much as at the end (seed 1)",
        |step| vec![step.value("seed"), step.left()],
        |said, found| said[0] == found[0] && (0.8..1.25).contains(&found[1]),
    ),
    are(
        7,
        "The forget gates alone would leave 0.006 of the cell state’s gradient, as 0.95 at every step does",
        |step| vec![by_gates(step), math::powf(by_gates(step), 1.0 / step.value("sequence-length"))],
    ),
    are(7, "It dips to about 0.02 first", |step| {
        vec![of_log10(backwards(step).into_iter().fold(f64::INFINITY, f64::min))]
    }),
    that(
        7,
        "most of this gradient did not come that way",
        |step| vec![step.pass().gate_path_log10[0] - step.pass().backward_pass.top().cell_gradient_log10[0]],
        |_, found| found[0] < -1.0,
    ),
    right(8, |step, _| {
        let study = step.model.gradients();
        let first = |log10: &[f64]| log10[0];
        let clipped = study.treated.as_ref().expect("clipping is on");
        usize::from(first(clipped.state_gradient_log10()) >= first(study.plain.state_gradient_log10()))
    }),
    that(
        8,
        "Clipping acts on the gradient of the weights",
        |step| vec![step.pass().gradient_log10, step.pass().gradient_after_log10],
        |_, found| found[0] > 1.0 && found[1].abs() < 1e-9,
    ),
];

/// Whether the answers to the exercise name this part.
fn is_of_exercise(part: f64) -> bool {
    markup::page().contains(&format!("<th scope=\"row\">{part} ("))
}

fn singular_values(step: &Step) -> Vec<f64> {
    step.model.network().recurrence.blocks(0)[0].singular_values().iter().copied().collect()
}
