//! One run of a map, and what came of it.
use super::grid::at;
use crate::param::Settings;
use crate::training::{Trainer, Verdict};

/// Updates of a run: those of a short run of the workbench, so that both are the same.
pub const UPDATES: u64 = 300;

/// What came of a run; the rules stand with the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It learned its task.
    Learned,
    /// It did not, and its gradient never grew on its way back.
    Vanished,
    /// It did not, and its gradient grew on its way back once at least.
    Exploded,
    /// It became infinite or not a number.
    Diverged,
}

impl Outcome {
    /// In the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Learned, Self::Vanished, Self::Exploded, Self::Diverged];

    /// In a word or two.
    pub fn words(self) -> &'static str {
        ["learned", "not learned: vanished", "not learned: exploded", "diverged"][self as usize]
    }

    /// As a letter, for files.
    pub fn letter(self) -> char {
        ['L', 'v', 'x', 'D'][self as usize]
    }

    /// The outcome of a letter.
    pub fn of_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.letter() == letter)
    }
}

/// What is known of a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// What came of its run.
    pub outcome: Outcome,
    /// log10 (‖dL/dh_0‖ / ‖dL/dh_T‖) of the top layer in the first update: how much of the gradient arrives.
    pub gradient_log10: f64,
    /// The mean accuracy of the last batches; 0 after a breakdown, NaN where it was not kept.
    pub accuracy: f64,
}

/// What is known of a map, by [`Point::index`](super::Point::index).
pub type Known = Vec<Option<Found>>;

/// A run of a map, which can be made in slices.
pub struct Run {
    trainer: Trainer,
    accuracies: Vec<f64>,
    first: Option<f64>,
    has_grown: bool,
}

impl Run {
    /// A run of [`UPDATES`] with these settings.
    pub fn new(settings: &Settings) -> Self {
        let trainer = Trainer::new(settings).look_at_profile();
        Self { trainer, accuracies: Vec::new(), first: None, has_grown: false }
    }

    /// The share of its updates that are made.
    pub fn progress(&self) -> f64 {
        self.trainer.updates() as f64 / UPDATES as f64
    }

    /// One update; what came of the run, when it is over.
    pub fn advance(&mut self) -> Option<Found> {
        if self.trainer.updates() < UPDATES
            && let Some(report) = self.trainer.step()
        {
            self.accuracies.push(report.accuracy);
            if let (Some(first), Some(last)) = (report.profile.first(), report.profile.last()) {
                let arriving = f64::from(*first) - f64::from(*last);
                self.first.get_or_insert(arriving);
                self.has_grown |= arriving > 0.0;
            }
            return None;
        }
        let chance = self.trainer.plan().task.chance_accuracy;
        let breakdown = self.trainer.breakdown();
        let last = &self.accuracies[self.accuracies.len().saturating_sub(Verdict::LAST)..];
        let accuracy = last.iter().sum::<f64>() / last.len().max(1) as f64;
        let (outcome, accuracy) = match Verdict::of(&self.accuracies, chance, breakdown) {
            Verdict::Learned { .. } => (Outcome::Learned, accuracy),
            Verdict::Diverged { .. } => (Outcome::Diverged, 0.0),
            _ if self.has_grown => (Outcome::Exploded, accuracy),
            _ => (Outcome::Vanished, accuracy),
        };
        Some(Found { outcome, gradient_log10: self.first.unwrap_or(f64::NAN), accuracy })
    }

    /// The whole run at once.
    pub fn finish(mut self) -> Found {
        loop {
            if let Some(found) = self.advance() {
                return found;
            }
        }
    }
}

/// σ₁/|λ₁| of W_hh as a run starts, where both grow with the spectral radius and the cell is h = φ(a); `None` where gates, a
/// normalisation or another start make |λ₁|^T no measure of the gradient.
pub fn norm_beside_radius(of_map: &Settings) -> Option<f64> {
    /// Of a double radius.
    const DOUBLE: f64 = 2.0;
    let start = |radius| Trainer::new(&at(of_map, radius, 1));
    let trainer = start(1.0);
    let network = trainer.network();
    if network.cell.derivative_bound.is_none() || network.normalization.is_some() {
        return None;
    }
    let (one, two) = (trainer.spectrum(), start(DOUBLE).spectrum());
    ((two.radius / one.radius - DOUBLE).abs() < 1e-3).then_some(one.norm / one.radius)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::params::tests::settings;

    fn outcome(pairs: &[(&str, &str)], radius: f64, length: usize) -> Outcome {
        Run::new(&at(&settings(pairs), radius, length)).finish().outcome
    }

    #[test]
    fn a_map_has_all_four_outcomes() {
        assert_eq!(outcome(&[], 1.19, 5), Outcome::Learned);
        assert_eq!(outcome(&[], 0.75, 29), Outcome::Vanished);
        assert_eq!(outcome(&[], 1.62, 29), Outcome::Exploded);
        let grows = [("task", "adding"), ("activation", "relu"), ("learning-rate", "1")];
        assert_eq!(outcome(&grows, 2.0, 30), Outcome::Diverged);
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::of_letter(outcome.letter()), Some(outcome));
        }
    }

    #[test]
    fn the_lines_of_theory_need_a_matrix_that_the_radius_scales_and_no_gates() {
        assert!(norm_beside_radius(&settings(&[])).is_some_and(|ratio| (ratio - 1.0).abs() < 1e-5));
        let departs = settings(&[("recurrent", "spectrum"), ("departure", "3")]);
        assert!(norm_beside_radius(&departs).is_some_and(|ratio| ratio > 1.5));
        for without in [("orthogonal-init", "1"), ("lstm", "1"), ("cell", "gru")] {
            assert_eq!(norm_beside_radius(&settings(&[without])), None, "{without:?}");
        }
    }

    /// What eight seeds of PyTorch agree on (reference/workbench.json of the project): in each row all of them learned it, or
    /// none.
    #[test]
    fn the_verdicts_that_are_held_hold_in_the_map() {
        /// Matrix, T, whether clipped, radii, whether learned.
        type Row = (&'static [(&'static str, &'static str)], usize, bool, &'static [f64], bool);
        let symmetric: &[(&str, &str)] = &[];
        let orthogonal: &[(&str, &str)] = &[("recurrent", "orthogonal")];
        let held: [Row; 7] = [
            (symmetric, 30, false, &[0.6, 0.8], false),
            (symmetric, 30, true, &[0.6, 0.8], false),
            (symmetric, 30, true, &[1.0, 1.2, 1.6, 2.0, 3.0], true),
            (orthogonal, 50, false, &[0.6, 0.8, 2.0, 3.0], false),
            (orthogonal, 50, true, &[0.6, 0.8], false),
            (orthogonal, 50, true, &[1.0, 1.3, 1.6], true),
            (orthogonal, 50, true, &[3.0], false),
        ];
        for (matrix, length, clipped, radii, learned) in held {
            let mut pairs = matrix.to_vec();
            pairs.extend(clipped.then_some(("clip-norm", "1")));
            for radius in radii {
                let found = outcome(&pairs, *radius, length);
                assert_eq!(found == Outcome::Learned, learned, "{pairs:?}, ρ = {radius}, T = {length}: {found:?}");
                assert!(learned || *radius > 1.0 || found == Outcome::Vanished, "{pairs:?}, {radius}: {found:?}");
            }
        }
    }
}
