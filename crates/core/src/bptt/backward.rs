//! The backward pass.
use super::omega;
use super::range::{Range, drop_least};
use super::truncation::{Segment, Truncation};
use super::workspace::Workspace;
use crate::cells::{BackwardStep, CellReal};
use crate::kernel;
use crate::network::{Network, Weights, index};
use crate::real::Real;
use crate::scaled::{add_scaled, is_zero};

/// dL/dθ: tensor i stands for its values times `2^exponents[i]`. In [`Range::Plain`] all exponents are 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient<R> {
    /// In the order of the weights; to be multiplied by 2^exponent.
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

    /// Makes it zero without giving its memory back.
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

    /// Whether step t contributes to the gradient of its layer's weights; dL/dh_t flows on in any case.
    fn counts(&self, _layer: usize, _t: usize) -> bool {
        true
    }

    /// dL/dc_t, total within its segment.
    fn cell(&mut self, _layer: usize, _t: usize, _gradient: &[R], _exponent: i64) {}
}

/// Looks at nothing.
pub struct Unwatched;

impl<R> Watch<R> for Unwatched {}

/// Part of a truncation's segment that lies in one segment of the buffers: the times after `from`, up to and with `to`.
#[derive(Clone, Copy)]
struct Stretch {
    from: usize,
    to: usize,
    /// The time before the first of the buffers' segment.
    start: usize,
    /// Whether the way back goes on before `from`, or ends at the state at time 0.
    through: bool,
}

impl<R: CellReal> Workspace<R> {
    /// Adds dL/dθ of the last forward pass and [`Workspace::loss`] to `gradient`. The sums run over the time steps from
    /// the last to the first.
    pub fn backward(
        &mut self,
        weights: &Weights<R>,
        truncation: Truncation,
        range: Range,
        gradient: &mut Gradient<R>,
        watch: &mut dyn Watch<R>,
    ) {
        self.recomputed = 0;
        self.omega = 0.0;
        let before = self.set_aside(gradient);
        self.readout_gradient(gradient);
        let first = self.first_output();
        for segment in truncation.segments(self.steps).filter(|segment| segment.end >= first) {
            self.follow(segment, weights, range, gradient, watch);
        }
        self.through_effective(weights, gradient, &before);
    }

    /// Follows the losses of one segment back.
    #[inline(never)]
    pub(super) fn follow(
        &mut self,
        segment: Segment,
        weights: &Weights<R>,
        range: Range,
        gradient: &mut Gradient<R>,
        watch: &mut dyn Watch<R>,
    ) {
        for layer in &mut self.layers {
            for carried in [&mut layer.hidden_gradient, &mut layer.cell_gradient] {
                carried.values.fill(R::ZERO);
                carried.exponent = 0;
            }
        }
        let mut to = segment.end;
        while to > segment.boundary {
            let piece = to.saturating_sub(1) / self.segment;
            let (start, last) = self.times(piece);
            if self.loaded != piece {
                self.run_segment(piece, weights);
                self.recomputed += (last - start) as u64;
            }
            let from = start.max(segment.boundary);
            let through = from > segment.boundary || from == 0;
            let stretch = Stretch { from, to, start, through };
            for layer in (0..self.network.layers).rev() {
                self.pass(layer, segment, stretch, weights, range, gradient, watch);
                if self.finds_weights {
                    self.weight_gradients(layer, stretch, gradient);
                }
                self.pass_below(layer, stretch, weights);
            }
            if from == 0 {
                break;
            }
            to = from;
        }
    }

    /// dL/dW_out and dL/db_out.
    fn readout_gradient(&mut self, gradient: &mut Gradient<R>) {
        let (size, width) = (self.network.hidden_size, self.network.output_size);
        let rows = self.output_gradients.len() / width.max(1);
        let Some(top) = self.layers.last().filter(|_| width > 0) else { return };
        let hidden = if self.tops.is_empty() {
            &top.hidden[self.first_output() * self.batch_size * size..]
        } else {
            &self.tops[..]
        };
        let tensors = &mut gradient.tensors.tensors;
        let w_out = &mut tensors[self.network.w_out()].values;
        let (shape, block) = ([width, rows, size], self.batch_size);
        kernel::add_transposed_product_backwards(&self.output_gradients, hidden, w_out, shape, block, &mut self.turned);
        let b_out = &mut tensors[self.network.b_out()].values;
        kernel::add_column_sums_backwards(&self.output_gradients, rows, width, block, b_out);
    }

    /// The states' gradients of one layer over a stretch.
    #[expect(clippy::too_many_arguments, reason = "what a pass goes over, and what it tells")]
    fn pass(
        &mut self,
        layer: usize,
        segment: Segment,
        stretch: Stretch,
        weights: &Weights<R>,
        range: Range,
        gradient: &mut Gradient<R>,
        watch: &mut dyn Watch<R>,
    ) {
        let network = self.network;
        let (size, state) = (network.hidden_size, self.batch_size * network.hidden_size);
        let (gates, saved) = (self.batch_size * network.cell.gates * size, state * network.cell.saved);
        let cell_state = if network.cell.has_cell_state { state } else { 0 };
        let made = std::mem::take(&mut self.layers[layer].w_hh);
        let w_hh = if made.is_empty() { &weights.tensors[network.index(layer, index::W_HH)].values } else { &made };
        let step = R::steps(network.cell).backward;
        let separate = network.cell.separate || network.normalization.is_some();
        for t in (stretch.from + 1..=stretch.to).rev() {
            self.add_direct(layer, t, segment, stretch, weights);
            self.share_exponent(layer);
            let buffers = &mut self.layers[layer];
            let exponent = buffers.hidden_gradient.exponent;
            watch.hidden(layer, t, &mut buffers.hidden_gradient.values, exponent);
            buffers.exponents[t] = exponent;
            // The place of the step in the buffers.
            let at = t - 1 - stretch.start;
            self.counted[at] = watch.counts(layer, t);
            self.through_cell_normalization(layer, at, exponent, weights, gradient);
            let buffers = &mut self.layers[layer];
            let separate_length = if separate { gates } else { 0 };
            let input = &mut buffers.input_gradient[at * gates..][..gates];
            let recurrent = &mut buffers.recurrent_gradient[at * separate_length..][..separate_length];
            step(BackwardStep {
                hidden_size: size,
                constants: network.constants,
                hidden_gradient: &buffers.hidden_gradient.values,
                cell_gradient: &mut buffers.cell_gradient.values,
                through_output: &self.through_output,
                hidden_before: &buffers.hidden[at * state..][..state],
                cell_before: &buffers.cell[at * cell_state..][..cell_state],
                hidden: &buffers.hidden[(at + 1) * state..][..state],
                blocks: &buffers.blocks[at * gates..][..gates],
                saved: &buffers.saved[at * saved..][..saved],
                input,
                recurrent: if network.cell.separate { &mut *recurrent } else { &mut [] },
                direct: &mut self.hidden_before,
                cell_gradient_before: &mut self.cell_before,
            });
            watch.cell(layer, t, &buffers.cell_gradient.values, exponent);
            if network.normalization.is_some() {
                if !network.cell.separate {
                    recurrent.copy_from_slice(input);
                }
                self.through_normalization(layer, at, exponent, weights, gradient);
            }
            let buffers = &mut self.layers[layer];
            let through = if separate { &buffers.recurrent_gradient } else { &buffers.input_gradient };
            let through = &through[at * gates..][..gates];
            let rows = gates / self.batch_size;
            if network.cell.has_matrix() {
                kernel::add_product(through, w_hh, &mut self.hidden_before, self.batch_size, rows, size);
            }
            if let Some(strength) = self.omega_strength {
                let shape = [self.batch_size, size, rows];
                let vectors = [&buffers.hidden_gradient.values[..], &self.hidden_before, through];
                self.omega += omega::step(vectors, shape, strength, &mut self.part);
                let tensor = network.index(layer, index::W_HH);
                // Without a matrix Ω is measured and pulls on nothing.
                if network.cell.has_matrix() {
                    let (a, b, mut product) = (&self.part, &self.hidden_before, vec![R::ZERO; rows * size]);
                    kernel::add_transposed_product(a, b, &mut product, rows, self.batch_size, size);
                    let values = &mut gradient.tensors.tensors[tensor].values;
                    add_scaled(values, &mut gradient.exponents[tensor], &product, 0);
                }
            }
            std::mem::swap(&mut buffers.hidden_gradient.values, &mut self.hidden_before);
            std::mem::swap(&mut buffers.cell_gradient.values, &mut self.cell_before);
            if range == Range::Carried {
                buffers.hidden_gradient.normalize();
                buffers.cell_gradient.normalize();
            } else if R::DIGITS <= f32::MANTISSA_DIGITS {
                drop_least(&mut buffers.hidden_gradient.values);
                drop_least(&mut buffers.cell_gradient.values);
            }
        }
        self.layers[layer].w_hh = made;
        if stretch.through && stretch.from == 0 {
            self.share_exponent(layer);
            let buffers = &mut self.layers[layer];
            let exponent = buffers.hidden_gradient.exponent;
            watch.hidden(layer, 0, &mut buffers.hidden_gradient.values, exponent);
            watch.cell(layer, 0, &buffers.cell_gradient.values, exponent);
        }
    }

    /// Adds what reaches dL/dh_t not through h_{t+1}: through y_t, or through the layer above.
    fn add_direct(&mut self, layer: usize, t: usize, segment: Segment, stretch: Stretch, weights: &Weights<R>) {
        let (size, width) = (self.network.hidden_size, self.network.output_size);
        let state = self.batch_size * size;
        let first_output = self.first_output();
        let (lower, upper) = self.layers.split_at_mut(layer + 1);
        let Some(buffers) = lower.last_mut() else { return };
        if let Some(above) = upper.first() {
            let from = &buffers.from_above[(t - 1 - stretch.start) * state..][..state];
            buffers.hidden_gradient.add(from, above.exponents[t]);
        } else if let Some(given) = self.outside.get(t - 1) {
            buffers.hidden_gradient.add(&given.values, given.exponent);
        } else if t > segment.losses_after && t >= first_output {
            let rows = (t - first_output) * self.batch_size * width;
            let output_gradient = &self.output_gradients[rows..][..self.batch_size * width];
            let w_out = &weights.tensors[self.network.w_out()].values;
            self.direct.fill(R::ZERO);
            kernel::add_product(output_gradient, w_out, &mut self.direct, self.batch_size, width, size);
            buffers.hidden_gradient.add(&self.direct, 0);
        }
    }

    /// Gives h and c one exponent, so that a step sees them on one scale.
    fn share_exponent(&mut self, layer: usize) {
        let buffers = &mut self.layers[layer];
        let (hidden, cell) = (&mut buffers.hidden_gradient, &mut buffers.cell_gradient);
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

    /// dL/dW_ih, dL/dW_hh and the biases' of one layer from a stretch: one product for each run of times that share an
    /// exponent and contribute, from the last to the first.
    fn weight_gradients(&mut self, layer: usize, stretch: Stretch, gradient: &mut Gradient<R>) {
        let (network, batch, size) = (self.network, self.batch_size, self.network.hidden_size);
        let (gates, width) = (network.cell.gates * size, network.layer_input_size(layer));
        let (lower, upper) = self.layers.split_at(layer);
        let Some(buffers) = upper.first() else { return };
        let (part, narrow, turned) = (&mut self.part, &mut self.narrow, &mut self.turned);
        // Inputs of the first step of the buffers' segment and of those after it.
        let inputs = match lower.last() {
            None => &self.inputs[stretch.start * batch * width..],
            Some(below) => &below.hidden[batch * size..],
        };
        let normalised = network.normalization.is_some();
        let of_v =
            if network.cell.separate || normalised { &buffers.recurrent_gradient } else { &buffers.input_gradient };
        let kind = |t: usize| (buffers.exponents[t], self.counted[t - 1 - stretch.start]);
        let mut to = stretch.to;
        while to > stretch.from {
            let (exponent, counted) = kind(to);
            let from =
                (stretch.from..to).rev().take_while(|t| kind(t + 1) == (exponent, counted)).last().unwrap_or(to - 1);
            let (first, rows) = ((from - stretch.start) * batch, (to - from) * batch);
            to = from;
            if !counted {
                continue;
            }
            let du = &buffers.input_gradient[first * gates..][..rows * gates];
            let dv = &of_v[first * gates..][..rows * gates];
            let (x, h) = (&inputs[first * width..][..rows * width], &buffers.hidden[first * size..][..rows * size]);
            let mut add = |tensor: usize, product: &mut dyn FnMut(&mut [R])| {
                let tensor = network.index(layer, tensor);
                let values = &mut gradient.tensors.tensors[tensor].values;
                let sum_exponent = &mut gradient.exponents[tensor];
                if *sum_exponent != exponent && is_zero(values) {
                    *sum_exponent = exponent;
                }
                if *sum_exponent == exponent {
                    product(values);
                } else {
                    part.clear();
                    part.resize(values.len(), R::ZERO);
                    product(part);
                    add_scaled(values, sum_exponent, part, exponent);
                }
            };
            add(index::W_IH, &mut |out| add_input_gradient(du, x, out, [gates, rows, width], batch, narrow, turned));
            if network.cell.has_matrix() {
                add(index::W_HH, &mut |out| {
                    kernel::add_transposed_product_backwards(dv, h, out, [gates, rows, size], batch, turned);
                });
            }
            if !normalised {
                add(index::B_IH, &mut |out| kernel::add_column_sums_backwards(du, rows, gates, batch, out));
                if network.cell.recurrent_biases() > 0 {
                    add(index::B_HH, &mut |out| kernel::add_column_sums_backwards(dv, rows, gates, batch, out));
                }
            }
        }
    }

    /// dL/dh_t of the layer below through this layer's inputs, for all times of the stretch.
    fn pass_below(&mut self, layer: usize, stretch: Stretch, weights: &Weights<R>) {
        let (lower, upper) = self.layers.split_at_mut(layer);
        let (Some(below), Some(buffers)) = (lower.last_mut(), upper.first()) else { return };
        let size = self.network.hidden_size;
        let gates = self.network.cell.gates * size;
        let (first, rows) =
            ((stretch.from - stretch.start) * self.batch_size, (stretch.to - stretch.from) * self.batch_size);
        let out = &mut below.from_above[first * size..][..rows * size];
        out.fill(R::ZERO);
        let w_ih = &weights.tensors[self.network.index(layer, index::W_IH)].values;
        kernel::add_product(&buffers.input_gradient[first * gates..][..rows * gates], w_ih, out, rows, gates, size);
    }
}

/// dL/dW_ih += Σ du xᵀ, for du of `rows` by `gates` and x of `rows` by `width`. Few features are the slow side of a
/// product, whose rows they would be: it is taken the other way round and turned.
fn add_input_gradient<R: Real>(
    du: &[R],
    x: &[R],
    out: &mut [R],
    [gates, rows, width]: [usize; 3],
    batch: usize,
    narrow: &mut Vec<R>,
    turned: &mut Vec<R>,
) {
    if width >= NARROW {
        kernel::add_transposed_product_backwards(du, x, out, [gates, rows, width], batch, turned);
        return;
    }
    // The sum goes on from what is there, so that it may be cut anywhere.
    narrow.clear();
    narrow.resize(width * gates, R::ZERO);
    kernel::transpose(out, gates, width, narrow);
    kernel::add_transposed_product_backwards(x, du, narrow, [width, rows, gates], batch, turned);
    kernel::transpose(narrow, width, gates, out);
}

/// Fewer features than this are few.
const NARROW: usize = 8;
