//! Elements that stand elsewhere for a while: a figure on the stage, or beside what is said of an opened network.
use crate::dom;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement};

/// What was lent, each with what keeps its place.
#[derive(Default)]
pub struct Loans(Vec<(Element, Element)>);

impl Loans {
    /// Whether nothing is lent.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Moves an element; what stays in its place is as large as it was, so that nothing behind moves.
    ///
    /// # Errors
    /// When the document refuses an element; it does not.
    pub fn lend(&mut self, document: &Document, node: Element, to: &Element) -> Result<(), JsValue> {
        let place: HtmlElement = dom::element(document, "div", &[("class", "lent")])?;
        place.style().set_property("height", &format!("{}px", node.client_height()))?;
        if let Some(parent) = node.parent_node() {
            parent.insert_before(&place, Some(&node))?;
        }
        to.append_child(&node)?;
        self.0.push((place.into(), node));
        Ok(())
    }

    /// Where what was lent first is, with a link to it, for who looks in its place.
    ///
    /// # Errors
    /// When the document refuses an element; it does not.
    pub fn point(&self, document: &Document, to: &str, words: &str) -> Result<(), JsValue> {
        let Some((place, _)) = self.0.first() else { return Ok(()) };
        dom::add(document, place, "a", &[("href", to)], words).map(drop)
    }

    /// The canvas of a figure, into an empty figure that takes its name.
    ///
    /// # Errors
    /// When the document refuses an element; it does not.
    pub fn lend_figure(&mut self, document: &Document, slug: &str, to: &Element) -> Result<(), JsValue> {
        let canvas = dom::all(document, &format!("figure[data-figure=\"{slug}\"] > canvas")).into_iter().next();
        let Some(canvas) = canvas else { return Ok(()) };
        self.lend(document, canvas, to)?;
        to.set_attribute("data-figure", slug)
    }

    /// All is where it was; a figure that was empty is so again.
    pub fn give_back(&mut self) {
        for (place, node) in self.0.drain(..) {
            if let Some(slot) = node.closest("figure[data-borrows]").ok().flatten() {
                let _ = slot.remove_attribute("data-figure");
            }
            let _ = place.replace_with_with_node_1(&node);
        }
    }
}
