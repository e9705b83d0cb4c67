//! The elements of the page as they are written.
use std::collections::BTreeSet;
use vanishing_tests::markup;

/// An element of the page: its name and its attributes.
pub struct Element {
    /// Lower case.
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// The value of an attribute.
    pub fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == attribute).map(|(_, value)| value.as_str())
    }
}

/// All elements of the page in their order, those of `<noscript>` included.
pub fn elements() -> Vec<Element> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut in_script = false;
    let mut elements = Vec::new();
    for token in html5gum::Tokenizer::new(markup::page()).flatten() {
        match token {
            html5gum::Token::StartTag(tag) if !in_script => {
                in_script = tag.name == b"script";
                let attributes = tag.attributes.iter().map(|(name, value)| (text(name), text(value))).collect();
                elements.push(Element { name: text(&tag.name), attributes });
            }
            html5gum::Token::EndTag(tag) if tag.name == b"script" => in_script = false,
            _ => {}
        }
    }
    elements
}

/// The values of an attribute, of all elements that have it.
pub fn values(attribute: &str) -> Vec<String> {
    let found: Vec<String> =
        elements().iter().filter_map(|element| element.get(attribute).map(str::to_owned)).collect();
    let written = markup::page().split_whitespace().filter(|word| word.starts_with(&format!("{attribute}=\""))).count();
    assert_eq!(found.len(), written, "the HTML was not understood: {attribute}");
    assert!(!found.is_empty(), "nothing on the page has {attribute}");
    found
}

/// The names that are only in the first set.
pub fn only_in<'a>(first: &'a BTreeSet<String>, second: &BTreeSet<String>) -> Vec<&'a str> {
    first.iter().filter(|name| !second.contains(*name)).map(String::as_str).collect()
}
