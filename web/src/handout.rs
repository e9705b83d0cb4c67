//! A lesson or the exercises on paper: an address that ends with `#handout-` and a name shows them in the place of the page.
use crate::dom::{self, add};
use vanishing_app::chapters;
use vanishing_app::handout::{self, Handout, Step};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event};

/// Before the name of a lesson, in the part of an address behind `#`.
const MARK: &str = "#handout-";
/// The name of the sheet of exercises.
const EXERCISES: &str = "exercises";

/// Shows what the address asks for; nothing where it asks for none.
///
/// # Errors
/// When the document refuses an element; it does not.
pub fn begin(document: &Document, own_lesson: &str) -> Result<(), JsValue> {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    let Some(name) = hash.strip_prefix(MARK) else { return Ok(()) };
    let (Some(root), Some(body)) = (document.document_element(), document.body()) else { return Ok(()) };
    if name == EXERCISES {
        let sheet = sheet(document, &body)?;
        exercises(document, &sheet)?;
    } else {
        let Some(handout) = handout::of_lesson(name, own_lesson) else { return Ok(()) };
        let sheet = sheet(document, &body)?;
        lesson(document, &sheet, &handout)?;
    }
    root.set_attribute("data-handout", "")?;
    Ok(())
}

fn sheet(document: &Document, body: &Element) -> Result<Element, JsValue> {
    let sheet = add(document, body, "article", &[("class", "handout")], "")?;
    add(document, &sheet, "a", &[("class", "live"), ("href", "?")], "To the page")?;
    let button = add(document, &sheet, "button", &[("type", "button"), ("class", "live")], "Print")?;
    dom::listen(&button, "click", |_: &Event| {
        if let Some(window) = web_sys::window() {
            let _ = window.print();
        }
    });
    Ok(sheet)
}

fn lesson(document: &Document, sheet: &Element, handout: &Handout) -> Result<(), JsValue> {
    add(document, sheet, "h1", &[], &handout.title)?;
    let steps = add(document, sheet, "ol", &[], "")?;
    for step in &handout.steps {
        let place = add(document, &steps, "li", &[], "")?;
        if !step.veiled {
            picture(document, &place, step)?;
        }
        if step.ask.is_empty() {
            add(document, &place, "p", &[], &step.say)?;
            continue;
        }
        add(document, &place, "p", &[("class", "ask")], &step.ask)?;
        for answer in &step.votes {
            add(document, &place, "p", &[("class", "choice")], &format!("□ {answer}"))?;
        }
        add(document, &place, "div", &[("class", "room")], "")?;
    }
    let answers = add(document, sheet, "section", &[("class", "solutions")], "")?;
    add(document, &answers, "h2", &[], "Answers")?;
    let list = add(document, &answers, "dl", &[], "")?;
    for (number, step) in handout.steps.iter().enumerate().filter(|(_, step)| !step.ask.is_empty()) {
        add(document, &list, "dt", &[], &format!("{}. {}", number + 1, step.ask))?;
        let answer = add(document, &list, "dd", &[], &step.say)?;
        if step.veiled {
            picture(document, &answer, step)?;
        }
    }
    Ok(())
}

fn picture(document: &Document, place: &Element, step: &Step) -> Result<(), JsValue> {
    let Some((svg, words)) = &step.picture else {
        add(document, place, "p", &[("class", "run")], "(A run: see it on the page.)")?;
        return Ok(());
    };
    // Drawn by the page itself; as an image it is neither markup nor script of this document.
    let address = format!("data:image/svg+xml,{}", String::from(js_sys::encode_uri_component(svg)));
    add(document, place, "img", &[("src", &address), ("alt", words)], "")?;
    Ok(())
}

/// The questions stand on the page, the answers are computed.
fn exercises(document: &Document, sheet: &Element) -> Result<(), JsValue> {
    add(document, sheet, "h1", &[], "Exercises")?;
    let mut solved = Vec::new();
    for chapter in chapters::ALL.iter().filter(|chapter| chapter.chapter.number() > 0) {
        let title = format!("{}. {}", chapter.chapter.number(), chapter.title);
        add(document, sheet, "h2", &[], &title)?;
        let list = add(document, sheet, "ol", &[], "")?;
        for item in dom::all(document, &format!("#{} .exercises > ol > li", chapter.slug)) {
            let place = add(document, &list, "li", &[], "")?;
            for question in dom::all_in(&item, "p") {
                place.append_child(&question.clone_node_with_deep(true)?)?;
            }
            for choice in dom::all_in(&item, "select option:not(:first-child)") {
                let words = choice.text_content().unwrap_or_default();
                add(document, &place, "p", &[("class", "choice")], &format!("□ {words}"))?;
            }
            add(document, &place, "div", &[("class", "room")], "")?;
        }
        solved.push((title, handout::solutions(chapter.chapter)));
    }
    let answers = add(document, sheet, "section", &[("class", "solutions")], "")?;
    add(document, &answers, "h2", &[], "Answers")?;
    for (title, solutions) in &solved {
        add(document, &answers, "h3", &[], title)?;
        let list = add(document, &answers, "ol", &[], "")?;
        for solution in solutions {
            add(document, &list, "li", &[], solution)?;
        }
    }
    Ok(())
}
