//! The table of an experiment: a row for each remedy, a verdict in words, and the same as a file.
use crate::effects::{Download, EvidenceTable};
use vanishing_charts::format;
use vanishing_charts::laboratory::Laboratory;
use vanishing_core::math;
use vanishing_core::param::Settings;
use vanishing_core::shares::wilson;
use vanishing_core::training::experiment::{self, Evidence, Row, cost_of};

/// The columns: keys and titles.
pub const COLUMNS: [(&str, &str); 10] = [
    ("remedy", "remedy"),
    ("verdict", "verdict"),
    ("broken", "runs that diverged"),
    ("learned", "runs that learned, 95 % interval"),
    ("when", "at update (median)"),
    ("gradient", "median gradient norm"),
    ("loss", "final loss: median, from – to"),
    ("accuracy", "right on test sequences: median, from – to"),
    ("time", "time of an update, beside none"),
    ("memory", "memory of a pass, beside none"),
];

/// The number of a row by which a column is sorted.
fn number(row: &Row, column: &str, shown: &Laboratory) -> f64 {
    let cost = || cost_of(&shown.costs, row.slug);
    match column {
        "broken" => row.broken() as f64,
        "learned" => row.learned(shown.guess) as f64 / row.outcomes.len() as f64,
        "when" => when(row),
        "gradient" => row.spread(|outcome| outcome.gradient_log10)[0],
        "loss" => row.spread(|outcome| outcome.loss)[0],
        "accuracy" => row.spread(|outcome| outcome.accuracy)[0],
        "time" => cost().map_or(f64::NAN, |cost| cost.milliseconds),
        "memory" => cost().map_or(f64::NAN, |cost| cost.bytes as f64),
        _ => f64::NAN,
    }
}

fn when(row: &Row) -> f64 {
    row.spread(|outcome| outcome.broke_down.map_or(f64::NAN, |step| step as f64))[0]
}

/// How many runs learned, and between which shares it lies: `3 of 4 (30 – 95 %)`.
fn learned(row: &Row, guess: f64) -> String {
    let (hits, count) = (row.learned(guess), row.outcomes.len());
    let [low, _, high] = wilson(hits, count).map(|share| 100.0 * share);
    if count == 0 { "–".to_owned() } else { format!("{hits} of {count} ({low:.0} – {high:.0} %)") }
}

/// What an update costs, and how many times that of no remedy.
fn cost(value: Option<f64>, of_none: Option<f64>, unit: &str) -> String {
    let Some(value) = value else { return "–".to_owned() };
    let text = format!("{} {unit}", format::short(value));
    match of_none.filter(|of_none| *of_none > 0.0) {
        Some(of_none) => format!("{text}, × {}", format::log10_brief(math::log10(value / of_none))),
        None => text,
    }
}

/// The table as it is now.
pub fn table(shown: &Laboratory, sorted: (&'static str, bool)) -> EvidenceTable {
    let (evidence, guess) = (&shown.evidence, shown.guess);
    let mut rows: Vec<&Row> = evidence.sorted(shown.asked, guess, &shown.costs);
    let (column, from_largest) = sorted;
    match column {
        "remedy" => rows.sort_by_key(|row| row.title()),
        "verdict" => rows.sort_by_key(|row| evidence.verdict(row, guess).words()),
        "" => {}
        _ => rows.sort_by(|a, b| number(a, column, shown).total_cmp(&number(b, column, shown))),
    }
    if from_largest {
        rows.reverse();
    }
    let spread = |values: [f64; 3], text: &dyn Fn(f64) -> String| {
        if values[0].is_nan() {
            "–".to_owned()
        } else {
            format!("{}, {} – {}", text(values[0]), text(values[1]), text(values[2]))
        }
    };
    let number_or_infinite = |x: f64| if x.is_infinite() { "∞".to_owned() } else { format::short(x) };
    let milliseconds = |slug: &str| cost_of(&shown.costs, slug).map(|cost| cost.milliseconds).filter(|ms| *ms > 0.0);
    let kibibytes = |slug: &str| cost_of(&shown.costs, slug).map(|cost| cost.bytes as f64 / 1024.0);
    let of_none = (milliseconds(""), kibibytes(""));
    let cells = |row: &&Row| {
        let verdict = evidence.verdict(row, guess);
        vec![
            row.title().to_owned(),
            format!("{}. {}", capitalised(verdict.words()), evidence.sentence(row, guess)),
            format!("{} of {}", row.broken(), row.outcomes.len()),
            learned(row, guess),
            Some(when(row)).filter(|x| !x.is_nan()).map_or("–".to_owned(), format::short),
            Some(row.spread(|o| o.gradient_log10)[0])
                .filter(|x| !x.is_nan())
                .map_or("–".to_owned(), format::log10_value),
            spread(row.spread(|outcome| outcome.loss), &number_or_infinite),
            spread(row.spread(|outcome| outcome.accuracy), &|x| format!("{:.0} %", 100.0 * x)),
            cost(milliseconds(row.slug), of_none.0, "ms"),
            cost(kibibytes(row.slug), of_none.1, "KiB"),
        ]
    };
    EvidenceTable { columns: COLUMNS.to_vec(), sorted, rows: rows.iter().map(cells).collect() }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// All runs as a file, a line each.
pub fn file(evidence: &Evidence, settings: &Settings, updates: u64) -> Download {
    let setting = experiment::setting(settings, updates);
    Download { name: "evidence.csv".to_owned(), kind: "text/csv", text: experiment::csv(&setting, evidence) }
}
