//! One panel: margins first, then the map of each axis, then everything that hangs on them.
use super::axis::{AxisMap, Extent};
use super::direct::{self, KeyEntry, Named, Naming};
use super::extents::extents;
use super::geometry::{Rect, clip_segment};
use super::inside;
use super::occupancy::Occupancy;
use super::text::{Anchor, PlacedText, Role};
use super::ticks::{LINE, Room, Tick, ticks};
use crate::scene::{Axis, Mark, Panel, Tone};
use crate::style::{Style, text_width, wrap};

/// The places of everything in a panel.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelLayout {
    /// All that belongs to the panel, titles and labels included.
    pub outer: Rect,
    /// The area spanned by the axes, gutters included.
    pub plot: Rect,
    /// The horizontal axis.
    pub x: AxisMap,
    /// The vertical axis.
    pub y: AxisMap,
    /// Ticks of the horizontal axis; minor ones have no text.
    pub x_ticks: Vec<Tick>,
    /// Ticks of the vertical axis; minor ones have no text.
    pub y_ticks: Vec<Tick>,
    /// Titles, tick texts and labels.
    pub texts: Vec<PlacedText>,
    /// The key above the panel, if names do not stand beside their lines.
    pub key: Vec<KeyEntry>,
    /// The handles, pushed to the panel's edge if they lie outside; `None` where they have no place (NaN).
    pub handles: Vec<Option<(f64, f64)>>,
}

/// The margins that neighbours agree on.
pub struct Frame {
    /// From the outer left edge to the plot.
    pub left: f64,
    /// From the outer upper edge to the plot.
    pub top: f64,
    /// From the plot to the outer lower edge.
    pub bottom: f64,
}

/// A panel before its neighbours have agreed on their margins.
pub struct Draft<'a> {
    panel: &'a Panel,
    outer: Rect,
    extents: (Extent, Extent),
    names: Vec<Named<'a>>,
    naming: Naming,
    headings: Vec<PlacedText>,
    key: Vec<KeyEntry>,
    x_title: Vec<String>,
    /// The ticks of both axes that are given, in as many lines as they take.
    given: [Option<Vec<(f64, String)>>; 2],
    /// The least left margin.
    pub left: f64,
    /// The least upper margin.
    pub top: f64,
    /// The least lower margin.
    pub bottom: f64,
}

impl<'a> Draft<'a> {
    /// Headings, key and margins of a panel.
    pub fn new(panel: &'a Panel, outer: &Rect, style: &Style) -> Self {
        let extents = extents(panel);
        let names = direct::named(panel);
        let naming = direct::naming(panel, &names, outer.width(), style);
        let mut headings = Vec::new();
        let mut top = outer.top;
        let label = style.label_size();
        let small = style.small_size();
        let mut heading = |text: &str, size: f64, role: Role, tone: Tone, top: &mut f64| {
            let line = style.line_height(size);
            // 0.94: bold letters are wider than the estimate.
            for text in wrap(text, size, outer.width() * 0.94).into_iter().take(3) {
                headings
                    .push(PlacedText::new(text, (outer.left, *top + line / 2.0), Anchor::Left, size, role).toned(tone));
                *top += line;
            }
        };
        heading(&panel.title, label, Role::Title, Tone::Ink, &mut top);
        if panel.y.visible {
            heading(&panel.y.title, small, Role::AxisTitle, Tone::Muted, &mut top);
        }
        let mut key = Vec::new();
        if naming == Naming::Key {
            let (entries, height) = direct::key(&names, outer.left, outer.right, top, style);
            // A key never takes more than half of the panel.
            let limit = outer.top + outer.height() / 2.0;
            key = entries.into_iter().filter(|entry| entry.text.area.bottom <= limit).collect();
            top = (top + height).min(limit.max(top));
        }
        let top = top - outer.top + style.grown(if panel.y.visible { 9.0 } else { 5.0 });
        let line = style.line_height(small);
        let x_title = if panel.x.visible { wrap(&panel.x.title, small, outer.width()) } else { Vec::new() };
        let x_title: Vec<String> = x_title.into_iter().take(2).collect();
        let bottom =
            if panel.x.visible { style.grown(5.0) + line + x_title.len() as f64 * line } else { style.grown(3.0) };
        // Names may be in lines: those of rows as wide as a margin may be, those of columns as wide as a column will be.
        let widest = (0.4 * outer.width()).max(style.grown(132.0)).min(0.62 * outer.width());
        let given = [panel.x.ticks.clone(), in_lines(&panel.y, widest - style.grown(7.0), small)];
        let mut draft = Self {
            panel,
            outer: *outer,
            extents,
            names,
            naming,
            headings,
            key,
            x_title,
            given,
            left: 0.0,
            top,
            bottom,
        };
        draft.left = draft.left_margin(style);
        if panel.x.names && panel.x.visible {
            let count = panel.x.ticks.as_ref().map_or(1, |ticks| ticks.len().max(1));
            let width = (outer.width() - draft.left - style.grown(10.0)) / count as f64 - style.grown(4.0);
            draft.given[0] = in_lines(&panel.x, width, small);
            let lines = |(_, text): &(f64, String)| text.split('\n').count();
            let most = draft.given[0].iter().flatten().map(lines).max().unwrap_or(1);
            draft.bottom += (most.max(1) - 1) as f64 * small * LINE;
        }
        draft
    }

    /// Room for the texts left of the y axis.
    fn left_margin(&self, style: &Style) -> f64 {
        if !self.panel.y.visible {
            return style.grown(2.0);
        }
        let height = (self.outer.height() - self.top - self.bottom).max(1.0);
        let map = AxisMap::new(self.panel.y.scale, &self.extents.1, height, 0.0, gutter(style));
        let names = self.panel.y.names;
        let widest = ticks(&map, self.given[1].as_deref(), &room((false, names), height, style))
            .iter()
            .flat_map(|tick| tick.text.split('\n'))
            .map(|line| text_width(line, style.small_size()))
            .fold(0.0, f64::max);
        (widest + style.grown(7.0)).min(self.outer.width() * if names { 0.62 } else { 0.4 })
    }

    /// Everything in its place.
    pub fn finish(&self, frame: &Frame, style: &Style) -> PanelLayout {
        let outer = &self.outer;
        let right = match self.naming {
            Naming::Beside(widest) => (widest + style.grown(12.0)).min(outer.width() * 0.42),
            _ => style.grown(10.0).min(outer.width() * 0.1),
        };
        let left = frame.left.min(outer.width() * if self.panel.y.names { 0.62 } else { 0.4 });
        let top = frame.top.min(outer.height() * 0.7);
        let bottom = frame.bottom.min(outer.height() * 0.3);
        let area = Rect::new(outer.left + left, outer.top + top, outer.right - right, outer.bottom - bottom);
        let plot = if self.panel.equal_units { self.equal(&area, style) } else { rounded(&area) };
        let (x, y) = self.maps(&plot, style);
        let names = (self.panel.x.names, self.panel.y.names);
        let mut x_ticks = ticks(&x, self.given[0].as_deref(), &room((true, names.0), plot.width(), style));
        let mut y_ticks = ticks(&y, self.given[1].as_deref(), &room((false, names.1), plot.height(), style));
        let shift = self.shift(plot.left - area.left);
        let moved = |text: &PlacedText| text.clone().moved(shift, 0.0);
        let mut texts: Vec<PlacedText> = self.headings.iter().map(moved).collect();
        let key: Vec<KeyEntry> = self
            .key
            .iter()
            .map(|entry| KeyEntry {
                sample: (entry.sample.0 + shift, entry.sample.1),
                text: moved(&entry.text),
                ..entry.clone()
            })
            .collect();
        for (visible, list) in [(self.panel.x.visible, &mut x_ticks), (self.panel.y.visible, &mut y_ticks)] {
            if !visible {
                list.clear();
            }
        }
        self.axis_texts(&plot, (&x_ticks, &y_ticks), &mut texts, style);
        let ink = self.ink((&x, &y), &plot, style);
        if let Naming::Beside(_) = self.naming {
            texts.extend(direct::beside(self.panel, &self.names, (&x, &y), (&plot, outer.right), &ink, style));
        }
        keep_apart(&mut texts);
        let taken: Vec<Rect> = texts.iter().chain(key.iter().map(|entry| &entry.text)).map(|text| text.area).collect();
        texts.extend(inside::inside(self.panel, (&x, &y), (&plot, outer), &ink, &taken, style));
        let handles = self
            .panel
            .handles
            .iter()
            .map(|handle| Some(plot.clamp((x.to_pixel(handle.at.0)?, y.to_pixel(handle.at.1)?))))
            .collect();
        PanelLayout { outer: *outer, plot, x, y, x_ticks, y_ticks, texts, key, handles }
    }

    fn maps(&self, plot: &Rect, style: &Style) -> (AxisMap, AxisMap) {
        let gutter = gutter(style);
        (
            AxisMap::new(self.panel.x.scale, &self.extents.0, plot.left, plot.right, gutter),
            AxisMap::new(self.panel.y.scale, &self.extents.1, plot.bottom, plot.top, gutter),
        )
    }

    /// The largest centred area in which one unit is as long on both axes.
    fn equal(&self, area: &Rect, style: &Style) -> Rect {
        let (x, y) = &self.extents;
        let gutters = |extent: &Extent| {
            gutter(style) * (f64::from(u8::from(extent.gutter_low)) + f64::from(u8::from(extent.gutter_high)))
        };
        let (free_x, free_y) = ((area.width() - gutters(x)).max(1.0), (area.height() - gutters(y)).max(1.0));
        let (span_x, span_y) = (x.high - x.low, y.high - y.low);
        let unit = (free_x / span_x).min(free_y / span_y);
        if !unit.is_finite() || unit <= 0.0 {
            return rounded(area);
        }
        let width = (unit * span_x + gutters(x)).clamp(1.0, area.width().max(1.0)).round();
        let height = (unit * span_y + gutters(y)).clamp(1.0, area.height().max(1.0)).round();
        let left = (area.left + (area.width() - width) / 2.0).round();
        let top = (area.top + (area.height() - height) / 2.0).round();
        Rect::new(left, top, left + width, top + height)
    }

    /// How far headings and key move along with a plot that was centred in its area.
    fn shift(&self, wanted: f64) -> f64 {
        let texts = self.headings.iter().chain(self.key.iter().map(|entry| &entry.text));
        let widest = texts.map(|text| text.area.right).fold(self.outer.left, f64::max);
        wanted.min(self.outer.right - widest).max(0.0)
    }

    /// Tick texts and the title of the x axis.
    fn axis_texts(&self, plot: &Rect, ticks: (&[Tick], &[Tick]), texts: &mut Vec<PlacedText>, style: &Style) {
        let size = style.small_size();
        let line = style.line_height(size);
        for tick in ticks.1.iter().filter(|tick| !tick.text.is_empty()) {
            let lines: Vec<&str> = tick.text.split('\n').collect();
            for (i, words) in lines.iter().enumerate() {
                let below = (i as f64 - (lines.len() - 1) as f64 / 2.0) * size * LINE;
                let at = (plot.left - style.grown(6.0), tick.pixel + below);
                texts.push(PlacedText::new(*words, at, Anchor::Right, size, Role::Tick).toned(Tone::Muted));
            }
        }
        let height = plot.bottom + style.grown(5.0) + line / 2.0;
        for tick in ticks.0.iter().filter(|tick| !tick.text.is_empty()) {
            for (i, words) in tick.text.split('\n').enumerate() {
                let at = (tick.pixel, height + i as f64 * size * LINE);
                let text = PlacedText::new(words, at, Anchor::Middle, size, Role::Tick);
                // The outermost texts stay inside the figure.
                texts.extend(text.toned(Tone::Muted).pushed_into(&self.outer.grown(style.px(3.0))));
            }
        }
        let lines = |tick: &Tick| tick.text.split('\n').count();
        let height = height + (ticks.0.iter().map(lines).max().unwrap_or(1).max(1) - 1) as f64 * size * LINE;
        for (row, words) in self.x_title.iter().enumerate() {
            let at = ((plot.left + plot.right) / 2.0, height + line * (row + 1) as f64);
            let text = PlacedText::new(words, at, Anchor::Middle, size, Role::AxisTitle).toned(Tone::Muted);
            texts.extend(text.pushed_into(&self.outer.grown(style.px(3.0))));
        }
    }

    /// Where marks will be drawn.
    fn ink(&self, maps: (&AxisMap, &AxisMap), plot: &Rect, style: &Style) -> Occupancy {
        let mut ink = Occupancy::new(*plot, style.px(4.0));
        let at = |point: (f64, f64)| Some((maps.0.to_pixel(point.0)?, maps.1.to_pixel(point.1)?));
        let mut line = |from: (f64, f64), to: (f64, f64)| {
            if let (Some(from), Some(to)) = (at(from), at(to))
                && let Some((from, to)) = clip_segment(from, to, plot)
            {
                ink.add_line(from, to);
            }
        };
        for mark in &self.panel.marks {
            match mark {
                Mark::Series(series) => {
                    if series.line.is_some() {
                        series.points.array_windows().for_each(|[from, to]| line(*from, *to));
                    }
                    if series.marker.is_some() {
                        series.points.iter().for_each(|point| line(*point, *point));
                    }
                }
                Mark::Intervals { points, .. } => {
                    points.iter().for_each(|point| line((point.0, point.1), (point.0, point.3)));
                }
                Mark::Bars { bars, .. } => {
                    bars.iter().for_each(|bar| line((bar.0, bar.2), (bar.1, bar.2)));
                }
                Mark::Arrow { from, to, .. } => line(*from, *to),
                Mark::Outline { points, .. } => {
                    points.array_windows().for_each(|[from, to]| line(*from, *to));
                }
                _ => {}
            }
        }
        ink
    }
}

/// Drops texts that a small figure pushed onto earlier ones.
fn keep_apart(texts: &mut Vec<PlacedText>) {
    let mut kept: Vec<Rect> = Vec::with_capacity(texts.len());
    texts.retain(|text| {
        let free = !kept.iter().any(|other| other.overlaps(&text.area));
        if free {
            kept.push(text.area);
        }
        free
    });
}

fn rounded(area: &Rect) -> Rect {
    Rect::new(area.left.round(), area.top.round(), area.right.round(), area.bottom.round())
}

/// The extent of a gutter.
fn gutter(style: &Style) -> f64 {
    style.grown(30.0)
}

/// The ticks that are given, the names among them in lines that are no wider.
fn in_lines(axis: &Axis, width: f64, size: f64) -> Option<Vec<(f64, String)>> {
    let ticks = axis.ticks.as_ref()?;
    let lines = |text: &String| if axis.names { wrap(text, size, width).join("\n") } else { text.clone() };
    Some(ticks.iter().map(|(place, text)| (*place, lines(text))).collect())
}

/// How densely an axis of a length may be labelled; names of rows and columns as densely as they can be read.
fn room((side_by_side, names): (bool, bool), length: f64, style: &Style) -> Room {
    let (per_tick, gap) = match (side_by_side, names) {
        (true, true) => (58.0, 4.0),
        (false, true) => (30.0, 0.0),
        (true, false) => (58.0, 14.0),
        (false, false) => (30.0, 8.0),
    };
    let most = (length / style.grown(per_tick)).floor().clamp(3.0, 8.0) as usize;
    Room { font_size: style.small_size(), side_by_side, gap: style.grown(gap), most }
}
