//! The remedies as chips: a checkbox for each, in the order in which they act or under the methods of the textbooks.
//!
//! Their controls are made later, like all others, in the slots that are left for them.
use crate::dom;
use vanishing_app::{RemedyText, lanes};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element};

/// Fills `<div data-remedies="common">` with all chips, those that are not common hidden while they are off, and
/// `<div data-remedies="method">` with all of them.
///
/// # Errors
/// When the document refuses an element; it does not.
pub fn build(document: &Document, remedies: &[RemedyText]) -> Result<(), JsValue> {
    for place in dom::all(document, "[data-remedies=common]") {
        for (slug, words) in lanes::ACTS {
            let of_place = remedies.iter().filter(|remedy| remedy.acts.0 == slug);
            group(document, &place, (slug, words), of_place)?;
        }
    }
    for place in dom::all(document, "[data-remedies=method]") {
        let mut methods: Vec<&str> = Vec::new();
        for remedy in remedies {
            if !methods.contains(&remedy.method) {
                methods.push(remedy.method);
            }
        }
        for method in methods {
            group(document, &place, ("", method), remedies.iter().filter(|remedy| remedy.method == method))?;
        }
    }
    Ok(())
}

/// Chips that belong together, with their name.
fn group<'a>(
    document: &Document,
    place: &Element,
    (slug, words): (&str, &str),
    remedies: impl Iterator<Item = &'a RemedyText>,
) -> Result<(), JsValue> {
    let frame: Element = dom::element(document, "div", &[("class", "chip-group"), ("data-chips", slug)])?;
    let name: Element = dom::element(document, "span", &[("class", "chip-where")])?;
    name.set_text_content(Some(words));
    frame.append_child(&name)?;
    for remedy in remedies {
        let mut attributes = vec![("class", "chip"), ("data-remedy", remedy.slug), ("title", remedy.does)];
        if remedy.is_common {
            attributes.push(("data-common", ""));
        }
        let chip: Element = dom::element(document, "div", &attributes)?;
        let toggle: Element = dom::element(document, "div", &[("class", "toggle"), ("data-controls", remedy.toggle)])?;
        chip.append_child(&toggle)?;
        if !remedy.params.is_empty() {
            let params: Element =
                dom::element(document, "div", &[("class", "rows params"), ("data-controls", &remedy.params)])?;
            chip.append_child(&params)?;
        }
        frame.append_child(&chip)?;
    }
    place.append_child(&frame)?;
    Ok(())
}
