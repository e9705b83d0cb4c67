//! The parts of chapter 4 that are neither controls nor pictures: lanes, pipeline, table, files.
use crate::dom::{self, add};
use vanishing_app::{Diverged, EvidenceTable, LaneTab, PipelineBox, TrainingState};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement};

/// Brings the lanes' buttons up to date; they stay the same elements, so that the focus stays where it is. Before the
/// first update the page may leave little room for pictures of what is not there.
pub fn show_lanes(document: &Document, tabs: &[LaneTab]) -> Result<(), JsValue> {
    if let Some(root) = document.document_element() {
        root.toggle_attribute_with_force("data-untrained", !tabs.iter().any(|tab| tab.begun))?;
    }
    for place in dom::all(document, "[data-lanes]") {
        for (i, letter) in ["a", "b", "c", "d"].into_iter().enumerate() {
            let action = format!("lane:{letter}");
            let button = match place.children().item(i as u32) {
                Some(button) => button,
                None => {
                    let button: Element =
                        dom::element(document, "button", &[("type", "button"), ("data-action", &action)])?;
                    for class in ["letter", "name", "state"] {
                        add(document, &button, "span", &[("class", class)], "")?;
                    }
                    place.append_child(&button)?;
                    button
                }
            };
            let tab = tabs.get(i);
            if let Some(button) = button.dyn_ref::<HtmlElement>() {
                button.set_hidden(tab.is_none());
            }
            let Some(tab) = tab else { continue };
            button.set_attribute("aria-pressed", if tab.selected { "true" } else { "false" })?;
            for (place, words) in [tab.letter, &tab.name, &tab.state].into_iter().enumerate() {
                set_text(button.children().item(place as u32), words);
            }
        }
    }
    Ok(())
}

fn set_text(element: Option<Element>, words: &str) {
    if let Some(element) = element.filter(|element| element.text_content().as_deref() != Some(words)) {
        element.set_text_content(Some(words));
    }
}

/// Brings the pipeline up to date: a list item for each box, with the norm behind it.
pub fn show_pipeline(document: &Document, boxes: &[PipelineBox]) -> Result<(), JsValue> {
    for place in dom::all(document, "[data-pipeline]") {
        while place.child_element_count() > boxes.len() as u32 {
            if let Some(last) = place.last_element_child() {
                last.remove();
            }
        }
        for (i, step) in boxes.iter().enumerate() {
            let item = match place.children().item(i as u32) {
                Some(item) => item,
                None => {
                    let item: Element = dom::element(document, "li", &[])?;
                    add(document, &item, "span", &[("class", "box")], "")?;
                    add(document, &item, "span", &[("class", "norm")], "")?;
                    place.append_child(&item)?;
                    item
                }
            };
            if step.remedy {
                item.set_attribute("data-remedy", "true")?;
            } else {
                item.remove_attribute("data-remedy")?;
            }
            set_text(item.children().item(0), &step.title);
            set_text(item.children().item(1), step.norm.as_deref().unwrap_or(""));
        }
    }
    Ok(())
}

/// Writes the table of the experiment.
pub fn show_evidence(document: &Document, table: &EvidenceTable) -> Result<(), JsValue> {
    for place in dom::all(document, "table[data-evidence]") {
        // The button that was pressed has the focus; it gets it back.
        let focused = document.active_element().and_then(|element| element.get_attribute("data-action"));
        for part in dom::all(document, "table[data-evidence] thead, table[data-evidence] tbody") {
            part.remove();
        }
        let head: Element = dom::element(document, "thead", &[])?;
        let row: Element = dom::element(document, "tr", &[])?;
        for (key, title) in &table.columns {
            let sorted = match table.sorted {
                (column, from_largest) if column == *key => {
                    if from_largest {
                        "descending"
                    } else {
                        "ascending"
                    }
                }
                _ => "none",
            };
            let cell: Element = dom::element(document, "th", &[("scope", "col"), ("aria-sort", sorted)])?;
            let action = format!("sort:{key}");
            let button: HtmlElement =
                dom::element(document, "button", &[("type", "button"), ("data-action", &action)])?;
            button.set_text_content(Some(title));
            cell.append_child(&button)?;
            row.append_child(&cell)?;
        }
        head.append_child(&row)?;
        place.append_child(&head)?;
        let body: Element = dom::element(document, "tbody", &[])?;
        for cells in &table.rows {
            dom::add_row(document, &body, cells)?;
        }
        place.append_child(&body)?;
        if let Some(action) = focused.filter(|action| action.starts_with("sort:"))
            && let Ok(Some(button)) = place.query_selector(&format!("button[data-action=\"{action}\"]"))
            && let Some(button) = button.dyn_ref::<HtmlElement>()
        {
            let _ = button.focus();
        }
    }
    Ok(())
}

/// One button that changes its meaning: it starts the lanes, pauses them, or trains them on.
pub fn show_training(document: &Document, state: TrainingState) {
    let action = match state {
        TrainingState::Rests => "train-start",
        TrainingState::Goes => "train-pause",
        TrainingState::Ended => "train-on",
    };
    for name in ["train-start", "train-pause", "train-on"] {
        for button in dom::all(document, &format!("button[data-action={name}]")) {
            let _ = button.set_attribute("data-action", action);
        }
    }
}

/// What is offered for a run that diverged; a link that has the focus keeps it.
pub fn show_diverged(document: &Document, diverged: &Diverged) -> Result<(), JsValue> {
    for place in dom::all(document, "[data-diverged]") {
        if let Some(place) = place.dyn_ref::<HtmlElement>() {
            place.set_hidden(diverged.letter.is_empty());
        }
    }
    for place in dom::all(document, "[data-diverged-letter]") {
        place.set_text_content(Some(diverged.letter));
    }
    for list in dom::all(document, "[data-rescuers]") {
        while list.child_element_count() > diverged.rescuers.len() as u32 {
            if let Some(last) = list.last_element_child() {
                last.remove();
            }
        }
        for (i, rescuer) in (0..).zip(&diverged.rescuers) {
            let item = match list.children().item(i) {
                Some(item) => item,
                None => {
                    let item: Element = dom::element(document, "li", &[])?;
                    add(document, &item, "a", &[("data-preset", ""), ("data-then", "train-start")], "")?;
                    add(document, &item, "span", &[], "")?;
                    list.append_child(&item)?;
                    item
                }
            };
            item.toggle_attribute_with_force("data-saves", rescuer.saves)?;
            if let Some(link) = item.children().item(0) {
                link.set_attribute("href", &format!("?{}", rescuer.query))?;
            }
            set_text(item.children().item(0), rescuer.title);
            set_text(item.children().item(1), &format!(" {}", rescuer.words));
        }
    }
    Ok(())
}

/// The bar of the experiment, and the button that ends it while it goes on.
pub fn show_experiment(document: &Document, share: f64, going: bool) {
    for bar in dom::all(document, "progress[data-experiment]") {
        let _ = bar.set_attribute("value", &share.to_string());
    }
    for (name, shown) in [("experiment-start", !going), ("experiment-cancel", going)] {
        for button in dom::all(document, &format!("button[data-action={name}]")) {
            if let Some(button) = button.dyn_ref::<HtmlElement>() {
                button.set_hidden(!shown);
            }
        }
    }
}
