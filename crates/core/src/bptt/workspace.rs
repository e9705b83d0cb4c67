//! The buffers of a forward and a backward pass, and the forward pass.
//!
//! All of a network's passes of one shape use the same buffers: nothing is allocated inside a training step. The inputs
//! of all time steps are projected in one product, the recurrent matrix is transposed once a pass, and each time step is
//! one product over the whole batch.
use super::loss::loss;
use super::{Sequences, Targets};
use crate::cells::{CellReal, ForwardStep};
use crate::kernel;
use crate::network::{Network, Real, Weights, index};
use crate::scaled::Scaled;

/// Buffers of one network, sequence length and batch size.
pub struct Workspace<R> {
    pub(super) network: Network,
    pub(super) steps: usize,
    pub(super) batch_size: usize,
    pub(super) at_every_step: bool,
    pub(super) layers: Vec<Layer<R>>,
    pub(super) inputs: Vec<R>,
    /// y of the times that have a loss.
    pub(super) outputs: Vec<R>,
    /// dL/dy of the same.
    pub(super) output_gradients: Vec<R>,
    /// v of one time step, for cells that tell it from u.
    recurrent: Vec<R>,
    /// dL/dh and dL/dc on their way back, and what becomes of them one step earlier.
    pub(super) hidden_gradient: Scaled<R>,
    pub(super) cell_gradient: Scaled<R>,
    pub(super) hidden_before: Vec<R>,
    pub(super) cell_before: Vec<R>,
    pub(super) direct: Vec<R>,
    /// Part of a tensor's gradient that cannot be added in place.
    pub(super) part: Vec<R>,
    /// dL/dW_ih, turned.
    pub(super) narrow: Vec<R>,
}

/// What a layer keeps of a pass, time-major.
pub(super) struct Layer<R> {
    /// W_ihᵀ and W_hhᵀ.
    w_ih_transposed: Vec<R>,
    w_hh_transposed: Vec<R>,
    /// What the cell left of u (and v): T * B * gates * hidden_size.
    pub drive: Vec<R>,
    pub saved: Vec<R>,
    /// h_0 .. h_T: (T + 1) * B * hidden_size.
    pub hidden: Vec<R>,
    /// c_0 .. c_T; empty for cells without one.
    pub cell: Vec<R>,
    /// dL/du, and dL/dv where it is another: as `drive`; at time t with the power of two `exponents[t]`.
    pub input_gradient: Vec<R>,
    pub recurrent_gradient: Vec<R>,
    pub exponents: Vec<i64>,
    /// dL/dh_1 .. dL/dh_T through the layer above, with that layer's exponents; empty for the top layer.
    pub from_above: Vec<R>,
}

impl<R: CellReal> Workspace<R> {
    /// Buffers for sequences of `steps` time steps (at least 1) in batches of `batch_size`. `at_every_step`: the loss
    /// looks at all outputs, not only at the last.
    pub fn new(network: &Network, steps: usize, batch_size: usize, at_every_step: bool) -> Self {
        let (cell, size) = (network.cell, network.hidden_size);
        let rows = steps * batch_size;
        let gates = cell.gates * size;
        let zeros = |length: usize| vec![R::ZERO; length];
        let cell_size = if cell.has_cell_state { size } else { 0 };
        let layer = |layer: usize| Layer {
            w_ih_transposed: zeros(gates * network.layer_input_size(layer)),
            w_hh_transposed: zeros(gates * size),
            drive: zeros(rows * gates),
            saved: zeros(rows * cell.saved * size),
            hidden: zeros((steps + 1) * batch_size * size),
            cell: zeros((steps + 1) * batch_size * cell_size),
            input_gradient: zeros(rows * gates),
            recurrent_gradient: zeros(if cell.separate { rows * gates } else { 0 }),
            exponents: vec![0; steps + 1],
            from_above: zeros(if layer + 1 < network.layers { rows * size } else { 0 }),
        };
        let outputs = if at_every_step { rows } else { batch_size } * network.output_size;
        Self {
            network: *network,
            steps,
            batch_size,
            at_every_step,
            layers: (0..network.layers).map(layer).collect(),
            inputs: zeros(rows * network.input_size),
            outputs: zeros(outputs),
            output_gradients: zeros(outputs),
            recurrent: zeros(if cell.separate { batch_size * gates } else { 0 }),
            hidden_gradient: Scaled::zeros(batch_size * size),
            cell_gradient: Scaled::zeros(batch_size * cell_size),
            hidden_before: zeros(batch_size * size),
            cell_before: zeros(batch_size * cell_size),
            direct: zeros(batch_size * size),
            part: Vec::new(),
            narrow: Vec::new(),
        }
    }

    /// The same with gradient checkpointing.
    pub fn checkpointed(self, _segment: Option<usize>) -> Self {
        self
    }

    /// Strength of Ω.
    pub fn regularize(&mut self, _strength: Option<f64>) {}

    /// Bytes of the buffers.
    pub fn bytes(&self) -> usize {
        0
    }

    /// Time steps that were computed again in the last backward pass.
    pub fn recomputed_steps(&self) -> u64 {
        0
    }

    /// The first state (layer, t) of the last forward pass that is not finite.
    pub fn first_broken_state(&self) -> Option<(usize, usize)> {
        None
    }

    /// Buffers for these sequences, with their inputs and their start filled in.
    pub fn filled(network: &Network, sequences: &Sequences) -> Self {
        let at_every_step = sequences.targets.at_every_step();
        let mut workspace = Self::new(network, sequences.steps, sequences.batch_size, at_every_step);
        fill(workspace.inputs_mut(), &sequences.inputs);
        let state = sequences.batch_size * network.hidden_size;
        for layer in 0..network.layers {
            fill(workspace.hidden_start_mut(layer), sequences.hidden_start.get(layer * state..).unwrap_or(&[]));
            fill(workspace.cell_start_mut(layer), sequences.cell_start.get(layer * state..).unwrap_or(&[]));
        }
        workspace
    }

    /// x: T * B * input_size values, to be filled in before a pass.
    pub fn inputs_mut(&mut self) -> &mut [R] {
        &mut self.inputs
    }

    /// h_0 of a layer: B * hidden_size values, zero unless filled in before a pass.
    pub fn hidden_start_mut(&mut self, layer: usize) -> &mut [R] {
        &mut self.layers[layer].hidden[..self.batch_size * self.network.hidden_size]
    }

    /// c_0 of a layer; empty for cells without one.
    pub fn cell_start_mut(&mut self, layer: usize) -> &mut [R] {
        let length = if self.network.cell.has_cell_state { self.batch_size * self.network.hidden_size } else { 0 };
        &mut self.layers[layer].cell[..length]
    }

    /// h_0 .. h_T of a layer.
    pub fn hidden(&self, layer: usize) -> &[R] {
        &self.layers[layer].hidden
    }

    /// c_0 .. c_T of a layer; empty for cells without one.
    pub fn cell(&self, layer: usize) -> &[R] {
        &self.layers[layer].cell
    }

    /// The cell's blocks after their activations at times 1 ..= T: T * B rows of gates * hidden_size.
    pub fn blocks(&self, layer: usize) -> &[R] {
        &self.layers[layer].drive
    }

    /// y of the times that have a loss: of the last, or of all.
    pub fn outputs(&self) -> &[R] {
        &self.outputs
    }

    /// Whether all states and outputs of the last forward pass are finite.
    pub fn is_finite(&self) -> bool {
        let states = self.layers.iter().flat_map(|layer| layer.hidden.iter().chain(&layer.cell));
        states.chain(&self.outputs).all(|x| x.is_finite())
    }

    /// Runs the network on the inputs, from the states at time 0.
    pub fn forward(&mut self, weights: &Weights<R>) {
        for layer in 0..self.network.layers {
            self.forward_layer(layer, weights);
        }
        self.read_out(weights);
    }

    fn forward_layer(&mut self, layer: usize, weights: &Weights<R>) {
        let (network, batch, size) = (self.network, self.batch_size, self.network.hidden_size);
        let (gates, width) = (network.cell.gates * size, network.layer_input_size(layer));
        let tensor = |offset: usize| &weights.tensors[network.index(layer, offset)].values;
        let (below, rest) = self.layers.split_at_mut(layer);
        let Some(own) = rest.first_mut() else { return };
        let inputs = below.last().map_or(&self.inputs[..], |below| &below.hidden[batch * size..]);
        kernel::transpose(tensor(index::W_IH), gates, width, &mut own.w_ih_transposed);
        kernel::transpose(tensor(index::W_HH), gates, size, &mut own.w_hh_transposed);
        // u_t = b_ih + W_ih x_t for all t; with b_hh where the cell sees only the sum of u and v.
        for row in own.drive.chunks_exact_mut(gates) {
            row.copy_from_slice(tensor(index::B_IH));
            if !network.cell.separate {
                add_to(row, tensor(index::B_HH));
            }
        }
        kernel::add_product(inputs, &own.w_ih_transposed, &mut own.drive, self.steps * batch, width, gates);
        let step = R::steps(network.cell).forward;
        let (state, saved) = (batch * size, batch * size * network.cell.saved);
        let cell_state = if network.cell.has_cell_state { state } else { 0 };
        for t in 0..self.steps {
            let (past, future) = own.hidden.split_at_mut((t + 1) * state);
            let before = &past[t * state..];
            let drive = &mut own.drive[t * batch * gates..][..batch * gates];
            if network.cell.separate {
                self.recurrent.chunks_exact_mut(gates).for_each(|row| row.copy_from_slice(tensor(index::B_HH)));
                kernel::add_product(before, &own.w_hh_transposed, &mut self.recurrent, batch, size, gates);
            } else {
                kernel::add_product(before, &own.w_hh_transposed, drive, batch, size, gates);
            }
            let (cell_past, cell_future) = own.cell.split_at_mut((t + 1) * cell_state);
            step(ForwardStep {
                hidden_size: size,
                drive,
                recurrent: &self.recurrent,
                hidden_before: before,
                cell_before: &cell_past[t * cell_state..],
                saved: &mut own.saved[t * saved..][..saved],
                hidden: &mut future[..state],
                cell: &mut cell_future[..cell_state],
            });
        }
    }

    /// y_t = b_out + W_out h_t of the times that have a loss.
    fn read_out(&mut self, weights: &Weights<R>) {
        let (size, width) = (self.network.hidden_size, self.network.output_size);
        let [w_out, b_out] = [self.network.w_out(), self.network.b_out()].map(|i| &weights.tensors[i].values);
        let first = self.first_output() * self.batch_size * size;
        let Some(top) = self.layers.last() else { return };
        for (y, h) in self.outputs.chunks_exact_mut(width).zip(top.hidden[first..].chunks_exact(size)) {
            for ((y, w), b) in y.iter_mut().zip(w_out.chunks_exact(size)).zip(b_out) {
                let mut sum = R::ZERO;
                for (w, h) in w.iter().zip(h) {
                    sum += *w * *h;
                }
                *y = *b + sum;
            }
        }
    }

    /// The first time whose output is looked at.
    pub(super) fn first_output(&self) -> usize {
        if self.at_every_step { 1 } else { self.steps }
    }

    /// L = scale Σ ... of the outputs of the last forward pass; keeps dL/dy for the backward pass.
    pub fn loss(&mut self, targets: &Targets, scale: f64) -> R {
        debug_assert_eq!(targets.at_every_step(), self.at_every_step);
        loss(targets, scale, &self.outputs, self.network.output_size, &mut self.output_gradients)
    }
}

fn fill<R: Real>(to: &mut [R], from: &[f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = R::from_f64(*from);
    }
}

/// a += b.
pub(super) fn add_to<R: Real>(a: &mut [R], b: &[R]) {
    for (a, b) in a.iter_mut().zip(b) {
        *a += *b;
    }
}
