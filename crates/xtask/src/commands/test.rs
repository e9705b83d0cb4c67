//! `cargo xtask test`: everything that is checked, on a developer's machine as in continuous integration.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::bail;

use super::{CommandSpec, Options};
use crate::setup::{self, GECKODRIVER, Toolbox, WASM_TARGET};
use crate::steps::Steps;
use crate::{Outcome, compressed_size, js_package, page, process, programs, python_package};

/// All tests.
pub const SPEC: CommandSpec = CommandSpec {
    name: "test",
    summary: "Check everything: style, lints, tests, documentation, sizes, three browsers, Node, Python",
    usage: "[--no-browsers]",
    help: "Installs what is missing first: tools from source anywhere, browsers, drivers, Node and NumPy on Debian as
root (elsewhere it says what to install). Then runs every step, also after one has failed, and ends with a
table and a line such as `8 passed, 0 failed`.

  --no-browsers   leave the browser tests out, and Node and Python where they are not installed
",
    run,
};

/// The packages that are compiled for the browser.
const WASM_PACKAGES: [&str; 5] =
    ["vanishing-core", "vanishing-js", "vanishing-web", "vanishing-widget", "vanishing-wasm-fingerprint"];

/// Also the tests that a plain `cargo test` leaves out.
const WITH_ALL_TESTS: [&str; 2] =
    ["--features", "vanishing-tests/browsers,vanishing-tests/interpreter,vanishing-tests/node,vanishing-tests/python"];

/// Where the browser tests look for axe-core's script.
const AXE: &str = "VANISHING_AXE";

/// Where the tests look for what was built for them: the page, and the JavaScript package with its example.
const PAGE: &str = "VANISHING_DIST";
const PACKAGE: &str = "VANISHING_JS";

fn run(mut options: Options) -> Outcome<ExitCode> {
    let mut with_browsers = true;
    while let Some(option) = options.next()? {
        match option.as_str() {
            "no-browsers" => with_browsers = false,
            other => bail!(options.unknown(&format!("--{other}"))),
        }
    }
    setup::ensure_component("rustfmt", "fmt")?;
    setup::ensure_component("clippy", "clippy")?;
    let mut tools = Toolbox::for_page()?;
    let mut axe = None;
    if with_browsers {
        setup::ensure_browsers()?;
        setup::ensure_node()?;
        setup::ensure_numpy()?;
        setup::ensure_venv()?;
        axe = Some(setup::ensure_axe()?);
        tools.add(&GECKODRIVER)?;
    }
    let with_node = programs::node().is_some();
    let with_python = programs::python_with_venv().is_some();

    let mut steps = Steps::default();
    steps.run("formatting", || process::run(&mut process::cargo(["fmt", "--all", "--check"])));
    steps.run("lints, native", || process::run(&mut lints_native()));
    steps.run("lints, wasm32", || process::run(&mut lints_wasm()));
    steps.run("tests", || process::run(&mut process::cargo(["test", "--workspace"])));
    steps.run("scripts", || process::run(vanishing_tests("python", "scripts").args(["--", "--nocapture"])));
    steps.run("documentation", || process::run(&mut documentation()));
    steps.run("wasm equals native", wasm_equals_native);
    let mut dist = None;
    steps.run("page", || {
        dist = Some(page::build(&tools)?);
        Ok(())
    });
    match dist {
        Some(dist) => {
            steps.run("page size", || compressed_size::report(&dist));
            if with_browsers {
                steps.run("browsers", || {
                    let mut tests = browser_tests(&tools, "browsers", PAGE, &dist);
                    process::run(tests.env(AXE, axe.as_deref().unwrap_or(Path::new(""))))
                });
            }
        }
        None => {
            steps.blocked("page size", "not run, for the page did not build");
            if with_browsers {
                steps.blocked("browsers", "not run, for the page did not build");
            }
        }
    }
    let mut package = None;
    steps.run("package", || {
        let folder = js_package::build(&tools)?;
        js_package::report(&folder)?;
        package = Some(folder);
        Ok(())
    });
    match package {
        Some(folder) => {
            if with_node {
                let mut test = vanishing_tests("node", "js_node");
                steps.run("package in Node", || process::run(test.env(PACKAGE, &folder)));
            }
            if with_browsers {
                let mut tests = browser_tests(&tools, "js_browsers", PACKAGE, &folder);
                steps.run("package in browsers", || process::run(&mut tests));
            }
        }
        None => steps.blocked("package in Node and browsers", "not run, for the package did not build"),
    }

    if with_python {
        steps.run("Python package", || python_package::test(&python_package::build(&tools)?, false));
    }

    println!("\n{}", steps.table());
    if !with_browsers {
        println!("left out: the tests in Chromium, Firefox and WebKit (--no-browsers)");
        if !with_python {
            println!("left out: the Python package, for there is no Python with venv (--no-browsers)");
        }
        if !with_node {
            println!("left out: the test of the JavaScript package in Node, which is not installed (--no-browsers)");
        }
    }
    println!("{}", steps.counts());
    Ok(if steps.all_passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn lints_native() -> Command {
    let mut clippy = process::cargo(["clippy", "--workspace", "--all-targets"]);
    clippy.args(WITH_ALL_TESTS).args(["--", "-D", "warnings"]);
    clippy
}

fn lints_wasm() -> Command {
    let mut clippy = process::cargo(["clippy", "--target", WASM_TARGET]);
    clippy.args(WASM_PACKAGES.iter().flat_map(|package| ["--package", package])).args(["--", "-D", "warnings"]);
    clippy
}

fn documentation() -> Command {
    let mut doc = process::cargo(["doc", "--no-deps", "--workspace"]);
    doc.args(WITH_ALL_TESTS).env("RUSTDOCFLAGS", "-D warnings");
    doc
}

/// The same studies, computed here and by the WebAssembly that browsers get, must agree in every bit.
fn wasm_equals_native() -> Outcome {
    let wasm = page::build_fingerprint()?;
    let mut test = vanishing_tests("interpreter", "wasm_equals_native");
    process::run(test.env("VANISHING_FINGERPRINT", wasm))
}

/// A test in three browsers, which is told in an environment variable what was built for it.
fn browser_tests(tools: &Toolbox, test: &str, variable: &str, built: &Path) -> Command {
    let mut tests = vanishing_tests("browsers", test);
    tools.apply_to(&mut tests);
    // One browser at a time: they are timed. Their reports are printed, not kept back.
    tests.env(variable, built).args(["--", "--test-threads", "1", "--nocapture"]);
    tests
}

/// One of the tests that need something built first, and therefore do not run with the others.
fn vanishing_tests(feature: &str, test: &str) -> Command {
    let mut tests = process::cargo(["test", "--package", "vanishing-tests", "--features", feature, "--test", test]);
    // A failure is told in sentences; where in the harness it came up says nothing more.
    tests.env("RUST_LIB_BACKTRACE", "0");
    tests
}
