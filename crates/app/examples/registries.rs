//! The figures and the parameters as JSON, for packages in other languages: `cargo xtask python` puts it into its package.
#![allow(clippy::print_stdout, reason = "this is what it is for")]

use serde_json::{Value as Json, json};
use vanishing_app::{page_figures, schema};
use vanishing_core::param::{Domain, ParamSpec, Value};

fn main() {
    let figures: Vec<Json> = page_figures::ALL
        .iter()
        .map(|figure| json!({ "slug": figure.spec.slug, "title": figure.spec.title, "controls": figure.controls }))
        .collect();
    let parameters: Vec<Json> = schema::all().iter().map(|spec| parameter(spec)).collect();
    println!("{:#}", json!({ "figures": figures, "parameters": parameters }));
}

fn parameter(spec: &ParamSpec) -> Json {
    let (kind, low, high, choices) = match spec.domain {
        Domain::Real { min, max, .. } => ("real", json!(min), json!(max), Vec::new()),
        Domain::Int { min, max, .. } => ("int", json!(min), json!(max), Vec::new()),
        Domain::Flag => ("flag", Json::Null, Json::Null, Vec::new()),
        Domain::Choice(choices) => {
            ("choice", Json::Null, Json::Null, choices.iter().map(|choice| choice.slug).collect())
        }
    };
    let default = match spec.default {
        Value::Real(x) => json!(x),
        Value::Int(x) => json!(x),
        Value::Flag(on) => json!(on),
        Value::Choice(slug) => json!(slug),
    };
    json!({
        "key": spec.key, "aliases": spec.aliases, "label": spec.label, "symbol": spec.symbol, "help": spec.help,
        "kind": kind, "min": low, "max": high, "choices": choices, "default": default,
    })
}
