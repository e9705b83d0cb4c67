//! The values at a place: what the card beside the pointer says.
use super::direct::in_order;
use super::panel::PanelLayout;
use crate::format;
use crate::scene::{Axis, Mark, Panel, Scale, Tone};

/// A place and the values there.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick {
    /// The panel.
    pub panel: usize,
    /// The place on the x axis; the points of the rows lie there.
    pub x: f64,
    /// The place for people: `power k = 12`.
    pub x_text: String,
    /// Name, value and tone of everything with a name at that place.
    pub rows: Vec<(String, String, Tone)>,
    /// Data coordinates of each row's value, for the dots on the lines.
    pub points: Vec<(f64, f64)>,
    /// The row whose value is nearest to the pointer.
    pub nearest: usize,
    /// Whether the place is a single point (a scatter plot, a matrix' cell) and not a line through the panel.
    pub single: bool,
}

impl Pick {
    /// The values in words, for a screen reader.
    pub fn sentence(&self) -> String {
        let values: Vec<String> = self.rows.iter().map(|(name, value, _)| format!("{name} {value}")).collect();
        format!("{}: {}.", self.x_text, values.join(", "))
    }
}

/// A value that could be picked.
struct Value {
    name: String,
    text: String,
    tone: Tone,
    at: (f64, f64),
    /// Half the width that belongs to it (a bar).
    reach: f64,
}

/// The values nearest to a pixel; `None` if the panel holds none.
pub fn pick(panel: &Panel, layout: &PanelLayout, index: usize, at: (f64, f64), slack: f64) -> Option<Pick> {
    if let Some(cell) = cell(panel, layout, index, at) {
        return Some(cell);
    }
    let values = values(panel);
    let pixel = |value: &Value| Some((layout.x.to_pixel(value.at.0)?, layout.y.to_pixel(value.at.1)?));
    let visible = |value: &&Value| layout.x.holds(value.at.0) && !value.at.1.is_nan();
    let scattered = panel.equal_units
        || !panel.marks.iter().enumerate().all(|(mark, content)| {
            !matches!(content, Mark::Series(series) if !series.name.is_empty()) || in_order(panel, mark)
        });
    if scattered {
        let (distance, value) = values
            .iter()
            .filter(visible)
            .filter_map(|value| {
                let (x, y) = pixel(value)?;
                Some((((x - at.0) * (x - at.0) + (y - at.1) * (y - at.1)).sqrt(), value))
            })
            .min_by(|one, two| one.0.total_cmp(&two.0))?;
        return (distance <= 2.5 * slack).then(|| Pick {
            panel: index,
            x: value.at.0,
            x_text: value.name.clone(),
            rows: vec![
                (short_title(&panel.x), number(&panel.x, value.at.0), value.tone),
                (short_title(&panel.y), value.text.clone(), value.tone),
            ],
            points: vec![value.at, value.at],
            nearest: 0,
            single: true,
        });
    }
    let distance = |value: &Value| {
        let place = layout.x.to_pixel(value.at.0)?;
        let reach = layout.x.to_pixel(value.at.0 + value.reach).map_or(0.0, |end| (end - place).abs());
        Some(((place - at.0).abs() - reach).max(0.0))
    };
    let nearest = values
        .iter()
        .filter(visible)
        .filter_map(|value| Some((distance(value)?, value.at.0)))
        .min_by(|one, two| one.0.total_cmp(&two.0))?;
    let x = nearest.1;
    let here: Vec<&Value> = values.iter().filter(|value| same(value.at.0, x)).collect();
    let height = |value: &Value| pixel(value).map_or(f64::INFINITY, |(_, y)| (y - at.1).abs());
    let nearest = (0..here.len()).min_by(|one, two| {
        let of = |row: usize| here.get(row).map_or(f64::INFINITY, |value| height(value));
        of(*one).total_cmp(&of(*two))
    })?;
    Some(Pick {
        panel: index,
        x,
        x_text: place_text(&panel.x, x),
        rows: here.iter().map(|value| (value.name.clone(), value.text.clone(), value.tone)).collect(),
        points: here.iter().map(|value| value.at).collect(),
        nearest,
        single: false,
    })
}

/// Whether two places are the same but for rounding.
fn same(one: f64, two: f64) -> bool {
    one == two || (one - two).abs() <= 1e-9 * one.abs().max(two.abs())
}

/// All named values of a panel.
fn values(panel: &Panel) -> Vec<Value> {
    let mut values = Vec::new();
    let text = |value: f64| number(&panel.y, value);
    for mark in &panel.marks {
        match mark {
            Mark::Series(series) if !series.name.is_empty() => {
                values.extend(series.points.iter().filter(|point| !point.0.is_nan()).map(|(x, y)| Value {
                    name: series.name.clone(),
                    text: text(*y),
                    tone: series.tone,
                    at: (*x, *y),
                    reach: 0.0,
                }));
            }
            Mark::Band { name, tone, points, .. } if !name.is_empty() => {
                values.extend(points.iter().filter(|point| !point.0.is_nan()).map(|(x, low, high)| Value {
                    name: name.clone(),
                    text: format!("{} … {}", text(*low), text(*high)),
                    tone: *tone,
                    at: (*x, low / 2.0 + high / 2.0),
                    reach: 0.0,
                }));
            }
            Mark::Intervals { name, tone, points } if !name.is_empty() => {
                values.extend(points.iter().filter(|point| !point.0.is_nan()).map(|(x, low, middle, high)| Value {
                    name: name.clone(),
                    text: format!("{} ({} … {})", text(*middle), text(*low), text(*high)),
                    tone: *tone,
                    at: (*x, *middle),
                    reach: 0.0,
                }));
            }
            Mark::Bars { name, tone, bars } if !name.is_empty() => {
                values.extend(bars.iter().filter(|bar| !(bar.0 + bar.1).is_nan()).map(|(from, to, height)| Value {
                    name: name.clone(),
                    text: format!("{} ({} … {})", text(*height), number(&panel.x, *from), number(&panel.x, *to)),
                    tone: *tone,
                    at: (from / 2.0 + to / 2.0, *height),
                    reach: (to / 2.0 - from / 2.0).abs(),
                }));
            }
            _ => {}
        }
    }
    values
}

/// The cell of a matrix under a pixel.
fn cell(panel: &Panel, layout: &PanelLayout, index: usize, at: (f64, f64)) -> Option<Pick> {
    if !layout.plot.contains(at) {
        return None;
    }
    panel.marks.iter().rev().find_map(|mark| {
        let Mark::Heatmap { name, rows, columns, values } = mark else { return None };
        let share = |pixel: f64, (from, to): (f64, f64), count: usize| {
            let cell = ((pixel - from) / (to - from) * count as f64).floor();
            (cell >= 0.0 && cell.is_finite() && count > 0).then(|| (cell as usize).min(count - 1))
        };
        let column = share(at.0, layout.x.finite(), *columns)?;
        let row = share(at.1, layout.y.finite(), *rows)?;
        let value = *values.get(row * columns + column)?;
        let middle = |cell: usize, count: usize| (cell as f64 + 0.5) / count as f64;
        let x = layout.x.low + middle(column, *columns) * (layout.x.high - layout.x.low);
        let y = layout.y.high - middle(row, *rows) * (layout.y.high - layout.y.low);
        let tone = if value > 0.0 {
            Tone::Exploding
        } else if value < 0.0 {
            Tone::Vanishing
        } else {
            Tone::Muted
        };
        Some(Pick {
            panel: index,
            x,
            x_text: format!("row {}, column {}", row + 1, column + 1),
            rows: vec![(if name.is_empty() { "value".into() } else { name.clone() }, format::short(value), tone)],
            points: vec![(x, y)],
            nearest: 0,
            single: true,
        })
    })
}

/// A number on an axis for people.
fn number(axis: &Axis, value: f64) -> String {
    match axis.scale {
        Scale::Linear => format::short(value),
        Scale::Log10 => format::log10_value(value),
    }
}

/// `power k = 12`; the tick's own text where the axis has texts instead of numbers.
fn place_text(axis: &Axis, x: f64) -> String {
    let given = axis.ticks.iter().flatten().find(|(place, text)| same(*place, x) && !text.is_empty());
    let value = given.map_or_else(|| number(axis, x), |(_, text)| text.clone());
    if axis.title.is_empty() { value } else { format!("{} = {value}", short_title(axis)) }
}

/// The title without what stands in parentheses; `x` or `y` are nobody's name, so an untitled axis has none.
fn short_title(axis: &Axis) -> String {
    axis.title.split('(').next().unwrap_or_default().trim().into()
}
