//! Backpropagation through time for any cell of the registry.
//!
//! ```text
//! forward    h_t, c_t = cell(W_ih x_t + b_ih, W_hh h_{t-1} + b_hh, h_{t-1}, c_{t-1}),  y_t = W_out h_t + b_out
//! backward   dL/dh_{t-1} = W_hhᵀ dL/dv_t + direct_t + (direct loss term at t-1)
//!            dL/dW_hh = Σ_t dL/dv_t h_{t-1}ᵀ,  dL/dW_ih = Σ_t dL/du_t x_tᵀ
//! ```
//!
//! Werbos, "Backpropagation through time: what it does and how to do it" (1990). Arrays are time-major and row-major:
//! `inputs[t][sequence][feature]`. The vectors that travel back are [`Scaled`]: a norm of 1e-5000 is found as such.
//! Where the forward pass itself overflows f64, [`study`] repeats it in [`Wide`].
use crate::cells::{BackwardStep, CellReal, ForwardStep};
use crate::math;
use crate::network::{Network, Real, Tensor, Weights, index};
use crate::scaled::{Scaled, Wide, log10_norm};

/// What a network is run on: a batch of sequences of one length.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequences {
    /// T: number of time steps, at least 1.
    pub steps: usize,
    /// B: number of sequences.
    pub batch_size: usize,
    /// x: T * B * input_size values.
    pub inputs: Vec<f64>,
    /// h_0: B * hidden_size values.
    pub hidden_start: Vec<f64>,
    /// c_0: B * hidden_size values, or empty for cells without a cell state.
    pub cell_start: Vec<f64>,
    /// What the outputs should be.
    pub targets: Targets,
    /// The factor before the loss: 1/B for a mean over sequences.
    pub loss_scale: f64,
}

/// The loss and what it compares with.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets {
    /// L = scale Σ_b ‖y_T - target_b‖²; B * output_size values.
    SquaredErrorLast(Vec<f64>),
    /// L = scale Σ_t Σ_b ‖y_t - target_tb‖²; T * B * output_size values.
    SquaredErrorAll(Vec<f64>),
    /// L = scale Σ_b -ln softmax(y_T)_{class_b}; B classes.
    CrossEntropyLast(Vec<usize>),
}

/// What one forward and backward pass found. Norms are base-10 logarithms; index t = 0..=T is the time of the state.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// L.
    pub loss: f64,
    /// h_1 .. h_T after h_0: (T + 1) * B * hidden_size.
    pub hidden: Vec<f64>,
    /// c_0 .. c_T; empty for cells without one.
    pub cell: Vec<f64>,
    /// y_T: B * output_size.
    pub output_last: Vec<f64>,
    /// log10 ‖dL/dh_t‖, the total derivative, over the whole batch.
    pub hidden_gradient_log10: Vec<f64>,
    /// log10 ‖dL/dc_t‖; empty for cells without one.
    pub cell_gradient_log10: Vec<f64>,
    /// dL/dh_t as directions: B * hidden_size values each, of moderate size (see [`Scaled`]).
    pub hidden_gradients: Vec<Scaled<f64>>,
    /// dL/dθ, each tensor with its own power of two.
    pub gradient: Vec<Scaled<f64>>,
}

impl Passage {
    /// dL/dθ as plain numbers in the network's order: beyond the range of f64 they are zeros and infinities.
    pub fn weights_gradient(&self, network: &Network) -> Weights<f64> {
        let mut gradient = network.zeros();
        for (tensor, scaled) in gradient.tensors.iter_mut().zip(&self.gradient) {
            tensor.values = scaled.unscaled();
        }
        gradient
    }
}

/// One forward and backward pass in f64; in [`Wide`] where f64 overflows on the way forward.
pub fn study(network: &Network, weights: &Weights<f64>, sequences: &Sequences) -> Passage {
    let tape = forward::<f64>(network, weights, sequences);
    if tape.is_finite() {
        return backward(network, weights, sequences, &tape);
    }
    let weights = weights.cast::<Wide>();
    let tape = forward::<Wide>(network, &weights, sequences);
    backward(network, &weights, sequences, &tape)
}

/// Everything that a forward pass leaves behind for the backward pass.
struct Tape<R> {
    inputs: Vec<R>,
    hidden: Vec<R>,
    cell: Vec<R>,
    saved: Vec<R>,
    outputs: Vec<R>,
}

impl<R: Real> Tape<R> {
    fn is_finite(&self) -> bool {
        let mut all = self.hidden.iter().chain(&self.cell).chain(&self.outputs);
        all.all(|x| x.is_finite())
    }
}

/// The slice of `width` numbers of sequence `row` at time `t`.
fn at(t: usize, row: usize, batch: usize, width: usize) -> std::ops::Range<usize> {
    let start = (t * batch + row) * width;
    start..start + width
}

/// out += W x.
fn add_product<R: Real>(matrix: &Tensor<R>, x: &[R], out: &mut [R]) {
    for (row, value) in matrix.values.chunks_exact(matrix.columns.max(1)).zip(out) {
        let mut sum = R::ZERO;
        for (w, x) in row.iter().zip(x) {
            sum += *w * *x;
        }
        *value += sum;
    }
}

/// out += Wᵀ y.
fn add_transposed_product<R: Real>(matrix: &Tensor<R>, y: &[R], out: &mut [R]) {
    for (row, y) in matrix.values.chunks_exact(matrix.columns.max(1)).zip(y) {
        for (w, value) in row.iter().zip(out.iter_mut()) {
            *value += *w * *y;
        }
    }
}

/// W += a bᵀ.
fn add_outer_product<R: Real>(a: &[R], b: &[R], values: &mut [R]) {
    for (row, a) in values.chunks_exact_mut(b.len().max(1)).zip(a) {
        for (w, b) in row.iter_mut().zip(b) {
            *w += *a * *b;
        }
    }
}

fn forward<R: CellReal>(network: &Network, weights: &Weights<R>, sequences: &Sequences) -> Tape<R> {
    let (batch, size, steps) = (sequences.batch_size, network.hidden_size, sequences.steps);
    let gates = network.cell.gates * size;
    let convert = |values: &[f64]| values.iter().map(|x| R::from_f64(*x)).collect::<Vec<R>>();
    let cell_size = if network.cell.has_cell_state { size } else { 0 };
    let saved_size = network.cell.saved * size;
    let mut hidden = convert(&sequences.hidden_start);
    hidden.resize((steps + 1) * batch * size, R::ZERO);
    let mut cell = convert(&sequences.cell_start);
    cell.resize((steps + 1) * batch * cell_size, R::ZERO);
    let mut saved = vec![R::ZERO; steps * batch * saved_size];
    let inputs = convert(&sequences.inputs);
    let tensors = &weights.tensors;
    let (mut input, mut recurrent) = (vec![R::ZERO; gates], vec![R::ZERO; gates]);
    let step = R::steps(network.cell).forward;
    for t in 0..steps {
        for row in 0..batch {
            input.copy_from_slice(&tensors[index::B_IH].values);
            add_product(&tensors[index::W_IH], &inputs[at(t, row, batch, network.input_size)], &mut input);
            recurrent.copy_from_slice(&tensors[index::B_HH].values);
            let (past, future) = hidden.split_at_mut((t + 1) * batch * size);
            let before = &past[at(t, row, batch, size)];
            add_product(&tensors[index::W_HH], before, &mut recurrent);
            let (cell_past, cell_future) = cell.split_at_mut((t + 1) * batch * cell_size);
            step(ForwardStep {
                input: &input,
                recurrent: &recurrent,
                hidden_before: before,
                cell_before: &cell_past[at(t, row, batch, cell_size)],
                saved: &mut saved[at(t, row, batch, saved_size)],
                hidden: &mut future[at(0, row, batch, size)],
                cell: &mut cell_future[at(0, row, batch, cell_size)],
            });
        }
    }
    // y_t for t = 1..=T.
    let mut outputs = Vec::with_capacity(steps * batch * network.output_size);
    for h in hidden[batch * size..].chunks_exact(size.max(1)) {
        let from = outputs.len();
        outputs.extend_from_slice(&tensors[index::B_OUT].values);
        add_product(&tensors[index::W_OUT], h, &mut outputs[from..]);
    }
    Tape { inputs, hidden, cell, saved, outputs }
}

/// L, and dL/dy_t for every t = 1..=T (empty where it is zero).
fn loss<R: Real>(sequences: &Sequences, outputs: &[R], output_size: usize) -> (R, Vec<Vec<R>>) {
    let (steps, per_step) = (sequences.steps, sequences.batch_size * output_size);
    let scale = R::from_f64(sequences.loss_scale);
    let squared_error = |outputs: &[R], targets: &[f64]| {
        let mut total = R::ZERO;
        let mut gradient = Vec::with_capacity(targets.len());
        for (y, target) in outputs.iter().zip(targets) {
            let error = *y - R::from_f64(*target);
            total += error * error;
            gradient.push(R::from_f64(2.0) * scale * error);
        }
        (scale * total, gradient)
    };
    let mut gradients = vec![Vec::new(); steps];
    let last = &outputs[(steps - 1) * per_step..];
    let total = match &sequences.targets {
        Targets::SquaredErrorLast(targets) => {
            let (total, gradient) = squared_error(last, targets);
            gradients[steps - 1] = gradient;
            total
        }
        Targets::SquaredErrorAll(targets) => {
            let mut total = R::ZERO;
            for t in 0..steps {
                let range = t * per_step..(t + 1) * per_step;
                let (part, gradient) = squared_error(&outputs[range.clone()], &targets[range]);
                total += part;
                gradients[t] = gradient;
            }
            total
        }
        Targets::CrossEntropyLast(classes) => {
            let mut total = 0.0;
            for (logits, class) in last.chunks_exact(output_size).zip(classes) {
                let logits: Vec<f64> = logits.iter().map(|y| y.to_f64()).collect();
                let (part, probabilities) = cross_entropy(&logits, *class);
                total += part;
                for (j, p) in probabilities.iter().enumerate() {
                    let hit = if j == *class { 1.0 } else { 0.0 };
                    gradients[steps - 1].push(scale * R::from_f64(p - hit));
                }
            }
            scale * R::from_f64(total)
        }
    };
    (total, gradients)
}

/// -ln softmax(logits)[class] and the softmax itself, by the largest logit (no overflow).
fn cross_entropy(logits: &[f64], class: usize) -> (f64, Vec<f64>) {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logits.iter().map(|y| math::exp(y - largest)).collect();
    let sum: f64 = weights.iter().sum();
    let loss = math::ln(sum) - (logits[class] - largest);
    (loss, weights.iter().map(|w| w / sum).collect())
}

fn backward<R: CellReal>(network: &Network, weights: &Weights<R>, sequences: &Sequences, tape: &Tape<R>) -> Passage {
    let (batch, size, steps) = (sequences.batch_size, network.hidden_size, sequences.steps);
    let gates = network.cell.gates * size;
    let cell_size = if network.cell.has_cell_state { size } else { 0 };
    let saved_size = network.cell.saved * size;
    let tensors = &weights.tensors;
    let (total, output_gradients) = loss(sequences, &tape.outputs, network.output_size);
    let mut gradient: Vec<Scaled<R>> = tensors.iter().map(|tensor| Scaled::zeros(tensor.values.len())).collect();

    let mut hidden_gradient = Scaled::<R>::zeros(batch * size);
    let mut cell_gradient = Scaled::<R>::zeros(batch * cell_size);
    let mut hidden_gradients = vec![Scaled::zeros(0); steps + 1];
    let mut cell_gradient_log10 = vec![f64::NEG_INFINITY; if cell_size > 0 { steps + 1 } else { 0 }];
    let (mut du, mut dv) = (vec![R::ZERO; batch * gates], vec![R::ZERO; batch * gates]);
    let step = R::steps(network.cell).backward;
    for t in (0..=steps).rev() {
        if t > 0 && !output_gradients[t - 1].is_empty() {
            let direct = readout_backward(network, tensors, tape, &output_gradients[t - 1], t, batch, &mut gradient);
            hidden_gradient.add(&direct, 0);
        }
        // h and c share one exponent, so that a step sees them on one scale.
        share_exponent(&mut hidden_gradient, &mut cell_gradient);
        hidden_gradients[t] = to_f64(&hidden_gradient);
        if t == 0 {
            if cell_size > 0 {
                cell_gradient_log10[0] = cell_gradient.log10_norm();
            }
            break;
        }
        let mut before = vec![R::ZERO; batch * size];
        let mut cell_before = vec![R::ZERO; batch * cell_size];
        for row in 0..batch {
            let (du, dv) = (&mut du[at(0, row, batch, gates)], &mut dv[at(0, row, batch, gates)]);
            let hidden_before = &tape.hidden[at(t - 1, row, batch, size)];
            let direct = &mut before[at(0, row, batch, size)];
            step(BackwardStep {
                hidden_gradient: &hidden_gradient.values[at(0, row, batch, size)],
                cell_gradient: &mut cell_gradient.values[at(0, row, batch, cell_size)],
                hidden_before,
                cell_before: &tape.cell[at(t - 1, row, batch, cell_size)],
                hidden: &tape.hidden[at(t, row, batch, size)],
                cell: &tape.cell[at(t, row, batch, cell_size)],
                saved: &tape.saved[at(t - 1, row, batch, saved_size)],
                input: du,
                recurrent: dv,
                direct,
                cell_gradient_before: &mut cell_before[at(0, row, batch, cell_size)],
            });
            add_transposed_product(&tensors[index::W_HH], dv, direct);
        }
        if cell_size > 0 {
            cell_gradient_log10[t] = cell_gradient.log10_norm();
        }
        accumulate(&mut gradient, &du, &dv, t, batch, network, tape, hidden_gradient.exponent);
        hidden_gradient.values = before;
        cell_gradient.values = cell_before;
        hidden_gradient.normalize();
        cell_gradient.normalize();
    }
    Passage {
        loss: total.to_f64(),
        hidden: tape.hidden.iter().map(|x| x.to_f64()).collect(),
        cell: tape.cell.iter().map(|x| x.to_f64()).collect(),
        output_last: tape.outputs[(steps - 1) * batch * network.output_size..].iter().map(|x| x.to_f64()).collect(),
        hidden_gradient_log10: hidden_gradients.iter().map(Scaled::log10_norm).collect(),
        cell_gradient_log10,
        hidden_gradients,
        gradient: gradient.iter().map(to_f64).collect(),
    }
}

/// dL/dh_t through y_t, and the readout's gradient.
fn readout_backward<R: Real>(
    network: &Network,
    tensors: &[Tensor<R>],
    tape: &Tape<R>,
    output_gradient: &[R],
    t: usize,
    batch: usize,
    gradient: &mut [Scaled<R>],
) -> Vec<R> {
    let size = network.hidden_size;
    let mut direct = vec![R::ZERO; batch * size];
    let mut weight_part = vec![R::ZERO; gradient[index::W_OUT].values.len()];
    let mut bias_part = vec![R::ZERO; network.output_size];
    for row in 0..batch {
        let dy = &output_gradient[at(0, row, batch, network.output_size)];
        add_transposed_product(&tensors[index::W_OUT], dy, &mut direct[at(0, row, batch, size)]);
        add_outer_product(dy, &tape.hidden[at(t, row, batch, size)], &mut weight_part);
        add_outer_product(dy, &[R::ONE], &mut bias_part);
    }
    gradient[index::W_OUT].add(&weight_part, 0);
    gradient[index::B_OUT].add(&bias_part, 0);
    direct
}

/// Adds one time step's part of dL/dθ, given dL/du and dL/dv times 2^exponent.
#[allow(clippy::too_many_arguments, reason = "one step of one formula; a struct would only rename the arguments")]
fn accumulate<R: Real>(
    gradient: &mut [Scaled<R>],
    du: &[R],
    dv: &[R],
    t: usize,
    batch: usize,
    network: &Network,
    tape: &Tape<R>,
    exponent: i64,
) {
    let gates = network.cell.gates * network.hidden_size;
    let mut add = |tensor: usize, left: &[R], right: &dyn Fn(usize) -> Vec<R>| {
        let mut part = vec![R::ZERO; gradient[tensor].values.len()];
        for row in 0..batch {
            add_outer_product(&left[at(0, row, batch, gates)], &right(row), &mut part);
        }
        gradient[tensor].add(&part, exponent);
    };
    add(index::W_IH, du, &|row| tape.inputs[at(t - 1, row, batch, network.input_size)].to_vec());
    add(index::W_HH, dv, &|row| tape.hidden[at(t - 1, row, batch, network.hidden_size)].to_vec());
    add(index::B_IH, du, &|_| vec![R::ONE]);
    add(index::B_HH, dv, &|_| vec![R::ONE]);
}

fn share_exponent<R: Real>(a: &mut Scaled<R>, b: &mut Scaled<R>) {
    if b.values.is_empty() {
        return;
    }
    // Adding nothing at the other's exponent aligns the smaller to the larger; zeros take any exponent.
    let exponent = match (a.log10_norm() == f64::NEG_INFINITY, b.log10_norm() == f64::NEG_INFINITY) {
        (true, _) => b.exponent,
        (_, true) => a.exponent,
        _ => a.exponent.max(b.exponent),
    };
    a.move_exponent(exponent);
    b.move_exponent(exponent);
}

fn to_f64<R: Real>(buffer: &Scaled<R>) -> Scaled<f64> {
    // Through the exponent of the largest value, because a `Wide` value may lie outside f64.
    let shift = crate::scaled::largest_magnitude(&buffer.values).binary_exponent().unwrap_or(0);
    let values = buffer.values.iter().map(|x| x.scale_by_power_of_two(-shift).to_f64()).collect();
    Scaled { values, exponent: buffer.exponent + shift }
}

/// log10 of the global norm of a gradient kept as scaled buffers.
pub fn log10_global_norm(gradient: &[Scaled<f64>]) -> f64 {
    crate::network::log10_sum_of_squares(gradient.iter().map(|part| log10_norm(&part.values, part.exponent)))
}
