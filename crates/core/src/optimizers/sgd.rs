//! Stochastic gradient descent, with momentum and coupled weight decay.
//!
//! ```text
//! d ← g + weight_decay · w
//! v ← momentum · v + d                    v = 0 before the first step
//! w ← w - lr · v                          Nesterov:  w ← w - lr · (d + momentum · v)
//! ```
//!
//! PyTorch's `SGD` without dampening, after Sutskever, Martens, Dahl and Hinton, "On the importance of initialization
//! and momentum in deep learning" (2013). They write v ← momentum · v - lr · d, w ← w + v, which is the same while the
//! learning rate is constant; in PyTorch's form a change of the learning rate acts at once on the whole velocity. A
//! constant gradient is amplified by up to 1/(1 - momentum).
use super::spec::{Optimizer, OptimizerSpec};
use crate::network::Weights;
use crate::param::{Param, Settings};
use crate::real::Real;

/// Registry entry.
pub const SPEC: OptimizerSpec = OptimizerSpec {
    slug: "sgd",
    title: "SGD",
    equation: "v ← μ v + g + λ w,  w ← w − η v",
    source: "Sutskever, Martens, Dahl and Hinton 2013; PyTorch, SGD",
    help: "Follows the gradient itself: an update is as large as the gradient, vanished or exploded.",
    params: &[&MOMENTUM.spec, &NESTEROV.spec, &WEIGHT_DECAY.spec],
    single: |settings, shapes| Box::new(Sgd::new(options(settings), shapes)),
    double: |settings, shapes| Box::new(Sgd::new(options(settings), shapes)),
};

/// μ: the share of the last velocity that is kept, below 1.
pub static MOMENTUM: Param<f64> = Param::real("sgd-momentum", "momentum", 0.0, 0.0, 0.999, 0.01)
    .symbol("μ")
    .help("The share of the last velocity that is kept: a steady gradient is amplified by up to 1/(1 − μ).");

/// Whether the gradient is looked ahead.
pub static NESTEROV: Param<bool> = Param::flag("sgd-nesterov", "Nesterov's momentum", false)
    .help("Step along the gradient plus the momentum of the new velocity; without momentum it changes nothing.");

/// λ: shared by the optimisers whose weight decay is coupled.
pub static WEIGHT_DECAY: Param<f64> = Param::real("weight-decay", "weight decay", 0.0, 0.0, 1.0, 0.001)
    .symbol("λ")
    .help("Adds λ w to the gradient, as the term (λ/2) Σ w² in the loss does.");

fn options(settings: &Settings) -> SgdOptions {
    SgdOptions {
        momentum: settings.get(&MOMENTUM),
        nesterov: settings.get(&NESTEROV),
        weight_decay: settings.get(&WEIGHT_DECAY),
    }
}

/// The numbers of the formula; PyTorch's defaults are zero.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SgdOptions {
    /// The share of the velocity that is kept, in 0..1.
    pub momentum: f64,
    /// Whether the step looks ahead along the new velocity.
    pub nesterov: bool,
    /// The factor of w that is added to the gradient.
    pub weight_decay: f64,
}

/// Gradient descent and its velocity.
#[derive(Clone, Debug)]
pub struct Sgd<R> {
    options: SgdOptions,
    velocity: Weights<R>,
    update: Weights<R>,
}

impl<R: Real> Sgd<R> {
    /// At rest, for weights of these shapes.
    pub fn new(options: SgdOptions, shapes: &Weights<R>) -> Self {
        Self { options, velocity: shapes.zeros_like(), update: shapes.zeros_like() }
    }
}

impl<R: Real> Optimizer<R> for Sgd<R> {
    fn step(&mut self, weights: &mut Weights<R>, gradient: &Weights<R>, learning_rate: f64) {
        let momentum = R::from_f64(self.options.momentum);
        let decay = R::from_f64(self.options.weight_decay);
        let rate = R::from_f64(learning_rate);
        for (i, weights) in weights.tensors.iter_mut().enumerate() {
            let n = self.update.tensors[i].values.len();
            let (w, g) = (&mut weights.values[..n], &gradient.tensors[i].values[..n]);
            let (v, u) = (&mut self.velocity.tensors[i].values[..n], &mut self.update.tensors[i].values[..n]);
            // The choice stands outside of the loops, which are then without branches.
            if self.options.nesterov {
                for j in 0..n {
                    let d = g[j] + decay * w[j];
                    v[j] = momentum * v[j] + d;
                    u[j] = -(rate * (d + momentum * v[j]));
                    w[j] += u[j];
                }
            } else {
                for j in 0..n {
                    v[j] = momentum * v[j] + (g[j] + decay * w[j]);
                    u[j] = -(rate * v[j]);
                    w[j] += u[j];
                }
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
    fn without_momentum_a_step_is_the_gradient_times_the_rate() {
        // 1 - 0.5·2 = 0; 0 - 0.5·(-4) = 2.
        let mut sgd = Sgd::new(SgdOptions::default(), &one_weight(1.0));
        assert_eq!(path(&mut sgd, 1.0, &[2.0, -4.0], 0.5), [0.0, 2.0]);
        assert_eq!(sgd.update(), &one_weight(2.0));
    }

    #[test]
    fn worked_steps_with_momentum() {
        // v = 1, 1.5, 1.75: w = 0 - 1, -1 - 1.5, -2.5 - 1.75.
        let options = SgdOptions { momentum: 0.5, ..SgdOptions::default() };
        let shapes = one_weight(0.0);
        assert_eq!(path(&mut Sgd::new(options, &shapes), 0.0, &[1.0; 3], 1.0), [-1.0, -2.5, -4.25]);
        // Nesterov: d + μ v = 1 + 0.5, 1 + 0.75, 1 + 0.875.
        let options = SgdOptions { nesterov: true, ..options };
        assert_eq!(path(&mut Sgd::new(options, &shapes), 0.0, &[1.0; 3], 1.0), [-1.5, -3.25, -5.125]);
    }

    #[test]
    fn weight_decay_goes_through_the_velocity() {
        // d = 0 + 0.5·8 = 4, v = 4, w = 4; d = 2, v = 0.5·4 + 2 = 4, w = 0.
        let options = SgdOptions { momentum: 0.5, nesterov: false, weight_decay: 0.5 };
        assert_eq!(path(&mut Sgd::new(options, &one_weight(8.0)), 8.0, &[0.0; 2], 1.0), [4.0, 0.0]);
    }
}
