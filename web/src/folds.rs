//! What a first reader does not need is folded away (`details.fold`): a link that leads into a fold opens it, and a printed page
//! has them all open.
use crate::dom;
use web_sys::{Document, Element};

/// Opens every fold around the element that a fragment such as `#the-proof` names, the fold itself included; the element.
pub fn reveal(document: &Document, fragment: &str) -> Option<Element> {
    let id = fragment.strip_prefix('#').filter(|id| !id.is_empty())?;
    let place = document.get_element_by_id(id)?;
    let mut around = Some(place.clone());
    while let Some(fold) = around.and_then(|element| element.closest("details").ok().flatten()) {
        let _ = fold.set_attribute("open", "");
        around = fold.parent_element();
    }
    Some(place)
}

/// Opens those of the page's address, and brings what it names into view.
pub fn follow_address(document: &Document) {
    let fragment = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    if let Some(place) = reveal(document, &fragment)
        && place.closest("details").is_ok_and(|fold| fold.is_some())
    {
        place.scroll_into_view();
    }
}

/// Opens all that are closed, and marks them.
pub fn open_all(document: &Document) {
    for fold in dom::all(document, "details.fold:not([open])") {
        let _ = fold.set_attribute("open", "");
        let _ = fold.set_attribute("data-opened-to-print", "");
    }
}

/// Closes those that [`open_all`] opened.
pub fn close_again(document: &Document) {
    for fold in dom::all(document, "details.fold[data-opened-to-print]") {
        let _ = fold.remove_attribute("open");
        let _ = fold.remove_attribute("data-opened-to-print");
    }
}
