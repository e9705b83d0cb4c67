//! Names of series at the ends of their lines, or in a key above the panel where there is no room at the right.
use super::axis::AxisMap;
use super::geometry::{Rect, clip_segment};
use super::occupancy::Occupancy;
use super::text::{Anchor, PlacedText, Role};
use crate::scene::{Mark, Panel, Tone};
use crate::style::{Style, ellipsis, text_width};

/// A mark whose name is written in the picture.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// Index of the mark in its panel.
    pub mark: usize,
    /// The name as the mark has it, never empty.
    pub name: &'a str,
    /// The tone of the mark, which its name is written in.
    pub tone: Tone,
    /// How much it matters when not every name fits.
    pub opacity: f64,
}

/// Where names stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Naming {
    /// No name is written.
    None,
    /// At the right ends of lines, in a column of a width.
    Beside(f64),
    /// In a key above the panel.
    Key,
}

/// One entry of a key.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyEntry {
    /// Index of the mark in its panel.
    pub mark: usize,
    /// The sample's left end and middle height.
    pub sample: (f64, f64),
    /// The sample's length.
    pub length: f64,
    /// The name, shortened if the key is too narrow.
    pub text: PlacedText,
}

/// The marks with a written name; a name is written once.
pub fn named(panel: &Panel) -> Vec<Named<'_>> {
    let mut list: Vec<Named<'_>> = Vec::new();
    for (mark, content) in panel.marks.iter().enumerate() {
        let (name, tone, opacity) = match content {
            Mark::Series(series) if series.labelled => (&series.name, series.tone, series.opacity),
            Mark::Intervals { name, tone, .. } => (name, *tone, 1.0),
            _ => continue,
        };
        if !name.trim().is_empty() && !list.iter().any(|other| other.name == name && other.tone == tone) {
            list.push(Named { mark, name, tone, opacity });
        }
    }
    list
}

/// Beside the lines if that leaves the panel enough of its width.
pub fn naming(panel: &Panel, names: &[Named<'_>], width: f64, style: &Style) -> Naming {
    let Some(widest) = names.iter().map(|entry| text_width(entry.name, style.label_size())).max_by(f64::total_cmp)
    else {
        return Naming::None;
    };
    let share = if width >= style.px(420.0) { 0.36 } else { 0.28 };
    let lines = names.iter().any(|entry| in_order(panel, entry.mark));
    if panel.equal_units || !lines || widest > share * width { Naming::Key } else { Naming::Beside(widest) }
}

/// The key's entries in rows from `left` to `right`, beginning at `top`, and its height.
pub fn key(names: &[Named<'_>], left: f64, right: f64, top: f64, style: &Style) -> (Vec<KeyEntry>, f64) {
    let size = style.label_size();
    let line = style.line_height(size);
    let (length, gap) = (style.grown(16.0), style.grown(5.0));
    let mut entries = Vec::new();
    let (mut x, mut y) = (left, top + line / 2.0);
    for entry in names {
        let Some(text) = ellipsis(entry.name, size, right - left - length - gap) else { continue };
        let width = length + gap + text_width(&text, size);
        if x > left && x + width > right {
            x = left;
            y += line;
        }
        let text = PlacedText::new(text, (x + length + gap, y), Anchor::Left, size, Role::Key).toned(entry.tone);
        entries.push(KeyEntry { mark: entry.mark, sample: (x, y), length, text });
        x += width + style.grown(14.0);
    }
    let height = if entries.is_empty() { 0.0 } else { y + line / 2.0 - top };
    (entries, height)
}

/// The longest way from a line's end to its name, in CSS pixels.
const LONGEST_LEADER: f64 = 60.0;

/// Names beside the ends of their lines, none over another; excess names of faint lines are left out.
pub fn beside(
    panel: &Panel,
    names: &[Named<'_>],
    maps: (&AxisMap, &AxisMap),
    (plot, right): (&Rect, f64),
    ink: &Occupancy,
    style: &Style,
) -> Vec<PlacedText> {
    let size = style.label_size();
    let spacing = size * 1.16;
    let mut inside: Vec<PlacedText> = Vec::new();
    let mut column: Vec<(f64, (f64, f64), &Named<'_>)> = Vec::new();
    for entry in names {
        let Some(end) = end_of(panel, entry.mark, maps, plot) else { continue };
        let early = plot.right - end.0 > style.grown(28.0);
        match early.then(|| near_end(entry, end, plot, ink, &inside, style)).flatten() {
            Some(text) => inside.push(text),
            // A long way to the column would look like a line of its own: the name then stands with the values only.
            None if plot.right - end.0 > style.grown(LONGEST_LEADER) => {}
            None => column.push((end.1, end, entry)),
        }
    }
    let (top, bottom) = (plot.top - spacing * 0.3, plot.bottom + spacing * 0.3);
    let most = ((bottom - top) / spacing).floor().max(1.0) as usize;
    while column.len() > most {
        let faintest = (0..column.len()).rev().min_by(|one, two| {
            let opacity = |index: usize| column.get(index).map_or(1.0, |item| item.2.opacity);
            opacity(*one).total_cmp(&opacity(*two))
        });
        column.remove(faintest.unwrap_or(0));
    }
    let column = vanishing_core::order::sorted_by_key(column, |item| item.0);
    let wanted: Vec<f64> = column.iter().map(|item| item.0).collect();
    let x = plot.right + style.grown(10.0);
    let mut texts = inside;
    for ((wanted, end, entry), y) in column.iter().zip(spread(&wanted, spacing, top, bottom)) {
        let Some(text) = ellipsis(entry.name, size, right - x) else { continue };
        let mut placed = PlacedText::new(text, (x, y), Anchor::Left, size, Role::Direct).toned(entry.tone);
        if (y - wanted).abs() > spacing * 0.45 || plot.right - end.0 > style.grown(28.0) {
            placed.leader = Some(((end.0 + style.px(4.0), end.1), (x - style.px(3.0), y)));
        }
        texts.push(placed);
    }
    texts
}

/// A place right of a line's end where nothing else is drawn.
fn near_end(
    entry: &Named<'_>,
    end: (f64, f64),
    plot: &Rect,
    ink: &Occupancy,
    others: &[PlacedText],
    style: &Style,
) -> Option<PlacedText> {
    let size = style.label_size();
    [0.0, -0.9, 0.9, -1.8, 1.8].into_iter().find_map(|rise| {
        let at = (end.0 + style.grown(7.0), end.1 + rise * size);
        let text = PlacedText::new(entry.name, at, Anchor::Left, size, Role::Direct).toned(entry.tone);
        let free = ink.count(&text.area) == 0 && !others.iter().any(|other| other.area.overlaps(&text.area));
        (free && text.area.within(plot)).then_some(text)
    })
}

/// The pixel where a mark ends: its last point in the panel, or where its line leaves the panel after that.
fn end_of(panel: &Panel, mark: usize, (x, y): (&AxisMap, &AxisMap), plot: &Rect) -> Option<(f64, f64)> {
    let points: Vec<(f64, f64)> = match panel.marks.get(mark)? {
        Mark::Series(series) => series.points.clone(),
        Mark::Intervals { points, .. } => points.iter().map(|point| (point.0, point.2)).collect(),
        _ => return None,
    };
    let pixel = |point: &(f64, f64)| Some((x.to_pixel(point.0)?, y.to_pixel(point.1)?));
    let last = points.iter().rposition(|point| x.holds(point.0) && y.holds(point.1));
    let Some(last) = last else {
        // Nothing inside: perhaps a line that crosses the panel.
        return points.windows(2).rev().find_map(|pair| match pair {
            [one, two] => clip_segment(pixel(one)?, pixel(two)?, plot).map(|cut| cut.1),
            _ => None,
        });
    };
    let end = pixel(points.get(last)?)?;
    let leaves = points.get(last + 1).and_then(pixel).and_then(|next| clip_segment(end, next, plot));
    Some(leaves.map_or(end, |cut| cut.1))
}

/// Whether the x of a mark's points rise, so that "its right end" means something.
pub fn in_order(panel: &Panel, mark: usize) -> bool {
    match panel.marks.get(mark) {
        Some(Mark::Series(series)) => rising(series.points.iter().map(|point| point.0)),
        Some(Mark::Intervals { points, .. }) => rising(points.iter().map(|point| point.0)),
        _ => false,
    }
}

fn rising(places: impl Iterator<Item = f64>) -> bool {
    let mut before = f64::NEG_INFINITY;
    for place in places.filter(|place| !place.is_nan()) {
        if place < before {
            return false;
        }
        before = place;
    }
    true
}

/// Places at least `spacing` apart, in the given (rising) order, as near to the wanted ones as that allows.
pub fn spread(wanted: &[f64], spacing: f64, low: f64, high: f64) -> Vec<f64> {
    // Blocks of touching labels: (first label's place, number, sum of wanted places of first labels).
    let mut blocks: Vec<(f64, usize, f64)> = Vec::new();
    for place in wanted {
        let mut block = (place.clamp(low, high.max(low)), 1_usize, *place);
        while let Some(before) = blocks.pop_if(|before| before.0 + before.1 as f64 * spacing > block.0) {
            // In the joint block every label's wish, moved back to the first label's place, has one vote.
            let sum = before.2 + block.2 - block.1 as f64 * before.1 as f64 * spacing;
            let count = before.1 + block.1;
            let last_start = high - (count - 1) as f64 * spacing;
            block = ((sum / count as f64).min(last_start).max(low), count, sum);
        }
        blocks.push(block);
    }
    blocks
        .into_iter()
        .flat_map(|(start, count, _)| (0..count).map(move |index| start + index as f64 * spacing))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_have_room_stay() {
        assert_eq!(spread(&[10.0, 50.0, 90.0], 12.0, 0.0, 100.0), [10.0, 50.0, 90.0]);
    }

    #[test]
    fn crowded_labels_spread_around_their_middle_and_stay_inside() {
        assert_eq!(spread(&[50.0, 50.0], 10.0, 0.0, 100.0), [45.0, 55.0]);
        assert_eq!(spread(&[99.0, 100.0], 10.0, 0.0, 100.0), [90.0, 100.0]);
        assert_eq!(spread(&[0.0, 0.0, 1.0], 10.0, 0.0, 100.0), [0.0, 10.0, 20.0]);
    }
}
