//! Backpropagation through time against finite differences of the loss, for every cell of the registry.
//!
//! ```text
//! dL/dθ ≈ (8 (L(θ+h) - L(θ-h)) - (L(θ+2h) - L(θ-2h))) / 12h,   error of the order of h⁴
//! ```
use vanishing_core::bptt::{self, Sequences, Targets};
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
    fn new(cell: &'static cells::CellSpec, targets: Targets, seed: u64) -> Self {
        let network = Network { cell, input_size: FEATURES, hidden_size: HIDDEN, output_size: OUTPUTS };
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
            hidden_start: stream.normals(BATCH * HIDDEN),
            cell_start: if cell.has_cell_state { stream.normals(BATCH * HIDDEN) } else { Vec::new() },
            targets,
            loss_scale: 0.5 / BATCH as f64,
        };
        Self { network, weights, sequences }
    }

    fn passage(&self) -> bptt::Passage {
        bptt::study(&self.network, &self.weights, &self.sequences)
    }

    /// dL/dx for the number x that `place` finds in an experiment.
    fn difference(&self, place: impl Fn(&mut Self) -> &mut f64) -> f64 {
        let loss = |shift: f64| {
            let mut moved = self.clone();
            *place(&mut moved) += shift;
            moved.passage().loss
        };
        let near = loss(STEP) - loss(-STEP);
        let far = loss(2.0 * STEP) - loss(-2.0 * STEP);
        (8.0 * near - far) / (12.0 * STEP)
    }
}

/// Every kind of target, with its name.
fn targets() -> [(&'static str, Targets); 3] {
    let mut stream = Stream::new(1, "targets");
    [
        ("squared error at the last step", Targets::SquaredErrorLast(stream.normals(BATCH * OUTPUTS))),
        ("squared error at all steps", Targets::SquaredErrorAll(stream.normals(STEPS * BATCH * OUTPUTS))),
        ("cross-entropy at the last step", Targets::CrossEntropyLast(vec![2, 0])),
    ]
}

/// Runs a check on every cell with every kind of target and two seeds.
fn for_every_cell_and_target(check: impl Fn(&Experiment, &str)) {
    for cell in cells::ALL {
        for (name, targets) in targets() {
            for seed in [1, 2] {
                let about = format!("{} cell, {name}, seed {seed}", cell.slug);
                check(&Experiment::new(cell, targets.clone(), seed), &about);
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
        let gradient = experiment.passage().weights_gradient(&experiment.network);
        for (i, tensor) in gradient.tensors.iter().enumerate() {
            let slope = |j: usize| experiment.difference(|moved| &mut moved.weights.tensors[i].values[j]);
            let differences: Vec<f64> = (0..tensor.values.len()).map(slope).collect();
            assert_close(&tensor.values, &differences, &format!("{about}, {}", tensor.name));
        }
    });
}

#[test]
fn the_gradient_of_the_first_state_is_the_slope_of_the_loss() {
    for_every_cell_and_target(|experiment, about| {
        let found = experiment.passage().hidden_gradients[0].unscaled();
        let slope = |j: usize| experiment.difference(|moved| &mut moved.sequences.hidden_start[j]);
        let differences: Vec<f64> = (0..BATCH * HIDDEN).map(slope).collect();
        assert_close(&found, &differences, &format!("{about}, h_0"));
    });
}

#[test]
fn the_gradient_of_the_first_cell_state_has_the_norm_of_the_slopes() {
    for_every_cell_and_target(|experiment, about| {
        if !experiment.network.cell.has_cell_state {
            assert!(experiment.passage().cell_gradient_log10.is_empty(), "{about}");
            return;
        }
        let slope = |j: usize| experiment.difference(|moved| &mut moved.sequences.cell_start[j]);
        let squares: f64 = (0..BATCH * HIDDEN).map(|j| slope(j) * slope(j)).sum();
        let found = vanishing_core::math::powf(10.0, experiment.passage().cell_gradient_log10[0]);
        assert!((found / squares.sqrt() - 1.0).abs() <= RELATIVE, "{about}: {found} {}", squares.sqrt());
    });
}

/// The same network on what is left of the sequences from time t on: its first state is h_t.
fn rest_of(experiment: &Experiment, passage: &bptt::Passage, t: usize) -> Experiment {
    let mut rest = experiment.clone();
    rest.sequences.steps = STEPS - t;
    rest.sequences.inputs.drain(..t * BATCH * FEATURES);
    rest.sequences.hidden_start = passage.hidden[t * BATCH * HIDDEN..][..BATCH * HIDDEN].to_vec();
    if experiment.network.cell.has_cell_state {
        rest.sequences.cell_start = passage.cell[t * BATCH * HIDDEN..][..BATCH * HIDDEN].to_vec();
    }
    rest
}

#[test]
fn the_gradient_of_a_later_state_is_that_of_the_first_state_of_the_rest() {
    for_every_cell_and_target(|experiment, about| {
        // With a loss at every step the state at t has a direct part in it, which the rest does not see.
        if matches!(experiment.sequences.targets, Targets::SquaredErrorAll(_)) {
            return;
        }
        let passage = experiment.passage();
        for t in 1..STEPS {
            let first = rest_of(experiment, &passage, t).passage().hidden_gradients[0].unscaled();
            assert_close(&passage.hidden_gradients[t].unscaled(), &first, &format!("{about}, h_{t}"));
        }
    });
}

#[test]
fn a_sequence_of_a_batch_has_the_gradient_that_it_has_alone() {
    for cell in cells::ALL {
        let targets = Stream::new(3, "targets").normals(BATCH * OUTPUTS);
        let both = Experiment::new(cell, Targets::SquaredErrorLast(targets.clone()), 3);
        let together = both.passage().hidden_gradients[0].unscaled();
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
            let found = alone.passage().hidden_gradients[0].unscaled();
            assert_close(&found, &part(&together, HIDDEN), &format!("{} cell, sequence {row}", cell.slug));
        }
    }
}
