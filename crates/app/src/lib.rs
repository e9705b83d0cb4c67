//! The headless application: everything the page decides, under `cargo test`.
//!
//! A [`Msg`] says what happened (a control moved, a link was followed, a pointer moved over a figure, a frame passed);
//! [`Lab::update`] answers with [`Effects`], which are data. The browser shell performs them and decides nothing; the
//! command line and the tests drive the same [`Lab`].
#![forbid(unsafe_code)]

pub mod action;
mod address;
mod changes;
pub mod chapters;
pub mod controls;
mod diagnosed;
mod effects;
pub mod embedding;
mod evidence;
pub mod exercises;
mod figure_state;
#[cfg(feature = "svg")]
pub mod handout;
pub mod help;
mod history;
pub mod jobs;
mod lab;
pub mod lanes;
pub mod lessons;
pub mod model;
mod moving;
mod msg;
mod opened;
mod opened_file;
mod opened_start;
mod opening;
pub mod page_figures;
mod pictures;
mod pipeline;
mod playing;
mod presenter;
mod readouts;
pub mod report;
pub mod schema;
pub mod script;
pub mod symbols;
pub mod takeaway;
mod text_words;
mod training_words;
pub mod transport;
mod view;
pub mod workbench;

pub use address::{Chosen, parse_lanes, parse_link, query_of};
pub use controls::{Control, ControlKind};
pub use effects::{
    Download, Effects, EmbedText, EvidenceTable, LaneTab, Menu, OpenedAdvice, OpenedPanel, OpenedReport, Parts, Sheet,
    Stretch, TableText,
};
pub use help::HelpPart;
pub use history::{Address, Entry};
pub use jobs::{JobId, PAGE_SLICE, SLICE, Where, Work, WorkerId};
pub use lab::Lab;
pub use lanes::RemedyText;
pub use msg::{Focus, Msg, Phase, Place, Pointer};
pub use page_figures::chapter_of;
pub use pipeline::PipelineBox;
pub use presenter::{Stage, Vote};
pub use text_words::readout_names as text_readouts;
pub use training_words::readout_names as training_readouts;
pub use view::View;
