//! Numbers in sentences that are controls: `<span data-in-text="KEY">` shows the value of a parameter that has a slider, is
//! dragged to the left and to the right, and answers to the keys of a slider.
use crate::dom;
use vanishing_app::{Control, ControlKind};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element};

/// All numbers of this kind.
#[derive(Default)]
pub struct InText(Vec<Number>);

struct Number {
    key: String,
    element: Element,
    shown: Option<Control>,
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
    pub fn slider(&self, key: &str) -> Option<(f64, f64, f64, f64)> {
        let shown = self.0.iter().filter(|number| number.key == key).find_map(|number| number.shown.as_ref())?;
        match shown.kind {
            ControlKind::Slider { min, max, step, position, .. } if !shown.locked => Some((min, max, step, position)),
            _ => None,
        }
    }
}
