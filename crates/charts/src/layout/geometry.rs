//! Rectangles in device pixels.

/// A rectangle in device pixels; y grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge, in device pixels from the picture's left.
    pub left: f64,
    /// Upper edge, in device pixels from the picture's top.
    pub top: f64,
    /// Right edge, never left of `left`.
    pub right: f64,
    /// Lower edge, never above `top`.
    pub bottom: f64,
}

impl Rect {
    /// From edges; a negative extent becomes zero.
    pub fn new(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self { left, top, right: right.max(left), bottom: bottom.max(top) }
    }

    /// Extent in x, never below 0.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Extent in y, never below 0.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Larger by `margin` on every side.
    pub fn grown(&self, margin: f64) -> Self {
        Self::new(self.left - margin, self.top - margin, self.right + margin, self.bottom + margin)
    }

    /// The same size, dx to the right and dy down.
    pub fn moved(&self, dx: f64, dy: f64) -> Self {
        Self::new(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)
    }

    /// Whether a point lies in it, edges included.
    pub fn contains(&self, (x, y): (f64, f64)) -> bool {
        x >= self.left && x <= self.right && y >= self.top && y <= self.bottom
    }

    /// Whether it lies within another, edges included.
    pub fn within(&self, other: &Self) -> bool {
        self.left >= other.left && self.right <= other.right && self.top >= other.top && self.bottom <= other.bottom
    }

    /// Whether the two share an area.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// The nearest point of the rectangle.
    pub fn clamp(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (x.clamp(self.left, self.right), y.clamp(self.top, self.bottom))
    }
}

/// The part of a segment that lies in a rectangle (Liang and Barsky 1984), `None` if there is none.
pub fn clip_segment(from: (f64, f64), to: (f64, f64), area: &Rect) -> Option<((f64, f64), (f64, f64))> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut first, mut last) = (0.0_f64, 1.0_f64);
    for (step, room) in
        [(-dx, from.0 - area.left), (dx, area.right - from.0), (-dy, from.1 - area.top), (dy, area.bottom - from.1)]
    {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            first = first.max(room / step);
        } else {
            last = last.min(room / step);
        }
    }
    let at = |share: f64| (from.0 + share * dx, from.1 + share * dy);
    // Unmoved ends keep their bits, so that the pieces of a line join.
    let start = if first == 0.0 { from } else { at(first) };
    let end = if last == 1.0 { to } else { at(last) };
    (first <= last).then_some((start, end))
}

/// A polygon cut to a rectangle (Sutherland and Hodgman 1974).
pub fn clip_polygon(points: &[(f64, f64)], area: &Rect) -> Vec<(f64, f64)> {
    // Each side as the sign and the bound of one coordinate.
    let sides: [(bool, f64, f64); 4] =
        [(true, 1.0, area.left), (true, -1.0, -area.right), (false, 1.0, area.top), (false, -1.0, -area.bottom)];
    let mut polygon = points.to_vec();
    for (horizontal, sign, bound) in sides {
        let depth = |point: (f64, f64)| sign * if horizontal { point.0 } else { point.1 } - bound;
        let mut kept = Vec::with_capacity(polygon.len() + 4);
        let mut previous = polygon.last().copied();
        for point in polygon {
            if let Some(before) = previous {
                let (outside, inside) = (depth(before), depth(point));
                if (outside < 0.0) != (inside < 0.0) {
                    let share = outside / (outside - inside);
                    kept.push((before.0 + share * (point.0 - before.0), before.1 + share * (point.1 - before.1)));
                }
            }
            if depth(point) >= 0.0 {
                kept.push(point);
            }
            previous = Some(point);
        }
        polygon = kept;
    }
    polygon
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Rect = Rect { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };

    #[test]
    fn a_segment_is_cut_at_both_sides() {
        assert_eq!(clip_segment((-1.0, 0.5), (3.0, 0.5), &UNIT), Some(((0.0, 0.5), (1.0, 0.5))));
        assert_eq!(clip_segment((-1.0, 2.0), (3.0, 2.0), &UNIT), None);
        assert_eq!(clip_segment((0.5, 0.5), (0.5, 0.5), &UNIT), Some(((0.5, 0.5), (0.5, 0.5))));
    }

    #[test]
    fn a_polygon_around_the_rectangle_becomes_the_rectangle() {
        let cut = clip_polygon(&[(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)], &UNIT);
        assert!(cut.iter().all(|point| UNIT.contains(*point)));
        assert_eq!(cut.len(), 4);
        assert!(clip_polygon(&[(2.0, 2.0), (3.0, 2.0), (3.0, 3.0)], &UNIT).is_empty());
    }
}
