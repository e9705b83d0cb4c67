//! The gradient's picture beside what is said of an opened network: it is lent by its chapter while the network is shown.
use crate::dom;
use crate::lending::Loans;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::Document;

/// The figure that shows what the report speaks of.
const SLUG: &str = "gradient-norms";

thread_local! {
    static LOANS: RefCell<Loans> = RefCell::default();
}

/// The picture is at home in its chapter: before the stage may want it.
pub fn give_back() {
    LOANS.with_borrow_mut(Loans::give_back);
}

/// The picture stands where it is spoken of, unless a lesson is given; whether it moved.
///
/// # Errors
/// When the document refuses an element; it does not.
pub fn settle(document: &Document) -> Result<bool, JsValue> {
    let is = |selector: &str| document.query_selector(selector).is_ok_and(|found| found.is_some());
    let wanted = is(":root[data-own-shown]") && !is("dialog.stage[open]");
    LOANS.with_borrow_mut(|loans| {
        let moves = wanted == loans.is_empty();
        if !wanted {
            loans.give_back();
        } else if loans.is_empty()
            && let Some(place) = dom::all(document, "figure[data-own='figure']").into_iter().next()
        {
            loans.lend_figure(document, SLUG, &place)?;
            loans.point(document, "#your-report", "This picture is beside your network, at the end of the chapter.")?;
        }
        Ok(moves)
    })
}
