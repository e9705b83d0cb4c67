//! Somebody's own training, as it was measured elsewhere, as a run of the laboratory.
//!
//! ```text
//! row:    update, T of its batch, log10 ‖dL/dh_t‖ for t = 0..=T; before them as much NaN as the longest batch needs
//! losses: update, loss; update, loss; ...
//! about:  { "name": "nn.LSTM, 8 units", "width": numbers of a row, "guessing": what guessing without memory costs or null,
//!           "first": the first loss or null, "broke": [] or [update] for a loss, [update, t] for a gradient,
//!           "cost": "measuring took 4 ms each time" }
//! ```
use serde_json::Value;
use vanishing_charts::figures::gradient_norms;
use vanishing_charts::format;
use vanishing_charts::laboratory::{Lane, Yardstick};
use vanishing_core::training::{Breakdown, PROFILE, Place, Report};
use vanishing_core::{math, tasks};

/// Numbers of a row before those of the time steps.
const HEAD: usize = 2;

/// What was measured.
pub struct Measured<'a> {
    about: Value,
    width: usize,
    rows: &'a [f32],
    losses: &'a [f32],
}

impl<'a> Measured<'a> {
    /// Of what the model has; `None` where there is no row with a time step.
    pub fn new(about: &str, rows: &'a [f32], losses: &'a [f32]) -> Option<Self> {
        let about: Value = serde_json::from_str(about).ok()?;
        let width = about["width"].as_u64()? as usize;
        (width > HEAD + 1 && rows.len() >= width).then_some(Self { about, width, rows, losses })
    }

    /// T of the longest batch.
    fn steps(&self) -> usize {
        self.width - HEAD - 1
    }

    /// The run.
    pub fn lane(&self) -> Lane {
        let steps = self.steps();
        // What is learned is not known: of the tasks the one whose T is the number of steps lends its axis.
        let task = tasks::ALL.iter().copied().find(|task| (task.steps)(steps) == steps).unwrap_or(tasks::ALL[0]);
        let name = self.about["name"].as_str().unwrap_or_default();
        let mut lane = Lane::new("", name.to_owned(), task, steps);
        let known = |key: &str| self.about[key].as_f64();
        lane.yardstick = match known("guessing") {
            Some(loss) => Yardstick::Guessing(loss),
            None => Yardstick::First(known("first").unwrap_or(f64::NAN)),
        };
        self.rows.chunks_exact(self.width).for_each(|row| lane.history.push(report(row, steps)));
        for pair in self.losses.chunks_exact(2) {
            lane.history.loss.push(f64::from(pair[0]), math::log10(f64::from(pair[1])));
            lane.history.updates = lane.history.updates.max(pair[0] as u64 + 1);
        }
        lane.breakdown = self.breakdown();
        lane
    }

    /// Where it became non-finite and stayed so.
    fn breakdown(&self) -> Option<Breakdown> {
        let broke: Vec<u64> = self.about["broke"].as_array()?.iter().filter_map(Value::as_u64).collect();
        let place = match broke.get(1) {
            Some(t) => Place::Gradient(format!("h at time step {t}")),
            None => Place::Loss,
        };
        broke.first().map(|step| Breakdown { step: *step, place, before: Vec::new(), largest: None })
    }

    /// What the gradient does on its way back in the last row, in the words of chapter 3.
    pub fn verdict(&self) -> Option<String> {
        let last = self.rows.chunks_exact(self.width).next_back()?;
        let steps = (last[1] as usize).min(self.steps());
        let norms: Vec<f64> = last[self.width - steps - 1..].iter().map(|norm| f64::from(*norm)).collect();
        if steps == 0 {
            return None;
        }
        // Coming back from T, the first that is no number of its type any more.
        let lost = norms.iter().rposition(|norm| norm.is_nan() || *norm == f64::INFINITY);
        Some(match lost {
            None => gradient_norms::verdict_of(&norms),
            Some(t) if norms[t].is_nan() => {
                format!("over {steps} steps back the gradient is undefined (NaN) from time step {t} back: diverged")
            }
            Some(t) => format!(
                "over {steps} steps back the gradient grows beyond the range of its numbers at time step {t}: exploding"
            ),
        })
    }

    /// What is said of the loss where the laboratory has no words for it. There no loss is negative.
    pub fn of_the_loss(&self) -> Option<String> {
        let newest = f64::from(*self.losses.chunks_exact(2).next_back()?.get(1)?);
        (newest < 0.0).then(|| format!("loss {}, which is held against nothing: it is negative", format::short(newest)))
    }

    /// What measuring cost, if it is said.
    pub fn cost(&self) -> Option<&str> {
        self.about["cost"].as_str()
    }

    /// Whether there is a loss.
    pub fn has_losses(&self) -> bool {
        self.losses.len() > 1
    }
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
