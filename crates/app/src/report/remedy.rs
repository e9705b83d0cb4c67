//! The remedy that does in training what a report proposes.
use vanishing_core::math;
use vanishing_core::param::{ParamSpec, Value};
use vanishing_core::remedies;
use vanishing_core::studies::diagnosis::{Diagnosis, Effect, Proposal, Treatment};

/// The link that trains the opened network twice, in lane A as it is and in lane B with this proposal and no other remedy; empty for
/// what no remedy does, or not with the value that is proposed.
pub fn query(diagnosis: &Diagnosis, treatment: &Treatment) -> String {
    let Some((slug, values)) = remedy(diagnosis, treatment) else { return String::new() };
    let mut link = form_urlencoded::Serializer::new(String::new());
    for (key, value) in [("a.", ""), ("b.", ""), ("c.", ""), ("d.", ""), ("lanes", "2"), ("lane", "b")] {
        link.append_pair(key, value);
    }
    for spec in remedies::ALL {
        link.append_pair(spec.toggle.spec.key, if spec.slug == slug { "1" } else { "" });
    }
    link.extend_pairs(values.iter().map(|(key, value)| (*key, value.as_str()))).finish()
}

/// The slug of the remedy, and its parameters.
fn remedy(diagnosis: &Diagnosis, treatment: &Treatment) -> Option<(&'static str, Vec<(&'static str, String)>)> {
    let allowed = |spec: &ParamSpec, value: Value| spec.allows(value).then(|| (spec.key, value.text()));
    Some(match (treatment.proposal, &treatment.effect) {
        (Proposal::GateBias, _) => {
            diagnosis.cell.forget_gate()?;
            ("forget_bias", vec![allowed(&remedies::FORGET_BIAS.spec, Value::Real(1.0))?])
        }
        (Proposal::Rescale(radius), _) => {
            ("rescale_init", vec![allowed(&remedies::RESCALE_RADIUS.spec, Value::Real(radius))?])
        }
        (Proposal::Orthogonal, _) => {
            ("orthogonal_init", vec![allowed(&remedies::ORTHOGONAL_MATRIX.spec, Value::Choice("nearest"))?])
        }
        (Proposal::Clip, Effect::Norms { threshold_log10, .. }) => {
            // As it is read in the report: to three digits.
            let threshold = format!("{:.2e}", math::exp(threshold_log10 * math::LN_10)).parse().ok()?;
            ("clip_norm", vec![allowed(&remedies::MAX_NORM.spec, Value::Real(threshold))?])
        }
        (Proposal::Window(window), _) => {
            let Value::Int(usual) = remedies::STRIDE.spec.default else { return None };
            let window = i64::try_from(window).ok()?;
            let stride = allowed(&remedies::STRIDE.spec, Value::Int(usual.min(window)))?;
            ("truncation", vec![allowed(&remedies::WINDOW.spec, Value::Int(window))?, stride])
        }
        (Proposal::Clip | Proposal::GatedCell, _) => return None,
    })
}
