//! axe-core, the checker of accessibility, in the version and with the checksum of `tests/axe/package-lock.json`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};

use crate::{Outcome, process, workspace};

/// Its script, installed into the cache when it is missing.
///
/// # Errors
/// When npm is missing or cannot install it.
pub fn ensure_axe() -> Outcome<PathBuf> {
    let lists = workspace::root().join("tests").join("axe");
    let lock = fs::read_to_string(lists.join("package-lock.json")).context("tests/axe/package-lock.json is missing")?;
    let folder = workspace::tools_folder()?.join("axe-core");
    let script = folder.join("node_modules").join("axe-core").join("axe.min.js");
    let installed = fs::read_to_string(folder.join("package-lock.json")).unwrap_or_default();
    if script.is_file() && installed == lock {
        return Ok(script);
    }
    fs::create_dir_all(&folder).context("the cache folder cannot be made")?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(lists.join(name), folder.join(name)).with_context(|| format!("{name} cannot be copied"))?;
    }
    println!("Installing axe-core from the npm registry.");
    process::run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder))
        .context("npm could not install axe-core")?;
    ensure!(script.is_file(), "npm installed axe-core, yet {} is not there", script.display());
    Ok(script)
}
