//! Every parameter of the page, in the order in which it stands in an address.
//!
//! The address, the controls, the help, the command line flags and the tests are folds over [`all`]. A former key is
//! kept as an alias: old links never die.
use std::sync::OnceLock;
use vanishing_core::param::{Choice, Param, ParamSpec, Settings};
use vanishing_core::remedies;

/// Parameters that belong together, in their order on the page.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The name in documents and tests.
    pub slug: &'static str,
    /// The heading.
    pub title: &'static str,
    /// Its parameters.
    pub params: &'static [&'static ParamSpec],
}

/// n.
pub static SIZE: Param<usize> = Param::count("size", "matrix size", 4, 2, 8)
    .symbol("n")
    .help("The number of rows of M, which is also the number of hidden units of the network.");

macro_rules! eigenvalue {
    ($number:literal, $symbol:literal, $default:literal) => {
        Param::real(concat!("eigenvalue-", $number), concat!("eigenvalue ", $number), $default, -1.5, 1.5, 0.01)
            .aliases(&[concat!("lambda-", $number)])
            .symbol($symbol)
            .help("An eigenvalue of M: its k-th power is an eigenvalue of M to the power k.")
    };
}

/// λ_1 .. λ_8 in the order of the sliders; M takes the first n of them.
pub static EIGENVALUES: [Param<f64>; 8] = [
    eigenvalue!("1", "λ₁", 1.05),
    eigenvalue!("2", "λ₂", 0.9),
    eigenvalue!("3", "λ₃", -0.7),
    eigenvalue!("4", "λ₄", 0.4),
    eigenvalue!("5", "λ₅", 0.3),
    eigenvalue!("6", "λ₆", -0.2),
    eigenvalue!("7", "λ₇", 0.1),
    eigenvalue!("8", "λ₈", 0.05),
];

/// k.
pub static POWER: Param<usize> = Param::count("power", "power", 10, 0, 50)
    .aliases(&["k"])
    .symbol("k")
    .help("How often M is multiplied by itself; marked in every figure over k.");

/// T.
pub static SEQUENCE_LENGTH: Param<usize> = Param::count("sequence-length", "sequence length", 50, 1, 200)
    .aliases(&["T"])
    .symbol("T")
    .help("The number of time steps that the network runs, and that the gradient travels back.");

/// The seed of everything random.
pub static SEED: Param<u64> = Param::seed("seed", "seed", 1)
    .help("Draws the eigenvectors, the start vector, the other weights, the inputs and the target.");

static ACTIVATIONS: [Choice; 2] = [Choice { slug: "linear", label: "linear" }, Choice { slug: "tanh", label: "tanh" }];

/// φ.
pub static ACTIVATION: Param<&'static str> = Param::choice("activation", "activation", "linear", &ACTIVATIONS)
    .symbol("φ")
    .help("What each unit does with its sum: nothing (linear), or squash it between −1 and 1 (tanh).");

static THEMES: [Choice; 3] = [
    Choice { slug: "auto", label: "as the system" },
    Choice { slug: "light", label: "light" },
    Choice { slug: "dark", label: "dark" },
];

/// The colours of the page.
pub static THEME: Param<&'static str> =
    Param::choice("theme", "theme", "auto", &THEMES).help("Light or dark colours, or as the system is set.");

/// Whether redraws are marked with the User Timing API.
pub static TIMING: Param<bool> = Param::flag("timing", "timing", false)
    .help("Mark each update and each redraw with the User Timing API, for measuring.");

/// All groups but the remedies, whose parameters stand in core's registry.
pub static GROUPS: &[Group] = &[
    Group {
        slug: "matrix",
        title: "The matrix",
        params: &[
            &SIZE.spec,
            &EIGENVALUES[0].spec,
            &EIGENVALUES[1].spec,
            &EIGENVALUES[2].spec,
            &EIGENVALUES[3].spec,
            &EIGENVALUES[4].spec,
            &EIGENVALUES[5].spec,
            &EIGENVALUES[6].spec,
            &EIGENVALUES[7].spec,
            &SEED.spec,
        ],
    },
    Group { slug: "powers", title: "Its powers", params: &[&POWER.spec] },
    Group { slug: "network", title: "The network", params: &[&SEQUENCE_LENGTH.spec, &ACTIVATION.spec] },
    Group { slug: "page", title: "The page", params: &[&THEME.spec, &TIMING.spec] },
];

/// The parameters of the remedies: each toggle, followed by its own.
pub fn remedy_params() -> impl Iterator<Item = &'static ParamSpec> {
    remedies::ALL.iter().flat_map(|remedy| std::iter::once(&remedy.toggle.spec).chain(remedy.params.iter().copied()))
}

/// Every parameter, in the order of addresses.
pub fn all() -> &'static [&'static ParamSpec] {
    static ALL: OnceLock<Vec<&'static ParamSpec>> = OnceLock::new();
    ALL.get_or_init(|| GROUPS.iter().flat_map(|group| group.params.iter().copied()).chain(remedy_params()).collect())
}

/// Whether a parameter has an effect under these settings; others are hidden.
pub fn applies(spec: &ParamSpec, settings: &Settings) -> bool {
    let eigenvalue = EIGENVALUES.iter().position(|param| param.spec.key == spec.key);
    let beyond_size = eigenvalue.is_some_and(|index| index >= settings.get(&SIZE));
    let of_absent_remedy = remedies::ALL
        .iter()
        .any(|remedy| remedy.params.iter().any(|param| param.key == spec.key) && !settings.get(remedy.toggle));
    !beyond_size && !of_absent_remedy
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

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
}
