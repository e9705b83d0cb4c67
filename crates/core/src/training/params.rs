//! The parameters of a training run: what is trained, on what, how, and with which remedies.
use crate::param::{Choice, Param, ParamSpec, Settings, each_once};
use crate::recurrent::{self, Ingredient, RecurrentSpec};
use crate::{cells, optimizers, remedies, schedules, tasks};
use std::sync::OnceLock;

/// A place in a menu that a registry fills.
const NO_CHOICE: Choice = Choice { slug: "", label: "" };

static TASKS: [Choice; tasks::ALL.len()] = {
    let mut choices = [NO_CHOICE; tasks::ALL.len()];
    let mut i = 0;
    while i < choices.len() {
        choices[i] = Choice { slug: tasks::ALL[i].slug, label: tasks::ALL[i].title };
        i += 1;
    }
    choices
};

/// What is to be learnt.
pub static TASK: Param<&'static str> = Param::choice("task", "task", "temporal-order", &TASKS)
    .help("What is to be learnt; in each task something is remembered over a time that T sets.");

static CELLS: [Choice; cells::KINDS] = {
    let mut choices = [NO_CHOICE; cells::KINDS];
    let (mut i, mut kinds) = (0, 0);
    while i < cells::ALL.len() {
        if cells::is_first_of_its_kind(i) {
            choices[kinds] = Choice { slug: cells::ALL[i].kind, label: cells::ALL[i].kind_title };
            kinds += 1;
        }
        i += 1;
    }
    choices
};

/// The kind of cell.
pub static CELL: Param<&'static str> = Param::choice("cell", "cell", "rnn", &CELLS)
    .help("A plain recurrent cell, or one with gates and an additive path for its state.");

static ACTIVATIONS: [Choice; cells::ACTIVATIONS] = {
    let mut choices = [NO_CHOICE; cells::ACTIVATIONS];
    let (mut i, mut activations) = (0, 0);
    while i < cells::ALL.len() {
        if let Some(slug) = cells::ALL[i].activation {
            choices[activations] = Choice { slug, label: slug };
            activations += 1;
        }
        i += 1;
    }
    choices
};

/// φ: what a plain cell does with its pre-activations; cells with gates have none to choose.
pub static ACTIVATION: Param<&'static str> = Param::choice("activation", "activation", "tanh", &ACTIVATIONS)
    .symbol("φ")
    .help("What each unit of a plain cell does with its sum.");

/// H: units of the state of each layer.
pub static HIDDEN_SIZE: Param<usize> = Param::count("hidden-size", "hidden units", 50, 1, 256)
    .fine_until(64)
    .aliases(&["H"])
    .symbol("H")
    .help("The number of units of each layer's state.");

/// Recurrent layers, each fed with the states of the one below.
pub static LAYERS: Param<usize> =
    Param::count("layers", "layers", 1, 1, 3).help("Recurrent layers, each fed with the states of the one below.");

/// T: what it counts is told by the task.
pub static SEQUENCE_LENGTH: Param<usize> = Param::count("sequence-length", "sequence length", 30, 1, 500)
    .fine_until(100)
    .aliases(&["T"])
    .symbol("T")
    .help("How long the sequences are, and so how far back the gradient has to reach.");

/// B: sequences of an update.
pub static BATCH_SIZE: Param<usize> = Param::count("batch-size", "sequences per update", 32, 1, 256)
    .fine_until(32)
    .aliases(&["B"])
    .symbol("B")
    .help("How many fresh sequences each update looks at; no sequence is ever seen twice.");

static KINDS: [Choice; recurrent::ALL.len()] = {
    let mut choices = [NO_CHOICE; recurrent::ALL.len()];
    let mut i = 0;
    while i < choices.len() {
        choices[i] = Choice { slug: recurrent::ALL[i].slug, label: recurrent::ALL[i].title };
        i += 1;
    }
    choices
};

/// How W_hh is made.
pub static RECURRENT: Param<&'static str> = Param::choice("recurrent", "recurrent matrix", "gaussian", &KINDS)
    .symbol("W")
    .help("How W_hh is made at first; in a cell with gates, each gate has such a matrix of its own.");

/// g: the factor before the random, the orthogonal and the identity matrix.
pub static GAIN: Param<f64> = Param::real("gain", "gain", 1.0, 0.0, 5.0, 0.01)
    .symbol("g")
    .help("The factor before the random, the orthogonal or the identity matrix.");

/// Whether W_hh is rescaled.
pub static RESCALE: Param<bool> = Param::flag("rescale", "set the spectral radius", true)
    .help("Scale the recurrent matrix at first so that its largest |λ| is what you say.");

/// ρ: the largest |λ| that each block of W_hh is scaled to at the start.
pub static SPECTRAL_RADIUS: Param<f64> = Param::real("spectral-radius", "spectral radius", 1.3, 0.0, 3.0, 0.01)
    .symbol("ρ")
    .help("The largest |λ| that the recurrent matrix starts with.");

static OPTIMIZERS: [Choice; optimizers::ALL.len()] = {
    let mut choices = [NO_CHOICE; optimizers::ALL.len()];
    let mut i = 0;
    while i < choices.len() {
        choices[i] = Choice { slug: optimizers::ALL[i].slug, label: optimizers::ALL[i].title };
        i += 1;
    }
    choices
};

/// Who turns gradients into updates.
pub static OPTIMIZER: Param<&'static str> = Param::choice("optimizer", "optimiser", "sgd", &OPTIMIZERS)
    .help("What turns the gradient into an update of the weights.");

/// η: the factor before an update; with a schedule, the largest one.
pub static LEARNING_RATE: Param<f64> = Param::log("learning-rate", "learning rate", 0.05, 1e-6, 1e6, 0.05)
    .aliases(&["lr"])
    .symbol("η")
    .help("The factor before the update; with a schedule, the largest one.");

/// The seed of everything random.
pub static SEED: Param<u64> =
    Param::seed("seed", "seed", 4).help("Draws the first weights and every batch: the same seed is the same run.");

static OWN: &[&ParamSpec] = &[
    &TASK.spec,
    &SEQUENCE_LENGTH.spec,
    &BATCH_SIZE.spec,
    &CELL.spec,
    &ACTIVATION.spec,
    &HIDDEN_SIZE.spec,
    &LAYERS.spec,
    &RECURRENT.spec,
    &GAIN.spec,
    &RESCALE.spec,
    &SPECTRAL_RADIUS.spec,
    &OPTIMIZER.spec,
    &LEARNING_RATE.spec,
    &SEED.spec,
];

/// Every parameter of a training run, in the order of addresses: its own, the optimisers', the remedies' and the
/// schedules'.
pub fn all() -> &'static [&'static ParamSpec] {
    static ALL: OnceLock<Vec<&'static ParamSpec>> = OnceLock::new();
    ALL.get_or_init(|| {
        let list =
            || OWN.iter().copied().chain(optimizers::params()).chain(remedies::params()).chain(schedules::params());
        each_once(list).collect()
    })
}

/// Whether a parameter has an effect under these settings; others are hidden.
pub fn applies(spec: &ParamSpec, settings: &Settings) -> bool {
    let is = |param: &ParamSpec| param.key == spec.key;
    let kind = recurrent::find(settings.get(&RECURRENT));
    if is(&ACTIVATION.spec) {
        return settings.get(&CELL) == "rnn";
    }
    if is(&GAIN.spec) {
        return kind.is_some_and(RecurrentSpec::uses_gain) && !settings.get(&RESCALE);
    }
    if is(&SPECTRAL_RADIUS.spec) {
        return settings.get(&RESCALE);
    }
    if optimizers::params().any(is) {
        let chosen = optimizers::find(settings.get(&OPTIMIZER));
        return chosen.is_some_and(|chosen| chosen.params.iter().any(|param| is(param)));
    }
    if schedules::params().any(is) {
        let chosen = schedules::find(settings.get(&remedies::SCHEDULE_KIND));
        let uses = chosen.is_some_and(|chosen| chosen.params.iter().any(|param| is(param)));
        return uses && remedies::find("schedule").is_some_and(|remedy| settings.get(remedy.toggle));
    }
    // A parameter that several remedies share counts for each that is on.
    let mut owners = remedies::ALL.iter().filter(|remedy| remedy.params.iter().any(|param| is(param))).peekable();
    owners.peek().is_none() || owners.any(|remedy| settings.get(remedy.toggle))
}

/// The kinds of recurrent matrix whose spectrum is chosen elsewhere have one from these numbers here.
pub(super) fn recipe(settings: &Settings) -> recurrent::Recipe {
    recurrent::Recipe {
        gain: settings.get(&GAIN),
        eigenvalues: vec![1.0, 0.9, -0.7, 0.4],
        pairs: vec![(0.7, 0.6), (0.9, 0.0), (-0.5, 0.5)],
        departure: 0.0,
    }
}

/// Whether a kind of matrix has more ingredients than a training run lets choose.
pub fn has_fixed_spectrum(kind: &RecurrentSpec) -> bool {
    kind.uses.iter().any(|ingredient| !matches!(ingredient, Ingredient::Gain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_parameter_has_one_key_an_allowed_default_and_a_sentence() {
        let mut seen = BTreeSet::new();
        for spec in all() {
            for name in std::iter::once(&spec.key).chain(spec.aliases) {
                assert!(seen.insert(*name), "{name} twice");
            }
            assert!(spec.allows(spec.default) && spec.help.ends_with('.') && !spec.label.is_empty(), "{}", spec.key);
        }
    }

    #[test]
    fn parameters_of_what_is_not_chosen_do_not_apply() {
        let mut settings = Settings::default();
        let applies = |key: &str, settings: &Settings| {
            let spec = all().iter().find(|spec| spec.key == key).expect("a parameter");
            applies(spec, settings)
        };
        assert!(!applies("adam-beta1", &settings) && !applies("max-norm", &settings));
        settings.set_text(&OPTIMIZER.spec, "adam");
        settings.set_text(&remedies::find("clip_norm").expect("a remedy").toggle.spec, "1");
        assert!(applies("adam-beta1", &settings) && applies("max-norm", &settings));
    }
}
