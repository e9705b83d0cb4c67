//! Work in the background: lanes, the experiment, the spectrum and the Jacobians share the machine, and outlive their threads.
use crate::opened::{drop_file, network};
use crate::shell::Shell;
use crate::support::{SMALL, act, enter, open, readout, show, slide, value};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::OnceLock;
use vanishing_app::{JobId, Lab, Msg, Phase, TrainingState, Where, WorkerId, schema};
use vanishing_charts::laboratory::Lane;
use vanishing_core::param::Settings;
use vanishing_core::remedies;
use vanishing_core::studies::recurrence::RecurrenceStudy;
use vanishing_core::training::experiment::Run;
use vanishing_core::training::params;

fn lane(lab: &Lab, index: usize) -> &Lane {
    &lab.laboratory().lanes[index]
}

#[test]
fn lanes_train_in_slices_to_their_end_and_are_what_they_are_in_one() {
    let mut lab = open(&format!("{SMALL}&lanes=4&c.cell=gru&d.optimizer=adam"));
    lab.update(Msg::Cores { cores: 2 });
    let mut shell = Shell::new(act(&mut lab, "train-start"));
    shell.finish(&mut lab);
    assert_eq!(shell.most, 2, "as many as there are cores");
    let mut whole = open(&lab.query());
    whole.train(40);
    for index in 0..4 {
        let (sliced, whole) = (lane(&lab, index), lane(&whole, index));
        assert_eq!(format!("{:?}", sliced.history), format!("{:?}", whole.history), "{index}");
        assert_eq!(sliced.history.updates, 40);
    }
    assert_eq!(readout(&lab, "lab-state"), "stopped at update 40");
}

#[test]
fn while_a_hand_moves_something_one_worker_is_at_work() {
    let mut lab = open(&format!("{SMALL}&lanes=3"));
    let effects = lab.update(Msg::Cores { cores: 3 });
    let said = effects.readouts.iter().find(|(name, _)| *name == "lab-where").map(|(_, text)| text.as_str());
    assert_eq!(said, Some("in workers beside the page, at most 3 at a time"));
    let mut shell = Shell::new(act(&mut lab, "train-start"));
    assert_eq!(shell.orders.len(), 3);
    let effects = slide(&mut lab, "power", 12.0, Phase::Moving);
    assert_eq!(effects.work, []);
    shell.work(&mut lab);
    shell.work(&mut lab);
    assert_eq!(shell.orders.len(), 1);
    shell.work(&mut lab);
    assert_eq!(shell.orders.len(), 1);
    let effects = slide(&mut lab, "power", 12.0, Phase::Done);
    assert_eq!(effects.work.len(), 2);
}

#[test]
fn a_lane_that_is_changed_starts_afresh_and_the_others_go_on() {
    let mut lab = open(&format!("{SMALL}&lanes=2&lane=b&clip-norm=1"));
    let mut shell = Shell::new(act(&mut lab, "train-start"));
    (0..4).for_each(|_| assert!(shell.work(&mut lab)));
    let before = [0, 1].map(|i| lane(&lab, i).history.updates);
    assert!(before.iter().all(|updates| *updates > 0), "{before:?}");
    shell.take(enter(&mut lab, "lab.max-norm", "0.5"));
    assert_eq!([0, 1].map(|i| lane(&lab, i).history.updates), [before[0], 0]);
    shell.finish(&mut lab);
    assert_eq!([0, 1].map(|i| lane(&lab, i).history.updates), [40, 40]);
}

#[test]
fn pausing_stepping_and_beginning_afresh() {
    let mut lab = open(&format!("{SMALL}&lanes=1"));
    let mut shell = Shell::new(act(&mut lab, "train-step"));
    shell.finish(&mut lab);
    assert_eq!(lane(&lab, 0).history.updates, 1);
    shell.take(act(&mut lab, "train-start"));
    shell.work(&mut lab);
    act(&mut lab, "train-pause");
    shell.finish(&mut lab);
    let paused = lane(&lab, 0).history.updates;
    assert!((2..40).contains(&paused));
    assert_eq!(readout(&lab, "lab-state"), format!("paused at update {paused}"));
    act(&mut lab, "train-reset");
    assert_eq!(lane(&lab, 0).history.updates, 0);
    // A later end lets a finished run go on.
    shell.take(act(&mut lab, "train-start"));
    shell.finish(&mut lab);
    enter(&mut lab, "stop-step", "50");
    shell.take(act(&mut lab, "train-start"));
    shell.finish(&mut lab);
    assert_eq!(lane(&lab, 0).history.updates, 50);
}

#[test]
fn a_run_stops_below_its_loss() {
    let mut lab = open(&format!("{SMALL}&lanes=1&stop-loss=10"));
    let mut shell = Shell::new(act(&mut lab, "train-start"));
    shell.finish(&mut lab);
    assert_eq!(lane(&lab, 0).history.updates, 1);
    assert_eq!(readout(&lab, "lab-state"), "stopped at update 1: the loss is below 10");
}

#[test]
fn a_worker_that_dies_is_replaced_and_the_run_goes_on_where_it_was() {
    let mut lab = open(&format!("{SMALL}&lanes=1"));
    let mut shell = Shell::new(act(&mut lab, "train-start"));
    for _ in 0..3 {
        (0..2).for_each(|_| assert!(shell.work(&mut lab)));
        assert_eq!(shell.orders[0].place, Where::Worker);
        let known = lane(&lab, 0).history.updates;
        shell.kill(&mut lab, WorkerId(0));
        assert_eq!(shell.orders[0].place, Where::NewWorker);
        assert_eq!(lane(&lab, 0).history.updates, known);
    }
    shell.work(&mut lab);
    // Again and again: the page does the work itself, and says so. So it does for one that never answers.
    shell.kill(&mut lab, WorkerId(0));
    assert_eq!(shell.orders[0].place, Where::Page);
    shell.finish(&mut lab);
    assert!(readout(&lab, "lab-where").contains("on the page’s own thread, in slices, because it ended"));
    let mut whole = open(&lab.query());
    whole.train(40);
    assert_eq!(format!("{:?}", lane(&lab, 0).history), format!("{:?}", lane(&whole, 0).history));
}

#[test]
fn a_worker_that_cannot_be_made_leaves_the_work_to_the_page() {
    let mut lab = open(&format!("{SMALL}&lanes=2"));
    let mut shell = Shell::new(act(&mut lab, "train-start"));
    assert!(shell.orders.len() == 2 && shell.orders.iter().all(|work| work.place == Where::Worker));
    shell.kill(&mut lab, WorkerId(0));
    // What was sent to the other worker is never answered either.
    assert_eq!(shell.orders.len(), 1);
    shell.kill(&mut lab, WorkerId(1));
    assert_eq!(shell.orders.len(), 1);
    assert!(shell.orders.iter().all(|work| work.place == Where::Page && work.budget <= 8.0));
    shell.finish(&mut lab);
    assert_eq!([0, 1].map(|i| lane(&lab, i).history.updates), [40, 40]);
    assert!(open("workers=0").readout("lab-where").unwrap().contains("the address says workers=0"));
}

#[test]
fn an_experiment_makes_every_run_once_and_can_be_cancelled() {
    let tries: Vec<String> = schema::tries()
        .iter()
        .map(|(spec, flag)| {
            format!("{}={}", flag.spec.key, u8::from(["clip_norm", "checkpointing"].contains(&spec.slug)))
        })
        .collect();
    let mut lab = open(&format!(
        "hidden-size=4&sequence-length=6&batch-size=3&task=adding&stop-step=9&seeds=3&{}",
        tries.join("&")
    ));
    lab.update(Msg::Cores { cores: 2 });
    let mut shell = Shell::new(act(&mut lab, "experiment-start"));
    shell.work(&mut lab);
    let progress = readout(&lab, "experiment-progress");
    assert!(progress.contains("of 9 runs"), "{progress}");
    shell.finish(&mut lab);
    let evidence = lab.laboratory().evidence.clone();
    let rows: Vec<(&str, usize)> = evidence.rows.iter().map(|row| (row.slug, row.outcomes.len())).collect();
    assert_eq!(rows, [("", 3), ("checkpointing", 3), ("clip_norm", 3)]);
    assert!(evidence.rows[0].outcomes.windows(2).all(|pair| pair[0].seed + 1 == pair[1].seed));
    assert_eq!(readout(&lab, "experiment-progress"), "done: the table below");
    assert_eq!(shell.heard.experiment, Some((1.0, false)), "a bar that came to its end stays there");
    let sorted = act(&mut lab, "sort:remedy").evidence.unwrap();
    assert_eq!(sorted.rows[0][0], "clip by global norm");
    let again = act(&mut lab, "sort:remedy").evidence.unwrap();
    assert_eq!(again.rows[2][0], "clip by global norm");
    assert!(sorted.rows.iter().any(|row| row[1].starts_with("Does not act on it: the same bits")), "{sorted:?}");
    let by_memory = act(&mut lab, "sort:memory").evidence.unwrap();
    let cells = |name: &str| by_memory.rows.iter().find(|row| row[0] == name).unwrap().clone();
    assert!(cells("no remedy")[9].ends_with("KiB, × 1") && cells("clip by global norm")[9] == cells("no remedy")[9]);
    assert!(cells("no remedy")[8].contains(" ms, × "), "{:?}", cells("no remedy"));
    assert_eq!(cells("no remedy")[3], "0 of 3 (0 – 56 %)");
    let pairs = [("hidden-size", "4"), ("sequence-length", "40"), ("checkpoint-segment", "5")];
    let settings = Settings::from_pairs(params::all(), pairs).0;
    let bytes = |slug: &str| {
        let mut run = Run::new(&settings, remedies::find(slug), 1, 2);
        run.advance();
        run.bytes()
    };
    assert!(bytes("checkpointing") < bytes("") && bytes("clip_norm") == bytes(""));
    let file = act(&mut lab, "export-evidence").download.unwrap();
    assert_eq!(file.text.lines().count(), 2 + 9);
    let mut shell = Shell::new(act(&mut lab, "experiment-start"));
    shell.work(&mut lab);
    act(&mut lab, "experiment-cancel");
    shell.finish(&mut lab);
    assert_eq!(readout(&lab, "experiment-progress"), "cancelled: the table below");
    let (share, going) = lab.view().experiment;
    assert!(share > 0.0 && share < 1.0 && !going, "{share}: one of nine runs");
}

/// The bits of everything that was reported of the lanes, and what is said of them.
fn results(lab: &Lab) -> Vec<String> {
    let results = lab.laboratory().lanes.iter().map(|lane| format!("{:?} {:?}", lane.history, lane.breakdown));
    results.chain([readout(lab, "lab-explanation"), format!("{:?}", lab.laboratory().evidence)]).collect()
}

/// The same of a page on which nothing dies.
fn trained_at_once(query: &str) -> Vec<String> {
    let mut lab = open(query);
    lab.train(u64::MAX);
    results(&lab)
}

/// The spectrum of the opened network, if it is known.
fn spectrum(lab: &Lab) -> Option<&RecurrenceStudy> {
    lab.opened_network().and_then(|network| network.spectrum())
}

const EMBEDDED: &str = "only=training-loss";

#[test]
fn when_the_thread_of_an_embedded_page_dies_every_lane_goes_on() {
    // Before its first answer; while a lane is busy; twice, the second time before the new one answered; between them.
    for deaths in [&[0][..], &[1], &[6], &[5, 0], &[3, 2], &[1, 1, 1, 1]] {
        let query = format!("{EMBEDDED}&{SMALL}&lanes=4");
        let mut lab = open(&query);
        lab.update(Msg::Cores { cores: 8 });
        let mut shell = Shell::new(act(&mut lab, "train-start"));
        for steps in deaths {
            (0..*steps).for_each(|_| assert!(shell.work(&mut lab)));
            assert_eq!(shell.threads.keys().collect::<Vec<_>>(), [&WorkerId(0)], "{deaths:?}: it is one for all");
            shell.kill(&mut lab, WorkerId(0));
        }
        shell.finish(&mut lab);
        assert_eq!(results(&lab), trained_at_once(&query), "{deaths:?}");
        assert_eq!([0, 1, 2, 3].map(|i| lane(&lab, i).history.updates), [40; 4]);
        assert_eq!(shell.most, 1, "{deaths:?}");
        let place = readout(&lab, "lab-where");
        let is_proven = deaths[0] > 0 && !deaths[1..].contains(&0) && deaths.len() < 4;
        assert_eq!(place.contains("in workers beside the page, at most 1 at a time"), is_proven, "{deaths:?}: {place}");
    }
}

#[test]
fn without_workers_the_spectrum_of_an_opened_network_is_the_pages_work_too() {
    let content = network(1, 150, false);
    let mut lab = open(&format!("workers=0&{SMALL}&lanes=2&gain=1.5"));
    lab.update(Msg::Cores { cores: 8 });
    let mut shell = Shell::new(drop_file(&mut lab, "large.safetensors", &content));
    shell.take(show(&mut lab, SINGULAR));
    shell.take(act(&mut lab, "train-start"));
    let mut kinds = Vec::new();
    while let Some(work) = shell.orders.first() {
        assert!(work.place == Where::Page && work.budget <= 8.0, "{work:?}");
        if !kinds.contains(&work.job) {
            kinds.push(work.job);
        }
        shell.work(&mut lab);
    }
    kinds.sort();
    assert_eq!(kinds, [JobId::Lane(0), JobId::Lane(1), JobId::Spectrum, JobId::Jacobians]);
    assert_eq!(shell.most, 1);
    assert!(spectrum(&lab).is_some());
    assert_eq!([0, 1].map(|i| lane(&lab, i).history.updates), [40, 40]);
    assert!(readout(&lab, "lab-where").contains("because the address says workers=0"));
}

#[test]
fn the_panel_says_where_the_spectrum_is_computed() {
    for (query, place) in [("", " in a worker: 0 %."), ("workers=0", ", on the page’s own thread: 0 %.")] {
        let effects = drop_file(&mut open(query), "large.safetensors", &network(1, 150, false));
        let text = effects.opened.map(|panel| panel.spectrum).unwrap_or_default();
        assert_eq!(text, format!("The eigenvalues of 150 × 150 numbers are being computed{place}"));
    }
}

const SINGULAR: &str = "jacobian-singular-values";

#[test]
fn all_kinds_of_work_together_keep_to_the_cores_and_take_turns() {
    for cores in 1..=3 {
        let mut lab = open(&format!("{SMALL}&lanes=4"));
        lab.update(Msg::Cores { cores });
        let mut shell = Shell::new(act(&mut lab, "train-start"));
        shell.take(drop_file(&mut lab, "large.safetensors", &network(1, 150, false)));
        shell.take(show(&mut lab, SINGULAR));
        let mut seen = Vec::new();
        while let Some(work) = shell.orders.first() {
            seen.push(work.job);
            shell.work(&mut lab);
        }
        assert_eq!(shell.most, cores);
        assert!(spectrum(&lab).is_some());
        assert!(lab.summary(SINGULAR).is_some_and(|text| text.starts_with("The 10 largest of 150")));
        assert_eq!([0, 1, 2, 3].map(|i| lane(&lab, i).history.updates), [40; 4]);
        // None waits until another is through: soon each has had a turn.
        let first: BTreeSet<JobId> = seen[..9].iter().copied().collect();
        assert_eq!(first.len(), 6, "{cores}: {:?}", &seen[..9]);
    }
}

#[test]
fn the_experiment_has_the_cores_that_the_lanes_leave() {
    let mut lab = open(&format!("{SMALL}&lanes=1&seeds=1"));
    lab.update(Msg::Cores { cores: 3 });
    let mut shell = Shell::new(act(&mut lab, "experiment-start"));
    let jobs = |shell: &Shell| shell.orders.iter().map(|work| work.job).collect::<Vec<_>>();
    assert_eq!(jobs(&shell), [0, 1, 2].map(JobId::Experiment));
    shell.take(act(&mut lab, "train-start"));
    shell.work(&mut lab);
    assert_eq!(jobs(&shell), [JobId::Experiment(1), JobId::Experiment(2), JobId::Lane(0)]);
    // A run in a slot beyond the cores goes on all the same.
    lab.update(Msg::Cores { cores: 1 });
    shell.finish(&mut lab);
    assert_eq!(readout(&lab, "experiment-progress"), "done: the table below");
}

#[test]
fn what_would_have_saved_a_run_is_offered_as_runs_and_a_run_at_its_end_trains_on() {
    let query = "lanes=3&hidden-size=5&sequence-length=8&batch-size=4&task=adding&activation=relu&learning-rate=100&clip-norm=1\
                 &gradient-scale=1&c.learning-rate=0.001&stop-step=40";
    let mut lab = open(query);
    let mut shell = Shell::new(act(&mut lab, "train-start"));
    shell.finish(&mut lab);
    let offered = lab.view().diverged.clone();
    assert_eq!(offered.letter, "A");
    let saves: Vec<bool> = offered.rescuers.iter().map(|rescuer| rescuer.saves).collect();
    assert!(saves.len() >= 4 && saves[0] && saves.is_sorted_by(|a, b| a >= b), "{saves:?}");
    assert_eq!(lab.view().training, TrainingState::Ended);
    act(&mut lab, "train-on");
    assert_eq!((value(&lab, "stop-step").as_str(), lab.view().training), ("80", TrainingState::Goes));
    shell.finish(&mut lab);
    assert_eq!(lane(&lab, 2).history.updates, 80);
    // The run that is made from a chip is the one that it promised: A with this remedy and no other, in lane B.
    for rescuer in [offered.rescuers.first(), offered.rescuers.last()].into_iter().flatten() {
        let mut lab = open(query);
        lab.update(Msg::Follow { query: rescuer.query.clone() });
        let mut shell = Shell::new(act(&mut lab, "train-start"));
        shell.finish(&mut lab);
        assert!(lane(&lab, 1).name.contains(rescuer.title), "{} {}", lane(&lab, 1).name, rescuer.title);
        assert_eq!(lane(&lab, 1).breakdown.is_none(), rescuer.saves, "{}", rescuer.title);
    }
}

#[test]
fn a_lane_that_is_changed_stays_as_a_ghost_while_its_task_is_the_same() {
    let mut lab = open(&format!("{SMALL}&lanes=2&lane=b&clip-norm=1"));
    let mut shell = Shell::new(act(&mut lab, "train-start"));
    shell.finish(&mut lab);
    let (before, name) = (lane(&lab, 1).history.clone(), lane(&lab, 1).name.clone());
    assert!(lab.laboratory().ghost.is_none());
    enter(&mut lab, "lab.max-norm", "0.1");
    let ghost = lab.laboratory().ghost.clone().expect("a ghost");
    assert_eq!((ghost.letter, &ghost.name, format!("{:?}", ghost.history)), ("B", &name, format!("{before:?}")));
    assert_eq!(lane(&lab, 1).history.updates, 0);
    // What was hardly begun is no ghost.
    shell.take(act(&mut lab, "train-step"));
    shell.finish(&mut lab);
    enter(&mut lab, "lab.max-norm", "0.2");
    assert_eq!(lab.laboratory().ghost.as_ref().map(|ghost| ghost.history.updates), Some(40));
    enter(&mut lab, "lab.task", "copying");
    assert!(lab.laboratory().ghost.is_none());
}

#[test]
fn a_remedy_that_was_tried_before_a_death_is_named_once() {
    let query = "lanes=1&hidden-size=5&sequence-length=8&batch-size=4&task=adding&activation=relu&learning-rate=100&stop-step=40";
    let mut lab = open(query);
    let mut shell = Shell::new(act(&mut lab, "train-start"));
    for _ in 0..3 {
        (0..12).for_each(|_| assert!(shell.work(&mut lab)));
        shell.kill(&mut lab, WorkerId(0));
    }
    shell.finish(&mut lab);
    assert!(lane(&lab, 0).breakdown.is_some());
    assert_eq!(results(&lab), trained_at_once(query));
}

/// What is shown of an opened network whose spectrum takes long, when nothing dies.
fn large() -> &'static (Vec<u8>, String) {
    static LARGE: OnceLock<(Vec<u8>, String)> = OnceLock::new();
    LARGE.get_or_init(|| {
        let content = network(1, 130, false);
        let mut lab = open("");
        lab.open_network("large.safetensors", &content).unwrap();
        let spectrum = format!("{:?}", spectrum(&lab).unwrap());
        (content, spectrum)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whoever_dies_and_whenever_all_ends_in_the_same_bits(
        lanes in 1usize..=4,
        cores in 1usize..=4,
        (is_embedded, is_opened, has_experiment) in any::<(bool, bool, bool)>(),
        deaths in prop::collection::vec((0usize..12, any::<prop::sample::Index>()), 0..7),
        answers in prop::collection::vec(any::<prop::sample::Index>(), 1..40),
    ) {
        let tries: String = schema::tries()
            .iter()
            .map(|(spec, flag)| format!("&{}={}", flag.spec.key, u8::from(spec.slug == "clip_norm")))
            .collect();
        let embedded = if is_embedded { EMBEDDED } else { "" };
        // Lane C becomes non-finite, and remedies are tried on it.
        let query = format!(
            "{embedded}&hidden-size=4&sequence-length=6&batch-size=3&task=adding&stop-step=12&lanes={lanes}\
             &lane=c&c.activation=relu&c.learning-rate=1000000&d.cell=gru&seeds=2{tries}"
        );
        let mut lab = open(&query);
        lab.update(Msg::Cores { cores });
        let mut shell = Shell::default();
        if is_opened {
            shell.take(drop_file(&mut lab, "large.safetensors", &large().0));
        }
        if has_experiment {
            shell.take(act(&mut lab, "experiment-start"));
        }
        shell.take(act(&mut lab, "train-start"));
        let mut answers = answers.iter().cycle();
        let mut answer = |shell: &mut Shell, lab: &mut Lab| {
            let count = shell.orders.len();
            count > 0 && shell.answer(lab, answers.next().map_or(0, |index| index.index(count)))
        };
        for (steps, which) in deaths {
            (0..steps).for_each(|_| _ = answer(&mut shell, &mut lab));
            let threads: Vec<WorkerId> = shell.threads.keys().copied().collect();
            if !threads.is_empty() {
                shell.kill(&mut lab, *which.get(&threads));
            }
        }
        let mut left = 5_000;
        while answer(&mut shell, &mut lab) {
            left -= 1;
            prop_assert!(left > 0, "it does not end");
        }
        let most = if is_embedded { 1 } else { cores };
        prop_assert!(shell.most <= most, "{} orders were out", shell.most);
        let mut whole = open(&query);
        if has_experiment {
            // Nothing dies there, and one thread does all.
            whole.update(Msg::Cores { cores: 1 });
            Shell::new(act(&mut whole, "experiment-start")).finish(&mut whole);
        }
        whole.train(u64::MAX);
        prop_assert_eq!(results(&lab), results(&whole));
        if is_opened {
            prop_assert_eq!(spectrum(&lab).map(|found| format!("{found:?}")), Some(large().1.clone()));
        }
    }
}
