//! How the recurrent matrix of chapter 3 is made.
use super::group::Group;
use super::network::HIDDEN_SIZE;
use vanishing_core::menus;
use vanishing_core::param::{Param, Settings};
use vanishing_core::recurrent::{self, Ingredient};

/// In the order of addresses.
pub(super) const GROUP: Group = Group {
    slug: "recurrence",
    title: "Its recurrent matrix",
    params: &[
        &RECURRENT.spec,
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
    ],
};

/// Whether the matrix that is chosen changes with this part of the recipe.
pub fn uses(ingredient: Ingredient, settings: &Settings) -> bool {
    recurrent::find(settings.get(&RECURRENT)).is_some_and(|kind| kind.uses(ingredient))
}

/// The kind of W_hh, by the slug of `recurrent`; each gate has a block of its own.
pub static RECURRENT: Param<&'static str> =
    Param::choice("recurrent", "recurrent matrix", "symmetric", &menus::MATRICES)
        .symbol("W")
        .help("How Wₕₕ is made; in a cell with gates, each gate has such a matrix of its own.");

/// g, the factor before the kinds of matrix that have one.
pub static GAIN: Param<f64> = Param::real("gain", "gain", 1.0, 0.0, 5.0, 0.01)
    .symbol("g")
    .help("The factor before the random, the orthogonal or the identity matrix.")
    .applies(|settings| uses(Ingredient::Gain, settings));

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
                -1.5,
                1.5,
                0.01,
            )
            .help("The real part of a pair of eigenvalues of the general recurrent matrix.")
            .applies(|settings| has_pair($number, settings)),
            Param::real(
                concat!("pair-", $number, "-im"),
                concat!("pair ", $number, ", imaginary part"),
                $im,
                -1.5,
                1.5,
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

/// Whether W_hh is multiplied by a number, so that [`SPECTRAL_RADIUS`] is its largest |λ|.
pub static RESCALE: Param<bool> = Param::flag("rescale", "set the spectral radius", false)
    .help("Scale the recurrent matrix so that its largest |λ| is what you say.");

/// ρ that W_hh is scaled to.
pub static SPECTRAL_RADIUS: Param<f64> = Param::real("spectral-radius", "spectral radius", 1.0, 0.0, 3.0, 0.01)
    .symbol("ρ")
    .help("The largest |λ| that the recurrent matrix is scaled to.")
    .applies(|settings| settings.get(&RESCALE));
