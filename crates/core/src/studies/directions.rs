//! Where powers of the recurrent matrix turn random vectors: the angle to its leading direction, on the way back.
//!
//! ```text
//! x_k = (Wᵀ)^k x_0,   tan θ_k = ‖part of x_k across the leading space‖ / ‖part along it‖
//! ```
//!
//! The leading space is the line of the leading eigenvector of Wᵀ, or the plane of a leading pair. Of a symmetric W the starts
//! are followed in its eigenbasis ([`super::ensemble`]), of others by multiplication.
use super::ensemble::{self, EnsembleConfig};
use super::network::RecurrenceConfig;
use super::recurrence::RecurrenceStudy;
use crate::math;
use crate::order::sorted;
use crate::random::Stream;
use crate::recurrent::Ingredient;
use crate::spectral::euclidean_norm;
use nalgebra::DMatrix;

/// Which matrix, and how far back.
#[derive(Clone, Debug, PartialEq)]
pub struct DirectionsConfig {
    /// The matrix is the first block of its top layer.
    pub recurrence: RecurrenceConfig,
    /// The largest k.
    pub steps: usize,
}

/// The angles of many starts, over k.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DirectionsStudy {
    /// log10 θ_k in radians at the quantiles 5, 25, 50, 75 and 95 %, for k = 0, 1, ...; empty where no direction leads.
    pub quantiles: Vec<[f64; 5]>,
    /// log10 θ_k of the first start.
    pub path: Vec<f64>,
    /// Whether it is a plane that leads, and not a line.
    pub is_plane: bool,
}

/// Starts of a symmetric matrix.
const STARTS: usize = 200;
/// Multiplications and additions that a study of another matrix may cost: it is made at every move of a hand.
const BUDGET: f64 = 2e6;
const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Follows the starts; `recurrence` is what was found of the matrix.
pub fn run(recurrence: &RecurrenceStudy, config: &DirectionsConfig) -> DirectionsStudy {
    let Some(leading) = &recurrence.leading else { return DirectionsStudy::default() };
    let is_plane = leading.basis.len() > 1;
    let symmetric = config.recurrence.kind.uses(Ingredient::Eigenvalues) && config.recurrence.opened.is_none();
    if symmetric && let [block] = &recurrence.blocks[..] {
        let found = ensemble::run(&EnsembleConfig {
            eigenvalues: block.eigenvalues.iter().map(|(re, _)| *re).collect(),
            seed: config.recurrence.seed,
            starts: STARTS,
            ks: (0..=config.steps as u64).collect(),
            tangent: 1.0,
        });
        let quantiles = found.points.iter().map(|point| point.quantiles).collect();
        return DirectionsStudy { quantiles, path: found.paths.into_iter().next().unwrap_or_default(), is_plane };
    }
    let blocks = config.recurrence.blocks(config.recurrence.layers.saturating_sub(1));
    let Some(block) = blocks.first() else { return DirectionsStudy::default() };
    multiplied(block, &leading.basis, config, is_plane)
}

fn multiplied(block: &DMatrix<f64>, basis: &[Vec<f64>], config: &DirectionsConfig, is_plane: bool) -> DirectionsStudy {
    let n = block.nrows();
    let step_cost = (n * n) as f64;
    let starts = (BUDGET / (step_cost * config.steps.max(1) as f64)).clamp(8.0, 100.0) as usize;
    let steps = config.steps.min((BUDGET / (step_cost * starts as f64)).max(8.0) as usize);
    let mut stream = Stream::new(config.recurrence.seed, "directions");
    let paths: Vec<Vec<f64>> = (0..starts)
        .map(|_| {
            let mut x = stream.unit_vector(n);
            let mut path = vec![log10_angle(&x, basis)];
            for _ in 0..steps {
                x = (0..n).map(|j| block.column(j).iter().zip(&x).map(|(w, x)| w * x).sum()).collect();
                let norm = euclidean_norm(&x);
                if norm > 0.0 && norm.is_finite() {
                    x.iter_mut().for_each(|x| *x /= norm);
                }
                path.push(if norm > 0.0 { log10_angle(&x, basis) } else { f64::NAN });
            }
            path
        })
        .collect();
    let quantiles = (0..=steps).map(|k| quantiles(&paths.iter().map(|path| path[k]).collect::<Vec<_>>()));
    DirectionsStudy { quantiles: quantiles.collect(), path: paths.into_iter().next().unwrap_or_default(), is_plane }
}

/// log10 of the angle between a vector and the space; small angles are as right as large ones.
fn log10_angle(x: &[f64], basis: &[Vec<f64>]) -> f64 {
    let mut across = x.to_vec();
    let mut squares = 0.0;
    for v in basis {
        let along: f64 = v.iter().zip(x).map(|(v, x)| v * x).sum();
        squares += along * along;
        across.iter_mut().zip(v).for_each(|(x, v)| *x -= along * v);
    }
    math::log10(math::atan(euclidean_norm(&across) / squares.sqrt()))
}

fn quantiles(angles: &[f64]) -> [f64; 5] {
    if angles.iter().any(|angle| angle.is_nan()) {
        return [f64::NAN; 5];
    }
    let sorted = sorted(angles);
    QUANTILES.map(|q| sorted[(q * (sorted.len() - 1) as f64).round() as usize])
}

#[cfg(test)]
mod tests {
    use super::super::network::tests::config;
    use super::super::recurrence;
    use super::*;
    use crate::cells;

    fn study(kind: &str, n: usize, steps: usize) -> DirectionsStudy {
        let recurrence = config(kind, &cells::LINEAR, n).recurrence;
        run(&recurrence::run(&recurrence), &DirectionsConfig { recurrence, steps })
    }

    #[test]
    fn a_symmetric_matrix_turns_random_vectors_at_the_rate_of_its_gap() {
        let found = study("symmetric", 6, 60);
        assert_eq!((found.quantiles.len(), found.path.len()), (61, 61));
        let slope = (found.quantiles[60][2] - found.quantiles[40][2]) / 20.0;
        assert!((slope - (0.9f64 / 1.05).log10()).abs() < 1e-3, "{slope}");
        assert!(found.quantiles.iter().all(|point| point.windows(2).all(|pair| pair[0] <= pair[1])));
    }

    #[test]
    fn a_general_matrix_turns_them_into_the_plane_of_its_leading_pair() {
        let found = study("spectrum", 6, 200);
        assert!(found.is_plane && found.quantiles.last().is_some_and(|last| last[4] < -3.0), "{found:?}");
    }

    #[test]
    fn where_nothing_leads_there_is_no_angle_and_a_large_matrix_is_followed_less_far() {
        assert_eq!(study("orthogonal", 5, 30), DirectionsStudy::default());
        assert_eq!(study("identity", 5, 30), DirectionsStudy::default());
        let large = study("gaussian", 120, 1_000);
        assert!(large.quantiles.is_empty() || large.quantiles.len() < 100, "{}", large.quantiles.len());
    }

    #[test]
    fn a_small_angle_is_as_right_as_a_large_one() {
        let basis = [vec![1.0, 0.0, 0.0]];
        for angle in [1e-12f64, 1e-3, 1.0] {
            let found = log10_angle(&[angle.cos(), 0.0, angle.sin()], &basis);
            assert!((found - angle.log10()).abs() < 1e-9, "{angle}: {found}");
        }
    }
}
