//! The quiet parts: grid, gutters, base line, ticks.
use super::painter::{Painter, Pen};
use crate::layout::{AxisMap, PanelLayout, Rect};
use crate::scene::{Dash, Mark, Panel, Scale};
use plotters::prelude::DrawingBackend;

/// What lies behind the marks: gutters and grid.
pub fn behind<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    panel: &Panel,
    layout: &PanelLayout,
) -> Result<(), String> {
    let style = painter.style;
    let theme = style.theme;
    let plot = &layout.plot;
    for (map, vertical) in [(&layout.x, false), (&layout.y, true)] {
        for (band, edge) in gutters(map, plot, vertical) {
            painter.fill(&band, theme.shade(), 1.0)?;
            let pen = Pen { dash: Dash::Dotted, ..Pen::new(theme.muted(), style.stroke(1.0)) }.faint(0.7);
            if vertical {
                painter.horizontal(edge, (plot.left, plot.right), pen)?;
            } else {
                painter.vertical(edge, (plot.top, plot.bottom), pen)?;
            }
        }
    }
    if panel.marks.iter().any(|mark| matches!(mark, Mark::Heatmap { .. })) {
        return Ok(());
    }
    let grid = Pen::new(theme.grid(), style.stroke(1.0));
    let strong = Pen::new(theme.grid().towards(theme.muted(), 0.45), style.stroke(1.0));
    let labelled = |ticks: &[crate::layout::Tick]| {
        ticks.iter().filter(|tick| !tick.text.is_empty() && tick.value.is_finite()).cloned().collect::<Vec<_>>()
    };
    for tick in labelled(&layout.y_ticks) {
        // The reference: one (10^0) on a logarithmic axis, zero on a linear one.
        let reference = tick.value.abs() < 1e-9;
        painter.horizontal(tick.pixel, (plot.left, plot.right), if reference { strong } else { grid })?;
    }
    if panel.equal_units {
        for tick in labelled(&layout.x_ticks) {
            let reference = tick.value.abs() < 1e-9;
            painter.vertical(tick.pixel, (plot.top, plot.bottom), if reference { strong } else { grid })?;
        }
    }
    Ok(())
}

/// What lies before the marks: the base line and its ticks, the minor ticks of the y axis.
pub fn before<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    panel: &Panel,
    layout: &PanelLayout,
) -> Result<(), String> {
    let style = painter.style;
    let plot = &layout.plot;
    let pen = Pen::new(style.theme.muted(), style.stroke(1.0)).faint(0.8);
    let heatmap = panel.marks.iter().any(|mark| matches!(mark, Mark::Heatmap { .. }));
    if panel.x.visible && !heatmap {
        if !panel.equal_units {
            painter.horizontal(plot.bottom, (plot.left, plot.right), pen)?;
        }
        for tick in &layout.x_ticks {
            let length = style.grown(if tick.text.is_empty() { 2.5 } else { 4.0 });
            painter.vertical(tick.pixel, (plot.bottom, plot.bottom + length), pen)?;
        }
    }
    if panel.y.visible && panel.y.scale == Scale::Log10 {
        for tick in layout.y_ticks.iter().filter(|tick| tick.text.is_empty()) {
            painter.horizontal(tick.pixel, (plot.left - style.grown(3.0), plot.left), pen.faint(0.5))?;
        }
    }
    Ok(())
}

/// The bands of an axis' gutters, each with the pixel of its inner edge.
fn gutters(map: &AxisMap, plot: &Rect, vertical: bool) -> Vec<(Rect, f64)> {
    let ends = if vertical { (plot.top, plot.bottom) } else { (plot.left, plot.right) };
    [map.gutter_low, map.gutter_high]
        .into_iter()
        .flatten()
        .map(|middle| {
            // The gutter's middle lies halfway between the band's edges; one of them is the panel's.
            let (from, to, edge) = if middle - ends.0 < ends.1 - middle {
                (ends.0, 2.0 * middle - ends.0, 2.0 * middle - ends.0)
            } else {
                (2.0 * middle - ends.1, ends.1, 2.0 * middle - ends.1)
            };
            let band = if vertical {
                Rect::new(plot.left, from, plot.right, to)
            } else {
                Rect::new(from, plot.top, to, plot.bottom)
            };
            (band, edge)
        })
        .collect()
}
