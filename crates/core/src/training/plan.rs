//! What a training run is built from: the remedies change it before anything is built.
use super::own::OwnSequences;
use crate::bptt::{Targets, Truncation};
use crate::cells::{CellSpec, Constants};
use crate::network::Normalization;
use crate::random::Stream;
use crate::recurrent::{Recipe, RecurrentSpec};
use crate::schedules::Schedule;
use crate::tasks::{Batch, TargetsAt, TaskSpec};
use crate::text::{Corpus, share_right};
use std::sync::Arc;

/// What the reader brought.
#[derive(Clone, Debug)]
pub enum Own {
    /// Sequences that came with a network.
    Sequences(Arc<OwnSequences>),
    /// A text.
    Text(Arc<Corpus>),
}

/// A run before it is built.
pub struct Plan {
    /// What is learned.
    pub task: &'static TaskSpec,
    /// What the reader brought, where that is learned: then the task has only the words.
    pub own: Option<Own>,
    /// T, in the unit that [`TaskSpec::length_words`] names.
    pub sequence_length: usize,
    /// B: sequences of an update.
    pub batch_size: usize,
    /// The cell of every layer.
    pub cell: &'static CellSpec,
    /// Its constants.
    pub constants: Constants,
    /// H: units of the state of each layer.
    pub hidden_size: usize,
    /// Recurrent layers, from 1.
    pub layers: usize,
    /// How W_hh is made.
    pub recurrent: &'static RecurrentSpec,
    /// g, and the other ingredients of the matrix.
    pub recipe: Recipe,
    /// The spectral radius that W_hh is scaled to.
    pub spectral_radius: Option<f64>,
    /// Whether the cell's two products are normalised.
    pub normalization: Option<Normalization>,
    /// The bias of the LSTM's forget gate.
    pub forget_bias: f64,
    /// How far back gradients go.
    pub truncation: Truncation,
    /// Gradient checkpointing: time steps of a segment.
    pub segment: Option<usize>,
    /// The strength of Pascanu's regulariser Ω.
    pub omega: Option<f64>,
    /// T at an update, where it is not always the same.
    pub curriculum: Option<Curriculum>,
    /// The learning rate over the updates.
    pub schedule: Box<dyn Schedule>,
}

/// Sequences, and what the network's outputs for them should be.
pub struct Lesson {
    /// The sequences.
    pub batch: Batch,
    /// What the outputs are compared with.
    pub targets: Targets,
    /// The factor before the loss.
    pub scale: f64,
}

impl Lesson {
    fn of(task: &TaskSpec, batch: Batch) -> Self {
        let targets = task.loss.targets(batch.targets.clone());
        let scale = task.loss.scale(batch.steps, batch.batch_size);
        Self { batch, targets, scale }
    }
}

impl From<(Batch, Targets, f64)> for Lesson {
    fn from((batch, targets, scale): (Batch, Targets, f64)) -> Self {
        Self { batch, targets, scale }
    }
}

/// The sequence length grows from `first` to T over so many updates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curriculum {
    /// The length at first.
    pub first: usize,
    /// The update from which on it is T.
    pub updates: u64,
    /// How many lengths there are.
    pub stages: usize,
}

impl Curriculum {
    /// The length at an update, for sequences that end up `last` long: `stages` lengths, evenly spaced.
    pub fn length(&self, update: u64, last: usize) -> usize {
        let (first, stages) = (self.first.min(last), self.stages.max(2) as u64);
        if update >= self.updates {
            return last;
        }
        // Stage 0 .. stages - 2 before `updates`, the last one from there on.
        let stage = update * (stages - 1) / self.updates.max(1);
        first + ((last - first) as u64 * stage / (stages - 1)) as usize
    }
}

impl Plan {
    /// T at an update.
    pub fn length(&self, update: u64) -> usize {
        let last = self.sequence_length.max(self.task.minimum_length);
        self.curriculum.map_or(last, |curriculum| curriculum.length(update, last).max(self.task.minimum_length))
    }

    /// Whether the loss looks at every step.
    pub fn looks_at_every(&self) -> bool {
        let of_task = self.task.loss.at() == TargetsAt::Every;
        match &self.own {
            None => of_task,
            Some(Own::Sequences(own)) => own.looks_at_every(),
            Some(Own::Text(_)) => true,
        }
    }

    /// The sequences of an update, of that length.
    pub fn lesson(&self, length: usize, seed: u64, step: u64) -> Lesson {
        match &self.own {
            None => Lesson::of(self.task, self.task.batch(length, self.batch_size, seed, step)),
            Some(Own::Sequences(own)) => Lesson::from(own.batch(self.batch_size, seed, step)),
            Some(Own::Text(text)) => Lesson::from(text.batch(length, self.batch_size, seed, step)),
        }
    }

    /// Sequences of the full length, at most so many, that are never trained on; of the reader's own there are no others.
    pub fn test(&self, most: usize, seed: u64) -> Lesson {
        match &self.own {
            None => {
                let length = self.sequence_length.max(self.task.minimum_length);
                let mut stream = Stream::new(seed, &format!("test of {}", self.task.slug));
                Lesson::of(self.task, (self.task.generate)(length, most, &mut stream))
            }
            Some(Own::Sequences(own)) => Lesson::from(own.batch(most.min(own.count()), seed, u64::MAX)),
            Some(Own::Text(text)) => Lesson::from(text.held_out(self.sequence_length, most)),
        }
    }

    /// The share of right answers in the outputs.
    pub fn accuracy(&self, lesson: &Lesson, outputs: &[f64]) -> f64 {
        match &self.own {
            None => (self.task.accuracy)(&lesson.batch, outputs),
            Some(Own::Sequences(own)) => own.accuracy(&lesson.targets, outputs),
            Some(Own::Text(text)) => match &lesson.targets {
                Targets::CrossEntropyAll(classes) => share_right(classes, outputs, text.classes()),
                _ => 0.0,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curriculum_rises_in_its_stages_and_ends_at_the_full_length() {
        let curriculum = Curriculum { first: 10, updates: 100, stages: 5 };
        let lengths: Vec<usize> = [0, 24, 25, 50, 75, 99, 100, 500].map(|update| curriculum.length(update, 50)).into();
        assert_eq!(lengths, [10, 10, 20, 30, 40, 40, 50, 50]);
        assert_eq!(Curriculum { first: 80, ..curriculum }.length(0, 50), 50);
    }
}
