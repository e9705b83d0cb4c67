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
mod temporal_order;

use crate::math;
use crate::random::Stream;

/// One batch of sequences of one length.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Number of time steps.
    pub steps: usize,
    /// B: number of sequences, at least 1.
    pub batch_size: usize,
    /// steps * B * input_size values.
    pub inputs: Vec<f64>,
    /// What the outputs should be, at the steps of [`TaskLoss::at`].
    pub targets: TaskTargets,
    /// For each of the steps, whether its output needs memory: where [`TaskSpec::accuracy`] looks.
    pub mask: Vec<bool>,
}

/// What the outputs should be.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskTargets {
    /// Numbers, for a squared error.
    Values(Vec<f64>),
    /// Classes below output_size, for a cross entropy.
    Classes(Vec<usize>),
}

/// At which steps there are targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetsAt {
    /// At the last step only.
    Last,
    /// At every step.
    Every,
}

/// What is minimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskLoss {
    /// (1/B) Σ_b ‖y_T - target_b‖².
    SquaredErrorLast,
    /// (1/B) Σ_b -ln softmax(y_T)_{class_b}.
    CrossEntropyLast,
    /// (1/(steps B)) Σ_t Σ_b -ln softmax(y_t)_{class_tb}.
    CrossEntropyEvery,
}

impl TaskLoss {
    /// At which steps there are targets.
    pub fn at(self) -> TargetsAt {
        match self {
            Self::SquaredErrorLast | Self::CrossEntropyLast => TargetsAt::Last,
            Self::CrossEntropyEvery => TargetsAt::Every,
        }
    }

    /// The factor before the sum over steps and sequences, which makes it a mean.
    pub fn scale(self, steps: usize, batch_size: usize) -> f64 {
        match self.at() {
            TargetsAt::Last => 1.0 / batch_size as f64,
            TargetsAt::Every => 1.0 / (steps * batch_size) as f64,
        }
    }
}

/// A task, as data.
pub struct TaskSpec {
    /// The name in addresses and on the command line.
    pub slug: &'static str,
    /// The name in menus.
    pub title: &'static str,
    /// What is to be learnt, in a sentence.
    pub help: &'static str,
    /// Papers.
    pub source: &'static str,
    /// Features of an input.
    pub input_size: usize,
    /// Features of an output.
    pub output_size: usize,
    /// The smallest T.
    pub minimum_length: usize,
    /// What T counts, and over how many steps something is remembered.
    pub length_words: &'static str,
    /// Time steps of a sequence of length T.
    pub steps: fn(usize) -> usize,
    /// What is minimised.
    pub loss: TaskLoss,
    /// The loss, at length T, of the best prediction without memory.
    pub baseline: fn(usize) -> f64,
    /// That prediction, in words.
    pub baseline_words: &'static str,
    /// What the accuracy counts, in words.
    pub accuracy_words: &'static str,
    /// The accuracy of the best prediction without memory.
    pub chance_accuracy: f64,
    /// A batch of sequences of length T.
    pub generate: fn(usize, usize, &mut Stream) -> Batch,
    /// The share of the outputs of a network that are right.
    pub accuracy: fn(&Batch, &[f64]) -> f64,
}

impl TaskSpec {
    /// The batch of one training step: the same for the same (seed, step), whatever was drawn before.
    pub fn batch(&self, sequence_length: usize, batch_size: usize, seed: u64, step: u64) -> Batch {
        let mut stream = Stream::new(seed, &format!("task {} step {step}", self.slug));
        (self.generate)(sequence_length, batch_size, &mut stream)
    }

    /// The loss of a network's outputs (for cross entropies: logits).
    pub fn mean_loss(&self, batch: &Batch, outputs: &[f64]) -> f64 {
        let sum: f64 = match &batch.targets {
            TaskTargets::Values(targets) => targets.iter().zip(outputs).map(|(x, y)| (y - x) * (y - x)).sum(),
            TaskTargets::Classes(classes) => {
                outputs.chunks_exact(self.output_size).zip(classes).map(|(y, class)| cross_entropy(y, *class)).sum()
            }
        };
        sum * self.loss.scale(batch.steps, batch.batch_size)
    }
}

impl std::fmt::Debug for TaskSpec {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.slug)
    }
}

impl PartialEq for TaskSpec {
    fn eq(&self, other: &Self) -> bool {
        self.slug == other.slug
    }
}

/// All tasks, in the order of the menu.
pub static ALL: &[&TaskSpec] = &[&adding::SPEC, &copying::SPEC, &temporal_order::SPEC];

/// The task of that slug.
pub fn find(slug: &str) -> Option<&'static TaskSpec> {
    ALL.iter().find(|task| task.slug == slug).copied()
}

/// -ln softmax(y)_class, without overflow of the exponentials.
fn cross_entropy(logits: &[f64], class: usize) -> f64 {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logits.iter().map(|y| math::exp(y - largest)).sum();
    math::ln(sum) - (logits[class] - largest)
}

/// The share of the classes at the steps of the mask whose logit is the largest. Of equal logits the first counts;
/// where one is not a number, nothing is right.
fn share_of_right_classes(batch: &Batch, outputs: &[f64], output_size: usize) -> f64 {
    let TaskTargets::Classes(classes) = &batch.targets else { return 0.0 };
    let first_step = batch.steps - classes.len() / batch.batch_size;
    let (mut right, mut count) = (0, 0);
    for (index, (logits, class)) in outputs.chunks_exact(output_size).zip(classes).enumerate() {
        if batch.mask[first_step + index / batch.batch_size] {
            let is_largest =
                |(i, y): (usize, &f64)| if i < *class { *y < logits[*class] } else { *y <= logits[*class] };
            right += usize::from(logits.iter().enumerate().all(is_largest));
            count += 1;
        }
    }
    right as f64 / f64::from(count)
}

/// A mask of that many steps with the last so many true.
fn last_steps(steps: usize, count: usize) -> Vec<bool> {
    (0..steps).map(|t| t + count >= steps).collect()
}

/// A random index, uniform on 0..count; to one part in 2^53 / count.
fn random_below(count: usize, stream: &mut Stream) -> usize {
    (stream.uniform() * count as f64) as usize
}

#[cfg(test)]
mod tests {
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
                        assert!(classes.iter().all(|class| *class < task.output_size));
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
