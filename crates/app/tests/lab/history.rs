//! Moves, gestures and links as entries of a browser's history.
use crate::support::{act, enter, follow, navigate, open, place_of, pointer, show, slide, value};
use proptest::prelude::*;
use vanishing_app::{Effects, Entry, Lab, Msg, Phase, Pointer};

/// A browser that performs addresses, as far as its history goes.
struct Browser {
    lab: Lab,
    entries: Vec<String>,
    at: usize,
}

impl Browser {
    fn open(query: &str) -> Self {
        Self { lab: open(query), entries: vec![query.to_owned()], at: 0 }
    }

    fn perform(&mut self, effects: &Effects) {
        let Some(address) = &effects.address else { return };
        assert_eq!(address.query, self.lab.query(), "the address is not that of the settings");
        if address.entry == Entry::Push {
            self.entries.truncate(self.at + 1);
            self.entries.push(String::new());
            self.at += 1;
        }
        self.entries[self.at].clone_from(&address.query);
    }

    fn send(&mut self, msg: Msg) {
        let effects = self.lab.update(msg);
        self.perform(&effects);
    }

    /// Goes back or forward and says where.
    fn go(&mut self, steps: isize) -> String {
        self.at = self.at.saturating_add_signed(steps).min(self.entries.len() - 1);
        let query = self.entries[self.at].clone();
        let effects = navigate(&mut self.lab, &query);
        assert_eq!(effects.address, None, "going through the history must not write it");
        query
    }
}

fn entries(effects: &[Effects]) -> Vec<Option<Entry>> {
    effects.iter().map(|effects| effects.address.as_ref().map(|address| address.entry)).collect()
}

#[test]
fn a_drag_makes_one_entry_and_then_changes_it() {
    let mut lab = open("");
    let mut moves =
        [0.5, 0.6, 0.6, 0.7].map(|position| slide(&mut lab, "eigenvalue-1", position, Phase::Moving)).to_vec();
    moves.push(slide(&mut lab, "eigenvalue-1", 0.7, Phase::Done));
    // The third moved nothing, and the release neither.
    assert_eq!(entries(&moves), [Some(Entry::Push), Some(Entry::Replace), None, Some(Entry::Replace), None]);
}

#[test]
fn a_second_drag_of_the_same_slider_makes_a_second_entry() {
    let mut lab = open("");
    slide(&mut lab, "eigenvalue-1", 0.5, Phase::Moving);
    slide(&mut lab, "eigenvalue-1", 0.5, Phase::Done);
    let again = slide(&mut lab, "eigenvalue-1", 0.6, Phase::Moving);
    assert_eq!(entries(&[again]), [Some(Entry::Push)]);
}

#[test]
fn another_slider_begins_another_entry_even_without_a_release() {
    let mut lab = open("");
    let effects = [
        slide(&mut lab, "eigenvalue-1", 0.5, Phase::Moving),
        slide(&mut lab, "eigenvalue-2", 0.5, Phase::Moving),
        slide(&mut lab, "eigenvalue-2", 0.4, Phase::Moving),
    ];
    assert_eq!(entries(&effects), [Some(Entry::Push), Some(Entry::Push), Some(Entry::Replace)]);
}

#[test]
fn a_drag_in_a_figure_is_one_entry_too() {
    let mut lab = open("");
    show(&mut lab, "eigenvalue-powers");
    let at = |k: f64| place_of(&open(""), "eigenvalue-powers", k);
    let effects = [
        pointer(&mut lab, "eigenvalue-powers", Pointer::Down, at(20.0)),
        pointer(&mut lab, "eigenvalue-powers", Pointer::Move, at(25.0)),
        pointer(&mut lab, "eigenvalue-powers", Pointer::Move, at(30.0)),
        pointer(&mut lab, "eigenvalue-powers", Pointer::Up, at(30.0)),
        pointer(&mut lab, "eigenvalue-powers", Pointer::Down, at(5.0)),
        pointer(&mut lab, "eigenvalue-powers", Pointer::Up, at(5.0)),
    ];
    let expected = [None, Some(Entry::Push), Some(Entry::Replace), None, None, Some(Entry::Push)];
    assert_eq!(entries(&effects), expected);
}

#[test]
fn a_new_seed_between_two_steps_is_an_entry_of_its_own() {
    let mut lab = open("");
    let effects =
        [act(&mut lab, "step"), act(&mut lab, "step"), lab.update(Msg::Seed { seed: 7 }), act(&mut lab, "step")];
    // Steps in a row are one entry; the seed is not lost in it.
    assert_eq!(entries(&effects), [Some(Entry::Push), Some(Entry::Replace), Some(Entry::Push), Some(Entry::Push)]);
}

#[test]
fn a_link_merges_into_the_settings_and_an_empty_value_is_the_default() {
    let mut lab = open("hidden-size=3&power=20&seed=5");
    let effects = follow(&mut lab, "eigenvalue-1=1.1&power=&hidden-size=2");
    assert_eq!(lab.query(), "eigenvalue-1=1.1&hidden-size=2&seed=5");
    assert_eq!((entries(&[effects]), value(&lab, "power")), (vec![Some(Entry::Push)], "10".to_owned()));
}

#[test]
fn an_old_name_with_an_empty_value_is_the_default_too() {
    let mut lab = open("power=20");
    let effects = follow(&mut lab, "k=");
    assert_eq!((lab.query(), effects.notices), (String::new(), Some(Vec::new())));
}

#[test]
fn an_empty_link_resets_the_experiment_and_not_how_the_page_looks() {
    let mut lab = open("hidden-size=3&power=20&activation=linear&clip-norm=1&theme=dark&timing=1");
    follow(&mut lab, "");
    assert_eq!(lab.query(), "theme=dark&timing=1");
}

#[test]
fn a_link_to_where_one_is_makes_no_entry_and_a_bad_one_says_why() {
    let mut lab = open("power=20");
    assert_eq!(follow(&mut lab, "power=20").address, None);
    let effects = follow(&mut lab, "power=x&hidden-size=3");
    assert!(effects.notices.unwrap()[0].text.starts_with("power: “x”"));
    assert_eq!(lab.query(), "power=20&hidden-size=3");
}

#[test]
fn going_back_restores_what_was_and_what_is_seen_of_it() {
    let mut browser = Browser::open("");
    let first = value(&browser.lab, "eigenvalue-1");
    for position in [0.5, 0.6] {
        browser.send(Msg::Slide { key: "eigenvalue-1".to_owned(), position, phase: Phase::Moving });
    }
    assert_eq!(browser.entries, ["", "eigenvalue-1=0.6"]);
    browser.at = 0;
    let effects = navigate(&mut browser.lab, "");
    let control = effects.controls.iter().find(|control| control.spec.key == "eigenvalue-1").unwrap();
    assert_eq!((control.text.clone(), effects.address), (first, None));
    assert_eq!(browser.lab.view().readouts["spectral-radius"], "1.05");
    assert_eq!(browser.go(1), "eigenvalue-1=0.6");
    assert_eq!(value(&browser.lab, "eigenvalue-1"), "0.6");
}

#[test]
fn a_move_after_going_back_makes_a_new_entry() {
    let mut lab = open("");
    slide(&mut lab, "eigenvalue-1", 0.5, Phase::Moving);
    navigate(&mut lab, "");
    assert_eq!(entries(&[slide(&mut lab, "eigenvalue-1", 0.6, Phase::Moving)]), [Some(Entry::Push)]);
}

#[test]
fn entering_the_value_that_is_there_makes_no_entry() {
    let mut lab = open("power=20");
    assert_eq!(enter(&mut lab, "power", "20").address, None);
    assert_eq!(entries(&[enter(&mut lab, "power", "21")]), [Some(Entry::Push)]);
}

/// Things that a person may do, cheap ones.
fn doings() -> impl Strategy<Value = Vec<Msg>> {
    let slide = (prop::sample::select(vec!["eigenvalue-1", "eigenvalue-2", "power"]), -1.4..1.4, any::<bool>());
    let one = prop_oneof![
        4 => slide.prop_map(|(key, position, moving)| {
            let position = if key == "power" { position * 30.0 } else { position };
            let phase = if moving { Phase::Moving } else { Phase::Done };
            Msg::Slide { key: key.to_owned(), position, phase }
        }),
        1 => prop::sample::select(vec!["hidden-size=3", "", "power=", "eigenvalue-1=2"])
            .prop_map(|query| Msg::Follow { query: query.to_owned() }),
        2 => prop::sample::select(vec!["play", "pause", "step", "back", "reset"])
            .prop_map(|name| Msg::Action { name: name.to_owned() }),
        1 => (0u32..5).prop_map(|seed| Msg::Seed { seed }),
        2 => (0..50).prop_map(|i| Msg::Frame { now: f64::from(i) * 100.0 }),
        1 => prop::sample::select(vec!["tanh", "linear", "x"])
            .prop_map(|text| Msg::Input { key: "activation".to_owned(), value: text.to_owned(), phase: Phase::Done }),
    ];
    prop::collection::vec(one, 1..25)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_entry_of_a_long_session_is_found_again_going_back_and_forward(doings in doings()) {
        let mut browser = Browser::open("theme=dark");
        for msg in doings {
            browser.send(msg);
        }
        // What is playing enters the address when it stops.
        browser.send(Msg::Action { name: "pause".to_owned() });
        prop_assert_eq!(&browser.entries[browser.at], &browser.lab.query());
        for step in [-1, 1] {
            for _ in 1..browser.entries.len() {
                let query = browser.go(step);
                prop_assert_eq!(browser.lab.query(), query);
            }
        }
        for pair in browser.entries.windows(2) {
            prop_assert!(!pair[1].is_empty() || !pair[0].is_empty(), "two entries for nothing");
        }
    }
}
