//! Which recurrent network a state dict holds, by the names and shapes of its tensors.
//!
//! `PREFIXweight_ih_lK`, `PREFIXweight_hh_lK`, `PREFIXbias_ih_lK`, `PREFIXbias_hh_lK` are PyTorch's names; a single cell has
//! no `_lK`; the direction backwards in time has `_reverse` behind it, and an LSTM whose state is projected `weight_hr_lK`. The
//! number of rows of weight_hh says which cell it is: as many as there are units for an RNN, three times as many for a GRU, four
//! times for an LSTM. The units are its columns, or those of weight_hr.
use crate::limits::{Form, check_sizes};
use crate::words::{counted, shape_text, shortened};
use std::collections::BTreeMap;
use vanishing_core::cells;
use vanishing_core::given::{GivenNetwork, GivenStack, Named};
use vanishing_core::network::{Network, Weights};
use vanishing_core::stack::REVERSE;
use vanishing_core::studies::opened::OpenedNetwork;

/// The tensors of a layer.
const PARTS: [&str; 5] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"];

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
    form: Form,
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
    let (name, reverse) = name.strip_suffix(REVERSE).map_or((name, false), |name| (name, true));
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

impl Place<'_> {
    /// The name in a network without a prefix.
    fn name(&self) -> String {
        format!("{}_l{}{}", self.part, self.layer, if self.reverse { REVERSE } else { "" })
    }
}

impl Plan {
    /// Looks for a network.
    pub fn new(entries: Vec<Entry>) -> Result<Self, String> {
        let placed = entries.iter().enumerate().filter_map(|(index, entry)| Some((index, place(&entry.name)?)));
        let mut places: Vec<(usize, Place)> = placed.collect();
        let is_begin = |place: &Place| place.part == "weight_hh" && !place.reverse;
        let Some(prefix) = places.iter().find(|(_, place)| is_begin(place)).map(|(_, place)| place.prefix) else {
            return Err("it holds no recurrent network: no name ends in weight_hh_l0".to_owned());
        };
        places.retain(|(_, place)| place.prefix == prefix);
        let layers = places.iter().map(|(_, place)| place.layer + 1).max().unwrap_or(1);
        let bidirectional = places.iter().any(|(_, place)| place.reverse);
        let shape = |part: &str, layer: usize, suffix: &str| -> Result<(usize, usize), String> {
            let name = format!("{prefix}{part}_l{layer}{suffix}");
            let is_it =
                |place: &Place| place.part == part && place.layer == layer && place.reverse != suffix.is_empty();
            let (index, _) = places
                .iter()
                .find(|(_, place)| is_it(place))
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
        let (rows, state_size) = shape("weight_hh", 0, "")?;
        let is_projected = places.iter().any(|(_, place)| place.part == "weight_hr");
        let hidden_size = if is_projected { shape("weight_hr", 0, "")?.1 } else { state_size };
        let gates = rows.is_multiple_of(hidden_size).then_some(rows / hidden_size);
        let cell = gates.and_then(cells::of_gates).filter(|cell| cell.has_cell_state || !is_projected);
        let Some(cell) = cell else {
            let name = shortened(&format!("{prefix}weight_hh_l0"));
            let known = if is_projected { "4 (LSTM)".to_owned() } else { known_gates() };
            let whose = if is_projected { "the columns of weight_hr_l0" } else { "its columns" };
            return Err(format!(
                "{name} has the shape ({rows}, {state_size}); its rows should be {known} times {whose}"
            ));
        };
        let input_size = shape("weight_ih", 0, "")?.1;
        let directions = if bidirectional { 2 } else { 1 };
        let output_size = directions * state_size;
        let network = Network {
            cell,
            layers,
            input_size,
            hidden_size,
            output_size,
            normalization: None,
            constants: cell.usual_constants(),
        };
        let form = Form { directions, state_size, is_projected };
        check_sizes(&network, form)?;
        // A matrix that lies on its side has as many numbers as one that stands.
        for (layer, suffix) in (0..layers).flat_map(|layer| ["", REVERSE].map(|suffix| (layer, suffix))) {
            if !bidirectional && !suffix.is_empty() {
                continue;
            }
            let inputs = if layer == 0 { input_size } else { output_size };
            let all = [("weight_hh", (rows, state_size)), ("weight_ih", (rows, inputs))];
            let projection = is_projected.then_some(("weight_hr", (state_size, hidden_size)));
            for (part, expected) in all.into_iter().chain(projection) {
                let (r, c) = shape(part, layer, suffix)?;
                if (r, c) != expected {
                    let name = shortened(&format!("{prefix}{part}_l{layer}{suffix}"));
                    return Err(format!("{name} has the shape ({r}, {c}); expected {expected:?}"));
                }
            }
        }
        let tensors = places.iter().map(|(index, place)| (*index, place.name())).collect();
        Ok(Self { tensors, network, form, entries: entries.clone() })
    }

    /// Cell and sizes.
    pub fn network(&self) -> &Network {
        &self.network
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
        let output_size = readout.as_ref().map(|readout| readout.output_size);
        tensors.extend(readout.into_iter().flat_map(|readout| readout.tensors));
        self.build(tensors, output_size)
    }
}

impl Plan {
    /// Puts the tensors in their places.
    fn build(&self, tensors: Vec<Named>, output_size: Option<usize>) -> Result<OpenedNetwork, String> {
        let Network { cell, layers, input_size, hidden_size, .. } = self.network;
        let Form { directions, state_size, is_projected } = self.form;
        let mut opened = OpenedNetwork {
            network: Network { output_size: output_size.unwrap_or(self.network.output_size), ..self.network },
            weights: Weights { tensors: Vec::new() },
            stack: None,
            given: Vec::new(),
            says_activation: false,
            sequences: None,
            inputs: None,
        };
        if self.form.is_plain(&self.network) {
            let given = GivenNetwork { cell, layers, input_size, hidden_size, output_size, tensors };
            let built = given.build()?;
            opened.given = built.given().to_vec();
            opened.weights = built.weights;
            return Ok(opened);
        }
        let given = GivenStack {
            cell,
            layers,
            bidirectional: directions == 2,
            projection: is_projected.then_some(state_size),
            input_size,
            hidden_size,
            output_size,
            tensors,
        };
        opened.stack = Some(given.build()?);
        Ok(opened)
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
