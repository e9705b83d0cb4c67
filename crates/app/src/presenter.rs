//! Presenter mode: one figure fills the screen, and the keys walk through the beats of a lesson.
use crate::effects::Effects;
use crate::lab::Lab;
use crate::lessons::{self, Beat, Lesson};
use crate::page_figures::chapter_of;
use crate::schema;
use vanishing_core::param::{ParamSpec, Value};

/// What fills the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The figure.
    pub figure: String,
    /// The keys of the controls beside it.
    pub controls: Vec<String>,
    /// The lesson.
    pub title: String,
    /// Where in it.
    pub place: String,
    /// The question, as long as it is not answered.
    pub ask: String,
    /// The sentence, when it is time.
    pub say: String,
    /// Whether the figure is hidden, because it would show the answer.
    pub veiled: bool,
    /// The action of the key that plays; empty where nothing does.
    pub plays: &'static str,
}

/// Where the focus is when a key is pressed, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// In a field, a menu or a slider, to which keys belong.
    Field,
    /// On a button or a link, to which the space bar belongs.
    Button,
    /// Elsewhere.
    Page,
}

impl Lab {
    /// The lesson that is given now.
    fn lesson(&self) -> Option<&Lesson> {
        match self.settings().get(&schema::PRESENT) {
            "none" => None,
            lessons::OWN => self.own_lesson.as_ref(),
            chapter => lessons::of_chapter(chapter),
        }
    }

    /// The beat, and its place from 0.
    pub(crate) fn beat(&self) -> Option<(usize, &Beat)> {
        let lesson = self.lesson()?;
        let place = self.settings().get(&schema::BEAT).clamp(1, lesson.beats.len().max(1)) - 1;
        lesson.beats.get(place).map(|beat| (place, beat))
    }

    /// What fills the screen now.
    pub fn stage(&self) -> Option<Stage> {
        let lesson = self.lesson()?;
        let (place, beat) = self.beat()?;
        let asks = !beat.ask.is_empty() && !self.revealed;
        Some(Stage {
            figure: beat.figure.clone(),
            controls: beat.controls.clone(),
            title: lesson.title.clone(),
            place: format!("{} / {}", place + 1, lesson.beats.len()),
            ask: beat.ask.clone(),
            say: if asks { String::new() } else { beat.say.clone() },
            veiled: asks && beat.veiled,
            plays: self.plays(),
        })
    }

    /// What the key that plays does in this chapter.
    fn plays(&self) -> &'static str {
        let chapter = match self.settings().get(&schema::PRESENT) {
            "none" => self.chapter,
            lessons::OWN => self.beat().map_or("", |(_, beat)| chapter_of(&beat.figure)),
            chapter => chapter,
        };
        lessons::plays(chapter)
    }

    /// Begins the lesson of a chapter, or the reader's own.
    pub(crate) fn present(&mut self, name: &str, effects: &mut Effects) {
        self.settings_mut().set_text(&schema::PRESENT.spec, name);
        self.go_to(1, effects);
    }

    /// Back to the text.
    pub(crate) fn end_presenting(&mut self, effects: &mut Effects) {
        self.settings_mut().clear(&schema::PRESENT.spec);
        self.settings_mut().clear(&schema::BEAT.spec);
        self.write(effects);
    }

    /// The next thing: what is said, or else the next beat.
    pub(crate) fn next(&mut self, effects: &mut Effects) {
        let Some((place, beat)) = self.beat() else { return };
        if !beat.ask.is_empty() && !self.revealed {
            effects.announce = Some(beat.say.clone());
            self.revealed = true;
            return;
        }
        let last = self.lesson().map_or(0, |lesson| lesson.beats.len());
        if place + 1 < last {
            self.go_to(place + 2, effects);
        }
    }

    /// The beat before.
    pub(crate) fn previous(&mut self, effects: &mut Effects) {
        if let Some((place, _)) = self.beat().filter(|(place, _)| *place > 0) {
            self.go_to(place, effects);
        }
    }

    /// Goes to a beat, from 1, and makes its state.
    pub(crate) fn go_to(&mut self, beat: usize, effects: &mut Effects) {
        self.settings_mut().set(&schema::BEAT.spec, Value::Int(beat as i64));
        self.revealed = false;
        if let Some((_, beat)) = self.beat() {
            let (state, words) = (beat.state.clone(), if beat.ask.is_empty() { &beat.say } else { &beat.ask });
            effects.announce = Some(words.clone());
            if state.is_empty() {
                self.write(effects);
            } else {
                self.follow(&state, effects);
            }
        }
    }

    /// A key that belongs to no picture and no field.
    pub(crate) fn shortcut(&mut self, key: &str, (control, shift): (bool, bool), focus: Focus, effects: &mut Effects) {
        effects.handled = true;
        let presenting = self.lesson().is_some();
        match (key, focus) {
            ("z" | "Z", Focus::Button | Focus::Page) if control => {
                self.act(if shift { "redo" } else { "undo" }, effects);
            }
            ("y", Focus::Button | Focus::Page) if control => self.act("redo", effects),
            _ if control => effects.handled = false,
            ("Escape", _) if presenting => self.end_presenting(effects),
            (_, Focus::Field) => effects.handled = false,
            ("?", _) => effects.help = true,
            ("p" | "P", _) if presenting => self.end_presenting(effects),
            ("p" | "P", _) => self.present(self.chapter, effects),
            ("ArrowRight" | "PageDown", _) if presenting => self.next(effects),
            ("ArrowLeft" | "PageUp", _) if presenting => self.previous(effects),
            ("Home", _) if presenting => self.go_to(1, effects),
            (" ", Focus::Page) if presenting => {
                let plays = self.plays();
                let now = if self.is_playing(plays) {
                    plays.replace("play", "pause").replace("-start", "-pause")
                } else {
                    plays.to_owned()
                };
                self.act(&now, effects);
            }
            (digit, _) if digit.len() == 1 && ("1"..="9").contains(&digit) => {
                let chapter = if presenting {
                    self.beat().map_or("", |(_, beat)| chapter_of(&beat.figure))
                } else {
                    self.chapter
                };
                effects.preset = digit.parse().ok().map(|number: usize| (chapter.to_owned(), number));
            }
            (letter, _) => {
                // A parameter's own key leads to its control.
                let named = |spec: &&&ParamSpec| spec.hotkey.is_some_and(|own| letter.chars().eq([own]));
                effects.focus = schema::all().iter().find(named).map(|spec| spec.key);
                effects.handled = effects.focus.is_some();
            }
        }
    }
}
