//! What every figure of the registry is: a slug, a heading, a shape, and how its scene is made.
use crate::Scene;
use crate::layout::STACKED_BELOW;
use crate::model::Model;

/// A figure, as data.
pub struct FigureSpec {
    /// The name in `data-figure`, in addresses and on the command line.
    pub slug: &'static str,
    /// The heading of the figure, without a full stop.
    pub title: &'static str,
    /// Width over height on a wide screen.
    pub aspect: f64,
    /// Makes the picture.
    pub scene: fn(&Model) -> Scene,
}

impl FigureSpec {
    /// The height in CSS pixels for a width, as the page has it: no lower than a picture must be to be read; panels that
    /// stand one below the other each get their room.
    pub fn height(&self, width: f64, panels: usize) -> f64 {
        if panels > 1 && width < STACKED_BELOW {
            return (1.9 * width).min(608.0);
        }
        let least = (576.0 / self.aspect).min(320.0);
        (width / self.aspect).clamp(least, 576.0)
    }
}
