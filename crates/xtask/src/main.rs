//! `cargo xtask`: one command for each chore. `cargo xtask help` lists them.

use std::process::ExitCode;

fn main() -> ExitCode {
    match xtask::commands::run_from(std::env::args_os()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
