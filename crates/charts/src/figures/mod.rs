//! The REGISTRY of figures: one file and one line each.
//!
//! A figure has a slug (in `data-figure`, in addresses, on the command line), a title, and a function that makes its
//! [`Scene`] from the [`Model`]. Its picture, alt text, data table, CSV, SVG and golden test follow from that.
mod alignment_angle;
mod alignment_probability;
mod eigenvalue_line;
mod eigenvalue_powers;
pub mod gradient_norms;
mod iterate;
mod matrix_powers;
mod start_overlap;
mod unit_circle;

use crate::Scene;
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

/// All figures, in the order of the page.
pub static ALL: &[FigureSpec] = &[
    eigenvalue_line::SPEC,
    matrix_powers::SPEC,
    eigenvalue_powers::SPEC,
    unit_circle::SPEC,
    iterate::SPEC,
    alignment_angle::SPEC,
    alignment_probability::SPEC,
    start_overlap::SPEC,
    gradient_norms::SPEC,
];

/// The figure of that slug.
pub fn find(slug: &str) -> Option<&'static FigureSpec> {
    ALL.iter().find(|figure| figure.slug == slug)
}
