//! Weights that are made of others, by what their library calls them.
use super::{Given, encode, file, sentence, state_dict, tensor};
use safetensors::tensor::Dtype;
use vanishing_weights::{Opened, open};

fn renamed(tensors: &mut [Given], from: &str, to: &str) {
    let found = tensors.iter_mut().find(|(name, ..)| name == from).expect("the tensor");
    found.0 = to.to_owned();
}

fn opened(tensors: &[Given]) -> Opened {
    open("w", &file(tensors)).expect("it opens")
}

/// W_hh of the first layer.
fn recurrent(opened: &Opened) -> &[f64] {
    &opened.network.weights.tensors[1].values
}

fn doubles(values: &[f32]) -> Vec<f64> {
    values.iter().map(|x| f64::from(*x)).collect()
}

#[test]
fn pruned_weights_are_those_that_the_mask_left() {
    let mut tensors = state_dict("rnn.", 1, 1);
    renamed(&mut tensors, "rnn.weight_hh_l0", "rnn.weight_hh_l0_orig");
    let whole = doubles(&tensors[1].2);
    let mask: Vec<f32> = (0..9).map(|i| (i % 2) as f32).collect();
    tensors.push(("rnn.weight_hh_l0_mask".to_owned(), vec![3, 3], mask.clone()));
    let pruned = opened(&tensors);
    for ((found, whole), mask) in recurrent(&pruned).iter().zip(&whole).zip(&mask) {
        assert_eq!(*found, whole * f64::from(*mask));
    }
    assert_eq!(pruned.remarks, ["Its pruned weights were set to zero: W = W_orig ⊙ W_mask."]);
    assert!(pruned.found.iter().all(|found| found.used));
    tensors.pop();
    assert!(sentence(&file(&tensors)).contains("torch.nn.utils.prune.remove(module, \"weight_hh_l0\")"));
    tensors.push(tensor("rnn.weight_hh_l0_mask", &[3, 2]));
    assert_eq!(
        sentence(&file(&tensors)),
        "w.safetensors: rnn.weight_hh_l0: its parts rnn.weight_hh_l0_orig (3, 3) and rnn.weight_hh_l0_mask (3, 2) do not fit \
         each other"
    );
}

#[test]
fn old_and_new_spectral_normalisation_divide_by_sigma() {
    for names in [
        ["weight_hh_l0_orig", "weight_hh_l0_u", "weight_hh_l0_v"],
        [
            "parametrizations.weight_hh_l0.original",
            "parametrizations.weight_hh_l0.0._u",
            "parametrizations.weight_hh_l0.0._v",
        ],
    ] {
        let mut tensors = state_dict("", 1, 1);
        tensors[1].0 = names[0].to_owned();
        tensors.push((names[1].to_owned(), vec![3], vec![1.0, 0.0, 0.0]));
        tensors.push((names[2].to_owned(), vec![3], vec![0.0, 1.0, 0.0]));
        let whole = doubles(&tensors[1].2);
        let found = opened(&tensors);
        // σ is the entry in row 0, column 1.
        assert!(recurrent(&found).iter().zip(&whole).all(|(found, w)| *found == w / whole[1]));
        assert!(found.remarks[0].contains("σ = uᵀ W₀ v"), "{:?}", found.remarks);
    }
}

#[test]
fn what_an_orthogonal_parametrization_makes_is_not_in_the_file() {
    let mut tensors = state_dict("model.rnn.", 1, 1);
    renamed(&mut tensors, "model.rnn.weight_hh_l0", "model.rnn.parametrizations.weight_hh_l0.original");
    tensors.push(tensor("model.rnn.parametrizations.weight_hh_l0.0.base", &[3, 3]));
    let why = sentence(&file(&tensors));
    assert_eq!(
        why,
        "w.safetensors: model.rnn.weight_hh_l0 is made by a parametrization (such as orthogonal) of \
         model.rnn.parametrizations.weight_hh_l0.0.base, model.rnn.parametrizations.weight_hh_l0.original, and the file does \
         not say by which map: save the weight itself, torch.nn.utils.parametrize.remove_parametrizations(module, \
         \"weight_hh_l0\")"
    );
    // Beside another network it hinders nobody.
    tensors.extend(state_dict("other.", 4, 1));
    assert_eq!(opened(&tensors).network.network.cell.kind, "lstm");
}

#[test]
fn weight_drop_leaves_the_weight_itself() {
    // As in AWD-LSTM, and as in fastai, where a copy that was dropped from stands in the module inside.
    for (raw, copy) in [("rnn.", None), ("", Some("rnn.module."))] {
        let inner = copy.unwrap_or("rnn.");
        let mut tensors = state_dict(inner, 4, 1);
        let whole = tensors[1].2.clone();
        let raw_name =
            if copy.is_some() { "rnn.weight_hh_l0_raw".to_owned() } else { format!("{raw}weight_hh_l0_raw") };
        let raw_tensor = (raw_name, tensors[1].1.clone(), whole.clone());
        match copy {
            Some(_) => tensors[1].2 = vec![0.0; whole.len()],
            None => drop(tensors.remove(1)),
        }
        tensors.push(raw_tensor);
        let found = opened(&tensors);
        assert_eq!(recurrent(&found), doubles(&whole));
        assert_eq!(found.networks.len(), 1);
        assert!(found.remarks[0].contains("without weight drop"), "{:?}", found.remarks);
    }
}

#[test]
fn mlx_is_read_as_it_is_and_as_it_was_before() {
    let (wx, wh) = (tensor("gru.Wx", &[9, 2]), tensor("gru.Wh", &[9, 3]));
    let transposed = |(name, shape, values): &Given| {
        let (rows, columns) = (shape[0], shape[1]);
        let turned = (0..values.len()).map(|at| values[(at % rows) * columns + at / rows]).collect();
        (name.clone(), vec![columns, rows], turned)
    };
    let biases = [tensor("gru.b", &[9]), tensor("gru.bhn", &[3])];
    let now = opened(&[&[wx.clone(), wh.clone()][..], &biases].concat());
    let before = opened(&[&[transposed(&wx), transposed(&wh)][..], &biases].concat());
    assert_eq!(now.network, before.network);
    assert_eq!(recurrent(&now), doubles(&wh.2));
    let b_hh = &now.network.weights.tensors[3].values;
    assert_eq!((&b_hh[..6], &b_hh[6..]), (&[0.0; 6][..], &doubles(&biases[1].2)[..]));
    assert!(before.remarks[0].contains("before 0.18") && !now.remarks[0].contains("before"), "{:?}", before.remarks);
    // The plain cell has a square W_hh; its inputs tell.
    let (wxh, whh) = (tensor("Wxh", &[3, 2]), tensor("Whh", &[3, 3]));
    let now = opened(&[wxh.clone(), whh.clone()]);
    assert_eq!(now.network, opened(&[transposed(&wxh), transposed(&whh)]).network);
    assert_eq!(recurrent(&now), doubles(&whh.2));
}

#[test]
fn of_keras_two_names_are_told_apart_and_a_cudnn_layer_is_named() {
    let keras = |end: &str, bias: &[usize]| {
        let name = |part: &str| format!("lstm_1/lstm_cell_1/{part}{end}");
        vec![
            tensor(&name("kernel"), &[2, 12]),
            tensor(&name("recurrent_kernel"), &[3, 12]),
            tensor(&name("bias"), bias),
        ]
    };
    assert_eq!(opened(&keras("", &[12])).network.network.cell.kind, "lstm");
    let found = opened(&keras(":0", &[12]));
    assert_eq!((found.networks[0].prefix.as_str(), found.network.given[3]), ("lstm_1/lstm_cell_1/", false));
    assert!(sentence(&file(&keras("", &[24]))).contains("as that of a CuDNN layer of Keras"));
    let gru = [tensor("g/kernel", &[2, 9]), tensor("g/recurrent_kernel", &[3, 9])];
    assert!(opened(&gru).remarks[0].contains("nothing says whether this GRU was made with reset_after"));
}

#[test]
fn of_keras_numbered_tensors_are_those_with_names() {
    // The values are made of the place alone, not of the name.
    let lstm = |names: [&str; 3]| -> Vec<Given> {
        let shapes: [&[usize]; 3] = [&[2, 12], &[3, 12], &[12]];
        let values = |shape: &[usize]| (0..shape.iter().product()).map(|at: usize| 0.01 * at as f32 - 0.2).collect();
        let one = |(name, shape): (&str, &[usize])| (format!("layers/lstm/cell/{name}"), shape.to_vec(), values(shape));
        names.into_iter().zip(shapes).map(one).collect()
    };
    let named = lstm(["kernel", "recurrent_kernel", "bias"]);
    let mut numbered = lstm(["vars/0", "vars/1", "vars/2"]);
    // A dense layer and an embedding are numbered, too.
    numbered.extend([tensor("layers/dense/vars/0", &[3, 5]), tensor("layers/dense/vars/1", &[5])]);
    numbered.push(tensor("layers/embedding/vars/0", &[30, 2]));
    let found = opened(&numbered);
    assert_eq!(found.network.weights.tensors[..4], opened(&named).network.weights.tensors[..4]);
    assert!(found.remarks[0].contains("vars/0, vars/1"), "{:?}", found.remarks);
}

#[test]
fn short_names_are_those_of_pytorch() {
    let rename = |(name, shape, values): &Given, to: &dyn Fn(&str) -> String| (to(name), shape.clone(), values.clone());
    let short = |name: &str| name.replace("weight_", "w_").replace("bias_", "b_");
    let long = state_dict("", 3, 2);
    let layered: Vec<Given> =
        long.iter().map(|tensor| rename(tensor, &|name| format!("enc.{}", short(name)))).collect();
    let found = opened(&layered);
    assert_eq!(found.network.weights, opened(&long).network.weights);
    assert!(found.remarks[0].contains("were given PyTorch’s names"), "{:?}", found.remarks);
    // One layer without a number, and a prefix with an underscore.
    let long = state_dict("", 4, 1);
    let one: Vec<Given> =
        long.iter().map(|tensor| rename(tensor, &|name| format!("enc_{}", short(name).replace("_l0", "")))).collect();
    assert_eq!(opened(&one).network.weights, opened(&long).network.weights);
    assert_eq!(opened(&one).networks[0].prefix, "enc_");
}

#[test]
fn quantised_weights_are_no_weights() {
    let mut tensors = state_dict("", 1, 1);
    let bytes: Vec<Vec<u8>> = tensors.iter().map(|(_, _, values)| encode(Dtype::F32, values)).collect();
    tensors[1].2 = Vec::new();
    let whole = vec![1u8; 9];
    let views = tensors.iter().zip(&bytes).map(|((name, shape, _), bytes)| {
        let (dtype, bytes) = if name == "weight_hh_l0" { (Dtype::I8, &whole) } else { (Dtype::F32, bytes) };
        (name.clone(), safetensors::tensor::TensorView::new(dtype, shape.clone(), bytes).expect("a tensor"))
    });
    let content = safetensors::serialize(views, None).expect("a file");
    assert!(sentence(&content).ends_with("weight_hh_l0 has numbers of type I8; expected F64, F32, F16 or BF16"));
}
