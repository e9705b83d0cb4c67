//! Adam with decoupled weight decay.
//!
//! ```text
//! w ← (1 - lr · weight_decay) w
//! w ← w - lr/(1 - β₁ᵗ) · m / (√s / √(1 - β₂ᵗ) + ε)         m and s of g alone
//! ```
//!
//! Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), algorithm 2, in the form of PyTorch's
//! `AdamW`. In [`super::Adam`] the weight decay is divided by √s together with the gradient, so that weights with large
//! gradients decay less; here all decay at one rate.
use super::adam::{AdamOptions, BETA1, BETA2, EPSILON, Moments, options};
use super::spec::{Optimizer, OptimizerSpec};
use crate::network::Weights;
use crate::param::Param;
use crate::real::Real;

/// Registry entry.
pub const SPEC: OptimizerSpec = OptimizerSpec {
    slug: "adamw",
    title: "AdamW",
    equation: "w ← (1 − η λ) w − η m̂ / (√ŝ + ε)",
    source: "Loshchilov and Hutter 2019, algorithm 2; PyTorch, AdamW",
    help: "Adam, with a weight decay beside the gradient that all weights feel alike.",
    params: &[&BETA1.spec, &BETA2.spec, &EPSILON.spec, &WEIGHT_DECAY.spec],
    single: |settings, shapes| Box::new(AdamW::new(options(settings, settings.get(&WEIGHT_DECAY)), shapes)),
    double: |settings, shapes| Box::new(AdamW::new(options(settings, settings.get(&WEIGHT_DECAY)), shapes)),
};

/// λ: every step multiplies the weights by 1 - η λ.
pub static WEIGHT_DECAY: Param<f64> =
    Param::real("adamw-weight-decay", "decoupled weight decay", 0.01, 0.0, 1.0, 0.001)
        .symbol("λ")
        .help("Every step multiplies the weights by 1 − η λ, whatever the gradient.");

/// AdamW and its moments.
#[derive(Clone, Debug)]
pub struct AdamW<R> {
    moments: Moments<R>,
}

impl<R: Real> AdamW<R> {
    /// With moments of zero, for weights of these shapes.
    pub fn new(options: AdamOptions, shapes: &Weights<R>) -> Self {
        Self { moments: Moments::new(options, shapes) }
    }
}

impl<R: Real> Optimizer<R> for AdamW<R> {
    fn step(&mut self, weights: &mut Weights<R>, gradient: &Weights<R>, learning_rate: f64) {
        let shrink = learning_rate * self.moments.options.weight_decay;
        self.moments.step(weights, gradient, learning_rate, 0.0, shrink);
    }

    fn update(&self) -> &Weights<R> {
        &self.moments.update
    }
}

#[cfg(test)]
mod tests {
    use super::super::Adam;
    use super::super::tests::{one_weight, path};
    use super::*;

    #[test]
    fn without_a_gradient_the_weights_decay_alone() {
        // 8·(1 - 0.5·0.5) = 6; 6·0.75 = 4.5.
        let options = AdamOptions { weight_decay: 0.5, ..AdamOptions::default() };
        assert_eq!(path(&mut AdamW::new(options, &one_weight(8.0)), 8.0, &[0.0; 2], 0.5), [6.0, 4.5]);
    }

    #[test]
    fn a_step_is_adams_from_the_decayed_weight() {
        let options = AdamOptions { weight_decay: 0.5, ..AdamOptions::default() };
        let decoupled = path(&mut AdamW::new(options, &one_weight(8.0)), 8.0, &[3.0], 0.5);
        let adam = path(&mut Adam::new(AdamOptions::default(), &one_weight(6.0)), 6.0, &[3.0], 0.5);
        assert!((decoupled[0] - adam[0]).abs() < 1e-14);
        let coupled = path(&mut Adam::new(options, &one_weight(8.0)), 8.0, &[3.0], 0.5);
        assert!((decoupled[0] - coupled[0]).abs() > 1.0);
    }
}
