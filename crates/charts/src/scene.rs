//! A picture as data: panels with axes, marks and handles.
//!
//! Values on a logarithmic axis are given as their base-10 logarithm, so that 1e-5000 has its place like any other
//! number. On every axis, -∞ and +∞ are results: they are drawn in gutters at the ends of the axis (on a logarithmic
//! axis the lower gutter is exact zero). NaN means undefined: nothing is drawn there and the line is broken.

mod axis;

pub use axis::{Axis, Scale};

/// What a colour means. Never by colour alone: every use also has a label, a dash pattern or a marker of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Shrinks: blue #0072B2.
    Vanishing,
    /// Grows: vermilion #D55E00.
    Exploding,
    /// Keeps its size: green #009E73.
    Preserved,
    /// The text colour.
    Ink,
    /// Secondary: reference lines, baselines, what was before.
    Muted,
    /// A series whose colour has no meaning beyond telling it apart; cycles through a colour-blind-safe list.
    Series(usize),
}

impl Tone {
    /// The tone of a factor: vanishing below 1, exploding above, preserved within `tolerance` of it.
    pub fn of_factor(factor: f64, tolerance: f64) -> Self {
        if factor > 1.0 + tolerance {
            Self::Exploding
        } else if factor < 1.0 - tolerance {
            Self::Vanishing
        } else {
            Self::Preserved
        }
    }
}

/// How a line is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dash {
    /// Unbroken: measured.
    Solid,
    /// Long dashes: theory, bounds.
    Dashed,
    /// Dots: what was before, what is left out.
    Dotted,
}

/// The shape at each point of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// A filled circle.
    Dot,
    /// An open circle.
    Ring,
    /// A filled square.
    Square,
    /// An upright triangle.
    Triangle,
    /// A horizontal bar: a minus sign, for negative values.
    Minus,
    /// An upright cross: a plus sign, for positive values.
    Plus,
    /// A diagonal cross.
    Cross,
}

/// Points in order, as a line, as markers, or both.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name: stands at the line's end (direct label), in the values under the pointer and as the table's column.
    /// Empty: no label, not in the table.
    pub name: String,
    /// Whether the name is written in the picture.
    pub labelled: bool,
    /// Colour by meaning.
    pub tone: Tone,
    /// The line, if any, with its width in CSS pixels.
    pub line: Option<(Dash, f64)>,
    /// A marker at each point, if any, with its radius in CSS pixels.
    pub marker: Option<(Marker, f64)>,
    /// Opacity, 0 to 1.
    pub opacity: f64,
    /// The points. y is log10 on a logarithmic axis.
    pub points: Vec<(f64, f64)>,
}

impl Series {
    /// A solid labelled line.
    pub fn line(name: impl Into<String>, tone: Tone, points: Vec<(f64, f64)>) -> Self {
        let name = name.into();
        Self {
            labelled: !name.is_empty(),
            name,
            tone,
            line: Some((Dash::Solid, 2.0)),
            marker: None,
            opacity: 1.0,
            points,
        }
    }

    /// Markers without a line.
    pub fn markers(name: impl Into<String>, tone: Tone, marker: Marker, points: Vec<(f64, f64)>) -> Self {
        Self { line: None, marker: Some((marker, 3.0)), ..Self::line(name, tone, points) }
    }

    /// The same with another dash.
    pub fn dashed(mut self, dash: Dash) -> Self {
        self.line = Some((dash, self.line.map_or(1.5, |(_, width)| width)));
        self
    }

    /// The same with a marker at each point.
    pub fn with_marker(mut self, marker: Marker, radius: f64) -> Self {
        self.marker = Some((marker, radius));
        self
    }

    /// The same, but its name stands only in the values and the table.
    pub fn unlabelled(mut self) -> Self {
        self.labelled = false;
        self
    }

    /// The same, fainter.
    pub fn faint(mut self, opacity: f64) -> Self {
        self.opacity = opacity;
        self
    }
}

/// What the colours of a matrix say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shades {
    /// Sign and size: blue below zero, paper at zero, orange above.
    Signed,
    /// Size alone: paper at zero, this tone on both sides.
    Size(Tone),
    /// Kinds: the whole part of a value is the place of its tone and its name. With a fraction it is fainter: a guess.
    Kinds(&'static [(Tone, &'static str)]),
}

/// A thing to draw, in the panel's data coordinates. Later marks lie over earlier ones.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A line, markers, or both.
    Series(Series),
    /// The area between two curves over shared x.
    Band {
        /// Name for values and table (`name low`, `name high`); empty: none.
        name: String,
        /// Colour by meaning.
        tone: Tone,
        /// Opacity of the filling.
        opacity: f64,
        /// (x, low, high).
        points: Vec<(f64, f64, f64)>,
    },
    /// Bars from the axis' lower end (or from zero on a linear axis that holds it): a histogram.
    Bars {
        /// Name for values and table.
        name: String,
        /// Colour by meaning.
        tone: Tone,
        /// (left edge, right edge, height).
        bars: Vec<(f64, f64, f64)>,
    },
    /// Vertical intervals with a marker at the middle: estimates with their uncertainty.
    Intervals {
        /// Name for values, table and label.
        name: String,
        /// Colour by meaning.
        tone: Tone,
        /// (x, low, middle, high).
        points: Vec<(f64, f64, f64, f64)>,
    },
    /// A horizontal reference line across the panel.
    Horizontal {
        /// Its height in data coordinates.
        y: f64,
        /// Text at its right end, above it; may be empty.
        label: String,
        /// Colour by meaning.
        tone: Tone,
        /// How it is broken.
        dash: Dash,
    },
    /// A vertical reference line across the panel.
    Vertical {
        /// Its place in data coordinates.
        x: f64,
        /// Text at its top, beside it; may be empty.
        label: String,
        /// Colour by meaning.
        tone: Tone,
        /// How it is broken.
        dash: Dash,
    },
    /// A shaded part of the panel. Infinite bounds reach to the panel's edge, gutters included.
    Zone {
        /// From and to in x.
        x: (f64, f64),
        /// From and to in y.
        y: (f64, f64),
        /// Text inside, at the upper left; may be empty.
        label: String,
        /// Colour by meaning.
        tone: Tone,
    },
    /// A matrix of coloured cells over the panel's x and y ranges: row 0 at the top.
    Heatmap {
        /// Name for values and table.
        name: String,
        /// Number of rows.
        rows: usize,
        /// Number of columns.
        columns: usize,
        /// Row-major; paper at zero. NaN: hatched.
        values: Vec<f64>,
        /// What the colours say.
        shades: Shades,
        /// Where the colours end, on both sides; what lies beyond has the colour of the end.
        limit: f64,
        /// What stands in each cell, row-major, as it is written where there is room and shorter; none: no words. They stay in
        /// their cell: what does not fit is left out.
        words: Vec<[String; 2]>,
    },
    /// An arrow with an optional label at its head.
    Arrow {
        /// The tail in data coordinates.
        from: (f64, f64),
        /// The head in data coordinates.
        to: (f64, f64),
        /// Colour by meaning.
        tone: Tone,
        /// Text at the head; may be empty.
        label: String,
        /// Width of the shaft in CSS pixels.
        width: f64,
    },
    /// A closed curve, filled and outlined.
    Outline {
        /// The corners in data coordinates; the last is joined to the first.
        points: Vec<(f64, f64)>,
        /// Colour by meaning.
        tone: Tone,
        /// Opacity of the filling; the outline is opaque.
        opacity: f64,
        /// How the outline is broken.
        dash: Dash,
    },
    /// A word in the picture.
    Text {
        /// The anchor in data coordinates.
        at: (f64, f64),
        /// A word or two, drawn as they are.
        text: String,
        /// Colour by meaning.
        tone: Tone,
        /// -1: ends there; 0: centred there; 1: begins there.
        anchor: i8,
    },
}

/// Which parameters a handle moves when it is dragged, by their keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Moves {
    /// The parameter is the handle's x.
    X(String),
    /// The parameter is the handle's x less a number.
    XLess(String, f64),
    /// The parameter is the handle's y.
    Y(String),
    /// The parameters are x and y.
    Both(String, String),
    /// The parameter is the angle (degrees, -180..=180, counterclockwise from the x axis) seen from the panel's (0, 0).
    Angle(String),
}

/// Something to grab in the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Handle {
    /// Where it is, in data coordinates.
    pub at: (f64, f64),
    /// What dragging it changes.
    pub moves: Moves,
    /// What it is, for the pointer's tip and the screen reader: `lambda_1 = 1.05`.
    pub label: String,
    /// Colour by meaning.
    pub tone: Tone,
}

/// What a press on a matrix sets: two parameters, each to what belongs to the column, or the row, under the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Press {
    /// The key, and a value for each column from the left.
    pub columns: (&'static str, &'static [f64]),
    /// The key, and a value for each row from the lower edge.
    pub rows: (&'static str, &'static [f64]),
}

impl Press {
    /// The keys and their values at a place in units of columns and rows.
    pub fn at(&self, (x, y): (f64, f64)) -> [(&'static str, f64); 2] {
        [(self.columns, x), (self.rows, y)].map(|((key, values), place)| {
            let cell = (place.max(0.0) as usize).min(values.len().saturating_sub(1));
            (key, values.get(cell).copied().unwrap_or(f64::NAN))
        })
    }
}

/// A pair of axes and what is drawn in them.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Heading above the panel; may be empty.
    pub title: String,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis, from low at the bottom to high at the top.
    pub y: Axis,
    /// Whether one unit is as long on both axes (circles stay circles, matrices stay square).
    pub equal_units: bool,
    /// What is drawn, in order.
    pub marks: Vec<Mark>,
    /// Lines as they were before a change, thin and grey behind everything: in no values, no table and no range.
    pub ghosts: Vec<Vec<(f64, f64)>>,
    /// What can be grabbed.
    pub handles: Vec<Handle>,
    /// The place on the x axis that is marked in every figure of the chapter (the same k, the same t).
    pub cursor: Option<f64>,
    /// The parameter that a press on the panel sets to the x under the pointer, by its key.
    pub scrubs: Option<String>,
    /// What a press on its matrix sets, whose cells are one unit of the axes wide and high.
    pub press: Option<Press>,
    /// The share of the figure's width (in a row of panels).
    pub share: f64,
}

impl Panel {
    /// An empty panel.
    pub fn new(x: Axis, y: Axis) -> Self {
        Self {
            title: String::new(),
            x,
            y,
            equal_units: false,
            marks: Vec::new(),
            ghosts: Vec::new(),
            handles: Vec::new(),
            cursor: None,
            scrubs: None,
            press: None,
            share: 1.0,
        }
    }
}

impl Panel {
    /// Whether the cells of a matrix are named by the panel's axes, not by row and column.
    pub fn names_cells(&self) -> bool {
        [&self.x, &self.y].iter().all(|axis| axis.visible && !axis.title.is_empty())
    }

    /// Every x at which something with a name has a value, in order.
    pub fn places(&self) -> Vec<f64> {
        let mut places: Vec<f64> = Vec::new();
        for mark in &self.marks {
            match mark {
                Mark::Series(series) if !series.name.is_empty() => places.extend(series.points.iter().map(|(x, _)| *x)),
                Mark::Band { name, points, .. } if !name.is_empty() => places.extend(points.iter().map(|(x, ..)| *x)),
                Mark::Intervals { points, .. } => places.extend(points.iter().map(|(x, ..)| *x)),
                Mark::Bars { bars, .. } => places.extend(bars.iter().map(|(left, right, _)| (left + right) / 2.0)),
                _ => {}
            }
        }
        places.retain(|x| x.is_finite());
        let mut places = vanishing_core::order::sorted(&places);
        places.dedup();
        places
    }
}

/// A whole figure: panels in a row (in a column where the figure is narrow).
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// The panels from left to right.
    pub panels: Vec<Panel>,
    /// What is seen now, in a sentence or two: the accessible label.
    pub summary: String,
    /// A remark that is drawn under the panels because the picture would mislead without it; may be empty.
    pub remark: String,
}

impl Scene {
    /// How many rows with names lie one below the other; then the figure is as high as they need, not as its width says.
    pub fn rows(&self) -> usize {
        let named = self.panels.iter().filter(|panel| panel.y.names && panel.y.visible);
        named.map(|panel| panel.y.ticks.as_ref().map_or(0, Vec::len)).max().unwrap_or(0)
    }
}
