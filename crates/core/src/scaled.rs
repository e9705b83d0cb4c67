//! Numbers beyond the range of f64: a buffer with a shared power of two, and a float with its own.
//!
//! A gradient that shrinks by half at each of 20,000 steps is not zero, it is 2^-20000. Vectors that travel through
//! time are kept as values of moderate size and one exponent ([`Scaled`]); where even a forward pass leaves the range
//! of f64, it is done in [`Wide`].
use crate::math;
use crate::real::Real;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// A buffer of values that stand for `values * 2^exponent`.
#[derive(Clone, Debug, PartialEq)]
pub struct Scaled<R> {
    /// The values, of moderate size.
    pub values: Vec<R>,
    /// The power of two that they are to be multiplied by.
    pub exponent: i64,
}

/// Values are brought back to the order of 1 when they leave 2^-EXCURSION..2^EXCURSION: squares and sums of products
/// of such numbers stay far inside the range of f64, and of f32 where the buffer holds f32.
fn excursion<R: Real>() -> i64 {
    if R::DIGITS < 30 { 24 } else { 200 }
}

impl<R: Real> Scaled<R> {
    /// `length` zeros.
    pub fn zeros(length: usize) -> Self {
        Self { values: vec![R::ZERO; length], exponent: 0 }
    }

    /// Brings the values back to the order of 1 if they have left it. Exact: only the exponent moves.
    pub fn normalize(&mut self) {
        let largest = largest_magnitude(&self.values);
        if let Some(e) = largest.binary_exponent()
            && e.abs() > excursion::<R>()
        {
            self.values.iter_mut().for_each(|x| *x = x.scale_by_power_of_two(-e));
            self.exponent += e;
        }
    }

    /// Changes the exponent without changing what the buffer stands for (up to underflow, when it rises).
    pub fn move_exponent(&mut self, exponent: i64) {
        move_exponent(&mut self.values, &mut self.exponent, exponent);
    }

    /// Adds `values * 2^exponent`. What is too small beside the larger of the two is lost, as in any floating sum.
    pub fn add(&mut self, values: &[R], exponent: i64) {
        add_scaled(&mut self.values, &mut self.exponent, values, exponent);
    }

    /// log10 of the Euclidean norm of what the buffer stands for; -∞ for zero.
    pub fn log10_norm(&self) -> f64 {
        log10_norm(&self.values, self.exponent)
    }

    /// What the buffer stands for; beyond the range: zeros and infinities.
    pub fn unscaled(&self) -> Vec<R> {
        self.values.iter().map(|x| x.scale_by_power_of_two(self.exponent)).collect()
    }
}

/// Adds `part * 2^part_exponent` to what stands for `values * 2^exponent`.
pub fn add_scaled<R: Real>(values: &mut [R], exponent: &mut i64, part: &[R], part_exponent: i64) {
    if *exponent != part_exponent {
        if is_zero(part) {
            return;
        }
        if is_zero(values) {
            *exponent = part_exponent;
        }
    }
    if part_exponent > *exponent {
        move_exponent(values, exponent, part_exponent);
    }
    let shift = part_exponent - *exponent;
    for (x, value) in values.iter_mut().zip(part) {
        *x += if shift == 0 { *value } else { value.scale_by_power_of_two(shift) };
    }
}

/// Changes the exponent to `target` without changing what `values * 2^exponent` stands for.
fn move_exponent<R: Real>(values: &mut [R], exponent: &mut i64, target: i64) {
    let shift = *exponent - target;
    if shift != 0 {
        values.iter_mut().for_each(|x| *x = x.scale_by_power_of_two(shift));
        *exponent = target;
    }
}

/// Whether all values are zero.
pub fn is_zero<R: Real>(values: &[R]) -> bool {
    values.iter().all(|x| *x == R::ZERO)
}

/// log10 ‖values * 2^exponent‖, without overflow or underflow of the squares; -∞ for zero, NaN where a value is NaN.
pub fn log10_norm<R: Real>(values: &[R], exponent: i64) -> f64 {
    let largest = largest_magnitude(values);
    let Some(e) = largest.binary_exponent() else {
        return match values.iter().any(|x| x.is_nan()) {
            true => f64::NAN,
            false if largest == R::ZERO => f64::NEG_INFINITY,
            false => f64::INFINITY,
        };
    };
    // Squares of numbers near 1 neither overflow nor, where they count, underflow.
    let shift = if e.abs() < excursion::<R>() { 0 } else { e };
    let sum = match shift {
        0 => sum_of_squares(values, R::to_f64),
        _ => sum_of_squares(values, |x| x.scale_by_power_of_two(-shift).to_f64()),
    };
    0.5 * math::log10(sum) + (shift + exponent) as f64 * std::f64::consts::LOG10_2
}

/// Sums and maxima over a slice that do not wait for each other: number i goes to the one of i modulo this, on every
/// machine, and in the end they are put together in their order.
const LANES: usize = 8;

/// Σ f(x)² in eight partial sums, so that the compiler can use vector instructions.
fn sum_of_squares<R: Real>(values: &[R], f: impl Fn(R) -> f64) -> f64 {
    let mut sums = [0.0; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (sum, x) in sums.iter_mut().zip(chunk) {
            let y = f(*x);
            *sum += y * y;
        }
    }
    for (sum, x) in sums.iter_mut().zip(rest) {
        let y = f(*x);
        *sum += y * y;
    }
    sums.iter().sum()
}

/// max |x|; zero for an empty slice. NaN is passed over.
pub fn largest_magnitude<R: Real>(values: &[R]) -> R {
    let larger = |largest: R, x: &R| {
        let magnitude = x.abs();
        if magnitude > largest { magnitude } else { largest }
    };
    let mut largest = [R::ZERO; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (largest, x) in largest.iter_mut().zip(chunk) {
            *largest = larger(*largest, x);
        }
    }
    rest.iter().chain(&largest).fold(R::ZERO, larger)
}

/// A float with f64's precision and a 64-bit exponent: mantissa * 2^exponent, 1 <= |mantissa| < 2, or zero, ∞, NaN.
///
/// Slow; used where a forward pass has left the range of f64 (a linear cell with eigenvalues above 1 over thousands of
/// steps). Its operations are calls: within every loop of every cell they would be 3 % of the page.
#[derive(Clone, Copy, Debug)]
pub struct Wide {
    mantissa: f64,
    exponent: i64,
}

impl Wide {
    fn new(mantissa: f64, exponent: i64) -> Self {
        match math::binary_exponent(mantissa) {
            Some(e) => Self { mantissa: math::scale_by_power_of_two(mantissa, -e), exponent: exponent + e },
            None => Self { mantissa, exponent: 0 },
        }
    }
}

impl PartialEq for Wide {
    fn eq(&self, other: &Self) -> bool {
        self.mantissa == other.mantissa && self.exponent == other.exponent
    }
}

impl PartialOrd for Wide {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        (*self - *other).mantissa.partial_cmp(&0.0)
    }
}

impl Add for Wide {
    type Output = Self;
    #[inline(never)]
    fn add(self, other: Self) -> Self {
        if self.mantissa == 0.0 || !other.mantissa.is_finite() {
            return Self::new(
                if self.mantissa.is_finite() { other.mantissa } else { self.mantissa + other.mantissa },
                other.exponent,
            );
        }
        if other.mantissa == 0.0 || !self.mantissa.is_finite() {
            return self;
        }
        let (large, small) = if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        let aligned = math::scale_by_power_of_two(small.mantissa, small.exponent - large.exponent);
        Self::new(large.mantissa + aligned, large.exponent)
    }
}

impl Neg for Wide {
    type Output = Self;
    fn neg(self) -> Self {
        Self { mantissa: -self.mantissa, exponent: self.exponent }
    }
}

impl Sub for Wide {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Wide {
    type Output = Self;
    #[inline(never)]
    fn mul(self, other: Self) -> Self {
        Self::new(self.mantissa * other.mantissa, self.exponent + other.exponent)
    }
}

impl Div for Wide {
    type Output = Self;
    #[inline(never)]
    fn div(self, other: Self) -> Self {
        Self::new(self.mantissa / other.mantissa, self.exponent - other.exponent)
    }
}

impl AddAssign for Wide {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Real for Wide {
    const ZERO: Self = Self { mantissa: 0.0, exponent: 0 };
    const ONE: Self = Self { mantissa: 1.0, exponent: 0 };
    const DIGITS: u32 = f64::MANTISSA_DIGITS;

    fn from_f64(x: f64) -> Self {
        Self::new(x, 0)
    }

    fn to_f64(self) -> f64 {
        math::scale_by_power_of_two(self.mantissa, self.exponent)
    }

    fn abs(self) -> Self {
        Self { mantissa: self.mantissa.abs(), exponent: self.exponent }
    }

    fn sqrt(self) -> Self {
        // √(m 2^e) = √(m 2^(e mod 2)) 2^((e - e mod 2)/2): half of an odd exponent goes into the mantissa.
        let odd = self.exponent.rem_euclid(2);
        let mantissa = math::scale_by_power_of_two(self.mantissa, odd);
        Self::new(mantissa.sqrt(), (self.exponent - odd) / 2)
    }

    fn is_nan(self) -> bool {
        self.mantissa.is_nan()
    }

    fn is_finite(self) -> bool {
        self.mantissa.is_finite()
    }

    fn binary_exponent(self) -> Option<i64> {
        math::binary_exponent(self.mantissa).map(|e| e + self.exponent)
    }

    fn scale_by_power_of_two(self, exponent: i64) -> Self {
        Self::new(self.mantissa, self.exponent + exponent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scaled_buffer_keeps_what_f64_would_lose() {
        let mut buffer = Scaled { values: vec![3.0, 4.0], exponent: 0 };
        for _ in 0..5_000 {
            buffer.values.iter_mut().for_each(|x| *x *= 0.1);
            buffer.normalize();
        }
        assert!((buffer.log10_norm() - (5.0f64.log10() - 5_000.0)).abs() < 1e-9);
        assert_eq!(buffer.unscaled(), [0.0, 0.0]);
    }

    #[test]
    fn adding_aligns_the_exponents_whichever_is_larger() {
        let mut buffer = Scaled { values: vec![1.0], exponent: 2_000 };
        buffer.add(&[1.0], 2_001);
        assert!((buffer.log10_norm() - log10_norm(&[3.0], 2_000)).abs() < 1e-12);
        buffer.add(&[1.0], 2_000);
        assert_eq!(buffer, Scaled { values: vec![2.0], exponent: 2_001 });
        let mut empty = Scaled::<f64>::zeros(1);
        empty.add(&[1.0], -3_000);
        assert_eq!(empty.exponent, -3_000);
    }

    #[test]
    fn wide_numbers_add_and_multiply_beyond_the_range() {
        let big = Wide::from_f64(1e300);
        let product = big * big * big;
        assert_eq!(product.to_f64(), f64::INFINITY);
        assert!(((product / big / big).to_f64() / 1e300 - 1.0).abs() < 1e-15);
        assert_eq!((product - product).to_f64(), 0.0);
        assert!((Wide::from_f64(1.5) + Wide::from_f64(-0.25)).to_f64() == 1.25);
        assert!(Wide::from_f64(-2.0) < Wide::from_f64(1e-9));
    }

    #[test]
    fn the_root_of_a_wide_number_has_half_its_exponent() {
        for exponent in [-4_001, -4_000, 0, 1, 4_001] {
            let x = Wide::from_f64(1.7).scale_by_power_of_two(exponent);
            let back = x.sqrt() * x.sqrt() / x;
            assert!((back.to_f64() - 1.0).abs() < 4e-16, "{exponent}");
        }
        assert_eq!(Wide::from_f64(36.0).sqrt(), Wide::from_f64(6.0));
        assert_eq!(Wide::ZERO.sqrt(), Wide::ZERO);
        assert!(Wide::from_f64(-1.0).sqrt().is_nan());
    }
}
