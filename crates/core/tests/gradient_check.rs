//! Backpropagation through time against finite differences of the loss, for every cell of the registry.
//!
//! ```text
//! dL/dθ ≈ (8 (L(θ+h) - L(θ-h)) - (L(θ+2h) - L(θ-2h))) / 12h,   error of the order of h⁴
//! ```
use vanishing_core::bptt::{self, Gradient, Range, Sequences, Targets, Truncation, Unwatched, Workspace};
use vanishing_core::cells;
use vanishing_core::network::{Network, Role, Weights};
use vanishing_core::random::Stream;

/// h: rounding (1e-16 / h) and truncation (h⁴) are then both near 1e-13.
const STEP: f64 = 5e-4;

/// What an entry may differ by, relative to itself or to the thousandth part of its tensor's largest, whichever is more.
const RELATIVE: f64 = 1e-7;

/// What the rounding of losses of the order of 1 leaves in their differences, where a gradient has all but vanished.
const ROUNDING: f64 = 4.0 * f64::EPSILON / STEP;

const STEPS: usize = 5;
const BATCH: usize = 2;
const OUTPUTS: usize = 3;
const HIDDEN: usize = 4;
const FEATURES: usize = 2;

/// A network with random weights and the sequences it is run on.
#[derive(Clone)]
struct Experiment {
    network: Network,
    weights: Weights<f64>,
    sequences: Sequences,
}

impl Experiment {
    /// The first one from that seed on in which no unit stands near a kink of its activation.
    fn new(cell: &'static cells::CellSpec, layers: usize, targets: Targets, seed: u64) -> Self {
        (100 * seed..)
            .map(|seed| Self::draw(cell, layers, targets.clone(), seed))
            .find(Self::is_smooth)
            .expect("one of many")
    }

    /// Whether slightly other weights leave the same units at zero.
    fn is_smooth(&self) -> bool {
        let zeros = |factor: f64| -> Vec<bool> {
            let mut other = self.clone();
            for tensor in &mut other.weights.tensors {
                tensor.values.iter_mut().enumerate().for_each(|(i, w)| *w += if i % 2 == 0 { factor } else { -factor });
            }
            other
                .backward_pass()
                .layers
                .iter()
                .flat_map(|layer| layer.hidden.iter().map(|h| *h == 0.0).collect::<Vec<_>>())
                .collect()
        };
        zeros(0.0) == zeros(0.02) && zeros(0.0) == zeros(-0.02)
    }

    fn draw(cell: &'static cells::CellSpec, layers: usize, targets: Targets, seed: u64) -> Self {
        let network = Network {
            cell,
            layers,
            input_size: FEATURES,
            hidden_size: HIDDEN,
            output_size: if matches!(targets, Targets::LogisticLast(_)) { 1 } else { OUTPUTS },
            normalization: None,
            // A cell that adds a tenth of something new in each of three layers would hide its gradient in the rounding of the loss.
            constants: cell.usual_constants().map(|constant| if constant > 0.0 { 0.6 } else { constant }),
        };
        let mut stream = Stream::new(seed, "gradient check");
        let mut weights = network.zeros::<f64>();
        for tensor in &mut weights.tensors {
            // Positive biases keep some units of a ReLU cell alive to the end.
            let (low, high) = if tensor.role == Role::InputBias { (0.4, 1.2) } else { (-0.8, 0.8) };
            tensor.values.iter_mut().for_each(|w| *w = stream.uniform_between(low, high));
        }
        let sequences = Sequences {
            steps: STEPS,
            batch_size: BATCH,
            inputs: stream.normals(STEPS * BATCH * FEATURES),
            hidden_start: stream.normals(layers * BATCH * HIDDEN),
            cell_start: if cell.has_cell_state { stream.normals(layers * BATCH * HIDDEN) } else { Vec::new() },
            targets,
            loss_scale: 0.5 / BATCH as f64,
        };
        Self { network, weights, sequences }
    }

    fn backward_pass(&self) -> bptt::BackwardPass {
        bptt::study(&self.network, &self.weights, &self.sequences)
    }

    /// Numbers in h_0 of all layers.
    fn states(&self) -> usize {
        self.network.layers * BATCH * HIDDEN
    }

    /// dL/dx for the number x that `place` finds in an experiment.
    fn difference(&self, place: impl Fn(&mut Self) -> &mut f64) -> f64 {
        let loss = |shift: f64| {
            let mut moved = self.clone();
            *place(&mut moved) += shift;
            moved.backward_pass().loss
        };
        let near = loss(STEP) - loss(-STEP);
        let far = loss(2.0 * STEP) - loss(-2.0 * STEP);
        (8.0 * near - far) / (12.0 * STEP)
    }
}

/// Every kind of target, with its name.
fn targets() -> [(&'static str, Targets); 5] {
    let mut stream = Stream::new(1, "targets");
    [
        ("squared error at the last step", Targets::SquaredErrorLast(stream.normals(BATCH * OUTPUTS))),
        ("squared error at all steps", Targets::SquaredErrorAll(stream.normals(STEPS * BATCH * OUTPUTS))),
        ("cross-entropy at the last step", Targets::CrossEntropyLast(vec![2, 0])),
        ("cross-entropy at all steps", Targets::CrossEntropyAll((0..STEPS * BATCH).map(|i| i * i % OUTPUTS).collect())),
        ("logistic loss at the last step", Targets::LogisticLast(vec![1, 0])),
    ]
}

/// Runs a check on every cell with every kind of target, in one to three layers.
fn for_every_cell_and_target(check: impl Fn(&Experiment, &str)) {
    for cell in cells::ALL {
        for (name, targets) in targets() {
            for layers in 1..=3 {
                let seed = layers as u64;
                let about = format!("{} cell, {layers} layers, {name}", cell.slug);
                check(&Experiment::new(cell, layers, targets.clone(), seed), &about);
            }
        }
    }
}

/// Compares two lists of numbers that should be the same gradient.
fn assert_close(found: &[f64], differences: &[f64], about: &str) {
    assert_eq!(found.len(), differences.len(), "{about}");
    let largest = differences.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
    assert!(largest > 1e-6, "{about}: the loss does not depend on it at all, so nothing is checked");
    for (i, (found, difference)) in found.iter().zip(differences).enumerate() {
        let limit = RELATIVE * difference.abs().max(1e-3 * largest) + ROUNDING;
        assert!((found - difference).abs() <= limit, "{about}, entry {i}: {found} {difference}");
    }
}

#[test]
fn the_gradient_of_every_weight_of_every_cell_is_the_slope_of_the_loss() {
    for_every_cell_and_target(|experiment, about| {
        let gradient = experiment.backward_pass().weights_gradient(&experiment.network);
        // A cell without a recurrent matrix has no numbers there.
        for (i, tensor) in gradient.tensors.iter().enumerate().filter(|(_, tensor)| tensor.rows > 0) {
            let slope = |j: usize| experiment.difference(|moved| &mut moved.weights.tensors[i].values[j]);
            let differences: Vec<f64> = (0..tensor.values.len()).map(slope).collect();
            assert_close(&tensor.values, &differences, &format!("{about}, {}", tensor.name));
        }
    });
}

#[test]
fn the_gradient_of_the_first_state_is_the_slope_of_the_loss() {
    for_every_cell_and_target(|experiment, about| {
        let found = first_states(&experiment.backward_pass());
        let slope = |j: usize| experiment.difference(|moved| &mut moved.sequences.hidden_start[j]);
        let differences: Vec<f64> = (0..experiment.states()).map(slope).collect();
        assert_close(&found, &differences, &format!("{about}, h_0"));
    });
}

#[test]
fn the_gradient_of_the_first_cell_state_has_the_norm_of_the_slopes() {
    for_every_cell_and_target(|experiment, about| {
        if !experiment.network.cell.has_cell_state {
            assert!(experiment.backward_pass().top().cell_gradient_log10.is_empty(), "{about}");
            return;
        }
        let slope = |j: usize| experiment.difference(|moved| &mut moved.sequences.cell_start[j]);
        for (layer, found) in experiment.backward_pass().layers.iter().enumerate() {
            let of_layer = layer * BATCH * HIDDEN..(layer + 1) * BATCH * HIDDEN;
            let squares: f64 = of_layer.map(|j| slope(j) * slope(j)).sum();
            let found = vanishing_core::math::powf(10.0, found.cell_gradient_log10[0]);
            let error = (found / squares.sqrt() - 1.0).abs();
            assert!(error <= RELATIVE, "{about}, layer {layer}: {found} {}", squares.sqrt());
        }
    });
}

/// dL/dh_0 of every layer.
fn first_states(backward_pass: &bptt::BackwardPass) -> Vec<f64> {
    backward_pass.layers.iter().flat_map(|layer| layer.hidden_gradients[0].unscaled()).collect()
}

/// The same network on what is left of the sequences from time t on: its first state is h_t.
fn rest_of(experiment: &Experiment, backward_pass: &bptt::BackwardPass, t: usize) -> Experiment {
    let mut rest = experiment.clone();
    rest.sequences.steps = STEPS - t;
    rest.sequences.inputs.drain(..t * BATCH * FEATURES);
    let at = |states: &[f64]| states[t * BATCH * HIDDEN..][..BATCH * HIDDEN].to_vec();
    rest.sequences.hidden_start = backward_pass.layers.iter().flat_map(|layer| at(&layer.hidden)).collect();
    if experiment.network.cell.has_cell_state {
        rest.sequences.cell_start = backward_pass.layers.iter().flat_map(|layer| at(&layer.cell)).collect();
    }
    rest
}

#[test]
fn the_gradient_of_a_later_state_is_that_of_the_first_state_of_the_rest() {
    for_every_cell_and_target(|experiment, about| {
        // With a loss at every step the state at t has a direct part in it, which the rest does not see.
        if experiment.sequences.targets.at_every_step() {
            return;
        }
        let backward_pass = experiment.backward_pass();
        for t in 1..STEPS {
            // The top layer alone: the state of a lower one acts at its own time on the layer above, too.
            let first = rest_of(experiment, &backward_pass, t).backward_pass().top().hidden_gradients[0].unscaled();
            let found = backward_pass.top().hidden_gradients[t].unscaled();
            assert_close(&found, &first, &format!("{about}, h_{t}"));
        }
    });
}

#[test]
fn a_sequence_of_a_batch_has_the_gradient_that_it_has_alone() {
    for cell in cells::ALL {
        let targets = Stream::new(3, "targets").normals(BATCH * OUTPUTS);
        let both = Experiment::new(cell, 1, Targets::SquaredErrorLast(targets.clone()), 3);
        let together = first_states(&both.backward_pass());
        for row in 0..BATCH {
            let part = |values: &[f64], width: usize| -> Vec<f64> {
                values.chunks(width).skip(row).step_by(BATCH).flatten().copied().collect()
            };
            let mut alone = both.clone();
            alone.sequences.batch_size = 1;
            alone.sequences.inputs = part(&both.sequences.inputs, FEATURES);
            alone.sequences.hidden_start = part(&both.sequences.hidden_start, HIDDEN);
            alone.sequences.cell_start = part(&both.sequences.cell_start, HIDDEN);
            alone.sequences.targets = Targets::SquaredErrorLast(part(&targets, OUTPUTS));
            let found = first_states(&alone.backward_pass());
            assert_close(&found, &part(&together, HIDDEN), &format!("{} cell, sequence {row}", cell.slug));
        }
    }
}

/// The gradient as training computes it: f32, plain numbers.
fn in_single_precision(experiment: &Experiment) -> (f64, Vec<Vec<f64>>) {
    let (network, sequences) = (&experiment.network, &experiment.sequences);
    let weights = experiment.weights.cast::<f32>();
    let mut workspace = Workspace::<f32>::new(network, STEPS, BATCH, sequences.targets.at_every_step());
    let single = |values: &[f64]| values.iter().map(|x| *x as f32).collect::<Vec<f32>>();
    workspace.inputs_mut().copy_from_slice(&single(&sequences.inputs));
    for layer in 0..network.layers {
        let of_layer = layer * BATCH * HIDDEN..(layer + 1) * BATCH * HIDDEN;
        workspace.hidden_start_mut(layer).copy_from_slice(&single(&sequences.hidden_start[of_layer.clone()]));
        if network.cell.has_cell_state {
            workspace.cell_start_mut(layer).copy_from_slice(&single(&sequences.cell_start[of_layer]));
        }
    }
    let mut gradient = Gradient::zeros(network);
    // Twice in the same buffers: nothing of the first pass may be left in the second.
    let mut loss = 0.0;
    for _ in 0..2 {
        gradient.clear();
        workspace.forward(&weights);
        loss = workspace.loss(&sequences.targets, sequences.loss_scale);
        workspace.backward(&weights, Truncation::FULL, Range::Plain, &mut gradient, &mut Unwatched);
    }
    let tensors = gradient.tensors.tensors.iter().map(|t| t.values.iter().map(|x| f64::from(*x)).collect());
    (f64::from(loss), tensors.collect())
}

#[test]
fn single_precision_with_plain_numbers_agrees_with_double_precision() {
    for_every_cell_and_target(|experiment, about| {
        let backward_pass = experiment.backward_pass();
        let (loss, gradient) = in_single_precision(experiment);
        assert!((loss / backward_pass.loss - 1.0).abs() < 1e-5, "{about}: {loss} {}", backward_pass.loss);
        let double = backward_pass.weights_gradient(&experiment.network);
        for (tensor, single) in double.tensors.iter().zip(&gradient) {
            let largest = tensor.values.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
            for (x, y) in tensor.values.iter().zip(single) {
                assert!((x - y).abs() <= 1e-5 * largest, "{about}, {}: {x} {y}", tensor.name);
            }
        }
    });
}

#[test]
fn a_window_as_long_as_the_sequence_changes_not_one_bit() {
    for_every_cell_and_target(|experiment, about| {
        let full = experiment.backward_pass();
        let (network, weights, sequences) = (&experiment.network, &experiment.weights, &experiment.sequences);
        for truncation in [Truncation::chunks(STEPS), Truncation::chunks(STEPS + 3), Truncation::last(STEPS)] {
            assert_eq!(bptt::truncated_study(network, weights, sequences, truncation), full, "{about} {truncation:?}");
        }
    });
}

#[test]
fn a_sliding_window_as_long_as_the_sequence_sums_to_the_full_gradient() {
    for_every_cell_and_target(|experiment, about| {
        let (network, weights, sequences) = (&experiment.network, &experiment.weights, &experiment.sequences);
        let full = experiment.backward_pass().weights_gradient(network);
        let sliding = bptt::truncated_study(network, weights, sequences, Truncation::sliding(STEPS));
        for (full, sliding) in full.tensors.iter().zip(&sliding.weights_gradient(network).tensors) {
            let largest = full.values.iter().fold(1e-9f64, |largest, x| largest.max(x.abs()));
            for (x, y) in full.values.iter().zip(&sliding.values) {
                assert!((x - y).abs() <= 1e-14 * largest, "{about}, {}: {x} {y}", full.name);
            }
        }
    });
}
