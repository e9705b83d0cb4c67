//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::Outcome;

/// The folder with the workspace's `Cargo.toml`.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

/// The folder for everything that is built: `CARGO_TARGET_DIR`, or `target` in the workspace.
pub fn target_folder() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The folder of the built page.
pub fn dist_folder() -> PathBuf {
    target_folder().join("dist")
}

/// The folder of the built JavaScript package and its example.
pub fn js_folder() -> PathBuf {
    target_folder().join("js")
}

/// The folder where pinned tools are installed, once for all clones: `<cache>/vanishing-point/tools`.
pub fn tools_folder() -> Outcome<PathBuf> {
    let cache = match env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()) {
        Some(cache) => PathBuf::from(cache),
        None => env::home_dir()
            .context("there is no home folder to install tools into; set XDG_CACHE_HOME to a folder of yours")?
            .join(".cache"),
    };
    Ok(cache.join("vanishing-point").join("tools"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_the_folder_of_the_workspace() {
        assert!(root().join("Trunk.toml").is_file());
    }
}
