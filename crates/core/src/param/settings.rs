//! What a person chose: only the differences from the defaults, valid by construction.
use super::notice::{IGNORED, Notice, quoted};
use super::spec::{Param, ParamSpec};
use super::store::Settings;
use super::value::{FromValue, Value};

impl Settings {
    /// Reads key and value pairs (of an address, of command line flags). It never fails: what cannot be taken is said
    /// in the notices, and the rest is taken.
    pub fn from_pairs<'a>(
        schema: &[&'static ParamSpec],
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> (Self, Vec<Notice>) {
        let mut settings = Self::default();
        let mut notices = Vec::new();
        for (key, text) in pairs {
            notices.extend(settings.take(schema, key, text));
        }
        (settings, notices)
    }

    /// Reads one pair; the notice says what could not be taken.
    pub fn take(&mut self, schema: &[&'static ParamSpec], key: &str, text: &str) -> Option<Notice> {
        match find(schema, key) {
            Some(spec) => self.set_text(spec, text),
            None => Some(Notice::refused(key, format!("{} is not a parameter here", quoted(key)), IGNORED)),
        }
    }

    /// Only what was chosen of these parameters.
    pub fn only(&self, specs: impl IntoIterator<Item = &'static ParamSpec>) -> Self {
        let mut only = Self::default();
        for spec in specs {
            if let Some(value) = self.chosen.get(spec.key) {
                only.chosen.insert(spec.key, *value);
            }
        }
        only
    }

    /// The value of a parameter: the chosen one, or its default.
    ///
    /// # Panics
    /// Never for a [`Param`] made by its constructors, whose default is of its own type.
    pub fn get<T: FromValue + Default>(&self, param: &Param<T>) -> T {
        T::from_value(self.value(&param.spec)).unwrap_or_default()
    }

    /// The value of a parameter of any type.
    pub fn value(&self, spec: &ParamSpec) -> Value {
        self.chosen.get(spec.key).copied().unwrap_or(spec.default)
    }

    /// Whether the value differs from the default.
    pub fn is_chosen(&self, spec: &ParamSpec) -> bool {
        self.chosen.contains_key(spec.key)
    }

    /// Chooses a value. One outside the domain changes nothing and gives a notice.
    pub fn set(&mut self, spec: &'static ParamSpec, value: Value) -> Option<Notice> {
        if spec.allows(value) {
            self.put(spec, value);
            None
        } else {
            spec.parse(&value.text()).1
        }
    }

    /// Chooses what a person typed: see [`ParamSpec::parse`].
    pub fn set_text(&mut self, spec: &'static ParamSpec, text: &str) -> Option<Notice> {
        match spec.parse(text) {
            (Some(value), notice) => {
                self.put(spec, value);
                notice
            }
            (None, notice) => notice.map(|notice| {
                let kept = self.value(spec).text();
                Notice::refused(&notice.key, notice.refusal, &format!("{kept} is kept"))
            }),
        }
    }

    /// Goes back to the default.
    pub fn clear(&mut self, spec: &ParamSpec) {
        self.chosen.remove(spec.key);
    }

    /// The chosen pairs in the order of the schema, as they stand in an address.
    pub fn pairs<'a>(&'a self, schema: &'a [&'static ParamSpec]) -> impl Iterator<Item = (&'static str, String)> + 'a {
        schema.iter().filter_map(|spec| self.chosen.get(spec.key).map(|value| (spec.key, value.text())))
    }

    fn put(&mut self, spec: &'static ParamSpec, value: Value) {
        if value == spec.default {
            self.chosen.remove(spec.key);
        } else {
            self.chosen.insert(spec.key, value);
        }
    }
}

/// The parameter of that key, or of that former name.
fn find(schema: &[&'static ParamSpec], key: &str) -> Option<&'static ParamSpec> {
    let by_key = schema.iter().find(|spec| spec.key == key);
    by_key.or_else(|| schema.iter().find(|spec| spec.aliases.contains(&key))).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    static GAIN: Param<f64> = Param::real("gain", "gain", 1.0, 0.0, 2.0, 0.1).aliases(&["g"]);
    static STEPS: Param<usize> = Param::count("steps", "steps", 3, 1, 9);

    fn schema() -> Vec<&'static ParamSpec> {
        vec![&GAIN.spec, &STEPS.spec]
    }

    #[test]
    fn only_differences_from_the_default_are_kept() {
        let (settings, notices) = Settings::from_pairs(&schema(), [("steps", "3"), ("gain", "1.5")]);
        assert!(notices.is_empty());
        assert_eq!(settings.pairs(&schema()).collect::<Vec<_>>(), [("gain", "1.5".to_owned())]);
        assert_eq!((settings.get(&GAIN), settings.get(&STEPS)), (1.5, 3));
    }

    #[test]
    fn an_old_name_still_works_and_the_new_one_is_written() {
        let (settings, _) = Settings::from_pairs(&schema(), [("g", "0.5")]);
        assert_eq!(settings.pairs(&schema()).next().unwrap().0, "gain");
    }

    #[test]
    fn bad_pairs_are_named_and_the_others_taken() {
        let (settings, notices) = Settings::from_pairs(&schema(), [("gain", "x"), ("zzz", "1"), ("steps", "5")]);
        assert_eq!(notices.len(), 2);
        assert!(notices[1].text.contains("“zzz”"));
        assert_eq!(settings.get(&STEPS), 5);
    }

    #[test]
    fn a_value_outside_the_domain_changes_nothing() {
        let mut settings = Settings::default();
        assert!(settings.set(&STEPS.spec, Value::Int(10)).is_some());
        assert_eq!(settings, Settings::default());
    }
}
