//! The chores of the workspace, behind `cargo xtask`.
//!
//! [`commands`] holds one file a command and the list of them all; [`setup`] finds or installs what the commands need;
//! the other modules are what several commands share. The browser tests use [`static_server`] and [`programs`] too.

#![allow(clippy::print_stdout, reason = "these are command line programs: printing is what they are for")]

mod assets;
pub mod commands;
pub mod compressed_size;
pub mod js_package;
pub mod page;
pub mod process;
pub mod programs;
pub mod publish;
pub mod python_package;
pub mod setup;
pub mod static_server;
pub mod steps;
mod wasm_names;
pub mod widget_module;
pub mod workspace;

/// What a chore returns: a value, or one sentence for the person at the keyboard.
pub type Outcome<T = ()> = anyhow::Result<T>;
