//! The runs of chapter 4 as settings: lane A, and what B, C and D change in it.
//!
//! ```text
//! a.hidden-size=64&b.clip-norm=1&c.cell=lstm&c.clip-norm=
//! ```
//!
//! A key of an address is a lane's letter, a point and a key of [`vanishing_core::training::params`]. An empty value takes
//! a choice back: in A to the default, in the others to A's value. A letter with a point and nothing behind it (`a.=`)
//! takes all choices of the lane back: presets begin with it.
use std::collections::BTreeMap;
use std::sync::OnceLock;
use vanishing_core::param::{Notice, ParamSpec, Settings, Value};
use vanishing_core::remedies::{Slot, Stage};
use vanishing_core::training::params;
use vanishing_core::{cells, recurrent, remedies, schedules, tasks};

/// The lanes' letters in addresses.
pub const LETTERS: [&str; 4] = ["a", "b", "c", "d"];
/// The same as names.
pub const NAMES: [&str; 4] = ["A", "B", "C", "D"];
/// What stands before the key of a control that changes the chosen lane.
pub const PREFIX: &str = "lab.";

/// The lane that a letter of an address stands for; A for another text.
pub fn index_of(letter: &str) -> usize {
    LETTERS.iter().position(|known| *known == letter).unwrap_or(0)
}

/// The settings of all lanes.
#[derive(Clone, Debug, PartialEq)]
pub struct Lanes {
    base: Settings,
    /// What B, C and D have otherwise than A.
    changes: [BTreeMap<&'static str, Value>; 3],
}

impl Default for Lanes {
    /// B clips by global norm.
    fn default() -> Self {
        let mut lanes = Self { base: Settings::default(), changes: Default::default() };
        if let Some(clip) = remedies::find("clip_norm") {
            lanes.changes[0].insert(clip.toggle.spec.key, Value::Flag(true));
        }
        lanes
    }
}

/// The parameter of the chosen lane that a control changes: the control's own spec, whose key begins with [`PREFIX`], and
/// the parameter's.
#[derive(Clone, Copy)]
pub struct LaneParam {
    /// With the control's key.
    pub control: &'static ParamSpec,
    /// With the key in [`params`].
    pub param: &'static ParamSpec,
}

/// Every parameter of a lane.
pub fn all() -> &'static [LaneParam] {
    static ALL: OnceLock<Vec<LaneParam>> = OnceLock::new();
    ALL.get_or_init(|| {
        let control = |param: &'static ParamSpec| -> &'static ParamSpec {
            let key = format!("{PREFIX}{}", param.key).leak();
            Box::leak(Box::new(ParamSpec { key, aliases: &[], ..*param }))
        };
        params::all().iter().map(|param| LaneParam { control: control(param), param }).collect()
    })
}

/// The parameter of a lane whose control has this key.
pub fn find(key: &str) -> Option<LaneParam> {
    all().iter().find(|lane| lane.control.key == key).copied()
}

/// A remedy in words, and the controls that belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemedyText {
    /// Its slug.
    pub slug: &'static str,
    /// Its name.
    pub title: &'static str,
    /// Where in a training step it acts, in words.
    pub stage: &'static str,
    /// What it does to the gradient.
    pub does: &'static str,
    /// What it does not do.
    pub does_not: &'static str,
    /// Paper and equation.
    pub source: &'static str,
    /// The keys of its controls, with blanks between them.
    pub controls: String,
}

/// All remedies, in the order of the pipeline.
pub fn remedies() -> Vec<RemedyText> {
    let text = |spec: &'static remedies::RemedySpec| {
        // The parameters of the schedules belong to the remedy that chooses one.
        let params = std::iter::once(&spec.toggle.spec).chain(spec.params.iter().copied());
        let more = schedules::params().filter(|_| spec.stage == Stage::Rate);
        let keys: Vec<String> = params.chain(more).map(|param| format!("{PREFIX}{}", param.key)).collect();
        RemedyText {
            slug: spec.slug,
            title: spec.title,
            stage: stage(spec.stage),
            does: spec.does,
            does_not: spec.does_not,
            source: spec.source,
            controls: keys.join(" "),
        }
    };
    remedies::ALL.iter().map(text).collect()
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Data => "Which sequences are read",
        Stage::Cell => "The cell",
        Stage::Initialization => "Where the weights start",
        Stage::Memory => "What is kept in memory",
        Stage::Backward => "On the way back through time",
        Stage::Gradient => "On the weights’ gradient, once it is there",
        Stage::Rate => "The learning rate",
        Stage::Weights => "On the weights, after the step",
    }
}

/// The lane and the rest of a key such as `b.cell`; `None` for keys that are no lane's.
fn split(key: &str) -> Option<(usize, &str)> {
    let (letter, rest) = key.split_once('.')?;
    Some((LETTERS.iter().position(|name| *name == letter)?, rest))
}

impl Lanes {
    /// What a lane is run with.
    pub fn settings(&self, lane: usize) -> Settings {
        let mut settings = self.base.clone();
        for (key, value) in lane.checked_sub(1).and_then(|i| self.changes.get(i)).into_iter().flatten() {
            if let Some(spec) = params::all().iter().find(|spec| spec.key == *key) {
                settings.set(spec, *value);
            }
        }
        settings
    }

    /// Whether a lane has another value than A.
    pub fn differs(&self, lane: usize, spec: &ParamSpec) -> bool {
        lane.checked_sub(1).and_then(|i| self.changes.get(i)).is_some_and(|changes| changes.contains_key(spec.key))
    }

    /// Gives a lane a value. A's value is no difference.
    pub fn set(&mut self, lane: usize, spec: &'static ParamSpec, value: Value) {
        match lane.checked_sub(1).and_then(|i| self.changes.get_mut(i)) {
            None => {
                self.base.set(spec, value);
            }
            Some(changes) if self.base.value(spec) == value => {
                changes.remove(spec.key);
            }
            Some(changes) => {
                changes.insert(spec.key, value);
            }
        }
    }

    /// Takes a pair of an address; `None` if the key is no lane's.
    pub fn take(&mut self, key: &str, text: &str) -> Option<Option<Notice>> {
        let (lane, rest) = split(key)?;
        if rest.is_empty() {
            match lane.checked_sub(1).and_then(|i| self.changes.get_mut(i)) {
                Some(changes) => changes.clear(),
                None => self.base = Settings::default(),
            }
            return Some(None);
        }
        let by_key = params::all().iter().find(|spec| spec.key == rest);
        let found = by_key.or_else(|| params::all().iter().find(|spec| spec.aliases.contains(&rest)));
        let Some(spec) = found else {
            let mut settings = Settings::default();
            return Some(settings.take(&[], key, text));
        };
        if text.is_empty() {
            match lane.checked_sub(1).and_then(|i| self.changes.get_mut(i)) {
                Some(changes) => {
                    changes.remove(spec.key);
                }
                None => self.base.clear(spec),
            }
            return Some(None);
        }
        let mut settings = self.settings(lane);
        let notice = settings.set_text(spec, text);
        self.set(lane, spec, settings.value(spec));
        Some(notice.map(|notice| Notice::new(key, notice.text.replacen(spec.key, key, 1))))
    }

    /// The pairs of an address: what is otherwise than at first.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let first = Self::default();
        let mut pairs = Vec::new();
        for spec in params::all() {
            if self.base.is_chosen(spec) {
                pairs.push((format!("a.{}", spec.key), self.base.value(spec).text()));
            }
        }
        for ((letter, changes), first) in LETTERS.iter().skip(1).zip(&self.changes).zip(&first.changes) {
            for spec in params::all() {
                let (now, then) = (changes.get(spec.key), first.get(spec.key));
                if now != then {
                    pairs.push((format!("{letter}.{}", spec.key), now.map_or(String::new(), Value::text)));
                }
            }
        }
        pairs
    }

    /// What sets a lane apart, in few words.
    pub fn name(&self, lane: usize) -> String {
        let settings = self.settings(lane);
        let of_remedies = || remedies::switched_on(&settings).map(|spec| spec.title.to_owned());
        let words: Vec<String> = match lane.checked_sub(1).and_then(|i| self.changes.get(i)) {
            None => of_remedies().collect(),
            Some(changes) => {
                let mut differing: Vec<&ParamSpec> = params::all()
                    .iter()
                    .copied()
                    .filter(|spec| changes.contains_key(spec.key) && params::applies(spec, &settings))
                    .collect();
                // What is treated comes before how: a card has room for few words.
                differing.sort_by_key(|spec| toggled_by(spec).is_none());
                differing.into_iter().map(|spec| difference(spec, settings.value(spec))).collect()
            }
        };
        match &words[..] {
            [] if lane == 0 => "no remedy".to_owned(),
            [] => "as A".to_owned(),
            [one] => one.clone(),
            [one, two] => format!("{one}, {two}"),
            [one, two, ..] => format!("{one}, {two} …"),
        }
    }

    /// What cannot be together, in sentences, for the lanes that are shown.
    pub fn conflicts(&self, count: usize) -> Vec<Notice> {
        (0..count).flat_map(|lane| self.conflicts_of(lane)).collect()
    }

    fn conflicts_of(&self, lane: usize) -> Vec<Notice> {
        let settings = self.settings(lane);
        let mut notices = Vec::new();
        let name = NAMES.get(lane).copied().unwrap_or_default();
        let length = settings.get(&params::SEQUENCE_LENGTH);
        if let Some(task) = tasks::find(settings.get(&params::TASK)).filter(|task| length < task.minimum_length) {
            let text = format!(
                "Lane {name}: the task “{}” needs a length of {}, which is used instead of {length}.",
                task.title, task.minimum_length
            );
            notices.push(Notice::new("sequence-length", text));
        }
        for slot in Slot::ALL {
            let filling = remedies::switched_on(&settings).filter(|spec| spec.replaces == Some(slot));
            let titles: Vec<&str> = filling.map(|spec| spec.title).collect();
            if let [.., _, last] = titles[..] {
                let text = format!("Lane {name}: of {} only the last one counts, {last}.", titles.join(" and "));
                notices.push(Notice::new("remedies", text));
            }
        }
        let kind = recurrent::find(settings.get(&params::RECURRENT));
        let zero = settings.get(&params::GAIN) == 0.0 && kind.is_some_and(recurrent::RecurrentSpec::uses_gain);
        if settings.get(&params::RESCALE) && zero {
            let text = format!(
                "Lane {name}: with a gain of 0 the recurrent matrix is zero, and no factor gives it a spectral radius."
            );
            notices.push(Notice::new("rescale", text));
        }
        notices
    }
}

/// The remedy that a parameter switches on.
fn toggled_by(spec: &ParamSpec) -> Option<&'static remedies::RemedySpec> {
    remedies::ALL.iter().find(|remedy| remedy.toggle.spec.key == spec.key)
}

/// A value that differs, in words: a remedy's title, `cell LSTM`, `η = 0.003`.
fn difference(spec: &ParamSpec, value: Value) -> String {
    match (toggled_by(spec), value) {
        (Some(remedy), Value::Flag(true)) => remedy.title.to_owned(),
        (Some(remedy), _) => format!("without {}", remedy.title),
        (None, Value::Choice(slug)) => {
            let label = match spec.domain {
                vanishing_core::param::Domain::Choice(choices) => {
                    choices.iter().find(|choice| choice.slug == slug).map_or(slug, |choice| choice.label)
                }
                _ => slug,
            };
            let is_cell = cells::ALL.iter().any(|cell| cell.kind == slug);
            if is_cell { label.to_owned() } else { format!("{}: {label}", spec.label) }
        }
        (None, value) => {
            let name = if spec.symbol.is_empty() { spec.label } else { spec.symbol };
            format!("{name} = {}", value.text())
        }
    }
}
