//! What a network is run on, as its file has it: a tensor `input`, a tensor `target`, and the layer that reads its output.
//!
//! `input` is (T, features), (T, 1, features), or (T, B, features) for B sequences. `target` of floating-point numbers is
//! compared by L = ½ Σ ‖y − target‖², a mean over the sequences; of whole numbers, which are classes, by the cross entropy, a
//! mean over sequences and steps. With (T, ...) in front it is compared at every step, without it at the last.
use crate::layouts::Tensors;
use crate::limits::MOST_STEPS;
use crate::networks::named;
use crate::opened::FoundReadout;
use crate::recipe::{How, Recipe};
use crate::state_dict::place;
use crate::words::{shape_text, shortened};
use vanishing_core::bptt::{Sequences, Targets};
use vanishing_core::network::Network;

/// Names of what a network is run on.
pub const INPUTS: [&str; 4] = ["input", "inputs", "x", "input_sequence"];
/// Names of what its output should be.
pub const TARGETS: [&str; 2] = ["target", "targets"];

/// The most numbers of inputs, and of targets.
const MOST_INPUTS: usize = 20_000_000;

/// What of the file a network is run on, before its numbers are read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The name of the inputs, T and B.
    pub inputs: Option<(&'static str, usize, usize)>,
    /// The name of the targets, and how they are compared; only with inputs.
    pub target: Option<Target>,
    /// The layers that could read this network.
    pub readouts: Vec<FoundReadout>,
    /// What is to be said.
    pub remarks: Vec<String>,
    /// What does not fit.
    pub unfit: Vec<String>,
}

/// How the output is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The tensor's name.
    pub name: &'static str,
    /// Whether its numbers are classes.
    classes: bool,
    /// Whether there is one for every step.
    every: bool,
    /// Features of the output.
    pub output_size: usize,
    /// The readout's weights, (output size, features of the state), and its biases; without one the output is the state.
    pub readout: Option<(Recipe, Option<Recipe>)>,
}

/// The layers that could read an output of that many features: `PREFIXweight` (outputs, features) as PyTorch and MLX have
/// it, `PREFIXkernel` (features, outputs) as Keras and Flax do.
fn readouts(all: &Tensors, features: usize) -> Vec<(FoundReadout, Recipe, Option<Recipe>)> {
    let mut found = Vec::new();
    for (name, tensor) in all.iter().filter(|(name, _)| place(name).is_none()) {
        let (Ok(recipe), [a, b]) = (&tensor.made, &tensor.shape[..]) else { continue };
        let bare = name.strip_suffix(":0").unwrap_or(name);
        let end = &name[bare.len()..];
        let (prefix, weights, outputs) = match (bare.strip_suffix("weight"), bare.strip_suffix("kernel")) {
            (Some(prefix), _) if *b == features => (prefix, recipe.clone(), *a),
            (_, Some(prefix)) if *a == features => (prefix, recipe.clone().then(How::Transposed), *b),
            _ => continue,
        };
        if outputs == 0 || !(prefix.is_empty() || prefix.ends_with(['.', '/', '_'])) {
            continue;
        }
        let bias = all.recipe(&format!("{prefix}bias{end}")).filter(|bias| bias.shape() == [outputs]);
        // An embedding has rows as long as a state, and no bias; it reads nothing.
        if bias.is_none() && prefix.to_ascii_lowercase().contains("emb") {
            continue;
        }
        found.push((
            FoundReadout { prefix: prefix.to_owned(), output_size: outputs, fits: false, used: false },
            weights,
            bias,
        ));
    }
    found
}

impl Plan {
    /// Looks for what the network can be run on; `whole` says of a tensor whether its numbers are whole by their type.
    ///
    /// # Errors
    /// One sentence, if a readout was named and is not there.
    pub fn new(
        all: &Tensors,
        network: &Network,
        readout: Option<&str>,
        whole: &dyn Fn(&str) -> bool,
    ) -> Result<Self, String> {
        let there = |names: &[&'static str]| names.iter().copied().find_map(|name| Some((name, all.get(name)?)));
        let found = readouts(all, network.output_size);
        let mut plan = Self { readouts: found.iter().map(|(found, ..)| found.clone()).collect(), ..Self::default() };
        let chosen = match readout {
            Some(wanted) => {
                let prefixes: Vec<&str> = found.iter().map(|(found, ..)| found.prefix.as_str()).collect();
                Some(named("readout", &prefixes, wanted)?)
            }
            None => None,
        };
        let target = there(&TARGETS);
        if let Some((name, tensor)) = there(&INPUTS) {
            let shape = match tensor.shape[..] {
                [steps, width] => Some((steps, 1, width)),
                [steps, batch, width] if batch == 1 || target.is_some() => Some((steps, batch, width)),
                _ => None,
            };
            let fits = shape.filter(|(steps, batch, width)| {
                *width == network.input_size
                    && (1..=MOST_STEPS).contains(steps)
                    && *batch > 0
                    && steps.saturating_mul(*batch).saturating_mul(*width) <= MOST_INPUTS
            });
            match fits {
                Some((steps, batch, _)) => plan.inputs = Some((name, steps, batch)),
                None => plan.unfit.push(format!(
                    "“{name}” has the shape {} and is not taken for inputs; expected (T, {size}), or with a tensor “target” \
                     (T, sequences, {size}), with T from 1 to {MOST_STEPS}",
                    shape_text(&tensor.shape),
                    size = network.input_size
                )),
            }
        }
        match (target, plan.inputs) {
            (Some((name, tensor)), Some((_, steps, batch))) => {
                plan.compare(name, &tensor.shape, whole(name), (steps, batch), network, found, chosen);
            }
            (Some((name, _)), None) if plan.unfit.is_empty() => {
                plan.unfit.push(format!("“{name}” is not taken: there is no tensor “input” that it belongs to"));
            }
            (None, _) if readout.is_some() => {
                plan.unfit.push("a readout is of use only with a tensor “target”, and the file has none".to_owned());
            }
            _ => {}
        }
        Ok(plan)
    }

    /// How the output is compared with a target of that shape.
    #[allow(clippy::too_many_arguments, reason = "each is one thing that the reader gave")]
    fn compare(
        &mut self,
        name: &'static str,
        shape: &[usize],
        classes: bool,
        (steps, batch): (usize, usize),
        network: &Network,
        found: Vec<(FoundReadout, Recipe, Option<Recipe>)>,
        chosen: Option<usize>,
    ) {
        // Whether it is for every step, and its features, if it has any.
        let read = match (classes, shape) {
            (true, []) if batch == 1 => Some((false, None)),
            (true, [length]) if *length == batch => Some((false, None)),
            (true, [length]) if batch == 1 && *length == steps => Some((true, None)),
            (true, [t, b]) if *t == steps && *b == batch => Some((true, None)),
            (false, [width]) if batch == 1 => Some((false, Some(*width))),
            (false, [b, width]) if *b == batch => Some((false, Some(*width))),
            (false, [t, width]) if batch == 1 && *t == steps => Some((true, Some(*width))),
            (false, [t, b, width]) if *t == steps && *b == batch => Some((true, Some(*width))),
            _ => None,
        };
        let Some((every, width)) = read else {
            let expected = match classes {
                true => format!("({batch},) or ({steps}, {batch}) for classes"),
                false => format!("({batch}, outputs) or ({steps}, {batch}, outputs)"),
            };
            self.unfit.push(format!("“{name}” has the shape {}; expected {expected}", shape_text(shape)));
            return;
        };
        let fits = |output: usize| width.is_none_or(|width| width == output);
        let possible: Vec<usize> = (0..found.len()).filter(|i| fits(found[*i].0.output_size)).collect();
        possible.iter().for_each(|i| self.readouts[*i].fits = true);
        let state = network.output_size;
        let index = match (chosen, &possible[..]) {
            (Some(index), _) if fits(found[index].0.output_size) => Some(index),
            (None, [index]) => Some(*index),
            (None, []) if width == Some(state) => None,
            _ => {
                let names: Vec<String> = found
                    .iter()
                    .map(|(found, ..)| format!("“{}” with {}", shortened(&found.prefix), found.output_size))
                    .collect();
                let what = match width {
                    Some(width) => format!("{width} outputs"),
                    None => "a score for every class".to_owned(),
                };
                self.unfit.push(match names.is_empty() {
                    true => format!(
                        "“{name}” needs a linear layer that makes {what} of the network’s {state} numbers, and the file has none: save it \
                         as “fc.weight”, of the shape ({}, {state}), and “fc.bias”",
                        width.map_or("classes".to_owned(), |width| width.to_string())
                    ),
                    false => format!(
                        "“{name}” of the shape {} needs one layer that makes {what}; choose the readout among {}",
                        shape_text(shape),
                        names.join(", ")
                    ),
                });
                return;
            }
        };
        if let Some(index) = index {
            self.readouts[index].used = true;
        }
        let readout = index.and_then(|index| found.into_iter().nth(index));
        let by = match &readout {
            Some((found, ..)) => format!("what “{}” makes of its output", shortened(&found.prefix)),
            None => "its output".to_owned(),
        };
        let measure = match classes {
            true => "the cross entropy, a mean over sequences and steps",
            false => "half the squared error, a mean over sequences",
        };
        let when = if every { "at every step" } else { "at the last step" };
        self.remarks.push(format!("The loss compares {by} with “{name}” {when}: {measure}."));
        let output_size = readout.as_ref().map_or(state, |(found, ..)| found.output_size);
        let readout = readout.map(|(_, weights, bias)| (weights, bias));
        self.target = Some(Target { name, classes, every, output_size, readout });
    }
}

impl Target {
    /// The sequences with these inputs and targets.
    ///
    /// # Errors
    /// One sentence, if a class is none.
    pub fn sequences(
        &self,
        inputs: Vec<f64>,
        target: Vec<f64>,
        (steps, batch): (usize, usize),
    ) -> Result<Sequences, String> {
        let class = |x: &f64| match *x {
            x if x >= 0.0 && x < self.output_size as f64 && x.fract() == 0.0 => Ok(x as usize),
            x => Err(format!("{}: {x} is no class from 0 to {}", self.name, self.output_size - 1)),
        };
        let classes = || target.iter().map(class).collect::<Result<Vec<usize>, String>>();
        let (targets, loss_scale) = match (self.classes, self.every) {
            (true, false) => (Targets::CrossEntropyLast(classes()?), 1.0 / batch as f64),
            (true, true) => (Targets::CrossEntropyAll(classes()?), 1.0 / (batch * steps) as f64),
            (false, false) => (Targets::SquaredErrorLast(target), 0.5 / batch as f64),
            (false, true) => (Targets::SquaredErrorAll(target), 0.5 / batch as f64),
        };
        Ok(Sequences {
            steps,
            batch_size: batch,
            inputs,
            hidden_start: Vec::new(),
            cell_start: Vec::new(),
            targets,
            loss_scale,
        })
    }
}
