//! The norm and the dot product of vectors, accurate where the plain sums overflow or cancel.
use crate::scaled::largest_magnitude;

/// ‖x‖₂ = sqrt(Σ x_i²), without overflow or underflow of the squares.
pub fn euclidean_norm(x: &[f64]) -> f64 {
    let largest = largest_magnitude(x);
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * x.iter().map(|value| (value / largest) * (value / largest)).sum::<f64>().sqrt()
}

/// <x, y> as if computed in twice the working precision (Ogita, Rump and Oishi 2005, algorithm Dot2).
pub fn accurate_dot(x: &[f64], y: &[f64]) -> f64 {
    let (mut sum, mut compensation) = (0.0, 0.0);
    for (a, b) in x.iter().zip(y) {
        let (product, product_error) = two_product(*a, *b);
        let (next, sum_error) = two_sum(sum, product);
        sum = next;
        compensation += product_error + sum_error;
    }
    if compensation.is_finite() { sum + compensation } else { sum }
}

/// a + b = sum + error exactly (Knuth).
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// a * b = product + error exactly (Dekker, Veltkamp's splitting).
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let split = |x: f64| {
        let c = 134_217_729.0 * x;
        let high = c - (c - x);
        (high, x - high)
    };
    let product = a * b;
    let ((a1, a2), (b1, b2)) = (split(a), split(b));
    (product, a2 * b2 - (((product - a1 * b1) - a2 * b1) - a1 * b2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_norm_survives_squares_outside_the_range() {
        for scale in [1e200, 1e-200] {
            assert!((euclidean_norm(&[3.0 * scale, 4.0 * scale]) / (5.0 * scale) - 1.0).abs() < 1e-15);
        }
        assert_eq!(euclidean_norm(&[]), 0.0);
        assert_eq!(euclidean_norm(&[f64::INFINITY]), f64::INFINITY);
    }

    #[test]
    fn the_accurate_dot_product_survives_cancellation() {
        assert_eq!(accurate_dot(&[1e16, 1.0, -1e16], &[1.0, 1.0, 1.0]), 1.0);
    }
}
