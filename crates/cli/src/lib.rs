//! `vanishing`: every figure and number of the page without a browser.
//!
//! A library, so that the tests ask for the same answers as the program gives; `main.rs` only prints them.
mod complaint;
pub mod diagnose;
pub mod evaluate;
pub mod figures;
mod files;
mod map;
mod network;
mod read;
mod training;

pub use complaint::complain;

use clap::{Arg, ArgMatches, Command};
use std::path::PathBuf;
use vanishing_app::schema;

/// What a command prints.
///
/// # Errors
/// A sentence that says what could not be done.
pub fn answer(matches: &ArgMatches) -> Result<String, String> {
    match matches.subcommand() {
        Some(("list", _)) => Ok(figures::list()),
        Some(("figure", arguments)) => figures::figure(arguments),
        Some(("data", arguments)) => figures::data(arguments),
        Some(("script", arguments)) => figures::script(arguments),
        Some(("diagnose", arguments)) => diagnose::diagnose(arguments).map(|diagnosed| diagnosed.text),
        Some(("evaluate", arguments)) => evaluate::run(arguments),
        Some(("train", arguments)) => training::train(arguments),
        Some(("experiment", arguments)) => training::experiment(arguments),
        Some(("map", arguments)) => map::map(arguments),
        Some(("read", arguments)) => read::read(arguments),
        _ => Err("unknown command; see `vanishing --help`".to_owned()),
    }
}

/// What a command leaves behind.
pub struct Outcome {
    /// For standard output.
    pub text: String,
    /// For standard error: why the status is not 0.
    pub complaint: Option<String>,
    /// 0; 1 where a command could not do what it was asked for; of `diagnose` 1 for a network with the fault of `--fail-on`, and 2
    /// where it could not look.
    pub status: u8,
}

/// Runs a command.
pub fn run(matches: &ArgMatches) -> Outcome {
    if let Some(("diagnose", arguments)) = matches.subcommand() {
        return match diagnose::diagnose(arguments) {
            Ok(diagnose::Diagnosed { text, fault }) => {
                Outcome { text, status: u8::from(fault.is_some()), complaint: fault }
            }
            Err(why) => Outcome { text: String::new(), complaint: Some(why), status: 2 },
        };
    }
    match answer(matches) {
        Ok(text) => Outcome { text, complaint: None, status: 0 },
        Err(why) => Outcome { text: String::new(), complaint: Some(why), status: 1 },
    }
}

/// The commands and their flags.
pub fn command() -> Command {
    let slug = Arg::new("SLUG").required(true).help("the figure; `vanishing list` names them");
    let figure = with_parameters(Command::new("figure").about("draw a figure as SVG"))
        .arg(slug.clone())
        .arg(
            Arg::new("out")
                .long("out")
                .value_name("FILE")
                .value_parser(clap::value_parser!(PathBuf))
                .help("the SVG file; standard output without it"),
        )
        .arg(
            Arg::new("width")
                .long("width")
                .value_name("PIXELS")
                .default_value("760")
                .value_parser(clap::value_parser!(u32).range(200..=8000))
                .help("width in CSS pixels"),
        );
    Command::new("vanishing")
        .about("Why gradients vanish and explode in recurrent networks: every figure and number of the page.")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(Command::new("list").about("the figures and the parameters"))
        .subcommand(figure)
        .subcommand(with_parameters(Command::new("data").about("the numbers of a figure as CSV")).arg(slug.clone()))
        .subcommand(
            with_parameters(
                Command::new("script").about("NumPy or PyTorch code that computes the numbers of a figure"),
            )
            .arg(slug),
        )
        .subcommand(
            Command::new("evaluate").about("answer a reference case as JSON").arg(
                Arg::new("FILE")
                    .required(true)
                    .value_parser(clap::value_parser!(PathBuf))
                    .help("a file holding {\"kind\": ..., \"inputs\": ...}"),
            ),
        )
        .subcommand(with_keys(diagnose::command()))
        .subcommands(training::commands())
        .subcommand(map::command())
        .subcommand(read::command())
}

/// `--query`.
fn query() -> Arg {
    Arg::new("query")
        .long("query")
        .value_name("QUERY")
        .default_value("")
        .hide_default_value(true)
        .help("the part of a link of the page after `?`, or the whole link")
}

/// The flags of figures, and one for each parameter of the page.
fn with_parameters(command: Command) -> Command {
    let updates = Arg::new("updates")
        .long("updates")
        .value_name("N")
        .value_parser(clap::value_parser!(u64).range(0..=1_000_000))
        .help("for figures of training: how many updates are made before; to the runs' ends without it");
    let runs = Arg::new("runs")
        .long("runs")
        .value_name("FILE")
        .value_parser(clap::value_parser!(PathBuf))
        .help("for figures of an experiment: the file that `vanishing experiment --out` wrote");
    with_keys(command.args([updates, runs]).args(network::flags()))
}

/// `--query`, and a flag for each parameter of the page.
fn with_keys(command: Command) -> Command {
    schema::all().iter().fold(command.arg(query()), |command, spec| {
        let help = format!("{} {}: {}", spec.label, spec.symbol, spec.allowed());
        command.arg(
            Arg::new(spec.key)
                .long(spec.key)
                .value_name("VALUE")
                .allow_hyphen_values(true)
                .help(help)
                .help_heading("Parameters"),
        )
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_well_formed() {
        super::command().debug_assert();
    }
}
