//! One number instead of a matrix: a function applied again and again, and the slope of what comes of it.
//!
//! ```text
//! f(x) = κ x (1 - x),   f^k = f applied k times,   d f^k/dx (x_0) = Π_{i < k} f'(x_i),   f'(x) = κ (1 - 2x)
//! ```
//!
//! The logistic map (R. B. Grosse, lecture notes of CSC321 on exploding and vanishing gradients, 2017): below κ = 1 and between 1
//! and 3 the iterates settle on a point and f^k becomes flat; beyond 3.57 they are chaotic for most κ, and it becomes steep.
use crate::math;

/// κ goes from 0 to this: beyond it x leaves [0, 1].
pub const LARGEST_KAPPA: f64 = 4.0;

/// The most applications that are shown.
pub const MOST_TIMES: usize = 50;

/// The number of places at which f^k is known.
const POINTS: usize = 600;

/// What is iterated, from where, how often.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IteratedConfig {
    /// κ, from 0 to 4.
    pub kappa: f64,
    /// x_0, from 0 to 1.
    pub start: f64,
    /// How often f is applied.
    pub times: usize,
}

/// What comes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct IteratedStudy {
    /// x_0 … x_k.
    pub path: Vec<f64>,
    /// log10 |d f^i/dx| at x_0, for i = 0..=k; minus infinity where it is 0.
    pub slope_log10: Vec<f64>,
    /// (x, f^k(x)) at places from 0 to 1.
    pub curve: Vec<(f64, f64)>,
}

/// f(x).
pub fn apply(kappa: f64, x: f64) -> f64 {
    kappa * x * (1.0 - x)
}

/// Applies f.
pub fn run(config: &IteratedConfig) -> IteratedStudy {
    let IteratedConfig { kappa, start, times } = *config;
    let (mut path, mut slope_log10) = (vec![start], vec![0.0]);
    let (mut x, mut slope) = (start, 0.0);
    for _ in 0..times {
        slope += math::log10((kappa * (1.0 - 2.0 * x)).abs());
        x = apply(kappa, x);
        path.push(x);
        slope_log10.push(slope);
    }
    let place = |i: usize| i as f64 / POINTS as f64;
    let iterate = |x: f64| (0..times).fold(x, |x, _| apply(kappa, x));
    let curve = (0..=POINTS).map(|i| (place(i), iterate(place(i)))).collect();
    IteratedStudy { path, slope_log10, curve }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kappa: f64, start: f64, times: usize) -> IteratedStudy {
        run(&IteratedConfig { kappa, start, times })
    }

    #[test]
    fn the_slope_is_that_of_a_difference_quotient() {
        for (kappa, start, times) in [(3.5, 0.2, 6), (2.5, 0.7, 4), (3.9, 0.31, 8)] {
            let end = |x| *of(kappa, x, times).path.last().unwrap();
            let h = 1e-7;
            let quotient = (end(start + h) - end(start - h)) / (2.0 * h);
            let found = of(kappa, start, times).slope_log10[times];
            assert!((found - quotient.abs().log10()).abs() < 1e-5, "{kappa} {start} {times}: {found} {quotient}");
        }
    }

    #[test]
    fn it_flattens_where_the_iterates_settle_and_explodes_where_they_do_not() {
        assert!(of(0.9, 0.2, 50).slope_log10[50] < -2.0);
        assert!(of(2.5, 0.2, 50).slope_log10[50] < -14.0);
        // The largest Lyapunov exponent at κ = 4 is ln 2: a factor of 2 at every step.
        let slope = of(4.0, 0.2, 50).slope_log10[50] / 50.0;
        assert!((slope - 2f64.log10()).abs() < 0.05, "{slope}");
    }

    #[test]
    fn a_slope_of_zero_is_a_result() {
        let study = of(4.0, 0.5, 3);
        assert_eq!((study.path, study.slope_log10[3]), (vec![0.5, 1.0, 0.0, 0.0], f64::NEG_INFINITY));
    }
}
