//! How the lanes of chapter 4 stand beside lane A, in a sentence.
use vanishing_charts::format;
use vanishing_charts::laboratory::Lane;
use vanishing_core::math;

/// The loss of a batch jumps: the median of so many points speaks for a lane.
const POINTS: usize = 10;

/// The losses of all lanes at the last update that those which train have in common, each beside lane A's; empty while there
/// is nothing to compare.
pub fn words(lanes: &[Lane]) -> String {
    let begun = |lane: &&Lane| !lane.history.loss.points().is_empty();
    if lanes.len() < 2 || lanes.iter().filter(begun).count() < lanes.len() {
        return String::new();
    }
    let last = |lane: &Lane| lane.history.loss.points().last().map_or(0.0, |point| point.step);
    let common = lanes.iter().filter(|lane| lane.breakdown.is_none()).map(last).fold(f64::INFINITY, f64::min);
    let losses: Vec<Option<f64>> = lanes.iter().map(|lane| loss_log10(lane, common)).collect();
    let first = losses[0];
    let of_lane = |(place, (lane, loss)): (usize, (&Lane, &Option<f64>))| {
        let name = format!("{} ({})", lane.letter, lane.name);
        match (&lane.breakdown, loss) {
            (Some(breakdown), _) => format!("{name} diverged at update {}", format::count(breakdown.step)),
            (None, None) => format!("{name} has no finite loss there"),
            (None, Some(loss)) => {
                let value = format::log10_value(*loss);
                match first.filter(|_| place > 0) {
                    Some(first) => format!("{name} {value}, {}", beside(loss - first)),
                    None => format!("{name} {value}"),
                }
            }
        }
    };
    let all: Vec<String> = lanes.iter().zip(&losses).enumerate().map(of_lane).collect();
    match common.is_finite() {
        true => format!("Loss near update {}: {}.", format::count(common as u64), all.join("; ")),
        false => format!("{}.", all.join("; ")),
    }
}

/// The median of a lane's last points up to an update, as a decimal logarithm; `None`: it diverged, or none is finite.
fn loss_log10(lane: &Lane, until: f64) -> Option<f64> {
    if lane.breakdown.is_some() {
        return None;
    }
    let points = lane.history.loss.points().iter().rev().skip_while(|point| point.step > until).take(POINTS);
    let mut values: Vec<f64> = points.map(|point| point.mean).filter(|mean| mean.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// How a loss stands beside lane A's, from the difference of their decimal logarithms.
fn beside(difference: f64) -> String {
    let factor = math::powf(10.0, difference.abs());
    match difference {
        _ if factor < 1.1 => "within 10 % of A’s".to_owned(),
        lower if lower < 0.0 => format!("{} times less than A’s", format::short(factor)),
        _ => format!("{} times more than A’s", format::short(factor)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanishing_core::tasks;
    use vanishing_core::training::{Breakdown, Place};

    fn lane(letter: &'static str, name: &str, losses: &[f64]) -> Lane {
        let mut lane = Lane::new(letter, name.to_owned(), tasks::find("adding").unwrap(), 10);
        for (step, loss) in losses.iter().enumerate() {
            lane.history.loss.push(step as f64, *loss);
        }
        lane
    }

    fn broken(mut lane: Lane, step: u64) -> Lane {
        lane.breakdown = Some(Breakdown { step, place: Place::Loss, before: Vec::new(), largest: None });
        lane
    }

    #[test]
    fn nothing_is_said_of_one_lane_or_before_all_have_begun() {
        assert_eq!(words(&[lane("A", "no remedy", &[0.0])]), "");
        assert_eq!(words(&[lane("A", "no remedy", &[0.0]), lane("B", "clip", &[])]), "");
    }

    #[test]
    fn lanes_are_compared_where_both_have_been() {
        let a = lane("A", "no remedy", &[0.0, 0.0, 0.0]);
        let ahead = lane("B", "clip by norm", &[-1.0, -1.0, -1.0, -9.0, -9.0, -9.0, -9.0]);
        let alike = lane("C", "L2", &[0.01, 0.01, 0.01]);
        let worse = lane("D", "L1", &[0.5, 0.5, 0.5]);
        assert_eq!(
            words(&[a, ahead, alike, worse]),
            "Loss near update 2: A (no remedy) 1; B (clip by norm) 0.1, 10 times less than A’s; C (L2) 1.02, within 10 % of A’s; \
             D (L1) 3.16, 3.16 times more than A’s."
        );
    }

    #[test]
    fn a_lane_that_diverged_is_not_waited_for() {
        let a = broken(lane("A", "no remedy", &[0.0]), 38);
        let b = lane("B", "clip by norm", &[-1.0, -1.0]);
        assert_eq!(
            words(&[a.clone(), b]),
            "Loss near update 1: A (no remedy) diverged at update 38; B (clip by norm) 0.1."
        );
        let c = broken(lane("B", "L2", &[0.0]), 40);
        assert_eq!(words(&[a, c]), "A (no remedy) diverged at update 38; B (L2) diverged at update 40.");
    }
}
