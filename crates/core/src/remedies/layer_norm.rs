//! Layer normalisation: W_ih x_t and W_hh h_{t-1} are normalised, each by itself, before they are added.
//!
//! ```text
//! a_t = γ_hh ⊙ N(W_hh h_{t-1}) + γ_ih ⊙ N(W_ih x_t) + b,   N(x) = (x - mean)/√(variance + 1e-5),  means over the units of each sequence, at every time step
//! ```
//!
//! Ba, Kiros and Hinton, "Layer normalization" (2016), section 3.1 and equation 20, over all gates' units together, without
//! the shift β beside the bias and without the normalisation of the LSTM's cell state.
use super::spec::fill_gains;
use super::{Method, Remedy, RemedySpec, Slot, Stage, Treats};
use crate::network::{Network, Normalization, Weights};
use crate::param::{Param, Settings};
use crate::random::Stream;
use crate::real::Real;
use crate::training::Plan;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "layer_norm",
    title: "layer normalisation",
    does: "Keeps the sums of a step at one size, whatever the weights’ size; unlike batch normalisation it needs no batch.",
    does_not: "Inputs that vary take their part of the variance at every step, so with γ up to 1 gradients still shrink over many steps; with a larger γ they may grow.",
    source: "Ba, Kiros and Hinton 2016, equation 20",
    method: Method::Normalization,
    is_common: true,
    treats: Treats::Explosion,
    stage: Stage::Cell,
    replaces: Some(Slot::Normalization),
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: true,
    tried: false,
    neutral: None,
    toggle: &TOGGLE,
    params: &[&GAMMA.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("layer-norm", "layer normalisation", false)
    .help("Normalise both products over the units, in every sequence and at every time step by itself.");

/// γ at the start.
pub static GAMMA: Param<f64> = Param::log("layer-norm-gamma", "first gain", 1.0, 0.01, 2.0, 0.05)
    .symbol("γ")
    .help("The gain of both products at the start; training moves it. Small: the activation is not saturated.");

struct Normalize {
    gamma: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Normalize { gamma: settings.get(&GAMMA) })
}

impl<R: Real> Remedy<R> for Normalize {
    fn configure(&self, plan: &mut Plan) {
        plan.normalization = Some(Normalization::Layer);
    }

    fn initialize(&self, _: &Network, weights: &mut Weights<R>, _: &mut Stream) {
        fill_gains(weights, self.gamma);
    }
}
