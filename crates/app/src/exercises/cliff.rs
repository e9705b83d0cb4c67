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
                "At b = −2.62 its length is {}; on the cliff, at b = {}, it is {} times as long. In the same network gradients vanish and explode.",
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
                "After 160 steps it is at w = {}, b = {}, with an error of {}. A step of 0.1 × 100 = 10 is longer than the whole picture: a threshold must suit the error surface.",
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
            let Some(detour) = detour(0.01) else { return "It stays in the picture.".to_owned() };
            let (w, b, _) = detour.landing;
            format!(
                "In step {} a gradient of length {} throws it to w = {}, b = {}, where the gradient is only {} long. It does come back, but it needs {} more steps: its error is below 0.01 again at step {}.",
                detour.thrown,
                format::short(detour.from),
                format::short(w),
                format::short(b),
                format::short(detour.norm),
                format::count(detour.back - detour.thrown),
                format::count(detour.back)
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

/// How a plain descent leaves the picture and comes back.
struct Detour {
    /// The step that throws it out.
    thrown: u64,
    /// The norm of the gradient of that step.
    from: f64,
    /// Where it lands: w, b, error.
    landing: (f64, f64, f64),
    /// The norm of the gradient there.
    norm: f64,
    /// The first step after it at which the error is below 0.01.
    back: u64,
}

/// The detour of the plain descent at this rate; `None` if it stays in the picture, or does not come back in 10,000 steps.
fn detour(rate: f64) -> Option<Detour> {
    let plain = cliff::run(&CliffConfig { start: (5.2, -2.62), rate, threshold: 1.0, steps: 10_000 }).unclipped;
    let place = |stop: &Stop| (stop.w, stop.b, stop.error);
    let thrown = plain.iter().position(|stop| is_lost(&place(stop)))?;
    let (before, landed) = (plain.get(thrown.checked_sub(1)?)?, plain.get(thrown)?);
    let back = thrown + plain.iter().skip(thrown).position(|stop| stop.error < 0.01)?;
    Some(Detour {
        thrown: thrown as u64,
        from: before.norm,
        landing: place(landed),
        norm: landed.norm,
        back: back as u64,
    })
}

/// Whether it has left the part of the plane that is looked at.
fn is_lost(&(w, b, _): &(f64, f64, f64)) -> bool {
    !(cliff::SHOWN_W.0..=cliff::SHOWN_W.1).contains(&w) || !(cliff::SHOWN_B.0..=cliff::SHOWN_B.1).contains(&b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_a_small_rate_the_plain_descent_is_thrown_off_and_comes_back_late() {
        let slow = detour(0.01).unwrap();
        assert_eq!((slow.thrown, slow.from.round(), slow.back), (85, 251.0, 7491));
        assert_eq!(format!("{:.2} {:.2} {:.3}", slow.landing.0, slow.landing.1, slow.norm), "3.80 -4.82 0.012");
        // At a large rate it lands where the gradient is exactly 0.
        assert!(detour(0.1).is_none());
        let said = (ALL[2].because)(1.0);
        assert!(said.contains("w = 3.8, b = −4.82") && said.contains("7406 more steps"), "{said}");
    }
}
