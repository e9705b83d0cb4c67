//! Decoupled weight decay.
//!
//! ```text
//! w ← w - η λ w, beside the optimiser's step
//! ```
//!
//! Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), section 2. Under SGD it is L2 but for its order;
//! under Adam it is not, because the pull is not divided by the gradient's size. It comes after the step here, before it in
//! PyTorch's AdamW.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats};
use crate::network::{Network, Weights};
use crate::param::{Param, Settings};
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "weight_decay",
    title: "decoupled weight decay",
    does: "Shrinks all weights a little after every update, whatever the gradient and the optimiser.",
    does_not: "It pulls over many updates and does nothing to the gradient: an explosion in the first updates is faster.",
    source: "Loshchilov and Hutter 2019, section 2",
    method: Method::Penalties,
    is_common: false,
    treats: Treats::Explosion,
    stage: Stage::Weights,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: false,
    tried: false,
    neutral: None,
    toggle: &TOGGLE,
    params: &[&STRENGTH.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("weight-decay-decoupled", "decoupled weight decay", false)
    .help("Multiply all weights by 1 − η λ after every update.");

/// λ: every update multiplies the weights by 1 - η λ.
pub static STRENGTH: Param<f64> = Param::log("weight-decay-strength", "strength", 0.01, 1e-6, 10.0, 0.05)
    .symbol("λ")
    .help("Every update multiplies the weights by 1 − η λ.");

struct Decay {
    strength: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Decay { strength: settings.get(&STRENGTH) })
}

impl<R: Real> Remedy<R> for Decay {
    fn after_step(&mut self, _: &Network, weights: &mut Weights<R>, learning_rate: f64) {
        let keep = R::from_f64(1.0 - learning_rate * self.strength);
        weights.tensors.iter_mut().flat_map(|tensor| &mut tensor.values).for_each(|w| *w = *w * keep);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{gradient, network};
    use super::*;
    use crate::cells;

    #[test]
    fn a_weight_shrinks_by_the_rate_times_the_strength() {
        let mut weights = gradient(&[8.0]);
        Decay { strength: 0.5 }.after_step(&network(&cells::TANH, 1), &mut weights, 0.5);
        assert_eq!(weights.tensors[0].values, [6.0]);
    }
}
