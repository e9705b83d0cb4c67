//! Recurrent batch normalisation: W_ih x_t and W_hh h_{t-1} are normalised, each by itself, before they are added.
//!
//! ```text
//! a_t = γ_hh ⊙ N(W_hh h_{t-1}) + γ_ih ⊙ N(W_ih x_t) + b,   N(x) = (x - mean)/√(variance + 1e-5),  means over the batch, of every unit and every time step
//! h_t = o ⊙ tanh(γ_c ⊙ N(c_t) + β_c)                       LSTM
//! ```
//!
//! Cooijmans, Ballas, Laurent, Gülçehre and Courville, "Recurrent batch normalization" (2016), equations 6 to
//! 8; the cell state that is handed on is c_t itself. Statistics are those of the batch at that time step, in tests too
//! (there of the test batch); the paper's tests use averages over training. γ = 0.1 as there: tanh is not saturated then. That
//! does not keep the gradient by itself: both products have the variance γ², so inputs that vary take half of it at every step,
//! and a step back costs about γ / sd(h), near 1/√2, even where tanh' = 1.
use super::spec::fill_gains;
use super::{Method, Remedy, RemedySpec, Slot, Stage, Treats};
use crate::network::{Network, Normalization, Role, Weights};
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
    source: "Cooijmans, Ballas, Laurent, Gülçehre and Courville 2016, equations 6 to 8",
    method: Method::Normalization,
    is_common: false,
    treats: Treats::Explosion,
    stage: Stage::Cell,
    replaces: Some(Slot::Normalization),
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: false,
    tried: true,
    neutral: None,
    toggle: &TOGGLE,
    params: &[&GAMMA.spec, &CELL_GAMMA.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("batch-norm", "recurrent batch normalisation", false)
    .help("Normalise both products over the batch, at every time step with statistics of its own.");

/// γ at the start.
pub static GAMMA: Param<f64> = Param::log("batch-norm-gamma", "first gain", 0.1, 0.01, 2.0, 0.05)
    .symbol("γ")
    .help("The gain of both products at the start; training moves it. Small: the activation is not saturated.");

/// γ_c at the start.
pub static CELL_GAMMA: Param<f64> = Param::log("batch-norm-cell-gamma", "first gain of the cell state", 0.1, 0.01, 2.0, 0.05)
    .symbol("γc")
    .help("The gain of an LSTM’s normalised cell state at the start, on its way to h; training moves it. Other cells have none.");

struct Normalize {
    gamma: f64,
    cell_gamma: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Normalize { gamma: settings.get(&GAMMA), cell_gamma: settings.get(&CELL_GAMMA) })
}

impl<R: Real> Remedy<R> for Normalize {
    fn configure(&self, plan: &mut Plan) {
        plan.normalization = Some(Normalization::BatchWithCell);
    }

    fn initialize(&self, _: &Network, weights: &mut Weights<R>, _: &mut Stream) {
        fill_gains(weights, self.gamma);
        let of_cell = weights.tensors.iter_mut().filter(|tensor| tensor.role == Role::CellGain);
        of_cell.for_each(|tensor| tensor.values.fill(R::from_f64(self.cell_gamma)));
    }
}
