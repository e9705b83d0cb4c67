//! Presenter mode: one figure fills the screen, and the keys walk through the beats of a lesson.
//!
//! Which lesson, and where in it, are parameters of the page ([`schema::PRESENT`], [`schema::BEAT`]); here is what else
//! there is to know: the chapter that is read, the reader's own lesson, whether the question of the beat is answered.
use crate::lessons::{self, Beat, Lesson};
use crate::msg::Focus;
use crate::page_figures::chapter_of;
use crate::schema;
use vanishing_core::param::{Notice, ParamSpec, Settings};

/// An answer that a class may vote for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vote {
    /// In words.
    pub answer: String,
    /// The hands that were counted.
    pub hands: u32,
    /// Whether it is said to be right.
    pub right: bool,
}

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
    /// The action of the key that plays; empty where nothing does, or nothing is seen of it.
    pub plays: &'static str,
    /// The answers that can be voted for, with the hands that were counted; empty once nothing is asked and nobody has voted.
    pub votes: Vec<Vote>,
    /// Whether the screen is black.
    pub black: bool,
    /// What the lecturer alone reads.
    pub note: String,
    /// What the next press brings, in words; empty at the end.
    pub next: String,
    /// Whether it is the last beat of its lesson.
    pub is_last: bool,
    /// When this beat begins and when the lesson ends, in seconds from its beginning, if it goes as planned.
    pub plan: (u32, u32),
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
    /// A black screen, or the stage again.
    Black,
    /// Open the lecturer's window.
    Lecturer,
    /// Count a hand for the answer with that number, from 0.
    Vote(usize),
    /// Count the hands anew.
    ClearVotes,
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
    /// The beat's question again, with the hands that were counted.
    Again,
    /// Another beat, from 1.
    GoTo(usize),
    /// Another chapter's lesson, at a beat from 1.
    Lesson(&'static str, usize),
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
    /// Whether the screen is black.
    black: bool,
    /// Hands that were counted for the answers of the beat.
    votes: Vec<u32>,
    /// Whether somebody gives a lesson here: until then F5 loads the page again, as everywhere.
    teaches: bool,
}

impl Default for Presenter {
    /// At the first chapter.
    fn default() -> Self {
        let chapter = lessons::chapters().next().unwrap_or_default();
        let (own_text, votes) = (String::new(), Vec::new());
        Self { chapter, own_lesson: None, own_text, revealed: false, black: false, votes, teaches: false }
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
            (self.own_lesson, self.teaches) = (Some(lesson), true);
            self.own_text = text.to_owned();
        }
        notices
    }

    /// A lesson was given, or the lecturer's window opened.
    pub fn teach(&mut self) {
        self.teaches = true;
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

    /// The states of the beats up to the one that is shown: together they make what it shows.
    pub fn states(&self, settings: &Settings) -> Vec<String> {
        let (Some(lesson), Some((place, _))) = (self.lesson(settings), self.beat(settings)) else { return Vec::new() };
        lesson.beats.iter().take(place + 1).map(|beat| beat.state.clone()).filter(|state| !state.is_empty()).collect()
    }

    /// What fills the screen now.
    pub fn stage(&self, settings: &Settings) -> Option<Stage> {
        let lesson = self.lesson(settings)?;
        let (place, beat) = self.beat(settings)?;
        let asks = self.asks(beat);
        let counted = |place: usize| self.votes.get(place).copied().unwrap_or(0);
        let votes = beat.votes.iter().enumerate().map(|(place, answer)| Vote {
            answer: answer.clone(),
            hands: counted(place),
            right: !asks && beat.right == Some(place),
        });
        let all = lesson.minutes * 60;
        let count = u32::try_from(lesson.beats.len()).unwrap_or(u32::MAX).max(1);
        Some(Stage {
            figure: beat.figure.clone(),
            controls: beat.controls.clone(),
            title: lesson.title.clone(),
            place: format!("{} / {}", place + 1, lesson.beats.len()),
            ask: beat.ask.clone(),
            say: if asks { String::new() } else { beat.say.clone() },
            veiled: asks && beat.veiled,
            plays: if asks && beat.veiled { "" } else { self.plays(settings) },
            votes: if asks || votes.clone().any(|vote| vote.hands > 0) { votes.collect() } else { Vec::new() },
            black: self.black,
            note: beat.note.clone(),
            next: self.next_in_words(settings),
            is_last: place + 1 == lesson.beats.len(),
            plan: (all * u32::try_from(place).unwrap_or(0) / count, all),
        })
    }

    /// Whether the question of a beat waits for its answer.
    fn asks(&self, beat: &Beat) -> bool {
        !beat.ask.is_empty() && !self.revealed
    }

    /// Whether the figure of the beat is hidden now.
    pub fn is_veiled(&self, settings: &Settings) -> bool {
        self.beat(settings).is_some_and(|(_, beat)| beat.veiled && self.asks(beat))
    }

    /// What the next press brings, in words.
    fn next_in_words(&self, settings: &Settings) -> String {
        let Some((place, beat)) = self.beat(settings) else { return String::new() };
        let begins = |beat: &Beat| if beat.ask.is_empty() { beat.say.clone() } else { beat.ask.clone() };
        if self.asks(beat) {
            return beat.say.clone();
        }
        let Some(lesson) = self.lesson(settings) else { return String::new() };
        match (lesson.beats.get(place + 1), self.beside(settings, true)) {
            (Some(next), _) => begins(next),
            (None, Some((_, next))) => next.title.clone(),
            (None, None) => String::new(),
        }
    }

    /// The lesson of the chapter before or after the one that is presented.
    fn beside(&self, settings: &Settings, after: bool) -> Option<(&'static str, &'static Lesson)> {
        let name = lessons::beside(settings.get(&schema::PRESENT), after)?;
        Some((name, lessons::of_chapter(name)?))
    }

    /// The action of the key that plays, in the chapter that is presented or read; empty where nothing plays.
    pub fn plays(&self, settings: &Settings) -> &'static str {
        lessons::plays(self.beat(settings).map_or(self.chapter, |(_, beat)| chapter_of(&beat.figure)))
    }

    /// What the next press does; a question counts as answered from now on.
    pub fn next(&mut self, settings: &Settings) -> Step {
        let Some((place, beat)) = self.beat(settings) else { return Step::Nothing };
        if self.asks(beat) {
            let say = beat.say.clone();
            self.revealed = true;
            return Step::Say(say);
        }
        let last = self.lesson(settings).map_or(0, |lesson| lesson.beats.len());
        if place + 1 < last {
            return Step::GoTo(place + 2);
        }
        self.beside(settings, true).map_or(Step::Nothing, |(name, _)| Step::Lesson(name, 1))
    }

    /// The question again that was answered, the beat before, or the last one of the chapter before.
    pub fn previous(&self, settings: &Settings) -> Step {
        match self.beat(settings) {
            None => Step::Nothing,
            Some((_, beat)) if !beat.ask.is_empty() && self.revealed => Step::Again,
            Some((0, _)) => {
                let before = self.beside(settings, false);
                before.map_or(Step::Nothing, |(name, lesson)| Step::Lesson(name, lesson.beats.len()))
            }
            Some((place, _)) => Step::GoTo(place),
        }
    }

    /// The question of a beat that begins is not answered, and nobody has voted.
    pub fn begin_beat(&mut self) {
        self.revealed = false;
        self.votes.clear();
    }

    /// The screen becomes black, or shows the stage again.
    pub fn set_black(&mut self, black: bool) {
        self.black = black;
    }

    /// Whether it is black.
    pub fn is_black(&self) -> bool {
        self.black
    }

    /// Whether the question of the beat is answered.
    pub fn is_revealed(&self) -> bool {
        self.revealed
    }

    /// Takes what another window says of the same beat.
    pub fn take(&mut self, revealed: bool, black: bool, votes: Vec<u32>) {
        (self.revealed, self.black, self.votes) = (revealed, black, votes);
    }

    /// The hands that were counted.
    pub fn votes(&self) -> &[u32] {
        &self.votes
    }

    /// A hand for an answer, from 0; `None`: all are counted anew.
    pub fn vote(&mut self, settings: &Settings, answer: Option<usize>) {
        let Some(answer) = answer else { return self.votes.clear() };
        let count = self.beat(settings).map_or(0, |(_, beat)| beat.votes.len());
        self.votes.resize(count, 0);
        if let Some(hands) = self.votes.get_mut(answer) {
            *hands = hands.saturating_add(1);
        }
    }

    /// The chapter whose links the digits follow.
    pub fn chapter_of_presets(&self, settings: &Settings) -> &'static str {
        match self.lesson(settings) {
            Some(_) => self.beat(settings).map_or("", |(_, beat)| chapter_of(&beat.figure)),
            None => self.chapter,
        }
    }

    /// What a key asks for; `None` where it is the browser's.
    pub fn command(&self, settings: &Settings, key: &str, held: (bool, bool), focus: Focus) -> Option<Command> {
        let (control, shift) = held;
        if control {
            return (focus != Focus::Text).then(|| undoing(key, shift)).flatten();
        }
        let presenting = self.beat(settings);
        if presenting.is_some() {
            // The keys of a remote control, and the way out: whatever has the focus.
            match key {
                "Escape" => return Some(Command::End),
                "PageDown" => return Some(Command::Next),
                "PageUp" => return Some(Command::Previous),
                "F5" => return Some(Command::First),
                _ => {}
            }
        }
        let is_letter = key.chars().all(char::is_alphabetic) && key.chars().count() == 1 || matches!(key, "?" | "F5");
        if matches!(focus, Focus::Text | Focus::Field) || focus == Focus::Slider && !is_letter {
            return None;
        }
        let Some((_, beat)) = presenting else { return self.command_of_page(settings, key) };
        if !settings.get(&schema::SHORTCUTS) && !matches!(key, "ArrowRight" | "ArrowLeft" | "Home" | " ") {
            return None;
        }
        match key {
            // Space plays, whatever button was pressed last; Enter presses it.
            " " => Some(Command::Play),
            "ArrowRight" => Some(Command::Next),
            "ArrowLeft" => Some(Command::Previous),
            "Home" => Some(Command::First),
            "b" | "B" | "." => Some(Command::Black),
            "p" | "P" => Some(Command::End),
            "0" if self.asks(beat) && !beat.votes.is_empty() => Some(Command::ClearVotes),
            _ => match digit(key).and_then(|number| number.checked_sub(1)) {
                Some(answer) if self.asks(beat) && answer < beat.votes.len() => Some(Command::Vote(answer)),
                _ => self.command_of_page(settings, key),
            },
        }
    }

    /// What a key asks for while nothing is presented.
    fn command_of_page(&self, settings: &Settings, key: &str) -> Option<Command> {
        if key == "F5" {
            return self.teaches.then_some(Command::Present);
        }
        if !settings.get(&schema::SHORTCUTS) {
            return None;
        }
        match key {
            "?" => Some(Command::Help),
            "p" | "P" => Some(Command::Present),
            "w" | "W" => Some(Command::Lecturer),
            _ => digit(key).map(Command::Preset).or_else(|| {
                // A parameter's own key leads to its control.
                let named = |spec: &&&ParamSpec| spec.hotkey.is_some_and(|hotkey| key.chars().eq([hotkey]));
                schema::all().iter().find(named).map(|spec| Command::Focus(spec.key))
            }),
        }
    }
}

/// What a key asks for that is pressed with control.
fn undoing(key: &str, shift: bool) -> Option<Command> {
    match key {
        "z" | "Z" if shift => Some(Command::Redo),
        "z" | "Z" => Some(Command::Undo),
        "y" | "Y" => Some(Command::Redo),
        _ => None,
    }
}

/// A key from 1 to 9.
fn digit(key: &str) -> Option<usize> {
    key.parse().ok().filter(|number| key.len() == 1 && (1..=9).contains(number))
}
