//! The REGISTRY of figures: one file and one line each.
//!
//! A figure has a slug (in `data-figure`, in addresses, on the command line), a title, and a function that makes its
//! [`Scene`](crate::Scene) from the [`Model`](crate::model::Model). Its picture, alt text, data table, CSV, SVG and golden test follow from that.
pub mod alignment_angle;
pub mod alignment_probability;
pub mod cliff;
pub mod cliff_attractors;
pub mod cliff_descent;
pub mod eigenvalue_line;
pub mod eigenvalue_powers;
pub mod evidence_heat;
pub mod evidence_runs;
pub mod gates;
pub mod gradient_direction;
pub mod gradient_norms;
pub mod iterate;
pub mod iterated;
pub mod jacobian_singular_values;
pub mod learning_map;
pub mod matrix_powers;
pub mod opening;
pub mod saturation;
mod spec;
pub mod spectrum;
pub mod start_overlap;
pub mod text_bits;
pub mod training_accuracy;
pub mod training_cost;
pub mod training_gradient_norm;
pub mod training_heat;
pub mod training_loss;
pub mod training_spectrum;
pub mod training_update;
pub mod unit_circle;
pub mod weight_gradient;
pub mod workbench_angle;
pub mod workbench_gradient;
pub mod workbench_matrix;
pub mod workbench_powers;
pub mod workbench_training;

pub use spec::FigureSpec;

/// All figures, in the order of the page.
pub static ALL: &[FigureSpec] = &[
    workbench_matrix::SPEC,
    workbench_powers::SPEC,
    workbench_angle::SPEC,
    workbench_gradient::SPEC,
    workbench_training::SPEC,
    opening::SPEC,
    iterated::SPEC,
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
    evidence_runs::SPEC,
    evidence_heat::SPEC,
    text_bits::SPEC,
    learning_map::SPEC,
    cliff::SPEC,
    cliff_descent::SPEC,
    cliff_attractors::SPEC,
];

/// The figure of that slug.
pub fn find(slug: &str) -> Option<&'static FigureSpec> {
    ALL.iter().find(|figure| figure.slug == slug)
}
