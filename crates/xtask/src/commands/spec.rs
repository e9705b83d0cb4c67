//! What a command is, and what it reads its options from.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::bail;
use lexopt::prelude::*;

use crate::Outcome;

/// One command of `cargo xtask`.
pub struct CommandSpec {
    /// The word behind `cargo xtask`.
    pub name: &'static str,
    /// One line for the list of all commands.
    pub summary: &'static str,
    /// What `--help` prints below the usage line: what it does, then its options.
    pub help: &'static str,
    /// Options for the usage line.
    pub usage: &'static str,
    /// Reads its options and does it.
    pub run: fn(Options) -> Outcome<ExitCode>,
}

/// What was typed after a command's name.
pub struct Options {
    parser: lexopt::Parser,
    spec: &'static CommandSpec,
}

impl Options {
    pub(super) fn new(arguments: impl IntoIterator<Item = OsString>, spec: &'static CommandSpec) -> Self {
        Self { parser: lexopt::Parser::from_args(arguments), spec }
    }

    /// The next option without its dashes, nothing at the end. A plain word is refused, for no command takes one.
    ///
    /// # Errors
    /// When the command line cannot be read.
    pub(super) fn next(&mut self) -> Outcome<Option<String>> {
        Ok(match self.parser.next()? {
            Some(Long(name)) => Some(name.to_owned()),
            Some(Short(letter)) => bail!(self.unknown(&format!("-{letter}"))),
            Some(Value(word)) => bail!(self.unknown(&word.to_string_lossy())),
            None => None,
        })
    }

    /// The value of the option just read.
    pub(super) fn value(&mut self) -> Outcome<String> {
        Ok(self.parser.value()?.string()?)
    }

    /// Refuses everything that is left.
    pub(super) fn end(mut self) -> Outcome {
        match self.next()? {
            Some(option) => bail!(self.unknown(&format!("--{option}"))),
            None => Ok(()),
        }
    }

    /// The sentence for an option that this command does not have.
    pub(super) fn unknown(&self, option: &str) -> String {
        format!("`cargo xtask {0}` does not know {option}; `cargo xtask {0} --help` lists its options", self.spec.name)
    }
}
