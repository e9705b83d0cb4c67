//! One power of M: its entries, its norms, and what it does to a circle.
use super::MatrixConfig;
use super::powers::PowerPoint;
use crate::math;
use crate::spectral::{MatrixPower, SymmetricMatrix, power};

/// Which matrix, and which of its powers.
#[derive(Clone, Debug, PartialEq)]
pub struct MatrixPowerConfig {
    /// M: spectrum and seed of the eigenvectors.
    pub matrix: MatrixConfig,
    /// k: how often M is multiplied, from 0.
    pub k: u64,
}

/// M beside M^k. Logarithms to base 10.
#[derive(Clone, Debug, PartialEq)]
pub struct MatrixPowerStudy {
    /// n: rows, and columns, of M.
    pub size: usize,
    /// M, row by row: n² numbers.
    pub matrix: Vec<f64>,
    /// M^k / max |M^k|, row by row, by multiplication; zeros for the zero matrix.
    pub power: Vec<f64>,
    /// log10 max |M^k|.
    pub power_log10_max: f64,
    /// The eigenvalues of the multiplied matrix beside λ_i^k.
    pub point: PowerPoint,
    /// log10 |trace M^k| and its sign.
    pub trace: (f64, f64),
    /// log10 ‖M^k‖₂ = k log10 |λ_1|.
    pub spectral_norm_log10: f64,
    /// log10 of the condition number |λ_1|^k / |λ_n|^k; +∞ for a singular matrix, NaN for the zero matrix.
    pub condition_number_log10: f64,
    /// The image of the unit circle in the plane of v_1 and v_2 under M^k / |λ_1|^k, in the coordinates
    /// (along v_1, along v_2), from the multiplied matrix.
    pub image: Vec<(f64, f64)>,
    /// λ_1 and λ_2, the two eigenvalues of the largest magnitude.
    pub leading: (f64, f64),
}

/// Points on the circle.
const CIRCLE: usize = 120;

/// As [`run_on`], building the matrix.
pub fn run(config: &MatrixPowerConfig) -> MatrixPowerStudy {
    run_on(&config.matrix.build(), config)
}

/// Multiplies M out to one power.
pub fn run_on(m: &SymmetricMatrix, config: &MatrixPowerConfig) -> MatrixPowerStudy {
    let (n, k) = (m.size(), config.k);
    let raised = power(&m.matrix, k);
    let largest = raised.matrix.amax();
    let scale = if largest > 0.0 { largest } else { 1.0 };
    let rows = |matrix: &nalgebra::DMatrix<f64>, scale: f64| {
        (0..n * n).map(|i| matrix[(i / n, i % n)] / scale).collect::<Vec<f64>>()
    };
    let value = |i: usize| m.eigenvalues.get(i).copied().unwrap_or(0.0);
    let to_the_k = |lambda: f64| if k == 0 { 0.0 } else { k as f64 * math::log10(lambda.abs()) };
    let (first, last) = (to_the_k(value(0)), to_the_k(value(n.saturating_sub(1))));
    let trace = raised.matrix.trace();
    MatrixPowerStudy {
        size: n,
        matrix: rows(&m.matrix, 1.0),
        power: rows(&raised.matrix, scale),
        power_log10_max: raised.log10_max_abs(),
        point: PowerPoint::new(m, k, &raised),
        trace: (math::log10(trace.abs()) + raised.exponent as f64 * std::f64::consts::LOG10_2, trace.signum()),
        spectral_norm_log10: first,
        condition_number_log10: if first == f64::NEG_INFINITY { f64::NAN } else { first - last },
        image: image(m, &raised, first),
        leading: (value(0), value(1)),
    }
}

/// <v_i, M^k (cos a v_1 + sin a v_2)> / |λ_1|^k for i = 1, 2 around the circle.
fn image(m: &SymmetricMatrix, raised: &MatrixPower, log10_norm: f64) -> Vec<(f64, f64)> {
    if m.size() < 2 || log10_norm == f64::NEG_INFINITY {
        return vec![(0.0, 0.0)];
    }
    let factor = math::exp((raised.exponent as f64 * std::f64::consts::LOG10_2 - log10_norm) * math::LN_10);
    let (first, second) = (m.eigenvectors.column(0), m.eigenvectors.column(1));
    // Of a linear map on a plane four numbers are enough.
    let images = [&raised.matrix * first, &raised.matrix * second];
    let along = |v: &nalgebra::DVector<f64>| (first.dot(v) * factor, second.dot(v) * factor);
    let (of_first, of_second) = (along(&images[0]), along(&images[1]));
    (0..=CIRCLE)
        .map(|i| {
            let angle = 2.0 * math::PI * i as f64 / CIRCLE as f64;
            let (c, s) = (math::cos(angle), math::sin(angle));
            (c * of_first.0 + s * of_second.0, c * of_first.1 + s * of_second.1)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn study(eigenvalues: &[f64], k: u64) -> MatrixPowerStudy {
        run(&MatrixPowerConfig { matrix: MatrixConfig { eigenvalues: eigenvalues.to_vec(), seed: 4 }, k })
    }

    #[test]
    fn the_image_of_the_circle_is_an_ellipse_with_the_powers_as_half_axes() {
        let found = study(&[1.2, -0.6, 0.1], 3);
        let along = found.image.iter().map(|(x, _)| x.abs()).fold(0.0, f64::max);
        let across = found.image.iter().map(|(_, y)| y.abs()).fold(0.0, f64::max);
        assert!((along - 1.0).abs() < 1e-12 && (across - 0.125).abs() < 1e-12, "{along} {across}");
    }

    #[test]
    fn norms_trace_and_condition_number_are_those_of_the_spectrum() {
        let found = study(&[2.0, -1.0, 0.5], 2);
        assert!((found.trace.0 - 5.25f64.log10()).abs() < 1e-14);
        assert!((found.spectral_norm_log10 - 4f64.log10()).abs() < 1e-15);
        assert!((found.condition_number_log10 - 16f64.log10()).abs() < 1e-14);
    }

    #[test]
    fn nothing_overflows_at_any_power_and_the_zero_matrix_is_an_answer() {
        for k in [0, 1, 1_000, 1_000_000] {
            let found = study(&[1.5, -1.5, 0.3], k);
            assert!(found.power.iter().chain(&found.matrix).all(|x| x.is_finite()));
            assert!(found.image.iter().all(|(x, y)| x.is_finite() && y.is_finite()), "k = {k}");
        }
        let zero = study(&[0.0, 0.0], 3);
        assert_eq!((zero.power_log10_max, zero.image), (f64::NEG_INFINITY, vec![(0.0, 0.0)]));
    }
}
