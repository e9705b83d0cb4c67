//! Kinds `matrix_power` and `eigen_sym`.
use nalgebra::DMatrix;
use serde_json::{Value, json};
use std::f64::consts::LOG10_2;
use vanishing_core::math;
use vanishing_core::scaled::log10_norm;
use vanishing_core::spectral::{eigenvalues, order_by_magnitude, scaled_spectral_power};
use vanishing_weights::json::{Node, nested, number, numbers};

/// M^k = Q diag(λ^k) Qᵀ.
pub fn matrix_power(inputs: &Node) -> Result<Value, String> {
    let n = inputs.field("n")?.size()?;
    let q = DMatrix::from_row_slice(n, n, &inputs.field("Q")?.finite_array(&[n, n])?);
    let lambda = inputs.field("lambda")?.finite_array(&[n])?;
    let k = inputs.field("k")?.count()?;
    let power = scaled_spectral_power(&q, &lambda, k);
    let rows: Vec<f64> = power.matrix.transpose().iter().copied().collect();
    let largest = power.matrix.amax();
    let shift = power.exponent as f64 * LOG10_2;
    let log10 = |x: f64| math::log10(x.abs()) + shift;
    let unscaled = |x: f64| math::scale_by_power_of_two(x, power.exponent);
    let odd = k % 2 == 1;
    let sign = |l: f64| {
        if k == 0 {
            1.0
        } else if l == 0.0 {
            0.0
        } else if l < 0.0 && odd {
            -1.0
        } else {
            1.0
        }
    };
    let log10_eigenvalue = |l: f64| if k == 0 { 0.0 } else { k as f64 * math::log10(l.abs()) };
    let eigenvalue = |l: f64| sign(l) * math::powf(l.abs(), k as f64);
    let scale = if largest > 0.0 { largest } else { 1.0 };
    let scaled: Vec<f64> = rows.iter().map(|x| x / scale).collect();
    let integers = |values: Vec<f64>| Value::Array(values.into_iter().map(|x| json!(x as i64)).collect());
    let signs: Vec<f64> = rows.iter().map(|x| if *x == 0.0 { 0.0 } else { x.signum() }).collect();
    let sign_rows = signs.chunks(n).map(|row| integers(row.to_vec())).collect();
    let m = &q * DMatrix::from_diagonal(&nalgebra::DVector::from_column_slice(&lambda)) * q.transpose();
    let m_rows: Vec<f64> = m.transpose().iter().copied().collect();
    let at = |values: Vec<f64>| nested(&values, &[n, n]);
    Ok(json!({
        "eig_Mk": numbers(lambda.iter().map(|l| eigenvalue(*l))),
        "eig_Mk_sign": integers(lambda.iter().map(|l| sign(*l)).collect()),
        "eig_Mk_log10abs": numbers(lambda.iter().map(|l| log10_eigenvalue(*l))),
        "log10_max_abs": number(math::log10(largest) + shift),
        "Mk_scaled": at(scaled.clone()),
        "log10_frobenius": number(log10_norm(&rows, power.exponent)),
        "trace_scaled": number((0..n).map(|i| scaled[i * n + i]).sum()),
        "M": at(m_rows),
        "Mk": at(rows.iter().map(|x| unscaled(*x)).collect()),
        "Mk_log10abs": at(rows.iter().map(|x| log10(*x)).collect()),
        "Mk_sign": Value::Array(sign_rows),
    }))
}

/// The eigenvalues of a symmetric matrix.
pub fn eigen_sym(inputs: &Node) -> Result<Value, String> {
    let n = inputs.field("n")?.size()?;
    let m = DMatrix::from_row_slice(n, n, &inputs.field("M")?.finite_array(&[n, n])?);
    let found = eigenvalues(&m);
    let mut ascending = found.clone();
    ascending.sort_by(f64::total_cmp);
    let by_magnitude = order_by_magnitude(&found).into_iter().map(|i| found[i]);
    Ok(json!({ "eig_ascending": numbers(ascending), "eig_by_abs_descending": numbers(by_magnitude) }))
}
