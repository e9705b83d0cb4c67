//! `list`, `figure`, `data`.
use crate::given_parameters;
use clap::ArgMatches;
use std::fmt::Write as _;
use std::path::PathBuf;
use vanishing_app::{Lab, parse_link, query_of, schema};
use vanishing_charts::figures;

/// The figures and the parameters.
pub fn list() -> String {
    let mut text = String::from("Figures\n");
    for figure in figures::ALL {
        let _ = writeln!(text, "  {:<22} {}", figure.slug, figure.title);
    }
    text.push_str("\nParameters (in a query as key=value, or as --key value)\n");
    for spec in schema::all() {
        let name = format!("{} {}", spec.label, spec.symbol);
        let _ = writeln!(text, "  {:<22} {:<26} {}; default {}", spec.key, name, spec.allowed(), spec.default.text());
    }
    text
}

/// The laboratory that the arguments describe. What cannot be taken is an error here: a script must not go on with
/// another experiment than it asked for.
fn lab(arguments: &ArgMatches) -> Result<Lab, String> {
    let link = arguments.get_one::<String>("query").map_or("", String::as_str);
    let (mut settings, mut notices) = parse_link(link);
    for (key, value) in given_parameters(arguments) {
        notices.extend(settings.take(schema::all(), key, &value));
    }
    match notices.first() {
        Some(notice) => Err(notice.text.clone()),
        None => Ok(Lab::new(&query_of(&settings)).0),
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
    let lab = lab(arguments)?;
    let width = arguments.get_one::<u32>("width").copied().unwrap_or(760);
    let svg = lab.svg(spec.slug, width)?;
    match arguments.get_one::<PathBuf>("out") {
        Some(path) => {
            std::fs::write(path, svg).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
            Ok(String::new())
        }
        None => Ok(svg),
    }
}

/// The numbers of a figure.
pub fn data(arguments: &ArgMatches) -> Result<String, String> {
    let spec = slug(arguments)?;
    let table = lab(arguments)?.table(spec.slug).ok_or_else(|| format!("there is no figure {}", spec.slug))?;
    Ok(table.to_csv())
}
