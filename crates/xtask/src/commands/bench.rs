//! `cargo xtask bench`: the core's heaviest computations, natively and in Chromium.

use std::process::ExitCode;

use super::{CommandSpec, Options};
use crate::setup::{ensure_browsers, ensure_wasm_target};
use crate::{Outcome, page, process, workspace};

/// The benchmarks.
pub const SPEC: CommandSpec = CommandSpec {
    name: "bench",
    summary: "Time the heaviest computations, natively and in Chromium",
    usage: "",
    help: "Compiles the core natively for speed, and as WebAssembly with the page's own profile; prints medians, their
ratio, and what each may take. The results of both must agree in every bit.\n",
    run,
};

fn run(options: Options) -> Outcome<ExitCode> {
    options.end()?;
    ensure_wasm_target()?;
    ensure_browsers()?;
    let module = page::build_fingerprint()?;
    let package = [
        "run",
        "--quiet",
        "--release",
        "--package",
        "vanishing-tests",
        "--features",
        "browsers",
        "--bin",
        "bench",
        "--",
    ];
    let mut bench = process::cargo(package);
    bench.arg(module).arg(workspace::target_folder().join("bench")).env("RUST_LIB_BACKTRACE", "0");
    process::run(&mut bench)?;
    Ok(ExitCode::SUCCESS)
}
