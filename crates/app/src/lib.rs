//! The headless application: everything the page decides, under `cargo test`.
//!
//! A [`Msg`] says what happened (a control moved, a link was followed, a pointer moved over a figure, a frame passed);
//! [`Lab::update`] answers with [`Effects`], which are data. The browser shell performs them and decides nothing; the
//! command line and the tests drive the same [`Lab`].
#![forbid(unsafe_code)]

pub mod controls;
mod effects;
pub mod embedding;
mod evidence;
pub mod exercises;
mod figure_state;
pub mod help;
mod lab;
pub mod lanes;
mod leading;
pub mod lessons;
pub mod model;
mod msg;
mod opening;
pub mod own;
mod playing;
mod presenter;
pub mod schema;
pub mod script;
pub mod symbols;
pub mod takeaway;
mod trainings;
pub mod transport;
pub mod work;

pub use controls::{Control, ControlKind};
pub use effects::{Address, Download, Effects, EmbedText, Entry, EvidenceTable, LaneTab, OwnPanel, Sheet, TableText};
pub use help::HelpPart;
pub use lab::{Lab, parse_lanes, parse_link, query_of};
pub use lanes::RemedyText;
pub use msg::{Msg, Phase, Pointer};
pub use presenter::{Focus, Stage, chapter_of};
pub use trainings::{PAGE_SLICE, PipelineBox, SLICE, Where, Work, readout_names as training_readouts};
