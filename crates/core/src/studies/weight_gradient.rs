//! How much of dL/dW_hh each time step contributes.
//!
//! ```text
//! dL/dW_hh = Σ_t C_t,   C_t = dL/dv_t h_{t-1}ᵀ,   ‖C_t‖_F = ‖dL/dv_t‖ ‖h_{t-1}‖ (one sequence)
//! A_t = Σ_{s >= t} C_s: what truncated backpropagation over the last T - t + 1 steps would use
//! ```
use crate::bptt::LayerPass;
use crate::network::Network;
use crate::real::Real;
use crate::scaled::{Scaled, largest_magnitude, log10_norm};

/// Logarithms to base 10; index i is time step t = i + 1.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightGradient {
    /// log10 ‖C_t‖ at t = 1..=T: what time step t alone adds to dL/dW_hh.
    pub contribution: Vec<f64>,
    /// log10 ‖A_t‖ at t = 1..=T: the sum of what the steps from T down to t add.
    pub accumulated: Vec<f64>,
    /// log10 (‖dL/dW_hh - A_t‖ / ‖dL/dW_hh‖): the error that truncation before t would make; 0 means all of it.
    pub cut: Vec<f64>,
}

/// Of one layer, for one sequence.
pub fn of_layer(network: &Network, layer: &LayerPass) -> WeightGradient {
    let n = network.hidden_size;
    let steps = layer.recurrent_gradients.len();
    let state = |t: usize| &layer.hidden[t * n..(t + 1) * n];
    let norm = |values: &[f64]| log10_norm(values, 0);
    let contribution = (0..steps)
        .map(|i| layer.recurrent_gradients[i].log10_norm() + norm(state(i)))
        .map(not_a_number_is_zero)
        .collect();
    // Summed from both ends, so that neither is the difference of two large numbers.
    let size = network.cell.gates * n * n;
    let sums = |order: &mut dyn Iterator<Item = usize>| {
        let mut sum = Scaled::<f64>::zeros(size);
        let mut part = vec![0.0; size];
        let mut norms = vec![f64::NEG_INFINITY; steps];
        for i in order {
            let dv = &layer.recurrent_gradients[i];
            // A state may be as large as f64 allows: it goes with a power of two of its own.
            let exponent = largest_magnitude(state(i)).binary_exponent().unwrap_or(0);
            let factor = f64::ONE.scale_by_power_of_two(-exponent);
            for (row, d) in part.chunks_exact_mut(n).zip(&dv.values) {
                for (w, h) in row.iter_mut().zip(state(i)) {
                    *w = d * (h * factor);
                }
            }
            sum.add(&part, dv.exponent + exponent);
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

/// 0 times infinity, in logarithms.
fn not_a_number_is_zero(log10: f64) -> f64 {
    if log10.is_nan() { f64::NEG_INFINITY } else { log10 }
}

#[cfg(test)]
mod tests {
    use super::super::gradients;
    use super::super::network::tests::config;
    use super::*;
    use crate::bptt::{self, Truncation};
    use crate::cells;
    use crate::network::index;

    #[test]
    fn what_is_accumulated_is_the_gradient_of_truncated_backpropagation() {
        for cell in cells::ALL {
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
                assert!((accumulated - expected).abs() < 1e-12, "{cell:?} {window}: {accumulated} {expected}");
            }
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
