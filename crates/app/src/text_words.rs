//! What the page says of the networks that learn a text.
use crate::effects::Stretch;
use crate::jobs::Jobs;
use vanishing_charts::format;
use vanishing_charts::text_runs::{CELLS, TextLane, TextRuns};

/// Orders of ten of the gradient that are told apart; each takes two shades.
const DECADES: f64 = 4.0;

/// The names of the readouts of each network: bits, sample, reach.
const NAMES: [[&str; 3]; CELLS.len()] = [
    ["read-bits-rnn", "read-sample-rnn", "read-reach-rnn"],
    ["read-bits-lstm", "read-sample-lstm", "read-reach-lstm"],
    ["read-bits-gru", "read-sample-gru", "read-reach-gru"],
];

/// The readouts; `shown`: what is shown of them.
pub fn readouts(jobs: &Jobs, shown: Option<&TextRuns>) -> Vec<(&'static str, String)> {
    let nothing = || "–".to_owned();
    let mut all = vec![
        ("read-text", shown.map_or_else(nothing, |runs| runs.corpus.sentence())),
        ("read-state", shown.map_or_else(nothing, |runs| state(jobs, runs))),
        ("read-baselines", shown.map_or_else(nothing, baselines)),
    ];
    for (place, [bits, sample, reach]) in NAMES.into_iter().enumerate() {
        let lane = shown.and_then(|runs| runs.lanes.get(place));
        all.push((bits, lane.map_or_else(nothing, of_lane)));
        let written = lane.map(|lane| lane.sample.clone()).filter(|text| !text.is_empty());
        all.push((sample, written.unwrap_or_else(nothing)));
        all.push((reach, lane.and_then(|lane| lane.reach.as_ref()).map_or_else(nothing, |reach| reach.sentence())));
    }
    all
}

/// The names of the readouts.
pub fn readout_names() -> Vec<&'static str> {
    readouts(&Jobs::default(), None).into_iter().map(|(name, _)| name).collect()
}

fn state(jobs: &Jobs, runs: &TextRuns) -> String {
    let readings = jobs.readings();
    let updates: Vec<u64> = runs.lanes.iter().map(|lane| lane.updates).collect();
    let least = format::count(updates.iter().copied().min().unwrap_or(0));
    let until = format::count(runs.until);
    let at_least = if updates.iter().all(|one| *one == updates[0]) { "" } else { "at least " };
    if readings.is_running() {
        format!("learning, {at_least}update {least} of {until}")
    } else if updates.iter().all(|one| *one == 0) {
        "not started".to_owned()
    } else if readings.have_ended() {
        format!("stopped at update {until}")
    } else {
        format!("paused at {at_least}update {least} of {until}")
    }
}

fn baselines(runs: &TextRuns) -> String {
    format!(
        "{:.2} by counts of single characters, {:.2} by counts of pairs",
        runs.baselines.unigram, runs.baselines.bigram
    )
}

fn of_lane(lane: &TextLane) -> String {
    match (lane.broke, lane.bits.last()) {
        (Some(update), _) => format!("diverged at update {}", format::count(update)),
        (None, None) => "–".to_owned(),
        (None, Some((update, bits))) => {
            let now = format!("{bits:.2} bits a character after {} updates", format::count(*update));
            match lane.bits.iter().min_by(|one, other| one.1.total_cmp(&other.1)) {
                Some((best, least)) if best < update => {
                    format!("{now}; lowest {least:.2} at update {}", format::count(*best))
                }
                _ => now,
            }
        }
    }
}

/// The stretch that each network read last, shaded.
pub fn stretches(shown: Option<&TextRuns>) -> Vec<Stretch> {
    let Some(runs) = shown else { return Vec::new() };
    let of_lane = |lane: &TextLane| {
        let reach = lane.reach.as_ref()?;
        let end = reach.from + reach.norms.len();
        let text = runs.corpus.text(reach.from, end);
        let shade = |share: f64| {
            let darkest = f64::from(Stretch::DARKEST);
            // What is not a number is not shaded.
            (darkest * (1.0 + share / DECADES)).round().clamp(0.0, darkest) as u8
        };
        let characters = text.chars().map(seen).zip(reach.shares().into_iter().map(shade)).collect();
        let next: String = runs.corpus.text(end, end + 1).chars().map(seen).collect();
        let label = format!("The {} reads “{text}” and then predicts “{next}”. {}", lane.cell.1, reach.sentence());
        Some(Stretch { cell: lane.cell.0, characters, next, label })
    };
    runs.lanes.iter().filter_map(of_lane).collect()
}

/// A line break is to be seen.
fn seen(character: char) -> char {
    if character == '\n' { '¶' } else { character }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use vanishing_core::text::{Baselines, Corpus, Reach};

    #[test]
    fn a_tenth_of_the_gradient_is_two_shades_lighter() {
        let corpus = Arc::new(Corpus::new(&"abc\n".repeat(300)).unwrap());
        let mut runs = TextRuns::new(Arc::clone(&corpus), Baselines::of(&corpus), 100);
        assert_eq!(stretches(Some(&runs)), []);
        let norms = vec![f64::NEG_INFINITY, -9.0, -4.0, -3.0, -2.0, 1.0];
        runs.lanes[1].reach = Some(Reach { from: 4, norms, bits: 1.0 });
        let shown = stretches(Some(&runs));
        assert_eq!((shown.len(), shown[0].cell, shown[0].next.as_str()), (1, "lstm", "c"));
        let expected = [('a', 0), ('b', 0), ('c', 0), ('¶', 0), ('a', 2), ('b', 8)];
        assert_eq!(shown[0].characters, expected);
        assert!(
            shown[0].label.contains("The LSTM reads “abc") && shown[0].label.contains("a hundredth 1 character back")
        );
    }

    #[test]
    fn every_network_has_its_readouts() {
        let names = readout_names();
        for (cell, _) in CELLS {
            assert!(names.iter().filter(|name| name.ends_with(&format!("-{cell}"))).count() == 3);
        }
    }
}
