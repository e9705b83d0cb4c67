//! A process and everything it starts, ended together: when the value is dropped, and also when the test process
//! itself is killed, for then the pipe that keeps the supervisor waiting closes.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Starts the real program beside itself, waits until its input closes, then ends the whole process group: politely
/// first (so that profiles and lock files are removed), by force two seconds later.
const SUPERVISOR: &str = r#"
"$@" & program=$!
trap '' TERM
read -r nothing
kill -TERM 0
for tenth in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  kill -0 $program 2>/dev/null || break
  sleep 0.1
done
kill -KILL 0
"#;

/// A running process group.
pub struct Supervised {
    supervisor: Child,
    lifeline: Option<ChildStdin>,
}

impl Supervised {
    /// Starts `command` with its output in the file `log`.
    ///
    /// # Errors
    /// When the log cannot be written or there is no shell.
    pub fn start(command: &Command, log: &Path) -> Result<Self> {
        let output = File::create(log).with_context(|| format!("could not write {}", log.display()))?;
        let errors = output.try_clone().context("the log file cannot be shared")?;
        let mut shell = Command::new("sh");
        shell.args(["-c", SUPERVISOR, "supervisor"]).arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        shell.process_group(0).stdin(Stdio::piped()).stdout(output).stderr(errors);
        let mut supervisor = shell.spawn().context("could not start `sh`, which supervises the browsers")?;
        let lifeline = supervisor.stdin.take();
        Ok(Self { supervisor, lifeline })
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline {
            if !matches!(self.supervisor.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        // The supervisor is stuck, which a stopped process group can cause; the group's number is the supervisor's.
        let group = format!("kill -KILL -{}", self.supervisor.id());
        drop(Command::new("sh").args(["-c", &group]).status());
        drop(self.supervisor.wait());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_process_group_is_gone_with_its_grandchildren() -> Result<()> {
        let log = std::env::temp_dir().join(format!("supervised-{}.log", std::process::id()));
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 1000 & echo $!; sleep 1000"]);
        let supervised = Supervised::start(&command, &log)?;
        let grandchild = loop {
            let text = std::fs::read_to_string(&log)?;
            if text.ends_with('\n') {
                break text.trim().to_owned();
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        let is_running = || -> Result<bool> {
            let state = std::fs::read_to_string(format!("/proc/{grandchild}/stat")).unwrap_or_default();
            Ok(!state.is_empty() && !state.contains(") Z "))
        };
        assert!(is_running()?);
        drop(supervised);
        assert!(!is_running()?, "the grandchild {grandchild} is still running");
        std::fs::remove_file(log)?;
        Ok(())
    }
}
