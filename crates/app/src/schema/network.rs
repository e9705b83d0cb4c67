//! The network, the sequence that it is looked at on, and how it is trained.
use super::group::Group;
use vanishing_core::param::{Choice, Param, ParamSpec, Settings};
use vanishing_core::tasks::{self, TaskSpec};
use vanishing_core::training::params;

pub use vanishing_core::training::params::{
    ACTIVATION, BATCH_SIZE, CELL, LAYERS, LEARNING_RATE, OPTIMIZER, SEQUENCE_LENGTH, TASK, cell,
};

/// In the order of addresses.
pub(super) const GROUP: Group = Group { slug: "network", title: "The network", params: params::OF_NETWORK };

/// In the order of addresses; those of optimisers, schedules and remedies come besides, from their registries.
pub(super) const TRAINING: Group = Group { slug: "training", title: "Its training", params: params::OF_RUN };

/// In the order of addresses.
pub(super) const SEQUENCE: Group = Group {
    slug: "sequence",
    title: "The sequence that is looked at",
    params: &[&INPUTS.spec, &OWN_INPUTS.spec, &INPUT_NOISE.spec, &START_NORM.spec, &LOSS_AT.spec, &TIME.spec],
};

/// Those that say how the page draws its network, as all parameters of the matrix do.
pub(super) static DRAWN: [&ParamSpec; 3] = [&CELL.spec, &LAYERS.spec, &params::HIDDEN_SIZE.spec];

/// The task whose sequences are the inputs; `None` for no inputs and for noise.
pub fn task(settings: &Settings) -> Option<&'static TaskSpec> {
    tasks::find(settings.get(&TASK)).filter(|_| settings.get(&INPUTS) == OF_TASK)
}

/// The choice of [`INPUTS`] with x = 0 at every step.
pub const ZERO: &str = "zero";
/// The choice of [`INPUTS`] with independent normal numbers.
pub const NOISE: &str = "noise";

/// The choice of [`INPUTS`] with the sequences of the task.
pub const OF_TASK: &str = "task";

static INPUT_KINDS: [Choice; 3] = [
    Choice { slug: OF_TASK, label: "a sequence of the task" },
    Choice { slug: ZERO, label: "nothing: x = 0" },
    Choice { slug: NOISE, label: "noise" },
];

/// Where the inputs x_t of the one sequence that chapter 3 looks at come from.
pub static INPUTS: Param<&'static str> = Param::choice("inputs", "inputs", OF_TASK, &INPUT_KINDS)
    .symbol("x")
    .help("What the network reads in chapter 3: the first sequence that it is trained on, nothing, or noise.");

/// Whether a network from a file is run on the inputs that came with it.
pub static OWN_INPUTS: Param<bool> = Param::flag("own-inputs", "the file’s own inputs", true)
    .help("Run the network that you opened on the inputs in its file; otherwise on those that are chosen here.");

/// The standard deviation of each number of the noise.
pub static INPUT_NOISE: Param<f64> = Param::real("input-noise", "size of the noise", 0.1, 0.0, 3.0, 0.01)
    .help("The standard deviation of each input.")
    .applies(|settings| settings.get(&INPUTS) == NOISE);

/// ‖h_0‖; its direction is random. With a task h_0 = 0.
pub static START_NORM: Param<f64> = Param::log("start-norm", "length of h₀", 1.0, 1e-6, 10.0, 0.05)
    .symbol("‖h₀‖")
    .help("The length of the first state, whose direction is random; a task starts at 0.")
    .applies(|settings| task(settings).is_none());

static LOSS_PLACES: [Choice; 2] =
    [Choice { slug: "last", label: "the last output" }, Choice { slug: "every", label: "every output" }];

/// Whether the loss looks at the last output or at every one; a task has its own loss.
pub static LOSS_AT: Param<&'static str> = Param::choice("loss-at", "the loss looks at", "last", &LOSS_PLACES)
    .help("A loss at every step feeds new gradient in on the whole way back; a task brings its own loss.")
    .applies(|settings| task(settings).is_none());

/// t, marked in every figure over time; beyond the last step, the last is marked.
pub static TIME: Param<usize> = Param::count("time", "time step", 20, 0, 1_020)
    .fine_until(200)
    .symbol("t")
    .hotkey('t')
    .help("The time step that is marked in every figure over time; press in one of them to set it.");
