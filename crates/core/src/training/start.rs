//! What a run starts from besides its settings: weights that were given, not drawn.
//!
//! ```text
//! cell, layers, units      those of the given network, whatever the settings or a remedy say
//! W_hh, biases, upper W_ih given
//! lowest W_ih              given if it has as many inputs as what is learned, else drawn
//! readout                  given if it has as many outputs as what is learned, else drawn; for the reader's own sequences
//!                          without a readout it starts as the identity
//! ```
//!
//! What is drawn is drawn as for a network that is drawn as a whole. A remedy that acts on the start acts on these weights; the bias of
//! the forget gate is added to the one that was given. A bias that was not given starts from zero.
use super::own::{OWN, OwnSequences};
use super::plan::{Own, Plan};
use crate::cells::{self, CellSpec};
use crate::network::{Network, Role, Weights, index};
use crate::studies::opened::{OpenedNetwork, SharedNetwork};
use std::sync::Arc;

/// The most units of a layer that training starts from.
pub const MOST_UNITS: usize = 256;
/// The most layers.
pub const MOST_LAYERS: usize = 8;

/// Weights to start from, and whether the sequences that came with them are learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    given: SharedNetwork,
    cell: &'static CellSpec,
    own: Option<Arc<OwnSequences>>,
}

impl Start {
    /// From an opened network, run as that cell; `own`: to learn its own sequences, if it has any.
    ///
    /// # Errors
    /// A sentence for a network that the trainer cannot train, with what it can.
    pub fn new(given: &SharedNetwork, cell: &'static CellSpec, own: bool) -> Result<Self, String> {
        let Network { layers, hidden_size, .. } = given.network;
        let what = match &given.stack {
            Some(stack) if stack.directions > 1 => "in both directions".to_owned(),
            Some(stack) if stack.is_projected() => "with projected states".to_owned(),
            _ if hidden_size > MOST_UNITS => format!("of {hidden_size} units"),
            _ if layers > MOST_LAYERS => format!("of {layers} layers"),
            Some(_) => "of so many numbers".to_owned(),
            None => {
                let own = if own { OwnSequences::of(given).map(Arc::new) } else { None };
                return Ok(Self { given: given.without_spectrum(), cell, own });
            }
        };
        Err(format!(
            "Training cannot start from a network {what}: up to {MOST_LAYERS} layers of up to {MOST_UNITS} units are allowed, in one direction, without projections."
        ))
    }

    /// Cell and sizes of the given network.
    pub fn network(&self) -> Network {
        Network { cell: self.cell, ..self.given.network }
    }

    /// The sequences that are learned, if they are not a task's.
    pub fn own(&self) -> Option<&Arc<OwnSequences>> {
        self.own.as_ref()
    }

    /// Whether the given input weights are taken for so many inputs, or drawn.
    pub fn takes_inputs(&self, size: usize) -> bool {
        self.given.network.input_size == size && self.given.given[index::W_IH]
    }

    /// Whether the given readout is taken for so many outputs, or drawn.
    pub fn takes_readout(&self, size: usize) -> bool {
        let network = &self.given.network;
        network.output_size == size && (self.own.is_some() || self.given.given[network.w_out()])
    }

    /// Whether a readout was given at all.
    pub fn has_readout(&self) -> bool {
        self.given.given[self.given.network.w_out()]
    }

    pub(super) fn given(&self) -> &SharedNetwork {
        &self.given
    }

    /// The plan, after the remedies: what the given network says goes first.
    pub(super) fn govern(&self, plan: &mut Plan) {
        let Network { cell, layers, hidden_size, .. } = self.network();
        (plan.cell, plan.layers, plan.hidden_size) = (cell, layers, hidden_size);
        if let Some(own) = &self.own {
            (plan.task, plan.own) = (&OWN, Some(Own::Sequences(Arc::clone(own))));
            (plan.sequence_length, plan.curriculum) = (own.steps(), None);
            plan.batch_size = plan.batch_size.min(own.count());
        }
    }

    /// Puts what was given in the place of what was drawn, where it fits.
    pub(super) fn put_into(&self, weights: &mut Weights<f64>, forget_bias: f64) {
        for (place, from) in self.given.weights.tensors.iter().enumerate() {
            let is_readout = matches!(from.role, Role::Readout | Role::ReadoutBias);
            let is_given = self.given.given[place] || is_readout && self.own.is_some();
            let Some(to) = weights.tensors.iter_mut().find(|to| to.name == from.name).filter(|_| is_given) else {
                continue;
            };
            if (to.rows, to.columns) != (from.rows, from.columns) {
                continue;
            }
            to.values.clone_from(&from.values);
            to.add_to_forget_bias(self.cell, forget_bias);
        }
    }

    /// As a list of numbers, which crosses a thread without being copied.
    pub fn numbers(&self) -> Vec<f64> {
        let Network { layers, input_size, hidden_size, output_size, .. } = self.given.network;
        let cell = cells::ALL.iter().position(|cell| *cell == self.cell).unwrap_or(0);
        let mut out: Vec<f64> = [cell, layers, input_size, hidden_size, output_size].map(|x| x as f64).into();
        for (tensor, given) in self.given.weights.tensors.iter().zip(&self.given.given) {
            out.push(f64::from(u8::from(*given)));
            out.extend(&tensor.values);
        }
        if let Some(own) = &self.own {
            own.write(&mut out);
        }
        out
    }

    /// The inverse of [`Start::numbers`]; `None` for what is none.
    pub fn from_numbers(numbers: &[f64]) -> Option<Self> {
        let (head, mut rest) = numbers.split_at_checked(5)?;
        let [cell, layers, input_size, hidden_size, output_size] = *head else { return None };
        let cell = *cells::ALL.get(cell as usize)?;
        let network = Network {
            cell,
            layers: layers as usize,
            input_size: input_size as usize,
            hidden_size: hidden_size as usize,
            output_size: output_size as usize,
            normalization: None,
            constants: cell.usual_constants(),
        };
        let (mut weights, mut given) = (network.zeros::<f64>(), Vec::new());
        for tensor in &mut weights.tensors {
            let (flag, values) = rest.split_first()?;
            let (values, left) = values.split_at_checked(tensor.values.len())?;
            given.push(*flag > 0.0);
            tensor.values.copy_from_slice(values);
            rest = left;
        }
        let sequences = if rest.is_empty() { None } else { Some(super::own::read(rest, &network)?) };
        let own = sequences.is_some();
        let opened =
            OpenedNetwork { network, weights, stack: None, given, says_activation: true, sequences, inputs: None };
        Self::new(&SharedNetwork::new(opened), cell, own).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bptt::{self, Sequences, Targets};
    use crate::param::Settings;
    use crate::random::Stream;
    use crate::training::{Report, Trainer, params};

    fn settings(more: &[(&'static str, &'static str)]) -> Settings {
        let pairs = [&[("hidden-size", "6"), ("sequence-length", "12"), ("batch-size", "5"), ("task", "adding")], more]
            .concat();
        params::tests::settings(&pairs)
    }

    /// The network that these settings draw, as if it had been opened.
    fn drawn(settings: &Settings) -> OpenedNetwork {
        let trainer = Trainer::new(settings);
        let (network, weights) = (*trainer.network(), trainer.weights().cast());
        let given = vec![true; weights.tensors.len()];
        OpenedNetwork { network, weights, stack: None, given, says_activation: true, sequences: None, inputs: None }
    }

    fn start(opened: OpenedNetwork, own: bool) -> Start {
        let cell = opened.network.cell;
        Start::new(&SharedNetwork::new(opened), cell, own).expect("it can be trained")
    }

    fn reports(settings: &Settings, start: Option<&Start>) -> Vec<Report> {
        let mut trainer = Trainer::from_start(settings, start);
        (0..30).filter_map(|_| trainer.step()).collect()
    }

    #[test]
    fn a_run_from_given_weights_is_the_run_from_the_same_weights_drawn_bit_for_bit() {
        let fixed: [&[_]; 3] = [&[], &[("cell", "lstm"), ("layers", "2")], &[("clip-norm", "1"), ("cell", "gru")]];
        for more in fixed {
            let settings = settings(more);
            let given = start(drawn(&settings), false);
            // What is said of the network in the settings is not asked; it crosses a thread.
            let mut others = settings.clone();
            for key in ["cell", "layers", "hidden-size"] {
                others.set_text(params::all().iter().find(|spec| spec.key == key).expect("a key"), "3");
            }
            let crossed = Start::from_numbers(&given.numbers()).expect("the same");
            assert_eq!(crossed.numbers(), given.numbers());
            assert_eq!(reports(&others, Some(&crossed)), reports(&settings, None), "{more:?}");
        }
    }

    #[test]
    fn what_does_not_fit_the_task_is_drawn_and_nothing_else() {
        let adding = settings(&[("cell", "lstm")]);
        let given = start(drawn(&adding), false);
        assert!(given.takes_inputs(2) && given.takes_readout(1) && !given.takes_inputs(1) && !given.takes_readout(2));
        let other = settings(&[("cell", "lstm"), ("task", "recall"), ("seed", "9")]);
        let (mixed, fresh) = (Trainer::from_start(&other, Some(&given)), Trainer::new(&other));
        for (place, from) in given.given().weights.tensors.iter().enumerate() {
            let tensor = |trainer: &Trainer| trainer.weights().tensors[place].clone();
            let of_task = ["weight_ih_l0", "weight_out", "bias_out"].contains(&&*from.name);
            let fits = (from.rows, from.columns) == (tensor(&fresh).rows, tensor(&fresh).columns);
            assert_eq!(tensor(&mixed), if of_task && !fits { tensor(&fresh) } else { from.cast() }, "{}", from.name);
        }
        assert_eq!((mixed.network().input_size, fresh.network().input_size), (1, 1));
    }

    #[test]
    fn remedies_of_the_start_act_on_the_given_weights_and_none_puts_another_cell_in() {
        let plain = settings(&[("cell", "lstm")]);
        let given = start(drawn(&plain), false);
        let with = |pairs: &[(&'static str, &'static str)]| Trainer::from_start(&settings(pairs), Some(&given));
        let (bare, biased) = (with(&[]), with(&[("forget-bias-init", "1"), ("forget-bias", "2")]));
        let bias = |trainer: &Trainer| trainer.weights().tensors[index::B_IH].values.clone();
        let added: Vec<f32> = bias(&biased).iter().zip(bias(&bare)).map(|(with, without)| with - without).collect();
        assert_eq!(added, [[0.0; 6], [2.0; 6], [0.0; 6], [0.0; 6]].concat());
        let orthogonal = with(&[("orthogonal-init", "1")]);
        let place = index::W_HH;
        assert_ne!(orthogonal.weights().tensors[place], bare.weights().tensors[place]);
        assert_eq!(orthogonal.weights().tensors[index::W_IH], bare.weights().tensors[index::W_IH]);
        assert_eq!(with(&[("gru", "1")]).network().cell.slug, "lstm");
    }

    /// What the first numbers of all sequences are compared as.
    type Compared = fn(&[f64]) -> Targets;

    /// Sequences that are learned: the target is the first number of each.
    fn own(readout: bool, targets: Compared) -> OpenedNetwork {
        let mut opened = drawn(&settings(&[("cell", "gru")]));
        let (steps, batch_size) = (4, 12);
        let inputs = Stream::new(4, "inputs").normals(steps * batch_size * 2);
        let first: Vec<f64> = (0..batch_size).map(|i| inputs[2 * i]).collect();
        if !readout {
            let n = opened.network.hidden_size;
            opened.network.output_size = n;
            let mut weights = opened.network.zeros::<f64>();
            weights.tensors[..4].clone_from_slice(&opened.weights.tensors[..4]);
            (0..n).for_each(|i| weights.tensors[4].values[i * n + i] = 1.0);
            (opened.weights, opened.given) = (weights, vec![true, true, true, true, false, false]);
        }
        let (hidden_start, cell_start) = (Vec::new(), Vec::new());
        let loss_scale = 0.5 / batch_size as f64;
        let targets = targets(&first);
        opened.sequences = Some(Sequences { steps, batch_size, inputs, hidden_start, cell_start, targets, loss_scale });
        opened
    }

    #[test]
    fn the_first_loss_of_own_sequences_is_that_of_the_file_and_they_are_learned() {
        let every = |first: &[f64]| Targets::SquaredErrorAll([first, first, first, first].concat());
        let state = |first: &[f64]| Targets::SquaredErrorLast(first.iter().flat_map(|x| [x.tanh() / 2.0; 6]).collect());
        let fixed: [(bool, Compared); 3] =
            [(true, |first| Targets::SquaredErrorLast(first.to_vec())), (true, every), (false, state)];
        for (readout, targets) in fixed {
            let opened = own(readout, targets);
            let sequences = opened.sequences.clone().expect("sequences");
            let study = bptt::study(&opened.network, &opened.weights, &sequences);
            let start = start(opened, true);
            let guess = start.own().expect("its own sequences").guess();
            let settings = settings(&[("batch-size", "64"), ("learning-rate", "0.02"), ("optimizer", "adam")]);
            let crossed = Start::from_numbers(&start.numbers()).expect("the same");
            let mut trainer = Trainer::from_start(&settings, Some(&crossed));
            let first = trainer.step().expect("a report");
            assert!((first.loss / study.loss - 1.0).abs() < 1e-5, "{} is not {}", first.loss, study.loss);
            assert_eq!((first.steps, trainer.plan().batch_size), (4, 12));
            (0..300).for_each(|_| drop(trainer.step()));
            let (last, test) = (trainer.step().expect("a report"), trainer.test());
            assert!(last.loss < 0.2 * guess.loss && test.accuracy > guess.accuracy + 0.3, "{last:?}, {guess:?}");
        }
    }

    #[test]
    fn a_smaller_batch_has_no_sequence_twice_and_its_loss_is_a_mean_of_the_same() {
        let numbers = |first: &[f64]| Targets::SquaredErrorLast(first.to_vec());
        let start = start(own(true, numbers), true);
        let own = start.own().expect("its own sequences");
        let (all, _, scale) = own.batch(99, 1, 0);
        assert_eq!((all.batch_size, scale, &all.inputs[..]), (12, 0.5 / 12.0, &own.sequences().inputs[..]));
        let (some, targets, scale) = own.batch(5, 1, 0);
        let Targets::SquaredErrorLast(mut targets) = targets else { panic!("another loss") };
        assert_eq!((some.batch_size, some.inputs.len(), scale), (5, 4 * 5 * 2, 0.1));
        assert!((0..5).all(|i| some.inputs[2 * i] == targets[i]), "each has its own target");
        targets.sort_by(f64::total_cmp);
        targets.dedup();
        assert_eq!(targets.len(), 5);
        assert_ne!(own.batch(5, 1, 1).0, some);
        assert_eq!(own.batch(5, 1, 0).0, some);
    }

    #[test]
    fn guessing_classes_is_knowing_how_frequent_they_are() {
        let classes =
            |first: &[f64]| Targets::CrossEntropyLast((0..first.len()).map(|i| usize::from(i % 4 == 0)).collect());
        let mut opened = own(false, classes);
        opened.sequences.as_mut().expect("sequences").loss_scale = 1.0 / 12.0;
        let start = start(opened, true);
        let (own, quarter) = (start.own().expect("its own sequences"), 0.25f64);
        let entropy = -quarter * quarter.ln() - 0.75 * 0.75f64.ln();
        assert!((own.guess().loss - entropy).abs() < 1e-15 && own.guess().accuracy == 0.75);
        let (_, targets, _) = own.batch(99, 1, 0);
        let outputs: Vec<f64> = (0..12).flat_map(|_| [1.0, 0.0, -1.0, -1.0, -1.0, f64::MIN]).collect();
        assert_eq!(own.accuracy(&targets, &outputs), 0.75);
        assert_eq!(own.accuracy(&targets, &[f64::NAN; 72]), 0.0);
        let crossed = Start::from_numbers(&start.numbers()).expect("the same");
        assert_eq!(crossed.own().map(|own| own.batch(99, 1, 0).1), Some(targets));
    }

    #[test]
    fn what_cannot_be_trained_is_refused_in_a_sentence() {
        let mut wide = drawn(&settings(&[]));
        wide.network.hidden_size = MOST_UNITS + 1;
        let cell = wide.network.cell;
        let why = Start::new(&SharedNetwork::new(wide), cell, false).expect_err("too large");
        assert!(why.contains("of 257 units") && why.contains("up to 256 units"), "{why}");
        // Sequences that start from states of their own are not learned.
        let mut started = own(true, |first| Targets::SquaredErrorLast(first.to_vec()));
        started.sequences.as_mut().expect("sequences").hidden_start = vec![0.5; 72];
        assert_eq!(start(started, true).own(), None);
        assert_eq!(Start::from_numbers(&[1.0, 2.0]), None);
    }
}
