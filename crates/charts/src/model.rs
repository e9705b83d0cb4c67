//! What the figures show: results of core's studies, each computed when first asked for and kept while its own
//! configuration stays the same.
use std::cell::OnceCell;
use vanishing_core::studies::{alignment, gradients, powers};

/// The configuration of every study, and what is selected in the figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Configs {
    /// Of [`Model::powers`].
    pub powers: powers::PowersConfig,
    /// Of [`Model::alignment`].
    pub alignment: alignment::AlignmentConfig,
    /// Of [`Model::gradients`].
    pub gradients: gradients::GradientConfig,
    /// k, marked in every figure over k.
    pub power: usize,
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

    fn get(&self, run: fn(&C) -> R) -> &R {
        self.result.get_or_init(|| run(&self.config))
    }
}

/// The studies of the page.
pub struct Model {
    powers: Kept<powers::PowersConfig, powers::Powers>,
    alignment: Kept<alignment::AlignmentConfig, alignment::AlignmentStudy>,
    gradients: Kept<gradients::GradientConfig, gradients::GradientStudy>,
    power: usize,
}

impl Model {
    /// Nothing is computed yet.
    pub fn new(configs: Configs) -> Self {
        Self {
            powers: Kept::new(configs.powers),
            alignment: Kept::new(configs.alignment),
            gradients: Kept::new(configs.gradients),
            power: configs.power,
        }
    }

    /// Takes new configurations; results of unchanged ones are kept.
    pub fn configure(&mut self, configs: Configs) {
        self.powers.set(configs.powers);
        self.alignment.set(configs.alignment);
        self.gradients.set(configs.gradients);
        self.power = configs.power;
    }

    /// The eigenvalues of M^k.
    pub fn powers(&self) -> &powers::Powers {
        self.powers.get(powers::run)
    }

    /// The angle between M^k x and v_1.
    pub fn alignment(&self) -> &alignment::AlignmentStudy {
        self.alignment.get(alignment::run)
    }

    /// What its alignment was asked for.
    pub fn alignment_config(&self) -> &alignment::AlignmentConfig {
        &self.alignment.config
    }

    /// The gradients of a network whose recurrent matrix is M.
    pub fn gradients(&self) -> &gradients::GradientStudy {
        self.gradients.get(gradients::run)
    }

    /// What its gradients were asked for.
    pub fn gradients_config(&self) -> &gradients::GradientConfig {
        &self.gradients.config
    }

    /// k.
    pub fn power(&self) -> usize {
        self.power
    }
}
