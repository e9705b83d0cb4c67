//! What a pass may do besides: forget and recompute, leave steps out, normalise, and pull the recurrent matrix.
use vanishing_core::bptt::{Gradient, Range, Sequences, Targets, Truncation, Unwatched, Watch, Workspace};
use vanishing_core::cells::{self, CellSpec};
use vanishing_core::network::{Network, Normalization, Role, Weights, index};
use vanishing_core::random::Stream;

const STEPS: usize = 11;
const BATCH: usize = 3;
const HIDDEN: usize = 5;

fn network(cell: &'static CellSpec, layers: usize, normalization: Option<Normalization>) -> Network {
    Network {
        cell,
        layers,
        input_size: 2,
        hidden_size: HIDDEN,
        output_size: 2,
        normalization,
        constants: cell.usual_constants(),
    }
}

fn weights(network: &Network) -> Weights<f64> {
    let mut weights = network.zeros::<f64>();
    let mut stream = Stream::new(3, "passes");
    for tensor in &mut weights.tensors {
        let (low, high) = match tensor.role {
            role if role.is_gain() => (0.5, 1.5),
            Role::InputBias => (0.3, 0.9),
            _ => (-0.7, 0.7),
        };
        tensor.values.iter_mut().for_each(|w| *w = stream.uniform_between(low, high));
    }
    weights
}

fn sequences(network: &Network, every: bool) -> Sequences {
    let mut stream = Stream::new(4, "passes");
    let states = network.layers * BATCH * HIDDEN;
    Sequences {
        steps: STEPS,
        batch_size: BATCH,
        inputs: stream.normals(STEPS * BATCH * 2),
        hidden_start: stream.normals(states),
        cell_start: if network.cell.has_cell_state { stream.normals(states) } else { Vec::new() },
        targets: if every {
            Targets::SquaredErrorAll(stream.normals(STEPS * BATCH * 2))
        } else {
            Targets::SquaredErrorLast(stream.normals(BATCH * 2))
        },
        loss_scale: 0.3,
    }
}

/// Everything that a watch sees, as bits.
#[derive(Default, PartialEq, Debug)]
struct Seen(Vec<(usize, usize, Vec<u32>)>);

impl Watch<f32> for Seen {
    fn hidden(&mut self, layer: usize, t: usize, gradient: &mut [f32], exponent: i64) {
        assert_eq!(exponent, 0);
        self.0.push((layer, t, gradient.iter().map(|x| x.to_bits()).collect()));
    }
}

/// Loss, outputs, gradient and what was seen, sorted, of a pass in f32 in segments of that length.
fn pass(
    network: &Network,
    every: bool,
    truncation: Truncation,
    segment: Option<usize>,
    omega: Option<f64>,
) -> (f32, Vec<f32>, Gradient<f32>, Seen, f64, u64) {
    let (weights, sequences) = (weights(network).cast::<f32>(), sequences(network, every));
    let mut workspace = Workspace::<f32>::checkpointed(network, STEPS, BATCH, every, segment);
    workspace.fill(&sequences);
    workspace.regularize(omega);
    let (mut gradient, mut seen) = (Gradient::zeros(network), Seen::default());
    let mut loss = 0.0;
    // Twice: the second pass must not see what the first one left.
    for _ in 0..2 {
        gradient.clear();
        seen.0.clear();
        workspace.forward(&weights);
        loss = workspace.loss(&sequences.targets, sequences.loss_scale);
        workspace.backward(&weights, truncation, Range::Plain, &mut gradient, &mut seen);
    }
    seen.0.sort();
    (loss, workspace.outputs().to_vec(), gradient, seen, workspace.omega(), workspace.recomputed_steps())
}

#[test]
fn checkpointing_changes_not_one_bit_of_any_cell() {
    let truncations =
        [Truncation::FULL, Truncation::chunks(4), Truncation::last(6), Truncation { window: 5, stride: 2 }];
    for cell in cells::ALL {
        for (layers, normalization) in
            [(1, None), (3, None), (2, Some(Normalization::BatchWithCell)), (1, Some(Normalization::Layer))]
        {
            let network = network(cell, layers, normalization);
            for every in [false, true] {
                for truncation in truncations {
                    let plain = pass(&network, every, truncation, None, None);
                    assert_eq!(plain.5, 0);
                    for segment in [1, 2, 3, 7, STEPS, 50] {
                        let (loss, outputs, gradient, seen, _, recomputed) =
                            pass(&network, every, truncation, Some(segment), None);
                        let about = format!("{cell:?} {layers} {normalization:?} {every} {truncation:?} {segment}");
                        assert_eq!(loss.to_bits(), plain.0.to_bits(), "{about}");
                        assert_eq!((&outputs, &gradient), (&plain.1, &plain.2), "{about}");
                        assert_eq!(seen, plain.3, "{about}");
                        // The last segment is still there; only with overlapping windows is one run more than once.
                        if truncation == Truncation::FULL {
                            let last = STEPS - (STEPS.div_ceil(segment) - 1) * segment.min(STEPS);
                            assert_eq!(recomputed, if segment < STEPS { (STEPS - last) as u64 } else { 0 }, "{about}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn segments_of_the_square_root_need_far_less_memory() {
    let network = network(&cells::LSTM, 1, None);
    let bytes = |segment| Workspace::<f32>::checkpointed(&network, 400, 32, false, segment).bytes();
    assert!(bytes(Some(20)) * 7 < bytes(None), "{} {}", bytes(Some(20)), bytes(None));
    assert_eq!(bytes(Some(400)), bytes(None));
}

/// Leaves out the steps of a range.
struct Without(std::ops::Range<usize>);

impl Watch<f64> for Without {
    fn counts(&self, _: usize, t: usize) -> bool {
        !self.0.contains(&t)
    }
}

#[test]
fn steps_that_do_not_count_leave_the_gradient_and_all_steps_together_make_it() {
    for cell in cells::ALL {
        for normalization in [None, Some(Normalization::Layer)] {
            let network = network(cell, 2, normalization);
            let (weights, sequences) = (weights(&network), sequences(&network, false));
            let without = |range: std::ops::Range<usize>| {
                let mut workspace = Workspace::<f64>::filled(&network, &sequences);
                workspace.forward(&weights);
                workspace.loss(&sequences.targets, sequences.loss_scale);
                let mut gradient = Gradient::zeros(&network);
                workspace.backward(&weights, Truncation::FULL, Range::Plain, &mut gradient, &mut Without(range));
                gradient.tensors
            };
            let (whole, early, late) = (without(0..0), without(1..5), without(5..STEPS + 1));
            let nothing = without(1..STEPS + 1);
            for (i, tensor) in whole.tensors.iter().enumerate() {
                let readout = matches!(tensor.role, Role::Readout | Role::ReadoutBias);
                for (j, x) in tensor.values.iter().enumerate() {
                    let (early, late) = (early.tensors[i].values[j], late.tensors[i].values[j]);
                    if readout {
                        assert_eq!((early, late), (*x, *x));
                    } else {
                        assert!((early + late - x).abs() < 1e-12 * (1.0 + x.abs()), "{cell:?} {}", tensor.name);
                        assert_eq!(nothing.tensors[i].values[j], 0.0);
                    }
                }
            }
        }
    }
}

/// The loss with some weights.
fn loss(network: &Network, weights: &Weights<f64>, sequences: &Sequences) -> f64 {
    let mut workspace = Workspace::<f64>::filled(network, sequences);
    workspace.forward(weights);
    workspace.loss(&sequences.targets, sequences.loss_scale)
}

#[test]
fn gradients_through_normalisations_are_the_slopes_of_the_loss() {
    for cell in cells::ALL.iter().filter(|cell| cell.slug != "relu") {
        for kind in [Normalization::Batch, Normalization::BatchWithCell, Normalization::Layer] {
            for every in [false, true] {
                let network = network(cell, 2, Some(kind));
                let (weights, sequences) = (weights(&network), sequences(&network, every));
                // Over three sequences a unit’s cell state may hardly vary: the loss then bends within a small move.
                let by = if network.normalizes_cell() { 4e-6 } else { 5e-5 };
                let mut workspace = Workspace::<f64>::filled(&network, &sequences);
                workspace.forward(&weights);
                workspace.loss(&sequences.targets, sequences.loss_scale);
                for range in [Range::Plain, Range::Carried] {
                    let mut gradient = Gradient::zeros(&network);
                    workspace.backward(&weights, Truncation::FULL, range, &mut gradient, &mut Unwatched);
                    for (i, tensor) in gradient.tensors.tensors.iter().enumerate() {
                        let scale = vanishing_core::math::scale_by_power_of_two(1.0, gradient.exponents[i]);
                        let largest = tensor.values.iter().fold(0.0f64, |most, x| most.max((x * scale).abs()));
                        for j in (0..tensor.values.len()).step_by(3) {
                            let moved = |by: f64| {
                                let mut moved = weights.clone();
                                moved.tensors[i].values[j] += by;
                                loss(&network, &moved, &sequences)
                            };
                            let (near, far) = (moved(by) - moved(-by), moved(2.0 * by) - moved(-2.0 * by));
                            let (slope, found) = ((8.0 * near - far) / (12.0 * by), tensor.values[j] * scale);
                            let limit = 1e-6 * found.abs().max(1e-3 * largest) + 1e-8;
                            assert!(
                                (found - slope).abs() < limit,
                                "{cell:?} {kind:?} {} {j}: {found} {slope}",
                                tensor.name
                            );
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn omega_and_its_gradient_of_a_linear_unit_by_hand() {
    // h_t = w h_(t-1): g_(t-1) = w g_t, so every term is (|w| - 1)² and dΩ/dw = T · 2 (|w| - 1).
    let network = Network {
        cell: &cells::LINEAR,
        layers: 1,
        input_size: 1,
        hidden_size: 1,
        output_size: 1,
        normalization: None,
        constants: cells::LINEAR.usual_constants(),
    };
    let mut weights = network.zeros::<f64>();
    weights.tensors[index::W_HH].values = vec![1.25];
    weights.tensors[network.w_out()].values = vec![1.0];
    let mut workspace = Workspace::<f64>::new(&network, 6, 1, false);
    workspace.regularize(Some(1.0));
    workspace.forward(&weights);
    workspace.loss(&Targets::SquaredErrorLast(vec![1.0]), 0.5);
    let mut gradient = Gradient::zeros(&network);
    workspace.backward(&weights, Truncation::FULL, Range::Plain, &mut gradient, &mut Unwatched);
    assert!((workspace.omega() - 6.0 * 0.0625).abs() < 1e-14);
    // h_t = 0 throughout: the loss has no gradient in w.
    assert!((gradient.tensors.tensors[index::W_HH].values[0] - 6.0 * 2.0 * 0.25).abs() < 1e-13);
}

#[test]
fn omega_is_the_same_in_segments_and_off_changes_nothing() {
    for cell in cells::ALL {
        let network = network(cell, 2, None);
        let plain = pass(&network, true, Truncation::FULL, None, Some(0.5));
        for segment in [1, 4, 7] {
            let found = pass(&network, true, Truncation::FULL, Some(segment), Some(0.5));
            assert_eq!(found.2.tensors.tensors[index::W_IH], plain.2.tensors.tensors[index::W_IH], "{cell:?}");
            assert!((found.4 - plain.4).abs() < 1e-9 * plain.4.abs() && plain.4 > 0.0, "{cell:?}");
        }
        let off = pass(&network, true, Truncation::FULL, None, None);
        assert_eq!(off.4, 0.0);
        let acts = off.2.tensors.tensors[index::W_HH] != plain.2.tensors.tensors[index::W_HH];
        assert_eq!(acts, cell.has_matrix(), "{cell:?}");
        assert_eq!(off.2.tensors.tensors[index::W_IH], plain.2.tensors.tensors[index::W_IH], "{cell:?}");
    }
}

#[test]
fn a_normalised_cell_state_is_read_out_by_the_equations_of_the_paper() {
    // Two sequences of one unit over two steps, in plain numbers: Cooijmans et al., equations 6 to 8.
    let network = Network { hidden_size: 1, ..network(&cells::LSTM, 1, Some(Normalization::BatchWithCell)) };
    let weights = weights(&network);
    let sequences = Sequences {
        steps: 2,
        batch_size: 2,
        inputs: (0..2 * 2 * network.input_size).map(|i| 0.3 * i as f64 - 0.7).collect(),
        hidden_start: vec![0.2, -0.4],
        cell_start: vec![0.5, -0.1],
        targets: Targets::SquaredErrorLast(vec![0.0; 2 * network.output_size]),
        loss_scale: 0.5,
    };
    let tensor = |name: &str| &weights.tensors.iter().find(|tensor| tensor.name == name).expect("a tensor").values;
    let normalised = |x: [f64; 2]| {
        let (mean, half) = ((x[0] + x[1]) / 2.0, (x[0] - x[1]) / 2.0);
        x.map(|x| (x - mean) / (half * half + 1e-5).sqrt())
    };
    let sigmoid = |x: f64| 1.0 / (1.0 + vanishing_core::math::exp(-x));
    let (mut h, mut c) = ([0.2, -0.4], [0.5, -0.1]);
    for inputs in sequences.inputs.chunks(2 * network.input_size) {
        let gate = |row: usize| {
            let w = &tensor("weight_ih_l0")[row * network.input_size..][..network.input_size];
            let product = |x: &[f64]| w.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
            let u = normalised([product(&inputs[..network.input_size]), product(&inputs[network.input_size..])]);
            let v = normalised(h.map(|h| tensor("weight_hh_l0")[row] * h));
            let b = tensor("bias_ih_l0")[row] + tensor("bias_hh_l0")[row];
            [0, 1].map(|s| tensor("norm_ih_l0")[row] * u[s] + tensor("norm_hh_l0")[row] * v[s] + b)
        };
        let (i, f, g, o) = (gate(0), gate(1), gate(2), gate(3));
        c = [0, 1].map(|s| sigmoid(f[s]) * c[s] + sigmoid(i[s]) * vanishing_core::math::tanh(g[s]));
        let read =
            normalised(c).map(|c| vanishing_core::math::tanh(tensor("norm_c_l0")[0] * c + tensor("norm_c_bias_l0")[0]));
        h = [0, 1].map(|s| sigmoid(o[s]) * read[s]);
    }
    let mut workspace = Workspace::<f64>::filled(&network, &sequences);
    workspace.forward(&weights);
    let close = |found: &[f64], expected: [f64; 2]| found.iter().zip(expected).all(|(x, y)| (x - y).abs() < 1e-13);
    assert!(close(&workspace.hidden(0)[4..], h) && close(&workspace.cell(0)[4..], c), "{h:?} {c:?}");
}
