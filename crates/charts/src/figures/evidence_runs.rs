//! The experiment run by run: a row for each remedy, a dot for each seed, and the share of the runs that learned.
//!
//! ```text
//! left    the loss at the end of each run, at the edge where it diverged; a bar at the median
//! right   hits/n, the share of the runs that learned, with its 95 % interval (Wilson 1927)
//! colour  and sign, beside the runs without a remedy: + clearly better, − clearly worse (Fisher's exact test)
//! ```
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::over_remedies::{empty, rows};
use crate::scene::{Axis, Dash, Mark, Marker, Panel, Scene, Series, Tone};
use vanishing_core::math;
use vanishing_core::shares::wilson;
use vanishing_core::training::experiment::{Beside, Evidence, LEARNT, Row};

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "evidence-runs", title: "Every run of the experiment", aspect: 1.9, scene };

/// Half of a row's height that its dots take.
const SPREAD: f64 = 0.27;
/// Where the sign of a row stands on the axis of shares, left of 0.
const SIGN: f64 = -0.14;
const KINDS: [Beside; 4] = [Beside::Baseline, Beside::Alike, Beside::Better, Beside::Worse];

/// The colour of a row's runs.
fn tone(beside: Beside) -> Tone {
    match beside {
        Beside::Baseline | Beside::Alike => Tone::Ink,
        Beside::Better => Tone::Vanishing,
        Beside::Worse => Tone::Exploding,
    }
}

fn scene(model: &Model) -> Scene {
    let laboratory = model.laboratory();
    let rows = rows(laboratory);
    let names: Vec<String> = rows.iter().map(|row| row.title().to_owned()).collect();
    let axis = Axis::of_names("remedy", names, true);
    let mut runs = Panel::new(Axis::log("loss at the end"), axis.clone());
    if rows.is_empty() {
        runs.x.range = Some((-1.0, 0.0));
        return empty(runs, "Every run of the experiment: none has been made yet.");
    }
    let (evidence, guess) = (&laboratory.evidence, laboratory.guess);
    let places: Vec<f64> = axis.ticks.iter().flatten().map(|(place, _)| *place).collect();
    let rows: Vec<Placed> = rows
        .into_iter()
        .zip(places)
        .map(|(row, place)| Placed { row, place, beside: evidence.beside(row, guess) })
        .collect();
    runs.share = 0.7;
    runs.marks = marks_of_runs(&rows, guess);
    runs.x.range = range(evidence, guess);
    let mut learned = Panel::new(Axis::linear("share that learned", 1.6 * SIGN, 1.04), axis.hidden());
    learned.x.ticks = Some([(0.0, "0"), (0.5, "½"), (1.0, "1")].map(|(at, text)| (at, text.to_owned())).into());
    learned.share = 0.3;
    learned.marks = marks_of_shares(&rows, guess);
    Scene { panels: vec![runs, learned], summary: summary(&rows, guess), remark: remark(guess) }
}

/// A row with its place on the axis.
struct Placed<'a> {
    row: &'a Row,
    place: f64,
    beside: Beside,
}

/// All finite losses, and the marks of guessing and of learning.
fn range(evidence: &Evidence, guess: f64) -> Option<(f64, f64)> {
    let losses = evidence.rows.iter().flat_map(|row| row.outcomes.iter().map(|outcome| outcome.loss));
    let all = losses.chain([guess, LEARNT * guess]).map(math::log10).filter(|x| x.is_finite());
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let room = (0.06 * (high - low)).max(0.05);
    (low <= high).then_some((low - room, high + room))
}

/// A dot for each run, a cross at the edge for one that diverged, and a bar at the median of each row.
fn marks_of_runs(rows: &[Placed<'_>], guess: f64) -> Vec<Mark> {
    let line = |loss: f64, dash| Mark::Vertical { x: math::log10(loss), label: String::new(), tone: Tone::Muted, dash };
    let mut marks = Vec::new();
    if guess > 0.0 && guess.is_finite() {
        marks.extend([line(guess, Dash::Dashed), line(LEARNT * guess, Dash::Dotted)]);
    }
    let finite = |row: &&Placed<'_>| row.row.loss_log10()[0].is_finite();
    let medians = rows.iter().filter(finite).flat_map(|Placed { row, place, .. }| {
        let x = row.loss_log10()[0];
        [(x, place - 0.38), (x, place + 0.38), (f64::NAN, f64::NAN)]
    });
    let mut bar = Series::line("", Tone::Muted, medians.collect());
    bar.line = Some((Dash::Solid, 3.0));
    marks.push(Mark::Series(bar));
    for (marker, radius, broken) in [(Marker::Dot, 2.4, false), (Marker::Cross, 3.2, true)] {
        for kind in KINDS {
            let of_row = |Placed { row, place, .. }: &Placed<'_>| {
                let count = row.outcomes.len();
                // Seed after seed from the top of the row, so that equal losses lie beside each other.
                let height = |i: usize| SPREAD * (1.0 - 2.0 * (i as f64 + 0.5) / count as f64);
                let runs = row.outcomes.iter().enumerate().map(|(i, run)| (i, run.broke_down.is_some(), run.loss));
                let place = *place;
                let points = runs.filter(move |run| run.1 == broken);
                points.map(move |(i, _, loss)| (math::log10(loss), place + height(i))).collect::<Vec<_>>()
            };
            let points: Vec<_> = rows.iter().filter(|row| row.beside == kind).flat_map(of_row).collect();
            let name = if broken { "diverged" } else { "loss at the end" };
            let mut dots = Series::markers(name, tone(kind), marker, points).unlabelled().faint(0.8);
            dots.marker = Some((marker, radius));
            marks.push(Mark::Series(dots));
        }
    }
    marks
}

/// The share of each row with its interval, and its sign.
fn marks_of_shares(rows: &[Placed<'_>], guess: f64) -> Vec<Mark> {
    let share = |row: &Row| wilson(row.learned(guess), row.outcomes.len());
    let mut marks = Vec::new();
    for kind in KINDS {
        let of_kind = || rows.iter().filter(|row| row.beside == kind);
        let intervals = of_kind().flat_map(|Placed { row, place, .. }| {
            let [low, _, high] = share(row);
            [(low, *place), (high, *place), (f64::NAN, f64::NAN)]
        });
        let mut interval = Series::line("", tone(kind), intervals.collect()).faint(0.6);
        interval.line = Some((Dash::Solid, 1.4));
        marks.push(Mark::Series(interval));
        for (end, name) in [(1, "share that learned"), (0, "95 % interval, from"), (2, "95 % interval, to")] {
            let points = of_kind().map(|Placed { row, place, .. }| (share(row)[end], *place)).collect();
            let mut dots = Series::markers(name, tone(kind), Marker::Square, points).unlabelled();
            dots.marker = Some((Marker::Square, if end == 1 { 3.2 } else { 1.4 }));
            marks.push(Mark::Series(dots));
        }
        let sign = match kind {
            Beside::Better => Marker::Plus,
            Beside::Worse => Marker::Minus,
            Beside::Baseline | Beside::Alike => continue,
        };
        let mut signs = Series::markers("", tone(kind), sign, of_kind().map(|row| (SIGN, row.place)).collect());
        signs.marker = Some((sign, 3.6));
        marks.push(Mark::Series(signs));
    }
    marks
}

fn summary(rows: &[Placed<'_>], guess: f64) -> String {
    let of = |Placed { row, beside, .. }: &Placed<'_>| {
        let (learned, count) = (row.learned(guess), row.outcomes.len());
        let [low, _, high] = wilson(learned, count).map(|share| format!("{:.0}", 100.0 * share));
        let loss = match row.loss_log10()[0] {
            loss if loss.is_finite() => format!("median loss {}", format::log10_value(loss)),
            _ => "most diverged".to_owned(),
        };
        let verdict = match beside {
            Beside::Baseline | Beside::Alike => "",
            Beside::Better => ", clearly better than with no remedy: more learn, or fewer diverge",
            Beside::Worse => ", clearly worse than with no remedy",
        };
        let broken = match row.broken() {
            0 => String::new(),
            broken => format!(", {broken} diverged"),
        };
        format!("{}: {learned} of {count} learned ({low} to {high} %){broken}, {loss}{verdict}", row.title())
    };
    format!("Every run of the experiment. {}.", rows.iter().map(of).collect::<Vec<_>>().join("; "))
}

fn remark(guess: f64) -> String {
    let (guess, half) = (format::short(guess), format::short(LEARNT * guess));
    format!(
        "A dot is a run, the bar the median; × at the edge: diverged. Dashed: guessing without memory costs {guess}. Left of the dotted line, half of that ({half}), a run has learned. Right: the share that learned, with its 95 % interval. Beside no remedy, +: clearly more learn, or clearly fewer diverge; −: the other way round."
    )
}
