//! Files that commands write.
use std::fs;
use std::path::{Path, PathBuf};

/// Writes a file; if it cannot be, says why, and names the folder if that is missing.
pub fn write(path: &Path, content: &str) -> Result<(), String> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return Err(format!("cannot write {}: there is no folder {}", path.display(), folder.display()));
    }
    fs::write(path, content).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Writes a file, or gives the text back for standard output.
pub fn written(path: Option<&PathBuf>, text: String) -> Result<String, String> {
    let Some(path) = path else { return Ok(text) };
    write(path, &text)?;
    Ok(String::new())
}
