//! The exercises of chapter 5: what is asked, what is true, and why.
use super::exercise::Exercise;
use crate::schema::guesses;
use vanishing_charts::format;
use vanishing_core::studies::cliff::{self, CliffConfig, Stop};

/// In the order of the page.
pub static ALL: [Exercise; 3] = [
    Exercise {
        slug: "cliff-1",
        guess: &guesses::CLIFF[0],
        readout: "answer-cliff-1",
        truth: || cliff::steepest(5.2).map_or(f64::NAN, |place| place.norm) / cliff::slope(5.2, -2.62).norm(),
        because: |truth| {
            let norm = cliff::slope(5.2, -2.62).norm();
            let at = cliff::steepest(5.2).map_or(f64::NAN, |place| place.b);
            format!(
                "At b = −2.62 it is {}, on the cliff at b = {} it is {} times as long. One and the same network vanishes and explodes.",
                format::short(norm),
                format::tick(at, 1e-4),
                format::short(truth)
            )
        },
    },
    Exercise {
        slug: "cliff-2",
        guess: &guesses::CLIFF[1],
        readout: "answer-cliff-2",
        truth: || f64::from(u8::from(is_lost(&last(&run(0.1, 100.0).clipped)))),
        because: |_| {
            let stop = last(&run(0.1, 100.0).clipped);
            format!(
                "After 160 steps it is at w = {}, b = {}, with an error of {}. A step of 0.1 × 100 = 10 is longer than the whole picture: a threshold must fit the landscape.",
                format::short(stop.0),
                format::short(stop.1),
                format::short(stop.2)
            )
        },
    },
    Exercise {
        slug: "cliff-3",
        guess: &guesses::CLIFF[2],
        readout: "answer-cliff-3",
        truth: || f64::from(u8::from(is_lost(&last(&run(0.01, 1.0).unclipped)))),
        because: |_| {
            let stop = last(&run(0.01, 1.0).unclipped);
            format!(
                "After 160 steps it is at w = {}, with an error of {}. A smaller rate only comes to the edge later; what it meets there is about a thousand times longer than most gradients before.",
                format::short(stop.0),
                format::short(stop.2)
            )
        },
    },
];

fn run(rate: f64, threshold: f64) -> cliff::CliffStudy {
    cliff::run(&CliffConfig { start: (5.2, -2.62), rate, threshold, steps: 160 })
}

/// Where a descent ends: w, b, error.
fn last(descent: &[Stop]) -> (f64, f64, f64) {
    descent.last().map_or((f64::NAN, f64::NAN, f64::NAN), |stop| (stop.w, stop.b, stop.error))
}

/// Whether it has left the part of the plane that is looked at.
fn is_lost(&(w, b, _): &(f64, f64, f64)) -> bool {
    !(cliff::SHOWN_W.0..=cliff::SHOWN_W.1).contains(&w) || !(cliff::SHOWN_B.0..=cliff::SHOWN_B.1).contains(&b)
}
