//! The readouts of the page outside the laboratory: numbers and short phrases within its text.
use crate::chapters::Chapter;
use vanishing_charts::figures::gradient_norms::{gate_words, verdict};
use vanishing_charts::figures::iterated;
use vanishing_charts::figures::weight_gradient::holders;
use vanishing_charts::{Model, format};
use vanishing_core::math;
use vanishing_core::studies::network::{Inputs, LossAt};
use vanishing_core::studies::recurrence::BlockStudy;
use vanishing_core::studies::{cliff, hidden_states, weight_gradient};
use vanishing_core::tasks;

/// A k that may not exist.
fn steps(k: Option<u64>) -> String {
    k.map_or("no k".to_owned(), format::count)
}

/// The chapters that have readouts of their own.
pub const CHAPTERS: [Chapter; 4] = [Chapter::Powers, Chapter::Alignment, Chapter::Gradients, Chapter::Cliff];

/// Every readout of the page: its name and its text now.
pub fn readouts(model: &Model) -> Vec<(&'static str, String)> {
    CHAPTERS.iter().flat_map(|chapter| of_chapter(*chapter, model)).collect()
}

/// Those of a chapter.
pub fn of_chapter(chapter: Chapter, model: &Model) -> Vec<(&'static str, String)> {
    match chapter {
        Chapter::Powers => of_powers(model),
        Chapter::Alignment => of_alignment(model),
        Chapter::Gradients => of_gradients(model),
        Chapter::Cliff => of_cliff(model),
        Chapter::Workbench | Chapter::Laboratory => Vec::new(),
    }
}

fn of_powers(model: &Model) -> Vec<(&'static str, String)> {
    let eigenvalues = &model.matrix().eigenvalues;
    let leading = eigenvalues.first().copied().unwrap_or(0.0);
    let study = model.matrix_power();
    let trace = format!("{}{}", if study.trace.1 < 0.0 { "−" } else { "" }, format::log10_value(study.trace.0));
    vec![
        ("k", format::count(model.power())),
        ("n", study.size.to_string()),
        ("leading-eigenvalue", format::short(leading)),
        ("spectral-radius", format::short(leading.abs())),
        ("eigenvalue-power", format::log10_value(study.spectral_norm_log10)),
        ("spectral-norm-power", format::log10_value(study.spectral_norm_log10)),
        ("condition-number", or_undefined(study.condition_number_log10, format::log10_value)),
        ("trace", trace),
        ("disagreement", study.point.largest_disagreement().map_or("undefined".to_owned(), format::short)),
        ("drowned", study.point.below_rounding_error().to_string()),
    ]
}

fn of_alignment(model: &Model) -> Vec<(&'static str, String)> {
    let study = model.alignment();
    let probability = model.probability();
    let point = study.points.iter().find(|point| point.k == model.power());
    let log10_angle = point.map_or(f64::NAN, |point| point.exact);
    let degrees = log10_angle + math::log10(180.0 / math::PI);
    let exact = probability.points.iter().find(|point| point.k == model.power()).and_then(|point| point.exact);
    vec![
        // Also one of chapter 1, which may be out of view and late.
        ("k", format::count(model.power())),
        ("rate", study.rate.map_or("undefined".to_owned(), format::short)),
        ("angle", or_undefined(log10_angle, |x| format!("{} rad", format::log10_value(x)))),
        ("angle-degrees", or_undefined(degrees, |x| format!("{}°", format::log10_value(x)))),
        ("overlap", or_undefined(study.overlap, format::short)),
        ("aligned-when", model.view().aligned_when.clone()),
        ("epsilon-tangent", four_digits(model.probability_config().tangent)),
        ("delta", format::short(model.probability_config().delta)),
        ("confidence", format!("{} %", format::short(100.0 * (1.0 - model.probability_config().delta)))),
        ("steps-to-align", study.steps_to_align.map_or("never".to_owned(), format::count)),
        ("probability", exact.map_or("undefined".to_owned(), |p| format::short(p.p))),
        ("probability-of-failure", exact.map_or("undefined".to_owned(), |p| format::short(p.complement))),
        ("exact-steps", steps(probability.exact_steps)),
        ("gap-steps", steps(probability.gap_steps)),
        ("theorem-steps", steps(probability.theorem_steps)),
    ]
}

fn of_gradients(model: &Model) -> Vec<(&'static str, String)> {
    [of_pass(model), of_conditions(model), of_time(model), vec![("iterated-words", iterated::words(model))]].concat()
}

/// A sentence that goes on: what a cell does, behind its name.
fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

fn of_pass(model: &Model) -> Vec<(&'static str, String)> {
    let study = model.gradients();
    let pass = study.in_force();
    let radius = model.recurrence().blocks.first().map_or(f64::NAN, |block| block.spectral_radius);
    let gated = gated(model);
    let clipped = pass.gradient_after_log10 < pass.gradient_log10;
    let effect = format::log10_value(pass.gradient_log10 - pass.gradient_after_log10);
    let normalised = pass.network.normalization.is_some();
    let bound = bound_per_step(model).map(math::ln);
    vec![
        ("cell-equation", pass.network.cell.equation.to_owned()),
        ("cell-does", format!("{} {}", pass.network.cell.kind_title, lower(pass.network.cell.does))),
        ("verdict", verdict(pass)),
        ("gate-path", gate_words(pass)),
        ("steps", study.steps.to_string()),
        ("slope", or_undefined(pass.slope_per_step(), without_rounding)),
        ("slope-theory", if gated || normalised { no_bound(model) } else { logarithm(math::ln(radius)) }),
        ("slope-bound", bound.map_or_else(|| no_bound(model), logarithm)),
        ("weight-steps", weight_steps(model)),
        ("gradient-norm-before", format::log10_value(pass.gradient_log10)),
        ("gradient-norm-after", format::log10_value(pass.gradient_after_log10)),
        (
            "clip-effect",
            if pass.gradient_log10.is_nan() {
                "not known: no norm can be given".to_owned()
            } else if clipped {
                format!("cut by a factor of {effect}")
            } else {
                "not cut".to_owned()
            },
        ),
    ]
}

/// For cells with gates, which have more paths back than one matrix.
const NO_SINGLE_LINE: &str = "none with gates";
/// For cells without gates in which the state comes back past the matrix too.
const TWO_WAYS: &str = "none where the state also passes by the matrix";
/// Where the product with W_hh is normalised, and its size drops out.
const NOT_NORMALISED: &str = "none with a normalisation";

/// What is said where there is no γ.
fn no_bound(model: &Model) -> String {
    let cell = model.gradients().in_force().network.cell;
    let text = match (cell.is_gated(), gated(model)) {
        (true, _) => NO_SINGLE_LINE,
        (false, true) => TWO_WAYS,
        _ => NOT_NORMALISED,
    };
    text.to_owned()
}

/// γ of a cell h = φ(a) with a = W_hh h_{t-1} + ...; none with gates, nor where a remedy normalises the product.
fn derivative_bound(model: &Model) -> Option<f64> {
    let network = model.gradients().in_force().network;
    network.cell.derivative_bound.filter(|_| network.normalization.is_none())
}

/// Whether the cell is another than h = φ(a).
fn gated(model: &Model) -> bool {
    model.gradients().in_force().network.cell.derivative_bound.is_none()
}

/// σ₁γ: ‖g_{t-1}‖ ≤ σ₁γ ‖g_t‖ for h = φ(a), as far as the gradient comes through h_t.
fn bound_per_step(model: &Model) -> Option<f64> {
    derivative_bound(model).map(|gamma| gamma * largest_norm(model))
}

fn largest_norm(model: &Model) -> f64 {
    model.gradients().in_force().spectral_norms.iter().copied().fold(0.0, f64::max)
}

/// Whether a remedy put another matrix in the place of W_hh.
fn replaced(model: &Model) -> bool {
    let study = model.gradients();
    study.treated.as_ref().is_some_and(|treated| treated.spectral_norms != study.plain.spectral_norms)
}

/// Which steps make nearly all of dL/dW_hh.
fn weight_steps(model: &Model) -> String {
    holders(model).unwrap_or_else(|| "no steps, because it is zero or undefined,".to_owned())
}

/// The conditions of Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013),
/// section 2, and what they are about.
fn of_conditions(model: &Model) -> Vec<(&'static str, String)> {
    let blocks = &model.recurrence().blocks;
    let range = |of: &dyn Fn(&BlockStudy) -> f64| {
        let values: Vec<f64> = blocks.iter().map(of).collect();
        if values.is_empty() {
            return "none".to_owned();
        }
        let ends = values.iter().fold((f64::INFINITY, 0.0f64), |(min, max), x| (min.min(*x), max.max(*x)));
        let (min, max) = (format::short(ends.0), format::short(ends.1));
        if min == max { max } else { format!("{min} to {max}") }
    };
    let gamma = match derivative_bound(model) {
        Some(0.25) => "1/4".to_owned(),
        Some(bound) => format::short(bound),
        None => no_bound(model),
    };
    vec![
        ("recurrent-radius", range(&|block| block.spectral_radius)),
        ("spectral-norm", format::short(largest_norm(model))),
        (
            "departure",
            match blocks.iter().any(|block| block.departure.is_nan()) {
                true => "not computed".to_owned(),
                false => range(&|block| if block.departure < ROUNDING { 0.0 } else { block.departure }),
            },
        ),
        ("derivative-bound", gamma),
        ("norm-bound", bound_per_step(model).map_or_else(|| no_bound(model), format::short)),
        ("norm-condition", norm_condition(model)),
        ("radius-condition", radius_condition(model)),
    ]
}

/// A departure from normality below this comes from rounding: it is the root of a difference.
const ROUNDING: f64 = 1e-6;

/// `σ₁γ = 0.9 < 1`, or with another sign: (text, how it compares with 1).
fn compared_with_one(name: &str, x: f64) -> (String, std::cmp::Ordering) {
    use std::cmp::Ordering::{Equal, Greater, Less};
    if (x - 1.0).abs() < 1e-9 {
        return (format!("{name} = 1"), Equal);
    }
    let (sign, word, ordering) = if x < 1.0 { ('<', "below", Less) } else { ('>', "above", Greater) };
    let digits = format::short(x);
    (if digits == "1" { format!("{name} is just {word} 1") } else { format!("{name} = {digits} {sign} 1") }, ordering)
}

fn norm_condition(model: &Model) -> String {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let Some(bound) = bound_per_step(model) else {
        if !gated(model) {
            return "these conditions are for h = φ(a) without a normalisation".to_owned();
        }
        return "these conditions are for h = φ(a) only: here the state comes back past the matrix too".to_owned();
    };
    // A loss at every step adds new gradient on the way.
    let every = match model.network().inputs {
        Inputs::Task(task) => task.loss.at() == tasks::TargetsAt::Every,
        _ => model.network().loss_at == LossAt::Every,
    };
    let subject = if every { "what each output sends back" } else { "the gradient" };
    let (comparison, ordering) = compared_with_one("σ₁γ", bound);
    match ordering {
        Less => format!("{comparison}: {subject} must vanish"),
        Equal => format!("{comparison}: {subject} cannot grow at any step"),
        Greater => format!("{comparison}: {subject} may explode; nothing is promised"),
    }
}

fn radius_condition(model: &Model) -> String {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let cell = model.gradients().in_force().network.cell;
    if !cell.has_matrix() {
        return "this cell has no recurrent matrix".to_owned();
    }
    if cell.is_gated() {
        return "each gate has a matrix of its own, and no single ρ decides".to_owned();
    }
    if gated(model) {
        return "the state comes back past the matrix too, so that its ρ alone does not decide".to_owned();
    }
    if model.gradients().in_force().network.normalization.is_some() {
        return "the product with the matrix is normalised: its size drops out".to_owned();
    }
    if replaced(model) {
        return "a remedy put another matrix in the place of this one".to_owned();
    }
    let radius = model.recurrence().blocks.first().map_or(f64::NAN, |block| block.spectral_radius);
    let (comparison, ordering) = compared_with_one("ρ", radius);
    if !model.network().recurrence.cell.is_linear() {
        return format!("{comparison}: this alone decides nothing, for the cell is not linear");
    }
    match ordering {
        Less => format!("{comparison}: in a linear cell the gradient vanishes in the end"),
        Equal => format!("{comparison}: in a linear cell the gradient neither vanishes nor explodes exponentially"),
        Greater => {
            format!("{comparison}: in a linear cell the gradient explodes in the end, unless it has no part along v₁")
        }
    }
}

/// What is found at the time step t that is marked.
fn of_time(model: &Model) -> Vec<(&'static str, String)> {
    let (study, t) = (model.gradients(), model.time());
    let pass = study.in_force();
    let layer = pass.backward_pass.top();
    let norm = layer.hidden_gradient_log10.get(t).copied().unwrap_or(f64::NAN);
    // Against v₁ of W_hh as it was made, so without remedies.
    let cosine = match (&model.recurrence().leading, study.plain.backward_pass.top().hidden_gradients.get(t)) {
        (Some(leading), Some(gradient)) => or_undefined(leading.cosine(&gradient.values), |x| format!("{x:.4}")),
        _ => "undefined".to_owned(),
    };
    let before_all = || "none before the first step".to_owned();
    let slope = match t.checked_sub(1).and_then(|i| hidden_states::mean_slope(&pass.network, layer).get(i).copied()) {
        Some(slope) => or_undefined(slope, format::short),
        None => before_all(),
    };
    let gates = hidden_states::gates(&pass.network, layer);
    let mean_of_gate = |gate: &hidden_states::BlockOverTime| {
        let mean = t.checked_sub(1).and_then(|i| gate.spread.get(i)).map(|spread| spread[0]);
        mean.map(|mean| format!("{} {}", gate.symbol, or_undefined(mean, format::short)))
    };
    let means: Vec<String> = gates.iter().filter_map(mean_of_gate).collect();
    let gates = match (gates.is_empty(), means.is_empty()) {
        (true, _) => "this cell has none".to_owned(),
        (_, true) => before_all(),
        _ => means.join(", "),
    };
    let rank_one = match (t, weight_gradient::rank_one_share(&pass.network, layer, t)) {
        (0, _) => before_all(),
        (_, None) => "undefined".to_owned(),
        (_, Some(share)) => rank_one_words(share),
    };
    vec![
        ("time", t.to_string()),
        ("gradient-at-time", or_undefined(norm, format::log10_value)),
        ("direction-at-time", cosine),
        ("mean-slope-at-time", slope),
        ("rank-one-share", rank_one),
        ("gates-at-time", gates),
    ]
}

/// A share near 1 by what it lacks.
fn rank_one_words(share: f64) -> String {
    match 1.0 - share {
        lacks if lacks < 1e-14 => "all of it, to rounding".to_owned(),
        lacks if lacks < 0.001 => format!("all but {} of it", format::short(lacks)),
        _ => format!("{:.1} %", 100.0 * share),
    }
}

/// The two descents up to the step that is shown, and the cliff at the weight of their start.
fn of_cliff(model: &Model) -> Vec<(&'static str, String)> {
    let study = model.cliff();
    let step = model.view().cliff_step;
    let error =
        |stops: &[cliff::Stop]| stops.get(step).map_or("undefined".to_owned(), |stop| format::short(stop.error));
    let longest = |stops: &[cliff::Stop]| {
        let strides = stops.iter().take(step).map(|stop| stop.stride);
        strides.reduce(f64::max).map_or("no step yet".to_owned(), format::short)
    };
    let (w, b) = model.cliff_config().start;
    let steepest = model.cliff_steepest();
    let none = || "no cliff".to_owned();
    vec![
        ("cliff-step", format::count(step as u64)),
        ("cliff-error-unclipped", error(&study.unclipped)),
        ("cliff-error-clipped", error(&study.clipped)),
        ("cliff-stride-unclipped", longest(&study.unclipped)),
        ("cliff-stride-clipped", longest(&study.clipped)),
        ("cliff-norm", format::short(cliff::slope(w, b).norm())),
        ("cliff-steepest", steepest.map_or_else(none, |place| format::short(place.norm))),
        ("cliff-steepest-bias", steepest.map_or_else(none, |place| format!("{:.5}", place.b).replace('-', "−"))),
    ]
}

/// A logarithm that may be that of zero.
fn logarithm(x: f64) -> String {
    if x == f64::NEG_INFINITY { "−∞".to_owned() } else { or_undefined(x, without_rounding) }
}

/// A slope, with what is only rounding written as the zero that it stands for.
fn without_rounding(slope: f64) -> String {
    format::short(if slope.abs() < 1e-12 { 0.0 } else { slope })
}

/// τ beside ε: they differ in the fourth digit.
fn four_digits(x: f64) -> String {
    if (0.001..10.0).contains(&x) { format!("{x:.4}") } else { format::short(x) }
}

fn or_undefined(x: f64, text: impl Fn(f64) -> String) -> String {
    if x.is_nan() { "undefined".to_owned() } else { text(x) }
}
