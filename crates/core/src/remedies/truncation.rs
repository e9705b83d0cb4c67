//! Truncated backpropagation through time.
//!
//! ```text
//! every k' steps, counted back from the end, the losses of the last k' steps are followed back over k steps
//! ```
//!
//! Williams and Peng (1990), BPTT(h; h') with h = k, the window, and h' = k', the stride. A loss at the last step only is
//! followed back over the window, whatever the stride. What lies further back gets no gradient: no explosion beyond the
//! window, and no credit beyond it either. Weights are shared by all steps and the state is carried on, so that what is learned
//! within the window may hold beyond it.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats};
use crate::bptt::Truncation;
use crate::param::{Param, Settings, Value};
use crate::real::Real;
use crate::tasks::TargetsAt;
use crate::training::Plan;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "truncation",
    title: "truncated BPTT",
    does: "Follows every loss back over so many steps only: what would have grown over more steps never arises.",
    does_not: "What lies further back gets no credit: the gradient there is exactly zero, a bias and not a smaller step.",
    source: "Williams and Peng 1990; Williams and Zipser 1995",
    method: Method::Truncation,
    is_common: true,
    treats: Treats::Explosion,
    stage: Stage::Backward,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: true,
    tried: true,
    neutral: Some(|settings| {
        settings.set(&WINDOW.spec, Value::Int(520));
        settings.set(&STRIDE.spec, Value::Int(520));
    }),
    toggle: &TOGGLE,
    params: &[&WINDOW.spec, &STRIDE.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> =
    Param::flag("truncation", "truncated BPTT", false).help("Follow each loss back over a window of time steps only.");

/// k: time steps that a loss is followed back.
pub static WINDOW: Param<usize> = Param::count("truncation-window", "window", 10, 1, 520)
    .fine_until(100)
    .symbol("k")
    .help("How many time steps a loss is followed back.");

/// k': losses that are followed back together, at most k.
pub static STRIDE: Param<usize> = Param::count("truncation-stride", "stride", 5, 1, 520)
    .fine_until(100)
    .symbol("k′")
    .help("In tasks with a loss at every step: how many losses are followed back together. At most the window.");

struct Truncate {
    window: usize,
    stride: usize,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Truncate { window: settings.get(&WINDOW), stride: settings.get(&STRIDE) })
}

impl<R: Real> Remedy<R> for Truncate {
    fn configure(&self, plan: &mut Plan) {
        plan.truncation = match plan.task.loss.at() {
            TargetsAt::Last => Truncation::last(self.window),
            TargetsAt::Every => Truncation { window: self.window, stride: self.stride.min(self.window) },
        };
    }
}
