//! The built page, served for tests: with a recorder of its console in front of its own scripts.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use xtask::static_server::{Site, StaticServer, listen_anywhere};

/// Records what a driver cannot tell in every engine; see the script.
const CONSOLE_RECORDER: &str = concat!("<script>", include_str!("scripts/console.js"), "</script>");

/// Serves the built page on a free port, below a path as on a shared host.
///
/// # Errors
/// When the page is not built, or no port is free.
pub fn serve(dist: impl Into<PathBuf>) -> Result<StaticServer> {
    let dist = dist.into();
    if !dist.join("index.html").is_file() {
        bail!("there is no built page in {}; `cargo xtask test` builds it first", dist.display());
    }
    let site = Site::new(dist).under("/some/path/").with_head_insert(CONSOLE_RECORDER);
    StaticServer::start(site, listen_anywhere()?).context("the page could not be served")
}
