//! Training runs: one update after the other, in single precision, with every number that a figure may want.
//!
//! ```text
//! batch → forward → loss → backward (dL/dh_t) → dL/dθ → remedies → optimiser → remedies → weights
//! ```
//!
//! A run is a function of its settings ([`params`]), and of the weights that were given if it does not draw them ([`Start`]):
//! the same give the same bits everywhere. [`Trainer::step`]
//! makes one update and reports; the caller owns time, threads and stopping. What is kept of a long run is bounded
//! ([`History`]). A run that becomes non-finite is stopped there, and [`Breakdown`] says where and after what;
//! [`Rescue`] finds out, by running them, which remedies would have carried it further.
mod breakdown;
pub mod experiment;
mod history;
pub mod map;
pub mod matrix;
mod own;
pub mod params;
mod plan;
mod planning;
mod report;
mod rescue;
mod start;
mod trainer;
mod verdict;

pub use breakdown::{Breakdown, Moment, Place};
pub use history::{Curve, HeatRow, History, Point};
pub use own::{Guess, OWN, OwnSequences};
pub use plan::{Curriculum, Lesson, Own, Plan};
pub use report::{PROFILE, Report, Spectrum, Test};
pub use rescue::{Rescue, Rescued};
pub use start::Start;
pub use trainer::Trainer;
pub use verdict::Verdict;
