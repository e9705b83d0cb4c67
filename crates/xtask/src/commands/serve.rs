//! `cargo xtask serve`: from a clean clone to the page in a browser.

use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, bail};

use super::{CommandSpec, Options};
use crate::setup::Toolbox;
use crate::static_server::{Site, StaticServer, listen_from};
use crate::{Outcome, page, process, programs, workspace};

/// The page in a browser.
pub const SPEC: CommandSpec = CommandSpec {
    name: "serve",
    summary: "Build the page, serve it on this machine and open it",
    usage: "[--dev] [--port N] [--no-open]",
    help: "Installs what is missing first (the WebAssembly target, Trunk, wasm-bindgen; a few minutes,
once), then builds the page as it is published and serves it until Ctrl-C.

  --dev       rebuild and reload whenever a file changes (a development build: slower figures)
  --port N    the port on 127.0.0.1 (8080); the next free one when it is busy
  --no-open   do not open a browser
",
    run,
};

fn run(mut options: Options) -> Outcome<ExitCode> {
    let mut is_dev = false;
    let mut wants_browser = true;
    let mut first_port: u16 = 8080;
    while let Some(option) = options.next()? {
        match option.as_str() {
            "dev" => is_dev = true,
            "no-open" => wants_browser = false,
            "port" => {
                let text = options.value()?;
                first_port = text.parse().with_context(|| format!("--port wants a number up to 65535, not {text}"))?;
            }
            other => bail!(options.unknown(&format!("--{other}"))),
        }
    }
    let tools = Toolbox::for_page()?;
    if is_dev {
        serve_changes(&tools, first_port, wants_browser)?
    } else {
        serve_build(&tools, first_port, wants_browser)?
    }
    Ok(ExitCode::SUCCESS)
}

/// What is served: the built page, and with it what a page on another origin needs to take the element from here.
pub fn site(dist: impl Into<PathBuf>) -> Site {
    Site::new(dist).with_header("access-control-allow-origin", "*")
}

fn serve_build(tools: &Toolbox, first_port: u16, wants_browser: bool) -> Outcome {
    let dist = page::build_not_kept(tools)?;
    let server = StaticServer::start(site(dist), listen_from(first_port)?)?;
    println!("\nVanishing Point is at {} (Ctrl-C ends it)", server.address());
    if wants_browser {
        open(&server.address());
    }
    server.wait();
    Ok(())
}

fn serve_changes(tools: &Toolbox, first_port: u16, wants_browser: bool) -> Outcome {
    page::fetch_dependencies()?;
    // Trunk does not look for a free port itself; the listener is closed again at the end of this line.
    let port = listen_from(first_port)?.local_addr().context("the port has no number")?.port();
    println!("\nVanishing Point will be at http://127.0.0.1:{port}/ after each build (Ctrl-C ends it)");
    let mut trunk = tools.command("trunk");
    trunk
        .args(["serve", "--offline", "--address", "127.0.0.1", "--port", &port.to_string(), "--dist"])
        .arg(workspace::target_folder().join("dist-dev"))
        .current_dir(workspace::root());
    if wants_browser && has_display() {
        trunk.arg("--open");
    }
    process::run(&mut trunk)
}

/// Opens `address` in the person's browser when there is a screen to show it on; that it cannot is no failure.
pub(super) fn open(address: &str) {
    if !has_display() {
        return;
    }
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.args(["/C", "start", ""]);
        command
    } else {
        Command::new("xdg-open")
    };
    let started = command.arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if started.is_err() {
        println!("(no browser could be opened from here: type the address into one)");
    }
}

fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(any(windows, target_os = "macos")) {
        return true;
    }
    (is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")) && programs::find("xdg-open").is_some()
}
