//! Networks from files: what a file is, which recurrent network it holds, and that network ready to be run.
//!
//! Two formats. **safetensors**: a state dict with the tensors of PyTorch's `nn.RNN`, `nn.LSTM` or `nn.GRU` (or of one of
//! their cells) under any prefix, in one or several layers; besides them, a tensor `input` of shape (T, input size) is what
//! the network is run on. **JSON**: the format of the project's reference cases, weights with inputs and targets.
//!
//! Whoever has the file hands over the parts that are asked for, so that a file of gigabytes is never held in memory as a
//! whole; [`Reading`] says which. Nothing in a file is believed before it was checked, and nothing in it is ever code: a
//! pickle is refused.
pub mod case;
pub mod json;
mod limits;
mod opened;
mod safetensors;
mod state_dict;
mod words;

use limits::{Form, LARGEST_HEADER, check_sizes};
use std::ops::Range;
use vanishing_core::cells;
use vanishing_core::studies::opened::OpenedNetwork;
use words::{bytes, shortened};

pub use limits::{LARGEST_JSON, MOST_MEMORY, MOST_STEPS, MOST_UNITS};
pub use opened::{Found, Opened};

/// A file that is being read.
#[derive(Clone, Debug)]
pub struct Reading {
    name: String,
    size: u64,
    stage: Stage,
}

#[derive(Clone, Debug)]
enum Stage {
    /// The first bytes say what it is.
    Beginning,
    /// All of it is JSON.
    Json,
    /// The header of a safetensors file.
    Header,
    /// The tensors that belong to the network.
    Tensors(Box<state_dict::Plan>),
}

/// What comes next.
#[derive(Clone, Debug)]
pub enum Next {
    /// These parts of the file, in bytes, are to be read and handed to [`Reading::go_on`].
    Read(Reading, Vec<Range<u64>>),
    /// The file was read to its end: here is its network.
    Opened(Box<Opened>),
}

/// How many bytes are enough to see what a file is.
const BEGINNING: u64 = 16;

impl Reading {
    /// Begins with a file of that name and size in bytes; the parts to be read first.
    ///
    /// # Errors
    /// One sentence if it is empty.
    pub fn begin(name: &str, size: u64) -> Result<(Self, Vec<Range<u64>>), String> {
        let name = shortened(name);
        if size == 0 {
            return Err(format!("{name} is empty; expected a safetensors or JSON file"));
        }
        Ok((Self { name, size, stage: Stage::Beginning }, std::iter::once(0..size.min(BEGINNING)).collect()))
    }

    /// Goes on with the parts that were asked for, in their order.
    ///
    /// # Errors
    /// One sentence, with the file's name, that says what is wrong with it and what was expected.
    pub fn go_on(self, parts: &[Vec<u8>]) -> Result<Next, String> {
        let name = self.name.clone();
        self.next(parts).map_err(|why| format!("{name}: {why}"))
    }

    fn next(mut self, parts: &[Vec<u8>]) -> Result<Next, String> {
        let first = parts.first().map(Vec::as_slice).unwrap_or_default();
        match self.stage {
            Stage::Beginning => match kind(first) {
                Kind::Json if self.size > LARGEST_JSON => Err(format!(
                    "it has {} of JSON; at most {} are read. As safetensors it may be larger",
                    bytes(self.size),
                    bytes(LARGEST_JSON)
                )),
                Kind::Json => {
                    self.stage = Stage::Json;
                    let all = 0..self.size;
                    Ok(Next::Read(self, std::iter::once(all).collect()))
                }
                Kind::Safetensors(length) => {
                    safetensors::check_length(length, self.size)?;
                    self.stage = Stage::Header;
                    Ok(Next::Read(self, std::iter::once(8..8 + length).collect()))
                }
                Kind::Other(what) => Err(format!("{what}; expected a safetensors or JSON file")),
            },
            Stage::Json => open_json(self.name, first).map(|opened| Next::Opened(Box::new(opened))),
            Stage::Header => {
                let header = safetensors::header(first, self.size)?;
                let plan = state_dict::Plan::new(header)?;
                let ranges = plan.ranges();
                self.stage = Stage::Tensors(Box::new(plan));
                Ok(Next::Read(self, ranges))
            }
            Stage::Tensors(plan) => plan.open(self.name, parts).map(|opened| Next::Opened(Box::new(opened))),
        }
    }
}

/// What a file is, by its first bytes.
enum Kind {
    Json,
    /// With a header of so many bytes.
    Safetensors(u64),
    /// Something else, in words.
    Other(&'static str),
}

fn kind(first: &[u8]) -> Kind {
    let starts = |with: &[u8]| first.starts_with(with);
    let length = first.first_chunk::<8>().map(|bytes| u64::from_le_bytes(*bytes));
    let with_header = length.filter(|_| first.get(8) == Some(&b'{'));
    // A length may begin like a pickle: 1152 is 80 04.
    if let Some(length) = with_header.filter(|length| *length <= LARGEST_HEADER) {
        return Kind::Safetensors(length);
    }
    if starts(b"PK\x03\x04") {
        return Kind::Other(
            "it is a zip archive, as PyTorch’s .pt and .pth files are; those hold pickles, which are programs, so none is \
             opened. Save the state dict with safetensors",
        );
    }
    if starts(b"\x80\x02") || starts(b"\x80\x03") || starts(b"\x80\x04") || starts(b"\x80\x05") {
        return Kind::Other(
            "it is a pickle, which is a program, so it is not opened. Save the state dict with safetensors",
        );
    }
    if starts(b"\x89HDF") {
        return Kind::Other("it is an HDF5 file, as Keras writes them");
    }
    if starts(b"GGUF") {
        return Kind::Other("it is a GGUF file");
    }
    if starts(b"\x93NUMPY") {
        return Kind::Other("it is an array of NumPy");
    }
    if let Some(length) = with_header {
        return Kind::Safetensors(length);
    }
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => Kind::Json,
        Some(b'[') => Kind::Other("it is a JSON list; a network is an object, {…}"),
        _ => Kind::Other("its first bytes are those of neither format"),
    }
}

/// A network from JSON: a case, or what stands in its `inputs`.
fn open_json(name: String, text: &[u8]) -> Result<Opened, String> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let value: serde_json::Value = serde_json::from_slice(text).map_err(|error| format!("it is not JSON: {error}"))?;
    let root = json::Node::new("the file", &value);
    let inputs = root.optional("inputs").unwrap_or(root);
    let shape = case::shape(&inputs, Some(cells::TANH.slug), None)?;
    check_sizes(&shape.network, Form::plain(&shape.network))?;
    let params = inputs.field("params")?;
    let found = params.members()?.into_iter().map(|(name, node)| {
        let used = case::NAMES.contains(&name);
        Found { name: shortened(name), shape: node.shape(), kind: "JSON".to_owned(), used }
    });
    let found = found.collect();
    let (network, weights, sequences) = case::read(&inputs)?;
    if sequences.steps > MOST_STEPS {
        return Err(format!("T is {}; expected at most {MOST_STEPS}", sequences.steps));
    }
    let given = vec![true; weights.tensors.len()];
    let network = OpenedNetwork {
        network,
        weights,
        stack: None,
        given,
        says_activation: true,
        sequences: Some(sequences),
        inputs: None,
    };
    Ok(Opened { name, network, found, remarks: Vec::new() })
}

/// Opens a file that is all in memory.
///
/// # Errors
/// As [`Reading::go_on`].
pub fn open(name: &str, content: &[u8]) -> Result<Opened, String> {
    let (mut reading, mut ranges) = Reading::begin(name, content.len() as u64)?;
    loop {
        let part =
            |range: &Range<u64>| content.get(range.start as usize..range.end as usize).unwrap_or_default().to_vec();
        let parts: Vec<Vec<u8>> = ranges.iter().map(part).collect();
        match reading.go_on(&parts)? {
            Next::Read(next, wanted) => (reading, ranges) = (next, wanted),
            Next::Opened(opened) => return Ok(*opened),
        }
    }
}

#[cfg(test)]
mod tests;
