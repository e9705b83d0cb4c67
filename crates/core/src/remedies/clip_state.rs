//! Clipping of the gradient that flows backward, at every time step.
//!
//! ```text
//! dL/dh_t ← min(max(dL/dh_t, -c), c), entry by entry, before it goes on to t - 1
//! ```
//!
//! Mikolov, "Statistical language models based on neural networks" (2012), section 3.2.2, who clips the errors that travel back
//! through the hidden units, with c = 15; Graves, "Generating sequences with recurrent neural networks" (2013), section 2.1, who clips the derivatives with respect
//! to the inputs of the LSTM's units; here it is the derivative with respect to the state itself, in every cell. What is cut
//! is lost for all earlier steps too: the result is no gradient of any loss.
use super::spec::{Method, Remedy, RemedySpec, Stage, Treats};
use crate::param::{Param, Settings, Value};
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "clip_state",
    title: "clip during backpropagation",
    does: "Cuts every entry of ∂L/∂hₜ to ±c at every step back: no entry exceeds c, and the norm is at most c √H.",
    does_not: "It yields the gradient of no loss, what has vanished stays vanished, and the readout’s own gradient is not on that way: it still explodes.",
    source: "Mikolov 2012, section 3.2.2; Graves 2013, section 2.1",
    method: Method::Clipping,
    is_common: false,
    treats: Treats::Explosion,
    stage: Stage::Backward,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: true,
    tried: true,
    neutral: Some(|settings| {
        settings.set(&LIMIT.spec, Value::Real(1e3));
    }),
    toggle: &TOGGLE,
    params: &[&LIMIT.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("clip-state", "clip during backpropagation", false)
    .help("Cut the gradient of the state at every time step, while it flows backward.");

/// c: the largest entry of dL/dh_t that is let through.
pub static LIMIT: Param<f64> = Param::log("clip-state-limit", "largest entry", 0.01, 1e-6, 1e3, 0.05)
    .symbol("c")
    .help("The largest entry of the state's gradient that is let through. The entries are means over the batch: they are small.");

struct ClipState {
    limit: f64,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    Box::new(ClipState { limit: settings.get(&LIMIT) })
}

impl<R: Real> Remedy<R> for ClipState {
    fn on_state_gradient(&self, _: usize, _: usize, gradient: &mut [R], exponent: i64) {
        let most = R::from_f64(self.limit).scale_by_power_of_two(-exponent);
        for x in gradient {
            // Not `max` and `min`, which would turn NaN into a limit.
            *x = if *x > most {
                most
            } else if *x < -most {
                -most
            } else {
                *x
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_cut_where_they_stand_with_their_power_of_two() {
        // With the exponent 1 the entries stand for 4, -1, 10.
        let mut gradient = [2.0, -0.5, 5.0];
        ClipState { limit: 6.0 }.on_state_gradient(0, 1, &mut gradient, 1);
        assert_eq!(gradient, [2.0, -0.5, 3.0]);
    }
}
