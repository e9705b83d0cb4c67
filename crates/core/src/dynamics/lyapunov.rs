//! Finite-time Lyapunov exponents: at which rate a sequence of Jacobians stretches, direction by direction.
//!
//! ```text
//! J_t Q_{t-1} = Q_t R_t,   exponent_i = (1/T) Σ_t ln (R_t)_ii
//! ```
//!
//! Source: Benettin, Galgani, Giorgilli and Strelcyn 1980, "Lyapunov characteristic exponents for smooth dynamical
//! systems and for Hamiltonian systems; a method for computing all of them". In nats per step. The sum of the m largest
//! is the rate at which volumes of dimension m grow. For T → ∞ they are the rates of the singular values of the product;
//! after few steps they still depend on Q_0.
use super::frame::Frame;
use crate::math;
use crate::order::order_by;
use crate::random::Stream;

/// The exponents of a sequence of n by n factors that are applied one after the other.
#[derive(Clone, Debug)]
pub struct LyapunovExponents {
    n: usize,
    frame: Frame,
    /// Which direction each vector of the basis belongs to: some may have been brought to zero.
    directions: Vec<usize>,
    /// Σ ln |r_ii|; -∞ for a direction that is lost.
    sums: Vec<f64>,
    steps: usize,
}

impl LyapunovExponents {
    /// No factors yet; Q_0 = 1.
    pub fn new(n: usize) -> Self {
        Self::from_frame(n, Frame::identity(n))
    }

    /// No factors yet; Q_0 uniform over the orthogonal group.
    pub fn from_random_start(n: usize, stream: &mut Stream) -> Self {
        Self::from_frame(n, Frame::random(n, stream))
    }

    fn from_frame(n: usize, frame: Frame) -> Self {
        Self { n, frame, directions: (0..n).collect(), sums: vec![0.0; n], steps: 0 }
    }

    /// The next factor, n by n, by rows. Once one had a NaN or an infinity (or another size), all exponents are NaN.
    pub fn push(&mut self, factor: &[f64]) {
        let n = self.n;
        self.steps += 1;
        if factor.len() != n * n || self.sums.iter().any(|x| x.is_nan()) || factor.iter().any(|x| !x.is_finite()) {
            self.sums.fill(f64::NAN);
            return;
        }
        let mut transposed = vec![0.0; n * n];
        for (row, values) in factor.chunks_exact(n).enumerate() {
            values.iter().enumerate().for_each(|(column, x)| transposed[column * n + row] = *x);
        }
        let (sums, directions) = (&mut self.sums, &mut self.directions);
        let shift = self.frame.push(&transposed, &mut |triangle| {
            let (mut rank, mut column) = (0, 0);
            directions.retain(|direction| {
                // A vector that gave a new direction has its length at the next place; others have nothing there.
                let length = if rank < triangle.rank { triangle.at(rank, column).abs() } else { 0.0 };
                sums[*direction] += math::ln(length);
                column += 1;
                rank += usize::from(length > 0.0);
                length > 0.0
            });
        });
        for direction in &self.directions {
            self.sums[*direction] += shift as f64 * math::LN_2;
        }
    }

    /// The exponents, falling, in nats per step; -∞ for directions that were brought to zero; 0 before the first factor.
    pub fn exponents(&self) -> Vec<f64> {
        let order = order_by(self.n, &|a, b| self.sums[b].total_cmp(&self.sums[a]));
        order.into_iter().map(|i| self.sums[i] / self.steps.max(1) as f64).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectral::haar_orthogonal;
    use nalgebra::{DMatrix, DVector};

    /// The largest exponent of h = tanh(W h), n = 50, over 500 steps from a random state; the median over nine seeds.
    fn of_tanh_networks(weights: impl Fn(&mut Stream) -> DMatrix<f64>) -> f64 {
        let exponents: Vec<f64> = (0..9)
            .map(|seed| {
                let mut stream = Stream::new(seed, "network");
                let w = weights(&mut stream).transpose();
                let n = w.nrows();
                let (mut h, mut lyapunov) = (stream.normals(n), LyapunovExponents::new(n));
                for _ in 0..500 {
                    let inputs = w.tr_mul(&DVector::from_column_slice(&h));
                    h = inputs.iter().map(|x| math::tanh(*x)).collect();
                    // The columns of Wᵀ are the rows of W.
                    let slopes = h.iter().flat_map(|h| std::iter::repeat_n(1.0 - h * h, n));
                    let jacobian: Vec<f64> = w.iter().zip(slopes).map(|(x, slope)| x * slope).collect();
                    lyapunov.push(&jacobian);
                }
                lyapunov.exponents()[0]
            })
            .collect();
        crate::order::sorted(&exponents)[4]
    }

    #[test]
    fn tanh_networks_have_their_known_exponents() {
        // Medians over many seeds with gain 3: -.10 for symmetric normals scaled to a spectral radius of 3, .26 for
        // independent normals, .28 for orthogonal matrices. Those of nine seeds move by a few hundredths.
        let gain = 3.0;
        let normals = |stream: &mut Stream| DMatrix::from_vec(50, 50, stream.normals(2_500));
        let symmetric = |stream: &mut Stream| {
            let w = normals(stream);
            let w = &w + w.transpose();
            let radius = crate::dynamics::spectral_radius(&w);
            w * (gain / radius)
        };
        assert!((of_tanh_networks(symmetric) + 0.10).abs() < 0.05);
        assert!((of_tanh_networks(|stream| normals(stream) * (gain / 50f64.sqrt())) - 0.26).abs() < 0.03);
        assert!((of_tanh_networks(|stream| haar_orthogonal(50, stream) * gain) - 0.28).abs() < 0.03);
    }

    #[test]
    fn diagonal_factors_have_their_logarithms() {
        let mut lyapunov = LyapunovExponents::new(3);
        (0..10).for_each(|_| lyapunov.push(&[0.5, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, -1e-200]));
        for (found, wanted) in lyapunov.exponents().iter().zip([2f64.ln(), 0.5f64.ln(), 1e-200f64.ln()]) {
            assert!((found - wanted).abs() < 1e-12, "{found} {wanted}");
        }
    }

    #[test]
    fn orthogonal_factors_have_exponents_of_zero_from_any_start() {
        let n = 12;
        for mut lyapunov in
            [LyapunovExponents::new(n), LyapunovExponents::from_random_start(n, &mut Stream::new(1, "test"))]
        {
            (0..50).for_each(|seed| lyapunov.push(haar_orthogonal(n, &mut Stream::new(seed, "test")).as_slice()));
            assert!(lyapunov.exponents().iter().all(|x| x.abs() < 1e-14));
        }
    }

    #[test]
    fn the_sum_is_the_mean_of_the_logarithm_of_the_determinant() {
        // [[1, 2], [3, 4]]: |det| = 2; the largest exponent tends to ln |λ_1| = ln (5 + √33)/2.
        let mut lyapunov = LyapunovExponents::new(2);
        (0..1_000).for_each(|_| lyapunov.push(&[1.0, 2.0, 3.0, 4.0]));
        let found = lyapunov.exponents();
        assert!((found[0] + found[1] - 2f64.ln()).abs() < 1e-12);
        assert!((found[0] - (2.5 + 33f64.sqrt() / 2.0).ln()).abs() < 1e-3, "{found:?}");
    }

    #[test]
    fn lost_directions_are_minus_infinity_and_what_is_not_finite_is_nan() {
        let mut lyapunov = LyapunovExponents::new(2);
        assert_eq!(lyapunov.exponents(), [0.0, 0.0]);
        (0..3).for_each(|_| lyapunov.push(&[0.0, 1.0, 0.0, 2.0]));
        let found = lyapunov.exponents();
        assert!(found[0].is_finite() && found[1] == f64::NEG_INFINITY, "{found:?}");
        lyapunov.push(&[0.0; 4]);
        assert_eq!(lyapunov.exponents(), [f64::NEG_INFINITY; 2]);
        lyapunov.push(&[f64::NAN; 4]);
        assert!(lyapunov.exponents().iter().all(|x| x.is_nan()));
    }
}
