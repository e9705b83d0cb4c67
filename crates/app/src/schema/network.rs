//! The network of chapter 3, but for its recurrent matrix.
use super::group::Group;
use vanishing_core::cells::{self, CellSpec};
use vanishing_core::menus;
use vanishing_core::param::{Choice, Param, ParamSpec, Settings};
use vanishing_core::tasks::{self, TaskSpec};

/// In the order of addresses.
pub(super) const GROUP: Group = Group {
    slug: "network",
    title: "The network",
    params: &[
        &CELL.spec,
        &ACTIVATION.spec,
        &LAYERS.spec,
        &HIDDEN_SIZE.spec,
        &SEQUENCE_LENGTH.spec,
        &FORGET_BIAS.spec,
        &INPUTS.spec,
        &OWN_INPUTS.spec,
        &INPUT_NOISE.spec,
        &START_NORM.spec,
        &LOSS_AT.spec,
        &TIME.spec,
    ],
};

/// Those that say how the page draws its network, as all parameters of the recurrent matrix do.
pub(super) static DRAWN: [&ParamSpec; 4] = [&CELL.spec, &LAYERS.spec, &HIDDEN_SIZE.spec, &FORGET_BIAS.spec];

/// The cell that is chosen.
pub fn cell(settings: &Settings) -> &'static CellSpec {
    cells::of_kind(settings.get(&CELL), settings.get(&ACTIVATION)).unwrap_or(&cells::LINEAR)
}

/// The task whose sequences are the inputs; `None` for no inputs and for noise.
pub fn task(settings: &Settings) -> Option<&'static TaskSpec> {
    tasks::find(settings.get(&INPUTS))
}

/// The kind of cell, by the slug of `cells`; which cell it is depends on [`ACTIVATION`] too: see [`cell`].
pub static CELL: Param<&'static str> = Param::choice("cell", "cell", "rnn", &menus::CELLS)
    .help("A plain recurrent cell, or one with gates and an additive path for its state.");

/// φ, for the kinds of cell that take one.
pub static ACTIVATION: Param<&'static str> = Param::choice("activation", "activation", "linear", &menus::ACTIVATIONS)
    .symbol("φ")
    .help("What each unit does with its sum: nothing (linear), or a function whose slope multiplies the gradient.")
    .applies(|settings| cell(settings).activation.is_some());

/// How many recurrent layers stand above each other; the figures show the top one.
pub static LAYERS: Param<usize> = Param::count("layers", "layers", 1, 1, 3)
    .help("Recurrent layers, each fed with the states of the one below; the figures show the top one.");

/// H: units of the state of each layer; an LSTM has as many again in its cell state.
pub static HIDDEN_SIZE: Param<usize> = Param::count("hidden-size", "hidden units", 32, 1, 256)
    .fine_until(64)
    .aliases(&["H"])
    .symbol("H")
    .help("The number of units of each layer's state.");

/// T: time steps, and so how far the gradient travels; a task may need more, and makes its own steps of it.
pub static SEQUENCE_LENGTH: Param<usize> = Param::count("sequence-length", "sequence length", 100, 1, 1_000)
    .fine_until(200)
    .aliases(&["T"])
    .symbol("T")
    .help("The number of time steps that the network runs, and that the gradient travels back.");

/// b_f, added to b_ih of the forget gate, in cells that have one.
pub static FORGET_BIAS: Param<f64> = Param::real("forget-bias", "bias of the forget gate", 0.0, -3.0, 5.0, 0.1)
    .help("Added before the forget gate's sigmoid: 1 and more keep the gate open at the start.")
    .applies(|settings| cell(settings).forget_gate().is_some());

/// The choice of [`INPUTS`] with x = 0 at every step.
pub const ZERO: &str = "zero";
/// The choice of [`INPUTS`] with independent normal numbers.
pub const NOISE: &str = "noise";

/// Nothing, noise, then every task.
static INPUT_KINDS: [Choice; 2 + menus::TASKS.len()] = {
    let mut choices = [Choice { slug: ZERO, label: "nothing: x = 0" }; 2 + menus::TASKS.len()];
    choices[1] = Choice { slug: NOISE, label: "noise" };
    let mut i = 2;
    while i < choices.len() {
        choices[i] = menus::TASKS[i - 2];
        i += 1;
    }
    choices
};

/// Where the inputs x_t come from: [`ZERO`], [`NOISE`], or the slug of a task.
pub static INPUTS: Param<&'static str> = Param::choice("inputs", "inputs", NOISE, &INPUT_KINDS)
    .symbol("x")
    .help("What the network reads: nothing, noise, or a sequence of a training task with its target.");

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
