//! What every remedy of the registry is: what it may do at each stage, and the data that the page is made from.
use crate::cells::{CellSpec, Recurrence};
use crate::network::{Network, Role, Weights};
use crate::param::{Param, ParamSpec, Settings};
use crate::random::Stream;
use crate::real::Real;
use crate::training::Plan;
use nalgebra::DMatrix;

/// What a remedy does, stage by stage, in the order of a training step. Every stage defaults to nothing.
pub trait Remedy<R: Real> {
    /// Before anything is built: the cell, how far back gradients go, what is kept in memory, lengths and rates.
    fn configure(&self, _plan: &mut Plan) {}

    /// After the default initialisation, or after what was given: where the weights start.
    fn initialize(&self, _network: &Network, _weights: &mut Weights<R>, _stream: &mut Stream) {}

    /// The k of the 2^k that the loss is multiplied by on the way back. What else sees a gradient sees it divided by 2^k again.
    fn loss_exponent(&self) -> i64 {
        0
    }

    /// dL/dh_t = gradient · 2^exponent of a whole batch on its way back, t falling; what is changed flows on changed.
    fn on_state_gradient(&self, _layer: usize, _t: usize, _gradient: &mut [R], _exponent: i64) {}

    /// Whether step t (of `steps`) contributes to dL/dθ.
    fn counts(&self, _layer: usize, _t: usize, _steps: usize) -> bool {
        true
    }

    /// dL/dθ, after backpropagation and before the optimiser. It cannot change dL/dh_t any more.
    fn on_gradient(&mut self, _update: &mut Update<'_, R>, _gradient: &mut Weights<R>) {}

    /// After the optimiser's step with that learning rate.
    fn after_step(&mut self, _network: &Network, _weights: &mut Weights<R>, _learning_rate: f64) {}
}

/// What is known of an update while remedies act on it, and what they decide about it.
#[derive(Clone, Debug)]
pub struct Update<'a, R> {
    /// Its number, from 0.
    pub step: u64,
    /// The loss before it.
    pub loss: f64,
    /// The weights before it.
    pub weights: &'a Weights<R>,
    /// The learning rate; a remedy may lower it.
    pub learning_rate: f64,
    /// Whether the update is to be left out.
    pub skip: bool,
    /// What a watching remedy has to say.
    pub alarm: Option<Alarm>,
}

/// A gradient that was found too large.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alarm {
    /// log10 of its norm; +∞ or NaN where it is not finite.
    pub log10_norm: f64,
    /// What was done about it.
    pub action: AlarmAction,
}

/// What is done about an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlarmAction {
    /// Nothing: it is only said.
    Noted,
    /// The update was left out.
    Skipped,
    /// The learning rate was halved from here on.
    Halved,
    /// Clipping was switched on from here on.
    Clipped,
}

/// Where in a training step a remedy acts: the boxes of the pipeline, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Which sequences are read.
    Data,
    /// The forward equation.
    Cell,
    /// Where the weights start.
    Initialization,
    /// What the forward pass keeps.
    Memory,
    /// dL/dh_t on its way back.
    Backward,
    /// dL/dθ: what is added to the loss, and what is done to the gradient.
    Gradient,
    /// The learning rate.
    Rate,
    /// The weights, beside the gradient.
    Weights,
}

/// A part of a network of which there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The forward equation.
    Cell,
    /// What normalises the cell's two products.
    Normalization,
    /// The bias of the forget gate at the start.
    ForgetBias,
    /// W_hh at the start, of every layer and gate.
    RecurrentMatrix,
}

impl Slot {
    /// All, in the order of the pipeline.
    pub const ALL: [Self; 4] = [Self::Cell, Self::Normalization, Self::ForgetBias, Self::RecurrentMatrix];
}

/// The textbooks' answers to the question how one copes with gradients that explode or vanish: where the weights start, gates, clipping,
/// and what there is besides clipping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// W_hh at the start: Xavier, orthogonal, identity.
    Initialization,
    /// LSTM, GRU, and the bias of the forget gate.
    Gates,
    /// Clipping by norm or by value, and its relatives.
    Clipping,
    /// Clipping per layer or per tensor.
    ClippingPerLayer,
    /// L2, L1 and other penalties.
    Penalties,
    /// Batch and layer normalisation.
    Normalization,
    /// Truncated backpropagation through time.
    Truncation,
    /// Gradient checkpointing.
    Checkpointing,
    /// Watching for explosions.
    Detection,
    /// Gradient scaling.
    Scaling,
    /// A curriculum on the length.
    Curriculum,
    /// Schedules of the learning rate.
    Schedules,
    /// Masking parts of the gradient.
    Masking,
    /// Noise that is added to the gradient.
    Noise,
}

impl Method {
    /// Its number among the twelve that the exercise asks about; `None`: it belongs to its other question, or to
    /// neither.
    pub fn asked(self) -> Option<u8> {
        match self {
            Self::Initialization | Self::Noise => None,
            Self::Penalties => Some(1),
            Self::Normalization => Some(2),
            Self::Clipping => Some(3),
            Self::Truncation => Some(4),
            Self::Checkpointing => Some(5),
            Self::Detection => Some(6),
            Self::Scaling => Some(7),
            Self::Curriculum => Some(8),
            Self::Gates => Some(9),
            Self::ClippingPerLayer => Some(10),
            Self::Schedules => Some(11),
            Self::Masking => Some(12),
        }
    }

    /// In words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Initialization => "Initialisation",
            Self::Gates => "Gated cells",
            Self::Clipping => "Clipping",
            Self::ClippingPerLayer => "Clipping per layer",
            Self::Penalties => "Penalties",
            Self::Normalization => "Normalisation",
            Self::Truncation => "Truncated backpropagation",
            Self::Checkpointing => "Gradient checkpointing",
            Self::Detection => "Explosion detection",
            Self::Scaling => "Gradient scaling",
            Self::Curriculum => "Curriculum on the length",
            Self::Schedules => "Learning-rate schedules",
            Self::Masking => "Gradient masking",
            Self::Noise => "Gradient noise",
        }
    }
}

/// What a remedy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treats {
    /// Gradients that grow.
    Explosion,
    /// Gradients that shrink.
    Vanishing,
    /// Gradients that vanish and gradients that explode.
    Both,
    /// Neither: memory, or the course of training.
    Neither,
}

/// A remedy, as data.
pub struct RemedySpec {
    /// The name in documents and tests: the file's.
    pub slug: &'static str,
    /// The name on the page.
    pub title: &'static str,
    /// What it does to the gradient, in a sentence.
    pub does: &'static str,
    /// What it does not do, in a sentence.
    pub does_not: &'static str,
    /// Paper and equation.
    pub source: &'static str,
    /// Which of the textbooks' methods it is.
    pub method: Method,
    /// Whether it is one of the first that people try.
    pub is_common: bool,
    /// What it is for.
    pub treats: Treats,
    /// The stage of the pipeline at which it acts, in the order of an update.
    pub stage: Stage,
    /// What it puts something of its own in the place of; of several that are on and fill the same, the last one counts.
    pub replaces: Option<Slot>,
    /// Whether the network has another W_hh with it than the chosen or the given one: it puts one in its place, or scales it.
    pub changes_matrix: bool,
    /// Why it does nothing in a network of a cell, after “does nothing:”; `None` where it acts.
    pub idle: fn(&CellSpec) -> Option<&'static str>,
    /// Whether it does something in the first update on one sequence, so that the studies of one pass show it. One does not
    /// that needs a batch, or the updates that follow, or that changes memory alone; all remedies act in training.
    pub acts_in_one_pass: bool,
    /// Whether the experiment tries it unless told otherwise.
    pub tried: bool,
    /// Settings at which it is on and changes not one bit of a usual run; `None` if there are none.
    pub neutral: Option<fn(&mut Settings)>,
    /// The parameter that switches it on.
    pub toggle: &'static Param<bool>,
    /// Its further parameters.
    pub params: &'static [&'static ParamSpec],
    /// Makes it, in f32, from settings in which it is switched on.
    pub single: fn(&Settings) -> Box<dyn Remedy<f32>>,
    /// Makes it in f64.
    pub double: fn(&Settings) -> Box<dyn Remedy<f64>>,
}

/// Puts a block of its own in the place of every gate's block of every recurrent matrix.
pub(super) fn recurrent_blocks<R: Real>(weights: &mut Weights<R>, mut block: impl FnMut(usize) -> DMatrix<f64>) {
    for tensor in weights.tensors.iter_mut().filter(|tensor| tensor.role == Role::Recurrent) {
        let n = tensor.columns;
        for rows in tensor.values.chunks_exact_mut((n * n).max(1)) {
            let made = block(n);
            rows.iter_mut().enumerate().for_each(|(i, w)| *w = R::from_f64(made[(i / n, i % n)]));
        }
    }
}

/// Sets all gains of the normalisations.
pub(super) fn fill_gains<R: Real>(weights: &mut Weights<R>, gamma: f64) {
    for tensor in weights.tensors.iter_mut().filter(|tensor| tensor.role.is_gain()) {
        tensor.values.fill(R::from_f64(gamma));
    }
}

/// W_hh is looked for in a cell that has none.
pub(super) fn without_matrix(cell: &CellSpec) -> Option<&'static str> {
    (!cell.has_matrix()).then_some("this cell has no recurrent matrix")
}

/// The recurrent matrix is to be W_hh itself.
pub(super) fn without_free_matrix(cell: &CellSpec) -> Option<&'static str> {
    let makes =
        matches!(cell.recurrence, Recurrence::Made(_)).then_some("this cell makes its recurrent matrix of Wₕₕ itself");
    without_matrix(cell).or(makes)
}

/// Multiplies each gate's block of every recurrent matrix by a number that depends on the block; `None` leaves it as it is.
pub(super) fn scale_blocks<R: Real>(weights: &mut Weights<R>, factor: impl Fn(&DMatrix<f64>) -> Option<f64>) {
    for tensor in weights.tensors.iter_mut().filter(|tensor| tensor.role == Role::Recurrent) {
        let n = tensor.columns;
        for rows in tensor.values.chunks_exact_mut((n * n).max(1)) {
            let block = DMatrix::from_row_iterator(n, n, rows.iter().map(|w| w.to_f64()));
            if let Some(factor) = factor(&block) {
                rows.iter_mut().for_each(|w| *w = R::from_f64(w.to_f64() * factor));
            }
        }
    }
}
