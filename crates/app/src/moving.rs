//! A change that was pressed is seen: what changes moves from the old to the new, and the lines before stay as ghosts.
//!
//! Ghosts stay until the next press, or the first move of the next gesture. Where somebody wants no motion, nothing moves and the
//! ghosts are there all the same.
use crate::msg::{Msg, Phase, Pointer};
use crate::page_figures::{self, Follows};
use std::borrow::Cow;
use std::rc::Rc;
use vanishing_charts::{Scene, tween};

/// Milliseconds that a change is on its way.
const DURATION: f64 = 200.0;
/// Milliseconds from the press to the first frame that follows it: only frames bring the time.
const TO_FIRST_FRAME: f64 = 1000.0 / 60.0;

/// How a message changes the settings, if it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// All at once, by a press: a link, a chip, a menu, a typed number, a button, a key of the page, a place in a picture.
    Pressed,
    /// Step by step, so that every step is seen: a slider or a handle in the hand, an arrow key on either, what plays. Or by
    /// somebody else, so that nothing was pressed here: the browser's history, the page around this one, a file.
    Moved,
    /// Not at all: something was found out about what is shown.
    Reported,
}

impl Manner {
    /// How it is with this message.
    pub fn of(msg: &Msg) -> Self {
        match msg {
            Msg::Follow { .. } | Msg::Seed { .. } | Msg::Action { .. } | Msg::Shortcut { .. } => Self::Pressed,
            // What a menu, a chip or a field says is over when it is said. A slider says `Slide`, also where it jumps: the last of
            // its moves in a frame stands for all.
            Msg::Input { phase: Phase::Done, .. } => Self::Pressed,
            // What was dragged has no change left at its end; a press that did not move has it there.
            Msg::Pointer { kind: Pointer::Up, .. } => Self::Pressed,
            // The place that is pointed at by arrow keys becomes the marked one.
            Msg::Key { key, .. } if key == "Enter" => Self::Pressed,
            Msg::Worked { .. } | Msg::WorkerTrouble { .. } => Self::Reported,
            _ => Self::Moved,
        }
    }
}

/// Whether a press is seen in a figure. What follows runs is not, since it grows by itself: the workbench has its own line of
/// the run before.
pub fn shows_presses(slug: &str) -> bool {
    page_figures::find(slug).is_some_and(|figure| figure.follows == Follows::Settings)
}

/// How far on its way is what was pressed last: the same in all figures.
#[derive(Debug, Default)]
pub struct Clock {
    /// Whether anybody minds motion is known, and nobody does.
    allowed: bool,
    way: Option<Way>,
}

#[derive(Clone, Copy, Debug)]
struct Way {
    /// The time of the press; `None` before the first frame.
    began: Option<f64>,
    /// The share of the time that has passed.
    share: f64,
}

impl Clock {
    /// Nobody minds motion.
    pub fn allow(&mut self) {
        self.allowed = true;
    }

    /// Something was pressed; whether it is to be seen moving.
    pub fn begin(&mut self) -> bool {
        self.way = self.allowed.then_some(Way { began: None, share: 0.0 });
        self.allowed
    }

    /// Everything is where it ends.
    pub fn end(&mut self) {
        self.way = None;
    }

    /// Time goes on.
    pub fn frame(&mut self, now: f64) {
        if let Some(way) = &mut self.way {
            let began = *way.began.get_or_insert(now - TO_FIRST_FRAME);
            way.share = (now - began) / DURATION;
        }
        self.way = self.way.filter(|way| way.share < 1.0);
    }

    /// The share of the time that has passed; `None`: nothing is on its way.
    pub fn share(&self) -> Option<f64> {
        self.way.map(|way| way.share)
    }
}

/// What a figure showed before the last press.
#[derive(Debug, Default)]
pub struct Past {
    /// What its ghosts are made of.
    before: Option<Rc<Scene>>,
    /// Where what it shows now comes from, as long as it is on its way.
    from: Option<Scene>,
}

impl Past {
    /// What stays of a figure with this scene when something is pressed; `shown`: what is seen of it, if it is to move.
    pub fn of(scene: Option<&Rc<Scene>>, shown: Option<Scene>) -> Self {
        Self { before: scene.cloned(), from: shown }
    }

    /// Whether the figure is on its way.
    pub fn moves(&self) -> bool {
        self.from.is_some()
    }

    /// Whether a press has not changed the scene.
    pub fn is_where_it_was(&self, scene: Option<&Rc<Scene>>) -> bool {
        self.before.as_ref().zip(scene).is_some_and(|(before, scene)| Rc::ptr_eq(before, scene))
    }

    /// Whether it makes another picture of the scene.
    pub fn is_seen(&self, scene: Option<&Rc<Scene>>) -> bool {
        self.moves() || self.before.is_some() && !self.is_where_it_was(scene)
    }

    /// The figure is where it ends.
    pub fn arrive(&mut self) {
        self.from = None;
    }

    /// A scene as it is drawn: with ghosts, and on its way if `share` of the time has passed.
    pub fn seen<'a>(&self, scene: &'a Rc<Scene>, share: Option<f64>) -> Cow<'a, Scene> {
        let before = self.before.as_ref().filter(|_| !self.is_where_it_was(Some(scene)));
        let whole = match before {
            Some(before) => Cow::Owned(tween::with_ghosts(Scene::clone(scene), before)),
            None => Cow::Borrowed(&**scene),
        };
        match (&self.from, share) {
            (Some(from), Some(share)) => Cow::Owned(tween::between(from, &whole, share)),
            _ => whole,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_takes_its_time_from_the_press_and_then_is_over() {
        let mut clock = Clock::default();
        assert!(!clock.begin() && clock.share().is_none(), "nobody said that motion is welcome");
        clock.allow();
        assert!(clock.begin());
        assert_eq!(clock.share(), Some(0.0));
        clock.frame(5000.0);
        let first = clock.share().unwrap();
        clock.frame(5100.0);
        let then = clock.share().unwrap();
        assert!(first > 0.0 && first < 0.2 && (then - first - 0.5).abs() < 1e-12, "{first} {then}");
        clock.frame(5000.0 + DURATION);
        assert_eq!(clock.share(), None);
    }

    #[test]
    fn a_hand_that_holds_something_presses_nothing() {
        let slide = |phase| Msg::Slide { key: "gain".to_owned(), position: 1.0, phase };
        let pointer = |kind| Msg::Pointer { figure: "iterate".to_owned(), kind, x: 0.0, y: 0.0 };
        for msg in [slide(Phase::Moving), slide(Phase::Done), pointer(Pointer::Down), pointer(Pointer::Move)] {
            assert_eq!(Manner::of(&msg), Manner::Moved, "{msg:?}");
        }
        assert_eq!(Manner::of(&pointer(Pointer::Up)), Manner::Pressed);
        let entered = Msg::Input { key: "gain".to_owned(), value: "1".to_owned(), phase: Phase::Done };
        assert_eq!(Manner::of(&entered), Manner::Pressed);
    }

    #[test]
    fn what_follows_runs_does_not_move_by_a_press() {
        let shown = ["workbench-matrix", "workbench-gradient", "eigenvalue-powers"];
        assert!(shown.into_iter().all(shows_presses));
        assert!(!["workbench-training", "training-loss", "evidence-heat", "tea"].into_iter().any(shows_presses));
    }
}
