//! Kind `align_probability`.
use super::json::{Node, number};
use serde_json::{Value, json};
use vanishing_core::math;
use vanishing_core::spectral::{Threshold, alignment_probability};

/// P(aligned) over random starts.
pub fn probability(inputs: &Node) -> Result<Value, String> {
    let n = inputs.field("n")?.size()?;
    let lambda = inputs.field("lambda")?.finite_array(&[n])?;
    let target = inputs.field("target_index")?.count()? as usize;
    if target >= n {
        return Err(format!("target_index: {target} is not below n = {n}"));
    }
    let mut rows = Vec::new();
    for row in inputs.field("rows")?.list()? {
        let metric = row.field("metric")?.text()?;
        let threshold = match metric {
            "angle" => Threshold::Angle,
            "cos" => Threshold::Cosine,
            "sin" => Threshold::Sine,
            other => return Err(format!("metric: “{other}” is not angle, cos or sin")),
        };
        let (eps, k) = (row.field("eps")?.number()?, row.field("k")?.count()?);
        rows.push(match alignment_probability(&lambda, target, threshold.tangent(eps), k) {
            Some(found) => json!({
                "metric": metric, "eps": eps, "k": k, "p": found.p, "one_minus_p": found.complement,
                "log10_p": number(math::log10(found.p)), "log10_one_minus_p": number(math::log10(found.complement)),
            }),
            None => json!({ "metric": metric, "eps": eps, "k": k, "p": null, "one_minus_p": null, "log10_p": null, "log10_one_minus_p": null }),
        });
    }
    Ok(json!({ "rows": rows }))
}
