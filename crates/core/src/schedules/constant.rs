//! The learning rate as it was chosen.
//!
//! ```text
//! η_i = η
//! ```
use super::spec::{Schedule, ScheduleSpec};

/// Registry entry.
pub const SPEC: ScheduleSpec = ScheduleSpec {
    slug: "constant",
    title: "constant",
    equation: "η_i = η",
    source: "PyTorch, no scheduler",
    help: "Every step uses the learning rate that was chosen.",
    params: &[],
    build: |_| Box::new(Constant),
};

/// η_i = η at every step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant;

impl Schedule for Constant {
    fn rate(&self, base: f64, _step: u64) -> f64 {
        base
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_has_the_chosen_rate_to_the_bit() {
        assert!([0, 1, 1_000_000].into_iter().all(|step| Constant.rate(0.1, step) == 0.1));
    }
}
