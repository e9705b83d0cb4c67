//! From settings to the typed configurations of the studies, and the readouts.
use crate::schema;
use vanishing_charts::figures::gradient_norms::verdict;
use vanishing_charts::model::View;
use vanishing_charts::{Configs, Model, format};
use vanishing_core::param::{Domain, Settings};
use vanishing_core::random::Stream;
use vanishing_core::recurrent::{self, Recipe};
use vanishing_core::spectral::{Family, Threshold, spectrum};
use vanishing_core::studies::network::{Inputs, LossAt, NetworkConfig, RecurrenceConfig};
use vanishing_core::studies::{MatrixConfig, alignment, ensemble, ladder_with, matrix_power, powers, probability};
use vanishing_core::tasks;
use vanishing_core::{cells, math};

/// The configuration of every study.
pub fn configs(settings: &Settings) -> Configs {
    let seed = settings.get(&schema::SEED);
    let matrix = MatrixConfig { eigenvalues: eigenvalues(settings), seed };
    let power = settings.get(&schema::POWER) as u64;
    let ks = ladder_with(power, settings.get(&schema::HORIZON) as u64);
    let (definition, words) = definition(settings);
    let tangent = definition.tangent(settings.get(&schema::EPSILON));
    Configs {
        powers: powers::PowersConfig { matrix: matrix.clone(), ks: ks.clone() },
        matrix_power: matrix_power::MatrixPowerConfig { matrix: matrix.clone(), k: power },
        alignment: alignment::AlignmentConfig {
            matrix: matrix.clone(),
            start: start(settings),
            seed: settings.get(&schema::START_SEED),
            ks: ks.clone(),
            tangent,
        },
        ensemble: ensemble::EnsembleConfig {
            eigenvalues: matrix.eigenvalues.clone(),
            seed: settings.get(&schema::START_SEED),
            starts: settings.get(&schema::STARTS),
            ks: ks.clone(),
            tangent,
        },
        probability: probability::ProbabilityConfig {
            eigenvalues: matrix.eigenvalues.clone(),
            ks,
            tangent,
            delta: settings.get(&schema::DELTA),
        },
        network: network(settings, &matrix.eigenvalues),
        view: view(settings, power, words),
        matrix,
    }
}

/// The eigenvalues of M (+ s I), in the order in which they were chosen.
fn eigenvalues(settings: &Settings) -> Vec<f64> {
    let size = settings.get(&schema::SIZE);
    let leading = settings.get(&schema::EIGENVALUES[0]);
    let family = match settings.get(&schema::FAMILY) {
        "geometric" => Some(Family::Geometric),
        "linear" => Some(Family::Linear),
        "two-level" => Some(Family::TwoLevel),
        "random-symmetric" => Some(Family::RandomSymmetric),
        "positive-semidefinite" => Some(Family::PositiveSemidefinite),
        _ => None,
    };
    let chosen = match family {
        Some(family) => {
            let mut stream = Stream::new(settings.get(&schema::SEED), "spectrum");
            spectrum(family, size, leading, settings.get(&schema::RATE), &mut stream)
        }
        None => schema::EIGENVALUES.iter().take(size).map(|param| settings.get(param)).collect(),
    };
    let shift = settings.get(&schema::SHIFT);
    chosen.into_iter().map(|lambda| lambda + shift).collect()
}

/// The network of chapter 3; `eigenvalues`: those of M.
fn network(settings: &Settings, eigenvalues: &[f64]) -> NetworkConfig {
    let (kind, activation) = (settings.get(&schema::CELL), settings.get(&schema::ACTIVATION));
    let pairs = schema::PAIRS.iter().map(|(re, im)| (settings.get(re), settings.get(im)));
    let recurrence = RecurrenceConfig {
        kind: recurrent::find(settings.get(&schema::RECURRENT)).unwrap_or(recurrent::ALL[0]),
        recipe: Recipe {
            gain: settings.get(&schema::GAIN),
            eigenvalues: eigenvalues.to_vec(),
            pairs: pairs.collect(),
            departure: settings.get(&schema::DEPARTURE),
        },
        spectral_radius: settings.get(&schema::RESCALE).then(|| settings.get(&schema::SPECTRAL_RADIUS)),
        hidden_size: settings.get(&schema::HIDDEN_SIZE),
        cell: cells::of_kind(kind, activation).unwrap_or(&cells::LINEAR),
        layers: settings.get(&schema::LAYERS),
        seed: settings.get(&schema::SEED),
    };
    NetworkConfig {
        sequence_length: settings.get(&schema::SEQUENCE_LENGTH),
        inputs: match settings.get(&schema::INPUTS) {
            "zero" => Inputs::Zero,
            "noise" => Inputs::Noise { deviation: settings.get(&schema::INPUT_NOISE) },
            task => tasks::find(task).map_or(Inputs::Zero, Inputs::Task),
        },
        start_norm: settings.get(&schema::START_NORM),
        loss_at: if settings.get(&schema::LOSS_AT) == "every" { LossAt::Every } else { LossAt::Last },
        forget_bias: if kind == "lstm" { settings.get(&schema::FORGET_BIAS) } else { 0.0 },
        remedies: settings.only(schema::remedy_params()),
        recurrence,
    }
}

fn start(settings: &Settings) -> alignment::Start {
    if settings.get(&schema::START) == "random" {
        return alignment::Start::Random;
    }
    alignment::Start::Chosen {
        along: settings.get(&schema::START_ALONG),
        across: settings.get(&schema::START_ACROSS),
        depth: settings.get(&schema::START_DEPTH),
    }
}

/// What "aligned" means, and in words.
fn definition(settings: &Settings) -> (Threshold, String) {
    let epsilon = format::short(settings.get(&schema::EPSILON));
    match settings.get(&schema::ALIGNED_WHEN) {
        "cosine" => (Threshold::Cosine, format!("|cos θ| ≥ 1 − {epsilon}")),
        "sine" => (Threshold::Sine, format!("sin θ ≤ {epsilon}")),
        _ => (Threshold::Angle, format!("θ ≤ {epsilon} rad")),
    }
}

fn view(settings: &Settings, power: u64, aligned_when: String) -> View {
    let shown = schema::EIGENVALUES.iter().filter(|param| schema::applies(&param.spec, settings));
    let largest = match schema::EIGENVALUES[0].spec.domain {
        Domain::Real { max, .. } => max,
        _ => 1.0,
    };
    View {
        power,
        eigenvalue_keys: shown.map(|param| (param.spec.key, settings.get(param))).collect(),
        largest_eigenvalue: largest,
        shift: settings.get(&schema::SHIFT),
        start_keys: [schema::START_ALONG.spec.key, schema::START_ACROSS.spec.key, schema::START_DEPTH.spec.key],
        aligned_when,
        time: settings.get(&schema::TIME),
        pair_keys: schema::PAIRS
            .iter()
            .filter(|(re, _)| schema::applies(&re.spec, settings))
            .map(|(re, im)| (re.spec.key, im.spec.key, (settings.get(re), settings.get(im))))
            .collect(),
    }
}

/// A k that may not exist.
fn steps(k: Option<u64>) -> String {
    k.map_or("no k".to_owned(), format::count)
}

/// Every readout of the page: its name and its text now.
pub fn readouts(model: &Model) -> Vec<(&'static str, String)> {
    [of_powers(model), of_alignment(model), of_gradients(model)].concat()
}

fn of_powers(model: &Model) -> Vec<(&'static str, String)> {
    let eigenvalues = &model.matrix().eigenvalues;
    let leading = eigenvalues.first().copied().unwrap_or(0.0);
    let study = model.matrix_power();
    let trace = format!("{}{}", if study.trace.1 < 0.0 { "−" } else { "" }, format::log10_value(study.trace.0));
    vec![
        ("k", format::count(model.power())),
        ("n", study.size.to_string()),
        ("leading-eigenvalue", format::short(leading)),
        ("spectral-radius", format::short(leading.abs())),
        ("eigenvalue-power", format::log10_value(study.spectral_norm_log10)),
        ("spectral-norm-power", format::log10_value(study.spectral_norm_log10)),
        ("condition-number", or_undefined(study.condition_number_log10, format::log10_value)),
        ("trace", trace),
        ("disagreement", study.point.largest_disagreement().map_or("undefined".to_owned(), format::short)),
        ("drowned", study.point.drowned().to_string()),
    ]
}

fn of_alignment(model: &Model) -> Vec<(&'static str, String)> {
    let study = model.alignment();
    let probability = model.probability();
    let point = study.points.iter().find(|point| point.k == model.power());
    let log10_angle = point.map_or(f64::NAN, |point| point.exact);
    let degrees = log10_angle + math::log10(180.0 / math::PI);
    let exact = probability.points.iter().find(|point| point.k == model.power()).and_then(|point| point.exact);
    vec![
        ("rate", study.rate.map_or("undefined".to_owned(), format::short)),
        ("angle", or_undefined(log10_angle, |x| format!("{} rad", format::log10_value(x)))),
        ("angle-degrees", or_undefined(degrees, |x| format!("{}°", format::log10_value(x)))),
        ("overlap", or_undefined(study.overlap, format::short)),
        ("aligned-when", model.view().aligned_when.clone()),
        ("epsilon-tangent", four_digits(model.probability_config().tangent)),
        ("delta", format::short(model.probability_config().delta)),
        ("confidence", format!("{} %", format::short(100.0 * (1.0 - model.probability_config().delta)))),
        ("steps-to-align", study.steps_to_align.map_or("never".to_owned(), format::count)),
        ("probability", exact.map_or("undefined".to_owned(), |p| format::short(p.p))),
        ("probability-of-failure", exact.map_or("undefined".to_owned(), |p| format::short(p.complement))),
        ("exact-steps", steps(probability.exact_steps)),
        ("gap-steps", steps(probability.gap_steps)),
        ("theorem-steps", steps(probability.theorem_steps)),
    ]
}

fn of_gradients(model: &Model) -> Vec<(&'static str, String)> {
    let study = model.gradients();
    let pass = study.in_force();
    let radius = model.recurrence().blocks.first().map_or(f64::NAN, |block| block.spectral_radius);
    let clipped = pass.gradient_after_log10 < pass.gradient_log10;
    let effect = format::log10_value(pass.gradient_log10 - pass.gradient_after_log10);
    vec![
        ("verdict", verdict(pass)),
        ("slope", or_undefined(pass.slope_per_step(), without_rounding)),
        ("slope-theory", format::short(math::ln(radius))),
        ("spectral-norm", format::short(pass.spectral_norms.iter().copied().fold(0.0, f64::max))),
        ("gradient-norm-before", format::log10_value(pass.gradient_log10)),
        ("gradient-norm-after", format::log10_value(pass.gradient_after_log10)),
        ("clip-effect", if clipped { format!("cut by a factor of {effect}") } else { "not cut".to_owned() }),
    ]
}

/// A slope, with what is only rounding written as the zero that it stands for.
fn without_rounding(slope: f64) -> String {
    format::short(if slope.abs() < 1e-12 { 0.0 } else { slope })
}

/// τ beside ε: they differ in the fourth digit.
fn four_digits(x: f64) -> String {
    if (0.001..10.0).contains(&x) { format!("{x:.4}") } else { format::short(x) }
}

fn or_undefined(x: f64, text: impl Fn(f64) -> String) -> String {
    if x.is_nan() { "undefined".to_owned() } else { text(x) }
}
