//! The angle between M^k x and the line of v_1, as power iteration finds it in double precision.
use super::MatrixConfig;
use crate::random::Stream;
use crate::spectral::{Iterate, accurate_dot, align, power_iteration, steps_to_align};

/// Which matrix, which start, how far.
#[derive(Clone, Debug, PartialEq)]
pub struct AlignmentConfig {
    /// M; its seed also draws x, from a stream of its own.
    pub matrix: MatrixConfig,
    /// The largest k.
    pub steps: usize,
    /// τ: aligned means tan θ_k <= τ.
    pub tangent: f64,
}

/// One start's way to v_1.
#[derive(Clone, Debug, PartialEq)]
pub struct AlignmentStudy {
    /// r = |λ_2/λ_1|; `None` for n < 2 or λ_1 = 0.
    pub rate: Option<f64>,
    /// M^k x for k = 0, 1, ..., by multiplication.
    pub iterates: Vec<Iterate>,
    /// log10 tan θ_k from the coefficients of x in the eigenbasis: right below what multiplication can reach; NaN where
    /// M^k x = 0.
    pub exact_log10_tan: Vec<f64>,
    /// log10 of the bound r^k tan θ_0.
    pub bound_log10_tan: Vec<f64>,
    /// The smallest k from which on tan θ_k <= τ for this x.
    pub steps_to_align: Option<u64>,
}

/// Iterates M on a start uniform on the unit sphere.
pub fn run(config: &AlignmentConfig) -> AlignmentStudy {
    let m = config.matrix.build();
    let start = Stream::new(config.matrix.seed, "start").unit_vector(m.size());
    let columns: Vec<Vec<f64>> = (0..m.size()).map(|i| m.eigenvectors.column(i).iter().copied().collect()).collect();
    let coefficients: Vec<f64> = columns.iter().map(|v| accurate_dot(&start, v)).collect();
    let reference = columns.first().cloned().unwrap_or_default();
    let iterates = power_iteration(&m.matrix, &start, &reference, config.steps);
    let exact: Vec<f64> = (0..=config.steps as u64)
        .map(|k| align(&m.eigenvalues, &coefficients, 0, k).1.map_or(f64::NAN, |found| found.log10_tan))
        .collect();
    let rate = m.rate();
    let log10_rate = rate.map_or(f64::NAN, crate::math::log10);
    let first = exact.first().copied().unwrap_or(f64::NAN);
    let bound = (0..=config.steps).map(|k| if k == 0 { first } else { first + k as f64 * log10_rate });
    AlignmentStudy {
        rate,
        iterates,
        bound_log10_tan: bound.collect(),
        steps_to_align: steps_to_align(&m.eigenvalues, &coefficients, 0, config.tangent),
        exact_log10_tan: exact,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;

    #[test]
    fn multiplication_follows_the_exact_angle_down_to_rounding_and_both_stay_under_the_bound() {
        for seed in 0..20 {
            let matrix = MatrixConfig { eigenvalues: vec![1.2, 0.6, -0.5, 0.1], seed };
            let study = run(&AlignmentConfig { matrix, steps: 80, tangent: 0.1 });
            for (k, iterate) in study.iterates.iter().enumerate() {
                let exact = study.exact_log10_tan[k];
                assert!(exact <= study.bound_log10_tan[k] + 1e-12);
                // The floor: rounding of M and of the products, a few 1e-16 over the gap.
                let (found, exact) = (math::tan(iterate.angle.unwrap()), math::exp(exact * math::LN_10));
                assert!((found - exact).abs() < 1e-9 * exact + 2e-15, "seed {seed}, k = {k}: {found} {exact}");
            }
        }
    }
}
