//! The JavaScript package in Node: the same bits as native code, and a sentence for everything that does not fit.
//!
//! `cargo xtask test` builds the package and says in `VANISHING_JS` where it and its example are.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, ensure};
use vanishing_tests::js_cases::{self, Case};

#[test]
fn every_function_gives_the_bits_of_native_code() -> Result<()> {
    ensure_answered_as_expected(&js_cases::with_results().map_err(|sentence| anyhow!(sentence))?)
}

#[test]
fn what_does_not_fit_is_an_error_with_one_sentence() -> Result<()> {
    ensure_answered_as_expected(&js_cases::with_errors())
}

fn ensure_answered_as_expected(cases: &[Case]) -> Result<()> {
    let answers = in_node(&js_cases::to_text(cases))?;
    let differences = js_cases::differences(cases, &answers).map_err(|sentence| anyhow!(sentence))?;
    ensure!(differences.is_empty(), "{} of {}:\n{}", differences.len(), cases.len(), differences.join("\n"));
    Ok(())
}

/// What the package answers in Node.
fn in_node(cases: &str) -> Result<String> {
    let folder = std::env::var_os("VANISHING_JS")
        .context("VANISHING_JS must name the folder of the built package; `cargo xtask test` sets it")?;
    let node = xtask::programs::node().context("Node is not installed; `cargo xtask test` installs it on Debian")?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/scripts/answer_cases_in_node.mjs");
    let mut command = Command::new(node);
    command.arg(script).arg(PathBuf::from(folder).join(xtask::js_package::NAME));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("Node did not start")?;
    child.stdin.take().context("Node takes no input")?.write_all(cases.as_bytes()).context("Node took no cases")?;
    let output = child.wait_with_output().context("Node did not end")?;
    ensure!(output.status.success(), "Node failed ({})", output.status);
    String::from_utf8(output.stdout).context("Node wrote something else than text")
}
