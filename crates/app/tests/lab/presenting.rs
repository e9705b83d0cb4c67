//! A lesson, given by keys.
use crate::support::{act, open};
use vanishing_app::{Effects, Focus, Lab, Msg, Stage, lessons};

fn press(lab: &mut Lab, key: &str) -> Effects {
    lab.update(Msg::Shortcut { key: key.to_owned(), control: false, shift: false, focus: Focus::Page })
}

fn stage(lab: &Lab) -> Stage {
    lab.stage().unwrap()
}

#[test]
fn p_presents_the_chapter_that_is_read_and_the_arrows_walk_through_its_beats() {
    let mut lab = open("");
    lab.update(Msg::Chapter { name: "gradients".to_owned() });
    let effects = press(&mut lab, "p");
    assert!(effects.handled);
    assert_eq!(effects.stage, Some(Some(stage(&lab))));
    assert_eq!(
        (&stage(&lab).figure[..], &stage(&lab).place[..], &stage(&lab).say[..]),
        ("gradient-norms", "1 / 8", "")
    );
    assert!(stage(&lab).ask.starts_with("A linear network"));
    let effects = press(&mut lab, "ArrowRight");
    assert!(effects.announce.is_some_and(|text| text.contains("millionth is left")));
    assert!(stage(&lab).say.contains("A millionth is left"));
    press(&mut lab, "PageDown");
    assert_eq!(stage(&lab).place, "2 / 8");
    assert!(lab.query().contains("present=gradients") && lab.query().contains("beat=2"), "{}", lab.query());
    press(&mut lab, "ArrowLeft");
    assert_eq!((&stage(&lab).place[..], &stage(&lab).say[..]), ("1 / 8", ""));
    press(&mut lab, "ArrowLeft");
    assert_eq!(stage(&lab).place, "1 / 8");
}

#[test]
fn an_address_with_a_beat_alone_has_its_state_and_one_with_more_has_its_own() {
    let lab = open("present=powers&beat=3&theme=projector");
    assert!(lab.query().contains("eigenvalue-1=1.1&") && lab.query().contains("power=50"), "{}", lab.query());
    let lab = open("present=powers&beat=3&power=7");
    assert_eq!(lab.query(), "power=7&present=powers&beat=3");
}

#[test]
fn escape_ends_it_and_at_the_last_beat_it_stays() {
    let mut lab = open("present=cliff&beat=99");
    assert_eq!(stage(&lab).place, "7 / 7");
    for _ in 0..3 {
        press(&mut lab, "ArrowRight");
    }
    assert_eq!(stage(&lab).place, "7 / 7");
    let effects = press(&mut lab, "Escape");
    assert_eq!(effects.stage, Some(None));
    assert!(!lab.query().contains("present") && !lab.query().contains("beat"), "{}", lab.query());
    assert!(!press(&mut lab, "ArrowRight").handled);
    assert!(!press(&mut lab, "Escape").handled);
}

#[test]
fn keys_that_belong_to_a_field_are_left_to_it() {
    let mut lab = open("present=powers");
    let press = |lab: &mut Lab, key: &str, focus| {
        lab.update(Msg::Shortcut { key: key.to_owned(), control: false, shift: false, focus }).handled
    };
    for key in ["ArrowRight", " ", "p", "1", "?"] {
        assert!(!press(&mut lab, key, Focus::Field), "{key}");
    }
    assert!(!press(&mut lab, " ", Focus::Button) && !press(&mut lab, "Tab", Focus::Page));
    assert!(press(&mut lab, "Escape", Focus::Field));
}

#[test]
fn space_plays_what_plays_in_the_chapter_and_digits_choose_its_presets() {
    let mut lab = open("present=powers&power=3");
    press(&mut lab, " ");
    assert!(lab.update(Msg::Frame { now: 0.0 }).animate.is_none());
    assert_eq!(press(&mut lab, " ").animate, Some(false));
    assert_eq!(press(&mut lab, "3").preset, Some(("powers".to_owned(), 3)));
    let mut lab = open("present=laboratory&hidden-size=4&sequence-length=8");
    assert_eq!(press(&mut lab, " ").training, Some(true));
    assert_eq!(press(&mut lab, " ").training, Some(false));
    assert!(press(&mut open("present=gradients"), " ").handled);
}

#[test]
fn a_lesson_of_ones_own_stands_in_the_link_and_what_is_wrong_in_it_is_told() {
    let text = "title Mine\nfigure spectrum\nstate cell=rnn\nsay Look.\nsing la";
    let mut lab = open("");
    let effects = lab.update(Msg::LessonFile { text: text.to_owned() });
    assert_eq!((&stage(&lab).title[..], &stage(&lab).say[..]), ("Mine", "Look."));
    assert!(effects.notices.unwrap()[0].text.contains("line 5"));
    let lab = Lab::new(&lab.query()).0;
    assert_eq!((&stage(&lab).title[..], &stage(&lab).say[..]), ("Mine", "Look."));
    // A file that is no lesson changes nothing.
    let mut lab = open("");
    let effects = lab.update(Msg::LessonFile { text: "\u{0}PNG".to_owned() });
    assert_eq!((effects.stage, lab.query()), (None, String::new()));
    assert!(!effects.notices.unwrap().is_empty());
}

#[test]
fn what_the_lessons_say_in_numbers_is_seen_in_their_figures() {
    for (chapter, beat, seen) in [
        ("powers", 3, "their sizes are 117,"),
        ("alignment", 3, "It is aligned (θ ≤ 0.1 rad) from k = 16 on"),
        ("alignment", 4, "It is aligned (θ ≤ 0.1 rad) from k = 169 on"),
        ("alignment", 7, "degrees from the line of the leading eigenvector"),
        ("gradients", 1, "shrinks by a factor of 7.95 × 10⁵: vanishing"),
        ("gradients", 2, "exploding"),
        ("gradients", 3, "vanishing"),
        ("gradients", 6, "keeps its size: preserved"),
        ("gradients", 7, "shrinks by a factor of 12.7"),
        ("gradients", 8, "With the chosen remedies, over 100 steps back the gradient grows by a factor of 2049"),
        ("cliff", 4, "the unclipped one at w = 166"),
        ("cliff", 7, "the clipped one at w = 10.2"),
    ] {
        let mut lab = open("");
        act(&mut lab, &format!("present:{chapter}"));
        let lesson = lessons::of_chapter(chapter).unwrap();
        while !stage(&lab).place.starts_with(&format!("{beat} /")) {
            press(&mut lab, "ArrowRight");
        }
        let text = lab.summary(&lesson.beats[beat - 1].figure).unwrap();
        assert!(text.contains(seen), "{chapter} {beat}: {text}");
    }
}

#[test]
fn a_picture_that_would_show_the_answer_is_hidden_until_it_is_given() {
    let mut lab = open("");
    act(&mut lab, "present:gradients");
    assert!(stage(&lab).veiled && stage(&lab).say.is_empty());
    press(&mut lab, "ArrowRight");
    assert!(!stage(&lab).veiled && !stage(&lab).say.is_empty());
    press(&mut lab, "ArrowRight");
    assert!(!stage(&lab).veiled, "nothing is asked");
}

#[test]
fn the_help_opens_by_its_key() {
    let mut lab = open("");
    assert!(press(&mut lab, "?").help && act(&mut lab, "help").help);
}

#[test]
fn a_parameter_with_a_key_is_reached_by_it_and_no_two_have_the_same() {
    let mut lab = open("");
    assert_eq!(press(&mut lab, "k").focus, Some("power"));
    assert_eq!(press(&mut lab, "t").focus, Some("time"));
    assert!(!press(&mut lab, "w").handled);
    let keys: Vec<char> = vanishing_app::schema::all().iter().filter_map(|spec| spec.hotkey).collect();
    for key in &keys {
        assert_eq!(keys.iter().filter(|other| *other == key).count(), 1, "{key}");
        assert!(!"?123456789 ".contains(*key));
    }
}
