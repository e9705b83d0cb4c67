//! The workbench: one network, its short runs, what is said of them.
use crate::support::{act, enter, follow, open, show, slide, value};
use vanishing_app::jobs::Worker;
use vanishing_app::{Lab, Msg, Phase, Where};

/// Its readouts once all runs are made.
fn readouts(lab: &mut Lab, seeds: usize) -> Vec<(&'static str, String)> {
    lab.try_out(seeds)
}

fn said(lab: &mut Lab, name: &str) -> String {
    let found = readouts(lab, 8).into_iter().find(|(known, _)| *known == name);
    found.map(|(_, text)| text).unwrap_or_else(|| panic!("{name}"))
}

#[test]
fn what_the_powers_do_on_the_whole_way_is_said() {
    // What its lesson says is held in `lesson_numbers`.
    for (query, words) in [
        ("spectral-radius=2&activation=linear", "grows: 2³⁰ = 1.07 × 10⁹"),
        ("spectral-radius=0.8", "dies out: 0.8³⁰ = 0.00124"),
    ] {
        let found = readouts(&mut open(query), 1);
        assert!(found.iter().any(|(name, text)| *name == "workbench-powers" && text.contains(words)), "{found:?}");
    }
}

#[test]
fn moving_the_radius_scales_all_eigenvalues_and_moving_one_of_them_leaves_the_others() {
    let mut lab = open("");
    assert_eq!(value(&lab, "spectral-radius"), "1.05");
    slide(&mut lab, "spectral-radius", 2.1, Phase::Done);
    assert_eq!((value(&lab, "eigenvalue-1"), value(&lab, "eigenvalue-2")), ("2.1".to_owned(), "1.8".to_owned()));
    assert_eq!(lab.query(), "rescale=1&spectral-radius=2.1");
    assert_eq!(open("spectral-radius=2.1").chosen(), lab.chosen(), "a link need not say that the matrix is scaled");
    slide(&mut lab, "eigenvalue-2", 0.5, Phase::Done);
    let values = ["eigenvalue-1", "eigenvalue-2", "eigenvalue-3", "spectral-radius"].map(|key| value(&lab, key));
    assert_eq!(values, ["2.1", "0.5", "-1.4", "2.1"]);
    // To 0 and back nothing is lost.
    let mut lab = open("");
    slide(&mut lab, "spectral-radius", 0.0, Phase::Moving);
    slide(&mut lab, "spectral-radius", 1.05, Phase::Done);
    assert_eq!((value(&lab, "eigenvalue-3"), value(&lab, "spectral-radius")), ("-0.7".to_owned(), "1.05".to_owned()));
}

#[test]
fn the_sweep_goes_up_to_two_and_down_to_a_half_and_stays_where_it_is_stopped() {
    let mut lab = open("");
    assert_eq!(act(&mut lab, "sweep-play").animate, Some(true));
    let mut seen = Vec::new();
    for frame in 0..420 {
        lab.update(Msg::Frame { now: 60.0 * f64::from(frame) });
        seen.push(value(&lab, "spectral-radius").parse::<f64>().unwrap());
    }
    let (low, high) = seen.iter().fold((9.0f64, 0.0f64), |(low, high), x| (low.min(*x), high.max(*x)));
    assert_eq!((low, high), (0.5, 2.0));
    assert!(seen.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 0.011));
    let effects = act(&mut lab, "sweep-pause");
    assert!(effects.address.is_some_and(|address| address.query.contains("spectral-radius=")));
    act(&mut lab, "sweep-reset");
    assert_eq!((value(&lab, "spectral-radius"), lab.query()), ("1.05".to_owned(), String::new()));
}

/// Carries out every order that comes up, `steps` of them at most; the lab is seen.
fn run(lab: &mut Lab, first: vanishing_app::Effects, steps: usize) -> usize {
    let mut workers = std::collections::BTreeMap::new();
    let mut waiting = first.work;
    let mut done = 0;
    while let Some(work) = waiting.pop() {
        assert_eq!(work.place, Where::Worker);
        let worker: &mut Worker = workers.entry(work.job).or_default();
        let reply = worker.work(&work.order, &|| 0.0, f64::INFINITY).expect("a reply").numbers();
        waiting.extend(lab.update(Msg::Worked { job: work.job, reply, now: 0.0 }).work);
        done += 1;
        if done == steps {
            break;
        }
    }
    done
}

#[test]
fn while_a_hand_moves_a_run_that_was_begun_ends_and_the_newest_order_follows() {
    let mut lab = open("hidden-size=8&batch-size=4");
    lab.update(Msg::Visible { figure: "workbench-training".to_owned(), visible: true });
    let first = lab.update(Msg::Slide { key: "spectral-radius".to_owned(), position: 1.1, phase: Phase::Moving });
    // What was asked for at the start is still out; further moves order nothing.
    assert!(first.work.is_empty());
    let second = lab.update(Msg::Slide { key: "spectral-radius".to_owned(), position: 1.2, phase: Phase::Moving });
    assert!(second.work.is_empty());
    assert_eq!(lab.view().readouts["workbench-training"], "training: 0 of 300 updates");
}

#[test]
fn what_workers_report_is_what_this_thread_finds() {
    let query = "hidden-size=8&batch-size=4&clip-norm=1&spectral-radius=1.4";
    let mut lab = open(query);
    let effects = lab.update(Msg::Visible { figure: "workbench-training".to_owned(), visible: true });
    let done = run(&mut lab, effects, 100);
    assert_eq!(done, 16, "two ways, eight seeds");
    let mut here = open(query);
    let found = readouts(&mut here, 8);
    for (name, text) in found {
        assert_eq!(lab.view().readouts[name], text, "{name}");
    }
}

#[test]
fn a_run_that_is_too_long_to_follow_the_hand_waits_and_says_so() {
    let mut lab = open("hidden-size=256&sequence-length=1000&batch-size=256");
    lab.update(Msg::Visible { figure: "workbench-training".to_owned(), visible: true });
    slide(&mut lab, "spectral-radius", 1.1, Phase::Moving);
    let text = lab.view().readouts["workbench-training"].clone();
    assert!(text.starts_with("about ") && text.ends_with("s: runs when you let go or pause"), "{text}");
    slide(&mut lab, "spectral-radius", 1.1, Phase::Done);
    assert!(!lab.view().readouts["workbench-training"].contains("let go"));
}

/// The ways of the short runs that have an order out, by what is at work.
fn ways(work: &[vanishing_app::Work]) -> Vec<usize> {
    let of = |work: &vanishing_app::Work| match work.job {
        vanishing_app::JobId::Trial(way) => Some(way),
        _ => None,
    };
    work.iter().filter_map(of).collect()
}

#[test]
fn at_rest_the_run_in_force_comes_first_and_while_a_hand_moves_both_go_on() {
    let mut lab = open("hidden-size=8&batch-size=4&clip-norm=1");
    lab.update(Msg::Cores { cores: 2 });
    let seen = lab.update(Msg::Visible { figure: "workbench-training".to_owned(), visible: true });
    assert_eq!(ways(&seen.work), [1], "with the remedies first, and one core is left to the page");
    let moving = slide(&mut lab, "spectral-radius", 1.1, Phase::Moving);
    assert_eq!(ways(&moving.work), [0], "the other way besides");
    let mut lab = open("hidden-size=8&batch-size=4&clip-norm=1");
    lab.update(Msg::Cores { cores: 4 });
    let seen = lab.update(Msg::Visible { figure: "workbench-training".to_owned(), visible: true });
    assert_eq!(ways(&seen.work).len(), 2, "with more cores both at once");
}

#[test]
fn what_is_out_of_view_is_made_a_part_in_each_frame_once_the_hand_rests() {
    let mut lab = open("");
    show(&mut lab, "alignment-angle");
    let label = |lab: &Lab, slug: &str| lab.view().labels.get(slug).cloned();
    let first = label(&lab, "eigenvalue-powers");
    slide(&mut lab, "eigenvalue-1", 1.3, Phase::Moving);
    let effects = slide(&mut lab, "eigenvalue-1", 1.3, Phase::Done);
    assert_eq!(effects.animate, Some(true), "frames are asked for");
    assert_eq!(label(&lab, "eigenvalue-powers"), first, "not yet");
    assert_ne!(lab.view().readouts, lab.view_afresh().readouts, "nor its words");
    let mut frames = 0;
    loop {
        let before = lab.view().clone();
        let animate = lab.update(Msg::Frame { now: 16.0 * f64::from(frames) }).animate;
        frames += 1;
        let changed = vanishing_charts::figures::ALL
            .iter()
            .filter(|spec| label(&lab, spec.slug) != before.labels.get(spec.slug).cloned());
        assert!(changed.count() <= 1, "one figure a frame");
        if animate == Some(false) {
            break;
        }
        assert!(frames < 500);
    }
    assert!(frames > 5, "{frames}");
    let whole = lab.view_afresh();
    assert_eq!((&lab.view().labels, &lab.view().readouts), (&whole.labels, &whole.readouts));
}

#[test]
fn of_a_run_too_long_to_follow_nothing_is_said_of_the_one_before() {
    let mut lab = open("hidden-size=8&batch-size=4");
    let seen = lab.update(Msg::Visible { figure: "workbench-training".to_owned(), visible: true });
    let (work, clock) = (&seen.work[0], std::cell::Cell::new(0.0));
    let tick = || clock.replace(clock.get() + 1.0);
    let reply = Worker::default().work(&work.order, &tick, f64::INFINITY).expect("a reply").numbers();
    lab.update(Msg::Worked { job: work.job, reply, now: 0.0 });
    assert!(!lab.view().readouts["workbench-training"].starts_with("training:"));
    slide(&mut lab, "sequence-length", 1000.0, Phase::Done);
    follow(&mut lab, "hidden-size=256&batch-size=256&sequence-length=1000");
    assert_eq!(lab.view().readouts["workbench-training"], "training: 0 of 300 updates");
}

#[test]
fn what_panels_seem_to_contradict_is_explained() {
    let cases = [
        ("", None),
        ("activation=linear&spectral-radius=2", None),
        ("activation=linear&spectral-radius=2&truncation=1", None),
        ("spectral-radius=2", Some("Mᵏ grows and the gradient does not")),
        ("lstm=1", Some("its forget gates half closed")),
        ("lstm=1&forget-bias=3&clip-norm=1", None),
        ("eigenvalue-1=1.58", Some("the state holds the symbol by itself")),
    ];
    for (query, expected) in cases {
        let text = said(&mut open(query), "workbench-changed");
        let signs = ["Mᵏ grows", "half closed", "by itself"];
        match expected {
            Some(words) => assert!(text.contains(words), "{query}: {text}"),
            None => assert!(!signs.iter().any(|sign| text.contains(sign)), "{query}: {text}"),
        }
    }
    assert!(said(&mut open("lstm=1"), "workbench-matrix").ends_with("without the remedies"));
    assert!(
        !said(&mut Lab::new("lstm=1&gru=1").0, "workbench-changed").contains("LSTM cell acts"),
        "the last one counts"
    );
}

#[test]
fn a_radius_that_is_refused_leaves_the_one_that_is_shown() {
    let mut lab = open("");
    let effects = enter(&mut lab, "spectral-radius", "abc");
    let said: Vec<String> = effects.notices.into_iter().flatten().map(|notice| notice.text).collect();
    assert!(said.iter().any(|text| text.contains("“abc”") && text.contains("1.05 is kept")), "{said:?}");
    assert_eq!((value(&lab, "spectral-radius"), lab.query()), ("1.05".to_owned(), String::new()));
}

#[test]
fn nothing_is_trained_where_nobody_looks() {
    let mut lab = open("");
    assert!(slide(&mut lab, "spectral-radius", 1.1, Phase::Done).work.is_empty());
}
