//! `vanishing`: every figure and number of the page without a browser.
#![allow(clippy::print_stdout, reason = "a command line program prints its answer")]

use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = vanishing_cli::run(&vanishing_cli::command().get_matches());
    print!("{}", outcome.text);
    if let Some(sentence) = outcome.complaint {
        eprintln!("vanishing: {sentence}");
    }
    ExitCode::from(outcome.status)
}
