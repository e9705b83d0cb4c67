//! What is wrong with a network, how far its gradient reaches, and what each cure does to this very network.
//!
//! Everything is measured on one pass of the network without remedies, and on passes of changed copies of it. What a large
//! network's passes would cost is weighed before ([`Effort`]); what is left out for it is listed ([`LeftOut`]).
mod course;
mod cuts;
mod fates;
mod run;
mod subject;
#[cfg(test)]
mod tests;
mod treatments;
mod units;

pub use course::{Course, Fate, Pace};
pub use cuts::{Cut, WINDOWS};
pub use fates::Fates;
pub use run::{Diagnosis, Effort, Growth, LeftOut, Source, run};
pub use treatments::{ClippedUpdate, Effect, Outcome, Proposal, RATE, SEQUENCES, Treatment, USUAL};
pub use units::{Bias, BlockDiagnosis, UnitDiagnosis};
