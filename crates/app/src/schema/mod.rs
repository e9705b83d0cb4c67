//! Every parameter of the page, in the order in which it stands in an address: one file for each group.
//!
//! The address, the controls, the help, the command line flags and the tests are folds over [`all`]. A former key is
//! kept as an alias: old links never die. When a parameter has an effect stands beside it.
mod alignment;
mod cliff;
mod conflicts;
mod group;
pub mod guesses;
mod iterated;
mod laboratory;
mod matrix;
mod network;
mod opening;
mod page;
mod powers;

use std::sync::OnceLock;
use vanishing_core::param::{ParamSpec, Value, each_once};
use vanishing_core::{cells, optimizers, remedies, schedules};

pub use alignment::{
    ALIGNED_WHEN, DELTA, EPSILON, START, START_ACROSS, START_ALONG, START_DEPTH, START_SEED, STARTS, is_chosen,
};
pub use cliff::{CLIFF_B, CLIFF_RATE, CLIFF_STEP, CLIFF_THRESHOLD, CLIFF_W};
pub use conflicts::conflicts;
pub use group::Group;
pub use iterated::{ITERATED_KAPPA, ITERATED_START, ITERATED_TIMES};
pub use laboratory::{
    EVIDENCE_ORDER, LANE, LANES, NEVER, READ_LENGTH, READ_UNITS, READ_UPDATES, SEEDS, STOP_LOSS, STOP_STEP, tries,
};
pub use matrix::{
    BY_HAND, DEPARTURE, EIGENVALUES, FAMILY, GAIN, HIDDEN_SIZE, PAIRS, RATE, RECURRENT, RESCALE, SEED, SHIFT,
    SPECTRAL_RADIUS, Source, is_eigenvalue, is_of_m, room_for_pairs, source, uses,
};
pub use network::{
    ACTIVATION, BATCH_SIZE, CELL, INPUT_NOISE, INPUTS, LAYERS, LEARNING_RATE, LOSS_AT, NOISE, OF_TASK, OPTIMIZER,
    OWN_INPUTS, SEQUENCE_LENGTH, START_NORM, TASK, TIME, ZERO, cell, task,
};
pub use opening::OPENING_GAIN;
pub use page::{BEAT, NOTHING, OWN_LESSON, PRESENT, SHORTCUTS, THEME, TIMING, WORKERS};
pub use powers::{HORIZON, POWER};

/// All groups but the remedies, whose parameters stand in core's registry, and the guesses.
pub static GROUPS: &[Group] = &[
    opening::GROUP,
    iterated::GROUP,
    matrix::GROUP,
    powers::GROUP,
    alignment::GROUP,
    network::GROUP,
    network::SEQUENCE,
    network::TRAINING,
    laboratory::GROUP,
    cliff::GROUP,
    page::GROUP,
];

/// What cells, optimisers, remedies and schedules add to the parameters of training, each once.
pub fn added() -> impl Iterator<Item = &'static ParamSpec> {
    each_once(|| cells::params().chain(optimizers::params()).chain(remedies::params()).chain(schedules::params()))
}

/// What a change of this parameter chooses besides: dragging the start means choosing it by hand, and moving the spectral radius
/// that the matrix has it.
pub fn implied(spec: &ParamSpec) -> Option<(&'static ParamSpec, Value)> {
    if scales(spec.key) { Some((&RESCALE.spec, Value::Flag(true))) } else { alignment::implied(spec) }
}

/// Whether a parameter scales the matrix as a whole: without it the matrix has such a value all the same.
pub fn scales(key: &str) -> bool {
    matrix::scales(key)
}

/// Every parameter, in the order of addresses.
pub fn all() -> &'static [&'static ParamSpec] {
    static ALL: OnceLock<Vec<&'static ParamSpec>> = OnceLock::new();
    ALL.get_or_init(|| {
        let tries = tries().iter().map(|(_, flag)| &flag.spec);
        GROUPS
            .iter()
            .flat_map(|group| group.params.iter().copied())
            .chain(added())
            .chain(tries)
            .chain(guesses::params())
            .collect()
    })
}

/// Whether a parameter is a guess at an exercise, or says that it is compared: the reader's own, which no copied link holds.
pub fn is_answer(key: &str) -> bool {
    key.starts_with("guess-") || key.starts_with("compare-")
}

/// Whether a parameter says how the page draws its network: it has no effect on one that is opened from a file.
pub fn draws_network(key: &str) -> bool {
    let of_matrix = matrix::GROUP.params.iter().filter(|param| !matrix::is_of_m(param.key));
    let mut of_cells = cells::params();
    network::DRAWN.iter().chain(of_matrix).any(|param| param.key == key) || of_cells.any(|param| param.key == key)
}

/// Whether a parameter has an effect under these settings; others are hidden.
pub use vanishing_core::training::params::applies;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use vanishing_core::param::{Domain, Settings, Value};

    #[test]
    fn every_default_is_allowed() {
        for spec in all() {
            assert!(spec.allows(spec.default), "{}", spec.key);
        }
    }

    #[test]
    fn keys_and_aliases_are_unique_and_fit_an_address() {
        let mut seen = BTreeSet::new();
        for spec in all() {
            for name in std::iter::once(&spec.key).chain(spec.aliases) {
                assert!(seen.insert(*name), "{name} twice");
                assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{name}");
            }
            assert!(spec.key.chars().all(|c| !c.is_ascii_uppercase()), "{}", spec.key);
        }
    }

    #[test]
    fn every_parameter_explains_itself() {
        for spec in all() {
            assert!(!spec.label.is_empty() && spec.help.ends_with('.'), "{}", spec.key);
        }
    }

    #[test]
    fn old_links_still_work() {
        let (settings, notices) = Settings::from_pairs(all(), [("lambda-2", "0.5"), ("k", "7"), ("T", "20")]);
        assert!(notices.is_empty(), "{notices:?}");
        assert_eq!((settings.get(&EIGENVALUES[1]), settings.get(&POWER), settings.get(&SEQUENCE_LENGTH)), (0.5, 7, 20));
    }

    /// The settings as they are, and with each other choice that a remedy's parameters offer.
    fn with_every_choice(remedy: &remedies::RemedySpec, settings: &Settings) -> Vec<Settings> {
        let mut all = vec![settings.clone()];
        for param in remedy.params {
            if let Domain::Choice(choices) = param.domain {
                all.extend(choices.iter().map(|choice| {
                    let mut settings = settings.clone();
                    settings.set(param, Value::Choice(choice.slug));
                    settings
                }));
            }
        }
        all
    }

    #[test]
    fn every_parameter_of_a_remedy_needs_its_toggle() {
        for remedy in remedies::ALL {
            let mut settings = Settings::default();
            assert!(applies(&remedy.toggle.spec, &settings));
            assert!(remedy.params.iter().all(|param| !applies(param, &settings)), "{}", remedy.slug);
            settings.set(&remedy.toggle.spec, Value::Flag(true));
            let shown: Vec<BTreeSet<&str>> = with_every_choice(remedy, &settings)
                .iter()
                .map(|settings| {
                    remedy.params.iter().filter(|param| applies(param, settings)).map(|param| param.key).collect()
                })
                .collect();
            let ever: BTreeSet<&str> = shown.iter().flatten().copied().collect();
            assert_eq!(ever.len(), remedy.params.len(), "{}: {ever:?}", remedy.slug);
            assert!(shown.iter().all(|keys| remedy.params.is_empty() || !keys.is_empty()), "{}", remedy.slug);
        }
    }

    #[test]
    fn a_parameter_applies_where_what_it_belongs_to_is_chosen() {
        let shown = |query: &str| {
            let (settings, notices) = crate::parse_link(query);
            assert!(notices.is_empty(), "{notices:?}");
            all().iter().filter(|spec| applies(spec, &settings)).map(|spec| spec.key).collect::<BTreeSet<_>>()
        };
        let eigenvalues = |query| shown(query).iter().filter(|key| key.starts_with("eigenvalue-")).count();
        assert_eq!(
            (eigenvalues("size=3"), eigenvalues("hidden-size=64"), eigenvalues("family=linear&size=3")),
            (3, 8, 1)
        );
        let pairs = |query| shown(query).iter().filter(|key| key.starts_with("pair-")).count();
        let of_pairs = (pairs("recurrent=spectrum"), pairs("recurrent=spectrum&hidden-size=3"), pairs(""));
        assert_eq!(of_pairs, (6, 4, 0));
        let with = |query: &str, key: &str| shown(query).contains(key);
        assert!(with("family=two-level", "rate") && !with("", "rate") && !with("family=random-symmetric", "rate"));
        assert!(with("cell=lstm&forget-bias=2", "forget-bias") && !with("cell=lstm", "forget-bias"));
        assert!(with("", "activation") && !with("cell=lstm", "activation"));
        assert!(with("start=chosen&size=3", "start-depth") && !with("start=chosen", "start-depth"));
        assert!(with("inputs=noise", "input-noise") && !with("inputs=zero", "input-noise"));
        assert!(
            with("inputs=zero", "loss-at") && !with("task=adding", "loss-at") && !with("inputs=adding", "start-norm")
        );
        assert!(with("recurrent=gaussian", "gain") && !with("", "gain"));
    }
}
