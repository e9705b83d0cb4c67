//! The error surface of a network of one unit, its cliff, and two descents on it: without and with clipping.
//!
//! ```text
//! x_t = w σ(x_{t-1}) + b,  x_0 = 1/2,  E = (σ(x_50) - 0.7)²
//! dx_t/dw = σ(x_{t-1}) + w σ'(x_{t-1}) dx_{t-1}/dw,   dx_t/db = 1 + w σ'(x_{t-1}) dx_{t-1}/db
//! ```
//!
//! Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013), section 2.3 and figure 6.
//! Where x ↦ w σ(x) + b has two attractors, a repeller lies between them, and x_50 depends on which side of it x_0 lies.
//! The cliff is where the repeller is x_0 itself:
//!
//! ```text
//! 1/2 = w σ(1/2) + b  ⇔  b = 1/2 - 0.622459... w,   a repeller for w σ'(1/2) > 1  ⇔  w > 4.2553...
//! ```
//!
//! The gradient is largest about 1e-4 beside that line, so that an even grid misses it: the line is drawn as such.
use crate::math;

/// Steps of the network.
pub const STEPS: usize = 50;
/// x_0.
const START: f64 = 0.5;
/// What σ(x_50) should be.
const TARGET: f64 = 0.7;

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct CliffConfig {
    /// Where both descents begin: (w, b).
    pub start: (f64, f64),
    /// η.
    pub learning_rate: f64,
    /// The norm to which the second descent clips.
    pub threshold: f64,
    /// Updates of each descent.
    pub updates: usize,
}

/// E at a point, and its gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErrorAt {
    /// E.
    pub error: f64,
    /// (dE/dw, dE/db).
    pub gradient: (f64, f64),
    /// x_50.
    pub last: f64,
}

/// A point of a descent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CliffPoint {
    /// w.
    pub w: f64,
    /// b.
    pub b: f64,
    /// E there.
    pub error: f64,
    /// ‖(dE/dw, dE/db)‖ there.
    pub gradient_norm: f64,
    /// How far the next step goes.
    pub step: f64,
}

/// Both descents.
#[derive(Clone, Debug, PartialEq)]
pub struct CliffStudy {
    /// Plain gradient descent.
    pub plain: Vec<CliffPoint>,
    /// With the gradient clipped to the threshold.
    pub clipped: Vec<CliffPoint>,
}

/// E and its gradient at (w, b).
pub fn error(w: f64, b: f64) -> ErrorAt {
    let (mut x, mut dw, mut db) = (START, 0.0, 0.0);
    for _ in 0..STEPS {
        let s = math::sigmoid(x);
        let slope = w * s * (1.0 - s);
        dw = s + slope * dw;
        db = 1.0 + slope * db;
        x = w * s + b;
    }
    let s = math::sigmoid(x);
    // Where σ is flat to the last bit the gradient is zero, however large dx/dw has become.
    let outer = 2.0 * (s - TARGET) * s * (1.0 - s);
    let through = |inner: f64| if outer == 0.0 { 0.0 } else { outer * inner };
    ErrorAt { error: (s - TARGET) * (s - TARGET), gradient: (through(dw), through(db)), last: x }
}

/// The b of the cliff at a w; `None` where x_0 is no repeller there and the surface is smooth.
pub fn cliff(w: f64) -> Option<f64> {
    let s = math::sigmoid(START);
    (w * s * (1.0 - s) > 1.0).then_some(START - w * s)
}

/// The smallest and the largest b for which x ↦ w σ(x) + b has two attractors; `None` for w ≤ 4, where it never has.
///
/// At the ends two fixed points merge: w σ'(x) = 1, σ(x) = (1 ± √(1 - 4/w))/2, b = x - w σ(x).
pub fn two_attractors(w: f64) -> Option<(f64, f64)> {
    if w <= 4.0 {
        return None;
    }
    let root = (1.0 - 4.0 / w).sqrt();
    let b = |s: f64| math::ln(s / (1.0 - s)) - w * s;
    let (one, other) = (b(0.5 * (1.0 + root)), b(0.5 * (1.0 - root)));
    Some((one.min(other), one.max(other)))
}

/// The fixed points of x ↦ w σ(x) + b in rising order, and whether each attracts.
pub fn fixed_points(w: f64, b: f64) -> Vec<(f64, bool)> {
    // All lie between b and w + b. Every sign change on a fine grid is halved until it is a number.
    let (low, high) = (b.min(w + b) - 1.0, b.max(w + b) + 1.0);
    let f = |x: f64| w * math::sigmoid(x) + b - x;
    const GRID: usize = 2_000;
    let place = |i: usize| low + (high - low) * i as f64 / GRID as f64;
    let mut found = Vec::new();
    for i in 0..GRID {
        let (mut left, mut right) = (place(i), place(i + 1));
        if f(left) == 0.0 || f(left) * f(right) >= 0.0 {
            if f(left) != 0.0 {
                continue;
            }
            right = left;
        }
        for _ in 0..80 {
            let middle = 0.5 * (left + right);
            if f(left) * f(middle) <= 0.0 {
                right = middle;
            } else {
                left = middle;
            }
        }
        let s = math::sigmoid(left);
        found.push((left, w * s * (1.0 - s) < 1.0));
    }
    found
}

/// x_0, x_1, ... x_50.
pub fn orbit(w: f64, b: f64) -> Vec<f64> {
    let mut x = START;
    let mut orbit = vec![x];
    for _ in 0..STEPS {
        x = w * math::sigmoid(x) + b;
        orbit.push(x);
    }
    orbit
}

/// Both descents from the start.
pub fn run(config: &CliffConfig) -> CliffStudy {
    CliffStudy { plain: descent(config, f64::INFINITY), clipped: descent(config, config.threshold) }
}

fn descent(config: &CliffConfig, threshold: f64) -> Vec<CliffPoint> {
    let (mut w, mut b) = config.start;
    let mut points = Vec::with_capacity(config.updates + 1);
    for _ in 0..=config.updates {
        let at = error(w, b);
        let (dw, db) = at.gradient;
        let gradient_norm = (dw * dw + db * db).sqrt();
        let factor = if gradient_norm > threshold { threshold / gradient_norm } else { 1.0 };
        let rate = config.learning_rate * factor;
        points.push(CliffPoint { w, b, error: at.error, gradient_norm, step: rate * gradient_norm });
        w -= rate * dw;
        b -= rate * db;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_is_the_slope_of_the_error() {
        for (w, b) in [(5.0, -2.8), (3.0, -1.0), (6.0, -3.4), (4.5, -2.31)] {
            let at = error(w, b);
            let h = 1e-6;
            let dw = (error(w + h, b).error - error(w - h, b).error) / (2.0 * h);
            let db = (error(w, b + h).error - error(w, b - h).error) / (2.0 * h);
            let near = |found: f64, slope: f64| (found - slope).abs() < 1e-5 * (1.0 + slope.abs());
            assert!(near(at.gradient.0, dw) && near(at.gradient.1, db), "{w} {b}: {at:?} {dw} {db}");
        }
    }

    /// The largest gradient norm beside the cliff at a w.
    fn highest(w: f64) -> f64 {
        let line = cliff(w).expect("a cliff");
        let norm = |b: f64| {
            let (dw, db) = error(w, b).gradient;
            (dw * dw + db * db).sqrt()
        };
        (-20_000..20_000).map(|i| norm(line + f64::from(i) * 1e-7)).fold(0.0, f64::max)
    }

    #[test]
    fn the_gradient_beside_the_cliff_has_its_known_size() {
        // Known values: 157 at w = 4.5, 6.77e3 at w = 5, 2.0e7 at w = 6 (where the spike is narrower than this grid).
        assert!((highest(4.5) / 157.0 - 1.0).abs() < 0.01, "{}", highest(4.5));
        assert!((highest(5.0) / 6.77e3 - 1.0).abs() < 0.01, "{}", highest(5.0));
        // A step of 0.01 times that is 67.7 long, and 0.01 when clipped to 1.
        let at = error(5.0, -2.61234);
        let norm = (at.gradient.0.powi(2) + at.gradient.1.powi(2)).sqrt();
        assert!((0.01 * norm - 67.7).abs() < 0.7, "{norm}");
    }

    #[test]
    fn the_cliff_begins_where_the_start_becomes_a_repeller_and_lies_between_the_folds() {
        assert!(cliff(4.25).is_none() && cliff(4.256).is_some());
        for w in [4.3, 5.0, 6.5] {
            let (low, high) = two_attractors(w).expect("two attractors");
            let line = cliff(w).expect("a cliff");
            assert!(low < line && line < high, "{w}");
            let points = fixed_points(w, line);
            assert_eq!(points.iter().map(|point| point.1).collect::<Vec<_>>(), [true, false, true], "{w}");
            assert!((points[1].0 - 0.5).abs() < 1e-9);
            assert_eq!(fixed_points(w, high + 0.1).len(), 1);
        }
    }

    #[test]
    fn from_the_usual_start_one_descent_is_thrown_off_and_the_other_walks_down() {
        let config = CliffConfig { start: (5.0, -2.7), learning_rate: 0.01, threshold: 1.0, updates: 100 };
        let CliffStudy { plain, clipped } = run(&config);
        let longest = |points: &[CliffPoint]| points.iter().map(|point| point.step).fold(0.0, f64::max);
        assert!(longest(&plain) > 5.0 && longest(&clipped) <= 0.01 * (1.0 + 1e-12));
        assert!(clipped.iter().any(|point| point.error < 0.01) && plain.last().is_some_and(|point| point.error > 0.08));
        assert_eq!(plain[..20], clipped[..20]);
    }

    #[test]
    fn far_out_the_surface_is_flat_and_nothing_is_undefined() {
        for (w, b) in [(1e3, 1e3), (-1e3, 5.0), (1e300, -1e300), (0.0, 0.0)] {
            let at = error(w, b);
            assert!(at.error.is_finite() && at.gradient.0.is_finite() && at.gradient.1.is_finite(), "{w} {b} {at:?}");
        }
    }
}
