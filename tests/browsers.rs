//! The built page in three browsers.
//!
//! `cargo xtask test` builds the page and says where it is in `VANISHING_DIST`. Every browser goes through the same
//! list of checks in one session; a failed check leaves a picture of the window and does not keep the next from running.

#![allow(clippy::print_stdout, reason = "each sentence is reported as it is checked")]

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vanishing_tests::checks::{Check, is_trap, run_all};
use vanishing_tests::contract::Seen;
use vanishing_tests::engine::Engine;
use vanishing_tests::page::{Page, keys};
use xtask::compressed_size::files_below;
use xtask::publish::write_keeper;
use xtask::static_server::{Site, StaticServer, listen_anywhere, listen_on};

/// In this order; the last one looks back on all others.
const CHECKS: &[Check] = &[
    ("every figure is drawn and described", every_figure_is_drawn_and_described),
    ("the studies have the bits of native code", the_studies_have_the_bits_of_native_code),
    ("a dragged slider changes picture, label, readout and address", a_dragged_slider_changes_everything),
    ("back and forward restore what was seen", back_and_forward_restore_what_was_seen),
    ("an address shows to others what its owner saw", an_address_shows_what_its_owner_saw),
    ("an arrow key moves a slider", an_arrow_key_moves_a_slider),
    ("an eigenvalue is dragged in the picture", an_eigenvalue_is_dragged_in_the_picture),
    ("an eigenvalue is pushed in the picture by keys", an_eigenvalue_is_pushed_in_the_picture_by_keys),
    ("the start vector is dragged in the picture", the_start_vector_is_dragged_in_the_picture),
    ("k is set by a press and a drag across a chart", k_is_set_by_a_press_and_a_drag_across_a_chart),
    ("playing moves k, and pausing puts it into the address", playing_moves_k),
    ("clipping changes the readouts", clipping_changes_the_readouts),
    ("an address that cannot be read is spoken of", an_address_that_cannot_be_read_is_spoken_of),
    ("two networks train in workers, the clipped one learns, and both as natively", two_networks_train_in_workers),
    ("the largest singular values of a large network come from a worker", large_singular_values_come_from_a_worker),
    ("an embedded page has one worker for all its lanes", an_embedded_page_has_one_worker),
    ("a worker that dies is replaced, and the run is the same", a_worker_that_dies_is_replaced),
    ("without workers the page trains itself, and says so", without_workers_the_page_trains_itself),
    ("an explosion is explained", an_explosion_is_explained),
    ("an experiment fills its table", an_experiment_fills_its_table),
    ("the cliff is played", the_cliff_is_played),
    ("the opening moves by itself, and its slider stops it", the_opening_moves),
    ("a guess is compared with what is true", a_guess_is_compared),
    ("a figure gives its table, its code and its link", a_figure_is_taken_away),
    ("a lesson is given without the mouse", a_lesson_is_given_without_the_mouse),
    ("what was done is undone by its button and by keys", what_was_done_is_undone),
    ("an address embeds a figure alone, with a control that is locked", an_address_embeds_a_figure),
    ("an element on another page is set, moved and read", an_element_on_another_page),
    ("two figures follow a script of the page around them", two_figures_are_coupled),
    ("a network saved by PyTorch is dropped on the page", a_network_is_opened),
    ("a file that is no network is one sentence, and nothing is lost", a_wrong_file_is_refused),
    ("the single file opens from disk and trains in workers", the_single_file_opens_from_disk),
    ("a frame that may run scripts and nothing else trains, and has its height", a_sandboxed_frame_trains),
    ("a frame with a parent of its own listens to no other", a_frame_listens_to_its_parent_alone),
    ("a deck of slides presents a lesson", a_deck_of_slides_presents),
    ("the HTML of a Quarto page and of a Jupyter Book shows its figure", the_html_of_course_pages_shows_its_figure),
    ("a strict content security policy is enough", a_strict_policy_is_enough),
    ("without its server the page opens, of one version", without_its_server_the_page_opens),
    ("axe finds nothing in any theme and mode", axe_finds_nothing),
    ("nothing is wider than the window, from a phone to a wall", nothing_is_wider_than_the_window),
    ("a finger finds everything that it is to touch", a_finger_finds_everything),
    ("nothing moves while the page is opened", nothing_moves_while_the_page_is_opened),
    ("the memory does not grow while the page is used", the_memory_does_not_grow),
    ("changes are timed", changes_are_timed),
    ("the console has nothing to say", the_console_has_nothing_to_say),
];

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

fn run_checks(engine: Engine) -> Result<()> {
    let dist = std::env::var_os("VANISHING_DIST")
        .context("VANISHING_DIST must name the folder of the built page; `cargo xtask test` sets it")?;
    let mut page = Page::start(engine, &PathBuf::from(dist))?;
    println!();
    // A page that does not come to life fails here at once, not once for every check.
    page.open("")?;
    println!("{}: live {:.0} ms after the navigation began", engine.name(), page.ready_time_ms()?);
    run_all(&mut page, CHECKS, "failure")
}

const SLIDER: &str = "eigenvalue-1";
const SLIDER_FIGURE: &str = "eigenvalue-powers";

fn every_figure_is_drawn_and_described(page: &Page) -> Result<()> {
    // Some passages belong to one kind of cell.
    page.open("?cell=lstm")?;
    let slugs = page.figures()?;
    for figure in vanishing_charts::figures::ALL {
        ensure!(slugs.iter().any(|there| there == figure.slug), "there is no figure {}", figure.slug);
    }
    for slug in &slugs {
        let figure = page.wait_for(&format!("{slug} is drawn"), || {
            let figure = page.figure(slug)?;
            Ok((!figure.is_blank).then_some(figure))
        })?;
        ensure!(!figure.label.is_empty(), "the figure {slug} has no aria-label");
    }
    Ok(())
}

fn the_studies_have_the_bits_of_native_code(page: &Page) -> Result<()> {
    page.open("")?;
    page.wait_for_bindings()?;
    let here: String = page.evaluate("return window.wasmBindings.studies_hash()", &[])?;
    let native = format!("{:016x}", vanishing_core::fingerprint::studies_hash());
    ensure!(here == native, "the browser computes {here}, native code {native}");
    Ok(())
}

fn a_dragged_slider_changes_everything(page: &Page) -> Result<()> {
    drag_from_a_fresh_page(page)?;
    Ok(())
}

fn back_and_forward_restore_what_was_seen(page: &Page) -> Result<()> {
    let (before, after) = drag_from_a_fresh_page(page)?;
    page.back()?;
    wait_until_seen(page, "back restores what was seen before", &before)?;
    page.forward()?;
    wait_until_seen(page, "forward brings the change again", &after)
}

fn an_address_shows_what_its_owner_saw(page: &Page) -> Result<()> {
    let (_, after) = drag_from_a_fresh_page(page)?;
    page.open(&after.query)?;
    wait_until_seen(page, "the address alone shows the same", &after)
}

fn an_arrow_key_moves_a_slider(page: &Page) -> Result<()> {
    let before = open_and_see(page)?;
    let value = page.parameter(SLIDER)?;
    page.focus_parameter(SLIDER)?;
    page.press(keys::ARROW_LEFT)?;
    wait_until_all_differ(page, &before)?;
    ensure!(page.parameter(SLIDER)? != value, "the slider still shows {value}");
    Ok(())
}

/// λ_1 = 1.05 on the number line from -1.62 to 1.62, which fills the width of its figure.
const FIRST_EIGENVALUE: (f64, f64) = (0.5 + 1.05 / 3.24, 0.42);

fn an_eigenvalue_is_dragged_in_the_picture(page: &Page) -> Result<()> {
    let before = open_and_see(page)?;
    page.drag_in_figure("eigenvalue-line", FIRST_EIGENVALUE, (0.5, FIRST_EIGENVALUE.1), 8)?;
    let after = wait_until_all_differ(page, &before)?;
    ensure!(after.query.contains(SLIDER), "the address {} does not name {SLIDER}", after.query);
    let value: f64 = page.parameter(SLIDER)?.parse().context("the slider's value is a number")?;
    ensure!(value.abs() < 0.05, "dragged to 0, the eigenvalue is {value}");
    Ok(())
}

fn an_eigenvalue_is_pushed_in_the_picture_by_keys(page: &Page) -> Result<()> {
    open_and_see(page)?;
    page.focus_figure("eigenvalue-line")?;
    page.press(keys::ENTER)?;
    for _ in 0..3 {
        page.press(keys::ARROW_RIGHT)?;
    }
    page.wait_for("three pushes of a hundredth each", || {
        Ok((page.parameter(SLIDER)? == "1.08" && page.query()?.contains("eigenvalue-1=1.08")).then_some(()))
    })?;
    page.press(keys::ESCAPE)?;
    page.press(keys::ARROW_LEFT)?;
    ensure!(page.parameter(SLIDER)? == "1.08", "after Escape the arrow keys still push the eigenvalue");
    Ok(())
}

fn the_start_vector_is_dragged_in_the_picture(page: &Page) -> Result<()> {
    // n = 2, and the start at (c_1, c_2) = (0.05, 1): on the right of the circle, which spans the middle of the picture.
    page.open("?size=2&start=chosen&start-along=0.05&start-across=1")?;
    let label = page.figure("iterate")?.label;
    // The circle's radius is 1/2.72 of the shorter side, which is the height; the picture is 1.25 times as wide.
    let radius = 0.95 / 2.72;
    page.drag_in_figure("iterate", (0.5 + radius / 1.25, 0.53), (0.5, 0.53 - radius), 8)?;
    page.wait_for("the start goes where it is dragged", || {
        let query = page.query()?;
        Ok((!query.contains("start-along=0.05") && page.figure("iterate")?.label != label).then_some(()))
    })
}

fn k_is_set_by_a_press_and_a_drag_across_a_chart(page: &Page) -> Result<()> {
    open_and_see(page)?;
    page.drag_in_figure(SLIDER_FIGURE, (0.5, 0.5), (0.5, 0.5), 0)?;
    page.wait_for("a press sets k", || Ok((page.parameter("power")? != "10").then_some(())))?;
    let pressed = page.parameter("power")?;
    page.drag_in_figure(SLIDER_FIGURE, (0.5, 0.5), (0.3, 0.5), 6)?;
    page.wait_for("a drag moves k, everywhere and in the address", || {
        let k = page.parameter("power")?;
        let told = page.readouts()?.get("k").cloned().unwrap_or_default();
        Ok((k != pressed && told == k && page.query()?.contains(&format!("power={k}"))).then_some(()))
    })
}

fn playing_moves_k(page: &Page) -> Result<()> {
    page.open("?power=0")?;
    page.click_action("play")?;
    page.wait_for("k moves by itself", || Ok((page.readouts()?.get("k").is_some_and(|k| k != "0")).then_some(())))?;
    page.click_action("pause")?;
    page.wait_for("the address has the k that was reached", || {
        let k = page.readouts()?.get("k").cloned().unwrap_or_default();
        let query = page.query()?;
        Ok((query.contains(&format!("power={k}")) || k == "10").then_some(()))
    })
}

fn clipping_changes_the_readouts(page: &Page) -> Result<()> {
    page.open("")?;
    let before = page.readouts()?;
    page.click_parameter("clip-norm")?;
    page.wait_for("clipping changes a readout", || Ok((page.readouts()? != before).then_some(())))
}

fn an_address_that_cannot_be_read_is_spoken_of(page: &Page) -> Result<()> {
    page.open("?power=abc&eigenvalue-1=99&nonsense=1")?;
    let notices = page.notices()?.join("\n");
    for named in ["abc", "99", "nonsense"] {
        ensure!(notices.contains(named), "no notice names {named}; they say: {notices:?}");
    }
    Ok(())
}

/// How long a run may take here, in looks of a wait each: machines are slow, and browsers share them.
const LOOKS: usize = 8;

/// Starts the lanes of an address and waits for their end; what the figures of the losses and the gradients say then.
fn train_to_the_end(page: &Page, query: &str, meanwhile: impl FnOnce(&Page) -> Result<()>) -> Result<[String; 2]> {
    page.open(query)?;
    page.click_action("train-start")?;
    let state = || page.readouts().map(|readouts| readouts.get("lab-state").cloned().unwrap_or_default());
    // A short run may be over before it is seen to begin.
    page.wait_for("training begins", || Ok((state()? != "not started").then_some(())))?;
    meanwhile(page)?;
    wait_for_the_end(page)
}

/// Waits until all lanes have ended; what the figures of the losses and the gradients say then.
fn wait_for_the_end(page: &Page) -> Result<[String; 2]> {
    let all_ended = || -> Result<bool> {
        page.evaluate(
            "return [...document.querySelectorAll('[data-lanes] button:not([hidden]) .state')]\
             .every((state) => /^(stopped|left)/.test(state.textContent))",
            &[],
        )
    };
    for look in 1.. {
        match page.wait_for("all lanes end", || Ok(all_ended()?.then_some(()))) {
            Ok(()) => break,
            Err(error) if look == LOOKS => return Err(error),
            Err(_) => {}
        }
    }
    Ok([page.figure("training-loss")?.label, page.figure("training-gradient-norm")?.label])
}

/// Where the lane that is looked at stands.
fn update_reached(page: &Page) -> Result<u64> {
    let state = page.readouts()?.get("lab-state").cloned().unwrap_or_default();
    let number = state.split("update ").nth(1).and_then(|rest| rest.split(' ').next());
    Ok(number.and_then(|text| text.replace(',', "").parse().ok()).unwrap_or(0))
}

/// The same in native code.
fn trained_natively(query: &str) -> [String; 2] {
    let mut lab = vanishing_app::Lab::new(query).0;
    lab.train(u64::MAX);
    ["training-loss", "training-gradient-norm"].map(|slug| lab.summary(slug).unwrap_or_default())
}

fn ensure_as_natively(found: &[String; 2], query: &str) -> Result<()> {
    let native = trained_natively(query);
    ensure!(*found == native, "the browser shows {found:#?}, native code {native:#?}");
    Ok(())
}

fn two_networks_train_in_workers(page: &Page) -> Result<()> {
    const QUERY: &str = "?stop-step=400&lane=b";
    let found = train_to_the_end(page, QUERY, |_| Ok(()))?;
    ensure_as_natively(&found, QUERY)?;
    let readouts = page.readouts()?;
    let said = |name: &str| readouts.get(name).cloned().unwrap_or_default();
    ensure!(said("lab-where").starts_with("in workers beside the page"), "it trains {}", said("lab-where"));
    ensure!(said("lab-verdict").contains("learns"), "the clipped lane: {}", said("lab-verdict"));
    page.click_action("lane:a")?;
    page.wait_for("the unclipped lane does not learn", || {
        let verdict = page.readouts()?.get("lab-verdict").cloned().unwrap_or_default();
        Ok(verdict.contains("no better than guessing").then_some(()))
    })
}

fn large_singular_values_come_from_a_worker(page: &Page) -> Result<()> {
    const QUERY: &str = "?hidden-size=96&recurrent=gaussian&activation=tanh&gain=1.2&sequence-length=30";
    page.open(QUERY)?;
    page.evaluate::<()>("document.querySelector('[data-figure=jacobian-singular-values]').scrollIntoView()", &[])?;
    let label = page.wait_for("they are found", || {
        let label = page.figure("jacobian-singular-values")?.label;
        Ok(label.starts_with("The 10 largest of 96 singular values").then_some(label))
    })?;
    let mut native = vanishing_app::Lab::new(QUERY).0;
    native.complete("jacobian-singular-values");
    ensure!(Some(&label) == native.summary("jacobian-singular-values").as_ref(), "native code says otherwise: {label}");
    page.screenshot("large-singular-values")?;
    Ok(())
}

fn an_embedded_page_has_one_worker(page: &Page) -> Result<()> {
    page.open_other("examples/plain.html")?;
    page.settle_frames()?;
    let query = format!(
        "../index.html?only=training-loss,jacobian-singular-values&hidden-size=80&sequence-length=20&{SMALL}&lanes=4"
    );
    page.evaluate::<()>("document.querySelector('iframe').src = arguments[0]", &[&query])?;
    page.wait_until(
        "the frame is live",
        &format!("{LIVE_FRAME} && document.querySelector('iframe').contentWindow.location.search.includes('lanes=4')"),
    )?;
    let inside = "document.querySelector('iframe')";
    page.evaluate::<()>(
        &format!("{inside}.contentDocument.querySelector('[data-action=train-start]').click(); {inside}.contentDocument.querySelector('[data-figure=jacobian-singular-values]').scrollIntoView()"),
        &[],
    )?;
    let label = |slug: &str| {
        page.evaluate::<String>(
            &format!("return {inside}.contentDocument.querySelector('[data-figure={slug}] canvas').getAttribute('aria-label')"),
            &[],
        )
    };
    page.wait_for("all lanes are trained, and the singular values found", || {
        let (loss, values) = (label("training-loss")?, label("jacobian-singular-values")?);
        Ok((loss.matches("after 300 updates").count() == 4 && values.starts_with("The 10 largest of 80")).then_some(()))
    })?;
    let count: u32 = page.evaluate(&format!("return {inside}.contentWindow.__workers ?? 0"), &[])?;
    ensure!(count == 1, "{count} workers");
    Ok(())
}

const SMALL: &str = "a.hidden-size=12&a.sequence-length=15&a.batch-size=8&stop-step=300";

fn a_worker_that_dies_is_replaced(page: &Page) -> Result<()> {
    const LAST: u64 = 1000;
    let query = format!("?a.hidden-size=40&a.sequence-length=60&lanes=1&stop-step={LAST}");
    let found = train_to_the_end(page, &query, |page| {
        page.wait_for_bindings()?;
        page.wait_for("the worker answers", || Ok((update_reached(page)? > 0).then_some(())))?;
        page.evaluate::<()>("window.wasmBindings.kill_worker(0)", &[])?;
        ensure!(update_reached(page)? < LAST, "it died after its work was done");
        Ok(())
    })?;
    ensure_as_natively(&found, &query)?;
    let place = page.readouts()?.get("lab-where").cloned().unwrap_or_default();
    ensure!(place.starts_with("in workers"), "after one death it trains {place}");
    Ok(())
}

fn without_workers_the_page_trains_itself(page: &Page) -> Result<()> {
    let query = format!("?{SMALL}&workers=0");
    let found = train_to_the_end(page, &query, |_| Ok(()))?;
    ensure_as_natively(&found, &query)?;
    let place = page.readouts()?.get("lab-where").cloned().unwrap_or_default();
    ensure!(place.starts_with("on the page’s own thread, in slices"), "it trains {place}");
    Ok(())
}

fn an_explosion_is_explained(page: &Page) -> Result<()> {
    let query = "?lanes=1&a.task=adding&a.activation=relu&a.learning-rate=100&a.hidden-size=8&a.sequence-length=20";
    train_to_the_end(page, query, |_| Ok(()))?;
    page.wait_for("the remedies were tried on it", || {
        let text = page.readouts()?.get("lab-explanation").cloned().unwrap_or_default();
        Ok((text.contains("the first number that is not finite") && text.contains("stayed finite")).then_some(()))
    })
}

fn an_experiment_fills_its_table(page: &Page) -> Result<()> {
    let tried = "try-clip-value=0&try-clip-state=0&try-truncation=0&try-detect=0&try-l2=0&try-gradient-scale=0&try-batch-norm=0&try-lstm=0&try-gru=0";
    page.open(&format!("?a.hidden-size=8&a.sequence-length=10&a.batch-size=4&stop-step=30&seeds=2&{tried}"))?;
    page.click_action("experiment-start")?;
    page.wait_for("all six runs are done", || {
        let text = page.readouts()?.get("experiment-progress").cloned().unwrap_or_default();
        Ok(text.starts_with("done").then_some(()))
    })?;
    let rows: Vec<String> = page.evaluate(
        "return [...document.querySelectorAll('[data-evidence] tbody tr')].map((row) => row.textContent)",
        &[],
    )?;
    ensure!(rows.len() == 3 && rows.iter().any(|row| row.contains("the same bits")), "the table has {rows:#?}");
    page.click_action("sort:remedy")?;
    page.wait_for("the table is sorted", || {
        let first: String =
            page.evaluate("return document.querySelector('[data-evidence] tbody th').textContent", &[])?;
        Ok((first == "clip by global norm").then_some(()))
    })
}

fn the_cliff_is_played(page: &Page) -> Result<()> {
    page.open("?cliff-step=0")?;
    let step = || page.readouts().map(|readouts| readouts.get("cliff-step").cloned().unwrap_or_default());
    page.click_action("cliff-play")?;
    page.wait_for("the descents go on by themselves", || Ok((step()? != "0").then_some(())))?;
    page.click_action("cliff-pause")?;
    page.wait_for("the address has the update that was reached", || {
        Ok(page.query()?.contains(&format!("cliff-step={}", step()?)).then_some(()))
    })
}

fn the_opening_moves(page: &Page) -> Result<()> {
    page.open("")?;
    let gain = || page.parameter("opening-gain");
    let first = gain()?;
    page.wait_for("another gain by itself", || Ok((gain()? != first).then_some(())))?;
    page.focus_parameter("opening-gain")?;
    page.press(keys::ARROW_RIGHT)?;
    page.wait_for("the slider is in the address", || Ok(page.query()?.contains("opening-gain=").then_some(())))?;
    let stopped = gain()?;
    page.wait_for_frames()?;
    ensure!(gain()? == stopped, "it went on to {}", gain()?);
    Ok(())
}

fn a_guess_is_compared(page: &Page) -> Result<()> {
    page.open("?guess-powers-1=0.01")?;
    let answer = || Ok::<_, anyhow::Error>(page.readouts()?.get("answer-powers-1").cloned().unwrap_or_default());
    ensure!(answer()?.is_empty(), "it is answered before it is asked: {}", answer()?);
    page.click_action("compare:powers-1")?;
    page.wait_for("the answer", || Ok(answer()?.contains("0.00515").then_some(())))
}

fn a_figure_is_taken_away(page: &Page) -> Result<()> {
    page.open("?power=20")?;
    // By keyboard: what opens by Enter is a button for everyone.
    page.evaluate::<()>("document.querySelector('#figure-eigenvalue-powers summary').focus()", &[])?;
    page.press(keys::ENTER)?;
    page.click_action("table:eigenvalue-powers")?;
    page.click_action("code:eigenvalue-powers")?;
    let shown: Vec<String> = page.wait_for("table and code", || {
        let texts: Vec<String> = page.evaluate(
            "return [...document.querySelectorAll('[data-sheet=eigenvalue-powers] :is(pre, caption, tbody tr:last-child)')].map((part) => part.textContent)",
            &[],
        )?;
        Ok((texts.len() == 3).then_some(texts))
    })?;
    let native = vanishing_app::script::of("eigenvalue-powers", vanishing_app::Lab::new("power=20").0.chosen(), None);
    ensure!(shown.iter().any(|text| native.as_deref() == Some(text)), "the code is {shown:?}");
    ensure!(shown.iter().any(|text| text.contains("every number")), "the caption is {shown:?}");
    // Every figure can be saved as a picture; what is drawn for it is not empty.
    page.evaluate::<()>(
        "window.saved = []; HTMLAnchorElement.prototype.click = function () { window.saved.push([this.download, this.href.length]); }",
        &[],
    )?;
    for action in ["png:eigenvalue-powers", "svg:eigenvalue-powers", "csv:eigenvalue-powers"] {
        page.click_action(action)?;
    }
    let saved: Vec<(String, u64)> = page.wait_for("three files", || {
        let saved: Vec<(String, u64)> = page.evaluate("return window.saved", &[])?;
        Ok((saved.len() == 3).then_some(saved))
    })?;
    for (name, length) in saved {
        ensure!(name.starts_with("vanishing-point-eigenvalue-powers.") && length > 2_000, "{name} has {length} bytes");
    }
    Ok(())
}

fn a_lesson_is_given_without_the_mouse(page: &Page) -> Result<()> {
    const PAGE_DOWN: &str = "\u{e00f}";
    page.open("")?;
    page.evaluate::<()>("document.querySelector('#cliff').scrollIntoView(); document.activeElement.blur()", &[])?;
    let scrolled = || page.evaluate::<f64>("return Math.round(scrollY)", &[]);
    let says = |part: &str| {
        page.evaluate::<String>(&format!("return document.querySelector('[data-stage={part}]').textContent"), &[])
    };
    page.wait_for("the chapter is read", || {
        let current: String =
            page.evaluate("return document.querySelector('.contents [aria-current]')?.textContent ?? ''", &[])?;
        Ok(current.contains("Cliff").then_some(()))
    })?;
    let before = scrolled()?;
    page.press("p")?;
    page.wait_for("the first beat", || Ok((says("place")? == "1 / 7").then_some(())))?;
    for _ in 0..2 {
        page.press(keys::ARROW_RIGHT)?;
    }
    page.wait_for("a question", || Ok((says("place")? == "3 / 7" && says("say")?.is_empty()).then_some(())))?;
    page.press(PAGE_DOWN)?;
    page.wait_for("its answer", || Ok(says("say")?.contains("longer than everything").then_some(())))?;
    ensure!(!page.figure("cliff")?.is_blank, "the figure on the stage is blank");
    let fits: bool = page.evaluate(
        "const stage = document.querySelector('dialog.stage'); return stage.open && stage.scrollHeight <= stage.clientHeight + 1",
        &[],
    )?;
    ensure!(fits, "the stage is higher than the window");
    page.press(" ")?;
    page.wait_for("the descents go on", || {
        let step: f64 = page.parameter("cliff-step")?.parse()?;
        Ok((step > 46.0).then_some(()))
    })?;
    page.press(" ")?;
    page.press("3")?;
    page.wait_for("the third preset", || Ok(page.query()?.contains("cliff-threshold=100").then_some(())))?;
    page.press("?")?;
    let help = || page.evaluate::<bool>("return document.querySelector('dialog.manual').open", &[]);
    page.wait_for("the help", || Ok(help()?.then_some(())))?;
    page.press(keys::ESCAPE)?;
    page.wait_for("the help is closed", || Ok((!help()?).then_some(())))?;
    page.press(keys::ESCAPE)?;
    page.wait_for("the page again", || {
        let open: bool = page.evaluate("return document.querySelector('dialog.stage').open", &[])?;
        Ok((!open).then_some(()))
    })?;
    let after = scrolled()?;
    ensure!((after - before).abs() < 3.0, "the text was at {before} and is at {after}");
    ensure!(!page.figure("cliff")?.is_blank, "the figure did not come back");
    Ok(())
}

fn what_was_done_is_undone(page: &Page) -> Result<()> {
    page.open("")?;
    let before = page.parameter(SLIDER)?;
    page.drag_slider(SLIDER, 0.8, 3)?;
    page.wait_for("the slider has moved", || Ok((page.parameter(SLIDER)? != before).then_some(())))?;
    page.click_action("undo")?;
    page.wait_for("the slider is back", || Ok((page.parameter(SLIDER)? == before).then_some(())))?;
    let chord = |shift: bool| -> Result<bool> {
        page.evaluate(
            &format!(
                "return !document.body.dispatchEvent(new KeyboardEvent('keydown', {{ key: 'z', ctrlKey: true, shiftKey: {shift}, bubbles: true, cancelable: true }}))"
            ),
            &[],
        )
    };
    ensure!(chord(true)?, "nobody took Ctrl Shift Z");
    page.wait_for("the slider has moved again", || Ok((page.parameter(SLIDER)? != before).then_some(())))?;
    ensure!(chord(false)?, "nobody took Ctrl Z");
    page.wait_for("the slider is back again", || Ok((page.parameter(SLIDER)? == before).then_some(())))
}

fn an_address_embeds_a_figure(page: &Page) -> Result<()> {
    page.open("?only=gradient-norms,tea&lock=cell&hide=captions,gain&recurrent=orthogonal")?;
    let seen: Vec<String> = page.evaluate(
        "const seen = (part) => part.getClientRects().length > 0;
         return [...document.querySelectorAll('figure, figcaption, [data-control], section, nav')].filter(seen)
           .map((part) => part.dataset.figure ?? part.dataset.control ?? part.tagName)",
        &[],
    )?;
    ensure!(seen.contains(&"gradient-norms".to_owned()) && seen.contains(&"hidden-size".to_owned()), "{seen:?}");
    let more = ["SECTION", "NAV", "FIGCAPTION", "spectrum", "gain"];
    ensure!(!seen.iter().any(|name| more.contains(&name.as_str())), "there is more than was asked for: {seen:?}");
    ensure!(page.notices()?.iter().any(|text| text.contains("“tea” is not a figure")), "{:?}", page.notices()?);
    let locked: bool = page.evaluate("return document.querySelector('.embedded [data-param=cell]').disabled", &[])?;
    ensure!(locked, "the cell can be changed");
    ensure!(!page.figure("gradient-norms")?.is_blank, "the figure is blank");
    Ok(())
}

fn an_element_on_another_page(page: &Page) -> Result<()> {
    page.open("examples/element.html")?;
    let query = || page.evaluate::<String>("return document.querySelector('vanishing-figure').query", &[]);
    ensure!(query()?.contains("cell=lstm") && query()?.contains("forget-bias=1"), "it says {}", query()?);
    let length: f64 = page.evaluate("return history.length", &[])?;
    page.evaluate::<()>("document.querySelector('#open').click()", &[])?;
    page.wait_for("the attribute arrives", || Ok(query()?.contains("forget-bias=3").then_some(())))?;
    // A locked parameter does not move, and what is no parameter is told.
    page.evaluate::<()>(
        "const figure = document.querySelector('vanishing-figure'); figure.set('cell=rnn&time=7'); \
         window.csv = null; figure.data.then((csv) => { window.csv = csv; })",
        &[],
    )?;
    page.wait_for("the time moves", || Ok(query()?.contains("time=7").then_some(())))?;
    ensure!(query()?.contains("cell=lstm"), "a message moved what is locked: {}", query()?);
    let csv: String = page.wait_for("the numbers", || page.evaluate("return window.csv", &[]))?;
    ensure!(csv.starts_with("time step t") && csv.lines().count() > 50, "the numbers are {csv}");
    let (focus, after): (bool, f64) =
        page.evaluate("return [document.activeElement === document.body, history.length]", &[])?;
    ensure!(focus, "a frame took the focus");
    ensure!(after == length, "the frame wrote {} entries into the history", after - length);
    page.screenshot("example-element")?;
    Ok(())
}

fn two_figures_are_coupled(page: &Page) -> Result<()> {
    page.open("examples/coupled.html")?;
    page.evaluate::<()>(
        "const slider = document.querySelector('#leader'); \
         for (let i = 0; i < 500; i += 1) { slider.value = 0.8 + (i % 40) / 100; slider.dispatchEvent(new Event('input')); } \
         slider.value = 0.93; slider.dispatchEvent(new Event('input'))",
        &[],
    )?;
    page.screenshot("example-coupled")?;
    page.wait_for("both have the last value", || {
        let both: Vec<String> = page
            .evaluate("return [...document.querySelectorAll('vanishing-figure')].map((figure) => figure.query)", &[])?;
        Ok(both.iter().all(|query| query.contains("eigenvalue-1=0.93")).then_some(()))
    })
}

/// Offers a file to the page, as its field for files does.
fn offer_file(page: &Page, name: &str, content: &[u8]) -> Result<()> {
    let encoded = STANDARD.encode(content);
    page.evaluate(
        "const bytes = Uint8Array.from(atob(arguments[1]), (letter) => letter.charCodeAt(0));
         const data = new DataTransfer();
         data.items.add(new File([bytes], arguments[0]));
         window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));",
        &[name, &encoded],
    )
}

fn saved_by_pytorch(name: &str) -> Result<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("networks").join(name);
    std::fs::read(&path).with_context(|| format!("could not read {}", path.display()))
}

fn a_network_is_opened(page: &Page) -> Result<()> {
    const NAME: &str = "lstm.safetensors";
    page.open("")?;
    let content = saved_by_pytorch(NAME)?;
    offer_file(page, NAME, &content)?;
    let strip = || page.evaluate::<String>("return document.querySelector('[data-own=strip-text]').textContent", &[]);
    page.wait_for("the network is shown", || Ok((!strip()?.is_empty()).then_some(())))?;
    ensure!(
        strip()?.starts_with("lstm.safetensors: LSTM, 2 layers, 8 hidden units, 3 inputs."),
        "it says {}",
        strip()?
    );
    let mut lab = vanishing_app::Lab::new("").0;
    lab.open_network(NAME, &content).map_err(anyhow::Error::msg)?;
    for slug in ["gradient-norms", "spectrum", "jacobian-singular-values"] {
        let native = lab.summary(slug).unwrap_or_default();
        page.wait_for("the figures follow", || Ok((page.figure(slug)?.label == native).then_some(())))
            .with_context(|| format!("{slug} should say {native}"))?;
    }
    page.click_action("own-close")?;
    page.wait_for("it is gone", || Ok(strip()?.is_empty().then_some(())))
}

fn a_wrong_file_is_refused(page: &Page) -> Result<()> {
    page.open("?seed=3")?;
    let before = page.figure("gradient-norms")?.label;
    let mut cut = saved_by_pytorch("gru.safetensors")?;
    cut.truncate(cut.len() - 10);
    for (name, content, part) in [
        ("cut.safetensors", &cut[..], "it is cut off"),
        ("<img src=x onerror=alert(1)>.pt", b"PK\x03\x04 and so on", "pickles"),
        ("__proto__", b"{\"__proto__\": 1}", "is missing"),
        ("nothing", b"", "is empty"),
    ] {
        offer_file(page, name, content)?;
        page.wait_for("a sentence", || Ok(page.notices()?.iter().any(|text| text.contains(part)).then_some(())))?;
        let (images, count): (u32, u32) = page.evaluate(
            "return [document.querySelectorAll('.notices img').length, document.querySelectorAll('.notices li').length]",
            &[],
        )?;
        ensure!((images, count) == (0, 1), "a file's name became HTML, or there is more than one sentence");
    }
    ensure!(page.figure("gradient-norms")?.label == before, "a wrong file changed the page");
    Ok(())
}

fn the_single_file_opens_from_disk(page: &Page) -> Result<()> {
    let file = page.dist().join("vanishing-point.html");
    let query = format!("?{SMALL}&lane=b");
    page.go(&format!("file://{}{query}", file.display()))?;
    page.wait_until_live()?;
    page.click_action("train-start")?;
    let found = wait_for_the_end(page)?;
    ensure_as_natively(&found, &query)?;
    let place = page.readouts()?.get("lab-where").cloned().unwrap_or_default();
    ensure!(place.starts_with("in workers"), "it trains {place}");
    let fetched: Vec<String> = page.evaluate(
        "return performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => !/^(blob|data):/.test(name))",
        &[],
    )?;
    ensure!(fetched.is_empty(), "it fetched {fetched:?}");
    // A control still writes the address, where the browser lets a file do so.
    page.drag_slider(SLIDER, 0.8, 3)?;
    ensure!(page.evaluate::<bool>("return !document.documentElement.dataset.failed", &[])?, "it failed");
    Ok(())
}

fn a_sandboxed_frame_trains(page: &Page) -> Result<()> {
    page.open_other("examples/lms.html")?;
    page.wait_until("the frame is ready", "return document.querySelector('#heard').textContent !== ''")?;
    page.wait_until(
        "the frame has the height that it asked for",
        "const height = document.querySelector('iframe').style.height; return parseInt(height, 10) > 200",
    )?;
    let (focus, scroll): (bool, f64) =
        page.evaluate("return [document.activeElement === document.body, window.scrollY]", &[])?;
    ensure!(focus && scroll == 0.0, "the frame took the focus, or scrolled its page to {scroll}");
    page.in_frame(0, || {
        page.evaluate::<()>("document.querySelector('[data-action=train-start]').click()", &[])?;
        page.wait_for("training ends", || {
            Ok(page.figure("training-loss")?.label.contains("after 200 updates").then_some(()))
        })?;
        // Whether a frame without an origin may write to the clipboard is the browser's affair; it is told either way.
        page.evaluate::<()>("document.querySelector('[data-action^=copy-link]').click()", &[])?;
        page.wait_until(
            "a sentence about the link",
            "return /The link was copied\\.|Copy this link: http/.test(document.body.textContent)",
        )
    })?;
    page.screenshot("example-lms").map(drop)
}

/// Looked at from outside: a driver that goes into a frame while it loads may never come back, and may give it the focus.
const LIVE_FRAME: &str =
    "return document.querySelector('iframe').contentDocument?.documentElement?.dataset.ready === 'true'";

fn a_frame_listens_to_its_parent_alone(page: &Page) -> Result<()> {
    page.open_other("examples/plain.html")?;
    page.settle_frames()?;
    let frame = |parent: &str| {
        let query = format!("../index.html?only=gradient-norms&time=5{parent}");
        page.evaluate::<()>(
            "window.heard = []; addEventListener('message', ({ data }) => { if (data.event) window.heard.push(data.event); });
             document.querySelector('iframe').src = arguments[0];",
            &[&query],
        )?;
        let address = query.trim_start_matches("../index.html").to_owned();
        let live = || {
            page.evaluate(&format!("{LIVE_FRAME} && document.querySelector('iframe').contentWindow.location.search.startsWith(arguments[0])"), &[&address])
        };
        page.wait_for("the frame is live", || Ok(live().unwrap_or(false).then_some(())))
    };
    let send = |message: &str| {
        page.evaluate::<()>(&format!("document.querySelector('iframe').contentWindow.postMessage({message}, '*')"), &[])
    };
    let time = || {
        page.evaluate::<String>(
            "return document.querySelector('iframe').contentDocument.querySelector('[data-param=time]').value",
            &[],
        )
    };
    frame("")?;
    page.screenshot("example-plain")?;
    for message in [
        "{ type: 'tea', set: 'time=9' }",
        "'time=9'",
        "null",
        "{ type: 'vanishing-point', set: { time: 9 } }",
        "{ type: 'vanishing-point', set: 'time='.padEnd(30000, '9') }",
    ] {
        send(message)?;
    }
    send("{ type: 'vanishing-point', set: 'time=7' }")?;
    page.wait_for("its parent is heard", || Ok((time()? == "7").then_some(())))?;
    frame("&parent=https://elsewhere.example")?;
    send("{ type: 'vanishing-point', set: 'time=8' }")?;
    // What would come, comes with the next frames.
    page.evaluate::<()>("window.later = false; setTimeout(() => { window.later = true; }, 700)", &[])?;
    page.wait_until("some frames have passed", "return window.later")?;
    ensure!(time()? == "5", "another origin moved the time to {}", time()?);
    let heard: Vec<String> = page.evaluate("return window.heard", &[])?;
    ensure!(heard.is_empty(), "another origin was told {heard:?}");
    Ok(())
}

fn a_deck_of_slides_presents(page: &Page) -> Result<()> {
    page.open_other("examples/slides.html#two")?;
    // Looked at from outside: a driver that goes into a frame may give it the focus.
    page.wait_until(
        "a lesson on the second slide",
        "const inside = document.querySelector('iframe').contentDocument; return inside?.documentElement.dataset.ready === 'true' && inside.querySelector('dialog.stage').open",
    )?;
    ensure!(page.evaluate::<bool>("return document.activeElement === document.body", &[])?, "the slide took the focus");
    page.screenshot("example-slides")?;
    Ok(())
}

fn the_html_of_course_pages_shows_its_figure(page: &Page) -> Result<()> {
    for (file, fence) in [("lesson.qmd", "```{=html}"), ("lesson.md", "```{raw} html")] {
        let text = std::fs::read_to_string(page.dist().join("examples").join(file))?;
        let html = text.split(fence).nth(1).and_then(|rest| rest.split("```").next()).context("there is no HTML")?;
        page.open_other("examples/plain.html")?;
        page.settle_frames()?;
        let here = html.replace("https://example.org/vanishing-point/", "../index.html");
        page.evaluate::<()>("document.body.innerHTML = arguments[0]", &[&here])?;
        page.wait_until("the frame is live", LIVE_FRAME)?;
        let figure = page.in_frame(0, || page.figure("gradient-norms"))?;
        ensure!(!figure.is_blank, "the figure of {file} is blank");
    }
    page.screenshot("example-quarto")?;
    Ok(())
}

/// What a page must at least be allowed; `docs/embedding.md` tells it to those who serve it.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
    connect-src 'self'; worker-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

fn a_strict_policy_is_enough(page: &Page) -> Result<()> {
    let site = Site::new(page.dist()).under("/strict/").with_header("content-security-policy", POLICY);
    let server = StaticServer::start(site, listen_anywhere()?)?;
    page.go(&format!("{}?{SMALL}&lanes=1", server.address()))?;
    page.wait_until_live()?;
    page.evaluate::<()>(
        "window.violations = []; addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI))",
        &[],
    )?;
    page.click_action("train-start")?;
    wait_for_the_end(page)?;
    let place = page.readouts()?.get("lab-where").cloned().unwrap_or_default();
    ensure!(place.starts_with("in workers"), "it trains {place}");
    page.click_action("table:gradient-norms")?;
    page.click_action("embed:gradient-norms")?;
    let (serif, violations): (bool, Vec<String>) =
        page.evaluate("return [getComputedStyle(document.body).fontFamily.includes('serif'), window.violations]", &[])?;
    ensure!(serif, "the page has no looks");
    ensure!(violations.is_empty(), "it was refused {violations:?}");
    page.go("about:blank")
}

fn without_its_server_the_page_opens(page: &Page) -> Result<()> {
    let folder =
        std::env::temp_dir().join(format!("vanishing-offline-{}-{}", page.engine().name(), std::process::id()));
    let kept = Kept(folder);
    kept.copy(page.dist())?;
    let server = StaticServer::start(Site::new(&kept.0), listen_anywhere()?)?;
    let (address, port) = (server.address(), server.port());
    page.go(&address)?;
    page.wait_until_live()?;
    if !page.evaluate::<bool>("return 'serviceWorker' in navigator", &[])? {
        println!("{}: it keeps no pages (no service workers), so this was not tried", page.engine().name());
        return page.go("about:blank");
    }
    if let Err(error) = page.wait_until("the page is kept", "return 'offlineReady' in document.documentElement.dataset")
    {
        if page.engine() == Engine::WebKit {
            println!("{}: under automation it keeps no pages, so this was not tried", page.engine().name());
            return page.go("about:blank");
        }
        return Err(error);
    }
    drop(server);
    let query = format!("?{SMALL}&lanes=1");
    page.go(&format!("{address}{query}"))?;
    page.wait_until_live().context("without its server")?;
    page.click_action("train-start")?;
    wait_for_the_end(page).context("without its server")?;
    // A newer version is published: this window goes on with the old one, all of it, until it is closed.
    let index = kept.0.join("index.html");
    let text = std::fs::read_to_string(&index)?.replacen("<body>", "<body data-version=\"2\">", 1);
    std::fs::write(&index, text)?;
    write_keeper(&kept.0)?;
    let server = StaticServer::start(Site::new(&kept.0), listen_on(port)?)?;
    let version = || page.evaluate::<Option<String>>("return document.body.dataset.version ?? null", &[]);
    page.go(&address)?;
    page.wait_until_live()?;
    ensure!(version()?.is_none(), "a page was served from one version and its program from another");
    page.evaluate::<()>(
        "navigator.serviceWorker.getRegistration().then((found) => { window.found = found; return found.update(); })",
        &[],
    )?;
    page.wait_until("the newer version is fetched and waits", "return Boolean(window.found?.waiting)")?;
    // A page that some browsers keep for the way back is still a window that shows it; one with such a listener is not kept.
    page.evaluate::<()>("addEventListener('unload', () => {})", &[])?;
    page.go("about:blank")?;
    page.wait_for("the newer version takes its place", || {
        page.go(&address)?;
        page.wait_until_live()?;
        let found = version()?;
        if found.is_none() {
            page.evaluate::<()>("addEventListener('unload', () => {})", &[])?;
            page.go("about:blank")?;
        }
        Ok(found.map(drop))
    })?;
    drop(server);
    page.go(&address)?;
    page.wait_until_live().context("the newer version without its server")?;
    ensure!(version()?.is_some(), "the older version came back");
    page.go("about:blank")
}

/// A copy of the built page, removed with this value.
struct Kept(PathBuf);

impl Kept {
    fn copy(&self, from: &std::path::Path) -> Result<()> {
        for file in files_below(from)? {
            let to = self.0.join(file.strip_prefix(from)?);
            if let Some(folder) = to.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::copy(&file, &to)?;
        }
        Ok(())
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn axe_finds_nothing(page: &Page) -> Result<()> {
    let path = std::env::var_os("VANISHING_AXE")
        .context("VANISHING_AXE must name axe-core's script; `cargo xtask test` sets it")?;
    let axe = std::fs::read_to_string(path).context("axe-core's script cannot be read")?;
    let open_all = "document.querySelectorAll('details').forEach((part) => { part.open = true; }); \
        document.querySelectorAll('[data-toggle]').forEach((button) => button.click());";
    let modes = [
        ("?theme=light", open_all),
        (
            "?theme=dark&compare-powers-1=1&guess-powers-1=0.1",
            "document.querySelector('[data-action=\"table:gradient-norms\"]').click(); document.querySelector('[data-action=\"code:gradient-norms\"]').click();",
        ),
        ("?theme=projector&cell=lstm", ""),
        ("?present=gradients&beat=3&theme=dark", ""),
        ("?only=gradient-norms,eigenvalue-powers&theme=light", ""),
        ("?theme=light", "document.querySelector('[data-action=help]').click();"),
    ];
    for (query, prepare) in modes {
        page.open(query)?;
        page.evaluate::<()>(prepare, &[])?;
        page.wait_for_frames()?;
        page.evaluate::<()>("(0, eval)(arguments[0])", &[&axe])?;
        page.evaluate::<()>(
            "window.found = null; axe.run(document).then((all) => { window.found = all.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}`)); })",
            &[],
        )?;
        let mut found = None;
        for _ in 0..LOOKS {
            found =
                page.wait_for("axe is done", || page.evaluate::<Option<Vec<String>>>("return window.found", &[])).ok();
            if found.is_some() {
                break;
            }
        }
        let found = found.context("axe is not done")?;
        ensure!(found.is_empty(), "{query} {prepare}: {found:#?}");
    }
    Ok(())
}

fn nothing_is_wider_than_the_window(page: &Page) -> Result<()> {
    if page.engine() != Engine::Chromium {
        // Only its driver sets the size of the window as a screen would.
        return Ok(());
    }
    let size = |width: u32| {
        let metrics =
            serde_json::json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500 });
        page.devtools("Emulation.setDeviceMetricsOverride", metrics).map(drop)
    };
    let checked = [390, 768, 1280, 1920, 3840].into_iter().try_for_each(|width| {
        size(width)?;
        page.open("")?;
        let wide: Vec<String> = page.evaluate(
            "document.querySelectorAll('details').forEach((part) => { part.open = true; });
             return ['light', 'dark', 'projector'].flatMap((theme) => {
               document.documentElement.dataset.theme = theme;
               const room = document.documentElement.clientWidth;
               if (document.scrollingElement.scrollWidth <= room) return [];
               const wide = [...document.querySelectorAll('body *')].filter((part) => part.getBoundingClientRect().right > room + 1);
               return wide.slice(0, 5).map((part) => `${theme}: ${part.outerHTML.slice(0, 120)}`);
             })",
            &[],
        )?;
        ensure!(wide.is_empty(), "at {width}: {wide:#?}");
        Ok(())
    });
    page.devtools("Emulation.clearDeviceMetricsOverride", serde_json::json!({}))?;
    checked
}

fn a_finger_finds_everything(page: &Page) -> Result<()> {
    if page.engine() != Engine::Chromium {
        return Ok(());
    }
    let touch = |on: bool| {
        page.devtools("Emulation.setTouchEmulationEnabled", serde_json::json!({ "enabled": on, "maxTouchPoints": 5 }))
            .map(drop)
    };
    let metrics = serde_json::json!({ "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true });
    page.devtools("Emulation.setDeviceMetricsOverride", metrics)?;
    touch(true)?;
    // Links within a sentence are as high as its lines, as everywhere.
    let small = page.open("").and_then(|()| {
        page.evaluate::<Vec<String>>(
            "document.querySelectorAll('details').forEach((part) => { part.open = true; });
             const seen = (part) => part.getClientRects().length > 0 && !part.closest('[hidden], dialog:not([open])');
             const box = (part) => (part.matches('input[type=checkbox]') ? part.closest('.control') : part).getBoundingClientRect();
             return [...document.querySelectorAll('button, select, input, summary, .contents a')].filter(seen)
               .filter((part) => box(part).height < 43.5)
               .map((part) => `${part.outerHTML.slice(0, 90)}: ${box(part).height}`)",
            &[],
        )
    });
    touch(false)?;
    page.devtools("Emulation.clearDeviceMetricsOverride", serde_json::json!({}))?;
    let small = small?;
    ensure!(small.is_empty(), "{} are lower than 44 pixels: {:#?}", small.len(), &small[..small.len().min(12)]);
    Ok(())
}

fn nothing_moves_while_the_page_is_opened(page: &Page) -> Result<()> {
    if page.engine() != Engine::Chromium {
        // The others do not measure it.
        return Ok(());
    }
    page.open("")?;
    page.evaluate::<()>(
        "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shift += entry.value; })).observe({ type: 'layout-shift', buffered: true })",
        &[],
    )?;
    page.wait_for_frames()?;
    let shift: f64 = page.evaluate("return window.shift", &[])?;
    ensure!(shift < 0.001, "the layout shifts by {shift}");
    Ok(())
}

/// The studies of the fingerprint need more than the first pictures do.
fn the_memory_does_not_grow(page: &Page) -> Result<()> {
    page.open("")?;
    let before = page.memory_bytes()?;
    page.evaluate::<String>("return window.wasmBindings.studies_hash()", &[])?;
    page.click_action("train-start")?;
    page.wait_for("a hundred updates", || Ok((update_reached(page)? > 100).then_some(())))?;
    let after = page.memory_bytes()?;
    ensure!(after == before, "there were {before} bytes when the page became live, and {after} after it was used");
    Ok(())
}

/// A report, not a bound: machines differ.
fn changes_are_timed(page: &Page) -> Result<()> {
    // The opening rests, so that it is not timed too.
    page.open("?timing=1&opening-gain=0.95")?;
    let start = page.slider_share(SLIDER)?;
    for share in [0.1, 0.9, start] {
        page.drag_slider(SLIDER, share, 60)?;
    }
    println!("{}: {}", page.engine().name(), page.change_times()?);
    page.open("?timing=1&opening-gain=0.95&recurrent=gaussian&activation=tanh&gain=1.5")?;
    for share in [0.1, 0.5, 0.3] {
        page.drag_slider("gain", share, 60)?;
    }
    println!("{}, the network: {}", page.engine().name(), page.change_times()?);
    page.open("?timing=1&opening-gain=0.95&recurrent=gaussian&activation=tanh&gain=1.5&lanes=4&stop-step=100000&a.clip-norm=1")?;
    page.click_action("train-start")?;
    for share in [0.1, 0.5, 0.3] {
        page.drag_slider("gain", share, 60)?;
    }
    println!("{}, the same while four lanes train: {}", page.engine().name(), page.change_times()?);
    Ok(())
}

fn the_console_has_nothing_to_say(page: &Page) -> Result<()> {
    let (traps, console): (Vec<String>, Vec<String>) =
        page.console()?.into_iter().partition(|line| is_trap(page, line));
    if !traps.is_empty() {
        println!("{}: the engine ended the program {} times", page.engine().name(), traps.len());
    }
    ensure!(console.is_empty(), "the console says: {console:#?}");
    Ok(())
}

/// Opens the page and returns what is seen when it has come to rest.
fn open_and_see(page: &Page) -> Result<Seen> {
    page.open("")?;
    page.seen_at_rest(SLIDER_FIGURE, "the page comes to rest", |_| true)
}

/// Opens the page and drags the slider to its other half; returns what was seen before and after.
fn drag_from_a_fresh_page(page: &Page) -> Result<(Seen, Seen)> {
    let before = open_and_see(page)?;
    let target = if page.slider_share(SLIDER)? > 0.5 { 0.3 } else { 0.7 };
    page.drag_slider(SLIDER, target, 12)?;
    // The address follows a drag a few times a second; what it does not say yet, "back" leaves behind.
    page.wait_for("the address has the value that the slider was dragged to", || {
        let dragged = format!("{SLIDER}={}", page.parameter(SLIDER)?);
        Ok(page.query()?.ends_with(&dragged).then_some(()))
    })?;
    let after = wait_until_all_differ(page, &before)?;
    Ok((before, after))
}

/// Waits until picture, label, some readout and the address all differ from `before`, and have come to rest.
fn wait_until_all_differ(page: &Page, before: &Seen) -> Result<Seen> {
    let differs = |seen: &Seen| {
        seen.figure.picture != before.figure.picture
            && seen.figure.label != before.figure.label
            && seen.readouts != before.readouts
            && seen.query != before.query
    };
    page.seen_at_rest(SLIDER_FIGURE, "picture, label, readouts and address have all changed", differs)
        .with_context(|| format!("seen before: {before:#?}"))
}

fn wait_until_seen(page: &Page, what: &str, expected: &Seen) -> Result<()> {
    page.seen_at_rest(SLIDER_FIGURE, what, |seen| seen == expected)
        .with_context(|| format!("expected: {expected:#?}"))?;
    Ok(())
}
