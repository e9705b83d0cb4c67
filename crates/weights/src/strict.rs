//! JSON in which no object has the same name twice: of two tensors of one name nobody knows which was meant.
use crate::words::shortened;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

struct Strict(Value);

struct Reader;

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = Strict;

    fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Strict, E> {
        Ok(Strict(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Strict, E> {
        Ok(Strict(Value::Bool(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Strict, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(value)) = from.next_element()? {
            list.push(value);
        }
        Ok(Strict(Value::Array(list)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Strict, A::Error> {
        let mut object = Map::new();
        while let Some(name) = from.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!("“{}” stands in it twice,", shortened(&name))));
            }
            let Strict(value) = from.next_value()?;
            object.insert(name, value);
        }
        Ok(Strict(Value::Object(object)))
    }
}

/// The value that the text is.
///
/// # Errors
/// One sentence if it is not JSON, or has a name twice.
pub fn parse(text: &[u8]) -> Result<Value, String> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    serde_json::from_slice::<Strict>(text).map(|Strict(value)| value).map_err(|error| {
        if error.is_data() {
            return error.to_string();
        }
        match not_finite(text, error.line(), error.column()) {
            true => format!(
                "line {} has NaN or Infinity, which JSON does not have: every number of a network must be finite",
                error.line()
            ),
            false => format!("it is not JSON: {error}"),
        }
    })
}

/// Whether the trouble at that place is a number that Python writes and JSON does not have.
fn not_finite(text: &[u8], line: usize, column: usize) -> bool {
    let Some(line) = text.split(|byte| *byte == b'\n').nth(line.saturating_sub(1)) else { return false };
    let at = column.saturating_sub(1).min(line.len());
    let near = &line[at.saturating_sub(3)..(at + 8).min(line.len())];
    [&b"NaN"[..], b"Infinity"].iter().any(|word| near.windows(word.len()).any(|part| part == *word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_stands_twice_is_refused_at_any_depth() {
        let sentence = parse(br#"{"a": {"w": 1, "b": 2, "w": 3}}"#).unwrap_err();
        assert_eq!(sentence, "“w” stands in it twice, at line 1 column 26");
        assert!(parse(br#"{"a": {"w": 1}, "b": {"w": 1}}"#).is_ok());
    }

    #[test]
    fn what_python_writes_for_numbers_that_are_not_finite_is_named() {
        for text in ["{\"w\": [1.0,\n 2.0, NaN]}", "{\"w\": [1.0,\n Infinity]}", "{\"w\": [1.0,\n -Infinity]}"] {
            let sentence = parse(text.as_bytes()).unwrap_err();
            assert!(sentence.starts_with("line 2 has NaN or Infinity"), "{sentence}");
        }
        assert!(parse(b"{\"w\": [1.0, nothing]}").unwrap_err().starts_with("it is not JSON"), "another word");
    }

    #[test]
    fn all_kinds_of_values_arrive() {
        let text = r#"{"a": [null, true, -1, 1, 0.1, "x", {}], "b": 12345678901234567890}"#;
        assert_eq!(parse(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }
}
