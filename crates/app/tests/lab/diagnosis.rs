//! The report on the opened network: it comes with the file, its proposals are drawn, and it goes when the run is another.
use crate::opened::{drop_file, file, network};
use crate::support::{act, enter, open, slide};
use vanishing_app::{Lab, OpenedReport, Phase};

/// A network that forgets: W_hh = 0.7 I.
fn fading() -> Vec<u8> {
    let n = 8;
    let w_hh = (0..n * n).map(|i| if i % (n + 1) == 0 { 0.7 } else { 0.0 }).collect();
    file(&[("rnn.weight_hh_l0", &[n, n], w_hh), ("rnn.weight_ih_l0", &[n, 3], vec![0.05; 3 * n])])
}

fn report(lab: &Lab) -> Option<OpenedReport> {
    lab.view().opened.report.clone()
}

fn headings(lab: &Lab) -> Vec<String> {
    lab.table("gradient-norms").expect("numbers").headings()
}

#[test]
fn a_dropped_file_brings_its_report() {
    let mut lab = open("sequence-length=60");
    assert_eq!(report(&lab), None);
    drop_file(&mut lab, "rnn.safetensors", &fading());
    let found = report(&lab).expect("a report");
    assert!(found.headline.starts_with("Vanishing, on random inputs: half is gone every "), "{}", found.headline);
    for words in ["The gradient vanishes.", "spectral radius", "A window of 35 steps"] {
        assert!(found.sentences.iter().any(|sentence| sentence.contains(words)), "{words}: {:?}", found.sentences);
    }
    let actions: Vec<&str> = found.advice.iter().map(|advice| advice.action.as_str()).collect();
    assert_eq!(actions[..3], ["own-try:rescale", "own-try:orthogonal", ""]);
    // The words are those of the file.
    let saved = act(&mut lab, "own-report:md").download.expect("a file");
    assert_eq!((saved.name.as_str(), saved.kind), ("rnn-report.md", "text/markdown"));
    assert!(saved.text.contains(&found.headline) && saved.text.contains(&found.advice[0].title));
    let saved = act(&mut lab, "own-report:json").download.expect("a file");
    let read: serde_json::Value = serde_json::from_str(&saved.text).expect("JSON");
    assert_eq!((saved.name.as_str(), read["verdict"].as_str()), ("rnn-report.json", Some("vanishing")));
}

#[test]
fn a_proposal_that_is_pressed_is_drawn_and_goes_when_it_is_pressed_again() {
    let mut lab = open("");
    drop_file(&mut lab, "lstm.safetensors", &network(4, 8, false));
    let before = headings(&lab);
    act(&mut lab, "own-try:gate-bias");
    let tried = |lab: &Lab| report(lab).expect("a report").advice.iter().map(|advice| advice.tried).collect::<Vec<_>>();
    assert_eq!(tried(&lab).iter().filter(|tried| **tried).count(), 1);
    assert!(headings(&lab).contains(&"gate bias + 1".to_owned()), "{:?}", headings(&lab));
    assert!(lab.summary("gradient-norms").is_some_and(|text| text.contains("With the proposal “gate bias + 1”")));
    act(&mut lab, "own-try:orthogonal");
    assert!(headings(&lab).contains(&"orthogonal".to_owned()) && !headings(&lab).contains(&"gate bias + 1".to_owned()));
    act(&mut lab, "own-try:orthogonal");
    assert_eq!((headings(&lab), tried(&lab).contains(&true)), (before, false));
}

#[test]
fn a_report_on_another_run_is_made_anew_unless_a_hand_still_moves() {
    let mut lab = open("sequence-length=60");
    drop_file(&mut lab, "rnn.safetensors", &fading());
    act(&mut lab, "own-try:rescale");
    // A remedy changes nothing of what the file has.
    enter(&mut lab, "clip-norm", "1");
    assert!(report(&lab).is_some() && headings(&lab).contains(&"ρ = 1".to_owned()));
    enter(&mut lab, "sequence-length", "40");
    let anew = report(&lab).expect("a report");
    assert!(anew.sentences.iter().any(|sentence| sentence.contains("Over 40 steps")), "{:?}", anew.sentences);
    assert!(headings(&lab).contains(&"ρ = 1".to_owned()), "what was tried is still drawn");
    slide(&mut lab, "sequence-length", 0.2, Phase::Moving);
    assert!(report(&lab).is_none() && !headings(&lab).contains(&"ρ = 1".to_owned()));
    assert_eq!(act(&mut lab, "own-report:md").download, None);
    act(&mut lab, "own-diagnose");
    assert!(report(&lab).is_some());
    act(&mut lab, "own-aside");
    assert_eq!(report(&lab), None);
    act(&mut lab, "own-show");
    assert!(report(&lab).is_some());
    act(&mut lab, "own-close");
    assert_eq!(report(&lab), None);
}
