//! The lecturer's window: a second one that shows the same step, with notes, what comes next and a clock. Each of the two
//! is a whole page; they tell each other where the lesson is.
use crate::{address, dom, inbox, screen};
use js_sys::{Array, Object, Reflect};
use std::cell::RefCell;
use vanishing_app::{Msg, Place, Stage, action};
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, Document, MessageEvent};

/// Before the name of the channel, in the part of an address behind `#`.
const MARK: &str = "#lecturer-";
/// Where a window remembers its channel, so that it finds it again after a reload.
const KEPT: &str = "vanishing-lecturer";

thread_local! {
    static PAIR: RefCell<Option<Pair>> = const { RefCell::new(None) };
    /// The lessons that were given, the present one last, each with when it began.
    static BEGAN: RefCell<Vec<(String, f64)>> = const { RefCell::new(Vec::new()) };
}

/// The two windows of a lesson.
struct Pair {
    channel: BroadcastChannel,
    /// Where both are, as far as this one knows.
    known: Place,
    _hear: Closure<dyn FnMut(MessageEvent)>,
}

/// The name of the pair, if this is the lecturer's window.
fn lecturer() -> Option<String> {
    let hash = web_sys::window()?.location().hash().ok()?;
    hash.strip_prefix(MARK).map(str::to_owned)
}

/// Whether this is the lecturer's window.
pub fn is_lecturer() -> bool {
    lecturer().is_some()
}

/// Looks whether this is one of two windows: the lecturer's by its address, the other by what it remembers.
pub fn begin(document: &Document, here: Place) {
    if let Some(name) = lecturer() {
        if let Some(root) = document.document_element() {
            let _ = root.set_attribute("data-lecturer", "");
        }
        join(&name, here);
        keep_time(document);
        say(true, &Place::default());
    } else if let Some(name) = dom::storage().and_then(|kept| kept.get_item(KEPT).ok().flatten()) {
        join(&name, here);
    }
}

/// Whether there is another window.
pub fn is_paired() -> bool {
    PAIR.with_borrow(Option::is_some)
}

/// Opens the lecturer's window.
pub fn open(query: &str, here: Place) {
    let Some(window) = web_sys::window() else { return };
    let kept = dom::storage().and_then(|kept| kept.get_item(KEPT).ok().flatten());
    // Only windows that were opened from this one listen to it.
    let name = kept.unwrap_or_else(|| format!("{:08x}", getrandom::u32().unwrap_or_default()));
    if let Some(kept) = dom::storage() {
        let _ = kept.set_item(KEPT, &name);
    }
    join(&name, here);
    screen::expect_to_lose_it();
    let link = format!("{}{MARK}{name}", address::link(query));
    let features = "popup,width=1100,height=760";
    let opened = window.open_with_url_and_target_and_features(&link, &format!("lecturer-{name}"), features);
    if !matches!(opened, Ok(Some(_))) {
        let why = "The browser did not open the lecturer’s window: allow windows for this page, and press w again.";
        inbox::post(Msg::Refused { why: why.to_owned() });
    }
}

fn join(name: &str, known: Place) {
    if PAIR.with_borrow(Option::is_some) {
        return;
    }
    let Ok(channel) = BroadcastChannel::new(&format!("vanishing-point-{name}")) else { return };
    let hear = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| heard(&event.data()));
    channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    PAIR.with_borrow_mut(|pair| *pair = Some(Pair { channel, known, _hear: hear }));
}

/// The other window said something.
fn heard(message: &JsValue) {
    let field = |name: &str| Reflect::get(message, &name.into()).unwrap_or(JsValue::UNDEFINED);
    if field("asks").is_truthy() {
        if let Some(place) = PAIR.with_borrow(|pair| pair.as_ref().map(|pair| pair.known.clone())) {
            say(false, &place);
        }
        return;
    }
    let Some(lesson) = field("lesson").as_string() else { return };
    let votes = Array::from(&field("votes"));
    let hands = votes.iter().filter_map(|hands| hands.as_f64()).map(|hands| hands as u32);
    let place = Place {
        lesson,
        beat: field("beat").as_f64().map_or(0, |beat| beat as usize),
        revealed: field("revealed").is_truthy(),
        black: field("black").is_truthy(),
        votes: hands.take(9).collect(),
        state: field("state").as_string().unwrap_or_default(),
    };
    PAIR.with_borrow_mut(|pair| {
        if let Some(pair) = pair {
            pair.known.clone_from(&place);
        }
    });
    inbox::post(Msg::Beside { place });
}

/// The lesson is somewhere else: the other window is told, unless it said so itself.
pub fn tell(place: &Place) {
    let news = PAIR.with_borrow_mut(|pair| {
        let pair = pair.as_mut()?;
        (pair.known != *place).then(|| pair.known.clone_from(place))
    });
    if news.is_some() {
        say(false, place);
    }
}

fn say(asks: bool, place: &Place) {
    let message = Object::new();
    let votes: Array = place.votes.iter().map(|hands| JsValue::from(*hands)).collect();
    let fields: [(&str, JsValue); 7] = [
        ("asks", asks.into()),
        ("lesson", place.lesson.as_str().into()),
        ("beat", (place.beat as f64).into()),
        ("revealed", place.revealed.into()),
        ("black", place.black.into()),
        ("votes", votes.into()),
        ("state", place.state.as_str().into()),
    ];
    for (name, value) in &fields {
        let _ = Reflect::set(&message, &JsValue::from_str(name), value);
    }
    PAIR.with_borrow(|pair| {
        if let Some(pair) = pair {
            let _ = pair.channel.post_message(&message);
        }
    });
}

/// Shows what the lecturer alone sees of a step. Each lesson has a clock of its own.
pub fn show(document: &Document, stage: &Stage) {
    BEGAN.with_borrow_mut(|began| {
        let known = began.iter().position(|(title, _)| *title == stage.title);
        let lesson = known.map_or_else(|| (stage.title.clone(), dom::now()), |place| began.remove(place));
        began.push(lesson);
    });
    let (begins, ends) = stage.plan;
    let note = if stage.note.is_empty() { "No note for this step." } else { &stage.note };
    let plays = match action::does(stage.plays) {
        "" => "Nothing plays here.",
        does => does,
    };
    let next = if stage.next.is_empty() { "The lesson ends here." } else { &stage.next };
    for (part, words) in [
        ("note", note.to_owned()),
        ("next", next.to_owned()),
        ("plays", plays.to_owned()),
        ("plan", format!("of {}; this step was planned for {}", minutes(ends), minutes(begins))),
        ("black", if stage.black { "The class sees a black screen." } else { "" }.to_owned()),
    ] {
        for place in dom::all(document, &format!("[data-lecturer-part={part}]")) {
            place.set_text_content(Some(&words));
        }
    }
}

/// Minutes and seconds.
fn minutes(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// The clock runs from when the window was opened, or from the press of its button.
fn keep_time(document: &Document) {
    let Some(window) = web_sys::window() else { return };
    for button in dom::all(document, "[data-clock-anew]") {
        dom::listen(&button, "click", |_: &web_sys::Event| {
            BEGAN.with_borrow_mut(|began| began.last_mut().into_iter().for_each(|(_, from)| *from = dom::now()));
        });
    }
    let clocks = dom::all(document, "[data-lecturer-part=clock]");
    let tick = Closure::<dyn FnMut()>::new(move || {
        let began = BEGAN.with_borrow(|began| began.last().map_or_else(dom::now, |(_, from)| *from));
        let seconds = ((dom::now() - began) / 1000.0) as u32;
        clocks.iter().for_each(|clock| clock.set_text_content(Some(&minutes(seconds))));
    });
    let _ = window.set_interval_with_callback_and_timeout_and_arguments_0(tick.as_ref().unchecked_ref(), 1000);
    tick.forget();
}
