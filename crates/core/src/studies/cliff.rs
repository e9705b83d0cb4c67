//! The cliff of a network with one unit, and two descents that meet it.
//!
//! ```text
//! x_t = w sigm(x_{t-1}) + b,   x_0 = 1/2,   E(w, b) = (sigm(x_50) - 0.7)²
//! dx_t/dw = sigm(x_{t-1}) + w sigm'(x_{t-1}) dx_{t-1}/dw        dx_t/db = 1 + w sigm'(x_{t-1}) dx_{t-1}/db
//! ```
//!
//! A fixed point x = w sigm(x) + b attracts where |w sigm'(x)| < 1. For w > 4 there are two attractors with a repeller between
//! them where b lies between the two fold lines
//!
//! ```text
//! w sigm'(x) = 1:   w = 1 / (s (1 - s)),   b = ln(s / (1 - s)) - w s,   s = sigm(x)
//! ```
//!
//! which meet in the cusp w = 4, b = -2. The cliff is where x_0 lies on the repeller: an E of one attractor on one side,
//! of the other on the other side, and in between every step multiplies the gradient by w sigm'(1/2) > 1:
//!
//! ```text
//! b = 1/2 - w sigm(1/2),   w > 1 / sigm'(1/2) = 4.2553...
//! ```
//!
//! From there down to the cusp the cliff goes along the fold line s > 1/2, where the attractor of x_0 disappears. After
//! 50 steps, which are not infinitely many, the steepest place lies a little beside the line: see [`steepest`].
//!
//! Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013), figure 6,
//! whose constants these are.
use crate::kernel;
use crate::math;

/// Time steps before the error is taken, as in the paper.
pub const STEPS: usize = 50;
/// x_0, as in the paper.
pub const START: f64 = 0.5;
/// What sigm(x_50) should be.
pub const TARGET: f64 = 0.7;
/// Where the fold lines meet: (w, b).
pub const CUSP: (f64, f64) = (4.0, -2.0);
/// The w that are looked at.
pub const SHOWN_W: (f64, f64) = (3.8, 5.8);
/// The b that are looked at: those of the cliff and the fold lines at these w.
pub const SHOWN_B: (f64, f64) = (-3.2, -1.7);
/// Steps of a descent at most.
pub const DESCENT: usize = 200;

/// The error at a place, and its exact gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slope {
    /// E = (sigm(x_50) - 0.7)², 0 to 0.49.
    pub error: f64,
    /// (dE/dw, dE/db).
    pub gradient: (f64, f64),
    /// sigm(x_50), between 0 and 1.
    pub output: f64,
}

impl Slope {
    /// The euclidean norm of the gradient.
    pub fn norm(&self) -> f64 {
        math::hypot(self.gradient.0, self.gradient.1)
    }
}

/// E and its gradient, accumulated forwards.
pub fn slope(w: f64, b: f64) -> Slope {
    let (mut x, mut dw, mut db) = (START, 0.0, 0.0);
    for _ in 0..STEPS {
        let s = math::sigmoid(x);
        let factor = w * s * (1.0 - s);
        (dw, db) = (s + factor * dw, 1.0 + factor * db);
        x = w * s + b;
    }
    let output = math::sigmoid(x);
    let distance = output - TARGET;
    let outer = 2.0 * distance * output * (1.0 - output);
    Slope { error: distance * distance, gradient: (outer * dw, outer * db), output }
}

/// x_0 .. x_50: 51 states.
pub fn orbit(w: f64, b: f64) -> Vec<f64> {
    let mut x = START;
    std::iter::once(x)
        .chain((0..STEPS).map(|_| {
            x = w * math::sigmoid(x) + b;
            x
        }))
        .collect()
}

/// x = w sigm(x) + b.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FixedPoint {
    /// The state x itself, between b and b + w.
    pub x: f64,
    /// w sigm'(x): by what a small distance from it is multiplied at each step.
    pub factor: f64,
}

impl FixedPoint {
    /// Whether states near it come nearer.
    pub fn attracts(&self) -> bool {
        self.factor.abs() < 1.0
    }
}

/// The fixed points in rising order: one or three (two where a fold line is met exactly).
pub fn fixed_points(w: f64, b: f64) -> Vec<FixedPoint> {
    let excess = |x: f64| w * math::sigmoid(x) + b - x;
    // All fixed points lie between b and b + w.
    let (low, high) = (b.min(b + w) - 1.0, b.max(b + w) + 1.0);
    // Between two places where w sigm' = 1 the excess rises or falls throughout.
    let mut ends = vec![low];
    if let Some((lower, upper)) = folds(w) {
        ends.extend([lower.x, upper.x].into_iter().filter(|x| *x > low && *x < high));
    }
    ends.push(high);
    let mut points: Vec<f64> = Vec::new();
    for pair in ends.windows(2) {
        let (from, to) = (excess(pair[0]), excess(pair[1]));
        if from == 0.0 || to != 0.0 && (from < 0.0) != (to < 0.0) {
            points.push(if from == 0.0 { pair[0] } else { zero_between(pair[0], pair[1], &excess) });
        }
    }
    points.dedup();
    let point = |x: f64| {
        let s = math::sigmoid(x);
        FixedPoint { x, factor: w * s * (1.0 - s) }
    };
    points.into_iter().map(point).collect()
}

/// A zero of a function that has one sign at `from` and the other at `to`, to the last bit.
fn zero_between(from: f64, to: f64, function: &dyn Fn(f64) -> f64) -> f64 {
    let (mut from, mut to) = (from, to);
    let negative = function(from) < 0.0;
    loop {
        let middle = from + (to - from) / 2.0;
        if middle <= from.min(to) || middle >= from.max(to) {
            return middle;
        }
        if (function(middle) < 0.0) == negative {
            from = middle;
        } else {
            to = middle;
        }
    }
}

/// A point of a fold line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fold {
    /// The fixed point at which an attractor and the repeller meet.
    pub x: f64,
    /// The b at which they do.
    pub b: f64,
}

/// Where attractors appear and disappear at this w: (x < 0: the larger b, x > 0: the smaller b). Between the two b there
/// are two attractors. `None` for w < 4: there is always one.
pub fn folds(w: f64) -> Option<(Fold, Fold)> {
    if w < CUSP.0 || !w.is_finite() {
        return None;
    }
    let root = (1.0 - 4.0 / w).sqrt();
    let fold = |sign: f64| {
        // s = (1 + sign root) / 2; ln(s / (1 - s)) = 2 artanh(sign root).
        let x = sign * (math::ln_1p(root) - math::ln_1p(-root));
        Fold { x, b: x - w * (1.0 + sign * root) / 2.0 }
    };
    Some((fold(-1.0), fold(1.0)))
}

/// The w from which on x_0 can lie on a repeller: 1 / sigm'(1/2).
pub fn cliff_begins() -> f64 {
    let s = math::sigmoid(START);
    1.0 / (s * (1.0 - s))
}

/// The b of the cliff at this w, for infinitely many steps; `None` for w < 4, where there is none.
pub fn cliff(w: f64) -> Option<f64> {
    let (_, upper) = folds(w)?;
    Some(if w < cliff_begins() { upper.b } else { START - w * math::sigmoid(START) })
}

/// The b at which the attractor gives exactly what is wanted, and E is next to 0; `None` where x_0 does not go there.
pub fn valley(w: f64) -> Option<f64> {
    let wanted = math::ln(TARGET / (1.0 - TARGET));
    let b = wanted - w * TARGET;
    let attracts = w * TARGET * (1.0 - TARGET) < 1.0;
    // Below the cliff x_0 goes to the other attractor.
    (attracts && cliff(w).is_none_or(|cliff| b > cliff)).then_some(b)
}

/// The w at which the valley runs into the cliff: both 1/2 and the wanted state are fixed points.
pub fn valley_ends() -> f64 {
    (math::ln(TARGET / (1.0 - TARGET)) - START) / (TARGET - math::sigmoid(START))
}

/// The steepest place of the cliff at this w.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steepest {
    /// The b at which the gradient is longest, at the given w.
    pub b: f64,
    /// The norm of the gradient there.
    pub norm: f64,
}

/// The b at which the gradient's norm is largest near the cliff. `None` where there is no cliff.
///
/// The face is far too thin to be found on a grid of b, but sigm(x_50) rises along it from the output of one attractor to
/// that of the other: so it is the output that is tried on a grid, and each output's b found by bisection.
pub fn steepest(w: f64) -> Option<Steepest> {
    /// Outputs sigm(x_50) that are tried, evenly between 0 and 1.
    const TRIED: usize = 64;
    /// How often the interval around the best one is divided.
    const DIVISIONS: usize = 24;
    let line = cliff(w)?;
    let at = |output: f64| {
        let b = zero_between(line - 1.0, line + 1.0, &|b| slope(w, b).output - output);
        Steepest { b, norm: slope(w, b).norm() }
    };
    let output = |i: usize| i as f64 / TRIED as f64;
    let better = |one: (f64, Steepest), two: (f64, Steepest)| if two.1.norm > one.1.norm { two } else { one };
    let mut best = (1..TRIED).map(|i| (output(i), at(output(i)))).reduce(better)?;
    let mut width = output(1) / 2.0;
    for _ in 0..DIVISIONS {
        let (middle, _) = best;
        for tried in [middle - width, middle + width] {
            best = better(best, (tried, at(tried)));
        }
        width /= 2.0;
    }
    Some(best.1)
}

/// E at the middles of the cells of a grid: row 0 has the largest b.
pub fn surface(w: (f64, f64), b: (f64, f64), rows: usize, columns: usize) -> Vec<f64> {
    let middle = |(from, to): (f64, f64), i: usize, count: usize| from + (to - from) * (i as f64 + 0.5) / count as f64;
    let ws: Vec<f64> = (0..columns).map(|column| middle(w, column, columns)).collect();
    (0..rows)
        .flat_map(|row| {
            let b = middle((b.1, b.0), row, rows);
            let mut x = vec![START; columns];
            for _ in 0..STEPS {
                kernel::sigmoid_f64(&mut x);
                x.iter_mut().zip(&ws).for_each(|(x, w)| *x = w * *x + b);
            }
            kernel::sigmoid_f64(&mut x);
            x.into_iter().map(|output| (output - TARGET) * (output - TARGET))
        })
        .collect()
}

/// Two descents from the same place.
#[derive(Clone, Debug, PartialEq)]
pub struct CliffConfig {
    /// (w, b) at the start.
    pub start: (f64, f64),
    /// The learning rate.
    pub rate: f64,
    /// The longest gradient that is let through in the clipped one.
    pub threshold: f64,
    /// How many steps both go.
    pub steps: usize,
}

/// A place on a descent, and the step from there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// w: the recurrent weight.
    pub w: f64,
    /// b: the bias of the unit.
    pub b: f64,
    /// E at this (w, b).
    pub error: f64,
    /// The norm of the gradient there, before any clipping.
    pub norm: f64,
    /// How far the step from there goes.
    pub stride: f64,
}

/// What both descents pass: the start and one stop after each step.
#[derive(Clone, Debug, PartialEq)]
pub struct CliffStudy {
    /// Plain gradient descent.
    pub unclipped: Vec<Stop>,
    /// With the gradient cut to the threshold where it is longer.
    pub clipped: Vec<Stop>,
}

/// Runs both descents from the same start, for the same number of steps.
pub fn run(config: &CliffConfig) -> CliffStudy {
    CliffStudy { unclipped: descend(config, f64::INFINITY), clipped: descend(config, config.threshold) }
}

/// (w, b) ← (w, b) - rate · min(1, threshold / ‖g‖) g. A gradient beyond the range of numbers is a result: what comes
/// after it is undefined.
fn descend(config: &CliffConfig, threshold: f64) -> Vec<Stop> {
    let (mut w, mut b) = config.start;
    let stop = |_| {
        let here = slope(w, b);
        let norm = here.norm();
        let factor = config.rate * if norm > threshold { threshold / norm } else { 1.0 };
        let stop = Stop { w, b, error: here.error, norm, stride: factor * norm };
        (w, b) = (w - factor * here.gradient.0, b - factor * here.gradient.1);
        stop
    };
    (0..=config.steps).map(stop).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_is_that_of_the_error() {
        for (w, b) in [(5.0, -2.4), (4.3, -2.1), (3.0, 0.5), (-2.0, 0.3), (4.5, -2.31)] {
            let at = slope(w, b);
            let h = 1e-6;
            let by_w = (slope(w + h, b).error - slope(w - h, b).error) / (2.0 * h);
            let by_b = (slope(w, b + h).error - slope(w, b - h).error) / (2.0 * h);
            // Central differences of a step this long.
            let near = |found: f64, wanted: f64| (found - wanted).abs() < 1e-6 * (1.0 + at.norm());
            assert!(near(at.gradient.0, by_w) && near(at.gradient.1, by_b), "{w} {b}: {at:?} {by_w} {by_b}");
        }
    }

    #[test]
    fn the_steepest_places_of_the_cliff_have_their_known_norms() {
        // From another program, with as many digits as are given.
        let known = [(4.5, -2.30297, 157.0, 0.005), (5.0, -2.61234, 6.77e3, 0.001), (6.0, -3.234_76, 2.0e7, 0.025)];
        for (w, b, norm, rounding) in known {
            let found = steepest(w).unwrap();
            assert!((found.b - b).abs() < 6e-6, "{w}: {found:?}");
            assert!((found.norm / norm - 1.0).abs() < rounding, "{w}: {found:?}");
        }
        assert_eq!(steepest(3.9), None);
    }

    #[test]
    fn one_step_from_the_cliff_is_thousands_of_times_longer_without_clipping() {
        let b = steepest(5.0).unwrap().b;
        let study = run(&CliffConfig { start: (5.0, b), rate: 0.01, threshold: 1.0, steps: 1 });
        assert!((study.unclipped[0].stride - 67.7).abs() < 0.1, "{:?}", study.unclipped[0]);
        assert!((study.clipped[0].stride - 0.01).abs() < 1e-15, "{:?}", study.clipped[0]);
    }

    #[test]
    fn on_the_cliff_the_start_is_the_repeller_and_stays() {
        for w in [4.3, 5.0, 6.0] {
            let b = cliff(w).unwrap();
            let points = fixed_points(w, b);
            assert_eq!(points.len(), 3, "{w}");
            assert!((points[1].x - START).abs() < 1e-13 && !points[1].attracts(), "{w}: {points:?}");
            assert!(points[0].attracts() && points[2].attracts(), "{w}: {points:?}");
            // Beside it the start goes to the attractor of its side.
            let end = |b: f64| orbit(w, b)[STEPS];
            let (below, above) = (fixed_points(w, b - 0.05), fixed_points(w, b + 0.05));
            assert!((end(b - 0.05) - below[0].x).abs() < 0.05, "{w}: {below:?}");
            assert!((end(b + 0.05) - above[above.len() - 1].x).abs() < 0.05, "{w}: {above:?}");
        }
    }

    #[test]
    fn there_are_two_attractors_between_the_fold_lines_and_one_elsewhere() {
        let (lower, upper) = folds(5.0).unwrap();
        assert!((upper.b + 2.655_610).abs() < 1e-6 && (lower.b + 2.344_390).abs() < 1e-6, "{lower:?} {upper:?}");
        let attractors = |b: f64| fixed_points(5.0, b).iter().filter(|point| point.attracts()).count();
        assert_eq!([upper.b - 0.01, upper.b + 0.01, lower.b - 0.01, lower.b + 0.01].map(attractors), [1, 2, 2, 1]);
        assert_eq!(folds(3.99), None);
        let (lower, upper) = folds(4.0).unwrap();
        assert_eq!((lower.b, upper.b), (CUSP.1, CUSP.1));
    }

    #[test]
    fn the_cliff_line_leaves_the_fold_line_where_the_start_becomes_a_repeller() {
        let w = cliff_begins();
        assert!((w - 4.2553).abs() < 5e-5, "{w}");
        let (_, upper) = folds(w).unwrap();
        assert!((upper.x - START).abs() < 1e-12 && (cliff(w).unwrap() - upper.b).abs() < 1e-12);
        assert!((cliff(5.0).unwrap() - (0.5 - 5.0 * 0.622_459)).abs() < 5e-6);
    }

    #[test]
    fn in_the_valley_the_error_is_next_to_nothing_and_it_runs_into_the_cliff() {
        for w in [3.0, 3.8, 4.1, 4.3] {
            let error = slope(w, valley(w).unwrap()).error;
            assert!(error < 1e-4, "{w}: {error}");
        }
        let end = valley_ends();
        assert!((end - 4.479).abs() < 1e-3, "{end}");
        assert!(valley(end - 1e-6).is_some() && valley(end + 1e-6).is_none() && valley(5.0).is_none());
        assert!((slope(end, cliff(end).unwrap()).output - math::sigmoid(START)).abs() < 1e-9);
    }

    #[test]
    fn the_surface_holds_the_error_at_the_middle_of_each_cell() {
        let found = surface((4.0, 6.0), (-3.0, -2.0), 4, 8);
        for (row, column) in [(0, 0), (1, 5), (3, 7)] {
            let (w, b) = (4.0 + 0.25 * (column as f64 + 0.5), -2.0 - 0.25 * (row as f64 + 0.5));
            let wanted = slope(w, b).error;
            assert!((found[8 * row + column] - wanted).abs() < 1e-9, "{row} {column}");
        }
    }

    #[test]
    fn clipping_keeps_the_direction_and_leaves_short_gradients_alone() {
        let config = CliffConfig { start: (5.0, -2.4), rate: 0.1, threshold: 0.05, steps: 1 };
        let study = run(&config);
        let way = |stops: &[Stop]| (stops[1].w - stops[0].w, stops[1].b - stops[0].b);
        let (plain, clipped) = (way(&study.unclipped), way(&study.clipped));
        assert!((plain.0 * clipped.1 - plain.1 * clipped.0).abs() < 1e-15, "{plain:?} {clipped:?}");
        assert!((math::hypot(clipped.0, clipped.1) - 0.005).abs() < 1e-15);
        let long = run(&CliffConfig { threshold: 1.0, ..config });
        assert_eq!(long.clipped[1], long.unclipped[1]);
    }

    #[test]
    fn a_place_beyond_the_range_of_numbers_is_a_result_and_no_panic() {
        let study = run(&CliffConfig { start: (1e300, -5e299), rate: 1.0, threshold: 1.0, steps: 3 });
        assert_eq!(study.unclipped.len(), 4);
        assert!(fixed_points(-8.0, 4.0).len() == 1 && fixed_points(0.0, 1.0)[0].x == 1.0);
    }
}
