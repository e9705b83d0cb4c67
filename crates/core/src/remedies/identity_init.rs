//! Identity initialisation of the recurrent matrix.
//!
//! ```text
//! W_hh ← g I
//! ```
//!
//! Le, Jaitly and Hinton, "A simple way to initialize recurrent networks of rectified linear units" (2015), the IRNN with
//! ReLU. Each gate's block becomes g I.
use super::spec::{recurrent_blocks, without_matrix};
use super::{Method, Remedy, RemedySpec, Slot, Stage, Treats};
use crate::network::{Network, Weights};
use crate::param::{Param, Settings};
use crate::random::Stream;
use crate::real::Real;
use nalgebra::DMatrix;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "identity_init",
    title: "identity initialisation",
    does: "Starts Wₕₕ at g I: at g = 1 an active ReLU unit hands its state, and its gradient, on unchanged.",
    does_not: "It sets the start only: from the first update on the matrix is no longer I, and ReLU states can grow without bound.",
    source: "Le, Jaitly and Hinton 2015",
    method: Method::Initialization,
    is_common: false,
    treats: Treats::Vanishing,
    stage: Stage::Initialization,
    replaces: Some(Slot::RecurrentMatrix),
    changes_matrix: true,
    idle: without_matrix,
    acts_in_one_pass: true,
    tried: false,
    neutral: None,
    toggle: &TOGGLE,
    params: &[&GAIN.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> =
    Param::flag("identity-init", "identity initialisation", false).help("Replace the recurrent matrix by g I.");

/// g: the factor before the identity, and so every eigenvalue of the block.
pub static GAIN: Param<f64> = Param::real("identity-gain", "gain", 1.0, 0.0, 1.5, 0.01)
    .symbol("g")
    .help("What every state is multiplied by from step to step, at the start.");

struct Identity {
    gain: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Identity { gain: settings.get(&GAIN) })
}

impl<R: Real> Remedy<R> for Identity {
    fn initialize(&self, _: &Network, weights: &mut Weights<R>, _: &mut Stream) {
        recurrent_blocks(weights, |n| DMatrix::identity(n, n) * self.gain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells;
    use crate::network::{Network, index};

    #[test]
    fn every_gates_block_is_a_multiple_of_the_identity() {
        let network = Network {
            cell: &cells::GRU,
            layers: 1,
            input_size: 1,
            hidden_size: 2,
            output_size: 1,
            normalization: None,
            constants: cells::GRU.usual_constants(),
        };
        let mut weights = network.zeros::<f64>();
        Identity { gain: 0.5 }.initialize(&network, &mut weights, &mut Stream::new(1, "test"));
        assert_eq!(weights.tensors[index::W_HH].values, [0.5, 0.0, 0.0, 0.5].repeat(3));
    }
}
