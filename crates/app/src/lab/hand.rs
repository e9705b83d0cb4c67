//! What a hand changes: a control, or a handle in a picture.
use super::Lab;
use crate::changes::{Change, Move};
use crate::controls::Control;
use crate::effects::Effects;
use crate::history::Entry;
use crate::msg::Phase;
use crate::playing::Playable;
use crate::{lanes, opening, schema};
use vanishing_core::param::{Notice, ParamSpec, Settings};
use vanishing_core::training::matrix;

impl Lab {
    /// A slider stands at a new position.
    pub(super) fn slide(&mut self, key: &str, position: f64, phase: Phase, effects: &mut Effects) {
        self.input(key, phase, effects, |settings, spec| {
            let value = Control::value_at(spec, position)?;
            settings.set(spec, value)
        });
    }

    /// A control has a new value, which `choose` puts into the settings of the page or of the chosen lane.
    pub(super) fn input(
        &mut self,
        key: &str,
        phase: Phase,
        effects: &mut Effects,
        choose: impl FnOnce(&mut Settings, &'static ParamSpec) -> Option<Notice>,
    ) {
        if self.embedding.locks(key) {
            // It shows again what it is.
            self.again = Some(key.to_owned());
            return;
        }
        let notice = if let Some(param) = lanes::find(key) {
            let (lane, spec) = (self.lane(), param.param);
            let for_page = self.chosen.lanes.is_of_page(lane, spec) || lane == lanes::WITH && lanes::is_of_remedy(spec);
            if for_page {
                self.choose_of_page(spec, choose)
            } else {
                let mut settings = self.chosen.lane(lane);
                let notice = choose(&mut settings, spec);
                self.chosen.lanes.set(&self.chosen.settings, lane, spec, settings.value(spec));
                notice
            }
        } else if let Some(spec) = schema::all().iter().copied().find(|spec| spec.key == key) {
            self.take_hold(spec, effects);
            self.choose_of_page(spec, choose)
        } else {
            return;
        };
        if phase == Phase::Done {
            effects.notices = Some(notice.into_iter().collect());
            // The control shows what the person typed: it is told the value that was taken, even an unchanged one.
            self.again = Some(key.to_owned());
        }
        self.moved(key, phase, effects);
    }

    /// A parameter of the page has a new value, and what it implies.
    fn choose_of_page(
        &mut self,
        spec: &'static ParamSpec,
        choose: impl FnOnce(&mut Settings, &'static ParamSpec) -> Option<Notice>,
    ) -> Option<Notice> {
        // What is refused leaves what is shown.
        let before = if schema::scales(spec.key) { self.shown() } else { self.chosen.settings.clone() };
        let mut after = before.clone();
        let notice = choose(&mut after, spec);
        if after != before {
            self.imply(spec);
            self.chosen.settings.set(spec, after.value(spec));
            self.chosen.settle();
        }
        notice
    }

    /// What a hand on a figure changes. Values are brought into their ranges without a word: the hand sees the end.
    pub(super) fn apply(&mut self, changes: Vec<Change>, effects: &mut Effects) {
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
                Move::By(steps) => Control::pushed(spec, &self.chosen.settings, steps),
                Move::Stay => None,
            };
            if let Some(value) = wanted {
                self.chosen.settings.set(spec, value);
                self.chosen.settle();
            }
        }
        if let Some((key, phase)) = gesture {
            self.moved(&key, phase, effects);
        }
    }

    /// A hand on what plays stops it, or both would move it.
    fn take_hold(&mut self, spec: &ParamSpec, effects: &mut Effects) {
        if self.playing.is_some_and(|playing| playing.what.param.key == spec.key) {
            self.stop(effects);
        }
        if spec.key == opening::key() {
            self.opening = None;
        }
    }

    /// Chooses what a change of this parameter chooses besides.
    fn imply(&mut self, spec: &'static ParamSpec) {
        if schema::is_eigenvalue(spec.key) {
            // In a matrix that is scaled the hand holds what it sees.
            matrix::unfold_scale(&mut self.chosen.settings);
        }
        let Some((implied, value)) = schema::implied(spec) else { return };
        let settings = &mut self.chosen.settings;
        if settings.value(implied) == value {
            return;
        }
        settings.set(implied, value);
        if implied.key != schema::START.spec.key {
            return;
        }
        // The start that was random goes on from where it was: what the hand does not move stays.
        let place = self.model.alignment().start;
        for (param, coordinate) in [&schema::START_ALONG, &schema::START_ACROSS, &schema::START_DEPTH].iter().zip(place)
        {
            if let Some(value) = Control::nearest(&param.spec, coordinate) {
                settings.set(&param.spec, value);
            }
        }
    }

    /// Moves what plays by so many of its steps, from where it is shown.
    pub(super) fn push(&mut self, what: &Playable, steps: f64) {
        if let Some(value) = Control::pushed(what.param, &self.shown(), steps) {
            self.choose_of_page(what.param, |settings, spec| settings.set(spec, value));
        }
    }

    /// Writes the address of one move of a gesture on `key`.
    pub(super) fn moved(&mut self, key: &str, phase: Phase, effects: &mut Effects) {
        if schema::is_answer(key) {
            // What is guessed is not undone.
            return self.write(Entry::Replace, effects);
        }
        if let Some(address) = self.history.moved(self.query(), key, phase) {
            effects.address = Some(address);
        }
    }
}
