//! The REGISTRY of figures: one file and one line each.
//!
//! A figure has a slug (in `data-figure`, in addresses, on the command line), a title, and a function that makes its
//! [`Scene`](crate::Scene) from the [`Model`](crate::model::Model). Its picture, alt text, data table, CSV, SVG and golden test follow from that.
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
mod spec;
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

pub use spec::FigureSpec;

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
