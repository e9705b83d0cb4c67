//! The runs of chapter 4 as settings: A is the network of the page without remedies, B the same with them. C and D are A but for
//! what they change; B may change something too.
//!
//! ```text
//! hidden-size=64&clip-norm=1&c.cell=lstm&d.clip-value=1
//! ```
//!
//! A key of an address is a lane's letter, a point and a key of [`vanishing_core::training::params`]. An empty value takes
//! a choice back, a letter with a point and nothing behind it (`c.=`) all choices of the lane: presets begin with it. What
//! is said of A, and the remedies of B, are parameters of the page: `a.hidden-size=64` is `hidden-size=64`.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use vanishing_core::cells::{self, CellSpec};
use vanishing_core::param::{Notice, ParamSpec, Settings, Value};
use vanishing_core::remedies::{Slot, Stage};
use vanishing_core::training::{Plan, params};
use vanishing_core::{remedies, schedules, tasks};

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

/// The first two lanes: the network of the page without remedies, and with them.
pub const WITHOUT: usize = 0;
/// See [`WITHOUT`].
pub const WITH: usize = 1;

/// What the lanes change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lanes {
    /// What B has otherwise than the page, and C and D otherwise than A.
    changes: [BTreeMap<&'static str, Value>; 3],
}

/// Whether a parameter is a remedy's toggle, or one of a remedy's own: lane A has none.
pub fn is_of_remedy(spec: &ParamSpec) -> bool {
    static KEYS: OnceLock<BTreeSet<&str>> = OnceLock::new();
    KEYS.get_or_init(|| remedies::params().map(|param| param.key).collect()).contains(spec.key)
}

/// Of the settings of the page, those of training; `treated`: with the remedies, or without.
pub fn of_training(page: &Settings, treated: bool) -> Settings {
    page.only(params::all().iter().copied().filter(|spec| treated || !is_of_remedy(spec)))
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
    /// As in the registry of remedies.
    pub slug: &'static str,
    /// As on its toggle.
    pub title: &'static str,
    /// Where in a training step it acts, in words.
    pub stage: &'static str,
    /// What it does to the gradient.
    pub does: &'static str,
    /// What it does not do.
    pub does_not: &'static str,
    /// Paper and equation.
    pub source: &'static str,
    /// The keys of its controls in a lane, with blanks between them.
    pub controls: String,
    /// The key of its toggle on the page.
    pub toggle: &'static str,
    /// The keys of its further controls on the page, with blanks between them.
    pub params: String,
    /// Which of the textbooks' methods it is, in words.
    pub method: &'static str,
    /// Where in an update it acts: a row of [`ACTS`].
    pub acts: (&'static str, &'static str),
    /// Whether it is one of the first that people try.
    pub is_common: bool,
}

/// All remedies, in the order of the pipeline.
pub fn remedies() -> Vec<RemedyText> {
    let text = |spec: &'static remedies::RemedySpec| {
        // The parameters of the schedules belong to the remedy that chooses one.
        let params = || {
            let own = std::iter::once(&spec.toggle.spec).chain(spec.params.iter().copied());
            own.chain(schedules::params().filter(|_| spec.stage == Stage::Rate))
        };
        let keys: Vec<String> = params().map(|param| format!("{PREFIX}{}", param.key)).collect();
        RemedyText {
            slug: spec.slug,
            title: spec.title,
            stage: stage(spec.stage),
            does: spec.does,
            does_not: spec.does_not,
            source: spec.source,
            controls: keys.join(" "),
            toggle: spec.toggle.spec.key,
            params: params().skip(1).map(|param| param.key).collect::<Vec<_>>().join(" "),
            method: spec.method.title(),
            acts: acts(spec.stage),
            is_common: spec.is_common,
        }
    };
    remedies::ALL.iter().map(text).collect()
}

/// Where in an update a remedy acts, in the order in which chips stand: as it stands in `hide=`, and in a word or two.
pub static ACTS: [(&str, &str); 6] = [
    ("chips-start", "start"),
    ("chips-network", "network"),
    ("chips-way-back", "way back"),
    ("chips-gradient", "gradient"),
    ("chips-update", "update"),
    ("chips-sequences", "sequences"),
];

fn acts(stage: Stage) -> (&'static str, &'static str) {
    let place = match stage {
        Stage::Initialization => 0,
        Stage::Cell => 1,
        Stage::Memory | Stage::Backward => 2,
        Stage::Gradient => 3,
        Stage::Rate | Stage::Weights => 4,
        Stage::Data => 5,
    };
    ACTS[place]
}

/// Where in an update a remedy acts, as the end of a sentence.
pub fn acts_on(stage: Stage) -> &'static str {
    match stage {
        Stage::Data => "on the sequences",
        Stage::Cell => "in the network",
        Stage::Initialization => "on the weights at the start",
        Stage::Memory => "on what is kept in memory",
        Stage::Backward => "on the way back",
        Stage::Gradient => "on the weights’ gradient, after the way back",
        Stage::Rate => "on the learning rate",
        Stage::Weights => "on the weights, after the update",
    }
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
    fn changes_of(&self, lane: usize) -> Option<&BTreeMap<&'static str, Value>> {
        lane.checked_sub(1).and_then(|i| self.changes.get(i))
    }

    /// What a lane is run with.
    pub fn settings(&self, page: &Settings, lane: usize) -> Settings {
        let mut settings = of_training(page, lane == WITH);
        for (key, value) in self.changes_of(lane).into_iter().flatten() {
            if let Some(spec) = params::all().iter().find(|spec| spec.key == *key) {
                settings.set(spec, *value);
            }
        }
        settings
    }

    /// Whether a value that is set in a lane is one of the page's: all of A's, and those of B that B has not changed for itself.
    pub fn is_of_page(&self, lane: usize, spec: &ParamSpec) -> bool {
        lane == WITHOUT || lane == WITH && !self.changes[0].contains_key(spec.key)
    }

    /// Gives a lane a value that is not the page's. That of lane A (of the page, in lane B) is no change.
    pub fn set(&mut self, page: &Settings, lane: usize, spec: &'static ParamSpec, value: Value) {
        let Some(changes) = lane.checked_sub(1).and_then(|i| self.changes.get_mut(i)) else { return };
        if of_training(page, lane == WITH).value(spec) == value {
            changes.remove(spec.key);
        } else {
            changes.insert(spec.key, value);
        }
    }

    /// Takes a pair of an address, some of them into the settings of the page; `None` if the key is no lane's.
    pub fn take(&mut self, page: &mut Settings, key: &str, text: &str) -> Option<Option<Notice>> {
        let (lane, rest) = split(key)?;
        if rest.is_empty() {
            self.clear(page, lane);
            return Some(None);
        }
        let by_key = params::all().iter().find(|spec| spec.key == rest);
        let found = by_key.or_else(|| params::all().iter().find(|spec| spec.aliases.contains(&rest)));
        let Some(spec) = found else {
            return Some(Settings::default().take(&[], key, text));
        };
        let renamed = |notice: Option<Notice>| {
            let of_lane = |text: String| text.replacen(spec.key, key, 1);
            Some(notice.map(|Notice { text, refusal, .. }| Notice {
                key: key.to_owned(),
                text: of_lane(text),
                refusal: of_lane(refusal),
            }))
        };
        let for_page = lane == WITHOUT || lane == WITH && is_of_remedy(spec);
        if text.is_empty() {
            match lane.checked_sub(1).and_then(|i| self.changes.get_mut(i)) {
                Some(changes) if !for_page => {
                    changes.remove(spec.key);
                }
                _ => page.clear(spec),
            }
            return Some(None);
        }
        if for_page {
            return renamed(page.set_text(spec, text));
        }
        let mut settings = self.settings(page, lane);
        let notice = settings.set_text(spec, text);
        params::settle(&mut settings, &[spec.key]);
        for param in [spec, &params::RESCALE.spec, &remedies::FORGET_BIAS_INIT.spec] {
            self.set(page, lane, param, settings.value(param));
        }
        renamed(notice)
    }

    /// Takes all choices of a lane back: A's are those of training, B's its own and the remedies.
    fn clear(&mut self, page: &mut Settings, lane: usize) {
        let of_page = params::all().iter().filter(|spec| match lane {
            WITHOUT => !is_of_remedy(spec),
            WITH => is_of_remedy(spec),
            _ => false,
        });
        of_page.for_each(|spec| page.clear(spec));
        if let Some(changes) = lane.checked_sub(1).and_then(|i| self.changes.get_mut(i)) {
            changes.clear();
        }
    }

    /// Forgets what is no change any more, because the page came to have the same value.
    pub fn tidy(&mut self, page: &Settings) {
        for (i, changes) in self.changes.iter_mut().enumerate().filter(|(_, changes)| !changes.is_empty()) {
            let without = of_training(page, i + 1 == WITH);
            changes.retain(|key, value| {
                params::all().iter().find(|spec| spec.key == *key).is_some_and(|spec| without.value(spec) != *value)
            });
        }
    }

    /// The pairs of an address: what the lanes change.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for (letter, changes) in LETTERS.iter().skip(1).zip(&self.changes) {
            for spec in params::all() {
                if let Some(value) = changes.get(spec.key) {
                    pairs.push((format!("{letter}.{}", spec.key), value.text()));
                }
            }
        }
        pairs
    }

    /// What sets a lane apart, in few words.
    pub fn name(&self, page: &Settings, lane: usize) -> String {
        let settings = self.settings(page, lane);
        let without = of_training(page, false);
        let mut differing: Vec<&ParamSpec> = params::all()
            .iter()
            .copied()
            .filter(|spec| settings.value(spec) != without.value(spec) && params::applies(spec, &settings))
            .collect();
        // What is treated comes before how: a card has room for few words. Of a remedy its name says most.
        differing.retain(|spec| lane != WITH || toggled_by(spec).is_some() || !is_of_remedy(spec));
        differing.sort_by_key(|spec| toggled_by(spec).is_none());
        let words: Vec<String> = differing.into_iter().map(|spec| difference(spec, settings.value(spec))).collect();
        match &words[..] {
            [] if lane == 0 => "no remedy".to_owned(),
            [] => "as A".to_owned(),
            [one] => one.clone(),
            [one, two] => format!("{one}, {two}"),
            [one, rest @ ..] => format!("{one}, {} more changes", rest.len()),
        }
    }

    /// What cannot be together, and what does nothing, in sentences, for the lanes that are shown. `given`: the cell of an opened
    /// network, which runs may start from.
    pub fn conflicts(&self, page: &Settings, count: usize, given: Option<&CellSpec>) -> Vec<Notice> {
        (0..count).flat_map(|lane| self.conflicts_of(page, lane, given)).collect()
    }

    fn conflicts_of(&self, page: &Settings, lane: usize, given: Option<&CellSpec>) -> Vec<Notice> {
        let settings = self.settings(page, lane);
        let mut notices = Vec::new();
        let name = NAMES.get(lane).copied().unwrap_or_default();
        let length = settings.get(&params::SEQUENCE_LENGTH);
        let changes = |param: &ParamSpec| self.changes_of(lane).is_some_and(|changes| changes.contains_key(param.key));
        // Of the page's own it is said once.
        if let Some(task) = tasks::find(settings.get(&params::TASK)).filter(|task| length < task.minimum_length)
            && (changes(&params::SEQUENCE_LENGTH.spec) || changes(&params::TASK.spec))
        {
            let text = format!(
                "Lane {name}: the task “{}” needs a length of {}, which is used instead of {length}.",
                task.title, task.minimum_length
            );
            notices.push(Notice::new("sequence-length", text));
        }
        // The remedies of B are the page's.
        let whose = |rest: &str| if lane == WITH { rest.to_owned() } else { format!("Lane {name}: {rest}") };
        let cell = cell_in_force(&settings);
        for spec in remedies::switched_on(&settings) {
            let idle = (spec.idle)(cell).filter(|_| given.is_none_or(|given| (spec.idle)(given).is_some()));
            if let Some(why) = idle {
                notices.push(Notice::new("remedies", whose(&format!("“{}” does nothing: {why}.", spec.title))));
            }
        }
        for slot in Slot::ALL {
            let filling = remedies::switched_on(&settings).filter(|spec| spec.replaces == Some(slot));
            let titles: Vec<&str> = filling.map(|spec| spec.title).collect();
            if let [.., _, last] = titles[..] {
                let of = if lane == WITH { "Of" } else { "of" };
                let text = whose(&format!("{of} {} only the last one counts, {last}.", titles.join(" and ")));
                notices.push(Notice::new("remedies", text));
            }
        }
        notices
    }
}

/// The cell that is trained with these settings: the chosen one, or what a remedy puts in its place.
fn cell_in_force(settings: &Settings) -> &'static CellSpec {
    let mut plan = Plan::new(settings);
    remedies::switched_on(settings).for_each(|spec| (spec.single)(settings).configure(&mut plan));
    plan.cell
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
