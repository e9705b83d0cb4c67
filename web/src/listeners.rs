//! One listener for each kind of event, on the document: what happened becomes a message.
//!
//! Nothing is read from the page but what the event itself brings: the value of its input, where its pointer is.
use crate::canvas::slug_of;
use crate::dom::{self, closest, listen as on};
use crate::dragging;
use crate::equations::Equations;
use crate::folds;
use crate::inbox;
use crate::shell::{self, Answer};
use crate::{lecture, opened_network, parent, reading};
use std::cell::Cell;
use vanishing_app::{Focus, Msg, Phase, Pointer, symbols};
use wasm_bindgen::prelude::*;
use web_sys::{
    Document, Element, Event, HtmlCanvasElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
    KeyboardEvent, MouseEvent, PointerEvent, ScrollIntoViewOptions, ScrollLogicalPosition, Window,
};

/// Listens to the document and the window.
pub fn listen(window: &Window, document: &Document) {
    on(document, "input", |event: &Event| moving(event));
    on(document, "change", |event: &Event| done(event));
    on(document, "focusout", |event: &Event| stopped_typing(event));
    on(document, "click", click);
    on(document, "keydown", key);
    on(document, "pointerdown", press);
    on(document, "pointermove", |event: &PointerEvent| pointer(event, Pointer::Move));
    on(document, "pointerup", |event: &PointerEvent| {
        pointer(event, Pointer::Up);
        // On the stage the arrow keys are the lesson's again as soon as the hand has let go of a slider.
        if closest(event, "dialog.stage").is_some()
            && let Some(slider) = target::<HtmlInputElement>(event).filter(|field| field.type_() == "range")
        {
            let _ = slider.blur();
        }
    });
    on(document, "pointercancel", |event: &PointerEvent| pointer(event, Pointer::Leave));
    // A canvas has no children, so leaving it and `pointerout`, which bubbles, are the same.
    on(document, "pointerout", |event: &PointerEvent| pointer(event, Pointer::Leave));
    on(document, "pointerover", |event: &PointerEvent| {
        if closest(event, ".control > label, main :is(mi, p i, li i)").is_some() {
            quiet(false);
        }
        point_at_symbol(event);
        light(control_of(event), Equations::point);
    });
    on(document, "focusin", |event: &Event| {
        quiet(false);
        light(control_of(event), Equations::focus);
    });
    on(document, "focusout", |_: &Event| light(None, Equations::focus));
    // What is unfolded beside pictures that stay is brought into view.
    for fold in dom::all(document, ".bench-hand details") {
        on(&fold, "toggle", |event: &Event| {
            if let Some(fold) = target::<Element>(event).filter(|fold| fold.has_attribute("open")) {
                let options = ScrollIntoViewOptions::new();
                options.set_block(ScrollLogicalPosition::Nearest);
                fold.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
    for dialog in dom::all(document, "dialog") {
        // Esc may close a dialog without a key being heard.
        on(&dialog, "close", |event: &Event| {
            if closest(event, "dialog.stage").is_some() {
                inbox::post(Msg::Action { name: "present-end".to_owned() });
            }
        });
    }
    // A picture is drawn with the fonts that are there; its texts are what makes the browser fetch some of them.
    on(&document.fonts(), "loadingdone", |_: &Event| inbox::post(Msg::Fonts));
    dragging::listen_to(document);
    lecture::listen(document);
    listen_to_window(window);
}

fn listen_to_window(window: &Window) {
    on(window, "popstate", |_: &Event| {
        if let Some(query) = shell::with(|page| page.address.went()).flatten() {
            inbox::post(Msg::Navigate { query });
        }
    });
    // What waits to be written belongs to the page that is being left.
    on(window, "pagehide", |_: &Event| {
        shell::with(|page| {
            let addresses = page.address.pace.take();
            page.address.write(addresses);
        });
    });
    // Another zoom or another screen: the canvases may keep their size and still need other pixels.
    on(window, "resize", |_: &Event| {
        if let Some(text) = shell::with(|page| dom::text_size(&page.document)) {
            inbox::post(Msg::TextSize { text });
        }
        shell::with(|page| page.canvases.rescaled()).unwrap_or_default().into_iter().for_each(inbox::post);
    });
    // A printed page has every picture, seen or not.
    on(window, "beforeprint", |_: &Event| {
        shell::with(|page| folds::open_all(&page.document));
        shell::with(|page| page.canvases.measured()).unwrap_or_default().into_iter().for_each(inbox::post);
        inbox::post(Msg::Printing(true));
        for figure in shell::with(|page| page.canvases.slugs()).unwrap_or_default() {
            inbox::post(Msg::Visible { figure, visible: true });
        }
        shell::flush();
    });
    on(window, "afterprint", |_: &Event| {
        inbox::post(Msg::Printing(false));
        shell::with(|page| folds::close_again(&page.document));
    });
    on(window, "hashchange", |_: &Event| {
        shell::with(|page| folds::follow_address(&page.document));
    });
    let Ok(Some(dark)) = window.match_media("(prefers-color-scheme: dark)") else { return };
    inbox::post(Msg::SystemTheme { dark: dark.matches() });
    on(&dark.clone(), "change", move |_: &Event| inbox::post(Msg::SystemTheme { dark: dark.matches() }));
}

/// A control is on its way. Text is taken when it is entered, not letter by letter.
fn moving(event: &Event) {
    let Some(field) = target::<HtmlInputElement>(event) else { return };
    if let Some(key) = field.get_attribute("data-number") {
        shell::with(|page| page.controls.typing(&key));
    } else if let Some(msg) = slide(&field, Phase::Moving) {
        inbox::post(msg);
    }
}

/// A control was let go of, or its text entered.
fn done(event: &Event) {
    if open_file(event) || target::<HtmlTextAreaElement>(event).is_some_and(|field| reading::entered(&field)) {
        return;
    }
    let entered = |key: String, value: String| Msg::Input { key, value, phase: Phase::Done };
    let msg = if let Some(menu) = target::<HtmlSelectElement>(event) {
        opened_network::pick(&menu);
        menu.get_attribute("data-param").map(|key| entered(key, menu.value()))
    } else if let Some(field) = target::<HtmlInputElement>(event) {
        let text = |key: String| match field.type_().as_str() {
            "checkbox" => entered(key, if field.checked() { "1" } else { "0" }.to_owned()),
            _ => entered(key, field.value()),
        };
        let key = field.get_attribute("data-number").or_else(|| field.get_attribute("data-param"));
        slide(&field, Phase::Done).or_else(|| key.map(text))
    } else {
        None
    };
    if let Some(msg) = msg {
        inbox::post(msg);
    }
}

fn slide(field: &HtmlInputElement, phase: Phase) -> Option<Msg> {
    // A finger that has not decided may be about to scroll.
    if ON_SLIDER.get().is_some() {
        return None;
    }
    let key = field.get_attribute("data-param").filter(|_| field.type_() == "range")?;
    Some(Msg::Slide { key, position: field.value_as_number(), phase })
}

/// Typing may end without a change: then what was typed gives way to the value again.
fn stopped_typing(event: &Event) {
    let Some(key) = target::<HtmlInputElement>(event).and_then(|field| field.get_attribute("data-number")) else {
        return;
    };
    shell::with(|page| page.let_go(&key));
    shell::flush();
}

/// The parameter whose control an event happened to.
fn control_of(event: &Event) -> Option<String> {
    closest(event, "[data-control]")?.get_attribute("data-control")
}

fn light(key: Option<String>, light: fn(&mut Equations, Option<String>)) {
    shell::with(|page| light(&mut page.equations, key));
}

fn click(event: &MouseEvent) {
    if let Some(button) = closest(event, "button[data-action]") {
        let name = button.get_attribute("data-action").unwrap_or_default();
        // At once: browsers open the clipboard only inside the event.
        shell::post_now(Msg::Action { name });
    } else if let Some(button) = closest(event, "button[data-toggle]") {
        let open = button.get_attribute("aria-expanded").as_deref() == Some("true");
        let _ = button.set_attribute("aria-expanded", if open { "false" } else { "true" });
    } else if let Some(link) = closest(event, "a[data-preset]") {
        // With a modifier the browser opens the link's own address in another tab or window.
        if event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
            event.prevent_default();
            inbox::post(Msg::Follow { query: dom::preset(&link) });
            if let Some(name) = link.get_attribute("data-then") {
                inbox::post(Msg::Action { name });
            }
            // What it changes is brought into view.
            let address = link.get_attribute("href").unwrap_or_default();
            if let Some(place) =
                address.split_once('#').and_then(|(_, id)| link.owner_document()?.get_element_by_id(id))
            {
                place.scroll_into_view();
                // A column with a bar of its own begins at its top.
                if let Ok(Some(column)) = place.query_selector(".bench-hand") {
                    column.set_scroll_top(0);
                }
            }
        }
    } else if let Some(link) = closest(event, "a[href^='#']") {
        // The address may have this fragment already, and then does not change.
        if let (Some(document), Some(fragment)) = (link.owner_document(), link.get_attribute("href")) {
            folds::reveal(&document, &fragment);
        }
    }
}

fn key(event: &KeyboardEvent) {
    parent::touch();
    let control = event.ctrl_key() || event.meta_key();
    if event.alt_key() {
        return;
    }
    if event.key() == "Escape" {
        quiet(true);
    }
    if dragging::key(event) || spin(event) {
        event.prevent_default();
        return;
    }
    // The help closes by itself, and takes the other keys.
    if closest(event, "dialog.manual").is_some() {
        return;
    }
    let figure = target::<HtmlCanvasElement>(event).and_then(|canvas| slug_of(&canvas)).filter(|_| !control);
    let (key, shift) = (event.key(), event.shift_key());
    let taken = figure.is_some_and(|figure| shell::ask(Msg::Key { figure, key: key.clone(), shift }).handled);
    if taken || shell::ask(Msg::Shortcut { key, control, shift, focus: focus_of(event) }).handled {
        event.prevent_default();
    }
}

/// In a field of a whole number the arrows up and down add one or take one away.
fn spin(event: &KeyboardEvent) -> bool {
    let step = match event.key().as_str() {
        "ArrowUp" => 1.0,
        "ArrowDown" => -1.0,
        _ => return false,
    };
    let Some(field) = target::<HtmlInputElement>(event).filter(|field| field.has_attribute("aria-valuemin")) else {
        return false;
    };
    let (Some(key), Ok(number)) = (field.get_attribute("data-param"), field.value().trim().parse::<f64>()) else {
        return false;
    };
    inbox::post(Msg::Input { key, value: format!("{}", number + step), phase: Phase::Done });
    true
}

/// What has the focus, as far as it decides whose a key is.
fn focus_of(event: &KeyboardEvent) -> Focus {
    if closest(event, "textarea, input:not([type=range], [type=checkbox], [type=radio], [type=file])").is_some() {
        Focus::Text
    } else if closest(event, "input").is_some() {
        Focus::Slider
    } else if closest(event, "select").is_some() {
        Focus::Field
    } else if closest(event, "button, a, summary").is_some() {
        Focus::Button
    } else {
        Focus::Page
    }
}

/// Says what a symbol of the text means, while it is pointed at or after it was tapped.
fn point_at_symbol(event: &PointerEvent) {
    let Some(document) = dom::document() else { return };
    let Ok(Some(strip)) = document.query_selector("[data-symbol]") else { return };
    let symbol = closest(event, "main :is(mi, p i, li i)");
    let around = closest(event, "section[id], [data-symbols]");
    let chapter =
        around.map(|part| part.get_attribute("data-symbols").unwrap_or_else(|| part.id())).unwrap_or_default();
    let letter = symbol.and_then(|symbol| symbol.text_content()).unwrap_or_default();
    let means = symbols::explain(letter.trim(), &chapter);
    let text = means.map(|means| format!("{}: {means}", letter.trim()));
    if strip.text_content().as_deref() != Some(text.as_deref().unwrap_or_default()) {
        strip.set_text_content(text.as_deref());
    }
}

/// Hides what a control says of itself, until another one is pointed at or has the focus.
fn quiet(on: bool) {
    if let Some(root) = dom::document().and_then(|document| document.document_element()) {
        let _ = if on { root.set_attribute("data-quiet", "") } else { root.remove_attribute("data-quiet") };
    }
}

/// The longest lesson in a file, in bytes.
const LONGEST_LESSON: f64 = 100_000.0;

/// A lesson or a network in a file.
fn open_file(event: &Event) -> bool {
    let Some(field) = target::<HtmlInputElement>(event) else { return false };
    if opened_network::choose(&field) || reading::choose(&field) {
        return true;
    }
    if !field.has_attribute("data-lesson") {
        return false;
    }
    let Some(file) = field.files().and_then(|files| files.get(0)) else { return true };
    if file.size() > LONGEST_LESSON {
        let why = format!("{} has {} bytes; a lesson has at most {LONGEST_LESSON}.", file.name(), file.size());
        inbox::post(Msg::Refused { why });
        field.set_value("");
        return true;
    }
    let read = Closure::once_into_js(|text: JsValue| {
        inbox::post(Msg::LessonFile { text: text.as_string().unwrap_or_default() });
    });
    // A promise has `then`, and calling it does not throw.
    let promise = file.text();
    if let Ok(then) = js_sys::Reflect::get(&promise, &"then".into()).and_then(JsCast::dyn_into::<js_sys::Function>) {
        let _ = then.call1(&promise, &read);
    }
    field.set_value("");
    true
}

fn press(event: &PointerEvent) {
    parent::touch();
    if !event.is_primary() || event.button() != 0 {
        return;
    }
    ON_SLIDER.set(None);
    if event.pointer_type() == "touch" && is_slider(event) {
        ON_SLIDER.set(Some((f64::from(event.client_x()), f64::from(event.client_y()))));
    }
    if event.pointer_type() == "touch" && closest(event, "figure canvas").is_some() {
        TOUCH.set(Some((f64::from(event.offset_x()), f64::from(event.offset_y()))));
        return;
    }
    take_hold(event, over_figure(event, Pointer::Down));
}

thread_local! {
    /// Where a finger came down on a picture, until it is known what it wants.
    static TOUCH: Cell<Option<(f64, f64)>> = const { Cell::new(None) };
    /// The same on a slider, in CSS pixels of the window.
    static ON_SLIDER: Cell<Option<(f64, f64)>> = const { Cell::new(None) };
}

/// A finger that moves so far to the side, in CSS pixels, wants the picture and not the page.
const ASIDE: f64 = 6.0;

/// What a finger wants that came down on a picture: a move up or down scrolls the page, which the browser sees to and tells
/// with `pointercancel`; a move to the side, or none at all, is for the picture.
fn decide(event: &PointerEvent, kind: Pointer) {
    let Some((x, y)) = TOUCH.get() else { return };
    let (across, along) = (f64::from(event.offset_x()) - x, f64::from(event.offset_y()) - y);
    let is_for_picture = match kind {
        Pointer::Move => across.abs() >= ASIDE && across.abs() > along.abs(),
        Pointer::Up => true,
        Pointer::Down | Pointer::Leave => false,
    };
    if is_for_picture {
        take_hold(event, over_figure(event, Pointer::Down).map(|msg| at(msg, (x, y))));
    }
    if is_for_picture || kind == Pointer::Leave {
        TOUCH.set(None);
    }
}

/// The same for a slider: browsers move it as soon as a finger is on it, and take that back with nothing but `pointercancel`.
fn decide_slider(event: &PointerEvent, kind: Pointer) {
    let Some((x, y)) = ON_SLIDER.get() else { return };
    let Some(field) = target::<HtmlInputElement>(event) else { return };
    let (across, along) = (f64::from(event.client_x()) - x, f64::from(event.client_y()) - y);
    let phase = match kind {
        Pointer::Move if across.abs() >= ASIDE && across.abs() > along.abs() => Phase::Moving,
        Pointer::Up => Phase::Done,
        Pointer::Leave if event.type_() == "pointercancel" => {
            ON_SLIDER.set(None);
            if let Some(key) = field.get_attribute("data-param") {
                shell::with(|page| page.let_go(&key));
                shell::flush();
            }
            return;
        }
        _ => return,
    };
    ON_SLIDER.set(None);
    if let Some(msg) = slide(&field, phase) {
        inbox::post(msg);
    }
}

fn is_slider(event: &Event) -> bool {
    closest(event, "input[type=range]").is_some()
}

fn at(msg: Msg, place: (f64, f64)) -> Msg {
    match msg {
        Msg::Pointer { figure, kind, .. } => Msg::Pointer { figure, kind, x: place.0, y: place.1 },
        other => other,
    }
}

fn take_hold(event: &PointerEvent, pressed: Option<Msg>) {
    let answer = pressed.map_or(Answer::default(), shell::ask);
    if answer.capture_pointer
        && let Some(canvas) = target::<Element>(event)
    {
        // Fails if the pointer is gone already; then there is nothing to capture.
        let _ = canvas.set_pointer_capture(event.pointer_id());
    }
}

fn pointer(event: &PointerEvent, kind: Pointer) {
    if !event.is_primary() {
        return;
    }
    decide(event, kind);
    decide_slider(event, kind);
    // A finger that has not decided shows nothing.
    if let Some(msg) = over_figure(event, kind).filter(|_| TOUCH.get().is_none()) {
        inbox::post(msg);
    }
}

fn over_figure(event: &PointerEvent, kind: Pointer) -> Option<Msg> {
    let canvas: HtmlCanvasElement = target(event)?;
    let figure = slug_of(&canvas)?;
    Some(Msg::Pointer { figure, kind, x: f64::from(event.offset_x()), y: f64::from(event.offset_y()) })
}

fn target<T: JsCast>(event: &Event) -> Option<T> {
    event.target()?.dyn_into().ok()
}
