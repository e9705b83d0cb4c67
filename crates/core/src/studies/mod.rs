//! What the figures show: a typed configuration in, plain data out.
//!
//! A study is pure: equal configurations give equal results, bit for bit, so a configuration is the key under which a
//! result is kept.
pub mod alignment;
pub mod gradients;
pub mod powers;

use crate::random::Stream;
use crate::spectral::SymmetricMatrix;

/// M: what all studies start from.
#[derive(Clone, Debug, PartialEq)]
pub struct MatrixConfig {
    /// The chosen spectrum, in any order.
    pub eigenvalues: Vec<f64>,
    /// The seed of Q.
    pub seed: u64,
}

impl MatrixConfig {
    /// M = Q diag(λ) Qᵀ.
    pub fn build(&self) -> SymmetricMatrix {
        SymmetricMatrix::new(&self.eigenvalues, &mut Stream::new(self.seed, "eigenvectors"))
    }
}
