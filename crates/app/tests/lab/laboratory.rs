//! Chapter 4: its links and what they claim, lanes as settings, the pipeline.
use crate::claims::{self, claim};
use crate::support::{SMALL, act, enter, follow, navigate, open, readout, slide, value};
use std::collections::{BTreeMap, BTreeSet};
use vanishing_app::{Lab, Phase, lanes};
use vanishing_charts::laboratory::Lane;
use vanishing_core::remedies;
use vanishing_core::training::PROFILE;
use vanishing_tests::markup;

/// The names and the queries of the chapter's links.
fn presets() -> BTreeMap<&'static str, String> {
    markup::presets().into_iter().filter(|(name, _)| name.starts_with("lab-")).collect()
}

/// A laboratory that followed a link from other settings, trained for so many updates.
fn trained(preset: &str, updates: u64, more: &str) -> Lab {
    claims::note(preset);
    let mut lab = open("lanes=4&lane=d&cell=gru&l1=1&c.omega=1&d.hidden-size=3");
    let effects = follow(&mut lab, &format!("{}{more}", presets()[preset]));
    assert_eq!(effects.notices.unwrap_or_default(), [], "{preset}");
    lab.train(updates);
    lab
}

fn lane(lab: &Lab, index: usize) -> &Lane {
    &lab.laboratory().lanes[index]
}

fn accuracy(lane: &Lane) -> f64 {
    lane.history.test_accuracy.last().unwrap()
}

/// The loss over the newest point, as a share of what guessing costs.
fn share_of_guess(lane: &Lane) -> f64 {
    vanishing_core::math::powf(10.0, lane.history.loss.last().unwrap()) / lane.baseline()
}

#[test]
fn every_link_of_the_chapter_has_its_claim() {
    let names: BTreeSet<&str> = presets().into_keys().collect();
    assert!(names.len() >= 8, "{names:?}");
    let claimed: BTreeSet<&str> = claims::all().filter(|name| presets().contains_key(name)).collect();
    assert_eq!(claimed, names);
}

claim!(temporal_order_is_learnt_only_when_clipped, ["lab-clipped"], || {
    let lab = trained("lab-clipped", 1_500, "");
    let [plain, clipped] = [lane(&lab, 0), lane(&lab, 1)];
    assert_eq!((plain.name.as_str(), clipped.name.as_str()), ("no remedy", "clip by global norm"));
    assert!(plain.breakdown.is_none() && accuracy(plain) < 0.5 && share_of_guess(plain) > 0.9);
    assert!(accuracy(clipped) > 0.99 && share_of_guess(clipped) < 0.1);
    assert_eq!(lab.laboratory().lanes.len(), 2);
});

claim!(an_explosion_is_stopped_by_clipping_and_not_by_l2_and_survival_is_not_learning, ["lab-blows-up"], || {
    let lab = trained("lab-blows-up", 400, "");
    let [plain, clipped, l2] = [0, 1, 2].map(|i| lane(&lab, i).clone());
    let end = plain.breakdown.expect("a breakdown").step;
    assert!((20..140).contains(&end), "{end}");
    assert!(l2.breakdown.is_some_and(|breakdown| breakdown.step < 140));
    assert!(clipped.breakdown.is_none() && clipped.history.updates == 400);
    assert!((0.7..1.6).contains(&share_of_guess(&clipped)), "{}", share_of_guess(&clipped));
    // The page says where, after what, and what would have caught it.
    let text = readout(&lab, "lab-explanation");
    assert!(text.contains(&format!("At update {end} the first number")), "{text}");
    assert!(text.contains("Over the last 5 updates") && text.contains("stayed finite"), "{text}");
    assert!(text.contains("clip by global norm") && text.contains("it diverged all the same with"), "{text}");
    let compared = readout(&lab, "lab-compared");
    assert!(
        compared.contains(&format!("A (no remedy) diverged at update {end}; B (clip by global norm) 0.1")),
        "{compared}"
    );
});

#[test]
fn the_last_updates_before_a_breakdown_can_be_looked_at_one_by_one() {
    let mut lab = trained("lab-blows-up", 400, "");
    let plain = lane(&lab, 0).clone();
    let breakdown = plain.breakdown.expect("a breakdown");
    let before = &breakdown.before;
    assert_eq!(before.len(), 10);
    assert!(before.windows(2).all(|pair| pair[0].step + 1 == pair[1].step) && before[9].step + 1 == breakdown.step);
    assert!(before.iter().all(|moment| moment.profile.len() == PROFILE));
    assert!(before.iter().all(|moment| moment.spectrum.is_some_and(|spectrum| spectrum.radius.is_finite())));
    for back in [1, 4, 10] {
        enter(&mut lab, "before-end", &back.to_string());
        let words = lab.summary("training-end").expect("a picture");
        let step = breakdown.step - back;
        let ago = if back == 1 { "the last before lane A".to_owned() } else { format!("{back} updates before lane A") };
        assert!(words.contains(&format!("Update {step}, {ago} diverged: loss ")), "{words}");
    }
}

claim!(an_alarm_keeps_the_run_finite_whatever_it_does, ["lab-detect"], || {
    let lab = trained("lab-detect", 300, "");
    assert!(lane(&lab, 0).breakdown.is_some());
    for index in 1..4 {
        let shown = lane(&lab, index);
        assert!(shown.breakdown.is_none() && shown.history.alarms > 0, "{}", shown.name);
    }
    assert!(lane(&lab, 1).history.skipped > 0);
});

claim!(gates_stay_finite_there, ["lab-gates"], || {
    let lab = trained("lab-gates", 300, "");
    assert!(lane(&lab, 0).breakdown.is_some());
    assert!(lane(&lab, 1).breakdown.is_none() && lane(&lab, 2).breakdown.is_none());
    assert_eq!(lane(&lab, 1).name, "LSTM cell");
});

claim!(from_far_away_gates_learn_and_a_preserved_gradient_does_not_suffice, ["lab-far"], || {
    let lab = trained("lab-far", 1_000, "");
    let [tanh, lstm, gru, orthogonal] = [0, 1, 2, 3].map(|i| lane(&lab, i));
    let first = |lane: &Lane| lane.history.heat[0].profile[0];
    assert!(first(tanh) < -14.0 && first(orthogonal) > -3.0, "{} {}", first(tanh), first(orthogonal));
    assert!(share_of_guess(tanh) > 0.8 && share_of_guess(orthogonal) > 0.8);
    assert!(share_of_guess(lstm) < 0.5, "{}", share_of_guess(lstm));
    assert!(share_of_guess(gru) < 0.1, "{}", share_of_guess(gru));
});

claim!(identity_and_relu_learn_at_the_smaller_rate, ["lab-irnn"], || {
    let lab = trained("lab-irnn", 600, "");
    assert!(share_of_guess(lane(&lab, 1)) < 0.5, "{}", share_of_guess(lane(&lab, 1)));
    assert!(lane(&lab, 2).name.contains("η = 0.01"), "{}", lane(&lab, 2).name);
});

claim!(checkpointing_changes_no_bit_and_takes_less_memory, ["lab-checkpointing"], || {
    let lab = trained("lab-checkpointing", 60, "");
    let [plain, checkpointed] = [lane(&lab, 0), lane(&lab, 1)];
    assert_eq!(plain.history.loss, checkpointed.history.loss);
    assert_eq!(plain.history.heat, checkpointed.history.heat);
    let newest = |lane: &Lane| lane.history.newest.clone().unwrap();
    assert!(newest(checkpointed).bytes * 3 < newest(plain).bytes);
    assert_eq!((newest(plain).recomputed, newest(checkpointed).recomputed), (0, 90));
});

claim!(gradient_scaling_matters_to_sgd_and_hardly_to_adam, ["lab-scaling"], || {
    let lab = trained("lab-scaling", 100, "");
    let update = |i: usize| lane(&lab, i).history.update.points()[0].mean;
    // The first update: a tenth for SGD, the same for Adam.
    assert!((update(1) - update(0) + 1.0).abs() < 1e-3, "{} {}", update(0), update(1));
    assert!((update(3) - update(2)).abs() < 1e-2, "{} {}", update(2), update(3));
});

claim!(what_lies_beyond_the_window_is_not_learnt, ["lab-window"], || {
    let lab = trained("lab-window", 800, "");
    assert!(accuracy(lane(&lab, 1)) > 0.9, "{}", accuracy(lane(&lab, 1)));
    assert!(accuracy(lane(&lab, 2)) < 0.5, "{}", accuracy(lane(&lab, 2)));
});

#[test]
fn lanes_stand_in_the_address_as_what_is_otherwise_than_at_first() {
    let lab = open("lanes=3&b.hidden-size=9&c.cell=lstm&c.l2=1&hidden-size=20&l1=1");
    assert_eq!(lab.query(), "hidden-size=20&lanes=3&l1=1&b.hidden-size=9&c.cell=lstm&c.l2=1");
    assert_eq!(open(&lab.query()).chosen(), lab.chosen());
    // What A has is the page's, and so are the remedies of B.
    assert_eq!(open("a.H=7&b.clip-norm=1").query(), "hidden-size=7&clip-norm=1");
    assert_eq!(open("hidden-size=7&clip-norm=1&a.=&b.=").query(), "");
    // The same value as A's is no difference.
    assert_eq!(open("cell=gru&c.cell=gru").query(), "cell=gru");
}

#[test]
fn what_a_lane_cannot_take_is_named_and_the_rest_taken() {
    let (lab, effects) = Lab::new("b.hidden-size=1e9&c.tea=1&d.cell=tea&sequence-length=5&e.cell=gru");
    let notices: Vec<String> = effects.notices.unwrap().into_iter().map(|notice| notice.text).collect();
    assert_eq!(
        notices,
        [
            "b.hidden-size: “1e9” is not a whole number from 1 to 256; 256 is used instead.",
            "“c.tea” is not a parameter here; it was ignored.",
            "d.cell: “tea” is not rnn, lstm, gru, leaky, antisymmetric, orthogonal or min-gru; rnn is kept.",
            "“e.cell” is not a parameter here; it was ignored.",
        ]
    );
    assert_eq!(lab.query(), "sequence-length=5&b.hidden-size=256");
}

#[test]
fn a_control_changes_the_lane_that_is_shown() {
    let mut lab = open("lanes=3&lane=c");
    enter(&mut lab, "lab.hidden-size", "12");
    assert_eq!(lab.query(), "lanes=3&lane=c&c.hidden-size=12");
    let control = lab.control("lab.hidden-size").unwrap();
    assert!(control.differs && control.text == "12");
    act(&mut lab, "lane:a");
    assert_eq!(value(&lab, "lab.hidden-size"), "32");
    assert!(!lab.control("lab.hidden-size").unwrap().differs);
    slide(&mut lab, "lab.hidden-size", 9.0, Phase::Done);
    assert_eq!(lab.query(), "hidden-size=10&lanes=3&c.hidden-size=12");
    // Back to A's value: no difference any more.
    act(&mut lab, "lane:c");
    enter(&mut lab, "lab.hidden-size", "10");
    assert_eq!(lab.query(), "hidden-size=10&lanes=3&lane=c");
    // B is the network of the page with its remedies.
    act(&mut lab, "lane:b");
    enter(&mut lab, "lab.hidden-size", "8");
    enter(&mut lab, "lab.l2", "1");
    assert_eq!(lab.query(), "hidden-size=8&lanes=3&lane=b&l2=1");
    let notices = enter(&mut lab, "lab.hidden-size", "many").notices.unwrap();
    assert!(notices[0].text.contains("is not a whole number from 1 to 256"), "{notices:?}");
}

#[test]
fn history_takes_a_change_of_a_lane_back() {
    let mut lab = open("");
    enter(&mut lab, "lab.cell", "gru");
    assert_eq!(lab.query(), "cell=gru");
    navigate(&mut lab, "");
    assert_eq!((lab.query(), value(&lab, "lab.cell")), (String::new(), "rnn".to_owned()));
    follow(&mut lab, "cell=lstm");
    follow(&mut lab, "");
    assert_eq!(lab.query(), "");
}

#[test]
fn every_remedy_has_its_controls_and_its_words() {
    let texts = lanes::remedies();
    assert_eq!(texts.len(), remedies::ALL.len());
    let lab = open("");
    for text in texts {
        assert!(text.controls.split(' ').all(|key| lab.control(key).is_some()), "{}", text.controls);
        assert!(!text.does.is_empty() && !text.does_not.is_empty() && !text.source.is_empty());
    }
}

#[test]
fn the_pipeline_has_the_remedies_in_their_order_with_the_norm_between() {
    let mut lab = open(&format!("{SMALL}&lanes=2&lane=b&clip-norm=1&max-norm=0.01&l2=1&truncation=1&schedule=1"));
    lab.train(3);
    let boxes = lab.pipeline();
    let titles: Vec<&str> = boxes.iter().map(|shown| shown.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "sequences",
            "network",
            "forward",
            "loss",
            "truncated BPTT",
            "backward",
            "L2 regularisation",
            "clip by global norm",
            "learning-rate schedule",
            "optimiser",
            "weights"
        ]
    );
    assert_eq!(boxes[7].norm.as_deref(), Some("0.01"));
    assert!(boxes[5].norm.is_some() && boxes[5].norm != boxes[7].norm && !boxes[5].remedy && boxes[7].remedy);
}

#[test]
fn extreme_settings_stay_answers() {
    let mut lab = open(
        "lanes=4&learning-rate=1000000&sequence-length=500&hidden-size=8&batch-size=2&task=copying&b.cell=lstm&c.layers=3&d.batch-norm=1",
    );
    lab.train(3);
    assert!((0..4).all(|i| lane(&lab, i).history.updates > 0));
    assert!(!readout(&lab, "lab-explanation").is_empty());
}
