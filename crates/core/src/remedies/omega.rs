//! Pascanu's regulariser Ω, against vanishing: see [`crate::bptt`], whose passes add its gradient.
//!
//! ```text
//! Ω = Σ_t (‖∂L/∂h_t · ∂h_t/∂h_{t-1}‖/‖∂L/∂h_t‖ - 1)²,   dL/dW_hh ← dL/dW_hh + λ dΩ/dW_hh
//! ```
//!
//! Pascanu, Mikolov and Bengio 2013, section 3.3. Only W_hh is pulled, and only in the directions in which the gradient
//! comes. The authors use it together with clipping: what keeps gradients from vanishing brings the matrix near explosion.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats, without_matrix};
use crate::param::{Param, Settings};
use crate::real::Real;
use crate::training::Plan;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "omega",
    title: "Pascanu’s regulariser Ω",
    does: "Pulls Wₕₕ so that ∂L/∂hₜ keeps its norm from step to step, in the directions in which it comes.",
    does_not: "It is against vanishing; without clipping it usually fails, because it leads Wₕₕ towards explosion.",
    source: "Pascanu, Mikolov and Bengio 2013, section 3.3, equations 9 and 10",
    method: Method::Penalties,
    is_common: false,
    treats: Treats::Vanishing,
    stage: Stage::Backward,
    replaces: None,
    changes_matrix: false,
    idle: without_matrix,
    acts_in_one_pass: true,
    tried: false,
    neutral: None,
    toggle: &TOGGLE,
    params: &[&STRENGTH.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("omega", "Pascanu’s regulariser Ω", false)
    .help("Add λ Ω to the loss: it penalises every step at which the gradient changes its norm.");

/// λ: the factor before Ω in the loss.
pub static STRENGTH: Param<f64> = Param::log("omega-strength", "strength", 0.02, 1e-6, 10.0, 0.05)
    .symbol("λ")
    .help("The factor before Ω in the loss.");

struct Omega {
    strength: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Omega { strength: settings.get(&STRENGTH) })
}

impl<R: Real> Remedy<R> for Omega {
    fn configure(&self, plan: &mut Plan) {
        plan.omega = Some(self.strength);
    }
}
