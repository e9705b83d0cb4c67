//! Gradient scaling: one factor for the whole gradient.
//!
//! ```text
//! g ← s g
//! ```
//!
//! With SGD the same as a learning rate of s η. Adam and RMSprop divide the gradient by its own size, so that s cancels (up to ε):
//! there it does nothing. Loss scaling in mixed precision (Micikevicius et al., 2018) uses it to stay clear of underflow and
//! divides it out again.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats, Update};
use crate::gradient_ops;
use crate::network::Weights;
use crate::param::{Param, Settings, Value};
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "gradient_scale",
    title: "gradient scaling",
    does: "Multiplies the gradient by s: with SGD that is a smaller learning rate, no more.",
    does_not: "Under Adam and RMSprop it does almost nothing: they divide by the gradient’s own size, and s cancels.",
    source: "Micikevicius et al. 2018, section 3.2 (loss scaling)",
    method: Method::Scaling,
    is_common: false,
    treats: Treats::Explosion,
    stage: Stage::Gradient,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: true,
    tried: true,
    neutral: Some(|settings| {
        settings.set(&LIMIT.spec, Value::Real(1.0));
    }),
    toggle: &TOGGLE,
    params: &[&LIMIT.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> =
    Param::flag("gradient-scale", "gradient scaling", false).help("Multiply the whole gradient by a factor.");

/// The number of the formula.
pub static LIMIT: Param<f64> = Param::log("gradient-scale-factor", "factor", 0.1, 1e-6, 100.0, 0.05)
    .symbol("s")
    .help("What the gradient is multiplied by.");

struct Operation {
    limit: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Operation { limit: settings.get(&LIMIT) })
}

impl<R: Real> Remedy<R> for Operation {
    fn on_gradient(&mut self, _: &mut Update<'_, R>, gradient: &mut Weights<R>) {
        gradient_ops::scale(gradient, self.limit);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{gradient, update};
    use super::*;

    #[test]
    fn two_entries_by_hand() {
        let (weights, mut g) = (gradient(&[1.0, 1.0]), gradient(&[3.0, -4.0]));
        Operation { limit: 0.5 }.on_gradient(&mut update(&weights), &mut g);
        let found: Vec<f64> = g.tensors.iter().flat_map(|tensor| tensor.values.clone()).collect();
        assert_eq!(found, [1.5, -2.0]);
    }
}
