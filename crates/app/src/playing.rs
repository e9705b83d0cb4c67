//! What can be played: a parameter that moves by itself, one step at a time.
//!
//! Each has five actions: its prefix with `play`, `pause`, `step`, `back` and `reset`.
use crate::schema;
use vanishing_core::param::{ParamSpec, Settings};
use vanishing_core::studies::cliff;

/// A parameter that can be played, as data.
pub struct Playable {
    /// The parameter that moves by one of its steps at a time.
    pub param: &'static ParamSpec,
    /// What its actions begin with.
    pub prefix: &'static str,
    /// The actions that start and stop it: one button has both, in turn.
    pub button: (&'static str, &'static str),
    /// What its row of buttons is called.
    pub label: &'static str,
    /// What the buttons back, on and to the start say.
    pub words: [&'static str; 3],
    /// Milliseconds from step to step.
    pub interval: f64,
    /// Where it goes.
    pub way: Way,
}

/// Where something that plays goes.
#[derive(Clone, Copy)]
pub enum Way {
    /// Up from 0 to a value, at which it stops by itself.
    Up(fn(&Settings) -> usize),
    /// Up and down between two values until it is stopped.
    Between(f64, f64),
}

/// Everything that can be played.
pub static ALL: [Playable; 3] = [
    Playable {
        param: &schema::SPECTRAL_RADIUS.spec,
        prefix: "sweep-",
        button: ("sweep-play", "sweep-pause"),
        label: "Sweep the spectral radius",
        words: ["A little smaller", "A little larger", "As the matrix is made"],
        interval: 60.0,
        way: Way::Between(0.5, 2.0),
    },
    Playable {
        param: &schema::POWER.spec,
        prefix: "",
        button: ("play", "pause"),
        label: "Run through the powers",
        words: ["One power back", "One power on", "Back to k = 0"],
        interval: 140.0,
        way: Way::Up(|settings| settings.get(&schema::HORIZON)),
    },
    Playable {
        param: &schema::CLIFF_STEP.spec,
        prefix: "cliff-",
        button: ("cliff-play", "cliff-pause"),
        label: "Run through the descents",
        words: ["One step back", "One step on", "Back to the start"],
        interval: 70.0,
        way: Way::Up(|_| cliff::DESCENT),
    },
];

/// What a button does to what plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Playback {
    /// It goes on by itself, from its start if it is at its end.
    Play,
    /// It stays where it is.
    Pause,
    /// One step on, which stops it.
    Step,
    /// One step back, which stops it.
    Back,
    /// To its start, which stops it.
    Reset,
}

impl Playback {
    /// Each with the word that stands behind the prefix in the names of actions.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("play", Self::Play),
        ("pause", Self::Pause),
        ("step", Self::Step),
        ("back", Self::Back),
        ("reset", Self::Reset),
    ];
}

/// What an action does to what.
pub fn find(action: &str) -> Option<(&'static Playable, Playback)> {
    ALL.iter().find_map(|what| {
        let word = action.strip_prefix(what.prefix)?;
        Playback::WORDS.iter().find(|(known, _)| *known == word).map(|(_, how)| (what, *how))
    })
}

/// What plays now.
#[derive(Clone, Copy)]
pub struct Playing {
    /// The row of [`ALL`].
    pub what: &'static Playable,
    /// When its last step was taken, in milliseconds; before the first frame, never.
    pub last: Option<f64>,
    /// Whether it goes down.
    pub falls: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_action_belongs_to_one_that_plays() {
        let found = |action: &str| find(action).map(|(what, how)| (what.param.key, how));
        assert_eq!(found("step"), Some(("power", Playback::Step)));
        assert_eq!(found("sweep-back"), Some(("spectral-radius", Playback::Back)));
        assert_eq!(found("cliff-step"), Some(("cliff-step", Playback::Step)));
        assert_eq!((found("cliff-tea"), found("copy-link")), (None, None));
        for what in &ALL {
            for (action, word) in [(what.button.0, Playback::Play), (what.button.1, Playback::Pause)] {
                assert!(find(action).is_some_and(|(of, how)| std::ptr::eq(of, what) && how == word), "{action}");
            }
        }
    }
}
