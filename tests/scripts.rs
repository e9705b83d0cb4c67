//! "Show the code": each script, run by the Python that is installed, prints the numbers of its figure.
//!
//! NumPy is installed by `cargo xtask test` on Debian; PyTorch is not, and where it is missing its scripts are only said
//! to be untested. `VANISHING_PYTHON` names another Python, such as one with PyTorch.

#![allow(clippy::print_stdout, reason = "what could not be tried is said")]

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use vanishing_app::{Lab, script};
use vanishing_core::math;

thread_local! {
    /// The figures whose scripts were run.
    static RAN: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// A comparison, and the figures whose scripts it runs, in the order of the alphabet.
type Comparison = (&'static [&'static str], fn() -> Result<()>);

const COMPARISONS: &[Comparison] = &[
    (&["cliff-descent"], scripts_in_plain_python_print_the_descents_until_the_face_is_touched),
    (
        &["alignment-angle", "alignment-probability", "eigenvalue-powers", "matrix-powers"],
        scripts_in_numpy_print_the_numbers_of_chapters_1_and_2,
    ),
    (&["opening", "spectrum"], scripts_in_numpy_print_the_spectrum_and_the_opening),
    (&["gradient-norms"], scripts_in_pytorch_print_the_norms_of_every_cell),
    (&["gradient-norms"], scripts_of_an_opened_network_print_its_numbers),
];

#[test]
fn every_script_prints_the_numbers_of_its_figure() -> Result<()> {
    for (figures, comparison) in COMPARISONS {
        RAN.with_borrow_mut(BTreeSet::clear);
        comparison().with_context(|| figures.join(", "))?;
        // None, where the Python lacks what they need.
        let ran = RAN.with_borrow(BTreeSet::clone);
        ensure!(ran.is_empty() || ran.iter().eq(*figures), "named are {figures:?}, run {ran:?}");
    }
    for script in script::ALL {
        let is_compared = |slug: &&str| COMPARISONS.iter().any(|(figures, _)| figures.contains(slug));
        ensure!(script.figures.iter().any(is_compared), "nothing compares the script of {}", script.figures.join(", "));
    }
    Ok(())
}

/// The Python to be asked.
fn python() -> String {
    std::env::var("VANISHING_PYTHON").unwrap_or_else(|_| "/usr/bin/python3".to_owned())
}

/// Whether it has a module.
fn has(module: &str) -> bool {
    let asked = Command::new(python()).args(["-c", &format!("import {module}")]).output();
    let there = asked.is_ok_and(|output| output.status.success());
    if !there {
        println!("{module} is not installed for {}: its scripts were not tried", python());
    }
    there
}

/// What a script prints, as rows of numbers under its header.
fn run(slug: &str, query: &str) -> Result<Vec<Vec<f64>>> {
    run_in(&Lab::new(query).0, slug, query)
}

fn run_in(lab: &Lab, slug: &str, query: &str) -> Result<Vec<Vec<f64>>> {
    RAN.with_borrow_mut(|ran| ran.insert(slug.to_owned()));
    let own = lab.opened_network();
    let text = script::of(slug, lab.chosen(), own).with_context(|| format!("{slug} has no script"))?;
    let mut command = Command::new(python());
    command.arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().context("Python did not start")?;
    child.stdin.take().context("Python takes no input")?.write_all(text.as_bytes()).context("Python took no script")?;
    let output = child.wait_with_output().context("Python did not end")?;
    ensure!(output.status.success(), "{slug}, {query}: {}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).context("not text")?;
    let rows = printed.lines().skip(1);
    rows.map(|row| row.split(',').map(|cell| cell.parse().context("not a number")).collect()).collect()
}

/// A column of the figure's own table by the beginning of its name: (first column, value).
fn column(slug: &str, query: &str, name: &str) -> Vec<(f64, f64)> {
    let table = Lab::new(query).0.table(slug).unwrap_or_default();
    let place = table.columns.iter().position(|column| column.name.starts_with(name));
    let cells = table.rows.iter().filter_map(|row| Some((row[0]?, row[place?]?)));
    let cells: Vec<(f64, f64)> = cells.collect();
    assert!(!cells.is_empty(), "{slug} has no column {name}");
    cells
}

/// Rows that agree with the figure; there must be some.
fn compare(what: &str, found: &[(f64, f64)], wanted: &[(f64, f64)], near: impl Fn(f64, f64) -> bool) -> Result<()> {
    let mut compared = 0;
    for (x, value) in wanted {
        if let Some((_, printed)) = found.iter().find(|(own, _)| own == x) {
            ensure!(near(*printed, *value), "{what} at {x}: the script prints {printed}, the figure has {value}");
            compared += 1;
        }
    }
    ensure!(compared * 2 > wanted.len(), "{what}: only {compared} of {} rows were printed", wanted.len());
    Ok(())
}

fn pairs(rows: &[Vec<f64>], place: usize) -> Vec<(f64, f64)> {
    rows.iter().map(|row| (row[0], row[place])).collect()
}

fn within(tolerance: f64) -> impl Fn(f64, f64) -> bool {
    move |a, b| a == b || (a - b).abs() <= tolerance * b.abs().max(1.0)
}

fn scripts_in_plain_python_print_the_descents_until_the_face_is_touched() -> Result<()> {
    if !has("math") {
        return Ok(());
    }
    let rows = run("cliff-descent", "")?;
    for (place, name) in [(3, "error E: unclipped"), (6, "error E: clipped")] {
        let printed: Vec<(f64, f64)> = pairs(&rows[..30], place).iter().map(|(k, e)| (*k, math::log10(*e))).collect();
        let wanted: Vec<_> = column("cliff-descent", "", name).into_iter().filter(|(step, _)| *step < 30.0).collect();
        compare(name, &printed, &wanted, within(1e-6))?;
    }
    Ok(())
}

fn scripts_in_numpy_print_the_numbers_of_chapters_1_and_2() -> Result<()> {
    if !has("numpy") {
        return Ok(());
    }
    for query in ["hidden-size=4", "family=geometric&hidden-size=30&rate=0.8&eigenvalue-1=1.2&power=40"] {
        let rows = run("eigenvalue-powers", query)?;
        let first = column("eigenvalue-powers", query, "λ₁");
        compare("λ₁ᵏ", &pairs(&rows, 1), &first, within(1e-9))?;
        let rows = run("matrix-powers", query)?;
        ensure!(rows.iter().map(|row| row[2].abs()).fold(0.0, f64::max) == 1.0, "the largest entry is not 1");
        let rows = run("alignment-probability", query)?;
        let exact: Vec<_> = column("alignment-probability", query, "P(θ ≤ 0.1 rad): this spectrum");
        compare("the probability", &pairs(&rows, 1), &exact, |a, b| (a - b).abs() < 0.006)?;
        // Until the angle is lost in rounding.
        let angles = column("alignment-angle", query, "by multiplication");
        let angles: Vec<_> = angles.into_iter().filter(|(_, angle)| *angle > -9.0).collect();
        compare("the angle", &pairs(&run("alignment-angle", query)?, 1), &angles, within(1e-5))?;
    }
    Ok(())
}

fn scripts_in_numpy_print_the_spectrum_and_the_opening() -> Result<()> {
    if !has("numpy") {
        return Ok(());
    }
    let query = "recurrent=spectrum&hidden-size=12";
    let mut printed: Vec<f64> = run("spectrum", query)?.iter().map(|row| row[0]).collect();
    let table = Lab::new(query).0.table("spectrum").unwrap_or_default();
    let mut shown: Vec<f64> = table.rows.iter().filter_map(|row| row[0]).collect();
    printed.sort_by(f64::total_cmp);
    shown.sort_by(f64::total_cmp);
    ensure!(printed.len() == 12, "{} eigenvalues", printed.len());
    for own in &printed {
        ensure!(shown.iter().any(|other| (own - other).abs() < 1e-6), "{own} is not among {shown:?}");
    }
    let rows = run("opening", "opening-gain=1.1")?;
    ensure!((rows[50][1] / (0..50).fold(1.0, |power, _| power * 1.1) - 1.0).abs() < 1e-9, "{:?}", rows[50]);
    Ok(())
}

fn scripts_in_pytorch_print_the_norms_of_every_cell() -> Result<()> {
    if !has("torch") {
        return Ok(());
    }
    for query in [
        "",
        "activation=linear&inputs=noise&sequence-length=100",
        "activation=tanh&recurrent=gaussian&gain=1.3&layers=2&inputs=noise",
        "activation=relu&recurrent=identity&loss-at=every&inputs=noise",
        "activation=sigmoid&recurrent=orthogonal&gain=3&orthogonal-init=1",
        "cell=lstm&hidden-size=12&forget-bias=1&task=adding&sequence-length=40",
        "cell=gru&hidden-size=40&layers=3&task=temporal-order&sequence-length=30",
        "cell=leaky&cell-alpha=0.3&inputs=noise&recurrent=gaussian&layers=2",
        "cell=antisymmetric&cell-epsilon=0.2&cell-gamma=0.1&inputs=noise&recurrent=gaussian&loss-at=every",
        "cell=orthogonal&inputs=noise&recurrent=gaussian&hidden-size=12&layers=2",
        "cell=min-gru&inputs=noise&hidden-size=12&layers=2",
    ] {
        let lab = Lab::new(query).0;
        let shown = lab.gradient_norms();
        let wanted: Vec<_> = shown.iter().enumerate().map(|(t, norm)| (t as f64, *norm)).collect();
        compare(query, &pairs(&run("gradient-norms", query)?, 1), &wanted, within(1e-8))?;
    }
    Ok(())
}

fn scripts_of_an_opened_network_print_its_numbers() -> Result<()> {
    if !has("torch") {
        return Ok(());
    }
    for name in ["rnn-tanh", "lstm", "gru"] {
        let file = format!("{}/networks/{name}.safetensors", env!("CARGO_MANIFEST_DIR"));
        let mut lab = Lab::new("").0;
        lab.open_network(name, &std::fs::read(file)?).map_err(anyhow::Error::msg)?;
        let printed = pairs(&run_in(&lab, "gradient-norms", name)?, 1);
        let wanted: Vec<_> = lab.gradient_norms().iter().enumerate().map(|(t, norm)| (t as f64, *norm)).collect();
        compare(name, &printed, &wanted, within(1e-8))?;
    }
    Ok(())
}
