//! `package/trainer-options.d.ts`: the options of `Trainer` as a TypeScript interface, made from the parameters of training.
//!
//! It is compiled for tests alone: one compares the file, and with `BLESS` set, as `cargo xtask js` does, writes it.
use crate::trainer::{camel, find};
use std::fmt::Write as _;
use vanishing_core::param::{Choice, Domain, ParamSpec, Value};
use vanishing_core::training::params;
use vanishing_core::{optimizers, remedies, schedules};

const HEAD: &str = "\
// Made from the parameters of training by `cargo xtask js`; not to be edited.

/**
 * The options of `Trainer`: what is trained, on what, how, and with which remedies.
 *
 * Everything has a default. An option of something that is not chosen (another cell or optimiser, a remedy that is off)
 * changes nothing. A key may also be written as in the page's addresses, with hyphens; the types know camelCase only.
 */
export interface TrainerOptions {
";

/// No line of the file is longer, in characters.
const WIDTH: usize = 120;

/// The whole file.
fn file() -> String {
    let mut text = HEAD.to_owned();
    for spec in params::all() {
        text += &comment(&documentation(spec));
        text += &property(spec);
    }
    text + "}\n"
}

/// The line of a property, broken before each alternative if it is too long.
fn property(spec: &ParamSpec) -> String {
    let name = camel(spec.key);
    let choices = match spec.domain {
        Domain::Real { .. } | Domain::Int { .. } => return format!("  {name}?: number;\n"),
        Domain::Flag => return format!("  {name}?: boolean;\n"),
        Domain::Choice(choices) => choices.iter().map(|choice| format!("\"{}\"", choice.slug)).collect::<Vec<_>>(),
    };
    let line = format!("  {name}?: {};\n", choices.join(" | "));
    match line.trim_end().chars().count() > WIDTH {
        true => format!("  {name}?:\n    | {};\n", choices.join("\n    | ")),
        false => line,
    }
}

/// The symbol, what it does, what is allowed, the default, what choices mean, and on what it depends.
fn documentation(spec: &ParamSpec) -> String {
    let mut text = match spec.symbol {
        "" => spec.help.to_owned(),
        symbol => format!("{symbol}: {}", spec.help),
    };
    // Writing to a text cannot fail.
    let _ = match (spec.domain, spec.default) {
        (Domain::Flag, Value::Flag(true)) => write!(text, " On by default."),
        (Domain::Flag, _) => write!(text, " Off by default."),
        (Domain::Choice(choices), default) => {
            write!(text, " \"{}\" by default{}.", default.text(), meanings(choices))
        }
        (Domain::Real { min, max, .. }, default) => {
            let (min, max) = (Value::Real(min).text(), Value::Real(max).text());
            write!(text, " A number from {min} to {max}; {} by default.", default.text())
        }
        (Domain::Int { min, max, .. }, default) => {
            write!(text, " A whole number from {min} to {max}; {} by default.", default.text())
        }
    };
    if let Some(condition) = condition(spec) {
        let _ = write!(text, " Only with {condition}.");
    }
    text
}

/// The choices whose names in menus say more than they themselves.
fn meanings(choices: &[Choice]) -> String {
    let letters = |text: &str| text.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "");
    let telling = choices.iter().filter(|choice| letters(choice.label) != letters(choice.slug));
    let list: Vec<String> = telling.map(|choice| format!("\"{}\": {}", choice.slug, choice.label)).collect();
    if list.is_empty() { String::new() } else { format!(" ({})", list.join("; ")) }
}

/// The options without which this one has no effect, for parameters of an optimiser, a schedule or a remedy.
fn condition(spec: &ParamSpec) -> Option<String> {
    let owns = |params: &[&ParamSpec]| params.iter().any(|param| param.key == spec.key);
    let alternatives = |option: &str, values: Vec<String>| match values.is_empty() {
        true => None,
        false => Some(format!("`{option}: {}`", values.join("` or `"))),
    };
    let quoted = |slug: &str| format!("\"{slug}\"");
    let of_optimizer = optimizers::ALL.iter().filter(|of| owns(of.params)).map(|of| quoted(of.slug)).collect();
    let of_schedule = schedules::ALL.iter().filter(|of| owns(of.params)).map(|of| quoted(of.slug)).collect();
    let of_remedy = remedies::ALL.iter().filter(|of| owns(of.params)).map(|of| camel(of.toggle.spec.key));
    let of_remedy: Vec<String> = of_remedy.map(|toggle| format!("`{toggle}: true`")).collect();

    alternatives(&camel(params::OPTIMIZER.spec.key), of_optimizer)
        .or_else(|| {
            let kinds = alternatives(&camel(remedies::SCHEDULE_KIND.spec.key), of_schedule)?;
            let toggle = &remedies::find("schedule")?.toggle.spec;
            Some(format!("`{}: true` and {kinds}", camel(toggle.key)))
        })
        .or_else(|| (!of_remedy.is_empty()).then(|| of_remedy.join(" or ")))
}

/// A text as the documentation of a property, broken into lines.
fn comment(text: &str) -> String {
    let line = format!("  /** {text} */\n");
    if line.trim_end().chars().count() <= WIDTH {
        return line;
    }
    // No end of a line within `option: value`.
    let text = text.replace(": true`", ":\u{a0}true`").replace(": \"", ":\u{a0}\"");
    let mut lines = vec!["   *".to_owned()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        if lines[last].chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(format!("   * {word}"));
        } else {
            lines[last] += &format!(" {word}");
        }
    }
    format!("  /**\n{}\n   */\n", lines.join("\n").replace('\u{a0}', " "))
}

#[test]
fn the_types_of_the_options_are_made_from_the_parameters() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/package/trainer-options.d.ts");
    let made = file();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &made).expect("the file can be written");
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    let differing = stored.lines().zip(made.lines()).position(|(stored, made)| stored != made);
    let line = differing.unwrap_or(stored.lines().count().min(made.lines().count())) + 1;
    assert!(
        stored == made,
        "package/trainer-options.d.ts is not what the parameters make of it, from line {line} on; `cargo xtask js` writes it"
    );
}

#[test]
fn every_key_is_found_in_camel_case_and_with_hyphens() {
    for spec in params::all() {
        let name = camel(spec.key);
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "{name} must be quoted");
        assert_eq!(camel(&name), name);
        assert_eq!(find(&name).map(|found| found.key), Some(spec.key), "{name}");
        assert_eq!(find(spec.key).map(|found| found.key), Some(spec.key));
    }
    assert_eq!(camel("layer-1-max-norm"), "layer1MaxNorm");
    assert!(find("hiddensize").is_none() && find("").is_none());
}

#[test]
fn every_parameter_is_one_documented_property() {
    let made = file();
    for spec in params::all() {
        let declared = format!("*/\n  {}?:", camel(spec.key));
        assert_eq!(made.matches(&declared).count(), 1, "{}", spec.key);
    }
    assert_eq!(made.matches("?:").count(), params::all().len());
    // One end for each comment, the interface's included: no help ends its own.
    assert_eq!(made.matches("*/").count(), params::all().len() + 1);
    assert!(made.lines().all(|line| line.chars().count() <= WIDTH));
}

#[test]
fn an_option_says_what_it_depends_on() {
    let of = |key: &str| {
        let spec = params::all().iter().find(|spec| spec.key == key).expect("a parameter");
        documentation(spec)
    };
    assert!(of("adam-beta1").ends_with(" 0.9 by default. Only with `optimizer: \"adam\"` or `\"adamw\"`."));
    assert!(of("max-norm").ends_with(" A number from 0.001 to 1000; 1 by default. Only with `clipNorm: true`."));
    assert!(of("cosine-steps").contains(" Only with `schedule: true` and `scheduleKind: \"cosine\"` or "));
    assert!(of("hidden-size").starts_with("H: ") && of("hidden-size").ends_with(" 32 by default."));
}
