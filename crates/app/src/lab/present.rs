//! A lesson that is given: what the reader had is put on a shelf, and given back as it was.
use super::Lab;
use super::sources::Shelf;
use crate::effects::Effects;
use crate::history::{Address, Entry};
use crate::moving::Manner;
use crate::msg::{Place, Pointer};
use crate::page_figures::chapter_of;
use crate::presenter::Step;
use crate::{chapters::Chapter, schema};
use vanishing_core::param::Value;

impl Lab {
    /// Whether a lesson is given.
    pub(super) fn is_presenting(&self) -> bool {
        self.presenter.beat(&self.chosen.settings).is_some()
    }

    /// Begins a lesson by its name.
    pub(super) fn present(&mut self, name: &'static str, effects: &mut Effects) {
        if self.put_aside(effects) {
            effects.fullscreen = Some(true);
        }
        self.step_lesson(Step::Lesson(name, 1), effects);
    }

    /// Puts what the reader has on the shelf, if no lesson has begun yet; whether it did.
    fn put_aside(&mut self, effects: &mut Effects) -> bool {
        let begins = self.shelf.is_none() && !self.is_presenting();
        if begins {
            self.stop(effects);
            let history = std::mem::take(&mut self.history);
            self.shelf = Some(Shelf { chosen: self.chosen.clone(), history, aside: self.opened.is_aside() });
        }
        begins
    }

    /// Back to the text, as the reader left it. That the stage is closed may be told more than once: by its key, by the
    /// browser that closes it, by the full screen that ends.
    pub(super) fn end_presenting(&mut self, effects: &mut Effects) {
        if !self.is_presenting() && self.shelf.is_none() {
            return;
        }
        self.stop(effects);
        self.presenter.teach();
        // Nothing of the lesson stays behind what the reader had.
        self.manner = Manner::Moved;
        self.presenter.set_black(false);
        effects.fullscreen = Some(false);
        match self.shelf.take() {
            Some(Shelf { chosen, history, aside }) => {
                self.jobs.run(false, self.model.laboratory_mut());
                self.opened.set_aside(aside);
                (self.chosen, self.history) = (chosen, history);
            }
            // By a link to the lesson: there was nothing before.
            None => {
                self.chosen.begin_afresh();
                self.chosen.settings.clear(&schema::PRESENT.spec);
                self.chosen.settings.clear(&schema::BEAT.spec);
                self.history.begin(self.query());
            }
        }
        effects.notices = Some(Vec::new());
        effects.address = Some(Address { query: self.query(), entry: Entry::Replace });
    }

    /// The browser left the lesson: the history is the reader's again.
    pub(super) fn leave_lesson(&mut self) {
        if let Some(shelf) = self.shelf.take() {
            self.history = shelf.history;
        }
    }

    /// The next thing of a lesson.
    pub(super) fn next_of_lesson(&mut self, effects: &mut Effects) {
        let veiled = self.presenter.is_veiled(&self.chosen.settings);
        let step = self.presenter.next(&self.chosen.settings);
        self.step_lesson(step, effects);
        if veiled {
            self.run_beat();
        }
    }

    /// One step of a lesson.
    pub(super) fn step_lesson(&mut self, step: Step, effects: &mut Effects) {
        let beat = match step {
            Step::Nothing if self.is_presenting() => {
                effects.announce = Some("There is no further step.".to_owned());
                return;
            }
            Step::Nothing => return,
            Step::Say(text) => {
                effects.announce = Some(text);
                return;
            }
            Step::Again => {
                let votes = self.presenter.votes().to_vec();
                self.stop(effects);
                self.go_to(self.chosen.settings.get(&schema::BEAT), effects);
                self.presenter.take(false, false, votes);
                return;
            }
            Step::GoTo(beat) => beat,
            Step::Lesson(name, beat) => {
                self.chosen.settings.set(&schema::PRESENT.spec, Value::Choice(name));
                beat
            }
        };
        self.stop(effects);
        self.presenter.set_black(false);
        self.go_to(beat, effects);
    }

    /// Goes to a beat, from 1, and makes its state.
    pub(super) fn go_to(&mut self, beat: usize, effects: &mut Effects) {
        self.chosen.settings.set(&schema::BEAT.spec, Value::Int(beat as i64));
        self.presenter.begin_beat();
        let Some((_, beat)) = self.presenter.beat(&self.chosen.settings) else { return };
        effects.announce = Some(if beat.ask.is_empty() { beat.say.clone() } else { beat.ask.clone() });
        // A pointer that rests on a picture says nothing of the next one.
        for spec in vanishing_charts::figures::ALL {
            self.pictures.pointer(spec.slug, Pointer::Leave, (-1.0, -1.0), self.theme(), effects);
        }
        // A beat shows the same whichever way it is reached, and whatever a hand has moved before.
        self.manner = Manner::Moved;
        self.chosen.begin_afresh();
        for state in self.presenter.states(&self.chosen.settings) {
            self.chosen.follow(&state, &self.embedding);
        }
        self.opened.set_aside(true);
        effects.notices = Some(Vec::new());
        // What is undone within a lesson was moved in this beat.
        let query = self.query();
        self.history.begin(query.clone());
        effects.address = Some(Address { query, entry: Entry::Replace });
        if !self.presenter.is_veiled(&self.chosen.settings) {
            self.run_beat();
        }
    }

    /// Lets train what the beat shows of training.
    fn run_beat(&mut self) {
        let figure = self.presenter.beat(&self.chosen.settings).map(|(_, beat)| beat.figure.clone());
        if figure.is_some_and(|figure| chapter_of(&figure) == Chapter::Laboratory.slug()) {
            self.jobs.go_on();
        }
    }

    /// Where the lesson is, for another window.
    pub fn place(&self) -> Place {
        let settings = &self.chosen.settings;
        let Some((beat, _)) = self.presenter.beat(settings) else {
            return Place { lesson: schema::NOTHING.to_owned(), ..Place::default() };
        };
        Place {
            lesson: settings.get(&schema::PRESENT).to_owned(),
            beat: beat + 1,
            revealed: self.presenter.is_revealed(),
            black: self.presenter.is_black(),
            votes: self.presenter.votes().to_vec(),
            state: self.chosen.state().query(),
        }
    }

    /// Goes where another window is.
    pub(super) fn go_beside(&mut self, place: Place, effects: &mut Effects) {
        let here = self.place();
        if here == place {
            return;
        }
        let Some(name) = crate::lessons::find(&place.lesson) else {
            if place.lesson == schema::NOTHING && self.is_presenting() {
                self.end_presenting(effects);
            }
            return;
        };
        if (&here.lesson, here.beat) != (&place.lesson, place.beat) {
            // A window fills the screen when a hand on it says so, and not here.
            self.put_aside(effects);
            self.step_lesson(Step::Lesson(name, place.beat), effects);
        }
        if self.chosen.state().query() != place.state {
            self.chosen.begin_afresh();
            self.chosen.follow(&place.state, &self.embedding);
            self.write(Entry::Replace, effects);
        }
        let veiled = self.presenter.is_veiled(&self.chosen.settings);
        self.presenter.take(place.revealed, place.black, place.votes);
        if veiled && place.revealed {
            self.run_beat();
        }
    }

    /// A lesson leaves no trace in the browser's history.
    pub(super) fn without_trace(&self, effects: &mut Effects, was_presenting: bool) {
        if let Some(address) = effects.address.as_mut().filter(|_| was_presenting || self.is_presenting()) {
            address.entry = Entry::Replace;
        }
    }
}
