//! Runs as a file of comma-separated values: every number reads back to the same bits.
use super::evidence::{Evidence, NamedOutcome};
use super::run::Outcome;
use crate::param::Settings;
use crate::remedies;
use crate::training::params;

/// The first line of a file of runs: what they have in common.
const HEAD: &str = "# vanishing experiment 1, ";
/// The columns of a file of runs: norms as base-10 logarithms, updates from 0, -1 for never.
const COLUMNS: &str = "remedy,seed,broke_down,exploded,gradient_log10,arriving_log10,loss,accuracy";

/// What all runs of an experiment have in common, as a text: the updates, and the settings without seed and remedies.
pub fn setting(settings: &Settings, updates: u64) -> String {
    let mut shared = settings.clone();
    shared.clear(&params::SEED.spec);
    let pairs: Vec<String> = shared.pairs(params::all()).map(|(key, value)| format!("{key}={value}")).collect();
    format!("updates={updates}&{}", pairs.join("&"))
}

/// The settings that such a text says; what it does not say is as by default.
pub fn settings_of(setting: &str) -> Settings {
    Settings::from_pairs(params::all(), setting.split('&').filter_map(|pair| pair.split_once('='))).0
}

/// The runs as a file: every number reads back to the same bits.
pub fn csv(setting: &str, evidence: &Evidence) -> String {
    let mut text = format!("{HEAD}{setting}\n{COLUMNS}\n");
    for row in &evidence.rows {
        for outcome in &row.outcomes {
            text += &line(row.slug, outcome);
            text.push('\n');
        }
    }
    text
}

/// A run as a line of a file.
pub fn line(slug: &str, outcome: &Outcome) -> String {
    let Outcome { seed, broke_down, exploded, gradient_log10, arriving_log10, loss, accuracy } = outcome;
    let step = |step: &Option<u64>| step.map_or("-1".to_owned(), |step| step.to_string());
    let slug = if slug.is_empty() { "none" } else { slug };
    format!(
        "{slug},{seed},{},{},{gradient_log10:?},{arriving_log10:?},{loss:?},{accuracy:?}",
        step(broke_down),
        step(exploded)
    )
}

/// The runs of a file: what they have in common, and each with its remedy's slug. A last line without an end is left out:
/// its writing was interrupted.
///
/// # Errors
/// A sentence about the first line that is not one of such a file.
pub fn read_csv(text: &str) -> Result<(String, Vec<NamedOutcome>), String> {
    read_lines(text, HEAD, COLUMNS, read_line)
}

/// What a file of runs has in common, after `head` on its first line, and each of its runs, after the line of columns.
pub(in crate::training) fn read_lines<T>(
    text: &str,
    head: &str,
    columns: &str,
    run: impl Fn(&str) -> Option<T>,
) -> Result<(String, Vec<T>), String> {
    let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
    let mut lines = whole.lines();
    let first = lines.next().unwrap_or_default();
    let Some(setting) = first.strip_prefix(head) else {
        return Err(format!(
            "line 1: “{}” is not the beginning of a file of runs",
            first.chars().take(40).collect::<String>()
        ));
    };
    if lines.next() != Some(columns) {
        return Err(format!("line 2: the columns are not {columns}"));
    }
    let read = |(number, line): (usize, &str)| {
        let why = || format!("line {}: “{}” is not a run", number + 3, line.chars().take(60).collect::<String>());
        run(line).ok_or_else(why)
    };
    Ok((setting.to_owned(), lines.enumerate().map(read).collect::<Result<_, _>>()?))
}

fn read_line(line: &str) -> Option<NamedOutcome> {
    let fields: Vec<&str> = line.split(',').collect();
    let [slug, seed, broke_down, exploded, gradient, arriving, loss, accuracy] = fields[..] else { return None };
    let slug = if slug == "none" { "" } else { remedies::find(slug)?.slug };
    let step = |text: &str| match text {
        "-1" => Some(None),
        text => text.parse::<u64>().ok().map(Some),
    };
    let number = |text: &str| text.parse::<f64>().ok();
    let outcome = Outcome {
        seed: seed.parse().ok()?,
        broke_down: step(broke_down)?,
        exploded: step(exploded)?,
        gradient_log10: number(gradient)?,
        arriving_log10: number(arriving)?,
        loss: number(loss)?,
        accuracy: number(accuracy)?,
    };
    Some((slug, outcome))
}

#[cfg(test)]
mod tests {
    use super::super::run::guess;
    use super::super::tests::outcome;
    use super::*;

    #[test]
    fn a_file_of_runs_reads_back_to_the_same_bits_and_a_torn_line_is_left_out() {
        let odd = Outcome {
            gradient_log10: 0.1 + 0.2,
            arriving_log10: f64::NEG_INFINITY,
            ..outcome(Some(3), true, 0.0, 0.0)
        };
        let other = Outcome { seed: 7, gradient_log10: f64::NAN, ..outcome(None, false, 1e-300, 0.5) };
        let runs = [("", odd), ("clip_norm", other)];
        let text = csv(&setting(&Settings::default(), 9), &Evidence::of_runs(&runs));
        let (setting, found) = read_csv(&text).expect("a file");
        assert_eq!((setting.as_str(), format!("{found:?}")), ("updates=9&", format!("{runs:?}")));
        assert_eq!(super::setting(&settings_of(&setting), 9), setting);
        let other = settings_of("updates=300&task=adding&sequence-length=100&");
        assert_eq!(super::setting(&other, 7), "updates=7&sequence-length=100&task=adding");
        assert_eq!(guess(&other), 1.0 / 6.0);
        let torn = &text[..text.len() - 5];
        assert_eq!(read_csv(torn).expect("a file").1.len(), 1);
    }

    #[test]
    fn what_is_no_file_of_runs_is_refused_in_a_sentence() {
        assert_eq!(read_csv("a,b\n1,2\n").unwrap_err(), "line 1: “a,b” is not the beginning of a file of runs");
        let text = csv("x", &Evidence::default());
        assert_eq!(read_csv(&format!("{text}tea,1,2\n")).unwrap_err(), "line 3: “tea,1,2” is not a run");
    }
}
