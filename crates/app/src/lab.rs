//! The laboratory: settings, studies, figures, and how every message changes them.
use crate::controls::Control;
use crate::effects::{Address, Effects, Entry};
use crate::figure_state::{Change, FigureState, Move, News};
use crate::msg::{Msg, Phase, Pointer};
use crate::playing::{self, Playable, Playing};
use crate::{model, schema};
use plotters::prelude::DrawingBackend;
use std::collections::BTreeMap;
use vanishing_charts::figures::{self, FigureSpec};
use vanishing_charts::table::Table;
use vanishing_charts::{Model, Style, Theme};
use vanishing_core::param::{Notice, ParamSpec, Settings, Value};

/// The page without a browser: what is chosen, what follows from it, what is seen of it.
pub struct Lab {
    settings: Settings,
    model: Model,
    figures: BTreeMap<&'static str, FigureState>,
    /// The parameter that is being moved: its further moves belong to one entry of the history.
    gesture: Option<String>,
    /// What plays now.
    playing: Option<Playing>,
    system_dark: bool,
    /// The parameter that the next seed is for.
    seed_for: &'static ParamSpec,
    /// What the shell was last told, so that it is told changes only.
    told: Told,
}

#[derive(Default)]
struct Told {
    controls: BTreeMap<&'static str, Control>,
    readouts: BTreeMap<&'static str, String>,
    theme: Option<Theme>,
    query: String,
    settings: Option<Settings>,
    conflicts: Vec<Notice>,
    /// The conflicts that are on show: they stay beside other sentences until they are resolved or dismissed.
    standing: Vec<Notice>,
}

impl Lab {
    /// Opens an address (the part after `?`, with or without it). The effects hold everything that the page shows.
    pub fn new(query: &str) -> (Self, Effects) {
        let (settings, notices) = parse(query);
        let model = Model::new(model::configs(&settings));
        let mut figures = BTreeMap::new();
        for spec in figures::ALL {
            figures.insert(spec.slug, FigureState::new(spec));
        }
        let mut lab = Self {
            settings,
            model,
            figures,
            gesture: None,
            playing: None,
            system_dark: false,
            seed_for: &schema::SEED.spec,
            told: Told::default(),
        };
        lab.told.query = lab.query();
        let mut effects = Effects { notices: Some(notices), ..Effects::default() };
        lab.refresh(&mut effects);
        (lab, effects)
    }

    /// Takes a message and says what is to be done.
    pub fn update(&mut self, msg: Msg) -> Effects {
        let mut effects = Effects::default();
        match msg {
            Msg::Navigate { query } => {
                let (settings, notices) = parse(&query);
                self.settings = settings;
                self.gesture = None;
                self.told.query = self.query();
                self.stop(&mut effects);
                effects.notices = Some(notices);
            }
            Msg::Follow { query } => self.follow(&query, &mut effects),
            Msg::Input { key, value, phase } => {
                self.input(&key, phase, &mut effects, |settings, spec| settings.set_text(spec, &value))
            }
            Msg::Slide { key, position, phase } => self.slide(&key, position, phase, &mut effects),
            Msg::Action { name } => self.act(&name, &mut effects),
            Msg::Seed { seed } => {
                self.settings.set(self.seed_for, Value::Int(i64::from(seed)));
                if self.seed_for.key == schema::START_SEED.spec.key {
                    self.settings.clear(&schema::START.spec);
                }
                self.address(Entry::Push, &mut effects);
            }
            Msg::Frame { now } => self.frame(now, &mut effects),
            Msg::Pointer { figure, kind, x, y } => self.pointer(&figure, kind, (x, y), &mut effects),
            Msg::Key { figure, key, shift } => {
                self.key(&figure, &key, shift, &mut effects);
                self.refresh(&mut effects);
                // What is pushed by keys is read out as it stands now.
                if effects.handled && effects.announce.is_none() {
                    effects.announce = self.figures.get(figure.as_str()).and_then(FigureState::handle_label);
                }
                return effects;
            }
            Msg::Resize { figure, width, height, scale } => {
                if let Some(state) = self.figures.get_mut(figure.as_str()) {
                    state.resize(width, height, scale);
                }
            }
            Msg::Visible { figure, visible } => {
                if let Some(state) = self.figures.get_mut(figure.as_str()) {
                    state.visible = visible;
                }
            }
            Msg::SystemTheme { dark } => self.system_dark = dark,
            Msg::Copied { ok, link } => {
                let text = if ok { "The link was copied.".to_owned() } else { format!("Copy this link: {link}") };
                effects.announce = Some(text.clone());
                effects.notices = Some(vec![Notice::new("copy-link", text)]);
            }
        }
        self.refresh(&mut effects);
        effects
    }

    /// The address of the current state: the part after `?`; empty for the defaults.
    pub fn query(&self) -> String {
        query_of(&self.settings)
    }

    /// What is chosen.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether redraws are to be marked with the User Timing API.
    pub fn timing(&self) -> bool {
        self.settings.get(&schema::TIMING)
    }

    /// The figures of the page in their order.
    pub fn figures(&self) -> impl Iterator<Item = &'static FigureSpec> {
        figures::ALL.iter()
    }

    /// The control of a parameter, by its key.
    pub fn control(&self, key: &str) -> Option<Control> {
        let spec = schema::all().iter().find(|spec| spec.key == key)?;
        Some(Control::new(spec, &self.settings, schema::applies(spec, &self.settings)))
    }

    /// All controls in the order of the schema.
    pub fn controls(&self) -> Vec<Control> {
        let make =
            |spec: &&'static ParamSpec| Control::new(spec, &self.settings, schema::applies(spec, &self.settings));
        schema::all().iter().map(make).collect()
    }

    /// The theme that is worn now.
    pub fn theme(&self) -> Theme {
        match self.settings.get(&schema::THEME) {
            "dark" => Theme::Dark,
            "light" => Theme::Light,
            _ if self.system_dark => Theme::Dark,
            _ => Theme::Light,
        }
    }

    /// Draws a figure.
    ///
    /// # Errors
    /// A sentence, when the figure is unknown or the backend failed.
    pub fn draw<DB: DrawingBackend>(&self, slug: &str, backend: DB, size: (u32, u32)) -> Result<(), String> {
        let state = self.figures.get(slug).ok_or_else(|| format!("there is no figure {slug}"))?;
        let style = Style::new(self.theme(), state.scale());
        let fresh;
        let scene = match state.scene() {
            Some(scene) => scene,
            None => {
                fresh = (state.spec.scene)(&self.model);
                &fresh
            }
        };
        vanishing_charts::render(scene, backend, size, &style, &state.focus).map(|_| ())
    }

    /// A figure as an SVG document, `width` CSS pixels wide.
    ///
    /// # Errors
    /// A sentence, when the figure is unknown or drawing failed.
    #[cfg(feature = "svg")]
    pub fn svg(&self, slug: &str, width: u32) -> Result<String, String> {
        /// Device pixels per CSS pixel: places in the file are whole device pixels.
        const SCALE: f64 = 2.0;
        let spec = figures::find(slug).ok_or_else(|| format!("there is no figure {slug}"))?;
        let style = Style::new(self.theme(), SCALE);
        let wide = f64::from(width) * SCALE;
        let scene = (spec.scene)(&self.model);
        let height = spec.height(f64::from(width), scene.panels.len()) * SCALE;
        let size = (wide.round() as u32, height.round() as u32);
        vanishing_charts::render::svg(&scene, size, &style, &Default::default()).map(|(document, _)| document)
    }

    /// The numbers of a figure as a table.
    pub fn table(&self, slug: &str) -> Option<Table> {
        figures::find(slug).map(|spec| Table::new(&(spec.scene)(&self.model)))
    }

    fn follow(&mut self, query: &str, effects: &mut Effects) {
        let before = self.settings.clone();
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        if pairs.is_empty() {
            // A full reset changes the experiment, not how the page looks or measures.
            let page = schema::GROUPS.iter().filter(|group| group.slug == "page");
            self.settings = self.settings.only(page.flat_map(|group| group.params.iter().copied()));
        }
        let mut notices = Vec::new();
        for (key, value) in &pairs {
            match schema::all().iter().find(|spec| spec.key == key || spec.aliases.contains(&key.as_str())) {
                Some(spec) if value.is_empty() => self.settings.clear(spec),
                _ => notices.extend(self.settings.take(schema::all(), key, value)),
            }
        }
        effects.notices = Some(notices);
        self.gesture = None;
        if self.settings != before {
            self.address(Entry::Push, effects);
        }
    }

    fn slide(&mut self, key: &str, position: f64, phase: Phase, effects: &mut Effects) {
        self.input(key, phase, effects, |settings, spec| {
            let value = Control::value_at(spec, position)?;
            settings.set(spec, value)
        });
    }

    fn input(
        &mut self,
        key: &str,
        phase: Phase,
        effects: &mut Effects,
        choose: impl FnOnce(&mut Settings, &'static ParamSpec) -> Option<Notice>,
    ) {
        let Some(spec) = schema::all().iter().copied().find(|spec| spec.key == key) else { return };
        self.take_hold(spec, effects);
        let before = self.settings.clone();
        let notice = choose(&mut self.settings, spec);
        if self.settings != before {
            let value = self.settings.value(spec);
            self.imply(spec);
            self.settings.set(spec, value);
        }
        if phase == Phase::Done {
            effects.notices = Some(notice.into_iter().collect());
            // The control shows what the person typed: it is told the value that was taken, even an unchanged one.
            self.told.controls.remove(spec.key);
        }
        self.moved(key, phase, effects);
    }

    /// A hand on what plays stops it, or both would move it.
    fn take_hold(&mut self, spec: &ParamSpec, effects: &mut Effects) {
        if self.playing.is_some_and(|playing| playing.what.param.spec.key == spec.key) {
            self.stop(effects);
        }
    }

    /// Chooses what a change of this parameter chooses besides.
    fn imply(&mut self, spec: &'static ParamSpec) {
        let Some((implied, value)) = schema::implied(spec) else { return };
        if self.settings.value(implied) == value {
            return;
        }
        self.settings.set(implied, value);
        // The start that was random goes on from where it was: what the hand does not move stays.
        let place = self.model.alignment().start;
        for (param, coordinate) in [&schema::START_ALONG, &schema::START_ACROSS, &schema::START_DEPTH].iter().zip(place)
        {
            if let Some(value) = Control::nearest(&param.spec, coordinate) {
                self.settings.set(&param.spec, value);
            }
        }
    }

    /// Writes the address of one move of a gesture on `key`.
    fn moved(&mut self, key: &str, phase: Phase, effects: &mut Effects) {
        let entry = if self.gesture.as_deref() == Some(key) { Entry::Replace } else { Entry::Push };
        if self.address(entry, effects) {
            self.gesture = Some(key.to_owned());
        }
        if phase == Phase::Done {
            self.gesture = None;
        }
    }

    /// Writes the address if it changed; whether it did. A new entry ends the gesture that made the one before.
    fn address(&mut self, entry: Entry, effects: &mut Effects) -> bool {
        let query = self.query();
        let changed = query != self.told.query;
        if changed {
            if entry == Entry::Push {
                self.gesture = None;
            }
            self.told.query = query.clone();
            effects.address = Some(Address { query, entry });
        }
        changed
    }

    fn act(&mut self, name: &str, effects: &mut Effects) {
        match name {
            "new-seed" | "new-start" => {
                self.seed_for = if name == "new-seed" { &schema::SEED.spec } else { &schema::START_SEED.spec };
                effects.wants_seed = true;
            }
            "copy-link" => effects.copy_query = Some(self.query()),
            "dismiss" => {
                self.told.standing.clear();
                effects.notices = Some(Vec::new());
            }
            _ => {
                if let Some((what, word)) = playing::find(name) {
                    self.act_on(what, word, effects);
                }
            }
        }
    }

    /// A button of something that plays: `play`, `pause`, `step`, `back` or `reset`.
    fn act_on(&mut self, what: &'static Playable, word: &str, effects: &mut Effects) {
        self.stop(effects);
        match word {
            "play" => {
                if self.settings.get(what.param) >= (what.last)(&self.settings) {
                    self.settings.set(&what.param.spec, Value::Int(0));
                }
                self.playing = Some(Playing { what, last: None });
                effects.animate = Some(true);
                effects.plays.insert(what.button, true);
                return;
            }
            "step" => self.push(what, 1.0),
            "back" => self.push(what, -1.0),
            "reset" => {
                self.settings.set(&what.param.spec, Value::Int(0));
            }
            _ => return,
        }
        self.moved(what.param.spec.key, Phase::Moving, effects);
    }

    fn push(&mut self, what: &Playable, steps: f64) {
        if let Some(value) = Control::pushed(&what.param.spec, &self.settings, steps) {
            self.settings.set(&what.param.spec, value);
        }
    }

    /// Stops playing; the value that was reached enters the address.
    fn stop(&mut self, effects: &mut Effects) {
        if let Some(playing) = self.playing.take() {
            effects.animate = Some(false);
            effects.plays.insert(playing.what.button, false);
            self.address(Entry::Push, effects);
        }
    }

    fn frame(&mut self, now: f64, effects: &mut Effects) {
        let Some(Playing { what, last }) = self.playing else {
            effects.animate = Some(false);
            return;
        };
        if last.is_some_and(|last| now - last < what.interval) {
            return;
        }
        self.playing = Some(Playing { what, last: Some(now) });
        if last.is_some() {
            if self.settings.get(what.param) < (what.last)(&self.settings) {
                self.push(what, 1.0);
            } else {
                self.stop(effects);
            }
        }
    }

    fn pointer(&mut self, slug: &str, kind: Pointer, at: (f64, f64), effects: &mut Effects) {
        let theme = self.theme();
        if let Some(state) = self.figures.get_mut(slug) {
            let before = state.pointed_at().map(|(key, x)| (key.to_owned(), x));
            let changes = state.pointer(kind, at, theme, effects);
            // Most moves of a pointer stay at the same place of the axis.
            if state.pointed_at() != before.as_ref().map(|(key, x)| (key.as_str(), *x)) {
                self.point_along(slug, theme);
            }
            self.apply(changes, effects);
        }
    }

    fn key(&mut self, slug: &str, key: &str, shift: bool, effects: &mut Effects) {
        let theme = self.theme();
        if let Some(state) = self.figures.get_mut(slug) {
            let changes = state.key(key, shift, theme, effects);
            self.point_along(slug, theme);
            self.apply(changes, effects);
        }
    }

    /// What is pointed at in one figure is pointed at in all figures over the same axis.
    fn point_along(&mut self, slug: &str, theme: Theme) {
        let place = self.figures.get(slug).and_then(FigureState::pointed_at);
        let place = place.map(|(key, x)| (key.to_owned(), x));
        for (other, state) in &mut self.figures {
            if *other != slug {
                state.point_along(place.as_ref().map(|(key, x)| (key.as_str(), *x)), theme);
            }
        }
    }

    /// What a hand on a figure changes. Values are brought into their ranges without a word: the hand sees the end.
    fn apply(&mut self, changes: Vec<Change>, effects: &mut Effects) {
        let gesture = changes.first().map(|change| (change.key.clone(), change.phase));
        for Change { key, to, .. } in changes {
            let Some(spec) = schema::all().iter().copied().find(|spec| spec.key == key) else { continue };
            self.take_hold(spec, effects);
            if to != Move::Stay {
                self.imply(spec);
            }
            let wanted = match to {
                Move::To(value) => Control::nearest(spec, value),
                Move::By(steps) => Control::pushed(spec, &self.settings, steps),
                Move::Stay => None,
            };
            if let Some(value) = wanted {
                self.settings.set(spec, value);
            }
        }
        if let Some((key, phase)) = gesture {
            self.moved(&key, phase, effects);
        }
    }

    /// Brings studies, pictures, readouts and controls up to date, and tells the shell what changed.
    fn refresh(&mut self, effects: &mut Effects) {
        let theme = self.theme();
        let new_theme = self.told.theme != Some(theme);
        if new_theme {
            self.told.theme = Some(theme);
            effects.theme = Some(theme);
        }
        let new_settings = self.told.settings.as_ref() != Some(&self.settings);
        if new_settings {
            self.told.settings = Some(self.settings.clone());
            self.model.configure(model::configs(&self.settings));
            let conflicts = schema::conflicts(&self.settings);
            if conflicts != self.told.conflicts {
                self.told.conflicts.clone_from(&conflicts);
                self.told.standing = conflicts;
                effects.notices.get_or_insert_default();
            }
            for (name, text) in model::readouts(&self.model) {
                if self.told.readouts.get(name) != Some(&text) {
                    self.told.readouts.insert(name, text.clone());
                    effects.readouts.push((name, text));
                }
            }
        }
        if let Some(notices) = &mut effects.notices {
            notices.extend(self.told.standing.iter().cloned());
        }
        for control in self.controls() {
            if self.told.controls.get(control.spec.key) != Some(&control) {
                self.told.controls.insert(control.spec.key, control.clone());
                effects.controls.push(control);
            }
        }
        let settled = self.gesture.is_none() && self.playing.is_none();
        let news = News { settings: new_settings, theme: new_theme, settled, worn: theme };
        for state in self.figures.values_mut() {
            state.refresh(&self.model, news, effects);
        }
    }
}

/// So many sentences are said about one address: a broken link may give reason for thousands.
const MOST_NOTICES: usize = 8;

/// The settings of an address.
fn parse(query: &str) -> (Settings, Vec<Notice>) {
    let query = query.strip_prefix('?').unwrap_or(query);
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let pairs = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let (settings, mut notices) = Settings::from_pairs(schema::all(), pairs);
    let more = notices.len().saturating_sub(MOST_NOTICES);
    if more > 0 {
        notices.truncate(MOST_NOTICES);
        notices.push(Notice::new("", format!("{more} more parts of the address could not be taken as they are.")));
    }
    (settings, notices)
}

/// The settings of a link: the part after `?`, or the whole link.
pub fn parse_link(link: &str) -> (Settings, Vec<Notice>) {
    let query = link.split_once('?').map_or(link, |(_, query)| query);
    parse(query.split('#').next().unwrap_or(query))
}

/// The address of settings: the part after `?`.
pub fn query_of(settings: &Settings) -> String {
    let pairs = settings.pairs(schema::all());
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}
