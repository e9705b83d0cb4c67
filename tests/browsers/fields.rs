//! What is typed, and what is said for a while.
use anyhow::{Result, ensure};
use std::collections::BTreeMap;
use std::time::Duration;
use vanishing_tests::page::{Page, keys};

/// What people and programs write into a field for a number.
const TEXTS: [&str; 9] = ["1e-320", ".5", "5.", "100000", "", "12 ", "0x10", "1_000", "−2"];

/// What the fields for numbers show, by the keys of their parameters.
const SHOWN: &str = "return Object.fromEntries([...document.querySelectorAll('input[data-number]')].map((f) => [f.dataset.number, f.value]))";

pub fn a_field_shows_the_value_of_the_state(page: &Page) -> Result<()> {
    page.open("")?;
    for text in TEXTS {
        // Every field of the page but those of sizes, which would make all else slow; each as if it was typed into and left.
        page.evaluate::<()>(
            "for (const field of document.querySelectorAll('input[data-number]:not(:is([data-number$=size], [data-number$=length]))')) {
                field.dispatchEvent(new FocusEvent('focusin', { bubbles: true }));
                field.value = arguments[0];
                for (const name of ['input', 'change']) field.dispatchEvent(new Event(name, { bubbles: true }));
                field.dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
            }",
            &[text],
        )?;
        page.wait_for_frames()?;
        let shown: BTreeMap<String, String> = page.evaluate(SHOWN, &[])?;
        ensure!(shown.len() > 40, "{} fields", shown.len());
        // A browser lets a page write its address only so often.
        let query = page.wait_for("the address is written", || {
            let before = page.query()?;
            std::thread::sleep(Duration::from_millis(1500));
            Ok((page.query()? == before).then_some(before))
        })?;
        page.open(&query)?;
        let afresh: BTreeMap<String, String> = page.evaluate(SHOWN, &[])?;
        let wrong: Vec<_> = shown.iter().filter(|(key, value)| afresh.get(*key) != Some(value)).collect();
        ensure!(wrong.is_empty(), "after “{text}” and a reload these fields show something else: {wrong:?}");
    }
    // A whole number goes up and down by arrow keys.
    page.open("?start-seed=3")?;
    page.evaluate::<()>(
        "const field = document.querySelector('#control-start-seed');
        for (let fold = field.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
        field.focus()",
        &[],
    )?;
    page.press(keys::ARROW_UP)?;
    page.wait_for("the next seed", || Ok((page.parameter("start-seed")? == "4").then_some(())))
}

pub fn a_confirmation_goes_by_itself(page: &Page) -> Result<()> {
    page.open("?guess-powers-1=0.01&power=9")?;
    page.evaluate::<()>(
        "window.copied = []; navigator.clipboard.writeText = (text) => { window.copied.push(text); return Promise.resolve(); }",
        &[],
    )?;
    let copied = |count: usize| {
        page.wait_for("a copied link", || {
            let copied: Vec<String> = page.evaluate("return window.copied", &[])?;
            Ok((copied.len() == count).then_some(copied))
        })
    };
    page.click_action("copy-link")?;
    let links = copied(1)?;
    ensure!(links[0].contains("power=9") && !links[0].contains("guess"), "{links:?}");
    let says = "return document.querySelector('[data-announce]').textContent";
    let announced = page.evaluate::<String>(says, &[])?;
    ensure!(announced.contains("copied"), "nothing is read out: {announced}");
    let opacity = "const box = document.querySelector('[data-notices]'); return box.hidden ? 0 : Number(getComputedStyle(box).opacity)";
    ensure!(page.evaluate::<f64>(opacity, &[])? > 0.5, "nothing is seen");
    page.wait_for("the confirmation goes", || Ok((page.evaluate::<f64>(opacity, &[])? == 0.0).then_some(())))?;
    page.evaluate::<()>("document.querySelector('#powers-exercises').open = true", &[])?;
    page.click_action("copy-answers")?;
    let links = copied(2)?;
    ensure!(links[1].contains("guess-powers-1=0.01") && links[1].contains("power=9"), "{links:?}");
    Ok(())
}
