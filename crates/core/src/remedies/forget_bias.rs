//! The bias of the forget gate.
//!
//! ```text
//! f_t = sigm(W_f h_{t-1} + U_f x_t + b_f),  b_f = b at the start
//! ```
//!
//! Gers, Schmidhuber and Cummins (2000); Jozefowicz, Zaremba and Sutskever, "An empirical exploration of recurrent network
//! architectures" (2015), who advise b_f = 1. Cells without a forget gate are left as they are.
use super::spec::{Method, Remedy, RemedySpec, Slot, Stage, Treats};
use crate::param::{Param, Settings, Value};
use crate::real::Real;
use crate::training::Plan;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "forget_bias",
    title: "forget-gate bias",
    does: "Starts an LSTM’s forget gate open: at b = 1 the gradient along cₜ is multiplied by about 0.73 a step, not 0.5.",
    does_not: "It does nothing in cells without a forget gate, and training can close the gate again.",
    source: "Gers, Schmidhuber and Cummins 2000; Jozefowicz, Zaremba and Sutskever 2015",
    method: Method::Gates,
    is_common: false,
    treats: Treats::Vanishing,
    stage: Stage::Initialization,
    replaces: Some(Slot::ForgetBias),
    changes_matrix: false,
    idle: |cell| cell.forget_gate().is_none().then_some("this cell has no forget gate"),
    acts_in_one_pass: true,
    tried: false,
    neutral: Some(|settings| {
        settings.set(&BIAS.spec, Value::Real(0.0));
    }),
    toggle: &TOGGLE,
    params: &[&BIAS.spec],
    single: build,
    double: build,
};

/// Whether the forget gate starts with [`BIAS`].
pub static TOGGLE: Param<bool> =
    Param::flag("forget-bias-init", "forget-gate bias", false).help("Start the LSTM's forget gate with this bias.");

/// b: what is added before the forget gate's sigmoid, 0 for none.
pub static BIAS: Param<f64> = Param::real("forget-bias", "forget bias", 1.0, -3.0, 5.0, 0.1)
    .symbol("b")
    .help("Added before the forget gate's sigmoid: 1 and more keep the gate open at the start.");

struct ForgetBias {
    bias: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(ForgetBias { bias: settings.get(&BIAS) })
}

impl<R: Real> Remedy<R> for ForgetBias {
    fn configure(&self, plan: &mut Plan) {
        plan.forget_bias = self.bias;
    }
}
