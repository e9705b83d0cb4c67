//! What a parameter is: key, texts, domain, default, and when it has an effect.
use super::notice::{Notice, quoted};
use super::store::Settings;
use super::value::{Choice, Domain, Value};
use std::marker::PhantomData;

/// Everything about a parameter except its Rust type. Two are equal if all but `applies` is.
#[derive(Clone, Copy, Debug)]
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
    /// Whether it has an effect under these settings; its control is hidden where it has none. That the parameters of a
    /// remedy, an optimiser or a schedule need it to be chosen is not said here: it follows from the registry that lists them.
    pub applies: fn(&Settings) -> bool,
}

// Functions have no identity to compare: equal code may have two addresses, and different code one.
impl PartialEq for ParamSpec {
    fn eq(&self, other: &Self) -> bool {
        let texts = |spec: &Self| [spec.key, spec.label, spec.symbol, spec.unit, spec.help];
        let rest = |spec: &Self| (spec.aliases, spec.hotkey, spec.domain, spec.default);
        texts(self) == texts(other) && rest(self) == rest(other)
    }
}

impl ParamSpec {
    /// Whether it has an effect under these settings, as far as the parameter itself knows.
    pub fn applies(&self, settings: &Settings) -> bool {
        (self.applies)(settings)
    }

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
            Domain::Real { min, max, .. } => match plain(trimmed).parse::<f64>() {
                Ok(x) if !x.is_nan() => self.nearest(text, x, x.clamp(min, max), Value::Real),
                _ => (None, Some(self.refusal(text))),
            },
            Domain::Int { min, max, .. } => match plain(trimmed).parse::<f64>() {
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
        let notice = (typed != taken)
            .then(|| Notice::refused(self.key, self.wrong(text), &format!("{} is used instead", value.text())));
        (Some(value), notice)
    }

    /// What is wrong with a text, and what is allowed.
    fn wrong(&self, text: &str) -> String {
        format!("{}: {} is not {}", self.key, quoted(text), self.allowed())
    }

    fn refusal(&self, text: &str) -> Notice {
        Notice::refused(self.key, self.wrong(text), "it was left as it is")
    }
}

/// A parameter whose values are of the Rust type `T`: its value is read with [`Settings::get`].
#[derive(Clone, Copy, Debug)]
pub struct Param<T> {
    /// Everything about it.
    pub spec: ParamSpec,
    kind: PhantomData<fn() -> T>,
}

impl<T> Param<T> {
    const fn with(key: &'static str, label: &'static str, domain: Domain, default: Value) -> Self {
        let spec = ParamSpec {
            key,
            aliases: &[],
            label,
            symbol: "",
            unit: "",
            help: "",
            hotkey: None,
            domain,
            default,
            applies: |_| true,
        };
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

    /// Sets the unit that stands behind the value.
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

    /// Sets when it has an effect.
    pub const fn applies(mut self, applies: fn(&Settings) -> bool) -> Self {
        self.spec.applies = applies;
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
    /// A parameter that is on or off.
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

/// A list in which several entries may share a parameter, without the repetitions; called for the list anew for each.
pub fn each_once<L: Iterator<Item = &'static ParamSpec>>(
    list: impl Fn() -> L,
) -> impl Iterator<Item = &'static ParamSpec> {
    list()
        .enumerate()
        .filter(move |(i, param)| list().take(*i).all(|other| other.key != param.key))
        .map(|(_, param)| param)
}

/// Whether a parameter is of nothing that could be chosen, or of something that is: `entries` are the entries of a registry,
/// each as whether it is chosen, and the parameters that it lists.
pub fn is_of_chosen<'a>(spec: &ParamSpec, entries: impl IntoIterator<Item = (bool, &'a [&'static ParamSpec])>) -> bool {
    let mut owners =
        entries.into_iter().filter(|(_, params)| params.iter().any(|param| param.key == spec.key)).peekable();
    owners.peek().is_none() || owners.any(|(chosen, _)| chosen)
}

/// A number as programs read it, from one as people write it: a decimal comma, and the minus sign U+2212.
fn plain(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains([',', '\u{2212}']) {
        return text.into();
    }
    let text = text.replace('\u{2212}', "-");
    // Two commas, or a comma beside a point, are thousands to some and nothing to others.
    if text.matches(',').count() == 1 && !text.contains('.') { text.replace(',', ".").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAIN: Param<f64> = Param::real("gain", "gain", 1.0, 0.0, 2.0, 0.1);
    static STEPS: Param<usize> = Param::count("steps", "steps", 3, 1, 9);

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
        for text in ["abc", "", "NaN", "1,5,0", "<b>"] {
            let (value, notice) = GAIN.spec.parse(text);
            assert_eq!(value, None, "{text}");
            assert!(notice.unwrap().text.contains("a number from 0 to 2"));
        }
    }

    #[test]
    fn a_parameter_applies_always_unless_it_says_when() {
        static OTHER: Param<f64> =
            Param::real("gain", "gain", 1.0, 0.0, 2.0, 0.1).applies(|chosen| chosen.get(&STEPS) > 4);
        let (settings, _) = Settings::from_pairs(&[&STEPS.spec], [("steps", "5")]);
        assert!(GAIN.spec.applies(&Settings::default()) && GAIN.spec == OTHER.spec);
        assert!(!OTHER.spec.applies(&Settings::default()) && OTHER.spec.applies(&settings));
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
