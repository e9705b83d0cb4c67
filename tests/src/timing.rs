//! What the page's own User Timing measures say: how long one change takes from the settings to the last figure.

use std::fmt;

/// Times of single changes in milliseconds, sorted.
#[derive(Clone, Debug, PartialEq)]
pub struct Times(Vec<f64>);

impl Times {
    /// Sorts `times`; what is not a number is left out.
    pub fn new(times: impl IntoIterator<Item = f64>) -> Self {
        let mut times: Vec<f64> = times.into_iter().filter(|time| !time.is_nan()).collect();
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    /// The smallest time that at least `percent` of all do not exceed.
    pub fn percentile(&self, percent: f64) -> Option<f64> {
        let rank = (percent / 100.0 * self.0.len() as f64).ceil() as usize;
        self.0.get(rank.max(1) - 1).copied()
    }
}

impl fmt::Display for Times {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.percentile(50.0), self.percentile(95.0), self.0.last()) {
            (Some(half), Some(most), Some(longest)) => write!(
                formatter,
                "{} changes: half within {half:.1} ms, 95 % within {most:.1} ms, the longest {longest:.1} ms",
                self.0.len()
            ),
            _ => write!(formatter, "no measures named `update` or `draw:...` were found"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_95th_percentile_of_one_to_twenty_is_nineteen() {
        let times = Times::new((1..=20).rev().map(f64::from));
        assert_eq!(times.percentile(95.0), Some(19.0));
        assert_eq!(times.percentile(50.0), Some(10.0));
        assert_eq!(times.percentile(0.0), Some(1.0));
        assert_eq!(times.percentile(100.0), Some(20.0));
    }

    #[test]
    fn no_times_have_no_percentile() {
        assert_eq!(Times::new([]).percentile(95.0), None);
        assert_eq!(Times::new([f64::NAN]).percentile(95.0), None);
    }
}
