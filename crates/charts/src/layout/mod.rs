//! Where everything is: panels, axes, ticks, labels, handles. Pure and cheap, so that pointing and dragging are tested
//! without a picture.
//!
//! All places are device pixels from the upper left corner; `f64`, rounded only when they are drawn.
mod axis;
mod direct;
mod extents;
mod geometry;
mod inside;
mod occupancy;
mod panel;
mod pick;
mod text;
mod ticks;

pub use axis::{AxisMap, Extent};
pub use direct::KeyEntry;
pub use geometry::{Rect, clip_polygon, clip_segment};
pub use inside::zone_area;
pub use panel::PanelLayout;
pub use pick::Pick;
pub use text::{Anchor, PlacedText, Role};
pub use ticks::Tick;

use crate::Style;
use crate::scene::{Mark, Panel, Scene, Tone};
use crate::style::wrap;
use panel::{Draft, Frame};

/// Narrower figures stack their panels, in CSS pixels.
pub const STACKED_BELOW: f64 = 560.0;
/// Reach of a handle for a finger, in CSS pixels; pass `style.px(TOUCH_REACH)` to [`Layout::handle_at`].
pub const TOUCH_REACH: f64 = 22.0;

/// The places of everything in a figure of a certain size.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The figure's size in device pixels.
    pub size: (u32, u32),
    /// One entry for each of the scene's panels.
    pub panels: Vec<PanelLayout>,
    /// The remark's lines under the panels.
    pub remark: Vec<PlacedText>,
    /// How far beside a panel the pointer still means it.
    slack: f64,
}

impl Layout {
    /// Lays a scene out for a size in device pixels.
    pub fn new(scene: &Scene, size: (u32, u32), style: &Style) -> Self {
        let (width, height) = (f64::from(size.0), f64::from(size.1));
        let edge = style.grown(4.0).min(width / 8.0).min(height / 8.0);
        let whole = Rect::new(edge, edge, width - edge, height - edge);
        let (remark, remark_height) = remark(&scene.remark, &whole, style);
        let body = Rect::new(whole.left, whole.top, whole.right, whole.bottom - remark_height);
        let outers = outers(&scene.panels, &body, style);
        let stacked = outers.windows(2).any(|pair| matches!(pair, [one, two] if two.top >= one.bottom));
        let drafts: Vec<Draft<'_>> =
            scene.panels.iter().zip(&outers).map(|(panel, outer)| Draft::new(panel, outer, style)).collect();
        // Neighbours share their base lines: the same height in a row, the same left edge in a column.
        let top = drafts.iter().map(|draft| draft.top).fold(0.0, f64::max);
        let bottom = drafts.iter().map(|draft| draft.bottom).fold(0.0, f64::max);
        let left = drafts.iter().map(|draft| draft.left).fold(0.0, f64::max);
        let panels = drafts
            .iter()
            .map(|draft| {
                let frame = if stacked {
                    Frame { left, top: draft.top, bottom: draft.bottom }
                } else {
                    Frame { left: draft.left, top, bottom }
                };
                draft.finish(&frame, style)
            })
            .collect();
        let mut layout = Self { size, panels, remark, slack: style.px(12.0) };
        layout.keep_apart();
        layout
    }

    /// The last resort of very small figures: texts that leave the figure or cover an earlier one are dropped.
    fn keep_apart(&mut self) {
        let whole = Rect::new(0.0, 0.0, f64::from(self.size.0), f64::from(self.size.1));
        let mut kept: Vec<Rect> = Vec::new();
        let mut free = |text: &PlacedText| {
            let free = text.area.within(&whole) && !kept.iter().any(|other| other.overlaps(&text.area));
            if free {
                kept.push(text.area);
            }
            free
        };
        for panel in &mut self.panels {
            panel.texts.retain(&mut free);
            panel.key.retain(|entry| free(&entry.text));
        }
        self.remark.retain(&mut free);
    }

    /// The panel under a pixel.
    pub fn panel_at(&self, px: f64, py: f64) -> Option<usize> {
        self.panels.iter().position(|panel| panel.plot.grown(self.slack).contains((px, py)))
    }

    /// The nearest handle within `reach` pixels: (panel, handle).
    pub fn handle_at(&self, scene: &Scene, px: f64, py: f64, reach: f64) -> Option<(usize, usize)> {
        let mut nearest: Option<(f64, (usize, usize))> = None;
        for (panel_index, (layout, panel)) in self.panels.iter().zip(&scene.panels).enumerate() {
            for (index, place) in layout.handles.iter().enumerate().take(panel.handles.len()) {
                let Some((x, y)) = place else { continue };
                let distance = ((x - px) * (x - px) + (y - py) * (y - py)).sqrt();
                // Of two at the same place the later one lies on top.
                if distance <= reach && nearest.is_none_or(|(least, _)| distance <= least) {
                    nearest = Some((distance, (panel_index, index)));
                }
            }
        }
        nearest.map(|(_, found)| found)
    }

    /// The data coordinates of a pixel in a panel, within the range of each axis.
    pub fn data_at(&self, panel: usize, px: f64, py: f64) -> Option<(f64, f64)> {
        let panel = self.panels.get(panel)?;
        Some((panel.x.to_data(px)?, panel.y.to_data(py)?))
    }

    /// The values at the place under a pixel, for the card beside the pointer.
    pub fn pick(&self, scene: &Scene, px: f64, py: f64) -> Option<Pick> {
        let panel = self.panel_at(px, py)?;
        pick::pick(scene.panels.get(panel)?, self.panels.get(panel)?, panel, (px, py), self.slack)
    }

    /// The values at a place on a panel's x axis.
    pub fn pick_at(&self, scene: &Scene, panel: usize, x: f64) -> Option<Pick> {
        let layout = self.panels.get(panel)?;
        let pixel = layout.x.to_pixel(x)?;
        let middle = (layout.plot.top + layout.plot.bottom) / 2.0;
        pick::pick(scene.panels.get(panel)?, layout, panel, (pixel, middle), self.slack)
    }

    /// The values at a place of the axis that sets the parameter `key`, in every panel over that axis. A matrix is marked
    /// there, without a value: the place is one of its columns.
    pub fn picks_along(&self, scene: &Scene, key: &str, x: f64) -> Vec<Pick> {
        let over = |panel: &Panel| panel.scrubs.as_deref() == Some(key);
        let panels = scene.panels.iter().enumerate().filter(|(_, panel)| over(panel));
        panels
            .filter_map(|(index, panel)| match cells(panel) {
                Some(_) => {
                    let layout = self.panels.get(index)?;
                    layout.x.holds(x).then(|| Pick::place(index, x))
                }
                // Nobody points at one of the values: the one on top stands for the others.
                None => self
                    .pick_at(scene, index, x)
                    .map(|pick| Pick { nearest: pick.rows.len().saturating_sub(1), ..pick }),
            })
            .collect()
    }

    /// The values `steps` points to the right (or left) of a pick; without one, at the panel's cursor or first point.
    pub fn pick_next(&self, scene: &Scene, from: Option<&Pick>, steps: isize) -> Option<Pick> {
        let panel = from.map_or(0, |pick| pick.panel);
        let content = scene.panels.get(panel)?;
        if let Some((rows, columns)) = cells(content) {
            return self.next_cell(scene, panel, (rows, columns), from, steps);
        }
        let places = content.places();
        let last = places.len().checked_sub(1)?;
        let index = match from {
            Some(pick) => {
                let here = places.iter().position(|x| *x >= pick.x).unwrap_or(last);
                here.saturating_add_signed(steps).min(last)
            }
            None => content.cursor.and_then(|cursor| places.iter().position(|x| *x >= cursor)).unwrap_or(0),
        };
        self.pick_at(scene, panel, *places.get(index)?)
    }

    /// The cell of a matrix `steps` cells on, row by row; past the last one the walk goes on in the next panel.
    fn next_cell(
        &self,
        scene: &Scene,
        panel: usize,
        (rows, columns): (usize, usize),
        from: Option<&Pick>,
        steps: isize,
    ) -> Option<Pick> {
        let layout = self.panels.get(panel)?;
        let (x, y) = (&layout.x, &layout.y);
        let count = rows * columns;
        let here = from.and_then(|pick| pick.points.first()).map(|point| {
            let column = (x.share(point.0) * columns as f64).floor() as usize;
            let row = (y.share(point.1) * rows as f64).floor() as usize;
            row * columns + column
        });
        let wanted = here.map_or(0, |here| here as isize + steps);
        if wanted < 0 || wanted as usize >= count {
            let other = panel.checked_add_signed(if wanted < 0 { -1 } else { 1 });
            let other = other.filter(|other| scene.panels.get(*other).and_then(cells).is_some());
            let end = if wanted < 0 { count.saturating_sub(1) } else { 0 };
            let (panel, cell) =
                other.map_or((panel, wanted.clamp(0, count as isize - 1) as usize), |other| (other, end));
            return self.cell(scene, panel, (rows, columns), cell);
        }
        self.cell(scene, panel, (rows, columns), wanted as usize)
    }

    /// The values in a cell of a matrix.
    fn cell(&self, scene: &Scene, panel: usize, (rows, columns): (usize, usize), cell: usize) -> Option<Pick> {
        let layout = self.panels.get(panel)?;
        let middle =
            |cell: usize, count: usize, (from, to): (f64, f64)| from + (to - from) * (cell as f64 + 0.5) / count as f64;
        let px = middle(cell % columns.max(1), columns, layout.x.finite());
        let py = middle(cell / columns.max(1), rows, layout.y.finite());
        pick::pick(scene.panels.get(panel)?, layout, panel, (px, py), self.slack)
    }

    /// Every text in the figure.
    pub fn texts(&self) -> impl Iterator<Item = &PlacedText> {
        self.panels
            .iter()
            .flat_map(|panel| panel.texts.iter().chain(panel.key.iter().map(|entry| &entry.text)))
            .chain(&self.remark)
    }
}

/// Rows and columns of a panel's matrix, if it shows one.
fn cells(panel: &Panel) -> Option<(usize, usize)> {
    panel.marks.iter().rev().find_map(|mark| match mark {
        Mark::Heatmap { rows, columns, .. } if rows * columns > 0 => Some((*rows, *columns)),
        _ => None,
    })
}

/// The remark in lines at the bottom, and the height they take; at most a third of the figure.
fn remark(text: &str, whole: &Rect, style: &Style) -> (Vec<PlacedText>, f64) {
    let size = style.small_size();
    let line = style.line_height(size);
    let most = (whole.height() / 3.0 / line).floor().clamp(0.0, 6.0) as usize;
    let lines = wrap(text, size, whole.width());
    let lines: Vec<String> = lines.into_iter().take(most).collect();
    let height = if lines.is_empty() { 0.0 } else { lines.len() as f64 * line + style.grown(6.0) };
    let first = whole.bottom - lines.len() as f64 * line + line / 2.0;
    let placed = lines
        .into_iter()
        .enumerate()
        .map(|(index, text)| {
            PlacedText::new(text, (whole.left, first + index as f64 * line), Anchor::Left, size, Role::Remark)
                .toned(Tone::Muted)
        })
        .collect();
    (placed, height)
}

/// The panels' areas: in a row by their shares, or in a column where the figure is narrow.
fn outers(panels: &[Panel], body: &Rect, style: &Style) -> Vec<Rect> {
    let count = panels.len() as f64;
    // Panels that share the names of their rows stand beside each other however narrow it is.
    let share_rows = panels.iter().any(|panel| panel.y.names && panel.y.visible);
    if panels.len() > 1 && !share_rows && body.width() < style.px(STACKED_BELOW) - 2.0 * style.grown(4.0) {
        let gap = style.grown(14.0).min(body.height() / (4.0 * count));
        let height = (body.height() - gap * (count - 1.0)) / count;
        return (0..panels.len())
            .map(|index| {
                let top = body.top + index as f64 * (height + gap);
                Rect::new(body.left, top, body.right, top + height)
            })
            .collect();
    }
    let share = |panel: &Panel| if panel.share.is_finite() { panel.share.clamp(0.05, 100.0) } else { 1.0 };
    let gap = style.grown(26.0).min(body.width() / (4.0 * count.max(1.0)));
    let total: f64 = panels.iter().map(share).sum();
    let room = body.width() - gap * (count - 1.0).max(0.0);
    let mut left = body.left;
    panels
        .iter()
        .map(|panel| {
            let right = left + room * share(panel) / total;
            let area = Rect::new(left, body.top, right, body.bottom);
            left = right + gap;
            area
        })
        .collect()
}
