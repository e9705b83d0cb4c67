//! Networks of more than 1024 units, made so that their norms are known.
use nalgebra::DMatrix;
use vanishing_core::bptt::{self, Changes, Sequences, Targets, Truncation, Unwatched};
use vanishing_core::cells::{self, CellSpec};
use vanishing_core::given::{GivenStack, Named};
use vanishing_core::math;
use vanishing_core::stack::Stack;
use vanishing_core::studies::opened::MOST_PARAMETERS;
use vanishing_core::studies::recurrence::RecurrenceRun;

const STEPS: usize = 8;

fn stack(cell: &'static CellSpec, units: usize, w_hh: Vec<f64>, bias: Vec<f64>) -> Stack {
    let inputs = (0..cell.gates * units).map(|i| ((i * 7) % 11) as f64 / 11.0 - 0.4).collect();
    let named = |name: &str, values| Named { name: name.to_owned(), values };
    let given = GivenStack {
        cell,
        layers: 1,
        bidirectional: false,
        projection: None,
        input_size: 1,
        hidden_size: units,
        output_size: None,
        tensors: vec![named("weight_ih_l0", inputs), named("weight_hh_l0", w_hh), named("bias_ih_l0", bias)],
    };
    given.build().expect("it fits")
}

fn pass(stack: &Stack, cell: &'static CellSpec, finds_weights: bool) -> bptt::StackPass {
    let sequences = Sequences {
        steps: STEPS,
        batch_size: 1,
        inputs: vec![1.0; STEPS],
        hidden_start: Vec::new(),
        cell_start: Vec::new(),
        targets: Targets::SquaredErrorLast(vec![0.0; stack.output_size()]),
        loss_scale: 0.5,
    };
    let mut changes = Changes { truncation: Truncation::FULL, omega: None, direction: None, watch: &mut Unwatched };
    bptt::stack_study(stack, cell, &sequences, &mut changes, finds_weights)
}

/// g times a permutation that moves every unit.
fn scaled_permutation(units: usize, g: f64) -> Vec<f64> {
    let mut w_hh = vec![0.0; units * units];
    (0..units).for_each(|i| w_hh[i * units + (i * 5 + 3) % units] = g);
    w_hh
}

#[test]
fn a_scaled_orthogonal_matrix_of_4096_units_multiplies_by_its_scale_and_says_so() {
    let (units, g) = (4096, 0.9);
    let stack = stack(&cells::LINEAR, units, scaled_permutation(units, g), vec![0.0; units]);
    assert!(stack.numbers() < MOST_PARAMETERS);
    let found = pass(&stack, &cells::LINEAR, false);
    let norms = &found.units[0].hidden_gradient_log10;
    // dL/dh_T = h_T.
    let last = 0.5 * math::log10(2.0 * found.loss);
    for (t, norm) in norms.iter().enumerate() {
        let wanted = last + (STEPS - t) as f64 * math::log10(g);
        assert!((norm - wanted).abs() < 1e-12, "{t}: {norm} {wanted}");
    }
    let w_hh = &stack.units[0].weights.tensors[1].values;
    let study = RecurrenceRun::new(vec![DMatrix::from_row_slice(units, units, w_hh)], &cells::LINEAR).finish();
    let block = &study.blocks[0];
    assert!((block.spectral_radius - g).abs() < 1e-12 && (block.spectral_norm - g).abs() < 1e-12, "{block:?}");
    assert!(block.departure.is_nan() && study.leading.is_none());
}

#[test]
fn an_lstm_of_1152_units_without_a_matrix_keeps_what_its_forget_gates_keep() {
    let units = 1152;
    let bias = (0..4 * units).map(|i| if i / units == 1 { 1.5 } else { 0.2 }).collect();
    let mut stack = stack(&cells::LSTM, units, vec![0.0; 4 * units * units], bias);
    stack.units[0].weights.tensors[0].values.fill(0.0);
    let found = pass(&stack, &cells::LSTM, true);
    let norms = &found.units[0].cell_gradient_log10;
    let forget = math::log10(1.0 / (1.0 + math::exp(-1.5)));
    for t in 0..STEPS {
        assert!((norms[t] - norms[t + 1] - forget).abs() < 1e-12, "{t}: {norms:?}");
    }
    assert!(found.units[0].hidden_gradient_log10[..STEPS].iter().all(|norm| *norm == f64::NEG_INFINITY));
    assert_eq!(found.gradient.len(), 4);
    assert!(found.gradient[2].log10_norm().is_finite());
    // b_hh was not given.
    assert_eq!(found.gradient[3].log10_norm(), f64::NEG_INFINITY);
}

#[test]
fn the_largest_eigenvalue_of_1152_rows_is_that_of_all_to_a_hundredth() {
    let units = 1152;
    let mut stream = vanishing_core::random::Stream::new(4, "large");
    let random = DMatrix::from_vec(units, units, stream.normals(units * units)) * (0.95 / (units as f64).sqrt());
    let study = RecurrenceRun::new(vec![random], &cells::TANH).finish();
    let block = &study.blocks[0];
    // The circular law: the disc's radius is 0.95, the largest singular value twice that, up to n^(-1/2) and n^(-2/3).
    assert!((block.spectral_radius / 0.95 - 1.0).abs() < 0.04, "{block:?}");
    assert!((block.spectral_norm / 1.9 - 1.0).abs() < 0.01, "{block:?}");
}
