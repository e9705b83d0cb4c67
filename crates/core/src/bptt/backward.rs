//! The backward pass.
use super::truncation::{Segment, Truncation};
use super::workspace::Workspace;
use crate::cells::{BackwardStep, CellReal};
use crate::kernel;
use crate::network::{Network, Real, Weights, index};
use crate::scaled::{add_scaled, is_zero};

/// What happens to a gradient that leaves the range of its numbers on its way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// A power of two is carried beside the vectors: no norm is too large or too small.
    Carried,
    /// It becomes infinity or zero, as in a framework: for training.
    Plain,
}

/// dL/dθ: tensor i stands for its values times `2^exponents[i]`. In [`Range::Plain`] all exponents are 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient<R> {
    /// The values.
    pub tensors: Weights<R>,
    /// The powers of two.
    pub exponents: Vec<i64>,
}

impl<R: Real> Gradient<R> {
    /// Zero, for a network.
    pub fn zeros(network: &Network) -> Self {
        let tensors = network.zeros();
        Self { exponents: vec![0; tensors.tensors.len()], tensors }
    }

    /// Makes it zero.
    pub fn clear(&mut self) {
        self.exponents.fill(0);
        self.tensors.tensors.iter_mut().for_each(|tensor| tensor.values.fill(R::ZERO));
    }
}

/// Looks at the state gradients while they pass. Times run down; where segments overlap, a time is passed several times.
pub trait Watch<R> {
    /// dL/dh_t = values * 2^exponent, total within its segment, before the step from t to t - 1. What is changed here
    /// flows on changed.
    fn hidden(&mut self, _layer: usize, _t: usize, _gradient: &mut [R], _exponent: i64) {}

    /// Whether step t contributes to dL/dθ.
    fn counts(&self, _layer: usize, _t: usize) -> bool {
        true
    }

    /// dL/dc_t, total within its segment.
    fn cell(&mut self, _layer: usize, _t: usize, _gradient: &[R], _exponent: i64) {}
}

/// Looks at nothing.
pub struct Unwatched;

impl<R> Watch<R> for Unwatched {}

impl<R: CellReal> Workspace<R> {
    /// Adds dL/dθ of the last forward pass and [`Workspace::loss`] to `gradient`.
    pub fn backward(
        &mut self,
        weights: &Weights<R>,
        truncation: Truncation,
        range: Range,
        gradient: &mut Gradient<R>,
        watch: &mut dyn Watch<R>,
    ) {
        self.readout_gradient(gradient);
        for segment in truncation.segments(self.steps) {
            if segment.end < self.first_output() {
                continue;
            }
            for layer in (0..self.network.layers).rev() {
                self.pass(layer, segment, weights, range, watch);
                self.weight_gradients(layer, segment, gradient);
                self.pass_below(layer, segment, weights);
            }
        }
    }

    /// dL/dW_out and dL/db_out.
    fn readout_gradient(&self, gradient: &mut Gradient<R>) {
        let (size, width) = (self.network.hidden_size, self.network.output_size);
        let rows = self.output_gradients.len() / width.max(1);
        let Some(top) = self.layers.last() else { return };
        let hidden = &top.hidden[self.first_output() * self.batch_size * size..];
        let tensors = &mut gradient.tensors.tensors;
        let w_out = &mut tensors[self.network.w_out()].values;
        kernel::add_transposed_product(&self.output_gradients, hidden, w_out, width, rows, size);
        kernel::add_column_sums(&self.output_gradients, rows, width, &mut tensors[self.network.b_out()].values);
    }

    /// The states' gradients of one layer from the segment's end to its boundary.
    fn pass(&mut self, layer: usize, segment: Segment, weights: &Weights<R>, range: Range, watch: &mut dyn Watch<R>) {
        let network = self.network;
        let (size, state) = (network.hidden_size, self.batch_size * network.hidden_size);
        let (gates, saved) = (self.batch_size * network.cell.gates * size, state * network.cell.saved);
        let cell_state = if network.cell.has_cell_state { state } else { 0 };
        let w_hh = &weights.tensors[network.index(layer, index::W_HH)].values;
        let step = R::steps(network.cell).backward;
        for carried in [&mut self.hidden_gradient, &mut self.cell_gradient] {
            carried.values.fill(R::ZERO);
            carried.exponent = 0;
        }
        for t in (segment.boundary..=segment.end).rev() {
            if t == segment.boundary && t > 0 {
                break;
            }
            if t > 0 {
                self.add_direct(layer, t, segment, weights);
            }
            self.share_exponent();
            watch.hidden(layer, t, &mut self.hidden_gradient.values, self.hidden_gradient.exponent);
            let exponent = self.hidden_gradient.exponent;
            if t == 0 {
                watch.cell(layer, 0, &self.cell_gradient.values, exponent);
                break;
            }
            let own = &mut self.layers[layer];
            own.exponents[t] = exponent;
            let separate = if network.cell.separate { gates } else { 0 };
            let input = &mut own.input_gradient[(t - 1) * gates..][..gates];
            let recurrent = &mut own.recurrent_gradient[(t - 1) * separate..][..separate];
            step(BackwardStep {
                hidden_size: size,
                hidden_gradient: &self.hidden_gradient.values,
                cell_gradient: &mut self.cell_gradient.values,
                hidden_before: &own.hidden[(t - 1) * state..][..state],
                cell_before: &own.cell[t.saturating_sub(1) * cell_state..][..cell_state],
                hidden: &own.hidden[t * state..][..state],
                drive: &own.drive[(t - 1) * gates..][..gates],
                saved: &own.saved[(t - 1) * saved..][..saved],
                input,
                recurrent,
                direct: &mut self.hidden_before,
                cell_gradient_before: &mut self.cell_before,
            });
            watch.cell(layer, t, &self.cell_gradient.values, exponent);
            let through = if network.cell.separate { recurrent } else { input };
            kernel::add_product(through, w_hh, &mut self.hidden_before, self.batch_size, gates / self.batch_size, size);
            std::mem::swap(&mut self.hidden_gradient.values, &mut self.hidden_before);
            std::mem::swap(&mut self.cell_gradient.values, &mut self.cell_before);
            if range == Range::Carried {
                self.hidden_gradient.normalize();
                self.cell_gradient.normalize();
            }
        }
    }

    /// Adds what reaches dL/dh_t not through h_{t+1}: through y_t, or through the layer above.
    fn add_direct(&mut self, layer: usize, t: usize, segment: Segment, weights: &Weights<R>) {
        let (size, width) = (self.network.hidden_size, self.network.output_size);
        let state = self.batch_size * size;
        if layer + 1 < self.network.layers {
            let (above, own) = (&self.layers[layer + 1], &self.layers[layer]);
            self.hidden_gradient.add(&own.from_above[(t - 1) * state..][..state], above.exponents[t]);
        } else if t > segment.losses_after && t >= self.first_output() {
            let rows = (t - self.first_output()) * self.batch_size * width;
            let output_gradient = &self.output_gradients[rows..][..self.batch_size * width];
            let w_out = &weights.tensors[self.network.w_out()].values;
            self.direct.fill(R::ZERO);
            kernel::add_product(output_gradient, w_out, &mut self.direct, self.batch_size, width, size);
            self.hidden_gradient.add(&self.direct, 0);
        }
    }

    /// Gives h and c one exponent, so that a step sees them on one scale.
    fn share_exponent(&mut self) {
        let (hidden, cell) = (&mut self.hidden_gradient, &mut self.cell_gradient);
        if cell.values.is_empty() || hidden.exponent == cell.exponent {
            cell.exponent = hidden.exponent;
            return;
        }
        // Zeros take any exponent.
        let exponent = match (is_zero(&hidden.values), is_zero(&cell.values)) {
            (true, _) => cell.exponent,
            (_, true) => hidden.exponent,
            _ => hidden.exponent.max(cell.exponent),
        };
        hidden.move_exponent(exponent);
        cell.move_exponent(exponent);
    }

    /// dL/dW_ih, dL/dW_hh and the biases' of one layer from a segment: one product for each run of times that share an
    /// exponent.
    fn weight_gradients(&mut self, layer: usize, segment: Segment, gradient: &mut Gradient<R>) {
        let (network, batch, size) = (self.network, self.batch_size, self.network.hidden_size);
        let (gates, width) = (network.cell.gates * size, network.layer_input_size(layer));
        let (own, part, narrow) = (&self.layers[layer], &mut self.part, &mut self.narrow);
        let inputs = match layer {
            0 => &self.inputs[..],
            _ => &self.layers[layer - 1].hidden[batch * size..],
        };
        let of_v = if network.cell.separate { &own.recurrent_gradient } else { &own.input_gradient };
        let mut start = segment.boundary;
        while start < segment.end {
            let exponent = own.exponents[start + 1];
            let same = own.exponents[start + 1..=segment.end].iter().take_while(|other| **other == exponent);
            let rows = same.count() * batch;
            let first = start * batch;
            start += rows / batch;
            let du = &own.input_gradient[first * gates..][..rows * gates];
            let dv = &of_v[first * gates..][..rows * gates];
            let (x, h) = (&inputs[first * width..][..rows * width], &own.hidden[first * size..][..rows * size]);
            let mut add = |tensor: usize, product: &mut dyn FnMut(&mut [R])| {
                let tensor = network.index(layer, tensor);
                let values = &mut gradient.tensors.tensors[tensor].values;
                let own_exponent = &mut gradient.exponents[tensor];
                if *own_exponent != exponent && is_zero(values) {
                    *own_exponent = exponent;
                }
                if *own_exponent == exponent {
                    product(values);
                } else {
                    part.clear();
                    part.resize(values.len(), R::ZERO);
                    product(part);
                    add_scaled(values, own_exponent, part, exponent);
                }
            };
            add(index::W_IH, &mut |out| add_input_gradient(du, x, out, [gates, rows, width], narrow));
            add(index::W_HH, &mut |out| kernel::add_transposed_product(dv, h, out, gates, rows, size));
            add(index::B_IH, &mut |out| kernel::add_column_sums(du, rows, gates, out));
            add(index::B_HH, &mut |out| kernel::add_column_sums(dv, rows, gates, out));
        }
    }

    /// dL/dh_t of the layer below through this layer's inputs, for all times of the segment.
    fn pass_below(&mut self, layer: usize, segment: Segment, weights: &Weights<R>) {
        let (lower, upper) = self.layers.split_at_mut(layer);
        let (Some(below), Some(own)) = (lower.last_mut(), upper.first()) else { return };
        let size = self.network.hidden_size;
        let gates = self.network.cell.gates * size;
        let (first, rows) = (segment.boundary * self.batch_size, (segment.end - segment.boundary) * self.batch_size);
        let out = &mut below.from_above[first * size..][..rows * size];
        out.fill(R::ZERO);
        let w_ih = &weights.tensors[self.network.index(layer, index::W_IH)].values;
        kernel::add_product(&own.input_gradient[first * gates..][..rows * gates], w_ih, out, rows, gates, size);
    }
}

/// dL/dW_ih += Σ du xᵀ, for du of `rows` by `gates` and x of `rows` by `width`. Few features are the slow side of a
/// product, whose rows they would be: it is taken the other way round and turned.
fn add_input_gradient<R: Real>(
    du: &[R],
    x: &[R],
    out: &mut [R],
    [gates, rows, width]: [usize; 3],
    narrow: &mut Vec<R>,
) {
    if width >= NARROW {
        kernel::add_transposed_product(du, x, out, gates, rows, width);
        return;
    }
    narrow.clear();
    narrow.resize(width * gates, R::ZERO);
    kernel::add_transposed_product(x, du, narrow, width, rows, gates);
    for (i, row) in out.chunks_exact_mut(width.max(1)).enumerate() {
        for (j, w) in row.iter_mut().enumerate() {
            *w += narrow[j * gates + i];
        }
    }
}

/// Fewer features than this are few.
const NARROW: usize = 8;
