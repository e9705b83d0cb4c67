//! Pieces of text with their places.
use super::geometry::Rect;
use crate::scene::Tone;
use crate::style::text_width;

/// Which end of a text its place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The text begins there.
    Left,
    /// The text is centred there.
    Middle,
    /// The text ends there.
    Right,
}

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Heading of a panel (bold).
    Title,
    /// Title of an axis.
    AxisTitle,
    /// Number on an axis.
    Tick,
    /// Name of a series at its line's end.
    Direct,
    /// Name of a series in the key above a narrow panel.
    Key,
    /// Label of a reference line, a zone or an arrow, or a word in the picture; on a patch of paper.
    Inside,
    /// The remark under the panels.
    Remark,
}

/// A text with its place in device pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedText {
    /// The text, shortened if need be.
    pub text: String,
    /// Where it is anchored: x of the anchor, y of the text's middle.
    pub at: (f64, f64),
    /// Which end of the text `at` is.
    pub anchor: Anchor,
    /// Size of the font in device pixels.
    pub size: f64,
    /// What it is for.
    pub role: Role,
    /// Its colour by meaning; the theme decides which that is.
    pub tone: Tone,
    /// The area it takes, by the width estimate.
    pub area: Rect,
    /// A thin line from what it names, if it had to move away.
    pub leader: Option<((f64, f64), (f64, f64))>,
    /// Whether it stands on a patch of paper, to be read over lines.
    pub patch: bool,
}

impl PlacedText {
    /// A text in ink; see `toned` and `leader` for the rest.
    pub fn new(text: impl Into<String>, at: (f64, f64), anchor: Anchor, size: f64, role: Role) -> Self {
        let text = text.into();
        let area = text_area(&text, at, anchor, size, role);
        Self { text, at, anchor, size, role, tone: Tone::Ink, area, leader: None, patch: false }
    }

    /// The same in another tone.
    pub fn toned(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// The same elsewhere.
    pub fn moved(mut self, dx: f64, dy: f64) -> Self {
        self.area = self.area.moved(dx, dy);
        self.at = (self.at.0 + dx, self.at.1 + dy);
        self
    }

    /// The same, moved as little as possible so that it lies within `bounds`; `None` if it is larger than they are.
    pub fn pushed_into(self, bounds: &Rect) -> Option<Self> {
        if self.area.width() > bounds.width() || self.area.height() > bounds.height() {
            return None;
        }
        let dx = (bounds.left - self.area.left).max(0.0) + (bounds.right - self.area.right).min(0.0);
        let dy = (bounds.top - self.area.top).max(0.0) + (bounds.bottom - self.area.bottom).min(0.0);
        Some(self.moved(dx, dy))
    }
}

/// The area of a text by the width estimate.
fn text_area(text: &str, (x, y): (f64, f64), anchor: Anchor, size: f64, role: Role) -> Rect {
    let width = text_width(text, size) * if role == Role::Title { 1.06 } else { 1.0 };
    let left = match anchor {
        Anchor::Left => x,
        Anchor::Middle => x - width / 2.0,
        Anchor::Right => x - width,
    };
    Rect::new(left, y - size * 0.55, left + width, y + size * 0.55)
}
