//! How much of dL/dW_hh each time step contributes.
//!
//! ```text
//! dL/dW_hh = Σ_t C_t,   C_t = dL/dv_t h_{t-1}ᵀ,   ‖C_t‖_F = ‖dL/dv_t‖ ‖h_{t-1}‖ (one sequence)
//! A_t = Σ_{s >= t} C_s: what truncated backpropagation over the last T - t + 1 steps would use
//! ```
//!
//! Of a cell that makes its recurrent matrix of W_hh, dL/dW is meant, that of the matrix which was made. A cell without one has zeros.
use crate::bptt::LayerPass;
use crate::dynamics;
use crate::network::Network;
use crate::real::Real;
use crate::scaled::{Scaled, largest_magnitude, log10_norm};
use nalgebra::DMatrix;

/// Logarithms to base 10; index i is time step t = i + 1.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightGradient {
    /// log10 ‖C_t‖ at t = 1..=T: what time step t alone adds to dL/dW_hh.
    pub contribution: Vec<f64>,
    /// log10 ‖A_t‖ at t = 1..=T: the sum of what the steps from T down to t add; empty of a matrix that is too large for sums
    /// ([`LARGEST_MATRIX`]).
    pub accumulated: Vec<f64>,
    /// log10 (‖dL/dW_hh - A_t‖ / ‖dL/dW_hh‖): the error that truncation before t would make; 0 means all of it.
    pub cut: Vec<f64>,
}

/// So many numbers of a matrix are summed over all steps where somebody waits for it.
pub const LARGEST_MATRIX: usize = 8 << 20;

/// Of one layer, for one sequence.
pub fn of_layer(network: &Network, layer: &LayerPass) -> WeightGradient {
    let n = network.hidden_size;
    let steps = layer.recurrent_gradients.len();
    let state = |t: usize| &layer.hidden[t * n..(t + 1) * n];
    let norm = |values: &[f64]| log10_norm(values, 0);
    if !network.cell.has_matrix() {
        let nothing = vec![f64::NEG_INFINITY; steps];
        return WeightGradient { contribution: nothing.clone(), accumulated: nothing.clone(), cut: nothing };
    }
    let contribution = (0..steps)
        .map(|i| layer.recurrent_gradients[i].log10_norm() + norm(state(i)))
        .map(not_a_number_is_zero)
        .collect();
    let size = network.cell.gates * n * n;
    if size > LARGEST_MATRIX {
        return WeightGradient { contribution, accumulated: Vec::new(), cut: Vec::new() };
    }
    // Summed from both ends, so that neither is the difference of two large numbers.
    let sums = |order: &mut dyn Iterator<Item = usize>| {
        let mut sum = Scaled::<f64>::zeros(size);
        let mut part = vec![0.0; size];
        let mut norms = vec![f64::NEG_INFINITY; steps];
        for i in order {
            let exponent = part_of_step(layer, n, i, &mut part);
            sum.add(&part, exponent);
            norms[i] = sum.log10_norm();
        }
        norms
    };
    let accumulated = sums(&mut (0..steps).rev());
    let from_the_start = sums(&mut (0..steps));
    let whole = accumulated.first().copied().unwrap_or(f64::NEG_INFINITY);
    let cut = (0..steps).map(|i| if i == 0 { f64::NEG_INFINITY } else { from_the_start[i - 1] - whole }).collect();
    WeightGradient { contribution, accumulated, cut }
}

/// Writes what step i + 1 adds; its exponent.
fn part_of_step(layer: &LayerPass, n: usize, i: usize, part: &mut [f64]) -> i64 {
    let (dv, state) = (&layer.recurrent_gradients[i], &layer.hidden[i * n..(i + 1) * n]);
    // A state may be as large as f64 allows: it goes with a power of two of its own.
    let exponent = largest_magnitude(state).binary_exponent().unwrap_or(0);
    let factor = f64::ONE.scale_by_power_of_two(-exponent);
    for (row, d) in part.chunks_exact_mut(n).zip(&dv.values) {
        for (w, h) in row.iter_mut().zip(state) {
            *w = d * (h * factor);
        }
    }
    dv.exponent + exponent
}

/// The largest cost of [`rank_one_share`], in multiplications: above it the answer would be waited for.
const LARGEST_COST: usize = 4_000_000;

/// The rank-one share σ₁² / ‖F‖² of what the first `t` steps add to dL/dW_hh, F = Σ_{s <= t} C_s, from 0 to 1: 1 if all of it is one
/// column times one row, so that the loss asks for one number about all these steps. `None` if `t` is 0 or beyond the last step, if F is
/// zero or not finite, or if the network is too large to be answered at once.
pub fn rank_one_share(network: &Network, layer: &LayerPass, t: usize) -> Option<f64> {
    let n = network.hidden_size;
    let size = network.cell.gates * n * n;
    if !network.cell.has_matrix()
        || t == 0
        || t > layer.recurrent_gradients.len()
        || size.saturating_mul(t + n) > LARGEST_COST
    {
        return None;
    }
    let mut sum = Scaled::<f64>::zeros(size);
    let mut part = vec![0.0; size];
    for i in 0..t {
        let exponent = part_of_step(layer, n, i, &mut part);
        sum.add(&part, exponent);
    }
    let largest = sum.values.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    if !largest.is_finite() || largest == 0.0 {
        return None;
    }
    let values: Vec<f64> = sum.values.iter().map(|x| x / largest).collect();
    let matrix = DMatrix::from_row_slice(network.cell.gates * n, n, &values);
    let norm = dynamics::spectral_norm(&matrix) / matrix.norm();
    Some((norm * norm).min(1.0))
}

/// 0 times infinity, in logarithms.
fn not_a_number_is_zero(log10: f64) -> f64 {
    if log10.is_nan() { f64::NEG_INFINITY } else { log10 }
}

#[cfg(test)]
mod tests {
    use super::super::gradients;
    use super::super::network::NetworkConfig;
    use super::super::network::tests::config;
    use super::*;
    use crate::bptt::{self, Truncation};
    use crate::cells::{self, Recurrence};
    use crate::network::index;

    #[test]
    fn what_is_accumulated_is_the_gradient_of_truncated_backpropagation() {
        for cell in cells::ALL.iter().filter(|cell| !matches!(cell.recurrence, Recurrence::Made(_))) {
            let config = config("gaussian", cell, 5);
            let prepared = config.prepare();
            let study = gradients::run(&config);
            let found = of_layer(&study.network, study.plain.backward_pass.top());
            for window in [1, 7, 60] {
                let truncated = bptt::truncated_study(
                    &prepared.network,
                    &prepared.weights,
                    &prepared.sequences,
                    Truncation::last(window),
                );
                let expected = truncated.gradient[index::W_HH].log10_norm();
                let accumulated = found.accumulated[60 - window];
                let nothing = accumulated == f64::NEG_INFINITY && expected == f64::NEG_INFINITY;
                assert_eq!(nothing, !cell.has_matrix(), "{cell:?}");
                assert!(
                    nothing || (accumulated - expected).abs() < 1e-12,
                    "{cell:?} {window}: {accumulated} {expected}"
                );
            }
        }
    }

    #[test]
    fn far_steps_add_a_matrix_of_nearly_rank_one_where_an_eigenvalue_leads_and_not_where_none_does() {
        let share = |config: &NetworkConfig, t| {
            let study = gradients::run(config);
            rank_one_share(&study.network, study.plain.backward_pass.top(), t)
        };
        let mut symmetric = config("symmetric", &cells::LINEAR, 6);
        symmetric.recurrence.recipe.eigenvalues = vec![1.0, 0.7, -0.5, 0.4, 0.3, 0.2];
        symmetric.sequence_length = 60;
        // 0.7^30 = 2e-5: every gradient before step 30 lies along v1 to about that.
        assert!(1.0 - share(&symmetric, 30).unwrap() < 1e-8);
        assert!(share(&symmetric, 60).unwrap() < 1.0 - 1e-6);
        let orthogonal = config("orthogonal", &cells::LINEAR, 6);
        assert!(share(&orthogonal, 30).unwrap() < 0.95, "{:?}", share(&orthogonal, 30));
        assert_eq!((share(&symmetric, 0), share(&symmetric, 61)), (None, None));
    }

    #[test]
    fn exercise_1_3_the_distance_from_rank_one_is_at_most_tan_epsilon_times_the_lengths_of_the_terms() {
        let mut config = config("symmetric", &cells::LINEAR, 8);
        config.recurrence.recipe.eigenvalues = vec![1.05, 0.9, -0.7, 0.4, -0.4, 0.3, -0.2, 0.1];
        config.sequence_length = 80;
        let study = gradients::run(&config);
        let recurrence = super::super::recurrence::run(&config.recurrence);
        let (layer, leading) = (study.plain.backward_pass.top(), recurrence.leading.expect("an eigenvalue leads"));
        for t in [20, 40, 60, 75] {
            let cosine = leading.cosine(&layer.hidden_gradients[t].values);
            let tangent = (1.0 - cosine * cosine).sqrt() / cosine;
            let found = of_layer(&study.network, layer);
            let lengths: f64 = found.contribution[..t].iter().map(|x| crate::math::powf(10.0, *x)).sum();
            // Of the sum itself: from the start up to t, as a share of the whole.
            let whole = crate::math::powf(10.0, found.accumulated[0]);
            let norm = whole * crate::math::powf(10.0, found.cut[t]);
            let share = rank_one_share(&study.network, layer, t).expect("a share");
            let distance = norm * (1.0 - share).sqrt();
            assert!(distance <= tangent * lengths * (1.0 + 1e-6), "{t}: {distance} {tangent} {lengths}");
        }
    }

    #[test]
    fn a_truncation_that_keeps_every_step_cuts_nothing_and_the_first_state_alone_is_its_own_contribution() {
        let study = gradients::run(&config("orthogonal", &cells::TANH, 4));
        let found = of_layer(&study.network, study.plain.backward_pass.top());
        assert_eq!(found.cut[0], f64::NEG_INFINITY);
        assert!((found.cut[1] - (found.contribution[0] - found.accumulated[0])).abs() < 1e-12);
        let last = found.contribution.len() - 1;
        assert!((found.contribution[last] - found.accumulated[last]).abs() < 1e-12);
    }
}
