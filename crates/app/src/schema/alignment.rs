//! Where M^k x starts, and what counts as aligned.
use super::group::Group;
use super::matrix::HIDDEN_SIZE;
use vanishing_core::param::{Choice, Param, ParamSpec, Settings, Value};

/// In the order of addresses.
pub(super) const GROUP: Group = Group {
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
};

const RANDOM: &str = "random";
const CHOSEN: &str = "chosen";

/// Whether the start vector is chosen by hand, and not drawn.
pub fn is_chosen(settings: &Settings) -> bool {
    settings.get(&START) == CHOSEN
}

/// What a change of this parameter chooses besides: dragging the start means choosing it by hand.
pub(super) fn implied(spec: &ParamSpec) -> Option<(&'static ParamSpec, Value)> {
    let start = [&START_ALONG.spec, &START_ACROSS.spec, &START_DEPTH.spec];
    start.iter().any(|param| param.key == spec.key).then_some((&START.spec, Value::Choice(CHOSEN)))
}

static STARTS_FROM: [Choice; 2] =
    [Choice { slug: RANDOM, label: "random, from the seed" }, Choice { slug: CHOSEN, label: "custom" }];

/// Whether the start vector is drawn or chosen; moving one of its parts chooses it (`implied`).
pub static START: Param<&'static str> = Param::choice("start", "start vector x", RANDOM, &STARTS_FROM)
    .help("A random direction, or one that you drag in the picture.");

/// The seed of the random starts.
pub static START_SEED: Param<u64> =
    Param::seed("start-seed", "seed of the starts", 1).help("Draws the random start vectors, and nothing else.");

/// ⟨x, v_1⟩ of the start, where it is chosen.
pub static START_ALONG: Param<f64> = Param::real("start-along", "x along v₁", 0.3, -1.2, 1.2, 0.01)
    .symbol("c₁")
    .help("How much of the start vector lies along the leading eigenvector.")
    .applies(is_chosen);

/// ⟨x, v_2⟩ of the start, where it is chosen; above three rows, along a random direction at a right angle to v_1.
pub static START_ACROSS: Param<f64> = Param::real("start-across", "x across v₁", 0.9, -1.2, 1.2, 0.01)
    .symbol("c₂")
    .help("How much of the start vector lies along v₂ (for n > 3: along a random direction at a right angle to v₁).")
    .applies(is_chosen);

/// ⟨x, v_3⟩ of the start, where it is chosen and M has three rows.
pub static START_DEPTH: Param<f64> = Param::real("start-depth", "x along v₃", 0.3, -1.2, 1.2, 0.01)
    .symbol("c₃")
    .help("How much of the start vector lies along v₃, for n = 3.")
    .applies(|settings| is_chosen(settings) && settings.get(&HIDDEN_SIZE) == 3);

static DEFINITIONS: [Choice; 3] = [
    Choice { slug: "angle", label: "θ ≤ ε (radians)" },
    Choice { slug: "cosine", label: "|cos θ| ≥ 1 − ε" },
    Choice { slug: "sine", label: "sin θ ≤ ε" },
];

/// What "aligned" means.
pub static ALIGNED_WHEN: Param<&'static str> = Param::choice("aligned-when", "aligned means", "angle", &DEFINITIONS)
    .help("Three common definitions; the exercise uses the cosine. Each is a bound on tan θ.");

/// ε: how near to v_1 counts as aligned, in the unit that [`ALIGNED_WHEN`] says.
pub static EPSILON: Param<f64> = Param::log("epsilon", "tolerance", 0.1, 1e-12, 0.9, 0.05)
    .aliases(&["eps"])
    .symbol("ε")
    .help("How near to v₁ counts as aligned, in the chosen definition.");

/// δ: the share of starts that may fail to be aligned.
pub static DELTA: Param<f64> = Param::log("delta", "allowed probability of failure", 0.05, 1e-9, 0.9, 0.05)
    .symbol("δ")
    .help("With high probability means: with probability at least 1 − δ over the start.");

/// How many random starts are followed; all of them are drawn from [`START_SEED`].
pub static STARTS: Param<usize> = Param::count("starts", "random starts", 400, 1, 2_000)
    .fine_until(20)
    .help("How many random start vectors are followed for the bands, the points and the histogram.");
