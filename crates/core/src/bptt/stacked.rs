//! A [`Stack`] forward and backward: each layer in each direction by itself.
//!
//! ```text
//! forward    a layer reads the states of both directions of the one below, the direction backwards in time from its end
//! backward   dL/dx_t of each direction goes to the states that x_t was made of;  dL/dh'_t = W_hrᵀ dL/dh_t where h = W_hr h'
//!            dL/dh_t = W_hhᵀ dL/dv_{t+1} + (what comes from above or from the loss)
//! ```
//!
//! Every direction counts its own steps: step t of the one backwards in time reads x_{T+1-t}. So its h_T, as PyTorch's `h_n`, has
//! seen all inputs; a loss at the last step looks at h_T of each direction. Between the layers all vectors are f64 with a power
//! of two.
use super::alone::{self, Alone, Start};
use super::loss::loss;
use super::sequences::Sequences;
use super::study::{Changes, LayerPass, plain, to_f64};
use super::truncation::Segment;
use crate::cells::CellSpec;
use crate::kernel;
use crate::network::{Tensor, index};
use crate::real::Real;
use crate::scaled::{Scaled, Wide};
use crate::stack::{Projection, Stack};
use std::borrow::Cow;

/// What a pass over a stack found.
#[derive(Clone, Debug, PartialEq)]
pub struct StackPass {
    /// L, with the factor of the sequences; infinite where it overflows f64.
    pub loss: f64,
    /// y of each direction's last step: B * output size.
    pub output_last: Vec<f64>,
    /// What each unit saw, in the order of [`Stack::units`] and by its own steps. Where h is projected, `hidden` is o ⊙ tanh(c), and
    /// the gradients are those with respect to h.
    pub units: Vec<LayerPass>,
    /// dL/dθ in the order of [`Stack::parameters`], zero for what was not given; empty if it was not asked for.
    pub gradient: Vec<Scaled<f64>>,
}

/// One forward and backward pass in f64; in [`Wide`] where f64 overflows on the way forward, or in a gradient.
///
/// `cell`: what the units compute. `finds_weights`: whether dL/dθ is found too, which takes as much memory as the weights.
pub fn stack_study(
    stack: &Stack,
    cell: &'static CellSpec,
    sequences: &Sequences,
    changes: &mut Changes<'_>,
    finds_weights: bool,
) -> StackPass {
    let mut run = Run::new(stack, sequences, changes.omega, finds_weights, false);
    run.forward(stack.layers, cell);
    if run.units.iter().all(|unit| unit.is_finite()) {
        let found = run.finish(changes);
        let gradients = found.units.iter().flat_map(|unit| &unit.hidden_gradients).chain(&found.gradient);
        if gradients.into_iter().all(|part| part.values.iter().all(|x| x.is_finite())) {
            return found;
        }
    }
    let mut run = Run::new(stack, sequences, changes.omega, finds_weights, true);
    run.forward(stack.layers, cell);
    run.finish(changes)
}

/// What a layer of a stack reads: T * B rows of as many numbers as it has inputs.
pub fn inputs_of_layer(stack: &Stack, cell: &'static CellSpec, sequences: &Sequences, layer: usize) -> Vec<f64> {
    let mut run = Run::new(stack, sequences, None, false, false);
    run.forward(layer, cell).iter().flat_map(Scaled::unscaled).collect()
}

/// Vectors of one direction's own steps t = 1..=T, or of all times.
type OverSteps = Vec<Scaled<f64>>;

struct Run<'a> {
    stack: &'a Stack,
    sequences: &'a Sequences,
    /// The units that were run.
    units: Vec<Box<dyn Alone + 'a>>,
    /// h_1 .. h_T of each.
    states: Vec<OverSteps>,
    steps: usize,
    batch: usize,
    omega: Option<f64>,
    finds_weights: bool,
    is_wide: bool,
}

/// Rows times a matrix of `rows` rows and `columns` columns.
fn product(part: &Scaled<f64>, matrix: &[f64], rows: usize, columns: usize) -> Scaled<f64> {
    let count = part.values.len() / rows.max(1);
    let mut values = vec![0.0; count * columns];
    kernel::add_product(&part.values, matrix, &mut values, count, rows, columns);
    Scaled { values, exponent: part.exponent }
}

/// The matrix turned round.
fn turned(matrix: &Tensor<f64>) -> Vec<f64> {
    let mut turned = vec![0.0; matrix.values.len()];
    kernel::transpose(&matrix.values, matrix.rows, matrix.columns, &mut turned);
    turned
}

/// Some columns of rows that are `width` long.
fn columns<T: Copy>(rows: &[T], width: usize, from: usize, count: usize) -> Vec<T> {
    let mut part = Vec::with_capacity(rows.len() / width.max(1) * count);
    for row in rows.chunks_exact(width) {
        part.extend_from_slice(&row[from..from + count]);
    }
    part
}

impl<'a> Run<'a> {
    fn new(stack: &'a Stack, sequences: &'a Sequences, omega: Option<f64>, finds_weights: bool, is_wide: bool) -> Self {
        let (steps, batch) = (sequences.steps, sequences.batch_size);
        let (units, states) = (Vec::new(), Vec::new());
        Self { stack, sequences, units, states, steps, batch, omega, finds_weights, is_wide }
    }

    /// Runs the layers below `layer`, and gives what that one reads.
    fn forward(&mut self, layer: usize, cell: &'static CellSpec) -> OverSteps {
        let row = (self.batch * self.stack.input_size).max(1);
        let given = self.sequences.inputs.chunks_exact(row);
        let mut inputs: OverSteps = given.map(|values| Scaled { values: values.to_vec(), exponent: 0 }).collect();
        for layer in 0..layer {
            for direction in 0..self.stack.directions {
                self.forward_unit(layer, &inputs, cell);
                if direction + 1 < self.stack.directions {
                    inputs.reverse();
                }
            }
            inputs = (1..=self.steps).map(|t| self.joined(layer, t)).collect();
        }
        inputs
    }

    /// Runs the next unit on its inputs, in the order of its own steps.
    fn forward_unit(&mut self, layer: usize, inputs: &[Scaled<f64>], cell: &'static CellSpec) {
        let (stack, place) = (self.stack, self.units.len());
        let state = self.batch * stack.hidden_size;
        let part = |given: &'a [f64]| given.get(place * state..).unwrap_or(&[]);
        let start = Start {
            batch: self.batch,
            inputs,
            hidden: part(&self.sequences.hidden_start),
            cell: part(&self.sequences.cell_start),
            omega: self.omega,
            finds_weights: self.finds_weights,
        };
        let (unit, network) = (&stack.units[place], stack.network(layer, cell));
        let run = match self.is_wide {
            true => alone::forward::<Wide>(&network, Cow::Owned(unit.weights.cast()), &start),
            false => alone::forward::<f64>(&network, Cow::Borrowed(&unit.weights), &start),
        };
        let turned = unit.projection.as_ref().map(|projection| turned(&projection.matrix));
        let projected = |t| match &turned {
            Some(matrix) => product(&run.state(t), matrix, stack.hidden_size, stack.state_size),
            None => run.state(t),
        };
        self.states.push((1..=self.steps).map(projected).collect());
        self.units.push(run);
    }

    /// The step of a direction that reads x_t; and the other way round.
    fn own_step(&self, direction: usize, t: usize) -> usize {
        if direction == 0 { t } else { self.steps + 1 - t }
    }

    /// The states of all directions of a layer side by side, each at the step that reads x_t.
    fn joined(&self, layer: usize, t: usize) -> Scaled<f64> {
        self.side_by_side(layer, |direction| self.own_step(direction, t))
    }

    fn side_by_side(&self, layer: usize, step: impl Fn(usize) -> usize) -> Scaled<f64> {
        let (width, directions) = (self.stack.state_size, self.stack.directions);
        let mut sum = Scaled::zeros(self.batch * directions * width);
        for direction in 0..directions {
            let state = &self.states[layer * directions + direction][step(direction) - 1];
            let mut part = vec![0.0; sum.values.len()];
            for (to, from) in part.chunks_exact_mut(directions * width).zip(state.values.chunks_exact(width)) {
                to[direction * width..][..width].copy_from_slice(from);
            }
            sum.add(&part, state.exponent);
        }
        sum
    }

    /// The loss, the backward pass, and all that was found.
    fn finish(mut self, changes: &mut Changes<'_>) -> StackPass {
        let (stack, steps) = (self.stack, self.steps);
        let at_every_step = self.sequences.targets.at_every_step();
        let looked_at = if at_every_step { steps } else { 1 };
        let outputs: Vec<Wide> = (0..looked_at).flat_map(|place| self.outputs(place, at_every_step)).collect();
        let mut of_outputs = vec![Wide::ZERO; outputs.len()];
        let (targets, scale, width) = (&self.sequences.targets, self.sequences.loss_scale, stack.output_size());
        let loss = loss(targets, scale, &outputs, width, &mut of_outputs);
        let of_outputs: Vec<&[Wide]> = of_outputs.chunks_exact((self.batch * width).max(1)).collect();
        let zeros = Scaled::<f64>::zeros(self.batch * stack.state_size);
        let mut of_projected = vec![vec![zeros.clone(); steps + 1]; stack.units.len()];
        for segment in changes.truncation.segments(steps).filter(|segment| at_every_step || segment.end == steps) {
            let counts = |direction: usize| changes.direction.is_none_or(|only| only == direction);
            let of_loss = |direction: usize| match counts(direction) {
                true => self.of_loss(&of_outputs, direction, segment),
                false => vec![zeros.clone(); steps],
            };
            let mut arriving: Vec<OverSteps> = (0..stack.directions).map(of_loss).collect();
            for layer in (0..stack.layers).rev() {
                let mut below = vec![vec![zeros.clone(); steps]; stack.directions];
                for (direction, arriving) in arriving.iter().enumerate() {
                    let unit = layer * stack.directions + direction;
                    self.follow(unit, arriving, segment, changes, &mut of_projected[unit]);
                    if layer > 0 {
                        self.pass_below(unit, segment, &mut below);
                    }
                }
                arriving = below;
            }
        }
        let mut units = Vec::new();
        for (place, unit) in self.units.iter().enumerate() {
            let mut pass = unit.pass(&|t| changes.watch.counts(place / stack.directions, t));
            if let (Some(pass), true) = (&mut pass, stack.is_projected()) {
                pass.hidden_gradient_log10 = of_projected[place].iter().map(Scaled::log10_norm).collect();
                pass.hidden_gradients.clone_from(&of_projected[place]);
            }
            units.extend(pass);
        }
        let gradient = match self.finds_weights {
            true => self.parameters(&of_projected, &of_outputs),
            false => Vec::new(),
        };
        let last = outputs.len() - self.batch * width;
        StackPass { loss: loss.to_f64(), output_last: plain(&outputs[last..]), units, gradient }
    }

    /// The states that y is made of: at a time that the loss looks at, or at the last step of each direction.
    fn read(&self, place: usize, at_every_step: bool) -> Scaled<f64> {
        let (top, steps) = (self.stack.layers - 1, self.steps);
        if at_every_step { self.joined(top, place + 1) } else { self.side_by_side(top, |_| steps) }
    }

    /// y there. Without a readout each direction keeps its own power of two.
    fn outputs(&self, place: usize, at_every_step: bool) -> Vec<Wide> {
        let wide = |x: &f64, exponent: i64| Wide::from_f64(*x).scale_by_power_of_two(exponent);
        if let Some([w_out, b_out]) = &self.stack.readout {
            let states = self.read(place, at_every_step);
            let mut outputs = product(&states, &turned(w_out), w_out.columns, w_out.rows);
            outputs.add(&b_out.values.repeat(self.batch), 0);
            return outputs.values.iter().map(|y| wide(y, outputs.exponent)).collect();
        }
        let (width, directions) = (self.stack.state_size, self.stack.directions);
        let mut outputs = vec![Wide::ZERO; self.batch * directions * width];
        for direction in 0..directions {
            let t = if at_every_step { self.own_step(direction, place + 1) } else { self.steps };
            let state = &self.states[(self.stack.layers - 1) * directions + direction][t - 1];
            for (row, states) in outputs.chunks_exact_mut(directions * width).zip(state.values.chunks_exact(width)) {
                let part = row[direction * width..].iter_mut().zip(states);
                part.for_each(|(y, h)| *y = wide(h, state.exponent));
            }
        }
        outputs
    }

    /// What the losses of a segment send to the states of a direction of the top layer.
    fn of_loss(&self, of_outputs: &[&[Wide]], direction: usize, segment: Segment) -> OverSteps {
        let (width, steps) = (self.stack.state_size, self.steps);
        let (whole, from) = (self.stack.directions * width, direction * width);
        let mut arriving = vec![Scaled::zeros(self.batch * width); steps];
        let at_every_step = self.sequences.targets.at_every_step();
        let first = if at_every_step { segment.losses_after + 1 } else { steps };
        for t in first..=segment.end {
            // Of the last step alone there is one part.
            let part = of_outputs[if at_every_step { self.own_step(direction, t) - 1 } else { 0 }];
            arriving[t - 1] = match &self.stack.readout {
                None => to_f64(&columns(part, whole, from, width), 0),
                Some([w_out, _]) => {
                    let of_states = product(&to_f64(part, 0), &w_out.values, w_out.rows, w_out.columns);
                    let values = columns(&of_states.values, whole, from, width);
                    Scaled { values, exponent: of_states.exponent }
                }
            };
        }
        arriving
    }

    /// Follows one segment back through a unit, whose states get `arriving` from outside.
    fn follow(
        &mut self,
        place: usize,
        arriving: &OverSteps,
        segment: Segment,
        changes: &mut Changes<'_>,
        of_projected: &mut OverSteps,
    ) {
        let (stack, layer) = (self.stack, place / self.stack.directions);
        let Some(projection) = &stack.units[place].projection else {
            return self.units[place].follow(arriving, segment, layer, changes.watch);
        };
        let Projection { matrix, recurrent } = projection;
        let through: OverSteps =
            arriving.iter().map(|part| product(part, &matrix.values, matrix.rows, matrix.columns)).collect();
        self.units[place].follow(&through, segment, layer, changes.watch);
        for t in segment.boundary..=segment.end {
            let sum = &mut of_projected[t];
            if t > segment.boundary {
                sum.add(&arriving[t - 1].values, arriving[t - 1].exponent);
            } else if t > 0 {
                continue;
            }
            if t < segment.end {
                let of_gates = self.units[place].at_inputs(t + 1);
                let back = product(&of_gates, &recurrent.values, recurrent.rows, recurrent.columns);
                sum.add(&back.values, back.exponent);
            }
        }
    }

    /// What a unit sends to the states of all directions below, by their own steps.
    fn pass_below(&self, place: usize, segment: Segment, below: &mut [OverSteps]) {
        let (width, direction) = (self.stack.state_size, place % self.stack.directions);
        let w_ih = &self.stack.units[place].weights.tensors[index::W_IH];
        for own in segment.boundary + 1..=segment.end {
            let t = self.own_step(direction, own);
            let of_inputs = product(&self.units[place].at_inputs(own), &w_ih.values, w_ih.rows, w_ih.columns);
            for (other, below) in below.iter_mut().enumerate() {
                let part = columns(&of_inputs.values, w_ih.columns, other * width, width);
                below[self.own_step(other, t) - 1].add(&part, of_inputs.exponent);
            }
        }
    }

    /// dL/dθ of all tensors as they were given.
    fn parameters(&self, of_projected: &[OverSteps], of_outputs: &[&[Wide]]) -> OverSteps {
        let mut all = Vec::new();
        for (place, unit) in self.units.iter().enumerate() {
            let mut of_unit = unit.gradient();
            if let Some(Projection { matrix, .. }) = &self.stack.units[place].projection {
                // dL/dW_hh = dL/d(W_hh W_hr) W_hrᵀ and dL/dW_hr = Σ_t dL/dh_t h'_tᵀ.
                of_unit[index::W_HH] = product(&of_unit[index::W_HH], &turned(matrix), matrix.columns, matrix.rows);
                let hidden: OverSteps = (1..=self.steps).map(|t| unit.state(t)).collect();
                of_unit.push(self.outer(&of_projected[place][1..], &hidden, matrix));
            }
            all.extend(of_unit);
        }
        if let Some([w_out, b_out]) = &self.stack.readout {
            let at_every_step = self.sequences.targets.at_every_step();
            let states: OverSteps = (0..of_outputs.len()).map(|place| self.read(place, at_every_step)).collect();
            let of_outputs: OverSteps = of_outputs.iter().map(|part| to_f64(part, 0)).collect();
            all.push(self.outer(&of_outputs, &states, w_out));
            let ones = vec![Scaled { values: vec![1.0; self.batch], exponent: 0 }; of_outputs.len()];
            all.push(self.outer(&of_outputs, &ones, b_out));
        }
        for (part, (_, given)) in all.iter_mut().zip(self.stack.parameters()) {
            if !given {
                part.values.fill(0.0);
            }
        }
        all
    }

    /// Σ_t a_t b_tᵀ over times and sequences, in the shape of a tensor.
    fn outer(&self, a: &[Scaled<f64>], b: &[Scaled<f64>], like: &Tensor<f64>) -> Scaled<f64> {
        let mut sum = Scaled::zeros(like.rows * like.columns);
        for (a, b) in a.iter().zip(b) {
            let mut part = vec![0.0; sum.values.len()];
            kernel::add_transposed_product(&a.values, &b.values, &mut part, like.rows, self.batch, like.columns);
            sum.add(&part, a.exponent + b.exponent);
        }
        sum
    }
}
