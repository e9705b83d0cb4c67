//! L1 regularisation: a penalty on the size of the weights.
//!
//! ```text
//! L ← L + λ Σ |w|,   dL/dw ← dL/dw + λ sign(w)
//! ```
//!
//! Tibshirani (1996); see [`crate::penalty`].
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats, Update};
use crate::network::Weights;
use crate::param::{Param, Settings};
use crate::penalty;
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "l1",
    title: "L1 regularisation",
    does: "Adds λ sign(w) to the gradient: every weight is pulled towards 0 at one speed, many of them all the way to about 0.",
    does_not: "It pulls over many updates. A run that blows up early is over before the penalty has had an effect.",
    source: "Tibshirani 1996",
    method: Method::Penalties,
    is_common: false,
    treats: Treats::Explosion,
    stage: Stage::Gradient,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: true,
    tried: false,
    neutral: None,
    toggle: &TOGGLE,
    params: &[&STRENGTH.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("l1", "L1 regularisation", false).help("Add λ Σ |w| to the loss.");

/// λ: the factor before Σ |w| in the loss.
pub static STRENGTH: Param<f64> = Param::log("l1-strength", "strength", 1e-3, 1e-6, 10.0, 0.05)
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
        penalty::add_l1_gradient(gradient, update.weights, self.strength);
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
        assert_eq!(g.tensors[0].values, [0.75]);
    }
}
