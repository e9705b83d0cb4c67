//! The only door to transcendental functions: `libm`, the same bits on every platform.
//!
//! The functions of the standard library differ between platforms in their last bits, and a training run amplifies a
//! last bit to a different curve. clippy.toml forbids them; these take their place. `sqrt`, `abs` and the four
//! operations are exact by IEEE 754 and need no door.
pub use std::f64::consts::{LN_2, LN_10, PI};

/// e^x: infinite above 709.78, zero below -745.13.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// e^x - 1, right near zero.
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// Natural logarithm; `ln(0) = -inf`, `ln(x < 0) = NaN`.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// ln(1 + x), right near zero.
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// Logarithm to base 10.
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// x^y; NaN for x < 0 with a y that is not whole.
pub fn powf(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// The sine of x radians.
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// The cosine of x radians.
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// The tangent of x radians.
pub fn tan(x: f64) -> f64 {
    libm::tan(x)
}

/// Angle of the point (x, y), in -π..=π.
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// The angle in -π/2..=π/2 whose tangent is x.
pub fn atan(x: f64) -> f64 {
    libm::atan(x)
}

/// Hyperbolic tangent.
pub fn tanh(x: f64) -> f64 {
    libm::tanh(x)
}

/// sqrt(x² + y²) without overflow.
pub fn hypot(x: f64, y: f64) -> f64 {
    libm::hypot(x, y)
}

/// 1 / (1 + e^-x), without overflow at either end.
pub fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + exp(-x))
    } else {
        let e = exp(x);
        e / (1.0 + e)
    }
}

/// 2^exponent times x, exact while the result is a normal number; saturates to 0 and infinity.
pub fn scale_by_power_of_two(x: f64, exponent: i64) -> f64 {
    libm::scalbn(x, exponent.clamp(-4_200, 4_200) as i32)
}

/// The exponent e with 2^e <= |x| < 2^(e+1); `None` for zero, infinity and NaN.
pub fn binary_exponent(x: f64) -> Option<i64> {
    (x != 0.0 && x.is_finite()).then(|| i64::from(libm::ilogb(x)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sigmoid_is_finite_and_symmetric_at_both_ends() {
        assert_eq!(sigmoid(-800.0), 0.0);
        assert_eq!(sigmoid(800.0), 1.0);
        assert!((sigmoid(1.5) + sigmoid(-1.5) - 1.0).abs() < 1e-16);
    }

    #[test]
    fn powers_of_two_move_exactly() {
        assert_eq!(scale_by_power_of_two(0.75, 10), 768.0);
        assert_eq!(scale_by_power_of_two(1.0, 5_000), f64::INFINITY);
        assert_eq!(scale_by_power_of_two(1.0, -5_000), 0.0);
        assert_eq!(binary_exponent(768.0), Some(9));
        assert_eq!(binary_exponent(0.0), None);
    }
}
