//! What the forward pass did: how far the units are saturated, and how far the gates are open.
use crate::bptt::LayerPassage;
use crate::network::Network;
use crate::order;

/// One block of the cell over time, t = 1..=T; the values of all units.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockOverTime {
    /// The gate's symbol; h for the state of a plain cell.
    pub symbol: &'static str,
    /// Its name.
    pub name: &'static str,
    /// (mean, 10 % quantile, 90 % quantile) over the units.
    pub spread: Vec<[f64; 3]>,
}

/// (1/H) Σ_j φ'(a_tj) at t = 1..=T, of the block that makes the new state: what a step's activation leaves of a gradient
/// on average. For LSTM and GRU, of the candidate.
pub fn mean_slope(network: &Network, layer: &LayerPassage) -> Vec<f64> {
    let Some(place) = network.cell.blocks.iter().position(|block| !block.gate) else { return Vec::new() };
    let slope = network.cell.blocks[place].slope;
    let n = network.hidden_size;
    let mean = |row: &[f64]| row[place * n..(place + 1) * n].iter().map(|value| slope(*value)).sum::<f64>() / n as f64;
    layer.blocks.chunks_exact(network.cell.gates * n).map(mean).collect()
}

/// Every gate over time; none for a plain cell.
pub fn gates(network: &Network, layer: &LayerPassage) -> Vec<BlockOverTime> {
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
