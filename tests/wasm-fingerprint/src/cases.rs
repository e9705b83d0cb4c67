//! What is timed, natively and in a browser: `cargo xtask bench`. Each case returns a number made of all its results, so
//! that none of the work can be left out.

use std::cell::RefCell;

use vanishing_core::bptt::{self, Gradient, Range, Sequences, Targets, Truncation, Unwatched, Workspace};
use vanishing_core::cells::{CellSpec, GRU, LSTM, TANH};
use vanishing_core::network::{Network, Weights};
use vanishing_core::random::Stream;
use vanishing_core::remedies::clip_by_global_norm;
use vanishing_core::spectral::alignment_probability;
use vanishing_core::studies::ensemble::{self, EnsembleConfig};

const SIZE: usize = 64;

/// No eigenvalue so much smaller than λ_2 that its powers are left out within 100 steps.
fn eigenvalues() -> Vec<f64> {
    (0..SIZE).map(|i| 1.1 - 0.005 * i as f64).collect()
}

/// 1,000 random starts in 64 dimensions through 100 steps: every angle, their quantiles and the shares that are aligned.
pub fn ensemble_of_starts() -> f64 {
    let config =
        EnsembleConfig { eigenvalues: eigenvalues(), seed: 1, starts: 1_000, ks: (1..=100).collect(), tangent: 0.1 };
    ensemble::run(&config).points.iter().map(|point| point.quantiles[2] + point.aligned[1]).sum()
}

/// The exact probability of alignment at 100 powers in 64 dimensions.
pub fn probability_curve() -> f64 {
    let eigenvalues = eigenvalues();
    (1..=100).filter_map(|k| alignment_probability(&eigenvalues, 0, 0.1, k)).map(|found| found.p).sum()
}

/// The random numbers of the first case alone.
pub fn normal_draws() -> f64 {
    Stream::new(1, "bench").normals(1_000 * SIZE).iter().sum()
}

/// Weights as PyTorch's default draws them.
fn weights(network: &Network, stream: &mut Stream) -> Weights<f64> {
    let bound = 1.0 / (network.hidden_size as f64).sqrt();
    let mut weights = network.zeros::<f64>();
    for tensor in &mut weights.tensors {
        tensor.values.iter_mut().for_each(|w| *w = stream.uniform_between(-bound, bound));
    }
    weights
}

/// One sequence of 200 steps in f64: forward, backward, all norms.
fn gradient_study(hidden_size: usize) -> f64 {
    thread_local! {
        static PREPARED: RefCell<Vec<(Network, Weights<f64>, Sequences)>> = const { RefCell::new(Vec::new()) };
    }
    PREPARED.with_borrow_mut(|prepared| {
        if prepared.iter().all(|(network, ..)| network.hidden_size != hidden_size) {
            let network = Network {
                cell: &TANH,
                layers: 1,
                input_size: 1,
                hidden_size,
                output_size: 1,
                normalization: None,
                constants: TANH.usual_constants(),
            };
            let mut stream = Stream::new(1, "bench");
            let sequences = Sequences {
                steps: 200,
                batch_size: 1,
                inputs: stream.normals(200),
                hidden_start: Vec::new(),
                cell_start: Vec::new(),
                targets: Targets::SquaredErrorLast(vec![1.0]),
                loss_scale: 0.5,
            };
            prepared.push((network, weights(&network, &mut stream), sequences));
        }
        let found = prepared.iter().find(|(network, ..)| network.hidden_size == hidden_size);
        let Some((network, weights, sequences)) = found else { return 0.0 };
        let passage = bptt::study(network, weights, sequences);
        passage.top().hidden_gradient_log10.iter().sum::<f64>() + bptt::log10_global_norm(&passage.gradient)
    })
}

/// A gradient study at hidden size 64.
pub fn gradient_study_64() -> f64 {
    gradient_study(64)
}

/// A gradient study at hidden size 128.
pub fn gradient_study_128() -> f64 {
    gradient_study(128)
}

/// What a training step works on.
struct Training {
    network: Network,
    weights: Weights<f32>,
    workspace: Workspace<f32>,
    gradient: Gradient<f32>,
    targets: Targets,
    inputs: Vec<f32>,
}

/// A full training step in f32: hidden size 64, batch 32, T = 100, two input features: forward, backward, clipping by
/// global norm, SGD. The same step each time: from the same weights.
fn training_step(cell: &'static CellSpec) -> f64 {
    const STEPS: usize = 100;
    const BATCH: usize = 32;
    thread_local! {
        static PREPARED: RefCell<Vec<Training>> = const { RefCell::new(Vec::new()) };
    }
    PREPARED.with_borrow_mut(|prepared| {
        if prepared.iter().all(|training| training.network.cell != cell) {
            let network = Network {
                cell,
                layers: 1,
                input_size: 2,
                hidden_size: 64,
                output_size: 1,
                normalization: None,
                constants: cell.usual_constants(),
            };
            let mut stream = Stream::new(1, "bench");
            prepared.push(Training {
                network,
                weights: weights(&network, &mut stream).cast(),
                workspace: Workspace::new(&network, STEPS, BATCH, false),
                gradient: Gradient::zeros(&network),
                targets: Targets::SquaredErrorLast(stream.normals(BATCH)),
                inputs: stream.normals(STEPS * BATCH * 2).iter().map(|x| *x as f32).collect(),
            });
        }
        let Some(own) = prepared.iter_mut().find(|training| training.network.cell == cell) else { return 0.0 };
        own.workspace.inputs_mut().copy_from_slice(&own.inputs);
        own.gradient.clear();
        own.workspace.forward(&own.weights);
        let loss = own.workspace.loss(&own.targets, 1.0 / BATCH as f64);
        let (truncation, range) = (Truncation::FULL, Range::Plain);
        own.workspace.backward(&own.weights, truncation, range, &mut own.gradient, &mut Unwatched);
        let log10_norm = clip_by_global_norm(&mut own.gradient.tensors, 1.0);
        for (tensor, gradient) in own.weights.tensors.iter_mut().zip(&own.gradient.tensors.tensors) {
            for (w, g) in tensor.values.iter_mut().zip(&gradient.values) {
                // Nothing is changed by it, but the compiler does not know.
                *w -= own.inputs[0] * 0.0 * *g;
            }
        }
        f64::from(loss) + log10_norm
    })
}

/// A training step of the tanh RNN.
pub fn training_step_rnn() -> f64 {
    training_step(&TANH)
}

/// A training step of the LSTM.
pub fn training_step_lstm() -> f64 {
    training_step(&LSTM)
}

/// A training step of the GRU.
pub fn training_step_gru() -> f64 {
    training_step(&GRU)
}
