//! One figure with its controls fills the screen: they are lent to a dialog, and go back to their places.
use crate::dom::{self, add};
use crate::lending::Loans;
use crate::{beside, inbox, parent, screen};
use vanishing_app::chapters::WORKBENCH;
use vanishing_app::{HelpPart, Msg, Stage, Vote};
use wasm_bindgen::prelude::*;
use web_sys::{Document, HtmlDialogElement, HtmlElement, Window};

/// What was lent to the stage.
#[derive(Default)]
pub struct Lent {
    loans: Loans,
    shown: Option<Stage>,
    /// How far the page was scrolled.
    scrolled: f64,
}

impl Lent {
    /// Shows a stage, or the page again.
    ///
    /// # Errors
    /// When the document refuses an element; it does not.
    pub fn show(&mut self, document: &Document, stage: Option<&Stage>) -> Result<(), JsValue> {
        let Some(dialog) = dialog(document, "stage") else { return Ok(()) };
        let window = web_sys::window();
        let Some(stage) = stage else {
            screen::step_back(&dialog);
            self.loans.give_back();
            self.shown = None;
            dialog.close();
            present(document, false);
            set_inert(document, false);
            if let Some(window) = window {
                window.scroll_to_with_x_and_y(0.0, self.scrolled);
            }
            return Ok(());
        };
        if !dialog.open() {
            self.scrolled = window.as_ref().map_or(0.0, scroll_of);
            present(document, true);
            if parent::is_framed() && !parent::is_touched() {
                // A frame does not take the focus from the page around it.
                dialog.set_open(true);
                set_inert(document, true);
            } else {
                dialog.show_modal()?;
                // Not its first button: the space bar is to play, not to press it.
                dialog.focus()?;
            }
        }
        let same = self.shown.as_ref().is_some_and(|old| old.figure == stage.figure && old.controls == stage.controls);
        if !same {
            screen::step_back(&dialog);
            self.loans.give_back();
            self.borrow(document, stage)?;
        }
        show_votes(document, &stage.votes)?;
        beside::show(document, stage);
        let silent = stage.say.is_empty();
        for (part, words) in [
            ("title", stage.title.as_str()),
            ("place", stage.place.as_str()),
            ("ask", stage.ask.as_str()),
            ("say", stage.say.as_str()),
        ] {
            for place in dom::all(document, &format!("[data-stage={part}]")) {
                place.set_text_content(Some(words));
            }
        }
        for dialog in dom::all(document, "dialog.stage") {
            dialog.toggle_attribute_with_force("data-veiled", stage.veiled)?;
            dialog.toggle_attribute_with_force("data-black", stage.black)?;
        }
        for next in dom::all(document, "button[data-action=present-next]") {
            let words = match (silent, stage.is_last) {
                (true, _) => "Answer",
                (false, true) if !stage.next.is_empty() => "Next chapter",
                (false, _) => "Next",
            };
            next.set_text_content(Some(words));
            next.toggle_attribute_with_force("disabled", !silent && stage.next.is_empty())?;
        }
        self.shown = Some(stage.clone());
        Ok(())
    }

    fn borrow(&mut self, document: &Document, stage: &Stage) -> Result<(), JsValue> {
        let one = |selector: &str| dom::all(document, selector).into_iter().next();
        if let Some(place) = one("[data-stage=figure]") {
            // Of the workbench all, its controls included.
            if stage.figure == WORKBENCH
                && let Some(bench) = one(".bench-screen")
            {
                self.loans.lend(document, bench, &place)?;
                place.set_attribute("data-figure", WORKBENCH)?;
            }
            self.loans.lend_figure(document, &stage.figure, &place)?;
        }
        if let Some(place) = one("[data-stage=controls]") {
            for key in &stage.controls {
                if let Some(control) = one(&format!("[data-control=\"{key}\"]")) {
                    self.loans.lend(document, control, &place)?;
                }
            }
        }
        Ok(())
    }
}

/// Whether the page has the sizes of a lecture; the pictures go with its text. A frame has those of the page around it.
fn present(document: &Document, on: bool) {
    // Besides, WebKitGTK 2.50 answers nothing any more when the text of a framed page grows so.
    if parent::is_framed() {
        return;
    }
    if let Some(root) = document.document_element() {
        let _ = root.toggle_attribute_with_force("data-presenting", on);
    }
    inbox::post(Msg::TextSize { text: dom::text_size(document) });
}

/// The answers that can be voted for, each a button with its hands.
fn show_votes(document: &Document, votes: &[Vote]) -> Result<(), JsValue> {
    let most = votes.iter().map(|vote| vote.hands).max().unwrap_or(0).max(1);
    for list in dom::all(document, "[data-stage=votes]") {
        list.set_text_content(None);
        for (place, Vote { answer, hands, right }) in votes.iter().enumerate() {
            let row = add(document, &list, "li", &[], "")?;
            let action = format!("vote:{}", place + 1);
            let button = add(document, &row, "button", &[("type", "button"), ("data-action", &action)], "")?;
            let share = f64::from(*hands) / f64::from(most);
            if let Some(button) = button.dyn_ref::<HtmlElement>() {
                button.style().set_property("--share", &share.to_string())?;
            }
            let mark = if *right { " (right)" } else { "" };
            button.toggle_attribute_with_force("data-right", *right)?;
            add(document, &button, "span", &[], &format!("{} {answer}{mark}", place + 1))?;
            add(document, &button, "b", &[], &hands.to_string())?;
        }
    }
    Ok(())
}

/// Whether the page behind the stage can be reached.
fn set_inert(document: &Document, inert: bool) {
    for page in dom::all(document, ".page") {
        let _ = page.toggle_attribute_with_force("inert", inert);
    }
}

fn scroll_of(window: &Window) -> f64 {
    window.scroll_y().unwrap_or(0.0)
}

fn dialog(document: &Document, class: &str) -> Option<HtmlDialogElement> {
    document.query_selector(&format!("dialog.{class}")).ok()??.dyn_into().ok()
}

/// Opens the help, or closes it. It is made when it is first asked for.
///
/// # Errors
/// When the document refuses an element; it does not.
pub fn toggle_help(document: &Document, help: impl FnOnce() -> Vec<HelpPart>) -> Result<(), JsValue> {
    let Some(dialog) = dialog(document, "manual") else { return Ok(()) };
    if dialog.open() {
        dialog.close();
        return Ok(());
    }
    if let Ok(Some(place)) = dialog.query_selector("[data-help]")
        && place.child_element_count() == 0
    {
        for part in help() {
            add(document, &place, "h3", &[], &part.title)?;
            let list = add(document, &place, "dl", &[], "")?;
            for (term, text) in &part.rows {
                let row = add(document, &list, "div", &[], "")?;
                add(document, &row, "dt", &[], term)?;
                add(document, &row, "dd", &[], text)?;
            }
        }
    }
    dialog.show_modal()
}

/// The link of a chapter's presets with that number, from 1: what it sets.
pub fn preset(document: &Document, chapter: &str, number: usize) -> Option<String> {
    let links = dom::all(document, &format!("#{chapter} .presets a[data-preset]"));
    links.get(number.checked_sub(1)?).map(dom::preset)
}
