//! A text of the reader's own: three networks learn it in the background, and the page shows how.
use crate::shell::Shell;
use crate::support::{SIZE, act, follow, open, resize};
use vanishing_app::{JobId, Lab, Msg, WorkerId};

const SMALL: &str = "read-units=6&read-length=12&read-updates=60";

fn readout(lab: &Lab, name: &str) -> String {
    lab.view().readouts[name].clone()
}

fn paste(lab: &mut Lab, text: &str) -> vanishing_app::Effects {
    lab.update(Msg::Text { text: text.to_owned() })
}

fn bits(lab: &Lab) -> Vec<String> {
    ["rnn", "lstm", "gru"].map(|cell| readout(lab, &format!("read-bits-{cell}"))).into()
}

#[test]
fn three_networks_learn_the_page_s_text_side_by_side_to_their_ends() {
    let mut lab = open(SMALL);
    assert_eq!(readout(&lab, "read-state"), "not started");
    assert!(readout(&lab, "read-text").starts_with("11,1"), "{}", readout(&lab, "read-text"));
    assert_eq!((bits(&lab), lab.view().stretches.len()), (vec!["–".to_owned(); 3], 0));
    resize(&mut lab, "text-bits", SIZE);
    let mut shell = Shell::default();
    lab.update(Msg::Cores { cores: 3 });
    let effects = act(&mut lab, "read-start");
    let jobs: Vec<JobId> = effects.work.iter().map(|work| work.job).collect();
    assert_eq!(jobs, [0, 1, 2].map(JobId::Read));
    assert!(effects.work.iter().all(|work| work.numbers.len() > 11_000), "each is given the text");
    shell.take(effects);
    shell.work(&mut lab);
    assert!(readout(&lab, "read-state").starts_with("learning, at least update 0 of 60"));
    shell.finish(&mut lab);
    assert_eq!(readout(&lab, "read-state"), "stopped at update 60");
    assert!(bits(&lab).iter().all(|text| text.contains("bits a character after 60 updates")), "{:?}", bits(&lab));
    let stretches = &lab.view().stretches;
    assert_eq!(stretches.len(), 3);
    for stretch in stretches {
        assert_eq!((stretch.characters.len(), stretch.characters[99].1), (100, 8));
        assert!(stretch.label.contains("The gradient"), "{}", stretch.label);
    }
    assert!(lab.view().labels["text-bits"].contains("the GRU to"), "{}", lab.view().labels["text-bits"]);
    // It begins again only when it is asked.
    act(&mut lab, "read-again");
    assert_eq!((readout(&lab, "read-state"), lab.view().stretches.len()), ("not started".to_owned(), 0));
}

#[test]
fn what_is_trained_in_slices_is_what_is_trained_at_once_and_a_thread_may_die() {
    let mut whole = open(SMALL);
    whole.learn_text();
    let mut lab = open(SMALL);
    let mut shell = Shell::new(act(&mut lab, "read-start"));
    for _ in 0..9 {
        shell.work(&mut lab);
    }
    shell.kill(&mut lab, WorkerId(JobId::Read(1).number()));
    shell.finish(&mut lab);
    assert_eq!(bits(&lab), bits(&whole));
    assert_eq!(lab.view().stretches, whole.view().stretches);
}

#[test]
fn a_text_that_is_pasted_takes_the_place_of_the_other_and_is_in_no_address() {
    let mut lab = open(SMALL);
    lab.learn_text();
    let effects = paste(&mut lab, &"abcabd".repeat(200));
    assert_eq!((effects.address, effects.notices), (None, Some(Vec::new())));
    assert!(readout(&lab, "read-text").starts_with("1,200 characters of 4 kinds"));
    assert_eq!(bits(&lab), ["–", "–", "–"]);
    let mut shell = Shell::new(act(&mut lab, "read-start"));
    shell.finish(&mut lab);
    assert!(readout(&lab, "read-sample-gru").chars().all(|one| "abcd".contains(one)));
    // What cannot be learned is refused, and everything stays.
    let before = bits(&lab);
    let refused = paste(&mut lab, "too short").notices.unwrap();
    assert!(refused[0].text.contains("at least 1,000 are needed"), "{refused:?}");
    assert_eq!((bits(&lab), readout(&lab, "read-state").as_str()), (before, "stopped at update 60"));
    act(&mut lab, "read-shipped");
    assert!(readout(&lab, "read-text").starts_with("11,1"));
}

#[test]
fn other_sizes_begin_again_and_a_later_end_goes_on() {
    let mut lab = open(SMALL);
    lab.learn_text();
    follow(&mut lab, "read-updates=80");
    assert_eq!(readout(&lab, "read-state"), "paused at update 60 of 80");
    let mut shell = Shell::new(act(&mut lab, "read-start"));
    shell.finish(&mut lab);
    assert_eq!(readout(&lab, "read-state"), "stopped at update 80");
    follow(&mut lab, "read-units=7");
    assert_eq!(readout(&lab, "read-state"), "not started");
}

#[test]
fn it_rests_when_it_is_paused() {
    let mut lab = open(SMALL);
    let mut shell = Shell::new(act(&mut lab, "read-start"));
    for _ in 0..4 {
        shell.work(&mut lab);
    }
    let effects = act(&mut lab, "read-pause");
    shell.take(effects);
    shell.finish(&mut lab);
    assert!(readout(&lab, "read-state").starts_with("paused at "), "{}", readout(&lab, "read-state"));
}
