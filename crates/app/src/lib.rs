//! The headless application: everything the page decides, under `cargo test`.
//!
//! A [`Msg`] says what happened (a control moved, a link was followed, a pointer moved over a figure, a frame passed);
//! [`Lab::update`] answers with [`Effects`], which are data. The browser shell performs them and decides nothing; the
//! command line and the tests drive the same [`Lab`].
#![forbid(unsafe_code)]

pub mod controls;
mod effects;
mod figure_state;
mod lab;
pub mod model;
mod msg;
mod playing;
pub mod schema;

pub use controls::{Control, ControlKind};
pub use effects::{Address, Effects, Entry};
pub use lab::{Lab, parse_link, query_of};
pub use msg::{Msg, Phase, Pointer};
