//! Figures: what is seen, as data ([`Scene`]), and one renderer that draws any scene with plotters.
//!
//! A figure is a function from a study's result to a [`Scene`]: axes, marks with their tones and labels, handles, a
//! sentence that says what is seen. From the scene come the picture (canvas or SVG), the values under the pointer, the
//! accessible label, the data table and the CSV file: each once, for every figure.
//!
//! The crate knows plotters' `DrawingBackend` and no other platform; it knows no settings and no page.
#![forbid(unsafe_code)]

pub mod figures;
pub mod format;
pub mod laboratory;
pub mod layout;
pub mod learning_map;
pub mod model;
mod over_remedies;
mod over_steps;
mod over_time;
mod over_training;
pub mod render;
pub mod scene;
pub mod style;
pub mod table;
pub mod text_runs;
pub mod tween;
pub mod workbench;

pub use layout::{Layout, Pick};
pub use model::{Configs, Model};
pub use render::render;
pub use scene::Scene;
pub use style::{Style, Theme};
