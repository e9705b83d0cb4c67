//! tanh and σ of many numbers at once.
//!
//! ```text
//! tanh x = u / (u + 2),  u = e^(2x) - 1             sigm(x) = 1 / (1 + e^-x) = e^x / (1 + e^x)
//! e^y - 1 = 2^n (e^r - 1) + (2^n - 1)               y = n ln 2 + r,  |r| <= ln(2) / 2,  e^r - 1 = r + r² q(r)
//! ```
//!
//! The sign of x is set aside: tanh is exactly odd, and no exponential overflows. e^r - 1 is computed and not e^r, so
//! that tanh is relatively accurate near zero. The integer n is rounded by adding a number so large that its last bit
//! is the unit, and 2^n is made of n's bits; ln 2 is split in two, so that n times its first part is exact (Cody and
//! Waite, "Software manual for the elementary functions", 1980). q is the polynomial of least relative error for
//! e^r - 1, found by Remez's exchange in 60 digits; its even and odd parts are two short chains of operations instead
//! of one. There is no branch and no call on the way of a number, so that the loops become vector instructions.

/// How many numbers are taken through one stage of a function before the next: so few that they stay near, so many that
/// the processor works on several at a time instead of waiting for one after the other.
const CHUNK: usize = 64;

/// Applies `function` to all numbers, the last ones filled up with zeros.
fn in_chunks<T: Copy + Default>(values: &mut [T], function: fn(&mut [T; CHUNK])) {
    let (chunks, rest) = values.as_chunks_mut();
    chunks.iter_mut().for_each(function);
    if !rest.is_empty() {
        let mut chunk = [T::default(); CHUNK];
        chunk[..rest.len()].copy_from_slice(rest);
        function(&mut chunk);
        rest.copy_from_slice(&chunk[..rest.len()]);
    }
}

/// Writes the functions of one number type: its rounding number is 1.5 * 2^(MANTISSA_DIGITS - 1), tanh of `saturated`
/// is rounded to 1 and e^-`vanished` to 0.
macro_rules! activations {
    (
        $real:ty, $bits:ty, $tanh:ident, $tanh_one:ident, $sigmoid:ident, $sigmoid_one:ident, $parts:ident,
        round: $round:expr, ln_2: ($high:expr, $low:expr), saturated: $saturated:expr, vanished: $vanished:expr,
        polynomial: $polynomial:expr,
        tanh_error: $tanh_error:literal, sigmoid_error: $sigmoid_error:literal,
    ) => {
        mod $parts {
            /// The coefficients of q, by pairs.
            const POLYNOMIAL: &[[$real; 2]] = &$polynomial;

            /// The lesser of |x| and a limit; NaN for NaN.
            #[inline(always)]
            pub fn magnitude(x: $real, limit: $real) -> $real {
                if x.abs() > limit { limit } else { x.abs() }
            }

            /// r, and n as the lowest bits, where y = n ln 2 + r.
            #[inline(always)]
            pub fn reduce(y: $real) -> ($real, $bits) {
                const LOG2_E: $real = std::f64::consts::LOG2_E as $real;
                let rounded = y * LOG2_E + $round;
                let n = rounded - $round;
                ((y - n * $high) - n * $low, rounded.to_bits())
            }

            /// e^r - 1 for |r| ≤ ln 2 / 2, by a polynomial in r.
            #[inline(always)]
            pub fn expm1(r: $real) -> $real {
                let square = r * r;
                let [mut even, mut odd] = POLYNOMIAL[POLYNOMIAL.len() - 1];
                for [of_even, of_odd] in POLYNOMIAL[..POLYNOMIAL.len() - 1].iter().rev() {
                    even = even * square + *of_even;
                    odd = odd * square + *of_odd;
                }
                (odd * r + even) * square + r
            }

            /// 2^n, for n as the lowest bits; the higher ones are lost.
            #[inline(always)]
            pub fn power_of_two(n: $bits) -> $real {
                const BIAS: $bits = (<$real>::MAX_EXP - 1) as $bits;
                <$real>::from_bits(n.wrapping_add(BIAS) << (<$real>::MANTISSA_DIGITS - 1))
            }

            /// e^y - 1, for n >= 0.
            #[inline(always)]
            pub fn scaled_expm1(r: $real, n: $bits) -> $real {
                let power = power_of_two(n);
                power * expm1(r) + (power - 1.0)
            }

            /// e^y, however small.
            #[inline(always)]
            pub fn scaled_exp(r: $real, n: $bits) -> $real {
                // 2^n may be too small for a normal number: two factors, each with half of n.
                let half = n >> 1;
                (1.0 + expm1(r)) * power_of_two(half) * power_of_two(n - half)
            }

            /// tanh x from u = e^|2x| - 1.
            #[inline(always)]
            pub fn tanh(x: $real, u: $real) -> $real {
                (u / (u + 2.0)).copysign(x)
            }

            /// sigm(x) from e = e^-|x|.
            #[inline(always)]
            pub fn sigmoid(x: $real, e: $real) -> $real {
                (if x >= 0.0 { 1.0 } else { e }) / (1.0 + e)
            }
        }

        #[doc = concat!("tanh x, the same bits as [`", stringify!($tanh), "`].")]
        #[inline]
        pub fn $tanh_one(x: $real) -> $real {
            let (r, n) = $parts::reduce(2.0 * $parts::magnitude(x, $saturated));
            $parts::tanh(x, $parts::scaled_expm1(r, n))
        }

        /// x ← tanh x for each number.
        ///
        #[doc = $tanh_error]
        /// Odd, never beyond ±1, ±1 at the latest from 10 (f32) or 20 (f64) on; zeros keep their sign, and NaN is kept.
        #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
        pub fn $tanh(values: &mut [$real]) {
            in_chunks(values, |x| {
                let (mut r, mut n) = ([0.0; CHUNK], [0; CHUNK]);
                for i in 0..CHUNK {
                    (r[i], n[i]) = $parts::reduce(2.0 * $parts::magnitude(x[i], $saturated));
                }
                for i in 0..CHUNK {
                    r[i] = $parts::scaled_expm1(r[i], n[i]);
                }
                for i in 0..CHUNK {
                    x[i] = $parts::tanh(x[i], r[i]);
                }
            });
        }

        #[doc = concat!("sigm(x), the same bits as [`", stringify!($sigmoid), "`].")]
        #[inline]
        pub fn $sigmoid_one(x: $real) -> $real {
            let (r, n) = $parts::reduce(-$parts::magnitude(x, $vanished));
            $parts::sigmoid(x, $parts::scaled_exp(r, n))
        }

        /// x ← sigm(x) = 1 / (1 + e^-x) for each number.
        ///
        #[doc = $sigmoid_error]
        /// Where e^x is subnormal, so is the result; NaN is kept.
        #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
        pub fn $sigmoid(values: &mut [$real]) {
            in_chunks(values, |x| {
                let (mut r, mut n) = ([0.0; CHUNK], [0; CHUNK]);
                for i in 0..CHUNK {
                    (r[i], n[i]) = $parts::reduce(-$parts::magnitude(x[i], $vanished));
                }
                for i in 0..CHUNK {
                    r[i] = $parts::scaled_exp(r[i], n[i]);
                }
                for i in 0..CHUNK {
                    x[i] = $parts::sigmoid(x[i], r[i]);
                }
            });
        }
    };
}

activations! {
    f32, u32, tanh_f32, tanh_one_f32, sigmoid_f32, sigmoid_one_f32, parts_f32,
    round: 12_582_912.0, ln_2: (355.0 / 512.0, -2.121_944_4e-4), saturated: 10.0, vanished: 104.0,
    // Relative error 2.4e-10.
    polynomial: [[0.5, 0.166_666_66], [0.041_666_362, 0.008_333_39], [0.001_394_062_8, 0.000_198_458_79]],
    tanh_error: "Within 2.5 units in the last place (2.45 at worst, of all numbers from 2^-14 on).",
    sigmoid_error: "Within 2.5 units in the last place (2.41 at worst, of all numbers from 2^-14 on).",
}

activations! {
    f64, u64, tanh_f64, tanh_one_f64, sigmoid_f64, sigmoid_one_f64, parts_f64,
    round: 6_755_399_441_055_744.0, ln_2: (6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10),
    saturated: 20.0, vanished: 746.0,
    // Relative error 1.8e-17.
    polynomial: [
        [0.500_000_000_000_000_6, 0.166_666_666_666_665_88],
        [0.041_666_666_666_576_76, 0.008_333_333_333_389_552],
        [0.001_388_888_893_156_484_6, 0.000_198_412_697_190_053_43],
        [2.480_150_527_382_725_3e-5, 2.755_740_754_502_075_8e-6],
        [2.762_603_787_615_894e-7, 2.505_377_397_569_170_7e-8],
    ],
    tanh_error: "Within 3 units in the last place (2.5 at worst, of samples in 40 digits).",
    sigmoid_error: "Within 3 units in the last place (2.0 at worst, of samples in 40 digits).",
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
            assert!(error < 2.5, "tanh {x:e}: {error}");
            let error = units_f32(sigmoid_one_f32(x), math::sigmoid(f64::from(x)));
            assert!(error < 2.5, "sigmoid {x:e}: {error}");
        }
    }

    #[test]
    fn tanh_and_sigmoid_in_double_precision_are_as_near_as_they_say() {
        for x in all_f64() {
            // One more than they say, for what they are compared with.
            let error = units_f64(tanh_one_f64(x), math::tanh(x));
            assert!(error <= 4.0, "tanh {x:e}: {error}");
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
