//! The eigenvalues of W_hh in the complex plane with the unit circle; chosen ones can be dragged, pairs stay pairs.
use super::spec::FigureSpec;
use super::unit_circle::circle;
use crate::format;
use crate::model::Model;
use crate::over_time;
use crate::scene::{Axis, Dash, Handle, Mark, Marker, Moves, Panel, Scene, Series, Tone};
use vanishing_core::math;
use vanishing_core::order::order_by;
use vanishing_core::recurrent::Ingredient;
use vanishing_core::studies::recurrence::{BlockStudy, LARGEST_WHOLE};

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "spectrum", title: "The eigenvalues of the recurrent matrix", aspect: 1.25, scene };

/// Half the side of the picture where eigenvalues can be dragged; elsewhere it is at least the second number.
const REACH: (f64, f64) = (1.58, 1.25);
/// The circle of σ_1 is drawn up to so many times the reach of the eigenvalues.
const WIDEST: f64 = 1.7;
/// Below this reach the ticks are halves, thinned to whole numbers where room is short.
const TICKED: f64 = 2.2;
/// Nearer to the unit circle than this is on it.
const ON_CIRCLE: f64 = 1e-9;

fn scene(model: &Model) -> Scene {
    let blocks = &model.recurrence().blocks;
    if blocks.iter().all(|block| block.eigenvalues.is_empty() && block.spectral_radius.is_nan()) {
        return unknown();
    }
    let handles = handles(model);
    let (reach, norm) = reach(blocks, !handles.is_empty());
    let mut panel = Panel::new(Axis::linear("Re λ", -reach, reach), Axis::linear("Im λ", -reach, reach));
    panel.equal_units = true;
    if reach < TICKED {
        let ticks = || (-4..=4).map(|i| f64::from(i) / 2.0).map(|x| (x, format::tick(x, 0.5))).collect();
        (panel.x.ticks, panel.y.ticks) = (Some(ticks()), Some(ticks()));
    }
    ground(&mut panel, reach, norm);
    if model.network().recurrence.hidden_size > LARGEST_WHOLE {
        add_radii(&mut panel, blocks);
    }
    match &blocks[..] {
        [block] => add_plain(&mut panel, block),
        [block, ..] if chosen(model) => add_shared(&mut panel, block, blocks),
        blocks => add_gates(&mut panel, blocks),
    }
    add_conjugates(&mut panel, &handles);
    panel.handles = handles;
    Scene { panels: vec![panel], summary: summary(model), remark: over_time::of_part(model, remark(model, norm)) }
}

/// Of a large network from a file, as long as its eigenvalues are not computed.
fn unknown() -> Scene {
    let mut panel = Panel::new(Axis::linear("Re λ", -REACH.1, REACH.1), Axis::linear("Im λ", -REACH.1, REACH.1));
    panel.equal_units = true;
    ground(&mut panel, REACH.1, None);
    let text = "not computed yet".to_owned();
    panel.marks.push(Mark::Text { at: (0.0, 0.0), text, tone: Tone::Muted, anchor: 0 });
    let summary = "Eigenvalues of the recurrent matrix in the complex plane: they are not computed yet.".to_owned();
    Scene { panels: vec![panel], summary, remark: String::new() }
}

/// Half the side of the picture, and σ_1 if its circle fits.
fn reach(blocks: &[BlockStudy], dragged: bool) -> (f64, Option<f64>) {
    let radius = blocks.iter().map(|block| block.spectral_radius).fold(0.0, f64::max);
    let norm = blocks.iter().map(|block| block.spectral_norm).fold(0.0, f64::max);
    let least = if dragged { REACH.0 } else { REACH.1 };
    // Under a hand the edge stays where it is, or a handle at it would run away.
    let reach = least.max(if dragged { radius } else { radius * 1.08 });
    if dragged || norm > reach * WIDEST {
        return (reach, (norm <= reach * 0.98).then_some(norm));
    }
    (reach.max(norm * 1.08), Some(norm))
}

/// The axes, the unit circle, the circle of σ_1.
fn ground(panel: &mut Panel, reach: f64, norm: Option<f64>) {
    panel.marks.push(Mark::Horizontal { y: 0.0, label: String::new(), tone: Tone::Muted, dash: Dash::Dotted });
    panel.marks.push(Mark::Vertical { x: 0.0, label: String::new(), tone: Tone::Muted, dash: Dash::Dotted });
    panel.marks.push(Mark::Outline { points: circle(), tone: Tone::Preserved, opacity: 0.07, dash: Dash::Solid });
    let on_circle = |radius: f64, degrees: f64, text: String, tone: Tone| {
        let angle = degrees * math::PI / 180.0;
        let out = radius + reach * 0.05;
        Mark::Text { at: (out * math::cos(angle), out * math::sin(angle)), text, tone, anchor: 1 }
    };
    if let Some(norm) = norm.filter(|norm| *norm > 0.02 && (norm - 1.0).abs() > 0.02) {
        let points = circle().into_iter().map(|(x, y)| (x * norm, y * norm)).collect();
        panel.marks.push(Mark::Outline { points, tone: Tone::Muted, opacity: 0.0, dash: Dash::Dashed });
        panel.marks.push(on_circle(norm, -42.0, format!("σ₁ = {}", format::short(norm)), Tone::Muted));
    }
    panel.marks.push(on_circle(1.0, 50.0, "|λ| = 1".to_owned(), Tone::Preserved));
}

/// The eigenvalues of a plain cell by what their powers do.
fn add_plain(panel: &mut Panel, block: &BlockStudy) {
    let kinds = [
        ("|λ| < 1: shrinks", Tone::Vanishing, Marker::Dot),
        ("|λ| = 1: keeps its size", Tone::Preserved, Marker::Square),
        ("|λ| > 1: grows", Tone::Exploding, Marker::Triangle),
    ];
    for (name, tone, marker) in kinds {
        let of_kind = |(re, im): &&(f64, f64)| Tone::of_factor(math::hypot(*re, *im), ON_CIRCLE) == tone;
        let points: Vec<(f64, f64)> = block.eigenvalues.iter().filter(of_kind).copied().collect();
        if !points.is_empty() {
            let mut series = Series::markers(name, tone, marker, points);
            series.marker = Some((marker, 3.6));
            panel.marks.push(Mark::Series(series));
        }
    }
}

/// The circles of the largest |λ| of a matrix that is too large for all of its eigenvalues, and both numbers where the circles meet
/// the axis.
fn add_radii(panel: &mut Panel, blocks: &[BlockStudy]) {
    for (place, block) in blocks.iter().enumerate() {
        let (tone, of) = match blocks.len() {
            1 => (Tone::of_factor(block.spectral_radius, ON_CIRCLE), String::new()),
            _ => (Tone::Series(place), format!(", gate {}", block.symbol)),
        };
        let points =
            circle().into_iter().map(|(x, y)| (x * block.spectral_radius, y * block.spectral_radius)).collect();
        panel.marks.push(Mark::Outline { points, tone, opacity: 0.0, dash: Dash::Solid });
        for (name, size) in [("largest |λ|", block.spectral_radius), ("σ₁", block.spectral_norm)] {
            let marker = Series::markers(format!("{name}{of}"), tone, Marker::Plus, vec![(size, 0.0)]);
            panel.marks.push(Mark::Series(marker.unlabelled()));
        }
    }
}

/// Whether the eigenvalues are chosen by hand.
fn chosen(model: &Model) -> bool {
    let config = &model.network().recurrence;
    config.opened.is_none() && (config.kind.uses(Ingredient::Pairs) || config.kind.uses(Ingredient::Eigenvalues))
}

/// The eigenvalues that all gates share.
fn add_shared(panel: &mut Panel, block: &BlockStudy, blocks: &[BlockStudy]) {
    let symbols: Vec<&str> = blocks.iter().map(|block| block.symbol).collect();
    let name = format!("gates {}", symbols.join(", "));
    let mut series = Series::markers(name, Tone::Series(0), Marker::Dot, block.eigenvalues.clone());
    series.marker = Some((Marker::Dot, 3.6));
    panel.marks.push(Mark::Series(series));
}

/// The eigenvalues of each gate's block. Larger open shapes come first, so that equal places show all of them.
fn add_gates(panel: &mut Panel, blocks: &[BlockStudy]) {
    const SHAPES: [(Marker, f64); 4] =
        [(Marker::Ring, 5.4), (Marker::Square, 3.8), (Marker::Plus, 4.0), (Marker::Cross, 4.0)];
    for (place, (block, (marker, size))) in blocks.iter().zip(SHAPES.into_iter().cycle()).enumerate() {
        let points = block.eigenvalues.clone();
        if points.is_empty() {
            continue;
        }
        let mut series = Series::markers(format!("gate {}", block.symbol), Tone::Series(place), marker, points);
        series.marker = Some((marker, size));
        panel.marks.push(Mark::Series(series));
    }
}

/// The other one of each pair that is dragged.
fn add_conjugates(panel: &mut Panel, handles: &[Handle]) {
    let pairs = handles.iter().filter(|handle| matches!(handle.moves, Moves::Both(..)));
    let conjugates: Vec<(f64, f64)> = pairs.map(|handle| (handle.at.0, -handle.at.1)).collect();
    if !conjugates.is_empty() {
        let mut ring = Series::markers("", Tone::Ink, Marker::Ring, conjugates);
        ring.marker = Some((Marker::Ring, 5.0));
        // Under the dots of the eigenvalues themselves.
        let place = panel.marks.iter().position(|mark| matches!(mark, Mark::Series(_))).unwrap_or(panel.marks.len());
        panel.marks.insert(place, Mark::Series(ring));
    }
}

/// What can be dragged: chosen eigenvalues, where they are the eigenvalues of W.
fn handles(model: &Model) -> Vec<Handle> {
    let config = &model.network().recurrence;
    if config.opened.is_some() {
        return Vec::new();
    }
    if config.kind.uses(Ingredient::Pairs) {
        pairs(model)
    } else if config.kind.uses(Ingredient::Eigenvalues) {
        reals(model)
    } else {
        Vec::new()
    }
}

/// The pairs; in an odd number of dimensions the smallest of them stands for one real eigenvalue.
fn pairs(model: &Model) -> Vec<Handle> {
    let n = model.network().recurrence.hidden_size;
    let keys = &model.view().pair_keys;
    let sizes: Vec<f64> = keys.iter().map(|(.., (re, im))| math::hypot(*re, *im)).collect();
    let needed = n.div_ceil(2);
    largest(&sizes, needed)
        .into_iter()
        .enumerate()
        .filter_map(|(rank, index)| {
            let (re_key, im_key, (re, im)) = keys.get(index)?;
            let alone = n % 2 == 1 && rank + 1 == needed;
            let (at, moves) = if alone {
                ((*re, 0.0), Moves::X((*re_key).to_owned()))
            } else {
                ((*re, *im), Moves::Both((*re_key).to_owned(), (*im_key).to_owned()))
            };
            let label = if alone || *im == 0.0 {
                format!("λ = {}{}", format::short(*re), if alone { "" } else { ", twice" })
            } else {
                format!(
                    "λ = {} ± {} i, size {}",
                    format::short(*re),
                    format::short(im.abs()),
                    format::short(sizes[index])
                )
            };
            Some(Handle { at, moves, label, tone: Tone::of_factor(math::hypot(at.0, at.1), ON_CIRCLE) })
        })
        .collect()
}

/// The real eigenvalues of the symmetric matrix: of more than it has rows, the largest.
fn reals(model: &Model) -> Vec<Handle> {
    let view = model.view();
    let places: Vec<f64> = view.eigenvalue_keys.iter().map(|(_, value)| value + view.shift).collect();
    let sizes: Vec<f64> = places.iter().map(|place| place.abs()).collect();
    let used = largest(&sizes, model.network().recurrence.hidden_size);
    let handle = |(number, index): (usize, usize)| {
        let (key, _) = view.eigenvalue_keys.get(index)?;
        let place = *places.get(index)?;
        let key = (*key).to_owned();
        Some(Handle {
            at: (place, 0.0),
            moves: if view.shift == 0.0 { Moves::X(key) } else { Moves::XLess(key, view.shift) },
            label: format!("λ{} = {}", format::subscript(number + 1), format::short(place)),
            tone: Tone::of_factor(place.abs(), ON_CIRCLE),
        })
    };
    used.into_iter().enumerate().filter_map(handle).collect()
}

/// The places of the `count` largest sizes, by falling size.
fn largest(sizes: &[f64], count: usize) -> Vec<usize> {
    let order = order_by(sizes.len(), &|a, b| match (sizes.get(b), sizes.get(a)) {
        (Some(b), Some(a)) => b.total_cmp(a),
        _ => std::cmp::Ordering::Equal,
    });
    order.into_iter().take(count).collect()
}

fn summary(model: &Model) -> String {
    if model.network().recurrence.hidden_size > LARGEST_WHOLE {
        return summary_of_large(model);
    }
    let described = model.recurrence().blocks.iter().map(|block| {
        let outside = block.eigenvalues.iter().filter(|(re, im)| math::hypot(*re, *im) > 1.0 + ON_CIRCLE).count();
        let of = if model.recurrence().blocks.len() > 1 { format!("gate {}: ", block.symbol) } else { String::new() };
        format!(
            "{of}{outside} of {} eigenvalues outside the unit circle, spectral radius {}, largest singular value {}",
            block.eigenvalues.len(),
            format::short(block.spectral_radius),
            format::short(block.spectral_norm),
        )
    });
    let described: Vec<String> = described.collect();
    format!("Eigenvalues of the recurrent matrix in the complex plane. {}.", described.join("; "))
}

fn summary_of_large(model: &Model) -> String {
    let described = model.recurrence().blocks.iter().map(|block| {
        let of = if model.recurrence().blocks.len() > 1 { format!("gate {}: ", block.symbol) } else { String::new() };
        format!(
            "{of}spectral radius {}, largest singular value {}",
            format::short(block.spectral_radius),
            format::short(block.spectral_norm)
        )
    });
    let described: Vec<String> = described.collect();
    format!("The largest eigenvalue of the recurrent matrix in the complex plane. {}.", described.join("; "))
}

fn remark(model: &Model, norm: Option<f64>) -> String {
    let config = &model.network().recurrence;
    let chosen = chosen(model);
    let mut sentences = Vec::new();
    if config.hidden_size > LARGEST_WHOLE {
        sentences.push(format!(
            "Of more than {LARGEST_WHOLE} units only the largest |λ| and σ₁ are found, by iteration: where many are about as large, |λ| to a hundredth."
        ));
    }
    if chosen && config.cell.gates > 1 {
        sentences.push("All gates share the chosen eigenvalues.".to_owned());
    }
    if norm.is_none() {
        let norm = model.recurrence().blocks.iter().map(|block| block.spectral_norm).fold(0.0, f64::max);
        sentences.push(format!(
            "σ₁ = {} lies outside the picture: where σ₁ is above 1, gradients may grow at first, whatever the eigenvalues say.",
            format::short(norm)
        ));
    }
    sentences.join(" ")
}
