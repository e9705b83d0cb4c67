//! The page around this one: whether there is one, what it is told, and what it wants.
use js_sys::{Object, Reflect};
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;

/// The name by which messages know each other.
pub const TYPE: &str = "vanishing-point";
thread_local! {
    /// What the parent wants, not yet done: of a flood, the last.
    static WANTED: RefCell<Option<String>> = const { RefCell::new(None) };
    /// The only origin that is spoken to; empty: that of whoever embeds the page.
    static ORIGIN: RefCell<String> = const { RefCell::new(String::new()) };
    /// Whether a hand or a key has been at this page.
    static TOUCHED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the page stands in a frame of another.
pub fn is_framed() -> bool {
    let Some(window) = web_sys::window() else { return false };
    !matches!(window.parent(), Ok(Some(parent)) if Object::is(parent.as_ref(), window.as_ref()))
}

/// A hand or a key is at this page.
pub fn touch() {
    TOUCHED.set(true);
}

/// Whether a hand or a key has been at this page, so that it may take the focus.
pub fn is_touched() -> bool {
    TOUCHED.get()
}

/// Only this origin is spoken to from now on; empty: whoever embeds the page.
pub fn speak_to(origin: &str) {
    ORIGIN.with_borrow_mut(|known| {
        if known != origin {
            origin.clone_into(known);
        }
    });
}

/// Tells the parent something: `{ type: "vanishing-point", event, ... }`.
pub fn tell(event: &str, fields: &[(&str, JsValue)]) {
    if !is_framed() {
        return;
    }
    let message = Object::new();
    let _ = Reflect::set(&message, &"type".into(), &TYPE.into());
    let _ = Reflect::set(&message, &"event".into(), &event.into());
    for (name, value) in fields {
        let _ = Reflect::set(&message, &JsValue::from_str(name), value);
    }
    post(&message);
}

/// Sends the parent a message as it is.
pub fn post(message: &Object) {
    let origin = ORIGIN.with_borrow(String::clone);
    // Nothing that is said here is a secret: it stands in the address.
    let origin = if origin.is_empty() { "*" } else { &origin };
    if let Some(Ok(Some(parent))) = web_sys::window().map(|window| window.parent()) {
        let _ = parent.post_message(message, origin);
    }
}

/// The parent wants something to be set.
pub fn want(query: String) {
    WANTED.with_borrow_mut(|wanted| *wanted = Some(query));
}

/// What the parent wants to be set in this frame, as a query.
pub fn wanted() -> Option<String> {
    WANTED.with_borrow_mut(Option::take)
}
