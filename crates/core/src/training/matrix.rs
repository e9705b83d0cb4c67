//! The parameters of the recurrent matrix: what it is at first, in training and wherever else its network is looked at.
//!
//! A symmetric matrix, and a general one, are made from eigenvalues that are chosen; the others from random numbers. Either has
//! a spectral radius, which scales it as a whole ([`SPECTRAL_RADIUS`]).
use crate::math;
use crate::menus;
use crate::param::{Choice, Param, Settings, Value};
use crate::random::Stream;
use crate::recurrent::{self, Ingredient, Recipe, RecurrentSpec, symmetric_spectrum};
use crate::spectral::{Family, spectrum};

/// H: units of the state of each layer, and rows of each block of W_hh; an LSTM has as many again in its cell state.
pub static HIDDEN_SIZE: Param<usize> = Param::count("hidden-size", "hidden units", 32, 1, 256)
    .fine_until(64)
    .aliases(&["H", "size"])
    .symbol("H")
    .help("The number of units of each layer's state, and so of the rows of the recurrent matrix M.");

/// Draws everything that is random but the starts of chapter 2: weights, sequences, targets, each from a stream of its own.
pub static SEED: Param<u64> = Param::seed("seed", "seed", 1)
    .hotkey('s')
    .help("Draws the eigenvectors, the other weights, and every sequence: the same seed is the same run.");

/// The kind of W_hh at first, by the slug of `recurrent`; each gate has a block of its own.
pub static RECURRENT: Param<&'static str> =
    Param::choice("recurrent", "recurrent matrix", "symmetric", &menus::MATRICES)
        .symbol("W")
        .help("How Wₕₕ is made at first; in a cell with gates, each gate has such a matrix of its own.");

/// The kind that is chosen.
pub fn kind(settings: &Settings) -> &'static RecurrentSpec {
    recurrent::find(settings.get(&RECURRENT)).unwrap_or(recurrent::ALL[0])
}

/// Whether the matrix that is chosen changes with this part of the recipe.
pub fn uses(ingredient: Ingredient, settings: &Settings) -> bool {
    kind(settings).uses(ingredient)
}

/// Whether its eigenvalues are chosen, and not drawn.
pub fn has_chosen_spectrum(settings: &Settings) -> bool {
    uses(Ingredient::Eigenvalues, settings) || uses(Ingredient::Pairs, settings)
}

/// How many eigenvalues can be chosen by hand.
pub const BY_HAND: usize = 8;

/// Where the eigenvalues of a symmetric matrix come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Each has its slider, [`EIGENVALUES`].
    ByHand,
    /// A rule makes all of them from λ₁.
    Rule(Family),
    /// The symmetric part of a network that was opened; as by hand while there is none.
    Opened,
}

const SOURCES: [(Choice, Source); 8] = [
    (Choice { slug: "by-hand", label: "custom" }, Source::ByHand),
    (Choice { slug: "even", label: "even: spread over ± r λ₁" }, Source::Rule(Family::Even)),
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

/// Where the eigenvalues come from under these settings.
pub fn source(settings: &Settings) -> Source {
    let chosen = settings.get(&FAMILY);
    SOURCES.iter().find(|(choice, _)| choice.slug == chosen).map_or(Source::ByHand, |(_, source)| *source)
}

/// Where the eigenvalues of a symmetric matrix come from.
pub static FAMILY: Param<&'static str> = Param::choice("family", "eigenvalues", "by-hand", &FAMILIES)
    .help(
        "Choose the first eight eigenvalues by hand (the rest are spread evenly within the smallest of them), or all by a rule from λ₁ and the gap. Of a network that you opened: those of the symmetric part (W + Wᵀ)/2 of its first block.",
    );

/// r = |λ₂/λ₁|, in 0..=1, for the rules that have a gap.
pub static RATE: Param<f64> = Param::real("rate", "ratio of the first two", 0.9, 0.0, 1.0, 0.001)
    .symbol("r")
    .help("r = |λ₂/λ₁|: the smaller it is, the wider the gap and the faster the alignment.")
    .applies(|settings| matches!(source(settings), Source::Rule(family) if family.uses_rate()));

/// s: the symmetric matrix is M + s I.
pub static SHIFT: Param<f64> = Param::real("shift", "shift", 0.0, -2.0, 2.0, 0.01)
    .symbol("s")
    .help("Replace M by M + s I: every eigenvalue moves by s, the eigenvectors stay.");

/// Whether the eigenvalue of that number, from 1, is chosen: the rules, and the opened network, have λ₁ alone.
fn has_slider(number: usize, settings: &Settings) -> bool {
    number == 1 || source(settings) == Source::ByHand && number <= settings.get(&HIDDEN_SIZE).min(BY_HAND)
}

macro_rules! eigenvalue {
    ($number:literal, $symbol:literal, $default:literal) => {
        Param::real(concat!("eigenvalue-", $number), concat!("eigenvalue ", $number), $default, -3.0, 3.0, 0.01)
            .aliases(&[concat!("lambda-", $number)])
            .symbol($symbol)
            .help("An eigenvalue of M: its k-th power is an eigenvalue of M to the power k.")
            .applies(|settings| has_slider($number, settings))
    };
}

/// λ_1 .. λ_8 in the order of the sliders, not of their sizes; M takes the first H of them.
pub static EIGENVALUES: [Param<f64>; BY_HAND] = [
    eigenvalue!(1, "λ₁", 1.05),
    eigenvalue!(2, "λ₂", 0.9),
    eigenvalue!(3, "λ₃", -0.7),
    eigenvalue!(4, "λ₄", 0.4),
    eigenvalue!(5, "λ₅", -0.9),
    eigenvalue!(6, "λ₆", -0.8),
    eigenvalue!(7, "λ₇", 0.8),
    eigenvalue!(8, "λ₈", 0.7),
];

/// How many pairs of eigenvalues the recurrent matrix has room for; in an odd number of rows the last is one eigenvalue.
pub fn room_for_pairs(settings: &Settings) -> usize {
    settings.get(&HIDDEN_SIZE).div_ceil(2)
}

/// Whether the matrix that is chosen has the pair of that number, from 1.
fn has_pair(number: usize, settings: &Settings) -> bool {
    uses(Ingredient::Pairs, settings) && number <= room_for_pairs(settings)
}

macro_rules! pair {
    ($number:literal, $re:literal, $im:literal) => {
        (
            Param::real(
                concat!("pair-", $number, "-re"),
                concat!("pair ", $number, ", real part"),
                $re,
                -3.0,
                3.0,
                0.01,
            )
            .help("The real part of a pair of eigenvalues of the general recurrent matrix.")
            .applies(|settings| has_pair($number, settings)),
            Param::real(
                concat!("pair-", $number, "-im"),
                concat!("pair ", $number, ", imaginary part"),
                $im,
                -3.0,
                3.0,
                0.01,
            )
            .help("The imaginary part of the pair, ± this; at 0 the pair is a double real eigenvalue.")
            .applies(|settings| has_pair($number, settings)),
        )
    };
}

/// Real and imaginary part of the chosen pairs of eigenvalues of the general matrix; it takes [`room_for_pairs`].
pub static PAIRS: [(Param<f64>, Param<f64>); 3] = [pair!(1, 0.7, 0.6), pair!(2, 0.9, 0.0), pair!(3, -0.5, 0.5)];

/// Henrici's departure from normality of the general matrix; 0 is a normal one.
pub static DEPARTURE: Param<f64> = Param::real("departure", "departure from normality", 0.0, 0.0, 20.0, 0.1)
    .help(
        "How far the general matrix is from a normal one: the size of what stands above the diagonal of its Schur form.",
    )
    .applies(|settings| uses(Ingredient::Departure, settings));

/// g, the factor before the kinds of matrix that have one.
pub static GAIN: Param<f64> = Param::real("gain", "gain", 1.0, 0.0, 5.0, 0.01)
    .symbol("g")
    .help("The factor before the random, the orthogonal or the identity matrix.")
    // Scaled, the matrix forgets its factor.
    .applies(|settings| uses(Ingredient::Gain, settings) && !settings.get(&RESCALE));

/// Whether the matrix is multiplied by a number at first, so that [`SPECTRAL_RADIUS`] is its largest |λ|.
pub static RESCALE: Param<bool> = Param::flag("rescale", "set the spectral radius", false)
    .help("Scale the recurrent matrix at first so that its largest |λ| is what you say.");

/// ρ: the largest |λ| that each block of W_hh is scaled to at first. Choosing it chooses [`RESCALE`].
pub static SPECTRAL_RADIUS: Param<f64> = Param::real("spectral-radius", "spectral radius", 1.0, 0.0, 3.0, 0.01)
    .symbol("ρ")
    .help("The largest |λ| that the recurrent matrix starts with: moving it scales all eigenvalues.");

/// The eigenvalues of the symmetric matrix that are chosen, or made by a rule, in the order in which they were chosen; the shift
/// and the scale are in them. `opened`: those of an opened network, if it has any.
pub fn eigenvalues(settings: &Settings, opened: Option<&[f64]>) -> Vec<f64> {
    let mut chosen = unscaled(settings, opened);
    let scale = scale(settings, Ingredient::Eigenvalues, chosen.iter().map(|lambda| lambda.abs()));
    chosen.iter_mut().for_each(|lambda| *lambda *= scale);
    chosen
}

fn unscaled(settings: &Settings, opened: Option<&[f64]>) -> Vec<f64> {
    let (size, shift) = (settings.get(&HIDDEN_SIZE), settings.get(&SHIFT));
    let chosen: Vec<f64> = match (source(settings), opened) {
        (Source::Opened, Some(opened)) => opened.to_vec(),
        (Source::Rule(family), _) => {
            let leading = settings.get(&EIGENVALUES[0]);
            let mut stream = Stream::new(settings.get(&SEED), "spectrum");
            spectrum(family, size, leading, settings.get(&RATE), &mut stream)
        }
        (Source::ByHand | Source::Opened, _) => {
            EIGENVALUES.iter().take(size).map(|param| settings.get(param)).collect()
        }
    };
    chosen.into_iter().map(|lambda| lambda + shift).collect()
}

/// The factor that the scale asks for; 1 where none is asked for, of what the matrix is not made from, and where all magnitudes
/// are 0.
fn scale(settings: &Settings, of: Ingredient, magnitudes: impl Iterator<Item = f64>) -> f64 {
    let factor = settings.get(&SPECTRAL_RADIUS) / magnitudes.fold(0.0, f64::max);
    if settings.get(&RESCALE) && uses(of, settings) && factor.is_finite() { factor } else { 1.0 }
}

/// The chosen pairs of the general matrix, as many as it has room for, and scaled.
fn pairs(settings: &Settings) -> Vec<(f64, f64)> {
    let chosen = PAIRS.iter().take(room_for_pairs(settings));
    let mut pairs: Vec<(f64, f64)> = chosen.map(|(re, im)| (settings.get(re), settings.get(im))).collect();
    let scale = scale(settings, Ingredient::Pairs, pairs.iter().map(|(re, im)| math::hypot(*re, *im)));
    pairs.iter_mut().for_each(|(re, im)| (*re, *im) = (*re * scale, *im * scale));
    pairs
}

/// What the matrix is made from.
pub fn recipe(settings: &Settings) -> Recipe {
    Recipe {
        gain: settings.get(&GAIN),
        eigenvalues: eigenvalues(settings, None),
        pairs: pairs(settings),
        departure: settings.get(&DEPARTURE),
    }
}

/// The spectral radius that a matrix is scaled to once it is made; `None` for one whose chosen eigenvalues are scaled already
/// ([`recipe`]), and where none is asked for.
pub fn spectral_radius(settings: &Settings) -> Option<f64> {
    (settings.get(&RESCALE) && !has_chosen_spectrum(settings)).then(|| settings.get(&SPECTRAL_RADIUS))
}

/// All H eigenvalues of M: those of [`eigenvalues`], then those that fill the rest ([`symmetric_spectrum`]).
pub fn spectrum_of_m(settings: &Settings) -> Vec<f64> {
    symmetric_spectrum(&eigenvalues(settings, None), settings.get(&HIDDEN_SIZE))
}

/// The largest |λ| of a matrix whose eigenvalues are chosen; `None` for the others.
pub fn chosen_radius(settings: &Settings) -> Option<f64> {
    let largest = |magnitudes: &mut dyn Iterator<Item = f64>| magnitudes.fold(0.0, f64::max);
    if uses(Ingredient::Eigenvalues, settings) {
        Some(largest(&mut eigenvalues(settings, None).iter().map(|lambda| lambda.abs())))
    } else if uses(Ingredient::Pairs, settings) {
        Some(largest(&mut pairs(settings).iter().map(|(re, im)| math::hypot(*re, *im))))
    } else {
        None
    }
}

/// Works the scale into the eigenvalues that are chosen by hand, to three digits behind the point: the matrix stays, and each of
/// them can be moved by itself.
pub fn unfold_scale(settings: &mut Settings) {
    if !settings.get(&RESCALE) || !has_chosen_spectrum(settings) {
        return;
    }
    let scaled = in_scale(settings);
    for (param, value) in scaled {
        settings.set(&param.spec, Value::Real(value));
    }
    settings.clear(&RESCALE.spec);
    settings.clear(&SPECTRAL_RADIUS.spec);
}

/// The parameters of chosen eigenvalues, with the values at which an unscaled matrix would be the one there is.
pub fn in_scale(settings: &Settings) -> Vec<(&'static Param<f64>, f64)> {
    let rounded = |x: f64| ((1_000.0 * x).round() / 1_000.0).clamp(-3.0, 3.0);
    if !settings.get(&RESCALE) || !has_chosen_spectrum(settings) {
        return Vec::new();
    }
    if uses(Ingredient::Pairs, settings) {
        let scaled = PAIRS.iter().zip(pairs(settings));
        return scaled.flat_map(|((re, im), (x, y))| [(re, rounded(x)), (im, rounded(y))]).collect();
    }
    let shift = settings.get(&SHIFT);
    let count = if source(settings) == Source::ByHand { BY_HAND } else { 1 };
    let scaled = EIGENVALUES.iter().take(count).zip(eigenvalues(settings, None));
    scaled.map(|(param, lambda)| (param, rounded(lambda - shift))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::Trainer;
    use crate::training::params::tests::settings;

    #[test]
    fn the_spectral_radius_scales_every_chosen_eigenvalue_and_what_fills_the_rest() {
        for kind in ["symmetric", "spectrum", "orthogonal", "gaussian"] {
            for (radius, text) in [(0.0, "0"), (0.5, "0.5"), (3.0, "3")] {
                let chosen = settings(&[("recurrent", kind), ("rescale", "1"), ("spectral-radius", text)]);
                let found = Trainer::new(&chosen).spectrum().radius;
                assert!((found - radius).abs() < 1e-5, "{kind} {radius}: {found}");
            }
        }
        let (plain, scaled) = (settings(&[]), settings(&[("rescale", "1"), ("spectral-radius", "2.1")]));
        for (lambda, twice) in spectrum_of_m(&plain).iter().zip(spectrum_of_m(&scaled)) {
            assert!((2.0 * lambda - twice).abs() < 1e-14, "{lambda} {twice}");
        }
    }

    #[test]
    fn a_scale_that_is_worked_into_the_eigenvalues_leaves_the_matrix_as_it_was() {
        for pairs in [
            &[("rescale", "1"), ("spectral-radius", "2")][..],
            &[("rescale", "1"), ("spectral-radius", "0.3"), ("shift", "0.5")],
            &[("rescale", "1"), ("spectral-radius", "2"), ("recurrent", "spectrum")],
            &[("rescale", "1"), ("spectral-radius", "2"), ("family", "geometric"), ("eigenvalue-1", "-0.5")],
        ] {
            let scaled = settings(pairs);
            let mut unfolded = scaled.clone();
            unfold_scale(&mut unfolded);
            assert!(!unfolded.get(&RESCALE) && !unfolded.is_chosen(&SPECTRAL_RADIUS.spec));
            let (before, after) = (recipe(&scaled), recipe(&unfolded));
            let close = |a: f64, b: f64| (a - b).abs() < 2e-3;
            assert!(before.eigenvalues.iter().zip(&after.eigenvalues).all(|(a, b)| close(*a, *b)), "{pairs:?}");
            assert!(
                before.pairs.iter().zip(&after.pairs).all(|(a, b)| close(a.0, b.0) && close(a.1, b.1)),
                "{pairs:?}"
            );
        }
    }

    #[test]
    fn what_is_not_scaled_stays_as_it_is() {
        let mut plain = settings(&[("eigenvalue-1", "0.7")]);
        let before = plain.clone();
        unfold_scale(&mut plain);
        assert_eq!(plain, before);
        assert_eq!(chosen_radius(&plain), Some(0.9));
        assert_eq!(chosen_radius(&settings(&[("recurrent", "gaussian")])), None);
        let zero = settings(&[("eigenvalue-1", "0"), ("hidden-size", "1"), ("rescale", "1"), ("spectral-radius", "2")]);
        assert_eq!(spectrum_of_m(&zero), [0.0]);
    }

    #[test]
    fn the_symmetric_matrix_is_the_recurrent_one_of_every_first_layer() {
        let chosen = settings(&[("hidden-size", "6")]);
        let config = crate::studies::MatrixConfig { eigenvalues: spectrum_of_m(&chosen), seed: 1 };
        let weights = Trainer::new(&chosen).weights().tensors[1].values.clone();
        let matrix = config.build().matrix;
        let single: Vec<f32> = (0..36).map(|i| matrix[(i / 6, i % 6)] as f32).collect();
        assert_eq!(weights, single);
    }
}
