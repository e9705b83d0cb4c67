//! The three browser engines: how each one's driver is started and what it is asked for.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use xtask::programs;

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium's Blink, as in Chrome and Edge.
    Chromium,
    /// Firefox's Gecko.
    Firefox,
    /// WebKit, as in Safari.
    WebKit,
}

/// The size of the browser's window in CSS pixels.
pub const WINDOW: (u32, u32) = (1280, 900);

impl Engine {
    /// The engine's name in reports and file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// `true` when it has no mode without a screen.
    pub fn needs_display(self) -> bool {
        self == Self::WebKit
    }

    /// The driver, told to listen on `port`; `home` is a folder of its own that it may fill.
    ///
    /// # Errors
    /// When the driver is not installed.
    pub fn driver(self, port: u16, home: &Path) -> Result<Command> {
        let named = |program: &str| programs::find(program).map(Command::new).with_context(|| not_installed(program));
        let mut command = match self {
            Self::Chromium => {
                let mut command = named("chromedriver")?;
                command.arg(format!("--port={port}"));
                command
            }
            Self::Firefox => {
                let mut command = named("geckodriver")?;
                command.args(["--port", &port.to_string(), "--websocket-port", "0"]);
                command
            }
            Self::WebKit => {
                let mut command = named("WebKitWebDriver")?;
                command.arg(format!("--port={port}"));
                command.env("WEBKIT_DISABLE_COMPOSITING_MODE", "1").env("NO_AT_BRIDGE", "1");
                command
            }
        };
        // A home of its own: no profile of the person is touched, and Firefox refuses a home that belongs to another user.
        for variable in ["HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"] {
            command.env(variable, home);
        }
        Ok(command)
    }

    /// What a new session is asked for.
    ///
    /// # Errors
    /// When the browser is not installed.
    pub fn capabilities(self) -> Result<Value> {
        let (width, height) = WINDOW;
        let missing = || not_installed(self.name());
        Ok(match self {
            Self::Chromium => {
                let binary = programs::chromium().with_context(missing)?;
                let window = format!("--window-size={width},{height}");
                // The sandbox does not work for root in a container; the other flags keep it quiet and off the network.
                let arguments = [
                    "--headless",
                    "--no-sandbox",
                    "--disable-dev-shm-usage",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--hide-scrollbars",
                    "--force-device-scale-factor=1",
                    &window,
                ];
                json!({ "goog:chromeOptions": { "binary": path_text(binary), "args": arguments } })
            }
            Self::Firefox => {
                let binary = programs::firefox().with_context(missing)?;
                let arguments = ["-headless", "-width", &width.to_string(), "-height", &height.to_string()];
                let preferences = json!({
                    // Whole milliseconds are too coarse to time a drawing.
                    "privacy.reduceTimerPrecision": false,
                    "app.update.auto": false,
                    "browser.region.network.url": "",
                    "network.captive-portal-service.enabled": false,
                    "network.connectivity-service.enabled": false,
                });
                json!({ "moz:firefoxOptions": { "binary": path_text(binary), "args": arguments, "prefs": preferences } })
            }
            Self::WebKit => {
                let binary = programs::webkit_mini_browser().with_context(missing)?;
                let geometry = format!("--geometry={width}x{height}");
                json!({ "webkitgtk:browserOptions": { "binary": path_text(binary), "args": ["--automation", geometry] } })
            }
        })
    }
}

fn not_installed(program: &str) -> String {
    format!("{program} is not installed; `cargo xtask test` installs it, browsers only on Debian")
}

fn path_text(path: PathBuf) -> String {
    path.to_string_lossy().into_owned()
}
