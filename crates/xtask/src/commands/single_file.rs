//! `cargo xtask single-file`: the page as one HTML file.

use std::process::ExitCode;

use anyhow::Context;

use super::{CommandSpec, Options};
use crate::publish::{SINGLE_FILE, SINGLE_FILE_BUDGET};
use crate::setup::Toolbox;
use crate::{Outcome, page};

/// One file with everything inside.
pub const SPEC: CommandSpec = CommandSpec {
    name: "single-file",
    summary: "Build the page as one HTML file that opens from a disk",
    usage: "",
    help: "Builds the page and says where the file is: everything is inside, the workers too, and nothing is fetched.
Fails when it is larger than a million bytes.
",
    run,
};

fn run(options: Options) -> Outcome<ExitCode> {
    options.end()?;
    let file = page::build(&Toolbox::for_page()?)?.join(SINGLE_FILE);
    let size = file.metadata().with_context(|| format!("there is no {}", file.display()))?.len();
    println!("{}\n{size} of {SINGLE_FILE_BUDGET} bytes", file.display());
    Ok(ExitCode::SUCCESS)
}
