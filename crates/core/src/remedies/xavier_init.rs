//! Xavier (Glorot) initialisation of the recurrent matrix.
//!
//! ```text
//! W_hh ~ U(±g √(6/(fan_in + fan_out))): variance g²/H for a square block
//! ```
//!
//! Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010), equation 16. Each
//! gate's block is made for itself. At g = 1 the spectral radius of a large block is about 1 and σ₁ about 2.
use super::spec::{recurrent_blocks, without_matrix};
use super::{Method, Remedy, RemedySpec, Slot, Stage, Treats};
use crate::network::{Network, Weights};
use crate::param::{Param, Settings};
use crate::random::Stream;
use crate::real::Real;
use crate::recurrent::{self, Recipe};

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "xavier_init",
    title: "Xavier initialisation",
    does: "Starts Wₕₕ with entries of variance g²/H: at g = 1 its spectral radius is about 1.",
    does_not: "It sets the start only, and its largest singular value is about 2: some directions grow, most shrink.",
    source: "Glorot and Bengio 2010, equation 16",
    method: Method::Initialization,
    is_common: false,
    treats: Treats::Both,
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

static TOGGLE: Param<bool> = Param::flag("xavier-init", "Xavier initialisation", false)
    .help("Replace the recurrent matrix by a uniform random one of variance g²/H.");

/// g: the factor before the matrix; 1 is the paper's.
pub static GAIN: Param<f64> = Param::real("xavier-gain", "gain", 1.0, 0.1, 3.0, 0.01)
    .symbol("g")
    .help("The factor before the matrix; 5/3 is usual for tanh in layers, not through time.");

struct Xavier {
    gain: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(Xavier { gain: settings.get(&GAIN) })
}

impl<R: Real> Remedy<R> for Xavier {
    fn initialize(&self, _: &Network, weights: &mut Weights<R>, stream: &mut Stream) {
        let recipe = Recipe { gain: self.gain, eigenvalues: Vec::new(), pairs: Vec::new(), departure: 0.0 };
        recurrent_blocks(weights, |n| (recurrent::XAVIER_UNIFORM.build)(&recipe, n, stream));
    }
}
