//! One start's way to v_1: M^k x by multiplication, beside the exact angle.
use super::MatrixConfig;
use crate::math;
use crate::random::Stream;
use crate::spectral::{SymmetricMatrix, accurate_dot, align, euclidean_norm, power_iteration, steps_to_align};

/// Where x comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// Uniform on the unit sphere, from the seed's stream "start".
    Random,
    /// x = along v_1 + across v_2 + depth v_3; for n > 3, `across` goes along what the random start has at a right angle
    /// to v_1, and `depth` counts for nothing.
    Chosen {
        /// Along v_1, to which M^k x turns.
        along: f64,
        /// Along v_2, or along the drawn direction.
        across: f64,
        /// Along v_3, for n = 3.
        depth: f64,
    },
}

/// Which matrix, which start, how far.
#[derive(Clone, Debug, PartialEq)]
pub struct AlignmentConfig {
    /// M: spectrum and seed of the eigenvectors.
    pub matrix: MatrixConfig,
    /// The seed of the stream that x is drawn from.
    pub seed: u64,
    /// How x is chosen; it need not be of unit length.
    pub start: Start,
    /// The powers k, rising.
    pub ks: Vec<u64>,
    /// τ: aligned means tan θ_k <= τ.
    pub tangent: f64,
}

/// M^k x at one k.
#[derive(Clone, Debug, PartialEq)]
pub struct AlignmentPoint {
    /// k: how often M was multiplied, from 0.
    pub k: u64,
    /// log10 of the angle in radians between M^k x and the line of v_1, by multiplication in double precision; NaN
    /// where M^k x = 0.
    pub measured: f64,
    /// log10 of the same angle from the coefficients of x in the eigenbasis: right below what multiplication reaches.
    pub exact: f64,
    /// log10 of the angle to the span of all eigenvectors of largest |λ|.
    pub to_dominant_space: f64,
    /// log10 of the bound atan(r^k tan θ_0).
    pub bound: f64,
    /// log10 ‖M^k x‖, exact; -∞ where it is 0.
    pub log10_norm: f64,
    /// M^k x / ‖M^k x‖, by multiplication: along v_1; along v_2 (for n > 3 the length of all that is not along v_1);
    /// along v_3 (n = 3).
    pub place: [f64; 3],
}

/// One start's way to v_1.
#[derive(Clone, Debug, PartialEq)]
pub struct AlignmentStudy {
    /// n: rows of M, and the length of x.
    pub size: usize,
    /// λ_1: the eigenvalue of the largest magnitude, with its sign.
    pub leading_eigenvalue: f64,
    /// r = |λ_2/λ_1|; `None` for n < 2 or λ_1 = 0.
    pub rate: Option<f64>,
    /// How many eigenvalues equal λ_1, and how many equal -λ_1.
    pub multiplicity: (usize, usize),
    /// x in the coordinates of [`AlignmentPoint::place`], not normalised.
    pub start: [f64; 3],
    /// |<x, v_1>| / ‖x‖; NaN for x = 0.
    pub overlap: f64,
    /// In the order of the configuration.
    pub points: Vec<AlignmentPoint>,
    /// The smallest k from which on tan θ_k <= τ for this x.
    pub steps_to_align: Option<u64>,
}

/// As [`run_on`], building the matrix.
pub fn run(config: &AlignmentConfig) -> AlignmentStudy {
    run_on(&config.matrix.build(), config)
}

/// Iterates M on the start.
pub fn run_on(m: &SymmetricMatrix, config: &AlignmentConfig) -> AlignmentStudy {
    let n = m.size();
    let columns: Vec<Vec<f64>> = (0..n).map(|i| m.eigenvectors.column(i).iter().copied().collect()).collect();
    let (start, coefficients) = start(m, &columns, config);
    let reference = columns.first().cloned().unwrap_or_default();
    let iterates = power_iteration(&m.matrix, &start, &reference, &config.ks);
    let exact = |k: u64| align(&m.eigenvalues, &coefficients, 0, k);
    let rate = m.rate();
    let log10_rate = rate.map_or(f64::NAN, math::log10);
    let first = exact(0).1.map_or(f64::NAN, |found| found.log10_tan);
    let angle = |x: Option<f64>| x.map_or(f64::NAN, super::log10_angle);
    let points = config.ks.iter().zip(&iterates).map(|(k, iterate)| {
        let (log10_norm, found) = exact(*k);
        AlignmentPoint {
            k: *k,
            measured: iterate.angle.map_or(f64::NAN, math::log10),
            exact: angle(found.map(|found| found.log10_tan)),
            to_dominant_space: found.map_or(f64::NAN, |found| math::log10(found.dominant_space_angle)),
            bound: angle(found.map(|_| if *k == 0 { first } else { first + *k as f64 * log10_rate })),
            log10_norm,
            place: place(&iterate.direction, &columns),
        }
    });
    let leading = m.eigenvalues.first().copied().unwrap_or(0.0);
    let count = |value: f64| m.eigenvalues.iter().filter(|lambda| **lambda == value).count();
    let norm = euclidean_norm(&coefficients);
    AlignmentStudy {
        size: n,
        leading_eigenvalue: leading,
        rate,
        multiplicity: (count(leading), if leading == 0.0 { 0 } else { count(-leading) }),
        start: place(&start, &columns),
        overlap: coefficients.first().map_or(f64::NAN, |c| c.abs() / norm),
        points: points.collect(),
        steps_to_align: steps_to_align(&m.eigenvalues, &coefficients, 0, config.tangent),
    }
}

/// x as the configuration chooses it: n numbers, not normalised where it was chosen by hand.
pub fn start_vector(m: &SymmetricMatrix, config: &AlignmentConfig) -> Vec<f64> {
    let columns: Vec<Vec<f64>> = (0..m.size()).map(|i| m.eigenvectors.column(i).iter().copied().collect()).collect();
    start(m, &columns, config).0
}

/// x, and its coefficients in the eigenbasis. A chosen start has exact coefficients: exactly orthogonal is possible.
fn start(m: &SymmetricMatrix, columns: &[Vec<f64>], config: &AlignmentConfig) -> (Vec<f64>, Vec<f64>) {
    let n = m.size();
    match config.start {
        Start::Random => {
            let x = Stream::new(config.seed, "start").unit_vector(n);
            let coefficients = columns.iter().map(|v| accurate_dot(&x, v)).collect();
            (x, coefficients)
        }
        Start::Chosen { along, across, depth } => {
            let mut coefficients = vec![0.0; n];
            if n > 3 {
                let random = Stream::new(config.seed, "start").unit_vector(n);
                coefficients = columns.iter().map(|v| accurate_dot(&random, v)).collect();
                let rest = euclidean_norm(&coefficients[1..]);
                coefficients.iter_mut().skip(1).for_each(|c| *c *= across / rest);
                coefficients[0] = along;
            } else {
                coefficients.iter_mut().zip([along, across, depth]).for_each(|(c, value)| *c = value);
            }
            let mut x = vec![0.0; n];
            for (c, v) in coefficients.iter().zip(columns) {
                x.iter_mut().zip(v).for_each(|(sum, component)| *sum += c * component);
            }
            (x, coefficients)
        }
    }
}

/// The coordinates in which a vector is drawn.
fn place(x: &[f64], columns: &[Vec<f64>]) -> [f64; 3] {
    let along = |i: usize| columns.get(i).map_or(0.0, |v| accurate_dot(x, v));
    if columns.len() > 3 {
        let c = along(0);
        let rest: Vec<f64> = x.iter().zip(&columns[0]).map(|(value, v)| value - c * v).collect();
        [c, euclidean_norm(&rest), 0.0]
    } else {
        [along(0), along(1), along(2)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn study(eigenvalues: &[f64], seed: u64, start: Start) -> AlignmentStudy {
        let matrix = MatrixConfig { eigenvalues: eigenvalues.to_vec(), seed };
        run(&AlignmentConfig { matrix, seed, start, ks: (0..=80).collect(), tangent: 0.1 })
    }

    #[test]
    fn multiplication_follows_the_exact_angle_down_to_rounding_and_both_stay_under_the_bound() {
        for seed in 0..20 {
            for point in study(&[1.2, 0.6, -0.5, 0.1], seed, Start::Random).points {
                assert!(point.exact <= point.bound + 1e-12);
                // The floor: rounding of M and of the products, a few 1e-16 over the gap.
                let (found, exact) = (10f64.powf(point.measured), 10f64.powf(point.exact));
                assert!((found - exact).abs() < 1e-9 * exact + 2e-15, "seed {seed}, k = {}: {found} {exact}", point.k);
            }
        }
    }

    #[test]
    fn rounding_rescues_a_start_that_is_exactly_orthogonal() {
        let found = study(&[1.2, 0.6], 5, Start::Chosen { along: 0.0, across: 1.0, depth: 0.0 });
        assert_eq!(found.steps_to_align, None);
        let last = found.points.last().unwrap();
        // Theory: orthogonal for ever. The machine: ln(2^53)/ln 2 = 53 steps, then aligned.
        assert_eq!(last.exact, (math::PI / 2.0).log10());
        assert!(last.measured < -5.0, "{}", last.measured);
    }

    #[test]
    fn the_zero_start_and_the_zero_matrix_have_no_angles() {
        let zero = study(&[1.2, 0.6], 5, Start::Chosen { along: 0.0, across: 0.0, depth: 0.0 });
        assert!(zero.points.iter().all(|point| point.measured.is_nan() && point.exact.is_nan()));
        let matrix = study(&[0.0, 0.0], 5, Start::Random);
        assert!(matrix.points[0].exact.is_finite() && matrix.points[1].exact.is_nan());
    }

    #[test]
    fn a_repeated_eigenvalue_is_counted_and_its_space_is_reached() {
        let found = study(&[1.1, 1.1, 0.5, -1.1], 2, Start::Random);
        assert_eq!(found.multiplicity, (2, 1));
        let last = found.points.last().unwrap();
        assert!(last.to_dominant_space < -10.0 && last.exact > -3.0);
    }

    #[test]
    fn the_place_has_unit_length_in_two_three_and_many_dimensions() {
        for eigenvalues in [&[1.1, 0.5][..], &[1.1, 0.5, 0.3], &[1.1, 0.5, 0.3, 0.2, 0.1]] {
            for point in study(eigenvalues, 3, Start::Random).points {
                assert!((euclidean_norm(&point.place) - 1.0).abs() < 1e-14);
            }
        }
    }
}
