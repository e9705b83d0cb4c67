//! From settings to the typed configurations of the studies, and the readouts.
use crate::schema;
use vanishing_charts::figures::gradient_norms::verdict;
use vanishing_charts::{Configs, Model, format};
use vanishing_core::param::Settings;
use vanishing_core::spectral::Threshold;
use vanishing_core::studies::{MatrixConfig, alignment, gradients, powers};
use vanishing_core::{cells, math};

/// ε: a start counts as aligned below this angle, in radians.
const ALIGNED_BELOW: f64 = 0.01;

/// The largest k of the figures over k.
const LARGEST_POWER: usize = 50;

/// The configuration of every study.
pub fn configs(settings: &Settings) -> Configs {
    let size = settings.get(&schema::SIZE);
    let eigenvalues = schema::EIGENVALUES.iter().take(size).map(|param| settings.get(param)).collect();
    let matrix = MatrixConfig { eigenvalues, seed: settings.get(&schema::SEED) };
    let tangent = Threshold::Angle.tangent(ALIGNED_BELOW);
    let cell = cells::find(settings.get(&schema::ACTIVATION)).unwrap_or(&cells::LINEAR);
    let remedies = settings.only(schema::remedy_params());
    Configs {
        powers: powers::PowersConfig { matrix: matrix.clone(), steps: LARGEST_POWER },
        alignment: alignment::AlignmentConfig { matrix: matrix.clone(), steps: LARGEST_POWER, tangent },
        gradients: gradients::GradientConfig {
            matrix,
            sequence_length: settings.get(&schema::SEQUENCE_LENGTH),
            cell,
            remedies,
        },
        power: settings.get(&schema::POWER),
    }
}

/// Every readout of the page: its name and its text now.
pub fn readouts(model: &Model) -> Vec<(&'static str, String)> {
    let k = model.power();
    let powers = model.powers();
    let leading = powers.eigenvalues.first().copied().unwrap_or(0.0);
    let point = powers.points.get(k);
    let alignment = model.alignment();
    let angle = alignment.iterates.get(k).and_then(|iterate| iterate.angle);
    let gradients = model.gradients();
    let pass = gradients.treated.as_ref().unwrap_or(&gradients.plain);
    let clipped = pass.gradient_after_log10 < pass.gradient_log10;
    vec![
        ("k", k.to_string()),
        ("spectral-radius", format::short(leading.abs())),
        (
            "eigenvalue-power",
            point.and_then(|p| p.measured.first()).map_or(String::new(), |(_, x)| format::log10_value(*x)),
        ),
        ("disagreement", point.map_or(String::new(), |p| format::short(p.largest_disagreement()))),
        ("rate", alignment.rate.map_or("undefined".to_owned(), format::short)),
        ("angle", angle.map_or("undefined".to_owned(), |angle| format!("{} rad", format::short(angle)))),
        (
            "angle-degrees",
            angle.map_or("undefined".to_owned(), |angle| format!("{}°", format::short(angle * 180.0 / math::PI))),
        ),
        ("steps-to-align", alignment.steps_to_align.map_or("never".to_owned(), |k| k.to_string())),
        ("verdict", verdict(pass)),
        ("slope", format::short(pass.slope_per_step())),
        ("slope-theory", format::short(math::ln(leading.abs()))),
        ("spectral-norm", format::short(pass.spectral_norm)),
        ("gradient-norm-before", format::log10_value(pass.gradient_log10)),
        ("gradient-norm-after", format::log10_value(pass.gradient_after_log10)),
        (
            "clip-effect",
            if clipped {
                format!("cut by a factor of {}", format::log10_value(pass.gradient_log10 - pass.gradient_after_log10))
            } else {
                "not cut".to_owned()
            },
        ),
    ]
}
