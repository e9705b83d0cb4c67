//! Sentences to the reader: what could not be taken as it was, and what is read out.
use crate::dom;
use vanishing_core::param::Notice;
use wasm_bindgen::JsValue;
use web_sys::{Document, Element};

/// A sentence with a link to be copied by hand is longer, in bytes.
const SHORT: usize = 40;

/// The place of the notices and the place of what is only read out.
pub struct Notices {
    document: Document,
    box_: Option<Element>,
    list: Option<Element>,
    spoken: Option<Element>,
}

impl Notices {
    /// Finds `[data-notices]` (with its list, if it has one of its own) and `[data-announce]`.
    pub fn find(document: &Document) -> Self {
        let one = |selector: &str| document.query_selector(selector).ok().flatten();
        let box_ = one("[data-notices]");
        let list = one("[data-notices] ul").or_else(|| box_.clone());
        Self { document: document.clone(), box_, list, spoken: one("[data-announce]") }
    }

    /// Shows these and no others. Their text is text, never markup: it quotes what came in the address.
    pub fn show(&self, notices: &[Notice]) -> Result<(), JsValue> {
        let (Some(box_), Some(list)) = (&self.box_, &self.list) else { return Ok(()) };
        list.set_text_content(None);
        for notice in notices {
            let item: Element = dom::element(&self.document, "li", &[("data-notice", &notice.key)])?;
            item.set_text_content(Some(&notice.text));
            list.append_child(&item)?;
        }
        // What only says that something was done goes by itself.
        let passes = notices.iter().all(|notice| notice.key == "copy-link" && notice.text.len() < SHORT);
        box_.toggle_attribute_with_force("data-passes", passes && !notices.is_empty())?;
        if notices.is_empty() { box_.set_attribute("hidden", "") } else { box_.remove_attribute("hidden") }
    }

    /// Has a sentence read out politely.
    pub fn announce(&self, sentence: &str) {
        if let Some(spoken) = &self.spoken {
            spoken.set_text_content(Some(sentence));
        }
    }
}
