//! Matrices: blue below zero, paper at zero, orange above; or one tone, from paper at zero.
use super::painter::{Painter, Pen};
use crate::layout::{PanelLayout, Rect};
use crate::scene::{Shades, Tone};
use crate::style::{Colour, Theme};
use plotters::prelude::DrawingBackend;

/// Steps of colour on each side of zero: finer than the eye sees, coarse enough that equal neighbours share a rectangle.
const STEPS: f64 = 48.0;

/// The colour of a value in -1..=1; `None` for NaN.
pub fn colour(theme: Theme, shades: Shades, value: f64) -> Option<Colour> {
    if value.is_nan() {
        return None;
    }
    let tone = match shades {
        Shades::Signed if value < 0.0 => Tone::Vanishing,
        Shades::Signed => Tone::Exploding,
        Shades::Size(tone) => tone,
        Shades::Kinds(kinds) => {
            let (tone, _) = kinds.get(value.max(0.0) as usize)?;
            let share = if value.fract() == 0.0 { 0.5 } else { 0.25 };
            return Some(theme.paper().towards(theme.colour(*tone), share));
        }
    };
    let end = theme.colour(tone);
    Some(theme.paper().towards(end, (value.abs().min(1.0) * STEPS).round() / STEPS))
}

/// The cells of a matrix over the panel's scale, row 0 at the top.
pub fn heatmap<DB: DrawingBackend>(
    painter: &mut Painter<'_, DB>,
    layout: &PanelLayout,
    (rows, columns): (usize, usize),
    values: &[f64],
    (shades, limit): (Shades, f64),
) -> Result<(), String> {
    if rows == 0 || columns == 0 {
        return Ok(());
    }
    let scale = if limit > 0.0 && limit.is_finite() { limit } else { 1.0 };
    let style = painter.style;
    let theme = style.theme;
    let (left, right) = layout.x.finite();
    let (top, bottom) = layout.y.finite();
    // No more cells than there are pixels to show them.
    let (shown_rows, shown_columns) =
        (rows.min((bottom - top).max(1.0) as usize), columns.min((right - left).max(1.0) as usize));
    let x = |column: usize| (left + (right - left) * column as f64 / shown_columns as f64).round();
    let y = |row: usize| (top + (bottom - top) * row as f64 / shown_rows as f64).round();
    painter.fill(&Rect::new(left, top, right, bottom), theme.paper(), 1.0)?;
    let cell = ((right - left) / columns as f64).min((bottom - top) / rows as f64);
    let with_lines = cell >= style.px(8.0);
    // Small cells reach a little under their neighbours, so that no paper shines through between them where a file is
    // shown at another size.
    let seam = if with_lines { 0.0 } else { 1.0 };
    let mut of_colour: Vec<(Colour, Vec<Rect>)> = Vec::new();
    for row in 0..shown_rows {
        let value = |column: usize| {
            let index = (row * rows / shown_rows) * columns + column * columns / shown_columns;
            colour(theme, shades, values.get(index).copied().unwrap_or(f64::NAN) / scale)
        };
        let mut column = 0;
        while column < shown_columns {
            let first = column;
            let here = value(first);
            while column < shown_columns && value(column) == here {
                column += 1;
            }
            let area = Rect::new(x(first), y(row), x(column) + seam, y(row + 1) + seam);
            match here {
                Some(colour) if colour == theme.paper() => {}
                Some(colour) => match of_colour.iter_mut().find(|(other, _)| *other == colour) {
                    Some((_, areas)) => areas.push(area),
                    None => of_colour.push((colour, vec![area])),
                },
                None => hatch(painter, &area)?,
            }
        }
    }
    for (colour, areas) in of_colour {
        painter.areas(&areas, colour)?;
    }
    let line = Pen::new(theme.grid(), style.stroke(1.0));
    if with_lines {
        for column in 1..columns {
            painter.vertical(x(column), (top, bottom), line)?;
        }
        for row in 1..rows {
            painter.horizontal(y(row), (left, right), line)?;
        }
    }
    let frame = Pen::new(theme.grid().towards(theme.muted(), 0.5), style.stroke(1.0));
    for (edge, vertical) in [(left, true), (right, true), (top, false), (bottom, false)] {
        if vertical {
            painter.vertical(edge, (top, bottom), frame)?;
        } else {
            painter.horizontal(edge, (left, right), frame)?;
        }
    }
    Ok(())
}

/// Diagonals: there is no value here.
fn hatch<DB: DrawingBackend>(painter: &mut Painter<'_, DB>, area: &Rect) -> Result<(), String> {
    let style = painter.style;
    let pen = Pen::new(style.theme.muted(), style.stroke(0.75)).faint(0.7);
    painter.fill(area, style.theme.shade(), 1.0)?;
    let gap = style.px(5.0).max((area.width() + area.height()) / 200.0).max(2.0);
    // On absolute diagonals, so that the hatches of neighbours join.
    let mut sum = ((area.left + area.top) / gap).ceil() * gap;
    while sum < area.right + area.bottom {
        let start = (sum - area.top).min(area.right);
        let end = (sum - area.bottom).max(area.left);
        painter.line(&[(start, sum - start), (end, sum - end)], pen)?;
        sum += gap;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_paper_and_the_ends_are_the_tones() {
        for theme in Theme::ALL {
            let signed = |value: f64| colour(theme, Shades::Signed, value);
            assert_eq!(signed(0.0), Some(theme.paper()));
            assert_eq!(signed(-1.0), Some(theme.colour(Tone::Vanishing)));
            assert_eq!(signed(f64::INFINITY), Some(theme.colour(Tone::Exploding)));
            assert_eq!(signed(f64::NAN), None);
            let size = |value: f64| colour(theme, Shades::Size(Tone::Muted), value);
            assert_eq!((size(0.0), size(1.0)), (Some(theme.paper()), Some(theme.muted())));
            assert_eq!(size(-0.4), size(0.4));
            let kinds = Shades::Kinds(&[(Tone::Preserved, "one"), (Tone::Vanishing, "two")]);
            let kind = |value: f64| colour(theme, kinds, value);
            assert!(kind(0.0) != kind(1.0) && kind(1.0) != kind(1.25) && kind(1.0).is_some() && kind(2.0).is_none());
        }
    }
}
