//! The network that is looked at, whatever it is made of, and changed copies of it.
use super::super::network::{NetworkConfig, Prepared};
use super::super::opened::MOST_PARAMETERS;
use crate::bptt::{self, Changes, LayerPass, Sequences, Truncation, Unwatched};
use crate::math;
use crate::network::{Network, Tensor, Weights, index};
use crate::param::Settings;
use crate::scaled::Scaled;
use crate::stack::Stack;

/// A network with what it is run on.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// Cell and sizes, of a stack those of one direction.
    pub network: Network,
    pub sequences: Sequences,
    body: Body,
    /// The direction whose states alone get anything from the loss; `None`: all do.
    only: Option<usize>,
}

#[derive(Clone, Debug)]
enum Body {
    Layers { weights: Weights<f64>, given: Vec<bool> },
    Stack(Stack),
}

/// What a pass found.
pub(super) struct Found {
    /// L; infinite where it overflows.
    pub loss: f64,
    /// Layer by layer, forwards in time.
    pub layers: Vec<LayerPass>,
    /// The same backwards in time; empty in one direction.
    pub reverse: Vec<LayerPass>,
    /// dL/dθ in the order of [`Subject::tensors`]; empty if it was not asked for.
    pub gradient: Vec<Scaled<f64>>,
}

impl Found {
    /// log10 ‖dL/dh_t‖ of a layer forwards in time.
    pub fn norms(&self, layer: usize) -> Vec<f64> {
        self.layers.get(layer).map_or_else(Vec::new, |layer| layer.hidden_gradient_log10.clone())
    }
}

impl Subject {
    /// The network of a configuration, without its remedies.
    pub fn new(config: &NetworkConfig) -> Self {
        let config = &NetworkConfig { remedies: Settings::default(), ..config.clone() };
        if let Some((opened, stack)) = config.stack() {
            let network = Network { cell: config.recurrence.cell, ..opened.network };
            let sequences = config.sequences_of(opened);
            return Self { network, sequences, body: Body::Stack(stack.clone()), only: None };
        }
        let Prepared { network, weights, sequences } = config.prepare();
        let given = match &config.recurrence.opened {
            Some(opened) => opened.given.clone(),
            None => vec![true; weights.tensors.len()],
        };
        Self { network, sequences, body: Body::Layers { weights, given }, only: None }
    }

    /// The same network on other sequences.
    pub fn on(&self, sequences: Sequences) -> Self {
        Self { sequences, ..self.clone() }
    }

    /// The same network with the loss of the last step of one direction alone: what it sends back is followed by itself, not the sum of
    /// what many losses send back.
    pub fn alone(&self, direction: usize) -> Self {
        let targets = self.sequences.targets.of_last_step(self.sequences.steps);
        let only = (self.directions() > 1).then_some(direction);
        Self { sequences: Sequences { targets, ..self.sequences.clone() }, only, ..self.clone() }
    }

    /// Whether [`Subject::alone`] is another loss.
    pub fn has_many_losses(&self) -> bool {
        self.looks_at_every_step() || self.directions() > 1
    }

    /// Whether the loss looks at every step.
    pub fn looks_at_every_step(&self) -> bool {
        self.sequences.targets.at_every_step()
    }

    /// 2 for a network in both directions, else 1.
    pub fn directions(&self) -> usize {
        if let Body::Stack(stack) = &self.body { stack.directions } else { 1 }
    }

    /// Numbers in h of a layer in one direction.
    pub fn state_size(&self) -> usize {
        if let Body::Stack(stack) = &self.body { stack.state_size } else { self.network.hidden_size }
    }

    /// Whether h is a projection.
    pub fn is_projected(&self) -> bool {
        matches!(&self.body, Body::Stack(stack) if stack.is_projected())
    }

    /// All tensors that the gradient is of, each with whether it was given.
    pub fn tensors(&self) -> Vec<(&Tensor<f64>, bool)> {
        match &self.body {
            Body::Layers { weights, given } => weights.tensors.iter().zip(given.iter().copied()).collect(),
            Body::Stack(stack) => stack.parameters().collect(),
        }
    }

    /// How many numbers were given.
    pub fn numbers(&self) -> usize {
        self.tensors().iter().filter(|(_, given)| *given).map(|(tensor, _)| tensor.values.len()).sum()
    }

    /// Whether dL/dθ can be asked for.
    pub fn has_gradient(&self) -> bool {
        matches!(&self.body, Body::Layers { .. }) || self.numbers() <= MOST_PARAMETERS
    }

    /// Multiplications of one pass, about: forward, back to the states, and to the weights.
    pub fn work(&self) -> u64 {
        let steps = (self.sequences.steps * self.sequences.batch_size) as u64;
        let numbers: usize = self.tensors().iter().map(|(tensor, _)| tensor.values.len()).sum();
        3 * steps * numbers as u64
    }

    /// Runs it; `finds_weights`: whether dL/dθ is wanted too.
    pub fn run(&self, truncation: Truncation, finds_weights: bool) -> Found {
        let mut changes = Changes { truncation, omega: None, direction: self.only, watch: &mut Unwatched };
        match &self.body {
            Body::Layers { weights, given } => {
                let pass = bptt::changed_study(&self.network, weights, &self.sequences, &mut changes);
                let mut gradient = pass.gradient;
                let missing = gradient.iter_mut().zip(given).filter(|(_, given)| !**given);
                missing.for_each(|(part, _)| part.values.fill(0.0));
                Found { loss: pass.loss, layers: pass.layers, reverse: Vec::new(), gradient }
            }
            Body::Stack(stack) => {
                let wanted = finds_weights && self.has_gradient();
                let pass = bptt::stack_study(stack, self.network.cell, &self.sequences, &mut changes, wanted);
                let loss = pass.loss;
                let places = pass.units.into_iter().enumerate();
                let (forwards, backwards): (Vec<_>, Vec<_>) =
                    places.partition(|(place, _)| place.is_multiple_of(stack.directions));
                let of = |units: Vec<(usize, LayerPass)>| units.into_iter().map(|(_, unit)| unit).collect();
                Found { loss, layers: of(forwards), reverse: of(backwards), gradient: pass.gradient }
            }
        }
    }

    /// How many layers there are, each direction counted.
    pub fn units(&self) -> usize {
        self.network.layers * self.directions()
    }

    /// W_ih, W_hh, b_ih and b_hh of a layer in one direction, by `place = layer * directions + direction`. Where the state is
    /// projected, W_hh is W_hh W_hr.
    pub fn unit(&self, place: usize) -> &[Tensor<f64>] {
        match &self.body {
            Body::Layers { weights, .. } => {
                let first = self.network.index(place, 0);
                &weights.tensors[first..first + index::PER_LAYER]
            }
            Body::Stack(stack) => &stack.units[place].weights.tensors[..index::PER_LAYER],
        }
    }

    /// Whether a unit was given a bias.
    pub fn has_bias(&self, place: usize) -> bool {
        let given = match &self.body {
            Body::Layers { given, .. } => &given[self.network.index(place, 0)..],
            Body::Stack(stack) => &stack.units[place].given,
        };
        given[index::B_IH] || given[index::B_HH]
    }

    /// Changes one of these tensors.
    fn change(&mut self, place: usize, tensor: usize, change: impl FnOnce(&mut [f64])) {
        match &mut self.body {
            Body::Layers { weights, .. } => {
                change(&mut weights.tensors[self.network.index(place, tensor)].values);
            }
            Body::Stack(stack) => {
                let unit = &mut stack.units[place];
                change(&mut unit.weights.tensors[tensor].values);
                if tensor == index::W_HH {
                    unit.adopt_recurrent();
                }
            }
        }
    }

    /// Moved along a gradient, times `rate` and 10^`scale_log10`; `None` for a stack.
    pub fn moved(&self, gradient: &[Scaled<f64>], rate: f64, scale_log10: f64) -> Option<Self> {
        let mut changed = self.clone();
        let Body::Layers { weights, .. } = &mut changed.body else { return None };
        for (tensor, gradient) in weights.tensors.iter_mut().zip(gradient) {
            // The exponent and the scale may each leave f64 where their product does not.
            let factor = rate * math::powf(2.0, gradient.exponent as f64 + scale_log10 * math::LN_10 / math::LN_2);
            tensor.values.iter_mut().zip(&gradient.values).for_each(|(w, g)| *w += factor * g);
        }
        Some(changed)
    }

    /// Adds to the bias of the gate that keeps the state, in every layer; as it is for cells without one.
    pub fn with_bias(&self, added: f64) -> Self {
        let (mut changed, n) = (self.clone(), self.network.hidden_size);
        if let Some(gate) = self.network.cell.carry_gate() {
            for place in 0..self.units() {
                changed.change(place, index::B_IH, |bias| {
                    bias[gate * n..(gate + 1) * n].iter_mut().for_each(|b| *b += added);
                });
            }
        }
        changed
    }

    /// With other recurrent matrices: `block` gets a block's place, its gate and its rows, and gives others or leaves it.
    pub fn with_blocks(&self, mut block: impl FnMut(usize, usize, &[f64]) -> Option<Vec<f64>>) -> Self {
        let (mut changed, n) = (self.clone(), self.network.hidden_size);
        for place in 0..self.units() {
            changed.change(place, index::W_HH, |rows| {
                for (gate, rows) in rows.chunks_exact_mut(n * n).enumerate() {
                    if let Some(other) = block(place, gate, rows) {
                        rows.copy_from_slice(&other);
                    }
                }
            });
        }
        changed
    }
}
