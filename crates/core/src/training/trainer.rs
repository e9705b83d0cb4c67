//! A training run.
use super::breakdown::{Memory, Moment, first_broken};
use super::{Breakdown, Lesson, Own, PROFILE, Place, Plan, Report, Spectrum, Start, Test, params};
use crate::bptt::{Gradient, Range, Watch, Workspace};
use crate::dynamics;
use crate::math;
use crate::network::{Network, Weights, index};
use crate::optimizers::{self, Optimizer};
use crate::param::Settings;
use crate::random::Stream;
use crate::real::Real;
use crate::remedies::{self, Remedy, RemedySpec, Stage, Update};
use crate::scaled::log10_norm;
use crate::studies::network::{INITIALISATION, NetworkConfig};
use crate::text::{Corpus, TEXT};
use nalgebra::DMatrix;
use std::sync::Arc;

/// Updates between two looks at the recurrent matrix.
const SPECTRUM_EVERY: u64 = 50;
/// Updates between two tests.
const TEST_EVERY: u64 = 50;
/// Sequences that are kept for tests.
const TEST_SIZE: usize = 100;

/// A training run in single precision: settings in, one update after the other out.
pub struct Trainer {
    plan: Plan,
    network: Network,
    weights: Weights<f32>,
    optimizer: Box<dyn Optimizer<f32>>,
    learning_rate: f64,
    seed: u64,
    remedies: Vec<(&'static RemedySpec, Box<dyn Remedy<f32>>)>,
    workspace: Workspace<f32>,
    length: usize,
    looks: bool,
    /// Whether reports have a profile.
    profiles: bool,
    gradient: Gradient<f32>,
    tests: Option<(Lesson, Workspace<f32>)>,
    step: u64,
    memory: Memory,
    breakdown: Option<Breakdown>,
}

impl Trainer {
    /// A run before its first update, from weights that are drawn.
    pub fn new(settings: &Settings) -> Self {
        Self::from_start(settings, None)
    }

    /// A run before its first update, from weights that were given, or drawn.
    pub fn from_start(settings: &Settings, start: Option<&Start>) -> Self {
        Self::build(settings, start, None)
    }

    /// A run that learns a text, before its first update; T is as long as the text allows ([`Corpus::window`]).
    pub fn on_text(settings: &Settings, text: &Arc<Corpus>) -> Self {
        Self::build(settings, None, Some(text))
    }

    #[inline(never)]
    fn build(settings: &Settings, start: Option<&Start>, text: Option<&Arc<Corpus>>) -> Self {
        let mut plan = Plan::new(settings);
        let on: Vec<_> = remedies::switched_on(settings).map(|spec| (spec, (spec.single)(settings))).collect();
        on.iter().for_each(|(_, remedy)| remedy.configure(&mut plan));
        start.inspect(|start| start.govern(&mut plan));
        if let Some(text) = text {
            (plan.task, plan.own) = (&TEXT, Some(Own::Text(Arc::clone(text))));
            plan.sequence_length = text.window(plan.sequence_length);
        }
        let seed = settings.get(&params::SEED);
        let (network, mut weights) = weights(&plan, start, seed);
        let mut stream = Stream::new(seed, INITIALISATION);
        for (spec, remedy) in &on {
            if remedies::counts(spec, on.iter().map(|(spec, _)| *spec)) {
                remedy.initialize(&network, &mut weights, &mut stream);
            }
        }
        let spec = optimizers::find(settings.get(&params::OPTIMIZER)).unwrap_or(optimizers::ALL[0]);
        let length = plan.length(0);
        Self {
            optimizer: (spec.single)(settings, &weights),
            learning_rate: settings.get(&params::LEARNING_RATE),
            seed,
            remedies: on,
            workspace: workspace(&plan, &network, length, plan.batch_size),
            length,
            looks: true,
            profiles: true,
            gradient: Gradient::zeros(&network),
            tests: None,
            step: 0,
            memory: Memory::default(),
            breakdown: None,
            plan,
            network,
            weights,
        }
    }

    /// Whether reports tell what takes time beside training: spectrum, test and profile. Without them (`None`, and an empty
    /// profile) a short run is a tenth quicker; all other numbers are the same.
    #[must_use]
    pub fn look(mut self, looks: bool) -> Self {
        self.looks = looks;
        self.profiles = looks;
        self
    }

    /// Of what takes time beside training, the profile alone.
    #[must_use]
    pub fn look_at_profile(mut self) -> Self {
        self.looks = false;
        self.profiles = true;
        self
    }

    /// Cell and sizes, as the remedies left them.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The weights now.
    pub fn weights(&self) -> &Weights<f32> {
        &self.weights
    }

    /// What it was built from.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Updates that were made.
    pub fn updates(&self) -> u64 {
        self.step
    }

    /// Where the run became non-finite, if it did.
    pub fn breakdown(&self) -> Option<&Breakdown> {
        self.breakdown.as_ref()
    }

    /// One update. `None` once the run has broken down: nothing that could be trained is left.
    pub fn step(&mut self) -> Option<Report> {
        if self.breakdown.is_some() {
            return None;
        }
        let step = self.step;
        let length = self.plan.length(step);
        if length != self.length {
            self.workspace = workspace(&self.plan, &self.network, length, self.plan.batch_size);
            self.length = length;
        }
        let spectrum = (self.looks && step.is_multiple_of(SPECTRUM_EVERY)).then(|| self.spectrum());
        let test = (self.looks && step.is_multiple_of(TEST_EVERY)).then(|| self.test());
        let lesson = self.plan.lesson(length, self.seed, step);
        let (loss, accuracy) = run(&mut self.workspace, &self.weights, &lesson, &self.plan);
        let steps = lesson.batch.steps;
        let profile = self.backward(steps);
        let mut norms = vec![("", self.gradient.tensors.log10_global_norm())];
        let base = self.plan.schedule.rate(self.learning_rate, step);
        let mut update = Update { step, loss, weights: &self.weights, learning_rate: base, skip: false, alarm: None };
        for (spec, remedy) in &mut self.remedies {
            remedy.on_gradient(&mut update, &mut self.gradient.tensors);
            if spec.stage == Stage::Gradient {
                norms.push((spec.slug, self.gradient.tensors.log10_global_norm()));
            }
        }
        let Update { learning_rate, skip, alarm, .. } = update;
        self.plan.schedule.observe(self.learning_rate, step, loss);
        let mut broken = if skip { None } else { self.broken_gradient(loss) };
        let mut update_log10 = f64::NEG_INFINITY;
        if broken.is_some() {
            update_log10 = f64::NAN;
        } else if !skip {
            self.optimizer.step(&mut self.weights, &self.gradient.tensors, learning_rate);
            for (_, remedy) in &mut self.remedies {
                remedy.after_step(&self.network, &mut self.weights, learning_rate);
            }
            update_log10 = self.optimizer.update().log10_global_norm();
            broken = first_broken(&self.weights).map(Place::Weights);
        }
        let report = Report {
            step,
            loss,
            accuracy,
            learning_rate,
            steps,
            norms,
            update_log10,
            profile,
            spectrum,
            test,
            alarm,
            skipped: skip,
            bytes: self.workspace.bytes(),
            recomputed: self.workspace.recomputed_steps(),
        };
        if let Some(place) = broken {
            self.breakdown = Some(self.memory.breakdown(step, place));
        }
        self.memory.push(Moment::of(&report));
        self.step += 1;
        Some(report)
    }

    /// dL/dθ of the last forward pass into the gradient; the profile of dL/dh_t on its way.
    fn backward(&mut self, steps: usize) -> Vec<f32> {
        self.gradient.clear();
        let exponent = self.remedies.iter().map(|(_, remedy)| remedy.loss_exponent()).sum();
        self.workspace.scale_loss(exponent);
        // Ω is no part of the loss that was multiplied.
        self.workspace.regularize(self.plan.omega.map(|omega| math::scale_by_power_of_two(omega, exponent)));
        let full = (self.plan.task.steps)(self.plan.sequence_length);
        let mut watch = Watcher {
            remedies: &self.remedies,
            top: self.network.layers - 1,
            steps,
            offset: full - steps,
            full,
            exponent,
            profile: if self.profiles { vec![f32::NAN; PROFILE] } else { Vec::new() },
        };
        self.workspace.backward(&self.weights, self.plan.truncation, Range::Plain, &mut self.gradient, &mut watch);
        let profile = watch.profile;
        if exponent != 0 {
            let entries = self.gradient.tensors.tensors.iter_mut().flat_map(|tensor| &mut tensor.values);
            entries.for_each(|x| *x = x.scale_by_power_of_two(-exponent));
        }
        profile
    }

    /// Where the passes became non-finite.
    fn broken_gradient(&self, loss: f64) -> Option<Place> {
        if !loss.is_finite() {
            let state = self.workspace.first_broken_state();
            return Some(state.map_or(Place::Loss, |(layer, t)| Place::State { layer, t }));
        }
        first_broken(&self.gradient.tensors).map(Place::Gradient)
    }

    /// The top layer's recurrent matrix as it is now: W_hh, or what the cell makes of it; zero where it has none.
    pub fn spectrum(&self) -> Spectrum {
        let n = self.network.hidden_size;
        let free = &self.weights.tensors[self.network.index(self.network.layers - 1, index::W_HH)].values;
        let free: Vec<f64> = free.iter().map(|x| f64::from(*x)).collect();
        let values = self.network.cell.effective(&free, n, self.network.constants);
        let mut spectrum = Spectrum { radius: 0.0, norm: 0.0 };
        for block in values.chunks_exact(n * n) {
            let block = DMatrix::from_row_iterator(n, n, block.iter().copied());
            spectrum.radius = spectrum.radius.max(dynamics::spectral_radius(&block));
            spectrum.norm = spectrum.norm.max(dynamics::spectral_norm(&block));
        }
        spectrum
    }

    /// The network as it is now on sequences of the full length that are never trained on. With batch normalisation the
    /// statistics are those of these sequences.
    pub fn test(&mut self) -> Test {
        let (plan, network) = (&self.plan, &self.network);
        let (lesson, workspace) = self.tests.get_or_insert_with(|| {
            let lesson = plan.test(TEST_SIZE, self.seed);
            let (length, size) = (plan.sequence_length.max(plan.task.minimum_length), lesson.batch.batch_size);
            (lesson, workspace(plan, network, length, size))
        });
        let (loss, accuracy) = run(workspace, &self.weights, lesson, plan);
        Test { loss, accuracy }
    }
}

/// The sizes and the first weights, before any remedy.
fn weights(plan: &Plan, start: Option<&Start>, seed: u64) -> (Network, Weights<f32>) {
    let own = start.filter(|start| start.own().is_some()).map(Start::network);
    let own = own.map(|own| (own.input_size, own.output_size));
    let own = match &plan.own {
        Some(Own::Text(text)) => Some((text.classes(), text.classes())),
        _ => own,
    };
    let network = Network {
        cell: plan.cell,
        layers: plan.layers,
        input_size: own.map_or(plan.task.input_size, |(inputs, _)| inputs),
        hidden_size: plan.hidden_size,
        output_size: own.map_or(plan.task.output_size, |(_, outputs)| outputs),
        normalization: plan.normalization,
        constants: plan.constants,
    };
    let mut config = NetworkConfig::of_plan(plan, seed);
    config.recurrence.opened = start.map(|start| start.given().clone());
    let mut weights = config.weights(&network);
    start.inspect(|start| start.put_into(&mut weights, plan.forget_bias));
    (network, weights.cast())
}

/// Buffers for a batch of sequences of length T.
fn workspace(plan: &Plan, network: &Network, length: usize, batch_size: usize) -> Workspace<f32> {
    let (steps, every) = ((plan.task.steps)(length), plan.looks_at_every());
    Workspace::checkpointed(network, steps, batch_size, every, plan.segment)
}

/// Runs the network forward on a batch: its loss and the share of right answers.
fn run(workspace: &mut Workspace<f32>, weights: &Weights<f32>, lesson: &Lesson, plan: &Plan) -> (f64, f64) {
    for (to, from) in workspace.inputs_mut().iter_mut().zip(&lesson.batch.inputs) {
        *to = *from as f32;
    }
    workspace.forward(weights);
    let loss = workspace.loss(&lesson.targets, lesson.scale);
    let outputs: Vec<f64> = workspace.outputs().iter().map(|y| f64::from(*y)).collect();
    (f64::from(loss), plan.accuracy(lesson, &outputs))
}

/// Lets the remedies act on the state gradients, and notes how long they are.
struct Watcher<'a> {
    remedies: &'a [(&'static RemedySpec, Box<dyn Remedy<f32>>)],
    top: usize,
    steps: usize,
    /// Steps by which this batch is shorter than the full sequences.
    offset: usize,
    full: usize,
    /// The k of the 2^k that the loss was multiplied by.
    exponent: i64,
    profile: Vec<f32>,
}

impl Watch<f32> for Watcher<'_> {
    fn hidden(&mut self, layer: usize, t: usize, gradient: &mut [f32], exponent: i64) {
        let exponent = exponent - self.exponent;
        for (_, remedy) in self.remedies {
            remedy.on_state_gradient(layer, t, gradient, exponent);
        }
        if layer != self.top || self.profile.is_empty() {
            return;
        }
        // The places whose nearest time is this one. Where windows overlap, a place keeps the longest.
        let place =
            |t: usize| ((t + self.offset) as f64 * (PROFILE - 1) as f64 / self.full.max(1) as f64).ceil() as usize;
        let (first, end) = (place(t), if t == self.steps { PROFILE } else { place(t + 1) });
        if first < end {
            let norm = log10_norm(gradient, exponent) as f32;
            for slot in &mut self.profile[first..end] {
                if slot.is_nan() || norm > *slot {
                    *slot = norm;
                }
            }
        }
    }

    fn counts(&self, layer: usize, t: usize) -> bool {
        self.remedies.iter().all(|(_, remedy)| remedy.counts(layer, t, self.steps))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trainer(pairs: &[(&str, &str)]) -> Trainer {
        Trainer::new(&params::tests::settings(pairs))
    }

    #[test]
    fn the_same_settings_are_the_same_run_bit_for_bit() {
        let run = || {
            let mut trainer = trainer(&[("hidden-size", "8"), ("sequence-length", "12"), ("clip-norm", "1")]);
            let reports: Vec<Report> = (0..60).filter_map(|_| trainer.step()).collect();
            (format!("{reports:?}"), trainer.weights)
        };
        assert_eq!(run(), run());
    }

    #[test]
    fn a_run_that_does_not_look_is_the_same_run() {
        let pairs = [("hidden-size", "8"), ("sequence-length", "12"), ("clip-state", "1"), ("layers", "2")];
        let (mut looks, mut blind) = (trainer(&pairs), trainer(&pairs).look(false));
        for _ in 0..60 {
            let (seen, unseen) = (looks.step().expect("a report"), blind.step().expect("a report"));
            assert!(unseen.profile.is_empty() && unseen.spectrum.is_none() && unseen.test.is_none());
            let left = Report { profile: Vec::new(), spectrum: None, test: None, ..seen };
            assert_eq!(format!("{left:?}"), format!("{unseen:?}"));
        }
        assert_eq!(looks.weights, blind.weights);
    }

    #[test]
    fn a_gradient_that_becomes_tiny_is_zero_before_it_is_subnormal() {
        let pairs = [("hidden-size", "8"), ("rescale", "1"), ("spectral-radius", "0.3"), ("sequence-length", "60")];
        let report = trainer(&pairs).look_at_profile().step().expect("a report");
        let least = crate::math::log10(crate::bptt::LEAST);
        assert_eq!((report.profile[0], report.test), (f32::NEG_INFINITY, None));
        let mut finite = report.profile.iter().map(|x| f64::from(*x)).filter(|x| x.is_finite());
        assert!(finite.clone().count() > 20 && finite.all(|x| x >= least - 1e-3), "{:?}", report.profile);
    }

    #[test]
    fn a_profile_has_a_value_for_every_place_and_ends_with_the_loss() {
        for length in ["5", "30", "63", "64", "200"] {
            let mut trainer = trainer(&[("hidden-size", "4"), ("sequence-length", length)]);
            let report = trainer.step().expect("a report");
            assert_eq!(report.profile.len(), PROFILE);
            assert!(report.profile.iter().all(|x| x.is_finite()), "{length}: {:?}", report.profile);
        }
    }

    #[test]
    fn a_run_that_leaves_the_numbers_says_where_and_stops() {
        let mut trainer =
            trainer(&[("task", "adding"), ("activation", "relu"), ("learning-rate", "1e6"), ("hidden-size", "8")]);
        let mut last = None;
        while let Some(report) = trainer.step() {
            last = Some(report);
            assert!(trainer.updates() < 50);
        }
        let breakdown = trainer.breakdown().expect("a breakdown").clone();
        assert_eq!(breakdown.step, last.expect("a report").step);
        assert!(breakdown.before.len() <= 5 && trainer.step().is_none());
        assert_eq!(trainer.breakdown(), Some(&breakdown));
    }

    #[test]
    fn the_norm_after_clipping_is_the_limit() {
        let mut trainer = trainer(&[("hidden-size", "20"), ("clip-norm", "1"), ("max-norm", "0.01")]);
        let report = trainer.step().expect("a report");
        assert_eq!(report.norms[1].0, "clip_norm");
        assert!(report.gradient_log10() > -2.0 && (report.gradient_after_log10() + 2.0).abs() < 1e-6);
    }
}
