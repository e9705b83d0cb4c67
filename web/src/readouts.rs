//! The numbers in the text.
use crate::dom;
use std::cell::RefCell;
use web_sys::{Document, Element};

/// The `<output data-readout>` elements; the same name may stand in several places.
pub struct Readouts(Vec<(String, Element, RefCell<String>)>);

impl Readouts {
    /// Finds them all.
    pub fn find(document: &Document) -> Self {
        let found = dom::all(document, "[data-readout]").into_iter().map(|element| {
            // Numbers that run along with a slider are not read out one by one; sentences are, in `[data-announce]`.
            let _ = element.set_attribute("aria-live", "off");
            (element.get_attribute("data-readout").unwrap_or_default(), element, RefCell::default())
        });
        Self(found.collect())
    }

    /// Writes a text wherever its name stands.
    pub fn show(&self, name: &str, text: &str) {
        for (_, element, shown) in self.0.iter().filter(|(known, ..)| known == name) {
            if *shown.borrow() != text {
                // A number and its power of ten stay on one line.
                element.set_text_content(Some(&text.replace(" × ", "\u{a0}×\u{a0}")));
                *shown.borrow_mut() = text.to_owned();
            }
        }
    }
}
