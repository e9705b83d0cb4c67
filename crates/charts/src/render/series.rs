//! Lines and markers.
use super::painter::{Painter, Pen, Point};
use crate::layout::{PanelLayout, Rect, clip_segment};
use crate::scene::{Dash, Marker, Series, Tone};
use plotters::prelude::DrawingBackend;

/// The line and the markers of a series.
pub fn series<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    layout: &PanelLayout,
    series: &Series,
) -> Result<(), String> {
    let style = painter.style;
    let colour = style.theme.colour(series.tone);
    if let Some((dash, width)) = series.line {
        let pen = Pen { colour, opacity: series.opacity, width: style.stroke(width), dash };
        let runs = runs(layout, &series.points);
        for run in &runs.solid {
            painter.line(run, pen)?;
        }
        let thin = Pen { width: style.stroke(width * 0.75), dash: Dash::Dotted, ..pen };
        for run in &runs.dotted {
            painter.line(run, thin)?;
        }
        if series.marker.is_none() {
            for dot in &runs.dots {
                painter.disc(*dot, style.grown(1.2 + width * 0.6), colour, series.opacity)?;
            }
        }
    }
    if let Some((shape, radius)) = series.marker {
        let radius = style.grown(if radius.is_finite() { radius.clamp(0.5, 100.0) } else { 3.0 });
        // Markers on a line are thinned where they would merge; markers that stand alone are all data.
        let apart = if series.line.is_some() { radius * 2.6 } else { 0.0 };
        let mut last: Option<Point> = None;
        for point in &series.points {
            let Some(at) = place(layout, *point) else { continue };
            let near = last.is_some_and(|(x, y)| {
                let (dx, dy) = (at.0 - x, at.1 - y);
                (dx * dx + dy * dy).sqrt() < apart || (at.0.round(), at.1.round()) == (x.round(), y.round())
            });
            if !near {
                marker(painter, shape, at, radius, series.tone, series.opacity)?;
                last = Some(at);
            }
        }
    }
    Ok(())
}

/// A line as it was before a change.
pub fn ghost<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    layout: &PanelLayout,
    points: &[(f64, f64)],
) -> Result<(), String> {
    let style = painter.style;
    let pen = Pen::new(style.theme.muted(), style.stroke(1.2)).faint(0.5);
    let runs = runs(layout, points);
    runs.solid.iter().chain(&runs.dotted).try_for_each(|run| painter.line(run, pen))
}

/// The pixel of a point that lies in the panel.
pub fn place(layout: &PanelLayout, point: (f64, f64)) -> Option<Point> {
    (layout.x.holds(point.0) && layout.y.holds(point.1))
        .then(|| Some((layout.x.to_pixel(point.0)?, layout.y.to_pixel(point.1)?)))
        .flatten()
}

/// The pieces of a line.
#[derive(Debug, Default, PartialEq)]
pub struct Runs {
    /// Between finite points.
    pub solid: Vec<Vec<Point>>,
    /// Into, along and out of gutters.
    pub dotted: Vec<Vec<Point>>,
    /// Points that would not show: alone, or the first or last in a gutter.
    pub dots: Vec<Point>,
}

/// Cuts a line at NaN, at the panel's edges and where it enters a gutter.
pub fn runs(layout: &PanelLayout, points: &[(f64, f64)]) -> Runs {
    let (left, right) = layout.x.finite();
    let (top, bottom) = layout.y.finite();
    let scale = Rect::new(left, top, right, bottom);
    let mut runs = Runs::default();
    let pixel = |point: (f64, f64)| Some((layout.x.to_pixel(point.0)?, layout.y.to_pixel(point.1)?));
    let finite = |point: (f64, f64)| point.0.is_finite() && point.1.is_finite();
    for pair in points.windows(2) {
        let [one, two] = pair else { continue };
        let (Some(from), Some(to)) = (pixel(*one), pixel(*two)) else { continue };
        let both = finite(*one) && finite(*two);
        let Some((from, to)) = clip_segment(from, to, if both { &scale } else { &layout.plot }) else { continue };
        let list = if both { &mut runs.solid } else { &mut runs.dotted };
        match list.last_mut() {
            Some(run) if run.last() == Some(&from) => run.push(to),
            _ => list.push(vec![from, to]),
        }
    }
    for (index, point) in points.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| points.get(before)).copied();
        let after = points.get(index + 1).copied();
        let shown = |other: Option<(f64, f64)>| other.is_some_and(|other| !other.0.is_nan() && !other.1.is_nan());
        let alone = !shown(before) && !shown(after);
        let other_kind = |other: Option<(f64, f64)>| shown(other) && other.is_some_and(finite);
        let ends = !finite(*point) && (other_kind(before) || other_kind(after));
        if alone || ends {
            runs.dots.extend(place(layout, *point));
        }
    }
    runs
}

/// Draws one marker around a point in device pixels.
pub fn marker<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    shape: Marker,
    at: Point,
    radius: f64,
    tone: Tone,
    opacity: f64,
) -> Result<(), String> {
    let style = painter.style;
    let colour = style.theme.colour(tone);
    let pen = Pen::new(colour, style.stroke(1.6)).faint(opacity);
    let bar = f64::from(pen.width) / 2.0;
    let across = Rect::new(at.0 - radius, at.1 - bar, at.0 + radius, at.1 + bar);
    let upright = Rect::new(at.0 - bar, at.1 - radius, at.0 + bar, at.1 + radius);
    match shape {
        Marker::Dot => painter.disc(at, radius, colour, opacity),
        Marker::Ring => {
            painter.disc(at, radius, style.theme.paper(), opacity)?;
            painter.ring(at, radius, pen)
        }
        Marker::Square => {
            let half = radius * 0.88;
            painter.fill(&Rect::new(at.0, at.1, at.0, at.1).grown(half), colour, opacity)
        }
        Marker::Triangle => {
            let triangle = [
                (at.0, at.1 - radius * 1.15),
                (at.0 + radius * 1.1, at.1 + radius * 0.8),
                (at.0 - radius * 1.1, at.1 + radius * 0.8),
            ];
            painter.polygon(&triangle, colour, opacity)
        }
        Marker::Minus => painter.fill(&across, colour, opacity),
        Marker::Plus => {
            painter.fill(&across, colour, opacity)?;
            painter.fill(&upright, colour, opacity)
        }
        Marker::Cross => {
            let arm = radius * 0.8;
            painter.line(&[(at.0 - arm, at.1 - arm), (at.0 + arm, at.1 + arm)], pen)?;
            painter.line(&[(at.0 - arm, at.1 + arm), (at.0 + arm, at.1 - arm)], pen)
        }
    }
}
