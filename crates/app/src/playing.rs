//! What can be played: a parameter that goes up by itself, one step at a time.
//!
//! Each has five actions: its prefix with `play`, `pause`, `step`, `back` and `reset`.
use crate::schema;
use vanishing_core::param::{Param, Settings};
use vanishing_core::studies::cliff;

/// A parameter that can be played, as data.
pub struct Playable {
    /// What goes up.
    pub param: &'static Param<usize>,
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
    /// Where it ends.
    pub last: fn(&Settings) -> usize,
}

/// Everything that can be played.
pub static ALL: [Playable; 2] = [
    Playable {
        param: &schema::POWER,
        prefix: "",
        button: ("play", "pause"),
        label: "Run through the powers",
        words: ["One power back", "One power on", "Back to k = 0"],
        interval: 140.0,
        last: |settings| settings.get(&schema::HORIZON),
    },
    Playable {
        param: &schema::CLIFF_STEP,
        prefix: "cliff-",
        button: ("cliff-play", "cliff-pause"),
        label: "Run through the descents",
        words: ["One step back", "One step on", "Back to the start"],
        interval: 70.0,
        last: |_| cliff::DESCENT,
    },
];

/// What is done to what by an action: (what plays, `play`).
pub fn find(action: &str) -> Option<(&'static Playable, &str)> {
    const WORDS: [&str; 5] = ["play", "pause", "step", "back", "reset"];
    ALL.iter()
        .find_map(|what| action.strip_prefix(what.prefix).filter(|word| WORDS.contains(word)).map(|word| (what, word)))
}

/// What plays now.
#[derive(Clone, Copy)]
pub struct Playing {
    /// What.
    pub what: &'static Playable,
    /// When its last step was taken; before the first frame, never.
    pub last: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_action_belongs_to_one_that_plays() {
        let key = |action: &str| find(action).map(|(what, word)| (what.param.spec.key, word.to_owned()));
        assert_eq!(key("step"), Some(("power", "step".to_owned())));
        assert_eq!(key("cliff-step"), Some(("cliff-step", "step".to_owned())));
        assert_eq!((key("cliff-tea"), key("copy-link")), (None, None));
        for what in &ALL {
            for (action, word) in [(what.button.0, "play"), (what.button.1, "pause")] {
                assert!(
                    find(action).is_some_and(|(found, said)| std::ptr::eq(found, what) && said == word),
                    "{action}"
                );
            }
        }
    }
}
