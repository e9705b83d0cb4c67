//! Where things are.

use std::path::{Path, PathBuf};
use std::{env, fs};

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

/// All files below `folder`, in the order of their names.
///
/// # Errors
/// When a folder cannot be read.
pub fn files_below(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("could not read the folder {}", folder.display()))?;
        for entry in entries {
            let path = entry.with_context(|| format!("could not read the folder {}", folder.display()))?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_the_folder_of_the_workspace() {
        assert!(root().join("Trunk.toml").is_file());
    }

    #[test]
    fn every_file_below_a_folder_is_found_in_the_order_of_names() -> Outcome {
        let files = files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))?;
        assert!(files.iter().any(|file| file.ends_with("commands/mod.rs")), "{files:?}");
        assert!(files.is_sorted());
        Ok(())
    }
}
