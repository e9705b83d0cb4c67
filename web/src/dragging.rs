//! The hands on the numbers in sentences: pointers that drag them, keys that push them.
use crate::dom::{closest, listen};
use crate::{inbox, shell};
use std::cell::RefCell;
use vanishing_app::{Msg, Phase};
use web_sys::{Document, Element, KeyboardEvent, PointerEvent};

/// CSS pixels from one end of the range to the other.
const WAY: f64 = 320.0;

/// Steps of a key pressed together with Shift, and of Page Up and Page Down.
const FAR: f64 = 10.0;

/// The number that a pointer holds: where it was taken, and where it stood then.
struct Held {
    key: String,
    at: f64,
    position: f64,
}

thread_local! {
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

fn slider(key: &str) -> Option<(f64, f64, f64, f64)> {
    shell::with(|page| page.controls.in_text.slider(key)).flatten()
}

fn key_of(event: &web_sys::Event) -> Option<(Element, String)> {
    let element = closest(event, "[data-in-text]")?;
    let key = element.get_attribute("data-in-text")?;
    Some((element, key))
}

/// The position of a slider next to a wish.
fn nearest(wish: f64, (min, max, step): (f64, f64, f64)) -> f64 {
    let steps = ((wish - min) / step).round();
    (min + steps * step).clamp(min, max)
}

/// Listens to pointers; keys are asked for by [`key`].
pub fn listen_to(document: &Document) {
    listen(document, "pointerdown", |event: &PointerEvent| {
        let Some((element, key)) = key_of(event).filter(|_| event.is_primary() && event.button() == 0) else { return };
        let Some((.., position)) = slider(&key) else { return };
        // Fails if the pointer is gone already; then there is nothing to hold.
        let _ = element.set_pointer_capture(event.pointer_id());
        HELD.with_borrow_mut(|held| *held = Some(Held { key, at: f64::from(event.client_x()), position }));
    });
    listen(document, "pointermove", |event: &PointerEvent| drag(event, Phase::Moving));
    listen(document, "pointerup", |event: &PointerEvent| {
        drag(event, Phase::Done);
        HELD.take();
    });
    // The browser scrolls instead, and where the pointer is it does not say: the number is as it was.
    listen(document, "pointercancel", |_: &PointerEvent| {
        if let Some(Held { key, position, .. }) = HELD.take() {
            inbox::post(Msg::Slide { key, position, phase: Phase::Done });
        }
    });
}

fn drag(event: &PointerEvent, phase: Phase) {
    let slide = HELD.with_borrow(|held| {
        let Held { key, at, position } = held.as_ref().filter(|_| event.is_primary())?;
        let (min, max, step, _) = slider(key)?;
        let way = (f64::from(event.client_x()) - at) / WAY * (max - min);
        // What is let go of where it was taken did not move.
        let stands = phase == Phase::Moving && way == 0.0;
        (!stands).then(|| Msg::Slide { key: key.clone(), position: nearest(position + way, (min, max, step)), phase })
    });
    if let Some(msg) = slide {
        inbox::post(msg);
    }
}

/// What a key does to a number that has the focus; whether it was taken.
pub fn key(event: &KeyboardEvent) -> bool {
    let Some((_, key)) = key_of(event) else { return false };
    let Some((min, max, step, position)) = slider(&key) else { return false };
    let far = if event.shift_key() { FAR } else { 1.0 };
    let to = match event.key().as_str() {
        "ArrowRight" | "ArrowUp" => position + far * step,
        "ArrowLeft" | "ArrowDown" => position - far * step,
        "PageUp" => position + FAR * step,
        "PageDown" => position - FAR * step,
        "Home" => min,
        "End" => max,
        _ => return false,
    };
    inbox::post(Msg::Slide { key, position: nearest(to, (min, max, step)), phase: Phase::Done });
    true
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_number_stands_on_steps_between_its_ends() {
        assert_eq!(nearest(0.26, (0.0, 1.0, 0.1)), 0.30000000000000004);
        assert_eq!(nearest(7.0, (0.0, 1.0, 0.1)), 1.0);
        assert_eq!(nearest(-7.0, (0.0, 1.0, 0.1)), 0.0);
    }
}
