//! Calls of the JavaScript package, and what native code makes of the same: every bit of a result, every word of an error.
//!
//! The cases are JSON, in the notation that `scripts/answer_cases.js` explains, so that one list is answered in Node and
//! in every browser.

mod case;
mod errors;
mod networks;
mod results;
mod stacks;

pub use case::{Case, differences, to_text};
pub use errors::with_errors;
pub use results::with_results;
