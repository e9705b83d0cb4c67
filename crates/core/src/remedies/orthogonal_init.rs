//! Orthogonal initialisation of the recurrent matrix.
//!
//! ```text
//! W_hh ← gain · Q,   Q Haar-distributed, Qᵀ Q = I: all singular values of W_hh are the gain
//! ```
//!
//! Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks"
//! (2014). Each gate's square block has a Q of its own, as when each gate is initialised alone in PyTorch.
use super::spec::recurrent_blocks;
use super::{Method, Remedy, RemedySpec, Slot, Stage, Treats};
use crate::network::Weights;
use crate::param::Param;
use crate::random::Stream;
use crate::real::Real;
use crate::spectral::haar_orthogonal;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "orthogonal_init",
    title: "orthogonal initialisation",
    does: "Starts Wₕₕ at gain · Q with Q orthogonal: at gain 1 a linear cell keeps the gradient’s norm exactly.",
    does_not: "It sets the spectrum at step 0 only: training moves it, and a saturating tanh still shrinks the gradient.",
    source: "Saxe, McClelland and Ganguli 2014",
    method: Method::Initialization,
    is_common: true,
    treats: Treats::Both,
    stage: Stage::Initialization,
    replaces: Some(Slot::RecurrentMatrix),
    acts_in_one_pass: true,
    tried: false,
    neutral: None,
    toggle: &TOGGLE,
    params: &[&GAIN.spec],
    single: |settings| Box::new(Orthogonal { gain: settings.get(&GAIN) }),
    double: |settings| Box::new(Orthogonal { gain: settings.get(&GAIN) }),
};

static TOGGLE: Param<bool> = Param::flag("orthogonal-init", "orthogonal initialisation", false)
    .help("Replace the recurrent matrix by g Q with a random orthogonal Q: every singular value is then g.");

/// The common singular value.
pub static GAIN: Param<f64> = Param::real("orthogonal-gain", "gain", 1.0, 0.5, 1.5, 0.01)
    .symbol("g")
    .help("The singular value that all directions share. 1 keeps norms in a linear cell.");

struct Orthogonal {
    gain: f64,
}

impl<R: Real> Remedy<R> for Orthogonal {
    fn initialize(&self, weights: &mut Weights<R>, stream: &mut Stream) {
        recurrent_blocks(weights, |n| haar_orthogonal(n, stream) * self.gain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells;
    use crate::network::{Network, index};
    use nalgebra::DMatrix;

    #[test]
    fn every_block_has_the_gain_as_its_only_singular_value() {
        let network = Network {
            cell: &cells::TANH,
            layers: 1,
            input_size: 1,
            hidden_size: 6,
            output_size: 1,
            normalization: None,
            constants: cells::TANH.usual_constants(),
        };
        let mut weights = network.zeros::<f64>();
        Orthogonal { gain: 1.2 }.initialize(&mut weights, &mut Stream::new(4, "test"));
        let w = DMatrix::from_row_slice(6, 6, &weights.tensors[index::W_HH].values);
        let error = (w.transpose() * &w - DMatrix::identity(6, 6) * 1.44).amax();
        assert!(error < 1e-14, "{error}");
    }
}
