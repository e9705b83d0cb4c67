//! The REGISTRY of figures: one file and one line each.
//!
//! A figure has a slug (in `data-figure`, in addresses, on the command line), a title, and a function that makes its
//! [`Scene`] from the [`Model`]. Its picture, alt text, data table, CSV, SVG and golden test follow from that.
mod alignment_angle;
mod alignment_probability;
pub mod cliff;
mod cliff_attractors;
mod cliff_descent;
mod eigenvalue_line;
mod eigenvalue_powers;
mod evidence_heat;
mod gates;
mod gradient_direction;
pub mod gradient_norms;
mod iterate;
mod jacobian_singular_values;
mod matrix_powers;
mod opening;
mod saturation;
mod spectrum;
mod start_overlap;
mod training_accuracy;
mod training_cost;
mod training_gradient_norm;
mod training_heat;
mod training_loss;
mod training_spectrum;
mod training_update;
mod unit_circle;
pub mod weight_gradient;

use crate::Scene;
use crate::layout::STACKED_BELOW;
use crate::model::Model;

/// A figure, as data.
pub struct FigureSpec {
    /// The name in `data-figure`, in addresses and on the command line.
    pub slug: &'static str,
    /// The heading.
    pub title: &'static str,
    /// Width over height on a wide screen.
    pub aspect: f64,
    /// Makes the picture.
    pub scene: fn(&Model) -> Scene,
}

impl FigureSpec {
    /// Whether it shows the runs of chapter 4, or an experiment with them.
    pub fn is_of_training(&self) -> bool {
        self.slug.starts_with("training-") || self.slug.starts_with("evidence-")
    }

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

/// All figures, in the order of the page.
pub static ALL: &[FigureSpec] = &[
    opening::SPEC,
    eigenvalue_line::SPEC,
    matrix_powers::SPEC,
    eigenvalue_powers::SPEC,
    unit_circle::SPEC,
    iterate::SPEC,
    alignment_angle::SPEC,
    alignment_probability::SPEC,
    start_overlap::SPEC,
    spectrum::SPEC,
    gradient_norms::SPEC,
    gradient_direction::SPEC,
    jacobian_singular_values::SPEC,
    saturation::SPEC,
    gates::SPEC,
    weight_gradient::SPEC,
    training_loss::SPEC,
    training_gradient_norm::SPEC,
    training_heat::SPEC,
    training_spectrum::SPEC,
    training_update::SPEC,
    training_accuracy::SPEC,
    training_cost::SPEC,
    evidence_heat::SPEC,
    cliff::SPEC,
    cliff_descent::SPEC,
    cliff_attractors::SPEC,
];

/// The figure of that slug.
pub fn find(slug: &str) -> Option<&'static FigureSpec> {
    ALL.iter().find(|figure| figure.slug == slug)
}
