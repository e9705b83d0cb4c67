//! What becomes of the gradient on other random inputs.
use super::super::network::NetworkConfig;
use super::course::{Course, Fate};
use super::subject::Subject;
use super::treatments::SEQUENCES;
use crate::bptt::Truncation;

/// On how many sequences of random inputs what becomes of the gradient that the loss of the last step alone sends back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fates {
    /// Number of sequences on which it vanishes.
    pub vanishing: usize,
    /// Keeps its size.
    pub preserved: usize,
    /// Explodes.
    pub exploding: usize,
}

impl Fates {
    /// Of one more sequence.
    fn count(&mut self, fate: Fate) {
        *match fate {
            Fate::Vanishing => &mut self.vanishing,
            Fate::Preserved => &mut self.preserved,
            Fate::Exploding => &mut self.exploding,
        } += 1;
    }
}

/// Counts them: those of the layer on [`SEQUENCES`] sequences, the one whose course is known among them.
pub(super) fn fates(config: &NetworkConfig, layer: usize, subject: &Subject, course: &Course) -> Fates {
    let mut fates = Fates::default();
    fates.count(course.fate);
    for i in 1..SEQUENCES as u64 {
        let other = subject.on(config.other_sequences(&subject.network, i)).alone(0);
        fates.count(Course::new(other.run(Truncation::FULL, false).norms(layer)).fate);
    }
    fates
}

/// Multiplications of it, about.
pub(super) fn work(subject: &Subject) -> u64 {
    (SEQUENCES as u64 - 1) * subject.work()
}
