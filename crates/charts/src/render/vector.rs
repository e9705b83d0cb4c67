//! SVG files, for the command line, the golden tests and the page's export.
use super::draw::draw;
use super::focus::Focus;
use super::painter::Painter;
use crate::{Layout, Scene, Style};
use plotters::prelude::SVGBackend;

/// plotters' SVG backend divides every font size by this.
const FONT_FACTOR: f64 = 1.24;

/// A scene as an SVG document of `size` device pixels, shown at `size / style.scale` CSS pixels.
///
/// The same scene, size and style give the same bytes. The scene's summary is the document's title.
pub fn svg(scene: &Scene, size: (u32, u32), style: &Style, focus: &Focus) -> Result<(String, Layout), String> {
    let mut document = String::new();
    let painter = Painter::new(SVGBackend::with_string(&mut document, size), style, FONT_FACTOR)?;
    let layout = draw(scene, painter, size, focus)?;
    let body = document.split_once('\n').map_or("", |(_, body)| body);
    let summary = escaped(&scene.summary);
    let factor = style.px(1.0);
    let head = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" \
         stroke-linejoin=\"round\">\n<title>{summary}</title>\n",
        f64::from(size.0) / factor,
        f64::from(size.1) / factor,
        size.0,
        size.1,
    );
    Ok((head + body, layout))
}

/// Text between tags.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
