//! What a lecture needs of the screen: all of it, and a closer look at a figure.
use crate::parent;
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element};

thread_local! {
    /// Whether the page filled the screen by itself: then leaving it ends the lesson.
    static FILLED: Cell<bool> = const { Cell::new(false) };
}

/// How many times larger a figure is that is looked at closely.
pub const ZOOM: f64 = 2.0;

/// Fills the screen, or gives it back. A browser that refuses leaves the window as it is.
pub fn fill(document: &Document, all: bool) {
    if is_lecturer(document) {
        return;
    }
    let done = if all {
        document.document_element().and_then(|root| call(&root, "requestFullscreen"))
    } else {
        FILLED.set(false);
        document.fullscreen_element().and_then(|_| call(document, "exitFullscreen"))
    };
    // Refused in frames without permission, and where there was no press.
    if let Some(promise) = done.and_then(|answer| answer.dyn_into::<js_sys::Promise>().ok()) {
        let refused = Closure::<dyn FnMut(JsValue)>::new(|_: JsValue| ());
        let _ = promise.catch(&refused);
        refused.forget();
    }
}

fn call(of: &JsValue, name: &str) -> Option<JsValue> {
    js_sys::Reflect::get(of, &name.into()).ok()?.dyn_into::<js_sys::Function>().ok()?.call0(of).ok()
}

/// A window that opens takes the screen from this one, which is no wish to end the lesson.
pub fn expect_to_lose_it() {
    FILLED.set(false);
}

/// The browser fills the screen with the page, or no longer; whether it was the page that wanted it, and lost it.
pub fn filled(fills: bool) -> bool {
    FILLED.replace(fills) && !fills
}

/// Whether this window is the lecturer's.
pub fn is_lecturer(document: &Document) -> bool {
    document.document_element().is_some_and(|root| root.has_attribute("data-lecturer"))
}

/// Ends the closer look: another figure is shown.
pub fn step_back(stage: &Element) {
    if stage.has_attribute("data-closer") {
        let _ = stage.remove_attribute("data-closer");
    }
}

/// Whether a lecture may take the screen: not in a frame that nobody has touched.
pub fn may_fill() -> bool {
    !parent::is_framed() || parent::is_touched()
}
