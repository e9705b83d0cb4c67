//! The report on an opened network: what was found, in sentences and as numbers, for a file and for the page.
mod advice;
mod found;
mod json;
mod markdown;
mod remedy;
mod sentences;

pub use advice::{Advice, advice};
pub use found::Report;
pub use sentences::{headline, in_short};
