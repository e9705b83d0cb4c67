//! Finding or installing what a command needs. Nothing here asks questions; a failed setup ends the command at once.

mod axe;
mod cargo_tool;
mod debian;
mod python;
mod rust;

use std::path::PathBuf;
use std::process::Command;

use crate::{Outcome, programs};

pub use axe::ensure_axe;
pub use cargo_tool::{CargoTool, GECKODRIVER, TRUNK, WASM_BINDGEN};
pub use debian::{ensure_browsers, ensure_node, ensure_numpy, ensure_venv};
pub use python::ensure_environment;
pub use rust::{WASM_TARGET, ensure_component, ensure_wasm_target};

/// The folders of the pinned tools, which come before everything else in `PATH`.
#[derive(Debug, Default)]
pub struct Toolbox {
    folders: Vec<PathBuf>,
}

impl Toolbox {
    /// What building the page needs: the WebAssembly target, Trunk and wasm-bindgen.
    ///
    /// # Errors
    /// When something is missing and cannot be installed.
    pub fn for_page() -> Outcome<Self> {
        let mut toolbox = Self::for_package()?;
        toolbox.add(&TRUNK)?;
        Ok(toolbox)
    }

    /// What building the JavaScript package needs: the WebAssembly target and wasm-bindgen.
    ///
    /// # Errors
    /// When something is missing and cannot be installed.
    pub fn for_package() -> Outcome<Self> {
        ensure_wasm_target()?;
        let mut toolbox = Self::default();
        toolbox.add(&WASM_BINDGEN)?;
        Ok(toolbox)
    }

    /// Finds or installs one more tool.
    ///
    /// # Errors
    /// When it is missing and cannot be installed.
    pub fn add(&mut self, tool: &CargoTool) -> Outcome {
        let folder = tool.ensure()?;
        if !self.folders.contains(&folder) {
            self.folders.push(folder);
        }
        Ok(())
    }

    /// A command for one of the tools; the tools it starts itself are the pinned ones too.
    pub fn command(&self, program: &str) -> Command {
        let file = programs::with_extension(program);
        let path = self.folders.iter().map(|folder| folder.join(&file)).find(|path| path.is_file());
        let mut command = Command::new(path.unwrap_or_else(|| program.into()));
        self.apply_to(&mut command);
        command
    }

    /// Lets `command` find the pinned tools first.
    pub fn apply_to<'command>(&self, command: &'command mut Command) -> &'command mut Command {
        programs::put_first_in_path(command, &self.folders)
    }
}
