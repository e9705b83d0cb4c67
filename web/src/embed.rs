//! The page in somebody else's: only some figures, and messages between the two.
//!
//! What is said to and fro is told in `docs/embedding.md`.
use crate::shell;
use crate::{address, dom, transport};
use js_sys::{Object, Reflect};
use std::cell::{Cell, RefCell};
use vanishing_app::embedding::{self, Embedding};
use vanishing_app::{Lab, Msg, takeaway};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, MessageEvent, ResizeObserver, Window};

/// The name by which messages know each other.
const TYPE: &str = "vanishing-point";
/// Longer messages are not read, in characters.
const LONGEST: usize = 20_000;

thread_local! {
    /// What the parent wants, not yet done: of a flood, the last.
    static WANTED: RefCell<Option<String>> = const { RefCell::new(None) };
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
    let main = add(document, None, "main", &[("class", "embedded")], "")?;
    page.before_with_node_1(&main)?;
    page.set_attribute("hidden", "")?;
    let titles: Vec<&str> = embedding.only.iter().map(|slug| takeaway::title(slug)).collect();
    add(document, Some(&main), "h1", &[("class", "visually-hidden")], &titles.join("; "))?;
    for slug in &embedding.only {
        let Some(figure) = document.query_selector(&format!("figure[data-figure=\"{slug}\"]"))? else { continue };
        main.append_child(&figure)?;
        let buttons = embedding::buttons_of(slug);
        if !buttons.is_empty() && !embedding.hides("buttons") {
            let row = add(document, Some(&main), "div", &[("class", "buttons")], "")?;
            for (action, words) in buttons {
                let plays = action.ends_with("play") || action.ends_with("-start") && !action.starts_with("exp");
                let make = if plays { transport::play_button } else { transport::button };
                let button = make(document, action, None, words)?;
                row.append_child(&button)?;
            }
        }
        if slug.starts_with("training-") {
            add(document, Some(&main), "div", &[("data-lanes", ""), ("class", "lanes")], "")?;
        }
        if !embedding.hides("controls") {
            let keys = embedding::controls_of(slug).join(" ");
            add(document, Some(&main), "div", &[("class", "rows"), ("data-controls", &keys)], "")?;
        }
    }
    Ok(())
}

fn add(
    document: &Document,
    parent: Option<&Element>,
    tag: &str,
    attributes: &[(&str, &str)],
    words: &str,
) -> Result<Element, JsValue> {
    let made: Element = dom::element(document, tag, attributes)?;
    if !words.is_empty() {
        made.set_text_content(Some(words));
    }
    if let Some(parent) = parent {
        parent.append_child(&made)?;
    }
    Ok(made)
}

/// Listens to the parent, and tells it how high the page is.
///
/// # Errors
/// When the browser refuses an observer; it does not.
pub fn begin(window: &Window, document: &Document) -> Result<(), JsValue> {
    if !is_framed() {
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
    tell("ready", &[("query", shell::with(|shell| shell.lab.query()).unwrap_or_default().into())]);
    Ok(())
}

fn tell_height(document: &Document) {
    let Some(body) = document.body() else { return };
    let height = JsValue::from(body.scroll_height());
    tell("height", &[("height", height.clone())]);
    // What learning management systems listen to.
    let message = Object::new();
    let _ = Reflect::set(&message, &"subject".into(), &"lti.frameResize".into());
    let _ = Reflect::set(&message, &"height".into(), &height);
    post(&message);
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

fn post(message: &Object) {
    let origin = shell::with(|shell| shell.lab.embedding().parent.clone()).unwrap_or_default();
    // Nothing that is said here is a secret: it stands in the address.
    let origin = if origin.is_empty() { "*" } else { &origin };
    if let Some(Ok(Some(parent))) = web_sys::window().map(|window| window.parent()) {
        let _ = parent.post_message(message, origin);
    }
}

/// A message of the parent. Others than it, and other origins than the one that was named, are not heard.
fn hear(event: &MessageEvent) {
    let parent = web_sys::window().and_then(|window| window.parent().ok().flatten());
    let from_parent = match (event.source(), parent) {
        (Some(source), Some(parent)) => Object::is(source.as_ref(), parent.as_ref()),
        _ => false,
    };
    let expected = shell::with(|shell| shell.lab.embedding().parent.clone()).unwrap_or_default();
    if !from_parent || !expected.is_empty() && event.origin() != expected {
        return;
    }
    let data = event.data();
    let text = |name: &str| Reflect::get(&data, &name.into()).ok().and_then(|value| value.as_string());
    if !data.is_object() || text("type").as_deref() != Some(TYPE) {
        return;
    }
    let refuse = |why: String| tell("error", &[("message", why.into())]);
    match (text("set"), text("data")) {
        (Some(query), _) if query.len() > LONGEST => {
            refuse(format!("set: the text has {} characters; at most {LONGEST} are read.", query.len()));
        }
        (Some(query), _) => {
            WANTED.with_borrow_mut(|wanted| *wanted = Some(query));
            shell::wake();
        }
        (None, Some(slug)) => match shell::with(|shell| csv_of(&shell.lab, &slug)).flatten() {
            Some(csv) => tell("data", &[("figure", slug.into()), ("csv", csv.into())]),
            None => refuse(format!("data: there is no figure “{slug}”.")),
        },
        (None, None) => refuse("a message has a text “set” (a query) or a text “data” (a figure).".to_owned()),
    }
}

fn csv_of(lab: &Lab, slug: &str) -> Option<String> {
    lab.table(slug).map(|table| table.to_csv())
}

/// What the parent wants to be done in this frame.
pub fn wanted() -> Option<Msg> {
    WANTED.with_borrow_mut(Option::take).map(|query| Msg::Told { query })
}

/// Where a page that was opened from a file would be published: nobody knows yet.
pub const SOMEWHERE: &str = "https://YOUR-SERVER.example/vanishing-point/";

/// A link that others can follow. That of a file cannot be followed from another machine.
fn published(link: &str) -> String {
    if !link.starts_with("file:") {
        return link.to_owned();
    }
    let query = link.find(['?', '#']).map_or("", |start| &link[start..]);
    format!("{SOMEWHERE}index.html{query}")
}

/// The codes that embed a figure as it stands: a frame, and an element.
pub fn codes(query: &str, slug: &str) -> (String, String) {
    let link = published(&address::link(query));
    let escaped = link.replace('&', "&amp;");
    let base = link.split(['?', '#']).next().unwrap_or_default().to_owned();
    let folder = base.rsplit_once('/').map_or(base.as_str(), |(folder, _)| folder);
    let frame = format!(
        "<iframe src=\"{escaped}\" title=\"{}\" width=\"100%\" height=\"560\" style=\"border:0\" loading=\"lazy\"></iframe>",
        takeaway::title(slug)
    );
    let pairs = query.split('&').filter(|pair| !pair.starts_with("only="));
    let attributes: Vec<String> = pairs
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| format!(" {key}=\"{}\"", value.replace('&', "&amp;")))
        .collect();
    let element = format!(
        "<script type=\"module\" src=\"{folder}/vanishing-figure.js\"></script>\n<vanishing-figure figure=\"{slug}\"{}></vanishing-figure>",
        attributes.concat()
    );
    (frame, element)
}

#[cfg(test)]
mod tests {
    use super::{SOMEWHERE, published};

    #[test]
    fn a_link_to_a_file_becomes_one_to_a_server_yet_to_be_named() {
        assert_eq!(published("https://a.org/x/?gain=2#top"), "https://a.org/x/?gain=2#top");
        assert_eq!(published("file:///home/me/vanishing-point.html?gain=2"), format!("{SOMEWHERE}index.html?gain=2"));
        assert_eq!(published("file:///home/me/vanishing-point.html"), format!("{SOMEWHERE}index.html"));
    }
}
