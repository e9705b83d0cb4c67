//! A few milliseconds of work.

/// The time of one order.
pub struct Slice<'a> {
    /// Milliseconds.
    pub clock: &'a dyn Fn() -> f64,
    /// When it began.
    pub start: f64,
    /// Milliseconds that it is to take.
    pub budget: f64,
}

impl Slice<'_> {
    /// Whether no time is left.
    pub fn is_over(&self) -> bool {
        (self.clock)() - self.start >= self.budget
    }

    /// Goes on until there is nothing left to do, or no time; whether nothing is left.
    pub fn advance(&self, mut step: impl FnMut() -> bool) -> bool {
        while step() {
            if self.is_over() {
                return false;
            }
        }
        true
    }
}
