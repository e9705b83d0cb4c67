//! The few things a backend is asked to do: fill, stroke, write. Whole pixels and colours begin here.
//!
//! Rules and ticks are filled rectangles, not lines: plotters-canvas moves horizontal and vertical lines by half a pixel
//! whatever their width, the SVG backend does not; a rectangle is crisp and the same in both. Texts are anchored at their
//! middle height, the one vertical anchor both backends agree on. The SVG backend divides font sizes by 1.24, so it is
//! given sizes multiplied by that.
use crate::layout::{Anchor, PlacedText, Rect, Role};
use crate::scene::Dash;
use crate::style::{Colour, Style};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBAColor, RGBColor, ShapeStyle, TextStyle};

/// A point in device pixels.
pub type Point = (f64, f64);

/// How far a drawn line may be from its points, in device pixels: no farther than rounding would put it.
const TOLERANCE: f64 = 0.5;

/// How a line looks.
#[derive(Clone, Copy, Debug)]
pub struct Pen {
    /// Colour before the opacity.
    pub colour: Colour,
    /// Opacity, 0 to 1.
    pub opacity: f64,
    /// Width in device pixels.
    pub width: u32,
    /// How it is broken.
    pub dash: Dash,
}

impl Pen {
    /// An unbroken opaque pen.
    pub fn new(colour: Colour, width: u32) -> Self {
        Self { colour, opacity: 1.0, width, dash: Dash::Solid }
    }

    /// The same with an opacity.
    pub fn faint(self, opacity: f64) -> Self {
        Self { opacity, ..self }
    }
}

/// A backend with a style.
pub struct Painter<'a, DB> {
    backend: DB,
    /// How everything looks.
    pub style: &'a Style,
    font_factor: f64,
}

impl<'a, DB: DrawingBackend> Painter<'a, DB> {
    /// A painter; `font_factor` undoes what the backend does to font sizes.
    pub fn new(mut backend: DB, style: &'a Style, font_factor: f64) -> Result<Self, String> {
        backend.ensure_prepared().map_err(|error| error.to_string())?;
        Ok(Self { backend, style, font_factor })
    }

    /// Shows what was drawn.
    pub fn finish(mut self) -> Result<(), String> {
        self.backend.present().map_err(|error| error.to_string())
    }

    /// Fills a rectangle; one that is thinner than a pixel still shows.
    pub fn fill(&mut self, area: &Rect, colour: Colour, opacity: f64) -> Result<(), String> {
        let (left, top) = whole((area.left, area.top));
        let (right, bottom) = whole((area.right, area.bottom));
        let corner = (right.max(left + 1), bottom.max(top + 1));
        self.backend.draw_rect((left, top), corner, &shape(colour, opacity, 0), true).map_err(|error| error.to_string())
    }

    /// Areas of one colour. Many of them are one polygon, which goes to each area and back along the same line, so
    /// that the ways between enclose nothing: a canvas fills one path much faster than thousands of rectangles.
    pub fn areas(&mut self, areas: &[Rect], colour: Colour) -> Result<(), String> {
        const FEW: usize = 4;
        if areas.len() <= FEW {
            return areas.iter().try_for_each(|area| self.fill(area, colour, 1.0));
        }
        let Some(first) = areas.first() else { return Ok(()) };
        let home = (first.left, first.top);
        let around = |area: &Rect| {
            let (left, top, right, bottom) = (area.left, area.top, area.right, area.bottom);
            [home, (left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        };
        let points: Vec<Point> = areas.iter().flat_map(around).collect();
        self.polygon(&points, colour, 1.0)
    }

    /// A horizontal line around a height.
    pub fn horizontal(&mut self, y: f64, (left, right): (f64, f64), pen: Pen) -> Result<(), String> {
        self.rule((left, y), (right, y), pen)
    }

    /// A vertical line around a place.
    pub fn vertical(&mut self, x: f64, (top, bottom): (f64, f64), pen: Pen) -> Result<(), String> {
        self.rule((x, top), (x, bottom), pen)
    }

    fn rule(&mut self, from: Point, to: Point, pen: Pen) -> Result<(), String> {
        let width = f64::from(pen.width);
        let across = |place: f64| {
            let start = (place - width / 2.0).round();
            (start, start + width)
        };
        for (start, end) in dashes(&[from, to], self.pattern(pen), true)
            .iter()
            .filter_map(|piece| Some((*piece.first()?, *piece.last()?)))
        {
            let area = if from.1 == to.1 {
                let (top, bottom) = across(from.1);
                Rect::new(start.0, top, end.0, bottom)
            } else {
                let (left, right) = across(from.0);
                Rect::new(left, start.1, right, end.1)
            };
            self.fill(&area, pen.colour, pen.opacity)?;
        }
        Ok(())
    }

    /// A line through points.
    pub fn line(&mut self, points: &[Point], pen: Pen) -> Result<(), String> {
        let style = shape(pen.colour, pen.opacity, pen.width);
        for piece in dashes(&simplified(points), self.pattern(pen), false) {
            let mut path: Vec<(i32, i32)> = piece.iter().map(|point| whole(*point)).collect();
            path.dedup();
            if path.len() > 1 {
                self.backend.draw_path(path, &style).map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    }

    /// A filled polygon.
    pub fn polygon(&mut self, points: &[Point], colour: Colour, opacity: f64) -> Result<(), String> {
        let mut path: Vec<(i32, i32)> = points.iter().map(|point| whole(*point)).collect();
        path.dedup();
        if path.len() < 3 {
            return Ok(());
        }
        self.backend.fill_polygon(path, &shape(colour, opacity, 0)).map_err(|error| error.to_string())
    }

    /// A filled circle.
    pub fn disc(&mut self, centre: Point, radius: f64, colour: Colour, opacity: f64) -> Result<(), String> {
        let radius = radius.round().clamp(1.0, 10_000.0) as u32;
        self.backend
            .draw_circle(whole(centre), radius, &shape(colour, opacity, 0), true)
            .map_err(|error| error.to_string())
    }

    /// A circle's line.
    pub fn ring(&mut self, centre: Point, radius: f64, pen: Pen) -> Result<(), String> {
        let radius = radius.round().clamp(1.0, 10_000.0) as u32;
        self.backend
            .draw_circle(whole(centre), radius, &shape(pen.colour, pen.opacity, pen.width), false)
            .map_err(|error| error.to_string())
    }

    /// A text in its place.
    pub fn text(&mut self, text: &PlacedText, colour: Colour) -> Result<(), String> {
        let horizontal = match text.anchor {
            Anchor::Left => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::Right => HPos::Right,
        };
        let face = if text.role == Role::Title { FontStyle::Bold } else { FontStyle::Normal };
        let family = FontFamily::Name(&self.style.font_family);
        let style = TextStyle {
            font: FontDesc::new(family, text.size * self.font_factor, face),
            color: rgba(colour, 1.0).to_backend_color(),
            pos: Pos::new(horizontal, VPos::Center),
        };
        self.backend.draw_text(&text.text, &style, whole(text.at)).map_err(|error| error.to_string())
    }

    /// Lengths of stroke and gap in pixels.
    fn pattern(&self, pen: Pen) -> Option<(f64, f64)> {
        let width = f64::from(pen.width);
        match pen.dash {
            Dash::Solid => None,
            Dash::Dashed => Some((self.style.grown(5.0) + width, self.style.grown(4.0))),
            Dash::Dotted => Some((width.max(self.style.px(1.5)), self.style.grown(3.0) + width * 0.5)),
        }
    }
}

fn whole((x, y): Point) -> (i32, i32) {
    // `as` saturates, and NaN becomes 0; layout lets neither through.
    (x.round() as i32, y.round() as i32)
}

fn rgba(colour: Colour, opacity: f64) -> RGBAColor {
    let opacity = if opacity.is_finite() { opacity.clamp(0.0, 1.0) } else { 1.0 };
    // Three decimals keep SVG files short.
    RGBColor(colour.red, colour.green, colour.blue).mix((opacity * 1e3).round() / 1e3)
}

fn shape(colour: Colour, opacity: f64, width: u32) -> ShapeStyle {
    ShapeStyle { color: rgba(colour, opacity), filled: width == 0, stroke_width: width }
}

/// The corners that matter: a line within half a pixel of the given one (Douglas and Peucker 1973).
///
/// Rounding every point of a smooth line to whole pixels makes it tremble; the corners alone do not, and are fewer.
fn simplified(points: &[Point]) -> Vec<Point> {
    let mut kept = vec![false; points.len()];
    let mut spans = vec![(0, points.len().saturating_sub(1))];
    for end in [0, points.len().saturating_sub(1)] {
        if let Some(flag) = kept.get_mut(end) {
            *flag = true;
        }
    }
    while let Some((first, last)) = spans.pop() {
        let (Some(from), Some(to)) = (points.get(first), points.get(last)) else { continue };
        let farthest = (first + 1..last)
            .filter_map(|index| Some((distance(*points.get(index)?, *from, *to), index)))
            .max_by(|one, two| one.0.total_cmp(&two.0));
        if let Some((_, index)) = farthest.filter(|(far, _)| *far > TOLERANCE) {
            if let Some(flag) = kept.get_mut(index) {
                *flag = true;
            }
            spans.extend([(first, index), (index, last)]);
        }
    }
    points.iter().zip(kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect()
}

/// Distance of a point from a segment.
fn distance(point: Point, from: Point, to: Point) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let square = dx * dx + dy * dy;
    let share = if square > 0.0 { ((point.0 - from.0) * dx + (point.1 - from.1) * dy) / square } else { 0.0 };
    let share = share.clamp(0.0, 1.0);
    let (x, y) = (point.0 - from.0 - share * dx, point.1 - from.1 - share * dy);
    (x * x + y * y).sqrt()
}

/// The strokes of a line: the whole line, or pieces of a pattern that runs on around its corners.
fn dashes(points: &[Point], pattern: Option<(f64, f64)>, ends: bool) -> Vec<Vec<Point>> {
    let Some((stroke, gap)) = pattern else { return vec![points.to_vec()] };
    let (stroke, gap) = (stroke.max(1.0), gap.max(1.0));
    let mut pieces = Vec::new();
    let mut piece: Vec<Point> = points.first().copied().into_iter().collect();
    let (mut drawing, mut left) = (true, stroke);
    for pair in points.windows(2) {
        let [from, to] = pair else { continue };
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).sqrt();
        let mut done = 0.0;
        // The number of pieces is bounded by the longest line that fits on a screen.
        while length - done > left && pieces.len() < 5_000 {
            done += left;
            let at = (from.0 + dx * done / length, from.1 + dy * done / length);
            if drawing {
                piece.push(at);
                pieces.push(std::mem::take(&mut piece));
                left = gap;
            } else {
                piece = vec![at];
                left = stroke;
            }
            drawing = !drawing;
        }
        left -= length - done;
        if drawing {
            piece.push(*to);
        }
    }
    if drawing && piece.len() > 1 && (ends || left < stroke * 0.7) {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_run_on_around_a_corner() {
        let pieces = dashes(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)], Some((6.0, 2.0)), true);
        assert_eq!(pieces.len(), 3);
        assert_eq!(pieces.first().unwrap(), &vec![(0.0, 0.0), (6.0, 0.0)]);
        assert_eq!(pieces.get(1).unwrap(), &vec![(8.0, 0.0), (10.0, 0.0), (10.0, 4.0)]);
        assert_eq!(pieces.get(2).unwrap(), &vec![(10.0, 6.0), (10.0, 10.0)]);
    }

    #[test]
    fn points_on_a_straight_line_leave_no_trace_and_corners_stay() {
        let straight: Vec<Point> = (0..100).map(|k| (f64::from(k), f64::from(k) * 0.37)).collect();
        assert_eq!(simplified(&straight).len(), 2);
        let corner = [(0.0, 0.0), (5.0, 9.0), (10.0, 0.0), (0.0, 0.0)];
        assert_eq!(simplified(&corner), corner);
        assert_eq!(simplified(&[]), []);
        assert_eq!(simplified(&[(1.0, 2.0)]), [(1.0, 2.0)]);
    }

    #[test]
    fn an_unbroken_line_is_one_piece() {
        assert_eq!(dashes(&[(0.0, 0.0), (1.0, 1.0)], None, false).len(), 1);
    }
}
