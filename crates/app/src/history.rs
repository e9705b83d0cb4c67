//! The history of addresses: gestures, entries, undo and redo.
//!
//! The first move of a gesture makes a new entry in the browser's history, its further moves change that entry: "back"
//! undoes a whole drag. Undo and redo go through the same addresses without the browser.
use crate::msg::Phase;

/// How many gestures can be undone.
const MOST_UNDOS: usize = 200;

/// Whether an address makes a new entry in the browser's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A new entry: "back" returns to what was before.
    Push,
    /// The current entry is changed: the same gesture goes on.
    Replace,
}

/// The address of the current state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The part after `?`, without it; empty for the defaults.
    pub query: String,
    /// How it enters the history.
    pub entry: Entry,
}

/// Where the page is in its history.
#[derive(Default)]
pub struct History {
    /// The address that was written last.
    current: String,
    /// The parameter that is being moved: its further moves belong to one entry.
    gesture: Option<String>,
    /// Addresses to which "undo" returns, the last one first to be taken.
    undo: Vec<String>,
    /// Addresses to which "redo" returns.
    redo: Vec<String>,
}

impl History {
    /// Begins at an address, with nothing to be undone.
    pub fn begin(&mut self, query: String) {
        *self = Self { current: query, ..Self::default() };
    }

    /// Whether a gesture goes on.
    pub fn is_in_gesture(&self) -> bool {
        self.gesture.is_some()
    }

    /// The gesture is over.
    pub fn end_gesture(&mut self) {
        self.gesture = None;
    }

    /// Writes an address, if it is another one. A new entry ends the gesture that made the one before.
    pub fn write(&mut self, query: String, entry: Entry) -> Option<Address> {
        if query == self.current {
            return None;
        }
        if entry == Entry::Push {
            self.gesture = None;
            self.remember();
        }
        self.current.clone_from(&query);
        Some(Address { query, entry })
    }

    /// Writes the address of one move of a gesture on the parameter `key`.
    pub fn moved(&mut self, query: String, key: &str, phase: Phase) -> Option<Address> {
        let entry = if self.gesture.as_deref() == Some(key) { Entry::Replace } else { Entry::Push };
        let address = self.write(query, entry);
        if address.is_some() {
            self.gesture = Some(key.to_owned());
        }
        if phase == Phase::Done {
            self.gesture = None;
        }
        address
    }

    /// The browser went to an address by itself: nothing is written, and the way there can be undone.
    pub fn arrive(&mut self, query: String) {
        self.gesture = None;
        if query != self.current {
            self.remember();
        }
        self.current = query;
    }

    /// The address to which undo (`back`) or redo leads; `None` where there is none.
    pub fn step(&mut self, back: bool) -> Option<String> {
        let (from, to) = if back { (&mut self.undo, &mut self.redo) } else { (&mut self.redo, &mut self.undo) };
        let query = from.pop()?;
        to.push(std::mem::take(&mut self.current));
        self.gesture = None;
        Some(query)
    }

    /// The address that was reached by [`History::step`] is written as a new entry of the browser's history.
    pub fn stepped(&mut self, query: String) -> Address {
        self.current.clone_from(&query);
        Address { query, entry: Entry::Push }
    }

    /// The state that is left now can be returned to.
    fn remember(&mut self) {
        self.undo.push(self.current.clone());
        if self.undo.len() > MOST_UNDOS {
            self.undo.remove(0);
        }
        self.redo.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gesture_is_one_entry_and_one_undo() {
        let mut history = History::default();
        let entry = |address: Option<Address>| address.map(|address| address.entry);
        assert_eq!(entry(history.moved("a=1".to_owned(), "a", Phase::Moving)), Some(Entry::Push));
        assert_eq!(entry(history.moved("a=2".to_owned(), "a", Phase::Moving)), Some(Entry::Replace));
        assert_eq!(entry(history.moved("a=2".to_owned(), "a", Phase::Done)), None);
        assert!(!history.is_in_gesture());
        assert_eq!(entry(history.moved("a=3".to_owned(), "a", Phase::Moving)), Some(Entry::Push));
        assert_eq!(history.step(true).as_deref(), Some("a=2"));
        history.stepped("a=2".to_owned());
        assert_eq!(history.step(true).as_deref(), Some(""));
        history.stepped(String::new());
        assert_eq!((history.step(true), history.step(false).as_deref()), (None, Some("a=2")));
    }

    #[test]
    fn only_so_many_gestures_are_kept() {
        let mut history = History::default();
        for i in 0..=MOST_UNDOS {
            history.write(format!("a={i}"), Entry::Push);
        }
        let steps = std::iter::from_fn(|| history.step(true)).count();
        assert_eq!(steps, MOST_UNDOS);
    }
}
