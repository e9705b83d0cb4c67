//! `cargo xtask python`: the package for notebooks.

use std::process::ExitCode;

use anyhow::bail;

use super::{CommandSpec, Options};
use crate::setup::Toolbox;
use crate::{Outcome, python_package, widget_module};

/// The Python package.
pub const SPEC: CommandSpec = CommandSpec {
    name: "python",
    summary: "Build the figure as one module, and the Python package vanishing-point; test it",
    usage: "[--torch]",
    help: "Writes target/widget/vanishing-figure.mjs, one figure as one module in the format of anywidget, and the wheel
of the Python package that has it inside, target/python/vanishing_point-VERSION-py3-none-any.whl. Then runs the package's
tests against the wheel.

  --torch   with PyTorch, which is several gigabytes with what it needs: the tests that train with it run too
",
    run,
};

fn run(mut options: Options) -> Outcome<ExitCode> {
    let mut with_torch = false;
    while let Some(option) = options.next()? {
        match option.as_str() {
            "torch" => with_torch = true,
            other => bail!(options.unknown(&format!("--{other}"))),
        }
    }
    let wheel = python_package::build(&Toolbox::for_package()?)?;
    python_package::test(&wheel, with_torch)?;
    println!("the module is {}", widget_module::folder().join(widget_module::NAME).display());
    println!("the package is {}", wheel.display());
    Ok(ExitCode::SUCCESS)
}
