//! The page without a browser: what is chosen, what follows from it, what is seen of it.
//!
//! Every message goes one way: [`Lab::update`] hands it to the part that owns what it is about, and then everything that
//! is shown is brought up to date in one place (`refresh`), which compares what the page was made from before with what it
//! is made from now. So no message has to know what else it changes.
mod act;
mod hand;
mod headless;
mod look;
mod present;
mod refresh;
mod sources;

use crate::address::{Chosen, Link};
use crate::chapters::Chapter;
use crate::effects::{Effects, Parts};
use crate::embedding::Embedding;
use crate::history::{Entry, History};
use crate::jobs::{self, JobId, Jobs};
use crate::moving::Manner;
use crate::msg::Msg;
use crate::opened::{self, OpenedNetwork};
use crate::opening::{self, Opening};
use crate::pictures::Pictures;
use crate::playing::{Playing, Way};
use crate::presenter::Presenter;
use crate::takeaway::Sheets;
use crate::view::View;
use crate::{lessons, model, schema};
use sources::{Shelf, Sources};
use std::collections::BTreeSet;
use vanishing_charts::Model;
use vanishing_core::param::{Notice, ParamSpec, Value};
use vanishing_core::studies::jacobians::JacobianStudy;

/// The page without a browser.
pub struct Lab {
    chosen: Chosen,
    embedding: Embedding,
    history: History,
    model: Model,
    pictures: Pictures,
    jobs: Jobs,
    opened: OpenedNetwork,
    presenter: Presenter,
    /// What the reader had before a lesson began.
    shelf: Option<Shelf>,
    /// What plays now.
    playing: Option<Playing>,
    /// What moves by itself in the opening.
    opening: Option<Opening>,
    /// How often what is shown of the runs changed besides by [`Jobs`].
    runs: u64,
    /// How often singular values were found.
    jacobians_found: u64,
    /// What stands open beneath the figures.
    sheets: Sheets,
    /// The column by which the table of the experiment is sorted, and whether from the largest.
    sorted: (&'static str, bool),
    /// Whether the system's colours are dark.
    system_dark: bool,
    /// Whether the page is being printed: paper is white.
    printing: bool,
    /// The parameter that the next seed is for.
    seed_for: &'static ParamSpec,
    /// What cannot be together, in sentences that stay until it is resolved or they are dismissed.
    standing: Vec<Notice>,
    /// The same as they were found last, dismissed or not.
    conflicts: Vec<Notice>,
    /// The control that is written again although it did not change: what a person typed in it was refused.
    again: Option<String>,
    /// The chapters whose readouts are still to be made from what changed.
    stale: BTreeSet<Chapter>,
    /// Whether the message at hand is a frame.
    in_frame: bool,
    /// How the message at hand changes the settings, if it does.
    manner: Manner,
    /// What the view was made from.
    sources: Sources,
    view: View,
}

impl Lab {
    /// Opens an address (the part after `?`, with or without it). The effects hold everything that the page shows.
    pub fn new(query: &str) -> (Self, Effects) {
        let Link { chosen, embedding, lesson, mut notices } = Link::read(query);
        let mut lab = Self {
            model: Model::new(model::configs(&chosen.settings)),
            chosen,
            embedding,
            history: History::default(),
            pictures: Pictures::new(),
            jobs: Jobs::default(),
            opened: OpenedNetwork::default(),
            presenter: Presenter::default(),
            shelf: None,
            playing: None,
            opening: None,
            sheets: Sheets::default(),
            sorted: ("", false),
            system_dark: false,
            printing: false,
            seed_for: &schema::SEED.spec,
            standing: Vec::new(),
            conflicts: Vec::new(),
            runs: 0,
            jacobians_found: 0,
            again: None,
            stale: BTreeSet::new(),
            in_frame: false,
            manner: Manner::Moved,
            sources: Sources::default(),
            view: View::default(),
        };
        notices.extend(lesson.map(|text| lab.presenter.take_lesson(&text)).unwrap_or_default());
        lab.begin_at_beat();
        lab.history.begin(lab.query());
        let mut effects = Effects { notices: Some(notices), ..Effects::default() };
        lab.refresh(&mut effects);
        (lab, effects)
    }

    /// Takes a message and says what is to be done.
    pub fn update(&mut self, msg: Msg) -> Effects {
        let mut effects = Effects::default();
        let keyed = match &msg {
            Msg::Key { figure, .. } => Some(figure.clone()),
            _ => None,
        };
        self.in_frame = matches!(msg, Msg::Frame { .. });
        self.manner = Manner::of(&msg);
        let was_presenting = self.is_presenting();
        self.take(msg, &mut effects);
        self.without_trace(&mut effects, was_presenting);
        self.refresh(&mut effects);
        // What is pushed by keys is read out as it stands now.
        if let Some(figure) = keyed.filter(|_| effects.handled && effects.announce.is_none()) {
            effects.announce = self.pictures.get(&figure).and_then(|state| state.handle_label());
        }
        effects
    }

    /// Hands a message to the part that it is about.
    fn take(&mut self, msg: Msg, effects: &mut Effects) {
        match msg {
            Msg::Navigate { query } => self.navigate(&query, effects),
            Msg::Follow { query } => self.follow(&query, effects),
            Msg::SetByParent { query } => {
                self.follow(&query, effects);
                // Somebody else's script leaves no trace in the reader's history.
                if let Some(address) = &mut effects.address {
                    address.entry = Entry::Replace;
                }
            }
            Msg::Input { key, value, phase } => {
                self.input(&key, phase, effects, |settings, spec| settings.set_text(spec, &value))
            }
            Msg::Slide { key, position, phase } => self.slide(&key, position, phase, effects),
            Msg::Action { name } => {
                if let Some(action) = crate::action::parse(&name) {
                    self.act(action, effects);
                }
            }
            Msg::Seed { seed } => {
                let settings = &mut self.chosen.settings;
                settings.set(self.seed_for, Value::Int(i64::from(seed)));
                if self.seed_for.key == schema::START_SEED.spec.key {
                    settings.clear(&schema::START.spec);
                }
                self.write(Entry::Push, effects);
            }
            Msg::Frame { now } => self.frame(now, effects),
            Msg::Pointer { figure, kind, x, y } => {
                let changes = self.pictures.pointer(&figure, kind, (x, y), self.theme(), effects);
                self.apply(changes, effects);
            }
            Msg::Key { figure, key, shift } => {
                let changes = self.pictures.key(&figure, &key, shift, self.theme(), effects);
                self.apply(changes, effects);
            }
            Msg::Resize { figure, width, height, scale } => {
                if let Some(state) = self.pictures.get_mut(&figure) {
                    state.resize(width, height, scale);
                }
            }
            Msg::Visible { figure, visible } => {
                if let Some(state) = self.pictures.get_mut(&figure) {
                    state.visible = visible;
                }
            }
            Msg::SystemTheme { dark } => self.system_dark = dark,
            Msg::TextSize { text } => self.pictures.set_text_size(text),
            Msg::Fonts => self.pictures.draw_again(),
            Msg::Worked { job, reply, now } => match self.take_reply(job, &reply, now) {
                jobs::News::Spectrum(study) => self.opened.bring_spectrum(study),
                jobs::News::Jacobians(study) => self.take_jacobians(study),
                _ => {}
            },
            Msg::WorkerTrouble { worker, why } => self.jobs.trouble(worker, &why),
            Msg::Cores { cores } if self.embedding.only.is_empty() => self.jobs.set_cores(cores),
            // A page may have many embedded figures.
            Msg::Cores { .. } => self.jobs.share_one_thread(),
            Msg::Text { text } => self.read_text(&text, effects),
            Msg::FilesOffered { files } => {
                let begun = self.opened.offer(files);
                self.go_on_reading(begun, effects);
            }
            Msg::FileParts { parts } => {
                let more = self.opened.take(&parts);
                self.go_on_reading(more, effects);
            }
            Msg::FileFailed { why } => {
                self.opened.fail();
                effects.notices = Some(vec![Notice::new("", why)]);
            }
            Msg::NetworkGone { name } => {
                let said = self.opened.lose(name).map(|text| Notice::new("", text));
                // Beside what is said of the address.
                let others = self.view.notices.iter().filter(|notice| !self.standing.contains(notice)).cloned();
                effects.notices = said.map(|said| others.chain([said]).collect());
            }
            Msg::Refused { why } => effects.notices = Some(vec![Notice::new("", why)]),
            Msg::Shortcut { key, control, shift, focus } => self.shortcut(&key, (control, shift), focus, effects),
            Msg::Chapter { name } => self.presenter.read_chapter(&name),
            Msg::Beside { place } => self.go_beside(place, effects),
            Msg::LessonFile { text } => {
                let notices = self.presenter.take_lesson(&text);
                if self.presenter.has_own_lesson() {
                    self.present(lessons::OWN, effects);
                }
                effects.notices = Some(notices);
            }
            Msg::Motion => {
                self.pictures.allow_motion();
                let gain = &schema::OPENING_GAIN.spec;
                if self.opening.is_none() && self.chosen.settings.value(gain) == gain.default {
                    self.opening = Some(Opening::new());
                }
            }
            Msg::Printing(begins) => {
                self.printing = begins;
                self.pictures.leave(false);
            }
            Msg::Copied { ok, link } => {
                let text = if ok { "The link was copied.".to_owned() } else { format!("Copy this link: {link}") };
                effects.announce = Some(text.clone());
                effects.notices = Some(vec![Notice::new("copy-link", text)]);
            }
        }
    }

    /// The browser went to another address of this page.
    fn navigate(&mut self, query: &str, effects: &mut Effects) {
        let Link { chosen, embedding, lesson, mut notices } = Link::read(query);
        self.leave_lesson();
        (self.chosen, self.embedding) = (chosen, embedding);
        notices.extend(self.open_lesson(lesson));
        self.history.arrive(self.query());
        self.stop(effects);
        effects.notices = Some(notices);
    }

    /// Takes the lesson of an address, if it is another one.
    fn open_lesson(&mut self, lesson: Option<String>) -> Vec<Notice> {
        let other = lesson.filter(|text| text != self.presenter.text());
        other.map(|text| self.presenter.take_lesson(&text)).unwrap_or_default()
    }

    /// An address that names a beat and nothing else has the state of that beat.
    fn begin_at_beat(&mut self) {
        let nothing_else = Chosen { settings: self.chosen.of_page(), ..Chosen::default() };
        let state = self.presenter.beat(&self.chosen.settings).map(|(_, beat)| beat.state.clone());
        if let Some(state) = state.filter(|_| self.chosen == nothing_else) {
            self.chosen.follow(&state, &self.embedding);
        }
    }

    /// Follows a link within the page.
    fn follow(&mut self, query: &str, effects: &mut Effects) {
        let before = self.chosen.clone();
        let followed = self.chosen.follow(query, &self.embedding);
        let mut notices = followed.notices;
        let draws_a_network = followed.keys.is_empty() || followed.keys.iter().any(|key| opened::draws(key));
        if draws_a_network && self.opened.set_aside(true) {
            let text = "The page shows a network of its own again; yours is kept, see “Your own network”.";
            notices.push(Notice::new("", text));
        }
        effects.notices = Some(notices);
        self.history.end_gesture();
        if self.chosen != before {
            self.write(Entry::Push, effects);
        }
    }

    /// Takes what a worker answered.
    fn take_reply(&mut self, job: JobId, reply: &[f64], now: f64) -> jobs::News {
        let (laboratory, workbench) = self.model.reports_mut();
        self.jobs.worked(job, reply, now, jobs::Shown { laboratory, workbench })
    }

    /// Takes the singular values that were looked for.
    fn take_jacobians(&mut self, study: JacobianStudy) {
        self.model.set_jacobians(study);
        self.jacobians_found += 1;
    }

    /// Writes the address, if it changed.
    fn write(&mut self, entry: Entry, effects: &mut Effects) {
        if let Some(address) = self.history.write(self.query(), entry) {
            effects.address = Some(address);
        }
    }

    /// A part of a file arrived: what comes next, or what is wrong.
    fn go_on_reading(&mut self, found: Result<Parts, String>, effects: &mut Effects) {
        match found {
            Ok(parts) if parts.ranges.is_empty() => {
                if self.opened.shown().is_some() {
                    self.opened.imply(&mut self.chosen.settings);
                    self.write(Entry::Push, effects);
                    effects.announce = Some(self.opened_panel().strip);
                    effects.notices = Some(Vec::new());
                }
            }
            Ok(parts) => effects.read = Some(parts),
            Err(why) => {
                effects.announce = Some(why.clone());
                effects.notices = Some(vec![Notice::new("", why)]);
            }
        }
    }

    /// A frame passed: what plays goes on, and what was pressed.
    fn frame(&mut self, now: f64, effects: &mut Effects) {
        if !self.wants_frames() {
            effects.animate = Some(false);
            return;
        }
        self.pictures.frame(now);
        if self.opening.as_mut().is_some_and(|opening| !opening.frame(now)) {
            self.opening = None;
        }
        let Some(Playing { what, last, falls }) = self.playing else { return };
        if last.is_some_and(|last| now - last < what.interval) {
            return;
        }
        self.playing = Some(Playing { what, last: Some(now), falls });
        if last.is_some() {
            if self.is_at_its_end(what) {
                self.stop(effects);
            } else {
                self.push(what, if falls { -1.0 } else { 1.0 });
            }
            if let Way::Between(low, high) = what.way
                && let Some(reached) = self.shown().value(what.param).number()
                && let Some(playing) = &mut self.playing
            {
                playing.falls = if falls { reached > low } else { reached >= high };
            }
        }
    }

    /// Whether something moves that is seen, or something out of view is still to be made.
    fn wants_frames(&self) -> bool {
        let by_itself = self.playing.is_some() || self.opening.is_some() && self.pictures.sees(opening::FIGURE);
        by_itself || self.pictures.move_on() || self.has_late()
    }

    /// Stops playing; the value that was reached enters the address.
    fn stop(&mut self, effects: &mut Effects) {
        if self.playing.take().is_some() {
            self.write(Entry::Push, effects);
        }
    }
}
