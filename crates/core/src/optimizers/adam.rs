//! Adam: a running mean of the gradient, divided by the root of its mean square, both corrected for their start at
//! zero.
//!
//! ```text
//! d ← g + weight_decay · w
//! m ← β₁ m + (1 - β₁) d                   m = s = 0 before the first step
//! s ← β₂ s + (1 - β₂) d²
//! w ← w - lr/(1 - β₁ᵗ) · m / (√s / √(1 - β₂ᵗ) + ε)         t = 1 in the first step
//! ```
//!
//! Kingma and Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1, in the form of PyTorch's `Adam`. A
//! factor before all gradients cancels, up to ε. In f32 one gradient above 5.8e20 (at β₂ = 0.999) makes s infinite, and
//! that weight never moves again, as in PyTorch: Adam does not replace clipping.
use super::sgd::WEIGHT_DECAY;
use super::spec::{Optimizer, OptimizerSpec};
use crate::math;
use crate::network::Weights;
use crate::param::{Param, Settings};
use crate::real::Real;

/// Registry entry.
pub const SPEC: OptimizerSpec = OptimizerSpec {
    slug: "adam",
    title: "Adam",
    equation: "m ← β₁ m + (1 − β₁) g,  s ← β₂ s + (1 − β₂) g²,  w ← w − η m̂ / (√ŝ + ε)",
    source: "Kingma and Ba 2015, algorithm 1; PyTorch, Adam",
    help: "Divides the mean gradient by its usual size: the learning rate is about the length of an entry's step.",
    params: &[&BETA1.spec, &BETA2.spec, &EPSILON.spec, &WEIGHT_DECAY.spec],
    single: |settings, shapes| Box::new(Adam::new(options(settings, settings.get(&WEIGHT_DECAY)), shapes)),
    double: |settings, shapes| Box::new(Adam::new(options(settings, settings.get(&WEIGHT_DECAY)), shapes)),
};

/// β₁: shared with AdamW.
pub static BETA1: Param<f64> = Param::real("adam-beta1", "memory of gradients", 0.9, 0.0, 0.999, 0.01)
    .symbol("β₁")
    .help("The share of the mean gradient that is kept: it looks back over about 1/(1 − β₁) steps.");

/// β₂: shared with AdamW.
pub static BETA2: Param<f64> = Param::real("adam-beta2", "memory of squares", 0.999, 0.0, 0.9999, 0.001)
    .symbol("β₂")
    .help("The share of the mean square that is kept: it looks back over about 1/(1 − β₂) steps.");

/// ε: shared with AdamW.
pub static EPSILON: Param<f64> = Param::log("adam-epsilon", "smallest divisor", 1e-8, 1e-16, 1.0, 0.5)
    .symbol("ε")
    .help("Added to the divisor: gradients much smaller than ε stay small.");

/// The options that Adam and AdamW read from the same parameters, and their weight decay.
pub(super) fn options(settings: &Settings, weight_decay: f64) -> AdamOptions {
    AdamOptions {
        beta1: settings.get(&BETA1),
        beta2: settings.get(&BETA2),
        epsilon: settings.get(&EPSILON),
        weight_decay,
    }
}

/// The numbers of the formula, for Adam and AdamW.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamOptions {
    /// The share of the mean gradient that is kept, in 0..1.
    pub beta1: f64,
    /// The share of the mean square that is kept, in 0..1.
    pub beta2: f64,
    /// What is added to the divisor.
    pub epsilon: f64,
    /// The factor of w that is added to the gradient (Adam), or by which w shrinks (AdamW).
    pub weight_decay: f64,
}

impl Default for AdamOptions {
    /// PyTorch's for Adam, without weight decay; its AdamW has a weight decay of 0.01.
    fn default() -> Self {
        Self { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0.0 }
    }
}

/// Adam and its moments.
#[derive(Clone, Debug)]
pub struct Adam<R> {
    moments: Moments<R>,
}

impl<R: Real> Adam<R> {
    /// With moments of zero, for weights of these shapes.
    pub fn new(options: AdamOptions, shapes: &Weights<R>) -> Self {
        Self { moments: Moments::new(options, shapes) }
    }
}

impl<R: Real> Optimizer<R> for Adam<R> {
    fn step(&mut self, weights: &mut Weights<R>, gradient: &Weights<R>, learning_rate: f64) {
        self.moments.step(weights, gradient, learning_rate, self.moments.options.weight_decay, 0.0);
    }

    fn update(&self) -> &Weights<R> {
        &self.moments.update
    }
}

/// What Adam and AdamW share: the moments and the one loop.
#[derive(Clone, Debug)]
pub(super) struct Moments<R> {
    pub(super) options: AdamOptions,
    pub(super) update: Weights<R>,
    mean: Weights<R>,
    mean_square: Weights<R>,
    /// t: steps that were made, for the correction of the moments' bias.
    steps: u64,
}

impl<R: Real> Moments<R> {
    pub(super) fn new(options: AdamOptions, shapes: &Weights<R>) -> Self {
        let zeros = || shapes.zeros_like();
        Self { options, update: zeros(), mean: zeros(), mean_square: zeros(), steps: 0 }
    }

    /// One step; `coupled` times w is added to the gradient, `shrink` times w is subtracted from w.
    pub(super) fn step(
        &mut self,
        weights: &mut Weights<R>,
        gradient: &Weights<R>,
        learning_rate: f64,
        coupled: f64,
        shrink: f64,
    ) {
        self.steps += 1;
        let AdamOptions { beta1, beta2, epsilon, .. } = self.options;
        let correction = |beta: f64| 1.0 - math::powf(beta, self.steps as f64);
        let rate = R::from_f64(learning_rate / correction(beta1));
        let root = R::from_f64(correction(beta2).sqrt());
        let (beta1, rest1) = (R::from_f64(beta1), R::from_f64(1.0 - beta1));
        let (beta2, rest2) = (R::from_f64(beta2), R::from_f64(1.0 - beta2));
        let (epsilon, coupled, shrink) = (R::from_f64(epsilon), R::from_f64(coupled), R::from_f64(shrink));
        for (i, weights) in weights.tensors.iter_mut().enumerate() {
            let n = self.update.tensors[i].values.len();
            let (w, g) = (&mut weights.values[..n], &gradient.tensors[i].values[..n]);
            let (m, s) = (&mut self.mean.tensors[i].values[..n], &mut self.mean_square.tensors[i].values[..n]);
            let u = &mut self.update.tensors[i].values[..n];
            for j in 0..n {
                let d = g[j] + coupled * w[j];
                m[j] = beta1 * m[j] + rest1 * d;
                s[j] = beta2 * s[j] + rest2 * d * d;
                u[j] = -(rate * m[j] / (s[j].sqrt() / root + epsilon)) - shrink * w[j];
                w[j] += u[j];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{one_weight, path};
    use super::*;

    #[test]
    fn worked_steps_with_both_corrections() {
        // β₁ = 1/2, β₂ = 3/4, ε = 1, g = 4: m = 2, s = 4; m̂ = 2/(1/2) = 4, √ŝ = 2/√(1/4) = 4; u = -5·4/5 = -4.
        let options = AdamOptions { beta1: 0.5, beta2: 0.75, epsilon: 1.0, weight_decay: 0.0 };
        let mut adam = Adam::new(options, &one_weight(0.0));
        let after = path(&mut adam, 0.0, &[4.0, 0.0], 5.0);
        assert_eq!(after[0], -4.0);
        // g = 0: m = 1, m̂ = 1/(3/4) = 4/3; s = 3, ŝ = 3/(7/16) = 48/7.
        let expected = -4.0 - 5.0 * (4.0 / 3.0) / ((48.0f64 / 7.0).sqrt() + 1.0);
        assert!((after[1] - expected).abs() < 1e-14, "{after:?}");
    }

    #[test]
    fn the_first_step_is_the_learning_rate_whatever_the_size_of_the_gradient() {
        for g in [1e-6, 1.0, -1e12] {
            let after = path(&mut Adam::new(AdamOptions::default(), &one_weight(3.0)), 3.0, &[g], 0.01);
            // ε/|g| is 0.01 at the smallest.
            assert!((after[0] - 3.0 + 0.01 * g.signum()).abs() < 1.1e-4, "{g}: {after:?}");
        }
    }

    #[test]
    fn weight_decay_is_divided_like_the_gradient() {
        // d = 0.1·w is a gradient as any other: the first step is the learning rate, not 0.1·w·lr.
        let options = AdamOptions { weight_decay: 0.1, ..AdamOptions::default() };
        let after = path(&mut Adam::new(options, &one_weight(5.0)), 5.0, &[0.0], 0.01);
        assert!((after[0] - 4.99).abs() < 1e-9, "{after:?}");
    }

    #[test]
    fn a_gradient_whose_square_is_infinite_stops_a_weight_for_good() {
        let mut adam = Adam::new(AdamOptions::default(), &one_weight(1.0).cast::<f32>());
        let mut weights = one_weight(1.0).cast::<f32>();
        for g in [1e21, 1.0, 1.0] {
            adam.step(&mut weights, &one_weight(g).cast(), 0.01);
            assert_eq!(weights, one_weight(1.0).cast(), "{g}");
        }
    }
}
