//! `train` and `experiment`: runs of chapter 4 without a browser.
use crate::complaint::complain;
use crate::files::written;
use clap::{Arg, ArgAction, ArgMatches, Command};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use vanishing_app::{Chosen, lanes, parse_lanes, schema};
use vanishing_charts::format;
use vanishing_core::param::Settings;
use vanishing_core::remedies::{self, RemedySpec};
use vanishing_core::shares::wilson;
use vanishing_core::training::experiment::{self, Evidence, NamedOutcome, Run};
use vanishing_core::training::{Report, Trainer};

/// `train` and `experiment`, with their options.
pub fn commands() -> [Command; 2] {
    let number = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("N").value_parser(clap::value_parser!(u64).range(1..=1_000_000)).help(help)
    };
    let file = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("FILE").value_parser(clap::value_parser!(PathBuf)).help(help)
    };
    let train = Command::new("train")
        .about("train a network; every update as a line of CSV")
        .arg(query())
        .arg(number("updates", "how many updates; the query's stop-step without it"))
        .arg(file("out", "the CSV file; standard output without it"));
    let experiment = Command::new("experiment")
        .about("make the same run with every remedy, over many seeds, on all cores; interrupted, it resumes")
        .arg(query())
        .arg(
            Arg::new("seeds")
                .long("seeds")
                .value_name("A..B")
                .default_value("0..4")
                .help("the seeds A, A + 1, ... B - 1"),
        )
        .arg(
            Arg::new("remedies")
                .long("remedies")
                .value_name("LIST")
                .default_value("chosen")
                .help("slugs with commas between them, `all`, or `chosen`: those of the query (try-...=1)"),
        )
        .arg(number("updates", "how many updates of each run; the query's stop-step without it"))
        .arg(number("threads", "how many runs at a time; as many as there are cores without it"))
        .arg(file("out", "the CSV file, a line for each run; what it holds already is not run again"))
        .arg(
            Arg::new("join")
                .long("join")
                .value_name("FILE")
                .num_args(1..)
                .action(ArgAction::Set)
                .value_parser(clap::value_parser!(PathBuf))
                .help("run nothing: join files of one experiment and print its table"),
        );
    [train, experiment]
}

/// `--query`.
pub fn query() -> Arg {
    Arg::new("query")
        .long("query")
        .value_name("QUERY")
        .default_value("")
        .hide_default_value(true)
        .help("a link of the page or its part after `?`: its network, with the remedies that it switches on")
}

/// What a query chooses.
pub fn chosen(query: &str) -> Result<Chosen, String> {
    let (chosen, notices) = parse_lanes(query);
    match notices.first() {
        Some(notice) => Err(notice.text.clone()),
        None => Ok(chosen),
    }
}

fn updates_of(arguments: &ArgMatches, page: &Settings) -> u64 {
    arguments.get_one::<u64>("updates").copied().unwrap_or_else(|| page.get(&schema::STOP_STEP) as u64)
}

/// Runs `train`: one line of CSV for each update, and a sentence on stderr where it became non-finite.
pub fn train(arguments: &ArgMatches) -> Result<String, String> {
    let chosen = chosen(arguments.get_one::<String>("query").map_or("", String::as_str))?;
    let (settings, page) = (chosen.lane(lanes::WITH), chosen.settings);
    let mut trainer = Trainer::new(&settings);
    let mut text = String::from(
        "update,loss,accuracy,learning_rate,time_steps,gradient_log10,gradient_after_log10,update_log10,spectral_radius,spectral_norm,test_loss,test_accuracy,alarm_log10,skipped\n",
    );
    for report in (0..updates_of(arguments, &page)).map_while(|_| trainer.step()) {
        text += &line(&report);
    }
    if let Some(breakdown) = trainer.breakdown() {
        complain(&format!("diverged at update {}: {:?}", breakdown.step, breakdown.place));
    }
    written(arguments.get_one::<PathBuf>("out"), text)
}

fn line(report: &Report) -> String {
    let mut line = format!(
        "{},{:?},{:?},{:?},{},{:?},{:?},{:?}",
        report.step,
        report.loss,
        report.accuracy,
        report.learning_rate,
        report.steps,
        report.gradient_log10(),
        report.gradient_after_log10(),
        report.update_log10
    );
    let mut pair = |values: Option<(f64, f64)>| match values {
        Some((a, b)) => write!(line, ",{a:?},{b:?}"),
        None => write!(line, ",,"),
    };
    let _ = pair(report.spectrum.map(|spectrum| (spectrum.radius, spectrum.norm)));
    let _ = pair(report.test.map(|test| (test.loss, test.accuracy)));
    let alarm = report.alarm.map_or(String::new(), |alarm| format!("{:?}", alarm.log10_norm));
    let _ = writeln!(line, ",{alarm},{}", u8::from(report.skipped));
    line
}

/// An experiment, or the joining of several files of one.
pub fn experiment(arguments: &ArgMatches) -> Result<String, String> {
    if let Some(files) = arguments.get_many::<PathBuf>("join") {
        let (setting, runs) = join(&files.cloned().collect::<Vec<_>>())?;
        let evidence = Evidence::of_runs(&runs);
        if let Some(path) = arguments.get_one::<PathBuf>("out") {
            written(Some(path), experiment::csv(&setting, &evidence))?;
        }
        return Ok(table(&evidence, &setting));
    }
    let chosen = chosen(arguments.get_one::<String>("query").map_or("", String::as_str))?;
    if let Some(remedy) = remedies::switched_on(&chosen.settings).next() {
        let key = remedy.toggle.spec.key;
        return Err(format!(
            "{key}: an experiment tries each remedy by itself; name it in --remedies ({}).",
            remedy.slug
        ));
    }
    let (settings, page) = (chosen.lane(lanes::WITHOUT), chosen.settings);
    let updates = updates_of(arguments, &page);
    let seeds = seeds(arguments.get_one::<String>("seeds").map_or("", String::as_str))?;
    let tried = tried(arguments.get_one::<String>("remedies").map_or("", String::as_str), &page)?;
    let setting = experiment::setting(&settings, updates);
    let out = arguments.get_one::<PathBuf>("out");
    let known = known(out, &setting)?;
    let have: BTreeSet<(&str, u64)> = known.iter().map(|(slug, outcome)| (*slug, outcome.seed)).collect();
    let remedies = std::iter::once(None).chain(tried.into_iter().map(Some));
    let remedies: Vec<Option<&'static RemedySpec>> = remedies.collect();
    let slug = |remedy: &Option<&'static RemedySpec>| remedy.map_or("", |spec| spec.slug);
    let wanted: Vec<(Option<&'static RemedySpec>, u64)> = seeds
        .flat_map(|seed| remedies.iter().map(move |remedy| (*remedy, seed)))
        .filter(|(remedy, seed)| !have.contains(&(slug(remedy), *seed)))
        .collect();
    let threads = arguments.get_one::<u64>("threads").map_or_else(cores, |threads| *threads as usize);
    let mut runs = known;
    runs.extend(run_all(&settings, updates, &wanted, threads, out.map(PathBuf::as_path))?);
    let evidence = Evidence::of_runs(&runs);
    if let Some(path) = out {
        // In order, whatever the order in which the runs ended.
        let whole = path.with_extension("part");
        written(Some(&whole), experiment::csv(&setting, &evidence))?;
        fs::rename(&whole, path).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(table(&evidence, &setting))
}

/// The cores of this machine.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// `4` or `0..64`.
fn seeds(text: &str) -> Result<Range<u64>, String> {
    let refusal =
        || format!("--seeds: “{text}” is not a seed or a range A..B of whole numbers with A below B, up to 4294967295");
    let number = |text: &str| text.trim().parse::<u32>().map(u64::from).map_err(|_| refusal());
    let range = match text.split_once("..") {
        Some((from, to)) => number(from)?..number(to)?,
        None => number(text)?..number(text)? + 1,
    };
    if range.is_empty() { Err(refusal()) } else { Ok(range) }
}

fn tried(text: &str, page: &Settings) -> Result<Vec<&'static RemedySpec>, String> {
    match text {
        "all" => Ok(remedies::ALL.iter().collect()),
        "chosen" => Ok(schema::tries().iter().filter(|(_, flag)| page.get(flag)).map(|(spec, _)| *spec).collect()),
        list => list
            .split(',')
            .map(|slug| {
                remedies::find(slug.trim()).ok_or_else(|| {
                    let known: Vec<&str> = remedies::ALL.iter().map(|spec| spec.slug).collect();
                    format!("--remedies: “{slug}” is not all, chosen or one of {}", known.join(", "))
                })
            })
            .collect(),
    }
}

/// The runs that a file holds already.
fn known(path: Option<&PathBuf>, setting: &str) -> Result<Vec<NamedOutcome>, String> {
    let Some(path) = path.filter(|path| path.exists()) else { return Ok(Vec::new()) };
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let (found, runs) = experiment::read_csv(&text).map_err(|why| format!("{}, {why}", path.display()))?;
    if found != setting {
        return Err(format!(
            "{} holds runs of another experiment, “{found}”, not of “{setting}”; choose another file",
            path.display()
        ));
    }
    Ok(runs)
}

/// Makes the runs, each thread one at a time; each that is done is written at once.
fn run_all(
    settings: &Settings,
    updates: u64,
    wanted: &[(Option<&'static RemedySpec>, u64)],
    threads: usize,
    out: Option<&Path>,
) -> Result<Vec<NamedOutcome>, String> {
    let mut file = out.map(|path| open(path, &experiment::setting(settings, updates))).transpose()?;
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} runs, {elapsed} so far, {eta} left");
    let bar = ProgressBar::with_draw_target(Some(wanted.len() as u64), ProgressDrawTarget::stderr());
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let (next, done) = (AtomicUsize::new(0), Mutex::new((Vec::new(), None)));
    let file = Mutex::new(file.as_mut());
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, wanted.len().max(1)) {
            scope.spawn(|| {
                while let Some((remedy, seed)) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut run = Run::new(settings, *remedy, *seed, updates);
                    let outcome = loop {
                        if let Some(outcome) = run.advance() {
                            break outcome;
                        }
                    };
                    let slug = remedy.map_or("", |spec| spec.slug);
                    let mut wrong = None;
                    if let Ok(mut file) = file.lock()
                        && let Some(file) = file.as_mut()
                    {
                        let written =
                            writeln!(file, "{}", experiment::line(slug, &outcome)).and_then(|()| file.flush());
                        wrong = written.err();
                    }
                    if let Ok(mut done) = done.lock() {
                        done.0.push((slug, outcome));
                        done.1 = done.1.take().or(wrong);
                    }
                    bar.inc(1);
                }
            });
        }
    });
    bar.finish_and_clear();
    let (runs, wrong) = done.into_inner().map_err(|_| "a run failed".to_owned())?;
    match wrong {
        Some(error) => Err(format!("a run could not be written: {error}")),
        None => Ok(runs),
    }
}

/// The file to which runs are added; a torn last line is cut off.
fn open(path: &Path, setting: &str) -> Result<fs::File, String> {
    let wrong = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
    let text = if path.exists() { fs::read_to_string(path).map_err(wrong)? } else { String::new() };
    let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
    if whole.is_empty() {
        fs::write(path, experiment::csv(setting, &Evidence::default())).map_err(wrong)?;
    } else if whole.len() < text.len() {
        fs::write(path, whole).map_err(wrong)?;
    }
    fs::OpenOptions::new().append(true).open(path).map_err(wrong)
}

/// The runs of several files of one experiment. A run that stands twice must be the same, bit for bit.
fn join(files: &[PathBuf]) -> Result<(String, Vec<NamedOutcome>), String> {
    let mut joined: Option<(String, &PathBuf)> = None;
    let mut runs: Vec<NamedOutcome> = Vec::new();
    for path in files {
        let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let (setting, more) = experiment::read_csv(&text).map_err(|why| format!("{}, {why}", path.display()))?;
        match &joined {
            None => joined = Some((setting, path)),
            Some((first, from)) if *first != setting => {
                return Err(format!(
                    "{} and {} are of different experiments: “{first}” and “{setting}”",
                    from.display(),
                    path.display()
                ));
            }
            Some(_) => {}
        }
        for (slug, outcome) in more {
            match runs.iter().find(|(name, other)| *name == slug && other.seed == outcome.seed) {
                None => runs.push((slug, outcome)),
                Some((_, other)) if experiment::line(slug, other) == experiment::line(slug, &outcome) => {}
                Some(_) => {
                    return Err(format!(
                        "{}: the run “{slug}” of seed {} is not the one in another file",
                        path.display(),
                        outcome.seed
                    ));
                }
            }
        }
    }
    joined.map(|(setting, _)| (setting, runs)).ok_or_else(|| "--join: at least one file is needed".to_owned())
}

/// The table, with the verdicts.
fn table(evidence: &Evidence, setting: &str) -> String {
    let guess = experiment::guess(&experiment::settings_of(setting));
    let mut text = format!("{setting}\nguessing without memory costs {}\n\n", format::short(guess));
    text += "| remedy | learned, 95 % interval | diverged | at update | gradient norm | final loss | right | verdict |\n|---|---|---|---|---|---|---|---|\n";
    for row in &evidence.rows {
        let number = |x: f64| {
            if x.is_nan() {
                "–".to_owned()
            } else if x.is_infinite() {
                "∞".to_owned()
            } else {
                format::short(x)
            }
        };
        let spread =
            |values: [f64; 3]| format!("{} ({} to {})", number(values[0]), number(values[1]), number(values[2]));
        let [low, _, high] = wilson(row.learned(guess), row.outcomes.len());
        let when = row.spread(|outcome| outcome.broke_down.map_or(f64::NAN, |step| step as f64));
        let _ = writeln!(
            text,
            "| {} | {} of {} ({:.0} to {:.0} %) | {} of {} | {} | {} | {} | {} | {}: {} |",
            row.title(),
            row.learned(guess),
            row.outcomes.len(),
            100.0 * low,
            100.0 * high,
            row.broken(),
            row.outcomes.len(),
            if when[0].is_nan() { "–".to_owned() } else { spread(when) },
            format::log10_value(row.spread(|outcome| outcome.gradient_log10)[0]),
            spread(row.spread(|outcome| outcome.loss)),
            spread(row.spread(|outcome| outcome.accuracy)),
            evidence.verdict(row, guess).words(),
            evidence.sentence(row, guess)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env;
    use vanishing_core::training::params;

    /// A file of its own for a test.
    fn file(name: &str) -> PathBuf {
        let path = env::temp_dir().join(format!("vanishing-{}-{name}.csv", std::process::id()));
        let _ = fs::remove_file(&path);
        path
    }

    fn ask(arguments: &[&str]) -> Result<String, String> {
        let all = ["vanishing", "experiment"].iter().chain(arguments);
        let matches = crate::command().try_get_matches_from(all).map_err(|error| error.to_string())?;
        crate::answer(&matches)
    }

    const SMALL: &str = "task=adding&hidden-size=5&sequence-length=8&batch-size=3&stop-step=6";

    fn run(path: &Path, more: &[&str]) -> Result<String, String> {
        let fixed = ["--query", SMALL, "--remedies", "clip_norm,l2", "--out", path.to_str().unwrap()];
        ask(&[&fixed, more].concat())
    }

    #[test]
    fn an_interrupted_experiment_resumes_and_comes_to_the_same_file() {
        let (whole, torn) = (file("whole"), file("torn"));
        run(&whole, &["--seeds", "0..3", "--threads", "1"]).unwrap();
        let text = fs::read_to_string(&whole).unwrap();
        assert_eq!(text.lines().count(), 2 + 9);
        // Half a line at the end, as when the power goes.
        fs::write(&torn, &text[..text.len() * 2 / 3]).unwrap();
        run(&torn, &["--seeds", "0..3", "--threads", "3"]).unwrap();
        assert_eq!(fs::read_to_string(&torn).unwrap(), text);
        let refusal = ask(&["--query", "hidden-size=6", "--out", torn.to_str().unwrap()]).unwrap_err();
        assert!(refusal.contains("holds runs of another experiment"), "{refusal}");
        fs::remove_file(whole).unwrap();
        fs::remove_file(torn).unwrap();
    }

    #[test]
    fn files_of_two_ranges_join_to_the_file_of_the_whole_range() {
        let (first, second, both, joined) = (file("first"), file("second"), file("both"), file("joined"));
        run(&first, &["--seeds", "0..2"]).unwrap();
        run(&second, &["--seeds", "1..3"]).unwrap();
        run(&both, &["--seeds", "0..3"]).unwrap();
        let paths = [&first, &second].map(|path| path.to_str().unwrap());
        let table = ask(&["--out", joined.to_str().unwrap(), "--join", paths[0], paths[1]]).unwrap();
        assert_eq!(fs::read_to_string(&joined).unwrap(), fs::read_to_string(&both).unwrap());
        assert!(table.contains("clip by global norm"), "{table}");
        let changed = fs::read_to_string(&second).unwrap().replace("clip_norm,1,-1,", "clip_norm,1,5,");
        fs::write(&second, changed).unwrap();
        assert!(ask(&["--join", paths[0], paths[1]]).unwrap_err().contains("is not the one in another file"));
        for path in [first, second, both, joined] {
            fs::remove_file(path).unwrap();
        }
    }

    #[test]
    fn what_cannot_be_taken_is_one_sentence() {
        for text in ["5..5", "a..b", "-1", "", "3..99999999999"] {
            assert!(seeds(text).unwrap_err().contains("is not a seed or a range"), "{text}");
        }
        assert_eq!((seeds("7"), seeds("0..64")), (Ok(7..8), Ok(0..64)));
        assert!(ask(&["--remedies", "tea"]).unwrap_err().contains("“tea” is not all, chosen or one of curriculum"));
        assert!(ask(&["--query", "a.cell=tea"]).unwrap_err().contains("“tea” is not rnn, lstm, gru, leaky"));
        assert!(ask(&["--join", "/no/such/file"]).unwrap_err().contains("cannot read"));
    }

    #[test]
    fn a_query_is_a_link_of_the_page_and_the_remedies_are_trained_with() {
        let from_link = chosen("https://example.org/?power=3&a.cell=lstm&b.clip-norm=1#laboratory").unwrap();
        let from_keys = chosen("cell=lstm&clip-norm=1").unwrap();
        let trained = |chosen: &Chosen| chosen.lane(lanes::WITH);
        assert_eq!(trained(&from_link), trained(&from_keys));
        assert_eq!(trained(&from_keys).get(&params::CELL), "lstm");
        assert_eq!(remedies::switched_on(&trained(&from_keys)).count(), 1);
        let refusal = ask(&["--query", "clip-norm=1"]).unwrap_err();
        assert!(refusal.contains("name it in --remedies (clip_norm)"), "{refusal}");
    }
}
