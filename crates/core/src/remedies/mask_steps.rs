//! Gradient masking by time: chosen steps contribute nothing.
//!
//! ```text
//! dL/dθ = Σ_{t not masked} (dL/dθ)_t
//! ```
//!
//! The gradient of the state still passes through masked steps to those before them: only their own contribution to the
//! weights is left out. To stop the way itself, see truncated backpropagation.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats};
use crate::param::{Param, Settings, Value};
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "mask_steps",
    title: "mask time steps",
    does: "Leaves the contributions of chosen time steps out of the weights’ gradient: the earliest ones, say, where it has exploded.",
    does_not: "∂L/∂hₜ flows on through masked steps as it was; what the other steps contribute is as large as before.",
    source: "Masking as in padded batches, PyTorch’s packed sequences; here for chosen steps",
    method: Method::Masking,
    is_common: false,
    treats: Treats::Explosion,
    stage: Stage::Backward,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: true,
    tried: false,
    neutral: Some(|settings| {
        settings.set(&FROM.spec, Value::Real(0.0));
        settings.set(&TO.spec, Value::Real(0.0));
    }),
    toggle: &TOGGLE,
    params: &[&FROM.spec, &TO.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("mask-steps", "mask time steps", false)
    .help("Leave the contributions of some time steps out of the gradient.");

/// The first masked step, as a share of the sequence.
pub static FROM: Param<f64> = Param::real("mask-from", "from", 0.0, 0.0, 100.0, 1.0)
    .unit("% of T")
    .help("Where the masked part of the sequence begins.");

/// The end of the masked steps, as a share of the sequence.
pub static TO: Param<f64> = Param::real("mask-to", "to", 50.0, 0.0, 100.0, 1.0)
    .unit("% of T")
    .help("Where the masked part of the sequence ends.");

struct MaskSteps {
    from: f64,
    to: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(MaskSteps { from: settings.get(&FROM), to: settings.get(&TO) })
}

impl<R: Real> Remedy<R> for MaskSteps {
    fn counts(&self, _: usize, t: usize, steps: usize) -> bool {
        // Step t lies between t - 1 and t.
        let middle = (t as f64 - 0.5) * 100.0;
        let (from, to) = (self.from * steps as f64, self.to * steps as f64);
        !(from <= middle && middle < to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_ten_steps_are_the_first_five() {
        let mask = MaskSteps { from: 0.0, to: 50.0 };
        let counted: Vec<usize> = (1..=10).filter(|t| Remedy::<f64>::counts(&mask, 0, *t, 10)).collect();
        assert_eq!(counted, [6, 7, 8, 9, 10]);
    }
}
