//! What truncated backpropagation through time would leave out of dL/dW_hh.
use super::subject::{Found, Subject};
use crate::bptt::Truncation;
use crate::math;
use crate::network::{Role, log10_sum_of_squares};
use crate::scaled::Scaled;

/// The windows that are looked at, as far as they are shorter than the sequence: usual ones.
pub const WINDOWS: [usize; 3] = [35, 100, 200];

/// What a window leaves out.
///
/// ```text
/// lost = ‖G - G_k‖ / ‖G‖,   angle = arccos(⟨G, G_k⟩ / (‖G‖ ‖G_k‖)),   G = dL/dW_hh of all layers and directions together
/// ```
///
/// With a loss at the last step G_k follows it over the last k steps. With a loss at every step the sequence is cut into chunks of k
/// steps, as `detach()` does in PyTorch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// k.
    pub window: usize,
    /// log10 of the relative length of what is left out; -∞: nothing, NaN: dL/dW_hh is zero.
    pub lost_log10: f64,
    /// The angle in radians; NaN where either is zero.
    pub angle: f64,
}

impl Cut {
    /// Whether more is left out than is kept, or the rest points elsewhere: half of the length, or 45 degrees.
    pub fn is_most(&self) -> bool {
        self.lost_log10 > -0.301 || self.angle > 0.25 * math::PI
    }
}

/// Compares the gradient with that of a window.
pub(super) fn cut(subject: &Subject, whole: &Found, window: usize) -> Cut {
    let truncation = match subject.looks_at_every_step() {
        true => Truncation::chunks(window),
        false => Truncation::last(window),
    };
    let short = subject.run(truncation, true);
    let pairs: Vec<(&Scaled<f64>, &Scaled<f64>)> =
        (subject.tensors().iter().zip(whole.gradient.iter().zip(&short.gradient)))
            .filter(|((tensor, given), _)| tensor.role == Role::Recurrent && *given)
            .map(|(_, pair)| pair)
            .collect();
    let whole = norm(pairs.iter().map(|(whole, _)| whole.log10_norm()));
    let kept = norm(pairs.iter().map(|(_, short)| short.log10_norm()));
    let lost = norm(pairs.iter().map(|(whole, short)| {
        let mut difference = (*whole).clone();
        let negative: Vec<f64> = short.values.iter().map(|x| -x).collect();
        difference.add(&negative, short.exponent);
        difference.log10_norm()
    }));
    // Both as directions of length 1.
    let along: f64 = pairs.iter().map(|(a, b)| dot(&unit(a, whole), &unit(b, kept))).sum();
    let angle =
        if kept == f64::NEG_INFINITY { f64::NAN } else { math::atan2((1.0 - along * along).max(0.0).sqrt(), along) };
    Cut { window, lost_log10: lost - whole, angle }
}

fn norm(norms: impl Iterator<Item = f64>) -> f64 {
    let norms: Vec<f64> = norms.collect();
    log10_sum_of_squares(norms.iter().copied())
}

/// The part over the length of the whole.
fn unit(part: &Scaled<f64>, log10_length: f64) -> Vec<f64> {
    let shift = part.exponent as f64 * std::f64::consts::LOG10_2 - log10_length;
    // The values are of moderate size; what is far smaller than the whole is zero beside it.
    let factor = math::exp(shift.clamp(-280.0, 280.0) * math::LN_10);
    part.values.iter().map(|x| x * factor).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
