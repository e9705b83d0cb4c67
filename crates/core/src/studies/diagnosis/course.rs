//! How a gradient's length changes on its way back: what that is called, how fast it is, how far it reaches.
use crate::math;

/// What becomes of a gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It shrinks.
    Vanishing,
    /// It keeps its size.
    Preserved,
    /// It grows.
    Exploding,
}

/// A change of so many decades is none.
const NO_CHANGE: f64 = 0.25;

impl Fate {
    /// Of a change, as log10 of a factor: up to a quarter of a decade either way counts as preserved, and so does NaN.
    pub fn of_change(log10: f64) -> Self {
        match log10 {
            change if change > NO_CHANGE => Self::Exploding,
            change if change < -NO_CHANGE => Self::Vanishing,
            _ => Self::Preserved,
        }
    }

    /// Of a whole way, as log10 ‖dL/dh_0‖ / ‖dL/dh_T‖: half a decade, a factor of about 3, counts as preserved.
    pub fn of_way(log10: f64) -> Self {
        Self::of_change(0.5 * log10)
    }

    /// Of a whole way and the half of it that is travelled last: where a gradient that has grown shrinks again, that half decides.
    pub fn of_ways(whole_log10: f64, late_log10: f64) -> Self {
        match (Self::of_way(whole_log10), Self::of_change(late_log10)) {
            (Self::Exploding, Self::Vanishing) => Self::Vanishing,
            (whole, _) => whole,
        }
    }

    /// `vanishing`, `preserved`, `exploding`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Vanishing => "vanishing",
            Self::Preserved => "preserved",
            Self::Exploding => "exploding",
        }
    }
}

/// How fast a gradient changes where it has travelled far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// It halves every so many steps back.
    Halves(f64),
    /// It doubles every so many steps back.
    Doubles(f64),
    /// It neither halves nor doubles within as many steps as were measured.
    Steady,
}

/// log10 ‖g_t‖ for t = 0..=T, and what is said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// log10 ‖g_t‖; -∞ for zero.
    pub norms_log10: Vec<f64>,
    /// log10 (‖g_0‖ / ‖g_T‖); NaN where both are zero.
    pub whole_log10: f64,
    /// log10 (‖g_0‖ / ‖g_{T/2}‖).
    pub late_log10: f64,
    /// What becomes of it.
    pub fate: Fate,
    /// How fast it changes over the half of the way that is travelled last.
    pub pace: Pace,
    /// The mean change of ln ‖g‖ per step back there, by least squares; NaN where fewer than two norms are finite.
    pub slope: f64,
    /// Steps back from T after which ‖g‖ stays below a thousandth of the largest; `None`: not within T.
    pub reach: Option<usize>,
}

/// A thousandth, in decades.
const REACH: f64 = 3.0;

impl Course {
    /// Of log10 ‖g_t‖, t = 0..=T.
    ///
    /// ```text
    /// ln ‖g_{T-d}‖ ≈ a + s d    by least squares over d >= T/2, as far as the norms are finite
    /// half-life -ln 2 / s,  doubling time ln 2 / s,  each only where it is no longer than T, and both halves of that part
    ///                                                 change the same way by themselves, by a fifth of s or more per step
    /// ```
    pub fn new(norms_log10: Vec<f64>) -> Self {
        let steps = norms_log10.len().saturating_sub(1);
        let change = |to: usize| norms_log10.first().zip(norms_log10.get(to)).map_or(f64::NAN, |(a, b)| a - b);
        let (whole_log10, late_log10) = (change(steps), change(norms_log10.len() / 2));
        let far = &norms_log10[..norms_log10.len().min(steps / 2 + 1)];
        let slope = slope(far);
        let period = math::LN_2 / slope;
        let pace = match period.abs() <= steps as f64 && is_even(far, slope) {
            true if period < 0.0 => Pace::Halves(-period),
            true => Pace::Doubles(period),
            false => Pace::Steady,
        };
        let fate = Fate::of_ways(whole_log10, late_log10);
        let reach = reach(&norms_log10);
        Self { norms_log10, whole_log10, late_log10, fate, pace, slope, reach }
    }

    /// T.
    pub fn steps(&self) -> usize {
        self.norms_log10.len().saturating_sub(1)
    }

    /// log10 of the largest norm over the smallest, as far as they are neither zero nor infinite.
    pub fn range_log10(&self) -> f64 {
        let finite = || self.norms_log10.iter().copied().filter(|norm| norm.is_finite());
        finite().fold(f64::NEG_INFINITY, f64::max) - finite().fold(f64::INFINITY, f64::min)
    }

    /// Whether nothing flows back at all.
    pub fn is_zero(&self) -> bool {
        self.norms_log10.iter().all(|norm| *norm == f64::NEG_INFINITY)
    }
}

/// The slope of ln ‖g‖ over the steps back, by least squares; of the norms at t = 0, 1, 2, ...
fn slope(norms: &[f64]) -> f64 {
    let points: Vec<(f64, f64)> =
        (0..).zip(norms).filter(|(_, norm)| norm.is_finite()).map(|(t, norm)| (-f64::from(t), *norm)).collect();
    let count = points.len() as f64;
    if points.len() < 2 {
        return f64::NAN;
    }
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / count, y + point.1 / count));
    let along: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    let spread: f64 = points.iter().map(|point| (point.0 - x) * (point.0 - x)).sum();
    math::LN_10 * along / spread
}

/// Whether both halves of a part change as its slope says, and it is no matter of a few steps at one end.
fn is_even(norms: &[f64], whole: f64) -> bool {
    let finite = norms.iter().take_while(|norm| !norm.is_finite()).count();
    let known = &norms[finite..];
    if known.len() < 8 {
        return true;
    }
    let (near, far) = known.split_at(known.len() / 2);
    [near, far].into_iter().all(|part| slope(part) / whole > 0.2)
}

fn reach(norms: &[f64]) -> Option<usize> {
    let largest = norms.iter().copied().filter(|norm| !norm.is_nan()).reduce(f64::max)?;
    // The first times, as long as all are below.
    let below = norms.iter().take_while(|norm| **norm < largest - REACH).count();
    (below > 0 && largest.is_finite()).then(|| norms.len() - below)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Norms that change by a factor per step back.
    fn geometric(factor: f64, steps: usize) -> Vec<f64> {
        (0..=steps).rev().map(|d| d as f64 * factor.log10()).collect()
    }

    #[test]
    fn a_geometric_course_has_the_half_life_and_the_reach_of_its_factor() {
        let course = Course::new(geometric(0.95, 200));
        let Pace::Halves(half_life) = course.pace else { panic!("{course:?}") };
        assert!((half_life - 0.5f64.ln() / 0.95f64.ln()).abs() < 1e-9);
        assert_eq!((course.fate, course.reach), (Fate::Vanishing, Some(135)));
        assert!(0.95f64.powi(135) < 1e-3 && 0.95f64.powi(134) > 1e-3);
        let course = Course::new(geometric(1.1, 60));
        let Pace::Doubles(time) = course.pace else { panic!("{course:?}") };
        assert!((time - 2.0f64.ln() / 1.1f64.ln()).abs() < 1e-9);
        assert_eq!((course.fate, course.reach), (Fate::Exploding, None));
    }

    #[test]
    fn what_hardly_changes_has_no_half_life_and_what_is_zero_no_pace() {
        let course = Course::new(geometric(0.999, 100));
        assert_eq!((course.pace, course.fate, course.reach), (Pace::Steady, Fate::Preserved, None));
        let zero = Course::new(vec![f64::NEG_INFINITY; 5]);
        assert!(zero.is_zero() && zero.slope.is_nan() && !course.is_zero());
        assert_eq!((zero.pace, zero.reach), (Pace::Steady, None));
        // From some step on exactly zero: the pace is that of what is left of the far half.
        let mut norms = geometric(0.5, 20);
        norms[..6].fill(f64::NEG_INFINITY);
        let cut = Course::new(norms);
        assert!(matches!(cut.pace, Pace::Halves(time) if (time - 1.0).abs() < 1e-9), "{cut:?}");
        assert_eq!((cut.fate, cut.reach), (Fate::Vanishing, Some(10)));
    }

    #[test]
    fn a_rise_that_falls_again_is_vanishing_and_its_reach_counts_from_the_end() {
        let mut norms: Vec<f64> = (0..=40)
            .map(|t| if t < 20 { 8.0 - 0.2 * f64::from(20 - t) } else { 8.0 - 0.4 * f64::from(t - 20) })
            .collect();
        assert_eq!(Course::new(norms.clone()).fate, Fate::Vanishing);
        norms[0] = 0.0;
        // Only t = 0, 1, ... without a gap: 5.0 is a thousandth of 8.0, times 0..=4 are below.
        assert_eq!(Course::new(norms).reach, Some(36));
    }
}
