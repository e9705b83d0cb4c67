//! An opened [`Stack`] as chapter 3 has it: both directions, without and with the remedies that are on.
//!
//! Remedies act as on any network: those of the start on every unit, those of the way back on every unit's states, those of the
//! gradient on all parameters as they were given. Truncation counts each direction's own steps.
use super::gate_path;
use super::network::{INITIALISATION, NetworkConfig, Prepared};
use super::opened::{MOST_PARAMETERS, OpenedNetwork};
use super::passes::{GradientStudy, Pass, Watcher, detached};
use super::recurrence::RecurrenceStudy;
use crate::bptt::{self, BackwardPass, Changes, Sequences, StackPass, Targets, Truncation, Unwatched, Watch};
use crate::dynamics;
use crate::gradient_ops;
use crate::network::{Network, Weights, index};
use crate::random::Stream;
use crate::remedies::{Stage, Update};
use crate::stack::Stack;
use nalgebra::DMatrix;
use std::borrow::Cow;

/// Of more units no other recurrent matrix is drawn in the place of a given one: an orthogonal one costs their cube.
pub const MOST_DRAWN: usize = 2048;

impl NetworkConfig {
    /// The opened network that is a stack.
    pub(super) fn stack(&self) -> Option<(&OpenedNetwork, &Stack)> {
        let opened = self.recurrence.opened.as_deref()?;
        Some((opened, opened.stack.as_ref()?))
    }

    /// The top layer of a stack forwards in time as a network of its own, on what it reads of the layer below; its states before they
    /// are projected.
    pub(super) fn top_of(&self, stack: &Stack, sequences: &Sequences) -> Prepared {
        let (layer, cell) = (stack.layers - 1, self.recurrence.cell);
        let sequences = Sequences {
            steps: sequences.steps,
            batch_size: sequences.batch_size,
            inputs: bptt::inputs_of_layer(stack, cell, sequences, layer),
            hidden_start: Vec::new(),
            cell_start: Vec::new(),
            targets: Targets::SquaredErrorAll(Vec::new()),
            loss_scale: 0.5,
        };
        Prepared { network: stack.network(layer, cell), weights: stack.unit(layer, 0).weights.clone(), sequences }
    }

    /// The stack as the remedies leave it before the first update.
    pub(super) fn treated_stack<'a>(&self, stack: &'a Stack) -> Cow<'a, Stack> {
        if !self.changes_start() || self.leaves_start() {
            return Cow::Borrowed(stack);
        }
        let mut changed = stack.clone();
        let mut stream = Stream::new(self.recurrence.seed, INITIALISATION);
        for unit in &mut changed.units {
            let before = unit.weights.tensors[index::W_HH].values.clone();
            self.active_remedies().iter().for_each(|remedy| remedy.initialize(&mut unit.weights, &mut stream));
            if unit.weights.tensors[index::W_HH].values != before {
                unit.adopt_recurrent();
            }
        }
        Cow::Owned(changed)
    }

    fn changes_start(&self) -> bool {
        self.acting().any(|spec| spec.stage == Stage::Initialization && spec.replaces_matrix())
    }

    /// Whether a remedy is on that would put another recurrent matrix in the place of a given one that is too large for it
    /// ([`MOST_DRAWN`]), and so does nothing.
    pub fn leaves_start(&self) -> bool {
        self.stack().is_some() && self.recurrence.hidden_size > MOST_DRAWN && self.changes_start()
    }
}

/// Runs the stack, whose recurrent matrix is the one that was looked at.
pub(super) fn run(
    recurrence: &RecurrenceStudy,
    config: &NetworkConfig,
    opened: &OpenedNetwork,
    stack: &Stack,
) -> GradientStudy {
    let (cell, sequences) = (config.recurrence.cell, config.sequences_of(opened));
    let network = Network { cell, ..opened.network };
    let finds_weights = stack.numbers() <= MOST_PARAMETERS;
    let study = |stack: &Stack, norms: Vec<f64>, truncation: Truncation, omega, watch: &mut dyn Watch<f64>| {
        let mut changes = Changes { truncation, omega, watch };
        let found = bptt::stack_study(stack, cell, &sequences, &mut changes, finds_weights);
        pass(network, stack.directions, found, norms, detached(truncation, sequences.steps))
    };
    let norms: Vec<f64> = recurrence.blocks.iter().map(|block| block.spectral_norm).collect();
    let plain = study(stack, norms, Truncation::FULL, None, &mut Unwatched);
    let mut active = config.active_remedies();
    let treated = (!active.is_empty()).then(|| {
        let (plan, changed) = (config.plan_in_force(), config.treated_stack(stack));
        let same = matches!(changed, Cow::Borrowed(_));
        let mut pass = if same && !config.changes_way_back() {
            plain.clone()
        } else {
            let norms = if same { plain.spectral_norms.clone() } else { spectral_norms(&changed) };
            let mut watch = Watcher { remedies: &active, steps: sequences.steps };
            study(&changed, norms, plan.truncation, plan.omega, &mut watch)
        };
        if finds_weights {
            let weights = Weights { tensors: changed.parameters().map(|(tensor, _)| tensor.clone()).collect() };
            let mut gradient = weights.clone();
            let parts = gradient.tensors.iter_mut().zip(&pass.backward_pass.gradient);
            parts.for_each(|(tensor, part)| tensor.values = part.unscaled());
            let given = gradient.clone();
            let loss = pass.backward_pass.loss;
            let mut update = Update { step: 0, loss, weights: &weights, learning_rate: 0.0, skip: false, alarm: None };
            active.iter_mut().for_each(|remedy| remedy.on_gradient(&mut update, &mut gradient));
            pass.gradient_after_log10 = gradient.log10_global_norm();
            pass.turned = (given != gradient).then(|| gradient_ops::angle(&given, &gradient)).flatten();
        }
        pass
    });
    GradientStudy { network, steps: sequences.steps, plain, treated }
}

fn pass(network: Network, directions: usize, found: StackPass, spectral_norms: Vec<f64>, detached: usize) -> Pass {
    let StackPass { loss, output_last, units, gradient } = found;
    let (forwards, backwards): (Vec<_>, Vec<_>) =
        units.into_iter().enumerate().partition(|(place, _)| place.is_multiple_of(directions));
    let of = |units: Vec<(usize, bptt::LayerPass)>| units.into_iter().map(|(_, unit)| unit).collect::<Vec<_>>();
    let backward_pass = BackwardPass { loss, output_last, layers: of(forwards), gradient };
    let gradient_log10 = match backward_pass.gradient.is_empty() {
        true => f64::NAN,
        false => bptt::log10_global_norm(&backward_pass.gradient),
    };
    Pass {
        network,
        gradient_log10,
        gradient_after_log10: gradient_log10,
        turned: None,
        spectral_norms,
        gate_path_log10: gate_path::log10_norms(&network, backward_pass.top(), detached),
        backward_pass,
        reverse: of(backwards),
    }
}

/// The largest singular value of each block of the top layer forwards in time; NaN where it would be waited for.
fn spectral_norms(stack: &Stack) -> Vec<f64> {
    let n = stack.hidden_size;
    let recurrent = &stack.unit(stack.layers - 1, 0).weights.tensors[index::W_HH].values;
    let blocks = recurrent.chunks_exact(n * n);
    blocks
        .map(|block| if n <= 256 { dynamics::spectral_norm(&DMatrix::from_row_slice(n, n, block)) } else { f64::NAN })
        .collect()
}
