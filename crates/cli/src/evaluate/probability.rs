//! Kind `align_probability`.
use serde_json::{Value, json};
use vanishing_core::math;
use vanishing_core::spectral::{Threshold, alignment_probability};
use vanishing_weights::json::{Node, number};

/// Tolerances that are answered where the case does not name its rows.
const EPSILONS: [f64; 3] = [0.5, 0.1, 0.001];
/// Powers that are answered where the case does not name its rows.
const POWERS: [u64; 5] = [0, 1, 10, 100, 1_000];

/// P(aligned) over random starts, for the rows {"metric", "eps", "k"} of the inputs, or for a grid of them.
pub fn probability(inputs: &Node) -> Result<Value, String> {
    let n = inputs.field("n")?.size()?;
    let lambda = inputs.field("lambda")?.finite_array(&[n])?;
    let target = inputs.field("target_index")?.count()? as usize;
    if target >= n {
        return Err(format!("target_index: {target} is not below n = {n}"));
    }
    let rows = match inputs.optional("rows") {
        Some(rows) => rows.list()?.iter().map(row).collect::<Result<Vec<_>, String>>()?,
        None => grid(),
    };
    let answers = rows.into_iter().map(|(metric, threshold, eps, k)| {
        let found = alignment_probability(&lambda, target, threshold.tangent(eps), k);
        let of = |x: Option<f64>| x.map_or(Value::Null, number);
        json!({
            "metric": metric,
            "eps": eps,
            "k": k,
            "p": of(found.map(|p| p.p)),
            "one_minus_p": of(found.map(|p| p.complement)),
            "log10_p": of(found.map(|p| math::log10(p.p))),
            "log10_one_minus_p": of(found.map(|p| math::log10(p.complement))),
        })
    });
    Ok(json!({ "rows": answers.collect::<Vec<_>>() }))
}

type Row = (&'static str, Threshold, f64, u64);

fn row(row: &Node) -> Result<Row, String> {
    let (metric, threshold) = match row.field("metric")?.text()? {
        "angle" => ("angle", Threshold::Angle),
        "cos" => ("cos", Threshold::Cosine),
        "sin" => ("sin", Threshold::Sine),
        other => return Err(format!("metric: “{other}” is not angle, cos or sin")),
    };
    Ok((metric, threshold, row.field("eps")?.number()?, row.field("k")?.count()?))
}

fn grid() -> Vec<Row> {
    let metrics = [("angle", Threshold::Angle), ("cos", Threshold::Cosine), ("sin", Threshold::Sine)];
    let all = metrics.into_iter().flat_map(|(metric, threshold)| EPSILONS.map(|eps| (metric, threshold, eps)));
    all.flat_map(|(metric, threshold, eps)| POWERS.map(|k| (metric, threshold, eps, k))).collect()
}
