//! What was reported of the networks that learn a text.
use std::sync::Arc;
use vanishing_core::text::{Baselines, Corpus, Reach};

/// The cells that read side by side: slug and name.
pub const CELLS: [(&str, &str); 3] = [("rnn", "RNN"), ("lstm", "LSTM"), ("gru", "GRU")];

/// One network.
#[derive(Clone, Debug, PartialEq)]
pub struct TextLane {
    /// Its cell: slug and name.
    pub cell: (&'static str, &'static str),
    /// Updates that were reported.
    pub updates: u64,
    /// Bits a character on what is held out, after so many updates.
    pub bits: Vec<(u64, f64)>,
    /// How it continues the text, at the last look.
    pub sample: String,
    /// How far back it looks, at the last look.
    pub reach: Option<Reach>,
    /// The update at which it became non-finite.
    pub broke: Option<u64>,
}

impl TextLane {
    fn new(cell: (&'static str, &'static str)) -> Self {
        Self { cell, updates: 0, bits: Vec::new(), sample: String::new(), reach: None, broke: None }
    }
}

/// All of them, and the text.
#[derive(Clone, Debug, PartialEq)]
pub struct TextRuns {
    /// The text.
    pub corpus: Arc<Corpus>,
    /// What counts cost on what is held out of it.
    pub baselines: Baselines,
    /// A network for each cell.
    pub lanes: [TextLane; CELLS.len()],
    /// The update at which each ends.
    pub until: u64,
}

impl TextRuns {
    /// Before the first update.
    pub fn new(corpus: Arc<Corpus>, baselines: Baselines, until: u64) -> Self {
        Self { corpus, baselines, lanes: CELLS.map(TextLane::new), until }
    }

    /// All networks as before their first update.
    pub fn forget(&mut self) {
        self.lanes = CELLS.map(TextLane::new);
    }

    /// Whether anything was looked at.
    pub fn has_begun(&self) -> bool {
        self.lanes.iter().any(|lane| !lane.bits.is_empty())
    }
}
