//! The page without a browser, as a person uses it: what goes in are messages, what is seen are effects.
#![allow(clippy::unwrap_used, reason = "a helper that finds nothing fails its test")]
mod address;
mod answers;
mod claims;
mod controls;
mod diagnosis;
mod effects;
mod figures;
mod history;
mod jobs;
mod kept_runs;
mod laboratory;
mod lesson;
mod lesson_numbers;
mod links;
mod mirror;
mod moving;
mod network_figures;
mod opened;
mod opening;
mod playing;
mod presenting;
mod shell;
mod story;
mod support;
mod takeaway;
mod workbench;
