//! What can happen to the page.
use crate::jobs::{JobId, WorkerId};

/// Whether an input goes on (a slider under the finger) or is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The control is still moving.
    Moving,
    /// The control was let go, or the text was entered.
    Done,
}

/// What a pointer does over a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// A button of the mouse, or a finger, went down.
    Down,
    /// Moved, pressed or not.
    Move,
    /// It was let go, over the figure or after it was captured.
    Up,
    /// Left the figure, or was taken away by the browser.
    Leave,
}

/// Where the focus is when a key is pressed, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// In a text, which has an undo of its own.
    Text,
    /// In a menu, to which keys belong.
    Field,
    /// On a slider or a box, to which all keys belong but letters and `?`.
    Slider,
    /// On a button or a link, to which the space bar belongs.
    Button,
    /// On nothing that takes keys for itself.
    Page,
}

/// What two windows that show the same lesson tell each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The lesson, as in an address; `none`: it has ended.
    pub lesson: String,
    /// The beat, from 1.
    pub beat: usize,
    /// Whether its question is answered.
    pub revealed: bool,
    /// Whether the screen is black.
    pub black: bool,
    /// The hands that were counted.
    pub votes: Vec<u32>,
    /// What is chosen, as the part of an address after `?`.
    pub state: String,
}

/// Something that happened, in the order it happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// The browser went to another address of this page (back, forward): the part after `?`.
    Navigate {
        /// The part after `?`, without it.
        query: String,
    },
    /// A link of the page that sets parameters (`data-preset`) was followed. A key with an empty value goes
    /// back to its default; an empty query is a full reset.
    Follow {
        /// The part after `?`, without it.
        query: String,
    },
    /// A control has a new value, as text.
    Input {
        /// The parameter's key.
        key: String,
        /// What the control holds. For a slider of a logarithmic parameter see [`Msg::Slide`].
        value: String,
        /// Whether it goes on.
        phase: Phase,
    },
    /// A slider stands at a new position: the value itself, or its base-10 logarithm on a logarithmic slider.
    Slide {
        /// The parameter's key.
        key: String,
        /// Where it stands.
        position: f64,
        /// Whether it goes on.
        phase: Phase,
    },
    /// A button was pressed: its `data-action`.
    Action {
        /// A name of [`crate::action::ALL`].
        name: String,
    },
    /// The seed that [`crate::Effects::wants_seed`] asked for.
    Seed {
        /// From the browser's random numbers.
        seed: u32,
    },
    /// An animation frame; sent only while [`crate::Effects::animate`] says so.
    Frame {
        /// Milliseconds on a clock that never goes back.
        now: f64,
    },
    /// A pointer over a figure.
    Pointer {
        /// The figure's slug.
        figure: String,
        /// Whether it was pressed, moved, let go or left.
        kind: Pointer,
        /// CSS pixels from the canvas' left edge.
        x: f64,
        /// CSS pixels from the canvas' upper edge.
        y: f64,
    },
    /// A key pressed while a figure has the focus: the browser's name of the key (`ArrowLeft`).
    Key {
        /// The figure's slug.
        figure: String,
        /// The key.
        key: String,
        /// Whether shift is held: larger steps.
        shift: bool,
    },
    /// An order was answered.
    Worked {
        /// What it was for.
        job: JobId,
        /// The reply, as [`crate::jobs::Reply::numbers`]; empty where the order could not be carried out.
        reply: Vec<f64>,
        /// Milliseconds on a clock that never goes back.
        now: f64,
    },
    /// A thread could not be made, failed, or died; it is said once, and nothing is heard of it after that.
    WorkerTrouble {
        /// Its number, as the orders named it.
        worker: WorkerId,
        /// Why, as the end of a sentence that begins with "because".
        why: String,
    },
    /// How many processors the machine has.
    Cores {
        /// As the browser says.
        cores: usize,
    },
    /// A text that is to be learned was pasted, or read from a file; an empty one is that of the page.
    Text {
        /// All of it.
        text: String,
    },
    /// A file with a network is offered, or several that are the parts of one model.
    FilesOffered {
        /// The name of each, as the reader’s system has it, with its ending, and its size in bytes. What is asked for are
        /// places in all of them, one after the other in this order.
        files: Vec<(String, u64)>,
    },
    /// Parts of it arrived, as they were asked for.
    FileParts {
        /// The bytes of each range, in the order in which they were asked for.
        parts: Vec<Vec<u8>>,
    },
    /// It could not be read.
    FileFailed {
        /// In a sentence that the reader sees.
        why: String,
    },
    /// The page was loaded again; before that it had a network open, which no address and no storage holds.
    NetworkGone {
        /// The name of its file.
        name: String,
    },
    /// The browser or the shell did not do what was asked.
    Refused {
        /// In a sentence that the reader sees.
        why: String,
    },
    /// A canvas has a new size.
    Resize {
        /// The figure's slug.
        figure: String,
        /// Width in CSS pixels.
        width: f64,
        /// Height in CSS pixels.
        height: f64,
        /// Device pixels per CSS pixel.
        scale: f64,
    },
    /// The page's text has another size.
    TextSize {
        /// 1 is the usual one.
        text: f64,
    },
    /// Fonts of the page arrived: what was drawn without them is to be drawn again.
    Fonts,
    /// A figure came into view or went out of it; what is not seen is not drawn.
    Visible {
        /// The figure's slug.
        figure: String,
        /// Whether it is in view.
        visible: bool,
    },
    /// The system's colour scheme.
    SystemTheme {
        /// Whether it is dark.
        dark: bool,
    },
    /// The page that embeds this one says what is to be set.
    SetByParent {
        /// As in [`Msg::Follow`].
        query: String,
    },
    /// A key was pressed that no picture took.
    Shortcut {
        /// Its name.
        key: String,
        /// With the control or the command key.
        control: bool,
        /// With the shift key.
        shift: bool,
        /// Where the focus is.
        focus: Focus,
    },
    /// A chapter is read now.
    Chapter {
        /// The name of its section.
        name: String,
    },
    /// Another window gives the same lesson.
    Beside {
        /// Where it is.
        place: Place,
    },
    /// A lesson was opened from a file.
    LessonFile {
        /// In UTF-8, line by line.
        text: String,
    },
    /// The page has been opened by somebody who does not mind motion: what moves by itself may begin, and what a press changes
    /// moves from the old to the new.
    Motion,
    /// The page is about to be printed, or no longer: on paper nothing moves, nothing is compared with what was before, and
    /// all is light.
    Printing(bool),
    /// The link was (or could not be) copied.
    Copied {
        /// Whether the clipboard took it.
        ok: bool,
        /// The link, to be shown where the clipboard refused.
        link: String,
    },
}
