//! Draws any scene with any of plotters' backends.
//!
//! [`render`] draws on a canvas (plotters-canvas) at device resolution; with the feature `svg`, [`svg`] writes a file.
//! Both draw the same [`Layout`](crate::Layout); nothing is measured while drawing.
//!
//! A canvas keeps its context: set `lineJoin = "round"` on it once after each resize, plotters has no word for it.
mod axes;
mod draw;
mod focus;
mod heatmap;
mod marks;
mod painter;
mod series;
#[cfg(feature = "svg")]
mod vector;

pub use draw::render;
pub use focus::Focus;
#[cfg(feature = "svg")]
pub use vector::svg;
