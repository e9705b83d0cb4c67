//! The commands, one file each. To add one: write its file with a `SPEC`, then one `mod` and one line in [`ALL`].

mod bench;
mod golden;
mod js;
mod notebooks;
mod python;
mod release;
pub mod serve;
mod shots;
mod single_file;
mod size;
mod spec;
mod test;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::bail;

use crate::Outcome;

pub use spec::{CommandSpec, Options};

/// Every command, in the order of the list that `cargo xtask help` prints.
pub static ALL: &[CommandSpec] = &[
    serve::SPEC,
    test::SPEC,
    size::SPEC,
    shots::SPEC,
    golden::SPEC,
    bench::SPEC,
    js::SPEC,
    python::SPEC,
    notebooks::SPEC,
    single_file::SPEC,
    release::SPEC,
];

/// Does what the command line says; the first argument is the program itself.
///
/// # Errors
/// When there is no such command, its options are wrong, or it could not do its work.
pub fn run_from(arguments: impl IntoIterator<Item = OsString>) -> Outcome<ExitCode> {
    let arguments: Vec<OsString> = arguments.into_iter().skip(1).collect();
    let Some(name) = arguments.first().map(|name| name.to_string_lossy().into_owned()) else {
        print!("{}", overview());
        return Ok(ExitCode::FAILURE);
    };
    let wants_help = arguments.iter().any(|argument| argument == "--help" || argument == "-h");
    let named = |name: &str| ALL.iter().find(|spec| spec.name == name);
    match name.as_str() {
        "help" | "--help" | "-h" => {
            let topic = arguments.get(1).map(|topic| topic.to_string_lossy());
            print!("{}", topic.and_then(|topic| named(&topic)).map_or_else(overview, help_of));
            Ok(ExitCode::SUCCESS)
        }
        name => {
            let Some(spec) = named(name) else { bail!("there is no command {name}; `cargo xtask help` lists them") };
            if wants_help {
                print!("{}", help_of(spec));
                return Ok(ExitCode::SUCCESS);
            }
            (spec.run)(Options::new(arguments.into_iter().skip(1), spec))
        }
    }
}

fn overview() -> String {
    let mut text = "The chores of this workspace.\n\nUsage: cargo xtask COMMAND [OPTIONS]\n\n".to_owned();
    for spec in ALL {
        text += &format!("  {:11} {}\n", spec.name, spec.summary);
    }
    text + "\n`cargo xtask COMMAND --help` says more about one of them.\n"
}

fn help_of(spec: &CommandSpec) -> String {
    let usage = format!("cargo xtask {} {}", spec.name, spec.usage);
    format!("{}\n\nUsage: {}\n\n{}", spec.summary, usage.trim_end(), spec.help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(line: &str) -> Outcome<ExitCode> {
        run_from(std::iter::once("xtask").chain(line.split_whitespace()).map(OsString::from))
    }

    #[test]
    fn every_command_is_listed_and_explains_all_its_options() {
        for spec in ALL {
            assert!(overview().contains(spec.summary), "{}", spec.name);
            for option in spec.usage.split(['[', ']', ' ']).filter(|word| word.starts_with("--")) {
                assert!(spec.help.contains(option), "{} does not explain {option}", spec.name);
            }
            assert!(run(&format!("{} --help", spec.name)).is_ok());
        }
    }

    #[test]
    fn an_unknown_command_or_option_is_named() {
        let error = run("sreve").expect_err("there is no such command");
        assert_eq!(error.to_string(), "there is no command sreve; `cargo xtask help` lists them");
        for spec in ALL {
            let error = run(&format!("{} --no-such-option", spec.name)).expect_err("there is no such option");
            assert!(error.to_string().contains("does not know --no-such-option"), "{}: {error}", spec.name);
            let error = run(&format!("{} word", spec.name)).expect_err("no command takes a plain word");
            assert!(error.to_string().contains("does not know word"), "{}: {error}", spec.name);
        }
    }
}
