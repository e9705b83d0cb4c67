//! What the figures show: a typed configuration in, plain data out.
//!
//! A study is pure: equal configurations give equal results, bit for bit, so a configuration is the key under which a
//! result is kept. Studies of one matrix share it: each has `run(config)`, and `run_on(matrix, config)` for a matrix
//! that is already there.
pub mod alignment;
mod block_spectra;
pub mod cliff;
pub mod diagnosis;
pub mod directions;
pub mod ensemble;
pub mod gate_path;
pub mod gradients;
pub mod hidden_states;
pub mod iterated;
pub mod jacobians;
pub mod matrix_power;
pub mod network;
pub mod opened;
mod passes;
pub mod powers;
pub mod probability;
pub mod recurrence;
pub mod stacked;
pub mod weight_gradient;

use crate::math;
use crate::param::Domain;
use crate::random::Stream;
use crate::spectral::SymmetricMatrix;

/// M: what all studies start from.
#[derive(Clone, Debug, PartialEq)]
pub struct MatrixConfig {
    /// The chosen spectrum, in any order.
    pub eigenvalues: Vec<f64>,
    /// The seed of Q, whose columns are the eigenvectors.
    pub seed: u64,
}

impl MatrixConfig {
    /// M = Q diag(λ) Qᵀ: with all eigenvalues of a symmetric W_hh, that of the first layer and its first gate.
    pub fn build(&self) -> SymmetricMatrix {
        SymmetricMatrix::new(&self.eigenvalues, &mut Stream::new(self.seed, &network::matrix_stream(0)))
    }
}

/// The powers that a figure over k shows: each up to 50, then in steps of about 4 %, up to and with `largest`.
pub fn ladder(largest: u64) -> Vec<u64> {
    // The stops of the slider that sets k: what it can stop at is what is shown.
    let max = largest as i64;
    let stops = Domain::Int { min: 0, max, fine_until: EVERY_POWER_UNTIL as i64 }.slider_stops();
    stops.unwrap_or_else(|| (0..=max).collect()).into_iter().map(|k| k as u64).collect()
}

/// The same with `k` among them.
pub fn ladder_with(k: u64, largest: u64) -> Vec<u64> {
    let mut ks = ladder(largest.max(k));
    if let Err(place) = ks.binary_search(&k) {
        ks.insert(place, k);
    }
    ks
}

/// Up to here every power is shown.
const EVERY_POWER_UNTIL: u64 = 50;

/// log10 θ from log10 tan θ: the same number below 1e-8.
pub fn log10_angle(log10_tan: f64) -> f64 {
    if log10_tan < -8.0 { log10_tan } else { math::log10(math::atan(math::exp(log10_tan * math::LN_10))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_has_every_power_up_to_fifty_and_ends_at_the_largest() {
        assert_eq!(ladder(3), [0, 1, 2, 3]);
        let long = ladder(1_000);
        assert_eq!((long[50], long[51], long.last()), (50, 52, Some(&1_000)));
        assert!(ladder_with(59, 100).contains(&59) && ladder_with(70, 50).last() == Some(&70));
        assert!(long.len() < 130 && long.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn a_right_angle_is_the_largest() {
        assert!((log10_angle(f64::INFINITY) - (math::PI / 2.0).log10()).abs() < 1e-15);
        assert_eq!(log10_angle(-300.0), -300.0);
    }
}
