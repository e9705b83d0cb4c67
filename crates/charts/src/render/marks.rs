//! Everything a scene can hold besides series and matrices.
use super::heatmap::heatmap;
use super::painter::{Painter, Pen, Point};
use super::series::{marker, place, runs, series};
use crate::layout::{PanelLayout, Rect, clip_polygon, clip_segment, zone_area};
use crate::scene::{Dash, Mark, Marker, Panel, Scale, Tone};
use crate::style::Theme;
use plotters::prelude::DrawingBackend;

/// Draws a mark without its label.
pub fn mark<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    panel: &Panel,
    layout: &PanelLayout,
    mark: &Mark,
) -> Result<(), String> {
    let style = painter.style;
    let theme = style.theme;
    let plot = &layout.plot;
    match mark {
        Mark::Series(content) => series(painter, layout, content),
        Mark::Band { tone, opacity, points, .. } => band(painter, layout, (*tone, *opacity), points),
        Mark::Bars { tone, bars, .. } => bars.iter().try_for_each(|bar| draw_bar(painter, panel, layout, *tone, *bar)),
        Mark::Intervals { tone, points, .. } => {
            points.iter().try_for_each(|point| interval(painter, layout, *tone, *point))
        }
        Mark::Horizontal { y, tone, dash, .. } => match layout.y.to_pixel(*y).filter(|_| layout.y.holds(*y)) {
            Some(place) => {
                let pen = Pen { dash: *dash, ..Pen::new(theme.colour(*tone), style.stroke(1.2)) };
                painter.horizontal(place, (plot.left, plot.right), pen)
            }
            None => Ok(()),
        },
        Mark::Vertical { x, tone, dash, .. } => match layout.x.to_pixel(*x).filter(|_| layout.x.holds(*x)) {
            Some(place) => {
                let pen = Pen { dash: *dash, ..Pen::new(theme.colour(*tone), style.stroke(1.2)) };
                painter.vertical(place, (plot.top, plot.bottom), pen)
            }
            None => Ok(()),
        },
        Mark::Zone { x, y, tone, .. } => match zone_area((&layout.x, &layout.y), *x, *y, plot) {
            Some(area) if area.width() > 0.0 && area.height() > 0.0 => {
                let opacity = if theme == Theme::Dark { 0.13 } else { 0.09 };
                painter.fill(&area, theme.colour(*tone), opacity)
            }
            _ => Ok(()),
        },
        Mark::Heatmap { rows, columns, values, shades, limit, .. } => {
            heatmap(painter, layout, (*rows, *columns), values, (*shades, *limit))
        }
        Mark::Arrow { from, to, tone, width, .. } => arrow(painter, layout, (*from, *to), *tone, *width),
        Mark::Outline { points, tone, opacity, dash } => outline(painter, layout, points, (*tone, *opacity), *dash),
        Mark::Text { .. } => Ok(()),
    }
}

/// A short sample of a mark for the key.
pub fn sample<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    mark: &Mark,
    (x, y): Point,
    length: f64,
) -> Result<(), String> {
    let style = painter.style;
    let middle = (x + length / 2.0, y);
    match mark {
        Mark::Series(series) => {
            let colour = style.theme.colour(series.tone);
            if let Some((dash, width)) = series.line {
                let pen = Pen { dash, ..Pen::new(colour, style.stroke(width)) };
                painter.horizontal(y, (x, x + length), pen.faint(series.opacity))?;
            }
            match series.marker {
                Some((shape, radius)) => {
                    let radius = style.grown(if radius.is_finite() { radius.clamp(1.5, 5.0) } else { 3.0 });
                    marker(painter, shape, middle, radius, series.tone, series.opacity)
                }
                None => Ok(()),
            }
        }
        Mark::Intervals { tone, .. } => {
            let pen = Pen::new(style.theme.colour(*tone), style.stroke(1.5));
            painter.vertical(middle.0, (y - style.grown(5.0), y + style.grown(5.0)), pen)?;
            marker(painter, Marker::Dot, middle, style.grown(3.0), *tone, 1.0)
        }
        _ => Ok(()),
    }
}

fn band<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    layout: &PanelLayout,
    (tone, opacity): (Tone, f64),
    points: &[(f64, f64, f64)],
) -> Result<(), String> {
    let colour = painter.style.theme.colour(tone);
    for run in points.split(|point| point.0.is_nan() || point.1.is_nan() || point.2.is_nan()) {
        let edge = |value: fn(&(f64, f64, f64)) -> f64| {
            run.iter().filter_map(move |point| Some((layout.x.to_pixel(point.0)?, layout.y.to_pixel(value(point))?)))
        };
        let mut polygon: Vec<Point> = edge(|point| point.1).collect();
        let upper: Vec<Point> = edge(|point| point.2).collect();
        polygon.extend(upper.into_iter().rev());
        painter.polygon(&clip_polygon(&polygon, &layout.plot), colour, opacity)?;
    }
    Ok(())
}

fn draw_bar<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    panel: &Panel,
    layout: &PanelLayout,
    tone: Tone,
    (from, to, height): (f64, f64, f64),
) -> Result<(), String> {
    let style = painter.style;
    let base = match panel.y.scale {
        // Zero, or the end of the axis nearest to it.
        Scale::Linear => layout.y.to_pixel(0.0_f64.clamp(layout.y.low, layout.y.high)),
        Scale::Log10 => Some(layout.plot.bottom),
    };
    let (Some(base), Some(end)) = (base, layout.y.to_pixel(height)) else { return Ok(()) };
    let (Some(left), Some(right)) = (layout.x.to_pixel(from), layout.x.to_pixel(to)) else { return Ok(()) };
    let plot = &layout.plot;
    let (left, right) = (left.min(right).max(plot.left), left.max(right).min(plot.right));
    if right < plot.left || left > plot.right {
        return Ok(());
    }
    let gap = if right - left >= style.px(4.0) { style.px(1.0) } else { 0.0 };
    let end = end.clamp(plot.top, plot.bottom);
    let area = Rect::new(left.round(), base.min(end), right.round() - gap, base.max(end));
    let colour = style.theme.colour(tone);
    if area.height() > 0.0 {
        painter.fill(&area, colour, 0.55)?;
    }
    painter.horizontal(end, (area.left, area.right), Pen::new(colour, style.stroke(1.5)))
}

fn interval<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    layout: &PanelLayout,
    tone: Tone,
    (x, low, middle, high): (f64, f64, f64, f64),
) -> Result<(), String> {
    let style = painter.style;
    let Some(at) = layout.x.to_pixel(x).filter(|_| layout.x.holds(x)) else { return Ok(()) };
    let pen = Pen::new(style.theme.colour(tone), style.stroke(1.5));
    let plot = &layout.plot;
    let ends = (layout.y.to_pixel(low), layout.y.to_pixel(high));
    if let (Some(low), Some(high)) = ends
        && low.max(high) >= plot.top
        && low.min(high) <= plot.bottom
    {
        let (top, bottom) = (low.min(high).max(plot.top), low.max(high).min(plot.bottom));
        painter.vertical(at, (top, bottom), pen)?;
        let cap = style.grown(3.0);
        for end in [low, high].into_iter().filter(|end| *end >= plot.top && *end <= plot.bottom) {
            painter.horizontal(end, (at - cap, at + cap), pen)?;
        }
    }
    match place(layout, (x, middle)) {
        Some(at) => marker(painter, Marker::Dot, at, style.grown(3.5), tone, 1.0),
        None => Ok(()),
    }
}

/// A shaft with a real head; open where the head lies beyond the panel's edge.
fn arrow<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    layout: &PanelLayout,
    (from, to): ((f64, f64), (f64, f64)),
    tone: Tone,
    width: f64,
) -> Result<(), String> {
    let style = painter.style;
    let pixel = |point: (f64, f64)| Some((layout.x.to_pixel(point.0)?, layout.y.to_pixel(point.1)?));
    let (Some(start), Some(tip)) = (pixel(from), pixel(to)) else { return Ok(()) };
    let Some((start, end)) = clip_segment(start, tip, &layout.plot) else { return Ok(()) };
    let (dx, dy) = (end.0 - start.0, end.1 - start.1);
    let length = (dx * dx + dy * dy).sqrt();
    if length < 1.0 {
        return Ok(());
    }
    let (dx, dy) = (dx / length, dy / length);
    let pen = Pen::new(style.theme.colour(tone), style.stroke(width));
    let head = (f64::from(pen.width) * 2.0 + style.grown(6.0)).min(length);
    let half = head * 0.42;
    let base = (end.0 - dx * head, end.1 - dy * head);
    let corners = [(base.0 - dy * half, base.1 + dx * half), end, (base.0 + dy * half, base.1 - dx * half)];
    if end == tip {
        // The shaft ends within the head, so that its square end does not stick out of the tip.
        painter.line(&[start, (end.0 - dx * head * 0.7, end.1 - dy * head * 0.7)], pen)?;
        painter.polygon(&corners, pen.colour, 1.0)
    } else {
        painter.line(&[start, end], pen)?;
        painter.line(&corners, pen)
    }
}

fn outline<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    layout: &PanelLayout,
    points: &[(f64, f64)],
    (tone, opacity): (Tone, f64),
    dash: Dash,
) -> Result<(), String> {
    let style = painter.style;
    let colour = style.theme.colour(tone);
    let pixels: Vec<Point> =
        points.iter().filter_map(|point| Some((layout.x.to_pixel(point.0)?, layout.y.to_pixel(point.1)?))).collect();
    painter.polygon(&clip_polygon(&pixels, &layout.plot), colour, opacity)?;
    let mut closed = points.to_vec();
    closed.extend(points.first().copied());
    let runs = runs(layout, &closed);
    let pen = Pen { dash, ..Pen::new(colour, style.stroke(1.5)) };
    runs.solid.iter().chain(&runs.dotted).try_for_each(|run| painter.line(run, pen))
}
