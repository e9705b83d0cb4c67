//! Files in several parts, archives and JSON: what is wrong with them is said before memory is taken, and nothing panics.
use super::libraries::read;
use super::{Given, file, sentence, state_dict, tensor};
use proptest::prelude::*;
use vanishing_weights::{Choice, Opened, beside_index, open, open_all};

/// Opens several files together.
fn together(files: &[(&str, Vec<u8>)]) -> Result<Opened, String> {
    let offered: Vec<(String, u64)> =
        files.iter().map(|(name, content)| ((*name).to_owned(), content.len() as u64)).collect();
    let all: Vec<u8> = files.iter().flat_map(|(_, content)| content.clone()).collect();
    open_all(&offered, Choice::default(), &mut |range| {
        Ok(all.get(range.start as usize..range.end as usize).unwrap_or_default().to_vec())
    })
}

fn parts() -> (Vec<Given>, Vec<u8>, Vec<u8>) {
    let all = state_dict("rnn.", 4, 2);
    (all.clone(), file(&all[..3]), file(&all[3..]))
}

#[test]
fn the_parts_of_a_model_are_one_network_with_or_without_their_index() {
    let (all, one, other) = parts();
    let whole = open("w", &file(&all)).unwrap();
    let index =
        br#"{"metadata": {"total_size": 1}, "weight_map": {"a": "m-1-of-2.safetensors", "b": "m-2-of-2.safetensors"}}"#;
    let [first, second] = [("m-1-of-2.safetensors", one.clone()), ("m-2-of-2.safetensors", other.clone())];
    let of_index = ("m.safetensors.index.json", index.to_vec());
    for files in [
        vec![first.clone(), second.clone()],
        vec![second.clone(), first.clone()],
        vec![of_index.clone(), first.clone(), second.clone()],
        vec![first.clone(), of_index.clone(), second.clone()],
    ] {
        let opened = together(&files).unwrap();
        assert_eq!((opened.network, opened.remarks), (whole.network.clone(), Vec::new()));
    }
    assert_eq!(beside_index(index).unwrap(), ["m-1-of-2.safetensors", "m-2-of-2.safetensors"]);
    assert_eq!(beside_index(b"{\"a\": 1}").unwrap(), [""; 0]);
    // What is missing, or does not belong there.
    for (files, part) in [
        (
            vec![of_index.clone()],
            "m.safetensors.index.json: it is only the index of a model in 2 files; 2 of them are missing (m-1-of-2.safetensors, m-2-of-2.safetensors): give them together with the index",
        ),
        (
            vec![of_index.clone(), first.clone()],
            "1 of them is missing (m-2-of-2.safetensors): give it together with the index",
        ),
        (
            vec![first.clone()],
            "m-1-of-2.safetensors: it is one of 2 files of a model, and a network may go on in the others: give all of them together",
        ),
        (
            vec![("m-1-of-3.safetensors", one.clone()), ("m-2-of-3.safetensors", other.clone())],
            "m-1-of-3.safetensors and the others are 2 of 3 files of a model",
        ),
        (
            vec![first.clone(), ("other.safetensors", one.clone())],
            "is in m-1-of-2.safetensors and in other.safetensors; expected it once",
        ),
        (
            vec![of_index, first.clone(), second, ("x.safetensors", file(&[tensor("t", &[1])]))],
            "does not name x.safetensors",
        ),
        (vec![first.clone(), ("config.json", b"{}".to_vec())], "config.json is no safetensors file"),
        (vec![first, ("notes.txt", b"hello".to_vec())], "notes.txt: its first bytes are of no format"),
    ] {
        let why = together(&files).expect_err(part);
        assert!(why.contains(part) && !why.contains('\n'), "{why}\n{part}");
    }
    for name in ["../m.safetensors", "/etc/m.safetensors", "a\\\\b", "", "c:m"] {
        let index = format!(r#"{{"weight_map": {{"a": "{name}"}}}}"#);
        assert!(beside_index(index.as_bytes()).unwrap_err().contains("expected a name without a folder"), "{name}");
    }
}

fn header(text: &str, data: usize) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes()[..], text.as_bytes(), &vec![0; data]].concat()
}

#[test]
fn headers_that_lie_are_refused_before_memory_is_taken() {
    let one = r#""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#;
    for (content, part) in [
        (header(&format!("{{{one},{one}}}"), 8), "“a” stands in it twice"),
        (
            header(&format!(r#"{{{one},"b":{{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}}}"#), 12),
            "a and b overlap in it",
        ),
        (
            header(&format!(r#"{{{one},"b":{{"dtype":"F32","shape":[2],"data_offsets":[12,20]}}}}"#), 20),
            "4 bytes before b belong to no tensor",
        ),
        (
            header(r#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8),
            "a has 8 bytes, where its shape (3,) of F32 has 12",
        ),
        (header(r#"{"a":{"dtype":"F32","shape":[18446744073709551615,4],"data_offsets":[0,8]}}"#, 8), "a has 8 bytes"),
        (header(r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8), "a is said to lie from byte 8 to 0"),
        (header(r#"{"a":{"dtype":"X","shape":[2],"data_offsets":[0,18446744073709551615]}}"#, 8), "is said to lie"),
        (header(&format!("{{{one}}}"), 7), "it is cut off: 1 byte are missing"),
        (header(&format!("{{{one}}}"), 9), "it has 1 byte more than its header tells"),
        (header(r#"{"__proto__":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#, 0), "it has __proto__"),
        (header(r#"{"a":{"shape":[2],"data_offsets":[0,8]}}"#, 8), "“dtype” is missing"),
    ] {
        let why = sentence(&content);
        assert!(why.starts_with("w.safetensors: ") && why.contains(part), "{why}");
    }
    let huge = (100u64 << 20).to_le_bytes();
    let why = open_all(&[("w".to_owned(), 1 << 30)], Choice::default(), &mut |range| {
        assert!(range.end <= 512, "more than the beginning was read");
        Ok([&huge[..], b"{", &[b' '; 503]].concat())
    });
    assert_eq!(why.unwrap_err(), "w: its header has 100.0 MB; at most 8.0 MB are read");
}

#[test]
fn nested_lists_under_names_are_a_state_dict() {
    let text = r#"{"model": {"weight_ih_l0": [[1, 2]], "weight_hh_l0": [[0.5]], "bias_ih_l0": [0.25]}, "note": "x", "steps": 3}"#;
    let opened = open("w.json", text.as_bytes()).unwrap();
    assert_eq!((opened.networks[0].prefix.as_str(), opened.network.network.input_size), ("model.", 2));
    assert_eq!(opened.network.weights.tensors[2].values, [0.25]);
    let found: Vec<&str> = opened.found.iter().map(|found| found.name.as_str()).collect();
    assert_eq!(found, ["model.bias_ih_l0", "model.weight_hh_l0", "model.weight_ih_l0", "steps"]);
    for (text, part) in [
        (
            r#"{"weight_hh_l0": [[0.5, 1], [2]]}"#,
            "weight_hh_l0[1] has 1 entries; expected 2, as its shape (2, 2) wants it",
        ),
        (r#"{"weight_hh_l0": [[0.5]], "weight_hh_l0": [[0.5]]}"#, "“weight_hh_l0” stands in it twice"),
        (r#"{"a.weight_hh_l0": [[0.5]], "a": {"weight_hh_l0": [[0.5]]}}"#, "two tensors have the name a.weight_hh_l0"),
        (r#"{"weight_hh_l0": [[NaN]]}"#, "line 1 has NaN or Infinity"),
        (r#"{"weight_hh_l0": [["x"]], "__proto__": [1]}"#, "it has __proto__"),
        (r#"{"weight_ih_l0": [[1]], "weight_hh_l0": [[1e999]]}"#, "it is not JSON: number out of range"),
        ("{}", "it has no tensor at all"),
        (r#"{"error": "not found"}"#, "it has no tensor at all"),
    ] {
        let why = open("w.json", text.as_bytes()).unwrap_err();
        assert!(why.starts_with("w.json: ") && why.contains(part), "{why}");
    }
    let deep = [&b"{\"a\":"[..], &vec![b'['; 100_000]].concat();
    assert!(open("w.json", &deep).unwrap_err().contains("recursion limit"), "a stack that overflows");
}

/// The offsets at which the bytes stand.
fn places(content: &[u8], bytes: &[u8]) -> Vec<usize> {
    content.windows(bytes.len()).enumerate().filter(|(_, part)| *part == bytes).map(|(at, _)| at).collect()
}

#[test]
fn archives_that_lie_are_refused() {
    let deflated = read("numpy-deflated.npz");
    let stored = read("numpy-stored.npz");
    let entry = places(&deflated, b"PK\x01\x02")[1];
    let changed = |content: &[u8], at: usize, bytes: &[u8]| {
        let mut content = content.to_vec();
        content[at..at + bytes.len()].copy_from_slice(bytes);
        open("w.npz", &content).map(|_| ()).expect_err("it should not open")
    };
    // Packed to a few hundred bytes, and said to unpack to four gigabytes; to a little more than it does.
    let bomb = changed(&deflated, entry + 24, &[0xfe, 0xff, 0xff, 0xff]);
    assert!(bomb.contains("is said to unpack from") && bomb.contains("to 4.0 GB, which cannot be"), "{bomb}");
    let more = changed(&deflated, entry + 24, &[0xff, 0x02]);
    assert!(more.contains("where its shape"), "{more}");
    // A second member that begins where the first does.
    let overlap = changed(&stored, places(&stored, b"PK\x01\x02")[1] + 42, &[0, 0, 0, 0]);
    assert!(overlap.contains("overlaps with another member"), "{overlap}");
    assert!(changed(&deflated, entry + 8, &[1]).contains("is encrypted"));
    assert!(changed(&deflated, entry + 10, &[12]).contains("is packed by method 12; only deflate"));
    assert!(changed(&deflated, entry + 16, &[1, 2, 3, 4]).contains("do not match their checksum"));
    assert!(changed(&stored, entry.min(700), &[77, 77, 77]).contains("damaged"));
    let (one, other) = (b"rnn.weight_ih_l0.npy", b"rnn.weight_hh_l0.npy");
    let mut twice = stored.clone();
    for at in places(&stored, one) {
        twice[at..at + one.len()].copy_from_slice(other);
    }
    assert!(open("w.npz", &twice).unwrap_err().contains("“rnn.weight_hh_l0.npy” is in the archive twice"));
    for cut in [10, 22, 100, stored.len() / 2, stored.len() - 1] {
        let why = open("w.npz", &stored[..cut]).unwrap_err();
        assert!(why.contains("cut off"), "{cut}: {why}");
    }
    assert!(
        open("w.npz", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0").unwrap_err().contains("an empty zip archive")
    );
}

/// A zip archive of empty members.
fn archive(names: &[&str]) -> Vec<u8> {
    let (mut content, mut directory) = (Vec::new(), Vec::new());
    for name in names {
        let length = (name.len() as u16).to_le_bytes();
        let fields = [&[0; 22][..], &length, &[0, 0]].concat();
        directory.extend([b"PK\x01\x02\x14\0", &fields[..], &[0; 10], &(content.len() as u32).to_le_bytes()].concat());
        directory.extend(name.bytes());
        content.extend([b"PK\x03\x04", &fields[..], name.as_bytes()].concat());
    }
    let (start, length) = ((content.len() as u32).to_le_bytes(), (directory.len() as u32).to_le_bytes());
    let count = (names.len() as u16).to_le_bytes();
    content.extend(directory);
    content.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &length, &start, &[0, 0]].concat());
    content
}

#[test]
fn archives_of_others_are_called_what_they_are() {
    for (names, part) in [
        (&["archive/data.pkl", "archive/data/0"][..], "it is a file of torch.save (.pt, .pth)"),
        (&["metadata.json", "config.json", "model.weights.h5"], "it is a Keras model (.keras)"),
        (
            &["word/document.xml"],
            "it is a zip archive without arrays of NumPy, so it is no .npz; it has word/document.xml",
        ),
        (&["a.npy"], "a.npy is no array of NumPy"),
    ] {
        let why = open("file", &archive(names)).unwrap_err();
        assert!(why.starts_with(&format!("file: {part}")), "{why}");
    }
    let why = open("m.pt", &archive(&["m/data.pkl"])).unwrap_err();
    assert!(why.contains("torch.load(\"m.pt\", map_location=\"cpu\", weights_only=True)"), "{why}");
}

/// A valid file of every kind.
fn valid(kind: usize) -> Vec<u8> {
    match kind {
        0 => file(&[state_dict("rnn.", 4, 2), vec![tensor("input", &[3, 2])]].concat()),
        1 => read("flax-gru.json"),
        2 => read("keras-gru.npz"),
        3 => read("numpy-big-endian-f4.npz"),
        4 => read("onnx-two-layers.onnx"),
        _ => read("numpy-deflated.npz"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_to_any_format_makes_it_panic(
        kind in 0..6usize, at in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in 0..200usize, from_end in any::<bool>(),
    ) {
        let mut content = valid(kind);
        let length = content.len();
        for (place, byte) in at {
            // The headers of an archive stand at its end.
            let place = if from_end { length - 1 - place.index(length.min(600)) } else { place.index(length) };
            content[place] = byte;
        }
        content.truncate(length - cut.saturating_sub(100));
        match open("w", &content) {
            Ok(opened) => {
                let weights = opened.network.weights.tensors.iter().flat_map(|tensor| &tensor.values);
                prop_assert!(weights.into_iter().all(|w| w.is_finite()));
            }
            Err(why) => prop_assert!(!why.contains('\n') && why.len() < 1500, "{}", why),
        }
    }

    #[test]
    fn no_names_make_it_panic(names in prop::collection::vec("(rnn\\.|/|forward_|parametrizations\\.|)(weight_hh_l0|weight_ih_l0|kernel|recurrent_kernel|bias|Wh|Wx|h\\.kernel|i\\.kernel|b|bhn)(_g|_v|_orig|_mask|_u|_raw|\\.original0|\\.original1|\\.original|:0|_reverse|)", 1..9), shape in prop::collection::vec(0..7usize, 9 * 3)) {
        let mut all: Vec<Given> = Vec::new();
        for (i, name) in names.iter().enumerate() {
            if all.iter().all(|(other, ..)| other != name) {
                let rank = shape[3 * i] % 4;
                all.push(tensor(name, &shape[3 * i..3 * i + rank.min(3)]));
            }
        }
        if let Err(why) = open("w", &file(&all)) {
            prop_assert!(!why.contains('\n'), "{}", why);
        }
    }
}

/// A field of a protocol buffer that has bytes.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    assert!(content.len() < 128);
    [&[number << 3 | 2, content.len() as u8][..], content].concat()
}

#[test]
fn a_recurrent_layer_of_onnx_that_is_not_read_is_named() {
    let node = |op: &str, more: &[u8]| field(1, &[&field(1, b"x"), &field(4, op.as_bytes()), more].concat());
    let model = |graph: &[u8]| [&[8, 8][..], &field(7, graph)].concat();
    let within = |op: &str, graph: &[u8]| {
        let branch = field(5, &[field(1, b"then_branch"), field(6, graph)].concat());
        node(op, &branch)
    };
    let lstm = node("LSTM", &[]);
    for (graph, part) in [
        (within("If", &lstm), "its LSTM lies in a branch of “If”; export the model without that choice"),
        (within("If", &within("Loop", &lstm)), "its LSTM lies in a branch of “If”"),
        (
            node("DynamicQuantizeLSTM", &[]),
            "whole numbers of 8 bits (“DynamicQuantizeLSTM”); export it before it is quantised",
        ),
    ] {
        let why = sentence(&model(&graph));
        assert!(why.contains(part), "{why}");
    }
    let why = sentence(&model(&node("Add", &[])));
    assert!(!why.contains("branch") && !why.contains("8 bits"), "{why}");
}
