//! The builder beneath a figure: boxes for what is hidden or locked, the lines that put it into another page, and previews that
//! measure how high it has to be.
use crate::dom::{self, add};
use crate::{address, clipboard, embed_codes, parent};
use js_sys::{Object, Reflect};
use std::cell::{Cell, OnceCell, RefCell};
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

/// The previews follow once nothing has changed for so long, in milliseconds.
const PAUSE: i32 = 400;

thread_local! {
    /// What is hidden and locked, by figure: it outlives the sheet.
    static CHOICES: RefCell<BTreeMap<String, Choices>> = const { RefCell::new(BTreeMap::new()) };
    static OPEN: RefCell<Vec<Rc<Builder>>> = const { RefCell::new(Vec::new()) };
    static LISTENS: Cell<bool> = const { Cell::new(false) };
    /// Lets the previews follow; and what waits to do it.
    static FOLLOW: OnceCell<Closure<dyn FnMut()>> = const { OnceCell::new() };
    static WAITS: Cell<Option<i32>> = const { Cell::new(None) };
}

#[derive(Clone, Default)]
struct Choices {
    hide: BTreeSet<String>,
    lock: BTreeSet<String>,
}

/// What stands open beneath one figure.
struct Builder {
    figure: String,
    /// The controls that have boxes.
    controls: Vec<(&'static str, String)>,
    /// The address of the figure alone, without what is hidden or locked.
    query: RefCell<String>,
    /// What a reader of the embedded figure can change.
    says: Element,
    /// The preview as wide as there is room, and the one of a telephone; each with how high it said it is.
    frames: [(HtmlIFrameElement, Cell<f64>); 2],
    /// The code of a frame, and that of an element.
    codes: [Element; 2],
}

/// Shows it in its place: what stands there already is brought up to date.
///
/// # Errors
/// When the document refuses an element; it does not.
pub fn show(document: &Document, place: &Element, figure: &str, embed: &EmbedText) -> Result<(), JsValue> {
    let standing = of_figure(figure).filter(|builder| place.has_child_nodes() && builder.controls == embed.controls);
    if let Some(builder) = standing {
        builder.says.set_text_content(Some(&embed.says));
        if builder.query.replace(embed.query.clone()) != embed.query {
            builder.write();
            follow_soon();
        }
        return Ok(());
    }
    place.set_text_content(None);
    build(document, place, figure, embed)
}

fn of_figure(figure: &str) -> Option<Rc<Builder>> {
    OPEN.with_borrow(|open| open.iter().find(|builder| builder.figure == figure).cloned())
}

fn build(document: &Document, place: &Element, figure: &str, embed: &EmbedText) -> Result<(), JsValue> {
    let says = add(document, place, "p", &[], &embed.says)?;
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
        add(document, &head, "button", &[("type", "button"), ("data-copies", "")], "Copy")?;
        let region = [("class", "code"), ("tabindex", "0"), ("role", "region"), ("aria-label", label)];
        codes.push(add(document, place, "pre", &region, "")?);
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
    let (figure, controls, query) = (figure.to_owned(), embed.controls.clone(), RefCell::new(embed.query.clone()));
    let builder = Rc::new(Builder { figure, controls, query, says, frames, codes });
    builder.write();
    builder.follow();
    OPEN.with_borrow_mut(|open| {
        open.retain(|other| other.figure != builder.figure);
        open.push(builder);
    });
    listen(document);
    Ok(())
}

fn add_box(document: &Document, row: &Element, figure: &str, key: &str, locks: bool) -> Result<(), JsValue> {
    let label = add(document, row, "label", &[], "")?;
    let way = if locks { "lock" } else { "hide" };
    let name = format!("{way}-{key}");
    let attributes = [("type", "checkbox"), ("data-builder", name.as_str()), ("data-of", figure)];
    let field: HtmlInputElement = add(document, &label, "input", &attributes, "")?.unchecked_into();
    label.append_with_str_1(&format!(" {way}"))?;
    field.set_checked(CHOICES.with_borrow(|all| all.get(figure).is_some_and(|choices| choices.has(way, key))));
    Ok(())
}

/// A box was ticked or cleared.
fn choose(field: &HtmlInputElement) {
    let name = field.get_attribute("data-builder").unwrap_or_default();
    let figure = field.get_attribute("data-of").unwrap_or_default();
    let Some((way, key)) = name.split_once('-') else { return };
    CHOICES.with_borrow_mut(|all| {
        let choices = all.entry(figure.clone()).or_default();
        let set = choices.set(way);
        if field.checked() {
            set.insert(key.to_owned())
        } else {
            set.remove(key)
        };
    });
    if let Some(builder) = of_figure(&figure) {
        builder.write();
        builder.follow();
    }
}

impl Choices {
    fn has(&self, way: &str, key: &str) -> bool {
        if way == "lock" { self.lock.contains(key) } else { self.hide.contains(key) }
    }

    fn set(&mut self, way: &str) -> &mut BTreeSet<String> {
        if way == "lock" { &mut self.lock } else { &mut self.hide }
    }
}

impl Builder {
    /// The address with what is hidden and locked.
    fn query(&self) -> String {
        let choices = CHOICES.with_borrow(|all| all.get(&self.figure).cloned()).unwrap_or_default();
        let list = |name: &str, words: &BTreeSet<String>| match words.is_empty() {
            true => String::new(),
            false => format!("&{name}={}", words.iter().cloned().collect::<Vec<_>>().join(",")),
        };
        format!("{}{}{}", self.query.borrow(), list("hide", &choices.hide), list("lock", &choices.lock))
    }

    /// Writes the codes.
    fn write(&self) {
        let query = self.query();
        let least = if self.is_of_workbench() { WORKBENCH_HEIGHT } else { 0.0 };
        let said = self.frames.iter().map(|(_, height)| height.get()).fold(least, f64::max);
        let height = if said > 0.0 { said } else { USUAL_HEIGHT };
        let codes = embed_codes::codes(&query, &self.figure, height.ceil());
        self.codes[0].set_text_content(Some(&codes.0));
        self.codes[1].set_text_content(Some(&codes.1));
    }

    /// The previews show what the codes say.
    fn follow(&self) {
        let link = address::link(&self.query());
        self.frames.iter().filter(|(frame, _)| frame.src() != link).for_each(|(frame, _)| frame.set_src(&link));
    }

    fn is_of_workbench(&self) -> bool {
        self.query.borrow().contains(&format!("only={WORKBENCH}"))
    }
}

/// The previews follow when nothing has changed for a while: each is a page of its own.
fn follow_soon() {
    let Some(window) = web_sys::window() else { return };
    if let Some(waits) = WAITS.take() {
        window.clear_timeout_with_handle(waits);
    }
    let follow = || {
        Closure::<dyn FnMut()>::new(|| {
            WAITS.set(None);
            OPEN.with_borrow(Clone::clone).iter().for_each(|builder| builder.follow());
        })
    };
    let waits = FOLLOW.with(|call| {
        let call = call.get_or_init(follow).as_ref().unchecked_ref();
        window.set_timeout_with_callback_and_timeout_and_arguments_0(call, PAUSE)
    });
    WAITS.set(waits.ok());
}

/// Hears boxes, buttons, and how high the previews are.
fn listen(document: &Document) {
    let Some(window) = web_sys::window().filter(|_| !LISTENS.replace(true)) else { return };
    dom::listen(document, "change", |event: &Event| {
        if let Some(field) = dom::closest(event, "[data-builder]").and_then(|field| field.dyn_into().ok()) {
            choose(&field);
        }
    });
    dom::listen(document, "click", |event: &Event| {
        let head = dom::closest(event, "[data-copies]").and_then(|button| button.parent_element());
        if let Some(code) = head.and_then(|head| head.next_element_sibling()) {
            clipboard::copy(code.text_content().unwrap_or_default());
        }
    });
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
                    builder.write();
                }
            }
        }
    });
}
