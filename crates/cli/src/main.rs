//! `vanishing`: every figure and number of the page without a browser.
#![allow(clippy::print_stdout, reason = "a command line program prints its answer")]

use std::process::ExitCode;

fn main() -> ExitCode {
    match vanishing_cli::answer(&vanishing_cli::command().get_matches()) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("vanishing: {sentence}");
            ExitCode::FAILURE
        }
    }
}
