//! `cargo xtask size`: what the published page weighs.

use std::process::ExitCode;

use super::{CommandSpec, Options};
use crate::setup::Toolbox;
use crate::{Outcome, compressed_size, page};

/// The weight of the page.
pub const SPEC: CommandSpec = CommandSpec {
    name: "size",
    summary: "Build the page and print what it weighs, raw and compressed",
    usage: "",
    help: "Fails when what a reader fetches before the page is live is heavier than its budget with Brotli.\n",
    run,
};

fn run(options: Options) -> Outcome<ExitCode> {
    options.end()?;
    let dist = page::build(&Toolbox::for_page()?)?;
    compressed_size::report(&dist)?;
    Ok(ExitCode::SUCCESS)
}
