//! Rows of buttons that play something, and the buttons that become others while it plays.
use crate::dom;
use vanishing_app::transport::{self, Text};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element};

/// The namespace of `<svg>`.
const SVG: &str = "http://www.w3.org/2000/svg";

/// Fills every `data-transport="NAME"`, before what stands in it already.
pub fn build(document: &Document) -> Result<(), JsValue> {
    for place in dom::all(document, "[data-transport]") {
        let name = place.get_attribute("data-transport").unwrap_or_default();
        let Some(row) = transport::find(&name) else { continue };
        if !row.label.is_empty() {
            place.set_attribute("role", "group")?;
            place.set_attribute("aria-label", row.label)?;
        }
        let first = place.first_child();
        for spec in &row.buttons {
            let icon = Some(spec.icon);
            let made = match spec.text {
                Text::Seen(words) if spec.plays => {
                    let made = play_button(document, &spec.action, icon, words)?;
                    if let Some(words) = spec.ended {
                        let span: Element = dom::element(document, "span", &[("class", "when-ended")])?;
                        write(document, &span, icon, words)?;
                        made.append_child(&span)?;
                    }
                    made
                }
                Text::Seen(words) => button(document, &spec.action, icon, words)?,
                Text::Label(words) => {
                    let made = button(document, &spec.action, icon, "")?;
                    made.set_attribute("aria-label", words)?;
                    made.set_attribute("title", words)?;
                    made
                }
            };
            if spec.plays {
                made.set_class_name("play");
            }
            place.insert_before(&made, first.as_ref())?;
        }
    }
    Ok(())
}

/// A button that says what it does.
pub fn button(document: &Document, action: &str, icon: Option<&str>, words: &str) -> Result<Element, JsValue> {
    let made = dom::element(document, "button", &[("type", "button"), ("data-action", action)])?;
    write(document, &made, icon, words)?;
    Ok(made)
}

/// A button that changes its meaning: it has the words of both, and shows those of what it does now.
pub fn play_button(document: &Document, action: &str, icon: Option<&str>, words: &str) -> Result<Element, JsValue> {
    let made = button(document, action, None, "")?;
    for (class, icon, words) in [("when-paused", icon, words), ("when-playing", icon.map(|_| "pause"), "Pause")] {
        let span: Element = dom::element(document, "span", &[("class", class)])?;
        write(document, &span, icon, words)?;
        made.append_child(&span)?;
    }
    Ok(made)
}

/// An icon, and words behind it.
fn write(document: &Document, parent: &Element, icon: Option<&str>, words: &str) -> Result<(), JsValue> {
    let Some(icon) = icon else {
        return parent.append_with_str_1(words);
    };
    let svg = document.create_element_ns(Some(SVG), "svg")?;
    svg.set_attribute("class", "icon")?;
    svg.set_attribute("aria-hidden", "true")?;
    let link = document.create_element_ns(Some(SVG), "use")?;
    link.set_attribute("href", &format!("#icon-{icon}"))?;
    svg.append_child(&link)?;
    parent.append_child(&svg)?;
    if words.is_empty() { Ok(()) } else { parent.append_with_str_1(&format!(" {words}")) }
}
