//! The two descents of chapter 5.
use super::group::Group;
use vanishing_core::param::Param;
use vanishing_core::studies::cliff;

/// In the order of addresses.
pub(super) const GROUP: Group = Group {
    slug: "cliff",
    title: "The cliff",
    params: &[&CLIFF_W.spec, &CLIFF_B.spec, &CLIFF_RATE.spec, &CLIFF_THRESHOLD.spec, &CLIFF_STEP.spec],
};

/// w at the start of both descents.
pub static CLIFF_W: Param<f64> = Param::real("cliff-w", "start: weight", 5.2, cliff::SHOWN_W.0, cliff::SHOWN_W.1, 0.01)
    .symbol("w")
    .help("The weight at which both descents start; or drag the start in the picture.");

/// b at the start of both descents.
pub static CLIFF_B: Param<f64> = Param::real("cliff-b", "start: bias", -2.62, cliff::SHOWN_B.0, cliff::SHOWN_B.1, 0.01)
    .symbol("b")
    .help("The bias at which both descents start; or drag the start in the picture.");

/// η of both descents.
pub static CLIFF_RATE: Param<f64> = Param::log("cliff-rate", "learning rate", 0.1, 1e-3, 1.0, 0.05)
    .symbol("η")
    .help("A step is the learning rate times the gradient.");

/// The longest gradient that the clipped descent takes; the other takes it as it is.
pub static CLIFF_THRESHOLD: Param<f64> = Param::log("cliff-threshold", "clipped to", 1.0, 1e-2, 1e4, 0.05)
    .symbol("c")
    .help("The longest gradient that is let through in the clipped descent.");

/// How many steps of the descents are shown.
pub static CLIFF_STEP: Param<usize> = Param::count("cliff-step", "steps taken", 160, 0, cliff::DESCENT)
    .help("How many steps of both descents are shown.");
