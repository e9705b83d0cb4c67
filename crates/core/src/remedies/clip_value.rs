//! Clipping by value: every entry by itself.
//!
//! ```text
//! g_i ← min(max(g_i, -c), c)
//! ```
//!
//! PyTorch's `clip_grad_value_`. The direction changes, because large entries are cut and small ones are not.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats, Update};
use crate::gradient_ops;
use crate::network::Weights;
use crate::param::{Param, Settings, Value};
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "clip_value",
    title: "clip by value",
    does: "Cuts every entry of the gradient to ±c. Under SGD without momentum or weight decay no weight then moves by more than η c in one update; Adam’s steps hardly change.",
    does_not: "It does not keep the gradient’s direction, and ∂L/∂hₜ has exploded on its way back as before.",
    source: "PyTorch, clip_grad_value_",
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
        settings.set(&LIMIT.spec, Value::Real(1e3));
    }),
    toggle: &TOGGLE,
    params: &[&LIMIT.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("clip-value", "clip by value", false)
    .help("Cut every entry of the gradient. Acts after backpropagation.");

/// The number of the formula.
pub static LIMIT: Param<f64> = Param::log("max-value", "largest entry", 0.1, 1e-4, 1e3, 0.05)
    .symbol("c")
    .help("The largest entry of the gradient that is let through.");

struct Operation {
    limit: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Operation { limit: settings.get(&LIMIT) })
}

impl<R: Real> Remedy<R> for Operation {
    fn on_gradient(&mut self, _: &mut Update<'_, R>, gradient: &mut Weights<R>) {
        gradient_ops::clip_by_value(gradient, self.limit);
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
