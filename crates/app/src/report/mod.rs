//! The report on an opened network: what was found, in sentences and as numbers, for a file and for the page.
mod found;
mod json;
mod markdown;
mod sentences;

pub use found::Report;
pub use sentences::{Advice, advice, headline, in_short};
