//! Training that starts from the opened network.
use crate::opened::{drop_file, file, network};
use crate::support::{SMALL, act, enter, open, readout};
use std::collections::BTreeMap;
use vanishing_app::jobs::Worker;
use vanishing_app::{Effects, JobId, Lab, Msg, lanes, parse_link};
use vanishing_core::random::Stream;
use vanishing_core::training::Trainer;

/// The cell's tensors that a page of that query draws, as a file; a readout stays behind.
fn drawn(query: &str) -> Vec<u8> {
    let trainer = Trainer::new(&lanes::of_training(&parse_link(query).0, false));
    let tensors = trainer.weights().tensors.iter().filter(|tensor| tensor.layer.is_some());
    let shapes: Vec<(String, Vec<usize>, Vec<f32>)> = tensors
        .map(|tensor| {
            let is_bias = tensor.name.starts_with("bias");
            let shape = if is_bias { vec![tensor.rows] } else { vec![tensor.rows, tensor.columns] };
            (format!("rnn.{}", tensor.name), shape, tensor.values.clone())
        })
        .collect();
    file(&shapes.iter().map(|(name, shape, values)| (&name[..], &shape[..], values.clone())).collect::<Vec<_>>())
}

/// The losses of all lanes, and how the lanes are called.
fn curves(lab: &Lab) -> (Vec<Vec<f64>>, Vec<String>) {
    let lanes = &lab.laboratory().lanes;
    let losses =
        |lane: &vanishing_charts::laboratory::Lane| lane.history.loss.points().iter().map(|point| point.mean).collect();
    (lanes.iter().map(losses).collect(), lanes.iter().map(|lane| lane.name.clone()).collect())
}

fn shown<'a>(lab: &'a Lab, name: &str) -> &'a str {
    &lab.view().readouts[name]
}

/// Works on what is ordered until nothing is; how often each job was given numbers.
fn work(lab: &mut Lab, mut effects: Effects) -> BTreeMap<JobId, usize> {
    let (mut workers, mut given) = (BTreeMap::<JobId, Worker>::new(), BTreeMap::new());
    let (mut now, mut waiting) = (0.0, std::mem::take(&mut effects.work));
    while let Some(work) = waiting.pop() {
        let worker = workers.entry(work.job).or_default();
        if !work.numbers.is_empty() {
            worker.give(work.numbers);
            *given.entry(work.job).or_default() += 1;
        }
        now += 1e3;
        let ticks = std::cell::Cell::new(0.0);
        let clock = || {
            ticks.set(ticks.get() + 1.0);
            ticks.get()
        };
        let reply = worker.work(&work.order, &clock, 9.0).map(|reply| reply.numbers()).unwrap_or_default();
        waiting.extend(lab.update(Msg::Worked { job: work.job, reply, now }).work);
    }
    given
}

#[test]
fn lanes_that_start_from_an_opened_network_are_those_that_draw_the_same_weights_bit_for_bit() {
    for cell in ["cell=rnn", "cell=lstm&layers=2", "cell=gru&c.hidden-size=3"] {
        let query = format!("{SMALL}&task=adding&clip-norm=1&max-norm=0.1&lanes=2&stop-step=40&{cell}");
        let mut plain = open(&query);
        plain.train(40);
        let (losses, names) = curves(&plain);
        // What the page itself would draw is something else.
        let mut lab = open(&format!("{query}&hidden-size=9&layers=1"));
        drop_file(&mut lab, "mine.safetensors", &drawn(&query));
        enter(&mut lab, "activation", "tanh");
        let before = lab.query();
        let effects = act(&mut lab, "own-train");
        assert!(effects.address.is_none() && lab.query() == before && lab.view().opened.trains);
        let says = readout(&lab, "lab-start");
        assert!(says.contains("mine.safetensors") && says.contains("No link holds this"), "{says}");
        assert!(!says.contains("input weights") && says.contains("it is drawn anew"), "{says}");
        // In workers, in slices.
        let effects = act(&mut lab, "train-start");
        let given = work(&mut lab, effects);
        let (found, called) = curves(&lab);
        assert_eq!(found, losses, "{cell}");
        assert_eq!(called, names.iter().map(|name| format!("{name} (opened network)")).collect::<Vec<_>>());
        assert_eq!((given.get(&JobId::Lane(0)), given.get(&JobId::Lane(1))), (Some(&1), Some(&1)));
        // Without workers it is the same; taken back, all draw their weights.
        act(&mut lab, "train-reset");
        lab.train(40);
        assert_eq!(curves(&lab).0, losses, "{cell}");
        act(&mut lab, "own-train");
        assert_eq!((readout(&lab, "lab-start"), lab.view().opened.trains), (String::new(), false));
        lab.train(40);
        assert_ne!(curves(&lab).0, losses, "{cell}");
        assert!(curves(&lab).1.iter().all(|name| !name.contains("opened")));
    }
}

#[test]
fn inputs_of_another_size_are_drawn_anew_and_that_is_said() {
    let mut lab = open(&format!("{SMALL}&task=recall"));
    drop_file(&mut lab, "three.safetensors", &network(4, 6, false));
    act(&mut lab, "own-train");
    let says = readout(&lab, "lab-start");
    assert!(says.contains("input weights are for 3 inputs, and the task has 1: they are drawn anew"), "{says}");
    lab.train(5);
    assert_eq!(lab.laboratory().lanes[0].history.updates, 5);
    // What is said by the network is no choice of a lane; what is learned is one still.
    let is_shown = |lab: &Lab, key: &str| lab.control(key).is_some_and(|control| control.shown);
    for (key, wanted) in [("lab.cell", false), ("lab.hidden-size", false), ("lab.recurrent", false), ("lab.task", true)]
    {
        assert_eq!(is_shown(&lab, key), wanted, "{key}");
    }
    // While the page shows its own network, that one is trained.
    act(&mut lab, "own-aside");
    assert_eq!((readout(&lab, "lab-start"), lab.laboratory().lanes[0].history.updates), (String::new(), 0));
    act(&mut lab, "own-show");
    assert_eq!(readout(&lab, "lab-start"), says);
    act(&mut lab, "own-close");
    assert_eq!(readout(&lab, "lab-start"), "");
    assert!(is_shown(&lab, "lab.cell") && is_shown(&lab, "lab.hidden-size"));
}

/// A network with a readout, and sequences of which it is to say the first number.
fn with_sequences() -> Vec<u8> {
    let normals = |name: &str, count: usize, size: f64| -> Vec<f32> {
        Stream::new(2, name).normals(count).iter().map(|x| (x * size) as f32).collect()
    };
    let inputs = normals("x", 5 * 16 * 2, 1.0);
    let first: Vec<f32> = (0..16).map(|i| inputs[2 * i]).collect();
    file(&[
        ("rnn.weight_hh_l0", &[32, 8], normals("hh", 256, 0.3)),
        ("rnn.weight_ih_l0", &[32, 2], normals("ih", 64, 0.5)),
        ("fc.weight", &[1, 8], normals("fc", 8, 0.3)),
        ("input", &[5, 16, 2], inputs),
        ("target", &[16, 1], first),
    ])
}

#[test]
fn the_files_own_sequences_are_learned_with_its_readout_and_its_loss() {
    let mut lab = open("batch-size=16&learning-rate=0.02&optimizer=adam&clip-norm=1&stop-step=400");
    drop_file(&mut lab, "mine.safetensors", &with_sequences());
    act(&mut lab, "own-train");
    let says = readout(&lab, "lab-start");
    assert!(says.contains("the file’s own sequences, 16 of 5 steps, and are tested on the same"), "{says}");
    assert!(!says.contains("drawn anew") && !says.contains("identity"), "{says}");
    lab.train(400);
    let lane = &lab.laboratory().lanes[0];
    let first = lab.gradient_norms();
    assert!(!first.is_empty() && lane.chance < 0.5 && lane.baseline() > 0.1, "{}, {}", lane.chance, lane.baseline());
    let loss = vanishing_core::math::powf(10.0, lane.history.loss.last().unwrap());
    assert!(loss < 0.1 * lane.baseline(), "{loss} of {}", lane.baseline());
    assert!(readout(&lab, "lab-verdict").contains("right on the same sequences"), "{}", readout(&lab, "lab-verdict"));
    // The short runs learn the same.
    lab.try_out(1);
    assert!(shown(&lab, "workbench-training").starts_with("learns"), "{}", shown(&lab, "workbench-training"));
    assert!(shown(&lab, "workbench-task").contains("own sequences"));
    assert!(lab.control("lab.task").is_some_and(|control| !control.shown), "what is learned is the file's");
    // Without them the page's task is learned.
    enter(&mut lab, "own-inputs", "0");
    assert!(readout(&lab, "lab-start").contains("They learn the task"), "{}", readout(&lab, "lab-start"));
    assert_eq!(lab.laboratory().lanes[0].history.updates, 0);
}

#[test]
fn a_network_that_cannot_be_trained_is_refused_in_a_sentence() {
    let mut lab = open("");
    assert!(act(&mut lab, "own-train").notices.is_none() && !lab.view().opened.trains);
    drop_file(&mut lab, "wide", &network(1, 257, false));
    let notices = act(&mut lab, "own-train").notices.expect("a sentence");
    assert!(notices.len() == 1 && notices[0].text.contains("of 257 units"), "{notices:?}");
    assert!(!lab.view().opened.trains && readout(&lab, "lab-start").is_empty());
}
