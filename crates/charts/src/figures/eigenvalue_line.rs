//! The spectrum on a number line: the eigenvalues are handles to drag, over the zones where powers shrink and grow.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Dash, Handle, Mark, Marker, Moves, Panel, Scene, Series, Tone};

/// Registry entry.
pub const SPEC: FigureSpec = FigureSpec { slug: "eigenvalue-line", title: "The eigenvalues of M", aspect: 4.2, scene };

/// Handles nearer than this on the line stand one above the other.
const CROWDED: f64 = 0.11;

fn scene(model: &Model) -> Scene {
    let eigenvalues = &model.matrix().eigenvalues;
    let view = model.view();
    let reach = eigenvalues.iter().fold(view.largest_eigenvalue * 1.08, |reach, lambda| reach.max(lambda.abs()));
    let mut panel = Panel::new(Axis::linear("eigenvalue λ", -reach, reach), Axis::linear("", -1.0, 1.0).hidden());
    let zone = |x: (f64, f64), label: &str, tone| Mark::Zone {
        x,
        y: (f64::NEG_INFINITY, f64::INFINITY),
        label: label.to_owned(),
        tone,
    };
    // Two lines, because the zone is narrow on a phone.
    for (y, label) in [((0.0, f64::INFINITY), "grows"), ((f64::NEG_INFINITY, 0.0), "flips sign")] {
        let (x, label, tone) = ((f64::NEG_INFINITY, -1.0), label.to_owned(), Tone::Exploding);
        panel.marks.push(Mark::Zone { x, y, label, tone });
    }
    panel.marks.push(zone((-1.0, 1.0), "shrinks", Tone::Vanishing));
    panel.marks.push(zone((1.0, f64::INFINITY), "grows", Tone::Exploding));
    for x in [-1.0, 1.0] {
        panel.marks.push(Mark::Vertical { x, label: String::new(), tone: Tone::Preserved, dash: Dash::Solid });
    }
    panel.marks.push(Mark::Horizontal { y: 0.0, label: String::new(), tone: Tone::Muted, dash: Dash::Solid });
    let points = eigenvalues.iter().map(|lambda| (*lambda, 0.0)).collect();
    panel.marks.push(Mark::Series(Series::markers("", Tone::Ink, Marker::Dot, points)));
    let places: Vec<f64> = view.eigenvalue_keys.iter().map(|(_, value)| value + view.shift).collect();
    let numbers = numbers(&places);
    for (i, ((key, _), level)) in view.eigenvalue_keys.iter().zip(levels(&places)).enumerate() {
        let moves =
            if view.shift == 0.0 { Moves::X((*key).to_owned()) } else { Moves::XLess((*key).to_owned(), view.shift) };
        let name = format!("λ{}", format::subscript(numbers[i]));
        let slider = if numbers[i] == i + 1 { String::new() } else { format!(", slider {}", i + 1) };
        let below = if level < 0.0 { -0.42 } else { 0.42 };
        panel.marks.push(Mark::Text { at: (places[i], level + below), text: name.clone(), tone: Tone::Ink, anchor: 0 });
        panel.handles.push(Handle {
            at: (places[i], level),
            moves,
            label: format!("{name} = {}{slider}", format::short(places[i])),
            tone: Tone::of_factor(places[i].abs(), 0.0),
        });
    }
    Scene { panels: vec![panel], summary: summary(eigenvalues), remark: remark(eigenvalues, &places) }
}

/// The number of each eigenvalue by falling size, from 1, as the text and the other figures count; of equal sizes the
/// first slider comes first.
fn numbers(places: &[f64]) -> Vec<usize> {
    let before =
        |i: usize, j: usize| places[j].abs() > places[i].abs() || (places[j].abs() == places[i].abs() && j < i);
    (0..places.len()).map(|i| 1 + (0..places.len()).filter(|j| before(i, *j)).count()).collect()
}

/// Heights on the picture such that neighbours do not cover each other.
fn levels(places: &[f64]) -> Vec<f64> {
    const HEIGHTS: [f64; 4] = [0.0, -0.45, 0.35, -0.8];
    let mut levels: Vec<f64> = Vec::with_capacity(places.len());
    for (i, place) in places.iter().enumerate() {
        let taken = |height: f64| (0..i).any(|j| levels[j] == height && (places[j] - place).abs() < CROWDED);
        levels.push(HEIGHTS.into_iter().find(|height| !taken(*height)).unwrap_or(0.0));
    }
    levels
}

fn summary(eigenvalues: &[f64]) -> String {
    let count = |of: fn(f64) -> bool| eigenvalues.iter().filter(|lambda| of(lambda.abs())).count();
    let listed: Vec<String> = eigenvalues.iter().take(8).map(|lambda| format::short(*lambda)).collect();
    let more = if eigenvalues.len() > 8 { format!(" and {} more", eigenvalues.len() - 8) } else { String::new() };
    format!(
        "Eigenvalues of M on a number line: {}{more}. {} grow, {} keep their size, {} shrink.",
        listed.join(", "),
        count(|size| size > 1.0),
        count(|size| size == 1.0),
        count(|size| size < 1.0),
    )
}

fn remark(eigenvalues: &[f64], places: &[f64]) -> String {
    if eigenvalues.iter().all(|lambda| *lambda == 0.0) {
        return "M = 0: every power from k = 1 on is zero, and no direction is defined.".to_owned();
    }
    let more = if eigenvalues.len() > places.len() { ", dots cannot" } else { "" };
    let mut words = format!("Circles can be dragged{more}.");
    let numbers = numbers(places);
    if !numbers.is_sorted() {
        let sliders = (1..=numbers.len()).filter_map(|number| numbers.iter().position(|found| *found == number));
        let sliders: Vec<String> = sliders.map(|slider| (slider + 1).to_string()).collect();
        words += &format!(" λᵢ goes by size: sliders {}.", sliders.join(", "));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{levels, numbers};

    #[test]
    fn crowded_handles_stand_at_different_heights() {
        let found = levels(&[1.0, 1.02, 1.05, -0.5]);
        assert!(found[0] != found[1] && found[1] != found[2] && found[0] != found[2]);
        assert_eq!(found[3], 0.0);
    }

    #[test]
    fn eigenvalues_are_numbered_by_size_and_of_equal_ones_the_first_slider_comes_first() {
        assert_eq!(numbers(&[1.05, 0.9, -0.7, 0.4, -0.9, -0.8]), [1, 2, 5, 6, 3, 4]);
        assert_eq!(numbers(&[0.0, 0.0, -2.0]), [2, 3, 1]);
    }
}
