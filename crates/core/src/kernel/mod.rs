//! The inner loops: products of matrices, and tanh and σ over whole slices.
//!
//! Nearly all time of a forward or backward pass is spent here. The loops are plain Rust over arrays of fixed size, which
//! the compiler turns into vector instructions natively (SSE2) and in WebAssembly (simd128); no result depends on how
//! wide they are: a sum is always taken in the order of its index, and an activation is a fixed sequence of IEEE 754
//! operations on each number. So the bits are the same everywhere.
//!
//! In WebAssembly vector instructions are switched on function by function, for these loops and the steps of the cells:
//! elsewhere they would only copy structures, and cost bytes.
pub(crate) mod activation;
mod product;

pub use activation::{
    sigmoid_f32, sigmoid_f64, sigmoid_one_f32, sigmoid_one_f64, tanh_f32, tanh_f64, tanh_one_f32, tanh_one_f64,
};
pub use product::{
    add_column_sums_backwards, add_product, add_transposed_product, add_transposed_product_backwards, transpose,
};
