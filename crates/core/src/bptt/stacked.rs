//! A [`Stack`] forward and backward: each layer in each direction by itself.
//!
//! ```text
//! forward    a layer reads the states of both directions of the one below, the direction backwards in time from its end
//! backward   dL/dx_t of each direction goes to the states that x_t was made of;  dL/dh'_t = W_hrᵀ dL/dh_t where h = W_hr h'
//!            dL/dh_t = W_hhᵀ dL/dv_{t+1} + (what comes from above or from the loss)
//! ```
//!
//! Every direction counts its own steps: step t of the one backwards in time reads x_{T+1-t}. So its h_T, as PyTorch's `h_n`, has
//! seen all inputs; a loss at the last step looks at h_T of each direction.
use super::backward::{Gradient, Range};
use super::loss::loss;
use super::sequences::Sequences;
use super::study::{Changes, Collected, Collecting, LayerPass, layer_passes, plain, to_f64};
use super::truncation::Segment;
use super::workspace::Workspace;
use crate::cells::{CellReal, CellSpec};
use crate::kernel;
use crate::network::{Weights, index};
use crate::real::Real;
use crate::scaled::{Scaled, Wide};
use crate::stack::{Stack, Unit};
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
    let mut run = Run::new(stack, sequences, finds_weights, Part::borrowed);
    run.forward(cell, sequences);
    if run.is_finite() {
        let found = run.finish(sequences, changes);
        let gradients = found.units.iter().flat_map(|unit| &unit.hidden_gradients).chain(&found.gradient);
        if gradients.into_iter().all(|part| part.values.iter().all(|x| x.is_finite())) {
            return found;
        }
    }
    let mut run = Run::new(stack, sequences, finds_weights, Part::widened);
    run.forward(cell, sequences);
    run.finish(sequences, changes)
}

/// What a layer of a stack reads: T * B rows of as many numbers as it has inputs.
pub fn inputs_of_layer(stack: &Stack, cell: &'static CellSpec, sequences: &Sequences, layer: usize) -> Vec<f64> {
    let mut run = Run::new(stack, sequences, false, Part::borrowed);
    run.forward_below(layer, cell, sequences)
}

/// The weights of a unit, in the number type of a run.
struct Part<'a, R: Real> {
    weights: Cow<'a, Weights<R>>,
    projection: Option<Projected<'a, R>>,
}

struct Projected<'a, R: Real> {
    /// W_hr.
    matrix: Cow<'a, [R]>,
    /// W_hh as it was given.
    recurrent: Cow<'a, [R]>,
}

impl<'a> Part<'a, f64> {
    fn borrowed(unit: &'a Unit) -> Self {
        let projection = unit.projection.as_ref().map(|projection| Projected {
            matrix: Cow::Borrowed(&projection.matrix.values[..]),
            recurrent: Cow::Borrowed(&projection.recurrent.values[..]),
        });
        Self { weights: Cow::Borrowed(&unit.weights), projection }
    }
}

impl Part<'_, Wide> {
    fn widened(unit: &Unit) -> Self {
        let projection = unit.projection.as_ref().map(|projection| Projected {
            matrix: Cow::Owned(projection.matrix.cast().values),
            recurrent: Cow::Owned(projection.recurrent.cast().values),
        });
        Self { weights: Cow::Owned(unit.weights.cast()), projection }
    }
}

/// Vectors of one direction's own steps t = 1..=T.
type OverSteps<R> = Vec<Scaled<R>>;

struct Run<'a, R: Real> {
    stack: &'a Stack,
    parts: Vec<Part<'a, R>>,
    /// Of each unit that was run.
    workspaces: Vec<Workspace<R>>,
    /// h_1 .. h_T of each unit where it is projected, else nothing.
    projected: Vec<Vec<R>>,
    steps: usize,
    batch: usize,
    finds_weights: bool,
}

impl<'a, R: CellReal> Run<'a, R> {
    fn new(
        stack: &'a Stack,
        sequences: &Sequences,
        finds_weights: bool,
        part: impl FnMut(&'a Unit) -> Part<'a, R>,
    ) -> Self {
        let (steps, batch) = (sequences.steps, sequences.batch_size);
        let parts = stack.units.iter().map(part).collect();
        Self { stack, parts, workspaces: Vec::new(), projected: Vec::new(), steps, batch, finds_weights }
    }

    fn forward(&mut self, cell: &'static CellSpec, sequences: &Sequences) {
        self.forward_below(self.stack.layers, cell, sequences);
    }

    /// Runs the layers below `layer`, and gives what that one reads.
    fn forward_below(&mut self, layer: usize, cell: &'static CellSpec, sequences: &Sequences) -> Vec<R> {
        let stack = self.stack;
        let mut inputs: Vec<R> = sequences.inputs.iter().map(|x| R::from_f64(*x)).collect();
        for layer in 0..layer {
            for direction in 0..stack.directions {
                self.forward_unit(layer, direction, &inputs, cell, sequences);
            }
            inputs = self.joined(layer);
        }
        inputs
    }

    fn forward_unit(
        &mut self,
        layer: usize,
        direction: usize,
        inputs: &[R],
        cell: &'static CellSpec,
        sequences: &Sequences,
    ) {
        let (unit, network) = (self.workspaces.len(), self.stack.network(layer, cell));
        let mut workspace = Workspace::<R>::new(&network, self.steps, self.batch, true);
        workspace.finds_weights = self.finds_weights;
        let row = self.batch * network.input_size;
        let own = workspace.inputs_mut().chunks_exact_mut(row);
        match direction {
            0 => own.zip(inputs.chunks_exact(row)).for_each(|(to, from)| to.copy_from_slice(from)),
            _ => own.zip(inputs.rchunks_exact(row)).for_each(|(to, from)| to.copy_from_slice(from)),
        }
        let state = self.batch * self.stack.hidden_size;
        let fill = |to: &mut [R], given: &[f64]| {
            let given = given.get(unit * state..).unwrap_or(&[]);
            to.iter_mut().zip(given).for_each(|(to, from)| *to = R::from_f64(*from));
        };
        fill(workspace.hidden_start_mut(0), &sequences.hidden_start);
        fill(workspace.cell_start_mut(0), &sequences.cell_start);
        workspace.forward(&self.parts[unit].weights);
        // What only the way forward needs is as large as the weights.
        let buffers = &mut workspace.layers[0];
        (buffers.w_ih_transposed, buffers.w_hh_transposed) = (Vec::new(), Vec::new());
        let projected = self.parts[unit].projection.as_ref().map(|projection| {
            let (size, width) = (self.stack.hidden_size, self.stack.state_size);
            let mut turned = vec![R::ZERO; size * width];
            kernel::transpose(&projection.matrix, width, size, &mut turned);
            let rows = self.steps * self.batch;
            let mut states = vec![R::ZERO; rows * width];
            kernel::add_product(&workspace.layers[0].hidden[state..], &turned, &mut states, rows, size, width);
            states
        });
        self.projected.push(projected.unwrap_or_default());
        self.workspaces.push(workspace);
    }

    /// The unit of a layer in a direction.
    fn unit(&self, layer: usize, direction: usize) -> usize {
        layer * self.stack.directions + direction
    }

    /// h_t of a unit at its own step t, 1 <= t <= T: B rows.
    fn state(&self, unit: usize, t: usize) -> &[R] {
        let state = self.batch * self.stack.state_size;
        match &self.projected[unit][..] {
            [] => &self.workspaces[unit].layers[0].hidden[t * state..][..state],
            projected => &projected[(t - 1) * state..][..state],
        }
    }

    /// The states of all directions of a layer side by side, in the order of the inputs.
    fn joined(&self, layer: usize) -> Vec<R> {
        (1..=self.steps).flat_map(|t| self.side_by_side(layer, |direction| self.own_step(direction, t))).collect()
    }

    /// The same at one step of each direction.
    fn side_by_side(&self, layer: usize, step: impl Fn(usize) -> usize) -> Vec<R> {
        let width = self.stack.state_size;
        let states =
            (0..self.stack.directions).map(|direction| self.state(self.unit(layer, direction), step(direction)));
        let states: Vec<&[R]> = states.collect();
        (0..self.batch)
            .flat_map(|row| states.iter().flat_map(move |state| &state[row * width..][..width]))
            .copied()
            .collect()
    }

    /// The step of a direction that reads x_t; and the other way round.
    fn own_step(&self, direction: usize, t: usize) -> usize {
        if direction == 0 { t } else { self.steps + 1 - t }
    }

    fn is_finite(&self) -> bool {
        self.workspaces.iter().all(Workspace::is_finite) && self.projected.iter().flatten().all(|x| x.is_finite())
    }

    /// The loss, the backward pass, and all that was found.
    fn finish(mut self, sequences: &Sequences, changes: &mut Changes<'_>) -> StackPass {
        let (stack, top, steps) = (self.stack, self.stack.layers - 1, self.steps);
        let at_every_step = sequences.targets.at_every_step();
        let states = if at_every_step { self.joined(top) } else { self.side_by_side(top, |_| steps) };
        let (outputs, width) = (self.read_out(&states), stack.output_size());
        let mut of_outputs = vec![R::ZERO; outputs.len()];
        let loss = loss(&sequences.targets, sequences.loss_scale, &outputs, width, &mut of_outputs);
        let of_states = self.through_readout(&of_outputs);

        let mut found: Vec<Collected<R>> =
            self.workspaces.iter().map(|workspace| Collected::new(&workspace.network, steps, self.batch)).collect();
        let mut back = Back {
            of_projected: vec![vec![Scaled::zeros(self.batch * stack.state_size); steps + 1]; stack.units.len()],
            gradients: self.workspaces.iter().map(|workspace| self.zeros(workspace)).collect(),
        };
        self.workspaces.iter_mut().for_each(|workspace| workspace.regularize(changes.omega));
        for segment in changes.truncation.segments(steps).filter(|segment| at_every_step || segment.end == steps) {
            let mut arriving: Vec<OverSteps<R>> = (0..stack.directions)
                .map(|direction| self.of_loss(&of_states, direction, at_every_step, segment))
                .collect();
            for layer in (0..stack.layers).rev() {
                let mut below = vec![vec![Scaled::zeros(self.batch * stack.state_size); steps]; stack.directions];
                for (direction, arriving) in arriving.into_iter().enumerate() {
                    let unit = self.unit(layer, direction);
                    let mut collecting =
                        Collecting { into: &mut found[unit], watch: &mut *changes.watch, first_layer: layer };
                    self.follow(unit, arriving, segment, &mut back, &mut collecting);
                    if layer > 0 {
                        self.pass_below(unit, direction, segment, &mut below);
                    }
                }
                arriving = below;
            }
        }

        let passes = self.workspaces.iter().zip(&found).enumerate().flat_map(|(unit, (workspace, found))| {
            let layer = unit / stack.directions;
            layer_passes(workspace, found, |_, t| changes.watch.counts(layer, t))
        });
        let mut units: Vec<LayerPass> = passes.collect();
        for (unit, of_projected) in units.iter_mut().zip(&back.of_projected).filter(|_| stack.is_projected()) {
            unit.hidden_gradient_log10 = of_projected.iter().map(Scaled::log10_norm).collect();
            unit.hidden_gradients = of_projected.iter().map(|part| to_f64(&part.values, part.exponent)).collect();
        }
        let gradient = if self.finds_weights { self.parameters(&back, &states, &of_outputs) } else { Vec::new() };
        let last = outputs.len() - self.batch * width;
        StackPass { loss: loss.to_f64(), output_last: plain(&outputs[last..]), units, gradient }
    }

    /// y of rows of states side by side.
    fn read_out(&self, states: &[R]) -> Vec<R> {
        let Some([w_out, b_out]) = &self.stack.readout else { return states.to_vec() };
        let row = |row: &[R]| -> Vec<R> {
            let outputs = w_out.values.chunks_exact(w_out.columns).zip(&b_out.values);
            let output = outputs.map(|(weights, bias)| {
                let mut sum = R::ZERO;
                weights.iter().zip(row).for_each(|(w, h)| sum += R::from_f64(*w) * *h);
                R::from_f64(*bias) + sum
            });
            output.collect()
        };
        states.chunks_exact(w_out.columns).flat_map(row).collect()
    }

    /// From dL/dy to dL/dh of the rows that were read out.
    fn through_readout(&self, of_outputs: &[R]) -> Vec<R> {
        let Some([w_out, _]) = &self.stack.readout else { return of_outputs.to_vec() };
        let rows = of_outputs.len() / w_out.rows.max(1);
        let mut of_states = vec![R::ZERO; rows * w_out.columns];
        kernel::add_product(of_outputs, &w_out.cast().values, &mut of_states, rows, w_out.rows, w_out.columns);
        of_states
    }

    /// What the losses of a segment send to the states of a direction of the top layer.
    fn of_loss(&self, of_states: &[R], direction: usize, at_every_step: bool, segment: Segment) -> OverSteps<R> {
        let width = self.stack.state_size;
        let row = self.batch * self.stack.directions * width;
        let part = |rows: &[R]| -> Vec<R> {
            let rows = rows.chunks_exact(self.stack.directions * width);
            rows.flat_map(|row| &row[direction * width..][..width]).copied().collect()
        };
        let mut arriving = vec![Scaled::zeros(self.batch * width); self.steps];
        if !at_every_step {
            arriving[self.steps - 1].values = part(of_states);
            return arriving;
        }
        for t in segment.losses_after + 1..=segment.end {
            let place = self.own_step(direction, t) - 1;
            arriving[t - 1].values = part(&of_states[place * row..][..row]);
        }
        arriving
    }

    /// Follows one segment back through a unit, whose states get `arriving` from outside.
    fn follow(
        &mut self,
        unit: usize,
        arriving: OverSteps<R>,
        segment: Segment,
        back: &mut Back<R>,
        watch: &mut Collecting<'_, R>,
    ) {
        let (size, width, batch) = (self.stack.hidden_size, self.stack.state_size, self.batch);
        let (workspace, part) = (&mut self.workspaces[unit], &self.parts[unit]);
        let through = |of_state: &Scaled<R>, matrix: &[R]| {
            let mut values = vec![R::ZERO; batch * size];
            kernel::add_product(&of_state.values, matrix, &mut values, batch, width, size);
            Scaled { values, exponent: of_state.exponent }
        };
        workspace.outside = match &part.projection {
            Some(projection) => arriving.iter().map(|of_state| through(of_state, &projection.matrix)).collect(),
            None => arriving.clone(),
        };
        let gradient = &mut back.gradients[unit];
        workspace.follow(segment, &part.weights, Range::Carried, gradient, watch);
        let Some(projection) = &part.projection else { return };
        let rows = workspace.network.cell.gates * size;
        let buffers = &workspace.layers[0];
        for t in segment.boundary..=segment.end {
            let sum = &mut back.of_projected[unit][t];
            if t > segment.boundary {
                sum.add(&arriving[t - 1].values, arriving[t - 1].exponent);
            } else if t > 0 {
                continue;
            }
            if t < segment.end {
                let of_gates = &buffers.input_gradient[t * batch * rows..][..batch * rows];
                let mut values = vec![R::ZERO; batch * width];
                kernel::add_product(of_gates, &projection.recurrent, &mut values, batch, rows, width);
                sum.add(&values, buffers.exponents[t + 1]);
            }
        }
    }

    /// What a unit sends to the states of all directions below, by their own steps.
    fn pass_below(&self, unit: usize, direction: usize, segment: Segment, below: &mut [OverSteps<R>]) {
        let (workspace, width, batch) = (&self.workspaces[unit], self.stack.state_size, self.batch);
        let columns = workspace.network.input_size;
        let gates = workspace.network.cell.gates * self.stack.hidden_size;
        let count = segment.end - segment.boundary;
        let w_ih = &self.parts[unit].weights.tensors[index::W_IH].values;
        let mut of_inputs = vec![R::ZERO; count * batch * columns];
        let of_gates = &workspace.layers[0].input_gradient[segment.boundary * batch * gates..][..count * batch * gates];
        kernel::add_product(of_gates, w_ih, &mut of_inputs, count * batch, gates, columns);
        for (rows, own) in of_inputs.chunks_exact(batch * columns).zip(segment.boundary + 1..) {
            let t = self.own_step(direction, own);
            for (other, below) in below.iter_mut().enumerate() {
                let part = rows.chunks_exact(columns).flat_map(|row| &row[other * width..][..width]);
                let part: Vec<R> = part.copied().collect();
                below[self.own_step(other, t) - 1].add(&part, workspace.layers[0].exponents[own]);
            }
        }
    }

    /// Room for the gradient of a unit, if it is asked for.
    fn zeros(&self, workspace: &Workspace<R>) -> Gradient<R> {
        match self.finds_weights {
            true => Gradient::zeros(&workspace.network),
            false => Gradient { tensors: Weights { tensors: Vec::new() }, exponents: Vec::new() },
        }
    }

    /// dL/dθ of all tensors as they were given.
    fn parameters(&self, back: &Back<R>, states: &[R], of_outputs: &[R]) -> Vec<Scaled<f64>> {
        let mut all = Vec::new();
        for unit in 0..self.parts.len() {
            let Gradient { tensors, exponents } = &back.gradients[unit];
            let mut of_unit: Vec<Scaled<f64>> = (tensors.tensors.iter().zip(exponents).take(index::PER_LAYER))
                .map(|(tensor, exponent)| to_f64(&tensor.values, *exponent))
                .collect();
            if let Some(projection) = &self.parts[unit].projection {
                let (of_recurrent, of_matrix) = self.of_projection(unit, projection, back);
                of_unit[index::W_HH] = of_recurrent;
                of_unit.push(of_matrix);
            }
            all.extend(of_unit);
        }
        if let Some([w_out, b_out]) = &self.stack.readout {
            let rows = of_outputs.len() / w_out.rows.max(1);
            let mut of_matrix = vec![R::ZERO; w_out.values.len()];
            kernel::add_transposed_product(of_outputs, states, &mut of_matrix, w_out.rows, rows, w_out.columns);
            let mut of_bias = vec![R::ZERO; b_out.values.len()];
            of_outputs.chunks_exact(w_out.rows).for_each(|row| {
                of_bias.iter_mut().zip(row).for_each(|(sum, x)| *sum += *x);
            });
            all.extend([to_f64(&of_matrix, 0), to_f64(&of_bias, 0)]);
        }
        for (part, (_, given)) in all.iter_mut().zip(self.stack.parameters()) {
            if !given {
                part.values.fill(0.0);
            }
        }
        all
    }

    /// dL/dW_hh = dL/d(W_hh W_hr) W_hrᵀ and dL/dW_hr = Σ_t dL/dh_t h'_tᵀ.
    fn of_projection(&self, unit: usize, projection: &Projected<'_, R>, back: &Back<R>) -> (Scaled<f64>, Scaled<f64>) {
        let (size, width, batch) = (self.stack.hidden_size, self.stack.state_size, self.batch);
        let whole = &back.gradients[unit].tensors.tensors[index::W_HH];
        let mut turned = vec![R::ZERO; size * width];
        kernel::transpose(&projection.matrix, width, size, &mut turned);
        let mut of_recurrent = vec![R::ZERO; whole.rows * width];
        kernel::add_product(&whole.values, &turned, &mut of_recurrent, whole.rows, size, width);
        let mut of_matrix = Scaled::<R>::zeros(width * size);
        let hidden = self.workspaces[unit].layers[0].hidden.chunks_exact(batch * size);
        for (of_state, hidden) in back.of_projected[unit].iter().zip(hidden).skip(1) {
            let mut part = vec![R::ZERO; width * size];
            kernel::add_transposed_product(&of_state.values, hidden, &mut part, width, batch, size);
            of_matrix.add(&part, of_state.exponent);
        }
        let exponent = back.gradients[unit].exponents[index::W_HH];
        (to_f64(&of_recurrent, exponent), to_f64(&of_matrix.values, of_matrix.exponent))
    }
}

/// What is summed on the way back.
struct Back<R> {
    /// dL/dh_t of each unit at t = 0..=T where h is a projection.
    of_projected: Vec<Vec<Scaled<R>>>,
    /// dL/dθ of each unit as a network of its own.
    gradients: Vec<Gradient<R>>,
}
