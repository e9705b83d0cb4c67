//! From one scene to another: what is seen on the way, and what stays of the one that was left.
//!
//! Panels are alike if they have the same place and the same axes. In such panels marks of a kind and a name are the same
//! thing, and handles that move the same parameters. What is in one scene only has no way: it is where it ends.
use crate::scene::{Axis, Mark, Panel, Scene, Series, Tone};
use std::mem::discriminant;

/// So many lines of a panel leave a ghost, those that lie on top.
const MOST_GHOSTS: usize = 8;

/// The scene `to` with everything that is in both scenes on its way from where it is in `from`. `at` is the time that has passed,
/// from 0 (the places are those of `from`) to 1 (`to` itself); the way is fast at first and slow at its end.
///
/// Numbers that are infinite or undefined at either end have no way between: they are those of `to` from the start.
pub fn between(from: &Scene, to: &Scene, at: f64) -> Scene {
    let share = eased(at);
    let mut scene = to.clone();
    if share < 1.0 {
        for (old, panel) in from.panels.iter().zip(&mut scene.panels).filter(|(old, panel)| are_alike(old, panel)) {
            move_panel(old, panel, share);
        }
    }
    scene
}

/// The scene `to` with the lines of the scene `before` that have moved since as ghosts behind it. Reference lines, which are
/// muted, leave none.
pub fn with_ghosts(mut to: Scene, before: &Scene) -> Scene {
    for (old, panel) in before.panels.iter().zip(&mut to.panels).filter(|(old, panel)| are_alike(old, panel)) {
        panel.ghosts = ghosts(old, panel);
    }
    to
}

/// 1 - (1 - t)³.
fn eased(at: f64) -> f64 {
    if at.is_nan() {
        return 1.0;
    }
    let left = 1.0 - at.clamp(0.0, 1.0);
    1.0 - left * left * left
}

fn are_alike(one: &Panel, other: &Panel) -> bool {
    let same = |one: &Axis, other: &Axis| one.scale == other.scale && one.title == other.title;
    same(&one.x, &other.x) && same(&one.y, &other.y)
}

fn ghosts(old: &Panel, panel: &Panel) -> Vec<Vec<(f64, f64)>> {
    let moved = |(mark, before): (&Mark, Option<&Mark>)| match (mark, before) {
        (Mark::Series(now), Some(Mark::Series(before))) => {
            let leaves = !now.name.is_empty() && now.line.is_some() && before.tone != Tone::Muted;
            (leaves && !are_same(&now.points, &before.points)).then(|| before.points.clone())
        }
        _ => None,
    };
    let mut ghosts: Vec<_> = panel
        .marks
        .iter()
        .zip(counterparts(&old.marks, &panel.marks))
        .rev()
        .filter_map(moved)
        .take(MOST_GHOSTS)
        .collect();
    ghosts.reverse();
    ghosts
}

/// Whether two lines have the same points; undefined ones are equal.
fn are_same(one: &[(f64, f64)], other: &[(f64, f64)]) -> bool {
    let same = |one: f64, other: f64| one == other || one.is_nan() && other.is_nan();
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| same(a.0, b.0) && same(a.1, b.1))
}

/// For each of the new marks the old one that is the same thing. Several of a kind and a name are told apart by their order, if
/// there are as many as there were.
fn counterparts<'a>(old: &'a [Mark], new: &[Mark]) -> Vec<Option<&'a Mark>> {
    let count = |marks: &[Mark], mark: &Mark| marks.iter().filter(|other| is_same(other, mark)).count();
    let find = |(place, mark): (usize, &Mark)| {
        let earlier = count(new.get(..place).unwrap_or_default(), mark);
        let as_many = count(old, mark) == count(new, mark);
        old.iter().filter(|other| is_same(other, mark)).nth(earlier).filter(|_| as_many)
    };
    new.iter().enumerate().map(find).collect()
}

fn is_same(one: &Mark, other: &Mark) -> bool {
    let lines = |mark: &Mark| matches!(mark, Mark::Series(Series { line: Some(_), .. }));
    discriminant(one) == discriminant(other) && key(name(one)) == key(name(other)) && lines(one) == lines(other)
}

fn name(mark: &Mark) -> &str {
    match mark {
        Mark::Series(Series { name, .. })
        | Mark::Band { name, .. }
        | Mark::Bars { name, .. }
        | Mark::Intervals { name, .. }
        | Mark::Heatmap { name, .. } => name,
        Mark::Horizontal { label, .. }
        | Mark::Vertical { label, .. }
        | Mark::Zone { label, .. }
        | Mark::Arrow { label, .. } => label,
        Mark::Text { text, .. } => text,
        Mark::Outline { .. } => "",
    }
}

/// A name without the value that it says: `λ₁ = 1.05, measured` goes on as `λ₁ = 0.9, measured`.
fn key(name: &str) -> (&str, &str) {
    match name.split_once(" = ") {
        Some((what, value)) => (what, value.split_once(", ").map_or("", |(_, more)| more)),
        None => (name, ""),
    }
}

fn move_panel(old: &Panel, panel: &mut Panel, share: f64) {
    for (old, axis) in [(&old.x, &mut panel.x), (&old.y, &mut panel.y)] {
        if let (Some(old), Some(range)) = (old.range, &mut axis.range) {
            *range = point(old, *range, share);
        }
    }
    if let (Some(old), Some(cursor)) = (old.cursor, &mut panel.cursor) {
        *cursor = number(old, *cursor, share);
    }
    for handle in &mut panel.handles {
        if let Some(old) = old.handles.iter().find(|old| old.moves == handle.moves) {
            handle.at = point(old.at, handle.at, share);
        }
    }
    let counterparts = counterparts(&old.marks, &panel.marks);
    for (mark, old) in panel.marks.iter_mut().zip(counterparts) {
        if let Some(old) = old {
            move_mark(old, mark, share);
        }
    }
}

fn move_mark(old: &Mark, mark: &mut Mark, share: f64) {
    match (old, mark) {
        (Mark::Series(old), Mark::Series(series)) => {
            if old.points.len() == series.points.len() {
                points(&old.points, &mut series.points, share);
            } else if series.line.is_some() {
                heights(&old.points, &mut series.points, share);
            }
        }
        (Mark::Band { points: old, .. }, Mark::Band { points: new, .. }) => points::<_, 3>(old, new, share),
        (Mark::Bars { bars: old, .. }, Mark::Bars { bars: new, .. }) => points::<_, 3>(old, new, share),
        (Mark::Intervals { points: old, .. }, Mark::Intervals { points: new, .. }) => points::<_, 4>(old, new, share),
        (Mark::Outline { points: old, .. }, Mark::Outline { points: new, .. }) => points::<_, 2>(old, new, share),
        (Mark::Horizontal { y: old, .. }, Mark::Horizontal { y, .. }) => *y = number(*old, *y, share),
        (Mark::Vertical { x: old, .. }, Mark::Vertical { x, .. }) => *x = number(*old, *x, share),
        (Mark::Zone { x: old_x, y: old_y, .. }, Mark::Zone { x, y, .. }) => {
            *x = (number(old_x.0, x.0, share), number(old_x.1, x.1, share));
            *y = (number(old_y.0, y.0, share), number(old_y.1, y.1, share));
        }
        (Mark::Arrow { from: old_from, to: old_to, .. }, Mark::Arrow { from, to, .. }) => {
            *from = point(*old_from, *from, share);
            *to = point(*old_to, *to, share);
        }
        (Mark::Text { at: old, .. }, Mark::Text { at, .. }) => *at = point(*old, *at, share),
        (
            Mark::Heatmap { rows: old_rows, columns: old_columns, values: old, limit: old_limit, .. },
            Mark::Heatmap { rows, columns, values, limit, .. },
        ) if (old_rows, old_columns, old.len()) == (rows, columns, values.len()) => {
            for (old, value) in old.iter().zip(values) {
                *value = number(*old, *value, share);
            }
            *limit = number(*old_limit, *limit, share);
        }
        _ => {}
    }
}

fn number(from: f64, to: f64, share: f64) -> f64 {
    if from == to || !from.is_finite() || !to.is_finite() { to } else { from * (1.0 - share) + to * share }
}

/// A point whose coordinates are all finite at both ends.
fn point<T, const N: usize>(from: T, to: T, share: f64) -> T
where
    T: Copy + From<[f64; N]>,
    [f64; N]: From<T>,
{
    let (old, new): ([f64; N], [f64; N]) = (from.into(), to.into());
    if !old.iter().chain(&new).all(|x| x.is_finite()) {
        return to;
    }
    let mut now = new;
    now.iter_mut().zip(old).for_each(|(x, old)| *x = number(old, *x, share));
    now.into()
}

/// As many points as there were, each from its own place.
fn points<T, const N: usize>(from: &[T], to: &mut [T], share: f64)
where
    T: Copy + From<[f64; N]>,
    [f64; N]: From<T>,
{
    if from.len() == to.len() {
        from.iter().zip(to).for_each(|(old, new)| *new = point(*old, *new, share));
    }
}

/// The points of a line, each from the height of the old line at its x, where that runs from left to right.
fn heights(from: &[(f64, f64)], to: &mut [(f64, f64)], share: f64) {
    if !from.is_sorted_by(|one, two| one.0 < two.0) {
        return;
    }
    for (x, y) in to {
        if let Some(old) = height(from, *x) {
            *y = number(old, *y, share);
        }
    }
}

/// The height of a line that runs from left to right at an x; `None` beyond its ends and beside points that are not finite.
fn height(line: &[(f64, f64)], x: f64) -> Option<f64> {
    let after = line.partition_point(|point| point.0 < x);
    let right = line.get(after)?;
    if right.0 == x {
        return Some(right.1);
    }
    let left = line.get(after.checked_sub(1)?)?;
    let finite = left.1.is_finite() && right.1.is_finite();
    finite.then(|| number(left.1, right.1, (x - left.0) / (right.0 - left.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Handle, Moves, Shades};
    use crate::table::Table;

    fn scene(marks: Vec<Mark>) -> Scene {
        let mut panel = Panel::new(Axis::linear("k", 0.0, 10.0), Axis::log("size"));
        panel.marks = marks;
        Scene { panels: vec![panel], summary: "A line.".to_owned(), remark: String::new() }
    }

    fn line(name: &str, points: &[(f64, f64)]) -> Mark {
        Mark::Series(Series::line(name, Tone::Ink, points.to_vec()))
    }

    fn points_of(scene: &Scene, mark: usize) -> Vec<(f64, f64)> {
        match &scene.panels[0].marks[mark] {
            Mark::Series(series) => series.points.clone(),
            other => panic!("no series: {other:?}"),
        }
    }

    #[test]
    fn at_the_start_a_line_is_where_it_was_and_at_the_end_everything_is_new() {
        let from = scene(vec![line("a", &[(0.0, 0.0), (1.0, 2.0)]), line("gone", &[(0.0, 1.0)])]);
        let to = scene(vec![line("new", &[(0.0, 9.0)]), line("a", &[(0.0, 0.0), (1.0, 4.0)])]);
        let start = between(&from, &to, 0.0);
        assert_eq!(points_of(&start, 1), [(0.0, 0.0), (1.0, 2.0)]);
        assert_eq!(points_of(&start, 0), [(0.0, 9.0)], "what has no counterpart");
        let middle = points_of(&between(&from, &to, 0.5), 1)[1].1;
        assert!(middle > 3.0 && middle < 4.0, "fast at first: {middle}");
        assert_eq!(between(&from, &to, 1.0), to);
        assert_eq!(between(&from, &to, f64::NAN), to);
    }

    #[test]
    fn what_lies_in_a_gutter_is_there_from_the_start() {
        let low = f64::NEG_INFINITY;
        let from = scene(vec![line("a", &[(0.0, 0.0), (1.0, low), (2.0, 1.0), (3.0, f64::NAN)])]);
        let to = scene(vec![line("a", &[(0.0, 5.0), (1.0, 5.0), (2.0, low), (3.0, 5.0)])]);
        assert_eq!(points_of(&between(&from, &to, 0.0), 0), [(0.0, 0.0), (1.0, 5.0), (2.0, low), (3.0, 5.0)]);
    }

    #[test]
    fn a_line_of_other_points_begins_at_the_height_of_the_old_one() {
        let from = scene(vec![line("a", &[(0.0, 0.0), (2.0, 4.0)])]);
        let to = scene(vec![line("a", &[(0.0, 1.0), (1.0, 1.0), (2.0, 1.0), (3.0, 1.0)])]);
        assert_eq!(points_of(&between(&from, &to, 0.0), 0), [(0.0, 0.0), (1.0, 2.0), (2.0, 4.0), (3.0, 1.0)]);
    }

    #[test]
    fn a_name_that_says_a_value_goes_on_with_another_one() {
        let from = scene(vec![line("λ₁ = 1.05, measured", &[(0.0, 1.0)]), line("λ₁ = 1.05", &[(0.0, 2.0)])]);
        let to = scene(vec![line("λ₁ = 0.9", &[(0.0, 3.0)]), line("λ₁ = 0.9, measured", &[(0.0, 4.0)])]);
        let start = between(&from, &to, 0.0);
        assert_eq!((points_of(&start, 0), points_of(&start, 1)), (vec![(0.0, 2.0)], vec![(0.0, 1.0)]));
    }

    #[test]
    fn axes_handles_cells_and_the_marked_place_move() {
        let with = |range: f64, at: f64, cell: f64| {
            let values = vec![cell, f64::NAN];
            let name = "M".to_owned();
            let shades = Shades::Signed;
            let mut scene = scene(vec![Mark::Heatmap {
                name,
                rows: 1,
                columns: 2,
                values,
                shades,
                limit: cell,
                words: Vec::new(),
            }]);
            let panel = &mut scene.panels[0];
            panel.x.range = Some((0.0, range));
            panel.cursor = Some(at);
            let moves = Moves::X("a".to_owned());
            panel.handles.push(Handle { at: (at, 0.0), moves, label: String::new(), tone: Tone::Ink });
            scene
        };
        let start = between(&with(10.0, 1.0, 2.0), &with(20.0, 5.0, 4.0), 0.0);
        let panel = &start.panels[0];
        assert_eq!((panel.x.range, panel.cursor), (Some((0.0, 10.0)), Some(1.0)));
        assert_eq!(panel.handles[0].at, (1.0, 0.0));
        let Mark::Heatmap { values, limit, .. } = &panel.marks[0] else { panic!("no matrix") };
        assert!((values[0], *limit) == (2.0, 2.0) && values[1].is_nan());
    }

    #[test]
    fn panels_over_other_axes_have_nothing_in_common() {
        let mut from = scene(vec![line("a", &[(0.0, 0.0)])]);
        from.panels[0].y.title = "angle".to_owned();
        let to = scene(vec![line("a", &[(0.0, 1.0)])]);
        assert_eq!(between(&from, &to, 0.0), to);
        assert_eq!(with_ghosts(to.clone(), &from), to);
    }

    #[test]
    fn a_line_that_moved_leaves_a_ghost_that_is_in_no_table_no_label_and_no_range() {
        let nan = f64::NAN;
        let before = scene(vec![
            line("moved", &[(0.0, 0.0), (1.0, -50.0)]),
            line("stayed", &[(0.0, 3.0), (1.0, nan)]),
            line("", &[(0.0, 1.0)]),
            Mark::Series(Series::line("bound", Tone::Muted, vec![(0.0, 1.0)])),
        ]);
        let to = scene(vec![
            line("moved", &[(0.0, 0.0), (1.0, 2.0)]),
            line("stayed", &[(0.0, 3.0), (1.0, nan)]),
            line("", &[(0.0, 2.0)]),
            Mark::Series(Series::line("bound", Tone::Muted, vec![(0.0, 2.0)])),
        ]);
        let ghosted = with_ghosts(to.clone(), &before);
        assert_eq!(ghosted.panels[0].ghosts, [[(0.0, 0.0), (1.0, -50.0)]]);
        assert_eq!(Table::new(&ghosted).to_csv(), Table::new(&to).to_csv());
        assert_eq!(ghosted.summary, to.summary);
        let places = |scene: &Scene| {
            let style = crate::Style::new(crate::Theme::Light, 1.0);
            let layout = crate::Layout::new(scene, (600, 400), &style);
            let pick = layout.pick_at(scene, 0, 1.0);
            (layout, pick.map(|pick| pick.rows.len()))
        };
        assert_eq!(places(&ghosted), places(&to));
    }

    #[test]
    fn of_many_lines_those_on_top_leave_ghosts() {
        let many = |y: f64| scene((0..20).map(|i| line(&format!("line {i}"), &[(f64::from(i), y)])).collect());
        let ghosts = with_ghosts(many(1.0), &many(0.0)).panels[0].ghosts.clone();
        assert_eq!((ghosts.len(), ghosts[0][0].0, ghosts[7][0].0), (MOST_GHOSTS, 12.0, 19.0));
    }
}
