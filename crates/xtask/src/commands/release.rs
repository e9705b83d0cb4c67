//! `cargo xtask release`: everything that is published, in one archive with checksums.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::{CommandSpec, Options};
use crate::publish::{SINGLE_FILE, hex};
use crate::setup::Toolbox;
use crate::workspace::files_below;
use crate::{Outcome, js_package, page, python_package, widget_module, workspace};

/// The archive.
pub const SPEC: CommandSpec = CommandSpec {
    name: "release",
    summary: "Build everything that is published, in one archive with checksums",
    usage: "",
    help:
        "Writes target/vanishing-point-VERSION.tar.gz and its checksum beside it. In it: page/ for any web server, the
single file, the embed script vanishing-figure.js, the JavaScript package vanishing-core/, the module vanishing-figure.mjs,
the wheel of the Python package, and SHA256SUMS, against which `sha256sum --check SHA256SUMS` holds them. The same files make the same bytes.
",
    run,
};

/// Files of the repository that go along.
const ALONG: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

fn run(options: Options) -> Outcome<ExitCode> {
    options.end()?;
    let tools = Toolbox::for_page()?;
    let dist = page::build(&tools)?;
    let package = js_package::build(&tools)?;
    let mut files = Vec::new();
    for (folder, name) in [(dist.clone(), "page"), (package.join(js_package::NAME), js_package::NAME)] {
        for file in files_below(&folder)? {
            let inner = file.strip_prefix(&folder).unwrap_or(&file).to_string_lossy().replace('\\', "/");
            files.push((format!("{name}/{inner}"), read(&file)?));
        }
    }
    for name in [SINGLE_FILE, "vanishing-figure.js"] {
        files.push((name.to_owned(), read(&dist.join(name))?));
    }
    let wheel = python_package::build(&tools)?;
    for path in [widget_module::folder().join(widget_module::NAME), wheel] {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push((name, read(&path)?));
    }
    for name in ALONG {
        files.push((name.to_owned(), read(&workspace::root().join(name))?));
    }
    files.sort();
    let sums: String = files.iter().map(|(name, content)| format!("{}  {name}\n", hex(content))).collect();
    files.push(("SHA256SUMS".to_owned(), sums.into_bytes()));

    let root = format!("vanishing-point-{}", env!("CARGO_PKG_VERSION"));
    let archive = archive(&root, &files)?;
    let path = workspace::target_folder().join(format!("{root}.tar.gz"));
    let sum = format!("{}  {root}.tar.gz\n", hex(&archive));
    fs::write(&path, &archive).with_context(|| format!("could not write {}", path.display()))?;
    let beside = path.with_extension("gz.sha256");
    fs::write(&beside, &sum).with_context(|| format!("could not write {}", beside.display()))?;
    println!("{}: {} files, {} bytes\n{sum}", path.display(), files.len(), archive.len());
    Ok(ExitCode::SUCCESS)
}

/// A tar archive with gzip, without times and owners.
fn archive(root: &str, files: &[(String, Vec<u8>)]) -> Outcome<Vec<u8>> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
    for (name, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        builder.append_data(&mut header, format!("{root}/{name}"), &content[..]).context("the archive failed")?;
    }
    builder.into_inner().and_then(GzEncoder::finish).context("the archive failed")
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).with_context(|| format!("could not read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn an_archive_has_its_files_and_is_the_same_again() -> Outcome {
        let files = [("a/b.txt".to_owned(), b"hello".to_vec()), ("c".to_owned(), Vec::new())];
        let made = archive("root", &files)?;
        assert_eq!(made, archive("root", &files)?);
        let mut found = tar::Archive::new(flate2::read::GzDecoder::new(&made[..]));
        let mut names = Vec::new();
        for entry in found.entries()? {
            let mut entry = entry?;
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            names.push((entry.path()?.display().to_string(), content));
        }
        assert_eq!(names, [("root/a/b.txt".to_owned(), b"hello".to_vec()), ("root/c".to_owned(), Vec::new())]);
        Ok(())
    }
}
