//! A gated recurrent unit in the place of the plain cell: see [`crate::cells::GRU`].
//!
//! Cho et al. (2014).
use super::{Method, Remedy, RemedySpec, Slot, Stage, Treats};
use crate::cells;
use crate::param::{Param, Settings};
use crate::real::Real;
use crate::training::Plan;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "gru",
    title: "GRU cell",
    does: "Lets hₜ₋₁ pass to hₜ past the matrix, as far as the update gate is open; the gradient passes back the same way.",
    does_not: "Where the gate is closed the gradient goes through the matrices as before, and can vanish or explode there.",
    source: "Cho, van Merriënboer, Gulcehre, Bahdanau, Bougares, Schwenk and Bengio 2014; the reset gate after the product, as in torch.nn.GRU",
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

static TOGGLE: Param<bool> = Param::flag("gru", "GRU cell", false)
    .help("Train a GRU instead: two gates, and a state that is passed on past the matrix.");

struct Gated;

fn build<R: Real>(_: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Gated)
}

impl<R: Real> Remedy<R> for Gated {
    fn configure(&self, plan: &mut Plan) {
        plan.cell = &cells::GRU;
    }
}
