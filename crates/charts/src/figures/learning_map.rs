//! What can be learned, over sequence length and spectral radius: what came of a short run at each point.
//!
//! ```text
//! dashed   |λ₁|^T = 10^∓3 at ρ = 10^(∓3/T); dotted, where it is elsewhere, σ₁^T = 10^∓3 at ρ = 10^(∓3/T) |λ₁|/σ₁
//! solid    the measured ‖dL/dh_0‖ / ‖dL/dh_T‖ is 10^∓3
//! ```
use super::spec::FigureSpec;
use crate::learning_map::{LearningMap, Side};
use crate::model::Model;
use crate::scene::{Axis, Dash, Mark, Marker, Panel, Press, Scene, Series, Shades, Tone};
use vanishing_core::math;
use vanishing_core::training::map::{self, COLUMNS, LENGTHS, Point, RADII, ROWS};

/// Registry entry.
pub const SPEC: FigureSpec = FigureSpec { slug: "learning-map", title: "What can be learned", aspect: 1.9, scene };

/// Decades at which a gradient has vanished or exploded.
const DECADES: f64 = 3.0;

/// In the order of [`map::Outcome::ALL`].
const KINDS: &[(Tone, &str)] = &[
    (Tone::Preserved, "learned"),
    (Tone::Vanishing, "not learned: vanished"),
    (Tone::Exploding, "not learned: exploded"),
    (Tone::Ink, "diverged"),
];
const MARKERS: [Marker; 4] = [Marker::Dot, Marker::Minus, Marker::Plus, Marker::Cross];

/// T of each column, as a press sets it.
const COLUMN_VALUES: [f64; COLUMNS] = {
    let mut values = [0.0; COLUMNS];
    let mut i = 0;
    while i < COLUMNS {
        values[i] = LENGTHS[i] as f64;
        i += 1;
    }
    values
};

const PRESS: Press = Press { columns: ("sequence-length", &COLUMN_VALUES), rows: ("spectral-radius", &RADII) };

fn scene(model: &Model) -> Scene {
    let map = &model.laboratory().map;
    let panels: Vec<Panel> = map.sides.iter().map(|side| panel(side, map)).collect();
    let words = map.words();
    let (summary, remark) = if words.is_empty() {
        ("Nothing is known yet of the map of these settings.".to_owned(), String::new())
    } else {
        (
            words,
            "Dot: learned. Not learned: − the gradient vanished, + it exploded; × diverged. Fainter, without a mark: as its neighbours. \
             Dashed: |λ₁|ᵀ is 10⁻³ below, 10³ above (dotted: σ₁ᵀ). Solid: the measured gradient is."
                .to_owned(),
        )
    };
    let summary = format!("What is learned, over sequence length and spectral radius. {summary}");
    Scene { panels: if panels.is_empty() { vec![empty()] } else { panels }, summary, remark }
}

fn empty() -> Panel {
    let mut x = Axis::linear("sequence length T", 0.0, COLUMNS as f64);
    x.ticks = Some(LENGTHS.iter().enumerate().map(|(i, length)| (i as f64 + 0.5, length.to_string())).collect());
    let mut y = Axis::linear("spectral radius ρ", 0.0, ROWS as f64);
    y.ticks = Some(RADII.iter().enumerate().map(|(i, radius)| (i as f64 + 0.5, radius.to_string())).collect());
    let mut panel = Panel::new(x, y);
    panel.press = Some(PRESS);
    panel
}

fn panel(side: &Side, map: &LearningMap) -> Panel {
    let mut panel = empty();
    panel.title.clone_from(&side.name);
    if side.count().0 == 0 {
        let text = "Press Start to train it.".to_owned();
        let at = (COLUMNS as f64 / 2.0, ROWS as f64 / 2.0);
        panel.marks.push(Mark::Text { at, text, tone: Tone::Muted, anchor: 0 });
    } else {
        cells(&mut panel, side);
        lines(&mut panel, side);
    }
    let (width, height) = (COLUMNS as f64, ROWS as f64);
    let here = map.here.map(LearningMap::place);
    if let Some(at) = here.filter(|(x, y)| (0.0..=width).contains(x) && (0.0..=height).contains(y)) {
        let mut ring = Series::markers("", Tone::Ink, Marker::Ring, vec![at]);
        ring.marker = Some((Marker::Ring, 7.0));
        panel.marks.push(Mark::Series(ring));
    }
    panel
}

/// A colour for each cell, and a mark for each that is known.
fn cells(panel: &mut Panel, side: &Side) {
    let mut marked: [Vec<(f64, f64)>; 4] = Default::default();
    let mut values = Vec::new();
    for row in (0..ROWS).rev() {
        for column in 0..COLUMNS {
            let nearest = map::nearest(&side.known, Point { row, column });
            values.push(nearest.map_or(f64::NAN, |(outcome, own)| {
                let kind = outcome as usize;
                if own {
                    marked[kind].push((column as f64 + 0.5, row as f64 + 0.5));
                }
                kind as f64 + if own { 0.0 } else { 0.25 }
            }));
        }
    }
    let name = "outcome (0 learned, 1 vanished, 2 exploded, 3 diverged)".to_owned();
    let shades = Shades::Kinds(KINDS);
    panel.marks.push(Mark::Heatmap {
        name,
        rows: ROWS,
        columns: COLUMNS,
        values,
        shades,
        limit: 1.0,
        words: Vec::new(),
    });
    for (points, marker) in marked.into_iter().zip(MARKERS) {
        let mut series = Series::markers("", Tone::Ink, marker, points);
        series.marker = Some((marker, if marker == Marker::Dot { 1.5 } else { 2.5 }));
        panel.marks.push(Mark::Series(series));
    }
}

/// Where the theory's powers and the measured gradient cross 10^-3 and 10^3.
fn lines(panel: &mut Panel, side: &Side) {
    let mut add = |points, dash, width| {
        let mut line = Series::line("", Tone::Ink, points);
        line.line = Some((dash, width));
        panel.marks.push(Mark::Series(line));
    };
    for decades in [-DECADES, DECADES] {
        if let Some(ratio) = side.norm_beside_radius() {
            let of = |ratio: f64| {
                let points = (0..=4 * (COLUMNS - 1)).map(|i| {
                    let (shortest, longest) = (COLUMN_VALUES[0], COLUMN_VALUES[COLUMNS - 1]);
                    let share = i as f64 / (4 * (COLUMNS - 1)) as f64;
                    let length = shortest * math::exp(share * math::ln(longest / shortest));
                    LearningMap::place((math::exp(math::LN_10 * decades / length) / ratio, length))
                });
                points.filter(|(_, y)| (0.0..=ROWS as f64).contains(y)).collect()
            };
            add(of(1.0), Dash::Dashed, 1.5);
            if ratio > 1.001 {
                add(of(ratio), Dash::Dotted, 1.5);
            }
        }
        add(measured(side, decades), Dash::Solid, 2.0);
    }
}

/// The line on which log10 of the measured gradient has that value: a piece in each square of four neighbours that it crosses,
/// with an undefined point behind it.
fn measured(side: &Side, level: f64) -> Vec<(f64, f64)> {
    /// What is left of nothing.
    const NOTHING: f64 = -40.0;
    let value = |row: usize, column: usize| {
        let found = side.known.get(Point { row, column }.index()).copied().flatten();
        found.map_or(f64::NAN, |found| found.gradient_log10.max(NOTHING))
    };
    let mut line = Vec::new();
    for (row, column) in (0..ROWS - 1).flat_map(|row| (0..COLUMNS - 1).map(move |column| (row, column))) {
        let corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)];
        let mut crossings = Vec::new();
        for side in 0..4 {
            let (one, other) = (corners[side], corners[(side + 1) % 4]);
            let (a, b) = (value(one.0, one.1) - level, value(other.0, other.1) - level);
            if (a < 0.0) != (b < 0.0) && !(a - b).is_nan() {
                let along = |one: usize, other: usize| one as f64 + 0.5 + (other as f64 - one as f64) * a / (a - b);
                crossings.push((along(one.1, other.1), along(one.0, other.0)));
            }
        }
        for pair in crossings.chunks_exact(2) {
            line.extend_from_slice(pair);
            line.push((f64::NAN, f64::NAN));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanishing_core::param::Settings;
    use vanishing_core::training::map::{Found, Outcome};

    #[test]
    fn the_measured_line_lies_where_the_gradient_has_that_value() {
        let mut side = Side::new(String::new(), String::new(), Settings::default());
        for (index, known) in side.known.iter_mut().enumerate() {
            let point = Point::new(index);
            let gradient_log10 = point.row as f64 - 7.25;
            *known = Some(Found { outcome: Outcome::Learned, gradient_log10, accuracy: 1.0 });
        }
        let line = measured(&side, -3.0);
        assert_eq!(line.len(), 3 * (COLUMNS - 1));
        let defined = line.iter().filter(|(x, _)| !x.is_nan());
        assert!(defined.clone().all(|(_, y)| (y - 0.5 - 4.25).abs() < 1e-12) && defined.count() > 0);
        assert_eq!(measured(&side, 30.0), []);
    }

    #[test]
    fn a_press_sets_what_stands_on_the_axes_and_kinds_are_the_outcomes() {
        assert_eq!(PRESS.at((2.9, 15.0)), [("sequence-length", 7.0), ("spectral-radius", 3.0)]);
        assert_eq!(PRESS.at((-1.0, 99.0)), [("sequence-length", 5.0), ("spectral-radius", 3.0)]);
        for (outcome, (_, words)) in Outcome::ALL.into_iter().zip(KINDS) {
            assert_eq!(outcome.words(), *words);
        }
    }
}
