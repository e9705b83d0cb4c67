//! Long short-term memory in the place of the plain cell: see [`crate::cells::LSTM`].
//!
//! Hochreiter and Schmidhuber (1997); forget gate: Gers, Schmidhuber and Cummins (2000).
use super::{Method, Remedy, RemedySpec, Slot, Stage, Treats};
use crate::cells;
use crate::param::{Param, Settings};
use crate::real::Real;
use crate::training::Plan;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "lstm",
    title: "LSTM cell",
    does: "Gives the gradient a second way back, from cₜ to cₜ₋₁, where it is only multiplied by the forget gate.",
    does_not: "Gates can close, and the way through the matrices is still there: an LSTM can vanish, and it can explode.",
    source: "Hochreiter and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000",
    method: Method::Gates,
    is_common: true,
    treats: Treats::Vanishing,
    stage: Stage::Cell,
    replaces: Some(Slot::Cell),
    changes_matrix: true,
    idle: |_| None,
    acts_in_one_pass: true,
    tried: true,
    neutral: None,
    toggle: &TOGGLE,
    params: &[],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("lstm", "LSTM cell", false)
    .help("Train an LSTM instead: four gates, and a cell state that is added to.");

struct Gated;

fn build<R: Real>(_: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Gated)
}

impl<R: Real> Remedy<R> for Gated {
    fn configure(&self, plan: &mut Plan) {
        plan.cell = &cells::LSTM;
    }
}
