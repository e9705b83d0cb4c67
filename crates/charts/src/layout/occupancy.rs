//! Where there is ink already: a coarse raster that keeps words off the lines.
use super::geometry::Rect;

/// Counts of drawn things on a grid of cells over a panel.
pub struct Occupancy {
    area: Rect,
    cell: f64,
    columns: usize,
    taken: Vec<bool>,
}

impl Occupancy {
    /// An empty raster with square cells of a size.
    pub fn new(area: Rect, cell: f64) -> Self {
        let cell = cell.max(1.0).max(area.width().max(area.height()) / 512.0);
        let columns = (area.width() / cell) as usize + 1;
        let rows = (area.height() / cell) as usize + 1;
        Self { area, cell, columns, taken: vec![false; columns * rows] }
    }

    /// Marks the cells under a point.
    pub fn add_point(&mut self, point: (f64, f64)) {
        if !self.area.contains(point) {
            return;
        }
        let index = self.index(point);
        if let Some(cell) = self.taken.get_mut(index) {
            *cell = true;
        }
    }

    /// Marks the cells under a line.
    pub fn add_line(&mut self, from: (f64, f64), to: (f64, f64)) {
        let longest = (to.0 - from.0).abs().max((to.1 - from.1).abs());
        let steps = (longest / self.cell).ceil().clamp(1.0, 4_096.0);
        for step in 0..=steps as usize {
            let share = step as f64 / steps;
            self.add_point((from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1)));
        }
    }

    /// The number of marked cells that an area touches.
    pub fn count(&self, area: &Rect) -> usize {
        if !area.overlaps(&self.area) {
            return 0;
        }
        let (left, top) = self.area.clamp((area.left, area.top));
        let (right, bottom) = self.area.clamp((area.right, area.bottom));
        let (first, last) = (self.index((left, top)), self.index((right, bottom)));
        let columns = self.columns.max(1);
        (first / columns..=last / columns)
            .map(|row| {
                (first % columns..=last % columns)
                    .filter(|column| self.taken.get(row * columns + column).copied().unwrap_or(false))
                    .count()
            })
            .sum()
    }

    fn index(&self, (x, y): (f64, f64)) -> usize {
        let column = ((x - self.area.left) / self.cell) as usize;
        let row = ((y - self.area.top) / self.cell) as usize;
        row * self.columns + column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_where_it_runs_and_nowhere_else() {
        let mut ink = Occupancy::new(Rect::new(0.0, 0.0, 100.0, 100.0), 5.0);
        ink.add_line((0.0, 0.0), (100.0, 100.0));
        assert!(ink.count(&Rect::new(40.0, 40.0, 60.0, 60.0)) >= 4);
        assert_eq!(ink.count(&Rect::new(60.0, 10.0, 90.0, 30.0)), 0);
    }
}
