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
use crate::remedies::{Slot, Update};
use crate::stack::Stack;
use crate::training::Plan;
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
    pub(super) fn treated_stack<'a>(&self, stack: &'a Stack, plan: &Plan) -> Cow<'a, Stack> {
        let changes = self.changes_start() && !self.leaves_start();
        if !changes && plan.forget_bias == 0.0 {
            return Cow::Borrowed(stack);
        }
        let mut changed = stack.clone();
        let mut stream = Stream::new(self.recurrence.seed, INITIALISATION);
        // A projected state is narrower than the unit's matrix has rows; remedies ask a network for its cell alone.
        let network = stack.network(0, self.recurrence.cell);
        for unit in &mut changed.units {
            unit.weights.add_to_forget_bias(self.recurrence.cell, plan.forget_bias);
            if !changes {
                continue;
            }
            let before = unit.weights.tensors[index::W_HH].values.clone();
            self.initialize(&network, &mut unit.weights, &mut stream);
            if unit.weights.tensors[index::W_HH].values != before {
                unit.adopt_recurrent();
            }
        }
        Cow::Owned(changed)
    }

    fn changes_start(&self) -> bool {
        self.acting().any(|spec| spec.changes_matrix && spec.replaces != Some(Slot::Cell))
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
        let mut changes = Changes { truncation, omega, direction: None, watch };
        let found = bptt::stack_study(stack, cell, &sequences, &mut changes, finds_weights);
        pass(network, stack.directions, found, norms, detached(truncation, sequences.steps))
    };
    let norms: Vec<f64> = recurrence.blocks.iter().map(|block| block.spectral_norm).collect();
    let plain = study(stack, norms, Truncation::FULL, None, &mut Unwatched);
    let mut active = config.active_remedies();
    let treated = (!active.is_empty()).then(|| {
        let plan = config.plan_in_force();
        let changed = config.treated_stack(stack, &plan);
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

#[cfg(test)]
mod tests {
    use super::super::network::Inputs;
    use super::super::network::tests::config;
    use super::super::opened::SharedNetwork;
    use super::super::{gradients, jacobians, recurrence, weight_gradient};
    use super::*;
    use crate::cells;
    use crate::given::{GivenNetwork, GivenStack, Named};
    use crate::network::Role;
    use crate::param::{Settings, Value};
    use crate::training::params;

    const UNITS: usize = 6;

    /// Tensors of an LSTM of three inputs, with their names' ends.
    fn tensors(layers: usize, suffixes: &[&str], projection: Option<usize>) -> Vec<Named> {
        let mut stream = Stream::new(9, "stacked");
        let state = projection.unwrap_or(UNITS);
        let mut tensors = Vec::new();
        for layer in 0..layers {
            let inputs = if layer == 0 { 3 } else { state * suffixes.len() };
            for suffix in suffixes {
                let mut add = |part: &str, count: usize| {
                    let values = (0..count).map(|_| stream.uniform_between(-0.6, 0.6)).collect();
                    tensors.push(Named { name: format!("{part}_l{layer}{suffix}"), values });
                };
                add("weight_ih", 4 * UNITS * inputs);
                add("weight_hh", 4 * UNITS * state);
                add("bias_ih", 4 * UNITS);
                projection.into_iter().for_each(|size| add("weight_hr", size * UNITS));
            }
        }
        tensors
    }

    fn opened(layers: usize, suffixes: &[&str], projection: Option<usize>) -> OpenedNetwork {
        let given = GivenStack {
            cell: &cells::LSTM,
            layers,
            bidirectional: suffixes.len() == 2,
            projection,
            input_size: 3,
            hidden_size: UNITS,
            output_size: None,
            tensors: tensors(layers, suffixes, projection),
        };
        let stack = given.build().expect("it fits");
        let network = Network {
            cell: &cells::LSTM,
            layers,
            input_size: 3,
            hidden_size: UNITS,
            output_size: stack.output_size(),
            normalization: None,
            constants: cells::LSTM.usual_constants(),
        };
        OpenedNetwork {
            network,
            weights: Weights { tensors: Vec::new() },
            stack: Some(stack),
            given: Vec::new(),
            says_activation: false,
            sequences: None,
            inputs: None,
        }
    }

    fn with(opened: OpenedNetwork, remedy: &str, pairs: &[(&str, &str)]) -> NetworkConfig {
        let mut config = config("orthogonal", &cells::LSTM, UNITS);
        config.recurrence.layers = opened.network.layers;
        config.recurrence.opened = Some(SharedNetwork::new(opened));
        config.sequence_length = 20;
        config.inputs = Inputs::Noise { deviation: 0.5 };
        let (mut settings, notices) = Settings::from_pairs(params::all(), pairs.iter().copied());
        assert!(notices.is_empty(), "{notices:?}");
        if let Some(spec) = crate::remedies::find(remedy) {
            settings.set(&spec.toggle.spec, Value::Flag(true));
        }
        config.remedies = settings;
        config
    }

    #[test]
    fn forwards_in_time_one_layer_of_both_directions_is_the_network_of_its_own_tensors() {
        let both = with(opened(1, &["", "_reverse"], None), "", &[]);
        let tensors = tensors(1, &["", "_reverse"], None).into_iter().take(3).collect();
        let given = GivenNetwork {
            cell: &cells::LSTM,
            layers: 1,
            input_size: 3,
            hidden_size: UNITS,
            output_size: None,
            tensors,
        };
        let built = given.build().expect("it fits");
        let mut alone = both.clone();
        alone.recurrence.opened = Some(SharedNetwork::new(OpenedNetwork {
            network: built.network,
            given: built.given().to_vec(),
            weights: built.weights,
            stack: None,
            says_activation: false,
            sequences: None,
            inputs: None,
        }));
        let (found, wanted) = (gradients::run(&both), gradients::run(&alone));
        assert_eq!(found.plain.backward_pass.layers, wanted.plain.backward_pass.layers);
        assert_eq!(found.plain.gate_path_log10, wanted.plain.gate_path_log10);
        assert_eq!(found.plain.spectral_norms, wanted.plain.spectral_norms);
        assert_eq!((found.plain.reverse.len(), wanted.plain.reverse.len()), (1, 0));
        assert_eq!(jacobians::run(&both), jacobians::run(&alone));
        assert_eq!(recurrence::run(&both.recurrence), recurrence::run(&alone.recurrence));
        // The part of W_hh forwards in the gradient of all is what the figure of the weights sums up to.
        let parts = weight_gradient::of_layer(&found.network, found.plain.backward_pass.top());
        let of_w_hh = found.plain.backward_pass.gradient[index::W_HH].log10_norm();
        assert!((parts.accumulated[0] - of_w_hh).abs() < 1e-12);
        assert!(found.plain.gradient_log10 > wanted.plain.gradient_log10);
    }

    #[test]
    fn the_jacobians_of_projected_states_are_those_of_the_state_before() {
        let config = with(opened(1, &[""], Some(4)), "", &[]);
        let study = jacobians::run(&config).expect("a small state");
        assert_eq!(study.state_size, 2 * UNITS);
        // h' comes back by a matrix of rank 4: of one step two singular values of the ways through h are gone.
        let blocks = &recurrence::run(&config.recurrence).blocks;
        let zeros = |block: &super::super::recurrence::BlockStudy| {
            block.eigenvalues.iter().filter(|(re, im)| re.abs() + im.abs() < 1e-7).count()
        };
        assert!(blocks.iter().all(|block| zeros(block) == 2), "{blocks:?}");
    }

    #[test]
    fn remedies_act_on_every_unit_and_on_all_parameters() {
        for projection in [None, Some(4)] {
            let network = || opened(2, &["", "_reverse"], projection);
            let clipped = gradients::run(&with(network(), "clip_norm", &[("max-norm", "0.001")]));
            let treated = clipped.treated.as_ref().expect("a remedy is on");
            assert_eq!(treated.state_gradient_log10(), clipped.plain.state_gradient_log10());
            assert!((treated.gradient_after_log10 + 3.0).abs() < 1e-9, "{}", treated.gradient_after_log10);
            assert!(treated.turned.is_some_and(|angle| angle < 1e-6));

            let cut = gradients::run(&with(network(), "truncation", &[("truncation-window", "5")]));
            let treated = cut.treated.as_ref().expect("a remedy is on");
            for layer in treated.backward_pass.layers.iter().chain(&treated.reverse) {
                let reached = |t: usize| layer.hidden_gradient_log10[t].is_finite();
                assert!((0..=15).all(|t| !reached(t)) && (16..=20).all(reached), "{:?}", layer.hidden_gradient_log10);
            }
            assert!(treated.gradient_log10 < cut.plain.gradient_log10);

            let held = gradients::run(&with(network(), "clip_state", &[("clip-state-limit", "0.0001")]));
            let treated = held.treated.as_ref().expect("a remedy is on");
            assert!(treated.gradient_log10 < held.plain.gradient_log10);
            // Entries of 0.0001 in six units.
            let most = crate::math::log10(0.0001 * 6.0f64.sqrt()) + 1e-12;
            let all = treated.backward_pass.layers.iter().chain(&treated.reverse);
            let within = all.flat_map(|layer| &layer.hidden_gradient_log10).all(|norm| *norm <= most);
            assert!(within || projection.is_some());

            let config = with(network(), "orthogonal_init", &[]);
            let (_, stack) = config.stack().expect("it is a stack");
            let changed = config.treated_stack(stack, &config.plan_in_force());
            for unit in &changed.units {
                let given = unit.projection.as_ref().map_or(&unit.weights.tensors[index::W_HH], |p| &p.recurrent);
                for block in given.values.chunks_exact(UNITS * given.columns) {
                    let block = DMatrix::from_row_slice(UNITS, given.columns, block);
                    let error = block.transpose() * &block - DMatrix::identity(given.columns, given.columns);
                    assert!(error.amax() < 1e-13, "{error}");
                }
                if let Some(projection) = &unit.projection {
                    assert_eq!(unit.weights.tensors[index::W_HH].values, projection.product());
                }
            }
            let config = with(network(), "forget_bias", &[("forget-bias", "2")]);
            let (_, stack) = config.stack().expect("it is a stack");
            let changed = config.treated_stack(stack, &config.plan_in_force());
            for (after, before) in changed.units.iter().zip(&stack.units) {
                for (after, before) in after.weights.tensors.iter().zip(&before.weights.tensors) {
                    let of_gate = |at: usize| after.role == Role::InputBias && at / UNITS == 1;
                    let wanted = before.values.iter().enumerate().map(|(at, x)| if of_gate(at) { x + 2.0 } else { *x });
                    assert_eq!(after.values, wanted.collect::<Vec<_>>(), "{}", after.name);
                }
            }
            let config = with(network(), "orthogonal_init", &[]);
            let study = gradients::run(&config);
            let treated = study.treated.as_ref().expect("a remedy is on");
            assert_ne!(treated.state_gradient_log10(), study.plain.state_gradient_log10());
            assert!(treated.reverse.len() == 2 && treated.gradient_log10.is_finite());
        }
    }
}
