//! The copying memory problem.
//!
//! ```text
//! step      0 .. 9      10 .. T+8   T+9         T+10 .. T+19
//! input     s_1..s_10   blank       delimiter   blank           s_i uniform over 8 symbols
//! target    blank       blank       blank       s_1..s_10
//! ```
//!
//! Arjovsky, Shah and Bengio, "Unitary evolution recurrent neural networks" (2016), experiment "copying memory", after
//! Hochreiter and Schmidhuber (1997). Inputs are one-hot over 10 categories (8 symbols, the blank, the delimiter); outputs are logits
//! over 9, because the delimiter is never a target. The loss is the mean cross entropy over all T + 20 steps. Without
//! memory the best is the blank for T + 10 steps and then a uniform guess: 10 ln 8/(T + 20).
//!
//! T is the paper's: blanks and delimiter between the symbols and their copy, not the number of steps, which is T + 20.
//! The accuracy counts the ten copied symbols only.
use super::spec::{Batch, TaskLoss, TaskSpec, TaskTargets, last_steps, random_below, share_of_right_classes};
use crate::math;
use crate::random::Stream;

/// Registry entry.
pub const SPEC: TaskSpec = TaskSpec {
    slug: "copying",
    title: "copying memory",
    help: "Repeat ten symbols, in order, after a long wait.",
    source: "Arjovsky, Shah and Bengio 2016; Hochreiter and Schmidhuber 1997",
    input_size: SYMBOLS + 2,
    output_size: SYMBOLS + 1,
    minimum_length: 1,
    length_words: "T is the wait, of T + 20 steps in all; every symbol is remembered over T + 10 of them.",
    steps: |length| length.max(SPEC.minimum_length) + 2 * COPIED,
    loss: TaskLoss::CrossEntropyEvery,
    baseline: |length| COPIED as f64 * math::ln(SYMBOLS as f64) / (SPEC.steps)(length) as f64,
    baseline_words: "predicting blanks, and then each of the eight symbols with probability 1/8",
    accuracy_words: "share of the ten symbols that are right",
    chance_accuracy: 1.0 / SYMBOLS as f64,
    generate,
    accuracy: |batch, outputs| share_of_right_classes(batch, outputs, SPEC.output_size),
};

/// How many different symbols there are.
const SYMBOLS: usize = 8;
/// How many symbols are to be copied.
const COPIED: usize = 10;
/// The category after the symbols.
const BLANK: usize = SYMBOLS;
/// The category that announces the copy.
const DELIMITER: usize = SYMBOLS + 1;

fn generate(sequence_length: usize, batch_size: usize, stream: &mut Stream) -> Batch {
    let steps = (SPEC.steps)(sequence_length);
    let delay = steps - COPIED;
    let mut categories = vec![BLANK; steps * batch_size];
    let mut classes = categories.clone();
    for sequence in 0..batch_size {
        for i in 0..COPIED {
            let symbol = random_below(SYMBOLS, stream);
            categories[i * batch_size + sequence] = symbol;
            classes[(delay + i) * batch_size + sequence] = symbol;
        }
        categories[(delay - 1) * batch_size + sequence] = DELIMITER;
    }
    let mut inputs = vec![0.0; categories.len() * SPEC.input_size];
    for (one_hot, category) in inputs.chunks_exact_mut(SPEC.input_size).zip(categories) {
        one_hot[category] = 1.0;
    }
    Batch { steps, batch_size, inputs, targets: TaskTargets::Classes(classes), mask: last_steps(steps, COPIED) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(batch: &Batch) -> &[usize] {
        let TaskTargets::Classes(classes) = &batch.targets else { panic!("the copying problem has classes") };
        classes
    }

    /// The categories of the inputs of one sequence.
    fn categories(batch: &Batch, sequence: usize) -> Vec<usize> {
        let row = |t: usize| &batch.inputs[(t * batch.batch_size + sequence) * 10..][..10];
        (0..batch.steps)
            .map(|t| {
                assert_eq!(row(t).iter().sum::<f64>(), 1.0);
                row(t).iter().position(|x| *x == 1.0).unwrap()
            })
            .collect()
    }

    /// Logits that are certain of the blank where there is nothing to copy, and undecided over the symbols elsewhere.
    fn without_memory(batch: &Batch) -> Vec<f64> {
        let of = |copying: bool| (0..9).map(move |class| if (class == BLANK) == copying { -1e3 } else { 0.0 });
        let mut outputs = Vec::new();
        for t in 0..batch.steps {
            for _ in 0..batch.batch_size {
                outputs.extend(of(batch.mask[t]));
            }
        }
        outputs
    }

    #[test]
    fn ten_symbols_come_back_after_the_wait() {
        for length in [1, 2, 10, 33] {
            let batch = SPEC.batch(length, 5, 1, 0);
            assert_eq!(batch.steps, length + 20);
            for sequence in 0..5 {
                let inputs = categories(&batch, sequence);
                let targets: Vec<usize> = classes(&batch).iter().skip(sequence).step_by(5).copied().collect();
                assert!(inputs[..10].iter().all(|symbol| *symbol < 8));
                assert!(inputs[10..length + 9].iter().all(|category| *category == BLANK));
                assert_eq!(inputs[length + 9], DELIMITER);
                assert_eq!(inputs[length + 10..], [BLANK; 10]);
                assert!(targets[..length + 10].iter().all(|category| *category == BLANK));
                assert_eq!(targets[length + 10..], inputs[..10]);
            }
        }
    }

    #[test]
    fn the_baseline_is_the_papers_and_the_loss_of_a_guess_without_memory() {
        for (length, wanted) in [(10, math::LN_2), (20, 0.5199), (50, 0.2971), (100, 0.1733)] {
            let baseline = (SPEC.baseline)(length);
            assert!((baseline - wanted).abs() < 5e-5, "{length}: {baseline}");
            let batch = SPEC.batch(length, 3, 2, 0);
            assert!((SPEC.mean_loss(&batch, &without_memory(&batch)) - baseline).abs() < 1e-14);
        }
    }

    #[test]
    fn every_symbol_is_equally_frequent_at_every_place_so_that_no_constant_does_better() {
        const COUNT: usize = 8_000;
        let batch = SPEC.batch(1, COUNT, 3, 0);
        let error = 4.0 * (0.125 * 0.875 / COUNT as f64).sqrt();
        for place in classes(&batch).chunks(COUNT).skip(11) {
            for symbol in 0..SYMBOLS {
                let share = place.iter().filter(|class| **class == symbol).count() as f64 / COUNT as f64;
                assert!((share - 0.125).abs() < error, "{symbol}: {share}");
            }
        }
        let share = (SPEC.accuracy)(&batch, &without_memory(&batch));
        assert!((share - SPEC.chance_accuracy).abs() < error / 10.0f64.sqrt(), "{share}");
    }

    #[test]
    fn a_perfect_memory_loses_nothing() {
        let batch = SPEC.batch(4, 3, 4, 0);
        let perfect: Vec<f64> = classes(&batch)
            .iter()
            .flat_map(|class| (0..9).map(move |i| if i == *class { 0.0 } else { -1e3 }))
            .collect();
        assert_eq!(SPEC.mean_loss(&batch, &perfect), 0.0);
        assert_eq!((SPEC.accuracy)(&batch, &perfect), 1.0);
    }

    #[test]
    fn the_first_sequence_never_changes() {
        assert_eq!(categories(&SPEC.batch(2, 1, 1, 0), 0)[..10], [0, 2, 4, 3, 1, 4, 7, 4, 5, 4]);
    }
}
