//! How large a file and a network may be.
use crate::words::bytes;
use vanishing_core::network::Network;
use vanishing_core::studies::opened::MOST_PARAMETERS;

/// The most hidden units of a network.
pub const MOST_UNITS: usize = 4096;
/// The most memory that a network may take with all that is found of it: a page has 4 GB at the most, of which other things need
/// some, and an array has to be in one piece.
pub const MOST_MEMORY: u64 = if cfg!(target_arch = "wasm32") { 1 << 30 } else { 8 << 30 };
/// The largest JSON file, in bytes.
pub const LARGEST_JSON: u64 = 32 << 20;
/// The largest header of a safetensors file, in bytes.
pub const LARGEST_HEADER: u64 = 8 << 20;
/// The most time steps of inputs in a file.
pub const MOST_STEPS: usize = 2000;

/// What a network is besides its sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// 2 where it also runs backwards in time, else 1.
    pub directions: usize,
    /// Numbers in its state: the units, unless it is projected.
    pub state_size: usize,
    /// Whether it is.
    pub is_projected: bool,
}

impl Form {
    /// That of a network in one direction whose states are not projected.
    pub fn plain(network: &Network) -> Self {
        Self { directions: 1, state_size: network.hidden_size, is_projected: false }
    }

    /// Whether the network is as small and as simple as those of the page.
    pub fn is_plain(self, network: &Network) -> bool {
        // With a readout that is the identity.
        let readout = self.directions as u128 * self.state_size as u128 * network.hidden_size as u128;
        self.directions == 1 && !self.is_projected && self.numbers(network) + readout <= MOST_PARAMETERS as u128
    }

    /// Numbers of the unit of a layer in one direction.
    fn of_unit(self, network: &Network, layer: usize) -> u128 {
        let [state, hidden, directions] = [self.state_size, network.hidden_size, self.directions].map(|x| x as u128);
        let inputs = if layer == 0 { network.input_size as u128 } else { directions * state };
        let projection = if self.is_projected { state * hidden } else { 0 };
        network.cell.gates as u128 * hidden * (inputs + state + 2) + projection
    }

    fn numbers(self, network: &Network) -> u128 {
        let above = self.of_unit(network, 1) * (network.layers as u128 - 1);
        self.directions as u128 * (self.of_unit(network, 0) + above)
    }

    /// What the network takes, in bytes: its weights as they were given, in the file and as double precision; the recurrent
    /// matrices of projected states; what a pass turns over of one layer, and what is looked at of the top layer's matrix; the
    /// gradient, if it is found.
    fn memory(self, network: &Network) -> u128 {
        let numbers = self.numbers(network);
        let square = network.cell.gates as u128 * network.hidden_size as u128 * network.hidden_size as u128;
        let units = self.directions as u128 * network.layers as u128;
        let effective = if self.is_projected { units * square } else { 0 };
        let largest = self.of_unit(network, 0).max(self.of_unit(network, network.layers - 1)) + effective / units;
        let gradient = if numbers <= MOST_PARAMETERS as u128 { 2 * (numbers + effective) } else { 0 };
        4 * numbers + 8 * (numbers + effective + largest + square + gradient)
    }
}

/// Refuses what would not fit, before anything is made of these sizes.
pub fn check_sizes(network: &Network, form: Form) -> Result<(), String> {
    check(network, form, MOST_MEMORY)
}

fn check(network: &Network, form: Form, most: u64) -> Result<(), String> {
    if network.hidden_size > MOST_UNITS {
        return Err(format!("it has {} hidden units; at most {MOST_UNITS} are taken", network.hidden_size));
    }
    let memory = form.memory(network);
    if memory <= u128::from(most) {
        return Ok(());
    }
    let found = bytes(u64::try_from(memory).unwrap_or(u64::MAX));
    let elsewhere = if cfg!(target_arch = "wasm32") { "; the command line takes more" } else { "" };
    let numbers = form.numbers(network);
    Err(format!(
        "its recurrent network has {numbers} numbers and would take {found} of memory; at most {} are taken{elsewhere}",
        bytes(most)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanishing_core::cells::{LSTM, TANH};

    fn network(cell: &'static vanishing_core::cells::CellSpec, layers: usize, inputs: usize, hidden: usize) -> Network {
        let (input_size, hidden_size) = (inputs, hidden);
        Network {
            cell,
            layers,
            input_size,
            hidden_size,
            output_size: hidden_size,
            normalization: None,
            constants: cell.usual_constants(),
        }
    }

    /// What a page takes, and the command line.
    const PAGE: u64 = 1 << 30;
    const PROGRAM: u64 = 8 << 30;

    #[test]
    fn a_page_takes_what_one_gigabyte_holds_and_the_command_line_eight() {
        let takes = |network: Network, form: Form, most| check(&network, form, most).is_ok();
        let plain = |network: Network, most| takes(network, Form::plain(&network), most);
        assert!(plain(network(&TANH, 1, 256, 4096), PAGE));
        assert!(plain(network(&LSTM, 1, 1152, 1152), PAGE));
        assert!(!plain(network(&LSTM, 1, 512, 4096), PAGE) && plain(network(&LSTM, 1, 512, 4096), PROGRAM));
        // ELMo: two layers in both directions of 4096 units, projected to 512.
        let elmo = Form { directions: 2, state_size: 512, is_projected: true };
        assert!(!takes(network(&LSTM, 2, 512, 4096), elmo, PAGE) && takes(network(&LSTM, 2, 512, 4096), elmo, PROGRAM));
        assert!(!plain(network(&LSTM, 8, 4096, 4096), PROGRAM));
    }

    #[test]
    fn sizes_beyond_every_machine_are_one_sentence_and_no_overflow() {
        let huge = network(&LSTM, 1000, usize::MAX, 4096);
        let found = check(&huge, Form::plain(&huge), PROGRAM).expect_err("it is too large");
        assert!(found.contains("would take") && found.ends_with("at most 8.0 GB are taken"), "{found}");
        let wide = network(&TANH, 1, 1, 4097);
        assert_eq!(
            check(&wide, Form::plain(&wide), PROGRAM).expect_err("it is too large"),
            "it has 4097 hidden units; at most 4096 are taken"
        );
    }

    #[test]
    fn numbers_are_those_of_the_tensors() {
        let small = network(&LSTM, 2, 3, 5);
        assert_eq!(Form::plain(&small).numbers(&small), 20 * (3 + 5 + 2) + 20 * (5 + 5 + 2));
        let both = Form { directions: 2, state_size: 4, is_projected: true };
        assert_eq!(both.numbers(&small), 2 * (20 * (3 + 4 + 2) + 20) + 2 * (20 * (8 + 4 + 2) + 20));
    }
}
