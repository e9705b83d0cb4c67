//! The words of learning a text; its sizes and numbers are those of the text.
use crate::tasks::{Batch, TaskLoss, TaskSpec, TaskTargets};

/// Predicting each next character.
pub static TEXT: TaskSpec = TaskSpec {
    slug: "text",
    title: "your own text",
    help: "Predict each next character of a text.",
    source: "the reader",
    input_size: 2,
    output_size: 2,
    minimum_length: 2,
    length_words: "T is the number of characters of a window.",
    steps: |length| length,
    loss: TaskLoss::CrossEntropyEvery,
    baseline: |_| f64::NAN,
    baseline_words: "predicting each character by its frequency",
    accuracy_words: "share of the characters that are predicted",
    chance_accuracy: 0.0,
    generate: |steps, batch_size, _| Batch {
        steps,
        batch_size,
        inputs: vec![0.0; 2 * steps * batch_size],
        targets: TaskTargets::Classes(vec![0; steps * batch_size]),
        mask: vec![true; steps],
    },
    accuracy: |_, _| 0.0,
};
