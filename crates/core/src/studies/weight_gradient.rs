//! How much of dL/dW_hh each time step contributes.
//!
//! ```text
//! dL/dW_hh = Σ_t C_t,   C_t = dL/dv_t h_{t-1}ᵀ,   ‖C_t‖_F = ‖dL/dv_t‖ ‖h_{t-1}‖ (one sequence)
//! A_t = Σ_{s >= t} C_s: what truncated backpropagation over the last T - t + 1 steps would use
//! ```
use crate::bptt::LayerPassage;
use crate::network::Network;
use crate::scaled::{Scaled, log10_norm};

/// Logarithms to base 10; index i is time step t = i + 1.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightGradient {
    /// log10 ‖C_t‖.
    pub contribution: Vec<f64>,
    /// log10 ‖A_t‖.
    pub accumulated: Vec<f64>,
    /// log10 (‖dL/dW_hh - A_t‖ / ‖dL/dW_hh‖): the error that truncation before t would make; 0 means all of it.
    pub cut: Vec<f64>,
}

/// Of one layer, for one sequence.
pub fn of_layer(network: &Network, layer: &LayerPassage) -> WeightGradient {
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
            for (row, d) in part.chunks_exact_mut(n).zip(&dv.values) {
                for (w, h) in row.iter_mut().zip(state(i)) {
                    *w = d * h;
                }
            }
            sum.add(&part, dv.exponent);
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
