//! Reading with names and shapes, so that a mistake is one clear sentence; writing numbers that JSON does not have.
use crate::words::shortened;
use serde_json::{Map, Value, json};

/// A JSON value and where it stands.
pub struct Node<'a> {
    path: String,
    value: &'a Value,
}

/// `[2][3]` for the places in nested lists.
impl<'a> Node<'a> {
    /// The value called `path`.
    pub fn new(path: &str, value: &'a Value) -> Self {
        Self { path: path.to_owned(), value }
    }

    fn wrong(&self, what: &str) -> String {
        let mut shown = self.value.to_string();
        if shown.len() > 40 {
            shown = shown.chars().take(40).chain("…".chars()).collect();
        }
        format!("{}: {shown} is not {what}", self.path)
    }

    /// A sentence about this value.
    pub fn refusal(&self, what: &str) -> String {
        format!("{}: {what}", self.path)
    }

    /// A field of an object; named alone, for its name says enough.
    pub fn field(&self, name: &str) -> Result<Node<'a>, String> {
        self.optional(name).ok_or_else(|| format!("{}: “{name}” is missing", self.path))
    }

    /// A field of an object, unless it is missing or null.
    pub fn optional(&self, name: &str) -> Option<Node<'a>> {
        self.value.get(name).filter(|value| !value.is_null()).map(|value| Node::new(name, value))
    }

    /// The members of an object, each with its name; their paths begin with that of the object.
    pub fn members(&self) -> Result<Vec<(&'a str, Node<'a>)>, String> {
        let object = self.value.as_object().ok_or_else(|| self.wrong("an object"))?;
        let member = |(name, value): (&'a String, &'a Value)| {
            (name.as_str(), Node::new(&format!("{}.{}", self.path, shortened(name)), value))
        };
        Ok(object.iter().map(member).collect())
    }

    /// The shape of a nested list, from the first entries of its lists; a number has none.
    pub fn shape(&self) -> Vec<usize> {
        let (mut shape, mut value) = (Vec::new(), self.value);
        while let Value::Array(list) = value {
            shape.push(list.len());
            value = list.first().unwrap_or(&Value::Null);
        }
        shape
    }

    /// Refuses what is not of these names, unless it is switched off: null, false or 0.
    pub fn only(&self, names: &[&str], of: &str) -> Result<(), String> {
        let off = |node: &Node| node.value.is_null() || node.value == false || node.value.as_f64() == Some(0.0);
        match self.members()?.iter().find(|(name, node)| !names.contains(name) && !off(node)) {
            Some((name, _)) => Err(format!("{}: “{name}” is not known to {of}", self.path)),
            None => Ok(()),
        }
    }

    /// Yes or no; no if it is missing.
    pub fn flag(&self, name: &str) -> Result<bool, String> {
        let Some(node) = self.optional(name) else { return Ok(false) };
        node.value.as_bool().ok_or_else(|| node.wrong("true or false"))
    }

    /// A number from 0 on, or the usual one if it is missing.
    pub fn amount(&self, name: &str, usual: f64) -> Result<f64, String> {
        match self.optional(name) {
            Some(node) => node.not_negative(),
            None => Ok(usual),
        }
    }

    /// A number from 0 on; it may be infinite.
    pub fn not_negative(&self) -> Result<f64, String> {
        let x = self.number()?;
        if x >= 0.0 { Ok(x) } else { Err(self.wrong("a number from 0 on")) }
    }

    /// A number from 0 on that is below 1.
    pub fn share(&self) -> Result<f64, String> {
        let x = self.number()?;
        if (0.0..1.0).contains(&x) { Ok(x) } else { Err(self.wrong("a number from 0 on and below 1")) }
    }

    /// A JSON string, borrowed from the file.
    pub fn text(&self) -> Result<&'a str, String> {
        self.value.as_str().ok_or_else(|| self.wrong("a text"))
    }

    /// A number; infinities and NaN are the texts "inf", "-inf", "nan".
    pub fn number(&self) -> Result<f64, String> {
        match self.value {
            Value::String(text) => match text.as_str() {
                "inf" => Ok(f64::INFINITY),
                "-inf" => Ok(f64::NEG_INFINITY),
                "nan" => Ok(f64::NAN),
                _ => Err(self.wrong("a number")),
            },
            value => value.as_f64().ok_or_else(|| self.wrong("a number")),
        }
    }

    /// A whole number from 0 on.
    pub fn count(&self) -> Result<u64, String> {
        self.value.as_u64().ok_or_else(|| self.wrong("a whole number from 0 on"))
    }

    /// A whole number from 1 on that a machine can hold in memory.
    pub fn size(&self) -> Result<usize, String> {
        match self.count()? {
            count @ 1..=1_000_000 => Ok(count as usize),
            _ => Err(self.wrong("a whole number from 1 to 1000000")),
        }
    }

    /// The entries of a list.
    pub fn list(&self) -> Result<Vec<Node<'a>>, String> {
        let list = self.value.as_array().ok_or_else(|| self.wrong("a list"))?;
        Ok(list.iter().enumerate().map(|(i, value)| Node::new(&format!("{}[{i}]", self.path), value)).collect())
    }

    /// The entries of a list of a given length.
    pub fn list_of(&self, length: usize) -> Result<Vec<Node<'a>>, String> {
        let list = self.list()?;
        if list.len() == length {
            Ok(list)
        } else {
            Err(format!("{} has {} entries; expected {length}", self.path, list.len()))
        }
    }

    /// A nested list of the given shape, flattened row by row.
    pub fn array(&self, shape: &[usize]) -> Result<Vec<f64>, String> {
        let Some((length, rest)) = shape.split_first() else { return Ok(vec![self.number()?]) };
        let mut values = Vec::new();
        for entry in self.list_of(*length)? {
            values.extend(entry.array(rest)?);
        }
        Ok(values)
    }

    /// The same, refusing infinities and NaN: they cannot be weights.
    pub fn finite_array(&self, shape: &[usize]) -> Result<Vec<f64>, String> {
        let values = self.array(shape)?;
        match values.iter().position(|x| !x.is_finite()) {
            Some(index) => {
                Err(format!("{}: entry {index} is {}; every entry must be finite", self.path, values[index]))
            }
            None => Ok(values),
        }
    }
}

/// A number as JSON; infinities and NaN as texts.
pub fn number(x: f64) -> Value {
    if x.is_nan() {
        json!("nan")
    } else if x.is_infinite() {
        json!(if x > 0.0 { "inf" } else { "-inf" })
    } else {
        json!(x)
    }
}

/// A list of numbers.
pub fn numbers(values: impl IntoIterator<Item = f64>) -> Value {
    Value::Array(values.into_iter().map(number).collect())
}

/// Numbers row by row as a nested list of the given shape.
pub fn nested(values: &[f64], shape: &[usize]) -> Value {
    match shape.split_first() {
        None => values.first().map_or(Value::Null, |x| number(*x)),
        Some((length, rest)) => {
            let stride: usize = rest.iter().product();
            Value::Array((0..*length).map(|i| nested(&values[i * stride..(i + 1) * stride], rest)).collect())
        }
    }
}

/// An object from pairs.
pub fn object(pairs: impl IntoIterator<Item = (String, Value)>) -> Value {
    Value::Object(pairs.into_iter().collect::<Map<_, _>>())
}
