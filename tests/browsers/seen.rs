//! What several checks do: a drag from a fresh page, and waiting for what is to be seen.
use anyhow::{Context, Result};
use vanishing_tests::contract::Seen;
use vanishing_tests::page::Page;

pub const SLIDER: &str = "eigenvalue-1";

pub const SLIDER_FIGURE: &str = "eigenvalue-powers";

/// Looked at from outside: a driver that goes into a frame while it loads may never come back, and may give it the focus.
pub const LIVE_FRAME: &str =
    "return document.querySelector('iframe').contentDocument?.documentElement?.dataset.ready === 'true'";

/// Opens the page and returns what is seen when it has come to rest.
pub fn open_and_see(page: &Page) -> Result<Seen> {
    page.open("")?;
    page.seen_at_rest(SLIDER_FIGURE, "the page comes to rest", |_| true)
}

/// Opens the page and drags the slider to its other half; returns what was seen before and after.
pub fn drag_from_a_fresh_page(page: &Page) -> Result<(Seen, Seen)> {
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
pub fn wait_until_all_differ(page: &Page, before: &Seen) -> Result<Seen> {
    let differs = |seen: &Seen| {
        seen.figure.picture != before.figure.picture
            && seen.figure.label != before.figure.label
            && seen.readouts != before.readouts
            && seen.query != before.query
    };
    page.seen_at_rest(SLIDER_FIGURE, "picture, label, readouts and address have all changed", differs)
        .with_context(|| format!("seen before: {before:#?}"))
}

pub fn wait_until_seen(page: &Page, what: &str, expected: &Seen) -> Result<()> {
    page.seen_at_rest(SLIDER_FIGURE, what, |seen| seen == expected)
        .with_context(|| format!("expected: {expected:#?}"))?;
    Ok(())
}
