//! Clipping by global norm.
//!
//! ```text
//! g ← g · max_norm / ‖g‖   if ‖g‖ > max_norm,   ‖g‖² = Σ over all tensors of Σ g_i²
//! ```
//!
//! Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013), algorithm 1, over all
//! tensors together. PyTorch's `clip_grad_norm_` multiplies by min(1, max_norm / (‖g‖ + 1e-6)) instead, which differs
//! by up to 1e-6 / ‖g‖. The direction is kept. dL/dh_t is not touched: it was computed before.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats, Update};
use crate::math;
use crate::network::Weights;
use crate::param::{Param, Value};
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "clip_norm",
    title: "clip by global norm",
    does: "Shortens the gradient of all parameters to c when it is longer, and keeps its direction.",
    does_not: "It acts after backpropagation: ∂L/∂hₜ grows as before, and a vanished gradient stays vanished.",
    source: "Pascanu, Mikolov and Bengio 2013, algorithm 1",
    method: Method::Clipping,
    is_common: true,
    treats: Treats::Explosion,
    stage: Stage::Gradient,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: true,
    tried: true,
    neutral: Some(|settings| {
        settings.set(&MAX_NORM.spec, Value::Real(1e3));
    }),
    toggle: &TOGGLE,
    params: &[&MAX_NORM.spec],
    single: |settings| Box::new(ClipNorm { max_norm: settings.get(&MAX_NORM) }),
    double: |settings| Box::new(ClipNorm { max_norm: settings.get(&MAX_NORM) }),
};

static TOGGLE: Param<bool> = Param::flag("clip-norm", "clip by global norm", false)
    .help("Shorten the gradient of all parameters to c when it is longer. Acts after backpropagation.");

/// The length that a gradient is cut to.
pub static MAX_NORM: Param<f64> = Param::log("max-norm", "largest norm", 1.0, 1e-3, 1e3, 0.05)
    .symbol("c")
    .help("The longest parameter gradient that is let through. Useful: 0.5 to 10 times the average norm.");

struct ClipNorm {
    max_norm: f64,
}

impl<R: Real> Remedy<R> for ClipNorm {
    fn on_gradient(&mut self, _: &mut Update<'_, R>, gradient: &mut Weights<R>) {
        clip_by_global_norm(gradient, self.max_norm);
    }
}

/// Clips in place and returns log10 of the norm before. A gradient with an infinite or undefined norm is left as it is:
/// it has no direction that could be kept.
pub fn clip_by_global_norm<R: Real>(gradient: &mut Weights<R>, max_norm: f64) -> f64 {
    let log10_norm = gradient.log10_global_norm();
    if log10_norm.is_finite() && log10_norm > math::log10(max_norm) {
        let norm = math::exp(log10_norm * math::LN_10);
        let factor = R::from_f64(max_norm / norm);
        for tensor in &mut gradient.tensors {
            tensor.values.iter_mut().for_each(|x| *x = *x * factor);
        }
    }
    log10_norm
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Role, Tensor};

    fn gradient(values: &[f64]) -> Weights<f64> {
        let tensor = |part: &[f64]| Tensor {
            name: String::new(),
            role: Role::Recurrent,
            layer: Some(0),
            rows: part.len(),
            columns: 1,
            values: part.to_vec(),
        };
        Weights { tensors: values.chunks(1).map(tensor).collect() }
    }

    #[test]
    fn a_worked_clip_over_two_tensors() {
        // ‖(3, 4)‖ = 5 > 1: (0.6, 0.8).
        let mut g = gradient(&[3.0, 4.0]);
        assert!((clip_by_global_norm(&mut g, 1.0) - 5f64.log10()).abs() < 1e-15);
        let found: Vec<f64> = g.tensors.iter().map(|t| t.values[0]).collect();
        assert!((found[0] - 0.6).abs() < 1e-15 && (found[1] - 0.8).abs() < 1e-15, "{found:?}");
    }

    #[test]
    fn a_short_gradient_is_left_bit_for_bit() {
        let mut g = gradient(&[0.3, -0.4]);
        clip_by_global_norm(&mut g, 0.5000001);
        assert_eq!(g, gradient(&[0.3, -0.4]));
    }

    #[test]
    fn an_infinite_gradient_has_no_direction_to_keep() {
        let mut g = gradient(&[f64::INFINITY, 1.0]);
        assert_eq!(clip_by_global_norm(&mut g, 1.0), f64::INFINITY);
        assert_eq!(g, gradient(&[f64::INFINITY, 1.0]));
    }
}
