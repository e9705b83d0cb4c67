//! What came of a short run, by its accuracies alone.
//!
//! ```text
//! learned: the mean accuracy of the last 30 batches is at least 0.95
//! chance:  it is at most c + 0.2 (1 - c), where c is the accuracy of the best prediction without memory
//! ```
use super::Breakdown;

/// Batches whose mean accuracy says that it is right from them on.
const FEW: usize = 5;
/// From here on a run has learned its task.
const LEARNED: f64 = 0.95;
/// The share of the way from chance to always that still counts as chance.
const NEAR_CHANCE: f64 = 0.2;

/// What came of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// It learned its task.
    Learned {
        /// The first update from which on it is right as often as is asked for, for [`Verdict::LAST`] batches in a row.
        after: u64,
    },
    /// It is better than chance, and has not learned.
    Between {
        /// The mean accuracy of the last batches.
        accuracy: f64,
    },
    /// It is no better than the best prediction without memory, or hardly.
    Chance {
        /// The mean accuracy of the last batches.
        accuracy: f64,
    },
    /// It became infinite or not a number.
    Diverged {
        /// At that update.
        at: u64,
    },
}

impl Verdict {
    /// Batches whose mean accuracy decides.
    pub const LAST: usize = 30;

    /// Of the accuracies of all updates of a run; `chance`: that of the best prediction without memory.
    pub fn of(accuracies: &[f64], chance: f64, breakdown: Option<&Breakdown>) -> Self {
        if let Some(breakdown) = breakdown {
            return Self::Diverged { at: breakdown.step };
        }
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
        let accuracy = mean(&accuracies[accuracies.len().saturating_sub(Self::LAST)..]);
        if accuracy >= LEARNED {
            let width = Self::LAST.min(accuracies.len().max(1));
            let mut after = accuracies.windows(width).position(|batches| mean(batches) >= LEARNED).unwrap_or(0);
            // The first of those batches may still be wrong.
            while accuracies.get(after..after + FEW).is_some_and(|batches| mean(batches) < LEARNED) {
                after += 1;
            }
            return Self::Learned { after: after as u64 };
        }
        if accuracy <= chance + NEAR_CHANCE * (1.0 - chance) {
            Self::Chance { accuracy }
        } else {
            Self::Between { accuracy }
        }
    }

    /// Whether the task was learned.
    pub fn is_learned(&self) -> bool {
        matches!(self, Self::Learned { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::Place;

    fn run(parts: &[(usize, f64)]) -> Vec<f64> {
        parts.iter().flat_map(|(count, accuracy)| vec![*accuracy; *count]).collect()
    }

    #[test]
    fn the_last_thirty_batches_decide() {
        assert_eq!(Verdict::of(&run(&[(270, 0.5), (30, 1.0)]), 0.5, None), Verdict::Learned { after: 270 });
        assert_eq!(Verdict::of(&run(&[(140, 0.5), (160, 1.0)]), 0.5, None), Verdict::Learned { after: 140 });
        assert_eq!(Verdict::of(&run(&[(270, 1.0), (30, 0.5)]), 0.5, None), Verdict::Chance { accuracy: 0.5 });
        assert_eq!(Verdict::of(&run(&[(300, 0.75)]), 0.5, None), Verdict::Between { accuracy: 0.75 });
        assert_eq!(Verdict::of(&run(&[(300, 0.375)]), 0.25, None), Verdict::Chance { accuracy: 0.375 });
        assert!(!Verdict::of(&[], 0.5, None).is_learned());
    }

    #[test]
    fn a_run_that_became_infinite_has_learned_nothing() {
        let breakdown = Breakdown { step: 12, place: Place::Loss, before: Vec::new(), largest: None };
        assert_eq!(Verdict::of(&run(&[(300, 1.0)]), 0.5, Some(&breakdown)), Verdict::Diverged { at: 12 });
    }
}
