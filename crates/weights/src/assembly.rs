//! From the tensors of a file to the network that is opened: which are needed, and what is made of them.
use crate::formats;
use crate::layouts::{self, Tensor, Tensors};
use crate::networks;
use crate::opened::{Choice, Found, FoundNetwork, Opened};
use crate::recipe::Recipe;
use crate::run_on;
use crate::state_dict::{self, Entry, Readout};
use crate::tensors::{Number, Place, Stored};
use crate::words::{bytes, shortened};
use std::ops::Range;
use vanishing_core::cells;
use vanishing_core::given::Named;
use vanishing_core::studies::opened::OpenedNetwork;

/// What is to be read, and what is made of it.
#[derive(Debug)]
pub struct Assembly {
    stored: Vec<Stored>,
    /// The stored tensors that are needed, each once.
    needed: Vec<usize>,
    /// The network's tensors, in the order of the plan.
    tensors: Vec<(String, Recipe)>,
    plan: state_dict::Plan,
    run_on: run_on::Plan,
    all: Tensors,
    networks: Vec<FoundNetwork>,
    chosen: usize,
    /// The activation of its cell, where the file says it.
    activation: Option<&'static str>,
    remarks: Vec<String>,
}

impl Assembly {
    /// Looks for the network.
    ///
    /// # Errors
    /// One sentence for what is missing or does not fit.
    pub fn new(tensors: formats::Tensors, choice: &Choice) -> Result<Self, String> {
        let formats::Tensors { stored, made, activations, hint } = tensors;
        let hinted = |why: String| match &hint {
            Some(hint) => format!("{hint}; {why}"),
            None => why,
        };
        let mut all = Tensors::new(&stored)?;
        for formats::Made { name, shape, made, says } in made {
            all.put(name, Tensor { shape, made, says: Some(says) });
        }
        layouts::translate(&mut all);
        let networks = networks::list(&all);
        if networks.is_empty() {
            return Err(hinted(networks::none(stored.iter().map(|tensor| tensor.name.as_str()))));
        }
        let mut found = Self::of_network(stored, all, networks, choice).map_err(hinted)?;
        let prefix = &found.networks[found.chosen].prefix;
        found.activation = activations.iter().find(|(own, _)| own == prefix).map(|(_, activation)| *activation);
        Ok(found)
    }

    fn of_network(
        stored: Vec<Stored>,
        all: Tensors,
        networks: Vec<FoundNetwork>,
        choice: &Choice,
    ) -> Result<Self, String> {
        let (chosen, says) = networks::choose(&networks, choice.network.as_deref())?;
        let prefix = networks[chosen].prefix.as_str();
        let mut remarks: Vec<String> = says.into_iter().collect();
        let is_other = |name: &str| state_dict::place(name).is_some_and(|place| place.prefix != prefix);
        let entries = all.iter().filter(|(name, _)| !is_other(name));
        let entries = entries.map(|(name, tensor)| Entry { name: name.to_owned(), shape: tensor.shape.clone() });
        let plan = state_dict::Plan::new(entries.collect())?;
        remarks.extend(networks::check_whole(&all, prefix)?);
        let mut tensors = Vec::new();
        let mut said: Vec<&str> = Vec::new();
        for name in plan.needed() {
            let Some(tensor) = all.get(name) else { continue };
            if let Some(says) = tensor.says.as_deref().filter(|says| !said.contains(says)) {
                said.push(says);
            }
            tensors.push((name.to_owned(), tensor.made.clone()?));
        }
        remarks.extend(said.into_iter().map(str::to_owned));
        let whole = |name: &str| match all.recipe(name) {
            Some(Recipe::Stored(index, _)) => match (&stored[index].number, &stored[index].place) {
                (Some(number), _) => number.is_whole(),
                (None, Place::Here(values)) => values.iter().all(|x| x.fract() == 0.0),
                _ => false,
            },
            _ => false,
        };
        let run_on = run_on::Plan::new(&all, plan.network(), choice.readout.as_deref(), &whole)?;
        let mut found = Self {
            stored,
            needed: Vec::new(),
            tensors,
            plan,
            run_on,
            all,
            networks,
            chosen,
            activation: None,
            remarks,
        };
        found.needed = found.needs();
        found.check_types()?;
        found.remarks.extend(found.unused());
        Ok(found)
    }

    /// The stored tensors that anything is made of.
    fn needs(&self) -> Vec<usize> {
        let mut needs = Vec::new();
        self.tensors.iter().for_each(|(_, recipe)| recipe.needs(&mut needs));
        let names = [self.run_on.inputs.map(|(name, ..)| name), self.run_on.target.as_ref().map(|target| target.name)];
        for recipe in names.into_iter().flatten().filter_map(|name| self.all.recipe(name)) {
            recipe.needs(&mut needs);
        }
        if let Some((weights, bias)) = self.run_on.target.as_ref().and_then(|target| target.readout.as_ref()) {
            weights.needs(&mut needs);
            bias.iter().for_each(|bias| bias.needs(&mut needs));
        }
        needs.sort_unstable();
        needs.dedup();
        needs
    }

    /// Refuses weights of whole numbers: they are quantised, by a scale that is elsewhere.
    fn check_types(&self) -> Result<(), String> {
        for index in &self.needed {
            let tensor = &self.stored[*index];
            let may_be_whole = tensor.name.ends_with("_mask") || run_on::TARGETS.contains(&tensor.name.as_str());
            if tensor.number.is_some_and(Number::is_whole) && !may_be_whole {
                let name = shortened(&tensor.name);
                return Err(format!("{name} has numbers of type {}; expected F64, F32, F16 or BF16", tensor.kind));
            }
        }
        Ok(())
    }

    /// What is said of the network's own tensors that are in no place of a recurrent network.
    fn unused(&self) -> Option<String> {
        let prefix = &self.networks[self.chosen].prefix;
        let is_other = |name: &str| {
            let longest = self.networks.iter().filter(|network| name.starts_with(&network.prefix));
            longest.max_by_key(|network| network.prefix.len()).is_some_and(|network| network.prefix != *prefix)
        };
        let known = [&run_on::INPUTS[..], &run_on::TARGETS].concat();
        let readouts = &self.run_on.readouts;
        let mut used = vec![false; self.stored.len()];
        self.needed.iter().for_each(|index| used[*index] = true);
        let unused = self.stored.iter().zip(&used).filter(|(_, used)| !**used);
        let names = unused.map(|(tensor, _)| tensor.name.as_str()).filter(|name| {
            !(known.contains(name)
                || is_other(name)
                || name.contains("seed_generator")
                || readouts.iter().any(|readout| !readout.prefix.is_empty() && name.starts_with(&readout.prefix)))
        });
        networks::unused(prefix, names)
    }

    /// Which parts of the file are needed.
    pub fn ranges(&self) -> Vec<Range<u64>> {
        self.needed.iter().filter_map(|index| self.stored[*index].range()).collect()
    }

    /// Makes the network of these parts.
    ///
    /// # Errors
    /// One sentence for the first thing that is wrong.
    pub fn open(self, name: String, parts: &[Vec<u8>]) -> Result<Opened, String> {
        let mut arrived = parts.iter();
        let mut values = vec![Vec::new(); self.stored.len()];
        for index in &self.needed {
            let stored = &self.stored[*index];
            let part = match stored.range() {
                None => &[][..],
                Some(range) => {
                    let part = arrived.next().map(Vec::as_slice).unwrap_or_default();
                    if part.len() as u64 != range.end - range.start {
                        let (found, expected) = (bytes(part.len() as u64), bytes(range.end - range.start));
                        return Err(format!("{found} of {} arrived, of {expected}", shortened(&stored.name)));
                    }
                    part
                }
            };
            let numbers = stored.numbers(part)?;
            if let Some(at) = numbers.iter().position(|x| !x.is_finite()) {
                return Err(not_finite(stored, at, numbers[at]));
            }
            values[*index] = numbers;
        }
        let make =
            |name: &str, recipe: &Recipe| recipe.make(&values).map_err(|what| format!("{} {what}", shortened(name)));
        let named = |name: &str| match self.all.recipe(name) {
            Some(recipe) => make(name, &recipe),
            None => Ok(Vec::new()),
        };
        let is_plain = |recipe: &Recipe| matches!(recipe, Recipe::Stored(..));
        let mut tensors = Vec::new();
        for (name, recipe) in &self.tensors {
            tensors.push(if is_plain(recipe) { Vec::new() } else { make(name, recipe)? });
        }
        let run_on::Plan { inputs, target, readouts, remarks, unfit } = self.run_on;
        let readout = match &target {
            Some(run_on::Target { output_size, readout: Some((weights, bias)), .. }) => {
                let mut tensors = vec![Named { name: "weight_out".to_owned(), values: make("the readout", weights)? }];
                if let Some(bias) = bias {
                    tensors.push(Named { name: "bias_out".to_owned(), values: make("the readout", bias)? });
                }
                Some(Readout { output_size: *output_size, tensors })
            }
            _ => None,
        };
        let (mut sequences, mut own_inputs) = (None, None);
        if let Some((name, steps, batch)) = inputs {
            let x = named(name)?;
            match &target {
                Some(target) => sequences = Some(target.sequences(x, named(target.name)?, (steps, batch))?),
                None => own_inputs = Some(x),
            }
        }
        // Nothing else is made of these any more: they are not copied.
        for ((_, recipe), tensor) in self.tensors.iter().zip(&mut tensors) {
            if let Recipe::Stored(index, _) = recipe {
                *tensor = std::mem::take(&mut values[*index]);
            }
        }
        let mut network = OpenedNetwork { sequences, inputs: own_inputs, ..self.plan.open(tensors, readout)? };
        if let Some(cell) = self.activation.and_then(|activation| cells::of_kind(network.network.cell.kind, activation))
        {
            (network.network.cell, network.says_activation) = (cell, true);
        }
        let found = self.stored.iter().enumerate().map(|(index, stored)| Found {
            name: shortened(&stored.name),
            shape: stored.shape.clone(),
            kind: stored.kind.clone(),
            used: self.needed.binary_search(&index).is_ok(),
        });
        let mut all_remarks = self.remarks;
        all_remarks.extend(remarks);
        Ok(Opened {
            name,
            network,
            found: found.collect(),
            remarks: all_remarks,
            unfit,
            networks: self.networks,
            chosen: self.chosen,
            readouts,
        })
    }
}

/// The sentence for a number that no network can have, with its place in the tensor.
fn not_finite(stored: &Stored, at: usize, value: f64) -> String {
    let mut rest = at;
    let mut place: Vec<String> = Vec::new();
    for size in stored.shape.iter().rev() {
        place.insert(0, (rest % size.max(&1)).to_string());
        rest /= size.max(&1);
    }
    let what = if value.is_nan() { "not a number (NaN)" } else { "infinite" };
    format!("{}: entry ({}) is {what}; every number must be finite", shortened(&stored.name), place.join(", "))
}
