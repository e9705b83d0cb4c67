//! Places and texts of ticks: 1-2-5 steps, whole decades, few and round.
use super::axis::AxisMap;
use crate::format;
use crate::scene::Scale;
use crate::style::text_width;
use vanishing_core::math;

/// A mark on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// The number, in axis units (a logarithm on a logarithmic axis); infinite in a gutter.
    pub value: f64,
    /// Its pixel along the axis.
    pub pixel: f64,
    /// What is written there, in lines; empty for minor ticks.
    pub text: String,
}

/// How much room the texts of ticks take along their axis.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Size of the font.
    pub font_size: f64,
    /// Whether the texts stand side by side (x axis) or one above the other (y axis).
    pub side_by_side: bool,
    /// The least gap between texts.
    pub gap: f64,
    /// The most ticks wanted.
    pub most: usize,
}

/// From line to line of a tick's text, in units of the font's size.
pub const LINE: f64 = 1.12;

impl Room {
    fn extent(&self, text: &str) -> f64 {
        let lines = text.split('\n');
        if self.side_by_side {
            lines.map(|line| text_width(line, self.font_size)).fold(0.0, f64::max)
        } else {
            self.font_size * (1.1 + LINE * (lines.count().max(1) - 1) as f64)
        }
    }

    fn fits(&self, ticks: &[Tick]) -> bool {
        ticks.windows(2).all(|pair| match pair {
            [one, two] => {
                (one.pixel - two.pixel).abs() >= (self.extent(&one.text) + self.extent(&two.text)) / 2.0 + self.gap
            }
            _ => true,
        })
    }
}

/// The ticks of an axis: labelled ones in rising order, gutters included, then minor ones without text.
pub fn ticks(map: &AxisMap, given: Option<&[(f64, String)]>, room: &Room) -> Vec<Tick> {
    let mut minor = Vec::new();
    let mut major = match (given, map.scale) {
        (Some(given), _) => thinned(map, given, room),
        (None, Scale::Linear) => linear(map, room),
        (None, Scale::Log10) => {
            let (major, unlabelled) = logarithmic(map, room);
            minor = unlabelled;
            major
        }
    };
    let low = if map.scale == Scale::Log10 { "0" } else { "−∞" };
    for (gutter, value, text) in [(map.gutter_low, f64::NEG_INFINITY, low), (map.gutter_high, f64::INFINITY, "∞")] {
        let Some(pixel) = gutter else { continue };
        let tick = Tick { value, pixel, text: text.into() };
        major.retain(|other| {
            (other.pixel - pixel).abs() >= (room.extent(&other.text) + room.extent(text)) / 2.0 + room.gap * 0.2
        });
        major.push(tick);
    }
    major.extend(minor);
    major
}

fn place(map: &AxisMap, value: f64, text: String) -> Option<Tick> {
    map.to_pixel(value).filter(|_| map.holds(value)).map(|pixel| Tick { value, pixel, text })
}

/// Given ticks, every one if there is room, else every second, third, ...
fn thinned(map: &AxisMap, given: &[(f64, String)], room: &Room) -> Vec<Tick> {
    let all: Vec<Tick> = given
        .iter()
        .filter(|(value, _)| value.is_finite())
        .filter_map(|(value, text)| place(map, *value, text.clone()))
        .collect();
    let all = vanishing_core::order::sorted_by_key(all, |tick| tick.value);
    for step in 1..=all.len() {
        let some: Vec<Tick> = all.iter().step_by(step).cloned().collect();
        if room.fits(&some) {
            return some;
        }
    }
    Vec::new()
}

/// 1-2-5 steps, as many as fit and are wanted.
fn linear(map: &AxisMap, room: &Room) -> Vec<Tick> {
    let span = map.high - map.low;
    let mut best = Vec::new();
    for wanted in 1..=room.most.max(2) {
        let some = steps(map.low, map.high, round_step(span / wanted as f64))
            .filter_map(|(value, step)| place(map, value, format::tick(value, step)))
            .collect::<Vec<_>>();
        if some.len() > best.len() && some.len() <= room.most.max(2) && room.fits(&some) {
            best = some;
        }
    }
    best
}

/// The least of 1, 2, 5 times a power of ten that is not less than `at_least`.
fn round_step(at_least: f64) -> f64 {
    let decade = math::powf(10.0, math::log10(at_least).floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * decade)
        .find(|step| *step >= at_least * 0.999_999)
        .unwrap_or(at_least)
}

/// Multiples of `step` in a range, at most some dozens, each with the step.
fn steps(low: f64, high: f64, step: f64) -> impl Iterator<Item = (f64, f64)> {
    let slack = 1e-9;
    let first = (low / step - slack).ceil();
    let last = (high / step + slack).floor();
    let count = if first.is_finite() && last.is_finite() && first.abs() < 9e15 && last.abs() < 9e15 {
        (last - first + 1.0).clamp(0.0, 64.0) as usize
    } else {
        0
    };
    (0..count).map(move |index| ((first + index as f64) * step, step))
}

/// Whole decades in steps of 1, 2, 5, 10, ...; 1-2-5 within the decades of a short axis.
fn logarithmic(map: &AxisMap, room: &Room) -> (Vec<Tick>, Vec<Tick>) {
    let span = map.high - map.low;
    let minor: Vec<Tick> =
        if span <= 3.0 { mantissas(map, &[2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]) } else { Vec::new() };
    let unlabelled = || minor.iter().map(|tick| Tick { text: String::new(), ..tick.clone() }).collect::<Vec<_>>();
    let mut coarse = Vec::new();
    let mut step = 1.0;
    for _ in 0..64 {
        let some: Vec<Tick> =
            steps(map.low, map.high, step).filter_map(|(value, _)| place(map, value, power(value))).collect();
        // Four to seven labels where they fit; two are better than one.
        let enough = some.len() <= room.most.clamp(4, 7) && room.fits(&some);
        if enough && !some.is_empty() && span / step < 64.0 {
            coarse = some;
            break;
        }
        step = next_step(step);
    }
    if span <= 2.2 || coarse.len() < 3 {
        for within in [&[1.0, 2.0, 5.0][..], &[1.0, 3.0][..]] {
            let some = mantissas(map, within);
            if span < 4.0 && room.fits(&some) && some.len() > coarse.len() && some.len() <= room.most.max(5) + 1 {
                let written: Vec<f64> = some.iter().map(|tick| tick.value).collect();
                let mut rest = unlabelled();
                rest.retain(|tick| !written.contains(&tick.value));
                return (some, rest);
            }
        }
    }
    if coarse.len() < 2 && span < 1.5 && map.low.abs() < 290.0 && map.high.abs() < 290.0 {
        let some = fractions(map, room);
        if some.len() > coarse.len() {
            return (some, Vec::new());
        }
    }
    (coarse, unlabelled())
}

fn next_step(step: f64) -> f64 {
    // 1 -> 2 -> 3 -> 5 -> 10 -> 20 -> 50 -> 100 ...
    let decade = math::powf(10.0, (math::log10(step) + 1e-9).floor()).round();
    match (step / decade).round() as i64 {
        1 => 2.0 * decade,
        2 if decade == 1.0 => 3.0,
        2 | 3 => 5.0 * decade,
        _ => 10.0 * decade,
    }
}

fn power(value: f64) -> String {
    if value.abs() < 9e15 { format::decade(value.round() as i64) } else { format::log10_value(value) }
}

/// Ticks at the given multiples of every decade.
fn mantissas(map: &AxisMap, multiples: &[f64]) -> Vec<Tick> {
    let first = map.low.floor();
    let decades = (map.high - first).clamp(0.0, 6.0).floor() as usize + 1;
    (0..decades)
        .flat_map(|decade| multiples.iter().map(move |multiple| first + decade as f64 + math::log10(*multiple)))
        .filter_map(|value| place(map, value, format::log10_value(value)))
        .collect()
}

/// On less than about a decade: 1-2-5 steps of the numbers themselves.
fn fractions(map: &AxisMap, room: &Room) -> Vec<Tick> {
    let (low, high) = (math::powf(10.0, map.low), math::powf(10.0, map.high));
    let mut best = Vec::new();
    for wanted in 1..=room.most.max(2) {
        let some: Vec<Tick> = steps(low, high, round_step((high - low) / wanted as f64))
            .filter(|(value, _)| *value > 0.0)
            .filter_map(|(value, step)| place(map, math::log10(value), format::tick(value, step)))
            .collect();
        if some.len() > best.len() && some.len() <= room.most.max(2) && room.fits(&some) {
            best = some;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::axis::Extent;
    use super::*;
    use crate::scene::Axis;

    fn texts(axis: &Axis, length: f64) -> Vec<String> {
        let map = AxisMap::new(axis.scale, &Extent::new(axis, [], 0.0), length, 0.0, 20.0);
        let room = Room { font_size: 12.0, side_by_side: false, gap: 10.0, most: 7 };
        ticks(&map, axis.ticks.as_deref(), &room)
            .into_iter()
            .filter(|tick| !tick.text.is_empty())
            .map(|tick| tick.text)
            .collect()
    }

    fn log(low: f64, high: f64) -> Axis {
        Axis { range: Some((low, high)), ..Axis::log("y") }
    }

    #[test]
    fn a_linear_axis_counts_in_ones_twos_and_fives() {
        assert_eq!(texts(&Axis::linear("", 0.0, 1.0), 300.0), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(texts(&Axis::linear("", -3.0, 3.0), 300.0), ["−3", "−2", "−1", "0", "1", "2", "3"]);
    }

    #[test]
    fn a_logarithmic_axis_shows_four_to_seven_decades_whatever_its_span() {
        assert_eq!(texts(&log(-12.0, 3.0), 300.0), ["10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "1", "10³"]);
        for span in [4.0, 6.0, 9.0, 15.5, 40.0, 77.0, 123.0, 640.0, 5_000.0] {
            let count = texts(&log(-span, 1.0), 300.0).len();
            assert!((3..=7).contains(&count), "{span}: {count}");
        }
    }

    #[test]
    fn a_short_logarithmic_axis_is_divided_within_its_decades() {
        assert_eq!(texts(&log(-1.0, 1.0), 300.0), ["0.1", "0.2", "0.5", "1", "2", "5", "10"]);
        assert!(texts(&log(0.0, 0.2), 300.0).len() >= 3);
    }

    #[test]
    fn given_ticks_are_thinned_evenly_where_they_would_overlap() {
        let axis = Axis {
            ticks: Some((0..50).map(|index| (f64::from(index), index.to_string())).collect()),
            ..Axis::linear("", 0.0, 49.0)
        };
        let shown = texts(&axis, 300.0);
        assert!(shown.len() > 5 && shown.len() < 20, "{shown:?}");
    }
}
