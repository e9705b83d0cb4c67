//! Somebody's own training, as it was measured elsewhere, as a run of the laboratory.
//!
//! ```text
//! row: update, log10 ‖dL/dh_t‖ for t = 0..=T; NaN before the first step of a shorter batch
//! ```
use vanishing_charts::figures::gradient_norms;
use vanishing_charts::laboratory::Lane;
use vanishing_core::tasks;
use vanishing_core::training::{PROFILE, Report};

/// Numbers of a row before those of the time steps.
const HEAD: usize = 1;

/// The run; `width`: numbers of a row. `None` where there is no row with a time step.
pub fn lane(name: &str, width: usize, rows: &[f32]) -> Option<Lane> {
    let steps = width.checked_sub(HEAD + 1).filter(|steps| *steps > 0)?;
    // What is learned is not known: of the tasks the one whose T is the number of steps lends its axis.
    let task = tasks::ALL.iter().copied().find(|task| (task.steps)(steps) == steps).unwrap_or(tasks::ALL[0]);
    let mut lane = Lane::new("", name.to_owned(), task, steps);
    rows.chunks_exact(width).for_each(|row| lane.history.push(report(row, steps)));
    (lane.history.updates > 0).then_some(lane)
}

/// What the gradient does on its way back in the last row, in the words of chapter 3.
pub fn verdict(width: usize, rows: &[f32]) -> Option<String> {
    let last = rows.chunks_exact(width.max(1)).next_back()?.get(HEAD..)?;
    let norms: Vec<f64> = last.iter().skip_while(|norm| norm.is_nan()).map(|norm| f64::from(*norm)).collect();
    (norms.len() > 1).then(|| gradient_norms::verdict_of(&norms))
}

/// A row as the trainer of the laboratory would report it. What was not measured is undefined.
fn report(row: &[f32], steps: usize) -> Report {
    let norms = row.get(HEAD..).unwrap_or_default();
    let at = |place: usize| {
        let t = (place * steps + (PROFILE - 1) / 2) / (PROFILE - 1);
        norms.get(t).copied().unwrap_or(f32::NAN)
    };
    Report {
        step: row.first().map_or(0, |step| *step as u64),
        loss: f64::NAN,
        accuracy: f64::NAN,
        learning_rate: f64::NAN,
        steps,
        norms: Vec::new(),
        update_log10: f64::NAN,
        profile: (0..PROFILE).map(at).collect(),
        spectrum: None,
        test: None,
        alarm: None,
        skipped: false,
        bytes: 0,
        recomputed: 0,
    }
}
