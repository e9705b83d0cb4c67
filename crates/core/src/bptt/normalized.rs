//! The backward pass through the normalisations of one time step.
use super::backward::Gradient;
use super::normalize::{self, Shape};
use super::workspace::Workspace;
use crate::cells::CellReal;
use crate::kernel;
use crate::network::{Normalization, Weights, index};
use crate::scaled::add_scaled;

impl<R: CellReal> Workspace<R> {
    /// dL/dc_t through h_t = o ⊙ tanh(γ_c ⊙ N(c_t) + β_c); on the way, the gradients of γ_c and β_c.
    pub(super) fn through_cell_normalization(
        &mut self,
        layer: usize,
        at: usize,
        exponent: i64,
        weights: &Weights<R>,
        gradient: &mut Gradient<R>,
    ) {
        let network = self.network;
        let (Some([gain, bias]), Some(output_gate)) = (network.cell_affine(layer), network.cell.output_gate()) else {
            return;
        };
        let (size, gates) = (network.hidden_size, network.cell.gates * network.hidden_size);
        let state = self.batch_size * size;
        let buffers = &self.layers[layer];
        let squashed = buffers.saved[at * state..][..state].chunks_exact(size);
        let blocks = buffers.blocks[at * self.batch_size * gates..].chunks_exact(gates);
        let rows = self.through_output.chunks_exact_mut(size).zip(buffers.hidden_gradient.values.chunks_exact(size));
        for ((out, dh), (blocks, squashed)) in rows.zip(blocks.zip(squashed)) {
            let o = &blocks[output_gate * size..][..size];
            for j in 0..size {
                out[j] = dh[j] * o[j] * (R::ONE - squashed[j] * squashed[j]);
            }
        }
        let mut parts = [vec![R::ZERO; size], vec![R::ZERO; size]];
        let [of_gain, of_bias] = &mut parts;
        kernel::add_column_sums_backwards(&self.through_output, self.batch_size, size, self.batch_size, of_bias);
        normalize::backward(
            Shape { kind: Normalization::Batch, rows: self.batch_size, columns: size, epsilon: normalize::EPSILON },
            &mut self.through_output,
            &buffers.normalised[2][at * state..][..state],
            &buffers.inverse_deviation[2][at * size..][..size],
            &weights.tensors[gain].values,
            of_gain,
            &mut self.sums,
        );
        if self.counted[at] {
            for (tensor, part) in [gain, bias].into_iter().zip(&parts) {
                add_scaled(
                    &mut gradient.tensors.tensors[tensor].values,
                    &mut gradient.exponents[tensor],
                    part,
                    exponent,
                );
            }
        }
    }

    /// dL/du_t and dL/dv_t, which so far are those of what the cell saw, through the normalisations to those of
    /// W_ih x_t and W_hh h_{t-1}; on the way, the gradients of the biases and of the gains.
    pub(super) fn through_normalization(
        &mut self,
        layer: usize,
        at: usize,
        exponent: i64,
        weights: &Weights<R>,
        gradient: &mut Gradient<R>,
    ) {
        let network = self.network;
        let Some(kind) = network.normalization else { return };
        let columns = network.cell.gates * network.hidden_size;
        let shape = Shape { kind, rows: self.batch_size, columns, epsilon: normalize::EPSILON };
        let (length, groups, counted) = (self.batch_size * columns, shape.groups(), self.counted[at]);
        let buffers = &mut self.layers[layer];
        let sides =
            [&mut buffers.input_gradient, &mut buffers.recurrent_gradient].into_iter().zip([index::B_IH, index::B_HH]);
        for (side, (values, bias)) in sides.enumerate() {
            let values = &mut values[at * length..][..length];
            let mut add = |tensor: usize, part: &[R]| {
                if counted {
                    let to = &mut gradient.tensors.tensors[tensor].values;
                    add_scaled(to, &mut gradient.exponents[tensor], part, exponent);
                }
            };
            let part = &mut self.part;
            part.clear();
            part.resize(columns, R::ZERO);
            kernel::add_column_sums_backwards(values, self.batch_size, columns, self.batch_size, part);
            let is_bare = side == 1 && !network.cell.has_matrix();
            if !is_bare || network.cell.separate {
                add(network.index(layer, bias), part);
            }
            if is_bare {
                continue;
            }
            part.fill(R::ZERO);
            let gain = network.gains(layer)[side];
            normalize::backward(
                shape,
                values,
                &buffers.normalised[side][at * length..][..length],
                &buffers.inverse_deviation[side][at * groups..][..groups],
                &weights.tensors[gain].values,
                part,
                &mut self.sums,
            );
            add(gain, part);
        }
    }
}
