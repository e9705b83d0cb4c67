//! Passages of the page that belong to one choice, and terms of equations that belong to a control.
//!
//! `data-when="cell=lstm"` stands on what is shown only while the parameter has that value (`cell=rnn|gru` is either,
//! several words must all hold). `data-term="gain eigenvalue-*"` stands on the part of an equation that these parameters
//! change: it has `data-lit` while one of their controls is pointed at, has the focus, or is moved.
use crate::controls::names;
use crate::dom;
use std::collections::BTreeMap;
use vanishing_app::Control;
use wasm_bindgen::JsValue;
use web_sys::{Document, Element};

/// What follows the controls in the text.
pub struct Equations {
    passages: Vec<(Condition, Element)>,
    terms: Vec<(String, Element)>,
    values: BTreeMap<&'static str, String>,
    pointed: Option<String>,
    focused: Option<String>,
    lit: Option<String>,
}

impl Equations {
    /// Finds all passages and terms of the page.
    pub fn find(document: &Document) -> Self {
        let with = |attribute: &str| -> Vec<(String, Element)> {
            let found = dom::all(document, &format!("[{attribute}]"));
            found.into_iter().map(|element| (element.get_attribute(attribute).unwrap_or_default(), element)).collect()
        };
        Self {
            passages: with("data-when").into_iter().map(|(text, element)| (Condition::parse(&text), element)).collect(),
            terms: with("data-term"),
            values: BTreeMap::new(),
            pointed: None,
            focused: None,
            lit: None,
        }
    }

    /// Shows and hides the passages whose parameters changed.
    ///
    /// # Errors
    /// When the document refuses an attribute; it does not.
    pub fn update(&mut self, controls: &[Control]) -> Result<(), JsValue> {
        for control in controls {
            self.values.insert(control.spec.key, control.text.clone());
        }
        for (condition, element) in &self.passages {
            if !controls.iter().any(|control| condition.speaks_of(control.spec.key)) {
                continue;
            }
            if condition.holds(&self.values) {
                element.remove_attribute("hidden")?;
            } else {
                element.set_attribute("hidden", "")?;
            }
        }
        Ok(())
    }

    /// The pointer is on the control of this key, or on none.
    pub fn point(&mut self, key: Option<String>) {
        self.pointed = key;
        self.light();
    }

    /// The control of this key has the focus, or none has.
    pub fn focus(&mut self, key: Option<String>) {
        self.focused = key;
        self.light();
    }

    fn light(&mut self) {
        let lit = self.pointed.clone().or_else(|| self.focused.clone());
        if lit == self.lit {
            return;
        }
        for (keys, element) in &self.terms {
            let belongs = |key: &String| keys.split_whitespace().any(|word| names(word, key));
            // Fails for no name that is written in this crate.
            if lit.as_ref().is_some_and(belongs) {
                let _ = element.set_attribute("data-lit", "");
            } else {
                let _ = element.remove_attribute("data-lit");
            }
        }
        self.lit = lit;
    }
}

/// Parameters and the values that each may have.
struct Condition(Vec<(String, Vec<String>)>);

impl Condition {
    fn parse(text: &str) -> Self {
        let words = text.split_whitespace().filter_map(|word| word.split_once('='));
        Self(words.map(|(key, values)| (key.to_owned(), values.split('|').map(str::to_owned).collect())).collect())
    }

    fn speaks_of(&self, key: &str) -> bool {
        self.0.iter().any(|(param, _)| param == key)
    }

    fn holds(&self, values: &BTreeMap<&'static str, String>) -> bool {
        self.0.iter().all(|(key, allowed)| values.get(key.as_str()).is_some_and(|value| allowed.contains(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_of_a_condition_must_hold_and_one_value_of_each() {
        let condition = Condition::parse("cell=rnn activation=tanh|relu");
        let holds = |cell: &str, activation: &str| {
            condition.holds(&BTreeMap::from([("cell", cell.to_owned()), ("activation", activation.to_owned())]))
        };
        assert!(holds("rnn", "tanh") && holds("rnn", "relu"));
        assert!(!holds("rnn", "linear") && !holds("gru", "tanh"));
        assert!(condition.speaks_of("cell") && !condition.speaks_of("gain"));
        assert!(!condition.holds(&BTreeMap::new()));
    }
}
