//! Clipping by the norm of each tensor.
//!
//! ```text
//! g_W ← g_W · c/‖g_W‖   if ‖g_W‖ > c,   for every tensor W by itself
//! ```
//!
//! Each tensor keeps its own direction; the direction of the whole changes, because long tensors are cut and short ones are
//! not. Often written for the global norm of Pascanu, Mikolov and Bengio 2013, algorithm 1, which it is not.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats, Update};
use crate::gradient_ops;
use crate::network::Weights;
use crate::param::{Param, Settings, Value};
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "clip_tensor",
    title: "clip each tensor",
    does: "Shortens the gradient of every tensor to c by itself: a long one does not make the others short.",
    does_not: "It does not keep the direction of the whole gradient, and ∂L/∂hₜ has exploded on its way back as before.",
    source: "As Keras’ clipnorm; compare Pascanu, Mikolov and Bengio 2013, algorithm 1",
    method: Method::ClippingPerLayer,
    is_common: false,
    treats: Treats::Explosion,
    stage: Stage::Gradient,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: true,
    tried: false,
    neutral: Some(|settings| {
        settings.set(&LIMIT.spec, Value::Real(1e3));
    }),
    toggle: &TOGGLE,
    params: &[&LIMIT.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("clip-tensor", "clip each tensor", false)
    .help("Shorten the gradient of each tensor. Acts after backpropagation.");

/// The number of the formula.
pub static LIMIT: Param<f64> = Param::log("tensor-max-norm", "largest norm", 0.5, 1e-3, 1e3, 0.05)
    .symbol("c")
    .help("The longest gradient of a tensor that is let through.");

struct Operation {
    limit: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Operation { limit: settings.get(&LIMIT) })
}

impl<R: Real> Remedy<R> for Operation {
    fn on_gradient(&mut self, _: &mut Update<'_, R>, gradient: &mut Weights<R>) {
        gradient_ops::clip_by_tensor_norm(gradient, self.limit);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{gradient, update};
    use super::*;

    #[test]
    fn two_entries_by_hand() {
        let (weights, mut g) = (gradient(&[1.0, 1.0]), gradient(&[3.0, -4.0]));
        Operation { limit: 3.5 }.on_gradient(&mut update(&weights), &mut g);
        let found: Vec<f64> = g.tensors.iter().flat_map(|tensor| tensor.values.clone()).collect();
        assert_eq!(found, [3.0, -3.5]);
    }
}
