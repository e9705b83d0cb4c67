//! What waits for the next frame.
use vanishing_app::{Msg, Phase, Pointer};

/// Messages in the order in which they happened. A thing that is still moving waits once, at its newest position.
#[derive(Default)]
pub struct Queue(Vec<Msg>);

impl Queue {
    /// Adds a message, or replaces the one before it if only its newest position matters.
    pub fn push(&mut self, msg: Msg) {
        match self.0.last_mut() {
            Some(last) if replaces(&msg, last) => *last = msg,
            _ => self.0.push(msg),
        }
    }

    /// Everything that waited.
    pub fn take(&mut self) -> Vec<Msg> {
        std::mem::take(&mut self.0)
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether nothing is lost if `newer` stands in the place of `older`: both are the same thing on its way. The end of a
/// gesture ([`Phase::Done`]) takes the place of the way to it, but is never replaced itself.
fn replaces(newer: &Msg, older: &Msg) -> bool {
    match (newer, older) {
        (Msg::Slide { key: new, .. }, Msg::Slide { key: old, phase: Phase::Moving, .. }) => new == old,
        (
            Msg::Pointer { figure: new, kind: Pointer::Move, .. },
            Msg::Pointer { figure: old, kind: Pointer::Move, .. },
        ) => new == old,
        (Msg::Resize { figure: new, .. }, Msg::Resize { figure: old, .. }) => new == old,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slide(key: &str, position: f64, phase: Phase) -> Msg {
        Msg::Slide { key: key.to_owned(), position, phase }
    }

    fn pointer(kind: Pointer, x: f64) -> Msg {
        Msg::Pointer { figure: "f".to_owned(), kind, x, y: 0.0 }
    }

    fn queued(messages: impl IntoIterator<Item = Msg>) -> Vec<Msg> {
        let mut queue = Queue::default();
        messages.into_iter().for_each(|msg| queue.push(msg));
        queue.take()
    }

    #[test]
    fn of_a_slider_on_its_way_only_the_last_position_waits() {
        let moves = [slide("a", 1.0, Phase::Moving), slide("a", 2.0, Phase::Moving), slide("a", 3.0, Phase::Done)];
        assert_eq!(queued(moves), [slide("a", 3.0, Phase::Done)]);
    }

    #[test]
    fn the_end_of_a_gesture_is_kept_apart_from_the_next_one() {
        let moves = [slide("a", 1.0, Phase::Done), slide("a", 2.0, Phase::Moving)];
        assert_eq!(queued(moves.clone()), moves);
    }

    #[test]
    fn different_sliders_do_not_replace_each_other() {
        let moves = [slide("a", 1.0, Phase::Moving), slide("b", 2.0, Phase::Moving)];
        assert_eq!(queued(moves.clone()), moves);
    }

    #[test]
    fn a_press_and_a_release_are_never_lost() {
        let moves = [Pointer::Move, Pointer::Move, Pointer::Down, Pointer::Move, Pointer::Up, Pointer::Leave];
        let kept: Vec<Msg> = queued(moves.map(|kind| pointer(kind, 0.0)));
        assert_eq!(kept.len(), 5);
    }
}
