//! One number, applied again and again: the second picture of the story.
use super::group::Group;
use vanishing_core::param::Param;
use vanishing_core::studies::iterated;

/// In the order of addresses.
pub(super) const GROUP: Group = Group {
    slug: "iterated",
    title: "One number, applied again and again",
    params: &[&ITERATED_KAPPA.spec, &ITERATED_TIMES.spec, &ITERATED_START.spec],
};

/// κ of f(x) = κ x (1 − x).
pub static ITERATED_KAPPA: Param<f64> =
    Param::real("iterated-kappa", "factor", 2.5, 0.0, iterated::LARGEST_KAPPA, 0.01)
        .symbol("κ")
        .help("The function that is applied is f(x) = κ x (1 − x).");

/// How often it is applied.
pub static ITERATED_TIMES: Param<usize> = Param::count("iterated-times", "applied", 6, 1, iterated::MOST_TIMES)
    .symbol("k")
    .unit("times")
    .help("How often the function is applied to its own result.");

/// Where the cobweb starts.
pub static ITERATED_START: Param<f64> =
    Param::real("iterated-start", "start", 0.2, 0.0, 1.0, 0.01).symbol("x₀").help("Where the cobweb starts.");
