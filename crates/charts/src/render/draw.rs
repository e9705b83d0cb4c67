//! A scene on a backend: panel after panel, and above them what the reader points at.
use super::focus::{self, Focus};
use super::painter::{Painter, Pen};
use super::{axes, marks, series};
use crate::layout::{PanelLayout, PlacedText, Rect, Role};
use crate::scene::{Panel, Scene};
use crate::{Layout, Style};
use plotters::prelude::DrawingBackend;

/// Draws a scene at a size in device pixels and returns the layout that was drawn.
///
/// For SVG call `svg` instead: plotters' SVG backend writes smaller letters than it is asked for.
pub fn render<DB: DrawingBackend>(
    scene: &Scene,
    backend: DB,
    size: (u32, u32),
    style: &Style,
    focus: &Focus,
) -> Result<Layout, String> {
    draw(scene, Painter::new(backend, style, 1.0)?, size, focus)
}

pub(super) fn draw<DB: DrawingBackend>(
    scene: &Scene,
    mut painter: Painter<'_, DB>,
    size: (u32, u32),
    focus: &Focus,
) -> Result<Layout, String> {
    let style = painter.style;
    let layout = Layout::new(scene, size, style);
    let whole = Rect::new(0.0, 0.0, f64::from(size.0), f64::from(size.1));
    painter.fill(&whole, style.theme.paper(), 1.0)?;
    for (index, (panel, place)) in scene.panels.iter().zip(&layout.panels).enumerate() {
        draw_panel(&mut painter, panel, place)?;
        focus::handles(&mut painter, panel, place, index, focus)?;
    }
    for text in &layout.remark {
        painter.text(text, style.theme.text(text.tone))?;
    }
    focus::labels(&mut painter, scene, &layout, focus)?;
    for pick in focus.along.iter().chain(&focus.pick) {
        focus::pick(&mut painter, &layout, pick, !focus.along.is_empty())?;
    }
    painter.finish()?;
    Ok(layout)
}

fn draw_panel<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    panel: &Panel,
    layout: &PanelLayout,
) -> Result<(), String> {
    axes::behind(painter, panel, layout)?;
    for ghost in &panel.ghosts {
        series::ghost(painter, layout, ghost)?;
    }
    for mark in &panel.marks {
        marks::mark(painter, panel, layout, mark)?;
    }
    axes::before(painter, panel, layout)?;
    if let Some(x) = panel.cursor {
        focus::cursor(painter, panel, layout, x)?;
    }
    for entry in &layout.key {
        if let Some(mark) = panel.marks.get(entry.mark) {
            marks::sample(painter, mark, entry.sample, entry.length)?;
        }
        painter.text(&entry.text, painter.style.theme.text(entry.text.tone))?;
    }
    layout.texts.iter().try_for_each(|text| draw_text(painter, text))
}

/// A text with its leader and its patch of paper.
fn draw_text<DB: DrawingBackend>(painter: &mut Painter<'_, DB>, text: &PlacedText) -> Result<(), String> {
    let style = painter.style;
    let theme = style.theme;
    if let Some((from, to)) = text.leader {
        painter.line(&[from, to], Pen::new(theme.colour(text.tone), style.stroke(0.75)).faint(0.6))?;
    }
    if text.patch {
        painter.fill(&text.area.grown(style.px(1.0)), theme.paper(), 0.82)?;
    }
    let colour = if text.role == Role::Tick { theme.muted() } else { theme.text(text.tone) };
    painter.text(text, colour)
}
