//! The trait of the number types that everything here is generic over.
//!
//! It knows no network and no cell, so that both can be built on it.
use crate::kernel::activation;
use crate::math;
use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// The number types that a network may be computed in: f32 (training), f64 (studies),
/// `scaled::Wide` (where f64 overflows).
pub trait Real:
    Copy
    + Debug
    + PartialEq
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
{
    /// 0, which is also what is left of an underflow.
    const ZERO: Self;
    /// 1, exact in every type.
    const ONE: Self;
    /// Bits of the mantissa.
    const DIGITS: u32;
    /// The nearest number of this type.
    fn from_f64(x: f64) -> Self;
    /// The nearest f64.
    fn to_f64(self) -> f64;
    /// The magnitude |x|; NaN stays NaN.
    fn abs(self) -> Self;
    /// √x; NaN below zero.
    fn sqrt(self) -> Self;
    /// Whether it is not a number.
    fn is_nan(self) -> bool;
    /// Whether it is neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// The e with 2^e <= |x| < 2^(e+1); `None` for zero, infinity and NaN.
    fn binary_exponent(self) -> Option<i64>;
    /// x 2^exponent, exact but for overflow and underflow.
    fn scale_by_power_of_two(self, exponent: i64) -> Self;
    /// Replaces each number by its hyperbolic tangent.
    fn tanh_all(values: &mut [Self]) {
        values.iter_mut().for_each(|x| *x = Self::from_f64(math::tanh(x.to_f64())));
    }
    /// Replaces each number x by 1 / (1 + e^-x).
    fn sigmoid_all(values: &mut [Self]) {
        values.iter_mut().for_each(|x| *x = Self::from_f64(math::sigmoid(x.to_f64())));
    }
}

impl Real for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const DIGITS: u32 = f64::MANTISSA_DIGITS;
    fn from_f64(x: f64) -> Self {
        x
    }
    fn to_f64(self) -> f64 {
        self
    }
    fn abs(self) -> Self {
        f64::abs(self)
    }
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    fn is_nan(self) -> bool {
        f64::is_nan(self)
    }
    fn is_finite(self) -> bool {
        f64::is_finite(self)
    }
    fn binary_exponent(self) -> Option<i64> {
        math::binary_exponent(self)
    }
    fn scale_by_power_of_two(self, exponent: i64) -> Self {
        math::scale_by_power_of_two(self, exponent)
    }
    fn tanh_all(values: &mut [Self]) {
        activation::tanh_f64(values);
    }
    fn sigmoid_all(values: &mut [Self]) {
        activation::sigmoid_f64(values);
    }
}

impl Real for f32 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const DIGITS: u32 = f32::MANTISSA_DIGITS;
    fn from_f64(x: f64) -> Self {
        x as f32
    }
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    fn abs(self) -> Self {
        f32::abs(self)
    }
    fn sqrt(self) -> Self {
        f32::sqrt(self)
    }
    fn is_nan(self) -> bool {
        f32::is_nan(self)
    }
    fn is_finite(self) -> bool {
        f32::is_finite(self)
    }
    fn binary_exponent(self) -> Option<i64> {
        math::binary_exponent(f64::from(self))
    }
    fn scale_by_power_of_two(self, exponent: i64) -> Self {
        math::scale_by_power_of_two(f64::from(self), exponent) as f32
    }
    fn tanh_all(values: &mut [Self]) {
        activation::tanh_f32(values);
    }
    fn sigmoid_all(values: &mut [Self]) {
        activation::sigmoid_f32(values);
    }
}
