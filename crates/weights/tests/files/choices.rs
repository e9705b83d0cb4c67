//! What is chosen of a file, what is left out, and what is said of it.
use super::{Given, file, sentence, state_dict, tensor};
use vanishing_core::bptt::Targets;
use vanishing_weights::{Choice, Opened, open, open_all};

fn chosen(tensors: &[Given], network: Option<&str>, readout: Option<&str>) -> Result<Opened, String> {
    let content = file(tensors);
    let choice = Choice { network: network.map(str::to_owned), readout: readout.map(str::to_owned) };
    open_all(&[("w".to_owned(), content.len() as u64)], choice, &mut |range| {
        Ok(content[range.start as usize..range.end as usize].to_vec())
    })
}

#[test]
fn a_network_is_chosen_by_its_prefix_and_a_wrong_one_lists_those_there_are() {
    let tensors = [state_dict("encoder.rnn.", 1, 1), state_dict("decoder.rnn.", 4, 2), state_dict("", 3, 1)].concat();
    for (wanted, kind) in
        [("encoder.rnn.", "rnn"), ("encoder.rnn", "rnn"), ("encoder", "rnn"), ("decoder", "lstm"), ("", "gru")]
    {
        let opened = chosen(&tensors, Some(wanted), None).unwrap();
        assert_eq!(opened.network.network.cell.kind, kind, "{wanted}");
        assert!(!opened.remarks.iter().any(|remark| remark.contains("largest")), "{:?}", opened.remarks);
        let listed: Vec<(&str, usize)> =
            opened.networks.iter().map(|network| (network.prefix.as_str(), network.layers)).collect();
        assert_eq!(listed, [("", 1), ("decoder.rnn.", 2), ("encoder.rnn.", 1)]);
        assert_eq!(opened.networks[opened.chosen].cell.map(|cell| cell.kind), Some(kind));
    }
    assert_eq!(
        chosen(&tensors, Some("model"), None).unwrap_err(),
        "w: it has no recurrent network “model”; there are “” (without a prefix), “decoder.rnn.”, “encoder.rnn.”"
    );
    let largest = chosen(&tensors, None, None).unwrap();
    assert_eq!(
        largest.remarks,
        [
            "The file has 3 recurrent networks; the largest, “decoder.rnn.”, was opened, and not “” (without a prefix), “encoder.rnn.”."
        ]
    );
}

#[test]
fn what_of_its_own_was_not_used_is_said() {
    let mut tensors = state_dict("rnn.", 4, 1);
    tensors.push(tensor("fc.weight", &[5, 3]));
    assert_eq!(chosen(&tensors, None, None).unwrap().remarks, Vec::<String>::new());
    for name in
        ["layernorm_i.weight", "layernorm_i.bias", "layernorm_h.weight", "layernorm_h.bias", "layernorm_c.weight"]
    {
        tensors.push(tensor(&format!("rnn.{name}"), &[3]));
    }
    assert_eq!(
        chosen(&tensors, None, None).unwrap().remarks,
        [
            "Of its own tensors 5 were not used: layernorm_c.weight, layernorm_h.bias, layernorm_h.weight, layernorm_i.bias and 1 \
          more. If they normalise what the cell computes, its gradients are other ones than these."
        ]
    );
    // A readout within the module is none of its recurrence, and the other network’s tensors are not its own.
    let mut tensors = state_dict("m.", 1, 1);
    tensors.extend(state_dict("m.inner.", 4, 2));
    tensors.push(tensor("m.head.weight", &[5, 3]));
    assert_eq!(chosen(&tensors, Some("m."), None).unwrap().remarks, Vec::<String>::new());
}

#[test]
fn a_bias_that_some_layers_have_and_others_lost_is_missing() {
    let mut tensors = state_dict("", 1, 3);
    tensors.retain(|(name, ..)| name != "bias_hh_l1");
    assert_eq!(sentence(&file(&tensors)), "w.safetensors: bias_hh_l1 is missing, which 2 of 3 layers have");
    tensors.retain(|(name, ..)| !name.starts_with("bias_hh"));
    let opened = open("w", &file(&tensors)).unwrap();
    assert_eq!(opened.remarks, ["It has no bias_hh; that is taken for zero."]);
    tensors.retain(|(name, ..)| !name.starts_with("bias"));
    assert_eq!(open("w", &file(&tensors)).unwrap().remarks, Vec::<String>::new());
    let mut twice = state_dict("", 1, 1);
    twice.push(tensor("weight_hh", &[3, 3]));
    assert!(sentence(&file(&twice)).contains("weight_hh and weight_hh_l0 are two tensors for one place"));
}

#[test]
fn a_target_is_compared_with_what_a_layer_of_the_file_makes() {
    let with = |more: &[Given], readout: Option<&str>| {
        let mut tensors = state_dict("rnn.", 4, 1);
        tensors.extend([tensor("fc.weight", &[5, 3]), tensor("fc.bias", &[5]), tensor("head.weight", &[4, 3])]);
        tensors.extend_from_slice(more);
        chosen(&tensors, None, readout)
    };
    let (one, several) = (tensor("input", &[6, 2]), tensor("input", &[6, 2, 2]));
    // The layer that makes as many outputs is found; its weights are the readout’s.
    let found = with(&[one.clone(), tensor("target", &[6, 5])], None).unwrap();
    assert_eq!(found.unfit, Vec::<String>::new());
    assert_eq!(
        found.remarks,
        [
            "The loss compares what “fc.” makes of its output with “target” at every step: half the squared error, a mean over \
          sequences."
        ]
    );
    let readouts: Vec<(&str, usize)> =
        found.readouts.iter().map(|readout| (readout.prefix.as_str(), readout.output_size)).collect();
    assert_eq!(readouts, [("fc.", 5), ("head.", 4)]);
    let sequences = found.network.sequences.expect("sequences");
    assert!(matches!(&sequences.targets, Targets::SquaredErrorAll(values) if values.len() == 30));
    assert_eq!((sequences.steps, sequences.batch_size, sequences.loss_scale), (6, 1, 0.5));
    assert_eq!((found.network.network.output_size, found.network.weights.tensors[4].values.len()), (5, 15));
    // At the last step, of several sequences, by name.
    let found = with(&[several.clone(), tensor("target", &[2, 4])], Some("head")).unwrap();
    let sequences = found.network.sequences.expect("sequences");
    assert!(matches!(&sequences.targets, Targets::SquaredErrorLast(values) if values.len() == 8));
    assert_eq!((sequences.batch_size, sequences.loss_scale), (2, 0.25));
    // The state itself.
    let found = with(&[one.clone(), tensor("target", &[3])], None).unwrap();
    assert!(found.remarks[0].starts_with("The loss compares its output with"), "{:?}", found.remarks);
    assert!(found.network.sequences.is_some() && !found.network.given[4]);
    // What does not fit.
    for (more, readout, part) in [
        (vec![one.clone(), tensor("target", &[6, 7])], None, "choose the readout among “fc.” with 5, “head.” with 4"),
        (vec![one.clone(), tensor("target", &[6, 5])], Some("head"), "choose the readout"),
        (vec![one.clone(), tensor("target", &[9, 5])], None, "expected (1, outputs) or (6, 1, outputs)"),
        (vec![tensor("target", &[6, 5])], None, "there is no tensor “input”"),
        (vec![several.clone()], None, "“input” has the shape (6, 2, 2) and is not taken for inputs"),
        (vec![one.clone()], Some("fc"), "a readout is of use only with a tensor “target”"),
    ] {
        let found = with(&more, readout).unwrap();
        assert!(found.unfit.len() == 1 && found.unfit[0].contains(part), "{part}: {:?}", found.unfit);
    }
    let unknown = with(&[one, tensor("target", &[6, 5])], Some("tail")).unwrap_err();
    assert_eq!(unknown, "w: it has no readout “tail”; there are “fc.”, “head.”");
}

#[test]
fn whole_numbers_are_classes_for_the_cross_entropy() {
    let text = |target: &str| {
        format!(
            r#"{{"weight_ih_l0": [[1], [2]], "weight_hh_l0": [[0.5, 0], [0, 0.5]], "out.weight": [[1, 0], [0, 1], [1, 1]],
                "input": [[1], [2], [3]], "target": {target}}}"#
        )
    };
    let targets = |target: &str| open("c.json", text(target).as_bytes()).map(|opened| opened.network.sequences);
    let found = targets("2").unwrap().expect("sequences");
    assert_eq!((found.targets, found.loss_scale), (Targets::CrossEntropyLast(vec![2]), 1.0));
    let found = targets("[0, 1, 2]").unwrap().expect("sequences");
    assert_eq!((found.targets, found.loss_scale), (Targets::CrossEntropyAll(vec![0, 1, 2]), 1.0 / 3.0));
    assert_eq!(targets("[0, 1, 3]").unwrap_err(), "c.json: target: 3 is no class from 0 to 2");
    assert_eq!(targets("[0, -1, 2]").unwrap_err(), "c.json: target: -1 is no class from 0 to 2");
    assert_eq!(
        targets("[0.5, 1, 2]").unwrap().expect("sequences").targets,
        Targets::SquaredErrorLast(vec![0.5, 1.0, 2.0])
    );
}
