//! Which recurrent network a state dict holds, by the names and shapes of its tensors.
//!
//! `PREFIXweight_ih_lK`, `PREFIXweight_hh_lK`, `PREFIXbias_ih_lK`, `PREFIXbias_hh_lK` are PyTorch's names; a single cell has
//! no `_lK`. The number of rows of weight_hh says which cell it is: as many as its columns for an RNN, three times as many
//! for a GRU, four times for an LSTM.
use crate::limits::{MOST_STEPS, check_sizes};
use crate::opened::{Found, Opened};
use crate::safetensors::{Entry, numbers};
use crate::words::{bytes, shortened};
use std::collections::BTreeMap;
use std::ops::Range;
use vanishing_core::cells;
use vanishing_core::given::{GivenNetwork, Named};
use vanishing_core::network::Network;
use vanishing_core::studies::opened::OpenedNetwork;

/// The tensors of a layer.
const PARTS: [&str; 4] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];
/// Names of what a network is run on.
const INPUTS: [&str; 4] = ["input", "inputs", "x", "input_sequence"];

/// What is to be read, and what is made of it.
#[derive(Clone, Debug)]
pub struct Plan {
    entries: Vec<Entry>,
    /// The network's tensors: the place in `entries`, and the name in the network.
    tensors: Vec<(usize, String)>,
    /// The place of the inputs in `entries`.
    inputs: Option<usize>,
    network: Network,
    remarks: Vec<String>,
}

/// What a tensor's name says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place<'a> {
    prefix: &'a str,
    part: &'static str,
    layer: usize,
    reverse: bool,
}

/// `rnn.weight_hh_l0_reverse` → prefix `rnn.`, part `weight_hh`, layer 0, reverse.
fn place(name: &str) -> Option<Place<'_>> {
    let (name, reverse) = name.strip_suffix("_reverse").map_or((name, false), |name| (name, true));
    PARTS.into_iter().find_map(|part| {
        let at = name.rfind(part)?;
        let (prefix, rest) = (&name[..at], &name[at + part.len()..]);
        let layer = match rest.strip_prefix("_l") {
            Some(digits) if digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().ok()?
            }
            None if rest.is_empty() => 0,
            _ => return None,
        };
        Some(Place { prefix, part, layer, reverse })
    })
}

/// A count with its noun.
fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn called(prefix: &str) -> String {
    if prefix.is_empty() { "without a prefix".to_owned() } else { format!("“{}”", shortened(prefix)) }
}

impl Plan {
    /// Looks for a network.
    pub fn new(entries: Vec<Entry>) -> Result<Self, String> {
        let mut networks: BTreeMap<&str, Vec<(usize, Place)>> = BTreeMap::new();
        let mut reversed = false;
        for (index, entry) in entries.iter().enumerate() {
            let Some(place) = place(&entry.name) else { continue };
            reversed |= place.reverse;
            if !place.reverse {
                networks.entry(place.prefix).or_default().push((index, place));
            }
        }
        networks.retain(|_, places| places.iter().any(|(_, place)| place.part == "weight_hh"));
        let size = |places: &[(usize, Place)]| -> u64 {
            places.iter().map(|(index, _)| entries[*index].place.end - entries[*index].place.start).sum()
        };
        let Some((prefix, places)) = networks.iter().max_by_key(|(_, places)| size(places)) else {
            return Err(no_network(&entries));
        };
        let mut remarks = Vec::new();
        if networks.len() > 1 {
            let others: Vec<String> =
                networks.keys().filter(|other| *other != prefix).map(|other| called(other)).collect();
            remarks.push(format!(
                "The file has {} recurrent networks; the largest, {}, was opened, and not {}.",
                networks.len(),
                called(prefix),
                others.join(", ")
            ));
        }
        if reversed {
            remarks.push("It reads in both directions; only the one forwards in time was opened.".to_owned());
        }
        let projected =
            |entry: &Entry| entry.name.starts_with(*prefix) && entry.name[prefix.len()..].starts_with("weight_hr");
        if entries.iter().any(projected) {
            return Err(
                "its LSTM has projections (proj_size, weight_hr); only networks without them are taken".to_owned()
            );
        }
        let layers = places.iter().map(|(_, place)| place.layer + 1).max().unwrap_or(1);
        let shape = |part: &str, layer: usize| -> Result<(usize, usize), String> {
            let name = format!("{prefix}{part}_l{layer}");
            let (index, _) = places
                .iter()
                .find(|(_, place)| place.part == part && place.layer == layer)
                .ok_or_else(|| format!("{} is missing; it has {}", shortened(&name), counted(layers, "layer")))?;
            match entries[*index].shape[..] {
                [rows, columns] if rows > 0 && columns > 0 => Ok((rows, columns)),
                _ => Err(format!(
                    "{} has the shape {:?}; expected a matrix with rows and columns",
                    shortened(&entries[*index].name),
                    entries[*index].shape
                )),
            }
        };
        let (rows, hidden_size) = shape("weight_hh", 0)?;
        let gates = rows.is_multiple_of(hidden_size).then_some(rows / hidden_size);
        let Some(cell) = gates.and_then(cells::of_gates) else {
            let (name, known) = (shortened(&format!("{prefix}weight_hh_l0")), known_gates());
            return Err(format!(
                "{name} has the shape ({rows}, {hidden_size}); its rows should be {known} times its columns"
            ));
        };
        let input_size = shape("weight_ih", 0)?.1;
        let network = Network { cell, layers, input_size, hidden_size, output_size: hidden_size, normalization: None };
        check_sizes(&network)?;
        // A matrix that lies on its side has as many numbers as one that stands.
        for layer in 0..layers {
            for (part, columns) in
                [("weight_hh", hidden_size), ("weight_ih", if layer == 0 { input_size } else { hidden_size })]
            {
                let found = shape(part, layer)?;
                if found != (rows, columns) {
                    let name = shortened(&format!("{prefix}{part}_l{layer}"));
                    let (r, c) = found;
                    return Err(format!("{name} has the shape ({r}, {c}); expected ({rows}, {columns})"));
                }
            }
        }
        let tensors =
            places.iter().map(|(index, place)| (*index, format!("{}_l{}", place.part, place.layer))).collect();
        let mut inputs = None;
        if let Some(index) = entries.iter().position(|entry| INPUTS.contains(&entry.name.as_str())) {
            match entries[index].shape[..] {
                [steps, features] | [steps, 1, features] if features == input_size && (1..=MOST_STEPS).contains(&steps) => {
                    inputs = Some(index);
                }
                _ => remarks.push(format!(
                    "“{}” has the shape {:?} and is not taken for inputs; expected (T, {input_size}) with T from 1 to {MOST_STEPS}.",
                    entries[index].name, entries[index].shape
                )),
            }
        }
        Ok(Self { tensors, inputs, network, remarks, entries: entries.clone() })
    }

    /// Which parts of the file are needed.
    pub fn ranges(&self) -> Vec<Range<u64>> {
        self.needed().map(|index| self.entries[index].place.clone()).collect()
    }

    fn needed(&self) -> impl Iterator<Item = usize> {
        self.tensors.iter().map(|(index, _)| *index).chain(self.inputs)
    }

    /// Makes the network of these parts.
    pub fn open(&self, name: String, parts: &[Vec<u8>]) -> Result<Opened, String> {
        let wanted = self.needed().count();
        if parts.len() != wanted {
            return Err(format!("{} of {wanted} tensors arrived", parts.len()));
        }
        for (index, part) in self.needed().zip(parts) {
            let entry = &self.entries[index];
            let expected = entry.place.end - entry.place.start;
            if part.len() as u64 != expected {
                let found = bytes(part.len() as u64);
                return Err(format!("{} of {} arrived, of {}", found, shortened(&entry.name), bytes(expected)));
            }
        }
        let mut given = Vec::new();
        for ((index, name), part) in self.tensors.iter().zip(parts) {
            let entry = &self.entries[*index];
            given.push(Named { name: name.clone(), values: numbers(entry, part)? });
        }
        let Network { cell, layers, input_size, hidden_size, .. } = self.network;
        let network = GivenNetwork { cell, layers, input_size, hidden_size, output_size: None, tensors: given };
        let built = network.build()?;
        let inputs = match (self.inputs, parts.last()) {
            (Some(index), Some(part)) => {
                let entry = &self.entries[index];
                let steps = entry.shape.first().copied().unwrap_or(0);
                let shape = [("time steps", steps), ("input size", input_size)];
                Some(Named { name: entry.name.clone(), values: numbers(entry, part)? }.of_shape(&shape)?)
            }
            _ => None,
        };
        let found = self.entries.iter().enumerate().map(|(index, entry)| Found {
            name: shortened(&entry.name),
            shape: entry.shape.clone(),
            kind: format!("{:?}", entry.dtype),
            used: self.needed().any(|needed| needed == index),
        });
        Ok(Opened {
            name,
            network: OpenedNetwork {
                network: built.network,
                given: built.given().to_vec(),
                weights: built.weights,
                sequences: None,
                inputs,
            },
            found: found.collect(),
            remarks: self.remarks.clone(),
        })
    }
}

/// How many gates the modules of PyTorch have: `1 (RNN), 3 (GRU) or 4 (LSTM)`.
fn known_gates() -> String {
    let modules: BTreeMap<usize, &str> =
        cells::ALL.iter().filter_map(|cell| Some((cell.gates, cell.module?))).collect();
    let texts: Vec<String> = modules.iter().map(|(gates, module)| format!("{gates} ({module})")).collect();
    match texts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => texts.concat(),
    }
}

fn no_network(entries: &[Entry]) -> String {
    const SHOWN: usize = 4;
    let names: Vec<String> = entries.iter().take(SHOWN).map(|entry| shortened(&entry.name)).collect();
    let has = match entries.len() {
        0 => "it has no tensor at all".to_owned(),
        count if count <= SHOWN => format!("it has {}", names.join(", ")),
        count => format!("it has {} and {} more", names.join(", "), count - SHOWN),
    };
    format!("it holds no recurrent network: no name ends in weight_hh_l0; {has}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_where_a_tensor_belongs() {
        let found = |name| place(name).map(|place| (place.prefix, place.part, place.layer, place.reverse));
        assert_eq!(found("weight_hh_l0"), Some(("", "weight_hh", 0, false)));
        assert_eq!(found("model.rnn.bias_ih_l12"), Some(("model.rnn.", "bias_ih", 12, false)));
        assert_eq!(found("encoder_weight_ih_l1_reverse"), Some(("encoder_", "weight_ih", 1, true)));
        assert_eq!(found("cell.weight_hh"), Some(("cell.", "weight_hh", 0, false)));
        for other in ["weight_hh_l", "weight_hh_lx", "weight_hh_l0.extra", "fc.weight", "", "weight_hh_l99999"] {
            assert_eq!(found(other), None, "{other}");
        }
    }
}
