//! L2 regularisation: a penalty on the squares of the weights.
//!
//! ```text
//! L ← L + (λ/2) Σ w²,   dL/dw ← dL/dw + λ w
//! ```
//!
//! Hoerl and Kennard (1970); Krogh and Hertz (1992); see [`crate::penalty`]. Under SGD the same as weight decay, under Adam not.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats, Update};
use crate::network::Weights;
use crate::param::{Param, Settings};
use crate::penalty;
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "l2",
    title: "L2 regularisation",
    does: "Adds λ w to the gradient: the weights, and with them the spectral radius of Wₕₕ, shrink over many updates.",
    does_not: "It pulls over many updates. A run that blows up early is over before the penalty has had an effect.",
    source: "Hoerl and Kennard 1970; Krogh and Hertz 1992",
    method: Method::Penalties,
    is_common: true,
    treats: Treats::Explosion,
    stage: Stage::Gradient,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: true,
    tried: true,
    neutral: None,
    toggle: &TOGGLE,
    params: &[&STRENGTH.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("l2", "L2 regularisation", false).help("Add (λ/2) Σ w² to the loss.");

/// λ: the factor before ½ Σ w² in the loss.
pub static STRENGTH: Param<f64> = Param::log("l2-strength", "strength", 1e-3, 1e-6, 10.0, 0.05)
    .symbol("λ")
    .help("The factor before the penalty in the loss.");

struct Penalty {
    strength: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Penalty { strength: settings.get(&STRENGTH) })
}

impl<R: Real> Remedy<R> for Penalty {
    fn on_gradient(&mut self, update: &mut Update<'_, R>, gradient: &mut Weights<R>) {
        penalty::add_l2_gradient(gradient, update.weights, self.strength);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{gradient, update};
    use super::*;

    #[test]
    fn the_pull_on_a_weight_by_hand() {
        let (weights, mut g) = (gradient(&[-2.0]), gradient(&[1.0]));
        Penalty { strength: 0.25 }.on_gradient(&mut update(&weights), &mut g);
        assert_eq!(g.tensors[0].values, [0.5]);
    }
}
