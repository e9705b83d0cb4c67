//! `list`, `figure`, `data`.
use crate::files::written;
use crate::network;
use clap::ArgMatches;
use std::fmt::Write as _;
use std::path::PathBuf;
use vanishing_app::page_figures::{self, Follows};
use vanishing_app::{Lab, Msg, Phase, parse_link, schema, script};
use vanishing_charts::figures;
use vanishing_core::param::Settings;
use vanishing_core::training::experiment::{self, Evidence};

/// The figures and the parameters.
pub fn list() -> String {
    let mut text = String::from("Figures\n");
    for figure in figures::ALL {
        let _ = writeln!(text, "  {:<22} {}", figure.slug, figure.title);
    }
    text.push_str("\nRemedies (of `experiment --remedies`)\n");
    for spec in vanishing_core::remedies::ALL {
        let _ = writeln!(text, "  {:<22} {}", spec.slug, spec.does);
    }
    text.push_str("\nParameters of training (of one lane alone: in a query as b.key=value)\n");
    for spec in vanishing_core::training::params::all() {
        let name = format!("{} {}", spec.label, spec.symbol);
        let _ = writeln!(text, "  {:<22} {:<26} {}; default {}", spec.key, name, spec.allowed(), spec.default.text());
    }
    text.push_str("\nParameters (in a query as key=value, or as --key value)\n");
    for spec in schema::all() {
        let name = format!("{} {}", spec.label, spec.symbol);
        let _ = writeln!(text, "  {:<22} {:<26} {}; default {}", spec.key, name, spec.allowed(), spec.default.text());
    }
    text
}

/// The page that the arguments describe. What cannot be taken is an error here: a script must not go on with another
/// experiment than it asked for.
///
/// # Errors
/// A sentence for the first thing that cannot be taken.
pub fn page(arguments: &ArgMatches) -> Result<Lab, String> {
    let link = arguments.get_one::<String>("query").map_or("", String::as_str);
    let query = link.split_once('?').map_or(link, |(_, query)| query);
    let query = query.split('#').next().unwrap_or(query);
    let mut notices = parse_link(query).1;
    let mut flags = Settings::default();
    for (key, value) in given_parameters(arguments) {
        notices.extend(flags.take(schema::all(), key, &value));
    }
    if let Some(notice) = notices.first() {
        // Nothing is used instead here.
        return Err(notice.refusal.clone());
    }
    // A flag that gives the default counts too.
    let flags: Vec<String> =
        given_parameters(arguments).into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    let mut lab = Lab::new(&[query, &flags.join("&")].join("&")).0;
    if let Some(opened) = network::opened(arguments)? {
        for remark in &opened.remarks {
            eprintln!("vanishing: {}: {remark}", opened.name);
        }
        lab.show_network(opened);
        let pairs = query.split('&').chain(flags.iter().map(String::as_str)).filter_map(|pair| pair.split_once('='));
        let pairs: Vec<(&str, &str)> = pairs.collect();
        let named = |key: &str| pairs.iter().rfind(|(other, _)| *other == key).map(|(_, value)| *value);
        // The file's own inputs are taken, unless others are wanted.
        let own_inputs = schema::OWN_INPUTS.spec.key;
        if let Some(value) = named(own_inputs) {
            lab.update(Msg::Input { key: own_inputs.to_owned(), value: value.to_owned(), phase: Phase::Done });
        }
        say_activation(&mut lab, named(schema::ACTIVATION.spec.key));
        say_unused(&lab, pairs.iter().map(|(key, _)| *key));
    }
    Ok(lab)
}

/// The same with what a figure shows: for a figure of training, the runs are made.
fn lab(arguments: &ArgMatches, spec: &figures::FigureSpec) -> Result<Lab, String> {
    let mut lab = page(arguments)?;
    if let Some(path) = arguments.get_one::<PathBuf>("runs") {
        let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let (setting, runs) = experiment::read_csv(&text).map_err(|why| format!("{}, {why}", path.display()))?;
        lab.show_evidence(&setting, Evidence::of_runs(&runs));
    }
    if page_figures::find(spec.slug).is_some_and(|figure| figure.follows == Follows::Training) {
        let updates = arguments.get_one::<u64>("updates").copied();
        lab.train(updates.unwrap_or(u64::MAX));
    }
    if page_figures::find(spec.slug).is_some_and(|figure| figure.follows == Follows::Reading) {
        lab.learn_text();
    }
    lab.complete(spec.slug);
    Ok(lab)
}

/// Of a network whose file does not say its activation: the one that was named, whichever it is, or a word on the one that is
/// taken.
fn say_activation(lab: &mut Lab, named: Option<&str>) {
    let key = schema::ACTIVATION.spec.key;
    match named {
        Some(value) => {
            lab.update(Msg::Input { key: key.to_owned(), value: value.to_owned(), phase: Phase::Done });
        }
        None if lab.lacks_activation() => {
            let taken = lab.settings().get(&schema::ACTIVATION);
            eprintln!("vanishing: {taken} is assumed; a state dict does not say: --query {key}=relu");
        }
        None => {}
    }
}

/// Names what has no effect on the opened network.
fn say_unused<'a>(lab: &Lab, keys: impl Iterator<Item = &'a str>) {
    for key in keys.filter(|key| lab.control(key).is_some_and(|control| !control.shown)) {
        eprintln!(
            "vanishing: {key} has no effect on the opened network as it is run (own-inputs=0 runs it on other inputs than the file’s)"
        );
    }
}

fn slug(arguments: &ArgMatches) -> Result<&'static figures::FigureSpec, String> {
    let slug = arguments.get_one::<String>("SLUG").map_or("", String::as_str);
    figures::find(slug).ok_or_else(|| {
        let known: Vec<&str> = figures::ALL.iter().map(|figure| figure.slug).collect();
        format!("there is no figure “{slug}”; there are {}", known.join(", "))
    })
}

/// The SVG of a figure.
pub fn figure(arguments: &ArgMatches) -> Result<String, String> {
    let spec = slug(arguments)?;
    let lab = lab(arguments, spec)?;
    let width = arguments.get_one::<u32>("width").copied().unwrap_or(760);
    let svg = lab.svg(spec.slug, width)?;
    written(arguments.get_one::<PathBuf>("out"), svg)
}

/// The numbers of a figure.
pub fn data(arguments: &ArgMatches) -> Result<String, String> {
    let spec = slug(arguments)?;
    let table = lab(arguments, spec)?.table(spec.slug).ok_or_else(|| format!("there is no figure {}", spec.slug))?;
    Ok(table.to_csv())
}

/// The code that computes the numbers of a figure anew.
pub fn script(arguments: &ArgMatches) -> Result<String, String> {
    let spec = slug(arguments)?;
    let lab = lab(arguments, spec)?;
    script::of(spec.slug, lab.chosen(), lab.opened_network()).ok_or_else(|| {
        let known: Vec<&str> = script::ALL.iter().flat_map(|script| script.figures).copied().collect();
        format!("the figure “{}” has no script; these have one: {}", spec.slug, known.join(", "))
    })
}

/// The flags of parameters that were given, as pairs.
fn given_parameters(arguments: &ArgMatches) -> Vec<(&'static str, String)> {
    let given = |key| arguments.get_one::<String>(key).map(|value| (key, value.clone()));
    schema::all().iter().filter_map(|spec| given(spec.key)).collect()
}
