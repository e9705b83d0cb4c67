//! Which point of a map comes next: a coarse picture first, then where neighbours differ, then the rest.
use super::grid::{COLUMNS, POINTS, Point, ROWS};
use super::run::{Found, Outcome};

/// Of the coarse picture every fourth row and column, and the last ones.
const COARSE: usize = 4;

fn is_coarse(point: Point) -> bool {
    let on = |place: usize, count: usize| place.is_multiple_of(COARSE) || place + 1 == count;
    on(point.row, ROWS) && on(point.column, COLUMNS)
}

/// The larger of the distances in rows and in columns.
fn distance(one: Point, other: Point) -> usize {
    one.row.abs_diff(other.row).max(one.column.abs_diff(other.column))
}

/// The least distance within which two outcomes are known; [`COARSE`] + 1 where all are alike.
fn shore(known: &[Option<Found>], point: Point) -> usize {
    let mut least = [COARSE + 1; Outcome::ALL.len()];
    for (index, found) in known.iter().enumerate() {
        if let Some(found) = found {
            let nearest = &mut least[found.outcome as usize];
            *nearest = (*nearest).min(distance(Point::new(index), point));
        }
    }
    least.sort_unstable();
    least[1]
}

/// The point that is to be found next, of those that are not known and not `taken`; `None` where there is none. The points of the
/// coarse picture come first, the short sequences before the long; then those near to two that differ.
pub fn next(known: &[Option<Found>], taken: &dyn Fn(usize) -> bool) -> Option<Point> {
    let open = (0..POINTS).filter(|index| known.get(*index).is_none_or(Option::is_none) && !taken(*index));
    open.map(Point::new).min_by_key(|point| match is_coarse(*point) {
        true => (0, point.column, point.row),
        false => (shore(known, *point), point.row, point.column),
    })
}

/// What is known nearest to a point, and whether it is the point's own.
pub fn nearest(known: &[Option<Found>], point: Point) -> Option<(Outcome, bool)> {
    let found =
        known.iter().enumerate().filter_map(|(index, found)| Some((distance(Point::new(index), point), (*found)?)));
    found.min_by_key(|(distance, _)| *distance).map(|(distance, found)| (found.outcome, distance == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coarse_picture_comes_first_then_the_shores_and_at_last_every_point_once() {
        // Learned below the diagonal.
        let truth = |point: Point| {
            let outcome = if point.row < point.column { Outcome::Learned } else { Outcome::Vanished };
            Found { outcome, gradient_log10: 0.0, accuracy: 0.5 }
        };
        let mut known = vec![None; POINTS];
        let mut order = Vec::new();
        while let Some(point) = next(&known, &|_| false) {
            known[point.index()] = Some(truth(point));
            order.push(point);
        }
        assert_eq!(order.len(), POINTS);
        let coarse = (0..POINTS).filter(|index| is_coarse(Point::new(*index))).count();
        assert_eq!(coarse, 5 * 6);
        assert!(order[..coarse].iter().all(|point| is_coarse(*point)) && order[0].column == 0);
        let half = &order[coarse..coarse + 100];
        assert!(half.iter().all(|point| point.row.abs_diff(point.column) <= 2 * COARSE), "{half:?}");
        let next = next(&vec![None; POINTS], &|index| index == 0);
        assert_eq!(next, Some(Point { row: 4, column: 0 }), "what is taken is left out");
    }

    #[test]
    fn an_open_point_looks_like_the_nearest_that_is_known() {
        let mut known = vec![None; POINTS];
        assert_eq!(nearest(&known, Point::new(7)), None);
        known[5] = Some(Found { outcome: Outcome::Exploded, gradient_log10: 0.0, accuracy: 0.5 });
        assert_eq!(nearest(&known, Point::new(5)), Some((Outcome::Exploded, true)));
        assert_eq!(nearest(&known, Point::new(47)), Some((Outcome::Exploded, false)));
    }
}
