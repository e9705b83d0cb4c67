//! From settings to the typed configurations of the studies.
use crate::schema::{self, Source};
use vanishing_charts::model::View;
use vanishing_charts::{Configs, format};
use vanishing_core::cells::{self, CellSpec};
use vanishing_core::param::{Domain, Param, Settings};
use vanishing_core::recurrent::{self, Recipe};
use vanishing_core::remedies;
use vanishing_core::spectral::Threshold;
use vanishing_core::studies::network::{Inputs, LossAt, NetworkConfig, RecurrenceConfig};
use vanishing_core::studies::opened::SharedNetwork;
use vanishing_core::studies::{
    MatrixConfig, alignment, cliff, ensemble, iterated, ladder_with, matrix_power, powers, probability,
};
use vanishing_core::training::matrix;

pub use crate::readouts::readouts;

/// The configuration of every study.
pub fn configs(settings: &Settings) -> Configs {
    configs_with(settings, None)
}

/// The same on the opened network, if there is one.
pub fn configs_with(settings: &Settings, opened: Option<&SharedNetwork>) -> Configs {
    let seed = settings.get(&schema::SEED);
    let matrix = MatrixConfig { eigenvalues: spectrum_of_m(settings, opened), seed };
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
        network: network(settings, opened),
        iterated: iterated::IteratedConfig {
            kappa: settings.get(&schema::ITERATED_KAPPA),
            start: settings.get(&schema::ITERATED_START),
            times: settings.get(&schema::ITERATED_TIMES),
        },
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
            constants: cells::LINEAR.usual_constants(),
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

/// All eigenvalues of M: those that are chosen and those that fill the rest, or those of the opened network's symmetric part.
fn spectrum_of_m(settings: &Settings, opened: Option<&SharedNetwork>) -> Vec<f64> {
    match (schema::source(settings), opened) {
        (Source::Opened, Some(opened)) => matrix::eigenvalues(settings, Some(of_symmetric_part(opened))),
        _ => matrix::spectrum_of_m(settings),
    }
}

/// The eigenvalues of the symmetric part of a network's first block, as many as M may have, the largest first.
fn of_symmetric_part(opened: &SharedNetwork) -> &[f64] {
    let all = opened.symmetric_eigenvalues();
    let most = match schema::HIDDEN_SIZE.spec.domain {
        Domain::Int { max, .. } => max as usize,
        _ => 1,
    };
    &all[..all.len().min(most)]
}

/// The cell that an opened network is run as: a state dict does not say which activation was trained.
pub fn cell_of(opened: &SharedNetwork, settings: &Settings) -> &'static CellSpec {
    match opened.network.cell {
        cell if cell.activation.is_none() => cell,
        cell => cells::of_kind(cell.kind, settings.get(&schema::ACTIVATION)).unwrap_or(cell),
    }
}

/// The network of chapter 3: with the weights that training starts from, unless one was opened.
fn network(settings: &Settings, opened: Option<&SharedNetwork>) -> NetworkConfig {
    let chosen = schema::cell(settings);
    let recurrence = RecurrenceConfig {
        kind: matrix::kind(settings),
        recipe: matrix::recipe(settings),
        spectral_radius: matrix::spectral_radius(settings),
        hidden_size: opened.map_or_else(|| settings.get(&schema::HIDDEN_SIZE), |opened| opened.network.hidden_size),
        cell: opened.map_or(chosen, |opened| cell_of(opened, settings)),
        constants: opened.map_or_else(|| chosen.constants(settings), |opened| opened.network.constants),
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
        forget_bias: 0.0,
        remedies: settings.only(remedies::params()),
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

/// How far the line of the eigenvalues reaches: it does not follow each move.
pub fn reach(settings: &Settings) -> f64 {
    let largest = matrix::eigenvalues(settings, None).into_iter().fold(0.0, |most: f64, lambda| most.max(lambda.abs()));
    if largest <= 1.9 { 1.9 } else { 3.0 }
}

fn view(settings: &Settings, power: u64, aligned_when: String) -> View {
    let in_scale = matrix::in_scale(settings);
    let value = |param: &'static Param<f64>| {
        let scaled = in_scale.iter().find(|(scaled, _)| scaled.spec.key == param.spec.key);
        scaled.map_or_else(|| settings.get(param), |(_, value)| *value)
    };
    let shown = schema::EIGENVALUES.iter().filter(|param| schema::applies(&param.spec, settings));
    View {
        power,
        eigenvalue_keys: shown.map(|param| (param.spec.key, value(param))).collect(),
        largest_eigenvalue: reach(settings),
        shift: settings.get(&schema::SHIFT),
        start_keys: [schema::START_ALONG.spec.key, schema::START_ACROSS.spec.key, schema::START_DEPTH.spec.key],
        aligned_when,
        time: settings.get(&schema::TIME),
        pair_keys: schema::PAIRS
            .iter()
            .filter(|(re, _)| schema::applies(&re.spec, settings))
            .map(|(re, im)| (re.spec.key, im.spec.key, (value(re), value(im))))
            .collect(),
        cliff_step: settings.get(&schema::CLIFF_STEP),
        cliff_keys: [schema::CLIFF_W.spec.key, schema::CLIFF_B.spec.key],
        opening_travelled: None,
    }
}
