//! What the controls and the readouts show.
use crate::support::{act, any_settings, enter, follow, open, slide, value};
use proptest::prelude::*;
use vanishing_app::{ControlKind, Effects, Lab, Msg, Phase, query_of};

/// The keys of the controls that are shown.
fn shown(lab: &Lab) -> Vec<&'static str> {
    lab.controls().iter().filter(|control| control.shown).map(|control| control.spec.key).collect()
}

/// The sentences of the notices, if they changed.
fn notices(effects: &Effects) -> Option<Vec<&str>> {
    effects.notices.as_ref().map(|notices| notices.iter().map(|notice| notice.text.as_str()).collect())
}

#[test]
fn the_page_opens_with_every_control_every_readout_and_a_word_for_every_figure() {
    let (lab, effects) = Lab::new("");
    assert_eq!(effects.controls, lab.controls());
    assert_eq!(effects.labels.len(), lab.figures().count());
    assert!(effects.labels.iter().all(|(_, sentence)| sentence.len() > 20), "{:?}", effects.labels);
    assert!(effects.theme.is_some() && effects.redraw.is_empty() && effects.address.is_none());
}

#[test]
fn a_control_is_hidden_where_it_has_no_effect() {
    let cases = [
        ("hidden-size=4", "eigenvalue-5", false),
        ("hidden-size=5", "eigenvalue-5", true),
        ("family=geometric&hidden-size=5", "eigenvalue-5", false),
        ("family=geometric", "eigenvalue-1", true),
        ("family=geometric", "rate", true),
        ("", "rate", false),
        ("family=random-symmetric", "rate", false),
        ("", "start-along", false),
        ("start=chosen", "start-along", true),
        ("start=chosen", "start-depth", false),
        ("start=chosen&hidden-size=3", "start-depth", true),
        ("", "max-norm", false),
        ("clip-norm=1", "max-norm", true),
        ("clip-norm=1", "orthogonal-gain", false),
        ("orthogonal-init=1", "orthogonal-gain", true),
        ("", "activation", true),
        ("cell=lstm", "activation", false),
        ("cell=lstm&forget-bias=2", "forget-bias", true),
        ("", "forget-bias", false),
        ("", "gain", false),
        ("recurrent=orthogonal", "gain", true),
        ("", "pair-1-re", false),
        ("recurrent=spectrum", "pair-3-im", true),
        ("recurrent=spectrum&hidden-size=4", "pair-3-im", false),
        ("recurrent=spectrum", "departure", true),
        ("", "spectral-radius", true),
        ("inputs=zero", "input-noise", false),
        ("inputs=zero", "start-norm", true),
        ("task=adding", "start-norm", false),
    ];
    for (query, key, expected) in cases {
        assert_eq!(shown(&open(query)).contains(&key), expected, "{query}: {key}");
    }
}

#[test]
fn what_a_change_hides_or_shows_is_told() {
    let mut lab = open("hidden-size=4");
    let effects = enter(&mut lab, "hidden-size", "6");
    let of_page = effects.controls.iter().filter(|control| !control.spec.key.starts_with("lab."));
    let changed: Vec<_> = of_page.map(|control| (control.spec.key, control.shown)).collect();
    assert_eq!(changed, [("eigenvalue-5", true), ("eigenvalue-6", true), ("hidden-size", true)]);
}

#[test]
fn a_hidden_control_keeps_its_value_and_its_place_in_the_address() {
    let mut lab = open("clip-norm=1&max-norm=5");
    enter(&mut lab, "clip-norm", "0");
    assert_eq!(lab.query(), "max-norm=5");
    enter(&mut lab, "clip-norm", "1");
    assert_eq!(value(&lab, "max-norm"), "5");
}

#[test]
fn what_was_refused_is_said_and_the_control_is_told_its_value_again() {
    let mut lab = open("power=7");
    let effects = enter(&mut lab, "power", "many");
    assert_eq!(effects.controls.iter().map(|control| control.text.as_str()).collect::<Vec<_>>(), ["7"]);
    assert!(notices(&effects).unwrap()[0].starts_with("power: “many” is not a whole number"));
    assert_eq!(effects.address, None);
    // The next value that can be taken clears the sentence.
    assert_eq!(notices(&enter(&mut lab, "power", "8")), Some(vec![]));
}

#[test]
fn what_is_too_large_becomes_the_largest_and_is_said() {
    let mut lab = open("");
    let effects = enter(&mut lab, "eigenvalue-1", "7");
    assert_eq!(value(&lab, "eigenvalue-1"), "3");
    assert!(notices(&effects).unwrap()[0].contains("3 is used instead"));
}

#[test]
fn a_slider_stands_at_the_value_that_it_gave() {
    let mut lab = open("clip-norm=1");
    for (key, position) in [("eigenvalue-1", -0.37), ("max-norm", 1.25), ("power", 60.0), ("sequence-length", 33.0)] {
        slide(&mut lab, key, position, Phase::Moving);
        let ControlKind::Slider { position: now, min, max, .. } = lab.control(key).unwrap().kind else {
            panic!("{key} is no slider");
        };
        // Four digits of a value are less than 1e-4 of its logarithm.
        assert!((now - position).abs() < 1e-4 && min <= now && now <= max, "{key}: {now}");
    }
}

#[test]
fn a_slider_that_says_nonsense_changes_nothing() {
    let mut lab = open("");
    for position in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        slide(&mut lab, "eigenvalue-1", position, Phase::Moving);
        let number: f64 = value(&lab, "eigenvalue-1").parse().unwrap();
        assert!((-3.0..=3.0).contains(&number), "{number}");
    }
    assert_eq!(slide(&mut lab, "no-such-slider", 1.0, Phase::Done), Effects::default());
    assert_eq!(enter(&mut lab, "no-such-field", "1"), Effects::default());
}

#[test]
fn moving_the_start_means_choosing_it_and_leaves_the_rest_where_it_was() {
    let mut lab = open("hidden-size=2");
    let (before, _) = crate::support::picture(&lab, "iterate");
    slide(&mut lab, "start-along", 0.5, Phase::Moving);
    assert_eq!((value(&lab, "start"), value(&lab, "start-along")), ("chosen".to_owned(), "0.5".to_owned()));
    let across: f64 = value(&lab, "start-across").parse().unwrap();
    assert!((across - before.panels[0].handles[0].at.0).abs() <= 0.005, "{across}");
}

#[test]
fn more_pairs_than_there_is_room_for_are_said_until_it_is_resolved() {
    let is_said =
        |effects: &Effects| notices(effects).map(|notices| notices.iter().any(|text| text.contains("has room for")));
    let (mut lab, effects) = Lab::new("recurrent=spectrum&hidden-size=4&pair-3-re=0.1");
    assert_eq!(is_said(&effects), Some(true));
    // Letting go of another control, or of the same, does not take the sentence away.
    assert_ne!(is_said(&slide(&mut lab, "power", 5.0, Phase::Done)), Some(false));
    assert_ne!(is_said(&enter(&mut lab, "hidden-size", "4")), Some(false));
    assert_eq!(is_said(&slide(&mut lab, "hidden-size", 2.0, Phase::Moving)), Some(true));
    assert_ne!(is_said(&slide(&mut lab, "hidden-size", 2.0, Phase::Done)), Some(false));
    // What was dismissed does not come back for another reason.
    assert_eq!(is_said(&act(&mut lab, "dismiss")), Some(false));
    assert_ne!(is_said(&slide(&mut lab, "power", 6.0, Phase::Moving)), Some(true));
    assert_eq!(is_said(&slide(&mut lab, "hidden-size", 1.0, Phase::Moving)), Some(true));
    assert_eq!(is_said(&enter(&mut lab, "recurrent", "symmetric")), Some(false));
    assert_ne!(is_said(&follow(&mut lab, "hidden-size=3")), Some(true));
}

#[test]
fn what_does_not_go_together_is_said_and_what_is_done_instead() {
    let cases = [
        ("sequence-length=20&time=21", "step 20 is marked instead of 21"),
        ("task=copying&sequence-length=20&time=41", "step 40 is marked instead of 41"),
        ("task=temporal-order&sequence-length=2", "which is used instead of 2"),
        ("recurrent=spectrum&hidden-size=4&pair-3-re=0.1", "has room for 2 of the chosen pairs"),
        ("recurrent=identity&gain=0&rescale=1", "no factor gives it a spectral radius"),
        ("family=geometric&eigenvalue-1=0&rescale=1", "no factor gives such a matrix a spectral radius"),
    ];
    for (query, sentence) in cases {
        let notices = Lab::new(query).1.notices.unwrap();
        assert_eq!(notices.len(), 1, "{query}: {notices:?}");
        assert!(notices[0].text.contains(sentence), "{query}: {}", notices[0].text);
    }
    for query in [
        "sequence-length=20&time=20",
        "task=copying&sequence-length=20&time=40",
        "hidden-size=3",
        "recurrent=gaussian&hidden-size=3",
        "recurrent=spectrum&hidden-size=4",
        "recurrent=spectrum&pair-3-re=0.1",
        "recurrent=symmetric&gain=0&rescale=1",
    ] {
        open(query);
    }
}

#[test]
fn a_pair_of_eigenvalues_that_is_hidden_is_not_used() {
    let spectrum = |query: &str| {
        let model = vanishing_charts::Model::new(vanishing_app::model::configs(open(query).settings()));
        model.recurrence().blocks[0].spectral_radius
    };
    // The second pair, 0.9, has no room; the first, of size 0.5, makes the matrix.
    let radius = spectrum("recurrent=spectrum&hidden-size=2&pair-1-re=0.5&pair-1-im=0");
    assert!((radius - 0.5).abs() < 1e-9, "{radius}");
}

#[test]
fn the_seed_is_asked_of_the_browser_and_then_taken() {
    let mut lab = open("");
    let asked = act(&mut lab, "new-seed");
    assert!(asked.wants_seed);
    assert_eq!(lab.query(), "", "nothing changes before the answer");
    let effects = lab.update(Msg::Seed { seed: u32::MAX });
    assert_eq!(lab.query(), "seed=4294967295");
    assert!(effects.controls.iter().any(|control| control.spec.key == "seed" && control.text == "4294967295"));
    assert!(effects.address.is_some() && !effects.wants_seed);
}

#[test]
fn copying_the_link_hands_out_the_whole_address_and_says_how_it_went() {
    let mut lab = open("power=20&seed=4&theme=dark");
    let effects = act(&mut lab, "copy-link");
    assert_eq!(effects.copy_query.as_deref(), Some("power=20&seed=4&theme=dark"));
    assert_eq!(act(&mut open(""), "copy-link").copy_query.as_deref(), Some(""));
    let good = lab.update(Msg::Copied { ok: true, link: "https://example.org/?power=20".to_owned() });
    assert_eq!(good.announce.as_deref(), Some("The link was copied."));
    let bad = lab.update(Msg::Copied { ok: false, link: "https://example.org/?power=20".to_owned() });
    assert_eq!(notices(&bad), Some(vec!["Copy this link: https://example.org/?power=20"]));
    assert_eq!(notices(&act(&mut lab, "dismiss")), Some(vec![]));
}

#[test]
fn the_theme_follows_the_system_until_one_is_chosen() {
    use vanishing_charts::Theme::{Dark, Light};
    let mut lab = open("");
    assert_eq!(lab.update(Msg::SystemTheme { dark: true }).theme, Some(Dark));
    assert_eq!(enter(&mut lab, "theme", "light").theme, Some(Light));
    assert_eq!(lab.update(Msg::SystemTheme { dark: false }).theme, None);
    assert_eq!(lab.update(Msg::SystemTheme { dark: true }).theme, None);
    assert_eq!(enter(&mut lab, "theme", "auto").theme, Some(Dark));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_readout_says_something_under_all_settings(settings in any_settings()) {
        let (_, effects) = Lab::new(&query_of(&settings));
        prop_assert!(effects.readouts.len() > 10);
        for (name, text) in &effects.readouts {
            // What is compared with no guess says nothing, nor do weights that are drawn as usual.
            let may_be_silent = name.starts_with("answer-") || *name == "lab-start";
            let silent = text.trim().is_empty() && !may_be_silent;
            prop_assert!(!silent && !text.contains("NaN") && !text.contains("inf"), "{}: “{}”", name, text);
        }
        for (slug, sentence) in &effects.labels {
            prop_assert!(sentence.len() > 20 && !sentence.contains("NaN"), "{}: “{}”", slug, sentence);
        }
    }
}
