//! PyTorch's default of its recurrent modules.
//!
//! ```text
//! W_ij ~ U(-1/√n, 1/√n),   n = hidden_size
//! ```
//!
//! PyTorch, documentation of `nn.RNN`, `nn.LSTM` and `nn.GRU` ("Variables"). The variance is 1/(3n): the matrix is 1/√3 of
//! a Gaussian one, with radius about 0.60 and largest singular value about 1.14 at n = 256. Every tensor of the modules has
//! this law with n = hidden_size, which is the number of rows of a gate's block.
use super::spec::{Distribution, RecurrentSpec};

/// Registry entry.
pub const SPEC: RecurrentSpec = RecurrentSpec {
    slug: "pytorch",
    title: "PyTorch's default",
    equation: "W_ij ~ U(±1/√n)",
    source: "PyTorch, nn.RNN",
    help: "Eigenvalues fill a disc of radius about 1/√3 = 0.58: gradients vanish from the start.",
    uses: &[],
    distribution: Some(distribution),
    build: |_, n, stream| distribution(n, n, 1.0).sample(n, n, stream),
};

fn distribution(rows: usize, _columns: usize, _gain: f64) -> Distribution {
    Distribution::Uniform { bound: (1.0 / rows as f64).sqrt() }
}

#[cfg(test)]
mod tests {
    use crate::recurrent::bound_and_std;

    #[test]
    fn worked_bounds_of_the_recurrent_and_of_the_input_matrix() {
        for columns in [64, 2] {
            let (bound, deviation) = bound_and_std("pytorch", 64, columns, 5.0).unwrap();
            assert_eq!(bound, Some(0.125));
            assert!((deviation - 0.125 / 3.0f64.sqrt()).abs() < 1e-16);
        }
    }
}
