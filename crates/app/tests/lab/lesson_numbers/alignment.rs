//! What the lesson on alignment says in numbers.
use super::check::{Check, are, nearest, nothing, right, that};
use super::step::{Step, of_log10};
use vanishing_charts::Model;
use vanishing_core::math;
use vanishing_core::order::median;
use vanishing_core::studies::alignment::AlignmentPoint;

/// The point at this power, or at the last one before it that was computed.
fn at(model: &Model, k: u64) -> &AlignmentPoint {
    model.alignment().points.iter().rev().find(|point| point.k <= k).expect("a point")
}

/// θ_k in radians, exactly.
fn angle(step: &Step, k: u64) -> f64 {
    of_log10(at(&step.model, k).exact)
}

fn rate(step: &Step) -> f64 {
    step.model.alignment().rate.expect("a gap")
}

/// The step from which on this x is aligned.
fn aligned(model: &Model) -> f64 {
    model.alignment().steps_to_align.map_or(f64::NAN, |k| k as f64)
}

/// The power at which a random start is aligned with the probability that is asked for.
fn reached(model: &Model) -> f64 {
    model.probability().exact_steps.map_or(f64::NAN, |k| k as f64)
}

/// λ₂ is 0.8 where it was before it was moved.
fn before(step: &Step) -> Model {
    step.with("eigenvalue-2=0.8")
}

/// The same gap in the plane.
fn plane(step: &Step) -> Model {
    step.with("family=by-hand&hidden-size=2&eigenvalue-1=1&eigenvalue-2=0.9")
}

pub const CHECKS: &[Check] = &[
    that(1, "with a small part along v₁", start, |_, found| found[1] > 2.0 * found[0]),
    right(2, |step, _| if angle(step, 30) < angle(step, 0) { 0 } else { 1 }),
    are(2, "is multiplied by |λ₂/λ₁| = 0.8", |step| vec![rate(step)]),
    that(
        2,
        "At each step the orthogonal part is multiplied by",
        |step| {
            let across = |k: u64| math::sin(angle(step, k)) * of_log10(at(&step.model, k).log10_norm);
            (0..20).map(|k| across(k + 1) / across(k) - rate(step)).collect()
        },
        |_, found| found.iter().all(|off| off.abs() < 1e-9),
    ),
    that(
        2,
        "the part along v₁ keeps its length",
        |step| (0..20).map(|k| math::cos(angle(step, k)) * of_log10(at(&step.model, k).log10_norm)).collect(),
        |_, found| found.iter().all(|along| (along / found[0] - 1.0).abs() < 1e-9),
    ),
    are(2, "Two lengths, one of them multiplied by 0.8 at each step", |step| {
        let eigenvalues = &step.model.powers().eigenvalues;
        vec![start(step).len() as f64, eigenvalues.iter().filter(|lambda| **lambda != 1.0).count() as f64, rate(step)]
    }),
    that(
        3,
        "whose slope is the logarithm of the ratio",
        |step| vec![math::ln(angle(step, 30) / angle(step, 20)) / 10.0, math::ln(rate(step))],
        |_, found| (found[0] - found[1]).abs() < 1e-3,
    ),
    are(3, "Ten steps make the angle nine times smaller: 0.8¹⁰ is 0.11, and ln 0.8 is −0.22.", |step| {
        let ten = math::powf(rate(step), 10.0);
        vec![10.0, angle(step, 20) / angle(step, 30), rate(step), 10.0, ten, rate(step), math::ln(rate(step))]
    }),
    right(4, |step, answers| nearest(aligned(&step.model) / aligned(&before(step)), answers)),
    are(4, "About eleven times as long as with 0.8", |step| {
        vec![aligned(&step.model) / aligned(&before(step)), before(step).alignment().rate.expect("a gap")]
    }),
    that(
        4,
        "the number of steps is proportional to 1 / ln(λ₁/λ₂)",
        |step| {
            let steps = |model: &Model| aligned(model) * math::ln(1.0 / model.alignment().rate.expect("a gap"));
            vec![steps(&step.model) / steps(&before(step))]
        },
        // Steps are whole: one of 16 more or less.
        |said, found| (found[0] - said[0]).abs() < 1.0 / 16.0,
    ),
    are(4, "ln 0.8 / ln 0.98 is 11.05", |step| {
        let (old, new) = (before(step).alignment().rate.expect("a gap"), rate(step));
        vec![old, new, math::ln(old) / math::ln(new)]
    }),
    are(5, "The probability of alignment reaches 0.95 at k = 46", |step| {
        vec![1.0 - step.model.probability_config().delta, reached(&step.model)]
    }),
    that(
        5,
        "and rises to 1",
        |step| {
            let far = step.with("horizon=200");
            far.probability().points.iter().filter_map(|point| point.exact.map(|p| p.p)).collect()
        },
        |said, found| {
            found.windows(2).all(|pair| pair[0] <= pair[1]) && (said[0] - found[found.len() - 1]).abs() < 1e-6
        },
    ),
    are(6, "The same gap in 64 dimensions", |step| vec![step.model.alignment().size as f64]),
    that(
        6,
        "The same gap",
        |step| vec![rate(step), plane(step).alignment().rate.expect("a gap")],
        |_, found| (found[0] - found[1]).abs() < 1e-12,
    ),
    right(6, |step, answers| nearest(reached(&step.model) - reached(&plane(step)), answers)),
    are(6, "22 more: the probability reaches 0.95 at k = 68 instead of 46", |step| {
        let (here, plane) = (reached(&step.model), reached(&plane(step)));
        vec![here - plane, 1.0 - step.model.probability_config().delta, here, plane]
    }),
    are(7, "in 64 dimensions half of all random starts have less than 0.09 along v₁", |step| {
        let (here, below) = of_starts(&step.model);
        vec![step.model.alignment().size as f64, below, here]
    }),
    are(7, "in the plane half have more than 0.7", |step| {
        let (here, below) = of_starts(&plane(step));
        vec![1.0 - below, here]
    }),
    that(
        7,
        "of order 1/√n",
        |step| vec![of_starts(&step.model).0 * (step.model.alignment().size as f64).sqrt()],
        |said, found| (0.5..2.0).contains(&(found[0] / said[0])),
    ),
    are(8, "λ₂ = −1: as large as λ₁, with the other sign", |step| vec![step.value("eigenvalue-2")]),
    that(
        8,
        "as large as λ₁, with the other sign",
        |step| vec![step.value("eigenvalue-2"), step.value("eigenvalue-1")],
        |_, found| found[0] == -found[1],
    ),
    right(8, |step, _| usize::from(step.model.alignment().steps_to_align.is_none())),
    that(
        8,
        "the vector alternates between two directions for ever",
        |step| {
            let mut places: Vec<[f64; 3]> = step.model.alignment().points.iter().map(|point| point.place).collect();
            let alternates = places.windows(3).all(|p| near(&p[0], &p[2]) && !near(&p[0], &p[1]));
            places.truncate(2);
            vec![if alternates { places.len() as f64 } else { f64::NAN }]
        },
        |said, found| said == found,
    ),
    that(
        8,
        "Both have size 1",
        |step| vec![step.value("eigenvalue-1"), step.value("eigenvalue-2")],
        |said, found| found.iter().all(|lambda| lambda.abs() == said[0]),
    ),
    nothing(1, "a large one orthogonal"),
    nothing(7, "any given one"),
];

/// The lengths of x along v₁ and across.
fn start(step: &Step) -> Vec<f64> {
    step.model.alignment().start[..step.model.alignment().size].to_vec()
}

/// The median of what random starts have along v₁, and how many of them have less.
fn of_starts(model: &Model) -> (f64, f64) {
    let overlaps = &model.ensemble().overlaps;
    let median = median(overlaps);
    (median, overlaps.iter().filter(|overlap| **overlap < median).count() as f64 / overlaps.len() as f64)
}

fn near(a: &[f64; 3], b: &[f64; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9)
}
