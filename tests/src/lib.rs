//! What the tests share: the page as it is written (`markup`), the rules of the reference cases (`compare`), the calls of the JavaScript package (`js_cases`),
//! and a harness for tests of the built page in real browsers, with the list of sentences that each goes through (`checks`).
//!
//! ```text
//! Site (the built page on a free port) <-- browser <-- driver <-- Page (what a test talks to)
//!                                            everything below Page ends with it
//! ```
//!
//! `page::Page` is blocking: a test is a plain function that opens an address, moves the pointer and asks what is
//! seen. `engine::Engine` knows the three browsers. Nothing here knows the page beyond its `data-*` contract, which
//! `contract` holds.

#![cfg_attr(
    feature = "browsers",
    allow(clippy::print_stdout, reason = "tests report what they measured, and the pictures where they are")
)]

#[cfg(feature = "browsers")]
pub mod checks;
pub mod compare;
#[cfg(feature = "browsers")]
pub mod contract;
#[cfg(feature = "browsers")]
mod display;
#[cfg(feature = "browsers")]
pub mod engine;
#[cfg(any(feature = "browsers", feature = "node"))]
pub mod js_cases;
pub mod markup;
#[cfg(feature = "browsers")]
pub mod page;
#[cfg(feature = "browsers")]
mod pointer;
#[cfg(feature = "browsers")]
pub mod site;
#[cfg(feature = "browsers")]
mod supervised;
#[cfg(feature = "browsers")]
pub mod timing;
