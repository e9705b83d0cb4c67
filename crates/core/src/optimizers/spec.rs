//! What every optimiser of the registry is: a step, and the data that menus and settings are made from.
use crate::network::Weights;
use crate::param::{ParamSpec, Settings};
use crate::real::Real;

/// What turns gradients into updates, step after step.
pub trait Optimizer<R: Real> {
    /// One step: w ← w + u.
    ///
    /// # Panics
    /// If the weights or the gradient have other shapes than those that the optimiser was made for.
    fn step(&mut self, weights: &mut Weights<R>, gradient: &Weights<R>, learning_rate: f64);

    /// u of the last step; zeros before the first. Its size is [`Weights::log10_global_norm`].
    fn update(&self) -> &Weights<R>;
}

/// Makes an optimiser from settings, for weights of the shapes that are given.
pub type Build<R> = fn(&Settings, &Weights<R>) -> Box<dyn Optimizer<R>>;

/// An optimiser, as data.
pub struct OptimizerSpec {
    /// The name in addresses and on the command line: the file's.
    pub slug: &'static str,
    /// The name in menus.
    pub title: &'static str,
    /// The update as an equation in Unicode: g is the gradient, w the weight, η the learning rate.
    pub equation: &'static str,
    /// Paper, and PyTorch's name.
    pub source: &'static str,
    /// What it does with the gradient, in a sentence or two.
    pub help: &'static str,
    /// Its parameters; several optimisers may share one.
    pub params: &'static [&'static ParamSpec],
    /// Makes it in f32.
    pub single: Build<f32>,
    /// Makes it in f64.
    pub double: Build<f64>,
}

impl std::fmt::Debug for OptimizerSpec {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.slug)
    }
}

impl PartialEq for OptimizerSpec {
    fn eq(&self, other: &Self) -> bool {
        self.slug == other.slug
    }
}
