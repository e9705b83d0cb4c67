//! The builder beneath a figure: boxes for what is hidden or locked, the lines that put it into another page, and previews that
//! measure how high it has to be.
use crate::dom::{self, add};
use crate::{address, clipboard, embed_codes, parent};
use js_sys::{Object, Reflect};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use vanishing_app::EmbedText;
use vanishing_app::chapters::WORKBENCH;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, HtmlIFrameElement, HtmlInputElement, MessageEvent};

/// Before a frame has said how high it is, and of what fills its frame whatever that is, in CSS pixels.
const USUAL_HEIGHT: f64 = 560.0;
const WORKBENCH_HEIGHT: f64 = 760.0;
/// A telephone's width, in CSS pixels.
const NARROW: &str = "360";
/// Parts that can be hidden besides the controls.
const PARTS: [(&str, &str); 3] =
    [("captions", "the caption"), ("buttons", "its buttons"), ("take-away", "“Export and embed”")];

thread_local! {
    /// What is hidden and locked, by figure: a sheet is made anew with every change of the page.
    static CHOICES: RefCell<BTreeMap<String, Choices>> = const { RefCell::new(BTreeMap::new()) };
    static OPEN: RefCell<Vec<Rc<Builder>>> = const { RefCell::new(Vec::new()) };
    static LISTENS: Cell<bool> = const { Cell::new(false) };
}

#[derive(Clone, Default)]
struct Choices {
    hide: BTreeSet<String>,
    lock: BTreeSet<String>,
}

/// What stands open beneath one figure.
struct Builder {
    figure: String,
    /// The address of the figure alone, without what is hidden or locked.
    query: String,
    /// The preview as wide as there is room, and the one of a telephone; each with how high it said it is.
    frames: [(HtmlIFrameElement, Cell<f64>); 2],
    /// The code of a frame, and that of an element.
    codes: [Element; 2],
}

/// Builds it.
///
/// # Errors
/// When the document refuses an element; it does not.
pub fn build(document: &Document, place: &Element, figure: &str, embed: &EmbedText) -> Result<(), JsValue> {
    add(document, place, "p", &[], &embed.says)?;
    let boxes = add(document, place, "div", &[("class", "builder-boxes")], "")?;
    let mut rows: Vec<(String, String, bool)> =
        embed.controls.iter().map(|(key, label)| ((*key).to_owned(), label.clone(), true)).collect();
    rows.extend(PARTS.iter().map(|(key, label)| ((*key).to_owned(), (*label).to_owned(), false)));
    for (key, label, can_lock) in rows {
        let row = add(document, &boxes, "p", &[], &label)?;
        add_box(document, &row, figure, &key, false)?;
        if can_lock {
            add_box(document, &row, figure, &key, true)?;
        }
    }
    let mut codes = Vec::new();
    for label in ["Frame", "Web component"] {
        let head = add(document, place, "p", &[("class", "note")], label)?;
        let button = add(document, &head, "button", &[("type", "button")], "Copy")?;
        let region = [("class", "code"), ("tabindex", "0"), ("role", "region"), ("aria-label", label)];
        let code = add(document, place, "pre", &region, "")?;
        let copied = code.clone();
        dom::listen(&button, "click", move |_: &Event| clipboard::copy(copied.text_content().unwrap_or_default()));
        codes.push(code);
    }
    let link = address::link(&embed.query);
    if link.starts_with("file:") {
        let words = "This page was opened from a file, which no other page can embed: put the hosted page, or this file, on a server and its address into the code.";
        add(document, place, "p", &[("class", "note")], words)?;
    }
    let previews = add(document, place, "div", &[("class", "previews")], "")?;
    let frame = |title: &str, width: &str| -> Result<_, JsValue> {
        let attributes = [("title", title), ("class", "preview"), ("width", width)];
        let frame: HtmlIFrameElement = add(document, &previews, "iframe", &attributes, "")?.unchecked_into();
        Ok((frame, Cell::new(0.0)))
    };
    let frames = [frame("Preview", "100%")?, frame("Preview on a telephone", NARROW)?];
    let [for_frame, for_element] = <[Element; 2]>::try_from(codes).map_err(|_| "two codes")?;
    let codes = [for_frame, for_element];
    let builder = Rc::new(Builder { figure: figure.to_owned(), query: embed.query.clone(), frames, codes });
    builder.show(true);
    OPEN.with_borrow_mut(|open| {
        open.retain(|other| other.figure != figure);
        open.push(builder);
    });
    listen();
    Ok(())
}

fn add_box(document: &Document, row: &Element, figure: &str, key: &str, locks: bool) -> Result<(), JsValue> {
    let label = add(document, row, "label", &[], "")?;
    let field: HtmlInputElement = add(document, &label, "input", &[("type", "checkbox")], "")?.unchecked_into();
    label.append_with_str_1(if locks { " lock" } else { " hide" })?;
    let name = format!("{}-{key}", if locks { "lock" } else { "hide" });
    field.set_attribute("data-builder", &name)?;
    let is_on = |choices: &Choices| if locks { choices.lock.contains(key) } else { choices.hide.contains(key) };
    field.set_checked(CHOICES.with_borrow(|all| all.get(figure).is_some_and(is_on)));
    let (figure, key) = (figure.to_owned(), key.to_owned());
    dom::listen(&field.clone(), "change", move |_: &Event| {
        CHOICES.with_borrow_mut(|all| {
            let choices = all.entry(figure.clone()).or_default();
            let set = if locks { &mut choices.lock } else { &mut choices.hide };
            if field.checked() {
                set.insert(key.clone())
            } else {
                set.remove(&key)
            };
        });
        let of_figure = |open: &Vec<Rc<Builder>>| open.iter().find(|builder| builder.figure == figure).cloned();
        if let Some(builder) = OPEN.with_borrow(of_figure) {
            builder.show(true);
        }
    });
    Ok(())
}

impl Builder {
    /// The address with what is hidden and locked.
    fn query(&self) -> String {
        let choices = CHOICES.with_borrow(|all| all.get(&self.figure).cloned()).unwrap_or_default();
        let list = |name: &str, words: &BTreeSet<String>| match words.is_empty() {
            true => String::new(),
            false => format!("&{name}={}", words.iter().cloned().collect::<Vec<_>>().join(",")),
        };
        format!("{}{}{}", self.query, list("hide", &choices.hide), list("lock", &choices.lock))
    }

    /// Writes the codes; `afresh`: the previews too.
    fn show(&self, afresh: bool) {
        let query = self.query();
        let least = if self.is_of_workbench() { WORKBENCH_HEIGHT } else { 0.0 };
        let said = self.frames.iter().map(|(_, height)| height.get()).fold(least, f64::max);
        let height = if said > 0.0 { said } else { USUAL_HEIGHT };
        let codes = embed_codes::codes(&query, &self.figure, height.ceil());
        self.codes[0].set_text_content(Some(&codes.0));
        self.codes[1].set_text_content(Some(&codes.1));
        if afresh {
            let link = address::link(&query);
            self.frames.iter().for_each(|(frame, _)| frame.set_src(&link));
        }
    }

    fn is_of_workbench(&self) -> bool {
        self.query.contains(&format!("only={WORKBENCH}"))
    }
}

/// Hears how high the previews are.
fn listen() {
    let Some(window) = web_sys::window().filter(|_| !LISTENS.replace(true)) else { return };
    dom::listen(&window, "message", |event: &MessageEvent| {
        let data = event.data();
        let field = |name: &str| Reflect::get(&data, &name.into()).unwrap_or(JsValue::UNDEFINED);
        if !data.is_object()
            || field("type").as_string().as_deref() != Some(parent::TYPE)
            || field("event").as_string().as_deref() != Some("height")
        {
            return;
        }
        let (Some(height), Some(source)) = (field("height").as_f64().filter(|height| *height > 0.0), event.source())
        else {
            return;
        };
        for builder in OPEN.with_borrow(Clone::clone) {
            for (frame, known) in &builder.frames {
                let is_source = frame.content_window().is_some_and(|window| Object::is(&source, window.as_ref()));
                if is_source && known.get() != height && !builder.is_of_workbench() {
                    known.set(height);
                    let _ = frame.style().set_property("height", &format!("{height}px"));
                    builder.show(false);
                }
            }
        }
    });
}
