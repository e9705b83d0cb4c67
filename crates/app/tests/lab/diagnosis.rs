//! The report on the opened network: it comes with the file, its proposals are drawn, and it goes when the run is another.
use crate::opened::{drop_file, file, network};
use crate::support::{act, enter, open, slide};
use vanishing_app::{Lab, Msg, OpenedReport, Phase};

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

fn on_of(lab: &Lab, key: &str) -> bool {
    lab.query().split('&').any(|pair| pair == format!("{key}=1"))
}

/// The link of a proposal, by what its heading begins with.
fn link(lab: &Lab, heading: &str) -> String {
    let found = report(lab).expect("a report");
    let advice = found.advice.iter().find(|advice| advice.title.starts_with(heading));
    advice.unwrap_or_else(|| panic!("{heading}: {:?}", found.advice)).query.clone()
}

#[test]
fn a_proposal_is_trained_beside_the_network_as_it_is() {
    let mut lab = open("lstm=1&batch-size=4&stop-step=6&sequence-length=20");
    drop_file(&mut lab, "lstm.safetensors", &network(4, 8, false));
    let says = lab.view().opened.sentences.concat();
    assert!(says.contains("A remedy is on: LSTM cell. The report is about the network without it."), "{says}");
    for (heading, on) in [("Start with 1 added", "forget-bias-init"), ("Clip the gradient", "clip-norm")] {
        let query = link(&lab, heading);
        lab.update(Msg::Follow { query });
        act(&mut lab, "own-learn");
        assert!(lab.view().opened.trains && !lab.view().opened.aside, "{heading}");
        lab.train(6);
        let lanes = &lab.laboratory().lanes;
        assert_eq!(lanes.len(), 2, "{heading}");
        assert!(lanes.iter().all(|lane| lane.history.updates == 6 && lane.name.contains("opened network")));
        assert_eq!((on_of(&lab, on), on_of(&lab, "lstm")), (true, false), "{heading}");
        // Chapter 3 has it, too, and another proposal takes its place.
        let with_remedy = headings(&lab).len();
        assert!(with_remedy >= 2, "{:?}", headings(&lab));
        act(&mut lab, "own-learn");
        assert!(lab.view().opened.trains, "pressed again it stays");
    }
    assert!(!on_of(&lab, "forget-bias-init"));
}

#[test]
fn what_no_remedy_does_has_no_link_and_why_nothing_can_be_trained_is_said() {
    let mut lab = open("");
    drop_file(&mut lab, "gru.safetensors", &network(3, 8, false));
    // The gate that carries a GRU's state is no forget gate.
    assert_eq!(link(&lab, "Start with 1 added"), "");
    assert_eq!(report(&lab).expect("a report").untrained, "");
    let mut lab = open("");
    drop_file(&mut lab, "large.safetensors", &network(1, 300, false));
    let found = report(&lab).expect("a report");
    assert!(
        found.untrained.contains("up to 256 units") || found.untrained.contains("of up to 256"),
        "{}",
        found.untrained
    );
    assert!(found.advice.iter().all(|advice| advice.query.is_empty()));
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
