//! One forward and backward pass with all that a figure may want of it: in f64, and where that overflows, in [`Wide`].
use super::backward::{Gradient, Unwatched, Watch};
use super::range::Range;
use super::sequences::Sequences;
use super::truncation::Truncation;
use super::workspace::{Layer, Workspace};
use crate::cells::CellReal;
use crate::network::{Network, Weights, log10_sum_of_squares};
use crate::real::Real;
use crate::scaled::{Scaled, Wide, largest_magnitude, log10_norm};

/// What a backward pass found, beside the states and the loss of the forward pass before it.
#[derive(Clone, Debug, PartialEq)]
pub struct BackwardPass {
    /// L, with the factor of the sequences; infinite where it overflows f64.
    pub loss: f64,
    /// y_T: B * output_size.
    pub output_last: Vec<f64>,
    /// What each layer saw, from the bottom.
    pub layers: Vec<LayerPass>,
    /// dL/dθ, each tensor with its own power of two.
    pub gradient: Vec<Scaled<f64>>,
}

/// What one layer saw. Norms are base-10 logarithms; index t = 0..=T is the time of the state.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerPass {
    /// h_1 .. h_T after h_0: (T + 1) * B * hidden_size.
    pub hidden: Vec<f64>,
    /// c_0 .. c_T; empty for cells without one.
    pub cell: Vec<f64>,
    /// The cell's blocks after their activations, t = 1..=T: T * B rows of gates * hidden_size.
    pub blocks: Vec<f64>,
    /// log10 ‖dL/dh_t‖, the total derivative, over the whole batch.
    pub hidden_gradient_log10: Vec<f64>,
    /// log10 ‖dL/dc_t‖; empty for cells without one.
    pub cell_gradient_log10: Vec<f64>,
    /// dL/dc_T, the total derivative, as a direction: B * hidden_size values; empty for cells without a cell state.
    pub last_cell_gradient: Scaled<f64>,
    /// dL/dh_t as directions: B * hidden_size values each, of moderate size (see [`Scaled`]).
    pub hidden_gradients: Vec<Scaled<f64>>,
    /// dL/dv_t = dL/d(W_hh h_{t-1} + b_hh) at t = 1..=T, as it contributes to dL/dθ: zeros at a step that is not counted. B
    /// rows of gates * hidden_size each.
    pub recurrent_gradients: Vec<Scaled<f64>>,
}

impl BackwardPass {
    /// The top layer, which is read out.
    ///
    /// # Panics
    /// For a network without layers.
    pub fn top(&self) -> &LayerPass {
        &self.layers[self.layers.len() - 1]
    }

    /// dL/dθ as plain numbers in the network's order: beyond the range of f64 they are zeros and infinities.
    pub fn weights_gradient(&self, network: &Network) -> Weights<f64> {
        let mut gradient = network.zeros();
        for (tensor, scaled) in gradient.tensors.iter_mut().zip(&self.gradient) {
            tensor.values = scaled.unscaled();
        }
        gradient
    }
}

/// One forward and backward pass in f64; in [`Wide`] where f64 overflows on the way forward, or in dL/dθ.
pub fn study(network: &Network, weights: &Weights<f64>, sequences: &Sequences) -> BackwardPass {
    truncated_study(network, weights, sequences, Truncation::FULL)
}

/// As [`study`], the gradient being followed only as far back as `truncation` says.
pub fn truncated_study(
    network: &Network,
    weights: &Weights<f64>,
    sequences: &Sequences,
    truncation: Truncation,
) -> BackwardPass {
    changed_study(
        network,
        weights,
        sequences,
        &mut Changes { truncation, omega: None, direction: None, watch: &mut Unwatched },
    )
}

/// What is done to a backward pass on its way.
pub struct Changes<'a> {
    /// How far back gradients go.
    pub truncation: Truncation,
    /// The strength of Pascanu's regulariser Ω, see [`Workspace::regularize`].
    pub omega: Option<f64>,
    /// Of a stack in both directions, the one alone whose states get anything from the loss; `None`: both do.
    pub direction: Option<usize>,
    /// What it does to dL/dh_t flows on; the steps that it does not count contribute nothing to dL/dθ.
    pub watch: &'a mut dyn Watch<f64>,
}

/// As [`study`], with these changes. What is found of dL/dh_t is what flowed on.
pub fn changed_study(
    network: &Network,
    weights: &Weights<f64>,
    sequences: &Sequences,
    changes: &mut Changes<'_>,
) -> BackwardPass {
    let mut workspace = Workspace::<f64>::filled(network, sequences);
    workspace.forward(weights);
    if workspace.is_finite() {
        let backward_pass = finish(workspace, weights, sequences, changes);
        // A product of a large state and a large error may overflow although neither does.
        if backward_pass.gradient.iter().all(|part| part.values.iter().all(|x| x.is_finite())) {
            return backward_pass;
        }
    }
    let weights = weights.cast::<Wide>();
    let mut workspace = Workspace::<Wide>::filled(network, sequences);
    workspace.forward(&weights);
    finish(workspace, &weights, sequences, changes)
}

/// The state gradients of all layers and times, summed where segments overlap.
pub(super) struct Collected<R> {
    hidden: Vec<Vec<Scaled<R>>>,
    cell: Vec<Vec<Scaled<R>>>,
}

impl<R: Real> Collected<R> {
    /// Zeros, for a network and sequences of that length.
    pub fn new(network: &Network, steps: usize, batch_size: usize) -> Self {
        let zeros = Scaled::<R>::zeros(batch_size * network.hidden_size);
        let states = |times: usize| vec![vec![zeros.clone(); times]; network.layers];
        let times = steps + 1;
        Self { hidden: states(times), cell: states(if network.cell.has_cell_state { times } else { 0 }) }
    }
}

/// Adds what passes to what was collected, after somebody looked at it, for whom the layers are counted from `first_layer` on.
pub(super) struct Collecting<'a, R> {
    pub into: &'a mut Collected<R>,
    pub watch: &'a mut dyn Watch<f64>,
    pub first_layer: usize,
}

/// A power of two beside which an f64 of usual size is still a normal number.
const LARGE: i64 = 900;

impl<R: Real> Watch<R> for Collecting<'_, R> {
    fn hidden(&mut self, layer: usize, t: usize, gradient: &mut [R], exponent: i64) {
        let mut given = to_f64(gradient, exponent);
        if given.exponent > LARGE {
            // A limit would be zero beside such a power of two: it is compared with the numbers themselves, infinite as they are.
            given = Scaled { values: given.unscaled(), exponent: 0 };
        }
        let (mut left, shift) = (given.values.clone(), given.exponent - exponent);
        self.watch.hidden(self.first_layer + layer, t, &mut left, given.exponent);
        for ((x, left), given) in gradient.iter_mut().zip(&left).zip(&given.values) {
            if left != given {
                *x = R::from_f64(*left).scale_by_power_of_two(shift);
            }
        }
        self.into.hidden[layer][t].add(gradient, exponent);
    }

    fn counts(&self, layer: usize, t: usize) -> bool {
        self.watch.counts(self.first_layer + layer, t)
    }

    fn cell(&mut self, layer: usize, t: usize, gradient: &[R], exponent: i64) {
        if let Some(sum) = self.into.cell[layer].get_mut(t) {
            sum.add(gradient, exponent);
        }
    }
}

/// The loss, the backward pass, and all that was found.
fn finish<R: CellReal>(
    mut workspace: Workspace<R>,
    weights: &Weights<R>,
    sequences: &Sequences,
    changes: &mut Changes<'_>,
) -> BackwardPass {
    let network = workspace.network;
    let mut found = Collected::new(&network, sequences.steps, sequences.batch_size);
    workspace.regularize(changes.omega);
    let loss = workspace.loss(&sequences.targets, sequences.loss_scale);
    let mut gradient = Gradient::zeros(&network);
    let mut collecting = Collecting { into: &mut found, watch: &mut *changes.watch, first_layer: 0 };
    workspace.backward(weights, changes.truncation, Range::Carried, &mut gradient, &mut collecting);
    let layers = layer_passes(&workspace, &found, |layer, t| changes.watch.counts(layer, t));
    let outputs = workspace.outputs.len() - sequences.batch_size * network.output_size;
    BackwardPass {
        loss: loss.to_f64(),
        output_last: plain(&workspace.outputs[outputs..]),
        layers,
        gradient: (gradient.tensors.tensors.iter().zip(&gradient.exponents))
            .map(|(tensor, exponent)| to_f64(&tensor.values, *exponent))
            .collect(),
    }
}

/// What was found of each layer; `counts`: whether a step of a layer contributes to dL/dθ.
pub(super) fn layer_passes<R: CellReal>(
    workspace: &Workspace<R>,
    found: &Collected<R>,
    counts: impl Fn(usize, usize) -> bool,
) -> Vec<LayerPass> {
    let network = workspace.network;
    let gates = workspace.batch_size * network.cell.gates * network.hidden_size;
    let split = network.cell.separate || network.normalization.is_some();
    let all = workspace.layers.iter().zip(found.hidden.iter().zip(&found.cell)).enumerate();
    let of_layer = |number: usize, layer: &Layer<R>, hidden: &[Scaled<R>], cell: &[Scaled<R>]| {
        let of_v = if split { &layer.recurrent_gradient } else { &layer.input_gradient };
        let of_v = of_v.chunks_exact(gates).zip(&layer.exponents[1..]);
        LayerPass {
            hidden: plain(&layer.hidden),
            cell: plain(&layer.cell),
            blocks: plain(&layer.blocks),
            hidden_gradient_log10: hidden.iter().map(Scaled::log10_norm).collect(),
            cell_gradient_log10: cell.iter().map(Scaled::log10_norm).collect(),
            last_cell_gradient: cell.last().map_or(Scaled::zeros(0), |part| to_f64(&part.values, part.exponent)),
            hidden_gradients: hidden.iter().map(|part| to_f64(&part.values, part.exponent)).collect(),
            recurrent_gradients: (1..)
                .zip(of_v)
                .map(|(t, (values, exponent))| match counts(number, t) {
                    true => to_f64(values, *exponent),
                    false => Scaled::zeros(gates),
                })
                .collect(),
        }
    };
    all.map(|(number, (layer, (hidden, cell)))| of_layer(number, layer, hidden, cell)).collect()
}

pub(super) fn plain<R: Real>(values: &[R]) -> Vec<f64> {
    values.iter().map(|x| x.to_f64()).collect()
}

/// A power of two whose products with the states' own stay far inside f64.
const MODERATE: i64 = 60;

/// A scaled buffer in f64, through the exponent of its largest value where that may lie outside f64.
pub(super) fn to_f64<R: Real>(values: &[R], exponent: i64) -> Scaled<f64> {
    let shift = match largest_magnitude(values).binary_exponent() {
        Some(shift) if shift.abs() > MODERATE => shift,
        _ => 0,
    };
    let shifted = |x: &R| if shift == 0 { x.to_f64() } else { x.scale_by_power_of_two(-shift).to_f64() };
    Scaled { values: values.iter().map(shifted).collect(), exponent: exponent + shift }
}

/// log10 of the global norm of a gradient kept as scaled buffers.
pub fn log10_global_norm(gradient: &[Scaled<f64>]) -> f64 {
    log10_sum_of_squares(gradient.iter().map(|part| log10_norm(&part.values, part.exponent)))
}
