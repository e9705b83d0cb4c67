//! The parts of the page, and what is asked of them.
use crate::address::{AddressBar, Due};
use crate::canvas::Canvases;
use crate::controls::Controls;
use crate::equations::Equations;
use crate::notices::Notices;
use crate::presenter::Lent;
use crate::readouts::Readouts;
use crate::workers::Workers;
use crate::{dom, timing};
use std::mem::ManuallyDrop;
use vanishing_app::{Effects, Lab, Msg, Phase};
use wasm_bindgen::prelude::*;
use web_sys::Document;

/// Everything that lives as long as the page.
pub struct Page {
    /// The application.
    pub lab: ManuallyDrop<Lab>,
    /// The document whose parts these are.
    pub document: Document,
    /// Inputs and menus, by the keys of their parameters.
    pub controls: Controls,
    /// What in the text follows them.
    pub equations: Equations,
    /// The canvases of the figures, by their slugs.
    pub canvases: Canvases,
    /// The numbers in the text.
    pub readouts: Readouts,
    /// The sentences to the reader.
    pub notices: Notices,
    /// The address bar.
    pub address: AddressBar,
    /// The threads that carry out orders, and what the page carries out itself.
    pub workers: Workers,
    /// What fills the screen.
    pub lent: Lent,
    /// Asked for, and not yet performed.
    pub pending: Effects,
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

impl Page {
    /// The parts of the page, with what the application asked for at its start.
    pub fn new(
        (lab, pending): (ManuallyDrop<Lab>, Effects),
        document: Document,
        controls: Controls,
        canvases: Canvases,
        calls: Calls,
    ) -> Self {
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
            pending,
            animating: false,
            frame: Ticket::new(calls.frame),
            trailing_write: Ticket::new(calls.write),
        }
    }

    /// The frame that was asked for has come; whether frames are wanted on their own account.
    pub fn frame_came(&mut self) -> bool {
        self.frame.waiting = false;
        self.animating
    }

    /// Whether there is more to be done in a next frame, besides messages that wait.
    pub fn wants_frame(&self) -> bool {
        self.animating || self.workers.has_own_work()
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

    /// The address is due to be written.
    pub fn write_late(&mut self) {
        self.trailing_write.waiting = false;
        self.write_address();
    }

    /// The application takes messages, in order; what it asks for waits to be performed.
    pub fn update(&mut self, messages: Vec<Msg>) {
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

    /// Sees to it that there is a next frame.
    pub fn request_frame(&mut self) {
        if !self.frame.waiting
            && let Some(window) = web_sys::window()
        {
            self.frame.waiting = window.request_animation_frame(self.frame.call.as_ref().unchecked_ref()).is_ok();
        }
    }
}

/// What the browser calls later.
#[derive(Clone, Copy)]
pub struct Calls {
    /// In an animation frame, with its time in milliseconds.
    pub frame: fn(f64),
    /// When an address that had to wait may be written.
    pub write: fn(f64),
}

/// The control that a message lets go of.
fn key_that_is_done(msg: &Msg) -> Option<String> {
    match msg {
        Msg::Input { key, phase: Phase::Done, .. } => Some(key.clone()),
        _ => None,
    }
}
