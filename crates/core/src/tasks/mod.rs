//! The REGISTRY of training tasks of the literature: one file and one line each.
//!
//! A task needs something to be remembered over a time that one number T sets, the sequence length of its paper
//! ([`TaskSpec::length_words`] says what T counts; [`TaskSpec::steps`] how many time steps that makes). A length below
//! [`TaskSpec::minimum_length`] counts as the minimum everywhere.
//!
//! Every training step has a new batch from a stream of its own, named by task and step ([`TaskSpec::batch`]): a function
//! of (seed, step), so that a run can be resumed at any step, and no sequence is ever seen twice: the training loss is at
//! the same time a test loss. Within a batch one sequence is drawn after the other: a larger batch begins with the
//! sequences of a smaller one.
//!
//! Arrays are time-major, as in [`crate::bptt`]: `inputs[t][sequence][feature]`. Outputs and targets of a loss at the last
//! step are `[sequence][feature]`, those of a loss at every step `[t][sequence][feature]`; a class takes the place of a
//! target's features.
mod adding;
mod copying;
mod recall;
mod spec;
mod temporal_order;

pub use spec::{Batch, TargetsAt, TaskLoss, TaskSpec, TaskTargets};

/// All tasks, in the order of the menu.
pub static ALL: &[&TaskSpec] = &[&recall::SPEC, &adding::SPEC, &copying::SPEC, &temporal_order::SPEC];

/// The task of that slug.
pub fn find(slug: &str) -> Option<&'static TaskSpec> {
    ALL.iter().find(|task| task.slug == slug).copied()
}

#[cfg(test)]
mod tests {
    use super::spec::{cross_entropy, last_steps, logistic, share_of_right_classes};
    use super::*;

    #[test]
    fn every_batch_has_its_shapes_at_every_length_down_to_none() {
        for task in ALL {
            for length in (0..12).chain([37, 100]) {
                let batch = task.batch(length, 3, 1, 0);
                let counted = length.max(task.minimum_length);
                assert_eq!(batch, task.batch(counted, 3, 1, 0), "{task:?}");
                assert_eq!((batch.steps, batch.batch_size), ((task.steps)(counted), 3), "{task:?}");
                assert_eq!(((task.steps)(length), (task.baseline)(length)), (batch.steps, (task.baseline)(counted)));
                assert_eq!(batch.inputs.len(), batch.steps * 3 * task.input_size, "{task:?}");
                assert_eq!(batch.mask.len(), batch.steps, "{task:?}");
                assert!(batch.mask.last().is_some_and(|last| *last), "{task:?}");
                let rows = if task.loss.at() == TargetsAt::Last { 3 } else { batch.steps * 3 };
                match &batch.targets {
                    TaskTargets::Values(values) => {
                        assert_eq!(task.loss, TaskLoss::SquaredErrorLast);
                        assert_eq!(values.len(), rows * task.output_size);
                    }
                    TaskTargets::Classes(classes) => {
                        assert_ne!(task.loss, TaskLoss::SquaredErrorLast);
                        assert_eq!(classes.len(), rows);
                        let count = if task.loss == TaskLoss::LogisticLast { 2 } else { task.output_size };
                        assert!(classes.iter().all(|class| *class < count));
                        assert!(task.loss != TaskLoss::LogisticLast || task.output_size == 1);
                    }
                }
            }
        }
    }

    #[test]
    fn a_batch_is_a_function_of_seed_and_step() {
        for task in ALL {
            assert_eq!(task.batch(20, 4, 1, 5), task.batch(20, 4, 1, 5), "{task:?}");
            assert_ne!(task.batch(20, 4, 1, 5), task.batch(20, 4, 1, 6), "{task:?}");
            assert_ne!(task.batch(20, 4, 1, 5), task.batch(20, 4, 2, 5), "{task:?}");
        }
    }

    #[test]
    fn a_larger_batch_begins_with_the_sequences_of_a_smaller_one() {
        for task in ALL {
            let (small, large) = (task.batch(15, 2, 3, 0), task.batch(15, 5, 3, 0));
            let width = task.input_size;
            for (small, large) in small.inputs.chunks(2 * width).zip(large.inputs.chunks(5 * width)) {
                assert_eq!(small, &large[..2 * width], "{task:?}");
            }
        }
    }

    #[test]
    fn every_task_is_documented_and_found_by_its_name() {
        for task in ALL {
            assert_eq!(find(task.slug), Some(*task));
            let words =
                [task.title, task.help, task.source, task.length_words, task.baseline_words, task.accuracy_words];
            assert!(words.iter().all(|text| !text.is_empty()), "{task:?}");
        }
        assert_eq!(find("tea"), None);
    }

    #[test]
    fn worked_cross_entropies() {
        assert!((cross_entropy(&[0.0, 3.0f64.ln()], 1) - (4.0f64 / 3.0).ln()).abs() < 1e-15);
        assert_eq!(cross_entropy(&[-1e4, 1e4], 1), 0.0);
        assert_eq!(cross_entropy(&[-1e4, 1e4], 0), 2e4);
    }

    #[test]
    fn worked_logistic_losses() {
        assert!((logistic(3.0f64.ln(), 1) - (4.0f64 / 3.0).ln()).abs() < 1e-15);
        assert!((logistic(3.0f64.ln(), 0) - 4.0f64.ln()).abs() < 1e-15);
        assert_eq!((logistic(-1e4, 1), logistic(-1e4, 0)), (1e4, 0.0));
        assert!(logistic(f64::NAN, 1).is_nan());
    }

    #[test]
    fn the_first_of_equal_outputs_counts_and_what_is_not_a_number_is_wrong() {
        let batch = |class| Batch {
            steps: 2,
            batch_size: 1,
            inputs: Vec::new(),
            targets: TaskTargets::Classes(vec![class]),
            mask: last_steps(2, 1),
        };
        assert_eq!(share_of_right_classes(&batch(0), &[1.0, 1.0], 2), 1.0);
        assert_eq!(share_of_right_classes(&batch(1), &[1.0, 1.0], 2), 0.0);
        assert_eq!(share_of_right_classes(&batch(1), &[1.0, 1.5], 2), 1.0);
        assert_eq!(share_of_right_classes(&batch(1), &[f64::NAN, 1.5], 2), 0.0);
    }
}
