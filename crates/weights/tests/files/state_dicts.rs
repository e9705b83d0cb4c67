//! State dicts of PyTorch: what is recognised, what is read of them, what is wrong with them.
use super::{Given, file, file_of, sentence, state_dict, tensor};
use proptest::prelude::*;
use safetensors::tensor::Dtype;
use std::ops::Range;
use vanishing_weights::{Next, Reading, open};

#[test]
fn cells_sizes_and_layers_are_recognised_under_any_prefix() {
    for (gates, kind) in [(1, "rnn"), (3, "gru"), (4, "lstm")] {
        for (prefix, layers) in [("", 1), ("model.rnn.", 2), ("module._orig_mod.encoder_", 3)] {
            let mut tensors = state_dict(prefix, gates, layers);
            tensors.push(tensor("fc.weight", &[5, 3]));
            let opened = open("w.safetensors", &file(&tensors)).unwrap();
            let network = opened.network.network;
            assert_eq!((network.cell.kind, network.layers), (kind, layers));
            assert_eq!((network.input_size, network.hidden_size, network.output_size), (2, 3, 3));
            for found in &opened.found {
                assert_eq!(found.used, found.name != "fc.weight", "{}", found.name);
            }
            for tensor in opened.network.weights.tensors.iter().filter(|tensor| tensor.layer.is_some()) {
                let (_, _, values) =
                    tensors.iter().find(|(name, ..)| *name == format!("{prefix}{}", tensor.name)).unwrap();
                assert_eq!(tensor.values, values.iter().map(|x| f64::from(*x)).collect::<Vec<_>>(), "{}", tensor.name);
            }
        }
    }
}

#[test]
fn a_single_cell_has_no_layer_in_its_names() {
    let tensors: Vec<Given> = state_dict("", 4, 1)
        .into_iter()
        .map(|(name, shape, values)| (name.trim_end_matches("_l0").to_owned(), shape, values))
        .collect();
    assert_eq!(open("w", &file(&tensors)).unwrap().network.network.cell.kind, "lstm");
}

#[test]
fn numbers_of_four_types_are_read_and_others_named() {
    let tensors = state_dict("", 1, 1);
    for (dtype, error) in [(Dtype::F64, 0.0), (Dtype::F32, 0.0), (Dtype::F16, 1e-2), (Dtype::BF16, 2e-2)] {
        let opened = open("w", &file_of(dtype, &tensors)).unwrap();
        for (found, given) in opened.network.weights.tensors[0].values.iter().zip(&tensors[0].2) {
            assert!((found - f64::from(*given)).abs() <= error, "{dtype:?}: {found} {given}");
        }
    }
    let found = sentence(&file_of(Dtype::I32, &tensors));
    assert!(found.contains("has numbers of type I32; expected F64, F32, F16 or BF16"), "{found}");
}

#[test]
fn only_what_is_needed_is_read() {
    let mut tensors = state_dict("rnn.", 1, 1);
    tensors.push(tensor("embedding.weight", &[1000, 3]));
    let content = file(&tensors);
    let (reading, ranges) = Reading::begin("w", content.len() as u64).unwrap();
    let cut = |ranges: &[Range<u64>]| -> Vec<Vec<u8>> {
        ranges.iter().map(|range| content[range.start as usize..range.end as usize].to_vec()).collect()
    };
    let Next::Read(reading, ranges) = reading.go_on(&cut(&ranges)).unwrap() else { panic!("it was done too early") };
    let Next::Read(reading, ranges) = reading.go_on(&cut(&ranges)).unwrap() else { panic!("it was done too early") };
    let wanted: u64 = ranges.iter().map(|range| range.end - range.start).sum();
    assert_eq!(wanted, 4 * (6 + 9 + 3 + 3));
    assert!(matches!(reading.go_on(&cut(&ranges)).unwrap(), Next::Opened(_)));
}

#[test]
fn inputs_that_come_along_are_taken_if_they_fit() {
    let with = |shape: &[usize]| {
        let mut tensors = state_dict("", 1, 1);
        tensors.push(tensor("input", shape));
        open("w", &file(&tensors)).unwrap()
    };
    for shape in [&[5, 2][..], &[5, 1, 2]] {
        let opened = with(shape);
        assert_eq!(opened.network.inputs.map(|inputs| inputs.len()), Some(10));
        assert_eq!((opened.remarks, opened.unfit), (Vec::<String>::new(), Vec::<String>::new()));
    }
    let other = with(&[5, 3]);
    assert_eq!(other.network.inputs, None);
    assert_eq!(
        other.unfit,
        ["“input” has the shape (5, 3) and is not taken for inputs; expected (T, 2), or with a tensor “target” (T, \
          sequences, 2), with T from 1 to 2000"]
    );
}

#[test]
fn of_several_networks_the_largest_is_opened_and_the_others_named() {
    let mut tensors = state_dict("a.", 1, 1);
    tensors.extend(state_dict("b.", 4, 2));
    let opened = open("w", &file(&tensors)).unwrap();
    assert_eq!(opened.network.network.cell.kind, "lstm");
    assert_eq!(opened.remarks, ["The file has 2 recurrent networks; the largest, “b.”, was opened, and not “a.”."]);
}

#[test]
fn both_directions_and_projected_states_are_opened() {
    let reversed = |tensors: Vec<Given>| -> Vec<Given> {
        let backwards = tensors.clone().into_iter().map(|(name, shape, values)| (name + "_reverse", shape, values));
        tensors.into_iter().chain(backwards).collect()
    };
    // Above the first layer the inputs are those of both directions.
    let widened = |mut tensors: Vec<Given>, width: usize| -> Vec<Given> {
        let above = tensors.iter_mut().filter(|(name, ..)| name.contains("weight_ih_l1"));
        above.for_each(|(_, shape, _)| *shape = vec![shape[0], width]);
        tensors.into_iter().map(|(name, shape, _)| tensor(&name, &shape)).collect()
    };
    let opened = open("w", &file(&widened(reversed(state_dict("rnn.", 4, 2)), 6))).unwrap();
    let stack = opened.network.stack.expect("it runs in both directions");
    assert_eq!((stack.directions, stack.layers, stack.units.len(), stack.output_size()), (2, 2, 4, 6));
    assert!(opened.remarks.is_empty() && opened.found.iter().all(|found| found.used));
    assert_eq!(stack.unit(1, 1).weights.tensors[0].name, "weight_ih_l1_reverse");
    // Three units, projected to two numbers.
    let mut projected = state_dict("", 4, 1);
    projected[1] = tensor("weight_hh_l0", &[12, 2]);
    projected.push(tensor("weight_hr_l0", &[2, 3]));
    let opened = open("w", &file(&projected)).unwrap();
    assert_eq!((opened.network.network.hidden_size, opened.network.network.output_size), (3, 2));
    assert!(opened.network.stack.is_some_and(|stack| stack.is_projected() && stack.state_size == 2));
    // What does not fit is named as it is in the file.
    let narrow = sentence(&file(&reversed(state_dict("rnn.", 4, 2))));
    assert_eq!(narrow, "w.safetensors: rnn.weight_ih_l1 has the shape (12, 3); expected (12, 6)");
    let mut half = widened(reversed(state_dict("rnn.", 4, 2)), 6);
    half.retain(|(name, ..)| name != "rnn.weight_hh_l1_reverse");
    assert_eq!(sentence(&file(&half)), "w.safetensors: rnn.weight_hh_l1_reverse is missing; it has 2 layers");
    projected[1] = tensor("weight_hh_l0", &[12, 3]);
    assert_eq!(sentence(&file(&projected)), "w.safetensors: weight_hr_l0 has the shape (2, 3); expected (3, 3)");
    let mut of_rnn = state_dict("", 1, 1);
    of_rnn.push(tensor("weight_hr_l0", &[2, 3]));
    assert_eq!(
        sentence(&file(&of_rnn)),
        "w.safetensors: weight_hh_l0 has the shape (3, 3); its rows should be 4 (LSTM) times the columns of weight_hr_l0"
    );
}

#[test]
fn a_network_that_is_too_large_is_refused_before_its_numbers_are_read() {
    let refusal = |gates: usize, inputs: usize, units: usize| {
        let (rows, mut entries, mut from) = (gates * units, Vec::new(), 0);
        for (name, columns) in [("weight_ih_l0", inputs), ("weight_hh_l0", units)] {
            let to = from + 2 * rows * columns;
            entries
                .push(format!(r#""{name}":{{"dtype":"F16","shape":[{rows},{columns}],"data_offsets":[{from},{to}]}}"#));
            from = to;
        }
        let header = format!("{{{}}}", entries.join(","));
        let beginning = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat();
        let (reading, ranges) = Reading::begin("w", (beginning.len() + from) as u64).unwrap();
        let part = |range: &Range<u64>| {
            let end = beginning.len().min(range.end as usize);
            beginning[range.start as usize..end].to_vec()
        };
        let Next::Read(reading, ranges) = reading.go_on(&ranges.iter().map(part).collect::<Vec<_>>()).unwrap() else {
            panic!("it was done too early")
        };
        reading.go_on(&ranges.iter().map(part).collect::<Vec<_>>()).err()
    };
    assert_eq!(refusal(1, 1, 4097).as_deref(), Some("w: it has 4097 hidden units; at most 4096 are taken"));
    assert_eq!(refusal(4, 512, 4096), None);
    let large = refusal(4, 25_000, 4096).expect("it is too large");
    assert!(
        large.contains("476741632 numbers and would take") && large.ends_with("at most 8.0 GB are taken"),
        "{large}"
    );
}

#[test]
fn what_is_wrong_is_one_sentence_with_the_files_name() {
    let good = state_dict("", 1, 1);
    let changed = |change: &dyn Fn(&mut Vec<Given>)| {
        let mut tensors = good.clone();
        change(&mut tensors);
        sentence(&file(&tensors))
    };
    let nan = changed(&|tensors| tensors[1].2[5] = f32::NAN);
    assert!(nan.starts_with("w.safetensors: weight_hh_l0: entry (1, 2) is"), "{nan}");
    let shape = changed(&|tensors| tensors[1] = tensor("weight_hh_l0", &[3, 2]));
    assert_eq!(
        shape,
        "w.safetensors: weight_hh_l0 has the shape (3, 2); its rows should be 1 (RNN), 3 (GRU) or 4 (LSTM) times its columns"
    );
    let lying = changed(&|tensors| tensors[0] = tensor("weight_ih_l0", &[2, 3]));
    assert_eq!(lying, "w.safetensors: weight_ih_l0 has the shape (2, 3); expected (3, 3)");
    let missing = changed(&|tensors| drop(tensors.remove(0)));
    assert_eq!(missing, "w.safetensors: weight_ih_l0 is missing; it has 1 layer");
    let gap = changed(&|tensors| tensors[1].0 = "weight_hh_l1".to_owned());
    assert_eq!(gap, "w.safetensors: weight_hh_l0 is missing; it has 2 layers");
    let none = sentence(&file(&[tensor("fc.weight", &[2, 2]), tensor("__proto__", &[1])]));
    assert!(none.contains("it holds no recurrent network") && none.contains("__proto__"), "{none}");
}

#[test]
fn a_header_whose_length_looks_like_a_pickle_is_a_header() {
    for length in [0x280, 0x380, 0x480, 0x580, 0x1_0480] {
        let mut tensors = state_dict("", 1, 1);
        tensors.push((String::new(), vec![0], Vec::new()));
        let mut at_length = |name: usize| {
            tensors[4].0 = "x".repeat(name);
            file(&tensors)
        };
        let header = |content: &[u8]| u64::from_le_bytes(content[..8].try_into().unwrap_or_default());
        let name = length - header(&at_length(8)) as usize + 8;
        let content = at_length(name);
        assert_eq!(header(&content), length as u64);
        assert!(open("w", &content).is_ok(), "{length:x}");
    }
}

#[test]
fn other_files_are_told_apart() {
    for (content, part) in [
        (&b""[..], "is empty"),
        (b"PK\x03\x04 and more of it", "a zip archive that is cut off"),
        (b"\x80\x02}q\x00X\x0c\x00\x00\x00weight", "is a pickle, which is a program"),
        (b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", "from before PyTorch 1.6"),
        (b"\x89HDF\r\n\x1a\n--------", "HDF5 file, as Keras writes them (.h5), which is not read. In Keras: model ="),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:12", "a pointer of Git LFS"),
        (b"\n <!DOCTYPE html><html>", "it is a web page"),
        (b"GGUF\x03\x00\x00\x00\x00\x00", "a GGUF file"),
        (b"\x93NUMPY\x01\x00v\x00{'descr'", "one array of NumPy"),
        (b"\x1f\x8b\x08\x00\x00", "compressed with gzip"),
        (b"\x1c\x00\x00\x00TFL3\x14", "a TensorFlow Lite file"),
        (b"[1, 2, 3]", "a JSON list"),
        (b"hello, this is a text", "first bytes"),
        (b"{\"cell\": \"rnn\"", "it is not JSON"),
        (b"{\"cell\": \"rnn\"}", "\u{201c}T\u{201d} is missing"),
        (b"\xff\xff\xff\xff\xff\xff\xff\x7f{\"a\":1}", "it is cut off, or no safetensors file"),
        (b"\x04\x00\x00\x00\x00\x00\x00\x00{\"a\"", "its header cannot be read"),
    ] {
        let found = sentence(content);
        assert!(found.starts_with("w.safetensors") && found.contains(part), "{found}");
        assert!(!found.contains('\n'), "{found}");
    }
    let content = file(&state_dict("", 1, 1));
    let cut = sentence(&content[..content.len() - 3]);
    assert_eq!(cut, "w.safetensors: it is cut off: 3 bytes are missing at its end");
    let (reading, _) = Reading::begin("big.json", 2 << 30).unwrap();
    let large = reading.go_on(&[b"{\"kind\": \"rnn_gr".to_vec()]).unwrap_err();
    assert_eq!(large, "big.json: it has 2.0 GB of JSON; at most 32.0 MB are read. As safetensors it may be larger");
}

#[test]
fn json_brings_weights_inputs_and_loss() {
    let case = r#"{"kind": "rnn_grad", "inputs": {"cell": "rnn", "activation": "relu", "T": 2, "B": 1, "D": 1, "H": 2, "O": 1,
        "params": {"W_ih": [[1], [2]], "W_hh": [[1, 0], [0, 1]], "b_ih": [0, 0], "b_hh": [0, 0], "W_out": [[1, 1]], "b_out": [0]},
        "x": [[[1]], [[2]]], "h0": [[0, 0]], "targets": [[0]], "loss": {"type": "se_last", "scale": 0.5}}}"#;
    let opened = open("c.json", case.as_bytes()).unwrap();
    assert_eq!((opened.network.network.cell.slug, opened.network.network.hidden_size), ("relu", 2));
    assert_eq!(opened.network.sequences.map(|sequences| sequences.inputs), Some(vec![1.0, 2.0]));
    let huge = case.replace("\"H\": 2", "\"H\": 1000000");
    assert!(open("c.json", huge.as_bytes()).unwrap_err().contains("1000000 hidden units"));
    let named = case.replace("\"W_ih\"", "\"__proto__\"");
    assert!(open("c.json", named.as_bytes()).unwrap_err().contains("W_ih"), "the name is missing");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(content in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = open("w", &content);
    }

    #[test]
    fn no_damage_makes_it_panic(
        at in prop::collection::vec((0..2000usize, any::<u8>()), 1..6), cut in 0..2000usize, layers in 1..3usize,
    ) {
        let mut content = file(&state_dict("rnn.", 4, layers));
        for (place, byte) in at {
            let length = content.len();
            content[place % length] = byte;
        }
        content.truncate(content.len().max(cut) - cut);
        if let Err(why) = open("w", &content) {
            prop_assert!(!why.contains('\n'), "{}", why);
        }
    }

    #[test]
    fn no_header_makes_it_panic(text in "\\{(\"[a-z_]{1,12}(_l0)?\":\\{\"dtype\":\"(F32|F16|I8|X)\",\"shape\":\\[[0-9]{1,20}(,[0-9]{1,3})?\\],\"data_offsets\":\\[[0-9]{1,3},[0-9]{1,20}\\]\\},?){0,3}\\}") {
        let mut content = (text.len() as u64).to_le_bytes().to_vec();
        content.extend(text.bytes());
        content.extend([0; 64]);
        let _ = open("w", &content);
    }
}
