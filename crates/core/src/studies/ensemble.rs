//! Many random starts: how their angles spread, and how many of them are aligned.
use crate::math;
use crate::order::select;
use crate::random::Stream;
use crate::shares::wilson;
use crate::spectral::{self, EnsemblePower, order_by_magnitude};

/// Which spectrum, how many starts, how far.
#[derive(Clone, Debug, PartialEq)]
pub struct EnsembleConfig {
    /// The spectrum, in any order.
    pub eigenvalues: Vec<f64>,
    /// Draws the starts.
    pub seed: u64,
    /// How many vectors x are drawn.
    pub starts: usize,
    /// The powers k, rising.
    pub ks: Vec<u64>,
    /// τ: aligned means tan θ_k <= τ.
    pub tangent: f64,
}

/// The starts at one k.
#[derive(Clone, Debug, PartialEq)]
pub struct EnsemblePoint {
    /// k: how often M was multiplied, from 0.
    pub k: u64,
    /// log10 θ_k at the quantiles 5, 25, 50, 75 and 95 %; NaN where M^k x = 0.
    pub quantiles: [f64; 5],
    /// The share of aligned starts, with its 95 % interval (Wilson): low, share, high. NaN where M^k x = 0.
    pub aligned: [f64; 3],
}

/// How many random starts align with v_1, over k.
#[derive(Clone, Debug, PartialEq)]
pub struct EnsembleStudy {
    /// |<x, v_1>| of every start.
    pub overlaps: Vec<f64>,
    /// In the order of the configuration.
    pub points: Vec<EnsemblePoint>,
    /// log10 θ_k of the first few starts, over the same k.
    pub paths: Vec<Vec<f64>>,
}

/// Single paths that are kept.
const PATHS: usize = 4;
const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Runs the starts.
pub fn run(config: &EnsembleConfig) -> EnsembleStudy {
    let order = order_by_magnitude(&config.eigenvalues);
    let eigenvalues: Vec<f64> = order.iter().map(|i| config.eigenvalues[*i]).collect();
    let mut stream = Stream::new(config.seed, "starts");
    let found = spectral::ensemble(&eigenvalues, &config.ks, config.starts, &mut stream);
    let log10_tau = math::log10(config.tangent);
    let path =
        |s: usize| found.powers.iter().map(|power| super::log10_angle(power.log10_tan(power.squares[s]))).collect();
    let paths = (0..PATHS.min(config.starts)).map(path).collect();
    let points = config.ks.iter().zip(found.powers).map(|(k, power)| point(*k, power, log10_tau)).collect();
    EnsembleStudy { overlaps: found.overlaps, points, paths }
}

fn point(k: u64, power: EnsemblePower, log10_tau: f64) -> EnsemblePoint {
    if power.rate_log10.is_nan() || power.squares.iter().any(|x| x.is_nan()) {
        return EnsemblePoint { k, quantiles: [f64::NAN; 5], aligned: [f64::NAN; 3] };
    }
    let limit = power.square_of(log10_tau);
    let hits = power.squares.iter().filter(|x| **x <= limit).count();
    let count = power.squares.len();
    // The bits of numbers that are not negative are in the order of the numbers.
    let mut bits: Vec<u64> = power.squares.iter().map(|x| x.to_bits()).collect();
    let mut quantiles = [f64::NAN; 5];
    // From the upper end, each among what lies below the one before.
    let mut below = count;
    for (quantile, q) in quantiles.iter_mut().zip(QUANTILES).rev() {
        let index = (q * count.saturating_sub(1) as f64).round() as usize;
        if index < below {
            select(&mut bits[..below], index);
            below = index;
        }
        *quantile = bits.get(index).map_or(f64::NAN, |bits| f64::from_bits(*bits));
    }
    let quantiles = quantiles.map(|square| super::log10_angle(power.log10_tan(square)));
    EnsemblePoint { k, quantiles, aligned: wilson(hits, count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_in_order_and_fall_with_k() {
        let config = EnsembleConfig {
            eigenvalues: vec![0.5, -1.0, 0.9],
            seed: 1,
            starts: 301,
            ks: vec![0, 10, 1_000, 100_000],
            tangent: 0.1,
        };
        let found = run(&config);
        for point in &found.points {
            assert!(point.quantiles.windows(2).all(|pair| pair[0] <= pair[1]), "{point:?}");
        }
        assert!(found.points.windows(2).all(|pair| pair[1].quantiles[2] < pair[0].quantiles[2]));
        // 0.9^100000: far below the smallest double.
        assert!(found.points[3].quantiles[2] < -4_000.0);
        assert_eq!((found.overlaps.len(), found.paths.len()), (301, 4));
    }
}
