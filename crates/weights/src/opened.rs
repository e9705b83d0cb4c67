//! What a file turned out to hold.
use vanishing_core::cells::CellSpec;
use vanishing_core::studies::opened::OpenedNetwork;

/// A network from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// The name of the file.
    pub name: String,
    /// The network, and what the file has to run it on: from JSON everything, from safetensors inputs alone.
    pub network: OpenedNetwork,
    /// Every tensor of the file.
    pub found: Vec<Found>,
    /// What the reader should know of it: what was chosen, what was made of other tensors, what was left out.
    pub remarks: Vec<String>,
    /// What of the reader's own was not taken (inputs or targets that do not fit), and why: a mistake, where nobody reads
    /// remarks.
    pub unfit: Vec<String>,
    /// All recurrent networks of the file, by their prefixes; empty for a case in JSON.
    pub networks: Vec<FoundNetwork>,
    /// Which of them was opened.
    pub chosen: usize,
    /// The layers of the file that could read this network's output.
    pub readouts: Vec<FoundReadout>,
}

/// What to open of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The prefix of the network; the largest, if none is named.
    pub network: Option<String>,
    /// The prefix of the layer that reads its output.
    pub readout: Option<String>,
}

/// A recurrent network of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundNetwork {
    /// What stands before its tensors' names: `encoder.rnn.`.
    pub prefix: String,
    /// Its cell, if the shape of weight_hh says which.
    pub cell: Option<&'static CellSpec>,
    /// Its layers.
    pub layers: usize,
    /// Whether it reads in both directions.
    pub bidirectional: bool,
    /// Columns of the first layer's weight_ih; 0 if there is none.
    pub input_size: usize,
    /// Columns of the first layer's weight_hh, or of weight_hr if its state is projected.
    pub hidden_size: usize,
    /// How many numbers it has.
    pub numbers: usize,
}

/// A linear layer of the file that could read a network's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundReadout {
    /// What stands before its tensors' names: `fc.`.
    pub prefix: String,
    /// Features of what it puts out.
    pub output_size: usize,
    /// Whether the file's `target` can be compared with what it puts out; without a target nothing is.
    pub fits: bool,
    /// Whether it is what the `target` is compared with.
    pub used: bool,
}

/// A tensor of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name in the file.
    pub name: String,
    /// Its shape, from the slowest dimension to the fastest.
    pub shape: Vec<usize>,
    /// The type of its numbers.
    pub kind: String,
    /// Whether it is part of what was opened.
    pub used: bool,
}
