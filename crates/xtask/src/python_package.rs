//! Building and testing the Python package `vanishing-point`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::setup::{self, Toolbox};
use crate::{Outcome, process, widget_module, workspace};

/// What the package is built and tested with: the name of a list in `python`.
const TESTS: &str = "requirements-test";
/// The same with PyTorch, which is large.
const TORCH: &str = "requirements-torch";
/// What it is tried in: notebooks and books, in a browser.
pub const NOTEBOOKS: &str = "requirements-notebooks";

/// The folder of the package's source.
pub fn source() -> PathBuf {
    workspace::root().join("python")
}

/// The folder of the built wheel.
pub fn folder() -> PathBuf {
    workspace::target_folder().join("python")
}

/// The licences, which a package may only take from its own folder.
const LICENCES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

/// Puts the module, the list of figures and parameters, and the licences into the package, and makes its wheel; returns the
/// wheel.
///
/// # Errors
/// When the module does not build, or the environment or the wheel cannot be made.
pub fn build(tools: &Toolbox) -> Outcome<PathBuf> {
    let module = widget_module::build(tools)?;
    let inside = source().join("src/vanishing_point/static");
    fs::create_dir_all(&inside).with_context(|| format!("could not make the folder {}", inside.display()))?;
    fs::copy(&module, inside.join(widget_module::NAME)).context("the module could not be put into the package")?;
    let list = ["run", "--quiet", "--package", "vanishing-app", "--example", "registries"];
    let registries = process::output_of(&mut process::cargo(list)).context("the figures could not be listed")?;
    fs::write(inside.join("registries.json"), registries).context("the list of figures could not be written")?;
    for licence in LICENCES {
        fs::copy(workspace::root().join(licence), source().join(licence))
            .with_context(|| format!("{licence} could not be put into the package"))?;
    }
    let python = setup::ensure_environment(TESTS)?;
    if folder().exists() {
        fs::remove_dir_all(folder()).with_context(|| format!("could not empty {}", folder().display()))?;
    }
    let wheel = ["-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"];
    process::run(Command::new(python).args(wheel).arg("--wheel-dir").args([folder(), source()]))
        .context("the wheel could not be made")?;
    let files = workspace::files_below(&folder())?;
    match &files[..] {
        [wheel] => Ok(wheel.clone()),
        _ => bail!("pip made {} files instead of a wheel", files.len()),
    }
}

/// Runs the package's tests against the installed wheel; those that train with PyTorch only `with_torch`.
///
/// # Errors
/// When it cannot be installed or a test fails.
pub fn test(wheel: &Path, with_torch: bool) -> Outcome {
    let python = setup::ensure_environment(if with_torch { TORCH } else { TESTS })?;
    install(&python, wheel)?;
    let mut tests = Command::new(python);
    process::run(tests.args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"]).current_dir(source()))
}

/// Installs the wheel into an environment, in the place of another build of it.
///
/// # Errors
/// When pip fails.
pub fn install(python: &Path, wheel: &Path) -> Outcome {
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--force-reinstall"];
    process::run(Command::new(python).args(install).arg(wheel)).context("the wheel could not be installed")
}
