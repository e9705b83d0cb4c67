//! The clipboard, where there is one.
use crate::inbox;
use js_sys::Reflect;
use vanishing_app::Msg;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlDocument, HtmlTextAreaElement, Window};

/// Copies a link and reports with [`Msg::Copied`]. Without a clipboard (insecure or sandboxed pages) the older command
/// is tried; where that fails too, the answer is `ok: false`, and the link is shown to be copied by hand.
pub fn copy(link: String) {
    let Some(window) = web_sys::window() else { return };
    if !has_clipboard(&window) {
        let ok = copy_by_command(&link).unwrap_or(false);
        return inbox::post(Msg::Copied { ok, link });
    }
    let (taken, refused) = (link.clone(), link.clone());
    let on_success = Closure::once_into_js(move || inbox::post(Msg::Copied { ok: true, link: taken }));
    let on_failure = Closure::once_into_js(move || {
        let ok = copy_by_command(&refused).unwrap_or(false);
        inbox::post(Msg::Copied { ok, link: refused });
    });
    let promise = window.navigator().clipboard().write_text(&link);
    // A promise has `then`, and calling it does not throw.
    if let Ok(then) = Reflect::get(&promise, &"then".into()).and_then(JsCast::dyn_into::<js_sys::Function>) {
        let _ = then.call2(&promise, &on_success, &on_failure);
    }
}

fn has_clipboard(window: &Window) -> bool {
    Reflect::get(&window.navigator(), &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object())
}

fn copy_by_command(link: &str) -> Option<bool> {
    let document = web_sys::window()?.document()?;
    let body = document.body()?;
    let focused = document.active_element();
    let field: HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    field.set_class_name("visually-hidden");
    field.set_value(link);
    body.append_child(&field).ok()?;
    field.select();
    let copied = document.dyn_ref::<HtmlDocument>()?.exec_command("copy").ok();
    field.remove();
    if let Some(element) = focused.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
    copied
}
