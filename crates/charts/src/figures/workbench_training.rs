//! A short training run of the network, with the remedies and without: how often it is right.
use super::spec::FigureSpec;
use crate::model::Model;
use crate::scene::{Axis, Dash, Mark, Marker, Panel, Scene, Series, Tone};
use crate::workbench::{Trace, Trial, UPDATES, Workbench};
use vanishing_core::training::{Place, Verdict};

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "workbench-training", title: "A short training run", aspect: 1.6, scene };

/// Batches of a running mean.
const WINDOW: usize = 10;

fn scene(model: &Model) -> Scene {
    let bench = model.workbench();
    let mut panel = Panel::new(Axis::linear("update", 0.0, UPDATES as f64), Axis::linear("", 0.0, 1.0));
    panel.y.range = Some((0.0, 1.06));
    let chance = bench.chance;
    let ticks =
        [(0.0, "0 %".to_owned()), (chance, format!("guess {:.0} %", chance * 100.0)), (1.0, "100 %".to_owned())];
    panel.y.ticks = Some(ticks.into());
    panel.marks.push(Mark::Horizontal { y: chance, label: String::new(), tone: Tone::Muted, dash: Dash::Dotted });
    for trial in [Some(&bench.without), bench.with.as_ref()].into_iter().flatten() {
        if let Some(before) = &trial.before {
            let mut line = line("before", Tone::Muted, before).unlabelled().faint(0.35);
            line.line = Some((Dash::Solid, 1.6));
            panel.marks.push(Mark::Series(line));
        }
    }
    if let Some(with) = &bench.with {
        add(&mut panel, "without", Tone::Muted, &bench.without, 1.6);
        add(&mut panel, "with", tone(with), with, 2.4);
    } else {
        add(&mut panel, "", tone(&bench.without), &bench.without, 2.4);
    }
    if let Some(waits) = &bench.waits {
        let at = (UPDATES as f64 / 2.0, 0.25);
        panel.marks.push(Mark::Text { at, text: waits.clone(), tone: Tone::Ink, anchor: 0 });
    }
    let summary = format!("Share of right answers over {UPDATES} updates of training: {}.", words(model));
    Scene { panels: vec![panel], summary, remark: String::new() }
}

/// The colour of what came of a run, or of the last complete one.
fn tone(trial: &Trial) -> Tone {
    match trial.verdict_now() {
        Some(Verdict::Learned { .. }) => Tone::Preserved,
        Some(Verdict::Diverged { .. }) => Tone::Exploding,
        Some(Verdict::Chance { .. }) => Tone::Vanishing,
        Some(Verdict::Between { .. }) | None => Tone::Ink,
    }
}

fn line(name: &str, tone: Tone, trace: &Trace) -> Series {
    let mean = |batches: &[f32]| batches.iter().map(|x| f64::from(*x)).sum::<f64>() / batches.len() as f64;
    let points = trace.accuracy.iter().enumerate().map(|(update, _)| {
        let from = (update + 1).saturating_sub(WINDOW);
        (update as f64, mean(&trace.accuracy[from..=update]))
    });
    Series::line(name, tone, points.collect())
}

fn add(panel: &mut Panel, name: &str, tone: Tone, trial: &Trial, width: f64) {
    let mut line = line(if name.is_empty() { "right" } else { name }, tone, &trial.now);
    line.line = Some((Dash::Solid, width));
    line.labelled = !name.is_empty();
    if let (Some(breakdown), Some(height)) = (&trial.now.breakdown, line.points.last().map(|(_, y)| *y)) {
        let at = vec![(breakdown.step as f64, height)];
        let mut cross = Series::markers(String::new(), tone, Marker::Cross, at);
        cross.marker = Some((Marker::Cross, 5.0));
        panel.marks.push(Mark::Series(cross));
    }
    panel.marks.push(Mark::Series(line));
}

/// What came of a run, in words.
fn verdict(trial: &Trial, bench: &Workbench) -> String {
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    match trial.verdict_now() {
        None => {
            // A whole run is an older one.
            let updates = if trial.is_complete { 0 } else { trial.now.updates() };
            format!("training: {updates} of {UPDATES} updates")
        }
        Some(Verdict::Learned { after: 0 }) => "learns: right from the first updates on".to_owned(),
        Some(Verdict::Learned { after }) => format!("learns: right from update {after} on"),
        Some(Verdict::Between { accuracy }) => format!("has not learned yet: right {} of the time", percent(accuracy)),
        Some(Verdict::Chance { accuracy }) => {
            let chance = percent(bench.chance);
            format!("does not learn: right {} of the time, guessing {chance}", percent(accuracy))
        }
        Some(Verdict::Diverged { at }) => format!("diverges at update {at}: {} overflows", what_broke(trial)),
    }
}

fn what_broke(trial: &Trial) -> &'static str {
    match trial.now.breakdown.as_ref().map(|breakdown| &breakdown.place) {
        Some(Place::State { .. }) => "the state",
        Some(Place::Gradient(_)) => "the gradient",
        Some(Place::Weights(_)) => "a weight",
        Some(Place::Loss) | None => "the loss",
    }
}

/// What came of the run that is in force, in words.
pub fn words(model: &Model) -> String {
    let bench = model.workbench();
    if let Some(waits) = &bench.waits {
        return waits.clone();
    }
    verdict(bench.in_force(), bench)
}

/// On how many seeds it learned, and on how many it diverged, if any, in words.
pub fn seeds(model: &Model) -> String {
    let bench = model.workbench();
    seeds_of(bench.in_force(), bench.with.is_some().then_some(&bench.without))
}

fn seeds_of(trial: &Trial, without: Option<&Trial>) -> String {
    let (learned, known) = trial.learned();
    if known == 0 {
        return "no seed is tried yet".to_owned();
    }
    let seeds = if known == 1 { "seed" } else { "seeds" };
    let so_far = if known < crate::workbench::SEEDS { " so far" } else { "" };
    let mut words = format!("learned on {learned} of {known} {seeds}{so_far}");
    // What the number in brackets counts is said once: the line is short on a phone.
    let mut word = " diverged";
    let mut bracket = |trial: &Trial| match trial.diverged() {
        0 => String::new(),
        count => format!(" ({count}{})", std::mem::take(&mut word)),
    };
    words += &bracket(trial);
    if let Some(without) = without {
        let (learned, known) = without.learned();
        words += &format!("; without, on {learned} of {known}{}", bracket(without));
    }
    words
}

/// The same as squares: filled where it learned, half where it did better than guessing, empty where not.
pub fn squares(model: &Model) -> String {
    let bench = model.workbench();
    let row = |trial: &Trial| {
        let square = |verdict: &Option<Verdict>| match verdict {
            Some(Verdict::Learned { .. }) => '■',
            Some(Verdict::Between { .. }) => '◧',
            Some(Verdict::Chance { .. }) => '□',
            Some(Verdict::Diverged { .. }) => '✕',
            None => '·',
        };
        trial.seeds.iter().map(square).collect::<String>()
    };
    match &bench.with {
        Some(with) => format!("with {}  without {}", row(with), row(&bench.without)),
        None => row(&bench.without),
    }
}

/// What is learned, in words.
pub fn task(model: &Model) -> String {
    let task = model.workbench().task;
    task.help.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_in_words() {
        let bench = Workbench::default();
        let mut trial = Trial::default();
        assert_eq!(verdict(&trial, &bench), "training: 0 of 300 updates");
        trial.end(Verdict::Learned { after: 140 });
        assert_eq!(verdict(&trial, &bench), "learns: right from update 140 on");
        trial.end(Verdict::Diverged { at: 12 });
        assert_eq!(verdict(&trial, &bench), "diverges at update 12: the loss overflows");
        trial.end(Verdict::Chance { accuracy: 0.512 });
        assert_eq!(verdict(&trial, &bench), "does not learn: right 51 % of the time, guessing 50 %");
    }

    #[test]
    fn the_seeds_in_words() {
        let [mut with, mut without] = [Trial::default(), Trial::default()];
        with.end(Verdict::Learned { after: 140 });
        without.end(Verdict::Chance { accuracy: 0.5 });
        assert_eq!(seeds_of(&with, None), "learned on 1 of 1 seed so far");
        with.seeds = [Some(Verdict::Learned { after: 140 }); 8];
        without.seeds = [Some(Verdict::Diverged { at: 3 }); 8];
        assert_eq!(seeds_of(&with, Some(&without)), "learned on 8 of 8 seeds; without, on 0 of 8 (8 diverged)");
        with.seeds[2] = Some(Verdict::Diverged { at: 7 });
        assert_eq!(seeds_of(&with, None), "learned on 7 of 8 seeds (1 diverged)");
        assert_eq!(seeds_of(&with, Some(&without)), "learned on 7 of 8 seeds (1 diverged); without, on 0 of 8 (8)");
    }
}
