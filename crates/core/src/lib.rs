//! The mathematics of gradients through time, deterministic on every platform.
//!
//! Powers of symmetric matrices, the alignment of a random vector with the leading eigenvector, and backpropagation
//! through time in recurrent networks. Nothing here knows a page, a clock, a file or a thread: every function is pure,
//! every random number comes from a seed, and every transcendental function goes through [`math`], so that the same
//! settings give the same bits natively and in WebAssembly.
//!
//! | module | what it holds |
//! |---|---|
//! | [`param`] | parameters as data: ranges, texts, parsing; [`param::Settings`] |
//! | [`math`], [`random`], [`order`] | the only door to transcendentals; one named stream per purpose; sorting |
//! | [`shares`] | shares of few runs: Wilson's interval, Fisher's exact test |
//! | [`real`], [`scaled`] | the trait of f32, f64 and wider numbers; numbers beyond f64 |
//! | [`spectral`] | symmetric matrices with a chosen spectrum, powers, power iteration, alignment |
//! | [`cells`], [`network`], [`bptt`] | the REGISTRY of cells; weights; backward through any cell |
//! | [`kernel`] | the inner loops: products over a batch, activations |
//! | [`dynamics`] | general matrices and products of many: eigenvalues, singular values, exponents |
//! | [`recurrent`], [`tasks`] | the REGISTRIES of recurrent matrices and of training tasks |
//! | [`menus`] | the registries as choices of parameters |
//! | [`remedies`] | the REGISTRY of remedies |
//! | [`given`] | networks and matrices that people give: checked, with a sentence for what does not fit |
//! | [`optimizers`], [`schedules`] | the REGISTRIES of optimisers and of learning-rate schedules |
//! | [`gradient_ops`], [`penalty`] | clipping, scaling and masking a gradient; L1 and L2 |
//! | [`text`] | a text of one's own, learned character by character |
//! | [`training`] | training runs: parameters, one update after the other, what is found in them |
//! | [`studies`] | what the figures show: typed configuration in, plain data out |
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare with the standard library"))]

pub mod bptt;
pub mod cells;
pub mod dynamics;
pub mod fingerprint;
pub mod given;
pub mod gradient_ops;
pub mod kernel;
pub mod math;
pub mod menus;
pub mod network;
pub mod optimizers;
pub mod order;
pub mod param;
pub mod penalty;
pub mod random;
pub mod real;
pub mod recurrent;
pub mod remedies;
pub mod scaled;
pub mod schedules;
pub mod shares;
pub mod spectral;
pub mod stack;
pub mod studies;
pub mod tasks;
pub mod text;
pub mod training;
mod vector;
