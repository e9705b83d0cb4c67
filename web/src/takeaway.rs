//! What a reader takes away from a figure: a row of buttons beneath it, and what they open.
use crate::builder;
use crate::dom::{self, add};
use vanishing_app::{Download, Lab, Sheet, TableText, takeaway};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlCanvasElement, HtmlElement};

/// Pixels per CSS pixel of a saved picture.
const SCALE: f64 = 2.0;

/// Gives every figure its buttons and the place for what they open.
///
/// # Errors
/// When the document refuses an element; it does not.
pub fn build(document: &Document, lab: &Lab) -> Result<(), JsValue> {
    for figure in dom::all(document, "figure[data-figure]") {
        let slug = figure.get_attribute("data-figure").unwrap_or_default();
        let Some(spec) = lab.figures().find(|spec| spec.slug == slug) else { continue };
        if figure.id().is_empty() {
            figure.set_id(&takeaway::anchor(&slug));
        }
        let menu = add(document, &figure, "details", &[("class", "take live")], "")?;
        let summary = add(document, &menu, "summary", &[], "Export and embed")?;
        add(document, &summary, "span", &[("class", "visually-hidden")], &format!(": {}", spec.title))?;
        let row = add(document, &menu, "div", &[("class", "ways")], "")?;
        for (way, words) in takeaway::ways(&slug) {
            let action = format!("{way}:{slug}");
            add(document, &row, "button", &[("type", "button"), ("data-action", &action)], words)?;
        }
        add(document, &menu, "div", &[("class", "sheet"), ("data-sheet", &slug)], "")?;
    }
    Ok(())
}

/// Shows what stands open beneath a figure.
///
/// # Errors
/// When the document refuses an element; it does not.
pub fn show(document: &Document, sheet: &Sheet) -> Result<(), JsValue> {
    for place in dom::all(document, &format!("[data-sheet=\"{}\"]", sheet.figure)) {
        let [code_place, embed_place, table_place] = parts(document, &place)?;
        code_place.set_text_content(None);
        table_place.set_text_content(None);
        if let Some(code) = &sheet.code {
            let tools = add(document, &code_place, "div", &[("class", "ways")], "")?;
            for (way, words) in [("copy-code", "Copy code"), ("save-code", "Save as .py")] {
                let action = format!("{way}:{}", sheet.figure);
                add(document, &tools, "button", &[("type", "button"), ("data-action", &action)], words)?;
            }
            let frame = [("class", "code"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Code")];
            add(document, &code_place, "pre", &frame, code)?;
        }
        match &sheet.embed {
            Some(embed) => builder::show(document, &embed_place, sheet.figure, embed)?,
            None => embed_place.set_text_content(None),
        }
        if let Some(table) = &sheet.table {
            add_table(document, &table_place, table)?;
        }
    }
    Ok(())
}

/// The places of code, builder and table in a sheet. What stands in one of them is not touched when another changes.
fn parts(document: &Document, place: &Element) -> Result<[Element; 3], JsValue> {
    while place.child_element_count() < 3 {
        add(document, place, "div", &[], "")?;
    }
    let parts = place.children();
    let part = |index| parts.item(index).ok_or("three parts");
    Ok([part(0)?, part(1)?, part(2)?])
}

fn add_table(document: &Document, place: &Element, text: &TableText) -> Result<(), JsValue> {
    let frame = [("class", "table-frame"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Table")];
    let frame = add(document, place, "div", &frame, "")?;
    let table = add(document, &frame, "table", &[("class", "numbers")], "")?;
    add(document, &table, "caption", &[], &text.caption)?;
    let head = add(document, &table, "thead", &[], "")?;
    let row = add(document, &head, "tr", &[], "")?;
    for heading in &text.headings {
        add(document, &row, "th", &[("scope", "col")], heading)?;
    }
    let body = add(document, &table, "tbody", &[], "")?;
    for cells in &text.rows {
        let row = add(document, &body, "tr", &[], "")?;
        for cell in cells {
            add(document, &row, "td", &[], cell)?;
        }
    }
    Ok(())
}

/// Gives the reader a file. Some frames allow no downloads: then nothing happens, and what is in it is there to be copied.
///
/// # Errors
/// When the document refuses an element; it does not.
pub fn download(document: &Document, file: &Download) -> Result<(), JsValue> {
    let address = format!("data:{};charset=utf-8,{}", file.kind, js_sys::encode_uri_component(&file.text));
    save(document, &address, &file.name)
}

fn save(document: &Document, address: &str, name: &str) -> Result<(), JsValue> {
    let link: HtmlElement = dom::element(document, "a", &[("href", address), ("download", name)])?;
    link.click();
    Ok(())
}

/// Saves a figure as a PNG picture, drawn for it at twice its size.
///
/// # Errors
/// When the browser gives no canvas or the drawing failed.
pub fn save_picture(document: &Document, lab: &Lab, slug: &str) -> Result<(), JsValue> {
    let Some((width, height)) = lab.print_size(slug) else { return Ok(()) };
    let pixels = ((width * SCALE).round() as u32, (height * SCALE).round() as u32);
    let canvas: HtmlCanvasElement = dom::element(document, "canvas", &[])?;
    canvas.set_width(pixels.0);
    canvas.set_height(pixels.1);
    let backend = plotters_canvas::CanvasBackend::with_canvas_object(canvas.clone()).ok_or("no canvas")?;
    lab.print(slug, backend, pixels, SCALE)?;
    save(document, &canvas.to_data_url_with_type("image/png")?, &takeaway::file_name(slug, "png"))
}
