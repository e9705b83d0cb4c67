//! tanh and σ of many numbers at once.
//!
//! ```text
//! tanh x = u / (u + 2),  u = e^(2x) - 1             σ(x) = 1 / (1 + e^-x) = e^x / (1 + e^x)
//! e^y - 1 = 2^n (e^r - 1) + (2^n - 1)               y = n ln 2 + r,  |r| <= ln(2) / 2,  e^r - 1 = r + r² q(r)
//! ```
//!
//! The sign of x is set aside, so that both are exactly symmetric and no exponential overflows. Both are relatively
//! accurate near zero and near 0 and ±1, because e^r - 1 is computed, not e^r. The integer n is rounded by adding a number so large that
//! its last bit is the unit, 2^n is made of n's bits, and ln 2 is split in two (Cody and Waite, "Software manual for the
//! elementary functions", 1980). q is the polynomial of least relative error of e^r - 1 (Remez exchange in 60 digits).
//! There is no branch and no call, so that a loop over a slice becomes vector instructions.

/// Writes the functions of one number type.
macro_rules! activations {
    (
        $real:ty, $bits:ty, $tanh:ident, $tanh_one:ident, $sigmoid:ident, $sigmoid_one:ident,
        expm1: $expm1:ident, power: $power:ident,
        round: $round:expr, ln_2: ($high:expr, $low:expr), saturated: $saturated:expr, vanished: $vanished:expr,
        polynomial: $polynomial:expr,
        tanh_error: $tanh_error:literal, sigmoid_error: $sigmoid_error:literal,
    ) => {
        /// n as bits below those of the rounding number, and e^r - 1, where y = n ln 2 + r.
        #[inline(always)]
        fn $expm1(y: $real) -> ($bits, $real) {
            const LOG2_E: $real = std::f64::consts::LOG2_E as $real;
            const POLYNOMIAL: &[$real] = &$polynomial;
            let rounded = y * LOG2_E + $round;
            let n = rounded - $round;
            let r = (y - n * $high) - n * $low;
            let mut q = POLYNOMIAL[POLYNOMIAL.len() - 1];
            for coefficient in POLYNOMIAL[..POLYNOMIAL.len() - 1].iter().rev() {
                q = q * r + *coefficient;
            }
            (rounded.to_bits(), r * r * q + r)
        }

        /// 2^n, for n as the lowest bits; the higher ones are lost.
        #[inline(always)]
        fn $power(n: $bits) -> $real {
            const BIAS: $bits = (<$real>::MAX_EXP - 1) as $bits;
            <$real>::from_bits(n.wrapping_add(BIAS) << (<$real>::MANTISSA_DIGITS - 1))
        }

        #[doc = concat!("tanh x, the same bits as [`", stringify!($tanh), "`].")]
        #[inline(always)]
        pub fn $tanh_one(x: $real) -> $real {
            // tanh of more rounds to 1. NaN is not more than anything and stays.
            let magnitude = if x.abs() > $saturated { $saturated } else { x.abs() };
            let (n, p) = $expm1(2.0 * magnitude);
            let scale = $power(n);
            let u = scale * p + (scale - 1.0);
            (u / (u + 2.0)).copysign(x)
        }

        /// x ← tanh x for each number.
        ///
        #[doc = $tanh_error]
        /// Odd, never beyond ±1, exactly ±1 from some magnitude on; keeps the sign of zero, and NaN.
        pub fn $tanh(values: &mut [$real]) {
            for x in values {
                *x = $tanh_one(*x);
            }
        }

        #[doc = concat!("σ(x), the same bits as [`", stringify!($sigmoid), "`].")]
        #[inline(always)]
        pub fn $sigmoid_one(x: $real) -> $real {
            let magnitude = if x.abs() > $vanished { $vanished } else { x.abs() };
            let (n, p) = $expm1(-magnitude);
            // 2^n may be too small for a normal number: two factors, each with half of n.
            let half = n >> 1;
            let e = (1.0 + p) * $power(half) * $power(n - half);
            let numerator = if x >= 0.0 { 1.0 } else { e };
            numerator / (1.0 + e)
        }

        /// x ← σ(x) = 1 / (1 + e^-x) for each number.
        ///
        #[doc = $sigmoid_error]
        /// Where e^x is subnormal, so is the result; keeps NaN.
        pub fn $sigmoid(values: &mut [$real]) {
            for x in values {
                *x = $sigmoid_one(*x);
            }
        }
    };
}

activations! {
    f32, u32, tanh_f32, tanh_one_f32, sigmoid_f32, sigmoid_one_f32,
    expm1: expm1_f32, power: power_of_two_f32,
    round: 12_582_912.0, ln_2: (355.0 / 512.0, -2.121_944_4e-4), saturated: 10.0, vanished: 104.0,
    polynomial: [0.499_999_98, 0.166_665_43, 0.041_667_2, 0.008_366_521, 0.001_388_252_1],
    tanh_error: "Within 3 units in the last place for every x.",
    sigmoid_error: "Within 3 units in the last place for every x.",
}

activations! {
    f64, u64, tanh_f64, tanh_one_f64, sigmoid_f64, sigmoid_one_f64,
    expm1: expm1_f64, power: power_of_two_f64,
    round: 6_755_399_441_055_744.0, ln_2: (6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10),
    saturated: 20.0, vanished: 746.0,
    polynomial: [
        0.5, 0.16666666666666677, 0.04166666666666651, 0.008333333333321691, 0.001388888888896237, 0.00019841269885966203,
        2.4801587172539887e-05, 2.7557244373912443e-06, 2.7557402641297776e-07, 2.510897897787505e-08, 2.0875330508583937e-09,
    ],
    tanh_error: "Within 5 units in the last place (measured: 4).",
    sigmoid_error: "Within 4 units in the last place (measured: 2).",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;

    /// |found - wanted| in units of the last place of an f32 of that size, which for the smallest is 2^-149.
    fn units_f32(found: f32, wanted: f64) -> f64 {
        let exponent = math::binary_exponent(wanted).unwrap_or(-126).max(-126);
        math::scale_by_power_of_two((f64::from(found) - wanted).abs(), 23 - exponent)
    }

    fn units_f64(found: f64, wanted: f64) -> f64 {
        let exponent = math::binary_exponent(wanted).unwrap_or(-1022).max(-1022);
        math::scale_by_power_of_two((found - wanted).abs(), 52 - exponent)
    }

    /// Numbers of both signs through all magnitudes, zero and infinity.
    fn all_f32() -> impl Iterator<Item = f32> {
        (0..=f32::INFINITY.to_bits()).step_by(4_099).chain([f32::INFINITY.to_bits()]).flat_map(|bits| {
            let x = f32::from_bits(bits);
            [x, -x]
        })
    }

    fn all_f64() -> impl Iterator<Item = f64> {
        let tiny = (0..=f64::INFINITY.to_bits()).step_by(1 << 45);
        let moderate = (1e-5f64.to_bits()..800f64.to_bits()).step_by(1_234_567_890_123);
        tiny.chain(moderate).chain([f64::INFINITY.to_bits()]).flat_map(|bits| {
            let x = f64::from_bits(bits);
            [x, -x]
        })
    }

    #[test]
    fn tanh_and_sigmoid_in_single_precision_are_as_near_as_they_say() {
        for x in all_f32() {
            let error = units_f32(tanh_one_f32(x), math::tanh(f64::from(x)));
            assert!(error < 3.0, "tanh {x:e}: {error}");
            let error = units_f32(sigmoid_one_f32(x), math::sigmoid(f64::from(x)));
            assert!(error < 3.0, "sigmoid {x:e}: {error}");
        }
    }

    #[test]
    fn tanh_and_sigmoid_in_double_precision_are_as_near_as_they_say() {
        for x in all_f64() {
            let error = units_f64(tanh_one_f64(x), math::tanh(x));
            assert!(error <= 5.0, "tanh {x:e}: {error}");
            let error = units_f64(sigmoid_one_f64(x), math::sigmoid(x));
            assert!(error <= 4.0, "sigmoid {x:e}: {error}");
        }
    }

    #[test]
    fn tanh_is_odd_within_one_and_saturates() {
        for x in all_f32() {
            let y = tanh_one_f32(x);
            assert_eq!(y.to_bits(), (-tanh_one_f32(-x)).to_bits(), "{x:e}");
            assert!(y.abs() <= 1.0 && (x.abs() < 10.0 || y.abs() == 1.0), "{x:e}");
        }
        for x in all_f64() {
            let y = tanh_one_f64(x);
            assert_eq!(y.to_bits(), (-tanh_one_f64(-x)).to_bits(), "{x:e}");
            assert!(y.abs() <= 1.0 && (x.abs() < 20.0 || y.abs() == 1.0), "{x:e}");
        }
    }

    #[test]
    fn the_smallest_numbers_and_zeros_of_both_signs_are_their_own_tanh() {
        for x in [0.0, -0.0, 1e-45, -1e-45, 1e-40, f32::MIN_POSITIVE, -1e-12] {
            assert_eq!(tanh_one_f32(x).to_bits(), x.to_bits(), "{x:e}");
        }
        for x in [0.0, -0.0, 5e-324, -5e-324, 1e-310, f64::MIN_POSITIVE, -1e-25] {
            assert_eq!(tanh_one_f64(x).to_bits(), x.to_bits(), "{x:e}");
        }
    }

    #[test]
    fn infinities_and_what_is_no_number() {
        assert_eq!([tanh_one_f32(f32::INFINITY), tanh_one_f32(f32::NEG_INFINITY)], [1.0, -1.0]);
        assert_eq!([tanh_one_f64(f64::INFINITY), tanh_one_f64(f64::NEG_INFINITY)], [1.0, -1.0]);
        assert_eq!([sigmoid_one_f32(f32::INFINITY), sigmoid_one_f32(f32::NEG_INFINITY)], [1.0, 0.0]);
        assert_eq!([sigmoid_one_f64(f64::INFINITY), sigmoid_one_f64(f64::NEG_INFINITY)], [1.0, 0.0]);
        assert!(tanh_one_f32(f32::NAN).is_nan() && sigmoid_one_f32(f32::NAN).is_nan());
        assert!(tanh_one_f64(f64::NAN).is_nan() && sigmoid_one_f64(f64::NAN).is_nan());
    }

    #[test]
    fn slices_of_every_length_hold_the_bits_of_one_number_at_a_time() {
        for length in 0..40 {
            let xs: Vec<f64> = (0..length).map(|i| 0.37 * f64::from(i) - 5.0).collect();
            let singles: Vec<f32> = xs.iter().map(|x| *x as f32).collect();
            let (mut tanh, mut sigmoid) = (xs.clone(), xs.clone());
            tanh_f64(&mut tanh);
            sigmoid_f64(&mut sigmoid);
            assert_eq!(tanh, xs.iter().map(|x| tanh_one_f64(*x)).collect::<Vec<_>>());
            assert_eq!(sigmoid, xs.iter().map(|x| sigmoid_one_f64(*x)).collect::<Vec<_>>());
            let (mut tanh, mut sigmoid) = (singles.clone(), singles.clone());
            tanh_f32(&mut tanh);
            sigmoid_f32(&mut sigmoid);
            assert_eq!(tanh, singles.iter().map(|x| tanh_one_f32(*x)).collect::<Vec<_>>());
            assert_eq!(sigmoid, singles.iter().map(|x| sigmoid_one_f32(*x)).collect::<Vec<_>>());
        }
    }
}
