//! Penalties on the size of the weights: terms that are added to the loss.
//!
//! ```text
//! L1:  Ω = l1 · Σ |w|          dΩ/dw = l1 · sign(w),   sign(0) = 0
//! L2:  Ω = (l2/2) · Σ w²       dΩ/dw = l2 · w
//! ```
//!
//! L1: Tibshirani, "Regression shrinkage and selection via the lasso" (1996); L2: Hoerl and Kennard, "Ridge regression"
//! (1970), as weight decay Krogh and Hertz 1992. Both are functions of the weights alone: they pull on the recurrent
//! matrix, and so on its spectral radius, over many steps; they know nothing of the gradient. The L2 gradient is the
//! same as the coupled weight decay of [`crate::optimizers`].
use crate::network::Weights;
use crate::real::Real;

/// l1 · Σ |w|, summed in f64. (1, -2, 0) gives 0.3 for l1 = 0.1.
pub fn l1_penalty<R: Real>(weights: &Weights<R>, l1: f64) -> f64 {
    l1 * entries(weights).map(f64::abs).sum::<f64>()
}

/// (l2/2) · Σ w², summed in f64. (1, -2, 0) gives 0.25 for l2 = 0.1.
pub fn l2_penalty<R: Real>(weights: &Weights<R>, l2: f64) -> f64 {
    0.5 * l2 * entries(weights).map(|w| w * w).sum::<f64>()
}

/// Adds l1 · sign(w) to the gradient; nothing where w = 0 or NaN.
///
/// The pull does not weaken near zero: weights of less than the learning rate times l1 step over it and back.
pub fn add_l1_gradient<R: Real>(gradient: &mut Weights<R>, weights: &Weights<R>, l1: f64) {
    let l1 = R::from_f64(l1);
    for_pairs(gradient, weights, |g, w| {
        // Both comparisons, without a branch: the loop stays a vector loop.
        let up = if w > R::ZERO { l1 } else { R::ZERO };
        let down = if w < R::ZERO { l1 } else { R::ZERO };
        *g += up - down;
    });
}

/// Adds l2 · w to the gradient.
pub fn add_l2_gradient<R: Real>(gradient: &mut Weights<R>, weights: &Weights<R>, l2: f64) {
    let l2 = R::from_f64(l2);
    for_pairs(gradient, weights, |g, w| *g += l2 * w);
}

fn entries<R: Real>(weights: &Weights<R>) -> impl Iterator<Item = f64> + '_ {
    weights.tensors.iter().flat_map(|tensor| &tensor.values).map(|w| w.to_f64())
}

fn for_pairs<R: Real>(gradient: &mut Weights<R>, weights: &Weights<R>, add: impl Fn(&mut R, R)) {
    for (gradient, weights) in gradient.tensors.iter_mut().zip(&weights.tensors) {
        gradient.values.iter_mut().zip(&weights.values).for_each(|(g, w)| add(g, *w));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells;
    use crate::network::{Network, index};

    fn network(b_ih: &[f64]) -> Weights<f64> {
        let cell = &cells::TANH;
        let mut weights = Network {
            cell,
            layers: 1,
            input_size: 1,
            hidden_size: b_ih.len(),
            output_size: 1,
            normalization: None,
            constants: cell.usual_constants(),
        }
        .zeros();
        weights.tensors[index::B_IH].values = b_ih.to_vec();
        weights
    }

    #[test]
    fn worked_penalties() {
        let weights = network(&[1.0, -2.0, 0.0]);
        assert!((l1_penalty(&weights, 0.1) - 0.3).abs() < 1e-16);
        assert!((l2_penalty(&weights, 0.1) - 0.25).abs() < 1e-16);
    }

    #[test]
    fn worked_gradients_are_added_and_vanish_at_zero() {
        let weights = network(&[1.5, -2.0, 0.0, -0.0]);
        let mut gradient = network(&[10.0; 4]);
        add_l1_gradient(&mut gradient, &weights, 0.5);
        assert_eq!(gradient, network(&[10.5, 9.5, 10.0, 10.0]));
        add_l2_gradient(&mut gradient, &weights, 2.0);
        assert_eq!(gradient, network(&[13.5, 5.5, 10.0, 10.0]));
    }

    #[test]
    fn the_gradients_are_the_slopes_of_the_penalties() {
        let (weights, step) = (network(&[0.7, -0.3, 1.9]), 1e-6);
        let mut gradient = weights.zeros_like();
        add_l1_gradient(&mut gradient, &weights, 0.4);
        add_l2_gradient(&mut gradient, &weights, 0.6);
        for i in 0..3 {
            let moved = |step: f64| {
                let mut moved = weights.clone();
                moved.tensors[index::B_IH].values[i] += step;
                l1_penalty(&moved, 0.4) + l2_penalty(&moved, 0.6)
            };
            let slope = (moved(step) - moved(-step)) / (2.0 * step);
            assert!((slope - gradient.tensors[index::B_IH].values[i]).abs() < 1e-9);
        }
    }
}
