//! The parameters of a training run: what is trained, on what, how, and with which remedies.
use crate::cells::{self, CellSpec};
use crate::param::{Param, ParamSpec, Settings, Value, each_once};
use crate::{menus, optimizers, remedies, schedules};
use std::sync::OnceLock;

pub use super::matrix::{
    self, DEPARTURE, EIGENVALUES, FAMILY, GAIN, HIDDEN_SIZE, PAIRS, RATE, RECURRENT, RESCALE, SEED, SHIFT,
    SPECTRAL_RADIUS,
};

/// What is to be learned, by the slug of `tasks`.
pub static TASK: Param<&'static str> = Param::choice("task", "task", menus::TASKS[0].slug, &menus::TASKS)
    .help("What is to be learned; in each task something is remembered over a time that T sets.");

/// The kind of cell, by the slug of `cells`; which cell it is depends on [`ACTIVATION`] too: see [`cell`].
pub static CELL: Param<&'static str> = Param::choice("cell", "cell", "rnn", &menus::CELLS)
    .help("A plain recurrent cell, or one with gates and an additive path for its state.");

/// φ: what a plain cell does with its pre-activations; cells with gates have none to choose.
pub static ACTIVATION: Param<&'static str> = Param::choice("activation", "activation", "tanh", &menus::ACTIVATIONS)
    .symbol("φ")
    .help("What each unit of a plain cell does with its sum.")
    .applies(|settings| cell(settings).activation.is_some());

/// How many recurrent layers stand above each other; the readout reads the top one.
pub static LAYERS: Param<usize> =
    Param::count("layers", "layers", 1, 1, 3).help("Recurrent layers, each fed with the states of the one below.");

/// T; a task may need more than is chosen, and makes its own steps of it.
pub static SEQUENCE_LENGTH: Param<usize> = Param::count("sequence-length", "sequence length", 30, 1, 1_000)
    .fine_until(200)
    .aliases(&["T"])
    .symbol("T")
    .help("How long the sequences are, and so how far back the gradient has to reach.");

/// B: the sequences of one update, whose gradients are averaged.
pub static BATCH_SIZE: Param<usize> = Param::count("batch-size", "sequences per update", 32, 1, 256)
    .fine_until(32)
    .aliases(&["B"])
    .symbol("B")
    .help("How many fresh sequences each update looks at; no sequence is ever seen twice.");

/// What turns gradients into updates, by the slug of `optimizers`.
pub static OPTIMIZER: Param<&'static str> = Param::choice("optimizer", "optimiser", "sgd", &menus::OPTIMIZERS)
    .help("What turns the gradient into an update of the weights.");

/// η: the factor before an update; with a schedule, the largest one.
pub static LEARNING_RATE: Param<f64> = Param::log("learning-rate", "learning rate", 0.1, 1e-6, 1e6, 0.05)
    .aliases(&["lr"])
    .symbol("η")
    .help("The factor before the update; with a schedule, the largest one.");

/// Those of the recurrent matrix, in the order of addresses.
pub static OF_MATRIX: &[&ParamSpec] = &[
    &RECURRENT.spec,
    &FAMILY.spec,
    &RATE.spec,
    &EIGENVALUES[0].spec,
    &EIGENVALUES[1].spec,
    &EIGENVALUES[2].spec,
    &EIGENVALUES[3].spec,
    &EIGENVALUES[4].spec,
    &EIGENVALUES[5].spec,
    &EIGENVALUES[6].spec,
    &EIGENVALUES[7].spec,
    &SHIFT.spec,
    &GAIN.spec,
    &PAIRS[0].0.spec,
    &PAIRS[0].1.spec,
    &PAIRS[1].0.spec,
    &PAIRS[1].1.spec,
    &PAIRS[2].0.spec,
    &PAIRS[2].1.spec,
    &DEPARTURE.spec,
    &RESCALE.spec,
    &SPECTRAL_RADIUS.spec,
];

/// Those of the network besides.
pub static OF_NETWORK: &[&ParamSpec] =
    &[&CELL.spec, &ACTIVATION.spec, &HIDDEN_SIZE.spec, &LAYERS.spec, &SEQUENCE_LENGTH.spec, &SEED.spec];

/// Those that say what is learned, and how.
pub static OF_RUN: &[&ParamSpec] = &[&TASK.spec, &BATCH_SIZE.spec, &OPTIMIZER.spec, &LEARNING_RATE.spec];

/// Every parameter of a training run, in the order of addresses: its own, the cells', the optimisers', the remedies' and the
/// schedules'.
pub fn all() -> &'static [&'static ParamSpec] {
    static ALL: OnceLock<Vec<&'static ParamSpec>> = OnceLock::new();
    ALL.get_or_init(|| {
        let own = || [OF_MATRIX, OF_NETWORK, OF_RUN].into_iter().flatten().copied();
        let list = || {
            own()
                .chain(cells::params())
                .chain(optimizers::params())
                .chain(remedies::params())
                .chain(schedules::params())
        };
        each_once(list).collect()
    })
}

/// The cell that is chosen.
pub fn cell(settings: &Settings) -> &'static CellSpec {
    cells::of_kind(settings.get(&CELL), settings.get(&ACTIVATION)).unwrap_or(&cells::TANH)
}

/// What a link says without saying it, and what it cannot say. A spectral radius, or a bias of the forget gate, is chosen together
/// with the toggle that it needs, unless the link's `keys` have the toggle too. What a toggle that is off would need is forgotten.
pub fn settle(settings: &mut Settings, keys: &[&str]) {
    for (param, toggle) in [(&SPECTRAL_RADIUS, &RESCALE), (&remedies::FORGET_BIAS, &remedies::FORGET_BIAS_INIT)] {
        if keys.contains(&param.spec.key) && !keys.contains(&toggle.spec.key) {
            settings.set(&toggle.spec, Value::Flag(true));
        }
        if !settings.get(toggle) {
            settings.clear(&param.spec);
        }
    }
}

/// Whether a parameter has an effect under these settings; others are hidden. A parameter says so itself; those of optimisers,
/// schedules and remedies need one that lists them to be chosen.
pub fn applies(spec: &ParamSpec, settings: &Settings) -> bool {
    let by_remedies = |spec: &ParamSpec| remedies::applies(remedies::ALL, spec, settings);
    let schedule = &remedies::SCHEDULE_KIND;
    // A schedule is chosen within a remedy.
    let of_schedule = schedules::params().any(|param| param.key == spec.key);
    spec.applies(settings)
        && by_remedies(spec)
        && cells::applies(spec, cell(settings))
        && optimizers::applies(spec, settings.get(&OPTIMIZER))
        && schedules::applies(spec, settings.get(schedule))
        && (!of_schedule || by_remedies(&schedule.spec))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The settings of these pairs, each of which is taken.
    pub(crate) fn settings(pairs: &[(&str, &str)]) -> Settings {
        let (settings, notices) = Settings::from_pairs(all(), pairs.iter().copied());
        assert!(notices.is_empty(), "{notices:?}");
        settings
    }
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
    fn a_parameter_of_a_schedule_needs_the_schedule_and_the_remedy_that_has_one() {
        let on = remedies::ALL.iter().find(|spec| spec.params.iter().any(|param| param.key == "schedule-kind"));
        let all = schedules::ALL.iter().skip(1).filter(|spec| !spec.params.is_empty());
        for schedule in all {
            let mut settings = Settings::default();
            settings.set_text(&remedies::SCHEDULE_KIND.spec, schedule.slug);
            assert!(schedule.params.iter().all(|param| !applies(param, &settings)), "{}", schedule.slug);
            settings.set_text(&on.expect("a remedy has the schedules").toggle.spec, "1");
            for param in schedules::params() {
                let listed = schedule.params.iter().any(|listed| listed.key == param.key);
                assert_eq!(applies(param, &settings), listed, "{} {}", schedule.slug, param.key);
            }
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
