//! The opened network: the file is read part by part, as the application asks for it, and what it says of the
//! network is shown. A file stays where it is; nothing of it is sent anywhere, and its names are only ever text.
use crate::{beside, dom, inbox, reading};
use js_sys::{Array, Promise, Uint8Array};
use std::cell::{Cell, RefCell};
use std::ops::Range;
use vanishing_app::{Menu, Msg, OpenedPanel, OpenedReport, Parts};
use wasm_bindgen::prelude::*;
use web_sys::{
    Blob, Document, DragEvent, Element, File, FileList, HtmlElement, HtmlInputElement, HtmlSelectElement, Window,
};

thread_local! {
    /// The files that were offered, each with its number from 1: that of the open network, and what came after it. They stay
    /// where they are, and are read again when another network of theirs is chosen.
    static FILES: RefCell<Vec<(u64, Offered)>> = const { RefCell::new(Vec::new()) };
    /// How many were offered.
    static OFFERED: Cell<u64> = const { Cell::new(0) };
    /// How often something was to be read: what comes late is dropped.
    static READ: Cell<u64> = const { Cell::new(0) };
}

/// Files that were offered together.
#[derive(Clone)]
struct Offered {
    /// The name of the first.
    name: String,
    /// Their bytes, one file after the other; they stay on the disk until they are asked for.
    bytes: Blob,
}

/// Where the name of the file stands whose network is open, as long as this tab lives: nothing else of it is kept anywhere.
const KEPT: &str = "own-network";

/// Says that a network went when the page was loaded again, and listens for files that are dropped anywhere on the page.
pub fn listen(window: &Window) {
    // The lecturer's window begins with what this one remembers, and has lost nothing.
    if let Some(name) = dom::storage().and_then(|kept| kept.get_item(KEPT).ok().flatten())
        && !beside::is_lecturer()
    {
        inbox::post(Msg::NetworkGone { name });
    }
    let has_file = |event: &DragEvent| {
        event
            .data_transfer()
            .is_some_and(|data| data.types().iter().any(|kind| kind.as_string().as_deref() == Some("Files")))
    };
    dom::listen(window, "dragover", move |event: &DragEvent| {
        if has_file(event) {
            // Otherwise the browser would leave the page and show the file.
            event.prevent_default();
        }
    });
    dom::listen(window, "drop", move |event: &DragEvent| {
        if has_file(event) {
            event.prevent_default();
            let files = event.data_transfer().and_then(|data| data.files());
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if !reading::dropped(target.as_ref(), files.as_ref()) {
                offer(files);
            }
        }
    });
}

/// What is said of the network is seen as soon as it is said.
fn show_place() {
    if let Some(place) = dom::document().and_then(|document| document.query_selector(".own").ok().flatten()) {
        place.scroll_into_view();
    }
}

/// A file was chosen in a field; whether it was the field for networks.
pub fn choose(field: &HtmlInputElement) -> bool {
    if !field.has_attribute("data-own-file") {
        return false;
    }
    offer(field.files());
    // The same file may be chosen again.
    field.set_value("");
    true
}

fn offer(files: Option<FileList>) {
    let files: Vec<File> =
        files.iter().flat_map(|list| (0..list.length()).filter_map(|place| list.get(place))).collect();
    let Some(first) = files.first() else { return };
    let parts: Array = files.iter().collect();
    let Ok(bytes) = Blob::new_with_blob_sequence(&parts) else { return fail("the files cannot be read together") };
    let offered = Offered { name: first.name(), bytes };
    show_place();
    inbox::post(Msg::FilesOffered { files: files.iter().map(|file| (file.name(), file.size() as u64)).collect() });
    OFFERED.set(OFFERED.get() + 1);
    READ.set(READ.get() + 1);
    FILES.with_borrow_mut(|files| files.push((OFFERED.get(), offered)));
}

/// An entry of a menu was chosen. What is shown stays until it is read.
pub fn pick(menu: &HtmlSelectElement) {
    let (Some(action), Some(shown)) = (menu.get_attribute("data-picks"), menu.get_attribute("data-shown")) else {
        return;
    };
    inbox::post(Msg::Action { name: format!("{action}{}", menu.value()) });
    menu.set_value(&shown);
}

/// Reads parts of a file.
pub fn read(asked: &Parts) {
    let of_number = |files: &Vec<(u64, Offered)>| files.iter().find(|(number, _)| *number == asked.file).cloned();
    let Some((_, Offered { name, bytes })) = FILES.with_borrow(of_number) else { return };
    let this = READ.get() + 1;
    READ.set(this);
    let part = |range: &Range<u64>| -> Result<JsValue, JsValue> {
        let slice = bytes.slice_with_f64_and_f64(range.start as f64, range.end as f64)?;
        Ok(slice.array_buffer().into())
    };
    let parts: Result<Array, JsValue> = asked.ranges.iter().map(part).collect();
    let Ok(parts) = parts else { return fail("it cannot be read in parts") };
    let arrived = Closure::once_into_js(move |parts: Array| {
        let bytes = |part: JsValue| Uint8Array::new(&part).to_vec();
        if READ.get() == this {
            inbox::post(Msg::FileParts { parts: parts.iter().map(bytes).collect() });
        }
    });
    let failed = Closure::once_into_js(move |why: JsValue| {
        let why =
            js_sys::Reflect::get(&why, &"message".into()).ok().and_then(|why| why.as_string()).unwrap_or_default();
        if READ.get() == this {
            fail(&format!("{name} could not be read: {why}"));
        }
    });
    let promise: JsValue = Promise::all(&parts).into();
    // A promise has `then`, and calling it does not throw.
    if let Ok(then) = js_sys::Reflect::get(&promise, &"then".into()).and_then(JsCast::dyn_into::<js_sys::Function>) {
        let _ = then.call2(&promise, &arrived, &failed);
    }
}

fn fail(why: &str) {
    inbox::post(Msg::FileFailed { why: why.to_owned() });
}

/// Shows what is said of the network.
pub fn show(document: &Document, panel: &OpenedPanel) -> Result<(), JsValue> {
    let hide = |selector: &str, hidden: bool| {
        for part in dom::all(document, selector) {
            if let Some(part) = part.dyn_ref::<HtmlElement>() {
                part.set_hidden(hidden);
            }
        }
    };
    // Where nothing may be kept, nothing will be said.
    if let Some(kept) = dom::storage() {
        let _ = if panel.name.is_empty() { kept.remove_item(KEPT) } else { kept.set_item(KEPT, &panel.name) };
    }
    hide("[data-own='gone']", panel.gone.is_empty());
    for part in dom::all(document, "[data-own='gone-text']") {
        part.set_text_content(Some(&panel.gone));
    }
    hide("[data-own='strip'], [data-own='open']", !panel.open);
    if let Some(root) = document.document_element() {
        let shown = panel.open && !panel.aside;
        // A link that shows the page's own network again leads to a place of its own.
        let goes = shown && !root.has_attribute("data-own-shown") && !root.has_attribute("data-presenting");
        root.toggle_attribute_with_force("data-own-shown", shown)?;
        if goes {
            show_place();
        }
    }
    hide("[data-own='progress']", panel.progress.is_none());
    hide("[data-action='own-show']", !panel.aside);
    hide("[data-action='own-aside']", panel.aside);
    hide("[data-action='own-train']", panel.aside);
    hide("[data-own='to-training']", !panel.trains);
    for button in dom::all(document, "[data-action='own-train']") {
        button.set_text_content(Some(if panel.trains {
            "No longer start training from it"
        } else {
            "Start training from the opened network"
        }));
    }
    for part in dom::all(document, "[data-own='strip-text']") {
        part.set_text_content(Some(&panel.strip));
    }
    for part in dom::all(document, "[data-own='spectrum']") {
        part.set_text_content(Some(&panel.spectrum));
    }
    for bar in dom::all(document, "progress[data-own-bar]") {
        bar.set_attribute("value", &panel.progress.unwrap_or(0.0).to_string())?;
    }
    for list in dom::all(document, "[data-own='sentences']") {
        list.set_text_content(None);
        for sentence in &panel.sentences {
            let item: Element = dom::element(document, "li", &[])?;
            item.set_text_content(Some(sentence));
            list.append_child(&item)?;
        }
    }
    let last = if panel.file > 0 { panel.file } else { OFFERED.get() };
    FILES.with_borrow_mut(|files| files.retain(|(number, _)| *number >= last));
    show_menu(document, "networks", &panel.networks)?;
    show_menu(document, "readouts", &panel.readouts)?;
    show_report(document, panel.report.as_ref())?;
    hide("[data-own='report']", panel.report.is_none());
    hide("[data-action='own-diagnose']", panel.report.is_some() || panel.aside);
    for body in dom::all(document, "[data-own='tensors']") {
        body.set_text_content(None);
        for cells in &panel.tensors {
            dom::add_row(document, &body, cells)?;
        }
    }
    Ok(())
}

/// Shows a menu, or hides it where there is nothing to choose.
fn show_menu(document: &Document, name: &str, menu: &Menu) -> Result<(), JsValue> {
    for list in dom::all(document, &format!("select[data-own='{name}']")) {
        let Some(list) = list.dyn_ref::<HtmlSelectElement>() else { continue };
        if let Some(row) = list.closest("p")?.as_ref().and_then(|row| row.dyn_ref::<HtmlElement>()) {
            row.set_hidden(menu.entries.is_empty());
        }
        list.set_text_content(None);
        for (place, words) in menu.entries.iter().enumerate() {
            let entry: Element = dom::element(document, "option", &[("value", &place.to_string())])?;
            entry.set_text_content(Some(words));
            list.append_child(&entry)?;
        }
        // Without a choice none is shown.
        let shown = menu.chosen.map_or(String::new(), |place| place.to_string());
        list.set_value(&shown);
        list.set_attribute("data-shown", &shown)?;
    }
    Ok(())
}

/// Shows the report. A button that was pressed keeps the focus: what is the same stays.
fn show_report(document: &Document, report: Option<&OpenedReport>) -> Result<(), JsValue> {
    let none = OpenedReport::default();
    let report = report.unwrap_or(&none);
    for line in dom::all(document, "[data-own='headline']") {
        line.set_text_content(Some(&report.headline));
    }
    for line in dom::all(document, "[data-own='untrained']") {
        line.set_text_content(Some(&report.untrained));
    }
    for list in dom::all(document, "[data-own='found']") {
        list.set_text_content(None);
        for sentence in &report.sentences {
            let item: Element = dom::element(document, "li", &[])?;
            item.set_text_content(Some(sentence));
            list.append_child(&item)?;
        }
    }
    for list in dom::all(document, "[data-own='advice']") {
        let kept = list.children();
        while kept.length() as usize > report.advice.len() {
            if let Some(last) = list.last_element_child() {
                last.remove();
            }
        }
        for (place, advice) in (0..).zip(&report.advice) {
            let item = match kept.item(place) {
                Some(item) => item,
                None => {
                    let item: Element = dom::element(document, "li", &[])?;
                    for part in ["b", "span", "button", "a"] {
                        let part: Element = dom::element(document, part, &[])?;
                        item.append_child(&part)?;
                        item.append_with_str_1(" ")?;
                    }
                    list.append_child(&item)?;
                    item
                }
            };
            let parts = item.children();
            let part = |place| parts.item(place);
            let (Some(title), Some(text), Some(button), Some(link)) = (part(0), part(1), part(2), part(3)) else {
                continue;
            };
            title.set_text_content(Some(&format!("{}.", advice.title)));
            text.set_text_content(Some(&advice.text));
            button.set_attribute("type", "button")?;
            button.set_attribute("data-action", &advice.action)?;
            button.set_attribute("aria-pressed", if advice.tried { "true" } else { "false" })?;
            button.set_text_content(Some(if advice.tried { "Hide its curve" } else { "Show its curve" }));
            button.toggle_attribute_with_force("hidden", advice.action.is_empty())?;
            link.set_attribute("data-preset", "")?;
            link.set_attribute("data-then", "own-learn")?;
            link.set_attribute("href", &format!("?{}#laboratory", advice.query))?;
            link.set_text_content(Some("Train with it"));
            link.toggle_attribute_with_force("hidden", advice.query.is_empty())?;
        }
    }
    Ok(())
}
