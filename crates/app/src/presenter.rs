//! Presenter mode: one figure fills the screen, and the keys walk through the beats of a lesson.
//!
//! Which lesson, and where in it, are parameters of the page ([`schema::PRESENT`], [`schema::BEAT`]); here is what else
//! there is to know: the chapter that is read, the reader's own lesson, whether the question of the beat is answered.
use crate::lessons::{self, Beat, Lesson};
use crate::msg::Focus;
use crate::page_figures::chapter_of;
use crate::schema;
use vanishing_core::param::{Notice, ParamSpec, Settings};

/// What fills the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The slug of the figure.
    pub figure: String,
    /// The keys of the controls beside it.
    pub controls: Vec<String>,
    /// The title of the lesson.
    pub title: String,
    /// The beat and how many there are: `3 / 7`.
    pub place: String,
    /// The question; empty where the beat has none.
    pub ask: String,
    /// The sentence; empty until the question is answered.
    pub say: String,
    /// Whether the figure is hidden, because it would show the answer.
    pub veiled: bool,
    /// The action of the key that plays; empty where nothing does.
    pub plays: &'static str,
}

/// What a key asks for that belongs to no picture and no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Undo the last change.
    Undo,
    /// Make the undone change again.
    Redo,
    /// Open or close the help.
    Help,
    /// Begin the lesson of the chapter that is read.
    Present,
    /// Back to the text.
    End,
    /// The answer, or the next beat.
    Next,
    /// The beat before.
    Previous,
    /// The first beat.
    First,
    /// Play or pause what plays in this chapter.
    Play,
    /// Follow the chapter's link with that number, from 1.
    Preset(usize),
    /// Give the focus to the control of that parameter.
    Focus(&'static str),
}

/// What the next press of a lesson does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The lesson is at its end, or there is none.
    Nothing,
    /// The answer to the beat's question.
    Say(String),
    /// Another beat, from 1.
    GoTo(usize),
}

/// What the presenter knows besides the settings.
pub struct Presenter {
    /// The chapter that is read.
    chapter: &'static str,
    /// The reader's own lesson, if it has a beat.
    own_lesson: Option<Lesson>,
    /// The text of that lesson.
    own_text: String,
    /// Whether the question of the beat is answered.
    revealed: bool,
}

impl Default for Presenter {
    /// At the first chapter.
    fn default() -> Self {
        let chapter = lessons::chapters().next().unwrap_or_default();
        Self { chapter, own_lesson: None, own_text: String::new(), revealed: false }
    }
}

impl Presenter {
    /// Another chapter is read; a name that is no chapter's changes nothing.
    pub fn read_chapter(&mut self, name: &str) {
        self.chapter = lessons::chapters().find(|known| *known == name).unwrap_or(self.chapter);
    }

    /// The chapter that is read.
    pub fn chapter(&self) -> &'static str {
        self.chapter
    }

    /// The text of the reader's own lesson; empty without one.
    pub fn text(&self) -> &str {
        &self.own_text
    }

    /// Takes a lesson that somebody wrote, and says what is wrong in it; one without a beat is not taken.
    pub fn take_lesson(&mut self, text: &str) -> Vec<Notice> {
        let (lesson, notices) = lessons::read(text);
        if !lesson.beats.is_empty() {
            self.own_lesson = Some(lesson);
            self.own_text = text.to_owned();
        }
        notices
    }

    /// Whether there is a lesson of the reader's own.
    pub fn has_own_lesson(&self) -> bool {
        self.own_lesson.is_some()
    }

    /// The lesson that is given now.
    fn lesson(&self, settings: &Settings) -> Option<&Lesson> {
        match settings.get(&schema::PRESENT) {
            "none" => None,
            lessons::OWN => self.own_lesson.as_ref(),
            chapter => lessons::of_chapter(chapter),
        }
    }

    /// The beat, and its place from 0.
    pub fn beat(&self, settings: &Settings) -> Option<(usize, &Beat)> {
        let lesson = self.lesson(settings)?;
        let place = settings.get(&schema::BEAT).clamp(1, lesson.beats.len().max(1)) - 1;
        lesson.beats.get(place).map(|beat| (place, beat))
    }

    /// What fills the screen now.
    pub fn stage(&self, settings: &Settings) -> Option<Stage> {
        let lesson = self.lesson(settings)?;
        let (place, beat) = self.beat(settings)?;
        let asks = !beat.ask.is_empty() && !self.revealed;
        Some(Stage {
            figure: beat.figure.clone(),
            controls: beat.controls.clone(),
            title: lesson.title.clone(),
            place: format!("{} / {}", place + 1, lesson.beats.len()),
            ask: beat.ask.clone(),
            say: if asks { String::new() } else { beat.say.clone() },
            veiled: asks && beat.veiled,
            plays: self.plays(settings),
        })
    }

    /// The action of the key that plays, in the chapter that is presented or read; empty where nothing plays.
    pub fn plays(&self, settings: &Settings) -> &'static str {
        let chapter = match settings.get(&schema::PRESENT) {
            "none" => self.chapter,
            lessons::OWN => self.beat(settings).map_or("", |(_, beat)| chapter_of(&beat.figure)),
            chapter => chapter,
        };
        lessons::plays(chapter)
    }

    /// What the next press does; a question counts as answered from now on.
    pub fn next(&mut self, settings: &Settings) -> Step {
        let Some((place, beat)) = self.beat(settings) else { return Step::Nothing };
        if !beat.ask.is_empty() && !self.revealed {
            let say = beat.say.clone();
            self.revealed = true;
            return Step::Say(say);
        }
        let last = self.lesson(settings).map_or(0, |lesson| lesson.beats.len());
        if place + 1 < last { Step::GoTo(place + 2) } else { Step::Nothing }
    }

    /// The beat before, from 1.
    pub fn previous(&self, settings: &Settings) -> Option<usize> {
        self.beat(settings).map(|(place, _)| place).filter(|place| *place > 0)
    }

    /// The question of a beat that begins is not answered.
    pub fn begin_beat(&mut self) {
        self.revealed = false;
    }

    /// The chapter whose links the digits follow.
    pub fn chapter_of_presets(&self, settings: &Settings) -> &'static str {
        match self.lesson(settings) {
            Some(_) => self.beat(settings).map_or("", |(_, beat)| chapter_of(&beat.figure)),
            None => self.chapter,
        }
    }

    /// What a key asks for; `None` where it is the browser's.
    pub fn command(
        &self,
        settings: &Settings,
        key: &str,
        (control, shift): (bool, bool),
        focus: Focus,
    ) -> Option<Command> {
        let presenting = self.lesson(settings).is_some();
        match (key, focus) {
            ("z" | "Z", Focus::Button | Focus::Page) if control => {
                Some(if shift { Command::Redo } else { Command::Undo })
            }
            ("y", Focus::Button | Focus::Page) if control => Some(Command::Redo),
            _ if control => None,
            ("Escape", _) if presenting => Some(Command::End),
            (_, Focus::Field) => None,
            ("?", _) => Some(Command::Help),
            ("p" | "P", _) => Some(if presenting { Command::End } else { Command::Present }),
            ("ArrowRight" | "PageDown", _) if presenting => Some(Command::Next),
            ("ArrowLeft" | "PageUp", _) if presenting => Some(Command::Previous),
            ("Home", _) if presenting => Some(Command::First),
            (" ", Focus::Page) if presenting => Some(Command::Play),
            (digit, _) if digit.len() == 1 && ("1"..="9").contains(&digit) => digit.parse().ok().map(Command::Preset),
            (letter, _) => {
                // A parameter's own key leads to its control.
                let named = |spec: &&&ParamSpec| spec.hotkey.is_some_and(|hotkey| letter.chars().eq([hotkey]));
                schema::all().iter().find(named).map(|spec| Command::Focus(spec.key))
            }
        }
    }
}
