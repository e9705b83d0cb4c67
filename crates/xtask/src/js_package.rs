//! Building the JavaScript package `vanishing-core` with wasm-bindgen.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::compressed_size::Weight;
use crate::setup::{Toolbox, WASM_TARGET};
use crate::{Outcome, process, workspace};

/// The name of the package and of its folder.
pub const NAME: &str = "vanishing-core";

/// The file stem of what wasm-bindgen makes, which `index.js` imports.
const BOUND: &str = "vanishing_core";

/// Files of the repository that the package has as they are, and those of the example beside it.
const PACKAGE: [&str; 7] = [
    "crates/js/package/package.json",
    "crates/js/package/index.js",
    "crates/js/package/index.d.ts",
    "crates/js/package/trainer-options.d.ts",
    "crates/js/package/README.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
];
const EXAMPLE: [&str; 1] = ["crates/js/example/index.html"];

/// Writes the types of the options of `Trainer` anew from the core's parameters, and runs the other tests of the crate: a
/// test knows the core, this program does not.
///
/// # Errors
/// When a test fails.
pub fn renew_types() -> Outcome {
    let mut tests = process::cargo(["test", "--package", "vanishing-js"]);
    process::run(tests.env("BLESS", "1")).context("the types of the package could not be made")
}

/// Builds the package, optimised for speed, and the example beside it; returns the folder of both, which is made anew.
///
/// # Errors
/// When the crate does not compile, wasm-bindgen fails or a file cannot be written.
pub fn build(tools: &Toolbox) -> Outcome<PathBuf> {
    let compile = ["build", "--release", "--package", "vanishing-js", "--target", WASM_TARGET];
    process::run(&mut process::cargo(compile)).context("the package did not compile")?;
    let module = workspace::target_folder().join(WASM_TARGET).join("release").join("vanishing_js.wasm");

    let folder = workspace::js_folder();
    let package = folder.join(NAME);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("could not empty the folder {}", folder.display()))?;
    }
    fs::create_dir_all(&package).with_context(|| format!("could not make the folder {}", package.display()))?;
    let mut bind = tools.command("wasm-bindgen");
    bind.args(["--target", "web", "--no-typescript", "--omit-default-module-path", "--out-name", BOUND])
        .args(["--remove-name-section", "--remove-producers-section", "--out-dir"])
        .args([&package, &module]);
    process::run(&mut bind).context("the JavaScript side of the package could not be made")?;
    for file in PACKAGE {
        copy(file, &package)?;
    }
    for file in EXAMPLE {
        copy(file, &folder)?;
    }
    check_complete(&package)?;
    Ok(folder)
}

/// Says what the package's parts weigh.
///
/// # Errors
/// When a file cannot be read.
pub fn report(folder: &Path) -> Outcome {
    for name in [format!("{BOUND}_bg.wasm"), format!("{BOUND}.js"), "index.js".to_owned()] {
        let path = folder.join(NAME).join(&name);
        let content = fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
        let Weight { raw, gzip, brotli } = Weight::of(&content)?;
        println!("{name}: {raw} bytes, {gzip} with gzip, {brotli} with Brotli");
    }
    Ok(())
}

/// The registry takes exactly the files that `package.json` lists: each must be there, and none besides.
fn check_complete(package: &Path) -> Outcome {
    let manifest = fs::read_to_string(package.join("package.json")).context("could not read package.json")?;
    let entries = fs::read_dir(package).with_context(|| format!("could not read the folder {}", package.display()))?;
    let mut there: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    there.retain(|name| name != "package.json");
    there.sort();
    let mut listed = listed_files(&manifest);
    listed.sort_unstable();
    if there != listed {
        bail!("package.json lists {}, but the package has {}", listed.join(", "), there.join(", "));
    }
    Ok(())
}

/// The texts in the array `files` of a `package.json`.
fn listed_files(manifest: &str) -> Vec<&str> {
    let list = manifest.split_once("\"files\": [").and_then(|(_, rest)| rest.split_once(']')).map(|(list, _)| list);
    list.unwrap_or_default().split(',').map(|name| name.trim().trim_matches('"')).collect()
}

fn copy(file: &str, to: &Path) -> Outcome {
    let from = workspace::root().join(file);
    let name = from.file_name().with_context(|| format!("{file} has no name"))?;
    fs::copy(&from, to.join(name)).with_context(|| format!("could not copy {file} into {}", to.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_lists_every_file_that_is_copied_and_what_wasm_bindgen_makes() -> Outcome {
        let manifest = fs::read_to_string(workspace::root().join("crates/js/package/package.json"))?;
        let listed = listed_files(&manifest);
        for file in PACKAGE {
            let name = file.rsplit('/').next().unwrap_or(file);
            assert!(name == "package.json" || listed.contains(&name), "{name} is not in {listed:?}");
            assert!(workspace::root().join(file).is_file(), "{file} is missing");
        }
        assert!(listed.contains(&"vanishing_core.js") && listed.contains(&"vanishing_core_bg.wasm"));
        Ok(())
    }
}
