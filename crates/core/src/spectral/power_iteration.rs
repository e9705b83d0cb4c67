//! Power iteration: x, Mx, M²x, ... normalised at every step, in the machine's own arithmetic.
use crate::math;
use crate::vector::{accurate_dot, euclidean_norm};
use nalgebra::{DMatrix, DVector};

/// M^k x as a direction and the logarithm of its length.
#[derive(Clone, Debug, PartialEq)]
pub struct Iterate {
    /// M^k x / ‖M^k x‖; zero where M^k x = 0.
    pub direction: Vec<f64>,
    /// log10 ‖M^k x‖; -∞ where M^k x = 0.
    pub log10_norm: f64,
    /// The angle in radians, 0..=π/2, between M^k x and the line spanned by the reference direction; `None` where
    /// M^k x = 0, which has no direction.
    pub angle: Option<f64>,
}

/// M^k x for the powers `ks` (rising), with the angle to the line of `reference` (a unit vector). Every power is passed
/// through; only those are measured.
///
/// The angle is atan2(‖x - <x,v>v‖, |<x,v>|) and not acos |<x,v>|, which loses half its digits near zero.
/// What is found is what power iteration does in double precision: the angle stops falling near 1e-16.
pub fn power_iteration(matrix: &DMatrix<f64>, start: &[f64], reference: &[f64], ks: &[u64]) -> Vec<Iterate> {
    let mut x = DVector::from_column_slice(start);
    let mut next = x.clone();
    let (mut k, mut log10_norm) = (0, 0.0);
    let mut norm = normalize(&mut x, &mut log10_norm);
    let mut iterates = Vec::with_capacity(ks.len());
    for wanted in ks {
        while k < *wanted {
            matrix.mul_to(&x, &mut next);
            std::mem::swap(&mut x, &mut next);
            norm = normalize(&mut x, &mut log10_norm);
            k += 1;
        }
        let angle = (norm > 0.0).then(|| line_angle(x.as_slice(), reference));
        iterates.push(Iterate { direction: x.as_slice().to_vec(), log10_norm, angle });
    }
    iterates
}

/// Brings x to unit length, and takes the length that it had into the logarithm of M^k x's. Returns that length.
fn normalize(x: &mut DVector<f64>, log10_norm: &mut f64) -> f64 {
    let norm = euclidean_norm(x.as_slice());
    if norm > 0.0 {
        *x /= norm;
        *log10_norm += math::log10(norm);
    } else {
        *log10_norm = f64::NEG_INFINITY;
    }
    norm
}

/// The angle in radians between a unit vector and the line of another unit vector.
fn line_angle(x: &[f64], reference: &[f64]) -> f64 {
    let along = accurate_dot(x, reference);
    let rest: Vec<f64> = x.iter().zip(reference).map(|(a, b)| a - along * b).collect();
    math::atan2(euclidean_norm(&rest), along.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worked_iteration() {
        // diag(2, 1), x = (1, 1)/√2: tan θ_k = 2^-k, ‖M^k x‖² = (4^k + 1)/2.
        let m = DMatrix::from_diagonal(&DVector::from_column_slice(&[2.0, 1.0]));
        let iterates = power_iteration(&m, &[0.5f64.sqrt(), 0.5f64.sqrt()], &[1.0, 0.0], &(0..=20).collect::<Vec<_>>());
        for (k, iterate) in iterates.iter().enumerate() {
            let tangent = 0.5f64.powi(k as i32);
            assert!((iterate.angle.unwrap() - tangent.atan()).abs() < 1e-15, "k = {k}");
            assert!((iterate.log10_norm - (0.5 * (4f64.powi(k as i32) + 1.0)).log10() / 2.0).abs() < 1e-14);
        }
    }

    #[test]
    fn the_zero_vector_has_no_direction() {
        let m = DMatrix::zeros(2, 2);
        let iterates = power_iteration(&m, &[1.0, 0.0], &[1.0, 0.0], &[0, 1, 2]);
        assert_eq!(iterates[0].angle, Some(0.0));
        assert_eq!((iterates[1].angle, iterates[2].log10_norm), (None, f64::NEG_INFINITY));
    }
}
