//! What one asks of an experiment: the order of its rows, and whether a remedy is better or worse than none.
use super::evidence::{Evidence, Row};
use crate::order::{median, sorted_by_key};
use crate::param::Choice;
use crate::remedies;
use crate::shares::fisher;

/// What an update with a remedy costs, in one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// The most bytes that the buffers of a pass held.
    pub bytes: usize,
    /// The mean time of an update, as measured by whoever made the run.
    pub milliseconds: f64,
}

/// The costs of the runs of a remedy, by its slug.
pub type NamedCost = (&'static str, Cost);

/// What a remedy costs: the median over its runs.
pub fn cost_of(costs: &[NamedCost], slug: &str) -> Option<Cost> {
    let of = |number: &dyn Fn(&Cost) -> f64| {
        let numbers: Vec<f64> = costs.iter().filter(|(of, _)| *of == slug).map(|(_, cost)| number(cost)).collect();
        median(&numbers)
    };
    let milliseconds = of(&|cost| cost.milliseconds);
    (!milliseconds.is_nan()).then(|| Cost { bytes: of(&|cost| cost.bytes as f64) as usize, milliseconds })
}

/// What the rows are sorted by. Rows that are alike in it stand as under [`Asked::Method`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    /// By the method of the exercise, those of its other question last.
    #[default]
    Method,
    /// Those with the fewest runs that diverged first.
    Finite,
    /// Those with the most runs that learned first.
    Learned,
    /// Those with the shortest updates first.
    Time,
    /// Those with the smallest buffers first.
    Memory,
}

impl Asked {
    /// The words of all in addresses, and what stands in the menu.
    pub const CHOICES: &'static [Choice] = &[
        Choice { slug: "method", label: "method of the exercise" },
        Choice { slug: "finite", label: "which stay finite" },
        Choice { slug: "learned", label: "which learn" },
        Choice { slug: "time", label: "time of an update" },
        Choice { slug: "memory", label: "memory of a pass" },
    ];

    /// That of a word; by the method for another one.
    pub fn of(word: &str) -> Self {
        match word {
            "finite" => Self::Finite,
            "learned" => Self::Learned,
            "time" => Self::Time,
            "memory" => Self::Memory,
            _ => Self::Method,
        }
    }
}

/// How the runs of a remedy end beside those without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// These are the runs without a remedy.
    Baseline,
    /// Clearly more learn; or clearly fewer diverge, and not clearly fewer learn.
    Better,
    /// Clearly fewer learn, or clearly more diverge.
    Worse,
    /// Neither is clear.
    Alike,
}

/// A difference with a smaller probability by chance alone is clear: Fisher's exact test, one-sided, as 4 of 4 against 0 of 4.
pub const CLEAR: f64 = 0.05;

impl Evidence {
    /// The rows by what is asked, that without a remedy first. `guess`: what guessing without memory costs.
    pub fn sorted(&self, asked: Asked, guess: f64, costs: &[NamedCost]) -> Vec<&Row> {
        let method = |row: &&Row| {
            let place = remedies::find(row.slug).and_then(|spec| spec.method.asked());
            if row.slug.is_empty() { -1.0 } else { place.map_or(f64::INFINITY, f64::from) }
        };
        let share = |count: usize, row: &Row| count as f64 / row.outcomes.len().max(1) as f64;
        let key = |row: &&Row| match asked {
            _ if row.slug.is_empty() => f64::NEG_INFINITY,
            Asked::Method => 0.0,
            Asked::Finite => share(row.broken(), row),
            Asked::Learned => -share(row.learned(guess), row),
            Asked::Time => cost_of(costs, row.slug).map_or(f64::INFINITY, |cost| cost.milliseconds),
            Asked::Memory => cost_of(costs, row.slug).map_or(f64::INFINITY, |cost| cost.bytes as f64),
        };
        sorted_by_key(sorted_by_key(self.rows.iter().collect(), method), key)
    }

    /// How a row's runs end beside those without a remedy. `guess`: what guessing without memory costs.
    pub fn beside(&self, row: &Row, guess: f64) -> Beside {
        if row.slug.is_empty() {
            return Beside::Baseline;
        }
        let Some(base) = self.rows.iter().find(|row| row.slug.is_empty()) else { return Beside::Alike };
        let count = |row: &Row, hits: usize| (hits, row.outcomes.len());
        let (here, there) = (count(row, row.learned(guess)), count(base, base.learned(guess)));
        let (broken, before) = (count(row, row.broken()), count(base, base.broken()));
        let clear = |more: (usize, usize), fewer: (usize, usize)| fisher(more, fewer) < CLEAR;
        if clear(there, here) || clear(broken, before) {
            Beside::Worse
        } else if clear(here, there) || clear(before, broken) {
            Beside::Better
        } else {
            Beside::Alike
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::outcome;
    use super::*;

    fn row(slug: &'static str, broken: usize, learned: usize, seeds: usize) -> Row {
        let of = |i: usize| match i {
            i if i < broken => outcome(Some(5), true, 0.0, 0.0),
            i if i < broken + learned => outcome(None, false, -1.0, 0.1),
            _ => outcome(None, false, -1.0, 0.9),
        };
        Row { slug, outcomes: (0..seeds).map(of).collect() }
    }

    fn slugs<'a>(rows: &[&'a Row]) -> Vec<&'a str> {
        rows.iter().map(|row| row.slug).collect()
    }

    #[test]
    fn the_methods_of_the_exercise_come_first_and_the_runs_without_one_before_them() {
        let rows = ["xavier_init", "mask_steps", "lstm", "l2", ""].map(|slug| row(slug, 1, 1, 4));
        let evidence = Evidence { rows: rows.into() };
        let asked = |asked| slugs(&evidence.sorted(asked, 1.0, &[]));
        assert_eq!(asked(Asked::Method), ["", "l2", "lstm", "mask_steps", "xavier_init"]);
        assert_eq!(asked(Asked::Learned), asked(Asked::Method), "rows that are alike");
        assert_eq!(asked(Asked::Time), asked(Asked::Method), "nothing was measured");
        let chosen: Vec<Asked> = Asked::CHOICES.iter().map(|choice| Asked::of(choice.slug)).collect();
        assert_eq!(chosen, [Asked::Method, Asked::Finite, Asked::Learned, Asked::Time, Asked::Memory]);
    }

    #[test]
    fn rows_are_sorted_by_what_is_asked() {
        let rows = vec![row("", 4, 0, 4), row("l2", 3, 0, 4), row("clip_norm", 0, 1, 4), row("gru", 1, 3, 4)];
        let evidence = Evidence { rows };
        let cost = |bytes, milliseconds| Cost { bytes, milliseconds };
        let costs = [
            ("l2", cost(10, 3.0)),
            ("gru", cost(40, 1.0)),
            ("gru", cost(40, 9.0)),
            ("gru", cost(40, 2.0)),
            ("", cost(1, 1.0)),
        ];
        let asked = |asked| slugs(&evidence.sorted(asked, 1.0, &costs));
        assert_eq!(asked(Asked::Finite), ["", "clip_norm", "gru", "l2"]);
        assert_eq!(asked(Asked::Learned), ["", "gru", "clip_norm", "l2"]);
        assert_eq!(asked(Asked::Time), ["", "gru", "l2", "clip_norm"]);
        assert_eq!(asked(Asked::Memory), ["", "l2", "gru", "clip_norm"]);
        assert_eq!(cost_of(&costs, "gru"), Some(cost(40, 2.0)));
        assert_eq!(cost_of(&costs, "l1"), None);
    }

    #[test]
    fn better_and_worse_are_said_where_it_is_clear() {
        let rows = vec![row("", 4, 0, 4), row("l2", 1, 0, 4), row("gru", 0, 3, 4), row("lstm", 0, 4, 4)];
        let evidence = Evidence { rows };
        let beside: Vec<Beside> = evidence.rows.iter().map(|row| evidence.beside(row, 1.0)).collect();
        // 1 of 4 against 4 of 4 is 1 in 14: it may be chance; that none diverges is 1 in 70.
        assert_eq!(beside, [Beside::Baseline, Beside::Alike, Beside::Better, Beside::Better]);
        let evidence =
            Evidence { rows: vec![row("", 0, 4, 4), row("l2", 0, 0, 4), row("gru", 4, 0, 4), row("l1", 0, 4, 4)] };
        let beside: Vec<Beside> = evidence.rows.iter().map(|row| evidence.beside(row, 1.0)).collect();
        assert_eq!(beside, [Beside::Baseline, Beside::Worse, Beside::Worse, Beside::Alike]);
    }
}
