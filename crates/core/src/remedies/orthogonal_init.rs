//! Orthogonal initialisation of the recurrent matrix.
//!
//! ```text
//! W_hh ← gain · Q,   Qᵀ Q = I: all singular values of W_hh are the gain
//! drawn      Q Haar-distributed
//! nearest    Q = U Vᵀ of W_hh = U Σ Vᵀ: of all orthogonal matrices the nearest to the chosen or given one, in the Frobenius norm;
//!            a singular W_hh has no such one matrix and stays as it is
//! ```
//!
//! Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks"
//! (2014). Each gate's square block has a Q of its own, as when each gate is initialised alone in PyTorch. The nearest one is the
//! orthogonal factor of the polar decomposition: Fan and Hoffman, "Some metric inequalities in the space of matrices" (1955),
//! theorem 1. Of a trained matrix it keeps which directions go where, and takes away by how much each grows or shrinks.
use super::spec::{recurrent_blocks, without_matrix};
use super::{Method, Remedy, RemedySpec, Slot, Stage, Treats};
use crate::network::{Network, Role, Weights};
use crate::param::{Choice, Param, Settings};
use crate::random::Stream;
use crate::real::Real;
use crate::spectral::{haar_orthogonal, nearest_orthogonal};
use nalgebra::DMatrix;

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
    changes_matrix: true,
    idle: without_matrix,
    acts_in_one_pass: true,
    tried: false,
    neutral: None,
    toggle: &TOGGLE,
    params: &[&MATRIX.spec, &GAIN.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("orthogonal-init", "orthogonal initialisation", false)
    .help("Replace the recurrent matrix by g Q with an orthogonal Q: every singular value is then g.");

static MATRICES: [Choice; 2] =
    [Choice { slug: "drawn", label: "drawn" }, Choice { slug: "nearest", label: "nearest to the matrix there is" }];

/// Where Q comes from.
pub static MATRIX: Param<&'static str> = Param::choice("orthogonal-matrix", "orthogonal matrix", "drawn", &MATRICES).help(
    "A random orthogonal matrix, or the orthogonal matrix nearest to the one there is, so that an opened network keeps much of what it has learned.",
);

/// The common singular value.
pub static GAIN: Param<f64> = Param::real("orthogonal-gain", "gain", 1.0, 0.5, 1.5, 0.01)
    .symbol("g")
    .help("The singular value that all directions share. 1 keeps norms in a linear cell.");

struct Orthogonal {
    gain: f64,
    nearest: bool,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Orthogonal { gain: settings.get(&GAIN), nearest: settings.get(&MATRIX) == "nearest" })
}

impl<R: Real> Remedy<R> for Orthogonal {
    fn initialize(&self, _: &Network, weights: &mut Weights<R>, stream: &mut Stream) {
        if !self.nearest {
            recurrent_blocks(weights, |n| haar_orthogonal(n, stream) * self.gain);
            return;
        }
        for tensor in weights.tensors.iter_mut().filter(|tensor| tensor.role == Role::Recurrent) {
            let n = tensor.columns;
            for rows in tensor.values.chunks_exact_mut((n * n).max(1)) {
                let block = DMatrix::from_row_iterator(n, n, rows.iter().map(|w| w.to_f64()));
                let Some(nearest) = nearest_orthogonal(&block) else { continue };
                rows.iter_mut().enumerate().for_each(|(i, w)| *w = R::from_f64(self.gain * nearest[(i / n, i % n)]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells;
    use crate::network::index;

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
        Orthogonal { gain: 1.2, nearest: false }.initialize(&network, &mut weights, &mut Stream::new(4, "test"));
        let w = DMatrix::from_row_slice(6, 6, &weights.tensors[index::W_HH].values);
        let error = (w.transpose() * &w - DMatrix::identity(6, 6) * 1.44).amax();
        assert!(error < 1e-14, "{error}");
    }

    #[test]
    fn the_nearest_is_taken_gate_by_gate_and_an_orthogonal_one_stays() {
        let network = super::super::tests::network(&cells::GRU, 1);
        let mut weights = network.zeros::<f64>();
        // Blocks: a scaled rotation, a diagonal matrix with a negative entry, one of rank one.
        let blocks = [[0.6, -0.8, 0.8, 0.6].map(|x| 3.0 * x), [2.0, 0.0, 0.0, -0.1], [1.0, 1.0, 1.0, 1.0]];
        weights.tensors[index::W_HH].values = blocks.concat();
        let remedy = Orthogonal { gain: 1.0, nearest: true };
        remedy.initialize(&network, &mut weights, &mut Stream::new(4, "test"));
        let found = weights.tensors[index::W_HH].values.clone();
        for (x, y) in found.iter().zip([0.6, -0.8, 0.8, 0.6, 1.0, 0.0, 0.0, -1.0]) {
            assert!((x - y).abs() < 1e-15, "{found:?}");
        }
        remedy.initialize(&network, &mut weights, &mut Stream::new(4, "test"));
        assert!(found.iter().zip(&weights.tensors[index::W_HH].values).all(|(x, y)| (x - y).abs() < 1e-15));
    }
}
