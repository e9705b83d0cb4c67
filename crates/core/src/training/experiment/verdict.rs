//! What a remedy does, in a word and in a sentence, from its runs and those without one.
use super::evidence::{Evidence, Row};
use super::run::Outcome;

/// What a remedy does, as far as these runs show.
///
/// | verdict | rule, against the runs without a remedy |
/// |---|---|
/// | [`Verdict::SameBits`] | every outcome is the same, bit for bit |
/// | [`Verdict::Prevents`] | half of those or more broke down, none of these did, nor did the gradient exceed [`EXPLOSION`](super::run::EXPLOSION) in half of them |
/// | [`Verdict::Hides`] | none of these broke down, but the gradient as backpropagation gave it exceeded [`EXPLOSION`](super::run::EXPLOSION) in half of them or more |
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
    /// More runs break down than without it.
    Worsens,
    /// The beginning of the sequence gets gradient again, or what could not be learned is learned.
    HelpsVanishing,
    /// None of the other verdicts holds: the runs end as without it.
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

/// Later by this factor is slower.
const SLOWER: f64 = 2.0;
/// Decades by which more of the gradient arrives, where it helps against vanishing.
const DECADES: f64 = 3.0;

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
                broken => format!("{broken} of {runs} runs diverged."),
            },
            Verdict::SameBits => "Every number is the same, bit for bit.".to_owned(),
            Verdict::Prevents if row.learns(guess) => "No run broke down, and it learns.".to_owned(),
            Verdict::Prevents => "No run broke down; it does not learn either: survival is not learning.".to_owned(),
            Verdict::Hides => {
                format!("No run broke down, though the gradient still explodes on its way back in {} of {runs}; {learns}.", row.exploded())
            }
            Verdict::Slows => format!("{} of {runs} runs diverged, fewer or later than without it.", row.broken()),
            Verdict::Worsens => format!("{} of {runs} runs diverged, more than without it.", row.broken()),
            Verdict::HelpsVanishing if row.learns(guess) => "What was not learned without it is learned.".to_owned(),
            Verdict::HelpsVanishing => {
                "More gradient arrives at the beginning; it does not learn yet: a preserved gradient is necessary, not sufficient.".to_owned()
            }
            Verdict::DoesNotAct => match row.broken() {
                0 => format!("Neither breaks down; here {learns}."),
                broken => format!("{broken} of {runs} runs diverged, as without it."),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::run::Run;
    use super::super::tests::outcome;
    use super::*;
    use crate::param::Settings;
    use crate::remedies;
    use crate::training::params;

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
}
