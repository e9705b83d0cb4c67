//! A lesson, given by keys.
use crate::support::{act, open};
use vanishing_app::{Effects, Entry, Focus, Lab, Msg, Phase, Place, Stage, TrainingState, lessons};

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
}

#[test]
fn an_address_with_a_beat_alone_has_its_state_and_one_with_more_has_its_own() {
    let lab = open("present=powers&beat=3&theme=projector");
    assert!(lab.query().contains("eigenvalue-1=1.1&") && lab.query().contains("power=50"), "{}", lab.query());
    let lab = open("present=powers&beat=3&power=7");
    assert_eq!(lab.query(), "power=7&present=powers&beat=3");
}

#[test]
fn after_the_last_step_comes_the_next_chapter_and_before_the_first_the_one_before() {
    let mut lab = open("present=powers&beat=99");
    assert_eq!(stage(&lab).place, "8 / 8");
    assert_eq!(stage(&lab).next, lessons::of_chapter("alignment").unwrap().title);
    press(&mut lab, "PageDown");
    assert_eq!(
        (&stage(&lab).title[..], &stage(&lab).place[..1]),
        (&lessons::of_chapter("alignment").unwrap().title[..], "1")
    );
    press(&mut lab, "PageUp");
    assert_eq!(stage(&lab).place, "8 / 8");
    let mut lab = open("present=workbench");
    press(&mut lab, "ArrowLeft");
    assert!(stage(&lab).place.starts_with("1 /"), "there is none before");
    let mut lab = open("present=cliff&beat=99");
    press(&mut lab, "ArrowRight");
    let last = stage(&lab);
    assert_eq!(last.next, "");
    let effects = press(&mut lab, "ArrowRight");
    assert_eq!((effects.announce.as_deref(), stage(&lab)), (Some("There is no further step."), last));
}

#[test]
fn escape_gives_back_what_the_reader_had_and_the_history_knows_nothing_of_it() {
    let before = "power=7&eigenvalue-1=1.3&c.l2=1&guess-powers-2=b&theme=dark";
    let mut lab = open(before);
    lab.update(Msg::Input { key: "power".to_owned(), value: "9".to_owned(), phase: Phase::Done });
    let query = lab.query();
    lab.update(Msg::Chapter { name: "laboratory".to_owned() });
    let effects = press(&mut lab, "p");
    assert_eq!((effects.fullscreen, effects.address.map(|address| address.entry)), (Some(true), Some(Entry::Replace)));
    for key in ["ArrowRight", "ArrowRight", "ArrowRight", "PageUp", " ", "b"] {
        let address = press(&mut lab, key).address;
        assert!(address.is_none_or(|address| address.entry == Entry::Replace), "{key}");
    }
    // What a hand moves in a beat is undone in it, and no further.
    let beat = lab.query();
    let moved = lab.update(Msg::Input { key: "learning-rate".to_owned(), value: "0.2".to_owned(), phase: Phase::Done });
    assert_eq!(moved.address.unwrap().entry, Entry::Replace);
    act(&mut lab, "undo");
    assert_eq!(lab.query(), beat);
    act(&mut lab, "undo");
    assert_eq!(lab.query(), beat);
    let effects = press(&mut lab, "Escape");
    assert_eq!((effects.stage, effects.fullscreen), (Some(None), Some(false)));
    let address = effects.address.unwrap();
    assert_eq!((address.query, address.entry), (query.clone(), Entry::Replace));
    assert_eq!((lab.query(), lab.view().training), (query.clone(), TrainingState::Rests));
    // The browser tells of the closed stage once more.
    act(&mut lab, "present-end");
    assert_eq!(lab.query(), query);
    // The change before the lesson is the first to be undone.
    act(&mut lab, "undo");
    assert!(lab.query().contains("power=7"), "{}", lab.query());
    assert!(!press(&mut lab, "ArrowRight").handled && !press(&mut lab, "Escape").handled);
}

#[test]
fn a_step_says_what_the_space_bar_plays() {
    let plays = |chapter: &str| stage(&open(&format!("present={chapter}&beat=2"))).plays;
    assert_eq!((plays("cliff"), plays("gradients")), ("cliff-play", ""));
    // Nothing is seen of it behind a question whose picture is hidden.
    let mut lab = open("present=workbench");
    assert_eq!((stage(&lab).veiled, stage(&lab).plays), (true, ""));
    let effects = press(&mut lab, " ");
    assert!(effects.handled && effects.announce.is_some_and(|words| words.contains("hidden")));
    press(&mut lab, "PageDown");
    assert_eq!(stage(&lab).plays, "sweep-play");
}

#[test]
fn one_step_back_from_an_answer_is_its_question_with_the_hands_that_were_counted() {
    let mut lab = open("present=workbench&beat=2");
    press(&mut lab, "1");
    press(&mut lab, "PageDown");
    lab.update(Msg::Input { key: "spectral-radius".to_owned(), value: "1.7".to_owned(), phase: Phase::Done });
    press(&mut lab, "PageUp");
    let asked = stage(&lab);
    assert_eq!((&asked.place[..1], &asked.say[..], asked.votes[0].hands), ("2", "", 1));
    assert!(!lab.query().contains("1.7"), "the step is as it began: {}", lab.query());
    press(&mut lab, "PageUp");
    assert!(stage(&lab).place.starts_with("1 /"));
}

#[test]
fn a_lesson_that_a_link_began_leaves_nothing_behind() {
    let mut lab = open("present=workbench&beat=2");
    assert!(lab.query().contains("clip-norm"));
    press(&mut lab, "Escape");
    assert_eq!((lab.query(), lab.stage()), (String::new(), None));
}

#[test]
fn the_browsers_back_leaves_a_lesson_and_keeps_what_can_be_undone() {
    let mut lab = open("");
    lab.update(Msg::Input { key: "power".to_owned(), value: "9".to_owned(), phase: Phase::Done });
    press(&mut lab, "p");
    lab.update(Msg::Navigate { query: String::new() });
    assert_eq!((lab.stage(), lab.query()), (None, String::new()));
    act(&mut lab, "undo");
    assert_eq!(lab.query(), "power=9");
}

#[test]
fn keys_that_belong_to_a_field_are_left_to_it_but_those_of_a_remote_control() {
    let mut lab = open("present=powers");
    let press = |lab: &mut Lab, key: &str, focus| {
        lab.update(Msg::Shortcut { key: key.to_owned(), control: false, shift: false, focus }).handled
    };
    for focus in [Focus::Field, Focus::Text] {
        for key in ["ArrowRight", " ", "p", "1", "?", "b"] {
            assert!(!press(&mut lab, key, focus), "{key}");
        }
        for key in ["PageDown", "PageUp", "F5"] {
            assert!(press(&mut lab, key, focus), "{key}");
        }
    }
    // A slider and a box keep what moves them, and have no use for letters.
    for (key, taken) in [("ArrowRight", false), (" ", false), ("1", false), ("b", true), ("?", true)] {
        assert_eq!(press(&mut lab, key, Focus::Slider), taken, "{key}");
    }
    assert!(press(&mut open(""), "p", Focus::Slider));
    // Space plays, whatever was pressed last.
    assert!(press(&mut lab, " ", Focus::Button) && !press(&mut lab, "Tab", Focus::Page));
    assert!(press(&mut lab, "Escape", Focus::Field));
    assert!(press(&mut lab, "F5", Focus::Page) && lab.stage().is_some());
    // Before any lesson it loads the page again, as everywhere.
    let mut lab = open("");
    assert!(!press(&mut lab, "F5", Focus::Page) && lab.stage().is_none());
    act(&mut lab, "lecturer");
    assert!(press(&mut lab, "F5", Focus::Page) && lab.stage().is_some());
}

#[test]
fn space_plays_what_the_step_plays_and_digits_choose_its_presets() {
    let mut lab = open("present=powers&power=3");
    press(&mut lab, " ");
    assert!(lab.update(Msg::Frame { now: 0.0 }).animate.is_none());
    assert_eq!(press(&mut lab, " ").animate, Some(false));
    assert_eq!(press(&mut lab, "3").preset, Some(("powers".to_owned(), 3)));
    let mut lab = open("present=laboratory&hidden-size=4&sequence-length=8");
    // The answer shows the run; it is under way.
    press(&mut lab, "PageDown");
    assert_eq!(press(&mut lab, " ").training, Some(TrainingState::Rests));
    assert_eq!(press(&mut lab, " ").training, Some(TrainingState::Goes));
    assert!(press(&mut open("present=gradients"), " ").handled);
}

#[test]
fn a_step_that_needs_a_run_starts_it_and_one_that_is_hidden_when_it_is_shown() {
    let mut lab = open("");
    act(&mut lab, "present:laboratory");
    assert!(lab.view().training != TrainingState::Goes, "the first step asks before it runs");
    press(&mut lab, "ArrowRight");
    assert!(lab.view().training == TrainingState::Goes, "its answer is a run");
    press(&mut lab, " ");
    assert!(lab.view().training != TrainingState::Goes);
    press(&mut lab, "ArrowRight");
    assert!(lab.view().training == TrainingState::Goes, "and goes on with the next step");
    let text = "figure training-loss\nguess Which learns?\nsay B.\nfigure spectrum\nsay Look.";
    let mut lab = open("");
    lab.update(Msg::LessonFile { text: text.to_owned() });
    assert!(stage(&lab).veiled && lab.view().training != TrainingState::Goes);
    press(&mut lab, "ArrowRight");
    assert!(!stage(&lab).veiled && lab.view().training == TrainingState::Goes);
}

#[test]
fn a_black_screen_ends_with_the_next_step() {
    let mut lab = open("present=powers");
    for (key, black) in [("b", true), ("b", false), (".", true), ("ArrowRight", false)] {
        press(&mut lab, key);
        assert_eq!(stage(&lab).black, black, "{key}");
    }
}

#[test]
fn a_class_votes_by_digits_and_the_hands_stay_with_the_answer() {
    let text = "figure spectrum\nguess Which?\nvote left | right\nsay Right.\nfigure spectrum\nsay Look.";
    let mut lab = open("");
    assert_eq!(lab.update(Msg::LessonFile { text: text.to_owned() }).notices.unwrap(), []);
    let votes = |lab: &Lab| stage(lab).votes.iter().map(|vote| vote.hands).collect::<Vec<_>>();
    assert_eq!(votes(&lab), [0, 0]);
    for key in ["2", "1", "2"] {
        press(&mut lab, key);
    }
    assert_eq!(votes(&lab), [1, 2]);
    // There is no third answer: the digit is a preset's.
    assert!(press(&mut lab, "3").preset.is_some());
    press(&mut lab, "0");
    press(&mut lab, "2");
    press(&mut lab, "ArrowRight");
    assert_eq!((votes(&lab), &stage(&lab).say[..]), (vec![0, 1], "Right."));
    press(&mut lab, "ArrowRight");
    assert!(votes(&lab).is_empty());
    let wrong = "figure spectrum\nvote alone\nminutes 0\nsay Look.";
    let notices = open("").update(Msg::LessonFile { text: wrong.to_owned() }).notices.unwrap();
    assert!(notices[0].text.contains("line 2") && notices[1].text.contains("line 3"), "{notices:?}");
}

#[test]
fn two_windows_go_together_and_neither_answers_the_other() {
    let (mut screen, mut notes) = (open("power=7"), open(""));
    act(&mut screen, "present:gradients");
    notes.update(Msg::Beside { place: screen.place() });
    assert_eq!((stage(&notes), notes.place()), (stage(&screen), screen.place()));
    press(&mut notes, "ArrowRight");
    screen.update(Msg::Beside { place: notes.place() });
    assert_eq!((stage(&screen), screen.place()), (stage(&notes), notes.place()));
    assert!(!stage(&screen).say.is_empty());
    press(&mut screen, "ArrowRight");
    press(&mut screen, "b");
    let effects = notes.update(Msg::Beside { place: screen.place() });
    assert_eq!((effects.fullscreen, stage(&notes)), (None, stage(&screen)));
    press(&mut screen, "Escape");
    notes.update(Msg::Beside { place: screen.place() });
    assert_eq!((notes.stage(), notes.query()), (None, String::new()));
    assert_eq!(screen.query(), "power=7");
    // What is no place of a lesson changes nothing.
    for lesson in ["tea", ""] {
        let place = Place { lesson: lesson.to_owned(), beat: 99, ..Place::default() };
        notes.update(Msg::Beside { place });
        assert_eq!(notes.stage(), None);
    }
}

#[test]
fn single_keys_can_be_switched_off_but_for_those_of_a_lesson() {
    let mut lab = open("shortcuts=0");
    for key in ["p", "?", "k", "3", "w"] {
        assert!(!press(&mut lab, key).handled, "{key}");
    }
    act(&mut lab, "present:powers");
    assert!(press(&mut lab, "ArrowRight").handled && press(&mut lab, " ").handled && !press(&mut lab, "b").handled);
}

#[test]
fn in_an_embedded_figure_keys_concern_what_is_embedded() {
    let mut lab = open("only=gradient-norms&lock=time");
    for key in ["p", "2", "k", "w", "t", "F5"] {
        assert!(!press(&mut lab, key).handled, "{key}");
    }
    let mut lab = open("only=eigenvalue-powers");
    assert_eq!(press(&mut lab, "k").focus, Some("power"));
}

#[test]
fn guesses_are_not_undone_and_stand_in_no_link_that_is_copied() {
    let mut lab = open("");
    let moved = |lab: &mut Lab, key: &str, value: &str| {
        lab.update(Msg::Input { key: key.to_owned(), value: value.to_owned(), phase: Phase::Done })
    };
    moved(&mut lab, "power", "9");
    assert_eq!(moved(&mut lab, "guess-powers-2", "b").address.unwrap().entry, Entry::Replace);
    assert_eq!(act(&mut lab, "compare:powers-2").address.unwrap().entry, Entry::Replace);
    assert_eq!(act(&mut lab, "copy-link").copy_query.as_deref(), Some("power=9"));
    assert!(act(&mut lab, "copy-answers").copy_query.unwrap().contains("guess-powers-2=b"));
    act(&mut lab, "undo");
    assert_eq!(lab.query(), "guess-powers-2=b&compare-powers-2=1");
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
    let keys: Vec<char> = vanishing_app::schema::all().iter().filter_map(|spec| spec.hotkey).collect();
    for key in &keys {
        assert_eq!(keys.iter().filter(|other| *other == key).count(), 1, "{key}");
        assert!(!"?123456789 wb.".contains(*key));
    }
}
