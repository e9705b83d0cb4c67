//! M, the recurrent matrix of the network: its parameters are those of training.
use super::group::Group;
use vanishing_core::training::matrix;

pub use vanishing_core::training::matrix::{
    BY_HAND, DEPARTURE, EIGENVALUES, FAMILY, GAIN, HIDDEN_SIZE, PAIRS, RATE, RECURRENT, RESCALE, SEED, SHIFT,
    SPECTRAL_RADIUS, Source, room_for_pairs, source, uses,
};

/// In the order of addresses.
pub(super) const GROUP: Group =
    Group { slug: "matrix", title: "The matrix", params: vanishing_core::training::params::OF_MATRIX };

/// What a change of the spectral radius chooses besides: that the matrix is scaled.
pub(super) fn scales(key: &str) -> bool {
    key == matrix::SPECTRAL_RADIUS.spec.key
}

/// Whether a parameter says how M is made, and no other kind of matrix: chapters 1 and 2 look at M whatever the network has.
pub fn is_of_m(key: &str) -> bool {
    let others = [&FAMILY.spec, &RATE.spec, &SHIFT.spec];
    others.into_iter().chain(EIGENVALUES.iter().map(|param| &param.spec)).any(|spec| spec.key == key)
}

/// Whether a parameter is an eigenvalue that is chosen by itself.
pub fn is_eigenvalue(key: &str) -> bool {
    let pairs = PAIRS.iter().flat_map(|(re, im)| [re, im]);
    EIGENVALUES.iter().chain(pairs).any(|param| param.spec.key == key)
}
