//! Building the page with Trunk.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::assets;
use crate::publish;
use crate::setup::{Toolbox, WASM_TARGET};
use crate::wasm_names::without_names;
use crate::{Outcome, process, workspace};

/// The profile in the workspace's `Cargo.toml` that the page is compiled with.
pub const PROFILE: &str = "page";

/// Builds the page as it is published and returns its folder.
///
/// # Errors
/// When a dependency cannot be fetched or the build fails.
pub fn build(tools: &Toolbox) -> Outcome<PathBuf> {
    let dist = build_parts(tools)?;
    publish::finish(&dist)?;
    Ok(dist)
}

/// Builds the page as it is published, but for what keeps it offline: who changes it sees the change at the next load.
///
/// # Errors
/// As for [`build`].
pub fn build_not_kept(tools: &Toolbox) -> Outcome<PathBuf> {
    let dist = build_parts(tools)?;
    publish::finish_not_kept(&dist)?;
    Ok(dist)
}

fn build_parts(tools: &Toolbox) -> Outcome<PathBuf> {
    fetch_dependencies()?;
    let dist = workspace::dist_folder();
    let mut trunk = tools.command("trunk");
    trunk
        .args(["build", "--release", "--cargo-profile", PROFILE, "--offline", "--dist"])
        .arg(&dist)
        .current_dir(workspace::root());
    process::run(&mut trunk).context("the page did not build")?;
    let index = dist.join("index.html");
    if !index.is_file() {
        bail!("Trunk built no index.html in {}", dist.display());
    }
    let page = fs::read_to_string(&index).with_context(|| format!("could not read {}", index.display()))?;
    let page = assets::join_styles(&dist, &page)?;
    assets::copy_pictures(&dist, &page, &workspace::root().join("tests/golden"))?;
    fs::write(&index, page).with_context(|| format!("could not write {}", index.display()))?;
    strip_names(&dist)?;
    Ok(dist)
}

/// Builds the module with the core's fingerprint as the page is compiled, and returns its file.
///
/// # Errors
/// When the build fails.
pub fn build_fingerprint() -> Outcome<PathBuf> {
    let build = ["build", "--profile", PROFILE, "--package", "vanishing-wasm-fingerprint", "--target", WASM_TARGET];
    process::run(&mut process::cargo(build))?;
    Ok(workspace::target_folder().join(WASM_TARGET).join(PROFILE).join("vanishing_wasm_fingerprint.wasm"))
}

/// Makes every module in `dist` smaller by the names of its functions.
fn strip_names(dist: &Path) -> Outcome {
    for entry in dist.read_dir().with_context(|| format!("could not read the folder {}", dist.display()))? {
        let path = entry.with_context(|| format!("could not read the folder {}", dist.display()))?.path();
        if path.extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
        let module = fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
        let stripped =
            without_names(&module).with_context(|| format!("{} is no WebAssembly module", path.display()))?;
        fs::write(&path, stripped).with_context(|| format!("could not write {}", path.display()))?;
    }
    Ok(())
}

/// Trunk is told to stay off the network (it would fetch tools of its own choice), so the crates must be there already.
///
/// # Errors
/// When a crate cannot be fetched.
pub fn fetch_dependencies() -> Outcome {
    let mut fetch = process::cargo(["fetch", "--quiet", "--target", WASM_TARGET]);
    process::run(&mut fetch).context("the page's dependencies could not be fetched")
}
