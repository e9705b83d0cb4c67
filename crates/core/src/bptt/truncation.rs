//! How far back through time the gradient is followed.
//!
//! ```text
//! segment i = 1, 2, ...: the losses at times ((i-1) stride, i stride] are followed back to the state at i stride - window
//! ```
//!
//! Williams and Peng, "An efficient gradient-based algorithm for on-line training of recurrent network trajectories"
//! (1990), BPTT(h; h') with h = window and h' = stride. The state entering a segment is detached: what flows further back
//! is dropped, so that its own gradient counts as zero. The forward pass is the same for all.

/// The window and the stride of truncated backpropagation through time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truncation {
    /// Steps that a segment reaches back, at least 1.
    pub window: usize,
    /// Steps between the ends of segments, 1 ..= window, except in [`Truncation::last`].
    pub stride: usize,
}

/// One backward pass over part of the sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The losses at times after this one, up to and with `end`, belong to the segment.
    pub losses_after: usize,
    /// Where the pass begins.
    pub end: usize,
    /// The time of the state where it stops: detached if it is not the first.
    pub boundary: usize,
}

impl Truncation {
    /// No truncation: every loss is followed back to the first state.
    pub const FULL: Self = Self { window: usize::MAX, stride: usize::MAX };

    /// The sequence is cut into chunks of k steps; no gradient passes from one to the one before (`detach()` in PyTorch).
    pub fn chunks(k: usize) -> Self {
        Self { window: k.max(1), stride: k.max(1) }
    }

    /// Only the last k steps are followed, for a loss at the last step.
    pub fn last(k: usize) -> Self {
        Self { window: k.max(1), stride: usize::MAX }
    }

    /// Each loss is followed back over k steps: a pass of its own for each time with a loss.
    pub fn sliding(k: usize) -> Self {
        Self { window: k.max(1), stride: 1 }
    }

    /// The segments of a sequence of `steps` steps, in the order of their ends.
    pub fn segments(self, steps: usize) -> impl Iterator<Item = Segment> {
        let (stride, window) = (self.stride.clamp(1, steps.max(1)), self.window.max(1));
        (0..steps.div_ceil(stride)).map(move |i| {
            let end = (i + 1) * stride;
            Segment { losses_after: i * stride, end: end.min(steps), boundary: end.saturating_sub(window) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(truncation: Truncation, steps: usize) -> Vec<(usize, usize, usize)> {
        truncation.segments(steps).map(|s| (s.losses_after, s.end, s.boundary)).collect()
    }

    #[test]
    fn chunks_meet_and_the_last_may_be_shorter() {
        assert_eq!(list(Truncation::chunks(5), 12), [(0, 5, 0), (5, 10, 5), (10, 12, 10)]);
        assert_eq!(list(Truncation::chunks(20), 12), [(0, 12, 0)]);
    }

    #[test]
    fn the_last_steps_are_one_segment_and_a_sliding_window_has_one_for_each_time() {
        assert_eq!(list(Truncation::last(5), 12), [(0, 12, 7)]);
        assert_eq!(list(Truncation::sliding(2), 4), [(0, 1, 0), (1, 2, 0), (2, 3, 1), (3, 4, 2)]);
        assert_eq!(list(Truncation::FULL, 12), [(0, 12, 0)]);
    }

    #[test]
    fn windows_longer_than_their_stride_overlap() {
        assert_eq!(list(Truncation { window: 4, stride: 2 }, 5), [(0, 2, 0), (2, 4, 0), (4, 5, 2)]);
    }
}
