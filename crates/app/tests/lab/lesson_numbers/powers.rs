//! What the lesson on powers of a matrix says in numbers.
use super::check::{Check, are, nearest, nothing, right, that};
use super::step::{Step, of_log10};
use vanishing_core::math;
use vanishing_core::studies::powers::PowerPoint;

/// The point of the power that is marked.
fn now<'a>(step: &'a Step) -> &'a PowerPoint {
    let points = &step.model.powers().points;
    points.iter().find(|point| point.k == step.model.power()).expect("a point at the power that is marked")
}

/// λ₁, with its sign.
fn leading(step: &Step) -> f64 {
    step.model.powers().eigenvalues[0]
}

/// |λ|ᵏ of the largest, as the figure has it.
fn largest(step: &Step) -> f64 {
    of_log10(now(step).theory[0])
}

fn sizes(step: &Step) -> Vec<f64> {
    step.model.powers().eigenvalues.iter().map(|lambda| lambda.abs()).collect()
}

/// The marks that are drawn: signs of λ₁ᵏ as they are measured, from k = 1.
fn signs(step: &Step) -> Vec<f64> {
    let points = step.model.powers().points.iter().skip(1);
    points.map(|point| point.measured.iter().max_by(|a, b| a.1.total_cmp(&b.1)).expect("an eigenvalue").0).collect()
}

pub const CHECKS: &[Check] = &[
    that(
        1,
        "Between −1 and 1 they shrink with every power",
        |step| step.model.powers().eigenvalues.clone(),
        |said, found| found.iter().all(|lambda| said[0] < *lambda && *lambda < said[1]),
    ),
    that(
        1,
        "Drag an eigenvalue over 1 and back",
        |_| vec![of_log10(30.0 * math::log10(1.01)), 1.0],
        |said, found| said[0] == found[1] && found[0] > said[0],
    ),
    that(2, "All four are smaller than 1 in size", sizes, |said, found| {
        said[0] == found.len() as f64 && found.iter().all(|size| *size < said[1])
    }),
    that(
        2,
        "Each falls along a straight line",
        |step| {
            let points = &step.model.powers().points;
            let bend =
                |i: usize| points.windows(3).map(move |p| p[0].theory[i] + p[2].theory[i] - 2.0 * p[1].theory[i]);
            (0..4).flat_map(bend).collect()
        },
        |_, found| found.iter().all(|bend| bend.abs() < 1e-12),
    ),
    right(2, |step, _| if now(step).theory.iter().all(|log10| *log10 < 0.0) { 0 } else { 2 }),
    are(3, "One eigenvalue is 1.1 now", |step| {
        vec![sizes(step).iter().filter(|size| **size > 1.0).count() as f64, leading(step)]
    }),
    are(3, "its fiftieth power", |step| vec![step.value("power")]),
    right(3, |step, answers| nearest(largest(step), answers)),
    are(3, "1.1 to the power 50 is 117", |step| vec![leading(step), step.value("power"), largest(step)]),
    that(3, "One eigenvalue above 1 is enough", sizes, |said, found| {
        found.iter().filter(|size| **size > said[1]).count() as f64 == said[0]
    }),
    are(3, "1.1 is an interest of ten per cent; fifty years of it are 117-fold", |step| {
        vec![leading(step), 100.0 * (leading(step) - 1.0), step.value("power"), largest(step)]
    }),
    that(
        4,
        "At exactly 1 it keeps its size",
        |step| vec![leading(step), largest(step)],
        |said, found| found.iter().all(|value| *value == said[0]),
    ),
    are(4, "Drag to 1.01: after fifty steps it is 1.64 times as large, after a hundred 2.7 times", |step| {
        let at = |k: u64| {
            let model = step.with(&format!("eigenvalue-1=1.01&horizon=100&power={k}"));
            of_log10(model.powers().points.iter().find(|point| point.k == k).expect("a point").theory[0])
        };
        vec![step.with("eigenvalue-1=1.01").powers().eigenvalues[0], 50.0, at(50), 100.0, at(100)]
    }),
    that(5, "The dominant eigenvalue is negative", |step| vec![leading(step)], |_, found| found[0] < -1.0),
    that(5, "its sign changes at every step: the marks are + and − in turn", signs, |_, found| {
        found.len() > 20 && found.iter().enumerate().all(|(i, sign)| *sign == if i % 2 == 0 { -1.0 } else { 1.0 })
    }),
    nothing(6, "in one picture"),
    that(
        6,
        "longest along the dominant eigenvector",
        |step| {
            let image = &step.model.matrix_power().image;
            let longest = image.iter().max_by(|a, b| math::hypot(a.0, a.1).total_cmp(&math::hypot(b.0, b.1)));
            longest.map(|(along, across)| vec![along.abs(), across.abs()]).expect("an ellipse")
        },
        |_, found| (found[0] - 1.0).abs() < 1e-9 && found[1] < 1e-9,
    ),
    are(7, "the sixtieth power", |step| vec![step.value("power")]),
    right(7, |step, _| usize::from(rest(step) < 1e-3 && largest(step) > 0.0)),
    nothing(7, "all rows are multiples of one. The other"),
    nothing(7, "All rows are multiples of one: rank"),
    that(
        7,
        "rank one, nearly",
        |step| vec![rank(step), rest(step)],
        |said, found| said[0] == found[0] && found[1] < 1e-3,
    ),
    that(
        8,
        "The smallest ones fall below the rounding error of the largest, and their marks leave the lines",
        |step| {
            let point = now(step);
            let off = |i: &usize| (point.measured[*i].1 - point.theory[*i]).abs() > 0.3;
            vec![point.below_rounding_error() as f64, (0..point.theory.len()).filter(off).count() as f64]
        },
        |_, found| found[0] >= 2.0 && found[0] == found[1],
    ),
    are(8, "a double has only 16 digits", |_| vec![f64::from(f64::MANTISSA_DIGITS) * math::log10(2.0)]),
];

/// The largest entry of Mᵏ / λ₁ᵏ − v₁v₁ᵀ: what the other terms are.
fn rest(step: &Step) -> f64 {
    let (first, second) = step.model.matrix_power().leading;
    math::powf((second / first).abs(), step.value("power"))
}

/// How many of the figure's terms are to be seen: a hundredth of the colours at the least.
fn rank(step: &Step) -> f64 {
    let theory = &now(step).theory;
    theory.iter().filter(|log10| **log10 - theory[0] > -2.0).count() as f64
}
