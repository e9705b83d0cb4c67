//! The losses: what the outputs are compared with, and dL/dy.
use crate::math;
use crate::real::Real;

/// The loss and what it compares with. Arrays are time-major: `target[t][b][o]`.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets {
    /// L = scale Σ_b ‖y_T - target_b‖²; B * output_size values.
    SquaredErrorLast(Vec<f64>),
    /// L = scale Σ_t Σ_b ‖y_t - target_tb‖²; T * B * output_size values.
    SquaredErrorAll(Vec<f64>),
    /// L = scale Σ_b -ln softmax(y_T)_{class_b}; B classes.
    CrossEntropyLast(Vec<usize>),
    /// L = scale Σ_t Σ_b -ln softmax(y_t)_{class_tb}; T * B classes.
    CrossEntropyAll(Vec<usize>),
    /// L = scale Σ_b ln(1 + exp(-s_b y_T)), s_b = 1 for class 1 and -1 for class 0, of one output; B classes.
    LogisticLast(Vec<usize>),
}

impl Targets {
    /// Whether there is a loss at every time step, not only at the last.
    pub fn at_every_step(&self) -> bool {
        matches!(self, Self::SquaredErrorAll(_) | Self::CrossEntropyAll(_))
    }

    /// Of a loss at each of so many steps, the part of the last one; what looks at the last alone as it is.
    pub fn of_last_step(&self, steps: usize) -> Self {
        fn end<T: Clone>(values: &[T], steps: usize) -> Vec<T> {
            values[values.len() - values.len() / steps.max(1)..].to_vec()
        }
        match self {
            Self::SquaredErrorAll(values) => Self::SquaredErrorLast(end(values, steps)),
            Self::CrossEntropyAll(classes) => Self::CrossEntropyLast(end(classes, steps)),
            Self::SquaredErrorLast(_) | Self::CrossEntropyLast(_) | Self::LogisticLast(_) => self.clone(),
        }
    }
}

/// L of the outputs that have a target, one row of `width` numbers each; writes dL/dy.
pub(super) fn loss<R: Real>(targets: &Targets, scale: f64, outputs: &[R], width: usize, gradient: &mut [R]) -> R {
    match targets {
        Targets::SquaredErrorLast(targets) | Targets::SquaredErrorAll(targets) => {
            squared_error(targets, R::from_f64(scale), outputs, gradient)
        }
        Targets::CrossEntropyLast(classes) | Targets::CrossEntropyAll(classes) => {
            cross_entropy(classes, R::from_f64(scale), outputs, width, gradient)
        }
        Targets::LogisticLast(classes) => logistic(classes, R::from_f64(scale), outputs, gradient),
    }
}

fn squared_error<R: Real>(targets: &[f64], scale: R, outputs: &[R], gradient: &mut [R]) -> R {
    let mut total = R::ZERO;
    let twice = R::from_f64(2.0) * scale;
    for ((y, target), gradient) in outputs.iter().zip(targets).zip(gradient) {
        let error = *y - R::from_f64(*target);
        total += error * error;
        *gradient = twice * error;
    }
    scale * total
}

/// The softmax is taken from the largest logit, so that nothing overflows.
fn cross_entropy<R: Real>(classes: &[usize], scale: R, outputs: &[R], width: usize, gradient: &mut [R]) -> R {
    let mut total = R::ZERO;
    for ((logits, class), gradient) in outputs.chunks_exact(width).zip(classes).zip(gradient.chunks_exact_mut(width)) {
        // Differences before anything is rounded to f64, which may be too narrow for the logits themselves.
        let largest = logits.iter().fold(logits[0], |largest, y| if *y > largest { *y } else { largest });
        let weight = |y: &R| math::exp((*y - largest).to_f64());
        let sum: f64 = logits.iter().map(weight).sum();
        total += R::from_f64(math::ln(sum)) - (logits[*class] - largest);
        for (j, (y, gradient)) in logits.iter().zip(gradient).enumerate() {
            let hit = if j == *class { 1.0 } else { 0.0 };
            *gradient = scale * R::from_f64(weight(y) / sum - hit);
        }
    }
    scale * total
}

/// ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|) for x = -s y, so that nothing overflows; its slope is sigm(x).
fn logistic<R: Real>(classes: &[usize], scale: R, outputs: &[R], gradient: &mut [R]) -> R {
    let mut total = R::ZERO;
    for ((y, class), gradient) in outputs.iter().zip(classes).zip(gradient) {
        let against = if *class == 1 { -*y } else { *y };
        // The exponential is taken in f64, where it is 0 or 1 for what f64 cannot hold.
        total += R::from_f64(math::ln_1p(math::exp(-against.abs().to_f64())));
        if against > R::ZERO {
            total += against;
        }
        let slope = scale * R::from_f64(math::sigmoid(against.to_f64()));
        *gradient = if *class == 1 { -slope } else { slope };
    }
    scale * total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_logits_cost_the_logarithm_of_their_number_whatever_their_size() {
        for size in [0.0, 1e4, -1e300] {
            let mut gradient = [0.0; 4];
            let found = loss(&Targets::CrossEntropyLast(vec![2]), 0.5, &[size; 4], 4, &mut gradient);
            assert!((found - 0.5 * 4.0f64.ln()).abs() < 1e-15);
            assert_eq!(gradient, [0.125, 0.125, -0.375, 0.125]);
        }
    }

    #[test]
    fn logits_beyond_f64_cost_their_difference() {
        use crate::scaled::Wide;
        let huge = Wide::ONE.scale_by_power_of_two(5_000);
        let mut gradient = [Wide::ZERO; 2];
        let found = loss(&Targets::CrossEntropyLast(vec![1]), 1.0, &[huge, Wide::ZERO], 2, &mut gradient);
        assert_eq!(found, huge);
        assert_eq!(gradient, [Wide::ONE, -Wide::ONE]);
    }

    #[test]
    fn an_undecided_output_costs_ln_2_and_a_large_one_itself_or_nothing() {
        let of = |y: f64, class: usize| {
            let mut gradient = [0.0];
            (loss(&Targets::LogisticLast(vec![class]), 0.5, &[y], 1, &mut gradient), gradient[0])
        };
        assert_eq!(of(0.0, 1), (0.5 * 2.0f64.ln(), -0.25));
        assert_eq!(of(0.0, 0), (0.5 * 2.0f64.ln(), 0.25));
        assert_eq!((of(1e300, 1), of(1e300, 0)), ((0.0, -0.0), (5e299, 0.5)));
        assert_eq!((of(-1e300, 1), of(-1e300, 0)), ((5e299, -0.5), (0.0, 0.0)));
        let (found, slope) = of(3.0f64.ln(), 1);
        assert!((found - 0.5 * (4.0f64 / 3.0).ln()).abs() < 1e-16 && (slope + 0.125).abs() < 1e-16);
        assert!(of(f64::NAN, 1).0.is_nan() && of(f64::NAN, 0).1.is_nan());
    }

    #[test]
    fn the_logistic_loss_holds_in_single_precision_and_beyond_f64() {
        use crate::scaled::Wide;
        let targets = Targets::LogisticLast(vec![0, 1]);
        let mut gradient = [0.0f32; 2];
        let found = loss(&targets, 1.0, &[1e30f32, 1e30], 2, &mut gradient);
        assert_eq!((found, gradient), (1e30, [1.0, 0.0]));
        let huge = Wide::ONE.scale_by_power_of_two(5_000);
        let mut gradient = [Wide::ZERO; 2];
        assert_eq!(loss(&targets, 1.0, &[huge, huge], 1, &mut gradient), huge);
        assert_eq!(gradient, [Wide::ONE, Wide::ZERO]);
    }

    #[test]
    fn a_squared_error_by_hand() {
        let mut gradient = [0.0; 2];
        let found = loss(&Targets::SquaredErrorAll(vec![1.0, -1.0]), 0.5, &[3.0, 0.0], 1, &mut gradient);
        assert_eq!((found, gradient), (2.5, [2.0, 1.0]));
    }
}
