//! M^k: which power, and how far the figures over k go.
use super::group::Group;
use vanishing_core::param::Param;

/// In the order of addresses.
pub(super) const GROUP: Group = Group { slug: "powers", title: "Its powers", params: &[&POWER.spec, &HORIZON.spec] };

/// k of M^k; every figure over k marks it.
pub static POWER: Param<usize> = Param::count("power", "power", 10, 0, 1_000)
    .fine_until(50)
    .aliases(&["k"])
    .symbol("k")
    .hotkey('k')
    .help("How often M is multiplied by itself; marked in every figure over k.");

/// The largest k of the figures over k, unless [`POWER`] is larger.
pub static HORIZON: Param<usize> = Param::count("horizon", "powers shown", 50, 10, 1_000)
    .fine_until(50)
    .help("The figures over k show it up to here, or up to k where that is larger.");
