//! The workbench: one screen where the matrix, the network and its remedies are chosen, and everything that follows is seen.
//!
//! Its panels are figures like all others, its chips the remedies of the registry. What is trained is the page's network:
//! without its remedies, and with them.
use crate::address::Chosen;
use crate::lanes;
use vanishing_core::param::Settings;

/// The figures that stand on it: the matrix, then the panels.
pub const FIGURES: [&str; 5] =
    ["workbench-matrix", "workbench-powers", "workbench-angle", "workbench-gradient", "workbench-training"];

/// What its short runs are made with: without the remedies, and with them if any is on.
pub fn wanted(chosen: &Chosen) -> [Option<Settings>; 2] {
    let (without, with) = (chosen.lane(lanes::WITHOUT), chosen.lane(lanes::WITH));
    let treated = (with != without).then_some(with);
    [Some(without), treated]
}
