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
    panel.marks.push(zone((f64::NEG_INFINITY, -1.0), "grows, flips sign", Tone::Exploding));
    panel.marks.push(zone((-1.0, 1.0), "shrinks", Tone::Vanishing));
    panel.marks.push(zone((1.0, f64::INFINITY), "grows", Tone::Exploding));
    for x in [-1.0, 1.0] {
        panel.marks.push(Mark::Vertical { x, label: String::new(), tone: Tone::Preserved, dash: Dash::Solid });
    }
    panel.marks.push(Mark::Horizontal { y: 0.0, label: String::new(), tone: Tone::Muted, dash: Dash::Solid });
    let points = eigenvalues.iter().map(|lambda| (*lambda, 0.0)).collect();
    panel.marks.push(Mark::Series(Series::markers("", Tone::Ink, Marker::Dot, points)));
    let places: Vec<f64> = view.eigenvalue_keys.iter().map(|(_, value)| value + view.shift).collect();
    for (i, ((key, _), level)) in view.eigenvalue_keys.iter().zip(levels(&places)).enumerate() {
        let moves =
            if view.shift == 0.0 { Moves::X((*key).to_owned()) } else { Moves::XLess((*key).to_owned(), view.shift) };
        let name = format!("λ{}", format::subscript(i + 1));
        let below = if level < 0.0 { -0.42 } else { 0.42 };
        panel.marks.push(Mark::Text { at: (places[i], level + below), text: name, tone: Tone::Ink, anchor: 0 });
        panel.handles.push(Handle {
            at: (places[i], level),
            moves,
            label: format!("λ{} = {}", format::subscript(i + 1), format::short(places[i])),
            tone: Tone::of_factor(places[i].abs(), 0.0),
        });
    }
    Scene { panels: vec![panel], summary: summary(eigenvalues), remark: remark(eigenvalues, &places) }
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
    if places.windows(2).any(|pair| matches!(pair, [one, two] if one.abs() < two.abs())) {
        let listed: Vec<String> = eigenvalues.iter().take(8).map(|lambda| format::short(*lambda)).collect();
        return format!(
            "Here the names are those of the sliders. By size the order is {}: text and other figures number them so.",
            listed.join(", ")
        );
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::levels;

    #[test]
    fn crowded_handles_stand_at_different_heights() {
        let found = levels(&[1.0, 1.02, 1.05, -0.5]);
        assert!(found[0] != found[1] && found[1] != found[2] && found[0] != found[2]);
        assert_eq!(found[3], 0.0);
    }
}
