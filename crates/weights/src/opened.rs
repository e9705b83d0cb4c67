//! What a file turned out to hold.
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
    /// What the reader should know of it: other networks in the file, directions that are left out.
    pub remarks: Vec<String>,
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
