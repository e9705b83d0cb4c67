//! The laboratory: settings, studies, figures, and how every message changes them.
use crate::controls::Control;
use crate::effects::{Address, Effects, Entry, EvidenceTable, LaneTab, OwnPanel, Sheet};
use crate::embedding::{self, Embedding};
use crate::evidence;
use crate::exercises;
use crate::figure_state::{Change, FigureState, Move, News, zoom};
use crate::lanes::{self, Lanes};
use crate::leading::{self, Leading};
use crate::lessons::{self, Lesson};
use crate::msg::{Msg, Phase, Pointer};
use crate::opening::{self, Opening};
use crate::own::{self, OwnFile};
use crate::playing::{self, Playable, Playing};
use crate::presenter::Stage;
use crate::trainings::{PipelineBox, Trainings, lane_of};
use crate::work::Worker;
use crate::{model, schema, takeaway};
use plotters::prelude::DrawingBackend;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use vanishing_charts::figures::{self, FigureSpec};
use vanishing_charts::model::Search;
use vanishing_charts::table::Table;
use vanishing_charts::{Model, Style, Theme};
use vanishing_core::param::{Notice, ParamSpec, Settings, Value};
use vanishing_core::studies::jacobians::{self, LeadingJacobians};
use vanishing_core::studies::network::NetworkConfig;
use vanishing_core::training::experiment::Evidence;
use vanishing_core::training::params;

/// The key of a lesson in an address.
const LESSON: &str = "lesson";
/// Whether a key of an address is no parameter.
fn is_special(key: &str) -> bool {
    key == LESSON || embedding::KEYS.contains(&key)
}

/// How many gestures can be undone.
const MOST_UNDOS: usize = 200;
/// The figure that moves by itself.
const OPENING: &str = "opening";
/// Milliseconds between two looks at runs that go on.
const LOOK_INTERVAL: f64 = 200.0;

/// The page without a browser: what is chosen, what follows from it, what is seen of it.
pub struct Lab {
    settings: Settings,
    lanes: Lanes,
    trainings: Trainings,
    /// The network that the reader brought.
    own: OwnFile,
    /// The singular values of a large state's Jacobians.
    leading: Leading,
    /// The column by which the table of the experiment is sorted, and whether from the largest.
    sorted: (&'static str, bool),
    /// When what is seen of the runs was last brought up to date, and whether there is news since.
    seen: (f64, bool),
    model: Model,
    figures: BTreeMap<&'static str, FigureState>,
    /// The parameter that is being moved: its further moves belong to one entry of the history.
    gesture: Option<String>,
    /// What plays now.
    playing: Option<Playing>,
    /// What moves by itself in the opening.
    opening: Option<Opening>,
    system_dark: bool,
    /// The parameter that the next seed is for.
    seed_for: &'static ParamSpec,
    /// What stands open beneath the figures, by the ways that are taken.
    pub(crate) sheets: BTreeMap<&'static str, BTreeSet<&'static str>>,
    pub(crate) told_sheets: BTreeMap<&'static str, Sheet>,
    /// What of the page is shown in somebody else's.
    embedding: Embedding,
    /// The chapter that is read.
    pub(crate) chapter: &'static str,
    /// The reader's own lesson, and its text.
    pub(crate) own_lesson: Option<Lesson>,
    own_text: String,
    /// Whether the question of the beat is answered.
    pub(crate) revealed: bool,
    /// Addresses to which "undo" and "redo" return.
    undo: Vec<String>,
    redo: Vec<String>,
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
    opening: Option<Opening>,
    lanes: Option<Lanes>,
    tabs: Vec<LaneTab>,
    pipeline: Vec<PipelineBox>,
    evidence: EvidenceTable,
    training: Option<bool>,
    experiment: Option<f64>,
    own: OwnPanel,
    stage: Option<Stage>,
    conflicts: Vec<Notice>,
    /// The conflicts that are on show: they stay beside other sentences until they are resolved or dismissed.
    standing: Vec<Notice>,
}

impl Lab {
    /// Opens an address (the part after `?`, with or without it). The effects hold everything that the page shows.
    pub fn new(query: &str) -> (Self, Effects) {
        let (settings, lanes, notices) = parse(query);
        let model = Model::new(model::configs(&settings));
        let mut figures = BTreeMap::new();
        for spec in figures::ALL {
            figures.insert(spec.slug, FigureState::new(spec));
        }
        let mut lab = Self {
            settings,
            lanes,
            trainings: Trainings::new(),
            own: OwnFile::default(),
            leading: Leading::default(),
            sorted: ("", false),
            seen: (f64::NEG_INFINITY, false),
            model,
            figures,
            gesture: None,
            playing: None,
            opening: None,
            system_dark: false,
            seed_for: &schema::SEED.spec,
            embedding: Embedding::default(),
            chapter: "powers",
            own_lesson: None,
            own_text: String::new(),
            revealed: false,
            sheets: BTreeMap::new(),
            told_sheets: BTreeMap::new(),
            undo: Vec::new(),
            redo: Vec::new(),
            told: Told::default(),
        };
        let mut notices = notices;
        notices.extend(lab.open_lesson(query));
        notices.extend(lab.embed(query));
        lab.begin_at_beat();
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
                let (settings, lanes, mut notices) = parse(&query);
                notices.extend(self.open_lesson(&query));
                notices.extend(self.embed(&query));
                self.settings = settings;
                self.lanes = lanes;
                self.gesture = None;
                if self.query() != self.told.query {
                    self.remember();
                }
                self.told.query = self.query();
                self.stop(&mut effects);
                effects.notices = Some(notices);
            }
            Msg::Follow { query } => self.follow(&query, &mut effects),
            Msg::Told { query } => {
                self.follow(&query, &mut effects);
                // Somebody else's script leaves no trace in the reader's history.
                if let Some(address) = &mut effects.address {
                    address.entry = Entry::Replace;
                }
            }
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
            Msg::Frame { now } => {
                let played = self.playing.is_some();
                self.frame(now, &mut effects);
                if !played {
                    if self.told.opening != self.opening {
                        self.tell_opening(&mut effects);
                    }
                    return effects;
                }
            }
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
                if figure == OPENING && self.opening.is_some() {
                    effects.animate = Some(self.wants_frames());
                }
            }
            Msg::SystemTheme { dark } => self.system_dark = dark,
            Msg::TextSize { text } => {
                if text.is_finite() {
                    self.figures.values_mut().for_each(|state| state.set_text_size(text));
                }
            }
            Msg::Worked { worker: own::WORKER, reply, .. } => {
                if !self.own.worked(&reply) {
                    return effects;
                }
                if !self.own.is_computing() {
                    self.told.settings = None;
                } else {
                    // Only the progress is new.
                    self.tell_own(&mut effects);
                    self.give_orders(&mut effects);
                    return effects;
                }
            }
            Msg::WorkerTrouble { worker: own::WORKER, why } => self.own.trouble(&why),
            Msg::Worked { worker: leading::WORKER, reply, .. } => {
                let brought = match self.leading.worked(&reply) {
                    leading::News::Stale => return effects,
                    leading::News::Progress => false,
                    leading::News::Found(study) => {
                        self.model.bring_jacobians(study);
                        true
                    }
                };
                self.give_orders(&mut effects);
                self.tell_leading(brought, &mut effects);
                self.tell_own(&mut effects);
                return effects;
            }
            Msg::WorkerTrouble { worker: leading::WORKER, .. } => self.leading.trouble(),
            Msg::FileOffered { name, size } => {
                let begun = self.own.offer(&name, size);
                self.go_on_reading(begun, &mut effects);
            }
            Msg::FileParts { parts } => {
                let more = self.own.take(&parts);
                self.go_on_reading(more, &mut effects);
            }
            Msg::FileFailed { why } => {
                self.own.fail();
                effects.notices = Some(vec![Notice::new("", why)]);
            }
            Msg::Worked { worker, reply, now } => {
                self.seen.1 |= self.trainings.worked(worker, &reply, now, self.model.laboratory_mut());
                let settled = !self.trainings.is_running() && !self.trainings.is_experimenting();
                if self.seen.1 && (now - self.seen.0 >= LOOK_INTERVAL || settled) {
                    self.seen = (now, false);
                    self.look(&mut effects);
                }
                self.give_orders(&mut effects);
                return effects;
            }
            Msg::WorkerTrouble { worker, why } => {
                self.trainings.trouble(worker, &why);
                self.look(&mut effects);
            }
            Msg::Cores { cores } => {
                // A page may have many embedded figures.
                self.trainings.set_cores(if self.embedding.only.is_empty() { cores } else { 1 });
                self.look(&mut effects);
            }
            Msg::Shortcut { key, control, shift, focus } => {
                self.shortcut(&key, (control, shift), focus, &mut effects);
                if !effects.handled {
                    return effects;
                }
            }
            Msg::Chapter { name } => {
                self.chapter = lessons::chapters().find(|own| *own == name).unwrap_or(self.chapter);
                return effects;
            }
            Msg::LessonFile { text } => {
                let notices = self.take_lesson(&text);
                if self.own_lesson.is_some() {
                    self.present(lessons::OWN, &mut effects);
                }
                effects.notices = Some(notices);
            }
            Msg::Motion => {
                let chosen = self.settings.value(&schema::OPENING_GAIN.spec) != schema::OPENING_GAIN.spec.default;
                if self.told.opening.is_none() && !chosen {
                    self.act("opening-play", &mut effects);
                }
            }
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
        let mut all = form_urlencoded::Serializer::new(query_of_all(&self.settings, &self.lanes));
        all.extend_pairs(self.embedding.pairs());
        if !self.own_text.is_empty() {
            all.append_pair(LESSON, &self.own_text);
        }
        all.finish()
    }

    /// What of the page is shown in somebody else's.
    pub fn embedding(&self) -> &Embedding {
        &self.embedding
    }

    /// Takes what an address says about embedding.
    fn embed(&mut self, query: &str) -> Vec<Notice> {
        let query = query.strip_prefix('?').unwrap_or(query);
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let (embedding, notices) = Embedding::read(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        self.embedding = embedding;
        notices
    }

    /// An address that names a beat and nothing else has the state of that beat.
    fn begin_at_beat(&mut self) {
        let page = schema::GROUPS.iter().filter(|group| group.slug == "page");
        let of_page = self.settings.only(page.flat_map(|group| group.params.iter().copied()));
        let state = self.beat().map(|(_, beat)| beat.state.clone());
        if let Some(state) = state.filter(|_| self.settings == of_page && self.lanes == Lanes::default()) {
            self.follow(&state, &mut Effects::default());
            self.undo.clear();
        }
    }

    /// Takes the lesson of an address, if it has one.
    fn open_lesson(&mut self, query: &str) -> Vec<Notice> {
        let query = query.strip_prefix('?').unwrap_or(query);
        let lesson = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == LESSON);
        match lesson {
            Some((_, text)) if text != self.own_text => self.take_lesson(&text),
            _ => Vec::new(),
        }
    }

    /// Takes a lesson that somebody wrote; one without a beat is not taken.
    fn take_lesson(&mut self, text: &str) -> Vec<Notice> {
        let (lesson, notices) = lessons::read(text);
        if !lesson.beats.is_empty() {
            self.own_lesson = Some(lesson);
            self.own_text = text.to_owned();
        }
        notices
    }

    pub(crate) fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// Writes a new entry of the history, if the address changed.
    pub(crate) fn write(&mut self, effects: &mut Effects) {
        self.address(Entry::Push, effects);
    }

    /// Whether what an action starts is going on.
    pub(crate) fn is_playing(&self, action: &str) -> bool {
        match action {
            "train-start" => self.trainings.is_running(),
            _ => self.playing.is_some_and(|playing| playing.what.button.0 == action),
        }
    }

    /// What is known of the runs of chapter 4.
    pub fn laboratory(&self) -> &vanishing_charts::laboratory::Laboratory {
        self.model.laboratory()
    }

    /// The boxes of the pipeline of the lane that is looked at.
    pub fn pipeline(&self) -> Vec<PipelineBox> {
        self.trainings.pipeline(self.lane(), self.model.laboratory())
    }

    /// A readout of chapter 4 as it is now.
    pub fn readout(&self, name: &str) -> Option<String> {
        let readouts = self.trainings.readouts(self.lane(), self.model.laboratory());
        readouts.into_iter().find(|(own, _)| *own == name).map(|(_, text)| text)
    }

    /// All remedies in words, in the order of the pipeline.
    pub fn remedies(&self) -> Vec<lanes::RemedyText> {
        lanes::remedies()
    }

    /// The settings of the lanes of chapter 4.
    pub fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    /// How many lanes there are.
    fn lane_count(&self) -> usize {
        self.settings.get(&schema::LANES)
    }

    /// The lane whose settings are shown.
    fn lane(&self) -> usize {
        lane_of(self.settings.get(&schema::LANE)).min(self.lane_count().saturating_sub(1))
    }

    /// Shows what an experiment found elsewhere.
    pub fn show_evidence(&mut self, evidence: Evidence) {
        self.model.laboratory_mut().evidence = evidence;
        self.look(&mut Effects::default());
    }

    /// Trains all lanes in this thread, without a browser: so many updates, or to their ends.
    pub fn train(&mut self, updates: u64) {
        let stop = (updates.min(self.settings.get(&schema::STOP_STEP) as u64), self.settings.get(&schema::STOP_LOSS));
        let count = self.lane_count();
        self.trainings.configure(&self.lanes, count, stop, true, self.model.laboratory_mut());
        self.trainings.set_cores(1);
        self.trainings.run(true, self.model.laboratory_mut());
        let mut workers: BTreeMap<usize, Worker> = BTreeMap::new();
        loop {
            let orders = self.trainings.dispatch(false);
            if orders.is_empty() {
                break;
            }
            for work in orders {
                let worker = workers.entry(work.worker).or_default();
                // Without a clock: an order is carried out as a whole.
                let Some(reply) = worker.work(&work.order, &|| 0.0, 1.0) else { return };
                let numbers = reply.numbers();
                self.trainings.worked(work.worker, &numbers, 0.0, self.model.laboratory_mut());
            }
        }
        self.look(&mut Effects::default());
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
        if let Some(param) = lanes::find(key) {
            return Some(self.lane_control(param, &self.lanes.settings(self.lane())));
        }
        let spec = schema::all().iter().find(|spec| spec.key == key)?;
        let settings = self.shown();
        Some(self.page_control(spec, &settings))
    }

    fn page_control(&self, spec: &'static ParamSpec, settings: &Settings) -> Control {
        let shown = self.own.shows(spec, settings).unwrap_or_else(|| schema::applies(spec, settings));
        let shown = shown && !self.embedding.hides(spec.key) && !self.embedding.leaves_unread(spec.key, settings);
        Control { locked: self.embedding.locks(spec.key), ..Control::new(spec, settings, shown) }
    }

    /// The settings as they are shown: what moves by itself is not chosen.
    fn shown(&self) -> Cow<'_, Settings> {
        let Some(opening) = &self.opening else { return Cow::Borrowed(&self.settings) };
        let mut settings = self.settings.clone();
        settings.set(&schema::OPENING_GAIN.spec, Value::Real(opening.gain()));
        Cow::Owned(settings)
    }

    /// Whether something moves that is seen.
    fn wants_frames(&self) -> bool {
        let seen = self.figures.get(OPENING).is_some_and(|state| state.visible);
        self.playing.is_some() || self.opening.is_some() && seen
    }

    /// All controls in the order of the schema.
    pub fn controls(&self) -> Vec<Control> {
        let shown = self.shown();
        let make = |spec: &&'static ParamSpec| self.page_control(spec, &shown);
        let settings = self.lanes.settings(self.lane());
        let of_lane = lanes::all().iter().map(|param| self.lane_control(*param, &settings));
        schema::all().iter().map(make).chain(of_lane).collect()
    }

    fn lane_control(&self, param: lanes::LaneParam, settings: &Settings) -> Control {
        let key = param.control.key;
        let shown = params::applies(param.param, settings) && !self.embedding.hides(key);
        let differs = self.lanes.differs(self.lane(), param.param);
        let locked = self.embedding.locks(key);
        Control { spec: param.control, differs, locked, ..Control::new(param.param, settings, shown) }
    }

    /// The theme that is worn now.
    pub fn theme(&self) -> Theme {
        match self.settings.get(&schema::THEME) {
            "dark" => Theme::Dark,
            "light" => Theme::Light,
            "projector" => Theme::Projector,
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
        let style = Style::new(self.theme(), state.scale() * state.zoom());
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

    /// The width of a figure on the page, in CSS pixels.
    pub fn width(&self, slug: &str) -> Option<f64> {
        self.figures.get(slug).and_then(FigureState::width)
    }

    /// The height of a figure on the page, in CSS pixels.
    pub fn height(&self, slug: &str) -> Option<f64> {
        self.figures.get(slug).and_then(FigureState::height)
    }

    /// Draws a figure as [`Lab::draw`] does, but at another size and with nothing pointed at; `scale`: pixels per CSS
    /// pixel.
    ///
    /// # Errors
    /// A sentence, when the figure is unknown or the backend failed.
    pub fn print<DB: DrawingBackend>(
        &self,
        slug: &str,
        backend: DB,
        size: (u32, u32),
        scale: f64,
    ) -> Result<(), String> {
        let spec = figures::find(slug).ok_or_else(|| format!("there is no figure {slug}"))?;
        let style = Style::new(self.theme(), scale * zoom(f64::from(size.0) / scale, 1.0));
        vanishing_charts::render(&(spec.scene)(&self.model), backend, size, &style, &Default::default()).map(|_| ())
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
        let style = Style::new(self.theme(), SCALE * zoom(f64::from(width), 1.0));
        let wide = f64::from(width) * SCALE;
        let scene = (spec.scene)(&self.model);
        let height = spec.height(f64::from(width), scene.panels.len()) * SCALE;
        let size = (wide.round() as u32, height.round() as u32);
        vanishing_charts::render::svg(&scene, size, &style, &Default::default()).map(|(document, _)| document)
    }

    /// What is seen in a figure, in a sentence or two.
    pub fn summary(&self, slug: &str) -> Option<String> {
        figures::find(slug).map(|spec| (spec.scene)(&self.model).summary)
    }

    /// log10 ‖dL/dh_t‖ of the top layer of the network of chapter 3, for t = 0..=T, with the remedies that are on.
    pub fn gradient_norms(&self) -> Vec<f64> {
        self.model.gradients().in_force().state_gradient_log10().to_vec()
    }

    /// The numbers of a figure as a table.
    pub fn table(&self, slug: &str) -> Option<Table> {
        figures::find(slug).map(|spec| Table::new(&(spec.scene)(&self.model)))
    }

    pub(crate) fn follow(&mut self, query: &str, effects: &mut Effects) {
        let before = (self.settings.clone(), self.lanes.clone());
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        if pairs.is_empty() {
            // A full reset changes the experiment, not how the page looks or measures.
            let page = schema::GROUPS.iter().filter(|group| group.slug == "page");
            self.settings = self.settings.only(page.flat_map(|group| group.params.iter().copied()));
            self.lanes = Lanes::default();
        }
        let mut notices = Vec::new();
        for (key, value) in &pairs {
            if is_special(key) || self.embedding.locks(key) {
                continue;
            }
            if let Some(notice) = self.lanes.take(key, value) {
                notices.extend(notice);
                continue;
            }
            match find_param(key) {
                Some(spec) if value.is_empty() => self.settings.clear(spec),
                _ => notices.extend(self.settings.take(schema::all(), key, value)),
            }
        }
        if (pairs.is_empty() || pairs.iter().any(|(key, _)| own::draws(key))) && self.own.set_aside(true) {
            self.told.settings = None;
            notices.push(Notice::new(
                "",
                "The page shows a network of its own again; yours is kept, see “Your own network”.",
            ));
        }
        effects.notices = Some(notices);
        self.gesture = None;
        if (&self.settings, &self.lanes) != (&before.0, &before.1) {
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
        if self.embedding.locks(key) {
            // It shows again what it is.
            self.told.controls.remove(key);
            return;
        }
        if let Some(param) = lanes::find(key) {
            let lane = self.lane();
            let mut settings = self.lanes.settings(lane);
            let notice = choose(&mut settings, param.param);
            self.lanes.set(lane, param.param, settings.value(param.param));
            if phase == Phase::Done {
                effects.notices = Some(notice.into_iter().collect());
                self.told.controls.remove(param.control.key);
            }
            self.moved(key, phase, effects);
            return;
        }
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
        if spec.key == opening::key() {
            self.rest(effects);
        }
    }

    /// What moves by itself moves no more.
    fn rest(&mut self, effects: &mut Effects) {
        if self.opening.take().is_some() {
            effects.animate = Some(self.wants_frames());
            effects.plays.insert(opening::BUTTON, false);
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
                self.remember();
            }
            self.told.query = query.clone();
            effects.address = Some(Address { query, entry });
        }
        changed
    }

    /// The state that is left now can be returned to.
    fn remember(&mut self) {
        self.undo.push(self.told.query.clone());
        if self.undo.len() > MOST_UNDOS {
            self.undo.remove(0);
        }
        self.redo.clear();
    }

    /// Undoes the last gesture, or does again what was undone.
    fn step_back(&mut self, back: bool, effects: &mut Effects) {
        self.stop(effects);
        let (from, to) = if back { (&mut self.undo, &mut self.redo) } else { (&mut self.redo, &mut self.undo) };
        let Some(query) = from.pop() else {
            let text = if back { "There is nothing to undo." } else { "There is nothing to do again." };
            effects.announce = Some(text.to_owned());
            effects.notices = Some(vec![Notice::new("", text)]);
            return;
        };
        to.push(std::mem::take(&mut self.told.query));
        (self.settings, self.lanes, _) = parse(&query);
        self.gesture = None;
        self.told.query = self.query();
        effects.address = Some(Address { query: self.told.query.clone(), entry: Entry::Push });
        effects.notices = Some(Vec::new());
        effects.announce = Some(if back { "Undone." } else { "Done again." }.to_owned());
    }

    pub(crate) fn act(&mut self, name: &str, effects: &mut Effects) {
        match name {
            "new-seed" | "new-start" => {
                self.seed_for = if name == "new-seed" { &schema::SEED.spec } else { &schema::START_SEED.spec };
                effects.wants_seed = true;
            }
            "opening-play" => {
                self.opening = Some(Opening::new());
                effects.animate = Some(true);
                effects.plays.insert(opening::BUTTON, true);
            }
            "opening-pause" => {
                // It stays where it was stopped.
                if let Some(opening) = self.opening {
                    self.rest(effects);
                    self.settings.set(&schema::OPENING_GAIN.spec, Value::Real(opening.gain()));
                    self.address(Entry::Push, effects);
                }
            }
            "present-next" => self.next(effects),
            "present-previous" => self.previous(effects),
            "present-end" => self.end_presenting(effects),
            "help" | "help-end" => effects.help = true,
            "own-close" => {
                self.own.close();
                self.told.settings = None;
            }
            "own-cancel" => {
                self.own.cancel();
                self.leading.give_up();
            }
            "own-matrix" => {
                self.settings.set(&schema::FAMILY.spec, Value::Choice("own"));
                self.address(Entry::Push, effects);
            }
            "own-show" => self.show_own(true),
            "own-aside" => self.show_own(false),
            "undo" | "redo" => self.step_back(name == "undo", effects),
            "copy-link" => effects.copy_query = Some(self.query()),
            "train-start" | "train-pause" => {
                self.trainings.run(name == "train-start", self.model.laboratory_mut());
                self.look(effects);
            }
            "train-step" => {
                self.trainings.single_step();
                self.look(effects);
            }
            "train-reset" => {
                self.trainings.reset(self.model.laboratory_mut());
                self.look(effects);
            }
            "experiment-start" => {
                let tried: Vec<_> =
                    schema::tries().iter().filter(|(_, flag)| self.settings.get(flag)).map(|(spec, _)| *spec).collect();
                let seeds = self.settings.get(&schema::SEEDS);
                self.trainings.experiment(&tried, seeds, self.model.laboratory_mut());
                self.look(effects);
            }
            "experiment-cancel" => {
                self.trainings.cancel();
                self.look(effects);
            }
            "export-evidence" => {
                let settings = self.lanes.settings(0);
                let updates = self.settings.get(&schema::STOP_STEP) as u64;
                effects.download = Some(evidence::file(&self.model.laboratory().evidence, &settings, updates));
            }
            "dismiss" => {
                self.told.standing.clear();
                effects.notices = Some(Vec::new());
            }
            _ => match name.split_once(':') {
                Some(("lane", letter)) => {
                    self.settings.set_text(&schema::LANE.spec, letter);
                    self.address(Entry::Replace, effects);
                }
                Some(("present", chapter)) => self.present(chapter, effects),
                Some(("compare", slug)) => {
                    let Some(exercise) = exercises::find(slug) else { return };
                    match exercise.press(&mut self.settings) {
                        Some(text) => {
                            effects.announce = Some(text.clone());
                            effects.notices = Some(vec![Notice::new(exercise.guess.spec().key, text)]);
                        }
                        None => effects.notices = Some(Vec::new()),
                    }
                    self.address(Entry::Push, effects);
                }
                Some(("sort", column)) => {
                    let column = evidence::COLUMNS.iter().map(|(key, _)| *key).find(|key| *key == column);
                    let Some(column) = column else { return };
                    // Pressed once more, the other way round.
                    self.sorted = (column, self.sorted == (column, false));
                    self.look(effects);
                }
                _ => {
                    if let Some((way, spec)) = takeaway::find(name) {
                        self.take_away(way, spec, effects);
                    } else if let Some((what, word)) = playing::find(name) {
                        self.act_on(what, word, effects);
                    }
                }
            },
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
            effects.animate = Some(self.wants_frames());
            effects.plays.insert(playing.what.button, false);
            self.address(Entry::Push, effects);
        }
    }

    fn frame(&mut self, now: f64, effects: &mut Effects) {
        if !self.wants_frames() {
            effects.animate = Some(false);
            return;
        }
        if self.opening.as_mut().is_some_and(|opening| !opening.frame(now)) {
            self.rest(effects);
        }
        let Some(Playing { what, last }) = self.playing else { return };
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
            if self.embedding.locks(spec.key) {
                continue;
            }
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
        let new_lanes = new_settings || self.told.lanes.as_ref() != Some(&self.lanes);
        let mut training = false;
        if new_lanes {
            let stop = (self.settings.get(&schema::STOP_STEP) as u64, self.settings.get(&schema::STOP_LOSS));
            let (count, in_workers) = (self.lane_count(), self.settings.get(&schema::WORKERS));
            training = self.trainings.configure(&self.lanes, count, stop, in_workers, self.model.laboratory_mut());
            self.model.laboratory_mut().selected = self.lane();
            self.told.lanes = Some(self.lanes.clone());
        }
        if new_lanes {
            self.told.settings = Some(self.settings.clone());
            self.model.configure(model::configs_with(&self.settings, self.own.shown()));
            let mut conflicts = schema::conflicts(&self.settings);
            conflicts.extend(self.own_conflict());
            conflicts.extend(self.lanes.conflicts(self.lane_count()));
            if conflicts != self.told.conflicts {
                self.told.conflicts.clone_from(&conflicts);
                self.told.standing = conflicts;
                effects.notices.get_or_insert_default();
            }
            if new_settings {
                let mut readouts = model::readouts(&self.model);
                readouts.extend(exercises::readouts(&self.settings));
                self.tell_readouts(readouts, effects);
            }
            self.tell_training(effects);
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
        if self.told.opening != self.opening || new_settings {
            self.tell_opening(effects);
        }
        let settled = self.gesture.is_none() && self.playing.is_none();
        let news = News { settings: new_settings, theme: new_theme, training, settled, worn: theme };
        for state in self.figures.values_mut() {
            state.refresh(&self.model, news, effects);
        }
        if settled {
            self.tell_sheets(effects);
        }
        let stage = self.stage();
        if self.told.stage != stage {
            self.told.stage.clone_from(&stage);
            effects.stage = Some(stage);
        }
        self.give_orders(effects);
        self.tell_leading(false, effects);
        self.tell_own(effects);
    }

    /// Brings the opening up to date; all else stays as it is.
    fn tell_opening(&mut self, effects: &mut Effects) {
        self.told.opening = self.opening;
        let config = model::opening(self.shown().get(&schema::OPENING_GAIN));
        let travelled = self.opening.map(|opening| opening.share() * config.sequence_length as f64);
        self.model.open(config, travelled);
        if let Some(control) = self.control(opening::key())
            && self.told.controls.get(opening::key()) != Some(&control)
        {
            self.told.controls.insert(opening::key(), control.clone());
            effects.controls.push(control);
        }
        let news = News { settings: true, theme: false, training: false, settled: true, worn: self.theme() };
        if let Some(state) = self.figures.get_mut(OPENING) {
            state.refresh(&self.model, news, effects);
        }
    }

    /// Brings what is seen of the runs up to date.
    fn look(&mut self, effects: &mut Effects) {
        self.tell_training(effects);
        let worn = self.theme();
        let news = News { settings: false, theme: false, training: true, settled: true, worn };
        for state in self.figures.values_mut().filter(|state| state.spec.is_of_training()) {
            state.refresh(&self.model, news, effects);
        }
        self.tell_sheets(effects);
    }

    /// A part of a file arrived: what comes next, or what is wrong.
    fn go_on_reading(&mut self, found: Result<Vec<std::ops::Range<u64>>, String>, effects: &mut Effects) {
        match found {
            Ok(ranges) if ranges.is_empty() => {
                if self.own.shown().is_some() {
                    self.own.imply(&mut self.settings);
                    self.told.settings = None;
                    self.address(Entry::Push, effects);
                    let text = self.own.panel(&self.settings).strip;
                    effects.announce = Some(text);
                    effects.notices = Some(Vec::new());
                }
            }
            Ok(ranges) => effects.read = Some(ranges),
            Err(why) => {
                effects.announce = Some(why.clone());
                effects.notices = Some(vec![Notice::new("", why)]);
            }
        }
    }

    /// Opens a network at once, as the command line does.
    ///
    /// # Errors
    /// One sentence, when there is none in it.
    pub fn open_network(&mut self, name: &str, content: &[u8]) -> Result<(), String> {
        self.own.open(vanishing_weights::open(name, content)?);
        self.own.imply(&mut self.settings);
        self.told.settings = None;
        let mut effects = Effects::default();
        self.refresh(&mut effects);
        // No worker is waited for.
        let mut worker = Worker::default();
        for work in effects.work.into_iter().filter(|work| work.worker == own::WORKER) {
            worker.give(work.numbers);
            if let Some(reply) = worker.work(&work.order, &|| 0.0, f64::INFINITY) {
                self.update(Msg::Worked { worker: own::WORKER, reply: reply.numbers(), now: 0.0 });
            }
        }
        Ok(())
    }

    /// Finds at once what a figure shows and the page leaves to a worker, as the command line does.
    pub fn complete(&mut self, slug: &str) {
        if slug == leading::FIGURE
            && let Some(wanted) = self.model.jacobians_wanted()
        {
            let found = LeadingJacobians::new(jacobians::factors(wanted)).finish();
            self.model.bring_jacobians(found);
        }
    }

    /// The network that somebody brought, if it is shown.
    pub fn own_network(&self) -> Option<&vanishing_core::studies::own::Own> {
        self.own.shown()
    }

    fn show_own(&mut self, shown: bool) {
        if self.own.set_aside(!shown) {
            if shown {
                self.own.imply(&mut self.settings);
            }
            self.told.settings = None;
        }
    }

    /// What is chosen for an opened network, where none is.
    fn own_conflict(&self) -> Option<Notice> {
        let missing = self.settings.get(&schema::FAMILY) == "own" && self.own.shown().is_none();
        let text = "family: no network is opened, so the eigenvalues are those chosen by hand.";
        missing.then(|| Notice::new("family", text.to_owned()))
    }

    /// The singular values of large Jacobians that somebody looks at; not while a hand changes what they are of.
    fn jacobians_wanted(&self) -> Option<&NetworkConfig> {
        let seen = self.figures.get(leading::FIGURE).is_some_and(|state| state.visible);
        let settled = self.gesture.is_none() && self.playing.is_none();
        self.model.jacobians_wanted().filter(|_| seen && settled)
    }

    /// Brings their figure up to date, if there is news.
    fn tell_leading(&mut self, brought: bool, effects: &mut Effects) {
        let search = match self.leading.search(self.model.jacobians_wanted()) {
            Search::Going(progress) => Search::Going((100.0 * progress).floor() / 100.0),
            other => other,
        };
        if !brought && self.model.search() == search {
            return;
        }
        self.model.set_search(search);
        let news = News { settings: true, theme: false, training: false, settled: true, worn: self.theme() };
        if let Some(state) = self.figures.get_mut(leading::FIGURE) {
            state.refresh(&self.model, news, effects);
        }
        if brought {
            self.tell_sheets(effects);
        }
    }

    fn tell_own(&mut self, effects: &mut Effects) {
        let mut panel = self.own.panel(&self.settings);
        if let (Search::Going(progress), None, true) = (self.model.search(), panel.progress, panel.open) {
            panel.progress = Some(progress);
            panel.spectrum =
                format!("The singular values of its Jacobians are being computed: {} %.", (100.0 * progress).round());
        }
        if self.told.own != panel {
            self.told.own.clone_from(&panel);
            effects.own = Some(panel);
        }
    }

    /// Sends the orders that are due; while a hand moves something, fewer.
    fn give_orders(&mut self, effects: &mut Effects) {
        effects.work.extend(self.own.dispatch());
        let wanted = self.jacobians_wanted().cloned();
        effects.work.extend(self.leading.dispatch(wanted.as_ref(), self.settings.get(&schema::WORKERS)));
        effects.work.extend(self.trainings.dispatch(self.gesture.is_some()));
    }

    fn tell_readouts(&mut self, readouts: Vec<(&'static str, String)>, effects: &mut Effects) {
        for (name, text) in readouts {
            if self.told.readouts.get(name) != Some(&text) {
                self.told.readouts.insert(name, text.clone());
                effects.readouts.push((name, text));
            }
        }
    }

    /// Readouts, tabs, pipeline and table of chapter 4.
    fn tell_training(&mut self, effects: &mut Effects) {
        let (lane, shown) = (self.lane(), self.model.laboratory());
        let readouts = self.trainings.readouts(lane, shown);
        let tabs: Vec<LaneTab> = shown
            .lanes
            .iter()
            .enumerate()
            .map(|(i, own)| LaneTab {
                letter: own.letter,
                name: own.name.clone(),
                state: self.trainings.state(i),
                selected: i == lane,
                begun: own.history.updates > 0,
            })
            .collect();
        let pipeline = self.trainings.pipeline(lane, shown);
        let table = evidence::table(&shown.evidence, &self.lanes.settings(0), self.sorted);
        self.tell_readouts(readouts, effects);
        if self.told.tabs != tabs {
            self.told.tabs.clone_from(&tabs);
            effects.lanes = Some(tabs);
        }
        if self.told.pipeline != pipeline {
            self.told.pipeline.clone_from(&pipeline);
            effects.pipeline = Some(pipeline);
        }
        if self.told.evidence != table {
            self.told.evidence = table.clone();
            effects.evidence = Some(table);
        }
        let running = self.trainings.is_running();
        if self.told.training != Some(running) {
            self.told.training = Some(running);
            effects.training = Some(running);
        }
        let share = self.trainings.experiment_share();
        if self.told.experiment != share {
            self.told.experiment = share;
            effects.experiment = Some(share.unwrap_or(f64::NAN));
        }
    }
}

/// So many sentences are said about one address: a broken link may give reason for thousands.
const MOST_NOTICES: usize = 8;

/// The parameter with that key or alias.
fn find_param(key: &str) -> Option<&'static ParamSpec> {
    schema::all().iter().copied().find(|spec| spec.key == key || spec.aliases.contains(&key))
}

/// The settings of an address: of the page, and of the lanes. An empty value is the default.
fn parse(query: &str) -> (Settings, Lanes, Vec<Notice>) {
    let query = query.strip_prefix('?').unwrap_or(query);
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let (mut settings, mut lanes, mut notices) = (Settings::default(), Lanes::default(), Vec::new());
    for (key, value) in pairs.iter().filter(|(key, _)| !is_special(key)) {
        match lanes.take(key, value) {
            Some(notice) => notices.extend(notice),
            None => match find_param(key) {
                // As in a link that is followed: the default.
                Some(spec) if value.is_empty() => settings.clear(spec),
                _ => notices.extend(settings.take(schema::all(), key, value)),
            },
        }
    }
    let more = notices.len().saturating_sub(MOST_NOTICES);
    if more > 0 {
        notices.truncate(MOST_NOTICES);
        notices.push(Notice::new("", format!("{more} more parts of the address could not be taken as they are.")));
    }
    (settings, lanes, notices)
}

/// The part of a link behind `?`, or the whole text where it has none.
fn query_part(link: &str) -> &str {
    let query = link.split_once('?').map_or(link, |(_, query)| query);
    query.split('#').next().unwrap_or(query)
}

/// The settings of a link: the part after `?`, or the whole link.
pub fn parse_link(link: &str) -> (Settings, Vec<Notice>) {
    let (settings, _, notices) = parse(query_part(link));
    (settings, notices)
}

/// The settings of a link and its lanes.
pub fn parse_lanes(link: &str) -> (Settings, Lanes, Vec<Notice>) {
    parse(query_part(link))
}

/// The address of settings: the part after `?`.
pub fn query_of(settings: &Settings) -> String {
    query_of_all(settings, &Lanes::default())
}

/// The address of settings and lanes.
pub(crate) fn query_of_all(settings: &Settings, lanes: &Lanes) -> String {
    let pairs = settings.pairs(schema::all());
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).extend_pairs(lanes.pairs()).finish()
}
