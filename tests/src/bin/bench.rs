//! Times of the core natively and in Chromium; `cargo xtask bench` runs this.

#![allow(clippy::print_stdout, reason = "a command line program prints its table")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use vanishing_tests::engine::Engine;
use vanishing_tests::page::Page;
use vanishing_tests::timing::Times;

#[path = "../../wasm-fingerprint/src/cases.rs"]
mod cases;

/// What is timed.
struct Case {
    /// The name under which the module exports it.
    name: &'static str,
    sentence: &'static str,
    run: fn() -> f64,
    /// Milliseconds that it may take in a browser.
    limit: Option<f64>,
}

const CASES: &[Case] = &[
    Case {
        name: "ensemble_of_starts",
        sentence: "1,000 starts, n = 64, 100 steps, all angles",
        run: cases::ensemble_of_starts,
        limit: Some(10.0),
    },
    Case {
        name: "probability_curve",
        sentence: "exact probability at 100 powers, n = 64",
        run: cases::probability_curve,
        limit: Some(5.0),
    },
    Case { name: "normal_draws", sentence: "64,000 normals", run: cases::normal_draws, limit: None },
    Case {
        name: "gradient_study_64",
        sentence: "gradient study, f64, hidden 64, T = 200",
        run: cases::gradient_study_64,
        limit: Some(0.6),
    },
    Case {
        name: "gradient_study_128",
        sentence: "gradient study, f64, hidden 128, T = 200",
        run: cases::gradient_study_128,
        limit: Some(2.5),
    },
    Case {
        name: "training_step_rnn",
        sentence: "training step, f32, tanh RNN, 64 x 32 x 100",
        run: cases::training_step_rnn,
        limit: Some(3.2),
    },
    Case {
        name: "training_step_lstm",
        sentence: "training step, f32, LSTM",
        run: cases::training_step_lstm,
        limit: Some(12.5),
    },
    Case {
        name: "training_step_gru",
        sentence: "training step, f32, GRU",
        run: cases::training_step_gru,
        limit: Some(12.0),
    },
];

/// The first are a warm-up: a browser compiles well what has run for a while.
const SAMPLES: usize = 60;
const WARM_UP: usize = 20;

/// What the page reports of one case.
#[derive(Deserialize)]
struct Timed {
    times: Vec<f64>,
    result: f64,
}

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let module = arguments.next().context("the first argument is the built module")?;
    let folder = arguments.next().context("the second argument is a folder to serve it from")?;
    write_page(&module, &folder)?;
    let page = Page::start(Engine::Chromium, &folder)?;
    page.open("")?;
    println!("{:46} {:>9} {:>9} {:>7} {:>9}", "medians in milliseconds", "native", "Chromium", "ratio", "at most");
    for case in CASES {
        let here = natively(case.run);
        let there: Timed = page.evaluate(&format!("return window.timed('{}', {SAMPLES})", case.name), &[])?;
        ensure!(there.result == here.result, "{}: {} in Chromium, {} natively", case.name, there.result, here.result);
        let (native, wasm) = (median(here)?, median(there)?);
        let limit = case.limit.map_or(String::new(), |limit| format!("{limit:.1}"));
        println!("{:46} {native:9.2} {wasm:9.2} {:7.2} {limit:>9}", case.sentence, wasm / native);
    }
    Ok(())
}

fn write_page(module: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
    fs::write(folder.join("index.html"), include_str!("../scripts/bench.html")).context("could not write the page")?;
    fs::copy(module, folder.join("cases.wasm")).with_context(|| format!("could not copy {}", module.display()))?;
    Ok(())
}

fn natively(run: fn() -> f64) -> Timed {
    let mut timed = Timed { times: Vec::new(), result: 0.0 };
    for _ in 0..SAMPLES {
        let start = Instant::now();
        timed.result = run();
        timed.times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    timed
}

fn median(timed: Timed) -> Result<f64> {
    Times::new(timed.times.into_iter().skip(WARM_UP)).percentile(50.0).context("nothing was timed")
}
