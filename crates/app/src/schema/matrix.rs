//! M of chapters 1 and 2, whose eigenvalues the symmetric recurrent matrix of chapter 3 has too.
use super::group::Group;
use vanishing_core::param::{Choice, Param, Settings};
use vanishing_core::spectral::Family;

/// In the order of addresses.
pub(super) const GROUP: Group = Group {
    slug: "matrix",
    title: "The matrix",
    params: &[
        &FAMILY.spec,
        &SIZE.spec,
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
        &SEED.spec,
    ],
};

/// n: the rows of M. More than [`BY_HAND`] only where a rule, or an opened network, makes the eigenvalues.
pub static SIZE: Param<usize> = Param::count("size", "matrix size", 4, 2, 64)
    .symbol("n")
    .help("The number of rows of M, and of its eigenvalues. Chosen by hand: up to 8.");

/// How many eigenvalues can be chosen by hand.
pub const BY_HAND: usize = 8;

/// Where the eigenvalues of M come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Each has its slider, [`EIGENVALUES`].
    ByHand,
    /// A rule makes all of them from λ₁.
    Rule(Family),
    /// The symmetric part of the network that was opened; as by hand while there is none.
    Opened,
}

const SOURCES: [(Choice, Source); 7] = [
    (Choice { slug: "by-hand", label: "chosen by hand" }, Source::ByHand),
    (Choice { slug: "geometric", label: "geometric: λᵢ = λ₁ rⁱ⁻¹" }, Source::Rule(Family::Geometric)),
    (Choice { slug: "linear", label: "linear: from r λ₁ down to 0" }, Source::Rule(Family::Linear)),
    (Choice { slug: "two-level", label: "two-level: all others r λ₁" }, Source::Rule(Family::TwoLevel)),
    (Choice { slug: "random-symmetric", label: "random symmetric" }, Source::Rule(Family::RandomSymmetric)),
    (
        Choice { slug: "positive-semidefinite", label: "random positive semi-definite" },
        Source::Rule(Family::PositiveSemidefinite),
    ),
    (Choice { slug: "own", label: "of the opened network" }, Source::Opened),
];

static FAMILIES: [Choice; SOURCES.len()] = {
    let mut choices = [SOURCES[0].0; SOURCES.len()];
    let mut i = 0;
    while i < choices.len() {
        choices[i] = SOURCES[i].0;
        i += 1;
    }
    choices
};

/// Where the eigenvalues of M come from under these settings.
pub fn source(settings: &Settings) -> Source {
    let chosen = settings.get(&FAMILY);
    SOURCES.iter().find(|(choice, _)| choice.slug == chosen).map_or(Source::ByHand, |(_, source)| *source)
}

/// Where the eigenvalues come from.
pub static FAMILY: Param<&'static str> = Param::choice("family", "eigenvalues", "by-hand", &FAMILIES)
    .help(
        "Choose each eigenvalue by hand, or all of them by a rule from λ₁ and the gap, up to n = 64. Of a network that you opened: those of the symmetric part (W + Wᵀ)/2 of its first block, the 64 largest.",
    );

/// r = |λ₂/λ₁|, in 0..=1, for the rules that have a gap.
pub static RATE: Param<f64> = Param::real("rate", "ratio of the first two", 0.9, 0.0, 1.0, 0.001)
    .symbol("r")
    .help("r = |λ₂/λ₁|: the smaller it is, the wider the gap and the faster the alignment.")
    .applies(|settings| matches!(source(settings), Source::Rule(family) if family.uses_rate()));

/// s: the studies get the eigenvalues of M + s I.
pub static SHIFT: Param<f64> = Param::real("shift", "shift", 0.0, -2.0, 2.0, 0.01)
    .symbol("s")
    .help("Replace M by M + s I: every eigenvalue moves by s, the eigenvectors stay.");

/// Whether the eigenvalue of that number, from 1, is chosen: the rules, and the opened network, have λ₁ alone.
fn has_slider(number: usize, settings: &Settings) -> bool {
    number == 1 || source(settings) == Source::ByHand && number <= settings.get(&SIZE).min(BY_HAND)
}

macro_rules! eigenvalue {
    ($number:literal, $symbol:literal, $default:literal) => {
        Param::real(concat!("eigenvalue-", $number), concat!("eigenvalue ", $number), $default, -1.5, 1.5, 0.01)
            .aliases(&[concat!("lambda-", $number)])
            .symbol($symbol)
            .help("An eigenvalue of M: its k-th power is an eigenvalue of M to the power k.")
            .applies(|settings| has_slider($number, settings))
    };
}

/// λ_1 .. λ_8 in the order of the sliders, not of their sizes; M takes the first n of them.
pub static EIGENVALUES: [Param<f64>; 8] = [
    eigenvalue!(1, "λ₁", 1.05),
    eigenvalue!(2, "λ₂", 0.9),
    eigenvalue!(3, "λ₃", -0.7),
    eigenvalue!(4, "λ₄", 0.4),
    eigenvalue!(5, "λ₅", 0.3),
    eigenvalue!(6, "λ₆", -0.2),
    eigenvalue!(7, "λ₇", 0.1),
    eigenvalue!(8, "λ₈", 0.05),
];

/// Draws everything of chapters 1 to 3 but the random starts, which have a seed of their own.
pub static SEED: Param<u64> = Param::seed("seed", "seed", 1)
    .hotkey('s')
    .help("Draws the eigenvectors, the start vector, the other weights, the inputs and the target.");
