//! A schedule of the learning rate, from the registry in [`crate::schedules`].
//!
//! ```text
//! η_i = η · s(i):  in steps, exponential, inverse time, cosine, linear warm-up, or on a plateau of the loss
//! ```
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats};
use crate::param::{Choice, Param, Settings};
use crate::real::Real;
use crate::schedules;
use crate::training::Plan;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "schedule",
    title: "learning-rate schedule",
    does: "Changes the learning rate over the updates: a warm-up begins with small steps, a decay ends with them.",
    does_not: "It acts on the length of the steps, not on the gradient: what explodes or vanishes on its way back still does.",
    source: "PyTorch, lr_scheduler; cosine: Loshchilov and Hutter 2017; warm-up: Goyal et al. 2017",
    method: Method::Schedules,
    is_common: false,
    treats: Treats::Explosion,
    stage: Stage::Rate,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: false,
    tried: false,
    neutral: None,
    toggle: &TOGGLE,
    params: &[&KIND.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> =
    Param::flag("schedule", "learning-rate schedule", false).help("Change the learning rate while training goes on.");

/// All schedules but the constant one, which stands first in their registry.
static KINDS: [Choice; schedules::ALL.len() - 1] = {
    let mut choices = [Choice { slug: "", label: "" }; schedules::ALL.len() - 1];
    let mut i = 0;
    while i < choices.len() {
        choices[i] = Choice { slug: schedules::ALL[i + 1].slug, label: schedules::ALL[i + 1].title };
        i += 1;
    }
    choices
};

/// The slug of an entry of the registry of schedules.
pub static KIND: Param<&'static str> =
    Param::choice("schedule-kind", "schedule", "warm-up", &KINDS).help("How the learning rate changes.");

struct Scheduled {
    settings: Settings,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Scheduled { settings: settings.clone() })
}

impl<R: Real> Remedy<R> for Scheduled {
    fn configure(&self, plan: &mut Plan) {
        if let Some(spec) = schedules::find(self.settings.get(&KIND)) {
            plan.schedule = (spec.build)(&self.settings);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constant_schedule_stands_first_and_is_no_choice() {
        assert_eq!(schedules::ALL[0].slug, "constant");
        assert!(KINDS.iter().all(|choice| schedules::find(choice.slug).is_some()));
    }
}
