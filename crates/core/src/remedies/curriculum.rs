//! Curriculum learning on the sequence length: short sequences first.
//!
//! ```text
//! T_i = T_0 + (T - T_0) ⌊i (s - 1)/n⌋/(s - 1)   for updates i < n, in s stages;   T_i = T from update n on
//! ```
//!
//! Bengio, Louradour, Collobert and Weston, "Curriculum learning" (2009), with the length as the difficulty, as in Zaremba
//! and Sutskever, "Learning to execute" (2014). A gradient that need not go far back neither vanishes nor explodes; whether
//! what is learned on short sequences carries over to long ones depends on the task.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats};
use crate::param::{Param, Settings};
use crate::real::Real;
use crate::training::{self, Plan};

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "curriculum",
    title: "curriculum on the length",
    does: "Trains on short sequences first, so that the gradient has only a short way back, and lengthens them in stages.",
    does_not: "At the full length the way back is as long as ever: nothing has been done to the gradient itself.",
    source: "Bengio, Louradour, Collobert and Weston 2009; Zaremba and Sutskever 2014",
    method: Method::Curriculum,
    is_common: false,
    treats: Treats::Both,
    stage: Stage::Data,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: false,
    tried: false,
    neutral: Some(|settings| {
        settings.set(&FIRST.spec, crate::param::Value::Int(500));
    }),
    toggle: &TOGGLE,
    params: &[&FIRST.spec, &UPDATES.spec, &STAGES.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("curriculum", "curriculum on the length", false)
    .help("Begin with short sequences and lengthen them while training goes on.");

/// T_0: the length of the first sequences.
pub static FIRST: Param<usize> = Param::count("curriculum-first", "first length", 10, 2, 500)
    .fine_until(100)
    .symbol("T₀")
    .help("The length of the first sequences.");

/// n: the update from which on the sequences have their full length.
pub static UPDATES: Param<usize> = Param::count("curriculum-updates", "full length from update", 600, 1, 100_000)
    .fine_until(50)
    .help("The update from which on the sequences have their full length.");

/// s: different lengths, the full one included.
pub static STAGES: Param<usize> = Param::count("curriculum-stages", "lengths", 5, 2, 20)
    .help("How many different lengths there are, the full one included.");

struct Lengths(training::Curriculum);

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Lengths(training::Curriculum {
        first: settings.get(&FIRST),
        updates: settings.get(&UPDATES) as u64,
        stages: settings.get(&STAGES),
    }))
}

impl<R: Real> Remedy<R> for Lengths {
    fn configure(&self, plan: &mut Plan) {
        plan.curriculum = Some(self.0);
    }
}
