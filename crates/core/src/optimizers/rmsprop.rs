//! RMSprop: the gradient divided by the root of its mean square.
//!
//! ```text
//! d ← g + weight_decay · w
//! s ← α s + (1 - α) d²                    s = 0 before the first step
//! w ← w - lr · d / (√s + ε)
//! ```
//!
//! Tieleman and Hinton, "Lecture 6.5, RMSProp" (2012), in the form of PyTorch's `RMSprop` without momentum and not
//! centred: ε stands outside of the root, and s is not corrected for its start at zero, so that the first step is
//! lr/√(1 - α) whatever the gradient's size. The lecture and the papers on recurrent networks use α = 0.9; PyTorch's
//! default is 0.99.
use super::sgd::WEIGHT_DECAY;
use super::spec::{Optimizer, OptimizerSpec};
use crate::network::Weights;
use crate::param::{Param, Settings};
use crate::real::Real;

/// Registry entry.
pub const SPEC: OptimizerSpec = OptimizerSpec {
    slug: "rmsprop",
    title: "RMSprop",
    equation: "s ← α s + (1 − α) g²,  w ← w − η g / (√s + ε)",
    source: "Tieleman and Hinton 2012; PyTorch, RMSprop",
    help: "Divides each entry of the gradient by its usual size: updates neither vanish nor explode with it.",
    params: &[&ALPHA.spec, &EPSILON.spec, &WEIGHT_DECAY.spec],
    single: |settings, shapes| Box::new(Rmsprop::new(options(settings), shapes)),
    double: |settings, shapes| Box::new(Rmsprop::new(options(settings), shapes)),
};

/// α: the share of the mean square that is kept, below 1.
pub static ALPHA: Param<f64> = Param::real("rmsprop-alpha", "memory of squares", 0.99, 0.0, 0.9999, 0.01)
    .symbol("α")
    .help("The share of the mean square that is kept: it looks back over about 1/(1 − α) steps. Papers use 0.9.");

/// ε: added to the divisor √s.
pub static EPSILON: Param<f64> = Param::log("rmsprop-epsilon", "smallest divisor", 1e-8, 1e-16, 1.0, 0.5)
    .symbol("ε")
    .help("Added to the divisor: gradients much smaller than ε stay small.");

fn options(settings: &Settings) -> RmspropOptions {
    RmspropOptions {
        alpha: settings.get(&ALPHA),
        epsilon: settings.get(&EPSILON),
        weight_decay: settings.get(&WEIGHT_DECAY),
    }
}

/// The numbers of the formula.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmspropOptions {
    /// The share of the mean square that is kept, in 0..1.
    pub alpha: f64,
    /// What is added to the divisor.
    pub epsilon: f64,
    /// The factor of w that is added to the gradient.
    pub weight_decay: f64,
}

impl Default for RmspropOptions {
    /// PyTorch's defaults for `RMSprop`.
    fn default() -> Self {
        Self { alpha: 0.99, epsilon: 1e-8, weight_decay: 0.0 }
    }
}

/// RMSprop and its mean squares.
#[derive(Clone, Debug)]
pub struct Rmsprop<R> {
    options: RmspropOptions,
    mean_square: Weights<R>,
    update: Weights<R>,
}

impl<R: Real> Rmsprop<R> {
    /// With mean squares of zero, for weights of these shapes.
    pub fn new(options: RmspropOptions, shapes: &Weights<R>) -> Self {
        Self { options, mean_square: shapes.zeros_like(), update: shapes.zeros_like() }
    }
}

impl<R: Real> Optimizer<R> for Rmsprop<R> {
    fn step(&mut self, weights: &mut Weights<R>, gradient: &Weights<R>, learning_rate: f64) {
        let (alpha, rest) = (R::from_f64(self.options.alpha), R::from_f64(1.0 - self.options.alpha));
        let (epsilon, decay) = (R::from_f64(self.options.epsilon), R::from_f64(self.options.weight_decay));
        let rate = R::from_f64(learning_rate);
        for (i, weights) in weights.tensors.iter_mut().enumerate() {
            let n = self.update.tensors[i].values.len();
            let (w, g) = (&mut weights.values[..n], &gradient.tensors[i].values[..n]);
            let (s, u) = (&mut self.mean_square.tensors[i].values[..n], &mut self.update.tensors[i].values[..n]);
            for j in 0..n {
                let d = g[j] + decay * w[j];
                s[j] = alpha * s[j] + rest * d * d;
                u[j] = -(rate * d / (s[j].sqrt() + epsilon));
                w[j] += u[j];
            }
        }
    }

    fn update(&self) -> &Weights<R> {
        &self.update
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{one_weight, path};
    use super::*;

    #[test]
    fn worked_steps_with_epsilon_outside_of_the_root() {
        // α = 3/4: s = 16/4 = 4, u = -6·4/(2 + 1) = -8; s = 3 + 4/4 = 4, u = -6·(-2)/3 = 4.
        let options = RmspropOptions { alpha: 0.75, epsilon: 1.0, weight_decay: 0.0 };
        assert_eq!(path(&mut Rmsprop::new(options, &one_weight(0.0)), 0.0, &[4.0, -2.0], 6.0), [-8.0, -4.0]);
    }

    #[test]
    fn weight_decay_is_divided_like_the_gradient() {
        // d = 0.5·8 = 4, and then as above.
        let options = RmspropOptions { alpha: 0.75, epsilon: 1.0, weight_decay: 0.5 };
        assert_eq!(path(&mut Rmsprop::new(options, &one_weight(8.0)), 8.0, &[0.0], 6.0), [0.0]);
    }

    #[test]
    fn the_first_step_has_one_size_whatever_the_size_of_the_gradient() {
        for g in [1e-3, 1.0, 1e9] {
            let options = RmspropOptions { epsilon: 1e-16, ..RmspropOptions::default() };
            let after = path(&mut Rmsprop::new(options, &one_weight(0.0)), 0.0, &[g], 0.01);
            assert!((after[0] + 0.1).abs() < 1e-12, "{g}: {after:?}");
        }
    }
}
