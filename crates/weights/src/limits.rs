//! How large a file and a network may be.
use vanishing_core::network::Network;

/// The most hidden units of a network.
pub const MOST_UNITS: usize = 1024;
/// The most numbers that a network may have: as f64 they take eight bytes each, and as many again for the gradient.
pub const MOST_NUMBERS: usize = 20_000_000;
/// The largest JSON file, in bytes.
pub const LARGEST_JSON: u64 = 32 << 20;
/// The largest header of a safetensors file, in bytes.
pub const LARGEST_HEADER: u64 = 8 << 20;
/// The most time steps of inputs in a file.
pub const MOST_STEPS: usize = 2000;

/// Refuses what would not fit, before anything is made of these sizes.
pub fn check_sizes(network: &Network) -> Result<(), String> {
    if network.hidden_size > MOST_UNITS {
        return Err(format!("it has {} hidden units; at most {MOST_UNITS} are taken", network.hidden_size));
    }
    let Network { cell, layers, input_size, hidden_size, output_size, .. } = *network;
    let product = |a: usize, b: usize| a.saturating_mul(b);
    let rows = product(cell.gates, hidden_size);
    let below = product(product(rows, hidden_size), layers.saturating_sub(1));
    let all = [
        product(rows, input_size),
        below,
        product(product(rows, hidden_size), layers),
        product(output_size, hidden_size),
    ];
    let numbers = all.into_iter().fold(0usize, usize::saturating_add);
    if numbers > MOST_NUMBERS {
        return Err(format!("its recurrent network has {numbers} numbers; at most {MOST_NUMBERS} are taken"));
    }
    Ok(())
}
