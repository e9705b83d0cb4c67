//! Layers in both directions and projected states: against finite differences, against ordinary networks, and beyond f64.
use vanishing_core::bptt::{self, Changes, Sequences, StackPass, Targets, Truncation, Unwatched};
use vanishing_core::cells::{self, CellSpec};
use vanishing_core::given::{GivenNetwork, GivenStack, Named};
use vanishing_core::network::log10_sum_of_squares;
use vanishing_core::random::Stream;
use vanishing_core::stack::Stack;

const STEPS: usize = 6;
const BATCH: usize = 2;
const HIDDEN: usize = 4;
const FEATURES: usize = 3;
const OUTPUTS: usize = 2;
const STEP: f64 = 5e-4;

#[derive(Clone)]
struct Experiment {
    cell: &'static CellSpec,
    given: GivenStack,
    sequences: Sequences,
}

/// Random tensors of all names that fit.
fn given(cell: &'static CellSpec, both: bool, projection: Option<usize>, readout: bool, layers: usize) -> GivenStack {
    let mut stream = Stream::new(3, "stacked");
    let (rows, state, directions) = (cell.gates * HIDDEN, projection.unwrap_or(HIDDEN), if both { 2 } else { 1 });
    let mut tensors = Vec::new();
    let mut add = |name: String, count: usize| {
        let values = (0..count).map(|_| stream.uniform_between(-0.8, 0.8)).collect();
        tensors.push(Named { name, values });
    };
    for layer in 0..layers {
        let inputs = if layer == 0 { FEATURES } else { directions * state };
        for suffix in ["", "_reverse"].into_iter().take(directions) {
            add(format!("weight_ih_l{layer}{suffix}"), rows * inputs);
            if cell.recurrent_gates() > 0 {
                add(format!("weight_hh_l{layer}{suffix}"), rows * state);
            }
            add(format!("bias_ih_l{layer}{suffix}"), rows);
            if cell.recurrent_biases() > 0 {
                add(format!("bias_hh_l{layer}{suffix}"), rows);
            }
            if let Some(size) = projection {
                add(format!("weight_hr_l{layer}{suffix}"), size * HIDDEN);
            }
        }
    }
    if readout {
        add("weight_out".to_owned(), OUTPUTS * directions * state);
        add("bias_out".to_owned(), OUTPUTS);
    }
    GivenStack {
        cell,
        layers,
        bidirectional: both,
        projection,
        input_size: FEATURES,
        hidden_size: HIDDEN,
        output_size: readout.then_some(OUTPUTS),
        tensors,
    }
}

fn targets(every: bool, size: usize) -> Targets {
    let mut stream = Stream::new(1, "targets");
    if every {
        Targets::SquaredErrorAll(stream.normals(STEPS * BATCH * size))
    } else {
        Targets::SquaredErrorLast(stream.normals(BATCH * size))
    }
}

impl Experiment {
    fn new(cell: &'static CellSpec, both: bool, projection: Option<usize>, readout: bool, every: bool) -> Self {
        let given = given(cell, both, projection, readout, 2);
        let stack = given.clone().build().expect("it fits");
        let mut stream = Stream::new(5, "sequences");
        let states = if projection.is_some() { 0 } else { stack.units.len() * BATCH * HIDDEN };
        let cells = if cell.has_cell_state { stack.units.len() * BATCH * HIDDEN } else { 0 };
        let sequences = Sequences {
            steps: STEPS,
            batch_size: BATCH,
            inputs: stream.normals(STEPS * BATCH * FEATURES),
            hidden_start: stream.normals(states),
            cell_start: stream.normals(cells),
            targets: targets(every, stack.output_size()),
            loss_scale: 0.25,
        };
        Self { cell, given, sequences }
    }

    fn stack(&self) -> Stack {
        self.given.clone().build().expect("it fits")
    }

    fn pass(&self) -> StackPass {
        self.truncated(Truncation::FULL)
    }

    fn truncated(&self, truncation: Truncation) -> StackPass {
        let mut changes = Changes { truncation, omega: None, direction: None, watch: &mut Unwatched };
        bptt::stack_study(&self.stack(), self.cell, &self.sequences, &mut changes, true)
    }

    fn difference(&self, place: impl Fn(&mut Self) -> &mut f64) -> f64 {
        let loss = |shift: f64| {
            let mut moved = self.clone();
            *place(&mut moved) += shift;
            moved.pass().loss
        };
        (8.0 * (loss(STEP) - loss(-STEP)) - (loss(2.0 * STEP) - loss(-2.0 * STEP))) / (12.0 * STEP)
    }
}

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-7 * expected.abs().max(1e-3)
}

#[test]
fn every_parameter_and_every_first_state_of_a_stack_has_the_slope_of_the_loss() {
    let mut cases = Vec::new();
    for cell in [&cells::TANH, &cells::GRU, &cells::LSTM] {
        for (both, readout, every) in
            [(true, true, true), (true, false, false), (false, false, true), (true, true, false)]
        {
            cases.push((cell, both, None, readout, every));
        }
    }
    for (both, readout, every) in [(false, false, false), (true, false, true), (true, true, false)] {
        cases.push((&cells::LSTM, both, Some(3), readout, every));
    }
    for (cell, both, projection, readout, every) in cases {
        let about = format!("{cell:?} {both} {projection:?} {readout} {every}");
        let experiment = Experiment::new(cell, both, projection, readout, every);
        let (stack, pass) = (experiment.stack(), experiment.pass());
        let names: Vec<&str> = stack.parameters().map(|(tensor, _)| tensor.name.as_str()).collect();
        assert_eq!(names.len(), experiment.given.tensors.len(), "{about}");
        for (place, name) in names.iter().enumerate() {
            let at = experiment.given.tensors.iter().position(|tensor| tensor.name == *name).expect("it was given");
            let gradient = pass.gradient[place].unscaled();
            assert_eq!(gradient.len(), experiment.given.tensors[at].values.len(), "{about} {name}");
            for i in (0..gradient.len()).step_by(5) {
                let slope = experiment.difference(|e| &mut e.given.tensors[at].values[i]);
                assert!(near(gradient[i], slope), "{about} {name} {i}: {} {slope}", gradient[i]);
            }
        }
        for (unit, found) in pass.units.iter().enumerate().filter(|_| projection.is_none()) {
            let first = found.hidden_gradients[0].unscaled();
            for i in (0..first.len()).step_by(3) {
                let slope = experiment.difference(|e| &mut e.sequences.hidden_start[unit * BATCH * HIDDEN + i]);
                assert!(near(first[i], slope), "{about} h_0 of unit {unit}: {} {slope}", first[i]);
            }
        }
    }
}

/// An ordinary network of the same tensors, and it as a stack of one direction.
#[test]
fn a_stack_of_one_direction_is_the_network_itself_however_it_is_truncated() {
    for cell in cells::ALL.iter().filter(|cell| cell.slug != "linear") {
        for every in [false, true] {
            let mut experiment = Experiment::new(cell, false, None, true, every);
            experiment.given.layers = 3;
            experiment.given.tensors = given(cell, false, None, true, 3).tensors;
            experiment.sequences.hidden_start = Stream::new(1, "start").normals(3 * BATCH * HIDDEN);
            experiment.sequences.cell_start =
                if cell.has_cell_state { experiment.sequences.hidden_start.clone() } else { Vec::new() };
            let given = &experiment.given;
            let network = GivenNetwork {
                cell,
                layers: 3,
                input_size: FEATURES,
                hidden_size: HIDDEN,
                output_size: Some(OUTPUTS),
                tensors: given.tensors.clone(),
            };
            let built = network.build().expect("it fits");
            for truncation in
                [Truncation::FULL, Truncation::chunks(2), Truncation::last(3), Truncation { window: 4, stride: 2 }]
            {
                let found = experiment.truncated(truncation);
                let wanted = bptt::truncated_study(&built.network, &built.weights, &experiment.sequences, truncation);
                assert!((found.loss / wanted.loss - 1.0).abs() < 1e-14);
                assert_eq!(found.output_last, wanted.output_last);
                for (found, wanted) in found.units.iter().zip(&wanted.layers) {
                    assert_eq!((&found.hidden, &found.blocks), (&wanted.hidden, &wanted.blocks));
                    for (a, b) in found.hidden_gradient_log10.iter().zip(&wanted.hidden_gradient_log10) {
                        assert!(a == b || (a - b).abs() < 1e-12, "{cell:?} {truncation:?}: {a} {b}");
                    }
                }
                for (a, b) in found.gradient.iter().zip(&wanted.gradient) {
                    let (a, b) = (a.log10_norm(), b.log10_norm());
                    assert!(a == b || (a - b).abs() < 1e-12, "{cell:?} {truncation:?}: {a} {b}");
                }
            }
        }
    }
}

#[test]
fn the_direction_backwards_is_the_one_forwards_on_the_sequence_turned_round() {
    let mut given = given(&cells::LSTM, true, None, false, 1);
    let forwards: Vec<Vec<f64>> = given.tensors[..4].iter().map(|tensor| tensor.values.clone()).collect();
    given.tensors[4..].iter_mut().zip(forwards).for_each(|(tensor, values)| tensor.values = values);
    let row = BATCH * FEATURES;
    let half = Stream::new(2, "half").normals(row * STEPS / 2);
    // A sequence that is its own mirror image.
    let mirrored: Vec<f64> = half.iter().copied().chain(half.rchunks_exact(row).flatten().copied()).collect();
    let stack = given.build().expect("it fits");
    let sequences = Sequences {
        steps: STEPS,
        batch_size: BATCH,
        inputs: mirrored,
        hidden_start: Vec::new(),
        cell_start: Vec::new(),
        targets: Targets::SquaredErrorLast(vec![0.0; BATCH * stack.output_size()]),
        loss_scale: 0.5,
    };
    let mut changes = Changes { truncation: Truncation::FULL, omega: None, direction: None, watch: &mut Unwatched };
    let found = bptt::stack_study(&stack, &cells::LSTM, &sequences, &mut changes, false);
    assert_eq!(found.units[0], found.units[1]);
    assert!(found.gradient.is_empty());
    let squares: f64 = found.output_last.iter().map(|y| y * y).sum();
    assert!((found.loss - 0.5 * squares).abs() < 1e-15);
}

#[test]
fn norms_far_beyond_f64_are_right_in_every_unit_and_meet_across_directions() {
    // Linear cells of one unit: forwards h_t = 3 h_{t-1}, backwards h_t = h_{t-1} / 3, over 1500 steps.
    let steps = 1_500;
    let scalar = |name: &str, value: f64| Named { name: name.to_owned(), values: vec![value] };
    let pair = |name: &str, values: [f64; 2]| Named { name: name.to_owned(), values: values.to_vec() };
    let given = GivenStack {
        cell: &cells::LINEAR,
        layers: 2,
        bidirectional: true,
        projection: None,
        input_size: 1,
        hidden_size: 1,
        output_size: None,
        tensors: vec![
            scalar("weight_ih_l0", 1.0),
            scalar("weight_hh_l0", 0.2),
            scalar("weight_ih_l0_reverse", 1.0),
            scalar("weight_hh_l0_reverse", 0.2),
            pair("weight_ih_l1", [1.0, 1.0]),
            scalar("weight_hh_l1", 3.0),
            pair("weight_ih_l1_reverse", [1.0, 1.0]),
            scalar("weight_hh_l1_reverse", 1.0 / 3.0),
        ],
    };
    let stack = given.build().expect("it fits");
    let sequences = Sequences {
        steps,
        batch_size: 1,
        inputs: vec![1.0; steps],
        hidden_start: Vec::new(),
        cell_start: Vec::new(),
        targets: Targets::SquaredErrorLast(vec![0.0; 2]),
        loss_scale: 0.5,
    };
    let mut changes = Changes { truncation: Truncation::FULL, omega: None, direction: None, watch: &mut Unwatched };
    let found = bptt::stack_study(&stack, &cells::LINEAR, &sequences, &mut changes, true);
    let per_step = |unit: usize, from: usize, to: usize| {
        let norms = &found.units[unit].hidden_gradient_log10;
        (norms[from] - norms[to]) / (to - from) as f64
    };
    assert!((per_step(2, 0, steps) - vanishing_core::math::log10(3.0)).abs() < 1e-12);
    assert!((per_step(3, 0, steps) + vanishing_core::math::log10(3.0)).abs() < 1e-12);
    // What layer 1 gets grows by 3 a step forwards in time reversed: it follows the layer above, both ways.
    assert!(
        (per_step(0, 100, steps - 100) - vanishing_core::math::log10(3.0)).abs() < 1e-10,
        "{}",
        per_step(0, 100, steps - 100)
    );
    assert!(
        (per_step(1, 100, steps - 100) + vanishing_core::math::log10(3.0)).abs() < 1e-10,
        "{}",
        per_step(1, 100, steps - 100)
    );
    let whole = log10_sum_of_squares(found.gradient.iter().map(|part| part.log10_norm()));
    assert!(whole.is_finite() && whole > 1_000.0, "{whole}");
}

#[test]
fn what_does_not_fit_a_stack_is_named_with_what_was_expected() {
    let sentence = |change: &dyn Fn(&mut GivenStack)| {
        let mut stack = given(&cells::LSTM, true, Some(3), true, 2);
        change(&mut stack);
        stack.build().expect_err("it does not fit")
    };
    let without = |name: &'static str| move |stack: &mut GivenStack| stack.tensors.retain(|tensor| tensor.name != name);
    assert_eq!(
        sentence(&without("weight_hh_l1_reverse")),
        "weight_hh_l1_reverse is missing; expected shape (16, 3) = (4 gates × hidden size, state size)"
    );
    assert_eq!(
        sentence(&without("weight_hr_l0")),
        "weight_hr_l0 is missing; expected shape (3, 4) = (state size, hidden size)"
    );
    let found = sentence(&|stack| {
        let tensor = stack.tensors.iter_mut().find(|tensor| tensor.name == "weight_ih_l1").expect("it is there");
        tensor.values.truncate(16 * 3);
    });
    assert_eq!(
        found,
        "weight_ih_l1 has 48 numbers; expected 96, of shape (16, 6) = (4 gates × hidden size, directions × state size of the layer below)"
    );
    assert_eq!(
        sentence(&|stack| stack.projection = Some(4)),
        "the projection size is 4; expected fewer than the 4 hidden units"
    );
    assert_eq!(
        sentence(&|stack| stack.projection = Some(0)),
        "projection size is 0; expected a whole number from 1 on"
    );
    assert_eq!(
        sentence(&|stack| stack.cell = &cells::GRU),
        "the state of the cell gru cannot be projected; expected an lstm"
    );
    assert_eq!(
        sentence(&|stack| stack.output_size = None),
        "the output size is missing; expected the number of rows of weight_out"
    );
    assert_eq!(sentence(&without("weight_out")), "weight_out is missing beside bias_out");
    let twice = sentence(&|stack| stack.tensors.push(stack.tensors[0].clone()));
    assert!(twice.starts_with("weight_ih_l0 is unknown, or given twice; expected weight_ih_lK"), "{twice}");
    let one_way = sentence(&|stack| stack.bidirectional = false);
    assert!(one_way.starts_with("weight_ih_l1 has 96 numbers"), "{one_way}");
}
