//! Building the page with Trunk.

use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::setup::Toolbox;
use crate::{Outcome, process, workspace};

/// Builds the page as it is published and returns its folder.
///
/// # Errors
/// When a dependency cannot be fetched or the build fails.
pub fn build(tools: &Toolbox) -> Outcome<PathBuf> {
    fetch_dependencies()?;
    let dist = workspace::dist_folder();
    let mut trunk = tools.command("trunk");
    trunk.args(["build", "--release", "--offline", "--dist"]).arg(&dist).current_dir(workspace::root());
    process::run(&mut trunk).context("the page did not build")?;
    if !dist.join("index.html").is_file() {
        bail!("Trunk built no index.html in {}", dist.display());
    }
    Ok(dist)
}

/// Trunk is told to stay off the network (it would fetch tools of its own choice), so the crates must be there already.
///
/// # Errors
/// When a crate cannot be fetched.
pub fn fetch_dependencies() -> Outcome {
    let mut fetch = process::cargo(["fetch", "--quiet", "--target", crate::setup::WASM_TARGET]);
    process::run(&mut fetch).context("the page's dependencies could not be fetched")
}
