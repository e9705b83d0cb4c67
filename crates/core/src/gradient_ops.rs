//! What is done to the gradient of the weights between backpropagation and the optimiser.
//!
//! ```text
//! by value      g_i ← min(max(g_i, -c), c)
//! by norm       g ← g · c / ‖g‖   if ‖g‖ > c     of each tensor, of each layer, or of all together
//! scaling       g ← s · g
//! normalising   g ← g · c / ‖g‖   also if ‖g‖ < c
//! masking       g_i ← m_i · g_i
//! ```
//!
//! Clipping by value: Mikolov, "Statistical language models based on neural networks" (2012), section 3.2.2, with c =
//! 15. By norm: Pascanu, Mikolov and Bengio 2013, algorithm 1. Clipping by value changes the direction of the gradient;
//! one factor for all tensors keeps it; a factor for each tensor or layer keeps the direction of each part alone.
//!
//! None of this changes dL/dh_t, which was computed before. A gradient whose norm is zero, infinite or undefined has no
//! direction, and the functions that would keep one leave it as it is.
use crate::math;
use crate::network::{Tensor, Weights};
use crate::real::Real;
use crate::scaled::{Wide, largest_magnitude};

/// Powers of two up to this size, and their squares in f64, are normal numbers of every type.
const MODERATE: i64 = 64;

/// Cuts every entry to -max_value..=max_value. NaN stays NaN.
///
/// PyTorch's `clip_grad_value_`. (0.2, -7, 3) becomes (0.2, -1, 1) for max_value = 1.
pub fn clip_by_value<R: Real>(gradient: &mut Weights<R>, max_value: f64) {
    let most = R::from_f64(max_value);
    for tensor in &mut gradient.tensors {
        for x in &mut tensor.values {
            // Not `max` and `min`, which would turn NaN into a limit.
            *x = if *x > most {
                most
            } else if *x < -most {
                -most
            } else {
                *x
            };
        }
    }
}

/// Shortens each tensor to max_norm where it is longer. Euclidean norms.
pub fn clip_by_tensor_norm<R: Real>(gradient: &mut Weights<R>, max_norm: f64) {
    gradient.tensors.chunks_mut(1).for_each(|tensor| clip_norm(tensor, max_norm, 2.0));
}

/// Shortens the gradient of each layer, all its tensors together, to max_norm where it is longer; the readout is a
/// layer of its own. Euclidean norms.
pub fn clip_by_layer_norm<R: Real>(gradient: &mut Weights<R>, max_norm: f64) {
    gradient.tensors.chunk_by_mut(|a, b| a.layer == b.layer).for_each(|layer| clip_norm(layer, max_norm, 2.0));
}

/// Shortens these tensors together, with one factor, if their p-norm is above max_norm.
///
/// (3, 4) becomes (0.6, 0.8) for max_norm = 1 and p = 2, and (3/7, 4/7) for p = 1.
pub fn clip_norm<R: Real>(tensors: &mut [Tensor<R>], max_norm: f64, p: f64) {
    let (norm, most) = (p_norm(tensors, p), Wide::from_f64(max_norm));
    if norm.is_finite() && norm > most {
        multiply(tensors, most / norm);
    }
}

/// The coefficient of PyTorch's `clip_grad_norm_`: min(1, max_norm/(norm + 1e-6)).
///
/// It is smaller than the textbook's by up to 1e-6/norm, also at norm = max_norm. At an infinite norm it is 0 and turns
/// finite entries into zeros and infinite ones into NaN.
pub fn pytorch_clip_coefficient(norm: f64, max_norm: f64) -> f64 {
    let coefficient = max_norm / (norm + 1e-6);
    // NaN stays NaN, as in PyTorch.
    if coefficient > 1.0 { 1.0 } else { coefficient }
}

/// Multiplies all entries by one factor.
///
/// With SGD the same as a learning rate times the factor; [`crate::optimizers::Adam`] divides it out again, up to ε.
pub fn scale<R: Real>(gradient: &mut Weights<R>, factor: f64) {
    let factor = R::from_f64(factor);
    gradient.tensors.iter_mut().flat_map(|tensor| &mut tensor.values).for_each(|x| *x = *x * factor);
}

/// Gives the whole gradient the Euclidean norm target_norm, whether it was longer or shorter: a vanished gradient is
/// blown up, and its rounding errors with it.
///
/// (3e-12, -4e-12) becomes (0.6, -0.8) for target_norm = 1.
pub fn normalize<R: Real>(gradient: &mut Weights<R>, target_norm: f64) {
    let norm = p_norm(&gradient.tensors, 2.0);
    if norm.is_finite() && norm != Wide::ZERO {
        multiply(&mut gradient.tensors, Wide::from_f64(target_norm) / norm);
    }
}

/// Multiplies entry by entry with a mask of the same shapes. Where the mask is 0 the gradient becomes 0, even if it was
/// infinite or undefined: what is frozen does not move.
///
/// # Panics
/// If a tensor of the mask is smaller than that of the gradient.
pub fn mask<R: Real>(gradient: &mut Weights<R>, mask: &Weights<R>) {
    for (tensor, mask) in gradient.tensors.iter_mut().zip(&mask.tensors) {
        let n = tensor.values.len();
        for (x, m) in tensor.values.iter_mut().zip(&mask.values[..n]) {
            *x = if *m == R::ZERO { R::ZERO } else { *x * *m };
        }
    }
}

/// The angle between two gradients of the same shapes, in radians from 0 to π; `None` where one of them is zero or not
/// finite, and so has no direction.
///
/// ```text
/// 2 atan2(‖u − v‖, ‖u + v‖),   u = a/‖a‖, v = b/‖b‖
/// ```
///
/// Kahan, "How futile are mindless assessments of roundoff in floating-point computation?" (2006), section 12: exact for small
/// angles too, where the arc cosine of the product is not. A gradient that was only scaled is turned by 0, up to rounding.
pub fn angle<R: Real>(a: &Weights<R>, b: &Weights<R>) -> Option<f64> {
    let unit = |gradient: &Weights<R>| {
        let norm = p_norm(&gradient.tensors, 2.0);
        (norm.is_finite() && norm != Wide::ZERO).then(|| {
            let mut unit = gradient.clone();
            normalize(&mut unit, 1.0);
            unit
        })
    };
    let (u, v) = (unit(a)?, unit(b)?);
    let entries = |weights: &Weights<R>| -> Vec<f64> {
        weights.tensors.iter().flat_map(|tensor| &tensor.values).map(|x| x.to_f64()).collect()
    };
    let (u, v) = (entries(&u), entries(&v));
    let norm = |of: fn(f64, f64) -> f64| {
        let sum: f64 = u.iter().zip(&v).map(|(x, y)| of(*x, *y) * of(*x, *y)).sum();
        sum.sqrt()
    };
    Some(2.0 * math::atan2(norm(|x, y| x - y), norm(|x, y| x + y)))
}

/// (Σ |g_i|^p)^(1/p) over all entries of these tensors, for p ≥ 1; max |g_i| for p = ∞. It may lie beyond f64; infinite
/// or undefined where an entry is.
pub fn p_norm<R: Real>(tensors: &[Tensor<R>], p: f64) -> Wide {
    let entries = || tensors.iter().flat_map(|tensor| &tensor.values);
    let largest =
        tensors.iter().map(|tensor| largest_magnitude(&tensor.values)).fold(R::ZERO, |a, b| if b > a { b } else { a });
    if entries().any(|x| x.is_nan()) {
        return Wide::from_f64(f64::NAN);
    }
    let Some(exponent) = largest.binary_exponent() else {
        return Wide::from_f64(largest.to_f64());
    };
    // Squares of numbers near 1 neither overflow nor, where they count, underflow.
    let shift = if exponent.abs() <= MODERATE { 0 } else { exponent };
    let size = |x: &R| if shift == 0 { x.abs().to_f64() } else { x.abs().scale_by_power_of_two(-shift).to_f64() };
    let norm = if p == 1.0 {
        entries().map(size).sum()
    } else if p == 2.0 {
        entries().map(|x| size(x) * size(x)).sum::<f64>().sqrt()
    } else {
        // Shares of the largest, for p may be large: where it is infinite, this is 1 for the largest and 0 for the
        // others.
        let unit = size(&largest);
        unit * math::powf(entries().map(|x| math::powf(size(x) / unit, p)).sum(), 1.0 / p)
    };
    Wide::from_f64(norm).scale_by_power_of_two(shift)
}

/// Multiplies by a factor that need not be representable itself: only the products have to be.
fn multiply<R: Real>(tensors: &mut [Tensor<R>], factor: Wide) {
    let exponent = factor.binary_exponent().unwrap_or(0);
    let power = if exponent.abs() <= MODERATE { 0 } else { exponent };
    let mantissa = R::from_f64(factor.scale_by_power_of_two(-power).to_f64());
    for x in tensors.iter_mut().flat_map(|tensor| &mut tensor.values) {
        *x = if power == 0 { *x * mantissa } else { x.scale_by_power_of_two(power) * mantissa };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells;
    use crate::network::{Network, Role};
    use crate::random::Stream;
    use crate::remedies::clip_by_global_norm;

    /// A gradient of one vector for each part; the layers are those of the first numbers.
    fn gradient(parts: &[(Option<usize>, &[f64])]) -> Weights<f64> {
        let tensor = |(layer, values): &(Option<usize>, &[f64])| Tensor {
            name: String::new(),
            role: Role::Recurrent,
            layer: *layer,
            rows: values.len(),
            columns: 1,
            values: values.to_vec(),
        };
        Weights { tensors: parts.iter().map(tensor).collect() }
    }

    fn one(values: &[f64]) -> Weights<f64> {
        gradient(&[(Some(0), values)])
    }

    fn assert_close(found: &Weights<f64>, expected: &[&[f64]]) {
        for (tensor, expected) in found.tensors.iter().zip(expected) {
            for (x, y) in tensor.values.iter().zip(*expected) {
                assert!((x - y).abs() <= 4e-16 * y.abs(), "{found:?} {expected:?}");
            }
        }
    }

    /// A gradient of a network with two layers, entries of that size.
    fn random(size: f64, seed: u64) -> Weights<f64> {
        let network = Network {
            cell: &cells::GRU,
            layers: 2,
            input_size: 2,
            hidden_size: 4,
            output_size: 1,
            normalization: None,
            constants: cells::GRU.usual_constants(),
        };
        let (mut gradient, mut stream) = (network.zeros(), Stream::new(seed, "test"));
        gradient.tensors.iter_mut().flat_map(|t| &mut t.values).for_each(|x| *x = size * stream.normal());
        gradient
    }

    #[test]
    fn values_are_cut_at_both_limits_and_nowhere_else() {
        let mut g = one(&[0.2, -7.0, 3.0, 1.0, -1.0, f64::INFINITY, f64::NAN, -0.0]);
        clip_by_value(&mut g, 1.0);
        let found = &g.tensors[0].values;
        assert_eq!(found[..6], [0.2, -1.0, 1.0, 1.0, -1.0, 1.0]);
        assert!(found[6].is_nan() && found[7].is_sign_negative());
    }

    #[test]
    fn angles_of_what_is_cut_what_is_scaled_and_what_has_no_direction() {
        let g = one(&[3.0, 4.0]);
        // (3, 4) lies at atan(4/3), and cut to (3, 3) at π/4.
        let expected = math::atan2(4.0, 3.0) - math::atan2(1.0, 1.0);
        let mut cut = g.clone();
        clip_by_value(&mut cut, 3.0);
        assert!((angle(&g, &cut).expect("an angle") - expected).abs() < 1e-15);
        let mut short = g.clone();
        clip_norm(&mut short.tensors, 1e-200, 2.0);
        assert!(angle(&g, &short).expect("an angle") < 1e-15);
        assert!((angle(&g, &one(&[-3.0, -4.0])).expect("an angle") - 2.0 * math::atan2(1.0, 0.0)).abs() < 1e-15);
        // A small angle to its last digits: the arc cosine of the product would be 0.
        let small = angle(&one(&[1.0, 0.0]), &one(&[1.0, 1e-12])).expect("an angle");
        assert!((small - 1e-12).abs() < 1e-26, "{small:e}");
        for nowhere in [one(&[0.0, 0.0]), one(&[f64::INFINITY, 1.0]), one(&[f64::NAN, 1.0])] {
            assert_eq!(angle(&g, &nowhere), None);
        }
    }

    #[test]
    fn tensors_and_layers_are_shortened_each_by_its_own_factor() {
        // Layer 0: (3), (4), norm 5; layer 1: (0.3), short; readout: (0), (10).
        let parts: [(Option<usize>, &[f64]); 5] =
            [(Some(0), &[3.0]), (Some(0), &[4.0]), (Some(1), &[0.3]), (None, &[0.0]), (None, &[10.0])];
        let mut by_tensor = gradient(&parts);
        clip_by_tensor_norm(&mut by_tensor, 1.0);
        assert_close(&by_tensor, &[&[1.0], &[1.0], &[0.3], &[0.0], &[1.0]]);
        let mut by_layer = gradient(&parts);
        clip_by_layer_norm(&mut by_layer, 1.0);
        assert_close(&by_layer, &[&[0.6], &[0.8], &[0.3], &[0.0], &[1.0]]);
    }

    #[test]
    fn worked_clips_by_other_norms() {
        for (p, norm) in [(1.0, 7.0), (2.0, 5.0), (3.0, 91.0f64.cbrt()), (2e3, 4.0), (f64::INFINITY, 4.0)] {
            let mut g = one(&[3.0, -4.0]);
            assert!((p_norm(&g.tensors, p).to_f64() - norm).abs() < 1e-15 * norm, "{p}");
            clip_norm(&mut g.tensors, 1.0, p);
            assert!((g.tensors[0].values[0] - 3.0 / norm).abs() < 1e-15, "{p}");
            assert!((g.tensors[0].values[1] + 4.0 / norm).abs() < 1e-15, "{p}");
        }
    }

    #[test]
    fn a_norm_at_the_limit_or_below_changes_no_bit() {
        for max_norm in [5.0, 6.0] {
            let mut g = one(&[3.0, 4.0]);
            clip_norm(&mut g.tensors, max_norm, 2.0);
            assert_eq!(g, one(&[3.0, 4.0]));
        }
    }

    #[test]
    fn norms_beyond_f64_are_clipped_and_normalised_with_all_digits() {
        for size in [1e-300, 1e-200, 1.0, 1e200, 1e307] {
            let mut g = one(&[3.0 * size, -4.0 * size]);
            normalize(&mut g, 2.0);
            assert_close(&g, &[&[1.2, -1.6]]);
        }
        let mut g = one(&[1.2e308, 1.6e308]);
        assert_eq!(p_norm(&g.tensors, 2.0).to_f64(), f64::INFINITY);
        clip_norm(&mut g.tensors, 1.0, 2.0);
        assert_close(&g, &[&[0.6, 0.8]]);
        let mut single = one(&[3e30, 4e30]).cast::<f32>();
        clip_norm(&mut single.tensors, 1e-9, 2.0);
        assert!((f64::from(single.tensors[0].values[0]) / 6e-10 - 1.0).abs() < 2e-7);
    }

    #[test]
    fn gradients_without_a_direction_are_left_as_they_are() {
        for values in [[f64::INFINITY, 1.0], [0.0, 0.0]] {
            let mut g = one(&values);
            normalize(&mut g, 1.0);
            clip_norm(&mut g.tensors, 1.0, 2.0);
            assert_eq!(g, one(&values));
        }
        assert!(p_norm(&one(&[f64::NAN, f64::INFINITY]).tensors, 2.0).is_nan());
    }

    #[test]
    fn pytorchs_coefficient_is_worked_by_hand() {
        assert_eq!(pytorch_clip_coefficient(5.0, 5.0), 5.0 / 5.000001);
        assert_eq!(pytorch_clip_coefficient(1.0, 5.0), 1.0);
        assert_eq!(pytorch_clip_coefficient(f64::INFINITY, 1.0), 0.0);
        assert!(pytorch_clip_coefficient(f64::NAN, 1.0).is_nan());
    }

    #[test]
    fn scaling_and_masking_are_entry_by_entry() {
        let mut g = one(&[1.0, -2.0, f64::INFINITY]);
        scale(&mut g, 0.5);
        assert_eq!(g, one(&[0.5, -1.0, f64::INFINITY]));
        mask(&mut g, &one(&[1.0, 0.5, 0.0]));
        assert_eq!(g, one(&[0.5, -0.5, 0.0]));
    }

    #[test]
    fn clipped_parts_are_never_longer_than_the_limit_and_keep_their_direction() {
        for seed in 0..20 {
            for size in [1e-3, 1.0, 1e3] {
                let before = random(size, seed);
                let (mut by_tensor, mut by_layer) = (before.clone(), before.clone());
                clip_by_tensor_norm(&mut by_tensor, 0.7);
                clip_by_layer_norm(&mut by_layer, 0.7);
                for (old, new) in before.tensors.iter().zip(&by_tensor.tensors) {
                    let (from, to) = (p_norm(std::slice::from_ref(old), 2.0), p_norm(std::slice::from_ref(new), 2.0));
                    assert!((to.to_f64() - from.to_f64().min(0.7)).abs() < 1e-14);
                    let dot: f64 = old.values.iter().zip(&new.values).map(|(x, y)| x * y).sum();
                    assert!((dot / (from.to_f64() * to.to_f64()) - 1.0).abs() < 1e-14);
                }
                for layer in by_layer.tensors.chunk_by(|a, b| a.layer == b.layer) {
                    assert!(p_norm(layer, 2.0).to_f64() < 0.7 + 1e-14);
                }
                let (mut by_norm, mut by_remedy) = (before.clone(), before.clone());
                clip_norm(&mut by_norm.tensors, 0.7, 2.0);
                clip_by_global_norm(&mut by_remedy, 0.7);
                for (x, y) in
                    by_norm.tensors.iter().zip(&by_remedy.tensors).flat_map(|(a, b)| a.values.iter().zip(&b.values))
                {
                    assert!((x - y).abs() <= 1e-14 * x.abs(), "{x} {y}");
                }
            }
        }
    }
}
