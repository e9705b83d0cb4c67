//! Hands and keys on controls and pictures, and the address that follows.
use crate::seen::{
    SLIDER, SLIDER_FIGURE, drag_from_a_fresh_page, open_and_see, wait_until_all_differ, wait_until_seen,
};
use anyhow::{Context, Result, ensure};
use vanishing_tests::page::{Page, keys};

pub fn every_figure_is_drawn_and_described(page: &Page) -> Result<()> {
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

pub fn the_studies_have_the_bits_of_native_code(page: &Page) -> Result<()> {
    page.open("")?;
    page.wait_for_bindings()?;
    let here: String = page.evaluate("return window.wasmBindings.studies_hash()", &[])?;
    let native = format!("{:016x}", vanishing_core::fingerprint::studies_hash());
    ensure!(here == native, "the browser computes {here}, native code {native}");
    Ok(())
}

pub fn a_dragged_slider_changes_everything(page: &Page) -> Result<()> {
    drag_from_a_fresh_page(page)?;
    Ok(())
}

pub fn back_and_forward_restore_what_was_seen(page: &Page) -> Result<()> {
    let (before, after) = drag_from_a_fresh_page(page)?;
    page.back()?;
    wait_until_seen(page, "back restores what was seen before", &before)?;
    page.forward()?;
    wait_until_seen(page, "forward brings the change again", &after)
}

pub fn an_address_shows_what_its_owner_saw(page: &Page) -> Result<()> {
    let (_, after) = drag_from_a_fresh_page(page)?;
    page.open(&after.query)?;
    wait_until_seen(page, "the address alone shows the same", &after)
}

pub fn an_arrow_key_moves_a_slider(page: &Page) -> Result<()> {
    let before = open_and_see(page)?;
    let value = page.parameter(SLIDER)?;
    page.focus_parameter(SLIDER)?;
    page.press(keys::ARROW_LEFT)?;
    wait_until_all_differ(page, &before)?;
    ensure!(page.parameter(SLIDER)? != value, "the slider still shows {value}");
    Ok(())
}

/// λ_1 = 1.05 on the number line from -2.052 to 2.052, which fills the width of its figure.
pub const FIRST_EIGENVALUE: (f64, f64) = (0.5 + 1.05 / 4.104, 0.37);

pub fn an_eigenvalue_is_dragged_in_the_picture(page: &Page) -> Result<()> {
    let before = open_and_see(page)?;
    page.drag_in_figure("eigenvalue-line", FIRST_EIGENVALUE, (0.5, FIRST_EIGENVALUE.1), 8)?;
    let after = wait_until_all_differ(page, &before)?;
    ensure!(after.query.contains(SLIDER), "the address {} does not name {SLIDER}", after.query);
    let value: f64 = page.parameter(SLIDER)?.parse().context("the slider's value is a number")?;
    ensure!(value.abs() < 0.05, "dragged to 0, the eigenvalue is {value}");
    Ok(())
}

pub fn an_eigenvalue_is_pushed_in_the_picture_by_keys(page: &Page) -> Result<()> {
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

pub fn the_start_vector_is_dragged_in_the_picture(page: &Page) -> Result<()> {
    // n = 2, and the start at (c_1, c_2) = (0.05, 1): on the right of the circle, which spans the middle of the picture.
    page.open("?hidden-size=2&start=chosen&start-along=0.05&start-across=1")?;
    let label = page.figure("iterate")?.label;
    // The circle's radius is 1/2.72 of the shorter side, which is the height; the picture is 1.25 times as wide.
    let radius = 0.95 / 2.72;
    page.drag_in_figure("iterate", (0.5 + radius / 1.25, 0.53), (0.5, 0.53 - radius), 8)?;
    page.wait_for("the start goes where it is dragged", || {
        let query = page.query()?;
        Ok((!query.contains("start-along=0.05") && page.figure("iterate")?.label != label).then_some(()))
    })
}

pub fn k_is_set_by_a_press_and_a_drag_across_a_chart(page: &Page) -> Result<()> {
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

pub fn playing_moves_k(page: &Page) -> Result<()> {
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

pub fn clipping_changes_the_readouts(page: &Page) -> Result<()> {
    page.open("")?;
    let before = page.readouts()?;
    page.click_parameter("clip-norm")?;
    page.wait_for("clipping changes a readout", || Ok((page.readouts()? != before).then_some(())))
}

pub fn an_address_that_cannot_be_read_is_spoken_of(page: &Page) -> Result<()> {
    page.open("?power=abc&eigenvalue-1=99&nonsense=1")?;
    let notices = page.notices()?.join("\n");
    for named in ["abc", "99", "nonsense"] {
        ensure!(notices.contains(named), "no notice names {named}; they say: {notices:?}");
    }
    Ok(())
}
