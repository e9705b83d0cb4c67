//! What became of a run: whether it learnt its task.
use crate::tasks::TaskSpec;

/// Batches over which the accuracy is averaged.
pub const WINDOW: usize = 30;
/// The mean accuracy from which on a task counts as learnt.
pub const LEARNT: f64 = 0.95;
/// The share of the way from chance to 1 up to which an accuracy counts as chance.
pub const NEAR_CHANCE: f64 = 0.2;

/// What became of a run of so many updates, by the accuracies of their batches. Each batch is fresh, so that they are test
/// accuracies too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// How it ended.
    pub ending: Ending,
    /// The mean accuracy of the last [`WINDOW`] batches; NaN of a run without updates.
    pub accuracy: f64,
    /// The first update u such that the mean accuracy of the [`WINDOW`] batches u, u + 1, ... is at least [`LEARNT`]. What was
    /// learnt may be lost again: the ending says what is left.
    pub learned_after: Option<u64>,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The last [`WINDOW`] batches were right to [`LEARNT`] or more on average.
    Learned,
    /// More than chance, and not enough.
    Between,
    /// Not more than chance + [`NEAR_CHANCE`] · (1 - chance): 0.6 where chance is 1/2.
    Chance,
    /// The run became non-finite.
    Diverged {
        /// The update in which it did, from 0.
        update: u64,
    },
}

impl Verdict {
    /// The verdict on a run from the accuracy of every update, the first one first; `diverged`: the update of its
    /// [`Breakdown`](super::Breakdown), if it broke down. Of fewer than [`WINDOW`] updates, all count.
    pub fn of(task: &TaskSpec, accuracies: &[f64], diverged: Option<u64>) -> Self {
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let accuracy = mean(&accuracies[accuracies.len().saturating_sub(WINDOW)..]);
        let chance = task.chance_accuracy;
        let ending = match diverged {
            Some(update) => Ending::Diverged { update },
            None if accuracy >= LEARNT => Ending::Learned,
            None if accuracy > chance + NEAR_CHANCE * (1.0 - chance) => Ending::Between,
            None => Ending::Chance,
        };
        let learned_after = accuracies.windows(WINDOW).position(|window| mean(window) >= LEARNT);
        Self { ending, accuracy, learned_after: learned_after.map(|update| update as u64) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks;

    fn of(accuracies: &[f64], diverged: Option<u64>) -> Verdict {
        Verdict::of(tasks::find("recall").expect("a task"), accuracies, diverged)
    }

    /// So many updates with each accuracy.
    fn course(parts: &[(usize, f64)]) -> Vec<f64> {
        parts.iter().flat_map(|(count, accuracy)| vec![*accuracy; *count]).collect()
    }

    #[test]
    fn only_the_last_batches_decide_the_ending() {
        assert_eq!(of(&course(&[(270, 0.5), (30, 1.0)]), None).ending, Ending::Learned);
        assert_eq!(of(&course(&[(270, 1.0), (30, 0.5)]), None).ending, Ending::Chance);
        assert_eq!(of(&course(&[(271, 0.5), (29, 1.0)]), None).ending, Ending::Learned);
        assert_eq!(of(&course(&[(274, 0.5), (26, 1.0)]), None).ending, Ending::Between);
        let exact = of(&course(&[(273, 0.5), (27, 1.0)]), None);
        assert_eq!((exact.ending, exact.accuracy), (Ending::Learned, 0.95));
    }

    #[test]
    fn chance_is_a_fifth_of_the_way_to_one() {
        assert_eq!(of(&course(&[(30, 0.59)]), None).ending, Ending::Chance);
        assert_eq!(of(&course(&[(24, 0.5), (6, 1.0)]), None).ending, Ending::Chance);
        assert_eq!(of(&course(&[(23, 0.5), (7, 1.0)]), None).ending, Ending::Between);
        let copying = tasks::find("copying").expect("a task");
        assert_eq!(Verdict::of(copying, &course(&[(30, 0.29)]), None).ending, Ending::Chance);
        assert_eq!(Verdict::of(copying, &course(&[(30, 0.31)]), None).ending, Ending::Between);
    }

    #[test]
    fn a_task_is_learned_after_the_update_whose_next_batches_are_right() {
        let found = of(&course(&[(100, 0.5), (200, 1.0)]), None);
        // Three wrong batches among thirty leave 0.95.
        assert_eq!(found.learned_after, Some(97));
        assert_eq!(of(&course(&[(300, 1.0)]), None).learned_after, Some(0));
        assert_eq!(of(&course(&[(29, 1.0)]), None).learned_after, None);
        let lost = of(&course(&[(50, 1.0), (250, 0.5)]), None);
        assert_eq!((lost.ending, lost.learned_after), (Ending::Chance, Some(0)));
    }

    #[test]
    fn a_run_that_breaks_down_has_diverged_whatever_it_knew() {
        let found = of(&course(&[(40, 1.0)]), Some(39));
        assert_eq!(
            (found.ending, found.accuracy, found.learned_after),
            (Ending::Diverged { update: 39 }, 1.0, Some(0))
        );
        let nothing = of(&[], None);
        assert!(nothing.accuracy.is_nan() && nothing.learned_after.is_none());
        assert_eq!(nothing.ending, Ending::Chance);
    }
}
