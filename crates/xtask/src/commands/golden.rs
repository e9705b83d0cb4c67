//! `cargo xtask golden`: the figures against their stored pictures.

use std::process::ExitCode;

use anyhow::bail;

use super::{CommandSpec, Options};
use crate::{Outcome, process};

/// The golden tests.
pub const SPEC: CommandSpec = CommandSpec {
    name: "golden",
    summary: "Check the golden files, or write them anew",
    usage: "[--bless]",
    help: "Runs the golden tests.

  --bless     write what the code makes now over the golden files; look at the difference before you commit it
",
    run,
};

fn run(mut options: Options) -> Outcome<ExitCode> {
    let mut wants_new = false;
    while let Some(option) = options.next()? {
        match option.as_str() {
            "bless" => wants_new = true,
            other => bail!(options.unknown(&format!("--{other}"))),
        }
    }
    let mut tests = process::cargo(["test", "--package", "vanishing-tests", "--test", "goldens"]);
    if wants_new {
        tests.env("BLESS", "1");
    } else {
        tests.env_remove("BLESS");
    }
    process::run(&mut tests)?;
    Ok(ExitCode::SUCCESS)
}
