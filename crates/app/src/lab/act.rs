//! What the page does when a button or a key is pressed.
use super::Lab;
use crate::action::{self, Action};
use crate::address::Link;
use crate::effects::Effects;
use crate::history::Entry;
use crate::msg::{Focus, Phase};
use crate::opening::Opening;
use crate::playing::{Playable, Playback, Playing, Way as PlayingWay};
use crate::presenter::{Command, Step};
use crate::takeaway::Way;
use crate::{evidence, schema};
use vanishing_core::param::{Notice, ParamSpec, Value};

impl Lab {
    /// Does what a button asks for.
    pub(super) fn act(&mut self, action: Action, effects: &mut Effects) {
        match action {
            Action::NewSeed => self.want_seed(&schema::SEED.spec, effects),
            Action::NewStart => self.want_seed(&schema::START_SEED.spec, effects),
            Action::Opening(true) => self.opening = Some(Opening::new()),
            Action::Opening(false) => {
                // It stays where it was stopped.
                if let Some(opening) = self.opening.take() {
                    self.choose(&schema::OPENING_GAIN.spec, Value::Real(opening.gain()), Entry::Push, effects);
                }
            }
            Action::Play(what, how) => self.play(what, how, effects),
            Action::Present(name) => self.present(name, effects),
            Action::PresentNext => self.next_of_lesson(effects),
            Action::PresentPrevious => self.step_lesson(self.presenter.previous(&self.chosen.settings), effects),
            Action::PresentEnd => self.end_presenting(effects),
            Action::Help => effects.help = true,
            Action::Undo => self.step_back(true, effects),
            Action::Redo => self.step_back(false, effects),
            Action::CopyLink => {
                let chosen = self.chosen.without_answers();
                effects.copy_query = Some(chosen.query_with(&self.embedding, self.presenter.text()));
            }
            Action::CopyAnswers => effects.copy_query = Some(self.query()),
            Action::Lecturer => {
                self.presenter.teach();
                effects.lecturer = true;
            }
            Action::Vote(answer) => self.presenter.vote(&self.chosen.settings, Some(answer)),
            Action::Black => self.presenter.set_black(!self.presenter.is_black()),
            Action::Dismiss => {
                self.standing.clear();
                effects.notices = Some(Vec::new());
            }
            Action::Train(running) => self.jobs.run(running, self.model.laboratory_mut()),
            Action::TrainStep => self.jobs.single_step(),
            Action::TrainReset => self.jobs.reset(self.model.laboratory_mut()),
            Action::Lane(letter) => self.choose(&schema::LANE.spec, Value::Choice(letter), Entry::Replace, effects),
            Action::ExperimentStart => {
                let settings = &self.chosen.settings;
                let tried: Vec<_> =
                    schema::tries().iter().filter(|(_, flag)| settings.get(flag)).map(|(spec, _)| *spec).collect();
                self.jobs.start_experiment(&tried, settings.get(&schema::SEEDS), self.model.laboratory_mut());
            }
            Action::ExperimentCancel => self.jobs.cancel_experiment(),
            Action::MapStart => self.jobs.map_mut().start(self.model.laboratory()),
            Action::MapStop { forgets } => self.jobs.map_mut().stop(forgets, self.model.laboratory_mut()),
            Action::Read(goes) => self.jobs.run_readings(goes),
            Action::ReadAgain => self.jobs.begin_readings_again(),
            Action::ReadShipped => self.read_text("", effects),
            Action::ExportEvidence => {
                let updates = self.chosen.settings.get(&schema::STOP_STEP) as u64;
                let evidence = &self.model.laboratory().evidence;
                effects.download = Some(evidence::file(evidence, &self.chosen.lane(0), updates));
            }
            // Pressed once more, the other way round.
            Action::Sort(column) => self.sorted = (column, self.sorted == (column, false)),
            Action::Compare(exercise) => {
                match exercise.press(&mut self.chosen.settings) {
                    Some(text) => {
                        effects.announce = Some(text.clone());
                        effects.notices = Some(vec![Notice::new(exercise.guess.spec().key, text)]);
                    }
                    None => effects.notices = Some(Vec::new()),
                }
                self.write(Entry::Replace, effects);
            }
            Action::TakeAway(way @ (Way::Table | Way::Code | Way::Embed), spec) => self.sheets.toggle(spec.slug, way),
            Action::TakeAway(way, spec) => self.with_source(|source| source.take(way, spec, effects)),
            Action::OpenedShow(shown) => {
                if self.opened.set_aside(!shown) && shown {
                    self.opened.imply(&mut self.chosen.settings);
                }
            }
            Action::OpenedClose => self.opened.close(),
            Action::OpenedNetwork(place) => {
                let begun = self.opened.choose_network(place);
                self.go_on_reading(begun, effects);
            }
            Action::OpenedReadout(place) => {
                let begun = self.opened.choose_readout(place);
                self.go_on_reading(begun, effects);
            }
            Action::OpenedMatrix => self.choose(&schema::FAMILY.spec, Value::Choice("own"), Entry::Push, effects),
            Action::OpenedDiagnose => self.opened.want_diagnosis(),
            Action::OpenedTrain => {
                if let Err(why) = self.opened.train(&self.chosen.settings) {
                    effects.notices = Some(vec![Notice::new("", why)]);
                }
            }
            Action::OpenedLearn => match self.opened.learn(&self.chosen.settings) {
                Ok(()) => self.jobs.run(true, self.model.laboratory_mut()),
                Err(why) => effects.notices = Some(vec![Notice::new("", why)]),
            },
            Action::OpenedTry(slug) => self.opened.try_out(slug),
            Action::OpenedReport { is_json } => effects.download = self.opened.report_file(is_json),
            Action::OpenedCancel => self.jobs.give_up_searches(),
        }
    }

    /// Lets the networks learn another text; one that they cannot learn is refused in a sentence.
    pub(super) fn read_text(&mut self, text: &str, effects: &mut Effects) {
        let said = match self.jobs.take_text(text) {
            Ok(()) => None,
            Err(why) => {
                effects.announce = Some(why.clone());
                Some(Notice::new("", why))
            }
        };
        effects.notices = Some(said.into_iter().collect());
    }

    fn want_seed(&mut self, param: &'static ParamSpec, effects: &mut Effects) {
        self.seed_for = param;
        effects.wants_seed = true;
    }

    /// Gives a parameter a value and writes the address.
    fn choose(&mut self, spec: &'static ParamSpec, value: Value, entry: Entry, effects: &mut Effects) {
        self.chosen.settings.set(spec, value);
        self.write(entry, effects);
    }

    /// A button of something that plays.
    fn play(&mut self, what: &'static Playable, how: Playback, effects: &mut Effects) {
        self.stop(effects);
        match how {
            Playback::Play => {
                if self.is_at_its_end(what) {
                    self.begin_anew(what);
                }
                self.playing = Some(Playing { what, last: None, falls: false });
                return;
            }
            Playback::Pause => return,
            Playback::Step => self.push(what, 1.0),
            Playback::Back => self.push(what, -1.0),
            Playback::Reset => self.begin_anew(what),
        }
        self.moved(what.param.key, Phase::Moving, effects);
    }

    /// Whether what plays can go no further.
    pub(super) fn is_at_its_end(&self, what: &Playable) -> bool {
        let now = self.chosen.settings.value(what.param).number();
        match what.way {
            PlayingWay::Up(last) => now >= Some(last(&self.chosen.settings) as f64),
            PlayingWay::Between(..) => false,
        }
    }

    /// What plays, from its start: from 0, or as if it had never been chosen.
    fn begin_anew(&mut self, what: &Playable) {
        let settings = &mut self.chosen.settings;
        match what.way {
            PlayingWay::Up(_) => {
                settings.set(what.param, Value::Int(0));
            }
            PlayingWay::Between(..) => {
                if let Some((implied, _)) = schema::implied(what.param) {
                    settings.clear(implied);
                }
                settings.clear(what.param);
            }
        }
    }

    /// Undoes the last gesture (`back`), or does again what was undone.
    fn step_back(&mut self, back: bool, effects: &mut Effects) {
        self.stop(effects);
        let Some(query) = self.history.step(back) else {
            let text = if back { "There is nothing to undo." } else { "There is nothing to do again." };
            effects.announce = Some(text.to_owned());
            effects.notices = Some(vec![Notice::new("", text)]);
            return;
        };
        // Guesses are the reader's, and stay.
        let kept = std::mem::replace(&mut self.chosen, Link::read(&query).chosen);
        for spec in schema::guesses::params() {
            self.chosen.settings.set(spec, kept.settings.value(spec));
        }
        effects.address = Some(self.history.stepped(self.query()));
        effects.notices = Some(Vec::new());
        effects.announce = Some(if back { "Undone." } else { "Done again." }.to_owned());
    }

    /// A key that belongs to no picture and no field.
    pub(super) fn shortcut(&mut self, key: &str, held: (bool, bool), focus: Focus, effects: &mut Effects) {
        let command = self.presenter.command(&self.chosen.settings, key, held, focus);
        let command = command.filter(|command| self.embedding.takes(command));
        effects.handled = command.is_some();
        match command {
            None => {}
            Some(Command::Undo) => self.act(Action::Undo, effects),
            Some(Command::Redo) => self.act(Action::Redo, effects),
            Some(Command::Help) => self.act(Action::Help, effects),
            Some(Command::Present) => self.present(self.presenter.chapter(), effects),
            Some(Command::End) => self.end_presenting(effects),
            Some(Command::Black) => self.act(Action::Black, effects),
            Some(Command::Lecturer) => self.act(Action::Lecturer, effects),
            Some(Command::Vote(answer)) => self.act(Action::Vote(answer), effects),
            Some(Command::ClearVotes) => self.presenter.vote(&self.chosen.settings, None),
            Some(Command::Next) => self.next_of_lesson(effects),
            Some(Command::Previous) => self.act(Action::PresentPrevious, effects),
            Some(Command::First) => self.step_lesson(Step::GoTo(1), effects),
            Some(Command::Play) if self.presenter.is_veiled(&self.chosen.settings) => {
                effects.announce = Some("The picture is hidden until the question is answered.".to_owned());
            }
            Some(Command::Play) => {
                let action = action::parse(self.presenter.plays(&self.chosen.settings));
                if let Some(action) = action.map(|action| self.turned(action)) {
                    self.act(action, effects);
                }
            }
            Some(Command::Preset(number)) => {
                let chapter = self.presenter.chapter_of_presets(&self.chosen.settings);
                effects.preset = Some((chapter.to_owned(), number));
            }
            Some(Command::Focus(key)) => effects.focus = Some(key),
        }
    }

    /// What one key means that starts and pauses: the other thing of what is going on.
    fn turned(&self, action: Action) -> Action {
        match action {
            Action::Train(_) => Action::Train(!self.jobs.training().is_running()),
            Action::Play(what, _) => {
                let plays = self.playing.is_some_and(|playing| std::ptr::eq(playing.what, what));
                Action::Play(what, if plays { Playback::Pause } else { Playback::Play })
            }
            other => other,
        }
    }
}
