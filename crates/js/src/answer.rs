//! Writing results: plain objects with numbers and typed arrays.
use js_sys::{Array, Float64Array, Int8Array, Object, Reflect};
use wasm_bindgen::JsValue;

/// What a function returns: an object, or what is thrown.
pub type Answer = Result<Object, JsValue>;

/// An object from its properties.
pub fn object<const N: usize>(properties: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (key, value) in properties {
        set(&object, key, &value);
    }
    object
}

/// Gives an object one more property.
pub fn set(object: &Object, key: &str, value: &JsValue) {
    // It cannot fail: the object is new and ordinary.
    drop(Reflect::set(object, &JsValue::from_str(key), value));
}

/// A `Float64Array`.
pub fn numbers(values: &[f64]) -> JsValue {
    Float64Array::from(values).into()
}

/// Numbers of any size and both signs: { sign, log10Abs }.
pub fn signed_logarithms(values: &[(f64, f64)]) -> JsValue {
    let signs: Vec<i8> = values.iter().map(|(sign, _)| *sign as i8).collect();
    let logarithms: Vec<f64> = values.iter().map(|(_, log10)| *log10).collect();
    object([("sign", Int8Array::from(&signs[..]).into()), ("log10Abs", numbers(&logarithms))]).into()
}

/// An ordinary array.
pub fn list(values: impl IntoIterator<Item = Object>) -> JsValue {
    let array = Array::new();
    for value in values {
        array.push(&value);
    }
    array.into()
}
