//! The state of the shell, and the frame in which everything is done.
//!
//! Messages wait in a queue until the next animation frame; then the application takes them in order and what it asks
//! for is performed once. Nothing here waits or blocks.
use crate::address::{AddressBar, Due};
use crate::canvas::Canvases;
use crate::controls::Controls;
use crate::equations::Equations;
use crate::notices::Notices;
use crate::perform::perform;
use crate::presenter::Lent;
use crate::queue::Queue;
use crate::workers::Workers;
use crate::{dom, embed, timing};
use std::cell::RefCell;
use vanishing_app::{Effects, Lab, Msg, Phase};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element};

thread_local! {
    static QUEUE: RefCell<Queue> = RefCell::default();
    static SHELL: RefCell<Option<Shell>> = const { RefCell::new(None) };
}

/// Effects may ask for messages (a seed) whose effects are to be seen in the same frame; more rounds than this would
/// be a loop.
const ROUNDS: usize = 4;

/// Everything that lives as long as the page.
pub struct Shell {
    /// The application.
    pub lab: Lab,
    /// The document.
    pub document: Document,
    /// The inputs.
    pub controls: Controls,
    /// What in the text follows them.
    pub equations: Equations,
    /// The figures.
    pub canvases: Canvases,
    /// The numbers in the text.
    pub readouts: Readouts,
    /// The sentences to the reader.
    pub notices: Notices,
    /// The address bar.
    pub address: AddressBar,
    /// Who trains.
    pub workers: Workers,
    /// What fills the screen.
    pub lent: Lent,
    /// Whether the pointer holds something in a picture, so that a finger must not scroll the page.
    pub holding: bool,
    /// Asked for, and not yet performed.
    pending: Effects,
    animating: bool,
    frame: Ticket,
    trailing_write: Ticket,
}

/// A call that the browser is to make later, at most once at a time.
struct Ticket {
    call: Closure<dyn FnMut(f64)>,
    waiting: bool,
}

impl Ticket {
    fn new(call: fn(f64)) -> Self {
        Self { call: Closure::new(call), waiting: false }
    }
}

impl Shell {
    /// A shell around the parts of the page, with what the application asked for at its start.
    pub fn new(lab: Lab, pending: Effects, document: Document, controls: Controls, canvases: Canvases) -> Self {
        Self {
            lab,
            controls,
            canvases,
            equations: Equations::find(&document),
            readouts: Readouts::find(&document),
            notices: Notices::find(&document),
            document,
            address: AddressBar::read(),
            workers: Workers::default(),
            lent: Lent::default(),
            holding: false,
            pending,
            animating: false,
            frame: Ticket::new(frame),
            trailing_write: Ticket::new(|_| {
                with(|shell| {
                    shell.trailing_write.waiting = false;
                    shell.write_address();
                });
            }),
        }
    }

    /// Frames are wanted from now on, or no longer.
    pub fn animate(&mut self, wanted: bool) {
        self.animating = wanted;
    }

    /// Something plays from now on, or no longer: its buttons do the other thing.
    pub fn plays(&self, (play, pause): (&str, &str), plays: bool) {
        for button in dom::all(&self.document, &format!("button[data-action={play}], button[data-action={pause}]")) {
            // One button that changes its meaning, not two that take turns: the focus stays where it is.
            let _ = button.set_attribute("data-action", if plays { pause } else { play });
        }
    }

    /// Writes the address if it is time, or sees to it that it will be.
    pub fn write_address(&mut self) {
        match self.address.pace.due(dom::now()) {
            Due::Nothing => {}
            Due::Write(addresses) => self.address.write(addresses),
            Due::Wait(milliseconds) => {
                let Some(window) = web_sys::window().filter(|_| !self.trailing_write.waiting) else { return };
                let call = self.trailing_write.call.as_ref().unchecked_ref();
                let delay = milliseconds.ceil() as i32;
                self.trailing_write.waiting =
                    window.set_timeout_with_callback_and_timeout_and_arguments_0(call, delay).is_ok();
            }
        }
    }

    fn update(&mut self, messages: Vec<Msg>) {
        for msg in messages {
            if let Msg::Resize { figure, width, height, scale } = &msg {
                self.canvases.resize(figure, *width, *height, *scale);
            }
            let done = key_that_is_done(&msg);
            let effects = timing::measured(self.lab.timing(), "update", || self.lab.update(msg));
            self.pending.merge(effects);
            if let Some(key) = done {
                self.let_go(&key);
            }
        }
    }

    /// A control was let go of: it is written afresh, since what it holds may be what was refused.
    pub fn let_go(&mut self, key: &str) {
        self.controls.done(key);
        self.pending.controls.extend(self.lab.control(key));
    }

    fn request_frame(&mut self) {
        if !self.frame.waiting
            && let Some(window) = web_sys::window()
        {
            self.frame.waiting = window.request_animation_frame(self.frame.call.as_ref().unchecked_ref()).is_ok();
        }
    }
}

/// The control that a message lets go of.
fn key_that_is_done(msg: &Msg) -> Option<String> {
    match msg {
        Msg::Input { key, phase: Phase::Done, .. } => Some(key.clone()),
        _ => None,
    }
}

/// Puts the shell in its place. Before this, messages only wait.
pub fn install(shell: Shell) {
    SHELL.with_borrow_mut(|place| *place = Some(shell));
}

/// Does something with the shell. After a panic it stays taken, and nothing is done any more.
pub fn with<T>(work: impl FnOnce(&mut Shell) -> T) -> Option<T> {
    SHELL.with(|place| place.try_borrow_mut().ok()?.as_mut().map(work))
}

/// Something happened: it is dealt with in the next frame.
pub fn post(msg: Msg) {
    QUEUE.with_borrow_mut(|queue| queue.push(msg));
    // While effects are being performed the shell is taken; it looks into the queue when it is done.
    with(Shell::request_frame);
}

/// Something happened whose effects must not wait for a frame: the browser allows some things only inside the event,
/// and a canvas with a new size is to be drawn before it is shown.
pub fn post_now(msg: Msg) {
    QUEUE.with_borrow_mut(|queue| queue.push(msg));
    flush();
}

/// Something waits for the next frame.
pub fn wake() {
    with(Shell::request_frame);
}

/// A worker said something. It is dealt with at once, and the next order goes out; what is seen of it waits for the frame.
pub fn report(msg: Msg) {
    let taken = with(|shell| {
        let mut effects = timing::measured(shell.lab.timing(), "report", || shell.lab.update(msg.clone()));
        for work in std::mem::take(&mut effects.work) {
            shell.workers.take(work);
        }
        shell.pending.merge(effects);
        shell.request_frame();
    });
    // The shell is taken while effects are performed: a worker that fails at once is heard a little later.
    if taken.is_none() {
        QUEUE.with_borrow_mut(|queue| queue.push(msg));
    }
}

/// What the application answered about an event.
#[derive(Clone, Copy, Default)]
pub struct Answer {
    /// The browser's own action is to be prevented.
    pub handled: bool,
    /// The pointer is to be captured.
    pub capture_pointer: bool,
}

/// Something happened about which the browser must be told at once whether it was used. Its effects wait for the frame.
pub fn ask(msg: Msg) -> Answer {
    let asked = with(|shell| {
        let before = QUEUE.with_borrow_mut(Queue::take);
        shell.update(before);
        shell.pending.handled = false;
        shell.pending.capture_pointer = false;
        shell.update(vec![msg]);
        shell.request_frame();
        Answer { handled: shell.pending.handled, capture_pointer: shell.pending.capture_pointer }
    });
    asked.unwrap_or_default()
}

/// Deals with everything that waits.
pub fn flush() {
    with(|shell| {
        for _ in 0..ROUNDS {
            let messages = QUEUE.with_borrow_mut(Queue::take);
            shell.update(messages);
            let effects = std::mem::take(&mut shell.pending);
            perform(shell, effects);
            if QUEUE.with_borrow(Queue::is_empty) {
                break;
            }
        }
        if shell.animating || shell.workers.has_own_work() || !QUEUE.with_borrow(Queue::is_empty) {
            shell.request_frame();
        }
    });
}

fn frame(now: f64) {
    with(|shell| {
        shell.frame.waiting = false;
        if let Some(msg) = embed::wanted() {
            QUEUE.with_borrow_mut(|queue| queue.push(msg));
        }
        if shell.animating {
            QUEUE.with_borrow_mut(|queue| queue.push(Msg::Frame { now }));
        }
    });
    flush();
    // What the page trains itself, it trains between its frames.
    if let Some(Some(msg)) = with(|shell| shell.workers.work_here()) {
        report(msg);
    }
}

/// The `<output data-readout>` elements; the same name may stand in several places.
pub struct Readouts(Vec<(String, Element, RefCell<String>)>);

impl Readouts {
    fn find(document: &Document) -> Self {
        let found = dom::all(document, "[data-readout]").into_iter().map(|element| {
            // Numbers that run along with a slider are not read out one by one; sentences are, in `[data-announce]`.
            let _ = element.set_attribute("aria-live", "off");
            (element.get_attribute("data-readout").unwrap_or_default(), element, RefCell::default())
        });
        Self(found.collect())
    }

    /// Writes a text wherever its name stands.
    pub fn show(&self, name: &str, text: &str) {
        for (_, element, shown) in self.0.iter().filter(|(known, ..)| known == name) {
            if *shown.borrow() != text {
                // A number and its power of ten stay on one line.
                element.set_text_content(Some(&text.replace(" × ", "\u{a0}×\u{a0}")));
                *shown.borrow_mut() = text.to_owned();
            }
        }
    }
}
