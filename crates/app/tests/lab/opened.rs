//! The opened network.
use crate::support::{act, enter, open, show, slide, visible};
use std::collections::BTreeMap;
use vanishing_app::jobs::Worker;
use vanishing_app::{Effects, JobId, Lab, Msg, Phase, model};
use vanishing_charts::scene::Scene;
use vanishing_charts::table::Table;
use vanishing_charts::{Model, figures};
use vanishing_core::random::Stream;

/// A safetensors file: header and numbers, as the format's description has them.
pub fn file(tensors: &[(&str, &[usize], Vec<f32>)]) -> Vec<u8> {
    let (mut entries, mut data) = (Vec::new(), Vec::new());
    for (name, shape, values) in tensors {
        let from = data.len();
        data.extend(values.iter().flat_map(|x| x.to_le_bytes()));
        entries.push(format!(r#""{name}":{{"dtype":"F32","shape":{shape:?},"data_offsets":[{from},{}]}}"#, data.len()));
    }
    let header = format!("{{{}}}", entries.join(","));
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &data].concat()
}

pub fn normals(name: &str, count: usize, size: f64) -> Vec<f32> {
    Stream::new(5, name).normals(count).iter().map(|x| (x * size) as f32).collect()
}

/// A plain network or one with gates, of one layer with three inputs.
pub fn network(gates: usize, n: usize, inputs: bool) -> Vec<u8> {
    let size = 0.9 / (n as f64).sqrt();
    let mut tensors: Vec<(&str, &[usize], Vec<f32>)> = Vec::new();
    let (rows_hh, rows_ih) = ([gates * n, n], [gates * n, 3]);
    tensors.push(("rnn.weight_hh_l0", &rows_hh, normals("hh", gates * n * n, size)));
    tensors.push(("rnn.weight_ih_l0", &rows_ih, normals("ih", gates * n * 3, size)));
    if inputs {
        tensors.push(("input", &[20, 3], normals("x", 60, 1.0)));
    }
    file(&tensors)
}

/// Drops a file on the page and hands over what it asks for, as a browser does; the last effects.
pub fn drop_file(lab: &mut Lab, name: &str, content: &[u8]) -> Effects {
    let effects = lab.update(Msg::FilesOffered { files: vec![(name.to_owned(), content.len() as u64)] });
    hand_over(lab, effects, content)
}

/// Hands over what is asked for of a file; the last effects.
pub fn hand_over(lab: &mut Lab, mut effects: Effects, content: &[u8]) -> Effects {
    while let Some(asked) = effects.read.take() {
        let part = |range: &std::ops::Range<u64>| content[range.start as usize..range.end as usize].to_vec();
        effects = lab.update(Msg::FileParts { parts: asked.ranges.iter().map(part).collect() });
    }
    effects
}

fn control_is_shown(lab: &Lab, key: &str) -> bool {
    lab.control(key).is_some_and(|control| control.shown)
}

#[test]
fn a_dropped_network_takes_the_place_of_the_drawn_one_and_goes_again() {
    let mut lab = open("inputs=noise&sequence-length=100");
    let before = lab.gradient_norms();
    let effects = drop_file(&mut lab, "mine.safetensors", &network(4, 8, true));
    let panel = effects.opened.expect("something is said of it");
    assert!(
        panel.open
            && panel.strip
                == "mine.safetensors: LSTM, one layer, 8 hidden units, 3 inputs. L = ½ ‖h‖² at the last step, h₀ = 0.",
        "{panel:?}"
    );
    assert!(panel.sentences.iter().any(|text| text.contains("the file’s own inputs, 20 steps")), "{panel:?}");
    assert_eq!(panel.tensors.len(), 3);
    assert_eq!(lab.gradient_norms().len(), 21);
    assert_ne!(lab.gradient_norms(), before);
    for key in ["cell", "hidden-size", "recurrent", "gain", "sequence-length", "inputs"] {
        assert!(!control_is_shown(&lab, key), "{key} has no effect");
    }
    assert!(control_is_shown(&lab, "own-inputs"));
    // The words of the page are about an LSTM now.
    assert_eq!(lab.control("cell").map(|control| control.text), Some("lstm".to_owned()));
    lab.update(Msg::Input { key: "own-inputs".to_owned(), value: "0".to_owned(), phase: vanishing_app::Phase::Done });
    assert_eq!(lab.gradient_norms().len(), 101);
    assert!(control_is_shown(&lab, "sequence-length"));
    act(&mut lab, "own-close");
    assert!(lab.opened_network().is_none() && control_is_shown(&lab, "cell"));
    act(&mut lab, "undo");
    act(&mut lab, "undo");
    assert_eq!(lab.gradient_norms(), before);
}

#[test]
fn a_chosen_relu_stays_when_a_state_dict_is_opened_and_the_menu_changes_its_numbers() {
    let content = network(1, 8, true);
    let mut lab = open("activation=relu");
    drop_file(&mut lab, "mine.safetensors", &content);
    let relu = lab.gradient_norms();
    assert_eq!(lab.control("activation").map(|control| control.text), Some("relu".to_owned()));
    assert!(control_is_shown(&lab, "activation") && lab.lacks_activation());
    let effects = enter(&mut lab, "activation", "tanh");
    let panel = effects.opened.expect("another sentence");
    assert!(panel.sentences.iter().any(|text| text.contains("it is run as a tanh RNN")), "{panel:?}");
    let tanh = lab.gradient_norms();
    assert_ne!(tanh, relu);
    enter(&mut lab, "activation", "relu");
    assert_eq!(lab.gradient_norms(), relu);
    act(&mut lab, "undo");
    assert_eq!(lab.gradient_norms(), tanh);
    // What the page has for its own networks and PyTorch has not is no choice for this one.
    let mut lab = open("activation=linear");
    drop_file(&mut lab, "mine.safetensors", &content);
    assert_eq!(lab.gradient_norms(), tanh);
    // A cell without a choice leaves none to lack.
    drop_file(&mut lab, "mine.safetensors", &network(4, 8, true));
    assert!(!lab.lacks_activation());
}

#[test]
fn a_preset_shows_a_network_of_the_page_and_keeps_the_other() {
    let mut lab = open("");
    drop_file(&mut lab, "mine.safetensors", &network(1, 6, false));
    let norms = lab.gradient_norms();
    let effects = lab.update(Msg::Follow { query: "cell=rnn&recurrent=orthogonal".to_owned() });
    assert!(lab.opened_network().is_none());
    assert!(effects.notices.is_some_and(|notices| notices.iter().any(|notice| notice.text.contains("yours is kept"))));
    act(&mut lab, "own-show");
    assert_eq!(lab.gradient_norms(), norms);
}

#[test]
fn what_cannot_be_opened_is_one_sentence_and_changes_nothing() {
    let mut lab = open("");
    let before = (lab.query(), lab.gradient_norms());
    let mut broken = network(1, 6, false);
    broken.truncate(broken.len() - 1);
    for content in [&broken[..], b"PK\x03\x04 a pickle in a zip", b"<script>alert(1)</script>", b""] {
        let effects = drop_file(&mut lab, "evil<b>.safetensors", content);
        let notices = effects.notices.expect("a sentence");
        assert_eq!(notices.len(), 1, "{notices:?}");
        assert!(notices[0].text.starts_with("evil<b>.safetensors"), "{notices:?}");
        assert!(effects.opened.is_none() && lab.opened_network().is_none());
        assert_eq!((lab.query(), lab.gradient_norms()), before);
    }
    // Parts that nobody asked for, and a file that stops half way.
    assert!(lab.update(Msg::FileParts { parts: vec![vec![1, 2, 3]] }).read.is_none());
    lab.update(Msg::FilesOffered { files: vec![("a".to_owned(), 2 << 30)] });
    let effects = lab.update(Msg::FileFailed { why: "a could not be read: it is gone".to_owned() });
    assert_eq!(effects.notices.map(|notices| notices.len()), Some(1));
    assert_eq!((lab.query(), lab.gradient_norms()), before);
}

#[test]
fn the_spectrum_of_a_large_network_comes_from_a_worker_and_can_be_given_up() {
    let mut lab = open("");
    let content = network(1, 150, false);
    let effects = drop_file(&mut lab, "large.safetensors", &content);
    assert_eq!(effects.opened.as_ref().and_then(|panel| panel.progress), Some(0.0));
    assert!(lab.gradient_norms().iter().all(|x| x.is_finite()), "gradients do not wait for it");
    for spec in lab.figures().map(|spec| spec.slug).collect::<Vec<_>>() {
        assert!(lab.summary(spec).is_some_and(|text| !text.contains("NaN")), "{spec}");
    }
    let (orders, _) = work_off(&mut lab, effects);
    assert!(orders > 5, "{orders}");
    let opened = lab.opened_network().expect("it is shown");
    let radius = opened.spectrum().expect("its spectrum").blocks[0].spectral_radius;
    assert!((0.7..1.2).contains(&radius), "{radius}");
    // The same as at once, on the command line.
    let mut at_once = open("");
    at_once.open_network("large.safetensors", &content).unwrap();
    assert_eq!(at_once.opened_network().and_then(|opened| opened.spectrum().cloned()), opened.spectrum().cloned());
    // Given up: no order follows, and an answer that is late changes nothing.
    let mut lab = open("");
    let mut effects = drop_file(&mut lab, "large.safetensors", &content);
    let order = effects.work.pop().expect("an order");
    let effects = act(&mut lab, "own-cancel");
    assert!(effects.work.is_empty() && effects.opened.is_some_and(|panel| panel.progress.is_none()));
    let mut worker = Worker::default();
    worker.give(order.numbers.clone());
    let reply = worker.work(&order.order, &|| 0.0, 1e9).expect("an answer").numbers();
    assert_eq!(lab.update(Msg::Worked { job: order.job, reply, now: 0.0 }), Effects::default());
}

/// Answers all orders as one worker after the other would; how many there were, and the last effects.
fn work_off(lab: &mut Lab, mut effects: Effects) -> (usize, Effects) {
    let (mut workers, mut orders) = (BTreeMap::<JobId, Worker>::new(), 0);
    let ticks = std::cell::Cell::new(0.0);
    while let Some(order) = effects.work.pop() {
        orders += 1;
        let worker = workers.entry(order.job).or_default();
        if !order.numbers.is_empty() {
            worker.give(order.numbers.clone());
        }
        let clock = || {
            ticks.set(ticks.get() + 1.0);
            ticks.get()
        };
        let reply = worker.work(&order.order, &clock, 20.0).expect("an answer").numbers();
        let waiting = std::mem::take(&mut effects.work);
        effects = lab.update(Msg::Worked { job: order.job, reply, now: 0.0 });
        effects.work.extend(waiting);
    }
    (orders, effects)
}

const SINGULAR: &str = "jacobian-singular-values";

#[test]
fn the_singular_values_of_a_large_state_come_from_a_worker_while_their_figure_is_seen() {
    let mut lab = open("hidden-size=70&sequence-length=20&gain=1.5");
    assert!(lab.summary(SINGULAR).is_some_and(|text| text.contains("while they are looked at")));
    let effects = show(&mut lab, SINGULAR);
    assert_eq!(effects.work.len(), 1, "one order");
    assert!(lab.summary(SINGULAR).is_some_and(|text| text.contains("being computed: 0 %")));
    let (orders, effects) = work_off(&mut lab, effects);
    assert!(orders > 5, "{orders}");
    assert!(effects.redraw.contains(SINGULAR) && !effects.labels.is_empty());
    let summary = lab.summary(SINGULAR).expect("a sentence");
    assert!(summary.starts_with("The 10 largest of 70 singular values"), "{summary}");
    let table = lab.table(SINGULAR).expect("numbers").to_csv();
    // The command line has the same.
    let mut at_once = open("hidden-size=70&sequence-length=20&gain=1.5");
    at_once.complete(SINGULAR);
    assert_eq!(at_once.table(SINGULAR).expect("numbers").to_csv(), table);
    // What changes no Jacobian begins no search; what does, does, once the hand is at rest.
    assert!(enter(&mut lab, "loss-at", "every").work.is_empty());
    assert!(slide(&mut lab, "gain", 0.7, Phase::Moving).work.is_empty());
    let effects = slide(&mut lab, "gain", 0.7, Phase::Done);
    assert_eq!(effects.work.len(), 1);
    // Out of view it waits.
    let order = effects.work[0].clone();
    visible(&mut lab, SINGULAR, false);
    let mut worker = Worker::default();
    worker.give(order.numbers.clone());
    let reply = worker.work(&order.order, &|| 0.0, -1.0).expect("an answer").numbers();
    assert!(lab.update(Msg::Worked { job: order.job, reply, now: 0.0 }).work.is_empty());
    assert_eq!(visible(&mut lab, SINGULAR, true).work.len(), 1);
}

#[test]
fn the_panel_of_a_large_network_tells_how_far_its_singular_values_are_and_gives_them_up() {
    let mut lab = open("");
    show(&mut lab, SINGULAR);
    let mut effects = drop_file(&mut lab, "mine.safetensors", &network(4, 40, false));
    assert_eq!(effects.opened.as_ref().and_then(|panel| panel.progress), Some(0.0));
    let order = effects.work.pop().expect("an order");
    let effects = act(&mut lab, "own-cancel");
    assert!(effects.opened.is_some_and(|panel| panel.progress.is_none()) && effects.work.is_empty());
    assert!(lab.summary(SINGULAR).is_some_and(|text| text.contains("given up")));
    let mut worker = Worker::default();
    worker.give(order.numbers.clone());
    let reply = worker.work(&order.order, &|| 0.0, 1e9).expect("an answer").numbers();
    assert_eq!(lab.update(Msg::Worked { job: order.job, reply, now: 0.0 }), Effects::default());
}

#[test]
fn the_first_two_chapters_take_its_symmetric_part() {
    let mut lab = open("");
    drop_file(&mut lab, "mine.safetensors", &network(1, 6, false));
    assert!(control_is_shown(&lab, "eigenvalue-2") && control_is_shown(&lab, "eigenvalue-1"));
    act(&mut lab, "own-matrix");
    assert!(!control_is_shown(&lab, "eigenvalue-2") && !control_is_shown(&lab, "eigenvalue-1"));
    let block = lab.opened_network().expect("it is shown").blocks(0).remove(0);
    let symmetric = (&block + block.transpose()) * 0.5;
    let trace: f64 = symmetric.diagonal().iter().sum();
    let eigenvalues = model::configs_with(lab.settings(), lab.opened_network()).matrix.eigenvalues;
    assert_eq!(eigenvalues.len(), 6);
    assert!((eigenvalues.iter().sum::<f64>() - trace).abs() < 1e-12);
    assert!(eigenvalues.windows(2).all(|pair| pair[0].abs() >= pair[1].abs()));
    // A link to it says that the network is missing.
    let (_, effects) = Lab::new("family=own");
    assert!(
        effects
            .notices
            .is_some_and(|notices| notices.iter().any(|notice| notice.text.contains("no network is opened")))
    );
}

#[test]
fn tensors_have_their_signs_and_not_the_names_that_files_give_them() {
    let mut lab = open("inputs=noise&b.mask-tensors=1");
    let mut said = format!("{:?}", lab.view());
    for name in ["rnn.safetensors", "lstm.safetensors"] {
        let gates = if name.starts_with("lstm") { 4 } else { 1 };
        said += &format!("{:?}", drop_file(&mut lab, name, &network(gates, 8, true)));
        said += &format!("{:?}", lab.view());
    }
    for spec in vanishing_app::schema::all() {
        said += &format!("{} {} {:?}", spec.label, spec.help, spec.domain);
    }
    for raw in ["h_T", "h_t", "h_0", "c_t", "W_hh", "W_ih", "b_hh", "b_ih", "∂L/∂h_", "x_t"] {
        let place = said.find(raw).map(|at| said[..at + raw.len()].chars().rev().take(80).collect::<String>());
        let place: Option<String> = place.map(|text| text.chars().rev().collect());
        assert_eq!(place, None, "{raw}");
    }
    for sign in ["Wₕₕ", "‖h"] {
        assert!(said.contains(sign), "nothing says {sign}, so nothing was looked at");
    }
}

const BOTH: &[u8] = include_bytes!("../../../../tests/networks/forms/lstm-bidirectional-2-layers.safetensors");
const PROJECTED: &[u8] = include_bytes!("../../../../tests/networks/forms/lstm-projection.safetensors");

/// The figures of a network.
const OF_NETWORK: [&str; 7] =
    ["gates", "gradient-direction", "gradient-norms", SINGULAR, "saturation", "spectrum", "weight-gradient"];

fn scene_of(figure: &str, model: &Model) -> Scene {
    (figures::find(figure).expect("a figure").scene)(model)
}

/// What is said beside a figure.
fn remark(lab: &Lab, figure: &str) -> String {
    scene_of(figure, &Model::new(model::configs_with(lab.settings(), lab.opened_network()))).remark
}

#[test]
fn a_network_in_both_directions_shows_both_curves_and_says_what_the_other_figures_are_of() {
    let mut lab = open("");
    let effects = drop_file(&mut lab, "both.safetensors", BOTH);
    let panel = effects.opened.expect("something is said of it");
    assert!(
        panel.strip.contains("LSTM, 2 layers, 5 hidden units") && panel.strip.contains("of each direction"),
        "{panel:?}"
    );
    assert!(panel.sentences.iter().any(|text| text.starts_with("It reads in both directions:")), "{panel:?}");
    assert!(panel.tensors.iter().all(|[_, _, used]| used == "used"));
    let columns = lab.table("gradient-norms").expect("numbers").headings();
    for name in ["layer 1", "layer 1, reverse", "layer 2, reverse", "‖∂L/∂hₜ‖"] {
        assert!(columns.iter().any(|column| column == name), "{name}: {columns:?}");
    }
    assert!(
        lab.summary("gradient-norms").is_some_and(|text| text.contains("In the direction backwards in time, over 20"))
    );
    assert!(remark(&lab, "gradient-norms").starts_with("Reverse: the direction backwards in time, by its own steps"));
    for figure in
        ["gates", "saturation", "spectrum", "weight-gradient", "jacobian-singular-values", "gradient-direction"]
    {
        assert!(remark(&lab, figure).starts_with("Shown is the direction forwards in time."), "{figure}");
        assert!(lab.summary(figure).is_some_and(|text| !text.contains("NaN")), "{figure}");
    }
    // The loss at every output, a remedy, and inputs of the page.
    let last = lab.gradient_norms();
    enter(&mut lab, "loss-at", "every");
    assert_ne!(lab.gradient_norms(), last);
    enter(&mut lab, "clip-state", "1");
    assert!(lab.table("gradient-norms").is_some_and(|table| table.headings().contains(&"with remedies".to_owned())));
    enter(&mut lab, "own-inputs", "0");
    enter(&mut lab, "sequence-length", "33");
    assert_eq!(lab.gradient_norms().len(), 34);
}

#[test]
fn projected_states_are_told_from_the_units_before_them() {
    let mut lab = open("");
    let panel = drop_file(&mut lab, "projected.safetensors", PROJECTED).opened.expect("something is said of it");
    assert!(
        panel.sentences.iter().any(|text| text.contains("has 4 numbers") && text.contains("the 5 units")),
        "{panel:?}"
    );
    assert_eq!(remark(&lab, "gradient-norms"), "hₜ is the projected state, of 4 numbers.");
    assert!(remark(&lab, "gates").starts_with("The state is the one before the projection"));
    assert!(!lab.summary("spectrum").is_some_and(|text| text.contains("NaN")));
}

#[test]
fn of_a_very_large_network_the_norms_the_gates_and_the_largest_eigenvalue_are_shown_and_the_rest_is_said_to_be_left_out()
 {
    for (gates, n) in [(4, 1152), (1, 4096)] {
        let mut lab = open("sequence-length=6&time=5");
        lab.open_network("large.safetensors", &network(gates, n, false)).expect("it is taken");
        assert!(lab.gradient_norms().iter().all(|norm| norm.is_finite()), "{n}");
        let model = Model::new(model::configs_with(lab.settings(), lab.opened_network()));
        let scenes: BTreeMap<&str, Scene> = OF_NETWORK.iter().map(|slug| (*slug, scene_of(slug, &model))).collect();
        for (slug, scene) in &scenes {
            let is_a_number = !scene.summary.contains("NaN") && !scene.summary.contains("undefined");
            assert!(is_a_number, "{n} {slug}: {}", scene.summary);
        }
        let remark = |slug: &str| scenes[slug].remark.as_str();
        let spectrum = Table::new(&scenes["spectrum"]).headings();
        assert!(spectrum.iter().any(|column| column.starts_with("largest |λ|")), "{spectrum:?}");
        assert!(remark("spectrum").contains("only the largest |λ| and σ₁ are found"));
        assert_eq!(remark("weight-gradient").starts_with("Of so large a matrix"), n == 4096);
        assert_eq!(remark(SINGULAR).contains("would take hours"), n == 4096);
        assert!(lab.opened_network().expect("it is shown").symmetric_eigenvalues().len() >= 64);
    }
}
