//! Each layer, in each direction: its recurrent matrices, its gates, how far its activation is saturated.
use super::super::hidden_states;
use super::super::opened::AT_ONCE;
use super::super::recurrence::RecurrenceRun;
use super::course::Course;
use super::subject::{Found, Subject};
use crate::dynamics::LargestRun;
use crate::network::{Network, index};
use nalgebra::DMatrix;

/// A layer in one direction.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitDiagnosis {
    /// Its layer, from 0.
    pub layer: usize,
    /// Whether it runs backwards in time.
    pub reverse: bool,
    /// One for each gate, candidates included.
    pub blocks: Vec<BlockDiagnosis>,
    /// The bias of the gate that keeps the state, as it was saved: `None` for cells without one, and where no bias was given.
    pub bias: Option<Bias>,
    /// ‖dL/dh_t‖ of this layer, by its own steps; of the loss of the last step of its direction alone.
    pub course: Course,
    /// The mean over units and steps of φ' of the block that makes the new state; NaN without a step.
    pub mean_slope: f64,
}

/// One block of hidden_size rows of W_hh. Where the state is projected, of W_hh W_hr.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlockDiagnosis {
    /// Its symbol.
    pub symbol: &'static str,
    /// Its name in words.
    pub name: &'static str,
    /// ρ = max |λ|; NaN where it was left out.
    pub spectral_radius: f64,
    /// σ_1; NaN where it was left out.
    pub spectral_norm: f64,
    /// The mean of the gate over units and steps; `None` for what is no gate.
    pub mean: Option<f64>,
    /// The mean over steps of what it is at least in the tenth of the units where it is most open; `None` for what is no gate.
    pub high: Option<f64>,
}

/// b_ih + b_hh of a gate, over its units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bias {
    /// Name of the gate.
    pub gate: &'static str,
    /// The mean.
    pub mean: f64,
    /// The smallest.
    pub least: f64,
    /// The largest.
    pub largest: f64,
}

/// Looks at each; `forwards`, `backwards`: the passes with the loss of each direction's last step alone; `finds_spectra`: whether ρ
/// and σ_1 are wanted.
pub(super) fn units(
    subject: &Subject,
    found: &Found,
    (forwards, backwards): (&Found, &Found),
    finds_spectra: bool,
) -> Vec<UnitDiagnosis> {
    let (network, directions) = (subject.network, subject.directions());
    let unit = |place: usize| {
        let (layer, reverse) = (place / directions, place % directions == 1);
        let passes = if reverse { &found.reverse } else { &found.layers };
        let pass = &passes[layer];
        let means = hidden_states::gates(&network, pass);
        let over_time = |symbol: &str, which: usize| {
            let gate = means.iter().find(|gate| gate.symbol == symbol)?;
            Some(mean(gate.spread.iter().map(|spread| spread[which])))
        };
        let spectra = spectra(subject, place, finds_spectra);
        let block = |(gate, block): (usize, &crate::cells::Block)| BlockDiagnosis {
            symbol: block.symbol,
            name: block.name,
            spectral_radius: spectra[gate].0,
            spectral_norm: spectra[gate].1,
            mean: over_time(block.symbol, 0),
            high: over_time(block.symbol, 2),
        };
        UnitDiagnosis {
            layer,
            reverse,
            blocks: network.cell.blocks.iter().enumerate().map(block).collect(),
            bias: bias(&network, subject, place),
            course: Course::new(match reverse {
                true => backwards.reverse[layer].hidden_gradient_log10.clone(),
                false => forwards.norms(layer),
            }),
            mean_slope: mean(hidden_states::mean_slope(&network, pass).into_iter()),
        }
    };
    (0..subject.units()).map(unit).collect()
}

/// (ρ, σ_1) of each block: from all eigenvalues, or by iteration of a large one.
fn spectra(subject: &Subject, place: usize, wanted: bool) -> Vec<(f64, f64)> {
    let (network, n) = (subject.network, subject.network.hidden_size);
    if !wanted {
        return vec![(f64::NAN, f64::NAN); network.cell.recurrent_gates()];
    }
    let recurrent = network.cell.effective(&subject.unit(place)[index::W_HH].values, n, network.constants);
    let blocks: Vec<DMatrix<f64>> =
        recurrent.chunks_exact(n * n).map(|rows| DMatrix::from_row_slice(n, n, rows)).collect();
    if n > AT_ONCE {
        let largest = blocks.iter().map(|block| LargestRun::new(n).finish(block));
        return largest.map(|found| (found.spectral_radius, found.spectral_norm)).collect();
    }
    let study = RecurrenceRun::new(blocks, network.cell).finish();
    study.blocks.iter().map(|block| (block.spectral_radius, block.spectral_norm)).collect()
}

/// Multiplications of all of it, about.
pub(super) fn work(subject: &Subject) -> u64 {
    let n = subject.network.hidden_size as u64;
    let blocks = (subject.units() * subject.network.cell.gates) as u64;
    blocks * if n > AT_ONCE as u64 { 250 * n * n } else { 30 * n * n * n }
}

fn bias(network: &Network, subject: &Subject, place: usize) -> Option<Bias> {
    let (gate, n) = (network.cell.carry_gate()?, network.hidden_size);
    let tensors = subject.unit(place);
    // What was not given is zero, and no bias.
    if !subject.has_bias(place) {
        return None;
    }
    let rows = gate * n..(gate + 1) * n;
    let (b_ih, b_hh) = (&tensors[index::B_IH].values[rows.clone()], &tensors[index::B_HH].values[rows]);
    let sums: Vec<f64> = b_ih.iter().zip(b_hh).map(|(a, b)| a + b).collect();
    let (least, largest) = sums.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(*x), b.max(*x)));
    Some(Bias { gate: network.cell.blocks[gate].name, mean: mean(sums.into_iter()), least, largest })
}

/// NaN of nothing.
fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}
