//! A recurrent network as the page sets it up: its recurrent matrix, its other weights, its inputs, its loss.
//!
//! W_ih and W_out are U(±1/√hidden_size), biases zero but for the LSTM's forget gate; every gate's block of W_hh is made
//! for itself. All random numbers come from streams of one seed, one for each purpose: what is changed leaves the rest as
//! it was.
use super::opened::{OpenedNetwork, SharedNetwork};
use crate::bptt::{Sequences, Targets, Truncation};
use crate::cells::{CellSpec, Constants, Recurrence};
use crate::dynamics;
use crate::network::{Network, Normalization, Role, Weights};
use crate::param::Settings;
use crate::random::Stream;
use crate::recurrent::{Recipe, RecurrentSpec, rescale_spectral_radius};
use crate::remedies::{self, Remedy, RemedySpec, Stage};
use crate::schedules;
use crate::tasks::{self, TargetsAt, TaskSpec};
use crate::training::Plan;
use nalgebra::DMatrix;

/// Which recurrent matrix each gate of each layer has.
#[derive(Clone, Debug, PartialEq)]
pub struct RecurrenceConfig {
    /// How it is made.
    pub kind: &'static RecurrentSpec,
    /// Gain and chosen eigenvalues; the kind takes what it uses.
    pub recipe: Recipe,
    /// The spectral radius that every block is scaled to; `None`: as it was made.
    pub spectral_radius: Option<f64>,
    /// Rows of a block.
    pub hidden_size: usize,
    /// The cell: how many blocks, and what they are called.
    pub cell: &'static CellSpec,
    /// The cell's constants.
    pub constants: Constants,
    /// Number of recurrent layers, at least 1.
    pub layers: usize,
    /// The seed of all that is random in the network.
    pub seed: u64,
    /// The opened network: then nothing of the above draws any, and cell and sizes are its own.
    pub opened: Option<SharedNetwork>,
}

/// The name of the stream that the recurrent matrix of a layer is drawn from.
pub(super) fn matrix_stream(layer: usize) -> String {
    format!("recurrent matrix of layer {layer}")
}

impl RecurrenceConfig {
    /// The recurrent matrix of one layer as the state meets it, gate after gate: the blocks of W_hh, or what the cell makes of
    /// each ([`CellSpec::effective`]); none of a cell without one.
    pub fn blocks(&self, layer: usize) -> Vec<DMatrix<f64>> {
        if let Some(opened) = &self.opened {
            return opened.blocks(layer);
        }
        let (n, free) = (self.hidden_size, self.free_blocks(layer));
        let made = |block: DMatrix<f64>| match self.cell.recurrence {
            Recurrence::Made(_) => {
                let rows: Vec<f64> = block.transpose().iter().copied().collect();
                DMatrix::from_row_slice(n, n, &self.cell.effective(&rows, n, self.constants))
            }
            Recurrence::Free | Recurrence::Without => block,
        };
        free.into_iter().map(made).collect()
    }

    /// The blocks of W_hh of one layer that is drawn, gate after gate.
    ///
    /// A kind that reads the chosen eigenvalues gets the same draws for every gate, so that all gates share them; a
    /// block that cannot be rescaled, because all its eigenvalues are zero, stays as it is.
    fn free_blocks(&self, layer: usize) -> Vec<DMatrix<f64>> {
        let mut stream = Stream::new(self.seed, &matrix_stream(layer));
        let block = |_| {
            let block = (self.kind.build)(&self.recipe, self.hidden_size, &mut stream);
            let Some(target) = self.spectral_radius else { return block };
            rescale_spectral_radius(&block, target, dynamics::spectral_radius(&block)).unwrap_or(block)
        };
        (0..self.cell.recurrent_gates()).map(block).collect()
    }
}

/// What the network reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Inputs {
    /// Nothing: x_t = 0.
    Zero,
    /// x_t ~ N(0, deviation²), one feature; of an opened network, as many features as it has inputs.
    Noise {
        /// The standard deviation.
        deviation: f64,
    },
    /// The sequences of a training task, with its targets.
    Task(&'static TaskSpec),
    /// Those of the file of the opened network; zeros without them.
    File,
}

/// Where the loss looks, for inputs that are no task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossAt {
    /// L = ½ (y_T - target)².
    Last,
    /// L = ½ Σ_t (y_t - target_t)².
    Every,
}

/// A network, what it is run on, and what is done against its gradients' growth.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkConfig {
    /// W_hh, the cell, the sizes, the seed.
    pub recurrence: RecurrenceConfig,
    /// T: time steps; in a task, what the task counts.
    pub sequence_length: usize,
    /// Where x_1 .. x_T come from.
    pub inputs: Inputs,
    /// ‖h_0‖, in a random direction; 0 in a task.
    pub start_norm: f64,
    /// Where the loss looks.
    pub loss_at: LossAt,
    /// The bias of the LSTM's forget gate (added to b_ih).
    pub forget_bias: f64,
    /// The settings of the remedies, and nothing else.
    pub remedies: Settings,
}

/// All that one forward and backward pass needs.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Cell and sizes; input and output size are the task's.
    pub network: Network,
    /// All weights.
    pub weights: Weights<f64>,
    /// Inputs, start and targets.
    pub sequences: Sequences,
}

impl NetworkConfig {
    /// Draws everything, as it is before any remedy; of an opened stack its top layer forwards in time.
    pub fn prepare(&self) -> Prepared {
        self.prepare_with(None)
    }

    fn prepare_with(&self, normalization: Option<Normalization>) -> Prepared {
        if let Some(opened) = &self.recurrence.opened {
            let sequences = self.sequences_of(opened);
            if let Some(stack) = &opened.stack {
                return self.top_of(stack, &sequences);
            }
            // A file may not say which activation was trained.
            let network = Network { cell: self.recurrence.cell, ..opened.network };
            let mut weights = opened.weights.clone();
            weights.add_to_forget_bias(network.cell, self.forget_bias);
            return Prepared { network, weights, sequences };
        }
        let RecurrenceConfig { cell, constants, hidden_size, layers, seed, .. } = self.recurrence;
        let (input_size, output_size) = match self.inputs {
            Inputs::Task(task) => (task.input_size, task.output_size),
            _ => (1, 1),
        };
        let network = Network { cell, layers, input_size, hidden_size, output_size, normalization, constants };
        Prepared { network, weights: self.weights(&network), sequences: self.sequences(&network, seed) }
    }

    /// What an opened network is run on.
    pub(super) fn sequences_of(&self, opened: &OpenedNetwork) -> Sequences {
        match (&opened.sequences, self.inputs) {
            (Some(sequences), Inputs::File) => sequences.clone(),
            _ => self.sequences(&opened.network, self.recurrence.seed),
        }
    }

    /// The weights before any remedy.
    pub(crate) fn weights(&self, network: &Network) -> Weights<f64> {
        let n = network.hidden_size;
        let mut weights = network.zeros::<f64>();
        let mut stream = Stream::new(self.recurrence.seed, "weights");
        let bound = 1.0 / (n as f64).sqrt();
        for tensor in &mut weights.tensors {
            match tensor.role {
                Role::Input | Role::Readout => {
                    tensor.values.iter_mut().for_each(|w| *w = stream.uniform_between(-bound, bound));
                }
                Role::Recurrent => {
                    let blocks = self.recurrence.free_blocks(tensor.layer.unwrap_or(0));
                    for (rows, block) in tensor.values.chunks_exact_mut(n * n).zip(blocks) {
                        rows.iter_mut().enumerate().for_each(|(i, w)| *w = block[(i / n, i % n)]);
                    }
                }
                Role::InputBias => {
                    if let Some(gate) = network.cell.forget_gate() {
                        tensor.values[gate * n..(gate + 1) * n].fill(self.forget_bias);
                    }
                }
                Role::InputGain | Role::RecurrentGain | Role::CellGain => tensor.values.fill(1.0),
                Role::RecurrentBias | Role::CellBias | Role::Projection | Role::ReadoutBias => {}
            }
        }
        weights
    }

    /// What it is run on with another seed, the network staying the same.
    pub(super) fn other_sequences(&self, network: &Network, further: u64) -> Sequences {
        self.sequences(network, self.recurrence.seed.wrapping_add(further))
    }

    fn sequences(&self, network: &Network, seed: u64) -> Sequences {
        let states = network.layers * network.hidden_size;
        let cell_start = if network.cell.has_cell_state { vec![0.0; states] } else { Vec::new() };
        // An opened network has inputs of its own size.
        if let Inputs::Task(task) = self.inputs
            && self.recurrence.opened.is_none()
        {
            let batch = task.batch(self.sequence_length, 1, seed, 0);
            let loss_scale = task.loss.scale(batch.steps, 1);
            let targets = task.loss.targets(batch.targets);
            let (steps, inputs) = (batch.steps, batch.inputs);
            return Sequences {
                steps,
                batch_size: 1,
                inputs,
                hidden_start: vec![0.0; states],
                cell_start,
                targets,
                loss_scale,
            };
        }
        let features = network.input_size;
        let given_inputs = self.recurrence.opened.as_ref().and_then(|opened| opened.inputs.clone());
        let given_inputs = given_inputs.filter(|_| self.inputs == Inputs::File);
        let steps = given_inputs.as_ref().map_or(self.sequence_length, |inputs| inputs.len() / features);
        let deviation = if let Inputs::Noise { deviation } = self.inputs { deviation } else { 0.0 };
        let noise = || Stream::new(seed, "inputs").normals(steps * features).iter().map(|x| deviation * x).collect();
        // Of an opened network, who checks the numbers elsewhere has L = ½ ‖y_T‖² and h_0 = 0 at hand.
        let given = self.recurrence.opened.is_some();
        let mut targets = Stream::new(seed, "target");
        let mut target = |count: usize| if given { vec![0.0; count] } else { targets.normals(count) };
        let start_norm = if given { 0.0 } else { self.start_norm };
        let mut start = Stream::new(seed, "state");
        let unit_vectors = (0..network.layers).flat_map(|_| start.unit_vector(network.hidden_size));
        Sequences {
            steps,
            batch_size: 1,
            inputs: given_inputs.unwrap_or_else(noise),
            hidden_start: unit_vectors.map(|x| start_norm * x).collect(),
            cell_start,
            targets: match self.loss_at {
                LossAt::Last => Targets::SquaredErrorLast(target(network.output_size)),
                LossAt::Every => Targets::SquaredErrorAll(target(steps * network.output_size)),
            },
            loss_scale: 0.5,
        }
    }

    /// The network that a run of this plan starts from, and the first sequence of its first batch.
    pub fn of_plan(plan: &Plan, seed: u64) -> Self {
        Self {
            recurrence: RecurrenceConfig {
                kind: plan.recurrent,
                recipe: plan.recipe.clone(),
                spectral_radius: plan.spectral_radius,
                hidden_size: plan.hidden_size,
                cell: plan.cell,
                constants: plan.constants,
                layers: plan.layers,
                seed,
                opened: None,
            },
            sequence_length: plan.sequence_length,
            inputs: Inputs::Task(plan.task),
            start_norm: 0.0,
            loss_at: LossAt::Last,
            forget_bias: plan.forget_bias,
            remedies: Settings::default(),
        }
    }

    /// What a run of this network would be built from, before any remedy.
    fn plan(&self) -> Plan {
        let at = if self.loss_at == LossAt::Every { TargetsAt::Every } else { TargetsAt::Last };
        let like = tasks::ALL.iter().find(|task| task.loss.at() == at).copied();
        Plan {
            // Without a task, one whose loss looks at the same times.
            task: if let Inputs::Task(task) = self.inputs { task } else { like.unwrap_or(tasks::ALL[0]) },
            own: None,
            sequence_length: self.sequence_length,
            batch_size: 1,
            cell: self.recurrence.cell,
            constants: self.recurrence.constants,
            hidden_size: self.recurrence.hidden_size,
            layers: self.recurrence.layers,
            recurrent: self.recurrence.kind,
            recipe: self.recurrence.recipe.clone(),
            spectral_radius: self.recurrence.spectral_radius,
            normalization: None,
            forget_bias: self.forget_bias,
            truncation: Truncation::FULL,
            segment: None,
            omega: None,
            curriculum: None,
            schedule: (schedules::ALL[0].build)(&self.remedies),
        }
    }

    /// The remedies that are switched on and act in a first update on one sequence.
    pub(super) fn acting(&self) -> impl Iterator<Item = &'static RemedySpec> + '_ {
        remedies::switched_on(&self.remedies).filter(|spec| spec.acts_in_one_pass)
    }

    /// Those remedies.
    pub fn active_remedies(&self) -> Vec<Box<dyn Remedy<f64>>> {
        self.acting().map(|spec| (spec.double)(&self.remedies)).collect()
    }

    /// Lets them act on where the weights start.
    pub(super) fn initialize(&self, network: &Network, weights: &mut Weights<f64>, stream: &mut Stream) {
        let on: Vec<&RemedySpec> = self.acting().collect();
        for spec in on.iter().filter(|spec| remedies::counts(spec, on.iter().copied())) {
            (spec.double)(&self.remedies).initialize(network, weights, stream);
        }
    }

    /// Whether what flows back is another gradient, although network and sequence are the same.
    pub fn changes_way_back(&self) -> bool {
        self.acting().any(|spec| spec.stage == Stage::Backward)
    }

    /// The plan as the remedies leave it. An opened network keeps its cell and has no normalisation put in.
    pub(super) fn plan_in_force(&self) -> Plan {
        let mut plan = self.plan();
        self.active_remedies().iter().for_each(|remedy| remedy.configure(&mut plan));
        if self.recurrence.opened.is_some() {
            (plan.cell, plan.normalization) = (self.recurrence.cell, None);
        }
        plan
    }

    /// The cell that the remedies leave or put in.
    pub fn cell_in_force(&self) -> &'static CellSpec {
        self.plan_in_force().cell
    }

    /// What normalises the cell's products, if a remedy does that acts on one sequence.
    pub fn normalization_in_force(&self) -> Option<Normalization> {
        self.plan_in_force().normalization
    }

    /// As [`Self::prepare`], with the cell, the normalisation and the weights that the remedies leave or put in: those that
    /// training starts from.
    pub fn prepare_in_force(&self) -> Prepared {
        self.prepare_treated().0
    }

    /// The same with the plan that the remedies left.
    pub(super) fn prepare_treated(&self) -> (Prepared, Plan) {
        let plan = self.plan_in_force();
        if let Some((opened, stack)) = self.stack() {
            return (self.top_of(&self.treated_stack(stack, &plan), &self.sequences_of(opened)), plan);
        }
        let recurrence = RecurrenceConfig { cell: plan.cell, constants: plan.constants, ..self.recurrence.clone() };
        let config = Self { recurrence, forget_bias: plan.forget_bias, ..self.clone() };
        let mut prepared = config.prepare_with(plan.normalization);
        let mut stream = Stream::new(self.recurrence.seed, INITIALISATION);
        self.initialize(&prepared.network, &mut prepared.weights, &mut stream);
        (prepared, plan)
    }
}

/// The stream from which remedies draw where the weights start.
pub(crate) const INITIALISATION: &str = "initialisation";

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::cells;
    use crate::recurrent;

    /// A linear network with W_hh of that kind; everything else as the page has it at first.
    pub fn config(kind: &str, cell: &'static CellSpec, hidden_size: usize) -> NetworkConfig {
        let recipe = Recipe { gain: 1.0, eigenvalues: vec![1.05, 0.9, -0.7], pairs: vec![(0.7, 0.6)], departure: 0.0 };
        let kind = recurrent::find(kind).expect("a kind of that name");
        NetworkConfig {
            recurrence: RecurrenceConfig {
                kind,
                recipe,
                spectral_radius: None,
                hidden_size,
                cell,
                constants: cell.usual_constants(),
                layers: 1,
                seed: 3,
                opened: None,
            },
            sequence_length: 60,
            inputs: Inputs::Noise { deviation: 0.1 },
            start_norm: 1.0,
            loss_at: LossAt::Last,
            forget_bias: 0.0,
            remedies: Settings::default(),
        }
    }

    #[test]
    fn every_gate_has_its_own_block_and_a_rescaled_one_the_radius_asked_for() {
        let mut config = config("gaussian", &cells::LSTM, 8).recurrence;
        config.spectral_radius = Some(0.8);
        let blocks = config.blocks(0);
        assert_eq!(blocks.len(), 4);
        assert_ne!(blocks[0], blocks[1]);
        assert_ne!(blocks, config.blocks(1));
        assert!(blocks.iter().all(|block| (dynamics::spectral_radius(block) - 0.8).abs() < 1e-12));
    }

    #[test]
    fn the_forget_bias_goes_to_the_forget_gate_alone() {
        let with =
            |bias: f64, cell| NetworkConfig { forget_bias: bias, ..config("orthogonal", cell, 3) }.prepare().weights;
        let weights = with(2.0, &cells::LSTM);
        assert_eq!(weights.tensors[2].values, [0.0, 0.0, 0.0, 2.0, 2.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(with(2.0, &cells::GRU), with(0.0, &cells::GRU));
    }

    #[test]
    fn the_sequences_of_a_task_bring_their_own_targets_and_loss() {
        for task in crate::tasks::ALL {
            let prepared =
                NetworkConfig { inputs: Inputs::Task(task), ..config("orthogonal", &cells::TANH, 4) }.prepare();
            let backward_pass = crate::bptt::study(&prepared.network, &prepared.weights, &prepared.sequences);
            let batch = task.batch(60, 1, 3, 0);
            let outputs = backward_pass.output_last;
            assert!(backward_pass.loss > 0.0 && backward_pass.loss.is_finite());
            if task.loss.at() == TargetsAt::Last {
                assert!((task.mean_loss(&batch, &outputs) / backward_pass.loss - 1.0).abs() < 1e-12, "{task:?}");
            }
        }
    }

    #[test]
    fn a_longer_sequence_begins_with_the_inputs_of_a_shorter_one_and_has_the_same_weights() {
        let short = config("gaussian", &cells::TANH, 5).prepare();
        let long = NetworkConfig { sequence_length: 90, ..config("gaussian", &cells::TANH, 5) }.prepare();
        assert_eq!(short.weights, long.weights);
        assert_eq!(short.sequences.inputs[..], long.sequences.inputs[..60]);
    }
}
