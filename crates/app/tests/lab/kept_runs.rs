//! Claims of chapter 4 over many seeds, and the files of runs behind them. How the files are made stands in
//! `tests/evidence/README.md`.
use std::collections::BTreeSet;
use vanishing_app::{lanes, parse_lanes};
use vanishing_core::remedies;
use vanishing_core::training::experiment::{self, Evidence, NamedOutcome, Outcome, Row, Run};
use vanishing_tests::markup;

/// The runs of a file, of a link of the page.
struct Kept {
    settings: vanishing_core::param::Settings,
    updates: u64,
    evidence: Evidence,
}

impl Kept {
    /// Reads a file, and holds its first line to lane A of the link.
    fn of(text: &str, preset: &str, updates: u64) -> Self {
        let (setting, runs) = experiment::read_csv(text).expect("a file of runs");
        let (chosen, notices) = parse_lanes(&markup::presets()[preset]);
        assert_eq!(notices, [], "{preset}");
        let settings = chosen.lane(lanes::WITHOUT);
        assert_eq!(setting, experiment::setting(&settings, updates), "{preset}");
        assert_eq!(text, experiment::csv(&setting, &Evidence::of_runs(&runs)), "nothing else stands in the file");
        Self { settings, updates, evidence: Evidence::of_runs(&runs) }
    }

    fn row(&self, slug: &str) -> &Row {
        self.evidence.rows.iter().find(|row| row.slug == slug).unwrap_or_else(|| panic!("{slug}"))
    }

    /// Makes a run again and holds its line to the file's.
    fn again(&self, slug: &'static str, seed: u64) {
        let mut run = Run::new(&self.settings, remedies::find(slug), seed, self.updates);
        let found = std::iter::from_fn(|| Some(run.advance())).flatten().next().expect("an outcome");
        let kept = self.row(slug).outcomes.iter().find(|outcome| outcome.seed == seed).expect("the seed");
        assert_eq!(experiment::line(slug, &found), experiment::line(slug, kept));
    }

    /// The remedies of which so many runs diverged.
    fn that_lost(&self, broken: usize) -> BTreeSet<&'static str> {
        let rows = self.evidence.rows.iter().filter(|row| !row.slug.is_empty() && row.broken() == broken);
        rows.map(|row| row.slug).collect()
    }

    /// The runs that learned, and the baseline of their task.
    fn that_learned(&self) -> Vec<NamedOutcome> {
        let guess = experiment::guess(&self.settings);
        let all = self.evidence.rows.iter().flat_map(|row| row.outcomes.iter().map(|outcome| (row.slug, *outcome)));
        all.filter(|(_, outcome)| outcome.has_learned(guess)).collect()
    }
}

fn seeds(row: &Row) -> Vec<u64> {
    row.outcomes.iter().map(|outcome| outcome.seed).collect()
}

fn exploded(row: &Row) -> usize {
    row.outcomes.iter().filter(|outcome| outcome.exploded.is_some()).count()
}

/// Whether the page has these words, wherever its lines break.
fn says(words: &str) {
    let page: String = markup::page().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains(words), "{words}");
}

#[test]
fn clipping_makes_the_learning_rate_usable_on_sixteen_seeds() {
    let kept = Kept::of(include_str!("../../../../tests/evidence/temporal-order.csv"), "lab-clipped", 1_500);
    let (plain, clipped) = (kept.row(""), kept.row("clip_norm"));
    assert_eq!((seeds(plain), seeds(clipped)), ((1..=16).collect(), (1..=16).collect()));
    let percent = |of: fn(f64, f64) -> f64, from: f64| {
        100.0 * plain.outcomes.iter().map(|outcome| outcome.accuracy).fold(from, of)
    };
    let (least, most) = (percent(f64::min, 1.0), percent(f64::max, 0.0));
    let median = 100.0 * plain.spread(|outcome| outcome.accuracy)[0];
    says("From the seeds 1 to 16, none of the sixteen runs without clipping had learned after 1,500 updates");
    says(&format!("they were right {least:.0} % to {most:.0} % of the time, half of them at most {median:.0} %."));
    says("With clipping all sixteen were right on every test sequence. Nothing blows up here");
    let learned = kept.that_learned();
    assert!(learned.len() == 16 && learned.iter().all(|(slug, _)| *slug == "clip_norm"));
    assert!(clipped.outcomes.iter().all(|outcome| outcome.accuracy == 1.0));
    assert_eq!(plain.broken() + clipped.broken(), 0);
    kept.again("", 10);
    kept.again("clip_norm", 12);
}

#[test]
fn what_each_remedy_does_to_runs_that_blow_up() {
    let kept = Kept::of(include_str!("../../../../tests/evidence/adding.csv"), "lab-blows-up", 300);
    assert_eq!(kept.evidence.rows.len(), 1 + remedies::ALL.len(), "every remedy is tried");
    assert!(kept.evidence.rows.iter().all(|row| seeds(row) == [4, 5, 6, 7]));
    says("with 300 updates from the seeds 4 to 7, all four runs without a remedy diverged.");
    assert_eq!(kept.row("").broken(), 4);
    says(
        "LSTM, GRU, recurrent batch normalisation, the orthogonal and the rescaled start and spectral normalisation kept every \
         run finite, and the gradient below a norm of 100.",
    );
    let quiet = BTreeSet::from(["lstm", "gru", "batch_norm", "orthogonal_init", "rescale_init", "spectral_norm"]);
    assert!((experiment::EXPLOSION - 2.0).abs() < 1e-15);
    assert!(quiet.iter().all(|slug| exploded(kept.row(slug)) == 0));
    says(
        "All four runs stayed finite too with clipping by norm, by value, of each tensor and of each layer, with a normalised \
         gradient, with gradient scaling by 0.1 and with updates skipped at an alarm; but in two to four of them the gradient \
         exceeded 100",
    );
    let short = ["clip_norm", "clip_value", "clip_tensor", "clip_layer", "normalize", "gradient_scale", "detect"];
    let counts: BTreeSet<usize> = short.iter().map(|slug| exploded(kept.row(slug))).collect();
    assert_eq!((counts.first(), counts.last()), (Some(&2), Some(&4)));
    assert_eq!(kept.that_lost(0), quiet.into_iter().chain(short).collect());
    says(
        "With Xavier’s start two runs diverged, with truncation, decoupled weight decay and gradient noise three; of four runs \
         that may be chance.",
    );
    assert_eq!(kept.that_lost(1), BTreeSet::new());
    assert_eq!(kept.that_lost(2), BTreeSet::from(["xavier_init"]));
    assert_eq!(kept.that_lost(3), BTreeSet::from(["truncation", "weight_decay", "gradient_noise"]));
    says("Every other remedy saved none, clipping on the way back among them");
    assert!(kept.that_lost(4).contains("clip_state"));
    says("One run of all learned the sum of two numbers a hundred steps apart, with batch normalisation.");
    let learned: Vec<&str> = kept.that_learned().into_iter().map(|(slug, _): (_, Outcome)| slug).collect();
    assert_eq!(learned, ["batch_norm"]);
    kept.again("clip_norm", 7);
    // Those that diverge are short.
    for row in kept.evidence.rows.iter().filter(|row| row.outcomes[0].broke_down.is_some()) {
        kept.again(row.slug, row.outcomes[0].seed);
    }
}
