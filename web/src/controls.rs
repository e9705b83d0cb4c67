//! Native inputs: made once from the schema, then kept up to date.
//!
//! The page says where: `<div data-controls="power sequence-length">` holds the controls of these keys, `eigenvalue-*`
//! those that begin so. A key may stand in several slots; the inputs then move
//! together. What a control is called, its range and its value come from [`Control`].
use crate::dom;
use crate::in_text::InText;
use vanishing_app::{Control, ControlKind};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, HtmlSelectElement};

/// All inputs of the page.
#[derive(Default)]
pub struct Controls {
    widgets: Vec<Widget>,
    /// The text field in which someone is typing: not to be overwritten until they are done.
    typing: Option<String>,
    /// The numbers in sentences.
    pub in_text: InText,
}

/// One parameter in one slot.
struct Widget {
    key: &'static str,
    frame: HtmlElement,
    input: Input,
    /// The text field beside a slider.
    number: Option<HtmlInputElement>,
    shown: Option<Control>,
}

enum Input {
    Field(HtmlInputElement),
    Menu(HtmlSelectElement),
}

impl Controls {
    /// Makes the inputs of every slot.
    ///
    /// # Errors
    /// When the document refuses an element; it does not.
    pub fn build(document: &Document, controls: &[Control]) -> Result<Self, JsValue> {
        let with_keys = |slot: Element| (slot.get_attribute("data-controls").unwrap_or_default(), slot);
        let slots: Vec<(String, Element)> = dom::all(document, "[data-controls]").into_iter().map(with_keys).collect();
        let mut widgets: Vec<Widget> = Vec::new();
        for (keys, slot) in &slots {
            for word in keys.split_whitespace() {
                for control in controls {
                    let key = control.spec.key;
                    if names(word, key) {
                        let twin = widgets.iter().filter(|widget| widget.key == key).count();
                        let widget = Widget::build(document, control, twin)?;
                        slot.append_child(&widget.frame)?;
                        widgets.push(widget);
                    }
                }
            }
        }
        let mut built = Self { widgets, typing: None, in_text: InText::find(document)? };
        built.update(controls)?;
        Ok(built)
    }

    /// Brings inputs up to date; what is as it was is not touched.
    ///
    /// # Errors
    /// When the document refuses an attribute; it does not.
    pub fn update(&mut self, controls: &[Control]) -> Result<(), JsValue> {
        for control in controls {
            let typing = self.typing.as_deref() == Some(control.spec.key);
            for widget in self.widgets.iter_mut().filter(|widget| widget.key == control.spec.key) {
                widget.update(control, typing)?;
            }
        }
        self.in_text.update(controls)
    }

    /// Gives the focus to the control of a key, where one is seen.
    pub fn focus(&self, key: &str) {
        let seen = |widget: &&Widget| widget.key == key && widget.frame.client_height() > 0;
        if let Some(widget) = self.widgets.iter().find(seen) {
            let _ = widget.input.element().focus();
        }
    }

    /// Someone types into the text field of a key.
    pub fn typing(&mut self, key: &str) {
        self.typing = Some(key.to_owned());
    }

    /// Someone is done with a control: what it holds now may be what was refused, so the next update writes it afresh.
    pub fn done(&mut self, key: &str) {
        self.typing = None;
        for widget in self.widgets.iter_mut().filter(|widget| widget.key == key) {
            widget.shown = None;
        }
    }
}

/// Whether a slot's word names a key. The lone `*` names nothing: a slot says what belongs to it.
pub fn names(word: &str, key: &str) -> bool {
    match word.strip_suffix('*') {
        Some("") => false,
        Some(beginning) => key.starts_with(beginning),
        None => word == key,
    }
}

impl Widget {
    fn build(document: &Document, control: &Control, twin: usize) -> Result<Self, JsValue> {
        let spec = control.spec;
        let id = if twin == 0 { format!("control-{}", spec.key) } else { format!("control-{}-{}", spec.key, twin + 1) };
        let help_id = format!("{id}-help");
        let named = [("id", id.as_str()), ("data-param", spec.key), ("autocomplete", "off")];
        let with = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
            named.iter().chain(more.iter()).copied().collect()
        };
        let (kind, input) = match control.kind {
            ControlKind::Slider { .. } => ("slider", Input::field(document, &with(&[("type", "range")]))?),
            // A text, which is read in one place; a browser's own number field takes no text that is no number, and warns.
            ControlKind::Number { .. } => {
                let text =
                    [("type", "text"), ("inputmode", "numeric"), ("spellcheck", "false"), ("role", "spinbutton")];
                ("number", Input::field(document, &with(&[&text[..], &[("data-number", spec.key)]].concat()))?)
            }
            ControlKind::Checkbox { .. } => ("checkbox", Input::field(document, &with(&[("type", "checkbox")]))?),
            ControlKind::Menu(_) => ("menu", Input::Menu(dom::element(document, "select", &named)?)),
        };
        let frame: HtmlElement =
            dom::element(document, "div", &[("class", "control"), ("data-kind", kind), ("data-control", spec.key)])?;
        let label = label(document, control, &id)?;
        frame.append_child(&label)?;
        frame.append_child(input.element())?;
        let number = match control.kind {
            ControlKind::Slider { .. } => {
                let name = format!("{}, exact value", spec.label);
                let number: HtmlInputElement = dom::element(
                    document,
                    "input",
                    &[
                        ("type", "text"),
                        ("inputmode", "decimal"),
                        ("autocomplete", "off"),
                        ("spellcheck", "false"),
                        ("enterkeyhint", "done"),
                        ("data-number", spec.key),
                        ("aria-label", &name),
                    ],
                )?;
                frame.append_child(&number)?;
                Some(number)
            }
            _ => None,
        };
        if !spec.help.is_empty() {
            let help: Element = dom::element(document, "p", &[("class", "help"), ("id", &help_id)])?;
            help.set_text_content(Some(spec.help));
            let range: Element = dom::element(document, "span", &[("class", "range")])?;
            range.set_text_content(Some(&vanishing_app::help::range(spec)));
            help.append_child(&range)?;
            frame.append_child(&help)?;
            input.element().set_attribute("aria-describedby", &help_id)?;
        }
        input.prepare(document, control)?;
        Ok(Self { key: spec.key, frame, input, number, shown: None })
    }

    fn update(&mut self, control: &Control, typing: bool) -> Result<(), JsValue> {
        if self.shown.as_ref() == Some(control) {
            return Ok(());
        }
        let text = control.text.as_str();
        match (&self.input, &control.kind) {
            (Input::Field(field), ControlKind::Slider { min, max, step, position, log }) => {
                // Ends before the position: a browser moves a position that lies outside.
                for (name, value) in [("min", min), ("max", max), ("step", step)] {
                    field.set_attribute(name, &value.to_string())?;
                }
                field.set_value(&position.to_string());
                let place = if max > min { (position - min) / (max - min) } else { 0.0 };
                field.style().set_property("--place", &place.to_string())?;
                if *log || !control.spec.unit.is_empty() {
                    field.set_attribute("aria-valuetext", format!("{text} {}", control.spec.unit).trim_end())?;
                }
            }
            (Input::Field(field), ControlKind::Checkbox { checked }) => field.set_checked(*checked),
            (Input::Field(field), ControlKind::Number { .. }) if typing => field.remove_attribute("aria-valuenow")?,
            (Input::Field(field), _) => {
                field.set_value(text);
                field.set_attribute("aria-valuenow", text)?;
            }
            (Input::Menu(menu), _) => menu.set_value(text),
        }
        if let Some(number) = self.number.as_ref().filter(|_| !typing) {
            number.set_value(text);
        }
        self.frame.set_hidden(!control.shown);
        for input in [Some(self.input.element()), self.number.as_deref()].into_iter().flatten() {
            if control.locked {
                input.set_attribute("disabled", "")?;
            } else {
                input.remove_attribute("disabled")?;
            }
        }
        if control.differs {
            self.frame.set_attribute("data-differs", "true")?;
        } else {
            self.frame.remove_attribute("data-differs")?;
        }
        // While someone types, the text field is behind: the next update must not think it is up to date.
        self.shown = (!typing).then(|| control.clone());
        Ok(())
    }
}

impl Input {
    fn field(document: &Document, attributes: &[(&str, &str)]) -> Result<Self, JsValue> {
        Ok(Self::Field(dom::element(document, "input", attributes)?))
    }

    fn element(&self) -> &HtmlElement {
        match self {
            Self::Field(field) => field,
            Self::Menu(menu) => menu,
        }
    }

    /// What never changes: the options of a menu, the ends of a number field, the place of ±1 on a slider's track.
    fn prepare(&self, document: &Document, control: &Control) -> Result<(), JsValue> {
        match (self, &control.kind) {
            (Self::Menu(menu), ControlKind::Menu(choices)) => {
                for choice in *choices {
                    let option: Element = dom::element(document, "option", &[("value", choice.slug)])?;
                    option.set_text_content(Some(choice.label));
                    menu.append_child(&option)?;
                }
            }
            (Self::Field(field), ControlKind::Number { min, max }) => {
                field.set_attribute("aria-valuemin", &min.to_string())?;
                field.set_attribute("aria-valuemax", &max.to_string())?;
            }
            (Self::Field(field), ControlKind::Slider { min, max, .. }) => {
                field.style().set_property("--min", &min.to_string())?;
                field.style().set_property("--max", &max.to_string())?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// `<label>spectral gap <var>r</var></label>`
fn label(document: &Document, control: &Control, id: &str) -> Result<Element, JsValue> {
    let spec = control.spec;
    let label: Element = dom::element(document, "label", &[("for", id)])?;
    let name: Element = dom::element(document, "span", &[("class", "name")])?;
    name.set_text_content(Some(spec.label));
    label.append_child(&name)?;
    if !spec.symbol.is_empty() {
        let symbol: Element = dom::element(document, "var", &[])?;
        symbol.set_text_content(Some(spec.symbol));
        label.append_with_str_1(" ")?;
        label.append_child(&symbol)?;
    }
    Ok(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_names_a_key_or_a_beginning_and_a_star_names_nothing() {
        assert!(names("power", "power") && !names("power", "power-step"));
        assert!(names("eigenvalue-*", "eigenvalue-8") && !names("eigenvalue-*", "hidden-size"));
        assert!(!names("*", "hidden-size"));
    }
}
