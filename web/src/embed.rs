//! The page in somebody else's: only some figures, and messages from the page around it.
//!
//! The messages between the two pages are in `docs/embedding.md`.
use crate::dom::{self, add};
use crate::{inbox, parent, shell, transport};
use js_sys::{Object, Reflect};
use vanishing_app::chapters::WORKBENCH;
use vanishing_app::embedding::Embedding;
use vanishing_app::page_figures::{self, Button, Follows};
use vanishing_app::{Lab, takeaway};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, MessageEvent, ResizeObserver, Window};

/// Longer messages are not read, in characters.
const LONGEST: usize = 20_000;

/// Puts the figures that were asked for into a page of their own, before their controls are made.
///
/// # Errors
/// When the document refuses an element; it does not.
pub fn arrange(document: &Document, embedding: &Embedding) -> Result<(), JsValue> {
    let Some(root) = document.document_element() else { return Ok(()) };
    if !embedding.hide.is_empty() {
        root.set_attribute("data-hide", &embedding.hide.join(" "))?;
    }
    if embedding.only.is_empty() {
        return Ok(());
    }
    root.set_attribute("data-only", "")?;
    let Some(page) = document.query_selector(".page")? else { return Ok(()) };
    let main: Element = dom::element(document, "main", &[("class", "embedded")])?;
    page.before_with_node_1(&main)?;
    page.set_attribute("hidden", "")?;
    let titles: Vec<&str> = embedding.only.iter().map(|slug| takeaway::title(slug)).collect();
    add(document, &main, "h1", &[("class", "visually-hidden")], &titles.join("; "))?;
    if embedding.only.contains(&WORKBENCH)
        && let Some(bench) = document.get_element_by_id(WORKBENCH)
    {
        main.append_child(&bench)?;
    }
    for entry in embedding.only.iter().filter_map(|slug| page_figures::find(slug)) {
        let slug = entry.spec.slug;
        let Some(figure) = document.query_selector(&format!("figure[data-figure=\"{slug}\"]"))? else { continue };
        main.append_child(&figure)?;
        let hand = add(document, &main, "div", &[], "")?;
        if !entry.buttons.is_empty() && !embedding.hides("buttons") {
            let row = add(document, &hand, "div", &[("class", "buttons")], "")?;
            for Button { action, words, pauses } in entry.buttons {
                let make = if *pauses { transport::play_button } else { transport::button };
                let made: Element = make(document, action, None, words)?;
                row.append_child(&made)?;
            }
        }
        if entry.follows == Follows::Training {
            add(document, &hand, "div", &[("data-lanes", ""), ("class", "lanes")], "")?;
        }
        if !embedding.hides("controls") {
            let keys = entry.controls.join(" ");
            add(document, &hand, "div", &[("class", "rows"), ("data-controls", &keys)], "")?;
        }
        // A reader moves before reading.
        if let Some(caption) = figure.query_selector("figcaption")? {
            caption.before_with_node_1(&hand)?;
        }
    }
    Ok(())
}

/// Listens to the parent, and tells it how high the page is.
///
/// # Errors
/// When the browser refuses an observer; it does not.
pub fn begin(window: &Window, document: &Document) -> Result<(), JsValue> {
    if !parent::is_framed() {
        return Ok(());
    }
    dom::listen(window, "message", hear);
    let page = document.clone();
    let sized = Closure::<dyn FnMut()>::new(move || tell_height(&page));
    let sizes = ResizeObserver::new(sized.as_ref().unchecked_ref())?;
    sized.forget();
    if let Some(body) = document.body() {
        sizes.observe(&body);
    }
    parent::tell("ready", &[("query", shell::with(|page| page.lab.query()).unwrap_or_default().into())]);
    Ok(())
}

fn tell_height(document: &Document) {
    let Some(body) = document.body() else { return };
    let height = JsValue::from(body.scroll_height());
    parent::tell("height", &[("height", height.clone())]);
    // What learning management systems listen to.
    let message = Object::new();
    let _ = Reflect::set(&message, &"subject".into(), &"lti.frameResize".into());
    let _ = Reflect::set(&message, &"height".into(), &height);
    parent::post(&message);
}

/// A message of the parent. Others than it, and other origins than the one that was named, are not heard.
fn hear(event: &MessageEvent) {
    let around = web_sys::window().and_then(|window| window.parent().ok().flatten());
    let from_parent = match (event.source(), around) {
        (Some(source), Some(parent)) => Object::is(source.as_ref(), parent.as_ref()),
        _ => false,
    };
    let expected = shell::with(|page| page.lab.embedding().parent.clone()).unwrap_or_default();
    if !from_parent || !expected.is_empty() && event.origin() != expected {
        return;
    }
    let data = event.data();
    let text = |name: &str| Reflect::get(&data, &name.into()).ok().and_then(|value| value.as_string());
    if !data.is_object() || text("type").as_deref() != Some(parent::TYPE) {
        return;
    }
    let refuse = |why: String| parent::tell("error", &[("message", why.into())]);
    match (text("set"), text("data")) {
        (Some(query), _) if query.len() > LONGEST => {
            refuse(format!("set: the text has {} characters; at most {LONGEST} are read.", query.len()));
        }
        (Some(query), _) => {
            parent::want(query);
            inbox::wake();
        }
        (None, Some(slug)) => match shell::with(|page| csv_of(&page.lab, &slug)).flatten() {
            Some(csv) => parent::tell("data", &[("figure", slug.into()), ("csv", csv.into())]),
            None => refuse(format!("data: there is no figure “{slug}”.")),
        },
        (None, None) => refuse("a message has a text “set” (a query) or a text “data” (a figure).".to_owned()),
    }
}

fn csv_of(lab: &Lab, slug: &str) -> Option<String> {
    lab.table(slug).map(|table| table.to_csv())
}
