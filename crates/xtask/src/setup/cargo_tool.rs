//! Tools in pinned versions, built once and kept in the cache folder for all clones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::{Outcome, process, programs, workspace};

/// Builds and bundles the page. Newer versions want a newer Rust.
pub const TRUNK: CargoTool = CargoTool {
    package: "trunk",
    program: "trunk",
    version: "0.21.14",
    // Without TLS and the search for updates: it is only run offline, and builds faster so.
    options: &["--no-default-features"],
    minutes: 4,
};

/// Makes the JavaScript side of the page. Its version must be the one of the library in `Cargo.lock`.
pub const WASM_BINDGEN: CargoTool = CargoTool {
    package: "wasm-bindgen-cli",
    program: "wasm-bindgen",
    version: "0.2.129",
    options: &["--bin", "wasm-bindgen"],
    minutes: 2,
};

/// Drives Firefox.
pub const GECKODRIVER: CargoTool =
    CargoTool { package: "geckodriver", program: "geckodriver", version: "0.37.1", options: &[], minutes: 2 };

/// A program of a published package.
#[derive(Debug)]
pub struct CargoTool {
    /// The name of the package.
    pub package: &'static str,
    /// The name of its program.
    pub program: &'static str,
    /// The one version that is used.
    pub version: &'static str,
    /// What to build of it, as options of `cargo install`.
    options: &'static [&'static str],
    /// How long it takes to build on a small machine.
    minutes: u32,
}

impl CargoTool {
    /// The folder with this tool in exactly its version: from the cache, from `PATH`, or newly installed.
    ///
    /// # Errors
    /// When it has to be installed and cannot be.
    pub fn ensure(&self) -> Outcome<PathBuf> {
        let root = workspace::tools_folder()?;
        let folder = root.join("bin");
        if self.is_current(&folder.join(programs::with_extension(self.program))) {
            return Ok(folder);
        }
        if let Some(program) = programs::find(self.program)
            && self.is_current(&program)
            && let Some(elsewhere) = program.parent()
        {
            return Ok(elsewhere.to_owned());
        }
        self.install(&root)?;
        if !self.is_current(&folder.join(programs::with_extension(self.program))) {
            bail!("{} {} was installed but does not run from {}", self.package, self.version, folder.display());
        }
        Ok(folder)
    }

    fn is_current(&self, program: &Path) -> bool {
        program.is_file()
            && process::output_of(Command::new(program).arg("--version"))
                .is_some_and(|output| names_version(&output, self.version))
    }

    fn install(&self, root: &Path) -> Outcome {
        fs::create_dir_all(root).with_context(|| format!("could not make the folder {}", root.display()))?;
        println!(
            "Installing {} {} into {} (once; about {} minutes on a small machine).",
            self.package,
            self.version,
            root.display(),
            self.minutes
        );
        let mut install = process::cargo(["install", "--locked", "--force", "--version", self.version, "--root"]);
        install
            .arg(root)
            .arg(self.package)
            .args(self.options)
            // Away from the workspace, whose configuration is not meant for these tools.
            .current_dir(root)
            .env_remove("CARGO_TARGET_DIR")
            // They run for a second at a time: a quick build of them is worth more than their speed.
            .envs([
                ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
                ("CARGO_PROFILE_RELEASE_LTO", "off"),
                ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
            ]);
        // With its folder in PATH already, cargo does not ask for it to be put there.
        programs::put_first_in_path(&mut install, &[root.join("bin")]);
        process::run(&mut install).with_context(|| format!("{} {} could not be installed", self.package, self.version))
    }
}

/// `true` when the first line of `output` has `version` as one of its words: `trunk 0.21.14`.
fn names_version(output: &str, version: &str) -> bool {
    output.lines().next().is_some_and(|line| line.split_whitespace().any(|word| word == version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_a_whole_word_of_the_first_line() {
        assert!(names_version("geckodriver 0.37.1 (a1b2c3)\n\nThe source code ...", "0.37.1"));
        assert!(!names_version("trunk 0.21.14-beta.1", "0.21.14"));
        assert!(!names_version("trunk\n0.21.14", "0.21.14"));
    }

    #[test]
    fn the_pinned_wasm_bindgen_is_the_one_of_the_lock_file() -> Outcome {
        let lock = fs::read_to_string(workspace::root().join("Cargo.lock"))?;
        let library = format!("name = \"wasm-bindgen\"\nversion = \"{}\"\n", WASM_BINDGEN.version);
        assert!(
            lock.replace("\r\n", "\n").contains(&library),
            "Cargo.lock has another version of wasm-bindgen than {}: change WASM_BINDGEN to match",
            WASM_BINDGEN.version
        );
        Ok(())
    }
}
