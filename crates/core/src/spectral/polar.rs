//! The orthogonal matrix that is nearest to a given one.
use nalgebra::DMatrix;

/// Steps after which an iteration that has not come to rest is given up; a usual matrix needs fewer than 10.
const MOST: usize = 60;
/// Singular values below this share of the largest are taken for zero.
const SINGULAR: f64 = 1e-13;

/// U Vᵀ for A = U Σ Vᵀ: of all orthogonal matrices the nearest to A in the Frobenius norm, and in every other norm that
/// orthogonal matrices keep. `None` where A has no such one matrix, because it is singular or not finite.
///
/// ```text
/// X_0 = A,   X_(k+1) = (μ X_k + X_k⁻ᵀ/μ)/2,   μ = √(‖X_k⁻¹‖_F/‖X_k‖_F)
/// ```
///
/// Fan and Hoffman, "Some metric inequalities in the space of matrices" (1955), theorem 1; the iteration is Newton's for Xᵀ X = I,
/// scaled: Higham, "Computing the polar decomposition, with applications" (1986), equation 3.1 and section 3.3.
pub fn nearest_orthogonal(matrix: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    let n = matrix.nrows();
    if matrix.iter().any(|x| !x.is_finite()) {
        return None;
    }
    let largest = matrix.amax();
    let mut x = matrix / if largest > 0.0 { largest } else { return None };
    let mut before = f64::INFINITY;
    for step in 0..MOST {
        let inverse = x.clone().try_inverse()?;
        let (norm, of_inverse) = (x.norm(), inverse.norm());
        // ‖X‖_F ‖X⁻¹‖_F is at least the condition number of X.
        if !of_inverse.is_finite() || step == 0 && norm * of_inverse > 1.0 / SINGULAR {
            return None;
        }
        // Near the end the scale is 1, and the convergence is quadratic by itself.
        let mu = if before < 1e-2 { 1.0 } else { (of_inverse / norm).sqrt() };
        let next = (&x * mu + inverse.transpose() / mu) * 0.5;
        let change = (&next - &x).amax();
        x = next;
        if change <= f64::EPSILON * n as f64 || change >= before && before < 1e-10 {
            break;
        }
        before = change;
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;
    use crate::spectral::haar_orthogonal;

    #[test]
    fn a_product_of_an_orthogonal_and_a_positive_matrix_gives_back_the_orthogonal_one() {
        for (n, least) in [(1, 1.0), (2, 1e-3), (9, 1e-8), (40, 0.5)] {
            let mut stream = Stream::new(n as u64, "polar");
            let (q, v) = (haar_orthogonal(n, &mut stream), haar_orthogonal(n, &mut stream));
            // Q (V Σ Vᵀ) with singular values from 3 down to `least`.
            let sigma = DMatrix::from_diagonal(&nalgebra::DVector::from_fn(n, |i, _| {
                if i + 1 == n { least } else { 3.0 / (1.0 + i as f64) }
            }));
            let found = nearest_orthogonal(&(&q * (&v * sigma * v.transpose()))).expect("it is not singular");
            assert!((&found - &q).amax() < 1e-14 / least, "{n}: {}", (&found - &q).amax());
            assert!((found.transpose() * &found - DMatrix::identity(n, n)).amax() < 1e-14 * n as f64, "{n}");
        }
    }

    #[test]
    fn no_orthogonal_matrix_is_nearer() {
        let mut stream = Stream::new(3, "polar");
        let a = DMatrix::from_fn(5, 5, |_, _| stream.normal());
        let distance = |q: &DMatrix<f64>| (&a - q).norm();
        let nearest = distance(&nearest_orthogonal(&a).expect("it is not singular"));
        assert!((0..200).all(|_| distance(&haar_orthogonal(5, &mut stream)) > nearest));
    }

    #[test]
    fn a_singular_matrix_and_one_that_is_not_finite_have_none() {
        for values in [[1.0, 1.0, 1.0, 1.0], [0.0; 4], [f64::NAN, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1e-200]] {
            assert_eq!(nearest_orthogonal(&DMatrix::from_row_slice(2, 2, &values)), None, "{values:?}");
        }
        assert!(nearest_orthogonal(&DMatrix::from_row_slice(2, 2, &[1e300, 0.0, 0.0, 1e298])).is_some());
    }
}
