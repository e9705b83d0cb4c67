//! The alignment of M^k x in the eigenbasis and in logarithms: exact far below what double precision can iterate to.
//!
//! ```text
//! tan² θ_k = Σ_{i≠1} (λ_i/λ_1)^{2k} c_i² / c_1²,   c_i = <x, v_i>
//! ```
//!
//! θ_k is the angle between M^k x and the LINE of v_1. With |λ_1| largest, tan θ_{k+1} <= r tan θ_k, r = |λ_2/λ_1|.
use crate::math;
use crate::network::log10_sum_of_squares;

/// Where M^k x points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alignment {
    /// θ_k in radians, 0..=π/2.
    pub angle: f64,
    /// The angle to +v_1, 0..=π: alternates where λ_1 < 0.
    pub signed_angle: f64,
    /// log10 tan θ_k: -∞ when aligned exactly, +∞ when orthogonal.
    pub log10_tan: f64,
    /// The angle to the span of all eigenvectors of largest |λ|.
    pub dominant_space_angle: f64,
    /// The sign of <M^k x, v_1>: -1, 0 or 1.
    pub sign: i32,
}

/// What "aligned to within eps" means: each is a bound on tan θ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// θ <= eps, radians.
    Angle,
    /// |cos θ| >= 1 - eps.
    Cosine,
    /// sin θ <= eps: nearly the same as the tangent for small angles, and at most 1.
    Sine,
}

impl Threshold {
    /// τ such that the condition is tan θ <= τ.
    pub fn tangent(self, eps: f64) -> f64 {
        match self {
            Self::Angle if eps >= math::PI / 2.0 => f64::INFINITY,
            Self::Angle => math::tan(eps),
            Self::Cosine if eps >= 1.0 => f64::INFINITY,
            Self::Cosine => (eps * (2.0 - eps)).sqrt() / (1.0 - eps),
            Self::Sine if eps >= 1.0 => f64::INFINITY,
            Self::Sine => eps / ((1.0 - eps) * (1.0 + eps)).sqrt(),
        }
    }
}

/// log10 |λ^k c|, with 0^0 = 1.
fn log10_term(lambda: f64, k: f64, c: f64) -> f64 {
    let power = if k == 0.0 { 0.0 } else { k * math::log10(lambda.abs()) };
    let coefficient = math::log10(c.abs());
    if power == f64::NEG_INFINITY || coefficient == f64::NEG_INFINITY { f64::NEG_INFINITY } else { power + coefficient }
}

/// log10 of the norm of the terms whose index is chosen.
fn log10_part(terms: &[f64], chosen: impl Fn(usize) -> bool + Clone) -> f64 {
    log10_sum_of_squares(terms.iter().enumerate().filter(|(i, _)| chosen(*i)).map(|(_, term)| *term))
}

/// tan θ = 10^x as an angle, right at both ends.
fn angle_of_log10_tan(log10_tan: f64) -> f64 {
    if log10_tan > 0.0 {
        math::PI / 2.0 - math::atan(math::exp(-log10_tan * math::LN_10))
    } else {
        math::atan(math::exp(log10_tan * math::LN_10))
    }
}

/// log10 ‖M^k x‖ and, unless M^k x = 0, where it points, for x = Σ c_i v_i; `target` is the index of v_1.
pub fn align(eigenvalues: &[f64], coefficients: &[f64], target: usize, k: u64) -> (f64, Option<Alignment>) {
    let steps = k as f64;
    let terms: Vec<f64> = eigenvalues.iter().zip(coefficients).map(|(l, c)| log10_term(*l, steps, *c)).collect();
    let norm = log10_part(&terms, |_| true);
    if norm == f64::NEG_INFINITY {
        return (norm, None);
    }
    let largest = eigenvalues.iter().fold(0.0f64, |largest, l| largest.max(l.abs()));
    let log10_tan = log10_part(&terms, |i| i != target) - terms[target];
    let outside = log10_part(&terms, |i| eigenvalues[i].abs() != largest);
    let inside = log10_part(&terms, |i| eigenvalues[i].abs() == largest);
    let negative = (eigenvalues[target] < 0.0 && k % 2 == 1) != (coefficients[target] < 0.0);
    let sign = match (terms[target] == f64::NEG_INFINITY, negative) {
        (true, _) => 0,
        (_, true) => -1,
        _ => 1,
    };
    let angle = angle_of_log10_tan(log10_tan);
    let alignment = Alignment {
        angle,
        signed_angle: if sign < 0 { math::PI - angle } else { angle },
        log10_tan,
        dominant_space_angle: angle_of_log10_tan(outside - inside),
        sign,
    };
    (norm, Some(alignment))
}

/// K: the smallest k from which on tan θ_k <= τ for good; `None` if there is none.
///
/// θ_k falls (|λ_target| largest) or finally rises, so that K is found by doubling and bisection.
pub fn steps_to_align(eigenvalues: &[f64], coefficients: &[f64], target: usize, tangent: f64) -> Option<u64> {
    let lambda = eigenvalues.get(target)?.abs();
    if coefficients.get(target).is_none_or(|c| *c == 0.0) || lambda == 0.0 {
        return None;
    }
    // The limit: eigenvalues as large as the target's keep their share for ever, larger ones win.
    let rivals = || eigenvalues.iter().zip(coefficients).enumerate().filter(|(i, (_, c))| *i != target && **c != 0.0);
    if rivals().any(|(_, (l, _))| l.abs() > lambda) {
        return None;
    }
    let log10_tau = math::log10(tangent);
    let equals = rivals().filter(|(_, (l, _))| l.abs() == lambda).map(|(_, (_, c))| math::log10(c.abs()));
    let limit = log10_sum_of_squares(equals.collect::<Vec<_>>().into_iter()) - math::log10(coefficients[target].abs());
    if limit > log10_tau {
        return None;
    }
    let aligned = |k: u64| match align(eigenvalues, coefficients, target, k).1 {
        Some(found) => found.log10_tan <= log10_tau,
        None => false,
    };
    if aligned(0) {
        return Some(0);
    }
    let mut high = 1u64;
    while !aligned(high) {
        high = high.checked_mul(2).filter(|high| *high < 1 << 60)?;
    }
    let mut low = high / 2;
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if aligned(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worked_alignment() {
        // λ = (2, 1), c = (1, 1): tan θ_k = 2^-k.
        for k in [0, 1, 10, 3_000] {
            let (_, found) = align(&[2.0, 1.0], &[1.0, 1.0], 0, k);
            assert!((found.unwrap().log10_tan + k as f64 * 2f64.log10()).abs() < 1e-12);
        }
        assert_eq!(steps_to_align(&[2.0, 1.0], &[1.0, 1.0], 0, 0.1), Some(4));
    }

    #[test]
    fn an_equal_rival_keeps_its_share_for_ever() {
        assert_eq!(steps_to_align(&[1.0, -1.0], &[1.0, 0.2], 0, 0.1), None);
        assert_eq!(steps_to_align(&[1.0, -1.0], &[1.0, 0.05], 0, 0.1), Some(0));
    }

    #[test]
    fn an_orthogonal_start_never_aligns_and_the_zero_vector_has_no_direction() {
        assert_eq!(steps_to_align(&[2.0, 1.0], &[0.0, 1.0], 0, 0.1), None);
        assert_eq!(align(&[2.0, 1.0], &[0.0, 1.0], 0, 5).1.unwrap().log10_tan, f64::INFINITY);
        assert_eq!(align(&[0.0, 0.0], &[1.0, 1.0], 0, 1), (f64::NEG_INFINITY, None));
    }

    #[test]
    fn the_three_definitions_are_one_with_another_tangent() {
        let eps = 0.3f64;
        assert!((Threshold::Cosine.tangent(eps) - (1.0 - eps).acos().tan()).abs() < 1e-15);
        assert!((Threshold::Sine.tangent(eps) - eps.asin().tan()).abs() < 1e-15);
        assert!((Threshold::Angle.tangent(eps) - eps.tan()).abs() < 1e-15);
    }
}
