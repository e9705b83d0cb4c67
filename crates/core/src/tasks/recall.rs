//! Recall of the first symbol: the latching problem.
//!
//! ```text
//! x_1 = 1 or -1, each with probability 1/2;  x_t ~ N(0, 0.2²) for t = 2..T;  class at step T: 1 for x_1 = 1, 0 for -1
//! ```
//!
//! Bengio, Simard and Frasconi, "Learning long-term dependencies with gradient descent is difficult" (1994), section II: the
//! simplest task in which something has to be remembered, for any length of time, in spite of what comes in later. There the
//! first inputs are learned with the weights; here they are the symbol itself. One bit decides, so that one output is
//! enough, with a logistic loss. Without memory both classes are equally likely: ln 2.
use super::spec::{Batch, TaskLoss, TaskSpec, TaskTargets, last_steps};
use crate::math;
use crate::random::Stream;

/// Registry entry.
pub const SPEC: TaskSpec = TaskSpec {
    slug: "recall",
    title: "recall of the first symbol",
    help: "Say at the end whether a long noisy sequence began with +1 or with −1.",
    source: "Bengio, Simard and Frasconi 1994, section II: latching",
    input_size: 1,
    output_size: 1,
    minimum_length: 2,
    length_words: "T is the number of steps; the first input is remembered over T - 1 of them.",
    steps: |length| length.max(SPEC.minimum_length),
    loss: TaskLoss::LogisticLast,
    baseline: |_| math::LN_2,
    baseline_words: "each of the two symbols with probability 1/2",
    accuracy_words: "share of the symbols that are right",
    chance_accuracy: 0.5,
    generate,
    accuracy,
};

/// The standard deviation of all inputs but the first.
const NOISE: f64 = 0.2;

fn generate(sequence_length: usize, batch_size: usize, stream: &mut Stream) -> Batch {
    let steps = (SPEC.steps)(sequence_length);
    let mut inputs = vec![0.0; steps * batch_size];
    let mut classes = Vec::with_capacity(batch_size);
    for sequence in 0..batch_size {
        let class = usize::from(stream.uniform() < 0.5);
        inputs[sequence] = if class == 1 { 1.0 } else { -1.0 };
        for t in 1..steps {
            inputs[t * batch_size + sequence] = NOISE * stream.normal();
        }
        classes.push(class);
    }
    Batch { steps, batch_size, inputs, targets: TaskTargets::Classes(classes), mask: last_steps(steps, 1) }
}

/// The share of the outputs on the right side of 0, which itself counts as class 0; what is not a number is wrong.
fn accuracy(batch: &Batch, outputs: &[f64]) -> f64 {
    let TaskTargets::Classes(classes) = &batch.targets else { return 0.0 };
    let right = |(class, y): &(&usize, &f64)| if **class == 1 { **y > 0.0 } else { **y <= 0.0 };
    classes.iter().zip(outputs).filter(right).count() as f64 / batch.batch_size as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(batch: &Batch) -> &[usize] {
        let TaskTargets::Classes(classes) = &batch.targets else { panic!("recall has classes") };
        classes
    }

    #[test]
    fn the_first_input_names_the_class_and_the_others_are_noise() {
        const COUNT: usize = 2_000;
        let batch = SPEC.batch(11, COUNT, 1, 0);
        for (x, class) in batch.inputs.iter().zip(classes(&batch)) {
            assert_eq!(*x, [-1.0, 1.0][*class]);
        }
        let noise = &batch.inputs[COUNT..];
        assert_eq!(noise.len(), 10 * COUNT);
        let mean = noise.iter().sum::<f64>() / noise.len() as f64;
        let variance = noise.iter().map(|x| x * x).sum::<f64>() / noise.len() as f64;
        // Four standard errors of 20 000 draws: 4 · 0.2/√20000 and 4 · 0.04 √(2/20000).
        assert!(mean.abs() < 0.0057, "{mean}");
        assert!((variance - 0.04).abs() < 0.0016, "{variance}");
    }

    #[test]
    fn undecided_outputs_lose_ln_2_and_both_classes_are_equally_frequent() {
        const COUNT: usize = 20_000;
        let batch = SPEC.batch(2, COUNT, 2, 0);
        assert!((SPEC.mean_loss(&batch, &[0.0; COUNT]) - (SPEC.baseline)(2)).abs() < 1e-12);
        assert!(SPEC.mean_loss(&batch, &[0.1; COUNT]) > (SPEC.baseline)(2));
        let share = (SPEC.accuracy)(&batch, &[1.0; COUNT]);
        assert!((share - SPEC.chance_accuracy).abs() < 4.0 * (0.25 / COUNT as f64).sqrt(), "{share}");
    }

    #[test]
    fn an_output_is_right_on_its_side_of_zero_only() {
        let batch = Batch {
            steps: 2,
            batch_size: 4,
            inputs: Vec::new(),
            targets: TaskTargets::Classes(vec![1, 0, 1, 0]),
            mask: last_steps(2, 1),
        };
        assert_eq!((SPEC.accuracy)(&batch, &[0.1, -0.1, 9.0, 0.0]), 1.0);
        assert_eq!((SPEC.accuracy)(&batch, &[-0.1, 0.1, 0.0, -1.0]), 0.25);
        assert_eq!((SPEC.accuracy)(&batch, &[f64::NAN; 4]), 0.0);
    }

    #[test]
    fn the_first_sequence_never_changes() {
        let batch = SPEC.batch(3, 1, 1, 0);
        assert_eq!(
            (&batch.inputs[..], classes(&batch)),
            (&[1.0, -0.006682531175934591, -0.06621470634366611][..], &[1][..])
        );
    }
}
