//! The house of the code: no files that import each other in a circle, and none that is too long to read at once.

mod checker;
mod imports;
mod modules;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::imports::Arrows;

/// The most lines that a source file may have.
const LINES: usize = 450;
/// The same of a chapter's text, which is read from its beginning to its end.
const LINES_OF_TEXT: usize = 700;

fn workspace() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// All files below `folder`, whose path is from the workspace, with one of these extensions.
fn files_below(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = workspace().join(folder).read_dir().with_context(|| format!("no folder {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            if !path.ends_with("target") && !path.ends_with("node_modules") {
                found.extend(files_below(&path, extensions)?);
            }
        } else if path.extension().is_some_and(|own| extensions.iter().any(|one| own == *one)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The folders of the workspace's crates.
fn crates() -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for top in ["crates", "web", "tests"] {
        for manifest in files_below(Path::new(top), &["toml"])? {
            if manifest.ends_with("Cargo.toml") {
                folders.extend(manifest.parent().map(Path::to_owned));
            }
        }
    }
    Ok(folders)
}

/// The roots of the crate's targets: its library, its programs, each file of tests.
fn is_root(folder: &Path, file: &Path) -> bool {
    let inside = file.strip_prefix(folder).unwrap_or(file);
    let parts: Vec<&str> = inside.iter().filter_map(|part| part.to_str()).collect();
    match parts.as_slice() {
        [_] | ["src", "lib.rs" | "main.rs"] | ["src", "bin", _] => true,
        ["tests" | "benches" | "examples", _] => true,
        [.., folder, "main.rs"] => *folder != "src",
        _ => false,
    }
}

/// The circles of each crate, and the files that no root leads to.
fn circles_and_strays() -> Result<(Vec<String>, Vec<PathBuf>)> {
    let read = |path: &Path| fs::read_to_string(workspace().join(path)).ok();
    let crates = crates()?;
    let (mut circles, mut reached, mut all) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for folder in &crates {
        let files = files_below(folder, &["rs"])?;
        let is_of_this = |file: &PathBuf| {
            !crates.iter().any(|other| other != folder && other.starts_with(folder) && file.starts_with(other))
        };
        for root in files.iter().filter(|file| is_of_this(file) && is_root(folder, file)) {
            let arrows = Arrows::of(root, &read)?;
            circles.extend(arrows.circles().into_iter().map(|circle| format!("{}: {circle}", folder.display())));
            reached.extend(arrows.files);
        }
        all.extend(files);
    }
    Ok((circles, all.difference(&reached).cloned().collect()))
}

#[test]
fn no_files_of_a_crate_import_each_other_in_a_circle() -> Result<()> {
    let (circles, strays) = circles_and_strays()?;
    assert!(strays.is_empty(), "no `mod` leads to {strays:?}");
    assert!(circles.is_empty(), "{} circles\n{}", circles.len(), circles.join("\n"));
    Ok(())
}

#[test]
fn no_source_file_is_too_long_to_read_at_once() -> Result<()> {
    let mut files = files_below(Path::new("web"), &["rs", "html", "css"])?;
    files.extend(files_below(Path::new("crates"), &["rs"])?);
    files.extend(files_below(Path::new("tests"), &["rs"])?);
    let mut long = Vec::new();
    for file in &files {
        let lines = fs::read_to_string(workspace().join(file))?.lines().count();
        let most = if file.extension().is_some_and(|ending| ending == "html") { LINES_OF_TEXT } else { LINES };
        if lines > most {
            long.push(format!("{lines:5} {}", file.display()));
        }
    }
    long.sort_by(|a, b| b.cmp(a));
    assert!(files.len() > 100, "only {} files were looked at", files.len());
    assert!(long.is_empty(), "{} files are too long, in lines:\n{}", long.len(), long.join("\n"));
    Ok(())
}
