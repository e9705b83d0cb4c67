//! Reading one object of options: what is missing, unknown or of another type is one sentence with its name.
use js_sys::{Array, ArrayBuffer, BigInt64Array, BigUint64Array, DataView, Float64Array, Object, Reflect};
use vanishing_core::given::Named;
use wasm_bindgen::{JsCast, JsValue};

/// The largest size that a number of options may name; every address of 32-bit memory is below four times that.
const LARGEST_SIZE: u64 = 1_000_000_000;

/// An `Error` to throw.
pub fn error(sentence: &str) -> JsValue {
    js_sys::Error::new(sentence).into()
}

/// The sentence for a key that is none of these: the one that has the same letters, or all there are.
pub fn unknown(prefix: &str, key: &str, known: &[&str]) -> JsValue {
    match known.iter().find(|other| letters(other) == letters(key)) {
        Some(meant) => error(&format!("{prefix}{key}: write {meant}")),
        None => error(&format!("{prefix}{key}: there is no such option; expected {}", known.join(", "))),
    }
}

/// A key without what camelCase, snake_case and hyphens make of it.
fn letters(key: &str) -> String {
    key.chars().filter(|letter| !matches!(letter, '_' | '-')).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// One object whose keys are known.
pub struct Options<'a> {
    object: &'a Object,
    /// What stands before each key in sentences: nothing, or the key of this object and a dot.
    prefix: String,
}

impl<'a> Options<'a> {
    /// The options of a function, if all of their keys are `known`.
    pub fn new(value: &'a JsValue, known: &[&str]) -> Result<Self, JsValue> {
        Self::read(value, "the argument", String::new(), known)
    }

    /// An option that is an object itself.
    pub fn within(name: &str, value: &'a JsValue, known: &[&str]) -> Result<Self, JsValue> {
        Self::read(value, name, format!("{name}."), known)
    }

    fn read(value: &'a JsValue, name: &str, prefix: String, known: &[&str]) -> Result<Self, JsValue> {
        let wrong = || error(&format!("{name} is {}; expected an object of options", kind(value)));
        let object = plain_object(value).ok_or_else(wrong)?;
        for key in Object::keys(object).iter().filter_map(|key| key.as_string()) {
            if !known.contains(&key.as_str()) {
                return Err(unknown(&prefix, &key, known));
            }
        }
        Ok(Self { object, prefix })
    }

    fn name(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// The value, unless it is undefined or null.
    pub fn optional(&self, key: &str) -> Result<Option<JsValue>, JsValue> {
        let value = Reflect::get(self.object, &JsValue::from_str(key))?;
        Ok((!value.is_undefined() && !value.is_null()).then_some(value))
    }

    fn required(&self, key: &str, expected: &str) -> Result<JsValue, JsValue> {
        self.optional(key)?.ok_or_else(|| error(&format!("{} is missing; expected {expected}", self.name(key))))
    }

    /// A text; `None` where the option is left out.
    pub fn optional_text(&self, key: &str) -> Result<Option<String>, JsValue> {
        let Some(value) = self.optional(key)? else { return Ok(None) };
        match value.as_string() {
            Some(text) => Ok(Some(text)),
            None => Err(error(&format!("{} is {}; expected a text", self.name(key), kind(&value)))),
        }
    }

    /// One of the texts, with what it stands for.
    pub fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Result<Option<T>, JsValue> {
        let Some(text) = self.optional_text(key)? else { return Ok(None) };
        match choices.iter().find(|(name, _)| *name == text) {
            Some((_, choice)) => Ok(Some(*choice)),
            None => Err(error(&format!("{}: “{text}” is not one of {}", self.name(key), names(choices)))),
        }
    }

    /// The same, which must be there.
    pub fn required_choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Result<T, JsValue> {
        self.required(key, &format!("one of {}", names(choices)))?;
        self.choice(key, choices)?.ok_or_else(|| error(&format!("{} is missing", self.name(key))))
    }

    /// True or false; false where the option is left out.
    pub fn flag(&self, key: &str) -> Result<bool, JsValue> {
        let Some(value) = self.optional(key)? else { return Ok(false) };
        let wrong = || error(&format!("{} is {}; expected true or false", self.name(key), kind(&value)));
        value.as_bool().ok_or_else(wrong)
    }

    /// A finite number.
    pub fn optional_number(&self, key: &str) -> Result<Option<f64>, JsValue> {
        let Some(value) = self.optional(key)? else { return Ok(None) };
        match value.as_f64().filter(|x| x.is_finite()) {
            Some(x) => Ok(Some(x)),
            None => Err(error(&format!("{} is {}; expected a finite number", self.name(key), kind(&value)))),
        }
    }

    /// The same, which must be there.
    pub fn number(&self, key: &str) -> Result<f64, JsValue> {
        self.required(key, "a finite number")?;
        Ok(self.optional_number(key)?.unwrap_or_default())
    }

    /// A whole number from 0 to `largest`; `from` is what sentences say that it begins with.
    fn count(&self, key: &str, from: u64, largest: u64) -> Result<Option<u64>, JsValue> {
        let Some(value) = self.optional(key)? else { return Ok(None) };
        match value.as_f64().and_then(|x| whole(x, largest)) {
            Some(x) => Ok(Some(x)),
            None => {
                let (name, kind) = (self.name(key), kind(&value));
                Err(error(&format!("{name} is {kind}; expected a whole number from {from} to {largest}")))
            }
        }
    }

    /// A size; that it is not 0 is for the core to say.
    pub fn optional_size(&self, key: &str) -> Result<Option<usize>, JsValue> {
        Ok(self.count(key, 1, LARGEST_SIZE)?.map(|size| size as usize))
    }

    /// A whole number from 0; `None` where the option is left out.
    pub fn optional_index(&self, key: &str) -> Result<Option<usize>, JsValue> {
        Ok(self.count(key, 0, LARGEST_SIZE)?.map(|index| index as usize))
    }

    /// The same, which must be there.
    pub fn size(&self, key: &str) -> Result<usize, JsValue> {
        self.required(key, "a whole number from 1 on")?;
        Ok(self.optional_size(key)?.unwrap_or_default())
    }

    /// A power k: a whole number from 0 to 10^12.
    pub fn power(&self, key: &str) -> Result<u64, JsValue> {
        self.required(key, "a whole number from 0 on")?;
        Ok(self.count(key, 0, LARGEST_POWER)?.unwrap_or_default())
    }

    /// A power k: a whole number from 0 to 10^12.
    pub fn powers(&self, key: &str) -> Result<Vec<u64>, JsValue> {
        let power = |(index, x): (usize, &f64)| {
            whole(*x, LARGEST_POWER).ok_or_else(|| {
                let name = self.name(key);
                error(&format!("{name}: entry {index} is {x}; expected whole numbers from 0 to {LARGEST_POWER}"))
            })
        };
        self.numbers(key)?.values.iter().enumerate().map(power).collect()
    }

    /// Numbers, row by row.
    pub fn optional_numbers(&self, key: &str) -> Result<Option<Named>, JsValue> {
        let Some(value) = self.optional(key)? else { return Ok(None) };
        named(self.name(key), &value).map(Some)
    }

    /// The same, which must be there.
    pub fn numbers(&self, key: &str) -> Result<Named, JsValue> {
        named(self.name(key), &self.required(key, "an array of numbers")?)
    }

    /// An object of arrays of numbers, each under its own key.
    pub fn arrays(&self, key: &str) -> Result<Vec<Named>, JsValue> {
        let value = self.required(key, "an object with an array of numbers for each tensor")?;
        let wrong = || error(&format!("{} is {}; expected an object of arrays", self.name(key), kind(&value)));
        let object = plain_object(&value).ok_or_else(wrong)?;
        let mut arrays = Vec::new();
        for key in Object::keys(object).iter() {
            let value = Reflect::get(object, &key)?;
            if !value.is_undefined() && !value.is_null() {
                arrays.push(named(key.as_string().unwrap_or_default(), &value)?);
            }
        }
        Ok(arrays)
    }
}

/// The largest power: the power of two beside M^k is then a whole number that JavaScript has exactly.
const LARGEST_POWER: u64 = 1_000_000_000_000;

fn names<T>(choices: &[(&str, T)]) -> String {
    choices.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

fn whole(x: f64, largest: u64) -> Option<u64> {
    (x >= 0.0 && x <= largest as f64 && x.fract() == 0.0).then_some(x as u64)
}

/// An object that is neither an array nor a typed array.
fn plain_object(value: &JsValue) -> Option<&Object> {
    let is_plain = value.is_object() && !Array::is_array(value) && !ArrayBuffer::is_view(value);
    if is_plain { value.dyn_ref() } else { None }
}

/// Numbers from a typed array or an ordinary one.
fn named(name: String, value: &JsValue) -> Result<Named, JsValue> {
    if let Some(array) = value.dyn_ref::<Float64Array>() {
        return Ok(Named { name, values: array.to_vec() });
    }
    if let Some(array) = value.dyn_ref::<Array>() {
        let entry = |(index, entry): (usize, JsValue)| {
            entry.as_f64().ok_or_else(|| {
                let kind = kind(&entry);
                error(&format!("{name}: entry {index} is {kind}; expected numbers, row by row in one flat array"))
            })
        };
        let values = array.iter().enumerate().map(entry).collect::<Result<_, _>>()?;
        return Ok(Named { name, values });
    }
    if ArrayBuffer::is_view(value) && !has_no_numbers(value) {
        // Float32Array and the typed arrays of whole numbers: each number is one in double precision too.
        return Ok(Named { name, values: Float64Array::new(value).to_vec() });
    }
    Err(error(&format!("{name} is {}; expected an array of numbers or a typed array", kind(value))))
}

/// Views of memory whose entries are not of JavaScript's type number.
fn has_no_numbers(value: &JsValue) -> bool {
    value.is_instance_of::<DataView>()
        || value.is_instance_of::<BigInt64Array>()
        || value.is_instance_of::<BigUint64Array>()
}

/// A value in a sentence: a number as it is, of everything else what it is.
fn kind(value: &JsValue) -> String {
    if let Some(x) = value.as_f64() {
        return match x {
            x if x.is_nan() => "not a number (NaN)".to_owned(),
            x if x.is_infinite() => "infinite".to_owned(),
            x => x.to_string(),
        };
    }
    let what = match value.as_string() {
        Some(text) => return format!("the text “{}”", text.chars().take(40).collect::<String>()),
        None if value.as_bool() == Some(true) => "true",
        None if value.as_bool() == Some(false) => "false",
        None if value.is_undefined() => "undefined",
        None if value.is_null() => "null",
        None if Array::is_array(value) => "an array",
        None if has_no_numbers(value) => "a view of something else than numbers",
        None if ArrayBuffer::is_view(value) => "a typed array",
        None if value.is_function() => "a function",
        None if value.is_object() => "an object",
        None => "of another type",
    };
    what.to_owned()
}
