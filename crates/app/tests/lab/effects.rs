//! The shell is told what changed, all of it, and nothing else.
use crate::mirror::Mirror;
use crate::support::{SIZE, act, enter, open, place_of, press_key, resize, show, slide, visible};
use proptest::prelude::*;
use std::collections::BTreeMap;
use vanishing_app::{Effects, Entry, Lab, Msg, Phase, Pointer};

#[test]
fn the_same_message_a_second_time_has_no_effect() {
    let figure = "eigenvalue-powers".to_owned();
    let slug = figure.clone();
    let at = place_of(&open(""), "eigenvalue-powers", 20.0);
    let messages = [
        Msg::Resize { figure: slug.clone(), width: 500.0, height: 300.0, scale: 1.5 },
        Msg::Resize { figure: slug.clone(), width: SIZE.0, height: SIZE.1, scale: SIZE.2 },
        Msg::Visible { figure: slug.clone(), visible: true },
        Msg::SystemTheme { dark: true },
        Msg::TextSize { text: 1.5 },
        Msg::Slide { key: "eigenvalue-1".to_owned(), position: 0.3, phase: Phase::Moving },
        Msg::Input { key: "hidden-size".to_owned(), value: "3".to_owned(), phase: Phase::Moving },
        Msg::Seed { seed: 9 },
        Msg::Pointer { figure: slug.clone(), kind: Pointer::Move, x: at.0, y: at.1 },
        Msg::Pointer { figure: slug.clone(), kind: Pointer::Leave, x: -1.0, y: -1.0 },
        Msg::Action { name: "pause".to_owned() },
        Msg::Visible { figure: slug.clone(), visible: false },
    ];
    let mut lab = open("");
    for msg in messages {
        lab.update(msg.clone());
        assert_eq!(lab.update(msg.clone()), Effects::default(), "{msg:?}");
    }
}

#[test]
fn when_fonts_arrive_what_was_drawn_is_drawn_again() {
    let mut lab = open("");
    show(&mut lab, "eigenvalue-powers");
    show(&mut lab, "unit-circle");
    visible(&mut lab, "unit-circle", false);
    let drawn: Vec<&str> = lab.update(Msg::Fonts).redraw.into_iter().collect();
    assert_eq!(drawn, ["eigenvalue-powers"]);
    let drawn: Vec<&str> = visible(&mut lab, "unit-circle", true).redraw.into_iter().collect();
    assert_eq!(drawn, ["unit-circle"], "what was out of view still has other letters");
    assert!(visible(&mut lab, "unit-circle", true).redraw.is_empty());
}

#[test]
fn a_key_that_does_nothing_draws_nothing() {
    let mut lab = open("");
    show(&mut lab, "eigenvalue-powers");
    for key in ["Escape", "Enter", "ArrowUp", "Tab", "a", "Unidentified"] {
        assert!(press_key(&mut lab, "eigenvalue-powers", key).redraw.is_empty(), "{key}");
    }
}

#[test]
fn what_nobody_knows_has_no_effect() {
    let mut lab = open("");
    let nobody = || "nobody".to_owned();
    for msg in [
        Msg::Action { name: nobody() },
        Msg::Slide { key: nobody(), position: 1.0, phase: Phase::Done },
        Msg::Input { key: nobody(), value: "1".to_owned(), phase: Phase::Done },
        Msg::Pointer { figure: nobody(), kind: Pointer::Down, x: 1.0, y: 1.0 },
        Msg::Key { figure: nobody(), key: "ArrowLeft".to_owned(), shift: false },
        Msg::Resize { figure: nobody(), width: 1.0, height: 1.0, scale: 1.0 },
        Msg::Visible { figure: nobody(), visible: true },
    ] {
        assert_eq!(lab.update(msg.clone()), Effects::default(), "{msg:?}");
    }
}

#[test]
fn the_moves_of_one_frame_become_one_entry_one_value_and_one_redraw() {
    let mut lab = open("");
    show(&mut lab, "eigenvalue-powers");
    let mut frame = Effects::default();
    for i in 0..50 {
        frame.merge(slide(&mut lab, "eigenvalue-1", f64::from(i) / 100.0, Phase::Moving));
    }
    let address = frame.address.unwrap();
    assert_eq!((address.query.as_str(), address.entry), ("eigenvalue-1=0.49", Entry::Push));
    assert_eq!(frame.redraw.into_iter().collect::<Vec<_>>(), ["eigenvalue-powers"]);
    assert_eq!(frame.controls.last().unwrap().text, "0.49");
    // In the next frame the same gesture goes on.
    let mut frame = Effects::default();
    for i in 0..50 {
        frame.merge(slide(&mut lab, "eigenvalue-1", f64::from(i) / 100.0 - 1.0, Phase::Moving));
    }
    assert_eq!(frame.address.unwrap().entry, Entry::Replace);
}

#[test]
fn merged_effects_keep_the_last_word_of_everything() {
    let mut lab = open("");
    let mut all = act(&mut lab, "play");
    all.merge(act(&mut lab, "pause"));
    assert_eq!(all.animate, Some(false));
    all.merge(enter(&mut lab, "power", "x"));
    all.merge(act(&mut lab, "copy-link"));
    all.merge(act(&mut lab, "new-seed"));
    assert_eq!(all.notices.as_ref().map(Vec::len), Some(1));
    assert!(all.wants_seed && all.copy_query.is_some());
    all.merge(act(&mut lab, "dismiss"));
    assert_eq!(all.notices, Some(Vec::new()));
    let before = all.clone();
    all.merge(Effects::default());
    assert_eq!(all, before);
}

#[test]
fn a_change_redraws_the_figures_that_show_it() {
    const OF_THE_PASSAGE: [&str; 5] =
        ["gradient-direction", "gradient-norms", "jacobian-singular-values", "saturation", "weight-gradient"];
    let mut lab = open("");
    let slugs: Vec<&str> = lab.figures().map(|figure| figure.slug).collect();
    slugs.iter().for_each(|slug| drop(show(&mut lab, slug)));
    let mut redrawn = |key: &str, value: &str| {
        let effects = enter(&mut lab, key, value);
        // A gesture takes the ghosts of the press away, which else the next press does.
        for step in [5.0, 6.0] {
            slide(&mut lab, "cliff-step", step, Phase::Moving);
        }
        effects.redraw.into_iter().collect::<Vec<_>>()
    };
    let with_map = [&OF_THE_PASSAGE[..3], &["learning-map"], &OF_THE_PASSAGE[3..], &["workbench-gradient"]].concat();
    assert_eq!(redrawn("activation", "relu"), with_map);
    assert_eq!(redrawn("time", "30"), OF_THE_PASSAGE);
    let clipped = ["gradient-norms", "learning-map", "workbench-gradient", "workbench-training"];
    assert_eq!(redrawn("clip-norm", "1"), clipped);
    assert_eq!(redrawn("timing", "1"), [""; 0]);
    let dark = lab.update(Msg::SystemTheme { dark: true });
    assert_eq!(dark.redraw.len(), slugs.len(), "the colours concern all");
}

const FIGURES: [&str; 3] = ["eigenvalue-powers", "iterate", "gradient-norms"];

fn any_message() -> impl Strategy<Value = Msg> {
    let slider = prop::sample::select(vec!["eigenvalue-1", "eigenvalue-3", "power", "shift", "epsilon", "start-along"]);
    let field = prop::sample::select(vec![
        ("hidden-size", "3"),
        ("hidden-size", "2"),
        ("clip-norm", "1"),
        ("activation", "tanh"),
        ("start", "random"),
        ("power", "x"),
        ("theme", "dark"),
    ]);
    let figure = || prop::sample::select(FIGURES.to_vec()).prop_map(str::to_owned);
    let phase = prop::sample::select(vec![Phase::Moving, Phase::Done]);
    let kind = prop::sample::select(vec![Pointer::Down, Pointer::Move, Pointer::Move, Pointer::Up, Pointer::Leave]);
    let key = prop::sample::select(vec!["ArrowLeft", "ArrowRight", "ArrowUp", "Enter", "Escape", "Home"]);
    let number =
        || prop_oneof![8 => 0.0..700.0, 1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, -1e300, 0.0, 1e9])];
    prop_oneof![
        3 => (slider, -2.0..20.0, phase).prop_map(|(key, position, phase)| Msg::Slide { key: key.to_owned(), position, phase }),
        2 => field.prop_map(|(key, value)| Msg::Input { key: key.to_owned(), value: value.to_owned(), phase: Phase::Done }),
        1 => prop::sample::select(vec!["play", "pause", "step", "reset", "dismiss"]).prop_map(|name| Msg::Action { name: name.to_owned() }),
        1 => (0..40).prop_map(|i| Msg::Frame { now: f64::from(i) * 100.0 }),
        1 => prop::sample::select(vec!["", "hidden-size=3", "power=2&shift="]).prop_map(|query| Msg::Follow { query: query.to_owned() }),
        1 => prop::sample::select(vec!["", "hidden-size=2&start=chosen", "?bad"]).prop_map(|query| Msg::Navigate { query: query.to_owned() }),
        6 => (figure(), kind, number(), number()).prop_map(|(figure, kind, x, y)| Msg::Pointer { figure, kind, x, y }),
        3 => (figure(), key, any::<bool>()).prop_map(|(figure, key, shift)| Msg::Key { figure, key: key.to_owned(), shift }),
        1 => (figure(), number(), number(), 0.5..3.0).prop_map(|(figure, width, height, scale)| Msg::Resize { figure, width, height, scale }),
        2 => (figure(), any::<bool>()).prop_map(|(figure, visible)| Msg::Visible { figure, visible }),
        1 => any::<bool>().prop_map(|dark| Msg::SystemTheme { dark }),
        1 => Just(Msg::Fonts),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn after_any_messages_the_shell_shows_what_a_new_page_with_this_address_shows(
        messages in prop::collection::vec(any_message(), 1..40),
    ) {
        let (mut lab, effects) = Lab::new("");
        let mut mirror = Mirror::default();
        mirror.perform(effects);
        let mut in_view = BTreeMap::new();
        for figure in FIGURES {
            mirror.perform(show(&mut lab, figure));
            in_view.insert(figure.to_owned(), true);
        }
        for msg in messages {
            if let Msg::Visible { figure, visible } = &msg {
                in_view.insert(figure.clone(), *visible);
            }
            let effects = lab.update(msg);
            for slug in &effects.redraw {
                prop_assert!(in_view[*slug], "{} is drawn though it is not seen", slug);
            }
            mirror.perform(effects);
        }
        for figure in FIGURES {
            mirror.perform(resize(&mut lab, figure, SIZE));
            mirror.perform(visible(&mut lab, figure, true));
        }
        let (fresh, effects) = Lab::new(&lab.query());
        prop_assert_eq!(&mirror.0.controls, &fresh.controls());
        prop_assert_eq!(mirror.0.readouts, effects.readouts.into_iter().collect());
        for (slug, sentence) in effects.labels.iter().filter(|(slug, _)| FIGURES.contains(slug)) {
            prop_assert_eq!(&mirror.0.labels[slug], sentence);
        }
        prop_assert_eq!(mirror.0.theme, Some(lab.theme()));
    }
}
