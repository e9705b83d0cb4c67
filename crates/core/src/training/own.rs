//! Sequences of the reader's own, as something to be learned.
//!
//! ```text
//! batch of update k   all B sequences, or as many of them as a batch has, drawn without repetition from (seed, k)
//! loss                as the file has it, scaled to the sequences of the batch
//! right               a class: the largest output is its own; numbers: ‖y − target‖ ≤ ¼ √(mean ‖target − m‖²), m their mean
//! guessing            always m, or the frequencies of the classes
//! ```
//!
//! They are learned and tested on: what a network makes of others is not known.
use crate::bptt::{Sequences, Targets};
use crate::math;
use crate::network::Network;
use crate::random::Stream;
use crate::studies::opened::SharedNetwork;
use crate::tasks::{Batch, TaskLoss, TaskSpec, TaskTargets};

/// The words of such a task; its sizes and numbers are those of [`OwnSequences`].
pub static OWN: TaskSpec = TaskSpec {
    slug: "own",
    title: "the file’s own sequences",
    help: "Learn the file’s own sequences, with the file’s loss.",
    source: "the reader",
    input_size: 1,
    output_size: 1,
    minimum_length: 1,
    length_words: "T is the number of steps of the file’s sequences.",
    steps: |length| length,
    loss: TaskLoss::SquaredErrorLast,
    baseline: |_| f64::NAN,
    baseline_words: "always predicting the same",
    accuracy_words: "share of the classes that are right, or of the numbers within a quarter of the targets’ deviation",
    chance_accuracy: 0.0,
    generate: |steps, batch_size, _| Batch {
        steps,
        batch_size,
        inputs: vec![0.0; steps * batch_size],
        targets: TaskTargets::Values(vec![0.0; batch_size]),
        mask: vec![true; steps],
    },
    accuracy: |_, _| 0.0,
};

/// What the best prediction without a look at the inputs comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// Its loss.
    pub loss: f64,
    /// The share of its right answers.
    pub accuracy: f64,
}

/// The sequences of an opened network.
#[derive(Clone, Debug)]
pub struct OwnSequences {
    given: SharedNetwork,
    guess: Guess,
    tolerance: f64,
}

impl PartialEq for OwnSequences {
    fn eq(&self, other: &Self) -> bool {
        self.given == other.given
    }
}

impl OwnSequences {
    /// Those of a network, if it has any that start from zeros.
    pub fn of(given: &SharedNetwork) -> Option<Self> {
        let sequences = given.sequences.as_ref()?;
        let from_zeros = sequences.hidden_start.iter().chain(&sequences.cell_start).all(|x| *x == 0.0);
        let width = given.network.output_size;
        if !from_zeros || matches!(sequences.targets, Targets::LogisticLast(_)) {
            return None;
        }
        let (sum, accuracy, tolerance) = match &sequences.targets {
            Targets::SquaredErrorLast(values) | Targets::SquaredErrorAll(values) => guess_numbers(values, width),
            Targets::CrossEntropyLast(classes) | Targets::CrossEntropyAll(classes) | Targets::LogisticLast(classes) => {
                let (sum, accuracy) = guess_classes(classes, width);
                (sum, accuracy, 0.0)
            }
        };
        let guess = Guess { loss: sum * sequences.loss_scale, accuracy };
        Some(Self { given: given.without_spectrum(), guess, tolerance })
    }

    pub(super) fn sequences(&self) -> &Sequences {
        // It has them: see `of`.
        static NONE: Sequences = Sequences {
            steps: 1,
            batch_size: 1,
            inputs: Vec::new(),
            hidden_start: Vec::new(),
            cell_start: Vec::new(),
            targets: Targets::SquaredErrorLast(Vec::new()),
            loss_scale: 1.0,
        };
        self.given.sequences.as_ref().unwrap_or(&NONE)
    }

    /// T: time steps.
    pub fn steps(&self) -> usize {
        self.sequences().steps
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.sequences().batch_size
    }

    /// Whether the loss looks at every step.
    pub fn looks_at_every(&self) -> bool {
        self.sequences().targets.at_every_step()
    }

    /// What guessing comes to.
    pub fn guess(&self) -> Guess {
        self.guess
    }

    /// At most so many of the sequences for an update: inputs, targets, and the factor before the loss.
    pub fn batch(&self, batch_size: usize, seed: u64, step: u64) -> (Batch, Targets, f64) {
        let all = self.sequences();
        let (count, size) = (all.batch_size, batch_size.min(all.batch_size));
        let mut picks: Vec<usize> = (0..count).collect();
        if size < count {
            let mut stream = Stream::new(seed, &format!("own sequences step {step}"));
            for place in 0..size {
                let other = place + (stream.uniform() * (count - place) as f64) as usize;
                picks.swap(place, other.min(count - 1));
            }
            picks.truncate(size);
        }
        let (inputs, outputs) = (self.given.network.input_size, self.given.network.output_size);
        let targets = match &all.targets {
            Targets::SquaredErrorLast(x) => Targets::SquaredErrorLast(rows(x, outputs, count, &picks)),
            Targets::SquaredErrorAll(x) => Targets::SquaredErrorAll(rows(x, outputs, count, &picks)),
            Targets::CrossEntropyLast(x) => Targets::CrossEntropyLast(rows(x, 1, count, &picks)),
            Targets::CrossEntropyAll(x) => Targets::CrossEntropyAll(rows(x, 1, count, &picks)),
            Targets::LogisticLast(x) => Targets::LogisticLast(rows(x, 1, count, &picks)),
        };
        let batch = Batch {
            steps: all.steps,
            batch_size: size,
            inputs: rows(&all.inputs, inputs, count, &picks),
            targets: TaskTargets::Values(Vec::new()),
            mask: Vec::new(),
        };
        (batch, targets, all.loss_scale * count as f64 / size as f64)
    }

    /// The share of the outputs that are right; nothing is where one is not a number.
    pub fn accuracy(&self, targets: &Targets, outputs: &[f64]) -> f64 {
        let width = self.given.network.output_size.max(1);
        let rows = outputs.chunks_exact(width);
        let count = rows.len().max(1);
        let right = match targets {
            Targets::SquaredErrorLast(wanted) | Targets::SquaredErrorAll(wanted) => {
                rows.zip(wanted.chunks_exact(width)).filter(|(y, wanted)| distance(y, wanted) <= self.tolerance).count()
            }
            Targets::CrossEntropyLast(classes) | Targets::CrossEntropyAll(classes) | Targets::LogisticLast(classes) => {
                let is_largest = |(y, class): &(&[f64], &usize)| y.iter().all(|other| *other <= y[**class]);
                rows.zip(classes).filter(is_largest).count()
            }
        };
        right as f64 / count as f64
    }
}

/// Of values of (steps, sequences, width) those of these sequences.
fn rows<T: Copy>(all: &[T], width: usize, count: usize, picks: &[usize]) -> Vec<T> {
    let steps = all.chunks_exact((width * count).max(1));
    steps.flat_map(|step| picks.iter().flat_map(move |i| &step[i * width..(i + 1) * width])).copied().collect()
}

fn distance(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

/// Of predicting the mean: the sum of the squared errors, the share of right answers, and what counts as right.
fn guess_numbers(values: &[f64], width: usize) -> (f64, f64, f64) {
    let rows = values.chunks_exact(width.max(1));
    let count = rows.len().max(1) as f64;
    let mut mean = vec![0.0; width];
    rows.clone().for_each(|row| mean.iter_mut().zip(row).for_each(|(mean, x)| *mean += x / count));
    let sum: f64 = rows.clone().map(|row| distance(row, &mean)).map(|distance| distance * distance).sum();
    let tolerance = 0.25 * (sum / count).sqrt();
    let right = rows.filter(|row| distance(row, &mean) <= tolerance).count();
    (sum, right as f64 / count, tolerance)
}

/// Of predicting how frequent the classes are: the sum of the cross entropies, and the share of right answers.
fn guess_classes(classes: &[usize], width: usize) -> (f64, f64) {
    let mut counts = vec![0.0; width];
    classes.iter().for_each(|class| counts[*class] += 1.0);
    let all = classes.len().max(1) as f64;
    let sum = classes.iter().map(|class| -math::ln(counts[*class] / all)).sum();
    (sum, counts.iter().copied().fold(0.0, f64::max) / all)
}

impl OwnSequences {
    /// Adds them to numbers that cross a thread.
    pub(super) fn write(&self, out: &mut Vec<f64>) {
        let all = self.sequences();
        let (kind, values): (f64, Vec<f64>) = match &all.targets {
            Targets::SquaredErrorLast(x) => (0.0, x.clone()),
            Targets::SquaredErrorAll(x) => (1.0, x.clone()),
            Targets::CrossEntropyLast(x) | Targets::LogisticLast(x) => (2.0, x.iter().map(|x| *x as f64).collect()),
            Targets::CrossEntropyAll(x) => (3.0, x.iter().map(|x| *x as f64).collect()),
        };
        out.extend([all.steps as f64, all.batch_size as f64, all.loss_scale, kind]);
        out.extend(&all.inputs);
        out.extend(values);
    }
}

/// The inverse of [`OwnSequences::write`], for a network; `None` for what is none.
pub(super) fn read(numbers: &[f64], network: &Network) -> Option<Sequences> {
    let (head, rest) = numbers.split_at_checked(4)?;
    let [steps, batch_size, loss_scale, kind] = *head else { return None };
    let (steps, batch_size) = (steps as usize, batch_size as usize);
    let (inputs, values) = rest.split_at_checked(steps * batch_size * network.input_size)?;
    let classes = || values.iter().map(|x| *x as usize).collect();
    let targets = match kind as u8 {
        0 => Targets::SquaredErrorLast(values.to_vec()),
        1 => Targets::SquaredErrorAll(values.to_vec()),
        2 => Targets::CrossEntropyLast(classes()),
        _ => Targets::CrossEntropyAll(classes()),
    };
    let (hidden_start, cell_start, inputs) = (Vec::new(), Vec::new(), inputs.to_vec());
    Some(Sequences { steps, batch_size, inputs, hidden_start, cell_start, targets, loss_scale })
}
