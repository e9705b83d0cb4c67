//! What every task of the registry is: its batches, its loss, and the data that menus are made from.
use crate::bptt::Targets;
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
    /// Classes: below output_size for a cross entropy, 0 or 1 for a logistic loss.
    Classes(Vec<usize>),
}

/// At which steps there are targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetsAt {
    /// At the last step only.
    Last,
    /// At every step, those before the last that needs memory included.
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
    /// (1/B) Σ_b ln(1 + exp(-s_b y_T)), s_b = 1 for class 1 and -1 for class 0, of one output.
    LogisticLast,
}

impl TaskLoss {
    /// At which steps there are targets.
    pub fn at(self) -> TargetsAt {
        match self {
            Self::SquaredErrorLast | Self::CrossEntropyLast | Self::LogisticLast => TargetsAt::Last,
            Self::CrossEntropyEvery => TargetsAt::Every,
        }
    }

    /// What the backward pass compares the outputs with.
    pub fn targets(self, targets: TaskTargets) -> Targets {
        match (targets, self.at()) {
            (TaskTargets::Classes(classes), _) if self == Self::LogisticLast => Targets::LogisticLast(classes),
            (TaskTargets::Values(values), TargetsAt::Last) => Targets::SquaredErrorLast(values),
            (TaskTargets::Values(values), TargetsAt::Every) => Targets::SquaredErrorAll(values),
            (TaskTargets::Classes(classes), TargetsAt::Last) => Targets::CrossEntropyLast(classes),
            (TaskTargets::Classes(classes), TargetsAt::Every) => Targets::CrossEntropyAll(classes),
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
    /// What is to be learned, in a sentence.
    pub help: &'static str,
    /// The papers that the task and its numbers are from.
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

    /// The loss of a network's outputs (for cross entropies and the logistic loss: logits).
    pub fn mean_loss(&self, batch: &Batch, outputs: &[f64]) -> f64 {
        let sum: f64 = match &batch.targets {
            TaskTargets::Values(targets) => targets.iter().zip(outputs).map(|(x, y)| (y - x) * (y - x)).sum(),
            TaskTargets::Classes(classes) if self.loss == TaskLoss::LogisticLast => {
                outputs.iter().zip(classes).map(|(y, class)| logistic(*y, *class)).sum()
            }
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

/// -ln softmax(y)_class, without overflow of the exponentials.
pub(super) fn cross_entropy(logits: &[f64], class: usize) -> f64 {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logits.iter().map(|y| math::exp(y - largest)).sum();
    math::ln(sum) - (logits[class] - largest)
}

/// ln(1 + exp(-s y)) with s = 1 for class 1 and -1 for class 0, without overflow of the exponential.
pub(super) fn logistic(y: f64, class: usize) -> f64 {
    let against = if class == 1 { -y } else { y };
    against.max(0.0) + math::ln_1p(math::exp(-against.abs()))
}

/// The share of the classes at the steps of the mask whose logit is the largest. Of equal logits the first counts;
/// where one is not a number, nothing is right.
pub(super) fn share_of_right_classes(batch: &Batch, outputs: &[f64], output_size: usize) -> f64 {
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
pub(super) fn last_steps(steps: usize, count: usize) -> Vec<bool> {
    (0..steps).map(|t| t + count >= steps).collect()
}

/// A random index, uniform on 0..count; to one part in 2^53 / count.
pub(super) fn random_below(count: usize, stream: &mut Stream) -> usize {
    (stream.uniform() * count as f64) as usize
}
