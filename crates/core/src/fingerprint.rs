//! One number over many results: equal bits natively and in every browser.
use crate::cells::{self, CellSpec};
use crate::dynamics::LyapunovExponents;
use crate::optimizers::{self, OptimizerSpec};
use crate::param::{Settings, Value};
use crate::random::fnv1a;
use crate::recurrent::{self, Recipe, RecurrentSpec};
use crate::remedies::{self, RemedySpec};
use crate::studies::network::{Inputs, LossAt, NetworkConfig, RecurrenceConfig};
use crate::studies::{
    MatrixConfig, alignment, cliff, ensemble, gradients, iterated, jacobians, matrix_power, powers, probability,
};
use crate::tasks::{self, TaskSpec};
use crate::training::{Trainer, params};

/// A hash over every bit of a set of studies: all cells, all remedies, growing, shrinking and degenerate spectra.
pub fn studies_hash() -> u64 {
    let mut bytes = Vec::new();
    // The sign and payload of a NaN are not numbers: they differ between machines.
    let mut put = |x: f64| bytes.extend_from_slice(&(if x.is_nan() { u64::MAX } else { x.to_bits() }).to_le_bytes());
    let spectra: [&[f64]; 4] =
        [&[1.1, -0.9, 0.7, 0.4], &[0.5, 0.5], &[0.0, 0.0, 0.0], &[-1.5, 1.5, 1.2, 1.1, 1.0, 0.3, 0.2, 0.1]];
    for (seed, eigenvalues) in spectra.iter().enumerate() {
        let matrix = MatrixConfig { eigenvalues: eigenvalues.to_vec(), seed: seed as u64 };
        let ks: Vec<u64> = (0..=40).chain([100, 1_000]).collect();
        let config = powers::PowersConfig { matrix: matrix.clone(), ks: ks.clone() };
        for point in powers::run(&config).points {
            point.measured.iter().for_each(|(_, log10)| put(*log10));
        }
        let study = matrix_power::run(&matrix_power::MatrixPowerConfig { matrix: matrix.clone(), k: 77 });
        study.power.iter().for_each(|x| put(*x));
        study.image.iter().for_each(|(x, y)| put(x + y));
        let config = alignment::AlignmentConfig {
            matrix: matrix.clone(),
            seed: seed as u64,
            start: alignment::Start::Random,
            ks: ks.clone(),
            tangent: 0.1,
        };
        for point in alignment::run(&config).points {
            [point.measured, point.exact, point.log10_norm, point.place[1]].into_iter().for_each(&mut put);
        }
        let eigenvalues = matrix.eigenvalues.clone();
        let config =
            ensemble::EnsembleConfig { eigenvalues, seed: matrix.seed, starts: 50, ks: ks.clone(), tangent: 0.1 };
        ensemble::run(&config).points.iter().flat_map(|point| point.quantiles).for_each(&mut put);
        let eigenvalues = matrix.eigenvalues.clone();
        let study = probability::run(&probability::ProbabilityConfig { eigenvalues, ks, tangent: 0.1, delta: 0.05 });
        study.points.iter().filter_map(|point| point.exact).for_each(|p| put(p.complement));
    }
    for (i, kind) in recurrent::ALL.iter().enumerate() {
        for (j, cell) in cells::ALL.iter().enumerate() {
            let config = network(kind, cell, i + j);
            let study = gradients::run(&config);
            for pass in std::iter::once(&study.plain).chain(&study.treated) {
                pass.state_gradient_log10().iter().for_each(|x| put(*x));
                put(pass.gradient_after_log10);
            }
            if let Some(study) = jacobians::run(&config) {
                study.singular_values_log10.iter().flatten().for_each(|x| put(*x));
            }
            if let (true, Some(block)) =
                (*config.recurrence.kind == recurrent::GAUSSIAN, config.recurrence.blocks(0).first())
            {
                let mut exponents = LyapunovExponents::new(6);
                let block = block.transpose();
                (0..10).for_each(|_| exponents.push(block.as_slice()));
                exponents.exponents().into_iter().for_each(&mut put);
                put(crate::dynamics::departure_from_normality(&block));
            }
        }
    }
    trainings().for_each(|training| training.put(&mut put));
    for w in [3.9, 4.1, 4.5, 5.0, 6.0] {
        cliff::steepest(w).into_iter().for_each(|place| [place.b, place.norm].into_iter().for_each(&mut put));
        cliff::fixed_points(w, -2.5).iter().for_each(|point| put(point.x));
        let study = cliff::run(&cliff::CliffConfig { start: (w, -2.34), rate: 0.1, threshold: 1.0, steps: 100 });
        for stop in study.unclipped.iter().chain(&study.clipped) {
            [stop.w, stop.b, stop.error, stop.norm].into_iter().for_each(&mut put);
        }
    }
    for kappa in [0.9, 2.5, 3.9] {
        let study = iterated::run(&iterated::IteratedConfig { kappa, start: 0.2, times: 50 });
        study.path.into_iter().chain(study.slope_log10).for_each(&mut put);
    }
    cliff::surface((3.8, 6.2), (-3.4, -1.6), 12, 16).into_iter().for_each(&mut put);
    fnv1a(&bytes)
}

/// A small network that is trained for some updates.
struct Training {
    remedy: &'static RemedySpec,
    cell: &'static CellSpec,
    task: &'static TaskSpec,
    optimizer: &'static OptimizerSpec,
    layers: &'static str,
}

/// So many runs that every remedy, every cell, every task and every optimiser is in one of them.
fn trainings() -> impl Iterator<Item = Training> {
    let lengths = [remedies::ALL.len(), cells::ALL.len(), tasks::ALL.len(), optimizers::ALL.len()];
    (0..lengths.into_iter().fold(0, usize::max)).map(|i| Training {
        remedy: &remedies::ALL[i % remedies::ALL.len()],
        cell: cells::ALL[i % cells::ALL.len()],
        task: tasks::ALL[i % tasks::ALL.len()],
        optimizer: optimizers::ALL[i % optimizers::ALL.len()],
        // Cells and optimisers come round together after twelve runs, the number of layers after twenty.
        layers: ["1", "2"][i / 5 % 2],
    })
}

impl Training {
    /// What four updates report, and the weights after them.
    fn put(&self, put: &mut impl FnMut(f64)) {
        let pairs = [
            ("task", self.task.slug),
            ("cell", self.cell.kind),
            ("activation", self.cell.activation.unwrap_or(cells::TANH.slug)),
            ("optimizer", self.optimizer.slug),
            ("hidden-size", "7"),
            ("sequence-length", "14"),
            ("batch-size", "5"),
            ("layers", self.layers),
        ];
        let (mut settings, _) = Settings::from_pairs(params::all(), pairs);
        settings.set(&self.remedy.toggle.spec, Value::Flag(true));
        let mut trainer = Trainer::new(&settings);
        for report in (0..4).map_while(|_| trainer.step()) {
            [report.loss, report.accuracy, report.update_log10].into_iter().for_each(&mut *put);
            report.norms.iter().for_each(|(_, norm)| put(*norm));
            report.profile.iter().for_each(|x| put(f64::from(*x)));
            report.spectrum.iter().for_each(|spectrum| put(spectrum.radius + spectrum.norm));
        }
        trainer.weights().tensors.iter().flat_map(|tensor| &tensor.values).for_each(|w| put(f64::from(*w)));
    }
}

/// A network of that kind and cell, with all remedies that act in one pass; inputs, layers and lengths change with `turn`.
fn network(kind: &'static RecurrentSpec, cell: &'static CellSpec, turn: usize) -> NetworkConfig {
    let mut remedies = Settings::default();
    for spec in crate::remedies::ALL.iter().filter(|spec| spec.acts_in_one_pass) {
        remedies.set(&spec.toggle.spec, Value::Flag(true));
    }
    let recipe =
        Recipe { gain: 1.2, eigenvalues: vec![1.1, -0.9, 0.7], pairs: vec![(0.8, 0.7), (-0.5, 0.2)], departure: 0.5 };
    let spectral_radius = (turn % 2 == 1).then_some(1.3);
    let recurrence = RecurrenceConfig {
        kind,
        recipe,
        spectral_radius,
        hidden_size: 6,
        cell,
        constants: cell.usual_constants(),
        layers: 1 + turn % 3,
        seed: turn as u64,
        opened: None,
    };
    let task = tasks::ALL[turn % tasks::ALL.len()];
    NetworkConfig {
        recurrence,
        sequence_length: 40,
        inputs: [Inputs::Zero, Inputs::Noise { deviation: 0.3 }, Inputs::Task(task)][turn % 3],
        start_norm: 0.5,
        loss_at: [LossAt::Last, LossAt::Every][turn % 2],
        forget_bias: 1.0,
        remedies,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_repeats() {
        assert_eq!(studies_hash(), studies_hash());
    }

    #[test]
    fn every_entry_of_every_registry_is_in_a_training() {
        let has = |is: &dyn Fn(&Training) -> bool| trainings().any(|training| is(&training));
        assert!(remedies::ALL.iter().all(|spec| has(&|training| training.remedy.slug == spec.slug)));
        assert!(cells::ALL.iter().all(|spec| has(&|training| training.cell == *spec)));
        assert!(tasks::ALL.iter().all(|spec| has(&|training| training.task == *spec)));
        assert!(optimizers::ALL.iter().all(|spec| has(&|training| training.optimizer == *spec)));
    }

    #[test]
    fn another_optimiser_puts_other_numbers() {
        let numbers = |optimizer| {
            let (remedy, cell, task) = (&remedies::ALL[0], &cells::TANH, tasks::ALL[0]);
            let mut numbers = Vec::new();
            Training { remedy, cell, task, optimizer, layers: "1" }.put(&mut |x| numbers.push(x.to_bits()));
            numbers
        };
        let all: Vec<Vec<u64>> = optimizers::ALL.iter().map(|optimizer| numbers(optimizer)).collect();
        assert!(all.iter().enumerate().all(|(i, one)| all[..i].iter().all(|other| one != other)));
    }
}
