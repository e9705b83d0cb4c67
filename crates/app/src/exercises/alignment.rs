//! The exercises of chapter 2: what is asked, what is true, and why.
use super::exercise::Exercise;
use crate::schema::guesses;
use vanishing_charts::format;
use vanishing_core::spectral::{alignment_probability, exact_steps};

/// In the order of the page.
pub static ALL: [Exercise; 3] = [
    Exercise {
        slug: "alignment-1",
        guess: &guesses::ALIGNMENT[0],
        readout: "answer-alignment-1",
        truth: || steps(0.9),
        because: |truth| {
            format!(
                "It takes {truth} steps: 95 % of all starts are within 0.1 rad then. The rare ones that began almost at a right angle to v₁ take longer."
            )
        },
    },
    Exercise {
        slug: "alignment-2",
        guess: &guesses::ALIGNMENT[1],
        readout: "answer-alignment-2",
        truth: || match steps(0.99) / steps(0.9) {
            ratio if ratio < 4.0 => 0.0,
            ratio if ratio < 40.0 => 1.0,
            _ => 2.0,
        },
        because: |_| {
            format!(
                "With 0.9 it takes {} steps, with 0.99 it takes {}: the steps go with 1/ln|λ₁/λ₂|, and ln(1/0.9) is about ten times ln(1/0.99).",
                steps(0.9),
                steps(0.99)
            )
        },
    },
    Exercise {
        slug: "alignment-3",
        guess: &guesses::ALIGNMENT[2],
        readout: "answer-alignment-3",
        truth: || {
            let of = |k| probability(&[1.0, -1.0], k);
            match (of(1000) > 0.9, of(1001) > 0.9) {
                (true, true) => 0.0,
                (true, false) => 1.0,
                _ => 2.0,
            }
        },
        because: |_| {
            format!(
                "The probability of being within 0.1 rad is {} after 1000 steps, as it was at the start: both parts keep their size, so nothing wins. M² is the identity.",
                format::short(probability(&[1.0, -1.0], 1000))
            )
        },
    },
];

fn probability(eigenvalues: &[f64], k: u64) -> f64 {
    alignment_probability(eigenvalues, 0, vanishing_core::math::tan(0.1), k).map_or(f64::NAN, |found| found.p)
}

/// The first k at which 95 % of all starts in the plane are within 0.1 rad of v_1, for that |λ_2/λ_1|.
fn steps(rate: f64) -> f64 {
    exact_steps(&[1.0, rate], 0, vanishing_core::math::tan(0.1), 0.05).map_or(f64::NAN, |k| k as f64)
}
