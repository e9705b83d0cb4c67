//! Finding installed programs.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The full path of `program`, looked for in `PATH`.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(with_extension(program)))
        .find(|candidate| is_executable(candidate))
}

/// Lets `command`, and what it starts, find the programs of `folders` before all others.
pub fn put_first_in_path<'command>(command: &'command mut Command, folders: &[PathBuf]) -> &'command mut Command {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = folders.iter().cloned().chain(env::split_paths(&path));
    if let Ok(path) = env::join_paths(folders) {
        command.env("PATH", path);
    }
    command
}

/// The name of the program's file: with `.exe` on Windows.
pub fn with_extension(program: &str) -> String {
    format!("{program}{}", env::consts::EXE_SUFFIX)
}

/// Chromium, or a Chrome that the same driver can steer.
pub fn chromium() -> Option<PathBuf> {
    find("chromium").or_else(|| find("chromium-browser")).or_else(|| find("google-chrome"))
}

/// Firefox, the long-term version first: it is the one that Debian has.
pub fn firefox() -> Option<PathBuf> {
    find("firefox-esr").or_else(|| find("firefox"))
}

/// Node, which some distributions call `nodejs`.
pub fn node() -> Option<PathBuf> {
    find("node").or_else(|| find("nodejs"))
}

/// Whether the system's Python has a module.
pub fn system_python_has(module: &str) -> bool {
    let mut ask = Command::new("/usr/bin/python3");
    ask.args(["-c", &format!("import {module}")]).output().is_ok_and(|output| output.status.success())
}

/// A Python that can make environments.
pub fn python_with_venv() -> Option<PathBuf> {
    find("python3").filter(|python| {
        let mut ask = Command::new(python);
        ask.args(["-c", "import ensurepip, venv"]).output().is_ok_and(|output| output.status.success())
    })
}

/// WebKit's own small browser, which its driver starts; Debian installs it beside the library, outside `PATH`.
pub fn webkit_mini_browser() -> Option<PathBuf> {
    const LIBRARIES: [&str; 3] = ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"];
    let mut folders: Vec<PathBuf> = Path::new("/usr/lib")
        .read_dir()
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.push(PathBuf::from("/usr/libexec"));
    folders.sort();
    LIBRARIES
        .iter()
        .flat_map(|library| folders.iter().map(move |folder| folder.join(library).join("MiniBrowser")))
        .find(|candidate| is_executable(candidate))
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_is_found_and_nonsense_is_not() {
        assert!(find("cargo").is_some());
        assert_eq!(find("no-such-program-anywhere"), None);
    }
}
