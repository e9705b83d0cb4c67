//! The temporal order problem.
//!
//! ```text
//! symbols a b c d e f, one-hot;  one of a, b at a step of [T/10, 2T/10] and one at a step of [4T/10, 5T/10];
//! c, d, e, f at random elsewhere;  classes at step T: aa 0, ab 1, ba 2, bb 3
//! ```
//!
//! Hochreiter and Schmidhuber, "Long short-term memory" (1997), experiment 6a, in the form of Pascanu, Mikolov and Bengio,
//! "On the difficulty of training recurrent neural networks" (2013), section 4.1. Steps count from 0 and the ends of the
//! intervals are rounded down and included. (The program published with the second paper draws the second position
//! from [5T/10, 6T/10), as the first paper does.) Without memory all four classes are equally likely: ln 4.
use super::spec::{Batch, TaskLoss, TaskSpec, TaskTargets, last_steps, random_below, share_of_right_classes};
use crate::math;
use crate::random::Stream;
use std::ops::RangeInclusive;

/// Registry entry.
pub const SPEC: TaskSpec = TaskSpec {
    slug: "temporal-order",
    title: "temporal order",
    help: "Tell in which order two symbols came, each a or b, among many others.",
    source: "Pascanu, Mikolov and Bengio 2013, section 4.1; Hochreiter and Schmidhuber 1997, experiment 6a",
    input_size: DECIDING + DISTRACTING,
    output_size: DECIDING * DECIDING,
    // The shortest for which the two intervals have no step in common.
    minimum_length: 3,
    length_words: "T is the number of steps; the symbols are remembered over 8T/10 or more and T/2 or more of them.",
    steps: |length| length.max(SPEC.minimum_length),
    loss: TaskLoss::CrossEntropyLast,
    baseline: |_| math::ln((DECIDING * DECIDING) as f64),
    baseline_words: "each of the four orders with probability 1/4",
    accuracy_words: "share of the orders that are right",
    chance_accuracy: 1.0 / (DECIDING * DECIDING) as f64,
    generate,
    accuracy: |batch, outputs| share_of_right_classes(batch, outputs, SPEC.output_size),
};

/// How many symbols decide: a and b.
const DECIDING: usize = 2;
/// How many symbols distract: c, d, e and f.
const DISTRACTING: usize = 4;

/// The steps at which the two deciding symbols may stand.
fn intervals(steps: usize) -> [RangeInclusive<usize>; 2] {
    [steps / 10..=2 * steps / 10, 4 * steps / 10..=5 * steps / 10]
}

fn generate(sequence_length: usize, batch_size: usize, stream: &mut Stream) -> Batch {
    let steps = (SPEC.steps)(sequence_length);
    let mut inputs = vec![0.0; steps * batch_size * SPEC.input_size];
    let mut classes = Vec::with_capacity(batch_size);
    for sequence in 0..batch_size {
        let deciding = intervals(steps).map(|interval| {
            let position = interval.start() + random_below(interval.end() - interval.start() + 1, stream);
            (position, random_below(DECIDING, stream))
        });
        for t in 0..steps {
            let distracting = DECIDING + random_below(DISTRACTING, stream);
            let symbol =
                deciding.iter().find(|(position, _)| *position == t).map_or(distracting, |(_, symbol)| *symbol);
            inputs[(t * batch_size + sequence) * SPEC.input_size + symbol] = 1.0;
        }
        classes.push(DECIDING * deciding[0].1 + deciding[1].1);
    }
    Batch { steps, batch_size, inputs, targets: TaskTargets::Classes(classes), mask: last_steps(steps, 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(batch: &Batch) -> &[usize] {
        let TaskTargets::Classes(classes) = &batch.targets else { panic!("the temporal order problem has classes") };
        classes
    }

    /// The symbols of one sequence.
    fn symbols(batch: &Batch, sequence: usize) -> Vec<usize> {
        let row = |t: usize| &batch.inputs[(t * batch.batch_size + sequence) * 6..][..6];
        (0..batch.steps)
            .map(|t| {
                assert_eq!(row(t).iter().sum::<f64>(), 1.0);
                row(t).iter().position(|x| *x == 1.0).unwrap()
            })
            .collect()
    }

    #[test]
    fn worked_intervals() {
        assert_eq!(intervals(100), [10..=20, 40..=50]);
        assert_eq!(intervals(10), [1..=2, 4..=5]);
        assert_eq!(intervals(3), [0..=0, 1..=1]);
        assert!((3..300).all(|steps| intervals(steps)[0].end() < intervals(steps)[1].start()));
    }

    #[test]
    fn two_deciding_symbols_stand_in_their_intervals_and_name_the_class() {
        for length in [3, 4, 10, 57, 100] {
            let batch = SPEC.batch(length, 60, 1, 0);
            let mut seen = vec![false; length];
            for (sequence, class) in classes(&batch).iter().enumerate() {
                let symbols = symbols(&batch, sequence);
                let places: Vec<usize> = (0..length).filter(|t| symbols[*t] < 2).collect();
                assert_eq!(places.len(), 2);
                for (place, interval) in places.iter().zip(intervals(length)) {
                    assert!(interval.contains(place), "{length}: {place}");
                    seen[*place] = true;
                }
                assert_eq!(*class, 2 * symbols[places[0]] + symbols[places[1]]);
            }
            // 60 sequences reach every step of the short intervals.
            assert!(length > 10 || intervals(length).into_iter().flatten().all(|t| seen[t]), "{length}");
        }
    }

    #[test]
    fn undecided_outputs_lose_ln_4_and_no_class_is_more_frequent() {
        const COUNT: usize = 20_000;
        let batch = SPEC.batch(10, COUNT, 2, 0);
        let loss = SPEC.mean_loss(&batch, &vec![0.0; 4 * COUNT]);
        assert!((loss - (SPEC.baseline)(10)).abs() < 1e-12 && (loss - 1.3863).abs() < 1e-4, "{loss}");
        for class in 0..4 {
            let outputs: Vec<f64> = (0..4 * COUNT).map(|i| f64::from(u8::from(i % 4 == class))).collect();
            let share = (SPEC.accuracy)(&batch, &outputs);
            let error = 4.0 * (0.25 * 0.75 / COUNT as f64).sqrt();
            assert!((share - SPEC.chance_accuracy).abs() < error, "{class}: {share}");
        }
    }

    #[test]
    fn distracting_symbols_are_equally_frequent() {
        let batch = SPEC.batch(100, 100, 3, 0);
        let all: Vec<usize> = (0..100).flat_map(|sequence| symbols(&batch, sequence)).collect();
        for symbol in 2..6 {
            let share = all.iter().filter(|x| **x == symbol).count() as f64 / 9_800.0;
            assert!((share - 0.25).abs() < 4.0 * (0.25f64 * 0.75 / 9_800.0).sqrt(), "{symbol}: {share}");
        }
    }

    #[test]
    fn the_first_sequence_never_changes() {
        assert_eq!(symbols(&SPEC.batch(10, 1, 1, 0), 0), [5, 1, 2, 4, 2, 1, 3, 3, 5, 3]);
    }
}
