//! The JavaScript package and its example page in three browsers.
//!
//! `cargo xtask test` builds both and says in `VANISHING_JS` where they are.

#![allow(clippy::print_stdout, reason = "each sentence is reported as it is checked")]

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, ensure};
use vanishing_core::bptt;
use vanishing_core::given::{self, GivenLoss, GivenNetwork, GivenSequences, Named};
use vanishing_core::spectral::{self, Threshold, accurate_dot};
use vanishing_tests::checks::{Check, run_all};
use vanishing_tests::engine::Engine;
use vanishing_tests::js_cases;
use vanishing_tests::page::Page;

#[test]
fn chromium() -> Result<()> {
    run_checks(Engine::Chromium)
}

#[test]
fn firefox() -> Result<()> {
    run_checks(Engine::Firefox)
}

#[test]
fn webkit() -> Result<()> {
    run_checks(Engine::WebKit)
}

const CHECKS: [Check; 6] = [
    ("the example shows the gradient norms of native code", the_gradient_norms_are_those_of_native_code),
    ("the example shows the alignment of native code", the_alignment_is_that_of_native_code),
    ("the example follows its controls", the_example_follows_its_controls),
    ("the example tells what does not fit", the_example_tells_what_does_not_fit),
    ("the package gives the bits of native code, and its sentences", the_package_gives_the_bits_of_native_code),
    ("the console has nothing to say", the_console_has_nothing_to_say),
];

fn run_checks(engine: Engine) -> Result<()> {
    let folder = std::env::var_os("VANISHING_JS")
        .context("VANISHING_JS must name the folder of the built package; `cargo xtask test` sets it")?;
    let mut page = Page::start(engine, &PathBuf::from(folder))?;
    println!();
    page.open("")?;
    run_all(&mut page, &[&CHECKS], "js-failure")
}

/// The rows of a table of the example, as numbers; its first row has the heads.
fn table(page: &Page, id: &str) -> Result<Vec<Vec<f64>>> {
    const ROWS: &str = "return Array.from(document.getElementById(arguments[0]).rows).slice(1)
        .map((row) => Array.from(row.cells, (cell) => cell.textContent))";
    let rows: Vec<Vec<String>> = page.evaluate(ROWS, &[id])?;
    let number = |cell: &String| match cell.as_str() {
        "Infinity" => Ok(f64::INFINITY),
        "-Infinity" => Ok(f64::NEG_INFINITY),
        cell => cell.parse().with_context(|| format!("{id}: {cell} is no number")),
    };
    rows.iter().map(|row| row.iter().map(number).collect()).collect()
}

fn ensure_same_bits(name: &str, found: &[Vec<f64>], native: &[Vec<f64>]) -> Result<()> {
    ensure!(found.len() == native.len(), "{name} has {} rows; expected {}", found.len(), native.len());
    for (found, native) in found.iter().zip(native) {
        let is_same = found.len() == native.len() && found.iter().zip(native).all(|(a, b)| a.to_bits() == b.to_bits());
        ensure!(is_same, "{name}: the example has {found:?}, native code {native:?}");
    }
    Ok(())
}

/// The example's random numbers in [0, 1).
fn uniforms(seed: u32) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state) / 4_294_967_296.0
    }
}

/// The example's own network, in native code: log10 ‖dL/dh_t‖.
fn native_norms(kind: &str, gain: f64, steps: usize) -> Result<Vec<f64>> {
    const HIDDEN: usize = 8;
    let cell = given::cell(kind, None).map_err(|sentence| anyhow!(sentence))?;
    let rows = cell.gates * HIDDEN;
    let (mut next, bound) = (uniforms(1), 1.0 / (HIDDEN as f64).sqrt());
    let mut draw =
        |count: usize, scale: f64| -> Vec<f64> { (0..count).map(|_| scale * (2.0 * next() - 1.0)).collect() };
    let named = |name: &str, values: Vec<f64>| Named { name: name.to_owned(), values };
    let mut bias = vec![0.0; rows];
    if kind == "lstm" {
        bias[HIDDEN..2 * HIDDEN].fill(1.0);
    }
    let tensors = vec![
        named("weight_ih_l0", draw(rows, bound)),
        named("weight_hh_l0", draw(rows * HIDDEN, gain * bound)),
        named("bias_ih_l0", bias),
        named("weight_out", draw(HIDDEN, bound)),
    ];
    let network = GivenNetwork { cell, layers: 1, input_size: 1, hidden_size: HIDDEN, output_size: Some(1), tensors };
    let built = network.build().map_err(|sentence| anyhow!(sentence))?;
    let sequences = GivenSequences {
        steps,
        batch_size: 1,
        inputs: named("inputs", draw(steps, 1.0)),
        hidden_start: None,
        cell_start: None,
        loss: GivenLoss::SquaredErrorLast,
        targets: named("targets", vec![1.0]),
        loss_scale: 0.5,
    };
    let sequences = sequences.build(&built.network).map_err(|sentence| anyhow!(sentence))?;
    Ok(bptt::study(&built.network, &built.weights, &sequences).top().hidden_gradient_log10.clone())
}

fn ensure_norms(page: &Page, gain: f64, steps: usize) -> Result<()> {
    let (rnn, lstm) = (native_norms("rnn", gain, steps)?, native_norms("lstm", gain, steps)?);
    let native: Vec<Vec<f64>> = (0..=steps).map(|t| vec![t as f64, rnn[t], lstm[t]]).collect();
    ensure_same_bits("gradients", &table(page, "gradients-table")?, &native)
}

fn the_gradient_norms_are_those_of_native_code(page: &Page) -> Result<()> {
    ensure_norms(page, 1.0, 60)
}

fn the_alignment_is_that_of_native_code(page: &Page) -> Result<()> {
    let given = Named { name: String::new(), values: vec![2.0, 1.0, 0.0, 1.0, 3.0, 1.0, 0.0, 1.0, 1.0] };
    let matrix = given::symmetric_matrix(given, 3).map_err(|sentence| anyhow!(sentence))?;
    let mut next = uniforms(1);
    let start: Vec<f64> = (0..3).map(|_| (0..12).fold(0.0, |sum, _| sum + next()) - 6.0).collect();
    let found = given::decompose(&matrix);
    let column = |i: usize| found.eigenvectors.column(i).iter().copied().collect::<Vec<f64>>();
    let coefficients: Vec<f64> = (0..3).map(|i| accurate_dot(&start, &column(i))).collect();
    let eigenvalues = spectral::eigenvalues(&matrix);
    let native: Option<Vec<Vec<f64>>> = (0..=40)
        .map(|k| {
            let angle = spectral::align(&found.eigenvalues, &coefficients, 0, k).1?;
            let probability = spectral::alignment_probability(&eigenvalues, 0, Threshold::Angle.tangent(0.1), k)?;
            Some(vec![k as f64, angle.log10_tan, probability.p])
        })
        .collect();
    ensure_same_bits("alignment", &table(page, "alignment-table")?, &native.context("the matrix is not zero")?)
}

/// Gives a control of the example a value, as a person would.
fn enter(page: &Page, id: &str, value: &str) -> Result<()> {
    const ENTER: &str = "const control = document.getElementById(arguments[0]);
        control.value = arguments[1];
        control.dispatchEvent(new Event('input', { bubbles: true }));
        return true";
    page.evaluate::<bool>(ENTER, &[id, value]).map(|_| ())
}

fn told(page: &Page, id: &str) -> Result<String> {
    page.evaluate("return document.getElementById(arguments[0]).textContent", &[id])
}

fn the_example_follows_its_controls(page: &Page) -> Result<()> {
    enter(page, "gain", "2.5")?;
    enter(page, "steps", "200")?;
    ensure_norms(page, 2.5, 200)?;
    const PATHS: &str = "return document.querySelectorAll('#gradients-chart path, #alignment-chart path').length";
    let paths: usize = page.evaluate(PATHS, &[])?;
    ensure!(paths == 3, "there are {paths} lines in the charts, not 3");
    Ok(())
}

fn the_example_tells_what_does_not_fit(page: &Page) -> Result<()> {
    let own = told(page, "own-told")?;
    ensure!(own.starts_with("L = "), "its own options give: {own}");
    enter(page, "matrix", "1 2 3 4")?;
    let sentence = told(page, "alignment-told")?;
    let expected = "matrix: entry (1, 0) is 3 and entry (0, 1) is 2; expected a symmetric matrix of shape (2, 2)";
    ensure!(sentence == expected, "it tells: {sentence}");
    Ok(())
}

/// Answers the cases within the page: the script brings its own copy of the package's exports.
fn the_package_gives_the_bits_of_native_code(page: &Page) -> Result<()> {
    const RUN: &str = "const script = document.createElement('script');
        script.type = 'module';
        script.textContent = `import * as core from './vanishing-core/index.js';
            await core.default();
            ${arguments[0]};
            window.answers = answerCases(core, window.cases);`;
        window.cases = arguments[1];
        window.answers = undefined;
        document.head.append(script);
        return true";
    let mut cases = js_cases::with_results().map_err(|sentence| anyhow!(sentence))?;
    cases.extend(js_cases::with_errors());
    page.evaluate::<bool>(RUN, &[include_str!("src/scripts/answer_cases.js"), &js_cases::to_text(&cases)])?;
    page.wait_until("the cases are answered", "return window.answers !== undefined")?;
    let answers: String = page.evaluate("return window.answers", &[])?;
    let differences = js_cases::differences(&cases, &answers).map_err(|sentence| anyhow!(sentence))?;
    ensure!(differences.is_empty(), "{} of {}:\n{}", differences.len(), cases.len(), differences.join("\n"));
    Ok(())
}

fn the_console_has_nothing_to_say(page: &Page) -> Result<()> {
    let said = page.console()?;
    ensure!(said.is_empty(), "it says: {said:?}");
    Ok(())
}
