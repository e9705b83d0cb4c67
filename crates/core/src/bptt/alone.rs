//! One layer by itself: what it reads and what arrives at its states is given, whatever number type it is run in.
use super::backward::{Gradient, Watch};
use super::range::Range;
use super::study::{Collected, Collecting, LayerPass, layer_passes, to_f64};
use super::truncation::Segment;
use super::workspace::Workspace;
use crate::cells::CellReal;
use crate::network::{Network, Weights, index};
use crate::real::Real;
use crate::scaled::Scaled;
use std::borrow::Cow;

/// A layer that was run forward. Steps are its own, t = 1..=T; vectors are those of the whole batch.
pub(super) trait Alone {
    /// h_t.
    fn state(&self, t: usize) -> Scaled<f64>;

    /// Whether everything of the forward pass is a number.
    fn is_finite(&self) -> bool;

    /// Follows a segment back, with dL/dh_t from outside at t = 1..=T; `watch` counts the layer as number `layer`.
    fn follow(&mut self, outside: &[Scaled<f64>], segment: Segment, layer: usize, watch: &mut dyn Watch<f64>);

    /// dL/d(W_ih x_t) of the segment that was followed last.
    fn at_inputs(&self, t: usize) -> Scaled<f64>;

    /// What was found; `counts`: whether a step contributes to dL/dθ.
    fn pass(&self, counts: &dyn Fn(usize) -> bool) -> Option<LayerPass>;

    /// dL/dθ of W_ih, W_hh, b_ih, b_hh; nothing if it is not asked for.
    fn gradient(&self) -> Vec<Scaled<f64>>;
}

/// What a layer starts from.
pub(super) struct Start<'a> {
    /// Sequences.
    pub batch: usize,
    /// x_t at t = 1..=T.
    pub inputs: &'a [Scaled<f64>],
    /// h_0; zeros where there are fewer.
    pub hidden: &'a [f64],
    /// c_0; zeros where there are fewer.
    pub cell: &'a [f64],
    /// The strength of Ω, if it is asked for.
    pub omega: Option<f64>,
    /// Whether dL/dθ is found too.
    pub finds_weights: bool,
}

struct Layer<'a, R: Real> {
    workspace: Workspace<R>,
    weights: Cow<'a, Weights<R>>,
    found: Collected<R>,
    gradient: Gradient<R>,
}

/// Runs a layer forward.
pub(super) fn forward<'a, R: CellReal + 'a>(
    network: &Network,
    weights: Cow<'a, Weights<R>>,
    start: &Start<'_>,
) -> Box<dyn Alone + 'a> {
    let steps = start.inputs.len();
    let mut workspace = Workspace::<R>::new(network, steps, start.batch, true);
    workspace.finds_weights = start.finds_weights;
    workspace.regularize(start.omega);
    let width = (start.batch * network.input_size).max(1);
    for (to, from) in workspace.inputs_mut().chunks_exact_mut(width).zip(start.inputs) {
        fill(to, &from.values, from.exponent);
    }
    fill(workspace.hidden_start_mut(0), start.hidden, 0);
    fill(workspace.cell_start_mut(0), start.cell, 0);
    workspace.forward(&weights);
    // What only the way forward needs is as large as the weights.
    let buffers = &mut workspace.layers[0];
    (buffers.w_ih_transposed, buffers.w_hh_transposed) = (Vec::new(), Vec::new());
    let gradient = match start.finds_weights {
        true => Gradient::zeros(network),
        false => Gradient { tensors: Weights { tensors: Vec::new() }, exponents: Vec::new() },
    };
    let found = Collected::new(network, steps, start.batch);
    Box::new(Layer { workspace, weights, found, gradient })
}

fn fill<R: Real>(to: &mut [R], values: &[f64], exponent: i64) {
    for (to, value) in to.iter_mut().zip(values) {
        *to = R::from_f64(*value).scale_by_power_of_two(exponent);
    }
}

impl<R: CellReal> Alone for Layer<'_, R> {
    fn state(&self, t: usize) -> Scaled<f64> {
        let state = self.workspace.batch_size * self.workspace.network.hidden_size;
        to_f64(&self.workspace.layers[0].hidden[t * state..][..state], 0)
    }

    fn is_finite(&self) -> bool {
        self.workspace.is_finite()
    }

    fn follow(&mut self, outside: &[Scaled<f64>], segment: Segment, layer: usize, watch: &mut dyn Watch<f64>) {
        let given = |part: &Scaled<f64>| {
            let mut values = vec![R::ZERO; part.values.len()];
            fill(&mut values, &part.values, 0);
            Scaled { values, exponent: part.exponent }
        };
        self.workspace.outside = outside.iter().map(given).collect();
        let mut collecting = Collecting { into: &mut self.found, watch, first_layer: layer };
        self.workspace.follow(segment, &self.weights, Range::Carried, &mut self.gradient, &mut collecting);
    }

    fn at_inputs(&self, t: usize) -> Scaled<f64> {
        let network = self.workspace.network;
        let gates = self.workspace.batch_size * network.cell.gates * network.hidden_size;
        let buffers = &self.workspace.layers[0];
        to_f64(&buffers.input_gradient[(t - 1) * gates..][..gates], buffers.exponents[t])
    }

    fn pass(&self, counts: &dyn Fn(usize) -> bool) -> Option<LayerPass> {
        layer_passes(&self.workspace, &self.found, |_, t| counts(t)).pop()
    }

    fn gradient(&self) -> Vec<Scaled<f64>> {
        let mut gradient = self.gradient.clone();
        self.workspace.through_effective(&self.weights, &mut gradient, &Vec::new());
        let parts = gradient.tensors.tensors.iter().zip(&gradient.exponents);
        parts.take(index::PER_LAYER).map(|(tensor, exponent)| to_f64(&tensor.values, *exponent)).collect()
    }
}
