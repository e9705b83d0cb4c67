//! What answers the reader: the shared cursor, handles, the values under the pointer.
use super::painter::{Painter, Pen, Point};
use super::series::place;
use crate::Layout;
use crate::layout::{Anchor, PanelLayout, Pick, PlacedText, Rect, Role};
use crate::scene::{Mark, Moves, Panel, Scene, Series, Tone};
use crate::style::{ellipsis, text_width};
use plotters::prelude::DrawingBackend;

/// What the reader points at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Focus {
    /// The values under the pointer.
    pub pick: Option<Pick>,
    /// The same place in other panels over the same axis.
    pub along: Vec<Pick>,
    /// The handle being dragged: (panel, handle).
    pub grabbed: Option<(usize, usize)>,
    /// The handle that the keyboard moves: (panel, handle).
    pub keyboard: Option<(usize, usize)>,
}

/// Radius of a handle in CSS pixels.
const HANDLE: f64 = 7.0;

/// The place that is marked in every figure of a chapter: a line, a triangle at its top, dots on the series.
pub fn cursor<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    panel: &Panel,
    layout: &PanelLayout,
    x: f64,
) -> Result<(), String> {
    let style = painter.style;
    let theme = style.theme;
    let Some(at) = layout.x.to_pixel(x).filter(|_| layout.x.holds(x)) else { return Ok(()) };
    let plot = &layout.plot;
    painter.vertical(at, (plot.top, plot.bottom), Pen::new(theme.ink(), style.stroke(1.0)).faint(0.75))?;
    let (half, height) = (style.grown(5.0), style.grown(6.0));
    let triangle = [(at - half, plot.top - height), (at + half, plot.top - height), (at, plot.top + 1.0)];
    painter.polygon(&triangle, theme.ink(), 1.0)?;
    for mark in &panel.marks {
        let Mark::Series(series) = mark else { continue };
        if let Some(at) = value_at(series, x).and_then(|y| place(layout, (x, y))) {
            dot(painter, at, 4.0, series.tone)?;
        }
    }
    Ok(())
}

/// A series' value at a place: of its point there, or on its line between two points.
fn value_at(series: &Series, x: f64) -> Option<f64> {
    let near = |one: f64| (one - x).abs() <= 1e-9 * x.abs().max(1.0);
    if let Some(point) = series.points.iter().find(|point| near(point.0)) {
        return Some(point.1).filter(|y| !y.is_nan());
    }
    series.line?;
    series.points.windows(2).find_map(|pair| match pair {
        [one, two] if (one.0 < x) != (two.0 < x) && one.1.is_finite() && two.1.is_finite() => {
            let share = (x - one.0) / (two.0 - one.0);
            Some(one.1 * (1.0 - share) + two.1 * share)
        }
        _ => None,
    })
}

fn dot<DB: DrawingBackend>(painter: &mut Painter<'_, DB>, at: Point, radius: f64, tone: Tone) -> Result<(), String> {
    let style = painter.style;
    painter.disc(at, style.grown(radius + 1.5), style.theme.paper(), 1.0)?;
    painter.disc(at, style.grown(radius), style.theme.colour(tone), 1.0)
}

/// The handles of a panel; the grabbed and the focused one with a ring and the directions it moves in.
pub fn handles<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    panel: &Panel,
    layout: &PanelLayout,
    index: usize,
    focus: &Focus,
) -> Result<(), String> {
    let style = painter.style;
    let theme = style.theme;
    for (number, (handle, at)) in panel.handles.iter().zip(&layout.handles).enumerate() {
        let Some(at) = *at else { continue };
        let grabbed = focus.grabbed == Some((index, number));
        let keyboard = focus.keyboard == Some((index, number));
        let radius = HANDLE + if grabbed { 1.0 } else { 0.0 };
        if grabbed || keyboard {
            painter.disc(at, style.grown(radius + 7.0), theme.colour(handle.tone), 0.16)?;
        }
        painter.disc(at, style.grown(radius + 2.0), theme.paper(), 1.0)?;
        painter.disc(at, style.grown(radius), theme.colour(handle.tone), 1.0)?;
        painter.disc(at, style.grown(2.2), theme.paper(), 0.92)?;
        if keyboard {
            painter.ring(at, style.grown(radius + 4.0), Pen::new(theme.ink(), style.stroke(2.0)))?;
        }
        if grabbed || keyboard {
            let (across, along) = match handle.moves {
                Moves::X(_) | Moves::XLess(..) => (true, false),
                Moves::Y(_) => (false, true),
                Moves::Both(..) | Moves::Angle(_) => (true, true),
            };
            for (wanted, dx, dy) in [(across, 1.0, 0.0), (across, -1.0, 0.0), (along, 0.0, 1.0), (along, 0.0, -1.0)] {
                if wanted {
                    let (near, far, half) = (style.grown(radius + 8.0), style.grown(radius + 12.5), style.grown(4.0));
                    let head = [
                        (at.0 + dx * near - dy * half, at.1 + dy * near + dx * half),
                        (at.0 + dx * far, at.1 + dy * far),
                        (at.0 + dx * near + dy * half, at.1 + dy * near - dx * half),
                    ];
                    painter.polygon(&head, theme.ink(), 0.75)?;
                }
            }
        }
    }
    Ok(())
}

/// The label of the grabbed or focused handle, on a card beside it.
pub fn labels<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    scene: &Scene,
    layout: &Layout,
    focus: &Focus,
) -> Result<(), String> {
    let Some((panel, number)) = focus.grabbed.or(focus.keyboard) else { return Ok(()) };
    let handle = scene.panels.get(panel).and_then(|panel| panel.handles.get(number));
    let at = layout.panels.get(panel).and_then(|panel| panel.handles.get(number)).copied().flatten();
    match (handle, at) {
        (Some(handle), Some(at)) if !handle.label.is_empty() => {
            let style = painter.style;
            let font = style.small_size();
            let pad = style.grown(6.0);
            let figure = figure(layout, style.px(2.0));
            let width = (text_width(&handle.label, font) * 1.06 + 2.0 * pad).min(figure.width());
            let size = (width, style.line_height(font) + pad);
            let area = above(at, size, &figure, style.grown(HANDLE + 15.0));
            paper(painter, &area)?;
            let place = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0);
            let Some(text) = ellipsis(&handle.label, font, width - pad) else { return Ok(()) };
            painter.text(&PlacedText::new(text, place, Anchor::Middle, font, Role::Title), style.theme.ink())
        }
        _ => Ok(()),
    }
}

/// The crosshair, the dots and the card of the values under the pointer; `beside_others`: the card keeps to its panel,
/// because other panels have cards of their own.
pub fn pick<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    layout: &Layout,
    pick: &Pick,
    beside_others: bool,
) -> Result<(), String> {
    let style = painter.style;
    let theme = style.theme;
    let Some(panel) = layout.panels.get(pick.panel) else { return Ok(()) };
    let Some(x) = panel.x.to_pixel(pick.x).filter(|_| panel.x.holds(pick.x)) else { return Ok(()) };
    if !pick.single {
        let pen = Pen::new(theme.muted(), style.stroke(1.0)).faint(0.8);
        painter.vertical(x, (panel.plot.top, panel.plot.bottom), pen)?;
    }
    let mut at = (x, (panel.plot.top + panel.plot.bottom) / 2.0);
    for (row, (point, (_, _, tone))) in pick.points.iter().zip(&pick.rows).enumerate() {
        let Some(place) = place(panel, *point) else { continue };
        let nearest = row == pick.nearest;
        if nearest {
            at = place;
        }
        dot(painter, place, if nearest { 4.5 } else { 3.0 }, *tone)?;
    }
    if pick.rows.is_empty() {
        return Ok(());
    }
    let whole = figure(layout, style.px(2.0));
    let within = if beside_others {
        let outer = panel.outer.grown(style.px(6.0));
        Rect::new(
            outer.left.max(whole.left),
            outer.top.max(whole.top),
            outer.right.min(whole.right),
            outer.bottom.min(whole.bottom),
        )
    } else {
        whole
    };
    let nearest = (pick.rows.len() > 1 && !pick.single).then_some(pick.nearest);
    card(painter, &within, at, &pick.x_text, &pick.rows, nearest)
}

/// So many rows are on a card at most: of more values those around the nearest.
const MOST_ROWS: usize = 10;

/// A small card with names and values, beside a point, within the figure or its panel.
fn card<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    figure: &Rect,
    at: Point,
    heading: &str,
    rows: &[(String, String, Tone)],
    nearest: Option<usize>,
) -> Result<(), String> {
    let style = painter.style;
    let theme = style.theme;
    let font = style.small_size();
    let line = style.line_height(font);
    let (pad, gap, swatch) = (style.grown(7.0), style.grown(10.0), style.grown(9.0));
    // As many rows as fit, around the nearest one.
    let most = ((figure.height() - 2.0 * pad - line) / line).floor().clamp(1.0, MOST_ROWS as f64) as usize;
    let first = nearest.unwrap_or(0).saturating_sub(most / 2).min(rows.len().saturating_sub(most));
    let shown: Vec<(usize, &(String, String, Tone))> = rows.iter().enumerate().skip(first).take(most).collect();
    let widest = |text: fn(&(String, String, Tone)) -> &String| {
        shown.iter().map(|(_, row)| text_width(text(row), font)).fold(0.0, f64::max)
    };
    let names = widest(|row| &row.0);
    let values = widest(|row| &row.1);
    let between = if values > 0.0 { gap } else { 0.0 };
    let wanted = (swatch + names + between + values).max(text_width(heading, font) * 1.06) + 2.0 * pad;
    let width = wanted.min(figure.width());
    let heading_height = if heading.is_empty() { 0.0 } else { line * 1.1 };
    let height = heading_height + line * shown.len() as f64 + 2.0 * pad;
    let area = beside(at, (width, height), figure, style.grown(14.0));
    paper(painter, &area)?;
    let inner = width - 2.0 * pad;
    let mut y = area.top + pad + line / 2.0;
    if let Some(text) = ellipsis(heading, font, inner).filter(|text| !text.is_empty()) {
        painter.text(&PlacedText::new(text, (area.left + pad, y), Anchor::Left, font, Role::Title), theme.ink())?;
        y += heading_height;
    }
    for (row, (name, value, tone)) in shown {
        if nearest == Some(row) {
            let stripe = Rect::new(area.left, y - line / 2.0, area.right, y + line / 2.0);
            painter.fill(&stripe, theme.colour(*tone), 0.12)?;
        }
        let sample =
            Rect::new(area.left + pad, y - style.grown(2.5), area.left + pad + style.grown(5.0), y + style.grown(2.5));
        painter.fill(&sample, theme.colour(*tone), 1.0)?;
        if let Some(text) = ellipsis(name, font, (inner - swatch - between - values + style.px(1.0)).max(font)) {
            let at = (area.left + pad + swatch, y);
            painter.text(&PlacedText::new(text, at, Anchor::Left, font, Role::Inside), theme.ink())?;
        }
        let at = (area.right - pad, y);
        painter.text(&PlacedText::new(value, at, Anchor::Right, font, Role::Inside), theme.text(*tone))?;
        y += line;
    }
    Ok(())
}

/// The area in which cards may lie.
fn figure(layout: &Layout, edge: f64) -> Rect {
    let (width, height) = (f64::from(layout.size.0), f64::from(layout.size.1));
    Rect::new(edge, edge, width - edge, height - edge)
}

/// A card's paper with its edge.
fn paper<DB: DrawingBackend>(painter: &mut Painter<'_, DB>, area: &Rect) -> Result<(), String> {
    let style = painter.style;
    let theme = style.theme;
    painter.fill(&area.grown(style.px(1.0)), theme.muted().towards(theme.paper(), 0.45), 1.0)?;
    painter.fill(area, theme.paper(), 1.0)
}

/// A place for a handle's label: above it, or below, so that its neighbours in a row stay free.
fn above(at: Point, (width, height): (f64, f64), figure: &Rect, gap: f64) -> Rect {
    let left = (at.0 - width / 2.0).min(figure.right - width).max(figure.left);
    let top = if at.1 - gap - height >= figure.top { at.1 - gap - height } else { at.1 + gap };
    let top = top.min(figure.bottom - height).max(figure.top);
    Rect::new(left, top, left + width, top + height)
}

/// A place for a card: right or left of the point; above or below it where neither side has room.
fn beside(at: Point, (width, height): (f64, f64), figure: &Rect, gap: f64) -> Rect {
    let top = (at.1 - height / 2.0).min(figure.bottom - height).max(figure.top);
    let left = if at.0 + gap + width <= figure.right {
        at.0 + gap
    } else if at.0 - gap - width >= figure.left {
        at.0 - gap - width
    } else {
        let left = (at.0 - width / 2.0).min(figure.right - width).max(figure.left);
        let above = at.1 - gap - height;
        let below = at.1 + gap;
        // Whichever hides less of the figure around the point.
        let top = if above >= figure.top || at.1 > (figure.top + figure.bottom) / 2.0 { above } else { below };
        let top = top.min(figure.bottom - height).max(figure.top);
        return Rect::new(left, top, left + width, top + height);
    };
    Rect::new(left, top, left + width, top + height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_stays_in_the_figure_and_off_its_point() {
        let figure = Rect::new(0.0, 0.0, 360.0, 240.0);
        for x in 0..=36 {
            for y in 0..=24 {
                let at = (f64::from(x) * 10.0, f64::from(y) * 10.0);
                let label = above(at, (90.0, 20.0), &figure, 20.0);
                assert!(label.within(&figure) && !label.contains(at), "{at:?}: {label:?}");
                let narrow = beside(at, (120.0, 80.0), &figure, 12.0);
                assert!(narrow.within(&figure) && !narrow.contains(at), "{at:?}: {narrow:?}");
                let wide = beside(at, (320.0, 80.0), &figure, 12.0);
                assert!(wide.within(&figure) && !wide.contains(at), "{at:?}: {wide:?}");
            }
        }
    }
}
