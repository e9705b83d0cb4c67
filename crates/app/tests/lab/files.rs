//! A file that is read again, and one that is gone.
use crate::opened::{drop_file, file, hand_over, network, normals};
use crate::support::{act, open};
use vanishing_app::{Lab, Menu, Msg, OpenedPanel};

#[test]
fn another_network_of_the_file_is_chosen_from_a_menu_and_the_file_read_again() {
    let content: &[u8] = include_bytes!("../../../../tests/networks/two-networks-decoder.safetensors");
    let mut lab = open("");
    drop_file(&mut lab, "two.safetensors", content);
    let networks = lab.view().opened.networks.clone();
    assert_eq!(
        networks.entries,
        ["decoder. GRU, one layer, 5 hidden units", "encoder. GRU, one layer, 5 hidden units"]
    );
    let (first, norms, query) = (networks.chosen.expect("one is open"), lab.gradient_norms(), lab.query());
    assert!(lab.view().opened.report.is_some() && lab.view().opened.readouts.entries.is_empty());
    // A file that is no network was offered in between: it is the first that is read again.
    drop_file(&mut lab, "nothing", b"");
    let effects = act(&mut lab, &format!("own-network:{}", 1 - first));
    assert_eq!(effects.read.as_ref().map(|asked| asked.file), Some(1));
    assert_eq!(lab.view().opened.networks.chosen, Some(first), "it is not read yet");
    hand_over(&mut lab, effects, content);
    let chosen = lab.view().opened.networks.chosen;
    assert_eq!(chosen, Some(1 - first));
    assert!(lab.gradient_norms() != norms && lab.query() == query && lab.view().opened.report.is_some());
    // What is not in the menu is refused, and what was open stays.
    let effects = act(&mut lab, "own-network:2");
    assert!(effects.read.is_none() && effects.notices.is_some_and(|notices| notices.len() == 1));
    assert_eq!(lab.view().opened.networks.chosen, chosen);
    // A file with one network has no menu.
    drop_file(&mut lab, "one", &network(1, 6, false));
    assert_eq!(lab.view().opened.networks, Menu::default());
}

#[test]
fn after_a_reload_the_page_says_that_the_network_is_gone_until_one_is_opened_or_it_is_forgotten() {
    let (mut lab, effects) = Lab::new("hidden-size=x");
    let of_address = effects.notices.expect("the address is wrong");
    let gone = |lab: &mut Lab| lab.update(Msg::NetworkGone { name: "mine.npz".to_owned() });
    let (before, effects) = (lab.query(), gone(&mut lab));
    let notices = effects.notices.expect("a sentence");
    assert_eq!((&notices[..1], notices.len()), (&of_address[..], 2));
    assert!(notices[1].text.contains("“mine.npz”") && lab.query() == before);
    let panel = effects.opened.expect("it is said where files are opened");
    assert_eq!((&panel.gone, &panel.name[..], panel.open), (&notices[1].text, "mine.npz", false));
    // By hand it is forgotten.
    act(&mut lab, "own-close");
    assert_eq!(lab.view().opened, OpenedPanel::default());
    // The next network takes its place, and what is then said is about that.
    gone(&mut lab);
    drop_file(&mut lab, "other", &network(1, 6, false));
    assert_eq!((&lab.view().opened.name[..], &lab.view().opened.gone[..]), ("other", ""));
    assert!(gone(&mut lab).opened.is_none());
    act(&mut lab, "own-close");
    assert_eq!(lab.view().opened, OpenedPanel::default());
}

#[test]
fn where_several_layers_could_read_the_output_one_is_chosen_from_a_menu() {
    let mut lab = open("");
    let content = file(&[
        ("rnn.weight_hh_l0", &[6, 6], normals("hh", 36, 0.3)),
        ("rnn.weight_ih_l0", &[6, 3], normals("ih", 18, 0.3)),
        ("fc.weight", &[2, 6], normals("fc", 12, 0.3)),
        ("head.weight", &[2, 6], normals("head", 12, 0.3)),
        ("wide.weight", &[9, 6], normals("wide", 54, 0.3)),
        ("input", &[7, 4, 3], normals("x", 84, 1.0)),
        ("target", &[4, 2], normals("y", 8, 1.0)),
    ]);
    drop_file(&mut lab, "heads", &content);
    let says = |lab: &Lab, part: &str| lab.view().opened.sentences.iter().any(|text| text.contains(part));
    let readouts = lab.view().opened.readouts.clone();
    assert_eq!((readouts.entries, readouts.chosen), (vec!["fc., 2 outputs".into(), "head., 2 outputs".into()], None));
    assert!(says(&lab, "choose the readout among") && lab.opened_network().unwrap().sequences.is_none());
    let effects = act(&mut lab, "own-readout:1");
    hand_over(&mut lab, effects, &content);
    assert_eq!(lab.view().opened.readouts.chosen, Some(1));
    assert!(says(&lab, "The loss compares what “head.” makes of its output"));
    assert_eq!(lab.opened_network().unwrap().network.output_size, 2);
}

#[test]
fn the_parts_of_one_model_are_dropped_together() {
    let (n, size) = (5, 0.3);
    let first = file(&[("rnn.weight_hh_l0", &[n, n], normals("hh", n * n, size))]);
    let second = file(&[("rnn.weight_ih_l0", &[n, 3], normals("ih", n * 3, size))]);
    let index = br#"{"weight_map": {"rnn.weight_hh_l0": "1.safetensors", "rnn.weight_ih_l0": "2.safetensors"}}"#;
    let offered = |name: &str, content: &[u8]| (name.to_owned(), content.len() as u64);
    let drop_all = |lab: &mut Lab, files: Vec<(String, u64)>, content: &[u8]| {
        let effects = lab.update(Msg::FilesOffered { files });
        hand_over(lab, effects, content)
    };
    let mut lab = open("");
    let files = ["1.safetensors", "2.safetensors"];
    let all = vec![offered("m.index.json", index), offered(files[0], &first), offered(files[1], &second)];
    drop_all(&mut lab, all, &[&index[..], &first, &second].concat());
    let shown = &lab.view().opened;
    assert!(shown.open && shown.sentences[0].contains("RNN, one layer, 5 hidden units, 3 inputs"), "{shown:?}");
    // The index alone has no weights: the sentence says what is to be dropped with it.
    let mut lab = open("");
    let effects = drop_all(&mut lab, vec![offered("m.index.json", index)], index);
    let said = effects.notices.expect("it is refused")[0].text.clone();
    assert!(files.iter().all(|file| said.contains(file)), "{said}");
    assert!(!lab.view().opened.open);
}
