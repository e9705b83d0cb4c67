//! What people give: numbers with names and shapes, checked before anything is computed.
//!
//! Weights from a file, a matrix from another program, the options of a call. What does not fit is refused in one sentence
//! that has the giver's own name for the thing and the shape that was expected; what is built from the rest needs no
//! further checks. A network that overflows is no mistake: infinities come out of a computation, they do not go in.
mod matrix;
mod network;
mod sequences;
mod shape;
mod stack;

pub use matrix::{decompose, eigenvalue_powers, symmetric_matrix};
pub use network::{BuiltNetwork, GivenNetwork, cell};
pub use sequences::{GivenLoss, GivenSequences, bytes_needed};
pub use shape::{Dimension, Named};
pub use stack::GivenStack;
