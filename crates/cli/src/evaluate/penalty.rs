//! Kind `penalty`.
use super::tensors::Tensors;
use serde_json::{Value, json};
use vanishing_core::penalty::{add_l1_gradient, add_l2_gradient, l1_penalty, l2_penalty};
use vanishing_weights::json::{Node, number};

/// l1 Σ |w| + (l2/2) Σ w², its two terms and its gradient.
pub fn penalty(inputs: &Node) -> Result<Value, String> {
    let params = Tensors::read(&inputs.field("params")?)?;
    let (l1, l2) = (inputs.field("l1")?.not_negative()?, inputs.field("l2")?.not_negative()?);
    let mut gradient = params.weights.zeros_like();
    add_l1_gradient(&mut gradient, &params.weights, l1);
    add_l2_gradient(&mut gradient, &params.weights, l2);
    Ok(json!({
        "l1_term": number(l1_penalty(&params.weights, l1)),
        "l2_term": number(l2_penalty(&params.weights, l2)),
        "grads": params.json_of(&gradient),
    }))
}
