//! Rescaling of the recurrent matrix at the start.
//!
//! ```text
//! W_hh ← W_hh · ρ/ρ(W_hh),   ρ(W) = max |λ_i(W)|, of each gate's block for itself
//! ```
//!
//! Jaeger, "The echo state approach to analysing and training recurrent neural networks" (2001), section 4, who scales a drawn
//! matrix so; here any matrix of the start is: a drawn one, a chosen one, or that of an opened network, whose eigenvectors stay. A
//! block whose eigenvalues are all zero has no such factor and stays as it is. It acts after what else puts a matrix there.
use super::spec::{scale_blocks, without_free_matrix};
use super::{Method, Remedy, RemedySpec, Stage, Treats};
use crate::dynamics;
use crate::network::{Network, Weights};
use crate::param::{Param, Settings};
use crate::random::Stream;
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "rescale_init",
    title: "rescaled start",
    does: "Multiplies each block of Wₕₕ at the start so that its largest |λ| is ρ: eigenvectors, and all ratios of eigenvalues, stay.",
    does_not: "It sets the largest |λ| alone: a matrix that is not normal can still make a vector grow many times over before it shrinks.",
    source: "Jaeger 2001, section 4",
    method: Method::Initialization,
    is_common: false,
    treats: Treats::Both,
    stage: Stage::Initialization,
    replaces: None,
    changes_matrix: true,
    idle: without_free_matrix,
    acts_in_one_pass: true,
    tried: false,
    neutral: None,
    toggle: &TOGGLE,
    params: &[&RADIUS.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("rescale-init", "rescaled start", false)
    .help("Scale the recurrent matrix at the start, a drawn one or an opened one, to a spectral radius.");

/// ρ: the largest |λ| of each block afterwards.
pub static RADIUS: Param<f64> = Param::real("rescale-init-radius", "spectral radius", 1.0, 0.0, 3.0, 0.01)
    .symbol("ρ")
    .help("The largest |λ| that each block of the recurrent matrix is given at the start.");

struct Rescale {
    radius: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Rescale { radius: settings.get(&RADIUS) })
}

impl<R: Real> Remedy<R> for Rescale {
    fn initialize(&self, network: &Network, weights: &mut Weights<R>, _: &mut Stream) {
        if without_free_matrix(network.cell).is_some() {
            return;
        }
        scale_blocks(weights, |block| {
            let factor = self.radius / dynamics::spectral_radius(block);
            factor.is_finite().then_some(factor)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::network;
    use super::*;
    use crate::cells;
    use crate::network::index;

    #[test]
    fn each_gate_is_scaled_for_itself_and_what_has_no_eigenvalue_stays() {
        let network = network(&cells::GRU, 1);
        let mut weights = network.zeros::<f64>();
        // |λ|: 2 of a scaled rotation, 4 of a triangle, 0 of a nilpotent block.
        weights.tensors[index::W_HH].values = [0.0, -2.0, 2.0, 0.0, 4.0, 8.0, 0.0, 1.0, 0.0, 5.0, 0.0, 0.0].into();
        Rescale { radius: 0.5 }.initialize(&network, &mut weights, &mut Stream::new(1, "test"));
        let expected = [0.0, -0.5, 0.5, 0.0, 0.5, 1.0, 0.0, 0.125, 0.0, 5.0, 0.0, 0.0];
        assert_eq!(weights.tensors[index::W_HH].values, expected);
    }

    #[test]
    fn a_matrix_that_the_cell_makes_is_left_alone() {
        let network = network(&cells::ANTISYMMETRIC, 1);
        let mut weights = network.zeros::<f64>();
        weights.tensors[index::W_HH].values = [2.0, 0.0, 0.0, 1.0].into();
        let before = weights.clone();
        Rescale { radius: 0.5 }.initialize(&network, &mut weights, &mut Stream::new(1, "test"));
        assert_eq!(weights, before);
    }
}
