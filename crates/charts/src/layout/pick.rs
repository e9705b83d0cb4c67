//! The values at a place: what the card beside the pointer says.
use super::direct::in_order;
use super::panel::PanelLayout;
use crate::format;
use crate::scene::{Axis, Mark, Panel, Scale, Shades, Tone};

/// A place and the values there.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick {
    /// Index of the panel in the scene.
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
    /// A place on a panel's x axis without values.
    pub fn place(panel: usize, x: f64) -> Self {
        Self { panel, x, x_text: String::new(), rows: Vec::new(), points: Vec::new(), nearest: 0, single: false }
    }

    /// The values in words, for a screen reader.
    pub fn sentence(&self) -> String {
        let values: Vec<String> = self.rows.iter().map(|(name, value, _)| format!("{name} {value}")).collect();
        format!("{}: {}.", self.x_text, values.join(", "))
    }
}

/// A value that could be picked.
struct Value<'a> {
    /// The place of its mark among the panel's.
    mark: usize,
    name: &'a str,
    tone: Tone,
    at: (f64, f64),
    /// Half the width that belongs to it (a bar).
    reach: f64,
    shown: Shown,
}

/// What is said of a value besides its height.
enum Shown {
    /// Nothing: a point of a series.
    Alone,
    /// Between two points of a line.
    Between,
    /// The ends of a band: low, high.
    Band(f64, f64),
    /// An estimate's interval: low, high.
    Interval(f64, f64),
    /// A bar's edges, on the x axis.
    Bar(f64, f64),
}

impl Value<'_> {
    fn text(&self, panel: &Panel) -> String {
        let y = |value: f64| number(&panel.y, value);
        let x = |value: f64| number(&panel.x, value);
        match self.shown {
            Shown::Alone => y(self.at.1),
            Shown::Between => format!("≈ {}", y(self.at.1)),
            Shown::Band(low, high) => format!("{} … {}", y(low), y(high)),
            Shown::Interval(low, high) => format!("{} ({} … {})", y(self.at.1), y(low), y(high)),
            Shown::Bar(from, to) => format!("{} ({} … {})", y(self.at.1), x(from), x(to)),
        }
    }
}

/// The values nearest to a pixel; `None` if the panel holds none.
pub fn pick(panel: &Panel, layout: &PanelLayout, index: usize, at: (f64, f64), slack: f64) -> Option<Pick> {
    if let Some(cell) = cell(panel, layout, index, at) {
        return Some(cell);
    }
    let values = values(panel);
    let pixel = |value: &Value<'_>| Some((layout.x.to_pixel(value.at.0)?, layout.y.to_pixel(value.at.1)?));
    let visible = |value: &&Value<'_>| layout.x.holds(value.at.0) && !value.at.1.is_nan();
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
            x_text: value.name.to_owned(),
            rows: vec![
                (short_title(&panel.x), number(&panel.x, value.at.0), value.tone),
                (short_title(&panel.y), value.text(panel), value.tone),
            ],
            points: vec![value.at, value.at],
            nearest: 0,
            single: true,
        });
    }
    let distance = |value: &Value<'_>| {
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
    let mut here: Vec<Value<'_>> = values.into_iter().filter(|value| same(value.at.0, x)).collect();
    let between: Vec<Value<'_>> = between(panel, x)
        .filter(|found| layout.y.holds(found.at.1) && here.iter().all(|value| value.mark != found.mark))
        .collect();
    here.extend(between);
    here.sort_by_key(|value| value.mark);
    let height = |value: &Value<'_>| pixel(value).map_or(f64::INFINITY, |(_, y)| (y - at.1).abs());
    let nearest = (0..here.len()).min_by(|one, two| {
        let of = |row: usize| here.get(row).map_or(f64::INFINITY, height);
        of(*one).total_cmp(&of(*two))
    })?;
    Some(Pick {
        panel: index,
        x,
        x_text: place_text(&panel.x, x),
        rows: here.iter().map(|value| (value.name.to_owned(), value.text(panel), value.tone)).collect(),
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
fn values(panel: &Panel) -> Vec<Value<'_>> {
    let mut values = Vec::new();
    for (mark, content) in panel.marks.iter().enumerate() {
        let value = |name, tone, at, reach, shown| Value { mark, name, tone, at, reach, shown };
        match content {
            Mark::Series(series) if !series.name.is_empty() => {
                let points = series.points.iter().filter(|point| !point.0.is_nan());
                values.extend(points.map(|point| value(&series.name, series.tone, *point, 0.0, Shown::Alone)));
            }
            Mark::Band { name, tone, points, .. } if !name.is_empty() => {
                let points = points.iter().filter(|point| !point.0.is_nan());
                values.extend(points.map(|(x, low, high)| {
                    value(name, *tone, (*x, low / 2.0 + high / 2.0), 0.0, Shown::Band(*low, *high))
                }));
            }
            Mark::Intervals { name, tone, points } if !name.is_empty() => {
                let points = points.iter().filter(|point| !point.0.is_nan());
                values.extend(points.map(|(x, low, middle, high)| {
                    value(name, *tone, (*x, *middle), 0.0, Shown::Interval(*low, *high))
                }));
            }
            Mark::Bars { name, tone, bars } if !name.is_empty() => {
                let bars = bars.iter().filter(|bar| !(bar.0 + bar.1).is_nan());
                values.extend(bars.map(|(from, to, height)| {
                    let (middle, reach) = (from / 2.0 + to / 2.0, (to / 2.0 - from / 2.0).abs());
                    value(name, *tone, (middle, *height), reach, Shown::Bar(*from, *to))
                }));
            }
            _ => {}
        }
    }
    values
}

/// Where the named lines run at a place at which they have no point of their own.
fn between(panel: &Panel, x: f64) -> impl Iterator<Item = Value<'_>> {
    panel.marks.iter().enumerate().filter_map(move |(mark, content)| {
        let Mark::Series(series) = content else { return None };
        if series.name.is_empty() || series.line.is_none() {
            return None;
        }
        let (one, two) =
            series.points.array_windows().map(|[one, two]| (one, two)).find(|(a, b)| a.0 < x && x < b.0)?;
        let share = (x - one.0) / (two.0 - one.0);
        let y = if one.1 == two.1 { one.1 } else { one.1 * (1.0 - share) + two.1 * share };
        let finite = one.1 == two.1 || y.is_finite();
        let (name, tone) = (series.name.as_str(), series.tone);
        (finite && !y.is_nan()).then_some(Value { mark, name, tone, at: (x, y), reach: 0.0, shown: Shown::Between })
    })
}

/// The cell of a matrix under a pixel. Where the axes are shown they name it; else row and column do.
fn cell(panel: &Panel, layout: &PanelLayout, index: usize, at: (f64, f64)) -> Option<Pick> {
    if !layout.plot.contains(at) {
        return None;
    }
    panel.marks.iter().rev().find_map(|mark| {
        let Mark::Heatmap { name, rows, columns, values, shades, .. } = mark else { return None };
        let share = |pixel: f64, (from, to): (f64, f64), count: usize| {
            let cell = ((pixel - from) / (to - from) * count as f64).floor();
            (cell >= 0.0 && cell.is_finite() && count > 0).then(|| (cell as usize).min(count - 1))
        };
        let column = share(at.0, layout.x.finite(), *columns)?;
        let row = share(at.1, layout.y.finite(), *rows)?;
        let value = *values.get(row * columns + column)?;
        let middle = |cell: usize, count: usize| (cell as f64 + 0.5) / count as f64;
        let x = layout.x.at_share(middle(column, *columns));
        let y = layout.y.at_share(middle(row, *rows));
        let tone = match shades {
            Shades::Size(tone) => *tone,
            Shades::Signed if value > 0.0 => Tone::Exploding,
            Shades::Signed if value < 0.0 => Tone::Vanishing,
            Shades::Signed => Tone::Muted,
            Shades::Kinds(kinds) => kinds.get(value.max(0.0) as usize).map_or(Tone::Muted, |(tone, _)| *tone),
        };
        let text = match shades {
            Shades::Kinds(kinds) => {
                let kind = kinds.get(value.max(0.0) as usize).map_or("not known", |(_, text)| *text);
                if value.fract() > 0.0 { format!("{kind}, by its neighbours") } else { kind.to_owned() }
            }
            _ => format::short(value),
        };
        // What stands in parentheses is for the table.
        let name = name.split(" (").next().unwrap_or_default();
        let x_text = if panel.names_cells() {
            format!("{}, {}", place_text(&panel.x, x), place_text(&panel.y, y))
        } else {
            format!("row {}, column {}", row + 1, column + 1)
        };
        Some(Pick {
            panel: index,
            x,
            x_text,
            rows: vec![(if name.is_empty() { "value".into() } else { name.to_owned() }, text, tone)],
            points: vec![(x, y)],
            nearest: 0,
            single: true,
        })
    })
}

/// A number on an axis for people, or the name of the row or column there.
fn number(axis: &Axis, value: f64) -> String {
    if let Some(name) = axis.name_at(value) {
        return name.to_owned();
    }
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
