//! The same run with each remedy in turn, over several seeds: what a remedy does, as far as runs can show it.
use super::Trainer;
use crate::math;
use crate::order::sorted;
use crate::param::{Settings, Value};
use crate::remedies::{self, RemedySpec};
use crate::training::params;

/// What became of one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Its seed.
    pub seed: u64,
    /// The update at which it left the numbers; `None` if it never did.
    pub broke_down: Option<u64>,
    /// The first update whose gradient, before any remedy, was longer than [`EXPLOSION`].
    pub exploded: Option<u64>,
    /// The median of log10 ‖dL/dθ‖ over its updates, as backpropagation gave it.
    pub gradient_log10: f64,
    /// The median of log10 (‖dL/dh_0‖ / ‖dL/dh_T‖) over its updates: how much of the gradient arrives at the beginning.
    pub arriving_log10: f64,
    /// The loss at the end, on the sequences that are kept for tests; infinite after a breakdown.
    pub loss: f64,
    /// The share of right answers there; 0 after a breakdown.
    pub accuracy: f64,
}

/// log10 of the norm from which on a gradient counts as exploding.
pub const EXPLOSION: f64 = 2.0;

/// A run of an experiment, which can be made in slices.
pub struct Run {
    trainer: Trainer,
    seed: u64,
    updates: u64,
    gradients: Vec<f64>,
    arriving: Vec<f64>,
    exploded: Option<u64>,
}

impl Run {
    /// A run of so many updates, with one more remedy (or none), from this seed.
    pub fn new(settings: &Settings, remedy: Option<&'static RemedySpec>, seed: u64, updates: u64) -> Self {
        let settings = with_remedy(settings, remedy, seed);
        Self {
            trainer: Trainer::new(&settings),
            seed,
            updates,
            gradients: Vec::new(),
            arriving: Vec::new(),
            exploded: None,
        }
    }

    /// The share of its updates that are made.
    pub fn progress(&self) -> f64 {
        self.trainer.updates() as f64 / self.updates.max(1) as f64
    }

    /// One update; what became of the run, when it is over.
    pub fn advance(&mut self) -> Option<Outcome> {
        if self.trainer.updates() < self.updates
            && let Some(report) = self.trainer.step()
        {
            let norm = report.gradient_log10();
            self.gradients.push(norm);
            if norm.is_nan() || norm > EXPLOSION {
                self.exploded.get_or_insert(report.step);
            }
            if let (Some(first), Some(last)) = (report.profile.first(), report.profile.last()) {
                self.arriving.push(f64::from(*first) - f64::from(*last));
            }
            return None;
        }
        let broke_down = self.trainer.breakdown().map(|breakdown| breakdown.step);
        let test = broke_down.is_none().then(|| self.trainer.test());
        Some(Outcome {
            seed: self.seed,
            broke_down,
            exploded: self.exploded,
            gradient_log10: median(&self.gradients),
            arriving_log10: median(&self.arriving),
            loss: test.map_or(f64::INFINITY, |test| test.loss),
            accuracy: test.map_or(0.0, |test| test.accuracy),
        })
    }
}

/// The settings of a run: those of the experiment with one remedy switched on, and another seed.
pub fn with_remedy(settings: &Settings, remedy: Option<&'static RemedySpec>, seed: u64) -> Settings {
    let mut settings = settings.clone();
    if let Some(remedy) = remedy {
        settings.set(&remedy.toggle.spec, Value::Flag(true));
    }
    settings.set(&params::SEED.spec, Value::Int(i64::try_from(seed).unwrap_or(i64::MAX)));
    settings
}

/// The middle one; of an even number, the mean of the two in the middle. Undefined values are left out.
pub fn median(values: &[f64]) -> f64 {
    let values: Vec<f64> = values.iter().copied().filter(|x| !x.is_nan()).collect();
    let values = sorted(&values);
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[n / 2],
        n if values[n / 2 - 1] == values[n / 2] => values[n / 2],
        n => 0.5 * (values[n / 2 - 1] + values[n / 2]),
    }
}

/// All runs of one remedy.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The remedy's slug; empty for the runs without one.
    pub slug: &'static str,
    /// Its runs, in the order of their seeds.
    pub outcomes: Vec<Outcome>,
}

/// What an experiment found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// The runs without a remedy first, then remedy by remedy.
    pub rows: Vec<Row>,
}

impl Row {
    /// Its name in tables.
    pub fn title(&self) -> &'static str {
        remedies::find(self.slug).map_or("no remedy", |spec| spec.title)
    }

    /// Runs that left the numbers.
    pub fn broken(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.broke_down.is_some()).count()
    }

    /// The median, and the smallest and largest value, of a number of each run.
    pub fn spread(&self, of: impl Fn(&Outcome) -> f64) -> [f64; 3] {
        let values: Vec<f64> = self.outcomes.iter().map(of).filter(|x| !x.is_nan()).collect();
        let low = values.iter().copied().fold(f64::NAN, f64::min);
        let high = values.iter().copied().fold(f64::NAN, f64::max);
        [median(&values), low, high]
    }

    /// log10 of the loss at the end, over its runs.
    pub fn loss_log10(&self) -> [f64; 3] {
        self.spread(|outcome| outcome.loss).map(math::log10)
    }
}

/// What a remedy does, as far as these runs show.
///
/// | verdict | rule, against the runs without a remedy |
/// |---|---|
/// | [`Verdict::SameBits`] | every outcome is the same, bit for bit |
/// | [`Verdict::Prevents`] | half of those or more broke down, none of these did, nor did the gradient exceed [`EXPLOSION`] in half of them |
/// | [`Verdict::Hides`] | none of these broke down, but the gradient as backpropagation gave it exceeded [`EXPLOSION`] in half of them or more |
/// | [`Verdict::Slows`] | fewer broke down, or they broke down at more than twice the update |
/// | [`Verdict::Worsens`] | more broke down |
/// | [`Verdict::HelpsVanishing`] | none broke down in either; those learn nothing, and here a thousand times more of the gradient arrives at h_0, or it learns |
/// | [`Verdict::DoesNotAct`] | none of these |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// These are the runs without a remedy.
    Baseline,
    /// Not all runs are there yet.
    Open,
    /// Nothing changed at all.
    SameBits,
    /// No explosion any more.
    Prevents,
    /// No breakdown any more, though the gradient explodes on its way back.
    Hides,
    /// Later, or less often.
    Slows,
    /// More often.
    Worsens,
    /// The beginning of the sequence gets gradient again, or what could not be learnt is learnt.
    HelpsVanishing,
    /// As without it.
    DoesNotAct,
}

impl Verdict {
    /// In a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Baseline => "to compare with",
            Self::Open => "not known yet",
            Self::SameBits => "does not act on it: the same bits",
            Self::Prevents => "prevents explosion",
            Self::Hides => "hides it",
            Self::Slows => "slows it",
            Self::Worsens => "makes it worse",
            Self::HelpsVanishing => "helps against vanishing",
            Self::DoesNotAct => "does not act on it",
        }
    }
}

/// A loss below this share of what guessing without memory costs is learning.
pub const LEARNT: f64 = 0.5;
/// Later by this factor is slower.
const SLOWER: f64 = 2.0;
/// Decades by which more of the gradient arrives, where it helps against vanishing.
const DECADES: f64 = 3.0;

impl Row {
    /// Whether it learns, in the median run; `guess`: what guessing without memory costs.
    pub fn learns(&self, guess: f64) -> bool {
        self.spread(|outcome| outcome.loss)[0] < LEARNT * guess
    }

    fn exploded(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.exploded.is_some()).count()
    }
}

impl Evidence {
    /// What the remedy of a row does; `guess`: what guessing without memory costs.
    pub fn verdict(&self, row: &Row, guess: f64) -> Verdict {
        let Some(base) = self.rows.iter().find(|row| row.slug.is_empty()) else { return Verdict::Open };
        if row.slug.is_empty() {
            return Verdict::Baseline;
        }
        let (runs, of_base) = (row.outcomes.len(), base.outcomes.len());
        if runs == 0 || runs != of_base {
            return Verdict::Open;
        }
        let bits = |row: &Row| -> Vec<[u64; 4]> {
            let of = |o: &Outcome| [o.gradient_log10, o.arriving_log10, o.loss, o.accuracy].map(f64::to_bits);
            row.outcomes.iter().map(of).collect()
        };
        if bits(row) == bits(base) {
            return Verdict::SameBits;
        }
        let (broken, before) = (row.broken(), base.broken());
        let half = |count: usize| 2 * count >= runs;
        if broken > before {
            return Verdict::Worsens;
        }
        if before > 0 && broken == 0 && half(before) {
            return if half(row.exploded()) { Verdict::Hides } else { Verdict::Prevents };
        }
        let when = |row: &Row| row.spread(|outcome| outcome.broke_down.map_or(f64::NAN, |step| step as f64))[0];
        if broken < before || broken > 0 && when(row) > SLOWER * when(base) {
            return Verdict::Slows;
        }
        let arriving = |row: &Row| row.spread(|outcome| outcome.arriving_log10)[0];
        let helps = arriving(row) > arriving(base) + DECADES
            || arriving(base) == f64::NEG_INFINITY && arriving(row).is_finite();
        if before == 0 && !base.learns(guess) && (helps || row.learns(guess)) {
            return Verdict::HelpsVanishing;
        }
        Verdict::DoesNotAct
    }

    /// The verdict on a row in a sentence.
    pub fn sentence(&self, row: &Row, guess: f64) -> String {
        let verdict = self.verdict(row, guess);
        let runs = row.outcomes.len();
        let learns = if row.learns(guess) { "it learns" } else { "it does not learn" };
        match verdict {
            Verdict::Open => "The runs are not all there yet.".to_owned(),
            Verdict::Baseline => match row.broken() {
                0 => format!("No run of {runs} broke down; {learns}."),
                broken => format!("{broken} of {runs} runs left the numbers."),
            },
            Verdict::SameBits => "Every number is the same, bit for bit.".to_owned(),
            Verdict::Prevents if row.learns(guess) => "No run broke down, and it learns.".to_owned(),
            Verdict::Prevents => "No run broke down; it does not learn either: survival is not learning.".to_owned(),
            Verdict::Hides => {
                format!("No run broke down, though the gradient still explodes on its way back in {} of {runs}; {learns}.", row.exploded())
            }
            Verdict::Slows => format!("{} of {runs} runs left the numbers, fewer or later than without it.", row.broken()),
            Verdict::Worsens => format!("{} of {runs} runs left the numbers, more than without it.", row.broken()),
            Verdict::HelpsVanishing if row.learns(guess) => "What was not learnt without it is learnt.".to_owned(),
            Verdict::HelpsVanishing => {
                "More gradient arrives at the beginning; it does not learn yet: a preserved gradient is necessary, not sufficient.".to_owned()
            }
            Verdict::DoesNotAct => match row.broken() {
                0 => format!("Neither breaks down; here {learns}."),
                broken => format!("{broken} of {runs} runs left the numbers, as without it."),
            },
        }
    }
}

/// The first line of a file of runs: what they have in common.
const HEAD: &str = "# vanishing experiment 1, ";
/// The columns of a file of runs: norms as base-10 logarithms, updates from 0, -1 for never.
const COLUMNS: &str = "remedy,seed,broke_down,exploded,gradient_log10,arriving_log10,loss,accuracy";

/// What all runs of an experiment have in common, as a text: the updates, and the settings without seed and remedies.
pub fn setting(settings: &Settings, updates: u64) -> String {
    let mut shared = settings.clone();
    shared.clear(&params::SEED.spec);
    let pairs: Vec<String> = shared.pairs(params::all()).map(|(key, value)| format!("{key}={value}")).collect();
    format!("updates={updates}&{}", pairs.join("&"))
}

/// The runs as a file: every number reads back to the same bits.
pub fn csv(setting: &str, evidence: &Evidence) -> String {
    let mut text = format!("{HEAD}{setting}\n{COLUMNS}\n");
    for row in &evidence.rows {
        for outcome in &row.outcomes {
            text += &line(row.slug, outcome);
            text.push('\n');
        }
    }
    text
}

/// A run as a line of a file.
pub fn line(slug: &str, outcome: &Outcome) -> String {
    let Outcome { seed, broke_down, exploded, gradient_log10, arriving_log10, loss, accuracy } = outcome;
    let step = |step: &Option<u64>| step.map_or("-1".to_owned(), |step| step.to_string());
    let slug = if slug.is_empty() { "none" } else { slug };
    format!(
        "{slug},{seed},{},{},{gradient_log10:?},{arriving_log10:?},{loss:?},{accuracy:?}",
        step(broke_down),
        step(exploded)
    )
}

/// A run of a file: its remedy's slug, or an empty one, and what became of it.
pub type NamedOutcome = (&'static str, Outcome);

/// The runs of a file: what they have in common, and each with its remedy's slug. A last line without an end is left out:
/// its writing was interrupted.
///
/// # Errors
/// A sentence about the first line that is not one of such a file.
pub fn read_csv(text: &str) -> Result<(String, Vec<NamedOutcome>), String> {
    let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
    let mut lines = whole.lines();
    let head = lines.next().unwrap_or_default();
    let Some(setting) = head.strip_prefix(HEAD) else {
        return Err(format!(
            "line 1: “{}” is not the beginning of a file of runs",
            head.chars().take(40).collect::<String>()
        ));
    };
    if lines.next() != Some(COLUMNS) {
        return Err(format!("line 2: the columns are not {COLUMNS}"));
    }
    let mut runs = Vec::new();
    for (number, line) in lines.enumerate() {
        let run = read_line(line).ok_or_else(|| {
            format!("line {}: “{}” is not a run", number + 3, line.chars().take(60).collect::<String>())
        })?;
        runs.push(run);
    }
    Ok((setting.to_owned(), runs))
}

fn read_line(line: &str) -> Option<NamedOutcome> {
    let fields: Vec<&str> = line.split(',').collect();
    let [slug, seed, broke_down, exploded, gradient, arriving, loss, accuracy] = fields[..] else { return None };
    let slug = if slug == "none" { "" } else { remedies::find(slug)?.slug };
    let step = |text: &str| match text {
        "-1" => Some(None),
        text => text.parse::<u64>().ok().map(Some),
    };
    let number = |text: &str| text.parse::<f64>().ok();
    let outcome = Outcome {
        seed: seed.parse().ok()?,
        broke_down: step(broke_down)?,
        exploded: step(exploded)?,
        gradient_log10: number(gradient)?,
        arriving_log10: number(arriving)?,
        loss: number(loss)?,
        accuracy: number(accuracy)?,
    };
    Some((slug, outcome))
}

impl Evidence {
    /// Runs in rows: those without a remedy first, then in the registry's order, by their seeds.
    pub fn of_runs(runs: &[NamedOutcome]) -> Self {
        let slugs = std::iter::once("").chain(remedies::ALL.iter().map(|spec| spec.slug));
        let mut rows: Vec<Row> = slugs.map(|slug| Row { slug, outcomes: Vec::new() }).collect();
        for (slug, outcome) in runs {
            if let Some(row) = rows.iter_mut().find(|row| row.slug == *slug) {
                let at = row.outcomes.partition_point(|other| other.seed < outcome.seed);
                row.outcomes.insert(at, *outcome);
            }
        }
        rows.retain(|row| !row.outcomes.is_empty());
        Self { rows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(broke_down: Option<u64>, exploded: bool, arriving: f64, loss: f64) -> Outcome {
        Outcome {
            seed: 1,
            broke_down,
            exploded: exploded.then_some(3),
            gradient_log10: arriving,
            arriving_log10: arriving,
            loss: if broke_down.is_some() { f64::INFINITY } else { loss },
            accuracy: 0.5,
        }
    }

    fn verdict(base: Outcome, row: Outcome) -> (Verdict, String) {
        let runs = |slug, outcome| Row { slug, outcomes: vec![outcome; 4] };
        let evidence = Evidence { rows: vec![runs("", base), runs("l2", row)] };
        (evidence.verdict(&evidence.rows[1], 1.0), evidence.sentence(&evidence.rows[1], 1.0))
    }

    #[test]
    fn each_verdict_by_hand() {
        let broken = |at| outcome(Some(at), true, 0.0, 0.0);
        let calm = |loss| outcome(None, false, -1.0, loss);
        assert_eq!(verdict(broken(50), calm(0.1)).0, Verdict::Prevents);
        assert!(verdict(broken(50), calm(0.9)).1.ends_with("survival is not learning."));
        assert_eq!(verdict(broken(50), outcome(None, true, -1.0, 0.9)).0, Verdict::Hides);
        assert_eq!(verdict(broken(50), broken(150)).0, Verdict::SameBits);
        assert_eq!(verdict(broken(50), Outcome { gradient_log10: 1.0, ..broken(150) }).0, Verdict::Slows);
        assert_eq!(verdict(broken(50), Outcome { gradient_log10: 1.0, ..broken(60) }).0, Verdict::DoesNotAct);
        assert_eq!(verdict(calm(0.9), broken(50)).0, Verdict::Worsens);
        assert_eq!(verdict(outcome(None, false, -16.0, 1.0), calm(0.95)).0, Verdict::HelpsVanishing);
        assert_eq!(verdict(outcome(None, false, f64::NEG_INFINITY, 1.0), calm(0.95)).0, Verdict::HelpsVanishing);
        assert_eq!(verdict(calm(1.0), calm(0.2)).0, Verdict::HelpsVanishing);
        assert_eq!(verdict(calm(0.95), calm(0.9)).0, Verdict::DoesNotAct);
        assert_eq!(verdict(calm(0.9), calm(0.9)).0, Verdict::SameBits);
    }

    #[test]
    fn a_row_whose_runs_are_not_all_there_has_no_verdict() {
        let row = |slug, runs| Row { slug, outcomes: vec![outcome(None, false, 0.0, 1.0); runs] };
        let evidence = Evidence { rows: vec![row("", 3), row("l1", 2), row("l2", 0)] };
        assert!(evidence.rows[1..].iter().all(|row| evidence.verdict(row, 1.0) == Verdict::Open));
        assert_eq!(evidence.verdict(&evidence.rows[0], 1.0), Verdict::Baseline);
    }

    #[test]
    fn medians_of_few_numbers() {
        assert_eq!((median(&[3.0, 1.0, 2.0]), median(&[1.0, 2.0]), median(&[f64::NAN, 5.0])), (2.0, 1.5, 5.0));
        assert_eq!(median(&[f64::INFINITY, f64::INFINITY]), f64::INFINITY);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn checkpointing_changes_no_outcome_and_clipping_does() {
        let pairs = [("hidden-size", "6"), ("sequence-length", "10"), ("batch-size", "4"), ("task", "adding")];
        let (settings, _) = Settings::from_pairs(params::all(), pairs);
        let row = |slug: &'static str| {
            let runs = (1..3).map(|seed| {
                let mut run = Run::new(&settings, remedies::find(slug), seed, 8);
                std::iter::from_fn(|| Some(run.advance())).flatten().next().expect("an outcome")
            });
            Row { slug, outcomes: runs.collect() }
        };
        let evidence = Evidence { rows: vec![row(""), row("checkpointing"), row("normalize")] };
        assert_eq!(evidence.verdict(&evidence.rows[1], 1.0 / 6.0), Verdict::SameBits);
        assert_ne!(evidence.verdict(&evidence.rows[2], 1.0 / 6.0), Verdict::SameBits);
    }

    #[test]
    fn a_file_of_runs_reads_back_to_the_same_bits_and_a_torn_line_is_left_out() {
        let odd = Outcome {
            gradient_log10: 0.1 + 0.2,
            arriving_log10: f64::NEG_INFINITY,
            ..outcome(Some(3), true, 0.0, 0.0)
        };
        let other = Outcome { seed: 7, gradient_log10: f64::NAN, ..outcome(None, false, 1e-300, 0.5) };
        let runs = [("", odd), ("clip_norm", other)];
        let text = csv(&setting(&Settings::default(), 9), &Evidence::of_runs(&runs));
        let (setting, found) = read_csv(&text).expect("a file");
        assert_eq!((setting.as_str(), format!("{found:?}")), ("updates=9&", format!("{runs:?}")));
        let torn = &text[..text.len() - 5];
        assert_eq!(read_csv(torn).expect("a file").1.len(), 1);
    }

    #[test]
    fn what_is_no_file_of_runs_is_refused_in_a_sentence() {
        assert_eq!(read_csv("a,b\n1,2\n").unwrap_err(), "line 1: “a,b” is not the beginning of a file of runs");
        let text = csv("x", &Evidence::default());
        assert_eq!(read_csv(&format!("{text}tea,1,2\n")).unwrap_err(), "line 3: “tea,1,2” is not a run");
    }
}
