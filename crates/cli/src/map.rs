//! `map`: what can be learned, over spectral radius and sequence length, without a browser.
use crate::complaint::complain;
use crate::files::written;
use crate::training::{chosen, cores, query};
use clap::{Arg, ArgMatches, Command};
use std::fs;
use std::io::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use vanishing_app::lanes;
use vanishing_core::param::Settings;
use vanishing_core::training::map::{self, COLUMNS, Found, Known, POINTS, Point, ROWS, Run};

/// `map`, and `map join`.
pub fn command() -> Command {
    let out = |help: &'static str| {
        Arg::new("out").long("out").value_name("FILE").value_parser(clap::value_parser!(PathBuf)).help(help)
    };
    let files = Arg::new("FILES").required(true).num_args(1..).value_parser(clap::value_parser!(PathBuf));
    Command::new("map")
        .about(
            "train a network at 16 spectral radii times 20 sequence lengths, on all cores, and say what came of each",
        )
        .args_conflicts_with_subcommands(true)
        .arg(query())
        .arg(
            Arg::new("rows").long("rows").value_name("A..B").default_value("0..16").help(
                "the rows A, A + 1, ... B - 1 of the map, from the smallest radius: a part of it for one machine",
            ),
        )
        .arg(
            Arg::new("threads")
                .long("threads")
                .value_name("N")
                .value_parser(clap::value_parser!(u64).range(1..=1_000_000))
                .help("how many runs at a time; as many as there are cores without it"),
        )
        .arg(out("the CSV file, a line for each point"))
        .arg(
            Arg::new("resume")
                .long("resume")
                .action(clap::ArgAction::SetTrue)
                .requires("out")
                .help("go on with the file that there is; without it such a file is left alone"),
        )
        .subcommand(
            Command::new("join")
                .about("join files of one map and print it")
                .arg(files.help("the files that `map --out` wrote"))
                .arg(out("the CSV file of the whole map")),
        )
}

/// A map, or the joining of its parts: a letter for each point, and a character for its gradient.
pub fn map(arguments: &ArgMatches) -> Result<String, String> {
    let out = |of: &ArgMatches| of.get_one::<PathBuf>("out").cloned();
    let (setting, known) = match arguments.subcommand() {
        Some((_, of_join)) => {
            let files = of_join.get_many::<PathBuf>("FILES").into_iter().flatten();
            let (setting, known) = join(&files.collect::<Vec<_>>())?;
            if let Some(path) = out(of_join) {
                written(Some(&path), map::csv(&setting, &known))?;
            }
            (setting, known)
        }
        None => {
            let settings = chosen(arguments.get_one::<String>("query").map_or("", String::as_str))?.lane(lanes::WITH);
            let rows = rows(arguments.get_one::<String>("rows").map_or("", String::as_str))?;
            let threads = arguments.get_one::<u64>("threads").map_or_else(cores, |threads| *threads as usize);
            let (setting, path) = (map::setting(&settings), out(arguments));
            let mut known = begun(path.as_deref(), &setting, arguments.get_flag("resume"))?;
            run_all(&settings, rows, threads, path.as_deref(), &mut known)?;
            if let Some(path) = &path {
                // In order, whatever the order in which the runs ended.
                let whole = path.with_extension("part");
                written(Some(&whole), map::csv(&setting, &known))?;
                fs::rename(&whole, path).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
            }
            (setting, known)
        }
    };
    Ok(map::text(&setting, &known))
}

/// `3` or `0..16`.
fn rows(text: &str) -> Result<Range<usize>, String> {
    let refusal = || format!("--rows: “{text}” is not a row or a range A..B with A below B, from 0 to {ROWS}");
    let number = |text: &str| text.trim().parse::<usize>().map_err(|_| refusal());
    let range = match text.split_once("..") {
        Some((from, to)) => number(from)?..number(to)?,
        None => number(text)?..number(text)?.saturating_add(1),
    };
    if range.is_empty() || range.end > ROWS { Err(refusal()) } else { Ok(range) }
}

/// What a file holds already; of a torn line nothing. The file is made if there is none.
fn begun(path: Option<&Path>, setting: &str, resumes: bool) -> Result<Known, String> {
    let mut known = vec![None; POINTS];
    let Some(path) = path else { return Ok(known) };
    if path.exists() {
        if !resumes {
            return Err(format!("{} is there already; --resume goes on with it", path.display()));
        }
        let (found, points) = read(path)?;
        if found != setting {
            return Err(format!(
                "{} holds another map, “{found}”, not that of “{setting}”; choose another file",
                path.display()
            ));
        }
        points.into_iter().for_each(|(point, found)| known[point.index()] = Some(found));
    }
    written(Some(&path.to_path_buf()), map::csv(setting, &known))?;
    Ok(known)
}

fn read(path: &Path) -> Result<(String, Vec<(Point, Found)>), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    map::read_csv(&text).map_err(|why| format!("{}, {why}", path.display()))
}

/// Makes the runs that are missing, each thread one at a time; each that is done is written at once.
fn run_all(
    settings: &Settings,
    rows: Range<usize>,
    threads: usize,
    out: Option<&Path>,
    known: &mut Known,
) -> Result<(), String> {
    let wanted: Vec<Point> =
        (rows.start * COLUMNS..rows.end * COLUMNS).filter(|index| known[*index].is_none()).map(Point::new).collect();
    let open = |path| {
        let opened = fs::OpenOptions::new().append(true).open(path);
        opened.map_err(|error| format!("cannot write {}: {error}", Path::display(path)))
    };
    let done = Mutex::new((out.map(open).transpose()?, known, None));
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, wanted.len().max(1)) {
            scope.spawn(|| {
                while let Some(point) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = Run::new(&point.settings(settings)).finish();
                    if let Ok(mut done) = done.lock() {
                        let (file, known, wrong) = &mut *done;
                        known[point.index()] = Some(found);
                        let line = map::line(*point, &found);
                        let written = file.as_mut().map(|file| writeln!(file, "{line}").and_then(|()| file.flush()));
                        *wrong = wrong.take().or(written.and_then(Result::err));
                    }
                }
            });
        }
    });
    let (_, _, wrong) = done.into_inner().map_err(|_| "a run failed".to_owned())?;
    wrong.map_or(Ok(()), |error| Err(format!("a run could not be written: {error}")))
}

/// The points of several files of one map. A point that stands twice must be the same, bit for bit.
fn join(files: &[&PathBuf]) -> Result<(String, Known), String> {
    let (mut known, mut joined): (Known, Option<String>) = (vec![None; POINTS], None);
    for path in files {
        let (setting, points) = read(path)?;
        let first = joined.get_or_insert_with(|| setting.clone());
        if *first != setting {
            return Err(format!(
                "{} is of another map than the first file: “{setting}”, not “{first}”",
                path.display()
            ));
        }
        for (point, found) in points {
            let old = known[point.index()].replace(found);
            if old.is_some_and(|old| map::line(point, &old) != map::line(point, &found)) {
                return Err(format!(
                    "{}: the point “{}” is not the one in another file",
                    path.display(),
                    map::line(point, &found)
                ));
            }
        }
    }
    let missing = known.iter().filter(|found| found.is_none()).count();
    if missing > 0 {
        complain(&format!("{missing} of {POINTS} points are in none of the files"));
    }
    joined.map(|setting| (setting, known)).ok_or_else(|| "map join: at least one file is needed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env;

    fn ask(arguments: &[&str]) -> Result<String, String> {
        let all = ["vanishing", "map"].iter().chain(arguments);
        let matches = crate::command().try_get_matches_from(all).map_err(|error| error.to_string())?;
        crate::answer(&matches)
    }

    /// A file of its own for a test.
    fn file(name: &str) -> String {
        let path = env::temp_dir().join(format!("vanishing-map-{}-{name}.csv", std::process::id()));
        let _ = fs::remove_file(&path);
        path.display().to_string()
    }

    const SMALL: &str = "hidden-size=2&batch-size=1";

    #[test]
    fn a_map_in_parts_joins_to_the_whole_and_an_interrupted_one_resumes() {
        let [whole, low, high, joined] = ["whole", "low", "high", "joined"].map(file);
        let run = |path: &str, more: &[&str]| ask(&[&["--query", SMALL, "--out", path], more].concat());
        let text = run(&whole, &["--rows", "0..2", "--threads", "1"]).unwrap();
        assert_eq!(text.lines().count(), 1 + ROWS);
        assert!(text.starts_with("updates=300&hidden-size=2&batch-size=1\n.........."), "{text}");
        run(&low, &["--rows", "0"]).unwrap();
        run(&high, &["--rows", "1"]).unwrap();
        assert_eq!(ask(&["join", &high, &low, "--out", &joined]).unwrap(), text);
        let content = fs::read_to_string(&whole).unwrap();
        assert_eq!(fs::read_to_string(&joined).unwrap(), content);
        // Half a line at the end, as when the power goes.
        fs::write(&joined, &content[..content.len() - 7]).unwrap();
        assert!(run(&joined, &["--rows", "0..2"]).unwrap_err().contains("--resume"));
        assert_eq!(run(&joined, &["--rows", "0..2", "--resume"]).unwrap(), text);
        assert_eq!(fs::read_to_string(&joined).unwrap(), content);
        fs::write(&high, content.replace("1,0,0.35,5,L,", "1,0,0.35,5,D,")).unwrap();
        assert!(ask(&["join", &whole, &high]).unwrap_err().contains("is not the one in another file"));
        let refusal = ask(&["--query", "hidden-size=3", "--out", &whole, "--resume"]).unwrap_err();
        assert!(refusal.contains("holds another map"), "{refusal}");
        for path in [whole, low, high, joined] {
            fs::remove_file(path).unwrap();
        }
    }

    #[test]
    fn what_cannot_be_taken_is_one_sentence() {
        for text in ["5..5", "a", "0..17", "16", ""] {
            assert!(rows(text).unwrap_err().contains("is not a row or a range"), "{text}");
        }
        assert_eq!((rows("7"), rows("0..16")), (Ok(7..8), Ok(0..16)));
        assert!(ask(&["--query", "cell=tea"]).unwrap_err().contains("“tea” is not rnn, lstm, "));
        assert!(ask(&["join", "/no/such/file"]).unwrap_err().contains("cannot read"));
    }
}
