//! `vanishing`: every figure and number of the page without a browser.
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    match vanishing_cli::answer(&vanishing_cli::command().get_matches()).and_then(|text| print(&text)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            vanishing_cli::complain(&format!("vanishing: {sentence}"));
            ExitCode::FAILURE
        }
    }
}

/// Writes to standard output. Whoever reads it may have read enough, as `head` has: that is no error.
fn print(text: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("cannot write to standard output: {error}")),
        _ => Ok(()),
    }
}
