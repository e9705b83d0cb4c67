//! The picture above all chapters.
use super::group::Group;
use vanishing_core::param::Param;

/// In the order of addresses.
pub(super) const GROUP: Group = Group { slug: "opening", title: "The opening", params: &[&OPENING_GAIN.spec] };

/// W_hh = g Q with Q orthogonal, so that each step back multiplies the gradient by g exactly.
pub static OPENING_GAIN: Param<f64> = Param::real("opening-gain", "each step multiplies by", 0.9, 0.8, 1.2, 0.01)
    .help("What one step back in time multiplies the gradient of the first picture by.");
