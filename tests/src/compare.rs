//! When an answer to a reference case is right: what is compared, and how far it may be off.
//!
//! A case is `{"kind": ..., "inputs": ..., "expected": ..., "tolerance": ...}`. Infinities and NaN are the texts "inf",
//! "-inf" and "nan" and must be met exactly; null means undefined. The limits come from the case where it has any: its
//! authors measured there how far two independent computations in double precision differ.

use serde_json::Value;
use vanishing_core::math;

/// A norm that is smaller or larger than these has lost digits on its way through double precision.
const TRUSTED_NORMS: (f64, f64) = (1e-290, 1e300);

/// What is wrong with an answer, one sentence for each quantity; empty when it is right.
pub fn problems(case: &Value, answer: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if let Err(missing) = check(case, answer, &mut found) {
        found.push(missing);
    }
    found
}

/// How far numbers may be off.
#[derive(Clone, Copy, Default)]
struct Limit {
    /// Relative: to the number itself, or to what the numbers are compared with.
    relative: f64,
    /// The largest difference that is right, whatever the size of the numbers.
    absolute: f64,
}

impl Limit {
    fn relative(relative: f64) -> Self {
        Self { relative, absolute: 0.0 }
    }

    fn absolute(absolute: f64) -> Self {
        Self { relative: 0.0, absolute }
    }

    fn and_absolute(self, absolute: f64) -> Self {
        Self { absolute, ..self }
    }
}

fn check(case: &Value, answer: &Value, found: &mut Vec<String>) -> Result<(), String> {
    let (expected, tolerance) = (get(case, "expected")?, get(case, "tolerance")?);
    let mut note =
        |name: &str, problem: Option<String>| found.extend(problem.map(|problem| format!("{name}: {problem}")));
    match get(case, "kind")?.as_str().unwrap_or_default() {
        "matrix_power" => {
            let k = real(get(case, "inputs")?, "k")?;
            let scaled = Limit::absolute(real(tolerance, "Mk_scaled_abs")? + 8e-16 * (k + 1.0) * 20.0);
            let size = Limit::relative(1e-14).and_absolute(real(tolerance, "log10_max_abs")? + 3e-16 * k);
            let logarithms = Limit::relative(4e-16).and_absolute(1e-13 + 3e-16 * k);
            note("Mk_scaled", within(answer, expected, "Mk_scaled", scaled)?);
            note("log10_max_abs", each(answer, expected, "log10_max_abs", size)?);
            note("eig_Mk_sign", each(answer, expected, "eig_Mk_sign", Limit::default())?);
            note("eig_Mk_log10abs", each(answer, expected, "eig_Mk_log10abs", logarithms)?);
        }
        "eigen_sym" => {
            let limit = Limit::relative(real(tolerance, "abs_over_spectral_norm")?);
            note("eig_ascending", within(answer, expected, "eig_ascending", limit)?);
        }
        "alignment" => alignment(answer, expected, &mut note)?,
        "align_probability" => {
            for (found, wanted) in rows(answer, expected, "rows")? {
                let of_p = Limit::relative(real(tolerance, "p_rel")? + 1e-9);
                let of_rest = Limit::relative(real(tolerance, "one_minus_p_rel")? + 1e-9);
                let at = format!("{} eps={} k={}", wanted["metric"], wanted["eps"], wanted["k"]);
                let of_p = of_p.and_absolute(real(tolerance, "p_abs")? * 1e-6);
                note(&format!("{at} p"), each(found, wanted, "p", of_p)?);
                if !wanted["p"].is_null() {
                    let of_rest = of_rest.and_absolute(1e-300);
                    note(&format!("{at} 1-p"), each(found, wanted, "one_minus_p", of_rest)?);
                }
            }
        }
        "rnn_grad" | "lstm_grad" | "gru_grad" | "tbptt" | "recurrent_batch_norm" | "seq_mask" => {
            gradients(answer, expected, tolerance, &mut note)?
        }
        "batch_norm" => {
            let limit = Limit::relative(real(tolerance, "rel")?).and_absolute(real(tolerance, "abs")?);
            for key in
                ["y", "grad_a", "grad_gamma", "grad_beta", "running_mean_after", "running_var_after", "y_eval_after"]
            {
                note(key, within(answer, expected, key, limit)?);
            }
        }
        "omega" => {
            note("omega", each(answer, expected, "omega", Limit::relative(real(tolerance, "omega_rel")?))?);
            let limit = Limit::relative(real(tolerance, "grads_normwise")?);
            note("grad_W_hh_immediate", within(answer, expected, "grad_W_hh_immediate", limit)?);
        }
        "clip_value" => note("grads", each(answer, expected, "grads", Limit::relative(1e-14))?),
        "clip_norm" => {
            note("exact_grads", each(answer, expected, "exact_grads", Limit::relative(1e-13))?);
            note("exact_norms", each(answer, expected, "exact_norms", Limit::relative(1e-13))?);
            note("torch_grads", each(answer, expected, "torch_grads", Limit::relative(real(tolerance, "rel_torch")?))?);
        }
        "grad_scale" => note("grads", each(answer, expected, "grads", Limit::relative(1e-14))?),
        "penalty" => {
            for key in ["l1_term", "l2_term", "grads"] {
                note(key, each(answer, expected, key, Limit::relative(real(tolerance, "rel")?))?);
            }
        }
        "optimizer" => {
            let limit = Limit::relative(real(tolerance, "rel")?).and_absolute(real(tolerance, "abs")?);
            note("params_after_step", each(answer, expected, "params_after_step", limit)?);
        }
        "lr_schedule" => {
            let limit = Limit::relative(real(tolerance, "rel")?).and_absolute(1e-18);
            note("lr", each(answer, expected, "lr", limit)?);
        }
        "init" => initial(answer, expected, tolerance, &mut note)?,
        other => note("kind", Some(format!("there is no rule for {other}"))),
    }
    Ok(())
}

/// The law of initial weights and the moments of a sample, or singular values, or the gains of the activations.
fn initial(
    answer: &Value,
    expected: &Value,
    tolerance: &Value,
    note: &mut dyn FnMut(&str, Option<String>),
) -> Result<(), String> {
    if let Some(absolute) = tolerance["abs"].as_f64() {
        for name in expected.as_object().into_iter().flat_map(|gains| gains.keys()) {
            note(name, each(answer, expected, name, Limit::absolute(absolute))?);
        }
        return Ok(());
    }
    let kept = |key: &str| !expected[key].is_null();
    for key in ["bound", "std"].into_iter().filter(|key| kept(key)) {
        note(key, each(answer, expected, key, Limit::relative(1e-12))?);
    }
    if kept("std_rel_accept") {
        let sample = get(answer, "sample")?;
        note("sample.std", each(sample, expected, "std", Limit::relative(real(expected, "std_rel_accept")?))?);
        let (mean, accepted) = (real(sample, "mean")?, real(expected, "mean_abs_accept")?);
        note("sample.mean", (mean.abs() > accepted).then(|| format!("{mean:?}, limit {accepted:.3e}")));
    }
    if kept("gram_abs_tol") {
        let limit = real(expected, "gram_abs_tol")?;
        let error = real(answer, "gram_error")?;
        note("gram_error", (error > limit).then(|| format!("{error:?}, limit {limit:.3e}")));
        for key in ["singular_values", "spectral_radius_if_square"].into_iter().filter(|key| kept(key)) {
            note(key, each(answer, expected, key, Limit::absolute(limit))?);
        }
    }
    Ok(())
}

/// Angles, their tangents and the norms at every k; the first k below each threshold.
fn alignment(answer: &Value, expected: &Value, note: &mut dyn FnMut(&str, Option<String>)) -> Result<(), String> {
    for (found, wanted) in rows(answer, expected, "per_k")? {
        let at = format!("k={}", wanted["k"]);
        let Some(theta) = wanted["theta"].as_f64() else {
            note(&format!("{at} theta"), each(found, wanted, "theta", Limit::default())?);
            continue;
        };
        let of_tangent = real(wanted, "tol_log10_tan")?;
        // dθ = ½ sin 2θ · d ln tan θ, and 2.303 is ln 10.
        let of_angle = 2.303 * of_tangent * math::sin(2.0 * theta).abs() / 2.0 + 1e-15;
        note(&format!("{at} theta"), each(found, wanted, "theta", Limit::absolute(of_angle))?);
        note(&format!("{at} log10_tan"), each(found, wanted, "log10_tan", Limit::absolute(of_tangent))?);
        let of_norm = Limit::absolute(real(wanted, "tol_log10_norm")?);
        note(&format!("{at} log10_norm"), each(found, wanted, "log10_norm", of_norm)?);
    }
    for (found, wanted) in rows(answer, expected, "K")? {
        let at = format!("K {} {}", wanted["metric"], wanted["eps"]);
        let limit = Limit::absolute(wanted["K_abs_tol"].as_f64().unwrap_or(0.0));
        note(&at, each(found, wanted, "K", limit)?);
    }
    Ok(())
}

/// The loss, the gradient of every tensor, and the norms of the state gradients at every time.
fn gradients(
    answer: &Value,
    expected: &Value,
    tolerance: &Value,
    note: &mut dyn FnMut(&str, Option<String>),
) -> Result<(), String> {
    if numbers(&expected["loss"])?.iter().all(|loss| loss.is_some_and(f64::is_finite)) {
        let limit = Limit::relative(tolerance["loss_rel"].as_f64().unwrap_or(1e-12));
        note("loss", each(answer, expected, "loss", limit)?);
    }
    if let (Some(normwise), Some(tensors)) =
        (tolerance["grad_params_normwise"].as_f64(), expected["grad_params"].as_object())
    {
        let all = numbers(&expected["grad_params"])?;
        if all.iter().all(|x| x.is_some_and(f64::is_finite)) {
            let floor = 1e-5 * largest(&all);
            for (name, wanted) in tensors {
                let limit = Limit::absolute(normwise * largest(&numbers(wanted)?).max(floor));
                let problem = within(get(answer, "grad_params")?, &expected["grad_params"], name, limit)?;
                note(&format!("grad_params.{name}"), problem);
            }
        }
    }
    for key in ["grad_h_norm", "grad_c_norm"] {
        let (Some(relative), false) = (tolerance["grad_h_norm_rel_per_t"].as_f64(), expected[key].is_null()) else {
            continue;
        };
        let (found, wanted) = pair(answer, expected, key)?;
        let trusted = |x: &Option<f64>| x.is_some_and(|x| TRUSTED_NORMS.0 < x && x < TRUSTED_NORMS.1);
        let kept: Vec<_> = found.into_iter().zip(wanted).filter(|(_, wanted)| trusted(wanted)).collect();
        note(key, first_off(&kept, |wanted| relative * wanted.abs()));
    }
    for key in ["grad_h_log10_norm_true", "grad_c_log10_norm_true"] {
        if let (Some(absolute), false) = (tolerance["grad_h_log10_norm_abs"].as_f64(), expected[key].is_null()) {
            note(key, each(answer, expected, key, Limit::relative(1e-12).and_absolute(absolute.max(1e-10)))?);
        }
    }
    Ok(())
}

/// Each number against itself: |found - wanted| <= relative |wanted| + absolute.
fn each(answer: &Value, expected: &Value, key: &str, limit: Limit) -> Result<Option<String>, String> {
    let (found, wanted) = pair(answer, expected, key)?;
    let pairs: Vec<_> = found.into_iter().zip(wanted).collect();
    Ok(first_off(&pairs, |wanted| limit.relative * wanted.abs() + limit.absolute))
}

/// All numbers against the largest of them: |found - wanted| <= relative max|wanted| + absolute.
fn within(answer: &Value, expected: &Value, key: &str, limit: Limit) -> Result<Option<String>, String> {
    let (found, wanted) = pair(answer, expected, key)?;
    let allowed = limit.relative * largest(&wanted) + limit.absolute;
    let pairs: Vec<_> = found.into_iter().zip(wanted).collect();
    Ok(first_off(&pairs, |_| allowed))
}

/// The first number that is off, in a sentence. Infinite, undefined and missing numbers must be equal.
fn first_off(pairs: &[(Option<f64>, Option<f64>)], limit: impl Fn(f64) -> f64) -> Option<String> {
    pairs.iter().enumerate().find_map(|(index, pair)| {
        let right = match *pair {
            (None, None) => true,
            (Some(found), Some(wanted)) if wanted.is_finite() => (found - wanted).abs() <= limit(wanted),
            (Some(found), Some(wanted)) => found == wanted || (found.is_nan() && wanted.is_nan()),
            _ => false,
        };
        let show = |x: Option<f64>| x.map_or("null".to_owned(), |x| format!("{x:?}"));
        let allowed = pair.1.map_or(0.0, &limit);
        (!right).then(|| format!("[{index}] {}, expected {}, limit {allowed:.3e}", show(pair.0), show(pair.1)))
    })
}

/// The largest magnitude of all finite numbers.
fn largest(values: &[Option<f64>]) -> f64 {
    values.iter().flatten().filter(|x| x.is_finite()).fold(0.0, |largest, x| largest.max(x.abs()))
}

/// The numbers called `key` in the answer and in the expected; as many in one as in the other.
#[allow(clippy::type_complexity, reason = "two lists of numbers that may be undefined")]
fn pair(answer: &Value, expected: &Value, key: &str) -> Result<(Vec<Option<f64>>, Vec<Option<f64>>), String> {
    let (found, wanted) = (numbers(get(answer, key)?)?, numbers(get(expected, key)?)?);
    match found.len() == wanted.len() {
        true => Ok((found, wanted)),
        false => Err(format!("{key}: {} numbers, expected {}", found.len(), wanted.len())),
    }
}

/// The rows of two tables side by side.
fn rows<'a>(answer: &'a Value, expected: &'a Value, key: &str) -> Result<Vec<(&'a Value, &'a Value)>, String> {
    let list = |value: &'a Value| get(value, key)?.as_array().ok_or_else(|| format!("{key} is not a list"));
    let (found, wanted) = (list(answer)?, list(expected)?);
    match found.len() == wanted.len() {
        true => Ok(found.iter().zip(wanted).collect()),
        false => Err(format!("{key}: {} rows, expected {}", found.len(), wanted.len())),
    }
}

fn get<'a>(value: &'a Value, key: &str) -> Result<&'a Value, String> {
    value.get(key).ok_or_else(|| format!("{key} is missing"))
}

fn real(value: &Value, key: &str) -> Result<f64, String> {
    get(value, key)?.as_f64().ok_or_else(|| format!("{key} is not a number"))
}

/// All numbers of nested lists and objects (in the order of their names); null is `None`.
fn numbers(value: &Value) -> Result<Vec<Option<f64>>, String> {
    let mut flat = Vec::new();
    flatten(value, &mut flat)?;
    Ok(flat)
}

fn flatten(value: &Value, flat: &mut Vec<Option<f64>>) -> Result<(), String> {
    match value {
        Value::Null => flat.push(None),
        Value::Number(number) => flat.push(number.as_f64()),
        Value::String(text) => flat.push(Some(match text.as_str() {
            "inf" => f64::INFINITY,
            "-inf" => f64::NEG_INFINITY,
            "nan" => f64::NAN,
            _ => return Err(format!("“{text}” is not a number")),
        })),
        Value::Array(list) => list.iter().try_for_each(|value| flatten(value, flat))?,
        Value::Object(fields) => fields.values().try_for_each(|value| flatten(value, flat))?,
        Value::Bool(_) => return Err(format!("{value} is not a number")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn eigenvalues(found: Value) -> Vec<String> {
        let case = json!({
            "kind": "eigen_sym", "inputs": {}, "expected": { "eig_ascending": [-2.0, 1e-20, "inf"] },
            "tolerance": { "abs_over_spectral_norm": 1e-3 },
        });
        problems(&case, &json!({ "eig_ascending": found }))
    }

    #[test]
    fn numbers_are_compared_with_the_largest_of_their_list() {
        assert!(eigenvalues(json!([-2.0, 1.9e-3, "inf"])).is_empty());
        assert_eq!(
            eigenvalues(json!([-2.0, 2.1e-3, "inf"])),
            ["eig_ascending: [1] 0.0021, expected 1e-20, limit 2.000e-3"]
        );
    }

    #[test]
    fn infinite_undefined_and_missing_numbers_must_be_met() {
        for wrong in
            [json!([-2.0, 0, 1e308]), json!([-2.0, 0, "-inf"]), json!([-2.0, 0, "nan"]), json!([-2.0, 0, null])]
        {
            assert_eq!(eigenvalues(wrong.clone()).len(), 1, "{wrong}");
        }
        assert_eq!(eigenvalues(json!(["nan", 0, "inf"])).len(), 1);
        assert_eq!(eigenvalues(json!([-2.0, 0])), ["eig_ascending: 2 numbers, expected 3"]);
        assert_eq!(eigenvalues(json!(["two", 0, "inf"])), ["“two” is not a number"]);
        assert_eq!(problems(&json!({ "kind": "eigen_sym" }), &json!({})), ["expected is missing"]);
    }

    #[test]
    fn small_tensors_are_compared_with_the_largest_gradient_of_all() {
        let case = json!({
            "kind": "rnn_grad", "inputs": {}, "tolerance": { "grad_params_normwise": 1e-3 },
            "expected": { "loss": "nan", "grad_params": { "W": [[1.0]], "b": [1e-9] } },
        });
        let with_b = |b: f64| problems(&case, &json!({ "grad_params": { "W": [[1.0]], "b": [b] } }));
        assert!(with_b(9e-9).is_empty());
        assert_eq!(with_b(1.2e-8).len(), 1);
    }

    #[test]
    fn a_sample_of_initial_weights_must_have_their_moments() {
        let case = json!({
            "kind": "init", "inputs": {}, "tolerance": {},
            "expected": { "bound": null, "std": 0.5, "std_rel_accept": 0.1, "mean_abs_accept": 0.01 },
        });
        let with = |mean: f64, std: f64| {
            problems(&case, &json!({ "bound": null, "std": 0.5, "sample": { "mean": mean, "std": std } }))
        };
        assert!(with(-0.009, 0.54).is_empty());
        assert_eq!(with(-0.011, 0.54), ["sample.mean: -0.011, limit 1.000e-2"]);
        assert_eq!(with(0.0, 0.6).len(), 1);
    }

    #[test]
    fn an_unknown_kind_is_never_right() {
        let case = json!({ "kind": "tea", "inputs": {}, "expected": {}, "tolerance": {} });
        assert_eq!(problems(&case, &json!({})), ["kind: there is no rule for tea"]);
    }
}
