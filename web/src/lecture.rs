//! What a lecturer does with keys and the pointer besides the lesson: a light on what is spoken of, a closer look.
use crate::{dom, inbox, screen, shell};
use std::cell::Cell;
use vanishing_app::Msg;
use wasm_bindgen::JsCast;
use web_sys::{Document, Event, HtmlElement, KeyboardEvent, PointerEvent};

thread_local! {
    /// Where the pointer was last, in CSS pixels of the window.
    static POINTER: Cell<(f64, f64)> = const { Cell::new((0.0, 0.0)) };
}

/// Listens for what a lecture needs.
pub fn listen(document: &Document) {
    dom::listen(document, "fullscreenchange", |_: &Event| {
        let fills = dom::document().and_then(|document| document.fullscreen_element()).is_some();
        // Esc leaves the full screen without a key being heard.
        if !screen::filled(fills) {
            return;
        }
        let manual = dom::document().and_then(|document| document.query_selector("dialog.manual[open]").ok().flatten());
        if let Some(manual) = manual.as_ref().and_then(|manual| manual.dyn_ref::<web_sys::HtmlDialogElement>()) {
            // It was meant for the help.
            manual.close();
        } else {
            inbox::post(Msg::Action { name: "present-end".to_owned() });
        }
    });
    dom::listen(document, "pointermove", |event: &PointerEvent| {
        POINTER.set((f64::from(event.client_x()), f64::from(event.client_y())));
        if let Some(stage) = stage().filter(|stage| stage.has_attribute("data-light")) {
            follow(&stage);
        }
    });
    dom::listen(document, "keydown", |event: &KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.repeat() {
            return;
        }
        let in_text = dom::closest(event, "input, select, textarea").is_some();
        let Some(stage) = stage().filter(|stage| stage.has_attribute("open") && !in_text) else { return };
        match event.key().as_str() {
            "l" | "L" => light(&stage, true),
            "z" | "Z" => zoom(&stage),
            _ => {}
        }
    });
    dom::listen(document, "keyup", |event: &KeyboardEvent| {
        if matches!(event.key().as_str(), "l" | "L")
            && let Some(stage) = stage()
        {
            light(&stage, false);
        }
    });
}

fn stage() -> Option<HtmlElement> {
    dom::document()?.query_selector("dialog.stage").ok()??.dyn_into().ok()
}

/// Dims all but what is around the pointer.
fn light(stage: &HtmlElement, on: bool) {
    follow(stage);
    let _ = stage.toggle_attribute_with_force("data-light", on);
}

fn follow(stage: &HtmlElement) {
    let (x, y) = POINTER.get();
    let _ = stage.style().set_property("--x", &format!("{x}px"));
    let _ = stage.style().set_property("--y", &format!("{y}px"));
}

/// Twice as large, around the pointer; once more: as it was.
fn zoom(stage: &HtmlElement) {
    let closer = !stage.has_attribute("data-closer");
    if let Ok(Some(figure)) = stage.query_selector("figure") {
        let place = figure.get_bounding_client_rect();
        let (x, y) = POINTER.get();
        let share = |at: f64, from: f64, length: f64| 100.0 * ((at - from) / length.max(1.0)).clamp(0.0, 1.0);
        let origin = format!("{}% {}%", share(x, place.left(), place.width()), share(y, place.top(), place.height()));
        let _ = stage.style().set_property("--closer", &origin);
    }
    let _ = stage.toggle_attribute_with_force("data-closer", closer);
    // As sharp as before.
    shell::with(|page| page.canvases.rescaled()).unwrap_or_default().into_iter().for_each(inbox::post);
}
