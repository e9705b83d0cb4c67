//! `cargo xtask notebooks`: the package where it is used.

use std::process::{Command, ExitCode};

use super::{CommandSpec, Options};
use crate::setup::{self, Toolbox};
use crate::{Outcome, process, programs, python_package};

/// The notebooks.
pub const SPEC: CommandSpec = CommandSpec {
    name: "notebooks",
    summary: "Try the module and the Python package in JupyterLab, a MyST book and marimo, in Chromium",
    usage: "",
    help: "Builds the Python package, installs it beside JupyterLab, mystmd and marimo into an environment of its own, and
runs the tests in python/notebooks: every figure in a plain page, the example notebook in JupyterLab, a MyST book with
{anywidget} built and opened from static files, marimo's static export. Needs Chromium and Node.

MyST fetches its theme when it first builds a book. Where that cannot be, the variable VANISHING_BOOK_THEME names a folder
with a theme that was built.
",
    run,
};

fn run(options: Options) -> Outcome<ExitCode> {
    options.end()?;
    setup::ensure_node()?;
    let wheel = python_package::build(&Toolbox::for_package()?)?;
    let python = setup::ensure_environment(python_package::NOTEBOOKS)?;
    python_package::install(&python, &wheel)?;
    let mut tests = Command::new(&python);
    tests.args(["-m", "pytest", "-p", "no:cacheprovider"]).current_dir(python_package::source().join("notebooks"));
    // The tools of the environment are found first.
    let folder = python.parent().map(|folder| vec![folder.to_owned()]).unwrap_or_default();
    programs::put_first_in_path(&mut tests, &folder);
    process::run(&mut tests)?;
    Ok(ExitCode::SUCCESS)
}
