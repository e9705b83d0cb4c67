//! The probability that M^k x is aligned, over x uniform on the unit sphere: exact for any spectrum.
//!
//! ```text
//! P(tan θ_k <= τ) = (1/π) ∫ ds / cosh s · Π_{i≥2} (1 + b_i (1 + e^{2s}))^{-1/2},   b_i = (λ_i/λ_1)^{2k} / τ²
//! ```
//!
//! Derivation: x = g/‖g‖ with independent normals g_i; tan² θ_k = Σ (λ_i/λ_1)^{2k} g_i²/g_1². Given g_2, g_3, ... the
//! condition is |g_1| >= the root of Σ (λ_i/λ_1)^{2k} g_i² over τ; writing P(|g_1| >= t) = (2/π) ∫_0^∞ e^{-t²(1+w²)/2} /
//! (1+w²) dw (Craig's form) the expectation over each g_i is a Gaussian integral, and w = e^s. The trapezoidal rule
//! converges exponentially: its error with step h is about e^{-π²/h}.
use crate::math;
use crate::order::sorted;
use std::sync::OnceLock;

/// Step of the trapezoidal rule: e^{-π²/h} = 1.4e-13.
const STEP: f64 = 1.0 / 3.0;
/// The integrand is below e^-42 of its largest value this far from it.
const REACH: f64 = 42.0;

/// A probability and its complement, both to full relative precision: the complement of 1 - 1e-300 is 1e-300.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probability {
    /// P, between 0 and 1; 1 where the complement is below 2^-53.
    pub p: f64,
    /// 1 - P to full relative precision, however small.
    pub complement: f64,
}

impl Probability {
    /// P = 1, with nothing left.
    pub const ONE: Self = Self { p: 1.0, complement: 0.0 };
    /// P = 0, with all of it left.
    pub const ZERO: Self = Self { p: 0.0, complement: 1.0 };
}

/// P(tan θ_k <= τ) for x uniform on the sphere; `target` is the index of v_1. `None` where M^k x = 0 for every x: then
/// there is no direction.
pub fn alignment_probability(eigenvalues: &[f64], target: usize, tangent: f64, k: u64) -> Option<Probability> {
    let leading = eigenvalues.get(target)?.abs();
    if k > 0 && eigenvalues.iter().all(|l| *l == 0.0) {
        return None;
    }
    if eigenvalues.len() == 1 || tangent == f64::INFINITY {
        return Some(Probability::ONE);
    }
    if k > 0 && leading == 0.0 || tangent <= 0.0 {
        return Some(Probability::ZERO);
    }
    let steps = k as f64;
    let rest = eigenvalues.iter().enumerate().filter(|(i, _)| *i != target).map(|(_, l)| {
        let ratio = if k == 0 { 0.0 } else { steps * math::ln(l.abs() / leading) };
        2.0 * (ratio - math::ln(tangent))
    });
    Some(integrate(&group(rest.filter(|ln_b| *ln_b > f64::NEG_INFINITY).collect())))
}

/// The lower bound on P that the gap alone gives: P for a spectrum in which every |λ_i|, i >= 2, is r |λ_1|.
///
/// It is 1 - I_s(1/2, (n-1)/2) with s = r^{2k} / (τ² + r^{2k}) and I the regularised incomplete beta function.
pub fn gap_bound(n: usize, rate: f64, tangent: f64, k: u64) -> Probability {
    if n < 2 || rate == 0.0 && k > 0 || tangent == f64::INFINITY {
        return Probability::ONE;
    }
    if tangent <= 0.0 {
        return Probability::ZERO;
    }
    let ratio = if k == 0 { 0.0 } else { k as f64 * math::ln(rate) };
    integrate(&[(2.0 * (ratio - math::ln(tangent)), (n - 1) as u32)])
}

/// The k of the theorem: from it on, P(θ_j <= eps for all j >= k) >= 1 - delta.
///
/// ```text
/// k >= ln( sqrt(2(n-1)/π) / (δ τ) ) / ln(1/r)
/// ```
///
/// `None` when r >= 1: without a gap no k is enough.
pub fn theorem_steps(n: usize, rate: f64, tangent: f64, delta: f64) -> Option<u64> {
    if n < 2 || rate == 0.0 {
        return Some(if n < 2 { 0 } else { 1 });
    }
    if rate >= 1.0 {
        return None;
    }
    let needed = math::ln((2.0 * (n as f64 - 1.0) / math::PI).sqrt() / (delta * tangent)) / -math::ln(rate);
    Some(needed.ceil().max(0.0) as u64)
}

/// The smallest k with P(θ_k <= eps) >= 1 - delta for this very spectrum; `None` if there is none below 2^50.
pub fn exact_steps(eigenvalues: &[f64], target: usize, tangent: f64, delta: f64) -> Option<u64> {
    let enough = |k: u64| alignment_probability(eigenvalues, target, tangent, k).is_some_and(|p| p.complement <= delta);
    smallest(enough)
}

/// The smallest k with the gap's bound >= 1 - delta: exact when all |λ_i|, i >= 2, are equal.
pub fn gap_steps(n: usize, rate: f64, tangent: f64, delta: f64) -> Option<u64> {
    smallest(|k| gap_bound(n, rate, tangent, k).complement <= delta)
}

/// The smallest k from which a condition holds that stays true once it is; `None` if there is none below 2^50.
fn smallest(holds: impl Fn(u64) -> bool) -> Option<u64> {
    if holds(0) {
        return Some(0);
    }
    let (mut low, mut high) = (0u64, 1u64);
    while !holds(high) {
        low = high;
        high *= 2;
        if high > 1 << 50 {
            return None;
        }
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

/// The density of |c_1| = |<x, v_1>| at c in [0, 1) for x uniform on the unit sphere in n dimensions.
///
/// ```text
/// f(c) = 2 Γ(n/2) / (√π Γ((n-1)/2)) · (1 - c²)^{(n-3)/2},   since c_1² ~ Beta(1/2, (n-1)/2)
/// ```
pub fn first_coordinate_density(n: usize, c: f64) -> f64 {
    // g(n) = Γ(n/2) / Γ((n-1)/2): g(2) = 1/√π and g(n) g(n-1) = (n-2)/2.
    let gamma_ratio = (3..=n).fold(1.0 / math::PI.sqrt(), |g, m| (m as f64 - 2.0) / 2.0 / g);
    2.0 / math::PI.sqrt() * gamma_ratio * math::powf((1.0 - c) * (1.0 + c), (n as f64 - 3.0) / 2.0)
}

/// Equal values with how often they occur.
fn group(ln_b: Vec<f64>) -> Vec<(f64, u32)> {
    let mut groups: Vec<(f64, u32)> = Vec::new();
    for value in sorted(&ln_b).into_iter().rev() {
        match groups.last_mut() {
            Some((same, count)) if *same == value => *count += 1,
            _ => groups.push((value, 1)),
        }
    }
    groups
}

/// Both integrals; `groups` holds (ln b, multiplicity), largest b first. Only the one that decides is computed.
fn integrate(groups: &[(f64, u32)]) -> Probability {
    let Some((largest, _)) = groups.first() else { return Probability::ONE };
    // P's integrand lives where 1/cosh does; that of 1 - P up to where b (1 + e^{2s}) is 1.
    let peak = (-0.5 * largest).max(0.0);
    let window = Window::around(peak);
    let excess = window.excess(groups);
    // 1 - (1+q)^{-1/2} without cancellation.
    let complement = window.sum(&excess, |q| q / ((1.0 + q) + (1.0 + q).sqrt()));
    if complement < 0.5 {
        return Probability { p: 1.0 - complement, complement };
    }
    let inverse_root = |q: f64| 1.0 / (1.0 + q).sqrt();
    let p = if peak == 0.0 {
        window.sum(&excess, inverse_root)
    } else {
        let window = Window::around(0.0);
        window.sum(&window.excess(groups), inverse_root)
    };
    Probability { p, complement: 1.0 - p }
}

/// Products beyond this are as good as infinite: the integrands are 0 or 1 there to double precision. Its square is
/// still a number, so that no infinity meets a zero.
const HUGE: f64 = 1e150;

/// The smaller of x and [`HUGE`]. Not `f64::min`, whose word on NaN costs a second comparison in the inner loop.
fn at_most_huge(x: f64) -> f64 {
    if x < HUGE { x } else { HUGE }
}

/// The nodes of the trapezoidal rule over a range of s.
struct Window {
    /// h / (π cosh s).
    weights: Vec<f64>,
    /// 2 s in the middle of the range, so that e^{2s} may lie beyond f64; see `factors`.
    shift: f64,
    /// (1 + e^{2s}) e^{-shift}.
    factors: Vec<f64>,
}

impl Window {
    /// The nodes within [`REACH`] of `middle`.
    fn around(middle: f64) -> Self {
        static NODES: OnceLock<Vec<(f64, f64)>> = OnceLock::new();
        // e^{-d} and e^{2d} at the distances d from the first node, which all windows have in common.
        let nodes = NODES.get_or_init(|| {
            let distances = (0..=(2.0 * REACH / STEP).ceil() as usize).map(|i| i as f64 * STEP);
            distances.map(|d| (math::exp(-d), math::exp(2.0 * d))).collect()
        });
        let from = middle - REACH;
        // With the middle of the window as reference neither factor nor b e^{shift} leaves the range.
        let shift = 2.0 * middle;
        let (start, rise, small) = (math::exp(-from), math::exp(2.0 * from - shift), math::exp(-shift));
        let weights = nodes.iter().map(|(down, _)| {
            let decay = start * down;
            2.0 * decay / (1.0 + decay * decay) * STEP / math::PI
        });
        let factors = nodes.iter().map(|(_, up)| small + rise * up);
        Self { weights: weights.collect(), shift, factors: factors.collect() }
    }

    /// q = Π (1 + b_i (1 + e^{2s})) - 1 at every node, right where q is tiny.
    fn excess(&self, groups: &[(f64, u32)]) -> Vec<f64> {
        let mut excess = vec![0.0f64; self.factors.len()];
        // Below this, b (1 + e^{2s}) is beyond the last digit at the last node, and at all others beside the largest b's.
        let least = -self.shift - 2.0 * REACH - 40.0;
        for (ln_b, count) in groups.iter().take_while(|(ln_b, _)| *ln_b > least) {
            let b = at_most_huge(math::exp(ln_b + self.shift));
            if *count == 1 {
                // One factor for all nodes at a time: this loop vectorises.
                for (q, factor) in excess.iter_mut().zip(&self.factors) {
                    *q = join(*q, at_most_huge(b * factor));
                }
            } else {
                for (q, factor) in excess.iter_mut().zip(&self.factors) {
                    *q = join(*q, repeated(at_most_huge(b * factor), *count));
                }
            }
        }
        excess
    }

    /// Σ weight f(q): the quadrature of f.
    fn sum(&self, excess: &[f64], f: impl Fn(f64) -> f64) -> f64 {
        excess.iter().zip(&self.weights).map(|(q, weight)| weight * f(*q)).sum()
    }
}

/// (1 + q)(1 + x) - 1.
fn join(q: f64, x: f64) -> f64 {
    at_most_huge(q + x + q * x)
}

/// (1 + x)^count - 1, by repeated squaring.
fn repeated(mut x: f64, mut count: u32) -> f64 {
    let mut product = 0.0;
    while count > 0 {
        if count & 1 == 1 {
            product = join(product, x);
        }
        x = join(x, x);
        count >>= 1;
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The quadrature's own accuracy.
    const RELATIVE: f64 = 1e-11;

    #[test]
    fn two_dimensions_have_a_closed_form() {
        // (2/π) atan(τ / r^k).
        for (rate, k, tau) in [(0.5f64, 3, 0.1f64), (0.9, 40, 0.01), (1.0, 7, 2.0)] {
            let exact = 2.0 / math::PI * (tau / rate.powi(k)).atan();
            let found = alignment_probability(&[1.0, rate], 0, tau, k as u64).unwrap().p;
            assert!((found / exact - 1.0).abs() < RELATIVE, "{found} {exact}");
        }
    }

    #[test]
    fn three_dimensions_without_a_step_are_the_spherical_cap() {
        let eps = 0.3f64;
        let found = alignment_probability(&[1.0, 0.5, 0.2], 0, eps.tan(), 0).unwrap().p;
        assert!((found - (1.0 - eps.cos())).abs() < RELATIVE);
    }

    #[test]
    fn the_gap_bound_has_its_known_values() {
        for (n, rate, k, eps, expected) in
            [(10, 0.9, 30, 0.05f64, 0.0316), (50, 0.9, 40, 0.1, 0.3075), (2, 0.5, 3, 0.1, 0.4306)]
        {
            let found = gap_bound(n, rate, eps.tan(), k).p;
            assert!((found - expected).abs() < 5e-5, "{found} {expected}");
        }
    }

    #[test]
    fn the_theorem_and_the_exact_steps_have_their_known_values() {
        let tau = 0.1f64.tan();
        for (n, rate, exact, bound) in
            [(2, 0.5, 7, 8), (2, 0.9, 46, 49), (10, 0.9, 59, 59), (10, 0.99, 611, 614), (100, 0.9, 70, 70)]
        {
            assert_eq!(gap_steps(n, rate, tau, 0.05), Some(exact), "n = {n}, r = {rate}");
            assert_eq!(theorem_steps(n, rate, tau, 0.05), Some(bound), "n = {n}, r = {rate}");
        }
        assert_eq!(theorem_steps(3, 1.0, tau, 0.05), None);
    }

    #[test]
    fn the_complement_stays_itself_down_to_the_end_of_the_range() {
        // n = 2: 1 - P = (2/π) atan(r^k / τ) ~ (2/π) r^k / τ.
        let found = alignment_probability(&[1.0, 0.1], 0, 1.0, 300).unwrap().complement;
        assert!((found / (2.0 / math::PI * 1e-300) - 1.0).abs() < 1e-9, "{found}");
    }

    #[test]
    fn equality_of_bound_and_exact_when_all_others_are_level() {
        let level = [1.0, 0.8, -0.8, 0.8];
        for k in [0, 3, 20] {
            let exact = alignment_probability(&level, 0, 0.2, k).unwrap();
            let bound = gap_bound(4, 0.8, 0.2, k);
            assert!((exact.p / bound.p - 1.0).abs() < RELATIVE);
        }
    }

    #[test]
    fn the_probability_never_falls_below_the_bound_and_grows_with_k() {
        let spectrum = [1.2, -1.1, 0.7, 0.3, 0.0];
        let mut last = 0.0;
        for k in 0..60 {
            let exact = alignment_probability(&spectrum, 0, 0.1, k).unwrap().p;
            assert!(exact >= gap_bound(5, 1.1 / 1.2, 0.1, k).p - 1e-13);
            assert!(exact >= last - 1e-13);
            last = exact;
        }
    }

    #[test]
    fn the_density_integrates_to_one() {
        for n in [2, 3, 8, 64] {
            // c = sin φ takes away the singularity at c = 1 for n = 2.
            let nodes = 20_000;
            let width = math::PI / 2.0 / nodes as f64;
            let sum: f64 = (0..nodes)
                .map(|i| (i as f64 + 0.5) * width)
                .map(|a| first_coordinate_density(n, math::sin(a)) * math::cos(a))
                .sum();
            assert!((sum * width - 1.0).abs() < 1e-6, "{n}");
        }
    }

    #[test]
    fn degenerate_spectra_have_plain_answers() {
        assert_eq!(alignment_probability(&[0.0, 0.0], 0, 0.1, 1), None);
        assert_eq!(alignment_probability(&[1.0], 0, 0.1, 5), Some(Probability::ONE));
        assert_eq!(alignment_probability(&[0.0, 1.0], 0, 0.1, 5), Some(Probability::ZERO));
        assert_eq!(exact_steps(&[1.0, -1.0], 0, 0.1, 0.05), None);
    }
}
