//! User Timing: what an update and a drawing took, for the browser's profiler and the speed tests.
use crate::dom;
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = measure, catch)]
    fn measure(name: &str, options: &Object) -> Result<JsValue, JsValue>;
}

/// Does `work`; when `wanted`, a `performance.measure` of that name says when it began and ended.
pub fn measured<T>(wanted: bool, name: &str, work: impl FnOnce() -> T) -> T {
    if !wanted {
        return work();
    }
    let start = dom::now();
    let result = work();
    let options = Object::new();
    // Neither fails: a plain object takes every key, and `start` lies before `end`.
    let _ = Reflect::set(&options, &"start".into(), &start.into());
    let _ = Reflect::set(&options, &"end".into(), &dom::now().into());
    let _ = measure(name, &options);
    result
}
