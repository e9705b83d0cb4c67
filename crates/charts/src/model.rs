//! What the figures show: results of core's studies, each computed when first asked for and kept while its own
//! configuration stays the same.
use std::cell::OnceCell;
use vanishing_core::param::Settings;
use vanishing_core::spectral::SymmetricMatrix;
use vanishing_core::studies::{MatrixConfig, alignment, ensemble, gradients, matrix_power, powers, probability};

/// The configuration of every study, and what is selected in the figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Configs {
    /// M, which the studies share.
    pub matrix: MatrixConfig,
    /// Of [`Model::powers`].
    pub powers: powers::PowersConfig,
    /// Of [`Model::matrix_power`].
    pub matrix_power: matrix_power::MatrixPowerConfig,
    /// Of [`Model::alignment`].
    pub alignment: alignment::AlignmentConfig,
    /// Of [`Model::ensemble`].
    pub ensemble: ensemble::EnsembleConfig,
    /// Of [`Model::probability`].
    pub probability: probability::ProbabilityConfig,
    /// Of [`Model::gradients`].
    pub gradients: gradients::GradientConfig,
    /// What the figures need besides.
    pub view: View,
}

/// What is selected in the figures, and what can be grabbed in them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// k, marked in every figure over k.
    pub power: u64,
    /// The parameters of the eigenvalues that are chosen by hand, in the order of the sliders: (key, value). Empty for
    /// a family.
    pub eigenvalue_keys: Vec<(&'static str, f64)>,
    /// s: what was added to every chosen eigenvalue.
    pub shift: f64,
    /// The largest |λ| that a hand can choose.
    pub largest_eigenvalue: f64,
    /// The keys of the start's coordinates: along v_1, across, depth.
    pub start_keys: [&'static str; 3],
    /// What "aligned" means, in words: `θ ≤ 0.1 rad`.
    pub aligned_when: String,
}

/// A configuration and, once asked for, its result.
struct Kept<C, R> {
    config: C,
    result: OnceCell<R>,
}

impl<C: PartialEq, R> Kept<C, R> {
    fn new(config: C) -> Self {
        Self { config, result: OnceCell::new() }
    }

    fn set(&mut self, config: C) {
        if self.config != config {
            *self = Self::new(config);
        }
    }

    fn get(&self, run: impl FnOnce(&C) -> R) -> &R {
        self.result.get_or_init(|| run(&self.config))
    }
}

/// The studies of the page.
pub struct Model {
    matrix: Kept<MatrixConfig, SymmetricMatrix>,
    powers: Kept<powers::PowersConfig, powers::Powers>,
    matrix_power: Kept<matrix_power::MatrixPowerConfig, matrix_power::MatrixPowerStudy>,
    alignment: Kept<alignment::AlignmentConfig, alignment::AlignmentStudy>,
    ensemble: Kept<ensemble::EnsembleConfig, ensemble::EnsembleStudy>,
    probability: Kept<probability::ProbabilityConfig, probability::ProbabilityStudy>,
    gradients: Kept<gradients::GradientConfig, gradients::GradientStudy>,
    view: View,
}

impl Model {
    /// Nothing is computed yet.
    pub fn new(configs: Configs) -> Self {
        Self {
            matrix: Kept::new(configs.matrix),
            powers: Kept::new(configs.powers),
            matrix_power: Kept::new(configs.matrix_power),
            alignment: Kept::new(configs.alignment),
            ensemble: Kept::new(configs.ensemble),
            probability: Kept::new(configs.probability),
            gradients: Kept::new(configs.gradients),
            view: configs.view,
        }
    }

    /// Takes new configurations; results of unchanged ones are kept.
    pub fn configure(&mut self, configs: Configs) {
        self.matrix.set(configs.matrix);
        self.powers.set(configs.powers);
        self.matrix_power.set(configs.matrix_power);
        self.alignment.set(configs.alignment);
        self.ensemble.set(configs.ensemble);
        self.probability.set(configs.probability);
        self.gradients.set(configs.gradients);
        self.view = configs.view;
    }

    /// M.
    pub fn matrix(&self) -> &SymmetricMatrix {
        self.matrix.get(MatrixConfig::build)
    }

    /// The eigenvalues of M^k over k.
    pub fn powers(&self) -> &powers::Powers {
        self.powers.get(|config| powers::run_on(self.matrix(), config))
    }

    /// M beside M^k.
    pub fn matrix_power(&self) -> &matrix_power::MatrixPowerStudy {
        self.matrix_power.get(|config| matrix_power::run_on(self.matrix(), config))
    }

    /// The angle between M^k x and v_1.
    pub fn alignment(&self) -> &alignment::AlignmentStudy {
        self.alignment.get(|config| alignment::run_on(self.matrix(), config))
    }

    /// What its alignment was asked for.
    pub fn alignment_config(&self) -> &alignment::AlignmentConfig {
        &self.alignment.config
    }

    /// Many random starts.
    pub fn ensemble(&self) -> &ensemble::EnsembleStudy {
        self.ensemble.get(ensemble::run)
    }

    /// The probability of alignment.
    pub fn probability(&self) -> &probability::ProbabilityStudy {
        self.probability.get(probability::run)
    }

    /// What the probability was asked for.
    pub fn probability_config(&self) -> &probability::ProbabilityConfig {
        &self.probability.config
    }

    /// The gradients of a network whose recurrent matrix is M.
    pub fn gradients(&self) -> &gradients::GradientStudy {
        self.gradients.get(|config| gradients::run_on(self.matrix(), config))
    }

    /// What its gradients were asked for.
    pub fn gradients_config(&self) -> &gradients::GradientConfig {
        &self.gradients.config
    }

    /// The remedies that were asked for.
    pub fn remedies(&self) -> &Settings {
        &self.gradients.config.remedies
    }

    /// What is selected in the figures.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// k.
    pub fn power(&self) -> u64 {
        self.view.power
    }
}
