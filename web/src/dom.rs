//! A few words for what the shell asks of the DOM.
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, EventTarget, NodeList};

/// The document of this window; `None` in a worker.
pub fn document() -> Option<Document> {
    web_sys::window().and_then(|window| window.document())
}

/// What this tab remembers until it is closed; `None` where the browser keeps nothing.
pub fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

/// The path of the page.
pub fn pathname() -> String {
    web_sys::window().and_then(|window| window.location().pathname().ok()).unwrap_or_default()
}

/// Milliseconds on a clock that never goes back.
pub fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// Every element that a selector finds, in the order of the page.
pub fn all(document: &Document, selector: &str) -> Vec<Element> {
    document.query_selector_all(selector).map(|nodes| elements(&nodes)).unwrap_or_default()
}

/// Every element within another that a selector finds.
pub fn all_in(element: &Element, selector: &str) -> Vec<Element> {
    element.query_selector_all(selector).map(|nodes| elements(&nodes)).unwrap_or_default()
}

fn elements(nodes: &NodeList) -> Vec<Element> {
    (0..nodes.length()).filter_map(|index| nodes.item(index)?.dyn_into().ok()).collect()
}

/// A new element with attributes.
///
/// # Errors
/// Never for names that are written in this crate.
pub fn element<T: JsCast>(document: &Document, tag: &str, attributes: &[(&str, &str)]) -> Result<T, JsValue> {
    let made = document.create_element(tag)?;
    for (name, value) in attributes {
        made.set_attribute(name, value)?;
    }
    made.dyn_into().map_err(JsValue::from)
}

/// Adds a row to the body of a table; the first of its cells is its head.
///
/// # Errors
/// When the document refuses an element; it does not.
pub fn add_row(document: &Document, body: &Element, cells: &[String]) -> Result<(), JsValue> {
    let row: Element = element(document, "tr", &[])?;
    for (i, words) in cells.iter().enumerate() {
        let cell: Element = match i {
            0 => element(document, "th", &[("scope", "row")])?,
            _ => element(document, "td", &[])?,
        };
        cell.set_text_content(Some(words));
        row.append_child(&cell)?;
    }
    body.append_child(&row)?;
    Ok(())
}

/// The element that an event happened to, or the nearest one around it, that a selector finds.
pub fn closest(event: &Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_ref::<Element>()?.closest(selector).ok()?
}

/// The query of a link that sets parameters (`data-preset`): what stands behind `?` in its address.
pub fn preset(link: &Element) -> String {
    let address = link.get_attribute("href").unwrap_or_default();
    let query = address.strip_prefix('?').unwrap_or(&address);
    query.split('#').next().unwrap_or(query).to_owned()
}

/// Calls `handler` for every event of a name, for as long as the page lives.
pub fn listen<E: JsCast + 'static>(target: &EventTarget, name: &str, handler: impl Fn(&E) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        if let Some(event) = event.dyn_ref::<E>() {
            handler(event);
        }
    });
    // Fails for no name that is written in this crate.
    let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// Says something in the console, as an error.
pub fn complain(text: &str) {
    web_sys::console::error_1(&JsValue::from_str(text));
}

/// How large the page's text is; 1 is the usual size.
pub fn text_size(document: &Document) -> f64 {
    /// CSS pixels of the usual size.
    const USUAL: f64 = 18.0;
    let style = document.document_element().and_then(|root| web_sys::window()?.get_computed_style(&root).ok()?);
    let size = style.and_then(|style| style.get_property_value("font-size").ok());
    let pixels = size.and_then(|size| size.trim_end_matches("px").parse::<f64>().ok());
    pixels.map_or(1.0, |pixels| pixels / USUAL)
}

/// Adds an element with attributes and, if there are any, words.
///
/// # Errors
/// When the document refuses the element; it does not.
pub fn add(
    document: &Document,
    parent: &Element,
    tag: &str,
    attributes: &[(&str, &str)],
    words: &str,
) -> Result<Element, JsValue> {
    let made: Element = element(document, tag, attributes)?;
    if !words.is_empty() {
        made.set_text_content(Some(words));
    }
    parent.append_child(&made)?;
    Ok(made)
}
