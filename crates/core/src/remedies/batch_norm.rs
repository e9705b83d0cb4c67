//! Recurrent batch normalisation: W_ih x_t and W_hh h_{t-1} are normalised, each by itself, before they are added.
//!
//! ```text
//! a_t = γ_hh ⊙ N(W_hh h_{t-1}) + γ_ih ⊙ N(W_ih x_t) + b,   N(x) = (x - mean)/√(variance + 1e-5),  means over the batch, of every unit and every time step
//! ```
//!
//! Cooijmans, Ballas, Laurent, Gülçehre and Courville, "Recurrent batch normalization" (2016), equation 6, without the
//! normalisation of the LSTM's cell state in equation 8. Statistics are those of the batch at that time step, in tests too
//! (there of the test batch); the paper's tests use averages over training. γ = 0.1 as there: tanh is not saturated then. That
//! does not keep the gradient by itself: both products have the variance γ², so inputs that vary take half of it at every step,
//! and a step back costs about γ / sd(h), near 1/√2, even where tanh' = 1.
use super::spec::fill_gains;
use super::{Method, Remedy, RemedySpec, Slot, Stage, Treats};
use crate::network::{Normalization, Weights};
use crate::param::{Param, Settings};
use crate::random::Stream;
use crate::real::Real;
use crate::training::Plan;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "batch_norm",
    title: "recurrent batch normalisation",
    does: "Keeps every unit’s sum at one size whatever the weights’ size: the scale of Wₕₕ drops out, and with γ = 0.1 tanh is not saturated.",
    does_not: "It needs batches large enough to measure by. Inputs that vary take half of the variance at every step, so the past still fades.",
    source: "Cooijmans, Ballas, Laurent, Gülçehre and Courville 2016, equation 6",
    method: Method::Normalization,
    is_common: false,
    treats: Treats::Explosion,
    stage: Stage::Cell,
    replaces: Some(Slot::Normalization),
    acts_in_one_pass: false,
    tried: true,
    neutral: None,
    toggle: &TOGGLE,
    params: &[&GAMMA.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("batch-norm", "recurrent batch normalisation", false)
    .help("Normalise both products over the batch, at every time step with statistics of its own.");

/// γ at the start.
pub static GAMMA: Param<f64> = Param::log("batch-norm-gamma", "first gain", 0.1, 0.01, 2.0, 0.05)
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
        plan.normalization = Some(Normalization::Batch);
    }

    fn initialize(&self, weights: &mut Weights<R>, _: &mut Stream) {
        fill_gains(weights, self.gamma);
    }
}
