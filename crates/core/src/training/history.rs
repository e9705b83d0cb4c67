//! What is kept of a run, however long it is: a bounded number of points of each curve.
use super::Report;

/// Points of a curve before neighbours are joined.
const POINTS: usize = 400;
/// Rows of the heat map before every other one is dropped.
const ROWS: usize = 96;

/// Some updates in a row, as one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The first of its updates.
    pub step: f64,
    /// The smallest value.
    pub low: f64,
    /// The mean of its values; NaN where all are undefined.
    pub mean: f64,
    /// The largest value.
    pub high: f64,
}

/// A curve over the updates of a run: a bounded number of points, each of equally many updates. Values that are not
/// finite are results: a mean with an infinite value is infinite; what is undefined is left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Values of a point.
    stride: usize,
    points: Vec<Point>,
    /// Values in the last point so far.
    filled: usize,
}

impl Default for Curve {
    fn default() -> Self {
        Self { stride: 1, points: Vec::new(), filled: 0 }
    }
}

impl Curve {
    /// Adds the value of an update.
    pub fn push(&mut self, step: f64, value: f64) {
        if value.is_nan() {
            return;
        }
        if self.filled == self.stride || self.points.is_empty() {
            if self.points.len() == POINTS {
                self.points = self.points.chunks(2).map(joined).collect();
                self.stride *= 2;
            }
            self.points.push(Point { step, low: value, mean: value, high: value });
            self.filled = 1;
        } else if let Some(last) = self.points.last_mut() {
            self.filled += 1;
            last.low = last.low.min(value);
            last.high = last.high.max(value);
            last.mean = if last.mean.is_finite() && value.is_finite() {
                last.mean + (value - last.mean) / self.filled as f64
            } else if last.mean.is_finite() {
                value
            } else {
                last.mean
            };
        }
    }

    /// The points, in order.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Updates that a point stands for.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// The mean of the newest point.
    pub fn last(&self) -> Option<f64> {
        self.points.last().map(|point| point.mean)
    }
}

fn joined(pair: &[Point]) -> Point {
    match pair {
        [a, b] => {
            let mean = if a.mean.is_finite() && b.mean.is_finite() {
                0.5 * (a.mean + b.mean)
            } else if a.mean.is_finite() {
                b.mean
            } else {
                a.mean
            };
            Point { step: a.step, low: a.low.min(b.low), mean, high: a.high.max(b.high) }
        }
        rest => rest[0],
    }
}

/// One row of the heat map.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatRow {
    /// The update that the profile is of, from 0.
    pub step: u64,
    /// [`Report::profile`].
    pub profile: Vec<f32>,
}

/// The curves of a run. Losses and norms as base-10 logarithms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// log10 of the loss of each batch.
    pub loss: Curve,
    /// The share of right answers on each batch.
    pub accuracy: Curve,
    /// log10 ‖dL/dθ‖ as backpropagation gave it.
    pub gradient: Curve,
    /// The same as the optimiser got it.
    pub gradient_after: Curve,
    /// log10 of the size of the update.
    pub update: Curve,
    /// The learning rate, as log10.
    pub learning_rate: Curve,
    /// The spectral radius of W_hh.
    pub radius: Curve,
    /// σ₁ of W_hh, of several gates' blocks the largest.
    pub norm: Curve,
    /// log10 of the loss on the sequences that are kept for tests.
    pub test_loss: Curve,
    /// The share of right answers there.
    pub test_accuracy: Curve,
    /// ‖dL/dh_t‖ over the times.
    pub heat: Vec<HeatRow>,
    heat_stride: u64,
    /// Updates that were reported.
    pub updates: u64,
    /// The newest report.
    pub newest: Option<Report>,
    /// Alarms so far, and the first update with one.
    pub alarms: u64,
    /// The update of the first alarm.
    pub first_alarm: Option<u64>,
    /// Updates that were left out.
    pub skipped: u64,
}

impl History {
    /// Takes note of an update.
    pub fn push(&mut self, report: Report) {
        let x = report.step as f64;
        let log10 = crate::math::log10;
        self.loss.push(x, log10(report.loss));
        self.accuracy.push(x, report.accuracy);
        self.gradient.push(x, report.gradient_log10());
        self.gradient_after.push(x, report.gradient_after_log10());
        self.update.push(x, report.update_log10);
        self.learning_rate.push(x, log10(report.learning_rate));
        if let Some(spectrum) = report.spectrum {
            self.radius.push(x, spectrum.radius);
            self.norm.push(x, spectrum.norm);
        }
        if let Some(test) = report.test {
            self.test_loss.push(x, log10(test.loss));
            self.test_accuracy.push(x, test.accuracy);
        }
        self.heat_stride = self.heat_stride.max(1);
        if report.step.is_multiple_of(self.heat_stride) {
            self.heat.push(HeatRow { step: report.step, profile: report.profile.clone() });
            if self.heat.len() > ROWS {
                self.heat_stride *= 2;
                let stride = self.heat_stride;
                self.heat.retain(|row| row.step % stride == 0);
            }
        }
        if report.alarm.is_some() {
            self.alarms += 1;
            self.first_alarm.get_or_insert(report.step);
        }
        self.skipped += u64::from(report.skipped);
        self.updates = report.step + 1;
        self.newest = Some(report);
    }

    /// Updates between two rows of the heat map.
    pub fn heat_stride(&self) -> u64 {
        self.heat_stride.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_curve_keeps_its_extremes_and_a_bounded_number_of_points() {
        let mut curve = Curve::default();
        for step in 0..100_000u32 {
            curve.push(f64::from(step), if step == 77_777 { 9.0 } else { 1.0 });
        }
        assert!(curve.points().len() <= POINTS && curve.points().len() > POINTS / 2 - 1);
        assert_eq!(curve.points().iter().map(|point| point.high).fold(0.0, f64::max), 9.0);
        assert!(curve.points().iter().all(|point| point.low == 1.0 && point.mean >= 1.0));
        assert!(curve.points().windows(2).all(|pair| pair[1].step - pair[0].step == curve.stride() as f64));
    }

    #[test]
    fn an_infinite_value_stays_and_an_undefined_one_is_left_out() {
        let mut curve = Curve::default();
        curve.push(0.0, f64::NAN);
        (0..2_000).for_each(|step| curve.push(f64::from(step), if step == 3 { f64::INFINITY } else { 0.0 }));
        assert_eq!(curve.points()[0].mean, f64::INFINITY);
        assert_eq!(curve.points()[1].mean, 0.0);
    }
}
