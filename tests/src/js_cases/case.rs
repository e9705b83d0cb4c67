//! A call and what is expected of it, as JSON.
use serde_json::{Value, json};

/// A call of one function of the package.
pub struct Case {
    /// What is asked, for the report.
    pub sentence: String,
    /// The function’s name in JavaScript.
    pub call: &'static str,
    /// The one object that it is given.
    pub options: Value,
    /// {result} or {error}.
    pub expected: Value,
}

/// The calls as the scripts read them.
pub fn to_text(cases: &[Case]) -> String {
    Value::from_iter(cases.iter().map(|case| json!({ "call": case.call, "options": case.options }))).to_string()
}

/// The sentences of all cases that were not answered as expected, with what was answered.
///
/// # Errors
/// When the answers are not JSON, or not as many as the cases.
pub fn differences(cases: &[Case], answers: &str) -> Result<Vec<String>, String> {
    let answers: Vec<Value> = serde_json::from_str(answers).map_err(|error| format!("no JSON: {error}"))?;
    if answers.len() != cases.len() {
        return Err(format!("{} cases, {} answers", cases.len(), answers.len()));
    }
    let pairs = cases.iter().zip(&answers);
    Ok(pairs
        .filter_map(|(case, answer)| Some(format!("{}: {}", case.sentence, difference(&case.expected, answer)?)))
        .collect())
}

/// Where two values differ first, if they do; numbers must agree in every bit.
pub(super) fn difference(expected: &Value, found: &Value) -> Option<String> {
    let within = |key: &str, rest: String| Some(format!("{key}: {rest}"));
    match (expected, found) {
        (Value::Number(a), Value::Number(b)) if a.as_f64().map(f64::to_bits) == b.as_f64().map(f64::to_bits) => None,
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut entries = a.iter().zip(b).enumerate();
            entries.find_map(|(i, (a, b))| within(&i.to_string(), difference(a, b)?))
        }
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => a.iter().find_map(|(key, a)| match b.get(key) {
            Some(b) => within(key, difference(a, b)?),
            None => within(key, "missing".to_owned()),
        }),
        (a, b) if a == b => None,
        (a, b) => Some(format!("expected {a}, found {b}")),
    }
}

/// A number as the scripts write it.
pub(super) fn number(x: f64) -> Value {
    if x.is_nan() {
        json!("NaN")
    } else if x.is_infinite() {
        json!(if x > 0.0 { "Infinity" } else { "-Infinity" })
    } else if x == 0.0 && x.is_sign_negative() {
        json!("-0")
    } else {
        json!(x)
    }
}

pub(super) fn list(values: impl IntoIterator<Item = f64>) -> Value {
    values.into_iter().map(number).collect()
}

pub(super) fn array(values: impl IntoIterator<Item = f64>) -> Value {
    json!({ "Float64Array": list(values) })
}

/// Numbers with signs and logarithms.
pub(super) fn signed(values: &[(f64, f64)]) -> Value {
    let sign = |(sign, log10): &(f64, f64)| if *log10 == f64::NEG_INFINITY { 0.0 } else { *sign };
    json!({
        "sign": { "Int8Array": list(values.iter().map(sign)) },
        "log10Abs": array(values.iter().map(|(_, log10)| *log10)),
    })
}

pub(super) fn result(sentence: String, call: &'static str, options: Value, result: Value) -> Case {
    Case { sentence, call, options, expected: json!({ "result": result }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_bit_and_a_last_word_make_a_difference() {
        assert_eq!(difference(&json!({ "a": [1, 0.1] }), &json!({ "a": [1.0, 0.1] })), None);
        let next = f64::from_bits(0.1f64.to_bits() + 1);
        let told = difference(&json!({ "a": [1, 0.1] }), &json!({ "a": [1, next] }));
        assert_eq!(told.as_deref(), Some("a: 1: expected 0.1, found 0.10000000000000002"));
        assert!(difference(&json!("a"), &json!("b")).is_some() && difference(&json!([1]), &json!([])).is_some());
    }
}
