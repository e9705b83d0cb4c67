//! Kinds `batch_norm`, `recurrent_batch_norm`, `seq_mask` and `omega`.
use super::gradient;
use serde_json::{Value, json};
use vanishing_core::bptt::normalize::{self, Shape, Sums};
use vanishing_core::bptt::{self, Gradient, Range, Sequences, Targets, Truncation, Unwatched, Workspace};
use vanishing_core::cells;
use vanishing_core::network::{Normalization, Weights, index};
use vanishing_weights::case;
use vanishing_weights::json::{Node, nested, number, numbers, object};

/// One layer of batch normalisation: value, gradients, running statistics.
pub fn batch_norm(inputs: &Node) -> Result<Value, String> {
    let a = inputs.field("a")?;
    let dimensions = a.shape();
    let [rows, columns] = dimensions[..] else { return Err(a.refusal("a list of rows is expected")) };
    let vector = |name: &str| inputs.field(name)?.finite_array(&[columns]);
    let (gamma, beta, momentum) = (vector("gamma")?, vector("beta")?, inputs.field("momentum")?.number()?);
    let epsilon = inputs.field("eps")?.not_negative()?;
    let a = a.finite_array(&[rows, columns])?;
    let shape = Shape { kind: Normalization::Batch, rows, columns, epsilon };
    let (mut x, mut inverse, mut sums) = (a.clone(), vec![0.0; columns], Sums::default());
    normalize::forward(shape, &mut x, &mut inverse, &mut sums);
    let affine = |x: &[f64]| x.iter().enumerate().map(|(i, x)| gamma[i % columns] * x + beta[i % columns]).collect();
    let y: Vec<f64> = affine(&x);
    let mut gradient = inputs.field("grad_out")?.finite_array(&[rows, columns])?;
    let column = |values: &[f64], j: usize| values.iter().skip(j).step_by(columns).copied().collect::<Vec<f64>>();
    let of_beta: Vec<f64> = (0..columns).map(|j| column(&gradient, j).iter().sum()).collect();
    let mut of_gamma = vec![0.0; columns];
    normalize::backward(shape, &mut gradient, &x, &inverse, &gamma, &mut of_gamma, &mut sums);
    // The running variance is made of unbiased ones.
    let blend = |old: f64, new: f64| (1.0 - momentum) * old + momentum * new;
    let (mut mean, mut variance) = (vector("running_mean")?, vector("running_var")?);
    for j in 0..columns {
        let values = column(&a, j);
        let center = values.iter().sum::<f64>() / rows as f64;
        let square = values.iter().map(|x| (x - center) * (x - center)).sum::<f64>() / (rows as f64 - 1.0);
        mean[j] = blend(mean[j], center);
        variance[j] = blend(variance[j], square);
    }
    let by_running =
        a.iter().enumerate().map(|(i, x)| (x - mean[i % columns]) / (variance[i % columns] + epsilon).sqrt());
    let evaluated: Vec<f64> = affine(&by_running.collect::<Vec<f64>>());
    Ok(json!({
        "y": nested(&y, &[rows, columns]),
        "grad_a": nested(&gradient, &[rows, columns]),
        "grad_gamma": numbers(of_gamma),
        "grad_beta": numbers(of_beta),
        "running_mean_after": numbers(mean),
        "running_var_after": numbers(variance),
        "y_eval_after": nested(&evaluated, &[rows, columns]),
    }))
}

/// A network whose two products are normalised over the batch at every time step; of a cell with a cell state, with `gamma_c`, that
/// one too on its way to h (`beta_c` is added, 0 unless given).
pub fn recurrent_batch_norm(inputs: &Node) -> Result<Value, String> {
    let params = inputs.field("params")?;
    let gamma_c = params.optional("gamma_c");
    let epsilon = inputs.field("eps")?.number()?;
    if epsilon != normalize::EPSILON {
        return Err(inputs.refusal(&format!("eps: {epsilon} is not {}, which is used here", normalize::EPSILON)));
    }
    let kind = if gamma_c.is_some() { Normalization::BatchWithCell } else { Normalization::Batch };
    let shape = case::shape(inputs, Some(cells::TANH.slug), Some(kind))?;
    if let Some(name) = ["gamma_c", "beta_c"].into_iter().find(|name| params.optional(name).is_some())
        && !shape.network.normalizes_cell()
    {
        let why = match shape.network.cell {
            cell if cell.has_cell_state => "“beta_c” without “gamma_c”".to_owned(),
            cell => format!("“{name}”: the cell {} has no cell state", cell.slug),
        };
        return Err(params.refusal(&why));
    }
    let (network, rows) = (shape.network, shape.network.cell.gates * shape.network.hidden_size);
    let mut weights = network.zeros::<f64>();
    let [gamma_x, gamma_h] = network.gains(0);
    let mut places = vec![
        ("W_ih", index::W_IH),
        ("W_hh", index::W_HH),
        ("b", index::B_IH),
        ("gamma_h", gamma_h),
        ("gamma_x", gamma_x),
        ("W_out", network.w_out()),
        ("b_out", network.b_out()),
    ];
    if let Some([gamma_c, beta_c]) = network.cell_affine(0) {
        places.push(("gamma_c", gamma_c));
        if params.optional("beta_c").is_some() {
            places.push(("beta_c", beta_c));
        }
    }
    let dimensions = |weights: &Weights<f64>, place: usize| {
        let tensor = &weights.tensors[place];
        if tensor.columns == 1 && !tensor.name.starts_with("weight") {
            vec![tensor.rows]
        } else {
            vec![tensor.rows, tensor.columns]
        }
    };
    for (name, place) in places.iter().copied() {
        let dimensions = dimensions(&weights, place);
        weights.tensors[place].values = params.field(name)?.finite_array(&dimensions)?;
    }
    debug_assert_eq!(weights.tensors[gamma_h].rows, rows);
    let sequences = shape.sequences(inputs)?;
    let backward_pass = bptt::study(&network, &weights, &sequences);
    let gradient = backward_pass.weights_gradient(&network);
    let mut answer = gradient::states(&backward_pass, &network, &sequences);
    answer["grad_params"] = object(places.iter().map(|(name, place)| {
        ((*name).to_owned(), nested(&gradient.tensors[*place].values, &dimensions(&weights, *place)))
    }));
    Ok(answer)
}

/// Sequences of several lengths in one padded batch: each is run by itself, to its own end.
pub fn seq_mask(inputs: &Node) -> Result<Value, String> {
    let (network, weights, sequences) = case::read(inputs)?;
    let (batch, hidden, steps) = (sequences.batch_size, network.hidden_size, sequences.steps);
    let lengths = inputs.field("lengths")?.list_of(batch)?;
    if let Some(mask) = inputs.optional("mask") {
        let mask = mask.array(&[steps, batch])?;
        for (i, inside) in mask.iter().enumerate() {
            let within = (i / batch) < lengths[i % batch].size()?;
            if (*inside != 0.0) != within {
                return Err(format!("mask[{}][{}]: {inside} does not agree with lengths", i / batch, i % batch));
            }
        }
    }
    let (mut loss, mut last) = (0.0, Vec::new());
    let mut total = Gradient::zeros(&network);
    for (sample, length) in lengths.iter().enumerate() {
        let length = match length.size()? {
            length if length <= steps => length,
            length => return Err(length_refusal(sample, length, steps)),
        };
        let of_sample = |values: &[f64], width: usize, times: usize| -> Vec<f64> {
            (0..times).flat_map(|t| values[(t * batch + sample) * width..][..width].to_vec()).collect()
        };
        let width = network.output_size;
        let alone = Sequences {
            steps: length,
            batch_size: 1,
            inputs: of_sample(&sequences.inputs, network.input_size, length),
            hidden_start: of_sample(&sequences.hidden_start, hidden, 1),
            cell_start: if network.cell.has_cell_state {
                of_sample(&sequences.cell_start, hidden, 1)
            } else {
                Vec::new()
            },
            targets: match &sequences.targets {
                Targets::SquaredErrorLast(values) => Targets::SquaredErrorLast(of_sample(values, width, 1)),
                Targets::SquaredErrorAll(values) => Targets::SquaredErrorAll(of_sample(values, width, length)),
                Targets::CrossEntropyLast(classes) => Targets::CrossEntropyLast(vec![classes[sample]]),
                Targets::LogisticLast(classes) => Targets::LogisticLast(vec![classes[sample]]),
                Targets::CrossEntropyAll(classes) => {
                    Targets::CrossEntropyAll((0..length).map(|t| classes[t * batch + sample]).collect())
                }
            },
            loss_scale: sequences.loss_scale,
        };
        let mut workspace = Workspace::<f64>::filled(&network, &alone);
        workspace.forward(&weights);
        loss += workspace.loss(&alone.targets, alone.loss_scale);
        workspace.backward(&weights, Truncation::FULL, Range::Plain, &mut total, &mut Unwatched);
        last.extend_from_slice(&workspace.hidden(0)[length * hidden..]);
    }
    Ok(json!({
        "loss": number(loss),
        "h_at_length": nested(&last, &[batch, hidden]),
        "grad_params": gradient::named(&total.tensors),
    }))
}

fn length_refusal(sample: usize, length: usize, steps: usize) -> String {
    format!("lengths[{sample}]: {length} is not a whole number from 1 to T = {steps}")
}

/// Pascanu's regulariser and its immediate gradient.
pub fn omega(inputs: &Node) -> Result<Value, String> {
    let (network, weights, sequences) = case::read(inputs)?;
    let run = |strength: Option<f64>| {
        let mut workspace = Workspace::<f64>::filled(&network, &sequences);
        workspace.regularize(strength);
        workspace.forward(&weights);
        let loss = workspace.loss(&sequences.targets, sequences.loss_scale);
        let mut gradient = Gradient::zeros(&network);
        workspace.backward(&weights, Truncation::FULL, Range::Plain, &mut gradient, &mut Unwatched);
        (loss, workspace.omega(), gradient.tensors)
    };
    let ((loss, _, plain), (_, omega, with)) = (run(None), run(Some(1.0)));
    let pairs = with.tensors[index::W_HH].values.iter().zip(&plain.tensors[index::W_HH].values);
    let immediate: Vec<f64> = pairs.map(|(with, plain)| with - plain).collect();
    let hidden = network.hidden_size;
    Ok(json!({
        "loss": number(loss),
        "omega": number(omega),
        "grad_W_hh_immediate": nested(&immediate, &[network.cell.gates * hidden, hidden]),
        "full_gradient": gradient::named(&plain),
    }))
}

#[cfg(test)]
mod tests {
    use super::super::answer;

    #[test]
    fn malformed_cases_are_one_sentence() {
        let refused = |kind: &str, inputs: &str, sentence: &str| {
            assert_eq!(answer(&format!(r#"{{"kind": "{kind}", "inputs": {inputs}}}"#)).unwrap_err(), sentence);
        };
        refused("batch_norm", r#"{"a": [1, 2]}"#, "a: a list of rows is expected");
        let normalized = |cell: &str, params: &str| {
            let sizes = r#""T": 1, "B": 2, "D": 1, "H": 1, "O": 1, "eps": 1e-5"#;
            format!(r#"{{"cell": "{cell}", {sizes}, "params": {params}}}"#)
        };
        refused(
            "recurrent_batch_norm",
            &normalized("rnn", r#"{"gamma_c": [1]}"#),
            "params: “gamma_c”: the cell tanh has no cell state",
        );
        refused(
            "recurrent_batch_norm",
            &normalized("lstm", r#"{"beta_c": [1]}"#),
            "params: “beta_c” without “gamma_c”",
        );
        refused("omega", r#"{"T": 0}"#, "T: 0 is not a whole number from 1 to 1000000");
        assert_eq!(super::length_refusal(1, 9, 6), "lengths[1]: 9 is not a whole number from 1 to T = 6");
    }
}
