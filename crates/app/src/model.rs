//! From settings to the typed configurations of the studies.
use crate::schema::{self, Source};
use vanishing_charts::model::View;
use vanishing_charts::{Configs, format};
use vanishing_core::cells;
use vanishing_core::param::{Domain, Settings};
use vanishing_core::random::Stream;
use vanishing_core::recurrent::{self, Recipe};
use vanishing_core::spectral::{Threshold, spectrum};
use vanishing_core::studies::network::{Inputs, LossAt, NetworkConfig, RecurrenceConfig};
use vanishing_core::studies::opened::SharedNetwork;
use vanishing_core::studies::{
    MatrixConfig, alignment, cliff, ensemble, ladder_with, matrix_power, powers, probability,
};

pub use crate::readouts::readouts;

/// The configuration of every study.
pub fn configs(settings: &Settings) -> Configs {
    configs_with(settings, None)
}

/// The same on the opened network, if there is one.
pub fn configs_with(settings: &Settings, opened: Option<&SharedNetwork>) -> Configs {
    let seed = settings.get(&schema::SEED);
    let matrix = MatrixConfig { eigenvalues: eigenvalues(settings, opened), seed };
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
        network: network(settings, &matrix.eigenvalues, opened),
        cliff: cliff::CliffConfig {
            start: (settings.get(&schema::CLIFF_W), settings.get(&schema::CLIFF_B)),
            rate: settings.get(&schema::CLIFF_RATE),
            threshold: settings.get(&schema::CLIFF_THRESHOLD),
            steps: cliff::DESCENT,
        },
        opening: opening(settings.get(&schema::OPENING_GAIN)),
        view: view(settings, power, words),
        matrix,
    }
}

/// The network of the opening: linear, W_hh = g Q with Q orthogonal, so that one number says all.
pub fn opening(gain: f64) -> NetworkConfig {
    NetworkConfig {
        recurrence: RecurrenceConfig {
            kind: &recurrent::ORTHOGONAL,
            recipe: Recipe { gain, eigenvalues: Vec::new(), pairs: Vec::new(), departure: 0.0 },
            spectral_radius: None,
            hidden_size: 16,
            cell: &cells::LINEAR,
            layers: 1,
            seed: 1,
            opened: None,
        },
        sequence_length: 50,
        inputs: Inputs::Noise { deviation: 0.1 },
        start_norm: 1.0,
        loss_at: LossAt::Last,
        forget_bias: 0.0,
        remedies: Settings::default(),
    }
}

/// The eigenvalues of M (+ s I), in the order in which they were chosen.
fn eigenvalues(settings: &Settings, opened: Option<&SharedNetwork>) -> Vec<f64> {
    let (size, shift) = (settings.get(&schema::SIZE), settings.get(&schema::SHIFT));
    let chosen: Vec<f64> = match (schema::source(settings), opened) {
        (Source::Opened, Some(opened)) => return of_symmetric_part(opened, shift),
        (Source::Rule(family), _) => {
            let leading = settings.get(&schema::EIGENVALUES[0]);
            let mut stream = Stream::new(settings.get(&schema::SEED), "spectrum");
            spectrum(family, size, leading, settings.get(&schema::RATE), &mut stream)
        }
        (Source::ByHand | Source::Opened, _) => {
            schema::EIGENVALUES.iter().take(size).map(|param| settings.get(param)).collect()
        }
    };
    chosen.into_iter().map(|lambda| lambda + shift).collect()
}

/// The eigenvalues of the symmetric part of a network's first block, as many as M may have, the largest first.
fn of_symmetric_part(opened: &SharedNetwork, shift: f64) -> Vec<f64> {
    let most = match schema::SIZE.spec.domain {
        Domain::Int { max, .. } => max as usize,
        _ => 1,
    };
    opened.symmetric_eigenvalues().iter().take(most).map(|lambda| lambda + shift).collect()
}

/// The network of chapter 3; `eigenvalues`: those of M.
fn network(settings: &Settings, eigenvalues: &[f64], opened: Option<&SharedNetwork>) -> NetworkConfig {
    let (chosen, activation) = (schema::cell(settings), settings.get(&schema::ACTIVATION));
    // Those that are shown: a matrix of few rows has no room for all.
    let pairs = schema::PAIRS.iter().take(schema::room_for_pairs(settings));
    let pairs = pairs.map(|(re, im)| (settings.get(re), settings.get(im)));
    let recurrence = RecurrenceConfig {
        kind: recurrent::find(settings.get(&schema::RECURRENT)).unwrap_or(recurrent::ALL[0]),
        recipe: Recipe {
            gain: settings.get(&schema::GAIN),
            eigenvalues: eigenvalues.to_vec(),
            pairs: pairs.collect(),
            departure: settings.get(&schema::DEPARTURE),
        },
        spectral_radius: settings.get(&schema::RESCALE).then(|| settings.get(&schema::SPECTRAL_RADIUS)),
        hidden_size: opened.map_or_else(|| settings.get(&schema::HIDDEN_SIZE), |opened| opened.network.hidden_size),
        cell: match opened.map(|opened| opened.network.cell) {
            Some(cell) if cell.activation.is_none() => cell,
            Some(cell) => cells::of_kind(cell.kind, activation).unwrap_or(cell),
            None => chosen,
        },
        layers: opened.map_or_else(|| settings.get(&schema::LAYERS), |opened| opened.network.layers),
        seed: settings.get(&schema::SEED),
        opened: opened.cloned(),
    };
    let has_inputs = opened.is_some_and(|opened| opened.sequences.is_some() || opened.inputs.is_some());
    NetworkConfig {
        sequence_length: settings.get(&schema::SEQUENCE_LENGTH),
        inputs: match (settings.get(&schema::INPUTS), schema::task(settings)) {
            _ if has_inputs && settings.get(&schema::OWN_INPUTS) => Inputs::File,
            (schema::ZERO, _) => Inputs::Zero,
            (_, Some(task)) if opened.is_none() => Inputs::Task(task),
            _ => Inputs::Noise { deviation: settings.get(&schema::INPUT_NOISE) },
        },
        start_norm: settings.get(&schema::START_NORM),
        loss_at: if settings.get(&schema::LOSS_AT) == "every" { LossAt::Every } else { LossAt::Last },
        forget_bias: if chosen.forget_gate().is_some() { settings.get(&schema::FORGET_BIAS) } else { 0.0 },
        remedies: settings.only(schema::remedy_params()),
        recurrence,
    }
}

fn start(settings: &Settings) -> alignment::Start {
    if !schema::is_chosen(settings) {
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
        cliff_step: settings.get(&schema::CLIFF_STEP),
        cliff_keys: [schema::CLIFF_W.spec.key, schema::CLIFF_B.spec.key],
        opening_travelled: None,
    }
}
