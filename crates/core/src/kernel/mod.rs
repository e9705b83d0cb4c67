//! The inner loops that the training of a network spends its time in.
mod product;
pub use product::{add_column_sums, add_product, add_transposed_product, transpose};
