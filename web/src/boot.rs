//! The start: the parts of the page are found and made, the first pictures drawn, and the page declared ready.
use crate::canvas::{self, Canvases};
use crate::controls::Controls;
use crate::page::Page;
use crate::{
    address, beside, chips, dom, embed, folds, handout, inbox, listeners, opened_network, shell, takeaway, transport,
};
use std::cell::Cell;
use std::mem::ManuallyDrop;
use vanishing_app::{Lab, Msg};
use wasm_bindgen::prelude::*;
use web_sys::{
    Document, HtmlCanvasElement, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit,
    ResizeObserver, ResizeObserverEntry,
};

/// Figures this near to the window are drawn before they are seen.
const MARGIN: &str = "25%";

/// Starts the page.
pub fn boot() -> Result<(), JsValue> {
    let window = web_sys::window().ok_or("no window")?;
    let document = window.document().ok_or("no document")?;
    let (lab, effects) = Lab::new(&address::query());
    // It lives as long as the page: code that takes it to pieces would only weigh.
    let lab = ManuallyDrop::new(lab);
    embed::arrange(&document, lab.embedding())?;
    let lab_is_whole = lab.embedding().only.is_empty();
    transport::build(&document)?;
    chips::build(&document, &lab.remedies())?;
    let controls = Controls::build(&document, &lab.controls())?;
    let canvases = Canvases::build(&document, &lab)?;
    takeaway::build(&document, &lab)?;
    let elements: Vec<HtmlCanvasElement> = canvases.elements().cloned().collect();
    shell::install(Page::new((lab, effects), document.clone(), controls, canvases, shell::CALLS));
    listeners::listen(&window, &document);
    if lab_is_whole {
        opened_network::listen(&window);
    }
    inbox::post(Msg::Cores { cores: window.navigator().hardware_concurrency() as usize });
    if !reduced_motion(&window) {
        inbox::post(Msg::Motion);
    }
    // Controls, readouts and theme need no layout: they are there before the first picture.
    shell::flush();
    observe(&document, &elements)?;
    embed::begin(&window, &document)?;
    let_keys_scroll(&document)?;
    mark_chapters(&document)?;
    folds::follow_address(&document);
    handout::begin(&document, &own_lesson())?;
    beside::begin(&document, shell::with(|page| page.lab.place()).unwrap_or_default());
    Ok(())
}

/// The text of a lesson that the address brings.
fn own_lesson() -> String {
    shell::with(|page| page.lab.own_lesson().to_owned()).unwrap_or_default()
}

/// A formula that is wider than its place is scrolled sideways; where it is, the keyboard must come to it.
fn let_keys_scroll(document: &Document) -> Result<(), JsValue> {
    let sized = Closure::<dyn FnMut(js_sys::Array)>::new(|entries: js_sys::Array| {
        for entry in entries.iter() {
            let formula = entry.unchecked_into::<ResizeObserverEntry>().target();
            let _ = if formula.scroll_width() > formula.client_width() {
                formula.set_attribute("tabindex", "0")
            } else {
                formula.remove_attribute("tabindex")
            };
        }
    });
    let sizes = ResizeObserver::new(sized.as_ref().unchecked_ref())?;
    sized.forget();
    dom::all(document, ".formula").iter().for_each(|formula| sizes.observe(formula));
    Ok(())
}

/// Marks the chapter that is read in the table of contents.
fn mark_chapters(document: &Document) -> Result<(), JsValue> {
    let page = document.clone();
    let passed = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        for entry in entries.iter() {
            let entry: IntersectionObserverEntry = entry.unchecked_into();
            if entry.is_intersecting() && entry.target().tag_name() == "SECTION" {
                inbox::post(Msg::Chapter { name: entry.target().id() });
            }
            for link in dom::all(&page, &format!(".contents a[href=\"#{}\"]", entry.target().id())) {
                if let Some(strip) = link.parent_element().filter(|_| entry.is_intersecting()) {
                    // The name of what is read is in view, however narrow the strip is.
                    if let Some(name) = link.dyn_ref::<web_sys::HtmlElement>() {
                        let middle = name.offset_left() + name.offset_width() / 2 - strip.client_width() / 2;
                        strip.set_scroll_left(middle);
                    }
                }
                let _ = match entry.is_intersecting() {
                    true => link.set_attribute("aria-current", "true"),
                    false => link.remove_attribute("aria-current"),
                };
            }
        }
    });
    let options = IntersectionObserverInit::new();
    // The line at two fifths of the window.
    options.set_root_margin("-40% 0px -60% 0px");
    let chapters = IntersectionObserver::new_with_options(passed.as_ref().unchecked_ref(), &options)?;
    passed.forget();
    dom::all(document, "main :is(section, .part)[id]").iter().for_each(|chapter| chapters.observe(chapter));
    Ok(())
}

/// Whether somebody asked for as little motion as possible.
fn reduced_motion(window: &web_sys::Window) -> bool {
    let query = window.match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Sizes and visibility of the canvases, as messages. Both observers report all canvases once, in the first frame: sizes
/// before it is painted, what is in view after that. The first figure of the page is taken to be in view until then, so
/// that the first frame has its picture; with it the page is live.
fn observe(document: &Document, canvases: &[HtmlCanvasElement]) -> Result<(), JsValue> {
    if let Some(figure) = canvases.first().and_then(|canvas| canvas::slug_of(canvas)) {
        inbox::post(Msg::Visible { figure, visible: true });
    }
    let first = Cell::new(true);
    let root = document.document_element();
    let sized = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        entries.iter().filter_map(|entry| resized(entry.unchecked_ref())).for_each(inbox::post);
        // Afterwards a new size waits for the next frame: whatever else waits may change the layout, which an observer of
        // sizes must not do.
        if first.replace(false) {
            shell::flush();
            if let Some(root) = &root {
                let _ = root.set_attribute("data-ready", "true");
            }
        }
    });
    let sizes = ResizeObserver::new(sized.as_ref().unchecked_ref())?;
    sized.forget();

    let seen = Closure::<dyn FnMut(js_sys::Array)>::new(|entries: js_sys::Array| {
        entries.iter().filter_map(|entry| seen(entry.unchecked_ref())).for_each(inbox::post);
        shell::flush();
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin(MARGIN);
    let visibility = IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options)?;
    seen.forget();

    for canvas in canvases {
        sizes.observe(canvas);
        visibility.observe(canvas);
    }
    Ok(())
}

fn resized(entry: &ResizeObserverEntry) -> Option<Msg> {
    let rect = entry.content_rect();
    let element = entry.target();
    let (figure, scale) = (canvas::slug_of(&element)?, canvas::scale_of(&element));
    Some(Msg::Resize { figure, width: rect.width(), height: rect.height(), scale })
}

fn seen(entry: &IntersectionObserverEntry) -> Option<Msg> {
    Some(Msg::Visible { figure: canvas::slug_of(&entry.target())?, visible: entry.is_intersecting() })
}
