//! Rows of buttons that play something: what the shell makes of `data-transport="NAME"`.
use crate::playing;

/// A row of buttons.
pub struct Transport {
    /// What the row is called where it is read aloud; empty: what stands around it says so.
    pub label: &'static str,
    /// From left to right.
    pub buttons: Vec<Button>,
}

/// A button with an icon.
pub struct Button {
    /// What it does, as in [`crate::Msg::Action`].
    pub action: String,
    /// The icon is `#icon-NAME` of the page.
    pub icon: &'static str,
    /// What it says, seen or read aloud.
    pub text: Text,
    /// Whether it becomes a button that pauses.
    pub plays: bool,
    /// What it says where all has come to an end and can go on.
    pub ended: Option<&'static str>,
}

/// The words of a button.
pub enum Text {
    /// Beside the icon.
    Seen(&'static str),
    /// Read aloud, and shown when the pointer rests on the icon.
    Label(&'static str),
}

/// The row of that name: the key of a parameter that plays, or `training`.
pub fn find(name: &str) -> Option<Transport> {
    let button = |action: String, icon, text| Button { action, icon, text, plays: icon == "play", ended: None };
    if name == "training" {
        let buttons = vec![
            Button { ended: Some("Train on"), ..button("train-start".to_owned(), "play", Text::Seen("Start")) },
            button("train-step".to_owned(), "step", Text::Seen("Step")),
            button("train-reset".to_owned(), "reset", Text::Seen("Again")),
        ];
        return Some(Transport { label: "", buttons });
    }
    let what = playing::ALL.iter().find(|what| what.param.key == name)?;
    let [back, step, reset] = what.words;
    let prefixed = |word: &'static str, text| button(format!("{}{word}", what.prefix), word, text);
    let buttons = vec![
        prefixed("play", Text::Seen("Play")),
        prefixed("back", Text::Label(back)),
        prefixed("step", Text::Label(step)),
        prefixed("reset", Text::Label(reset)),
    ];
    Some(Transport { label: what.label, buttons })
}
