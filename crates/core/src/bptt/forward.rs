//! The forward pass, over the buffers of a [`Workspace`].
//!
//! The inputs of all time steps are projected in one product, the recurrent matrix is transposed once a pass, and each
//! time step is one product over the whole batch.
use super::loss::{Targets, loss};
use super::normalize::{self, Shape};
use super::workspace::Workspace;
use crate::cells::{CellReal, ForwardStep};
use crate::kernel;
use crate::network::{Normalization, Weights, index};
use crate::real::Real;

impl<R: CellReal> Workspace<R> {
    /// Runs the network on the inputs, from the states at time 0.
    pub fn forward(&mut self, weights: &Weights<R>) {
        let network = self.network;
        self.make_recurrent(weights);
        for (layer, buffers) in self.layers.iter_mut().enumerate() {
            let gates = network.cell.gates * network.hidden_size;
            let tensor = |offset: usize| &weights.tensors[network.index(layer, offset)].values;
            let width = network.layer_input_size(layer);
            kernel::transpose(tensor(index::W_IH), gates, width, &mut buffers.w_ih_transposed);
            if network.cell.has_matrix() {
                let w_hh = if buffers.w_hh.is_empty() { tensor(index::W_HH) } else { &buffers.w_hh };
                kernel::transpose(w_hh, gates, network.hidden_size, &mut buffers.w_hh_transposed);
            }
        }
        for segment in 0..self.steps.div_ceil(self.segment) {
            self.run_segment(segment, weights);
            self.read_out(segment, weights);
        }
    }

    /// Runs one segment forward from the states that are kept at its start, and keeps those at its end.
    pub(super) fn run_segment(&mut self, segment: usize, weights: &Weights<R>) {
        for layer in 0..self.network.layers {
            self.forward_layer(layer, segment, weights);
        }
        self.loaded = segment;
    }

    fn forward_layer(&mut self, layer: usize, segment: usize, weights: &Weights<R>) {
        let (network, batch, size) = (self.network, self.batch_size, self.network.hidden_size);
        let (gates, width) = (network.cell.gates * size, network.layer_input_size(layer));
        let (first, last) = self.times(segment);
        let steps = last - first;
        let tensor = |offset: usize| &weights.tensors[network.index(layer, offset)].values;
        let (below, rest) = self.layers.split_at_mut(layer);
        let Some(buffers) = rest.first_mut() else { return };
        let inputs = match below.last() {
            Some(below) => &below.hidden[batch * size..][..steps * batch * width],
            None => &self.inputs[first * batch * width..][..steps * batch * width],
        };
        let (state, saved) = (batch * size, batch * size * network.cell.saved);
        let cell_state = if network.cell.has_cell_state { state } else { 0 };
        buffers.hidden[..state].copy_from_slice(&buffers.kept_hidden[segment * state..][..state]);
        buffers.cell[..cell_state].copy_from_slice(&buffers.kept_cell[segment * cell_state..][..cell_state]);
        let pre_activation = &mut buffers.blocks[..steps * batch * gates];
        let gains = network.normalization.map(|kind| {
            let gains = network.gains(layer).map(|index| &weights.tensors[index].values[..]);
            (Shape { kind, rows: batch, columns: gates, epsilon: normalize::EPSILON }, gains)
        });
        if let Some((shape, gains)) = gains {
            // u_t = b_ih + γ ⊙ N(W_ih x_t), with b_hh where the cell sees only the sum of u and v.
            let normalised = &mut buffers.normalised[0][..steps * batch * gates];
            normalised.fill(R::ZERO);
            kernel::add_product(inputs, &buffers.w_ih_transposed, normalised, steps * batch, width, gates);
            let deviations = buffers.inverse_deviation[0].chunks_exact_mut(shape.groups());
            for (x, deviations) in normalised.chunks_exact_mut(batch * gates).zip(deviations) {
                normalize::forward(shape, x, deviations, &mut self.sums);
            }
            for (row, x) in pre_activation.chunks_exact_mut(gates).zip(normalised.chunks_exact(gates)) {
                row.copy_from_slice(tensor(index::B_IH));
                if !network.cell.separate {
                    add_to(row, tensor(index::B_HH));
                }
                add_product_to(row, gains[0], x);
            }
        } else {
            // u_t = b_ih + W_ih x_t for all t; with b_hh where the cell sees only the sum of u and v.
            let mut rows = pre_activation.chunks_exact_mut(gates);
            if let Some(first) = rows.next() {
                first.copy_from_slice(tensor(index::B_IH));
                if !network.cell.separate {
                    add_to(first, tensor(index::B_HH));
                }
                rows.for_each(|row| row.copy_from_slice(first));
            }
            kernel::add_product(inputs, &buffers.w_ih_transposed, pre_activation, steps * batch, width, gates);
        }
        let step = R::steps(network.cell).forward;
        for t in 0..steps {
            let (past, future) = buffers.hidden.split_at_mut((t + 1) * state);
            let before = &past[t * state..];
            let pre_activation = &mut buffers.blocks[t * batch * gates..][..batch * gates];
            if !network.cell.has_matrix() {
                // v = b_hh, where there is one.
                if network.cell.separate {
                    self.recurrent.chunks_exact_mut(gates).for_each(|row| row.copy_from_slice(tensor(index::B_HH)));
                }
            } else if let Some((shape, gains)) = gains {
                let normalised = &mut buffers.normalised[1][t * batch * gates..][..batch * gates];
                normalised.fill(R::ZERO);
                kernel::add_product(before, &buffers.w_hh_transposed, normalised, batch, size, gates);
                let deviations = &mut buffers.inverse_deviation[1][t * shape.groups()..][..shape.groups()];
                normalize::forward(shape, normalised, deviations, &mut self.sums);
                let target = if network.cell.separate {
                    self.recurrent.chunks_exact_mut(gates).for_each(|row| row.copy_from_slice(tensor(index::B_HH)));
                    &mut self.recurrent
                } else {
                    &mut *pre_activation
                };
                for (row, x) in target.chunks_exact_mut(gates).zip(normalised.chunks_exact(gates)) {
                    add_product_to(row, gains[1], x);
                }
            } else if network.cell.separate {
                self.recurrent.chunks_exact_mut(gates).for_each(|row| row.copy_from_slice(tensor(index::B_HH)));
                kernel::add_product(before, &buffers.w_hh_transposed, &mut self.recurrent, batch, size, gates);
            } else {
                kernel::add_product(before, &buffers.w_hh_transposed, pre_activation, batch, size, gates);
            }
            let (cell_past, cell_future) = buffers.cell.split_at_mut((t + 1) * cell_state);
            step(ForwardStep {
                hidden_size: size,
                constants: network.constants,
                pre_activation,
                recurrent: if network.cell.separate { &self.recurrent } else { &[] },
                hidden_before: before,
                cell_before: &cell_past[t * cell_state..],
                saved: &mut buffers.saved[t * saved..][..saved],
                hidden: &mut future[..state],
                cell: &mut cell_future[..cell_state],
            });
            if let (Some(affine), Some(output_gate)) = (network.cell_affine(layer), network.cell.output_gate()) {
                let normalised = &mut buffers.normalised[2][t * state..][..state];
                normalised.copy_from_slice(&cell_future[..state]);
                let shape =
                    Shape { kind: Normalization::Batch, rows: batch, columns: size, epsilon: normalize::EPSILON };
                let deviations = &mut buffers.inverse_deviation[2][t * size..][..size];
                normalize::forward(shape, normalised, deviations, &mut self.sums);
                let [gain, bias] = affine.map(|index| &weights.tensors[index].values[..]);
                let squashed = &mut buffers.saved[t * saved..][..saved];
                for (row, x) in squashed.chunks_exact_mut(size).zip(normalised.chunks_exact(size)) {
                    row.copy_from_slice(bias);
                    add_product_to(row, gain, x);
                }
                R::tanh_all(squashed);
                let blocks = buffers.blocks[t * batch * gates..][..batch * gates].chunks_exact(gates);
                let rows = future[..state].chunks_exact_mut(size).zip(squashed.chunks_exact(size)).zip(blocks);
                for ((hidden, squashed), blocks) in rows {
                    let o = &blocks[output_gate * size..][..size];
                    hidden.iter_mut().zip(o).zip(squashed).for_each(|((h, o), x)| *h = *o * *x);
                }
            }
        }
        if last < self.steps {
            buffers.kept_hidden[(segment + 1) * state..][..state]
                .copy_from_slice(&buffers.hidden[steps * state..][..state]);
            buffers.kept_cell[(segment + 1) * cell_state..][..cell_state]
                .copy_from_slice(&buffers.cell[steps * cell_state..][..cell_state]);
        }
    }

    /// y_t = b_out + W_out h_t of the times of a segment that have a loss.
    fn read_out(&mut self, segment: usize, weights: &Weights<R>) {
        let (size, width) = (self.network.hidden_size, self.network.output_size);
        let [w_out, b_out] = [self.network.w_out(), self.network.b_out()].map(|i| &weights.tensors[i].values);
        let (first, last) = self.times(segment);
        let from = self.first_output().max(first + 1);
        if from > last || width == 0 {
            return;
        }
        let Some(top) = self.layers.last() else { return };
        let rows = (from - self.first_output()) * self.batch_size;
        let count = (last + 1 - from) * self.batch_size;
        let top = &top.hidden[(from - first) * self.batch_size * size..][..count * size];
        if !self.tops.is_empty() {
            self.tops[rows * size..][..count * size].copy_from_slice(top);
        }
        let outputs = &mut self.outputs[rows * width..][..count * width];
        for (y, h) in outputs.chunks_exact_mut(width).zip(top.chunks_exact(size)) {
            for ((y, w), b) in y.iter_mut().zip(w_out.chunks_exact(size)).zip(b_out) {
                let mut sum = R::ZERO;
                for (w, h) in w.iter().zip(h) {
                    sum += *w * *h;
                }
                *y = *b + sum;
            }
        }
    }

    /// L = scale Σ ... of the outputs of the last forward pass; keeps dL/dy for the backward pass.
    pub fn loss(&mut self, targets: &Targets, scale: f64) -> R {
        debug_assert_eq!(targets.at_every_step(), self.at_every_step);
        loss(targets, scale, &self.outputs, self.network.output_size, &mut self.output_gradients)
    }
}

/// a += b, number by number.
pub(super) fn add_to<R: Real>(a: &mut [R], b: &[R]) {
    for (a, b) in a.iter_mut().zip(b) {
        *a += *b;
    }
}

/// a += b ⊙ c, number by number.
pub(super) fn add_product_to<R: Real>(a: &mut [R], b: &[R], c: &[R]) {
    for ((a, b), c) in a.iter_mut().zip(b).zip(c) {
        *a += *b * *c;
    }
}
