//! What is timed, natively and in a browser: `cargo xtask bench`. Each case returns a number made of all its results, so
//! that none of the work can be left out.

use vanishing_core::random::Stream;
use vanishing_core::spectral::alignment_probability;
use vanishing_core::studies::ensemble::{self, EnsembleConfig};

const SIZE: usize = 64;

/// No eigenvalue so much smaller than λ_2 that its powers are left out within 100 steps.
fn eigenvalues() -> Vec<f64> {
    (0..SIZE).map(|i| 1.1 - 0.005 * i as f64).collect()
}

/// 1,000 random starts in 64 dimensions through 100 steps: every angle, their quantiles and the shares that are aligned.
pub fn ensemble_of_starts() -> f64 {
    let config =
        EnsembleConfig { eigenvalues: eigenvalues(), seed: 1, starts: 1_000, ks: (1..=100).collect(), tangent: 0.1 };
    ensemble::run(&config).points.iter().map(|point| point.quantiles[2] + point.aligned[1]).sum()
}

/// The exact probability of alignment at 100 powers in 64 dimensions.
pub fn probability_curve() -> f64 {
    let eigenvalues = eigenvalues();
    (1..=100).filter_map(|k| alignment_probability(&eigenvalues, 0, 0.1, k)).map(|found| found.p).sum()
}

/// The random numbers of the first case alone.
pub fn normal_draws() -> f64 {
    Stream::new(1, "bench").normals(1_000 * SIZE).iter().sum()
}
