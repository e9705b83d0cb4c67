//! Running through the powers.
use crate::support::{act, follow, frame, navigate, open, place_of, pointer, show, slide, value};
use vanishing_app::{Address, Entry, Lab, Phase, Pointer};

/// Milliseconds from one frame to the next.
const FRAME: f64 = 1000.0 / 60.0;

/// Sends frames for a time, and says at which powers the page was.
fn run(lab: &mut Lab, from: f64, milliseconds: f64) -> Vec<u32> {
    let count = (milliseconds / FRAME) as u32;
    let mut powers = Vec::new();
    for i in 0..=count {
        frame(lab, from + f64::from(i) * FRAME);
        powers.push(value(lab, "power").parse().unwrap());
    }
    powers
}

fn pushed(query: &str) -> Option<Address> {
    Some(Address { query: query.to_owned(), entry: Entry::Push })
}

#[test]
fn playing_goes_through_every_power_at_a_steady_pace() {
    let mut lab = open("power=0");
    assert_eq!(act(&mut lab, "play").animate, Some(true));
    let powers = run(&mut lab, 5_000.0, 1_500.0);
    assert_eq!((powers.first(), powers.last()), (Some(&0), Some(&10)));
    assert!(powers.windows(2).all(|pair| pair[1] == pair[0] || pair[1] == pair[0] + 1), "{powers:?}");
}

#[test]
fn the_k_beside_chapter_twos_angle_follows_while_chapter_one_is_out_of_view() {
    let mut lab = open("power=0");
    show(&mut lab, "alignment-angle");
    act(&mut lab, "play");
    for i in 0..40 {
        frame(&mut lab, 5_000.0 + f64::from(i) * FRAME);
        assert_eq!(lab.view().readouts["k"], value(&lab, "power"), "frame {i}");
    }
    assert_ne!(value(&lab, "power"), "0");
}

#[test]
fn a_hundred_frames_at_the_same_instant_are_one() {
    let mut lab = open("power=0");
    act(&mut lab, "play");
    for _ in 0..100 {
        frame(&mut lab, 5_000.0);
    }
    assert_eq!(value(&lab, "power"), "0");
}

#[test]
fn a_page_that_was_asleep_goes_on_where_it_was() {
    let mut lab = open("power=0");
    act(&mut lab, "play");
    frame(&mut lab, 0.0);
    frame(&mut lab, 3_600_000.0);
    assert_eq!(value(&lab, "power"), "1");
}

#[test]
fn playing_does_not_touch_the_address_and_pausing_writes_it() {
    let mut lab = open("power=0");
    assert_eq!(act(&mut lab, "play").address, None);
    for i in 0..20 {
        assert_eq!(frame(&mut lab, f64::from(i) * 200.0).address, None);
    }
    let effects = act(&mut lab, "pause");
    assert_eq!((effects.animate, effects.address), (Some(false), pushed("power=19")));
}

#[test]
fn playing_stops_at_the_last_power_that_is_shown_and_writes_it() {
    let mut lab = open("horizon=12");
    act(&mut lab, "play");
    let effects: Vec<_> = (0..20).map(|i| frame(&mut lab, f64::from(i) * 1_000.0)).collect();
    assert_eq!(value(&lab, "power"), "12");
    let stopped: Vec<_> = effects.iter().filter(|effects| effects.address.is_some()).collect();
    assert_eq!(stopped.len(), 1);
    assert_eq!((stopped[0].animate, stopped[0].address.clone()), (Some(false), pushed("power=12&horizon=12")));
}

#[test]
fn playing_from_the_end_begins_anew() {
    let mut lab = open("power=50");
    act(&mut lab, "play");
    assert_eq!(value(&lab, "power"), "0");
}

#[test]
fn frames_that_nobody_asked_for_are_called_off_and_change_nothing() {
    let mut lab = open("");
    let effects = frame(&mut lab, 1.0);
    assert_eq!((effects.animate, effects.address, lab.query()), (Some(false), None, String::new()));
}

#[test]
fn the_buttons_go_one_on_one_back_and_to_the_start_and_stop_at_the_ends() {
    let mut lab = open("");
    for (name, power) in [("step", "11"), ("back", "10"), ("reset", "0"), ("back", "0"), ("step", "1")] {
        act(&mut lab, name);
        assert_eq!(value(&lab, "power"), power, "{name}");
    }
    let mut lab = open("power=1000");
    act(&mut lab, "step");
    assert_eq!(value(&lab, "power"), "1000");
}

#[test]
fn a_step_while_playing_stops_it_and_is_one_entry() {
    let mut lab = open("power=0");
    act(&mut lab, "step");
    act(&mut lab, "play");
    run(&mut lab, 0.0, 500.0);
    let before: u32 = value(&lab, "power").parse().unwrap();
    let effects = act(&mut lab, "step");
    assert_eq!((effects.animate, effects.address), (Some(false), pushed(&format!("power={}", before + 1))));
}

#[test]
fn taking_hold_of_k_stops_playing_on_the_slider_and_in_a_figure() {
    let playing = || {
        let mut lab = open("power=0");
        show(&mut lab, "eigenvalue-powers");
        act(&mut lab, "play");
        frame(&mut lab, 0.0);
        lab
    };
    let mut lab = playing();
    assert_eq!(slide(&mut lab, "power", 30.0, Phase::Moving).animate, Some(false), "the slider");
    frame(&mut lab, 9_000.0);
    assert_eq!(value(&lab, "power"), "30");
    let mut lab = playing();
    let place = place_of(&lab, "eigenvalue-powers", 30.0);
    pointer(&mut lab, "eigenvalue-powers", Pointer::Down, place);
    assert_eq!(pointer(&mut lab, "eigenvalue-powers", Pointer::Move, place).animate, Some(false), "the figure");
    frame(&mut lab, 9_000.0);
    assert_eq!(value(&lab, "power"), "30");
}

#[test]
fn another_parameter_may_be_moved_while_playing() {
    let mut lab = open("power=0");
    act(&mut lab, "play");
    frame(&mut lab, 0.0);
    assert_eq!(slide(&mut lab, "eigenvalue-1", 0.5, Phase::Moving).animate, None);
    frame(&mut lab, 1_000.0);
    assert_eq!(value(&lab, "power"), "1");
    follow(&mut lab, "hidden-size=3");
    frame(&mut lab, 2_000.0);
    assert_eq!(value(&lab, "power"), "2");
}

#[test]
fn going_back_in_the_history_stops_playing() {
    let mut lab = open("power=5");
    act(&mut lab, "play");
    let effects = navigate(&mut lab, "power=3");
    assert_eq!((effects.animate, effects.address), (Some(false), None));
    frame(&mut lab, 0.0);
    frame(&mut lab, 1_000.0);
    assert_eq!(value(&lab, "power"), "3");
}

/// The button of the powers and that of the descents.
const POWERS: (&str, &str) = ("play", "pause");
const DESCENTS: (&str, &str) = ("cliff-play", "cliff-pause");

#[test]
fn the_descents_on_the_cliff_play_to_their_end_and_leave_the_powers_alone() {
    let mut lab = open("cliff-step=195&power=7");
    let effects = act(&mut lab, "cliff-play");
    assert_eq!((effects.animate, effects.plays.into_iter().collect()), (Some(true), vec![(DESCENTS, true)]));
    let effects: Vec<_> = (0..20).map(|i| frame(&mut lab, f64::from(i) * 100.0)).collect();
    assert_eq!((value(&lab, "cliff-step"), value(&lab, "power")), ("200".to_owned(), "7".to_owned()));
    let stopped: Vec<_> = effects.iter().filter(|effects| effects.address.is_some()).collect();
    assert_eq!(stopped.len(), 1);
    assert_eq!(stopped[0].address, pushed("power=7&cliff-step=200"));
    assert_eq!(stopped[0].plays.iter().collect::<Vec<_>>(), [(&DESCENTS, &false)]);
    act(&mut lab, "cliff-play");
    assert_eq!(value(&lab, "cliff-step"), "0", "from the end it begins anew");
}

#[test]
fn the_buttons_of_the_descents_go_one_on_one_back_and_to_the_start() {
    let mut lab = open("cliff-step=10");
    for (name, step) in [("cliff-step", "11"), ("cliff-back", "10"), ("cliff-reset", "0"), ("cliff-back", "0")] {
        act(&mut lab, name);
        assert_eq!(value(&lab, "cliff-step"), step, "{name}");
        assert_eq!(value(&lab, "power"), "10", "{name}");
    }
}

#[test]
fn only_one_thing_plays_at_a_time_and_each_button_says_which() {
    let mut lab = open("power=0&cliff-step=0");
    assert_eq!(act(&mut lab, "play").plays.into_iter().collect::<Vec<_>>(), [(POWERS, true)]);
    frame(&mut lab, 0.0);
    frame(&mut lab, 1_000.0);
    let effects = act(&mut lab, "cliff-play");
    assert_eq!(effects.animate, None, "frames are wanted as before");
    assert_eq!(effects.plays.into_iter().collect::<Vec<_>>(), [(DESCENTS, true), (POWERS, false)]);
    assert_eq!(effects.address, pushed("power=1&cliff-step=0"));
    frame(&mut lab, 2_000.0);
    frame(&mut lab, 3_000.0);
    assert_eq!((value(&lab, "power"), value(&lab, "cliff-step")), ("1".to_owned(), "1".to_owned()));
    let effects = act(&mut lab, "cliff-pause");
    assert_eq!((effects.animate, effects.plays.into_iter().collect()), (Some(false), vec![(DESCENTS, false)]));
}

#[test]
fn dragging_the_start_of_the_descents_does_not_stop_them_but_a_hand_on_their_steps_does() {
    let mut lab = open("cliff-step=0");
    act(&mut lab, "cliff-play");
    frame(&mut lab, 0.0);
    assert_eq!(slide(&mut lab, "cliff-w", 5.1, Phase::Moving).animate, None);
    assert_eq!(slide(&mut lab, "cliff-step", 50.0, Phase::Moving).animate, Some(false));
}
