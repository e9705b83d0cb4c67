//! Every parameter of the page, in the order in which it stands in an address.
//!
//! The address, the controls, the help, the command line flags and the tests are folds over [`all`]. A former key is
//! kept as an alias: old links never die.
use crate::exercises;
use std::sync::OnceLock;
use vanishing_core::param::{Choice, Notice, Param, ParamSpec, Settings, Value};
use vanishing_core::recurrent::{self, Ingredient, RecurrentSpec};
use vanishing_core::studies::cliff;
use vanishing_core::{cells, remedies, tasks};

/// g of the opening.
pub static OPENING_GAIN: Param<f64> = Param::real("opening-gain", "each step multiplies by", 0.9, 0.8, 1.2, 0.01)
    .symbol("g")
    .help("What one step back in time multiplies the gradient of the first picture by.");

/// Parameters that belong together, in their order on the page.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The name in documents and tests.
    pub slug: &'static str,
    /// The heading.
    pub title: &'static str,
    /// Its parameters.
    pub params: &'static [&'static ParamSpec],
}

/// n.
pub static SIZE: Param<usize> = Param::count("size", "matrix size", 4, 2, 64)
    .symbol("n")
    .help("The number of rows of M, and of its eigenvalues. Chosen by hand: up to 8.");

/// How many eigenvalues can be chosen by hand.
pub const BY_HAND: usize = 8;

static FAMILIES: [Choice; 7] = [
    Choice { slug: "by-hand", label: "chosen by hand" },
    Choice { slug: "geometric", label: "geometric: λᵢ = λ₁ rⁱ⁻¹" },
    Choice { slug: "linear", label: "linear: from r λ₁ down to 0" },
    Choice { slug: "two-level", label: "two-level: all others r λ₁" },
    Choice { slug: "random-symmetric", label: "random symmetric" },
    Choice { slug: "positive-semidefinite", label: "random positive semi-definite" },
    Choice { slug: "own", label: "of the opened network" },
];

/// Where the eigenvalues come from.
pub static FAMILY: Param<&'static str> = Param::choice("family", "eigenvalues", "by-hand", &FAMILIES)
    .help(
        "Choose each eigenvalue by hand, or all of them by a rule from λ₁ and the gap, up to n = 64. Of a network that you opened: those of the symmetric part (W + Wᵀ)/2 of its first block, the 64 largest.",
    );

/// r, for the families that have a gap.
pub static RATE: Param<f64> = Param::real("rate", "ratio of the first two", 0.9, 0.0, 1.0, 0.001)
    .symbol("r")
    .help("r = |λ₂/λ₁|: the smaller it is, the wider the gap and the faster the alignment.");

/// s.
pub static SHIFT: Param<f64> = Param::real("shift", "shift", 0.0, -2.0, 2.0, 0.01)
    .symbol("s")
    .help("Replace M by M + s I: every eigenvalue moves by s, the eigenvectors stay.");

macro_rules! eigenvalue {
    ($number:literal, $symbol:literal, $default:literal) => {
        Param::real(concat!("eigenvalue-", $number), concat!("eigenvalue ", $number), $default, -1.5, 1.5, 0.01)
            .aliases(&[concat!("lambda-", $number)])
            .symbol($symbol)
            .help("An eigenvalue of M: its k-th power is an eigenvalue of M to the power k.")
    };
}

/// λ_1 .. λ_8 in the order of the sliders; M takes the first n of them.
pub static EIGENVALUES: [Param<f64>; 8] = [
    eigenvalue!("1", "λ₁", 1.05),
    eigenvalue!("2", "λ₂", 0.9),
    eigenvalue!("3", "λ₃", -0.7),
    eigenvalue!("4", "λ₄", 0.4),
    eigenvalue!("5", "λ₅", 0.3),
    eigenvalue!("6", "λ₆", -0.2),
    eigenvalue!("7", "λ₇", 0.1),
    eigenvalue!("8", "λ₈", 0.05),
];

/// k.
pub static POWER: Param<usize> = Param::count("power", "power", 10, 0, 1_000)
    .fine_until(50)
    .aliases(&["k"])
    .symbol("k")
    .hotkey('k')
    .help("How often M is multiplied by itself; marked in every figure over k.");

/// The largest k of the figures over k.
pub static HORIZON: Param<usize> = Param::count("horizon", "powers shown", 50, 10, 1_000)
    .fine_until(50)
    .help("The figures over k show it up to here, or up to k where that is larger.");

static STARTS_FROM: [Choice; 2] =
    [Choice { slug: "random", label: "random, from the seed" }, Choice { slug: "chosen", label: "chosen by hand" }];

/// Where the start vector comes from.
pub static START: Param<&'static str> = Param::choice("start", "start vector x", "random", &STARTS_FROM)
    .help("A random direction, or one that you drag in the picture.");

/// The seed of the random starts.
pub static START_SEED: Param<u64> =
    Param::seed("start-seed", "seed of the starts", 1).help("Draws the random start vectors, and nothing else.");

/// <x, v_1>, where chosen.
pub static START_ALONG: Param<f64> = Param::real("start-along", "x along v₁", 0.3, -1.2, 1.2, 0.01)
    .symbol("c₁")
    .help("How much of the start vector lies along the leading eigenvector.");

/// <x, v_2>, where chosen.
pub static START_ACROSS: Param<f64> = Param::real("start-across", "x across v₁", 0.9, -1.2, 1.2, 0.01)
    .symbol("c₂")
    .help("How much of the start vector lies along v₂ (for n > 3: along a random direction at a right angle to v₁).");

/// <x, v_3>, where chosen.
pub static START_DEPTH: Param<f64> = Param::real("start-depth", "x along v₃", 0.3, -1.2, 1.2, 0.01)
    .symbol("c₃")
    .help("How much of the start vector lies along v₃, for n = 3.");

static DEFINITIONS: [Choice; 3] = [
    Choice { slug: "angle", label: "θ ≤ ε (radians)" },
    Choice { slug: "cosine", label: "|cos θ| ≥ 1 − ε" },
    Choice { slug: "sine", label: "sin θ ≤ ε" },
];

/// What "aligned" means.
pub static ALIGNED_WHEN: Param<&'static str> = Param::choice("aligned-when", "aligned means", "angle", &DEFINITIONS)
    .help("Three common definitions; the exercise uses the cosine. Each is a bound on tan θ.");

/// ε.
pub static EPSILON: Param<f64> = Param::log("epsilon", "tolerance", 0.1, 1e-12, 0.9, 0.05)
    .aliases(&["eps"])
    .symbol("ε")
    .help("How near to v₁ counts as aligned, in the chosen definition.");

/// δ.
pub static DELTA: Param<f64> = Param::log("delta", "allowed probability of failure", 0.05, 1e-9, 0.9, 0.05)
    .symbol("δ")
    .help("With high probability means: with probability at least 1 − δ over the start.");

/// Number of random starts.
pub static STARTS: Param<usize> = Param::count("starts", "random starts", 400, 1, 2_000)
    .fine_until(20)
    .help("How many random start vectors are followed for the bands, the points and the histogram.");

/// T.
pub static SEQUENCE_LENGTH: Param<usize> = Param::count("sequence-length", "sequence length", 100, 1, 1_000)
    .fine_until(200)
    .aliases(&["T"])
    .symbol("T")
    .help("The number of time steps that the network runs, and that the gradient travels back.");

/// The seed of everything random.
pub static SEED: Param<u64> = Param::seed("seed", "seed", 1)
    .hotkey('s')
    .help("Draws the eigenvectors, the start vector, the other weights, the inputs and the target.");

/// A place in a menu that a registry fills.
const NO_CHOICE: Choice = Choice { slug: "", label: "" };

/// Every kind of cell, in the order of the registry.
static CELLS: [Choice; cells::KINDS] = {
    let mut choices = [NO_CHOICE; cells::KINDS];
    let (mut i, mut kinds) = (0, 0);
    while i < cells::ALL.len() {
        if cells::is_first_of_its_kind(i) {
            choices[kinds] = Choice { slug: cells::ALL[i].kind, label: cells::ALL[i].kind_title };
            kinds += 1;
        }
        i += 1;
    }
    choices
};

/// The kind of cell.
pub static CELL: Param<&'static str> = Param::choice("cell", "cell", "rnn", &CELLS)
    .help("A plain recurrent cell, or one with gates and an additive path for its state.");

static ACTIVATIONS: [Choice; cells::ACTIVATIONS] = {
    let mut choices = [NO_CHOICE; cells::ACTIVATIONS];
    let (mut i, mut activations) = (0, 0);
    while i < cells::ALL.len() {
        if let Some(slug) = cells::ALL[i].activation {
            choices[activations] = Choice { slug, label: slug };
            activations += 1;
        }
        i += 1;
    }
    choices
};

/// φ.
pub static ACTIVATION: Param<&'static str> = Param::choice("activation", "activation", "linear", &ACTIVATIONS)
    .symbol("φ")
    .help("What each unit does with its sum: nothing (linear), or a function whose slope multiplies the gradient.");

/// H.
pub static HIDDEN_SIZE: Param<usize> = Param::count("hidden-size", "hidden units", 32, 1, 256)
    .fine_until(64)
    .aliases(&["H"])
    .symbol("H")
    .help("The number of units of each layer's state.");

/// Layers.
pub static LAYERS: Param<usize> = Param::count("layers", "layers", 1, 1, 3)
    .help("Recurrent layers, each fed with the states of the one below; the figures show the top one.");

static KINDS: [Choice; recurrent::ALL.len()] = {
    let mut choices = [NO_CHOICE; recurrent::ALL.len()];
    let mut i = 0;
    while i < choices.len() {
        choices[i] = Choice { slug: recurrent::ALL[i].slug, label: recurrent::ALL[i].title };
        i += 1;
    }
    choices
};

/// How W_hh is made.
pub static RECURRENT: Param<&'static str> = Param::choice("recurrent", "recurrent matrix", "symmetric", &KINDS)
    .symbol("W")
    .help("How Wₕₕ is made; in a cell with gates, each gate has such a matrix of its own.");

/// g.
pub static GAIN: Param<f64> = Param::real("gain", "gain", 1.0, 0.0, 5.0, 0.01)
    .symbol("g")
    .help("The factor before the random, the orthogonal or the identity matrix.");

/// Whether W_hh is rescaled.
pub static RESCALE: Param<bool> = Param::flag("rescale", "set the spectral radius", false)
    .help("Scale the recurrent matrix so that its largest |λ| is what you say.");

/// ρ.
pub static SPECTRAL_RADIUS: Param<f64> = Param::real("spectral-radius", "spectral radius", 1.0, 0.0, 3.0, 0.01)
    .symbol("ρ")
    .help("The largest |λ| that the recurrent matrix is scaled to.");

macro_rules! pair {
    ($number:literal, $re:literal, $im:literal) => {
        (
            Param::real(
                concat!("pair-", $number, "-re"),
                concat!("pair ", $number, ", real part"),
                $re,
                -1.5,
                1.5,
                0.01,
            )
            .help("The real part of a pair of eigenvalues of the general recurrent matrix."),
            Param::real(
                concat!("pair-", $number, "-im"),
                concat!("pair ", $number, ", imaginary part"),
                $im,
                -1.5,
                1.5,
                0.01,
            )
            .help("The imaginary part of the pair, ± this; at 0 the pair is a double real eigenvalue."),
        )
    };
}

/// The chosen pairs of eigenvalues of the general matrix.
pub static PAIRS: [(Param<f64>, Param<f64>); 3] = [pair!("1", 0.7, 0.6), pair!("2", 0.9, 0.0), pair!("3", -0.5, 0.5)];

/// Henrici's departure from normality.
pub static DEPARTURE: Param<f64> = Param::real("departure", "departure from normality", 0.0, 0.0, 20.0, 0.1).help(
    "How far the general matrix is from a normal one: the size of what stands above the diagonal of its Schur form.",
);

/// b_f.
pub static FORGET_BIAS: Param<f64> = Param::real("forget-bias", "bias of the forget gate", 0.0, -3.0, 5.0, 0.1)
    .help("Added before the forget gate's sigmoid: 1 and more keep the gate open at the start.");

/// Nothing, noise, then every task.
static INPUT_KINDS: [Choice; 2 + tasks::ALL.len()] = {
    let mut choices = [NO_CHOICE; 2 + tasks::ALL.len()];
    choices[0] = Choice { slug: "zero", label: "nothing: x = 0" };
    choices[1] = Choice { slug: "noise", label: "noise" };
    let mut i = 2;
    while i < choices.len() {
        choices[i] = Choice { slug: tasks::ALL[i - 2].slug, label: tasks::ALL[i - 2].title };
        i += 1;
    }
    choices
};

/// x.
pub static INPUTS: Param<&'static str> = Param::choice("inputs", "inputs", "noise", &INPUT_KINDS)
    .symbol("x")
    .help("What the network reads: nothing, noise, or a sequence of a training task with its target.");

/// Whether a network from a file is run on the inputs that came with it.
pub static OWN_INPUTS: Param<bool> = Param::flag("own-inputs", "the file’s own inputs", true)
    .help("Run the network that you opened on the inputs in its file; otherwise on those that are chosen here.");

/// The standard deviation of the noise.
pub static INPUT_NOISE: Param<f64> =
    Param::real("input-noise", "size of the noise", 0.1, 0.0, 3.0, 0.01).help("The standard deviation of each input.");

/// ‖h_0‖.
pub static START_NORM: Param<f64> = Param::log("start-norm", "length of h₀", 1.0, 1e-6, 10.0, 0.05)
    .symbol("‖h₀‖")
    .help("The length of the first state, whose direction is random; a task starts at 0.");

static LOSS_PLACES: [Choice; 2] =
    [Choice { slug: "last", label: "the last output" }, Choice { slug: "every", label: "every output" }];

/// Where the loss looks.
pub static LOSS_AT: Param<&'static str> = Param::choice("loss-at", "the loss looks at", "last", &LOSS_PLACES)
    .help("A loss at every step feeds new gradient in on the whole way back; a task brings its own loss.");

/// t.
pub static TIME: Param<usize> = Param::count("time", "time step", 20, 0, 1_020)
    .fine_until(200)
    .symbol("t")
    .hotkey('t')
    .help("The time step that is marked in every figure over time; press in one of them to set it.");

/// How many runs are trained side by side.
pub static LANES: Param<usize> =
    Param::count("lanes", "lanes", 2, 1, 4).help("How many networks are trained side by side; A is the baseline.");

static LANE_NAMES: [Choice; 4] = [
    Choice { slug: "a", label: "A" },
    Choice { slug: "b", label: "B" },
    Choice { slug: "c", label: "C" },
    Choice { slug: "d", label: "D" },
];

/// The lane whose settings are shown.
pub static LANE: Param<&'static str> = Param::choice("lane", "lane shown", "a", &LANE_NAMES)
    .help("The lane whose settings, pipeline and explanation are shown.");

/// The update at which a run ends.
pub static STOP_STEP: Param<usize> =
    Param::count("stop-step", "stop at update", 1_500, 1, 100_000).fine_until(50).help("Every run stops here.");

/// The loss at which a run ends.
pub static STOP_LOSS: Param<f64> = Param::log("stop-loss", "stop below a loss of", NEVER, NEVER, 10.0, 0.1)
    .help("A run stops as soon as the loss of a batch is below this; at the lower end it never does.");

/// No loss is ever below this.
pub const NEVER: f64 = 1e-9;

/// Seeds of the experiment.
pub static SEEDS: Param<usize> = Param::count("seeds", "seeds", 4, 1, 64)
    .fine_until(16)
    .help("How many runs the experiment makes with each remedy; they differ in their random numbers.");

/// The remedies that the experiment tries unless told otherwise.
const TRIED: [&str; 11] = [
    "clip_norm",
    "clip_value",
    "clip_state",
    "truncation",
    "detect",
    "l2",
    "gradient_scale",
    "batch_norm",
    "checkpointing",
    "lstm",
    "gru",
];

/// Whether the experiment tries a remedy: one flag for each of the registry.
pub fn tries() -> &'static [(&'static remedies::RemedySpec, Param<bool>)] {
    static TRIES: OnceLock<Vec<(&'static remedies::RemedySpec, Param<bool>)>> = OnceLock::new();
    TRIES.get_or_init(|| {
        let flag = |spec: &'static remedies::RemedySpec| {
            let key = format!("try-{}", spec.slug.replace('_', "-")).leak();
            let flag = Param::flag(key, spec.title, TRIED.contains(&spec.slug));
            (spec, flag.help("Whether the experiment makes runs with this remedy."))
        };
        remedies::ALL.iter().map(flag).collect()
    })
}

/// Whether training runs in workers.
pub static WORKERS: Param<bool> = Param::flag("workers", "workers", true)
    .help("Train in workers beside the page; without, in slices on the page’s own thread.");

/// w at the start of both descents.
pub static CLIFF_W: Param<f64> = Param::real("cliff-w", "start: weight", 5.2, cliff::SHOWN_W.0, cliff::SHOWN_W.1, 0.01)
    .symbol("w")
    .help("The weight at which both descents start; or drag the start in the picture.");

/// b at the start of both descents.
pub static CLIFF_B: Param<f64> = Param::real("cliff-b", "start: bias", -2.62, cliff::SHOWN_B.0, cliff::SHOWN_B.1, 0.01)
    .symbol("b")
    .help("The bias at which both descents start; or drag the start in the picture.");

/// The learning rate of both descents.
pub static CLIFF_RATE: Param<f64> = Param::log("cliff-rate", "learning rate", 0.1, 1e-3, 1.0, 0.05)
    .symbol("η")
    .help("A step is the learning rate times the gradient.");

/// The length that the gradient of one of them is cut to.
pub static CLIFF_THRESHOLD: Param<f64> = Param::log("cliff-threshold", "clipped to", 1.0, 1e-2, 1e4, 0.05)
    .symbol("c")
    .help("The longest gradient that is let through in the clipped descent.");

/// How many steps of the descents are shown.
pub static CLIFF_STEP: Param<usize> = Param::count("cliff-step", "steps taken", 160, 0, cliff::DESCENT)
    .help("How many steps of both descents are shown.");

static LESSONS: [Choice; 7] = [
    Choice { slug: "none", label: "nothing" },
    Choice { slug: "powers", label: "powers" },
    Choice { slug: "alignment", label: "alignment" },
    Choice { slug: "gradients", label: "gradients" },
    Choice { slug: "laboratory", label: "laboratory" },
    Choice { slug: "cliff", label: "cliff" },
    Choice { slug: "own", label: "the lesson of the link or file" },
];

/// The lesson that is presented.
pub static PRESENT: Param<&'static str> = Param::choice("present", "present", "none", &LESSONS)
    .hotkey('p')
    .help("One figure fills the screen, and the arrow keys walk through a lesson.");

/// Where in the lesson.
pub static BEAT: Param<usize> =
    Param::count("beat", "beat", 1, 1, 99).help("The beat of the lesson that is presented, from 1.");

static THEMES: [Choice; 4] = [
    Choice { slug: "auto", label: "as the system" },
    Choice { slug: "light", label: "light" },
    Choice { slug: "dark", label: "dark" },
    Choice { slug: "projector", label: "projector" },
];

/// The colours of the page.
pub static THEME: Param<&'static str> = Param::choice("theme", "theme", "auto", &THEMES)
    .help("Light or dark colours, or as the system is set; for a projector, black on white, larger and thicker.");

/// Whether redraws are marked with the User Timing API.
pub static TIMING: Param<bool> = Param::flag("timing", "timing", false)
    .help("Mark each update and each redraw with the User Timing API, for measuring.");

/// All groups but the remedies, whose parameters stand in core's registry.
pub static GROUPS: &[Group] = &[
    Group { slug: "opening", title: "The opening", params: &[&OPENING_GAIN.spec] },
    Group {
        slug: "matrix",
        title: "The matrix",
        params: &[
            &FAMILY.spec,
            &SIZE.spec,
            &RATE.spec,
            &EIGENVALUES[0].spec,
            &EIGENVALUES[1].spec,
            &EIGENVALUES[2].spec,
            &EIGENVALUES[3].spec,
            &EIGENVALUES[4].spec,
            &EIGENVALUES[5].spec,
            &EIGENVALUES[6].spec,
            &EIGENVALUES[7].spec,
            &SHIFT.spec,
            &SEED.spec,
        ],
    },
    Group { slug: "powers", title: "Its powers", params: &[&POWER.spec, &HORIZON.spec] },
    Group {
        slug: "alignment",
        title: "Alignment",
        params: &[
            &START.spec,
            &START_SEED.spec,
            &START_ALONG.spec,
            &START_ACROSS.spec,
            &START_DEPTH.spec,
            &ALIGNED_WHEN.spec,
            &EPSILON.spec,
            &DELTA.spec,
            &STARTS.spec,
        ],
    },
    Group {
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
    },
    Group {
        slug: "recurrence",
        title: "Its recurrent matrix",
        params: &[
            &RECURRENT.spec,
            &GAIN.spec,
            &PAIRS[0].0.spec,
            &PAIRS[0].1.spec,
            &PAIRS[1].0.spec,
            &PAIRS[1].1.spec,
            &PAIRS[2].0.spec,
            &PAIRS[2].1.spec,
            &DEPARTURE.spec,
            &RESCALE.spec,
            &SPECTRAL_RADIUS.spec,
        ],
    },
    Group {
        slug: "laboratory",
        title: "The laboratory",
        params: &[&LANES.spec, &LANE.spec, &STOP_STEP.spec, &STOP_LOSS.spec, &SEEDS.spec],
    },
    Group {
        slug: "cliff",
        title: "The cliff",
        params: &[&CLIFF_W.spec, &CLIFF_B.spec, &CLIFF_RATE.spec, &CLIFF_THRESHOLD.spec, &CLIFF_STEP.spec],
    },
    Group {
        slug: "page",
        title: "The page",
        params: &[&THEME.spec, &PRESENT.spec, &BEAT.spec, &TIMING.spec, &WORKERS.spec],
    },
];

/// The remedies that one passage of the gradient through the network of chapter 3 shows; all of them act in training.
const SHOWN_IN_ONE_PASSAGE: [&str; 2] = ["orthogonal_init", "clip_norm"];

/// The parameters of the remedies of chapter 3: each toggle, followed by its own.
pub fn remedy_params() -> impl Iterator<Item = &'static ParamSpec> {
    let shown = remedies::ALL.iter().filter(|remedy| SHOWN_IN_ONE_PASSAGE.contains(&remedy.slug));
    shown.flat_map(|remedy| std::iter::once(&remedy.toggle.spec).chain(remedy.params.iter().copied()))
}

/// Every parameter, in the order of addresses.
pub fn all() -> &'static [&'static ParamSpec] {
    static ALL: OnceLock<Vec<&'static ParamSpec>> = OnceLock::new();
    ALL.get_or_init(|| {
        let tries = tries().iter().map(|(_, flag)| &flag.spec);
        GROUPS
            .iter()
            .flat_map(|group| group.params.iter().copied())
            .chain(remedy_params())
            .chain(tries)
            .chain(exercises::params())
            .collect()
    })
}

/// Whether a parameter has an effect under these settings; others are hidden.
pub fn applies(spec: &ParamSpec, settings: &Settings) -> bool {
    let is = |param: &ParamSpec| param.key == spec.key;
    let family = settings.get(&FAMILY);
    let by_hand = family == "by-hand";
    if let Some(index) = EIGENVALUES.iter().position(|param| is(&param.spec)) {
        return index == 0 || by_hand && index < settings.get(&SIZE).min(BY_HAND);
    }
    if is(&RATE.spec) {
        return matches!(family, "geometric" | "linear" | "two-level");
    }
    if is(&START_ALONG.spec) || is(&START_ACROSS.spec) {
        return settings.get(&START) == "chosen";
    }
    if is(&START_DEPTH.spec) {
        return settings.get(&START) == "chosen" && settings.get(&SIZE) == 3;
    }
    if let Some(applies) = applies_to_network(spec, settings) {
        return applies;
    }
    remedies::ALL.iter().all(|remedy| remedy.params.iter().all(|param| !is(param)) || settings.get(remedy.toggle))
}

/// The same for the parameters of the network; `None` for others.
fn applies_to_network(spec: &ParamSpec, settings: &Settings) -> Option<bool> {
    let is = |param: &ParamSpec| param.key == spec.key;
    let uses = |ingredient: Ingredient| {
        recurrent::find(settings.get(&RECURRENT)).is_some_and(|kind| kind.uses.contains(&ingredient))
    };
    let task = tasks::find(settings.get(&INPUTS)).is_some();
    if let Some(index) = PAIRS.iter().position(|(re, im)| is(&re.spec) || is(&im.spec)) {
        return Some(uses(Ingredient::Pairs) && has_room(&PAIRS[index].0, settings));
    }
    Some(match spec.key {
        key if key == ACTIVATION.spec.key => settings.get(&CELL) == "rnn",
        key if key == GAIN.spec.key => uses(Ingredient::Gain),
        key if key == DEPARTURE.spec.key => uses(Ingredient::Departure),
        key if key == SPECTRAL_RADIUS.spec.key => settings.get(&RESCALE),
        key if key == FORGET_BIAS.spec.key => settings.get(&CELL) == "lstm",
        key if key == INPUT_NOISE.spec.key => settings.get(&INPUTS) == "noise",
        key if key == START_NORM.spec.key || key == LOSS_AT.spec.key => !task,
        _ => return None,
    })
}

/// Whether the recurrent matrix has rows enough for this pair of eigenvalues, which is named by its real part.
pub fn has_room(real_part: &Param<f64>, settings: &Settings) -> bool {
    let index = PAIRS.iter().position(|(re, _)| re.spec.key == real_part.spec.key);
    index.is_some_and(|index| 2 * index < settings.get(&HIDDEN_SIZE))
}

/// What a change of this parameter chooses besides: dragging the start means choosing it by hand.
pub fn implied(spec: &ParamSpec) -> Option<(&'static ParamSpec, Value)> {
    let start = [&START_ALONG.spec, &START_ACROSS.spec, &START_DEPTH.spec];
    start.iter().any(|param| param.key == spec.key).then_some((&START.spec, Value::Choice("chosen")))
}

/// What cannot be together, in sentences: the settings stay as they are, and something else is shown.
pub fn conflicts(settings: &Settings) -> Vec<Notice> {
    let matrix = matrix_conflict(settings);
    [matrix, time_conflict(settings), length_conflict(settings), room_conflict(settings), rescale_conflict(settings)]
        .into_iter()
        .flatten()
        .collect()
}

fn matrix_conflict(settings: &Settings) -> Option<Notice> {
    let size = settings.get(&SIZE);
    (settings.get(&FAMILY) == "by-hand" && size > BY_HAND).then(|| {
        let text =
            format!("size: {size} eigenvalues cannot be chosen by hand; {BY_HAND} are used. Choose a family for more.");
        Notice::new("size", text)
    })
}

/// The marked time step lies beyond the last.
fn time_conflict(settings: &Settings) -> Option<Notice> {
    let (time, length) = (settings.get(&TIME), settings.get(&SEQUENCE_LENGTH));
    let steps = tasks::find(settings.get(&INPUTS)).map_or(length, |task| (task.steps)(length.max(task.minimum_length)));
    (time > steps && settings.is_chosen(&TIME.spec)).then(|| {
        let text = format!("time: the network runs {steps} steps, so step {steps} is marked instead of {time}.");
        Notice::new("time", text)
    })
}

/// The sequences of a task cannot be as short as that.
fn length_conflict(settings: &Settings) -> Option<Notice> {
    let (task, length) = (tasks::find(settings.get(&INPUTS))?, settings.get(&SEQUENCE_LENGTH));
    let minimum = task.minimum_length;
    (length < minimum).then(|| {
        let text = format!(
            "sequence-length: the task “{}” needs a length of {minimum}, which is used instead of {length}.",
            task.title
        );
        Notice::new("sequence-length", text)
    })
}

/// More pairs of eigenvalues were chosen than the recurrent matrix has room for.
fn room_conflict(settings: &Settings) -> Option<Notice> {
    let uses =
        |ingredient| recurrent::find(settings.get(&RECURRENT)).is_some_and(|kind| kind.uses.contains(&ingredient));
    let rows = settings.get(&HIDDEN_SIZE);
    let was_moved = |param: &Param<f64>| Value::Real(settings.get(param)) != param.spec.default;
    let lost = |(re, im): &&(Param<f64>, Param<f64>)| !has_room(re, settings) && (was_moved(re) || was_moved(im));
    (uses(Ingredient::Pairs) && PAIRS.iter().any(|pair| lost(&pair))).then(|| {
        let room = rows.div_ceil(2);
        let text = format!(
            "hidden-size: a recurrent matrix of {rows} rows has room for {room} of the chosen pairs; the others are not used."
        );
        Notice::new("hidden-size", text)
    })
}

/// A matrix of zeros cannot be scaled.
fn rescale_conflict(settings: &Settings) -> Option<Notice> {
    let gain = recurrent::find(settings.get(&RECURRENT)).is_some_and(RecurrentSpec::uses_gain);
    (settings.get(&RESCALE) && gain && settings.get(&GAIN) == 0.0).then(|| {
        let text = "rescale: with a gain of 0 the recurrent matrix is zero, and no factor gives it a spectral radius.";
        Notice::new("rescale", text.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_default_is_allowed() {
        for spec in all() {
            assert!(spec.allows(spec.default), "{}", spec.key);
        }
    }

    #[test]
    fn keys_and_aliases_are_unique_and_fit_an_address() {
        let mut seen = BTreeSet::new();
        for spec in all() {
            for name in std::iter::once(&spec.key).chain(spec.aliases) {
                assert!(seen.insert(*name), "{name} twice");
                assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{name}");
            }
            assert!(spec.key.chars().all(|c| !c.is_ascii_uppercase()), "{}", spec.key);
        }
    }

    #[test]
    fn every_parameter_explains_itself() {
        for spec in all() {
            assert!(!spec.label.is_empty() && spec.help.ends_with('.'), "{}", spec.key);
        }
    }

    #[test]
    fn old_links_still_work() {
        let (settings, notices) = Settings::from_pairs(all(), [("lambda-2", "0.5"), ("k", "7"), ("T", "20")]);
        assert!(notices.is_empty(), "{notices:?}");
        assert_eq!((settings.get(&EIGENVALUES[1]), settings.get(&POWER), settings.get(&SEQUENCE_LENGTH)), (0.5, 7, 20));
    }
}
