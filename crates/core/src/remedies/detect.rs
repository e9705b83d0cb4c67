//! Explosion detection: a monitor with a threshold that raises an alarm, and may do something about it.
//!
//! ```text
//! ‖dL/dθ‖ > c, or not a number:  alarm, and  nothing | leave the update out | η ← η/2 from here on | clip to c from here on
//! ```
//!
//! Skipping updates of a too large norm is usual in large runs, e.g. Chowdhery et al., "PaLM" (2022), section 5.1, in another
//! form. The norm is looked at as backpropagation gave it, before any other remedy.
use super::spec::{Alarm, AlarmAction, Method, Remedy, RemedySpec, Stage, Treats, Update};
use crate::gradient_ops;
use crate::math;
use crate::network::Weights;
use crate::param::{Choice, Param, Settings, Value};
use crate::real::Real;

/// Registry entry.
pub const SPEC: RemedySpec = RemedySpec {
    slug: "detect",
    title: "explosion detection",
    does: "Watches the norm of the gradient and raises an alarm above a threshold; it may skip the update, halve the rate or start clipping.",
    does_not: "The alarm alone changes nothing, and what it cannot see, a slow drift below the threshold, it does not stop.",
    source: "A monitor, as used in practice; skipping: Chowdhery et al. 2022, section 5.1",
    method: Method::Detection,
    is_common: false,
    treats: Treats::Explosion,
    stage: Stage::Gradient,
    replaces: None,
    changes_matrix: false,
    idle: |_| None,
    acts_in_one_pass: true,
    tried: true,
    neutral: Some(|settings| {
        settings.set(&ACTION.spec, Value::Choice("alarm"));
    }),
    toggle: &TOGGLE,
    params: &[&THRESHOLD.spec, &ACTION.spec],
    single: build,
    double: build,
};

static TOGGLE: Param<bool> = Param::flag("detect", "explosion detection", false)
    .help("Raise an alarm when the gradient is longer than a threshold, or not a number.");

/// c: the norm of dL/dθ above which the alarm is raised.
pub static THRESHOLD: Param<f64> = Param::log("detect-threshold", "threshold", 100.0, 1e-2, 1e6, 0.05)
    .symbol("c")
    .help("The norm of the gradient above which the alarm is raised.");

static ACTIONS: [Choice; 4] = [
    Choice { slug: "alarm", label: "warn only" },
    Choice { slug: "skip", label: "skip the update" },
    Choice { slug: "halve", label: "halve the learning rate" },
    Choice { slug: "clip", label: "switch clipping on" },
];

/// What is done with an update whose gradient is longer than the threshold.
pub static ACTION: Param<&'static str> =
    Param::choice("detect-action", "then", "skip", &ACTIONS).help("What is done when the alarm is raised.");

struct Detect {
    threshold: f64,
    action: AlarmAction,
    /// What the learning rate is multiplied by.
    share: f64,
    clipping: bool,
}

fn build<R: Real>(settings: &Settings) -> Box<dyn Remedy<R>> {
    let action = match settings.get(&ACTION) {
        "skip" => AlarmAction::Skipped,
        "halve" => AlarmAction::Halved,
        "clip" => AlarmAction::Clipped,
        _ => AlarmAction::Noted,
    };
    Box::new(Detect { threshold: settings.get(&THRESHOLD), action, share: 1.0, clipping: false })
}

impl<R: Real> Remedy<R> for Detect {
    fn on_gradient(&mut self, update: &mut Update<'_, R>, gradient: &mut Weights<R>) {
        let log10_norm = gradient.log10_global_norm();
        // A norm that is not a number is larger than any.
        let within = log10_norm <= math::log10(self.threshold);
        let handled = self.clipping && log10_norm.is_finite();
        if !(within || handled) {
            update.alarm = Some(Alarm { log10_norm, action: self.action });
            match self.action {
                AlarmAction::Noted => {}
                AlarmAction::Skipped => update.skip = true,
                // A gradient that is no number has no direction at any rate: it is left out as well.
                AlarmAction::Halved => {
                    self.share *= 0.5;
                    update.skip |= !log10_norm.is_finite();
                }
                AlarmAction::Clipped => {
                    self.clipping = true;
                    update.skip |= !log10_norm.is_finite();
                }
            }
        }
        update.learning_rate *= self.share;
        if self.clipping {
            gradient_ops::clip_norm(&mut gradient.tensors, self.threshold, 2.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{gradient, update};
    use super::*;

    fn watch(action: &str, norms: &[f64]) -> Vec<(bool, f64, f64)> {
        let mut settings = Settings::default();
        settings.set_text(&ACTION.spec, action);
        settings.set_text(&THRESHOLD.spec, "10");
        let mut detect = build::<f64>(&settings);
        let weights = gradient(&[0.0]);
        let mut found = Vec::new();
        for norm in norms {
            let (mut update, mut g) = (update(&weights), gradient(&[*norm]));
            detect.on_gradient(&mut update, &mut g);
            found.push((update.skip, update.learning_rate, g.tensors[0].values[0]));
        }
        found
    }

    #[test]
    fn each_action_does_what_it_says_from_the_alarm_on() {
        // The learning rate of an update is 0.1.
        let norms = [5.0, 20.0, 5.0];
        assert_eq!(watch("alarm", &norms), [(false, 0.1, 5.0), (false, 0.1, 20.0), (false, 0.1, 5.0)]);
        assert_eq!(watch("skip", &norms), [(false, 0.1, 5.0), (true, 0.1, 20.0), (false, 0.1, 5.0)]);
        assert_eq!(watch("halve", &norms), [(false, 0.1, 5.0), (false, 0.05, 20.0), (false, 0.05, 5.0)]);
        assert_eq!(watch("clip", &[20.0, 40.0, 5.0]), [(false, 0.1, 10.0), (false, 0.1, 10.0), (false, 0.1, 5.0)]);
    }

    #[test]
    fn a_gradient_that_is_no_number_is_an_alarm_and_no_action_lets_it_through() {
        for action in ["skip", "halve", "clip"] {
            assert!(watch(action, &[f64::NAN])[0].0, "{action}");
            assert!(watch(action, &[f64::INFINITY])[0].0, "{action}");
        }
    }
}
