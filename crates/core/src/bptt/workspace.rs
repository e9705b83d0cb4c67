//! The buffers of a forward and a backward pass.
//!
//! All of a network's passes of one shape use the same buffers: nothing is allocated inside a training step.
//!
//! With gradient checkpointing ([`Workspace::checkpointed`]) the buffers have the length of one segment of the sequence.
//! The forward pass keeps the states at the segments' starts and forgets the rest; the backward pass runs each segment
//! forward once more before it walks back through it. Chen, Xu, Zhang and Guestrin, "Training deep nets with sublinear
//! memory cost" (2016), section 4. Not one bit of the gradient changes ([`super::Range::Plain`]).
use super::normalize::{self, Shape, Sums};
use super::sequences::Sequences;
use crate::cells::CellReal;
use crate::network::Network;
use crate::real::Real;
use crate::scaled::Scaled;

/// Buffers of one network, sequence length and batch size.
pub struct Workspace<R> {
    pub(super) network: Network,
    pub(super) steps: usize,
    /// Time steps of a segment; `steps` without checkpointing.
    pub(super) segment: usize,
    /// The segment whose forward pass is in the buffers.
    pub(super) loaded: usize,
    pub(super) recomputed: u64,
    pub(super) batch_size: usize,
    pub(super) at_every_step: bool,
    pub(super) layers: Vec<Layer<R>>,
    pub(super) inputs: Vec<R>,
    /// h of the top layer at the times that have a loss; empty without checkpointing, for then it is in the layer.
    pub(super) tops: Vec<R>,
    /// y of the times that have a loss.
    pub(super) outputs: Vec<R>,
    /// dL/dy of the same.
    pub(super) output_gradients: Vec<R>,
    /// dL/dh_t at t = 1..=T as it comes from outside, in the place of what comes through the outputs; usually empty.
    pub(super) outside: Vec<Scaled<R>>,
    /// Whether dL/dθ is found, and not the states' gradients alone.
    pub(super) finds_weights: bool,
    /// v of one time step, for cells that tell it from u, and where it is normalised.
    pub(super) recurrent: Vec<R>,
    pub(super) hidden_before: Vec<R>,
    pub(super) cell_before: Vec<R>,
    pub(super) direct: Vec<R>,
    /// dL/dc_t through h_t, where c_t is normalised on its way there; else empty.
    pub(super) through_output: Vec<R>,
    /// Part of a tensor's gradient that cannot be added in place.
    pub(super) part: Vec<R>,
    /// dL/dW_ih, turned.
    pub(super) narrow: Vec<R>,
    /// Rows of a product in the order in which they are summed.
    pub(super) turned: Vec<R>,
    pub(super) sums: Sums<R>,
    /// Which time steps of the current segment contribute to dL/dθ.
    pub(super) counted: Vec<bool>,
    /// The strength of Ω, if it is asked for, and its value in the last backward pass.
    pub(super) omega_strength: Option<f64>,
    pub(super) omega: f64,
}

/// What a layer keeps of a pass, time-major; times count from the start of the segment.
pub(super) struct Layer<R> {
    /// The recurrent matrix that the cell made of W_hh; empty where it is W_hh itself.
    pub w_hh: Vec<R>,
    /// W_ihᵀ, and the recurrent matrix transposed.
    pub w_ih_transposed: Vec<R>,
    pub w_hh_transposed: Vec<R>,
    /// u (and v) before the cell's step, the gates after their activations once it is done: S * B * gates * hidden_size.
    pub blocks: Vec<R>,
    pub saved: Vec<R>,
    /// h at the segment's start and after each of its steps: (S + 1) * B * hidden_size.
    pub hidden: Vec<R>,
    /// c likewise; empty for cells without one.
    pub cell: Vec<R>,
    /// h and c at the start of every segment.
    pub kept_hidden: Vec<R>,
    pub kept_cell: Vec<R>,
    /// The normalised W_ih x_t, W_hh h_{t-1} and c_t, and 1/√(var + ε) of each; empty without a normalisation.
    pub normalised: [Vec<R>; 3],
    pub inverse_deviation: [Vec<R>; 3],
    /// dL/du, and dL/dv where it is another: shaped as `blocks`; at time t with the power of two `exponents[t]`.
    pub input_gradient: Vec<R>,
    pub recurrent_gradient: Vec<R>,
    /// For all times of the sequence.
    pub exponents: Vec<i64>,
    /// dL/dh after each step of the segment through the layer above, with that layer's exponents; empty for the top
    /// layer.
    pub from_above: Vec<R>,
    /// dL/dh and dL/dc on their way back.
    pub hidden_gradient: Scaled<R>,
    pub cell_gradient: Scaled<R>,
}

impl<R: CellReal> Workspace<R> {
    /// Buffers for sequences of `steps` time steps (at least 1) in batches of `batch_size`. `at_every_step`: the loss
    /// looks at all outputs, not only at the last.
    pub fn new(network: &Network, steps: usize, batch_size: usize, at_every_step: bool) -> Self {
        Self::checkpointed(network, steps, batch_size, at_every_step, None)
    }

    /// The same with gradient checkpointing in segments of so many time steps; one that is as long as the sequence, or
    /// `None`, is no checkpointing.
    pub fn checkpointed(
        network: &Network,
        steps: usize,
        batch_size: usize,
        at_every_step: bool,
        segment: Option<usize>,
    ) -> Self {
        let (cell, size) = (network.cell, network.hidden_size);
        let segment = segment.unwrap_or(steps).clamp(1, steps.max(1));
        let segments = steps.div_ceil(segment);
        let rows = segment * batch_size;
        let gates = cell.gates * size;
        let zeros = |length: usize| vec![R::ZERO; length];
        let cell_size = if cell.has_cell_state { size } else { 0 };
        let normalised_cell = if network.normalizes_cell() { size } else { 0 };
        let normalised = if network.normalization.is_some() { rows * gates } else { 0 };
        let groups = network
            .normalization
            .map_or(0, |kind| Shape { kind, rows: batch_size, columns: gates, epsilon: normalize::EPSILON }.groups());
        let separate = cell.separate || network.normalization.is_some();
        let layer = |layer: usize| Layer {
            w_ih_transposed: zeros(gates * network.layer_input_size(layer)),
            w_hh: Vec::new(),
            w_hh_transposed: zeros(cell.recurrent_gates() * size * size),
            blocks: zeros(rows * gates),
            saved: zeros(rows * cell.saved * size),
            hidden: zeros((segment + 1) * batch_size * size),
            cell: zeros((segment + 1) * batch_size * cell_size),
            kept_hidden: zeros(segments * batch_size * size),
            kept_cell: zeros(segments * batch_size * cell_size),
            normalised: [zeros(normalised), zeros(normalised), zeros(rows * normalised_cell)],
            inverse_deviation: [zeros(segment * groups), zeros(segment * groups), zeros(segment * normalised_cell)],
            input_gradient: zeros(rows * gates),
            recurrent_gradient: zeros(if separate { rows * gates } else { 0 }),
            exponents: vec![0; steps + 1],
            from_above: zeros(if layer + 1 < network.layers { rows * size } else { 0 }),
            hidden_gradient: Scaled::zeros(batch_size * size),
            cell_gradient: Scaled::zeros(batch_size * cell_size),
        };
        let with_loss = if at_every_step { steps } else { 1 } * batch_size;
        Self {
            network: *network,
            steps,
            segment,
            loaded: 0,
            recomputed: 0,
            batch_size,
            at_every_step,
            layers: (0..network.layers).map(layer).collect(),
            inputs: zeros(steps * batch_size * network.input_size),
            tops: zeros(if segment < steps { with_loss * size } else { 0 }),
            outputs: zeros(with_loss * network.output_size),
            output_gradients: zeros(with_loss * network.output_size),
            outside: Vec::new(),
            finds_weights: true,
            recurrent: zeros(if separate { batch_size * gates } else { 0 }),
            hidden_before: zeros(batch_size * size),
            cell_before: zeros(batch_size * cell_size),
            direct: zeros(batch_size * size),
            through_output: zeros(batch_size * normalised_cell),
            part: Vec::new(),
            narrow: Vec::new(),
            turned: Vec::new(),
            sums: Sums::default(),
            counted: vec![true; segment],
            omega_strength: None,
            omega: 0.0,
        }
    }

    /// Buffers for these sequences, with their inputs and their start filled in.
    pub fn filled(network: &Network, sequences: &Sequences) -> Self {
        let at_every_step = sequences.targets.at_every_step();
        let mut workspace = Self::new(network, sequences.steps, sequences.batch_size, at_every_step);
        workspace.fill(sequences);
        workspace
    }

    /// Fills in the inputs and the start of sequences of the workspace's shape.
    pub fn fill(&mut self, sequences: &Sequences) {
        fill(&mut self.inputs, &sequences.inputs);
        let state = self.batch_size * self.network.hidden_size;
        for layer in 0..self.network.layers {
            fill(self.hidden_start_mut(layer), sequences.hidden_start.get(layer * state..).unwrap_or(&[]));
            fill(self.cell_start_mut(layer), sequences.cell_start.get(layer * state..).unwrap_or(&[]));
        }
    }

    /// Adds strength · dΩ/dW_hh to the gradient in every backward pass from now on (the regulariser of
    /// Pascanu et al. 2013, equation 9); `None`: no longer.
    pub fn regularize(&mut self, strength: Option<f64>) {
        self.omega_strength = strength;
    }

    /// Multiplies dL/dy of [`Workspace::loss`] by 2^exponent: all that the backward pass finds is then that of 2^exponent L.
    pub fn scale_loss(&mut self, exponent: i64) {
        if exponent != 0 {
            self.output_gradients.iter_mut().for_each(|x| *x = x.scale_by_power_of_two(exponent));
        }
    }

    /// Ω of the last backward pass, if it was asked for.
    pub fn omega(&self) -> f64 {
        self.omega
    }

    /// Bytes of all buffers: the states, what the cells kept, and the gradients on their way.
    pub fn bytes(&self) -> usize {
        let of_layer = |layer: &Layer<R>| {
            let single = [
                &layer.w_hh,
                &layer.w_ih_transposed,
                &layer.w_hh_transposed,
                &layer.blocks,
                &layer.saved,
                &layer.hidden,
                &layer.cell,
                &layer.kept_hidden,
                &layer.kept_cell,
                &layer.input_gradient,
                &layer.recurrent_gradient,
                &layer.from_above,
                &layer.hidden_gradient.values,
                &layer.cell_gradient.values,
            ];
            let pairs = layer.normalised.iter().chain(&layer.inverse_deviation);
            single.into_iter().chain(pairs).map(Vec::len).sum::<usize>()
        };
        let shared = [
            &self.inputs,
            &self.tops,
            &self.outputs,
            &self.output_gradients,
            &self.recurrent,
            &self.hidden_before,
            &self.cell_before,
            &self.direct,
        ];
        let numbers = self.layers.iter().map(of_layer).chain(shared.map(Vec::len)).sum::<usize>();
        numbers * size_of::<R>()
    }

    /// Time steps that the last backward pass ran forward once more.
    pub fn recomputed_steps(&self) -> u64 {
        self.recomputed
    }

    /// x: T * B * input_size values, to be filled in before a pass.
    pub fn inputs_mut(&mut self) -> &mut [R] {
        &mut self.inputs
    }

    /// h_0 of a layer: B * hidden_size values, zero unless filled in before a pass.
    pub fn hidden_start_mut(&mut self, layer: usize) -> &mut [R] {
        &mut self.layers[layer].kept_hidden[..self.batch_size * self.network.hidden_size]
    }

    /// c_0 of a layer; empty for cells without one.
    pub fn cell_start_mut(&mut self, layer: usize) -> &mut [R] {
        let length = if self.network.cell.has_cell_state { self.batch_size * self.network.hidden_size } else { 0 };
        &mut self.layers[layer].kept_cell[..length]
    }

    /// h_0 .. h_T of a layer. With checkpointing only the segment that was run last.
    pub fn hidden(&self, layer: usize) -> &[R] {
        &self.layers[layer].hidden
    }

    /// c_0 .. c_T of a layer; empty for cells without one. With checkpointing only the segment that was run last.
    pub fn cell(&self, layer: usize) -> &[R] {
        &self.layers[layer].cell
    }

    /// The cell's blocks after their activations at times 1 ..= T: T * B rows of gates * hidden_size. With checkpointing
    /// only the segment that was run last.
    pub fn blocks(&self, layer: usize) -> &[R] {
        &self.layers[layer].blocks
    }

    /// y of the times that have a loss: of the last, or of all.
    pub fn outputs(&self) -> &[R] {
        &self.outputs
    }

    /// Whether all states and outputs of the last forward pass are finite; with checkpointing those that are kept.
    pub fn is_finite(&self) -> bool {
        let states = self
            .layers
            .iter()
            .flat_map(|layer| layer.hidden.iter().chain(&layer.cell).chain(&layer.kept_hidden).chain(&layer.kept_cell));
        states.chain(&self.outputs).all(|x| x.is_finite())
    }

    /// The first state of the last forward pass that is not finite, as (layer, t): t first, then the lower layer. With
    /// checkpointing only the segments' starts and the last segment are known.
    pub fn first_broken_state(&self) -> Option<(usize, usize)> {
        let state = self.batch_size * self.network.hidden_size;
        let mut first: Option<(usize, usize)> = None;
        for (number, layer) in self.layers.iter().enumerate() {
            let kept = [(&layer.kept_hidden, 0, self.segment), (&layer.kept_cell, 0, self.segment)];
            let whole = [(&layer.hidden, self.loaded * self.segment, 1), (&layer.cell, self.loaded * self.segment, 1)];
            for (values, from, stride) in kept.into_iter().chain(whole) {
                let broken = |values: &[R]| values.iter().any(|x| !x.is_finite());
                let Some(index) = values.chunks(state.max(1)).position(broken) else { continue };
                let t = from + index * stride;
                if t <= self.steps && first.is_none_or(|(layer, before)| (t, number) < (before, layer)) {
                    first = Some((number, t));
                }
            }
        }
        first
    }

    /// The times of a segment: after the first, up to and with the second.
    pub(super) fn times(&self, segment: usize) -> (usize, usize) {
        (segment * self.segment, ((segment + 1) * self.segment).min(self.steps))
    }

    /// The first time whose output is looked at.
    pub(super) fn first_output(&self) -> usize {
        if self.at_every_step { 1 } else { self.steps }
    }
}

fn fill<R: Real>(to: &mut [R], from: &[f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = R::from_f64(*from);
    }
}
