//! A text of the reader's own: pasted, chosen as a file or dropped; and how the networks look back at it. Nothing of it is sent
//! anywhere.
use crate::{dom, inbox};
use vanishing_app::{Msg, Stretch};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, File, FileList, HtmlInputElement, HtmlTextAreaElement};

/// The longest file that is read, in bytes; a character takes up to four.
const LONGEST: f64 = 900_000.0;

/// A text was entered; whether the field was the one for it.
pub fn entered(field: &HtmlTextAreaElement) -> bool {
    let is_own = field.has_attribute("data-own-text");
    if is_own {
        inbox::post(Msg::Text { text: field.value() });
    }
    is_own
}

/// A file was chosen in a field; whether it was the field for texts.
pub fn choose(field: &HtmlInputElement) -> bool {
    if !field.has_attribute("data-own-text-file") {
        return false;
    }
    offer(field.files().as_ref());
    // The same file may be chosen again.
    field.set_value("");
    true
}

/// Files were dropped; whether they were dropped on the place for texts, or are one.
pub fn dropped(target: Option<&Element>, files: Option<&FileList>) -> bool {
    let on_place = target.and_then(|target| target.closest(".read").ok().flatten()).is_some();
    let is_text = files.and_then(|files| files.get(0)).is_some_and(|file| file.name().ends_with(".txt"));
    (on_place || is_text) && offer(files)
}

fn offer(files: Option<&FileList>) -> bool {
    let Some(file): Option<File> = files.and_then(|files| files.get(0)) else { return false };
    if file.size() > LONGEST {
        let why = format!("{} has {} bytes; a text has at most {LONGEST}.", file.name(), file.size());
        inbox::post(Msg::Refused { why });
        return true;
    }
    let read = Closure::once_into_js(|text: JsValue| {
        inbox::post(Msg::Text { text: text.as_string().unwrap_or_default() });
    });
    let name = file.name();
    let failed = Closure::once_into_js(move |_: JsValue| {
        inbox::post(Msg::Refused { why: format!("{name} could not be read.") });
    });
    // A promise has `then`, and calling it does not throw.
    let promise = file.text();
    if let Ok(then) = js_sys::Reflect::get(&promise, &"then".into()).and_then(JsCast::dyn_into::<js_sys::Function>) {
        let _ = then.call2(&promise, &read, &failed);
    }
    true
}

/// Shows the stretches: an element for each character, and the one that is to be predicted.
pub fn show(document: &Document, stretches: &[Stretch]) -> Result<(), JsValue> {
    for place in dom::all(document, "[data-stretch]") {
        let cell = place.get_attribute("data-stretch").unwrap_or_default();
        let Some(stretch) = stretches.iter().find(|stretch| stretch.cell == cell) else {
            place.set_text_content(Some("–"));
            place.set_attribute("aria-label", "Nothing has been read yet.")?;
            continue;
        };
        place.set_attribute("aria-label", &stretch.label)?;
        let kept = place.children();
        let wanted = stretch.characters.len() as u32 + 1;
        if kept.length() != wanted {
            place.set_text_content(None);
            for _ in 1..wanted {
                let span: Element = dom::element(document, "span", &[])?;
                place.append_child(&span)?;
            }
            let next: Element = dom::element(document, "b", &[])?;
            place.append_child(&next)?;
        }
        for (i, (character, shade)) in (0..).zip(&stretch.characters) {
            if let Some(span) = kept.item(i) {
                span.set_text_content(Some(&character.to_string()));
                span.set_attribute("data-shade", &shade.to_string())?;
            }
        }
        if let Some(next) = kept.item(wanted - 1) {
            next.set_text_content(Some(&stretch.next));
        }
    }
    Ok(())
}
