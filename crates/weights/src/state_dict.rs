//! Which recurrent network a state dict holds, by the names and shapes of its tensors.
//!
//! `PREFIXweight_ih_lK`, `PREFIXweight_hh_lK`, `PREFIXbias_ih_lK`, `PREFIXbias_hh_lK` are PyTorch's names; a single cell has
//! no `_lK`. The number of rows of weight_hh says which cell it is: as many as its columns for an RNN, three times as many
//! for a GRU, four times for an LSTM.
use crate::limits::check_sizes;
use crate::words::{counted, shape_text, shortened};
use std::collections::BTreeMap;
use vanishing_core::cells;
use vanishing_core::given::{GivenNetwork, Named};
use vanishing_core::network::Network;
use vanishing_core::studies::opened::OpenedNetwork;

/// The tensors of a layer.
const PARTS: [&str; 4] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];

/// A tensor under PyTorch's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its whole name.
    pub name: String,
    /// Its shape, from the slowest dimension to the fastest.
    pub shape: Vec<usize>,
}

/// The layer that reads the network's output.
#[derive(Clone, Debug, PartialEq)]
pub struct Readout {
    /// Features of what it puts out.
    pub output_size: usize,
    /// `weight_out`, and `bias_out` if it has one.
    pub tensors: Vec<Named>,
}

/// What is to be read, and what is made of it.
#[derive(Clone, Debug)]
pub struct Plan {
    entries: Vec<Entry>,
    /// The network's tensors: the place in `entries`, and the name in the network.
    tensors: Vec<(usize, String)>,
    network: Network,
    remarks: Vec<String>,
}

/// What a tensor's name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The network that it belongs to.
    pub prefix: &'a str,
    /// What it is in its layer.
    pub part: &'static str,
    /// The layer, from 0.
    pub layer: usize,
    /// Whether it belongs to the direction backwards in time.
    pub reverse: bool,
}

/// `rnn.weight_hh_l0_reverse` → prefix `rnn.`, part `weight_hh`, layer 0, reverse.
pub fn place(name: &str) -> Option<Place<'_>> {
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
        let Some((prefix, places)) = networks.iter().next() else {
            return Err("it holds no recurrent network: no name ends in weight_hh_l0".to_owned());
        };
        let mut remarks = Vec::new();
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
                    "{} has the shape {}; expected a matrix with rows and columns",
                    shortened(&entries[*index].name),
                    shape_text(&entries[*index].shape)
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
        Ok(Self { tensors, network, remarks, entries: entries.clone() })
    }

    /// Cell and sizes.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// What the reader should know.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// The names of the tensors that are needed, in the order in which [`Plan::open`] takes them.
    pub fn needed(&self) -> impl Iterator<Item = &str> {
        self.tensors.iter().map(|(index, _)| self.entries[*index].name.as_str())
    }

    /// Makes the network of the numbers of these tensors, and of its readout.
    ///
    /// # Errors
    /// One sentence for the first that does not fit.
    pub fn open(&self, values: Vec<Vec<f64>>, readout: Option<Readout>) -> Result<OpenedNetwork, String> {
        let named = |((_, name), values): (&(usize, String), Vec<f64>)| Named { name: name.clone(), values };
        let mut tensors: Vec<Named> = self.tensors.iter().zip(values).map(named).collect();
        let Network { cell, layers, input_size, hidden_size, .. } = self.network;
        let output_size = readout.as_ref().map(|readout| readout.output_size);
        tensors.extend(readout.into_iter().flat_map(|readout| readout.tensors));
        let built = GivenNetwork { cell, layers, input_size, hidden_size, output_size, tensors }.build()?;
        Ok(OpenedNetwork {
            network: built.network,
            given: built.given().to_vec(),
            weights: built.weights,
            sequences: None,
            inputs: None,
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
