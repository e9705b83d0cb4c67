//! The frame in which everything is done.
//!
//! Messages wait in the inbox until the next animation frame; then the application takes them in order and what it asks for
//! is performed once. Nothing here waits or blocks.
use crate::inbox::{self, Service};
use crate::page::{Calls, Page};
use crate::perform::perform;
use crate::{parent, timing};
use std::cell::RefCell;
use std::mem::ManuallyDrop;
use vanishing_app::Msg;

thread_local! {
    static PAGE: RefCell<Option<ManuallyDrop<Page>>> = const { RefCell::new(None) };
}

/// Effects may ask for messages (a seed) whose effects are to be seen in the same frame; more rounds than this would
/// be a loop.
const ROUNDS: usize = 4;

/// Puts the page in its place: from now on messages are dealt with.
pub fn install(page: Page) {
    PAGE.with_borrow_mut(|place| *place = Some(ManuallyDrop::new(page)));
    inbox::serve(Service { wake, report });
}

/// What the browser calls for the page.
pub const CALLS: Calls = Calls { frame, write: |_| with(Page::write_late).unwrap_or_default() };

/// Does something with the page. After a panic it stays taken, and nothing is done any more.
pub fn with<T>(work: impl FnOnce(&mut Page) -> T) -> Option<T> {
    PAGE.with(|place| place.try_borrow_mut().ok()?.as_mut().map(|page| work(page)))
}

/// Something happened whose effects must not wait for a frame: the browser allows some things only inside the event,
/// and a canvas with a new size is to be drawn before it is shown.
pub fn post_now(msg: Msg) {
    inbox::put(msg);
    flush();
}

fn wake() {
    with(Page::request_frame);
}

/// A worker said something: the next order goes out at once. The message is given back while effects are performed.
fn report(msg: Msg) -> Result<(), Msg> {
    let mut msg = Some(msg);
    with(|page| {
        let Some(msg) = msg.take() else { return };
        let mut effects = timing::measured(page.lab.timing(), "report", || page.lab.update(msg));
        for work in std::mem::take(&mut effects.work) {
            page.workers.take(work);
        }
        page.pending.merge(effects);
        page.request_frame();
    });
    msg.map_or(Ok(()), Err)
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
    let asked = with(|page| {
        let before = inbox::take();
        page.update(before);
        page.pending.handled = false;
        page.pending.capture_pointer = false;
        page.update(vec![msg]);
        page.request_frame();
        Answer { handled: page.pending.handled, capture_pointer: page.pending.capture_pointer }
    });
    asked.unwrap_or_default()
}

/// Deals with everything that waits.
pub fn flush() {
    with(|page| {
        for _ in 0..ROUNDS {
            let messages = inbox::take();
            page.update(messages);
            let effects = std::mem::take(&mut page.pending);
            perform(page, effects);
            if inbox::is_empty() {
                break;
            }
        }
        if page.wants_frame() || !inbox::is_empty() {
            page.request_frame();
        }
    });
}

fn frame(now: f64) {
    with(|page| {
        if let Some(query) = parent::wanted() {
            inbox::put(Msg::SetByParent { query });
        }
        if page.frame_came() {
            inbox::put(Msg::Frame { now });
        }
    });
    flush();
    // What the page trains itself, it trains between its frames.
    if let Some(Some(msg)) = with(|page| page.workers.work_here()) {
        inbox::report(msg);
    }
}
