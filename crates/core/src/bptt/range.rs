//! What becomes of a gradient too large or too small for its numbers.
use crate::real::Real;

/// What happens to a gradient that leaves the range of its numbers on its way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// A power of two is carried beside the vectors: no norm is too large or too small.
    Carried,
    /// It becomes infinity, as in a framework, or zero: for training. Numbers below [`LEAST`] are taken for zero.
    Plain,
}

/// In [`Range::Plain`] smaller numbers in single precision of dL/dh_t and dL/dc_t are zero: 2^-84 ≈ 5e-26. Beside a weight
/// in single precision they would change nothing; and what they are multiplied to is subnormal, with which processors are up
/// to a hundred times slower.
pub const LEAST: f64 = 5.169_878_828_456_423e-26;

/// Makes what is below [`LEAST`] zero; what is infinite or not a number stays.
#[inline(never)]
pub(super) fn drop_least<R: Real>(values: &mut [R]) {
    let least = R::from_f64(LEAST);
    values.iter_mut().for_each(|x| *x = if x.abs() < least { R::ZERO } else { *x });
}
