//! A virtual screen, for the browser that has no mode without one.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::supervised::Supervised;

/// A running Xvfb.
pub struct Display {
    name: String,
    /// Ends with this value.
    _server: Supervised,
}

impl Display {
    /// Starts a screen; the X server chooses its own free number and writes it to `log`.
    ///
    /// # Errors
    /// When it does not start within ten seconds.
    pub fn start(log: &Path) -> Result<Self> {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]);
        let server = Supervised::start(&command, log)?;
        let deadline = Instant::now() + Duration::from_secs(10);
        while Instant::now() < deadline {
            let text = std::fs::read_to_string(log).unwrap_or_default();
            let number = text.lines().map(str::trim).find(|line| line.parse::<u32>().is_ok());
            if let (Some(number), true) = (number, text.ends_with('\n')) {
                return Ok(Self { name: format!(":{number}"), _server: server });
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("Xvfb did not start; its log is {}", log.display())
    }

    /// The value for `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }
}
