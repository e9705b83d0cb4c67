//! Spectral normalisation of the recurrent matrix: its largest singular value is kept at or below a bound.
//!
//! ```text
//! W_hh ← W_hh · min(1, c/σ_1(W_hh))   at the start and after every update, each gate's block for itself
//! ```
//!
//! Miyato, Kataoka, Koyama and Yoshida, "Spectral normalization for generative adversarial networks" (2018), equation 8, divide by
//! σ_1 in the forward pass at all times; here the weights are divided, and only where σ_1 is above c: the projection of Gouk,
//! Frank, Pfahringer and Cree, "Regularisation of neural networks by enforcing Lipschitz continuity" (2021), equation 12. The paper
//! estimates σ_1 by one step of power iteration an update; here it is computed, so that the bound holds at every update. In a
//! plain cell with |φ'| ≤ 1 a step back then multiplies a gradient by at most c. Gates of a gated cell are bounded each for itself,
//! which does not bound the step.
use super::spec::{scale_blocks, without_free_matrix};
use super::{Method, Remedy, RemedySpec, Stage, Treats};
use crate::dynamics;
use crate::network::{Network, Weights};
use crate::param::{Param, Settings, Value};
use crate::random::Stream;
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "spectral_norm",
    title: "spectral normalisation",
    does: "Divides Wₕₕ after every update so that its largest singular value is at most c: in a plain cell no step back makes a gradient longer than c times.",
    does_not: "It bounds growth alone: at c = 1 a saturated tanh still shrinks the gradient, and of a gated cell it bounds each gate’s block, not the step.",
    source: "Miyato, Kataoka, Koyama and Yoshida 2018, equation 8; as a projection: Gouk, Frank, Pfahringer and Cree 2021",
    method: Method::Normalization,
    is_common: false,
    treats: Treats::Explosion,
    stage: Stage::Weights,
    replaces: None,
    changes_matrix: true,
    idle: without_free_matrix,
    acts_in_one_pass: true,
    tried: false,
    neutral: Some(|settings| {
        settings.set(&BOUND.spec, Value::Real(1e3));
    }),
    toggle: &TOGGLE,
    params: &[&BOUND.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("spectral-norm", "spectral normalisation", false).help(
    "Keep the largest singular value of the recurrent matrix at or below a bound, at the start and after every update.",
);

/// c: the largest σ_1 of a block.
pub static BOUND: Param<f64> = Param::log("spectral-norm-bound", "largest singular value", 1.0, 0.1, 1e3, 0.01)
    .symbol("c")
    .help("The largest singular value that each block of the recurrent matrix may have.");

struct SpectralNorm {
    bound: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(SpectralNorm { bound: settings.get(&BOUND) })
}

impl SpectralNorm {
    fn project<R: Real>(&self, network: &Network, weights: &mut Weights<R>) {
        if without_free_matrix(network.cell).is_some() {
            return;
        }
        scale_blocks(weights, |block| {
            // A matrix whose Frobenius norm is within the bound is itself.
            let norm = if block.norm() > self.bound { dynamics::spectral_norm(block) } else { return None };
            (norm > self.bound).then(|| self.bound / norm)
        });
    }
}

impl<R: Real> Remedy<R> for SpectralNorm {
    fn initialize(&self, network: &Network, weights: &mut Weights<R>, _: &mut Stream) {
        self.project(network, weights);
    }

    fn after_step(&mut self, network: &Network, weights: &mut Weights<R>, _: f64) {
        self.project(network, weights);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::network;
    use super::*;
    use crate::cells;
    use crate::network::index;

    #[test]
    fn a_block_beyond_the_bound_is_divided_and_one_within_it_keeps_its_bits() {
        let network = network(&cells::GRU, 1);
        let mut weights = network.zeros::<f64>();
        // σ₁: 4 of a diagonal, 2 of a scaled rotation, and 0.3·√2 of rank one.
        let blocks = [[4.0, 0.0, 0.0, -1.0], [0.0, -2.0, 2.0, 0.0], [0.3, 0.3, 0.0, 0.0]];
        weights.tensors[index::W_HH].values = blocks.concat();
        SpectralNorm { bound: 2.0 }.after_step(&network, &mut weights, 0.1);
        assert_eq!(weights.tensors[index::W_HH].values, [[2.0, 0.0, 0.0, -0.5], blocks[1], blocks[2]].concat());
    }
}
