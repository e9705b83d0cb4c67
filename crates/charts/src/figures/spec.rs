//! What every figure of the registry is: a slug, a heading, a shape, and how its scene is made.
use crate::Scene;
use crate::layout::STACKED_BELOW;
use crate::model::Model;

/// From this width on, in CSS pixels, the name of a row takes one line.
const ONE_LINE: f64 = 760.0;

/// A figure, as data.
pub struct FigureSpec {
    /// The name in `data-figure`, in addresses and on the command line.
    pub slug: &'static str,
    /// The heading of the figure, without a full stop.
    pub title: &'static str,
    /// Width over height on a wide screen; of a figure of rows with names, as long as it has none.
    pub aspect: f64,
    /// Makes the picture.
    pub scene: fn(&Model) -> Scene,
}

impl FigureSpec {
    /// The height in CSS pixels for a width, as the page has it: no lower than a picture must be to be read; panels that
    /// stand one below the other each get their room, and so do rows with names, which in a narrow one take two lines.
    pub fn height(&self, width: f64, scene: &Scene) -> f64 {
        let rows = scene.rows() as f64;
        if rows > 0.0 {
            let grown = (width / 1000.0).max(1.0);
            return if width < ONE_LINE { 28.8 * rows + 176.0 } else { grown * (19.2 * rows + 128.0) };
        }
        if scene.panels.len() > 1 && width < STACKED_BELOW {
            return (1.9 * width).min(608.0);
        }
        let least = (576.0 / self.aspect).min(320.0);
        (width / self.aspect).clamp(least, 576.0)
    }
}
