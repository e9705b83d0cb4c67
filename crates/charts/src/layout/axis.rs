//! From data to pixels and back, with gutters for what has no place on a scale: -∞, +∞.
use crate::scene::{Axis, Scale};

/// A pixel far outside of any screen that every backend can still compute with.
const FAR: f64 = 1e6;

/// The largest end of an axis: differences between two of them, and a little room around, are still finite.
const LARGEST: f64 = f64::MAX / 8.0;

/// What an axis has to hold: its finite range and whether infinities occur.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// The lower end of the finite part, less than `high`.
    pub low: f64,
    /// The upper end of the finite part.
    pub high: f64,
    /// Whether larger numbers lie towards the axis' beginning.
    pub flipped: bool,
    /// Whether -∞ occurs.
    pub gutter_low: bool,
    /// Whether +∞ occurs.
    pub gutter_high: bool,
}

impl Extent {
    /// The axis' own range, or one from the data with `room` (a share of the span) at both ends.
    pub fn new(axis: &Axis, data: impl IntoIterator<Item = f64>, room: f64) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut gutter_low, mut gutter_high) = (false, false);
        for value in data {
            if value.is_finite() {
                low = low.min(value);
                high = high.max(value);
            } else if value == f64::INFINITY {
                gutter_high = true;
            } else if value == f64::NEG_INFINITY {
                gutter_low = true;
            }
        }
        let given = axis.range.filter(|(from, to)| from.is_finite() && to.is_finite());
        let mut flipped = false;
        if let Some((from, to)) = given {
            flipped = from > to;
            (low, high) = (from.min(to), from.max(to));
        } else if low > high {
            (low, high) = (0.0, 0.0);
        }
        (low, high) = (low.clamp(-LARGEST, LARGEST), high.clamp(-LARGEST, LARGEST));
        let least = match axis.scale {
            Scale::Log10 if given.is_none() => 1.0,
            _ => (low.abs().max(high.abs()) * 1e-9).max(1e-290),
        };
        if high - low < least {
            let grow = match axis.scale {
                Scale::Log10 => (1.0 - (high - low)) / 2.0,
                Scale::Linear if low == 0.0 && high == 0.0 => 0.5,
                Scale::Linear => (low.abs().max(high.abs()) * 0.1).max(1e-280),
            };
            (low, high) = (low - grow, high + grow);
            if low >= high {
                // Beyond 2^53 decades: one unit no longer moves the number.
                (low, high) = (low - low.abs() * 0.1, high + high.abs() * 0.1);
            }
        }
        if given.is_none() && room > 0.0 {
            let span = high - low;
            (low, high) = (low - room * span, high + room * span);
        }
        Self { low, high, flipped, gutter_low, gutter_high }
    }
}

/// The map of one axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AxisMap {
    /// How numbers become places.
    pub scale: Scale,
    /// The lower end of the finite part.
    pub low: f64,
    /// The upper end of the finite part.
    pub high: f64,
    /// The pixel of `low`.
    pub pixel_low: f64,
    /// The pixel of `high`.
    pub pixel_high: f64,
    /// The middle of the gutter of -∞ (exact zero on a logarithmic axis), if it occurs.
    pub gutter_low: Option<f64>,
    /// The middle of the gutter of +∞, if it occurs.
    pub gutter_high: Option<f64>,
}

impl AxisMap {
    /// The map onto the pixels from `start` to `end`, gutters of `gutter` pixels included.
    pub fn new(scale: Scale, extent: &Extent, start: f64, end: f64, gutter: f64) -> Self {
        let (start, end) = if extent.flipped { (end, start) } else { (start, end) };
        let direction = if end >= start { 1.0 } else { -1.0 };
        let gutter = gutter.min((end - start).abs() / 4.0);
        let inset = |wanted: bool| if wanted { gutter * direction } else { 0.0 };
        // Nearer to the outer end, so that the gutter's tick keeps clear of the last tick of the scale.
        let middle = gutter * 0.42 * direction;
        Self {
            scale,
            low: extent.low,
            high: extent.high,
            pixel_low: start + inset(extent.gutter_low),
            pixel_high: end - inset(extent.gutter_high),
            gutter_low: extent.gutter_low.then_some(start + middle),
            gutter_high: extent.gutter_high.then_some(end - middle),
        }
    }

    /// The pixel of a number, `None` for NaN. Infinite numbers lie in their gutters, or far outside if there is none.
    pub fn to_pixel(&self, value: f64) -> Option<f64> {
        if value.is_nan() {
            return None;
        }
        let outwards = if self.pixel_high >= self.pixel_low { FAR } else { -FAR };
        if value == f64::NEG_INFINITY {
            return Some(self.gutter_low.unwrap_or(self.pixel_low - outwards));
        }
        if value == f64::INFINITY {
            return Some(self.gutter_high.unwrap_or(self.pixel_high + outwards));
        }
        let share = ((value - self.low) / (self.high - self.low)).clamp(-FAR, FAR);
        Some((self.pixel_low + share * (self.pixel_high - self.pixel_low)).clamp(-FAR, FAR))
    }

    /// The number at a pixel, within the finite range; `None` if the axis has no length.
    pub fn to_data(&self, pixel: f64) -> Option<f64> {
        let length = self.pixel_high - self.pixel_low;
        if length == 0.0 || !pixel.is_finite() {
            return None;
        }
        let share = ((pixel - self.pixel_low) / length).clamp(0.0, 1.0);
        Some((self.low * (1.0 - share) + self.high * share).clamp(self.low, self.high))
    }

    /// How far along the finite part a number lies, from the left or from the top: 0 to 1.
    pub fn share(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        if self.pixel_high >= self.pixel_low { share } else { 1.0 - share }
    }

    /// The number at such a share.
    pub fn at_share(&self, share: f64) -> f64 {
        let share = if self.pixel_high >= self.pixel_low { share } else { 1.0 - share };
        self.low * (1.0 - share) + self.high * share
    }

    /// The pixels of the finite part, in rising order.
    pub fn finite(&self) -> (f64, f64) {
        (self.pixel_low.min(self.pixel_high), self.pixel_low.max(self.pixel_high))
    }

    /// Whether a number has a place: within the range, or infinite with a gutter.
    pub fn holds(&self, value: f64) -> bool {
        if value.is_infinite() {
            return if value > 0.0 { self.gutter_high } else { self.gutter_low }.is_some();
        }
        let slack = (self.high - self.low) * 1e-9;
        value >= self.low - slack && value <= self.high + slack
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(range: Option<(f64, f64)>) -> Axis {
        Axis { range, ..Axis::log("y") }
    }

    #[test]
    fn a_logarithmic_axis_covers_at_least_a_decade() {
        let extent = Extent::new(&log(None), [3.0, 3.0], 0.0);
        assert_eq!((extent.low, extent.high), (2.5, 3.5));
    }

    #[test]
    fn infinities_widen_no_range_but_open_gutters() {
        let extent = Extent::new(&log(None), [0.0, -8.0, f64::NEG_INFINITY, f64::NAN], 0.0);
        assert_eq!((extent.low, extent.high, extent.gutter_low, extent.gutter_high), (-8.0, 0.0, true, false));
        let map = AxisMap::new(Scale::Log10, &extent, 100.0, 0.0, 20.0);
        assert_eq!((map.pixel_low, map.pixel_high), (80.0, 0.0));
        assert!(map.to_pixel(f64::NEG_INFINITY).unwrap() > 80.0);
        assert_eq!(map.to_pixel(f64::NAN), None);
    }

    #[test]
    fn an_axis_can_run_backwards() {
        let extent = Extent::new(&Axis::linear("t", 10.0, 0.0), [], 0.0);
        let map = AxisMap::new(Scale::Linear, &extent, 0.0, 100.0, 0.0);
        assert_eq!((map.to_pixel(10.0), map.to_pixel(0.0)), (Some(0.0), Some(100.0)));
        assert_eq!(map.to_data(25.0), Some(7.5));
    }

    #[test]
    fn an_axis_over_the_largest_doubles_still_has_a_middle() {
        let extent = Extent::new(&Axis { range: None, ..Axis::linear("y", 0.0, 0.0) }, [f64::MIN, f64::MAX], 0.05);
        let map = AxisMap::new(Scale::Linear, &extent, 0.0, 100.0, 0.0);
        assert_eq!(map.to_pixel(0.0), Some(50.0));
        assert_eq!(map.to_data(50.0), Some(0.0));
    }
}
