//! The workbench: one screen where the matrix, the network and its remedies are chosen, and everything that follows is seen.
//!
//! Its panels are figures like all others, its chips the remedies of the registry. What is trained is the page's network:
//! without its remedies, and with them.
use crate::address::Chosen;
use crate::lanes;
use vanishing_charts::figures::{
    workbench_angle, workbench_gradient, workbench_matrix, workbench_powers, workbench_training,
};
use vanishing_charts::{Model, format};
use vanishing_core::math;
use vanishing_core::param::Settings;
use vanishing_core::remedies::{self, RemedySpec};

/// What its short runs are made with: without the remedies, and with them if any is on.
pub fn wanted(chosen: &Chosen) -> [Option<Settings>; 2] {
    let (without, with) = (chosen.lane(lanes::WITHOUT), chosen.lane(lanes::WITH));
    let treated = (with != without).then_some(with);
    [Some(without), treated]
}

/// Its readouts: what each panel shows, in words.
pub fn readouts(model: &Model, chosen: &Settings) -> Vec<(&'static str, String)> {
    vec![
        (workbench_matrix::SPEC.slug, workbench_matrix::words(model)),
        (workbench_powers::SPEC.slug, workbench_powers::words(model)),
        (workbench_angle::SPEC.slug, workbench_angle::words(model)),
        (workbench_gradient::SPEC.slug, workbench_gradient::words(model)),
        (workbench_training::SPEC.slug, workbench_training::words(model)),
        ("workbench-seeds", workbench_training::seeds(model)),
        ("workbench-squares", workbench_training::squares(model)),
        ("workbench-task", workbench_training::task(model)),
        ("workbench-changed", changed(model, chosen)),
    ]
}

/// Where the remedies that are on act, and what they changed here.
fn changed(model: &Model, chosen: &Settings) -> String {
    let on = in_force(chosen);
    let why = why(model, chosen, &on);
    if on.is_empty() {
        return format!("No remedy is on. {}", why.unwrap_or("Switch one on, and see what it changes."));
    }
    let named: Vec<String> = on
        .iter()
        .map(|spec| {
            let mut title = spec.title.to_owned();
            if let Some(first) = title.get_mut(0..1) {
                first.make_ascii_uppercase();
            }
            format!("{title} acts {}", lanes::acts_on(spec.stage))
        })
        .collect();
    let why = why.map_or(String::new(), |why| format!(" {why}"));
    let (gradient, learning, turned) = (gradient_changed(model), learning_changed(model), turned(model));
    format!("Here {gradient}, and {learning}.{turned}{why} {}.", named.join("; "))
}

/// By what angle the weights’ gradient is turned before the first update, where it is turned at all; a sentence with a blank
/// before it.
fn turned(model: &Model) -> String {
    /// Degrees.
    const NOTHING: f64 = 0.05;
    let angle = model.gradients().treated.as_ref().and_then(|treated| treated.turned).map(f64::to_degrees);
    angle.filter(|degrees| *degrees >= NOTHING).map_or(String::new(), |degrees| {
        format!(" The weights’ gradient is turned by {}° (first sequence, before any update).", format::short(degrees))
    })
}

/// The remedies that are on; of those that replace the same part, the last.
fn in_force(chosen: &Settings) -> Vec<&'static RemedySpec> {
    let mut on: Vec<&'static RemedySpec> = Vec::new();
    for spec in remedies::switched_on(chosen) {
        on.retain(|other| other.replaces.is_none() || other.replaces != spec.replaces);
        on.push(spec);
    }
    on
}

/// Why panels seem to contradict each other, if they do.
fn why(model: &Model, chosen: &Settings, on: &[&RemedySpec]) -> Option<&'static str> {
    /// Decades.
    const CLEAR: f64 = 1.0;
    let (study, bench) = (model.gradients(), model.workbench());
    let arrives = study.in_force().log10_ratio();
    let learned = bench.in_force().verdict_now().is_some_and(|verdict| verdict.is_learned());
    let has_forget_gate = model.network().cell_in_force().forget_gate().is_some();
    if has_forget_gate && !chosen.get(&remedies::FORGET_BIAS_INIT) && !learned {
        return Some("An LSTM starts with its forget gates half closed: try the forget-gate bias.");
    }
    let is_replaced = on.iter().any(|spec| spec.changes_matrix);
    let radius = model.recurrence().spectral_radius().unwrap_or(0.0);
    let grows = study.steps as f64 * math::log10(radius) > CLEAR;
    if learned && arrives < -CLEAR && !is_replaced {
        return Some(
            "It learns although little of the gradient arrives: the state holds the symbol by itself, and the readout, \
             which needs no way back, learns to read it.",
        );
    }
    // Not what a remedy cut off: the network itself does it.
    let shrinks = study.plain.log10_ratio() < -0.5 && arrives < -0.5;
    (grows && shrinks && !is_replaced).then_some(
        "Mᵏ grows and the gradient does not: each step back also multiplies by the slopes φ′ of the units, which are at most 1.",
    )
}

/// What the remedies changed about the gradient that reaches the first step.
fn gradient_changed(model: &Model) -> String {
    let study = model.gradients();
    let Some(treated) = &study.treated else { return "the gradient is not looked at".to_owned() };
    let (before, after) = (study.plain.log10_ratio(), treated.log10_ratio());
    if treated.state_gradient_log10() == study.plain.state_gradient_log10() {
        return "the gradient on its way back is unchanged".to_owned();
    }
    let (before, after) = (format::log10_value(before), format::log10_value(after));
    format!("the gradient at the first step is {after} times that at the last, instead of {before} times")
}

/// What they changed about learning.
fn learning_changed(model: &Model) -> String {
    let bench = model.workbench();
    let Some(with) = &bench.with else { return "learning is not changed".to_owned() };
    let ((learned, known), (before, of)) = (with.learned(), bench.without.learned());
    if known == 0 || of == 0 {
        return "the training goes on".to_owned();
    }
    if (learned, known) == (before, of) {
        return format!("it learns on {learned} of {known} seeds, as without");
    }
    let seeds = if known == 1 { "seed" } else { "seeds" };
    format!("it learns on {learned} of {known} {seeds} instead of {before} of {of}")
}
