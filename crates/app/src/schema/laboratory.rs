//! The lanes of chapter 4 and its experiment; what a lane is trained with are parameters of [`vanishing_core::training`].
use super::group::Group;
use std::sync::OnceLock;
use vanishing_core::param::{Choice, Param};
use vanishing_core::remedies::{self, RemedySpec};
use vanishing_core::training::experiment::Asked;

/// In the order of addresses.
pub(super) const GROUP: Group = Group {
    slug: "laboratory",
    title: "The laboratory",
    params: &[&LANES.spec, &LANE.spec, &STOP_STEP.spec, &STOP_LOSS.spec, &SEEDS.spec, &EVIDENCE_ORDER.spec],
};

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

/// The update after which a run ends.
pub static STOP_STEP: Param<usize> =
    Param::count("stop-step", "stop at update", 1_500, 1, 100_000).fine_until(50).help("Every run stops here.");

/// The loss of a batch below which a run ends; at [`NEVER`] it goes on to [`STOP_STEP`].
pub static STOP_LOSS: Param<f64> = Param::log("stop-loss", "stop below a loss of", NEVER, NEVER, 10.0, 0.1)
    .help("A run stops as soon as the loss of a batch is below this; at the lower end it never does.");

/// The lower end of [`STOP_LOSS`], which no loss of a batch is below.
pub const NEVER: f64 = 1e-9;

/// Runs of the experiment with each remedy: they differ in their seeds alone.
pub static SEEDS: Param<usize> = Param::count("seeds", "seeds", 4, 1, 64)
    .fine_until(16)
    .help("How many runs the experiment makes with each remedy; they differ in their random numbers.");

/// What the rows of the experiment are sorted by, in its figures and at first in its table.
pub static EVIDENCE_ORDER: Param<&'static str> = Param::choice("evidence-order", "sorted by", "method", Asked::CHOICES)
    .help("What the remedies of the experiment are sorted by; that without one stays first.");

/// Whether the experiment tries a remedy: one flag for each of the registry.
pub fn tries() -> &'static [(&'static RemedySpec, Param<bool>)] {
    static TRIES: OnceLock<Vec<(&'static RemedySpec, Param<bool>)>> = OnceLock::new();
    TRIES.get_or_init(|| {
        let flag = |spec: &'static RemedySpec| {
            let key = format!("try-{}", spec.slug.replace('_', "-")).leak();
            let flag = Param::flag(key, spec.title, spec.tried);
            (spec, flag.help("Whether the experiment makes runs with this remedy."))
        };
        remedies::ALL.iter().map(flag).collect()
    })
}
