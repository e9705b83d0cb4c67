//! The adding problem.
//!
//! ```text
//! x_t = (v_t, m_t),  v_t ~ U(0, 1),  m_t = 1 at one step of each half and 0 elsewhere;  target Σ_t m_t v_t at step T
//! ```
//!
//! Hochreiter and Schmidhuber, "Long short-term memory" (1997), experiment 4, in the form of Le, Jaitly and Hinton (2015)
//! and of Arjovsky, Shah and Bengio, "Unitary evolution recurrent neural networks" (2016): the first marked step is
//! uniform in the first ⌊T/2⌋ steps, the second in the rest. The original draws from U(-1, 1), lets the length vary
//! between T and 1.1 T, marks a step among the first ten and one before T/2, and has the target 0.5 + sum/4. The sum of
//! two uniform numbers has mean 1 and variance 1/6: the mean squared error of predicting 1.
//!
//! A sequence counts as right if |error| < 0.04, the bound of Hochreiter and Schmidhuber; their targets lie in 0..1,
//! these in 0..2, so that it is twice as strict here. Predicting 1 is right with probability 1 - 0.96² = 0.0784.
use super::spec::{Batch, TaskLoss, TaskSpec, TaskTargets, last_steps, random_below};
use crate::random::Stream;

/// Registry entry.
pub const SPEC: TaskSpec = TaskSpec {
    slug: "adding",
    title: "adding problem",
    help: "Add the two numbers of a long sequence that are marked, one in each half.",
    source: "Hochreiter and Schmidhuber 1997; Le, Jaitly and Hinton 2015; Arjovsky, Shah and Bengio 2016",
    input_size: 2,
    output_size: 1,
    minimum_length: 2,
    length_words: "T is the number of steps; the first number is remembered over T/2 to T - 1 of them.",
    steps: |length| length.max(SPEC.minimum_length),
    loss: TaskLoss::SquaredErrorLast,
    baseline: |_| 1.0 / 6.0,
    baseline_words: "always predicting 1",
    accuracy_words: "share of the sums that are right to 0.04",
    chance_accuracy: 1.0 - (1.0 - TOLERANCE) * (1.0 - TOLERANCE),
    generate,
    accuracy,
};

/// How far from the sum an answer may be.
const TOLERANCE: f64 = 0.04;

fn generate(sequence_length: usize, batch_size: usize, stream: &mut Stream) -> Batch {
    let steps = (SPEC.steps)(sequence_length);
    let half = steps / 2;
    let mut inputs = vec![0.0; steps * batch_size * 2];
    let mut sums = Vec::with_capacity(batch_size);
    for sequence in 0..batch_size {
        let marked = [random_below(half, stream), half + random_below(steps - half, stream)];
        let mut sum = 0.0;
        for t in 0..steps {
            let value = stream.uniform();
            let at = (t * batch_size + sequence) * 2;
            inputs[at] = value;
            if marked.contains(&t) {
                inputs[at + 1] = 1.0;
                sum += value;
            }
        }
        sums.push(sum);
    }
    Batch { steps, batch_size, inputs, targets: TaskTargets::Values(sums), mask: last_steps(steps, 1) }
}

fn accuracy(batch: &Batch, outputs: &[f64]) -> f64 {
    let TaskTargets::Values(sums) = &batch.targets else { return 0.0 };
    let right = sums.iter().zip(outputs).filter(|(sum, output)| (*output - *sum).abs() < TOLERANCE).count();
    right as f64 / batch.batch_size as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(batch: &Batch) -> &[f64] {
        let TaskTargets::Values(sums) = &batch.targets else { panic!("the adding problem has values") };
        sums
    }

    #[test]
    fn one_step_of_each_half_is_marked_and_the_target_is_their_sum() {
        for length in [2, 3, 4, 9, 50] {
            let batch = SPEC.batch(length, 40, 1, 0);
            let mut seen = vec![false; length];
            for (sequence, target) in sums(&batch).iter().enumerate() {
                let input = |t: usize, feature: usize| batch.inputs[(t * 40 + sequence) * 2 + feature];
                let marked: Vec<usize> = (0..length).filter(|t| input(*t, 1) == 1.0).collect();
                assert_eq!(marked.len(), 2);
                assert!(marked[0] < length / 2 && marked[1] >= length / 2);
                assert_eq!(*target, input(marked[0], 0) + input(marked[1], 0));
                assert!((0..length).all(|t| (0.0..1.0).contains(&input(t, 0)) && [0.0, 1.0].contains(&input(t, 1))));
                marked.iter().for_each(|t| seen[*t] = true);
            }
            assert!(length > 9 || seen.iter().all(|seen| *seen), "{length}");
        }
    }

    #[test]
    fn always_predicting_one_loses_a_sixth_and_no_other_constant_less() {
        const COUNT: usize = 20_000;
        let batch = SPEC.batch(10, COUNT, 2, 0);
        let of = |constant: f64| SPEC.mean_loss(&batch, &[constant; COUNT]);
        // The fourth moment is 1/15: the variance of the squared error is 1/15 - 1/36.
        let error = 4.0 * ((1.0 / 15.0 - 1.0 / 36.0) / COUNT as f64).sqrt();
        assert!((of(1.0) - (SPEC.baseline)(10)).abs() < error, "{}", of(1.0));
        assert!(of(0.9) > of(1.0) && of(1.1) > of(1.0));
        let share = (SPEC.accuracy)(&batch, &[1.0; COUNT]);
        let p = SPEC.chance_accuracy;
        assert!((p - 0.0784).abs() < 1e-15);
        assert!((share - p).abs() < 4.0 * (p * (1.0 - p) / COUNT as f64).sqrt(), "{share}");
    }

    #[test]
    fn a_sum_is_right_within_the_tolerance_only() {
        let batch = SPEC.batch(5, 4, 3, 0);
        let off = |by: [f64; 4]| sums(&batch).iter().zip(by).map(|(sum, by)| sum + by).collect::<Vec<f64>>();
        assert_eq!((SPEC.accuracy)(&batch, &off([0.0, 0.039, -0.039, 0.0])), 1.0);
        assert_eq!((SPEC.accuracy)(&batch, &off([0.041, -0.041, f64::NAN, 0.0])), 0.25);
        assert_eq!(SPEC.mean_loss(&batch, &off([0.0; 4])), 0.0);
    }

    #[test]
    fn the_first_sequence_never_changes() {
        let batch = SPEC.batch(3, 1, 1, 0);
        assert_eq!(batch.inputs, [0.13178176386951412, 1.0, 0.9192393965455707, 1.0, 0.5492510004608158, 0.0]);
    }
}
