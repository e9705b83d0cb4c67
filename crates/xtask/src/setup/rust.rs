//! The parts of the Rust toolchain that are not in every installation.

use std::process::Command;

use anyhow::{Context, bail};

use crate::{Outcome, process, programs};

/// What the page is compiled for.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Installs the WebAssembly target of the toolchain when it is missing.
///
/// # Errors
/// When it is missing and rustup is not there, or fails.
pub fn ensure_wasm_target() -> Outcome {
    let libraries =
        process::output_of(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]));
    let is_there = libraries.is_some_and(|folder| std::path::Path::new(folder.trim()).is_dir());
    if is_there {
        return Ok(());
    }
    println!("Installing Rust's standard library for {WASM_TARGET} (a minute at most).");
    rustup(&["target", "add", WASM_TARGET])
}

/// Installs a component such as `clippy` when `cargo <subcommand>` does not work without it.
///
/// # Errors
/// When it is missing and rustup is not there, or fails.
pub fn ensure_component(component: &str, subcommand: &str) -> Outcome {
    if process::output_of(&mut process::cargo([subcommand, "--version"])).is_some() {
        return Ok(());
    }
    println!("Installing the component {component} of the Rust toolchain (a minute at most).");
    rustup(&["component", "add", component])
}

fn rustup(arguments: &[&str]) -> Outcome {
    let command_line = format!("rustup {}", arguments.join(" "));
    if programs::find("rustup").is_none() {
        bail!(
            "rustup is not installed, so `{command_line}` cannot run; install Rust with rustup, or add that part to your Rust yourself"
        );
    }
    process::run(Command::new("rustup").args(arguments)).context("a part of the Rust toolchain could not be installed")
}
