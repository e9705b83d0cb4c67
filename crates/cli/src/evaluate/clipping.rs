//! Kinds `clip_value`, `clip_norm` and `grad_scale`: what is done to a gradient before the optimiser.
use super::tensors::Tensors;
use serde_json::{Value, json};
use vanishing_core::gradient_ops::{self, p_norm, pytorch_clip_coefficient};
use vanishing_core::math;
use vanishing_core::network::Weights;
use vanishing_core::real::Real;
use vanishing_core::scaled::log10_norm;
use vanishing_weights::json::{Node, number, object};

/// Every entry cut to the limits.
pub fn clip_value(inputs: &Node) -> Result<Value, String> {
    let mut gradient = Tensors::read(&inputs.field("grads")?)?;
    gradient_ops::clip_by_value(&mut gradient.weights, inputs.field("clip")?.not_negative()?);
    Ok(json!({ "grads": gradient.json() }))
}

/// Groups of tensors, each shortened by one factor: the textbook's and PyTorch's. Tensors of no group stay as they are. `max_norm`
/// is a number for all groups, or an object with one for each.
pub fn clip_norm(inputs: &Node) -> Result<Value, String> {
    let mut exact = Tensors::read(&inputs.field("grads")?)?;
    let groups = inputs.field("groups")?.members()?;
    let max_norm = inputs.field("max_norm")?;
    let max_norms = max_norms(&max_norm, &groups.iter().map(|(name, _)| *name).collect::<Vec<_>>())?;
    let p = inputs.field("norm_type")?.number()?;
    if p.is_nan() || p < 1.0 {
        return Err(format!("norm_type: {p} is not a number from 1 on"));
    }
    let mut pytorch = exact.weights.clone();
    let (mut norms, mut log10_norms, mut pytorch_norms) = (Vec::new(), Vec::new(), Vec::new());
    let (mut grouped, mut without_direction) = (Vec::new(), Vec::<usize>::new());
    for ((name, group), max_norm) in groups.into_iter().zip(max_norms) {
        let indices = members(&group, &exact, &grouped)?;
        let of = |weights: &Weights<f64>| indices.iter().map(|i| weights.tensors[*i].clone()).collect::<Vec<_>>();
        let mut tensors = of(&exact.weights);
        let norm = p_norm(&tensors, p);
        norms.push((name.to_owned(), number(norm.to_f64())));
        log10_norms.push((name.to_owned(), number(log10_norm(&[norm], 0))));
        if !norm.is_finite() {
            without_direction.extend(&indices);
        }
        let plain = plain_norm(tensors.iter().flat_map(|tensor| &tensor.values), p);
        pytorch_norms.push((name.to_owned(), number(plain)));
        let coefficient = pytorch_clip_coefficient(plain, max_norm);
        gradient_ops::clip_norm(&mut tensors, max_norm, p);
        for (i, tensor) in indices.iter().zip(tensors) {
            pytorch.tensors[*i].values.iter_mut().for_each(|x| *x *= coefficient);
            exact.weights.tensors[*i] = tensor;
        }
        grouped.extend(indices);
    }
    let mut exact_grads = exact.json();
    for i in without_direction {
        exact_grads[exact.weights.tensors[i].name.as_str()] = Value::Null;
    }
    Ok(json!({
        "exact_grads": exact_grads,
        "exact_norms": object(norms),
        "exact_log10_norms": object(log10_norms),
        "torch_grads": exact.json_of(&pytorch),
        "torch_norms": object(pytorch_norms),
    }))
}

/// The limit of each group.
fn max_norms(node: &Node, groups: &[&str]) -> Result<Vec<f64>, String> {
    let Ok(members) = node.members() else {
        let all = node.not_negative().map_err(|refusal| format!("{refusal}, nor an object with one for each group"))?;
        return Ok(vec![all; groups.len()]);
    };
    if let Some((name, _)) = members.iter().find(|(name, _)| !groups.contains(name)) {
        return Err(node.refusal(&format!("“{name}” is not one of the groups {}", groups.join(", "))));
    }
    let of = |group: &&str| {
        let found = members.iter().find(|(name, _)| name == group);
        found.ok_or_else(|| node.refusal(&format!("“{group}” is missing")))?.1.not_negative()
    };
    groups.iter().map(of).collect()
}

/// The places of the tensors of a group, none of which stands in the groups before.
fn members(group: &Node, all: &Tensors, grouped: &[usize]) -> Result<Vec<usize>, String> {
    let mut indices = Vec::new();
    for name in group.list()? {
        let name = name.text()?;
        let index = all.index(name);
        let index = index.ok_or_else(|| group.refusal(&format!("“{name}” is not one of {}", all.names())))?;
        if grouped.contains(&index) || indices.contains(&index) {
            return Err(group.refusal(&format!("“{name}” stands in another group too")));
        }
        indices.push(index);
    }
    Ok(indices)
}

/// The norm as PyTorch sums it, whose powers leave the range of f64 before the norm does.
fn plain_norm<'a>(entries: impl Iterator<Item = &'a f64>, p: f64) -> f64 {
    let sizes = entries.map(|x| x.abs());
    if p == f64::INFINITY {
        sizes.fold(0.0, |largest, x| if x > largest || x.is_nan() { x } else { largest })
    } else if p == 1.0 {
        sizes.sum()
    } else if p == 2.0 {
        sizes.map(|x| x * x).sum::<f64>().sqrt()
    } else {
        math::powf(sizes.map(|x| math::powf(x, p)).sum(), 1.0 / p)
    }
}

/// A gradient multiplied by a factor, brought to a norm, or masked.
pub fn grad_scale(inputs: &Node) -> Result<Value, String> {
    let mut gradient = Tensors::read(&inputs.field("grads")?)?;
    let norm_before = p_norm(&gradient.weights.tensors, 2.0).to_f64();
    match inputs.field("mode")?.text()? {
        "multiply" => {
            let factor = inputs.field("factor")?.number()?;
            gradient_ops::scale(&mut gradient.weights, factor);
        }
        "to_norm" => {
            let target_norm = inputs.field("target_norm")?.not_negative()?;
            gradient_ops::normalize(&mut gradient.weights, target_norm);
        }
        "mask" => {
            let mask = gradient.read_alike(&inputs.field("mask")?)?;
            gradient_ops::mask(&mut gradient.weights, &mask);
        }
        other => return Err(format!("mode: “{other}” is not multiply, to_norm or mask")),
    }
    Ok(json!({ "norm_before": number(norm_before), "grads": gradient.json() }))
}

#[cfg(test)]
mod tests {
    use super::super::answer;
    use serde_json::json;

    #[test]
    fn each_group_is_shortened_to_its_own_limit() {
        let case = json!({"kind": "clip_norm", "inputs": {
            "grads": {"a": [3, 4], "b": [0.6], "c": [0.8], "d": [7]},
            "groups": {"input": ["a"], "recurrent": ["b", "c"]},
            "max_norm": {"input": 2.5, "recurrent": 2},
            "norm_type": 2,
        }});
        let found = answer(&case.to_string()).expect("an answer");
        assert_eq!(found["exact_grads"], json!({"a": [1.5, 2.0], "b": [0.6], "c": [0.8], "d": [7.0]}));
        assert_eq!(found["exact_norms"], json!({"input": 5.0, "recurrent": 1.0}));
    }
}
