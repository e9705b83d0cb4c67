//! Kind `alignment`.
use serde_json::{Value, json};
use vanishing_core::spectral::{Threshold, accurate_dot, align, steps_to_align};
use vanishing_weights::json::{Node, number};

/// Thresholds for which K is asked.
const EPSILONS: [f64; 6] = [0.5, 0.1, 0.01, 1e-3, 1e-6, 1e-10];

/// Where M^k x points, and from which k on it is aligned.
pub fn alignment(inputs: &Node) -> Result<Value, String> {
    let n = inputs.field("n")?.size()?;
    let lambda = inputs.field("lambda")?.finite_array(&[n])?;
    let target = inputs.field("target_index")?.count()? as usize;
    if target >= n {
        return Err(format!("target_index: {target} is not below n = {n}"));
    }
    let coefficients = match inputs.field("basis")?.text()? {
        "eigen" => inputs.field("c")?.finite_array(&[n])?,
        "standard" => {
            let q = inputs.field("Q")?.finite_array(&[n, n])?;
            let x = inputs.field("x")?.finite_array(&[n])?;
            let column = |i: usize| (0..n).map(|row| q[row * n + i]).collect::<Vec<_>>();
            (0..n).map(|i| accurate_dot(&column(i), &x)).collect()
        }
        other => return Err(format!("basis: “{other}” is not eigen or standard")),
    };
    let mut per_k = Vec::new();
    for k in inputs.field("ks")?.list()? {
        let k = k.count()?;
        let (log10_norm, found) = align(&lambda, &coefficients, target, k);
        per_k.push(match found {
            Some(found) => json!({
                "k": k, "theta": found.angle, "theta_signed": found.signed_angle, "log10_tan": number(found.log10_tan),
                "theta_dominant_space": found.dominant_space_angle, "log10_norm": number(log10_norm), "sign": found.sign,
            }),
            None => json!({
                "k": k, "theta": null, "theta_signed": null, "log10_tan": null,
                "theta_dominant_space": null, "log10_norm": "-inf", "sign": 0,
            }),
        });
    }
    let metrics = [("angle", Threshold::Angle), ("cos", Threshold::Cosine), ("sin", Threshold::Sine)];
    let mut steps = Vec::new();
    for (metric, threshold) in metrics {
        for eps in EPSILONS {
            let tangent = threshold.tangent(eps);
            let k = steps_to_align(&lambda, &coefficients, target, tangent);
            steps.push(json!({ "metric": metric, "eps": eps, "tan_eps": tangent, "K": k }));
        }
    }
    Ok(json!({ "per_k": per_k, "K": steps }))
}
