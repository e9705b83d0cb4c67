//! The values that a person chose, by key.
//!
//! What reads and writes them, with a parameter's domain and default, is in the file `settings`; a parameter itself needs
//! the type to say when it has an effect.
use super::value::Value;
use std::collections::BTreeMap;

/// Chosen values by key. What is not in it has its default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    pub(super) chosen: BTreeMap<&'static str, Value>,
}
