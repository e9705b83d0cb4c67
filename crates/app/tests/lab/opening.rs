//! What moves by itself when the page is opened.
use crate::support::{act, enter, open, resize, visible};
use vanishing_app::{Effects, Lab, Msg};

fn frames(lab: &mut Lab, from: f64, until: f64) -> Effects {
    let mut effects = Effects::default();
    let mut now = from;
    while now < until {
        effects.merge(lab.update(Msg::Frame { now }));
        now += 16.0;
    }
    effects
}

fn open_and_see(query: &str) -> Lab {
    let mut lab = open(query);
    resize(&mut lab, "opening", (800.0, 260.0, 1.0));
    visible(&mut lab, "opening", true);
    lab
}

#[test]
fn it_moves_by_itself_and_changes_neither_the_address_nor_another_figure() {
    let mut lab = open_and_see("");
    let effects = lab.update(Msg::Motion);
    assert_eq!(effects.animate, Some(true));
    let effects = frames(&mut lab, 0.0, 6000.0);
    assert_eq!(effects.redraw.iter().copied().collect::<Vec<_>>(), ["opening"]);
    assert_eq!((effects.address, effects.readouts, effects.announce), (None, Vec::new(), None));
    assert!(effects.controls.iter().all(|control| control.spec.key == "opening-gain"));
    assert!(!effects.controls.is_empty());
    assert_eq!(lab.query(), "");
}

#[test]
fn a_hand_on_its_slider_stops_it_and_a_hand_elsewhere_does_not() {
    let mut lab = open_and_see("");
    lab.update(Msg::Motion);
    frames(&mut lab, 0.0, 500.0);
    let effects = enter(&mut lab, "eigenvalue-1", "0.8");
    assert_eq!(effects.animate, None);
    let effects = enter(&mut lab, "opening-gain", "1.07");
    // What is out of view comes with the next frames; then there are no more.
    assert_eq!(frames(&mut lab, 500.0, 2000.0).animate, Some(false));
    assert_eq!(effects.plays.values().copied().collect::<Vec<_>>(), [false]);
    assert!(lab.query().contains("opening-gain=1.07"), "{}", lab.query());
    assert!(lab.summary("opening").is_some_and(|text| text.contains("explodes") && text.contains("29.5 times")));
}

#[test]
fn it_rests_where_it_is_not_seen_and_stays_where_it_is_stopped() {
    let mut lab = open_and_see("");
    lab.update(Msg::Motion);
    let effects = visible(&mut lab, "opening", false);
    assert_eq!(effects.animate, Some(false));
    let effects = visible(&mut lab, "opening", true);
    assert_eq!(effects.animate, Some(true));
    frames(&mut lab, 0.0, 4500.0);
    act(&mut lab, "opening-pause");
    assert_eq!(lab.query(), "opening-gain=1.1");
}

#[test]
fn a_chosen_opening_and_a_reader_without_motion_see_the_whole_way_at_once() {
    let mut lab = open_and_see("opening-gain=0.95");
    assert_eq!(lab.update(Msg::Motion).animate, None);
    assert!(lab.summary("opening").is_some_and(|text| text.contains("vanishes") && text.contains("0.0769 times")));
}
