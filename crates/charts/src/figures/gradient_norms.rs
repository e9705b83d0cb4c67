//! ‖dL/dh_t‖ at every time step of a real backward pass, beside the slopes that the leading eigenvalue and the largest
//! singular value set; for cells with gates also what comes back through the gates alone.
//!
//! ```text
//! λ_1: what the slope of ln ‖dL/dh_t‖ tends to in a linear cell
//! σ_1: per step back a gradient grows at most by γ σ_1, γ = sup |φ'| (Pascanu, Mikolov and Bengio 2013)
//! gates alone: ‖(f_{t+1} ⊙ … ⊙ f_T) ⊙ dL/dc_T‖ of the LSTM, the same with z and dL/dh_T of the GRU
//! ```
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::over_time::{self, points, roomy, span};
use crate::scene::{Axis, Dash, Mark, Panel, Scene, Series, Tone};
use vanishing_core::math;
use vanishing_core::studies::diagnosis::Fate;
use vanishing_core::studies::gradients::Pass;
use vanishing_core::studies::stacked::MOST_DRAWN;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "gradient-norms", title: "The gradient at every time step", aspect: 1.7, scene };

/// About as wide is the name of a slope, as a share of the panel.
const NAME: f64 = 0.25;
/// How far beyond the measured curves a slope may stretch the axis, as a share of theirs.
const STRETCH: f64 = 0.3;
/// By how much the gates' own path may stretch it, as a share of theirs, and at least in decades.
const PATH_STRETCH: (f64, f64) = (1.0, 3.0);
/// Behind the name of a layer that runs backwards in time.
const BACKWARDS: &str = ", reverse";
/// Slopes that differ by less (log10 per step) are one line.
const SAME_SLOPE: f64 = 1e-6;

fn scene(model: &Model) -> Scene {
    let study = model.gradients();
    let mut panel = over_time::panel(model, over_time::BACKWARDS, Axis::log("‖∂L/∂hₜ‖"));
    let slopes = slopes(model);
    let lines = measured(model);
    let last = study.plain.state_gradient_log10().last().copied().unwrap_or(0.0);
    let path = gate_path(study.in_force());
    panel.y.range = range(&lines, path.as_ref(), last, study.steps, &slopes);
    add_slopes(&mut panel, &slopes, last, study.steps);
    panel.marks.extend(path.map(Mark::Series));
    panel.marks.extend(lines.into_iter().map(Mark::Series));
    Scene { panels: vec![panel], summary: summary(model), remark: remark(model) }
}

/// The lines of theory: name, and log10 of the factor per step back. None for cells with gates: no single matrix is
/// their way back.
fn slopes(model: &Model) -> Vec<(String, f64)> {
    let [block] = &model.recurrence().blocks[..] else { return Vec::new() };
    let bound = model.network().recurrence.cell.derivative_bound.unwrap_or(1.0);
    let (radius, norm) = (math::log10(block.spectral_radius), math::log10(bound * block.spectral_norm));
    let norm_name = if bound == 1.0 { "ln σ₁".to_owned() } else { format!("ln({} σ₁)", format::short(bound)) };
    if radius == norm || (radius - norm).abs() < SAME_SLOPE {
        return vec![(format!("slope ln|λ₁| = {norm_name}"), radius)];
    }
    vec![("slope ln|λ₁|".to_owned(), radius), (format!("bound: slope {norm_name}"), norm)]
}

/// The height of a line of theory, d steps back.
fn height(last: f64, slope: f64, d: f64) -> f64 {
    if d == 0.0 { last } else { last + slope * d }
}

/// The lines of theory, each with its name where it ends on the left.
fn add_slopes(panel: &mut Panel, slopes: &[(String, f64)], last: f64, steps: usize) {
    let length = steps as f64;
    for (index, (name, slope)) in slopes.iter().enumerate() {
        let line = (0..=steps).map(|t| (t as f64, height(last, *slope, (steps - t) as f64)));
        let line = Series::line(name.clone(), Tone::Muted, line.collect()).dashed(Dash::Dashed).unlabelled();
        let line = if index == 0 { line } else { line.faint(0.75) };
        panel.marks.push(Mark::Series(Series { line: Some((Dash::Dashed, 1.5)), ..line }));
        let Some((low, high)) = panel.y.range else { continue };
        // Where it leaves the panel going back, or at the left edge.
        let room = (high - low) * 0.06;
        let reach = match *slope {
            slope if slope > 0.0 => (high - room - last) / slope,
            slope if slope < 0.0 => (low + room - last) / slope,
            _ => length,
        };
        let (at, anchor) = if reach < length * 0.5 {
            (((length - reach - length * 0.012).max(0.0), height(last, *slope, reach)), -1)
        } else {
            let t = (length - reach).max(0.0) + length * 0.012;
            // A line that falls going back rises below its name, to the right: the name is above it all the same.
            let end = if *slope < 0.0 { (length - t - NAME * length).max(0.0) } else { length - t };
            ((t, (height(last, *slope, end) + room).min(high - room / 2.0)), 1)
        };
        panel.marks.push(Mark::Text { at, text: name.clone(), tone: Tone::Muted, anchor });
    }
}

/// What was measured: the top layer, the layers below, for cells with a cell state also that one's gradient; dotted
/// what it would be without the remedies.
fn measured(model: &Model) -> Vec<Series> {
    let study = model.gradients();
    let pass = study.in_force();
    let mut lines = Vec::new();
    let layers = &pass.backward_pass.layers;
    let below = layers.len().saturating_sub(1);
    let directions = [layers, &pass.reverse].into_iter().zip(["", BACKWARDS]);
    for (layers, direction) in directions.filter(|(layers, _)| !layers.is_empty()) {
        for (index, layer) in layers.iter().enumerate().take(below) {
            let name = format!("layer {}{direction}", index + 1);
            let mut line = Series::line(name, Tone::Series(3), points(0, &layer.hidden_gradient_log10)).faint(0.6);
            line.line = Some((Dash::Solid, 1.2));
            lines.push(line);
        }
    }
    if let Some(top) = pass.reverse.last() {
        let name = if below > 0 { format!("layer {}{BACKWARDS}", below + 1) } else { BACKWARDS[2..].to_owned() };
        let mut line = Series::line(name, Tone::Series(2), points(0, &top.hidden_gradient_log10));
        line.line = Some((Dash::Solid, 1.6));
        lines.push(line);
    }
    if study.treated.is_some() {
        let plain = points(0, study.plain.state_gradient_log10());
        lines.push(Series::line("without remedies", tone(&study.plain), plain).dashed(Dash::Dotted).faint(0.55));
    }
    let cell = &pass.backward_pass.top().cell_gradient_log10;
    if !cell.is_empty() {
        let mut line = Series::line("‖∂L/∂cₜ‖", Tone::Series(0), points(0, cell));
        line.line = Some((Dash::Solid, 1.5));
        lines.push(line);
    }
    for (place, (name, norms)) in model.proposals().iter().enumerate() {
        let line = Series::line(name.clone(), Tone::Series(4 + place), points(0, norms)).dashed(Dash::Dashed);
        lines.push(Series { line: Some((Dash::Dashed, 1.8)), ..line });
    }
    let name = match (study.treated.is_some(), cell.is_empty(), layers.len()) {
        (true, ..) => "with remedies".to_owned(),
        (_, false, _) => "‖∂L/∂hₜ‖".to_owned(),
        (.., 1) => "measured".to_owned(),
        (.., count) => format!("layer {count}"),
    };
    lines.push(Series::line(name, tone(pass), points(0, pass.state_gradient_log10())));
    lines
}

/// What comes back through the gates alone; `None` for cells without such a path.
fn gate_path(pass: &Pass) -> Option<Series> {
    let path = &pass.gate_path_log10;
    let line = Series::line("through the gates alone", Tone::Series(1), points(0, path));
    (!path.is_empty()).then_some(Series { line: Some((Dash::Solid, 1.5)), ..line })
}

/// The range of what was measured; a slope stretches it a little, so that it is seen to leave, and the gates' path by no
/// more than the other lines have.
fn range(
    lines: &[Series],
    path: Option<&Series>,
    last: f64,
    steps: usize,
    slopes: &[(String, f64)],
) -> Option<(f64, f64)> {
    let values = |line: &Series| line.points.iter().map(|point| point.1).collect::<Vec<_>>();
    let (low, high) = span(lines.iter().flat_map(values))?;
    let most = (high - low).max(1.0) * STRETCH;
    let mut range = (low, high);
    if let Some((deepest, highest)) = path.and_then(|path| span(values(path))) {
        let (share, decades) = PATH_STRETCH;
        range = (low.min(deepest.max(low - ((high - low) * share).max(decades))), high.max(highest));
    }
    for end in slopes.iter().map(|(_, slope)| height(last, *slope, steps as f64)) {
        range = (range.0.min(end.max(low - most)), range.1.max(end.min(high + most)));
    }
    Some(roomy(range))
}

/// The tone of what the gradient does on its way.
fn tone(pass: &Pass) -> Tone {
    over_time::tone_of(Fate::of_ways(pass.log10_ratio(), pass.log10_ratio_of_late_half()))
}

/// Going back, by what factor the gradient changes, and what that is called, in words.
pub fn verdict(pass: &Pass) -> String {
    verdict_of(pass.state_gradient_log10())
}

/// The same of log10 ‖dL/dh_t‖, t = 0..=T.
pub fn verdict_of(norms: &[f64]) -> String {
    let change = |to: usize| norms.first().zip(norms.get(to)).map_or(f64::NAN, |(first, other)| first - other);
    let steps = norms.len().saturating_sub(1);
    let (ratio, late) = (change(steps), change(norms.len() / 2));
    let whole = over_time::tone_of(Fate::of_way(ratio));
    if ratio.is_nan() {
        return format!("over {steps} steps back the gradient is zero throughout");
    }
    if ratio == f64::NEG_INFINITY {
        return format!("over {steps} steps back the gradient becomes exactly zero: vanished");
    }
    let change = match ratio {
        ratio if ratio.abs() < 0.005 => "keeps its size".to_owned(),
        ratio if whole == Tone::Preserved && spread(norms) > ratio.abs() + 0.5 => format!(
            "ends within a factor of {} of where it began, and varies by a factor of {} on its way",
            format::log10_value(ratio.abs()),
            format::log10_value(spread(norms))
        ),
        ratio if whole == Tone::Preserved => {
            format!("keeps its size to within a factor of {}", format::log10_value(ratio.abs()))
        }
        ratio if ratio > 0.0 => format!("grows by a factor of {}", format::log10_value(ratio)),
        ratio => format!("shrinks by a factor of {}", format::log10_value(-ratio)),
    };
    // What its last half does is said where it is not what the whole way says.
    let (late, word) = match (whole, over_time::tone(late)) {
        (Tone::Vanishing, Tone::Exploding) => (", though it grows on the second half of its way", "vanishing"),
        (Tone::Exploding, Tone::Exploding) => ("", "exploding"),
        (_, Tone::Exploding) => (", but grows on the second half of its way", "preserved so far"),
        (Tone::Vanishing, Tone::Vanishing) => ("", "vanishing"),
        (Tone::Preserved, Tone::Vanishing) => (", but shrinks on the second half of its way", "preserved so far"),
        (_, Tone::Vanishing) => (", but shrinks on the second half of its way", "vanishing in the long run"),
        (Tone::Vanishing, _) => (", then keeps its size", "vanishing"),
        (Tone::Exploding, _) => (", then keeps its size", "exploding"),
        _ => ("", "preserved"),
    };
    format!("over {steps} steps back the gradient {change}{late}: {word}")
}

/// log10 of the largest norm over the smallest, of those that are finite and not zero.
fn spread(norms: &[f64]) -> f64 {
    let finite = || norms.iter().copied().filter(|norm| norm.is_finite());
    finite().fold(f64::NEG_INFINITY, f64::max) - finite().fold(f64::INFINITY, f64::min)
}

fn summary(model: &Model) -> String {
    let study = model.gradients();
    let mut text =
        format!("Norm of the gradient at every time step, on a logarithmic axis: {}.", verdict(&study.plain));
    if let Some(treated) = &study.treated {
        text += &format!(" With the chosen remedies, {}.", verdict(treated));
    }
    if let Some(reverse) = study.in_force().reverse.last() {
        text += &format!(" In the direction backwards in time, {}.", verdict_of(&reverse.hidden_gradient_log10));
    }
    for (name, norms) in model.proposals() {
        text += &format!(" “{name}”: {}.", verdict_of(norms));
    }
    let cell = &study.in_force().backward_pass.top().cell_gradient_log10;
    if let (Some(first), Some(last)) = (cell.first(), cell.last()) {
        text += &format!(
            " The gradient of the cell state goes from {} at the last step to {} at the first.",
            format::log10_value(*last),
            format::log10_value(*first)
        );
    }
    if !study.in_force().gate_path_log10.is_empty() {
        text += &format!(" {}", gate_words(study.in_force()));
    }
    text
}

/// How much of what arrives at the first state came through the gates alone, as a sentence.
pub fn gate_words(pass: &Pass) -> String {
    let cell = &pass.backward_pass.top().cell_gradient_log10;
    let (total, state) = if cell.is_empty() { (pass.state_gradient_log10(), "h₀") } else { (&cell[..], "c₀") };
    let (Some(alone), Some(total)) = (pass.gate_path_log10.first(), total.first()) else {
        return "The cell chosen now has no gates.".to_owned();
    };
    let (path, all) = (format::log10_value(*alone), format::log10_value(*total));
    if *total == f64::NEG_INFINITY {
        format!("Nothing arrives at {state}, by no way.")
    } else if alone <= total {
        format!("Of {all} that arrives at {state}, {path} came through the gates alone.")
    } else {
        format!("Through the gates alone {path} came to {state}; the other ways cancel part of it, and {all} is left.")
    }
}

/// What the states of an opened network are, where they are not one direction's o ⊙ tanh c.
fn states(model: &Model) -> Vec<String> {
    let opened = model.network().recurrence.opened.as_ref();
    let Some(stack) = opened.and_then(|opened| opened.stack.as_ref()) else { return Vec::new() };
    let both = "Reverse: the direction backwards in time, by its own steps, of which the last has read x₁.".to_owned();
    let projected = format!("hₜ is the projected state, of {} numbers.", stack.state_size);
    let sentences = [(stack.directions > 1).then_some(both), stack.is_projected().then_some(projected)];
    sentences.into_iter().flatten().collect()
}

fn remark(model: &Model) -> String {
    states(model).into_iter().chain(of_remedies(model)).collect::<Vec<_>>().join(" ")
}

fn of_remedies(model: &Model) -> Option<String> {
    let study = model.gradients();
    let treated = study.treated.as_ref()?;
    let same = treated.state_gradient_log10() == study.plain.state_gradient_log10();
    if model.network().leaves_start() {
        Some(format!("Of more than {MOST_DRAWN} units no other matrix is drawn: the given one stays."))
    } else if same && treated.gradient_after_log10.is_nan() {
        Some("The curves coincide; of so large a network the gradient of the weights is not computed.".to_owned())
    } else if same && treated.gradient_after_log10 != treated.gradient_log10 {
        Some(format!(
            "Clipping acts after backpropagation: the curve stays, the parameter gradient is cut from {} to {}.",
            format::log10_value(treated.gradient_log10),
            format::log10_value(treated.gradient_after_log10)
        ))
    } else {
        same.then(|| "The chosen remedy changes nothing here: the curves coincide.".to_owned())
    }
}
