//! Gradient normalisation: always the same length.
//!
//! ```text
//! g ← g · c/‖g‖
//! ```
//!
//! Normalised gradient descent, e.g. Hazan, Levy and Shalev-Shwartz, "Beyond convexity: stochastic quasi-convex optimization"
//! (2015). Unlike clipping it also lengthens: a vanished gradient is blown up, and its noise with it.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats, Update};
use crate::gradient_ops;
use crate::network::Weights;
use crate::param::{Param, Settings};
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "normalize",
    title: "normalise the gradient",
    does: "Gives the gradient the length c always: a step depends on its direction only.",
    does_not: "It does not bring back what vanished relative to the rest: early time steps stay as faint as they were within the whole.",
    source: "Hazan, Levy and Shalev-Shwartz 2015, algorithm 1",
    method: Method::Clipping,
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
    params: &[&LIMIT.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("normalize", "normalise the gradient", false)
    .help("Make the gradient of all parameters exactly c long.");

/// The number of the formula.
pub static LIMIT: Param<f64> = Param::log("normalized-norm", "norm", 1.0, 1e-3, 1e3, 0.05)
    .symbol("c")
    .help("The length that every gradient is given.");

struct Operation {
    limit: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Operation { limit: settings.get(&LIMIT) })
}

impl<R: Real> Remedy<R> for Operation {
    fn on_gradient(&mut self, _: &mut Update<'_, R>, gradient: &mut Weights<R>) {
        gradient_ops::normalize(gradient, self.limit);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{gradient, update};
    use super::*;

    #[test]
    fn two_entries_by_hand() {
        let (weights, mut g) = (gradient(&[1.0, 1.0]), gradient(&[3.0, -4.0]));
        Operation { limit: 2.0 }.on_gradient(&mut update(&weights), &mut g);
        let found: Vec<f64> = g.tensors.iter().flat_map(|tensor| tensor.values.clone()).collect();
        assert_eq!(found, [1.2000000000000002, -1.6]);
    }
}
