//! What of the gradient at the last state comes back along the state's own path through the gates, and by no other way.
//!
//! ```text
//! LSTM   p_t = (f_{t+1} ⊙ f_{t+2} ⊙ … ⊙ f_T) ⊙ dL/dc_T      one of the terms of dL/dc_t
//! GRU    p_t = (z_{t+1} ⊙ z_{t+2} ⊙ … ⊙ z_T) ⊙ dL/dh_T      one of the terms of dL/dh_t
//! ```
//!
//! The other terms pass through W_hh at least once. They may be larger than this one, and may cancel part of it. With
//! W_hh = 0 and a loss at the last step alone there are none. The constant error carousel of Hochreiter and Schmidhuber,
//! "Long short-term memory" (1997), is this path with f = 1.
use crate::bptt::LayerPass;
use crate::math;
use crate::network::{Network, log10_sum_of_squares};

/// log10 ‖p_t‖ at t = 0..=T, from the gates of this very pass; empty for cells whose state has no such path.
///
/// `detached`: the time of the state at which truncated backpropagation stops; nothing reaches it and the states before
/// it. 0 where the gradient is followed to the start. Logarithms are added, so that no product underflows.
pub fn log10_norms(network: &Network, layer: &LayerPass, detached: usize) -> Vec<f64> {
    let Some(gate) = network.cell.carry_gate() else { return Vec::new() };
    let last =
        if network.cell.has_cell_state { Some(&layer.last_cell_gradient) } else { layer.hidden_gradients.last() };
    let Some(last) = last else { return Vec::new() };
    let (n, gates) = (network.hidden_size, network.cell.gates);
    let shift = last.exponent as f64 * std::f64::consts::LOG10_2;
    let mut sizes: Vec<f64> = last.values.iter().map(|x| math::log10(x.abs()) + shift).collect();
    let mut norms = vec![log10_sum_of_squares(sizes.iter().copied())];
    for (t, step) in layer.blocks.chunks_exact(gates * sizes.len()).enumerate().rev() {
        for (row, sizes) in step.chunks_exact(gates * n).zip(sizes.chunks_exact_mut(n)) {
            for (size, open) in sizes.iter_mut().zip(&row[gate * n..]) {
                *size += math::log10(*open);
            }
        }
        let is_cut = detached > 0 && t <= detached;
        norms.push(if is_cut { f64::NEG_INFINITY } else { log10_sum_of_squares(sizes.iter().copied()) });
    }
    norms.reverse();
    norms
}

#[cfg(test)]
mod tests {
    use super::super::gradients::{self, Pass};
    use super::super::network::tests::config;
    use crate::cells::{self, CellSpec};
    use crate::math;
    use crate::param::{Settings, Value};
    use crate::remedies;
    use crate::training::params;

    /// A pass with gates that differ from unit to unit and from step to step.
    fn pass(kind: &str, gain: f64, cell: &'static CellSpec, steps: usize, forget_bias: f64) -> Pass {
        let mut config = config(kind, cell, 2);
        config.recurrence.recipe.gain = gain;
        config.sequence_length = steps;
        config.forget_bias = forget_bias;
        gradients::run(&config).plain
    }

    #[test]
    fn of_a_small_lstm_it_is_the_product_of_the_forget_gates_times_the_gradient_at_the_end() {
        let found = pass("gaussian", 2.0, &cells::LSTM, 3, 0.5);
        let top = found.backward_pass.top();
        let dh = top.hidden_gradients[3].unscaled();
        // blocks: i f g o of step t, two units each; cell: c_0 .. c_3.
        let block = |t: usize, place: usize, unit: usize| top.blocks[(t - 1) * 8 + place * 2 + unit];
        let dc = [0, 1].map(|unit| {
            let squashed = math::tanh(top.cell[3 * 2 + unit]);
            dh[unit] * block(3, 3, unit) * (1.0 - squashed * squashed)
        });
        let f = |t: usize, unit: usize| block(t, 1, unit);
        let products = [
            [0, 1].map(|unit| f(1, unit) * f(2, unit) * f(3, unit)),
            [0, 1].map(|unit| f(2, unit) * f(3, unit)),
            [0, 1].map(|unit| f(3, unit)),
            [1.0, 1.0],
        ];
        for (t, product) in products.iter().enumerate() {
            let expected = math::log10(math::hypot(product[0] * dc[0], product[1] * dc[1]));
            assert!((found.gate_path_log10[t] - expected).abs() < 1e-13, "{t}: {:?}", found.gate_path_log10);
        }
        assert!(f(1, 0) != f(1, 1) && f(1, 0) != f(2, 0));
    }

    #[test]
    fn of_a_small_gru_it_is_the_product_of_the_update_gates_times_the_gradient_at_the_end() {
        let found = pass("gaussian", 2.0, &cells::GRU, 2, 0.0);
        let top = found.backward_pass.top();
        let dh = top.hidden_gradients[2].unscaled();
        let z = |t: usize, unit: usize| top.blocks[(t - 1) * 6 + 2 + unit];
        let of = |unit: usize| z(1, unit) * z(2, unit) * dh[unit];
        assert!((found.gate_path_log10[0] - math::log10(math::hypot(of(0), of(1)))).abs() < 1e-13);
    }

    #[test]
    fn without_a_recurrent_matrix_there_is_no_other_way() {
        for bias in [-2.0, 0.0, 3.0] {
            let found = pass("gaussian", 0.0, &cells::LSTM, 60, bias);
            let total = &found.backward_pass.top().cell_gradient_log10;
            assert_eq!(total.len(), found.gate_path_log10.len());
            assert!(total.iter().zip(&found.gate_path_log10).all(|(total, path)| (total - path).abs() < 1e-12));
        }
        let found = pass("gaussian", 0.0, &cells::GRU, 60, 0.0);
        assert!(found.state_gradient_log10().iter().zip(&found.gate_path_log10).all(|(a, b)| (a - b).abs() < 1e-12));
        // With one there are: the curves begin together and part.
        let found = pass("gaussian", 2.0, &cells::LSTM, 60, 1.0);
        let total = &found.backward_pass.top().cell_gradient_log10;
        assert!((total[60] - found.gate_path_log10[60]).abs() < 1e-12);
        assert!((total[0] - found.gate_path_log10[0]).abs() > 0.1);
    }

    #[test]
    fn it_never_grows_on_its_way_back_and_does_not_underflow() {
        for cell in [&cells::LSTM, &cells::GRU] {
            let found = pass("gaussian", 3.0, cell, 200, 1.0);
            assert!(found.gate_path_log10.windows(2).all(|pair| pair[0] <= pair[1]), "{cell:?}");
        }
        let found = pass("gaussian", 1.0, &cells::LSTM, 200, -30.0);
        assert!((-2_700.0..-2_500.0).contains(&found.gate_path_log10[0]), "{}", found.gate_path_log10[0]);
        assert!(pass("gaussian", 1.0, &cells::TANH, 20, 0.0).gate_path_log10.is_empty());
    }

    #[test]
    fn it_ends_where_truncation_stops() {
        let mut config = config("gaussian", &cells::LSTM, 4);
        let (mut settings, notices) = Settings::from_pairs(params::all(), [("truncation-window", "10")]);
        assert!(notices.is_empty(), "{notices:?}");
        settings.set(&remedies::find("truncation").expect("a remedy").toggle.spec, Value::Flag(true));
        config.remedies = settings;
        let study = gradients::run(&config);
        let treated = study.treated.as_ref().expect("a remedy is on");
        let reached = |values: &[f64]| values.iter().map(|x| x.is_finite()).collect::<Vec<_>>();
        let total = &treated.backward_pass.top().cell_gradient_log10;
        assert_eq!(reached(&treated.gate_path_log10), reached(total));
        assert_eq!(treated.gate_path_log10[51..], study.plain.gate_path_log10[51..]);
        assert!(!treated.gate_path_log10[50].is_finite() && treated.gate_path_log10[51].is_finite());
    }
}
