//! `vanishing`: every figure and number of the page without a browser.
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;
use vanishing_cli::Outcome;

fn main() -> ExitCode {
    let Outcome { text, complaint, status } = vanishing_cli::run(&vanishing_cli::command().get_matches());
    let unwritten = print(&text).err();
    let status = if unwritten.is_some() { status.max(1) } else { status };
    for sentence in complaint.into_iter().chain(unwritten) {
        vanishing_cli::complain(&format!("vanishing: {sentence}"));
    }
    ExitCode::from(status)
}

/// Writes to standard output. Whoever reads it may have read enough, as `head` has: that is no error.
fn print(text: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("cannot write to standard output: {error}")),
        _ => Ok(()),
    }
}
