//! What the page says of the runs of chapter 4 and of the experiment: how they stand, why they ended, where they are made.
use crate::compared;
use crate::jobs::Jobs;
use crate::jobs::experiment::End;
use crate::jobs::training::Status;
use crate::lanes::NAMES;
use crate::pipeline::norm_text;
use vanishing_charts::format;
use vanishing_charts::laboratory::{Laboratory, Lane, Yardstick};
use vanishing_charts::learning_map::{LearningMap, Side};
use vanishing_core::training::map::{self, Point};
use vanishing_core::training::{Breakdown, Moment, Place, Rescued};
use vanishing_core::{math, remedies};

/// Updates before the end whose numbers stand in a sentence.
const FEW: usize = 5;

/// How a lane stands.
pub fn state(jobs: &Jobs, lane: usize) -> String {
    let training = jobs.training();
    let Some(runner) = training.runner(lane) else { return "–".to_owned() };
    let (stop_step, stop_loss) = training.stop();
    let updates = format::count(runner.updates);
    match runner.status {
        Status::Ready if training.is_running() => {
            format!("training, update {updates} of {}", format::count(stop_step))
        }
        Status::Ready if runner.updates == 0 => "not started".to_owned(),
        Status::Ready => format!("paused at update {updates}"),
        Status::Finished => format!("stopped at update {updates}"),
        Status::Reached => format!("stopped at update {updates}: the loss is below {}", format::short(stop_loss)),
        Status::Broken => format!("diverged at update {}", format::count(runner.updates.saturating_sub(1))),
    }
}

/// The readouts of chapter 4, for the lane that is looked at; `start`: what is said of weights that are not drawn.
pub fn readouts(jobs: &Jobs, lane: usize, shown: &Laboratory, start: String) -> Vec<(&'static str, String)> {
    vec![
        ("lab-lane", NAMES.get(lane).copied().unwrap_or_default().to_owned()),
        ("lab-state", state(jobs, lane)),
        ("lab-where", place(jobs, lane, shown)),
        ("lab-verdict", shown.lanes.get(lane).map_or("–".to_owned(), verdict)),
        ("lab-compared", compared::words(&shown.lanes)),
        ("lab-explanation", explanation(jobs, lane, shown)),
        ("lab-start", start),
        ("experiment-progress", experiment_progress(jobs)),
        ("map-progress", map_progress(jobs, shown)),
        (
            "map-words",
            Some(shown.map.words())
                .filter(|words| !words.is_empty())
                .unwrap_or_else(|| "Nothing is known of it yet.".to_owned()),
        ),
        ("map-here", map_here(shown)),
    ]
}

/// The names of the readouts of chapter 4.
pub fn readout_names() -> Vec<&'static str> {
    readouts(&Jobs::default(), 0, &Laboratory::default(), String::new()).into_iter().map(|(name, _)| name).collect()
}

/// Where it is trained, and how fast.
fn place(jobs: &Jobs, lane: usize, shown: &Laboratory) -> String {
    let speed = |lane: &Lane| lane.milliseconds.filter(|ms| *ms > 0.0).map(|ms| 1e3 / ms);
    let speeds: Vec<f64> = shown.lanes.iter().filter_map(speed).collect();
    let rate = shown.lanes.get(lane).and_then(speed).map_or("–".to_owned(), format::short);
    let speed = match speeds.len() {
        0 => String::new(),
        1 => format!(", at {rate} updates per second"),
        _ => format!(", at {rate} updates per second in this lane"),
    };
    match jobs.on_page() {
        Some(why) => format!("on the page’s own thread, in slices, because {why}{speed}"),
        None => format!("in workers beside the page, at most {} at a time{speed}", jobs.cores()),
    }
}

fn experiment_progress(jobs: &Jobs) -> String {
    let Some(going) = jobs.experiment().going() else {
        return match jobs.experiment().ended() {
            Some(End::Done) => "done: the table below".to_owned(),
            Some(End::Cancelled) => "cancelled: the table below".to_owned(),
            None => "not started".to_owned(),
        };
    };
    let share = going.share();
    let left = time_left(share, going.began.map_or(0.0, |began| going.now - began));
    format!("{} of {} runs, {:.0} %{left}", going.done, going.all, 100.0 * share)
}

/// How long something takes of which a share was done in so many milliseconds; nothing where that cannot be said yet.
fn time_left(share: f64, milliseconds: f64) -> String {
    if share <= 0.01 || milliseconds <= 0.0 {
        return String::new();
    }
    let seconds = milliseconds / 1e3 * (1.0 - share) / share;
    if seconds < 90.0 {
        format!(", about {} s left", format::short(seconds.ceil()))
    } else {
        format!(", about {} min left", format::short((seconds / 60.0).ceil()))
    }
}

/// How far the map is.
fn map_progress(jobs: &Jobs, shown: &Laboratory) -> String {
    let sides = &shown.map.sides;
    let (known, all) = (sides.iter().map(|side| side.count().0).sum::<usize>(), sides.len() * map::POINTS);
    if jobs.map().goes() {
        let (share, milliseconds) = jobs.map().share();
        return format!("{known} of {all} points, {:.0} %{}", 100.0 * share, time_left(share, milliseconds));
    }
    match known {
        0 => format!("no map of these settings is known: press Start ({all} runs of {} updates)", map::UPDATES),
        known if known < all => format!("{known} of {all} points are known: press Start for the rest"),
        _ => format!("all {all} points are known"),
    }
}

/// What came of the point nearest to the page's network.
fn map_here(shown: &Laboratory) -> String {
    let Some(here) = shown.map.here else { return "the spectral radius is not chosen".to_owned() };
    let (x, y) = LearningMap::place(here);
    let cell = |place: f64, count: usize| (place.max(0.0) as usize).min(count - 1);
    let point = Point { row: cell(y, map::ROWS), column: cell(x, map::COLUMNS) };
    let of = |side: &Side| {
        let found = side.known.get(point.index()).copied().flatten();
        format!("{}: {}", side.name, found.map_or("not known", |found| found.outcome.words()))
    };
    let sides: Vec<String> = shown.map.sides.iter().map(of).collect();
    format!("ρ = {}, T = {}; {}", format::short(point.radius()), point.length(), sides.join("; "))
}

/// Why a lane ended as it did.
fn explanation(jobs: &Jobs, lane: usize, shown: &Laboratory) -> String {
    let (Some(runner), Some(shown)) = (jobs.training().runner(lane), shown.lanes.get(lane)) else {
        return String::new();
    };
    if matches!(shown.yardstick, Yardstick::Guessing(_) | Yardstick::First(_)) {
        // It is trained elsewhere: nothing is known of alarms, and nothing can be tried.
        return shown.breakdown.as_ref().map_or(String::new(), |breakdown| explain(breakdown, shown.yardstick));
    }
    let Some(breakdown) = &shown.breakdown else {
        return match shown.history.first_alarm {
            Some(first) => format!(
                "The alarm was raised {} times, first at update {}; {} updates were left out. No number has left the range.",
                format::count(shown.history.alarms),
                format::count(first),
                format::count(shown.history.skipped)
            ),
            None => "No number of this lane has overflowed.".to_owned(),
        };
    };
    let tried = match runner.left {
        None | Some(0) => saved(&runner.rescued),
        Some(left) => {
            let left = if left == u64::MAX { "some".to_owned() } else { left.to_string() };
            format!("Now the same run is made again with one remedy after the other: {left} left to try.")
        }
    };
    format!("{} {tried}", explain(breakdown, shown.yardstick))
}

/// Which number left the range first, and what happened before.
fn explain(breakdown: &Breakdown, yardstick: Yardstick) -> String {
    let place = match &breakdown.place {
        // What somebody's own loss does with the outputs is not known.
        Place::Loss if yardstick != Yardstick::Task => "in the loss".to_owned(),
        Place::State { layer, t } => format!("in the state h of layer {} at time step {t}", layer + 1),
        Place::Loss => "in the loss: the outputs had become too large to be squared".to_owned(),
        Place::Gradient(name) => format!("in the gradient of {name}"),
        Place::Weights(name) => format!("in {name}, after the update"),
    };
    let mut text = format!("At update {} the first number that is not finite came up {place}.", breakdown.step);
    let losses = |moments: &[Moment]| moments.iter().map(|m| format::short(m.loss)).collect::<Vec<_>>().join(", ");
    let norms = |moments: &[Moment]| moments.iter().map(|m| norm_text(m.gradient_log10)).collect::<Vec<_>>().join(", ");
    if let Some(last) = breakdown.before.last() {
        text += &format!(
            " In the update before, the gradient was {} long and moved the weights by {}.",
            norm_text(last.gradient_log10),
            norm_text(last.update_log10)
        );
        let few = &breakdown.before[breakdown.before.len().saturating_sub(FEW)..];
        text += &format!(
            " Over the last {} updates the loss went {}, and the gradient’s norm {}.",
            few.len(),
            losses(few),
            norms(few)
        );
    }
    text
}

/// Which remedies carried the same run further.
fn saved(rescued: &[Rescued]) -> String {
    let titles = |wanted: &dyn Fn(&Rescued) -> bool| {
        let titles = rescued.iter().filter(|r| wanted(r)).filter_map(|r| remedies::find(r.slug));
        titles.map(|spec| spec.title).collect::<Vec<_>>().join(", ")
    };
    let (kept, lost) = (titles(&|r| r.broke_down.is_none()), titles(&|r| r.broke_down.is_some()));
    match (kept.is_empty(), lost.is_empty()) {
        (true, true) => String::new(),
        (true, false) => {
            format!("The same run was made again with each of these remedies, and diverged each time: {lost}.")
        }
        (false, true) => {
            format!("The same run, made again with one of these remedies on from the start, stayed finite: {kept}.")
        }
        (false, false) => format!(
            "The same run from the same seed, made again with one remedy on from the start, stayed finite with {kept}; it diverged all the same with {lost}. Other seeds may differ: the evidence below has several."
        ),
    }
}

/// How a run does now, beside what can be done without memory or, of somebody's own task, beside its first loss.
fn verdict(lane: &Lane) -> String {
    let (Some(loss), baseline) = (lane.history.loss.last(), lane.baseline()) else { return "no update yet".to_owned() };
    if lane.breakdown.is_some() {
        let last = lane.history.loss.points().iter().map(|point| point.mean).rfind(|log10| log10.is_finite());
        let last =
            last.map_or(String::new(), |log10| format!(", and the last loss was {}", format::log10_value(log10)));
        return format!("nothing is left to train{last}");
    }
    let loss = math::exp(loss * math::LN_10);
    let (share, chance) = (lane.history.test_accuracy.last(), lane.chance);
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let which = if matches!(lane.yardstick, Yardstick::Constant(_)) { "the same" } else { "test" };
    let accuracy = share.map_or(String::new(), |share| {
        format!(", {} right on {which} sequences (by guessing {})", percent(share), percent(chance))
    });
    // A loss may be large for a few answers that are wrong with confidence.
    let knows = share.is_some_and(|share| share > chance + 0.2 * (1.0 - chance));
    let words = match loss / baseline {
        ratio if matches!(lane.yardstick, Yardstick::First(_)) => beside_the_first(ratio),
        ratio if knows && (ratio.is_nan() || ratio > 0.9) => {
            "the loss is no better than guessing without memory, but it is right more often than by guessing"
        }
        ratio if ratio.is_nan() || ratio > 2.0 => "far worse than guessing without memory",
        ratio if ratio > 1.1 => "worse than guessing without memory",
        ratio if ratio > 0.9 => "no better than guessing without memory",
        ratio if ratio > 0.5 => "a little better than guessing without memory",
        ratio if ratio > 0.1 => "it learns: below half of what guessing costs",
        _ => "it has learned: below a tenth of what guessing costs",
    };
    format!("loss {}, {words}{accuracy}", format::short(loss))
}

/// The same steps where only the first loss is known, of which nobody says that it was a guess's.
fn beside_the_first(ratio: f64) -> &'static str {
    match ratio {
        ratio if ratio.is_nan() || ratio > 2.0 => "far above its first loss",
        ratio if ratio > 1.1 => "above its first loss",
        ratio if ratio > 0.9 => "as at first",
        ratio if ratio > 0.5 => "a little below its first loss",
        ratio if ratio > 0.1 => "below half of its first loss",
        _ => "below a tenth of its first loss",
    }
}
