//! Values of parameters, and the sets that they are from.

/// One option of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What stands in the address: kebab-case.
    pub slug: &'static str,
    /// What stands in the menu.
    pub label: &'static str,
}

/// The values that a parameter may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Domain {
    /// A real number in `min..=max`; `step` is the slider's, typed values may be finer; `log`: the slider is logarithmic.
    Real {
        /// Smallest allowed value.
        min: f64,
        /// Largest allowed value.
        max: f64,
        /// Step of the slider (in decades when `log`).
        step: f64,
        /// Whether the slider moves in decades.
        log: bool,
    },
    /// A whole number in `min..=max`; above `fine_until` the slider moves in steps of about 4 %.
    Int {
        /// Smallest allowed value.
        min: i64,
        /// Largest allowed value.
        max: i64,
        /// Up to here the slider takes every value; at least `max` for an even slider.
        fine_until: i64,
    },
    /// Yes or no.
    Flag,
    /// One of a few words.
    Choice(&'static [Choice]),
}

/// A value of any domain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A finite real number.
    Real(f64),
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Flag(bool),
    /// The slug of a [`Choice`].
    Choice(&'static str),
}

impl Domain {
    /// The whole numbers that a slider stops at, ascending, where they are not all of them; `None` for an even slider.
    pub fn slider_stops(&self) -> Option<Vec<i64>> {
        let Domain::Int { min, max, fine_until } = *self else { return None };
        if fine_until >= max {
            return None;
        }
        let mut stops: Vec<i64> = (min..=fine_until).collect();
        let mut next = fine_until as f64;
        while (next as i64) < max {
            next = (next * 1.04).ceil();
            stops.push((next as i64).min(max));
        }
        Some(stops)
    }
}

impl Value {
    /// The text that stands for this value in an address; [`ParamSpec::parse`] reads it back exactly.
    pub fn text(&self) -> String {
        match self {
            // Not 300 zeros after the point.
            Value::Real(x) if *x != 0.0 && x.abs() < 1e-6 => format!("{x:e}"),
            Value::Real(x) => x.to_string(),
            Value::Int(x) => x.to_string(),
            Value::Flag(x) => if *x { "1" } else { "0" }.to_owned(),
            Value::Choice(slug) => (*slug).to_owned(),
        }
    }

    /// The value as a real number, for sliders and axes: flags are 0 and 1, choices have none.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Real(x) => Some(*x),
            Value::Int(x) => Some(*x as f64),
            Value::Flag(x) => Some(f64::from(u8::from(*x))),
            Value::Choice(_) => None,
        }
    }
}

/// Rust types that parameters may have.
pub trait FromValue: Sized {
    /// The value as this type; `None` when the parameter was declared with another type.
    fn from_value(value: Value) -> Option<Self>;
}

impl FromValue for f64 {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Real(x) = value { Some(x) } else { None }
    }
}

impl FromValue for usize {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Int(x) = value { usize::try_from(x).ok() } else { None }
    }
}

impl FromValue for u64 {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Int(x) = value { u64::try_from(x).ok() } else { None }
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Flag(x) = value { Some(x) } else { None }
    }
}

impl FromValue for &'static str {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Choice(slug) = value { Some(slug) } else { None }
    }
}
