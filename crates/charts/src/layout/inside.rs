//! Labels within the panel: words, reference lines, zones, arrows. Each takes the first place where it hides nothing.
use super::axis::AxisMap;
use super::geometry::Rect;
use super::occupancy::Occupancy;
use super::text::{Anchor, PlacedText, Role};
use crate::scene::{Mark, Panel};
use crate::style::{Style, ellipsis, text_width};

/// So many rows below the upper edge a vertical line may have its label.
const ROWS: u32 = 12;

/// The labels of all marks that carry one; `taken` are the areas of texts placed before.
pub fn inside(
    panel: &Panel,
    maps: (&AxisMap, &AxisMap),
    (plot, outer): (&Rect, &Rect),
    ink: &Occupancy,
    taken: &[Rect],
    style: &Style,
) -> Vec<PlacedText> {
    let mut taken = taken.to_vec();
    let handles: Vec<Rect> = panel
        .handles
        .iter()
        .filter_map(|handle| Some((maps.0.to_pixel(handle.at.0)?, maps.1.to_pixel(handle.at.1)?)))
        .map(|(x, y)| Rect::new(x, y, x, y).grown(style.grown(9.0)))
        .collect();
    let tints: Vec<Rect> = panel
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Zone { x, y, .. } => zone_area(maps, *x, *y, plot),
            Mark::Heatmap { .. } | Mark::Band { .. } | Mark::Outline { .. } => Some(*plot),
            _ => None,
        })
        .collect();
    let mut texts = Vec::new();
    // Words stand where the figure put them, so they choose first.
    let (words, others): (Vec<&Mark>, Vec<&Mark>) =
        panel.marks.iter().partition(|mark| matches!(mark, Mark::Text { .. }));
    for text in others.iter().flat_map(|mark| in_cells(mark, maps, style)) {
        if !taken.iter().any(|other| other.overlaps(&text.area)) {
            taken.push(text.area);
            texts.push(text);
        }
    }
    for mark in words.into_iter().chain(others) {
        let bounds = match mark {
            Mark::Text { .. } => outer,
            // Where the head lies beyond the edge, its label stays inside.
            Mark::Arrow { to, .. } if maps.0.holds(to.0) && maps.1.holds(to.1) => outer,
            _ => plot,
        };
        let best = candidates(mark, maps, plot, style)
            .into_iter()
            .filter_map(|text| text.pushed_into(bounds))
            .filter(|text| !taken.iter().any(|other| other.overlaps(&text.area)))
            .enumerate()
            .map(|(order, text)| {
                let hidden = ink.count(&text.area.grown(style.px(3.0)))
                    + 4 * handles.iter().filter(|h| h.overlaps(&text.area)).count();
                (2 * hidden + order, text)
            })
            .min_by_key(|(cost, _)| *cost);
        if let Some((_, mut text)) = best {
            taken.push(text.area);
            // Over lines a patch of paper is needed; over a tint it would be a stain.
            text.patch = ink.count(&text.area) > 0 || !tints.iter().any(|tint| tint.overlaps(&text.area));
            texts.push(text);
        }
    }
    texts
}

/// The words of a matrix, each in its cell: shorter in a column in which one would not fit, and none that does not fit even so.
fn in_cells(mark: &Mark, (x, y): (&AxisMap, &AxisMap), style: &Style) -> Vec<PlacedText> {
    let Mark::Heatmap { rows, columns, words, .. } = mark else { return Vec::new() };
    let size = style.small_size();
    let ((left, right), (top, bottom)) = (x.finite(), y.finite());
    let (width, height) = ((right - left) / *columns as f64, (bottom - top) / *rows as f64);
    let room = width - 2.0 * style.grown(2.0);
    let fits = |word: &str| text_width(word, size) <= room;
    let word = |row: usize, column: usize| words.get(row * columns + column);
    let mut texts = Vec::new();
    for column in (0..*columns).filter(|_| height >= size) {
        let shorter = (0..*rows).any(|row| word(row, column).is_some_and(|[long, _]| !fits(long)));
        for row in 0..*rows {
            let text = word(row, column).map_or("", |word| word[usize::from(shorter)].as_str());
            if !text.is_empty() && fits(text) {
                let at = (left + width * (column as f64 + 0.5), top + height * (row as f64 + 0.5));
                texts.push(PlacedText::new(text, at, Anchor::Middle, size, Role::Inside));
            }
        }
    }
    texts
}

/// Possible places of a mark's label, the best first.
fn candidates(mark: &Mark, (x, y): (&AxisMap, &AxisMap), plot: &Rect, style: &Style) -> Vec<PlacedText> {
    let size = style.small_size();
    let gap = style.grown(5.0);
    let line = style.line_height(size);
    let text = |words: &str, at: (f64, f64), anchor: Anchor| PlacedText::new(words, at, anchor, size, Role::Inside);
    match mark {
        Mark::Horizontal { y: value, label, tone, .. } if !label.is_empty() && y.holds(*value) => {
            let Some(height) = y.to_pixel(*value) else { return Vec::new() };
            let Some(label) = ellipsis(label, size, plot.width() - 2.0 * gap) else { return Vec::new() };
            let middle = (plot.left + plot.right) / 2.0;
            [(plot.right - gap, Anchor::Right), (plot.left + gap, Anchor::Left), (middle, Anchor::Middle)]
                .into_iter()
                .flat_map(|(place, anchor)| [-0.62, 0.62].map(|rise| ((place, height + rise * line), anchor)))
                .map(|(at, anchor)| text(&label, at, anchor).toned(*tone))
                .collect()
        }
        Mark::Vertical { x: value, label, tone, .. } if !label.is_empty() && x.holds(*value) => {
            let Some(place) = x.to_pixel(*value) else { return Vec::new() };
            let Some(label) = ellipsis(label, size, plot.width() - 2.0 * gap) else { return Vec::new() };
            (0..ROWS)
                .flat_map(|row| {
                    let height = plot.top + line * (0.6 + f64::from(row));
                    [((place + gap, height), Anchor::Left), ((place - gap, height), Anchor::Right)]
                })
                .map(|(at, anchor)| text(&label, at, anchor).toned(*tone))
                // Pushed back into the panel it would lie on its own line, or on another row.
                .filter(|text| text.area.left >= plot.left && text.area.right <= plot.right)
                .filter(|text| text.area.bottom <= plot.bottom)
                .collect()
        }
        Mark::Zone { x: places, y: values, label, tone } if !label.is_empty() => {
            let Some(zone) = zone_area((x, y), *places, *values, plot) else { return Vec::new() };
            let Some(label) = ellipsis(label, size, zone.width() - 2.0 * gap) else { return Vec::new() };
            let (left, right) = (zone.left + gap, zone.right - gap);
            let (top, bottom) = (zone.top + line * 0.65, zone.bottom - line * 0.65);
            [
                (left, top, Anchor::Left),
                (right, top, Anchor::Right),
                (left, bottom, Anchor::Left),
                (right, bottom, Anchor::Right),
                ((left + right) / 2.0, (top + bottom) / 2.0, Anchor::Middle),
            ]
            .into_iter()
            .map(|(place, height, anchor)| text(&label, (place, height), anchor).toned(*tone))
            .collect()
        }
        Mark::Arrow { from, to, tone, label, .. } if !label.is_empty() => {
            let ends = (x.to_pixel(from.0), y.to_pixel(from.1), x.to_pixel(to.0), y.to_pixel(to.1));
            let (Some(from_x), Some(from_y), Some(to_x), Some(to_y)) = ends else { return Vec::new() };
            let (dx, dy) = (to_x - from_x, to_y - from_y);
            let length = (dx * dx + dy * dy).sqrt();
            let (dx, dy) = if length > 0.0 { (dx / length, dy / length) } else { (1.0, 0.0) };
            let head = plot.clamp((to_x, to_y));
            // Straight on, then turned to both sides.
            [(dx, dy), (dx - dy, dy + dx), (dx + dy, dy - dx), (-dy, dx), (dy, -dx)]
                .into_iter()
                .map(|(along, down)| {
                    let anchor = if along > 0.35 {
                        Anchor::Left
                    } else if along < -0.35 {
                        Anchor::Right
                    } else {
                        Anchor::Middle
                    };
                    let at = (head.0 + along * gap * 1.4, head.1 + down * (gap + size * 0.5));
                    text(label, at, anchor).toned(*tone)
                })
                .collect()
        }
        Mark::Text { at, text: words, tone, anchor } if !words.is_empty() && x.holds(at.0) && y.holds(at.1) => {
            let (Some(place), Some(height)) = (x.to_pixel(at.0), y.to_pixel(at.1)) else { return Vec::new() };
            let anchor = match anchor {
                1.. => Anchor::Left,
                0 => Anchor::Middle,
                _ => Anchor::Right,
            };
            [0.0, -1.0, 1.0].map(|rise| text(words, (place, height + rise * line), anchor).toned(*tone)).into()
        }
        _ => Vec::new(),
    }
}

/// The visible part of a zone; infinite bounds are the panel's edges.
pub fn zone_area((x, y): (&AxisMap, &AxisMap), places: (f64, f64), values: (f64, f64), plot: &Rect) -> Option<Rect> {
    let bound = |map: &AxisMap, value: f64, edges: (f64, f64)| {
        let rising = map.pixel_high >= map.pixel_low;
        if value.is_infinite() {
            Some(if (value > 0.0) == rising { edges.1 } else { edges.0 })
        } else {
            map.to_pixel(value).map(|pixel| pixel.clamp(edges.0, edges.1))
        }
    };
    let (left, right) = (bound(x, places.0, (plot.left, plot.right))?, bound(x, places.1, (plot.left, plot.right))?);
    let (top, bottom) = (bound(y, values.0, (plot.top, plot.bottom))?, bound(y, values.1, (plot.top, plot.bottom))?);
    Some(Rect::new(left.min(right), top.min(bottom), left.max(right), top.max(bottom)))
}
