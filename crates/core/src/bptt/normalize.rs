//! Normalisation of W_ih x_t and of W_hh h_{t-1}, forward and backward.
//!
//! ```text
//! x̂ = (x - mean) / √(var + ε),  y = γ ⊙ x̂
//! dL/dx = γ/√(var + ε) (dL/dy - mean(dL/dy) - x̂ mean(dL/dy x̂)),  dL/dγ = Σ dL/dy x̂
//! ```
//!
//! The means and the variances (biased) are taken over the batch for each unit, or over the units for each sequence, at
//! every time step anew ([`Normalization`]). Ioffe and Szegedy, "Batch normalization" (2015), algorithm 1 and section 3,
//! without β, for which the cell's own bias stands. In batch normalisation mean(dL/dy) has γ outside, in layer
//! normalisation γ belongs under the means, because it changes along them.
use crate::network::Normalization;
use crate::real::Real;

/// ε under the root in training and in the studies, PyTorch's default.
pub const EPSILON: f64 = 1e-5;

/// The shape of what is normalised together: rows are the sequences of a batch, columns the units.
#[derive(Clone, Copy)]
pub struct Shape {
    /// Whether means go over the rows (batch) or over the columns (layer).
    pub kind: Normalization,
    /// Sequences of the batch.
    pub rows: usize,
    /// Units: gates * hidden_size.
    pub columns: usize,
    /// ε: added to the variance under the root.
    pub epsilon: f64,
}

impl Shape {
    /// How many means there are at a time step.
    pub fn groups(self) -> usize {
        match self.kind {
            Normalization::Batch | Normalization::BatchWithCell => self.columns,
            Normalization::Layer => self.rows,
        }
    }

    fn group(self, row: usize, column: usize) -> usize {
        match self.kind {
            Normalization::Batch | Normalization::BatchWithCell => column,
            Normalization::Layer => row,
        }
    }

    fn members<R: Real>(self) -> R {
        R::from_f64(match self.kind {
            Normalization::Batch | Normalization::BatchWithCell => self.rows,
            Normalization::Layer => self.columns,
        } as f64)
    }

    /// Sums over each group.
    fn sums<R: Real>(self, out: &mut Vec<R>, value: impl Fn(usize, usize) -> R) {
        out.clear();
        out.resize(self.groups(), R::ZERO);
        for row in 0..self.rows {
            for column in 0..self.columns {
                out[self.group(row, column)] += value(row * self.columns + column, column);
            }
        }
    }
}

/// Room for the sums of a step.
pub struct Sums<R> {
    first: Vec<R>,
    second: Vec<R>,
}

impl<R> Default for Sums<R> {
    fn default() -> Self {
        Self { first: Vec::new(), second: Vec::new() }
    }
}

/// x → x̂ in place; 1/√(var + ε) of each group.
pub fn forward<R: Real>(shape: Shape, x: &mut [R], inverse_deviation: &mut [R], sums: &mut Sums<R>) {
    let members = shape.members::<R>();
    shape.sums(&mut sums.first, |i, _| x[i]);
    sums.first.iter_mut().for_each(|sum| *sum = *sum / members);
    let mean = &sums.first;
    for row in 0..shape.rows {
        for column in 0..shape.columns {
            let i = row * shape.columns + column;
            x[i] = x[i] - mean[shape.group(row, column)];
        }
    }
    shape.sums(&mut sums.second, |i, _| x[i] * x[i]);
    for (inverse, sum) in inverse_deviation.iter_mut().zip(&sums.second) {
        *inverse = R::ONE / (*sum / members + R::from_f64(shape.epsilon)).sqrt();
    }
    for row in 0..shape.rows {
        for column in 0..shape.columns {
            let i = row * shape.columns + column;
            x[i] = x[i] * inverse_deviation[shape.group(row, column)];
        }
    }
}

/// dL/dy → dL/dx in place; dL/dγ is added to `gain_gradient`.
pub fn backward<R: Real>(
    shape: Shape,
    gradient: &mut [R],
    normalised: &[R],
    inverse_deviation: &[R],
    gain: &[R],
    gain_gradient: &mut [R],
    sums: &mut Sums<R>,
) {
    for (row, normalised) in gradient.chunks_exact_mut(shape.columns).zip(normalised.chunks_exact(shape.columns)) {
        for j in 0..shape.columns {
            gain_gradient[j] += row[j] * normalised[j];
            row[j] = row[j] * gain[j];
        }
    }
    let members = shape.members::<R>();
    shape.sums(&mut sums.first, |i, _| gradient[i]);
    shape.sums(&mut sums.second, |i, _| gradient[i] * normalised[i]);
    for row in 0..shape.rows {
        for column in 0..shape.columns {
            let (i, group) = (row * shape.columns + column, shape.group(row, column));
            let mean = sums.first[group] / members;
            let along = sums.second[group] / members;
            gradient[i] = inverse_deviation[group] * (gradient[i] - mean - normalised[i] * along);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(kind: Normalization, x: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let shape = Shape { kind, rows: 3, columns: 2, epsilon: EPSILON };
        let (mut x, mut inverse) = (x.to_vec(), vec![0.0; shape.groups()]);
        forward(shape, &mut x, &mut inverse, &mut Sums::default());
        (x, inverse)
    }

    #[test]
    fn a_batch_has_mean_zero_and_variance_one_in_each_unit_and_a_constant_unit_becomes_zero() {
        // (1, 2, 3): mean 2, biased variance 2/3.
        let (x, inverse) = normalised(Normalization::Batch, &[1.0, 5.0, 2.0, 5.0, 3.0, 5.0]);
        let expected = 1.0 / (2.0 / 3.0 + EPSILON).sqrt();
        assert!((inverse[0] - expected).abs() < 1e-15 && (x[4] - expected).abs() < 1e-15);
        assert_eq!([x[1], x[2], x[3], x[5]], [0.0; 4]);
    }

    #[test]
    fn a_layer_is_normalised_over_the_units_of_each_sequence() {
        let (x, _) = normalised(Normalization::Layer, &[1.0, 3.0, -2.0, 2.0, 7.0, 7.0]);
        assert!((x[1] - 1.0 / (1.0 + EPSILON).sqrt()).abs() < 1e-15);
        assert_eq!(x[4..], [0.0, 0.0]);
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_value() {
        let x = [0.3, -1.0, 0.9, 0.4, -0.2, 1.7];
        let (gain, weight) = ([0.7, 1.3], [0.2, -0.5, 1.1, 0.4, -0.9, 0.6]);
        for kind in [Normalization::Batch, Normalization::Layer] {
            let shape = Shape { kind, rows: 3, columns: 2, epsilon: EPSILON };
            let value = |x: &[f64], gain: &[f64]| -> f64 {
                let (y, _) = normalised(kind, x);
                y.iter().enumerate().map(|(i, y)| gain[i % 2] * y * weight[i]).sum()
            };
            let (y, inverse) = normalised(kind, &x);
            let (mut gradient, mut of_gain) = (weight.to_vec(), [0.0; 2]);
            backward(shape, &mut gradient, &y, &inverse, &gain, &mut of_gain, &mut Sums::default());
            for i in 0..6 {
                let moved = |by: f64| {
                    let mut x = x;
                    x[i] += by;
                    value(&x, &gain)
                };
                let slope = (moved(1e-6) - moved(-1e-6)) / 2e-6;
                assert!((gradient[i] - slope).abs() < 1e-8, "{kind:?} {i}: {} {slope}", gradient[i]);
            }
            for j in 0..2 {
                let moved = |by: f64| {
                    let mut gain = gain;
                    gain[j] += by;
                    value(&x, &gain)
                };
                assert!((of_gain[j] - (moved(1e-6) - moved(-1e-6)) / 2e-6).abs() < 1e-8);
            }
        }
    }
}
