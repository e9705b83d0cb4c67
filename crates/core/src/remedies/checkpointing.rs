//! Gradient checkpointing: memory for time.
//!
//! ```text
//! kept: the states at the starts of segments, and one segment;  computed twice: every segment but the last
//! ```
//!
//! Chen, Xu, Zhang and Guestrin, "Training deep nets with sublinear memory cost" (2016): with segments of √T steps the
//! memory grows with √T, for one extra forward pass. It is no remedy against explosion: not one bit of the gradient
//! changes. It lets longer windows be used.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats};
use crate::param::{Param, Settings, Value};
use crate::real::Real;
use crate::training::Plan;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "checkpointing",
    title: "gradient checkpointing",
    does: "Forgets the states inside segments on the way forward and computes them again on the way back: less memory, more time.",
    does_not: "It does nothing to the gradient: every bit of it is the same.",
    source: "Chen, Xu, Zhang and Guestrin 2016, section 4",
    method: Method::Checkpointing,
    is_common: false,
    treats: Treats::Neither,
    stage: Stage::Memory,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: false,
    tried: true,
    neutral: Some(|settings| {
        settings.set(&SEGMENT.spec, Value::Int(3));
    }),
    toggle: &TOGGLE,
    params: &[&SEGMENT.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("checkpointing", "gradient checkpointing", false)
    .help("Keep only the states at the starts of segments; compute the others again on the way back.");

/// Steps of a segment.
pub static SEGMENT: Param<usize> = Param::count("checkpoint-segment", "steps of a segment", 8, 1, 500)
    .fine_until(100)
    .help("About √T saves most memory. As long as the sequence: nothing is forgotten.");

struct Checkpointing {
    segment: usize,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Checkpointing { segment: settings.get(&SEGMENT) })
}

impl<R: Real> Remedy<R> for Checkpointing {
    fn configure(&self, plan: &mut Plan) {
        plan.segment = Some(self.segment);
    }
}
