//! The table of an experiment: a row for each remedy, a verdict in words, and the same as a file.
use crate::effects::{Download, EvidenceTable};
use vanishing_charts::format;
use vanishing_core::param::Settings;
use vanishing_core::tasks;
use vanishing_core::training::experiment::{self, Evidence, Row};
use vanishing_core::training::params;

/// The columns: keys and titles.
pub const COLUMNS: [(&str, &str); 7] = [
    ("remedy", "remedy"),
    ("verdict", "verdict"),
    ("broken", "runs that diverged"),
    ("when", "at update (median)"),
    ("gradient", "median gradient norm"),
    ("loss", "final loss: median, from – to"),
    ("accuracy", "right on test sequences: median, from – to"),
];

/// What guessing without memory costs in the task of these settings.
pub fn guess(settings: &Settings) -> f64 {
    let task = tasks::find(settings.get(&params::TASK)).unwrap_or(tasks::ALL[0]);
    (task.baseline)(settings.get(&params::SEQUENCE_LENGTH))
}

/// The number of a row by which a column is sorted.
fn number(row: &Row, column: &str) -> f64 {
    match column {
        "broken" => row.broken() as f64,
        "when" => when(row),
        "gradient" => row.spread(|outcome| outcome.gradient_log10)[0],
        "loss" => row.spread(|outcome| outcome.loss)[0],
        "accuracy" => row.spread(|outcome| outcome.accuracy)[0],
        _ => f64::NAN,
    }
}

fn when(row: &Row) -> f64 {
    row.spread(|outcome| outcome.broke_down.map_or(f64::NAN, |step| step as f64))[0]
}

/// The table as it is now.
pub fn table(evidence: &Evidence, settings: &Settings, sorted: (&'static str, bool)) -> EvidenceTable {
    let guess = guess(settings);
    let mut rows: Vec<&Row> = evidence.rows.iter().collect();
    let (column, from_largest) = sorted;
    match column {
        "remedy" => rows.sort_by_key(|row| row.title()),
        "verdict" => rows.sort_by_key(|row| evidence.verdict(row, guess).words()),
        "" => {}
        _ => rows.sort_by(|a, b| number(a, column).total_cmp(&number(b, column))),
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
    let cells = |row: &&Row| {
        let verdict = evidence.verdict(row, guess);
        vec![
            row.title().to_owned(),
            format!("{}. {}", capitalised(verdict.words()), evidence.sentence(row, guess)),
            format!("{} of {}", row.broken(), row.outcomes.len()),
            Some(when(row)).filter(|x| !x.is_nan()).map_or("–".to_owned(), format::short),
            Some(row.spread(|o| o.gradient_log10)[0])
                .filter(|x| !x.is_nan())
                .map_or("–".to_owned(), format::log10_value),
            spread(row.spread(|outcome| outcome.loss), &number_or_infinite),
            spread(row.spread(|outcome| outcome.accuracy), &|x| format!("{:.0} %", 100.0 * x)),
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
