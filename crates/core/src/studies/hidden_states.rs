//! What the forward pass did: how far the units are saturated, and how far the gates are open.
use crate::bptt::LayerPass;
use crate::network::Network;
use crate::order;

/// One block of the cell over time, t = 1..=T; the values of all units.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockOverTime {
    /// The gate's symbol; h for the state of a plain cell.
    pub symbol: &'static str,
    /// The gate's name in words: `forget gate`.
    pub name: &'static str,
    /// (mean, 10 % quantile, 90 % quantile) over the units.
    pub spread: Vec<[f64; 3]>,
}

/// (1/H) Σ_j φ'(a_tj) at t = 1..=T, of the block that makes the new state: what a step's activation leaves of a gradient
/// on average. For LSTM and GRU, of the candidate.
pub fn mean_slope(network: &Network, layer: &LayerPass) -> Vec<f64> {
    let Some(place) = network.cell.blocks.iter().position(|block| !block.gate) else { return Vec::new() };
    let slope = network.cell.blocks[place].slope;
    let n = network.hidden_size;
    let mean = |row: &[f64]| row[place * n..(place + 1) * n].iter().map(|value| slope(*value)).sum::<f64>() / n as f64;
    layer.blocks.chunks_exact(network.cell.gates * n).map(mean).collect()
}

/// Every gate over time; none for a plain cell.
pub fn gates(network: &Network, layer: &LayerPass) -> Vec<BlockOverTime> {
    let n = network.hidden_size;
    let of_block = |(place, block): (usize, &crate::cells::Block)| {
        let rows = layer.blocks.chunks_exact(network.cell.gates * n);
        let spread = rows.map(|row| {
            let values = order::sorted(&row[place * n..(place + 1) * n]);
            let quantile = |q: f64| values[((n - 1) as f64 * q + 0.5) as usize];
            [values.iter().sum::<f64>() / n as f64, quantile(0.1), quantile(0.9)]
        });
        BlockOverTime { symbol: block.symbol, name: block.name, spread: spread.collect() }
    };
    network.cell.blocks.iter().enumerate().filter(|(_, block)| block.gate).map(of_block).collect()
}

#[cfg(test)]
mod tests {
    use super::super::gradients;
    use super::super::network::tests::config;
    use super::*;
    use crate::cells;

    #[test]
    fn the_mean_slope_stays_under_the_bound_of_the_activation_and_is_one_in_a_linear_cell() {
        for cell in cells::ALL {
            let study = gradients::run(&config("gaussian", cell, 6));
            let slopes = mean_slope(&study.network, study.plain.backward_pass.top());
            assert_eq!(slopes.len(), 60);
            assert!(slopes.iter().all(|slope| *slope <= cell.derivative_bound.unwrap_or(1.0)), "{cell:?}");
            assert!(cell.slug != "linear" || slopes.iter().all(|slope| *slope == 1.0));
        }
    }

    #[test]
    fn gates_are_between_zero_and_one_and_a_forget_bias_opens_the_forget_gate() {
        let forget = |bias: f64| {
            let mut config = config("gaussian", &cells::LSTM, 6);
            config.forget_bias = bias;
            let study = gradients::run(&config);
            let gates = gates(&study.network, study.plain.backward_pass.top());
            assert_eq!(gates.iter().map(|gate| gate.symbol).collect::<Vec<_>>(), ["i", "f", "o"]);
            for [mean, low, high] in gates.iter().flat_map(|gate| &gate.spread) {
                assert!(0.0 <= *low && low <= high && *high <= 1.0 && (0.0..=1.0).contains(mean));
            }
            gates[1].spread.iter().map(|spread| spread[0]).sum::<f64>() / 60.0
        };
        assert!(forget(-1.0) < 0.35 && forget(3.0) > 0.9);
        let plain = gradients::run(&config("gaussian", &cells::TANH, 6));
        assert!(gates(&plain.network, plain.plain.backward_pass.top()).is_empty());
    }
}
