//! A multiple of the identity.
//!
//! ```text
//! W = g I: every eigenvalue and every singular value is g
//! ```
//!
//! Le, Jaitly and Hinton, "A simple way to initialize recurrent networks of rectified linear units" (2015): the IRNN is a
//! ReLU cell with W = I, and 0.01 I where long memory is not wanted. Nothing is random.
use super::spec::{Ingredient, RecurrentSpec};
use nalgebra::DMatrix;

/// Registry entry.
pub const SPEC: RecurrentSpec = RecurrentSpec {
    slug: "identity",
    title: "identity",
    equation: "W = g I",
    source: "Le, Jaitly and Hinton 2015",
    help: "Every eigenvalue and every singular value is the gain g: at 1, a state is copied from step to step.",
    uses: &[Ingredient::Gain],
    distribution: None,
    build: |recipe, n, _| DMatrix::identity(n, n) * recipe.gain,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;
    use crate::recurrent::Recipe;

    #[test]
    fn the_gain_stands_on_the_diagonal_and_the_stream_is_not_touched() {
        let recipe = Recipe { gain: 0.5, eigenvalues: Vec::new(), pairs: Vec::new(), departure: 0.0 };
        let mut stream = Stream::new(1, "test");
        let w = (SPEC.build)(&recipe, 2, &mut stream);
        assert_eq!(w, DMatrix::from_row_slice(2, 2, &[0.5, 0.0, 0.0, 0.5]));
        assert_eq!(stream.bits(), Stream::new(1, "test").bits());
    }
}
