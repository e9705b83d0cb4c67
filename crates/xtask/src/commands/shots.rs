//! `cargo xtask shots`: pictures of the whole page, to look at.

use std::process::ExitCode;

use anyhow::bail;

use super::{CommandSpec, Options};
use crate::setup::{Toolbox, ensure_browsers};
use crate::{Outcome, page, process, workspace};

/// Pictures of the page.
pub const SPEC: CommandSpec = CommandSpec {
    name: "shots",
    summary: "Take pictures of the page: three widths, light and dark",
    usage: "[--only SLUG] [--query QUERY]",
    help: "Builds the page and writes PNG files of its full height to target/shots, 390, 1280 and 1920 CSS
pixels wide, in the light and the dark theme, taken with Chromium.

  --only SLUG     just the figure with this name
  --query QUERY   open the page with this query, such as `eigenvalue-1=1.2&seed=7`
",
    run,
};

fn run(mut options: Options) -> Outcome<ExitCode> {
    let mut passed_on = Vec::new();
    while let Some(option) = options.next()? {
        match option.as_str() {
            "only" | "query" => passed_on.extend([format!("--{option}"), options.value()?]),
            other => bail!(options.unknown(&format!("--{other}"))),
        }
    }
    let tools = Toolbox::for_page()?;
    ensure_browsers()?;
    let dist = page::build(&tools)?;
    let package = ["run", "--quiet", "--package", "vanishing-tests", "--features", "browsers", "--bin", "shots", "--"];
    let mut shots = process::cargo(package);
    shots.arg(dist).arg(workspace::target_folder().join("shots")).args(passed_on).env("RUST_LIB_BACKTRACE", "0");
    process::run(&mut shots)?;
    Ok(ExitCode::SUCCESS)
}
