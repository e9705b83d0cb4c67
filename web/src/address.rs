//! The address bar: the query of the current state, written often enough to be true and seldom enough to be allowed.
use crate::{dom, parent};
use vanishing_app::{Address, Entry};
use wasm_bindgen::JsValue;

/// Browsers count history writes (Safari throws above 100 in 30 s): one write in this time, in milliseconds, stays
/// below that and is still felt as "at once".
const SPACING_MS: f64 = 400.0;

/// Which address is to be written, and when.
#[derive(Default)]
pub struct Pace {
    waiting: Vec<Address>,
    free_at: f64,
}

/// What is to be done about the address now.
#[derive(Debug, PartialEq)]
pub enum Due {
    /// Nothing.
    Nothing,
    /// These are to be written now, in this order.
    Write(Vec<Address>),
    /// Ask again after this many milliseconds.
    Wait(f64),
}

impl Pace {
    /// A new address waits. It takes the place of the one before, unless that would take an entry out of the history.
    pub fn offer(&mut self, next: Address) {
        match (self.waiting.last_mut(), next.entry) {
            (Some(last), Entry::Replace) => last.query = next.query,
            (Some(last), Entry::Push) if last.entry == Entry::Push => last.query = next.query,
            _ => self.waiting.push(next),
        }
    }

    /// What is due at a time in milliseconds.
    pub fn due(&mut self, now: f64) -> Due {
        if self.waiting.is_empty() {
            Due::Nothing
        } else if now >= self.free_at {
            self.free_at = now + SPACING_MS * self.waiting.len() as f64;
            Due::Write(self.take())
        } else {
            Due::Wait(self.free_at - now)
        }
    }

    /// Everything that waits, whether it is time or not: the page is being left.
    pub fn take(&mut self) -> Vec<Address> {
        std::mem::take(&mut self.waiting)
    }
}

/// The address bar of the window.
#[derive(Default)]
pub struct AddressBar {
    /// When to write.
    pub pace: Pace,
    /// The query that stands in the bar.
    shown: String,
}

impl AddressBar {
    /// The bar as it stands.
    pub fn read() -> Self {
        Self { pace: Pace::default(), shown: query() }
    }

    /// The query of another entry of the history, if the browser went to one; `None` when only the part after `#` is
    /// another. What waited to be written belonged to the entry that was left.
    pub fn went(&mut self) -> Option<String> {
        let query = query();
        if query == self.shown {
            return None;
        }
        self.pace.take();
        self.shown.clone_from(&query);
        Some(query)
    }

    /// Writes addresses. Frames that have no address of their own (sandboxed, `srcdoc`) refuse; all else goes on there.
    pub fn write(&mut self, addresses: Vec<Address>) {
        let Some(window) = web_sys::window() else { return };
        let Ok(history) = window.history() else { return };
        for Address { query, entry } in addresses {
            let hash = window.location().hash().unwrap_or_default();
            let url = format!("{}{hash}", relative(&query));
            // A frame's entries would stand in the history of the page around it.
            let entry = if parent::is_framed() { Entry::Replace } else { entry };
            parent::tell("change", &[("query", query.as_str().into())]);
            let _refused_in_some_frames = match entry {
                Entry::Push => history.push_state_with_url(&JsValue::NULL, "", Some(&url)),
                Entry::Replace => history.replace_state_with_url(&JsValue::NULL, "", Some(&url)),
            };
            self.shown = query;
        }
    }
}

/// The part after `?` of the window's address.
pub fn query() -> String {
    let search = web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    search.strip_prefix('?').unwrap_or(&search).to_owned()
}

/// The whole link of a query, which may end with `#` and an anchor.
pub fn link(query: &str) -> String {
    let href = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let page = href.split(['?', '#']).next().unwrap_or_default();
    if query.is_empty() || query.starts_with('#') { format!("{page}{query}") } else { format!("{page}?{query}") }
}

/// The same page with a query, as an address relative to it.
fn relative(query: &str) -> String {
    if query.is_empty() { dom::pathname() } else { format!("?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(query: &str) -> Address {
        Address { query: query.to_owned(), entry: Entry::Push }
    }

    fn replace(query: &str) -> Address {
        Address { query: query.to_owned(), entry: Entry::Replace }
    }

    #[test]
    fn a_drag_writes_at_once_and_then_once_in_a_while_and_at_the_end() {
        let mut pace = Pace::default();
        pace.offer(push("k=1"));
        assert_eq!(pace.due(1000.0), Due::Write(vec![push("k=1")]));
        for k in 2..20 {
            pace.offer(replace(&format!("k={k}")));
        }
        assert_eq!(pace.due(1100.0), Due::Wait(300.0));
        assert_eq!(pace.due(1400.0), Due::Write(vec![replace("k=19")]));
        assert_eq!(pace.due(1401.0), Due::Nothing);
    }

    #[test]
    fn a_new_entry_stays_new_while_it_waits() {
        let mut pace = Pace { free_at: 100.0, ..Pace::default() };
        pace.offer(push("a"));
        pace.offer(replace("b"));
        assert_eq!(pace.take(), [push("b")]);
    }

    #[test]
    fn the_end_of_one_gesture_is_written_before_the_next_entry() {
        let mut pace = Pace { free_at: 100.0, ..Pace::default() };
        pace.offer(replace("end of a"));
        pace.offer(push("b"));
        pace.offer(push("c"));
        assert_eq!(pace.due(100.0), Due::Write(vec![replace("end of a"), push("c")]));
        assert_eq!(pace.due(101.0), Due::Nothing);
        pace.offer(replace("d"));
        assert_eq!(pace.due(101.0), Due::Wait(799.0));
    }

    #[test]
    fn no_series_of_events_writes_more_than_a_hundred_times_in_thirty_seconds() {
        let (mut pace, mut written) = (Pace::default(), 0);
        for millisecond in 0..30_000 {
            pace.offer(if millisecond % 3 == 0 { push("a") } else { replace("b") });
            if let Due::Write(addresses) = pace.due(f64::from(millisecond)) {
                written += addresses.len();
            }
        }
        assert!(written < 100, "{written}");
    }
}
