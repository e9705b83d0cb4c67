//! Virtual environments of Python with what a list of requirements names, kept in the cache folder for all clones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use super::debian::ensure_venv;
use crate::{Outcome, process, programs, workspace};

/// The Python of an environment that has exactly what `python/NAME.txt` lists; installed when it is missing.
///
/// # Errors
/// When there is no Python with `venv`, or a package cannot be installed.
pub fn ensure_environment(name: &str) -> Outcome<PathBuf> {
    let list = workspace::root().join("python").join(format!("{name}.txt"));
    let wanted = fs::read_to_string(&list).with_context(|| format!("could not read {}", list.display()))?;
    let folder = workspace::tools_folder()?.join(format!("python-{name}"));
    let (python, installed) = (python_of(&folder), folder.join("installed.txt"));
    if python.is_file() && fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Ok(python);
    }
    ensure_venv()?;
    let outside = programs::python_with_venv().context("there is no Python with venv")?;
    println!("Installing what python/{name}.txt lists into {} (once).", folder.display());
    process::run(Command::new(outside).args(["-m", "venv", "--clear"]).arg(&folder))
        .context("no environment of Python could be made")?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    process::run(Command::new(&python).args(install).arg(&list))
        .with_context(|| format!("what python/{name}.txt lists could not be installed"))?;
    fs::write(&installed, wanted).with_context(|| format!("could not write {}", installed.display()))?;
    Ok(python)
}

/// The Python of an environment.
fn python_of(folder: &Path) -> PathBuf {
    let folder = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    folder.join(programs::with_extension("python"))
}
