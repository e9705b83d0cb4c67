//! `diagnose FILE...`: a report on a network of one's own.
use crate::files::write;
use crate::{figures, network};
use clap::{Arg, ArgMatches, Command};
use std::path::{Path, PathBuf};
use vanishing_app::Lab;
use vanishing_core::studies::diagnosis::{Effort, Fate};

/// What was found.
pub struct Diagnosed {
    /// The report, if it goes to no file.
    pub text: String,
    /// The network has the fault that was asked for, as a sentence.
    pub fault: Option<String>,
}

/// The figures of a report.
const FIGURES: [&str; 2] = ["gradient-norms", "spectrum"];
/// Their width in CSS pixels.
const WIDTH: u32 = 760;

/// The command and its own flags.
pub fn command() -> Command {
    let path = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).value_parser(clap::value_parser!(PathBuf)).help(help)
    };
    Command::new("diagnose")
        .about("a report on a network of your own: how far its gradient reaches, and what to do")
        .args(network::of_files())
        .args([
            path("out", "FILE", "the report as Markdown, its figures beside it; standard output without it"),
            path("json", "FILE", "the same as JSON"),
            path("figures", "DIR", "the folder of the figures (SVG); that of the report without it"),
        ])
        .arg(
            Arg::new("fail-on")
                .long("fail-on")
                .value_name("FAULT")
                .value_parser(["exploding", "vanishing"])
                .help("exit with status 1 if the gradient does this; errors have status 2"),
        )
}

/// Opens the network, looks, writes.
///
/// # Errors
/// A sentence for what cannot be read or written.
pub fn diagnose(arguments: &ArgMatches) -> Result<Diagnosed, String> {
    let mut lab = figures::page(arguments)?;
    let report = lab.report(Effort::LONG).ok_or("there is no network to look at")?;
    let path = |name: &str| arguments.get_one::<PathBuf>(name);
    lab.show_proposals(&report, |_| true);
    let pictures = pictures(&lab, path("out"), path("figures"))?;
    let markdown = report.markdown(&pictures);
    let text = match path("out") {
        Some(path) => {
            write(path, &markdown)?;
            String::new()
        }
        None => markdown,
    };
    if let Some(path) = path("json") {
        write(path, &report.json())?;
    }
    let asked = arguments.get_one::<String>("fail-on");
    let fate =
        [Fate::Exploding, Fate::Vanishing].into_iter().find(|fate| asked.is_some_and(|word| word == fate.word()));
    let fault = fate.filter(|fate| report.diagnosis.meets(*fate));
    let fault = fault.map(|fate| format!("{}: the gradient is {}", report.name, fate.word()));
    Ok(Diagnosed { text, fault })
}

/// Draws the figures; each with its path from the report and what is seen. None without a folder for them.
fn pictures(lab: &Lab, out: Option<&PathBuf>, folder: Option<&PathBuf>) -> Result<Vec<(String, String)>, String> {
    let beside = out.map(|out| out.parent().unwrap_or(Path::new("")).to_owned());
    let Some(place) = folder.cloned().or_else(|| beside.clone()) else { return Ok(Vec::new()) };
    if folder.is_some() {
        std::fs::create_dir_all(&place).map_err(|error| format!("cannot make {}: {error}", place.display()))?;
    }
    let stem =
        out.and_then(|out| out.file_stem()).map_or_else(String::new, |stem| format!("{}-", stem.to_string_lossy()));
    let picture = |slug: &&str| {
        let file = place.join(format!("{stem}{slug}.svg"));
        write(&file, &lab.svg(slug, WIDTH)?)?;
        // From the report's folder, if the figures are in it.
        let shown = beside.as_ref().and_then(|beside| file.strip_prefix(beside).ok()).unwrap_or(&file);
        Ok((shown.to_string_lossy().replace('\\', "/"), lab.summary(slug).unwrap_or_default()))
    };
    FIGURES.iter().map(picture).collect()
}
