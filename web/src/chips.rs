//! The remedies as chips: a checkbox for each, in the order in which they act, under the methods of the textbooks, or explained.
//!
//! Their controls are made later, like all others, in the slots that are left for them.
use crate::dom::{self, add};
use vanishing_app::{RemedyText, lanes};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element};

/// Fills `<div data-remedies="common">` with all chips, those that are not common hidden while they are off,
/// `<div data-remedies="method">` with all of them, and `<div data-remedies="lane">` with those of the lane that is looked at,
/// explained.
///
/// # Errors
/// When the document refuses an element; it does not.
pub fn build(document: &Document, remedies: &[RemedyText]) -> Result<(), JsValue> {
    for place in dom::all(document, "[data-remedies=common]") {
        for (slug, words) in lanes::ACTS {
            let of_place = remedies.iter().filter(|remedy| remedy.acts.0 == slug);
            group(document, &place, (slug, words), of_place, chip)?;
        }
    }
    for place in dom::all(document, "[data-remedies=method]") {
        for method in each_once(remedies, |remedy| remedy.method) {
            let of_method = remedies.iter().filter(|remedy| remedy.method == method);
            group(document, &place, ("", method), of_method, chip)?;
        }
    }
    for place in dom::all(document, "[data-remedies=lane]") {
        for stage in each_once(remedies, |remedy| remedy.stage) {
            let of_stage = remedies.iter().filter(|remedy| remedy.stage == stage);
            group(document, &place, ("", stage), of_stage, explained)?;
        }
    }
    Ok(())
}

/// The names of the groups, in the order in which they first come.
fn each_once(remedies: &[RemedyText], name: fn(&RemedyText) -> &'static str) -> Vec<&'static str> {
    let mut names = Vec::new();
    for remedy in remedies {
        if !names.contains(&name(remedy)) {
            names.push(name(remedy));
        }
    }
    names
}

/// Chips that belong together, with their name.
fn group<'a>(
    document: &Document,
    place: &Element,
    (slug, words): (&str, &str),
    remedies: impl Iterator<Item = &'a RemedyText>,
    make: fn(&Document, &RemedyText) -> Result<Element, JsValue>,
) -> Result<(), JsValue> {
    let frame: Element = dom::element(document, "div", &[("class", "chip-group"), ("data-chips", slug)])?;
    add(document, &frame, "span", &[("class", "chip-where")], words)?;
    for remedy in remedies {
        let chip = make(document, remedy)?;
        frame.append_child(&chip)?;
    }
    place.append_child(&frame)?;
    Ok(())
}

/// A remedy of the page: its toggle, and what else it has while it is on.
fn chip(document: &Document, remedy: &RemedyText) -> Result<Element, JsValue> {
    let mut attributes = vec![("class", "chip"), ("data-remedy", remedy.slug), ("title", remedy.does)];
    if remedy.is_common {
        attributes.push(("data-common", ""));
    }
    let chip: Element = dom::element(document, "div", &attributes)?;
    add_slot(document, &chip, "toggle", remedy.toggle)?;
    if !remedy.params.is_empty() {
        add_slot(document, &chip, "rows params", &remedy.params)?;
    }
    Ok(chip)
}

/// A remedy of a lane, with what it does and does not.
fn explained(document: &Document, remedy: &RemedyText) -> Result<Element, JsValue> {
    let chip: Element = dom::element(document, "fieldset", &[("class", "remedy"), ("data-remedy", remedy.slug)])?;
    add(document, &chip, "legend", &[("class", "visually-hidden")], remedy.title)?;
    add_slot(document, &chip, "rows stacked", &remedy.controls)?;
    add(document, &chip, "p", &[("class", "does")], remedy.does)?;
    let details: Element = dom::element(document, "details", &[("class", "more")])?;
    add(document, &details, "summary", &[], "Limits and source")?;
    add(document, &details, "p", &[("class", "does-not")], remedy.does_not)?;
    add(document, &details, "p", &[("class", "source")], remedy.source)?;
    chip.append_child(&details)?;
    Ok(chip)
}

/// A place for controls.
fn add_slot(document: &Document, chip: &Element, class: &str, keys: &str) -> Result<(), JsValue> {
    let slot: Element = dom::element(document, "div", &[("class", class), ("data-controls", keys)])?;
    chip.append_child(&slot)?;
    Ok(())
}
