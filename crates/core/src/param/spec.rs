//! What a parameter is: key, texts, domain, default.
use super::Notice;
use super::notice::quoted;
use std::marker::PhantomData;

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
    /// The whole numbers that a slider stops at, where they are not all of them; `None` for an even slider.
    pub fn rungs(&self) -> Option<Vec<i64>> {
        let Domain::Int { min, max, fine_until } = *self else { return None };
        if fine_until >= max {
            return None;
        }
        let mut rungs: Vec<i64> = (min..=fine_until).collect();
        let mut next = fine_until as f64;
        while (next as i64) < max {
            next = (next * 1.04).ceil();
            rungs.push((next as i64).min(max));
        }
        Some(rungs)
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

/// Everything about a parameter except its Rust type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParamSpec {
    /// The name in the address, in `data-param` and, with `--`, on the command line: kebab-case.
    pub key: &'static str,
    /// Former names: old links never die.
    pub aliases: &'static [&'static str],
    /// What stands beside the control.
    pub label: &'static str,
    /// The symbol in formulas, or an empty string.
    pub symbol: &'static str,
    /// The unit, or an empty string.
    pub unit: &'static str,
    /// What it changes, in a sentence or two.
    pub help: &'static str,
    /// The key on the keyboard that moves to it, if any.
    pub hotkey: Option<char>,
    /// The allowed values.
    pub domain: Domain,
    /// The value when nothing is chosen; inside the domain.
    pub default: Value,
}

impl ParamSpec {
    /// What is allowed, as a phrase: `a number from -1.5 to 1.5`.
    pub fn allowed(&self) -> String {
        match self.domain {
            Domain::Real { min, max, .. } => format!("a number from {min} to {max}"),
            Domain::Int { min, max, .. } => format!("a whole number from {min} to {max}"),
            Domain::Flag => "1 or 0".to_owned(),
            Domain::Choice(choices) => {
                let slugs: Vec<&str> = choices.iter().map(|choice| choice.slug).collect();
                match slugs.split_last() {
                    Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
                    _ => slugs.concat(),
                }
            }
        }
    }

    /// Whether `value` is of this parameter's domain.
    pub fn allows(&self, value: Value) -> bool {
        match (self.domain, value) {
            (Domain::Real { min, max, .. }, Value::Real(x)) => (min..=max).contains(&x),
            (Domain::Int { min, max, .. }, Value::Int(x)) => (min..=max).contains(&x),
            (Domain::Flag, Value::Flag(_)) => true,
            (Domain::Choice(choices), Value::Choice(slug)) => choices.iter().any(|choice| choice.slug == slug),
            _ => false,
        }
    }

    /// Reads a person's text. A number outside the range becomes the nearest allowed one, with a notice; anything else
    /// that is not of the domain gives no value, and a notice.
    pub fn parse(&self, text: &str) -> (Option<Value>, Option<Notice>) {
        let trimmed = text.trim();
        match self.domain {
            Domain::Real { min, max, .. } => match trimmed.parse::<f64>() {
                Ok(x) if !x.is_nan() => self.nearest(text, x, x.clamp(min, max), Value::Real),
                _ => (None, Some(self.refusal(text))),
            },
            Domain::Int { min, max, .. } => match trimmed.parse::<f64>() {
                // As a float first, so that "12.0" and "1e2" are read, and 1e99 is clamped and not refused.
                Ok(x) if !x.is_nan() => {
                    let rounded = x.round().clamp(min as f64, max as f64);
                    self.nearest(text, x, rounded, |whole| Value::Int(whole as i64))
                }
                _ => (None, Some(self.refusal(text))),
            },
            Domain::Flag => match trimmed {
                "1" | "true" | "on" | "yes" => (Some(Value::Flag(true)), None),
                "0" | "false" | "off" | "no" => (Some(Value::Flag(false)), None),
                _ => (None, Some(self.refusal(text))),
            },
            Domain::Choice(choices) => match choices.iter().find(|choice| choice.slug.eq_ignore_ascii_case(trimmed)) {
                Some(choice) => (Some(Value::Choice(choice.slug)), None),
                None => (None, Some(self.refusal(text))),
            },
        }
    }

    fn nearest(
        &self,
        text: &str,
        typed: f64,
        taken: f64,
        make: impl Fn(f64) -> Value,
    ) -> (Option<Value>, Option<Notice>) {
        // `+ 0.0` turns -0 into 0: one value, one address.
        let value = make(taken + 0.0);
        let notice = (typed != taken).then(|| {
            let sentence =
                format!("{}: {} is not {}; {} is used instead.", self.key, quoted(text), self.allowed(), value.text());
            Notice::new(self.key, sentence)
        });
        (Some(value), notice)
    }

    fn refusal(&self, text: &str) -> Notice {
        Notice::new(
            self.key,
            format!("{}: {} is not {}; it was left as it is.", self.key, quoted(text), self.allowed()),
        )
    }
}

/// A parameter whose values are of the Rust type `T`: the typed door to [`super::Settings::get`].
#[derive(Clone, Copy, Debug)]
pub struct Param<T> {
    /// Everything about it.
    pub spec: ParamSpec,
    kind: PhantomData<fn() -> T>,
}

impl<T> Param<T> {
    const fn with(key: &'static str, label: &'static str, domain: Domain, default: Value) -> Self {
        let spec =
            ParamSpec { key, aliases: &[], label, symbol: "", unit: "", help: "", hotkey: None, domain, default };
        Self { spec, kind: PhantomData }
    }

    /// Sets the former names.
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.spec.aliases = aliases;
        self
    }

    /// Sets the symbol used in formulas.
    pub const fn symbol(mut self, symbol: &'static str) -> Self {
        self.spec.symbol = symbol;
        self
    }

    /// Sets the unit.
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.spec.unit = unit;
        self
    }

    /// Sets what it changes, in a sentence or two.
    pub const fn help(mut self, help: &'static str) -> Self {
        self.spec.help = help;
        self
    }

    /// Sets the keyboard key.
    pub const fn hotkey(mut self, hotkey: char) -> Self {
        self.spec.hotkey = Some(hotkey);
        self
    }
}

impl Param<f64> {
    /// A real number with a linear slider.
    pub const fn real(key: &'static str, label: &'static str, default: f64, min: f64, max: f64, step: f64) -> Self {
        Self::with(key, label, Domain::Real { min, max, step, log: false }, Value::Real(default))
    }

    /// A positive real number with a logarithmic slider; `step` in decades.
    pub const fn log(key: &'static str, label: &'static str, default: f64, min: f64, max: f64, step: f64) -> Self {
        Self::with(key, label, Domain::Real { min, max, step, log: true }, Value::Real(default))
    }
}

impl Param<usize> {
    /// A whole number that counts something.
    pub const fn count(key: &'static str, label: &'static str, default: usize, min: usize, max: usize) -> Self {
        let (min, max) = (min as i64, max as i64);
        Self::with(key, label, Domain::Int { min, max, fine_until: max }, Value::Int(default as i64))
    }

    /// The same with a slider that moves in larger and larger steps above `fine_until`.
    pub const fn fine_until(mut self, fine_until: usize) -> Self {
        if let Domain::Int { min, max, .. } = self.spec.domain {
            self.spec.domain = Domain::Int { min, max, fine_until: fine_until as i64 };
        }
        self
    }
}

impl Param<u64> {
    /// A seed: `0 ..= 4294967295`, so that it is exact in every language that reads it.
    pub const fn seed(key: &'static str, label: &'static str, default: u64) -> Self {
        let max = u32::MAX as i64;
        Self::with(key, label, Domain::Int { min: 0, max, fine_until: max }, Value::Int(default as i64))
    }
}

impl Param<bool> {
    /// Yes or no.
    pub const fn flag(key: &'static str, label: &'static str, default: bool) -> Self {
        Self::with(key, label, Domain::Flag, Value::Flag(default))
    }
}

impl Param<&'static str> {
    /// One of a few words; the default is one of their slugs.
    pub const fn choice(key: &'static str, label: &'static str, default: &'static str, of: &'static [Choice]) -> Self {
        Self::with(key, label, Domain::Choice(of), Value::Choice(default))
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

/// A list in which several entries may share a parameter, without the repetitions; called for the list anew for each.
pub fn each_once<L: Iterator<Item = &'static ParamSpec>>(
    list: impl Fn() -> L,
) -> impl Iterator<Item = &'static ParamSpec> {
    list()
        .enumerate()
        .filter(move |(i, param)| list().take(*i).all(|other| other.key != param.key))
        .map(|(_, param)| param)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAIN: Param<f64> = Param::real("gain", "gain", 1.0, 0.0, 2.0, 0.1);
    const STEPS: Param<usize> = Param::count("steps", "steps", 3, 1, 9);

    #[test]
    fn a_number_outside_the_range_becomes_the_nearest_and_says_so() {
        let (value, notice) = GAIN.spec.parse("99");
        assert_eq!(value, Some(Value::Real(2.0)));
        assert_eq!(notice.unwrap().text, "gain: “99” is not a number from 0 to 2; 2 is used instead.");
        assert_eq!(GAIN.spec.parse("inf").0, Some(Value::Real(2.0)));
        assert_eq!(STEPS.spec.parse("1e99").0, Some(Value::Int(9)));
    }

    #[test]
    fn what_is_no_number_is_refused_by_name() {
        for text in ["abc", "", "NaN", "1,5", "<b>"] {
            let (value, notice) = GAIN.spec.parse(text);
            assert_eq!(value, None, "{text}");
            assert!(notice.unwrap().text.contains("a number from 0 to 2"));
        }
    }

    #[test]
    fn minus_zero_is_zero() {
        assert_eq!(GAIN.spec.parse("-0").0.unwrap().text(), "0");
    }

    #[test]
    fn every_text_reads_back_to_the_same_bits() {
        for x in [0.1, 1.0 / 3.0, 1e-7, 5e-324, 1.9999999999999998] {
            assert!(Value::Real(x).text().len() < 25);
            assert_eq!(GAIN.spec.parse(&Value::Real(x).text()).0, Some(Value::Real(x)));
        }
    }
}
