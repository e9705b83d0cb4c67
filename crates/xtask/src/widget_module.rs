//! Building `vanishing-figure.mjs`: one figure as one module in the format of anywidget, with the program within it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::compressed_size::Weight;
use crate::page::PROFILE;
use crate::setup::{Toolbox, WASM_TARGET};
use crate::{Outcome, process, workspace};

/// The name of the module.
pub const NAME: &str = "vanishing-figure.mjs";

/// The most bytes that it may have: a notebook has them in every figure that it keeps.
const BUDGET: usize = 1_400_000;

/// Its parts, in an order in which each needs only those before it.
const PARTS: [&str; 5] = ["controls.mjs", "theme.mjs", "program.mjs", "sheets.mjs", "figure.mjs"];

/// Its looks: the page's, and what is otherwise within another page.
const STYLES: [&str; 5] = [
    "web/style/base.css",
    "web/style/controls.css",
    "web/style/figures.css",
    "web/style/laboratory.css",
    "crates/widget/package/widget.css",
];

/// The folder of the built module.
pub fn folder() -> PathBuf {
    workspace::target_folder().join("widget")
}

/// Builds the module, and returns its file.
///
/// # Errors
/// When the crate does not compile, wasm-bindgen fails, or the module is too large.
pub fn build(tools: &Toolbox) -> Outcome<PathBuf> {
    let compile = ["build", "--profile", PROFILE, "--package", "vanishing-widget", "--target", WASM_TARGET];
    process::run(&mut process::cargo(compile)).context("the figure did not compile")?;
    let wasm = workspace::target_folder().join(WASM_TARGET).join(PROFILE).join("vanishing_widget.wasm");
    let parts = folder().join("parts");
    let mut bind = tools.command("wasm-bindgen");
    bind.args(["--target", "no-modules", "--no-typescript", "--omit-default-module-path", "--out-name", "widget"])
        .args(["--remove-name-section", "--remove-producers-section", "--out-dir"])
        .args([&parts, &wasm]);
    process::run(&mut bind).context("the JavaScript side of the figure could not be made")?;
    let program = fs::read(parts.join("widget_bg.wasm")).context("wasm-bindgen made no program")?;
    let module = joined(&read(&parts.join("widget.js"))?, &program)?;
    if module.len() > BUDGET {
        bail!("{NAME} has {} bytes; at most {BUDGET} are allowed", module.len());
    }
    let file = folder().join(NAME);
    fs::write(&file, &module).with_context(|| format!("could not write {}", file.display()))?;
    let Weight { raw, gzip, .. } = Weight::of(module.as_bytes())?;
    println!("{NAME}: {raw} bytes, {gzip} with gzip; the program alone {} bytes", program.len());
    Ok(file)
}

/// The text of the module.
fn joined(glue: &str, program: &[u8]) -> Outcome<String> {
    let source = workspace::root().join("crates/widget/package");
    let mut module = glue.to_owned();
    for part in PARTS {
        module += &plain(&read(&source.join(part))?, part == PARTS[PARTS.len() - 1]);
    }
    let mut styles = String::new();
    for style in STYLES {
        styles += &in_shadow(&read(&workspace::root().join(style))?);
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(program)?;
    let hash: String = Sha256::digest(program).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let styles = styles.replace('\\', "\\\\").replace('`', "\\`").replace("${", "\\${");
    Ok(module
        .replace("{{style}}", &styles)
        .replace("{{version}}", &hash)
        .replace("{{program}}", &STANDARD.encode(packed.finish()?)))
}

/// A part without its imports, and unless it is the last without its exports: all stand in one file.
fn plain(part: &str, is_last: bool) -> String {
    let lines = part.lines().filter(|line| !line.starts_with("import "));
    let lines = lines.map(|line| if is_last { line } else { line.strip_prefix("export ").unwrap_or(line) });
    lines.map(|line| format!("{line}\n")).collect()
}

/// A style sheet of the page as it holds within a shadow root: what is said of the document is said of the host.
fn in_shadow(style: &str) -> String {
    let mut made = String::new();
    let mut rest = style;
    while let Some((before, after)) = rest.split_once(":root") {
        made += before;
        rest = after;
        match after.strip_prefix('[').and_then(|after| after.split_once(']')) {
            Some((attribute, after)) => {
                made += &format!(":host([{attribute}])");
                rest = after;
            }
            None => made += ":host",
        }
    }
    made + rest
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_the_document_is_said_of_the_host() {
        let style = ":root { --a: 1; }\n:root[data-theme=\"dark\"], p { --a: 2; }\n";
        assert_eq!(in_shadow(style), ":host { --a: 1; }\n:host([data-theme=\"dark\"]), p { --a: 2; }\n");
    }

    #[test]
    fn every_name_is_exported_before_it_is_imported() -> Outcome {
        let module = joined("", b"")?;
        assert!(!module.contains("\nimport ") && !module.contains("{{"), "a part is not joined");
        assert_eq!(module.matches("\nexport ").count(), 1, "one module has one export");
        Ok(())
    }
}
