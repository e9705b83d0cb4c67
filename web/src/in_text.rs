//! Numbers in sentences that are controls: `<span data-in-text="KEY">` shows the value of a parameter that has a slider, is
//! dragged to the left and to the right, and answers to the keys of a slider.
use crate::dom::{self, closest, listen};
use crate::{inbox, shell};
use std::cell::RefCell;
use vanishing_app::{Control, ControlKind, Msg, Phase};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, KeyboardEvent, PointerEvent};

/// CSS pixels from one end of the range to the other.
const WAY: f64 = 320.0;

/// Steps of a key pressed together with Shift, and of Page Up and Page Down.
const FAR: f64 = 10.0;

/// All numbers of this kind.
#[derive(Default)]
pub struct InText(Vec<Number>);

struct Number {
    key: String,
    element: Element,
    shown: Option<Control>,
}

/// The number that a pointer holds: where it was taken, and where it stood then.
struct Held {
    key: String,
    at: f64,
    position: f64,
}

thread_local! {
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

impl InText {
    /// Finds them, and says of each what it is.
    ///
    /// # Errors
    /// When the document refuses an attribute; it does not.
    pub fn find(document: &Document) -> Result<Self, JsValue> {
        let mut numbers = Vec::new();
        for element in dom::all(document, "[data-in-text]") {
            element.set_attribute("role", "slider")?;
            element.set_attribute("tabindex", "0")?;
            let key = element.get_attribute("data-in-text").unwrap_or_default();
            numbers.push(Number { key, element, shown: None });
        }
        Ok(Self(numbers))
    }

    /// Brings them up to date.
    ///
    /// # Errors
    /// When the document refuses an attribute; it does not.
    pub fn update(&mut self, controls: &[Control]) -> Result<(), JsValue> {
        for control in controls {
            let ControlKind::Slider { min, max, position, .. } = control.kind else { continue };
            for number in self.0.iter_mut().filter(|number| number.key == control.spec.key) {
                if number.shown.as_ref() == Some(control) {
                    continue;
                }
                let place = &number.element;
                place.set_text_content(Some(&control.text.replace('-', "−")));
                let name = format!("{} {}", control.spec.label, control.spec.symbol);
                let values = [min, max, position].map(|value| value.to_string());
                for (attribute, value) in [
                    ("aria-label", name.trim_end()),
                    ("aria-valuemin", &values[0]),
                    ("aria-valuemax", &values[1]),
                    ("aria-valuenow", &values[2]),
                    ("aria-valuetext", &control.text),
                    ("title", "Drag, or use the arrow keys"),
                ] {
                    place.set_attribute(attribute, value)?;
                }
                place.toggle_attribute_with_force("data-locked", control.locked)?;
                number.shown = Some(control.clone());
            }
        }
        Ok(())
    }

    /// The ends of a slider, its step and where it stands; `None` if it cannot be moved.
    fn slider(&self, key: &str) -> Option<(f64, f64, f64, f64)> {
        let shown = self.0.iter().filter(|number| number.key == key).find_map(|number| number.shown.as_ref())?;
        match shown.kind {
            ControlKind::Slider { min, max, step, position, .. } if !shown.locked => Some((min, max, step, position)),
            _ => None,
        }
    }
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
    for end in ["pointerup", "pointercancel"] {
        listen(document, end, |event: &PointerEvent| {
            drag(event, Phase::Done);
            HELD.take();
        });
    }
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
