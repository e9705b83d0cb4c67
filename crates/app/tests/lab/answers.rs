//! The table of answers to the exercise: what stands as evidence is what the runs give, and the verdict follows from it.
use crate::support::{follow, open};
use vanishing_core::shares;
use vanishing_core::training::experiment::CLEAR;
use vanishing_tests::markup;

/// The seeds of a way.
const SEEDS: u64 = 8;

/// The probability that, of `more + fewer` marked runs among 2n, at least `more` fall into the first n by chance.
fn fisher(more: u64, fewer: u64, n: u64) -> f64 {
    shares::fisher((more as usize, n as usize), (fewer as usize, n as usize))
}

fn is_clear(more: u64, fewer: u64) -> bool {
    more > fewer && fisher(more, fewer, SEEDS) < CLEAR
}

/// Runs of a way that learned, and that diverged.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Counts {
    learned: u64,
    diverged: u64,
}

/// The rule that stands above the tables.
fn verdict(with: Counts, without: Option<Counts>) -> &'static str {
    let Some(without) = without else { return "baseline" };
    if is_clear(with.learned, without.learned) {
        "helps"
    } else if is_clear(without.learned, with.learned) || is_clear(with.diverged, without.diverged) {
        "harms"
    } else if is_clear(without.diverged, with.diverged) {
        "survives only"
    } else {
        "no clear difference"
    }
}

/// What the runs came to, from their squares: with what is on, and without, if that is something else.
fn counts(squares: &str) -> (Counts, Option<Counts>) {
    let of = |text: &str| {
        let count = |mark: char| text.chars().filter(|found| *found == mark).count() as u64;
        assert_eq!(count('■') + count('◧') + count('□') + count('✕'), SEEDS, "{text}");
        Counts { learned: count('■'), diverged: count('✕') }
    };
    match squares.split_once("without") {
        Some((with, without)) => (of(with), Some(of(without))),
        None => (of(squares), None),
    }
}

fn readout(found: &[(&'static str, String)], name: &str) -> String {
    let text = found.iter().find(|(known, _)| *known == name).map(|(_, text)| text.clone());
    text.unwrap_or_else(|| panic!("no readout {name}"))
}

/// The part of the page with the answers.
fn part() -> &'static str {
    let rest = markup::page().split("<div id=\"answers\"").nth(1).expect("the answers");
    rest.split("id=\"recipe\"").next().expect("their tables")
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).expect(before).0
}

#[test]
fn chances_of_eight_against_eight() {
    // By hand: all four of 16 among the first eight, C(8, 4)/C(16, 4); all eight, 1/C(16, 8).
    assert!((fisher(4, 0, 8) - 70.0 / 1_820.0).abs() < 1e-15);
    assert!((fisher(8, 0, 8) - 1.0 / 12_870.0).abs() < 1e-15);
    assert!((fisher(3, 0, 8) - 0.1).abs() < 1e-15);
    assert!((fisher(0, 3, 8) - 1.0).abs() < 1e-15);
    // Eight against four is clear, seven against four is not.
    assert!((fisher(8, 4, 8) - 70.0 / 1_820.0).abs() < 1e-15);
    assert!(is_clear(4, 0) && !is_clear(3, 0) && is_clear(8, 4) && !is_clear(7, 4) && !is_clear(0, 0));
}

#[test]
fn verdicts_by_the_rule() {
    let of = |learned, diverged| Counts { learned, diverged };
    assert_eq!(verdict(of(0, 8), None), "baseline");
    assert_eq!(verdict(of(8, 0), Some(of(0, 8))), "helps");
    assert_eq!(verdict(of(0, 0), Some(of(0, 8))), "survives only");
    assert_eq!(verdict(of(2, 5), Some(of(0, 8))), "no clear difference");
    assert_eq!(verdict(of(0, 0), Some(of(5, 0))), "harms");
    assert_eq!(verdict(of(0, 4), Some(of(0, 0))), "harms");
}

/// Each row says what the runs say: a part of it names the readout whose text it is. Of the sentence on what the remedies
/// changed a part is enough.
#[test]
fn the_answers_to_the_exercise_are_what_the_runs_say() {
    let presets = markup::presets();
    let mut names = Vec::new();
    // One after the other, as a reader presses them: a press sets all that the row is about.
    let mut lab = open("");
    for row in part().split("<tr>").filter(|row| row.contains("data-evidence")) {
        let name = between(row, "id=\"preset-", "\"");
        follow(&mut lab, &presets[name]);
        let found = lab.try_out(SEEDS as usize);
        for said in row.split("data-evidence=\"").skip(1) {
            let (name_of, rest) = said.split_once("\">").expect("a readout");
            let text = rest.split("</span>").next().expect("its text");
            let now = readout(&found, name_of);
            let is_said = if name_of == "workbench-changed" { now.contains(text) } else { now == text };
            assert!(is_said, "{name}: {text}, but now {now}");
        }
        let cell = between(row, "class=\"verdict-of\">", "</td>");
        // What a theorem says needs no runs.
        if cell == "proved" {
            assert!(!row.contains("workbench-seeds"), "{name}");
        } else {
            assert!(row.contains("data-evidence=\"workbench-seeds\""), "{name} shows its runs");
            let (with, without) = counts(&readout(&found, "workbench-squares"));
            assert_eq!(cell, verdict(with, without), "{name}");
        }
        names.push(name);
    }
    assert!(names.len() >= 27, "{names:?}");
}

/// The setting in which gradients explode was chosen so that every run without a remedy diverges, and clipping by norm learns:
/// what is said of further seeds.
#[test]
fn the_exploding_setting_from_further_seeds() {
    let text = part().split_whitespace().collect::<Vec<_>>().join(" ");
    let query = &markup::presets()["workbench-answer-norm"];
    let mut learned = 0;
    for seed in [20, 40, 60] {
        let mut lab = open(&format!("{query}&seed={seed}"));
        let (with, without) = counts(&readout(&lab.try_out(SEEDS as usize), "workbench-squares"));
        assert_eq!(without, Some(Counts { learned: 0, diverged: SEEDS }), "{seed}");
        learned += with.learned;
    }
    let said = "Of the 24 further seeds 20 to 27, 40 to 47 and 60 to 67, which had a part in the choice, all diverge without a remedy";
    assert!(text.contains(&format!("{said}, and with clipping by norm {learned} learn.")), "{learned}");
}

/// Every row of 1.3 is one of the two settings, or that and what the row names; every row of question 2 the exploding one and
/// what it names.
#[test]
fn rows_differ_from_their_setting_in_what_they_name_alone() {
    let presets = markup::presets();
    let [vanishing, exploding] = ["vanishing", "exploding"].map(|name| &presets[&*format!("workbench-answer-{name}")]);
    let is_more = |query: &str, setting: &str| query.starts_with(&format!("{setting}&"));
    let rows = |table: usize, part: &str| -> Vec<&str> {
        let table = part_of_table(table);
        let of_part = table.split("<tr>").filter(|row| row.contains(&format!("<th scope=\"row\">{part} ")));
        of_part.filter(|row| row.contains("id=\"preset-")).map(|row| between(row, "id=\"preset-", "\"")).collect()
    };
    let (first, second) = (rows(1, "1.3"), rows(2, "2"));
    assert!(first.len() >= 9 && second.len() >= 16, "{first:?} {second:?}");
    for query in first.into_iter().map(|name| &presets[name]) {
        let is_setting = [vanishing, exploding].contains(&query);
        assert!(is_setting || is_more(query, vanishing) || is_more(query, exploding), "{query}");
    }
    for query in second.into_iter().map(|name| &presets[name]) {
        assert!(is_more(query, exploding), "{query}");
    }
}

fn part_of_table(number: usize) -> &'static str {
    part().split("<table").nth(number).expect("a table")
}

#[test]
fn at_a_tiny_rate_the_growing_state_alone_is_enough() {
    let mut lab = open("");
    follow(&mut lab, "afresh=&activation=linear&spectral-radius=1.2&sequence-length=50&learning-rate=0.000001");
    let squares = lab.try_out(SEEDS as usize).into_iter().find(|(name, _)| *name == "workbench-squares").unwrap().1;
    assert_eq!(counts(&squares), (Counts { learned: 8, diverged: 0 }, None), "{squares}");
}
